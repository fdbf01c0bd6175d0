//! Causes that lie in the application's registration.

use super::row::{Row, at_server, certain, less_sure, likely, lost, named_by_code, on_page, sibling, told_to_app};
use crate::support::{APP, CONTOSO, FABRIKAM, OTHER_APP, capture};

pub(crate) fn rows() -> Vec<Row> {
    let unknown = || on_page(700016, "No such application here.");
    let cut_off = || {
        let told = capture().keeping_fragments().redirect(|r| r.fails(700016, "No such application here."));
        told.without("redirect/authorize")
    };
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("app-disabled", 7000112, "The application is switched off."),
            ("client-id-not-valid", 90112, "That is no id."),
            ("user-not-assigned", 50105, "The person is not on the list."),
            ("client-id-not-valid", 700038, "That is a placeholder."),
        ],
    );
    let without_role = || at_server(501051, "The program holds no role.");
    rows.extend([
        likely("app-role-not-assigned", "the service says AADSTS501051", without_role()),
        sibling("app-role-not-assigned", "wrong-application-id", "another application was expected", without_role())
            .expecting(CONTOSO, OTHER_APP.client_id),
        certain("app-not-in-tenant", "tenant and application are the expected ones", unknown()).expecting(CONTOSO, APP.client_id),
        less_sure("app-not-in-tenant", "nothing is expected", unknown()),
        sibling("app-not-in-tenant", "wrong-tenant-asked", "another tenant was expected", unknown()).expecting(FABRIKAM, APP.client_id),
        certain("wrong-tenant-asked", "another tenant was expected", unknown()).expecting(FABRIKAM, APP.client_id),
        sibling("wrong-tenant-asked", "app-not-in-tenant", "the tenant is the expected one", unknown()).expecting(CONTOSO, APP.client_id),
        lost("wrong-tenant-asked", "the request is not in the capture", cut_off()).expecting(FABRIKAM, APP.client_id),
        certain("wrong-application-id", "another application was expected", unknown()).expecting(CONTOSO, OTHER_APP.client_id),
        sibling("wrong-application-id", "app-not-in-tenant", "the application is the expected one", unknown())
            .expecting(CONTOSO, APP.client_id),
        lost("wrong-application-id", "the request is not in the capture", cut_off()).expecting(CONTOSO, OTHER_APP.client_id),
        sibling("app-disabled", "app-not-in-tenant", "the service says AADSTS70001", told_to_app(70001, "Unknown or switched off.")),
        likely("app-not-in-tenant", "the service says AADSTS7000229", told_to_app(7000229, "No service principal.")),
        likely("app-not-in-tenant", "the service says AADSTS70001", told_to_app(70001, "Unknown or switched off.")),
    ]);
    rows
}
