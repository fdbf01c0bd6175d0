//! Causes that lie in the tenant that is asked, and in what it allows.

use super::row::{Row, certain, less_sure, likely, lost, named_by_code, neighbour, on_page, sibling};
use crate::support::wire::{navigate, with};
use crate::support::{APP, CONTOSO, CaptureBuilder, FABRIKAM, OTHER_APP, capture};

/// The service refuses what is asked of this tenant.
fn asked(tenant: &'static str, code: u32) -> CaptureBuilder {
    capture().keeping_fragments().redirect(move |r| r.tenant(tenant).fails(code, "Which tenant?"))
}

/// The same, of which only what the application received is in the capture.
fn cut_off(tenant: &'static str, code: u32) -> CaptureBuilder {
    asked(tenant, code).without("redirect/authorize")
}

/// The Microsoft account service refuses an application that asks it.
fn unknown_to_microsoft_accounts() -> CaptureBuilder {
    let asked = [("client_id", APP.client_id), ("redirect_uri", "https://app.example/"), ("response_type", "code")];
    let told = [("error", "unauthorized_client"), ("error_description", "The client does not exist or is not enabled for consumers.")];
    let led = with("https://login.live.com/err.srf", '#', &told);
    capture().exchange("refused", navigate("https://login.live.com/oauth20_authorize.srf", &asked).redirect(led))
}

pub(crate) fn rows() -> Vec<Row> {
    let of_government = |host: &'static str| capture().redirect(move |r| r.host(host).fails(900439, "Ask the other cloud."));
    let behind_proxy = || {
        let refused = capture().client_credentials(|t| t.fails(500021, "The network does not allow this tenant."));
        refused.edit("server/token", |entry| entry.header("restrict-access-to-tenants", "contoso.example"))
    };
    let mut rows = named_by_code(
        on_page,
        &[
            ("tenant-not-found", 90002, "No such tenant."),
            ("app-for-personal-accounts-only", 9002346, "Personal accounts only."),
            ("app-for-work-accounts-only", 9002332, "Work accounts only."),
            ("account-type-not-allowed", 500208, "Not this kind of account."),
            ("home-tenant-blocks-outbound", 500212, "Home does not let it out."),
            ("resource-tenant-blocks-inbound", 500213, "This tenant does not let it in."),
            ("tenant-restrictions-block", 5000211, "A policy does not allow this tenant."),
            ("guest-device-claims-not-trusted", 530004, "The guest's device is not trusted."),
            ("tenant-restrictions-block", 500021, "The network does not allow this tenant."),
            ("wrong-cloud-host", 90038, "The tenant lives in another cloud."),
            ("tenant-restrictions-block", 50002, "The proxy does not allow this tenant."),
        ],
    );
    rows.extend([
        sibling(
            "app-for-work-accounts-only",
            "wrong-application-id",
            "the Microsoft account service does not know an application, and another was expected",
            unknown_to_microsoft_accounts(),
        )
        .expecting(CONTOSO, OTHER_APP.client_id),
        sibling("tenant-not-found", "authority-not-filled-in", "a variable was never set", asked("undefined", 90002)),
        certain("authority-not-filled-in", "a variable was never set", asked("undefined", 90002)),
        certain("authority-not-filled-in", "a template was never filled in", asked("{tenantId}", 900023)),
        sibling("authority-not-filled-in", "tenant-not-found", "the tenant is a domain", asked("contoso.example", 90002)),
        lost("authority-not-filled-in", "the request is not in the capture", cut_off("undefined", 90002)),
        certain("tenant-not-named", "any tenant is asked", asked("common", 50059)),
        less_sure("tenant-not-named", "the request is not in the capture", cut_off("common", 50059)),
        sibling("tenant-not-named", "authority-not-filled-in", "a template was never filled in", asked("{tenantId}", 50059)),
        certain("wrong-cloud-host", "the worldwide cloud is asked", of_government("login.microsoftonline.com")),
        less_sure("wrong-cloud-host", "the host is the customer's own", of_government("login.contoso.example")),
        sibling("wrong-cloud-host", "tenant-not-found", "the tenant is nowhere", asked("contoso.example", 90002)),
        certain("single-tenant-app-elsewhere", "any tenant is asked", asked("common", 50194)),
        less_sure("single-tenant-app-elsewhere", "the request is not in the capture", cut_off("common", 50194)),
        sibling("single-tenant-app-elsewhere", "wrong-tenant-asked", "another tenant was expected", on_page(650059, "Not for this tenant."))
            .expecting(FABRIKAM, APP.client_id),
        certain("app-for-work-accounts-only", "personal accounts are asked", asked("consumers", 9002332)),
        less_sure("app-for-work-accounts-only", "the request is not in the capture", cut_off("consumers", 9002332)),
        certain("tenant-restrictions-block", "the proxy's header is in the capture", behind_proxy()),
        less_sure(
            "tenant-restrictions-block",
            "the browser does not see what the proxy adds",
            behind_proxy().edit("server/token", |entry| entry.without_header("restrict-access-to-tenants").header("sec-fetch-dest", "empty")),
        ),
        neighbour("single-tenant-app-elsewhere", "wrong-cloud-host", "the tenant lives in another cloud", asked("common", 90038)),
        likely("app-for-personal-accounts-only", "the service says AADSTS9002331", asked("common", 9002331)),
    ]);
    rows
}
