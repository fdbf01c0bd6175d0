//! Causes that lie in what the application asks for.

use super::row::{Row, certain, less_sure, likely, named_by_code, sibling, told_to_app};
use crate::support::{CONTOSO, Entry, FABRIKAM, capture};

pub(crate) fn rows() -> Vec<Row> {
    let no_such_api = || told_to_app(500011, "No such API here.");
    let undeclared = || told_to_app(65005, "The declared permissions do not cover this.");
    let off_or_gone = || told_to_app(50001, "Unknown or switched off.");
    let no_scope = || told_to_app(70011, "That is no scope.");
    let of_two_apis = |code| {
        let scopes = "https://graph.microsoft.com/User.Read https://vault.azure.net/user_impersonation";
        capture().keeping_fragments().redirect(move |r| r.param("scope", scopes).fails(code, "Too many."))
    };
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("consent-missing", 65001, "Nobody has agreed."),
            ("admin-consent-required", 90094, "An administrator has to agree."),
            ("risky-app-needs-admin", 900941, "The application counts as risky."),
            ("consent-declined", 65004, "The person said no."),
            ("resource-disabled", 500014, "The API is switched off."),
            ("resource-not-declared", 650057, "The API was never declared."),
            ("scope-not-on-resource", 650053, "The API has no such scope."),
            ("scope-invalid", 28003, "The scope is empty."),
            ("scopes-of-several-resources", 700022, "Scopes of two APIs."),
        ],
    );
    let as_itself = |scope: &'static str| capture().client_credentials(move |t| t.param("scope", scope).fails(1002012, "Not this scope."));
    rows.extend([
        certain("scope-without-default", "a program asks for a single permission", as_itself("https://graph.microsoft.com/User.Read")),
        less_sure(
            "scope-without-default",
            "what it asks for is lost",
            as_itself("https://graph.microsoft.com/User.Read").edit("server/token", Entry::losing_request_body),
        ),
        sibling("scope-without-default", "scope-invalid", "the resource is none", as_itself("api://undefined/.default")),
        sibling("consent-missing", "resource-not-declared", "the service says AADSTS65005", undeclared()),
        likely("resource-not-declared", "the service says AADSTS65005", undeclared()),
        sibling("admin-consent-required", "consent-missing", "the service says AADSTS65001", told_to_app(65001, "Nobody has agreed.")),
        certain("resource-not-in-tenant", "the tenant is the expected one", no_such_api()).expecting(CONTOSO, ""),
        less_sure("resource-not-in-tenant", "nothing is expected", no_such_api()),
        sibling("resource-not-in-tenant", "wrong-tenant-asked", "another tenant was expected", no_such_api()).expecting(FABRIKAM, ""),
        sibling("resource-disabled", "resource-not-in-tenant", "the service says AADSTS50001", off_or_gone()),
        sibling("scope-not-on-resource", "scope-invalid", "the service says AADSTS70011", no_scope()),
        likely("scope-invalid", "the service says AADSTS70011", no_scope()),
        certain("scopes-of-several-resources", "the request asks two APIs", of_two_apis(70011)),
        less_sure("scopes-of-several-resources", "the request is not in the capture", of_two_apis(700022).without("redirect/authorize")),
        sibling("scope-invalid", "scopes-of-several-resources", "the request asks two APIs", of_two_apis(70011)),
        sibling("scopes-of-several-resources", "scope-invalid", "the service says AADSTS70011", no_scope()),
    ]);
    rows
}
