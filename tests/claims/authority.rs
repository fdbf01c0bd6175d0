//! Whether the authority of the request makes sense.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{CONTOSO, Entry, capture, get};
use serde_json::json;

const PATH: &str = "request.url.path";

fn metadata(cloud: &str) -> Entry {
    let address = format!("https://login.microsoftonline.com/{CONTOSO}/v2.0/.well-known/openid-configuration");
    get(address).kind("fetch").json(&json!({"issuer": "https://issuer.example", "cloud_instance_name": cloud}))
}

pub(crate) fn cases() -> Vec<Case> {
    let asks = |tenant: &'static str| capture().silent_frame(move |r| r.tenant(tenant));
    let at_host = |host: &'static str| capture().silent_frame(move |r| r.host(host));
    vec![
        seen(
            "authority.placeholder",
            "a variable was never set",
            capture().redirect(|r| r.tenant("undefined").fails_on_a_page(90002, "Tenant 'undefined' not found.")),
            [at("redirect/authorize", PATH).shows("undefined")],
        ),
        seen(
            "authority.placeholder",
            "a template was never filled in",
            asks("{tenantId}"),
            [at("silent/authorize", PATH).shows("{tenantId}")],
        ),
        not_seen("authority.placeholder", "the tenant is an id", asks(CONTOSO), [at("silent/authorize", PATH)]),
        not_seen("authority.placeholder", "the tenant is a domain", asks("contoso.example"), [at("silent/authorize", PATH)]),
        not_recorded("authority.placeholder", "no request with a tenant is in the capture", only_the_callback(), "names no tenant"),
        seen("authority.any-tenant", "the tenant is common", asks("common"), [at("silent/authorize", PATH).shows("common")]),
        not_seen("authority.any-tenant", "the tenant is an id", asks(CONTOSO), [at("silent/authorize", PATH)]),
        not_recorded("authority.any-tenant", "no request with a tenant is in the capture", only_the_callback(), "names no tenant"),
        seen("authority.of-user-name", "the tenant is common", asks("common"), [at("silent/authorize", PATH).shows("common")]),
        not_seen("authority.of-user-name", "the tenant is that of personal accounts", asks("consumers"), [at("silent/authorize", PATH)]),
        not_seen("authority.of-user-name", "the tenant is an id", asks(CONTOSO), [at("silent/authorize", PATH)]),
        not_recorded("authority.of-user-name", "no request with a tenant is in the capture", only_the_callback(), "names no tenant"),
        seen(
            "authority.for-customers",
            "the host is one of B2C",
            at_host("contoso.b2clogin.com"),
            [at("silent/authorize", "request.url")],
        ),
        not_seen(
            "authority.for-customers",
            "the host is that for work accounts",
            at_host("login.microsoftonline.com"),
            [at("silent/authorize", "request.url.host")],
        ),
        not_recorded("authority.for-customers", "the host is the customer's own", at_host("login.contoso.example"), "none of Microsoft's"),
        seen(
            "authority.national-cloud",
            "the host is of the cloud for the US government",
            at_host("login.microsoftonline.us"),
            [at("silent/authorize", "request.url")],
        ),
        not_seen(
            "authority.national-cloud",
            "the host is the worldwide one",
            at_host("login.microsoftonline.com"),
            [at("silent/authorize", "request.url.host")],
        ),
        not_recorded("authority.national-cloud", "the host is the customer's own", at_host("login.contoso.example"), "no known cloud"),
        seen(
            "authority.other-cloud",
            "the tenant's metadata names the cloud for the US government",
            capture().exchange("metadata", metadata("microsoftonline.us")).silent_frame(|r| r),
            [at("metadata", "request.url")],
        ),
        not_seen(
            "authority.other-cloud",
            "the tenant's metadata names the worldwide cloud",
            capture().exchange("metadata", metadata("microsoftonline.com")).silent_frame(|r| r),
            [at("metadata", "response.body.cloud_instance_name")],
        ),
        not_recorded("authority.other-cloud", "the metadata was fetched before", asks(CONTOSO), "metadata is not in the capture"),
        seen(
            "authority.resource-of-other-cloud",
            "an API of the cloud in China is asked for at the worldwide host",
            capture().silent_frame(|r| r.param("scope", "https://microsoftgraph.chinacloudapi.cn/files.read openid")),
            [at("silent/authorize", "request.url.query.scope").shows("chinacloudapi.cn")],
        ),
        not_seen(
            "authority.resource-of-other-cloud",
            "the host is that cloud's own",
            capture().silent_frame(|r| r.host("login.microsoftonline.us").param("scope", "https://graph.microsoft.us/.default")),
            [at("silent/authorize", "request.url.query.scope")],
        ),
        not_recorded("authority.resource-of-other-cloud", "no request is in the capture", only_the_callback(), "names no tenant"),
        seen(
            "authority.other-cloud-visited",
            "a sign-in began at another cloud's host before",
            capture()
                .exchange("before", get("https://login.partner.microsoftonline.cn/common/oauth2/v2.0/authorize?client_id=a"))
                .silent_frame(|r| r),
            [at("before", "request.url")],
        ),
        not_seen(
            "authority.other-cloud-visited",
            "nobody was at another cloud's host",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded("authority.other-cloud-visited", "no request is in the capture", only_the_callback(), "names no tenant"),
    ]
}
