//! Tenants, clouds, applications and APIs that are not what was meant. Rows 62 to 75.

use super::case::{Case, case};
use crate::support::{Authorize, CaptureBuilder, FABRIKAM, Window, capture, get};
use entrace::diagnosis::Confidence::{Certain, Likely};

const PERSONAL: &str = "User account 'grace@outlook.example' from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot access \
                        the application 'a0a0a0a0-0000-4000-8000-000000000001'(Desk) in that tenant.";
const AT_SERVICES: &str = "User account 'grace@outlook.example' from identity provider 'live.com' does not exist in tenant 'Microsoft Services' and \
                           cannot access the application 'a0a0a0a0-0000-4000-8000-000000000001'(Microsoft Azure) in that tenant.";
const OF_OTHER_DIRECTORY: &str = "User account 'ada@contoso.example' from identity provider 'https://sts.windows.net/c0c0c0c0-0000-4000-8000-000000000001/' \
                                  does not exist in tenant 'Fabrikam' and cannot access the application in that tenant.";
const UNKNOWN_APP: &str = "Application with identifier 'a0a0a0a0-0000-4000-8000-000000000001' was not found in the directory 'Fabrikam'.";
const SINGLE_TENANT: &str = "Application 'a0a0a0a0-0000-4000-8000-000000000001'(Desk) is not configured as a multi-tenant application.";

fn on_page(change: impl FnOnce(Authorize) -> Authorize, code: u32, text: &str) -> CaptureBuilder {
    capture().redirect(|r| change(r).fails_on_a_page(code, text))
}

fn common(request: Authorize) -> Authorize {
    request.tenant("common")
}

fn same(request: Authorize) -> Authorize {
    request
}

fn unknown_resource(scope: &'static str) -> CaptureBuilder {
    let text = "The resource principal named was not found in the tenant named Contoso.";
    capture().redirect(move |r| r.param("scope", scope).fails(500011, text).error("invalid_resource"))
}

pub(crate) fn cases() -> Vec<Case> {
    let chinese_graph = |r: Authorize| common(r).param("scope", "https://microsoftgraph.chinacloudapi.cn/files.readwrite.all offline_access");
    let chinese_page = get("https://login.partner.microsoftonline.cn/common/oauth2/v2.0/authorize?client_id=a").in_window(Window::Page, "cross-site");
    let chinese_page = chinese_page.html("<html></html>");
    vec![
        case(62, "a personal account at an application of one tenant", on_page(same, 50020, PERSONAL))
            .finds("AADSTS50020", "account-not-in-tenant", Certain)
            .says("named-account.personal"),
        case(63, "a personal account where only work accounts can go", on_page(common, 50020, AT_SERVICES))
            .unresolved("AADSTS50020")
            .lists("account-not-in-tenant")
            .settled_by(&["account", "tenant"]),
        case(
            64,
            "an account of another directory, told by the token endpoint",
            capture().refresh(|t| t.tenant(FABRIKAM).fails(90072, OF_OTHER_DIRECTORY).error("interaction_required")),
        )
        .finds("AADSTS90072", "account-not-in-tenant", Certain)
        .says("named-account.of-other-directory"),
        case(65, "the application is registered in another tenant", on_page(|r| r.tenant(FABRIKAM), 700016, UNKNOWN_APP))
            .finds("AADSTS700016", "app-not-in-tenant", Likely),
        case(
            66,
            "a typing error in the entity id",
            capture().saml(|s| s.fails(700016, "Application with identifier 'https://app.example./saml2' was not found in the directory 'Contoso'.")),
        )
        .finds("AADSTS700016", "app-not-in-tenant", Likely)
        .advises("entity id"),
        case(67, "the application was deleted", on_page(same, 700016, UNKNOWN_APP))
            .finds("AADSTS700016", "app-not-in-tenant", Likely)
            .advises("deleted registration"),
        case(68, "common, for an application of one tenant", on_page(common, 50194, SINGLE_TENANT))
            .finds("AADSTS50194", "single-tenant-app-elsewhere", Certain)
            .says("authority.any-tenant"),
        case(69, "an account of the cloud in China at the worldwide host, by the API that is asked", on_page(chinese_graph, 50194, SINGLE_TENANT))
            .finds("AADSTS50194", "wrong-cloud-host", Likely)
            .says("authority.resource-of-other-cloud"),
        case(69, "the same, where the person was at the host of the other cloud before", capture().exchange("china", chinese_page).redirect(|r| common(r).fails_on_a_page(50194, SINGLE_TENANT)))
            .unresolved("AADSTS50194")
            .lists("wrong-cloud-host"),
        case(70, "a resource whose scheme stands twice", unknown_resource("https://https://graph.microsoft.com//.default"))
            .finds("AADSTS500011", "resource-not-in-tenant", Likely)
            .says("scope.malformed-resource")
            .advises("doubled https://"),
        case(71, "a resource whose id is empty", unknown_resource("api:///access_as_user openid"))
            .finds("AADSTS500011", "resource-not-in-tenant", Likely)
            .says("scope.malformed-resource")
            .advises("empty id after api://"),
        case(71, "a resource whose id is all zeros", unknown_resource("api://00000000-0000-0000-0000-000000000000/access_as_user"))
            .finds("AADSTS500011", "resource-not-in-tenant", Likely)
            .says("scope.malformed-resource"),
        case(
            72,
            "a customer at the sign-in host for employees",
            on_page(same, 500208, "The domain is not a valid login domain for the account type."),
        )
        .finds("AADSTS500208", "account-type-not-allowed", Likely)
        .advises("ciamlogin.com"),
        case(73, "a tenant of the US Government at the worldwide host", capture().redirect(|r| r.fails(900382, "Confidential Client is not supported in Cross Cloud request.")))
            .finds("AADSTS900382", "wrong-cloud-host", Likely)
            .advises("login.microsoftonline.us"),
        case(74, "the tenant is the word undefined", on_page(|r| r.tenant("undefined"), 900023, "Specified tenant identifier 'undefined' is neither a valid DNS name, nor a valid external domain."))
            .finds("AADSTS900023", "authority-not-filled-in", Certain)
            .says("authority.placeholder"),
        case(
            75,
            "a proxy allows listed tenants only",
            on_page(|r| r.header("restrict-access-to-tenants", "fabrikam.example"), 500021, "Access to 'Contoso' tenant is denied."),
        )
        .finds("AADSTS500021", "tenant-restrictions-block", Certain)
        .says("tenant-restriction.header-sent"),
    ]
}
