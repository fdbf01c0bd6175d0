//! Microsoft's clouds: worldwide (with GCC), US Government (GCC High, DoD), 21Vianet, the sovereign ones; and what goes
//! wrong between them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use serde_json::json;
use support::wire::{navigate, page, program, refused_by_redirect, refused_in_json, served, with};
use support::{ADA, APP, CONTOSO, CaptureBuilder, Entry, Window, capture, get};
use told::{Failure, analysis, failing, healthy};

const ATTEMPT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const WORLDWIDE: &str = "login.microsoftonline.com";
const GOVERNMENT: &str = "login.microsoftonline.us";
const CHINA: &str = "login.partner.microsoftonline.cn";

/// The sign-in hosts of every cloud that is served today.
const HOSTS: &[&str] = &[
    WORLDWIDE,
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
    GOVERNMENT,
    "login.usgovcloudapi.net",
    CHINA,
    "login.chinacloudapi.cn",
    "login.sovcloud-identity.fr",
    "login.sovcloud-identity.de",
    "login.sovcloud-identity.sg",
];

#[test]
fn sign_ins_at_every_clouds_host() {
    for host in HOSTS {
        let capture = capture().sign_in(|s| s.request(|r| r.host(host)));
        healthy(&capture, &[ATTEMPT]);
        healthy(&capture.sanitized(), &[ATTEMPT]);
    }
}

#[test]
fn failures_at_every_clouds_host() {
    for host in HOSTS {
        let refused = capture().redirect(|r| r.host(host).fails_on_a_page(50105, "The signed in user is not assigned to a role."));
        failing(&refused, &Failure { code: "AADSTS50105", cause: "user-not-assigned", at: "redirect/authorize", attempt: ATTEMPT });
    }
}

#[test]
fn servers_at_every_clouds_host() {
    for host in HOSTS {
        healthy(&capture().client_credentials(|t| t.host(host).succeeds()), &[("server-side", CONTOSO, APP.client_id)]);
    }
}

#[test]
fn b2c_and_external_id_of_the_national_clouds() {
    for host in ["contoso.b2clogin.us", "contoso.b2clogin.cn", "contoso.ciamlogin.us"] {
        let code = with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]);
        let params = [
            ("client_id", APP.client_id),
            ("response_type", "code"),
            ("redirect_uri", "https://app.example/cb"),
            ("state", "h7Qx2mVb9Lw4e"),
        ];
        let request = navigate(&format!("https://{host}/{CONTOSO}/oauth2/v2.0/authorize"), &params);
        healthy(&capture().exchange("authorize", served(request.redirect(code))), &[ATTEMPT]);
    }
}

/// The closed German cloud does not answer any more.
#[test]
fn the_german_cloud_is_closed() {
    let gone = capture().redirect(|r| r.host("login.microsoftonline.de").gets_no_answer("net::ERR_NAME_NOT_RESOLVED"));
    let told = failing(&gone, &Failure { code: "", cause: "sign-in-host-unreachable", at: "redirect/authorize", attempt: ATTEMPT });
    assert_eq!(told.diagnoses[0].symptom.map(|symptom| symptom.id()), Some("no-answer"));
}

/// What the tenant's metadata says, asked at a host.
fn metadata(asked: &str, told: &str, region: &str) -> Entry {
    served(
        get(format!("https://{asked}/{CONTOSO}/v2.0/.well-known/openid-configuration")).in_window(Window::Script, "cross-site").json(&json!({
            "issuer": format!("https://{told}/{CONTOSO}/v2.0"), "tenant_region_scope": region,
            "cloud_instance_name": told.trim_start_matches("login."), "authorization_endpoint": format!("https://{told}/{CONTOSO}/oauth2/v2.0/authorize"),
        })),
    )
}

fn refused(code: u32) -> impl FnOnce(support::Authorize) -> support::Authorize {
    move |r| r.fails_on_a_page(code, "This request is not served here.")
}

fn wrong_cloud<'a>(code: &'a str, at: &'a str) -> Failure<'a> {
    Failure { code, cause: "wrong-cloud-host", at, attempt: ATTEMPT }
}

#[test]
fn codes_that_say_themselves_that_the_cloud_is_another() {
    for code in [900382, 900432, 900439, 90038] {
        let name = format!("AADSTS{code}");
        failing(&capture().redirect(refused(code)), &wrong_cloud(&name, "redirect/authorize"));
    }
    let server = refused_in_json(
        program(
            &format!("https://{WORLDWIDE}/{CONTOSO}/oauth2/v2.0/token"),
            &[("client_id", APP.client_id), ("grant_type", "client_credentials"), ("client_secret", "s")],
        ),
        "invalid_request",
        900382,
        "Confidential Client is not supported in Cross Cloud request.",
    );
    let attempt = ("server-side", CONTOSO, APP.client_id);
    failing(&capture().exchange("token", server), &Failure { code: "AADSTS900382", cause: "wrong-cloud-host", at: "token", attempt });
}

#[test]
fn the_tenants_own_metadata_tells_another_cloud() {
    for (code, name) in [(90002, "AADSTS90002"), (700016, "AADSTS700016"), (50194, "AADSTS50194"), (90072, "AADSTS90072")] {
        for (told, region) in [(GOVERNMENT, "USGov"), (CHINA, "CN")] {
            let capture = capture().exchange("metadata", metadata(WORLDWIDE, told, region)).redirect(refused(code));
            let told = failing(&capture, &wrong_cloud(name, "redirect/authorize"));
            assert_eq!(told.diagnoses[0].causes[0].confidence.name(), "certain", "{name}");
        }
        // A tenant of the worldwide cloud, asked at the Government's host.
        let capture = capture().exchange("metadata", metadata(GOVERNMENT, WORLDWIDE, "NA")).redirect(|r| refused(code)(r).host(GOVERNMENT));
        failing(&capture, &wrong_cloud(name, "redirect/authorize"));
    }
}

/// GCC lives in the worldwide cloud, whatever its region is called.
#[test]
fn a_gcc_tenant_is_at_home_in_the_worldwide_cloud() {
    let capture = capture().exchange("metadata", metadata(WORLDWIDE, WORLDWIDE, "NA")).redirect(refused(700016));
    failing(&capture, &Failure { code: "AADSTS700016", cause: "app-not-in-tenant", at: "redirect/authorize", attempt: ATTEMPT });
}

/// 90002 and its like in the metadata itself: the tenant is not here.
fn not_found(host: &str) -> Entry {
    let request = get(format!("https://{host}/{CONTOSO}/v2.0/.well-known/openid-configuration")).in_window(Window::Script, "cross-site");
    refused_in_json(request, "invalid_tenant", 90002, "Tenant 'c0c0c0c0-0000-4000-8000-000000000001' not found.")
}

#[test]
fn another_host_of_the_capture_knows_the_tenant() {
    let known = capture().exchange("known", metadata(GOVERNMENT, GOVERNMENT, "USGov")).redirect(refused(90002));
    failing(&known, &wrong_cloud("AADSTS90002", "redirect/authorize"));
    let signed_in = capture().sign_in(|s| s.request(|r| r.host(CHINA))).exchange("unknown", not_found(WORLDWIDE));
    failing(&signed_in, &Failure { attempt: ("redirect", CONTOSO, ""), ..wrong_cloud("AADSTS90002", "unknown") });
}

#[test]
fn a_tenant_that_no_host_of_the_capture_knows() {
    let nowhere = capture().exchange("unknown", not_found(WORLDWIDE));
    let told =
        failing(&nowhere, &Failure { code: "AADSTS90002", cause: "tenant-not-found", at: "unknown", attempt: ("redirect", CONTOSO, "") });
    let causes: Vec<(&str, &str)> = told.diagnoses[0].causes.iter().map(|cause| (cause.id.as_str(), cause.confidence.name())).collect();
    assert!(causes.contains(&("wrong-cloud-host", "possible")), "{causes:?}");
}

#[test]
fn the_reply_names_the_cloud_at_which_the_code_is_good() {
    let back = with(
        "https://app.example/",
        '#',
        &[
            ("code", "1.code-1"),
            ("state", "h7Qx2mVb9Lw4e"),
            ("cloud_instance_name", "microsoftonline.us"),
            ("cloud_instance_host_name", GOVERNMENT),
        ],
    );
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/"),
        ("response_mode", "fragment"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("instance_aware", "true"),
    ];
    let request = navigate(&format!("https://{WORLDWIDE}/{CONTOSO}/oauth2/v2.0/authorize"), &params);
    let begun = || capture().exchange("authorize", served(request.clone().redirect(&*back))).exchange("callback", navigate(&back, &[]));
    let form = [("client_id", APP.client_id), ("grant_type", "authorization_code"), ("code", "1.code-1")];
    let token = |host: &str| program(&format!("https://{host}/{CONTOSO}/oauth2/v2.0/token"), &form);
    let tokens = json!({"token_type": "Bearer", "access_token": "opaque"});
    healthy(&begun().exchange("token", served(token(GOVERNMENT).json(&tokens))), &[ATTEMPT]);
    let refused =
        refused_in_json(token(WORLDWIDE), "invalid_grant", 900432, "Confidential Client is not supported in Cross Cloud request.");
    let told = failing(&begun().exchange("token", refused), &wrong_cloud("AADSTS900432", "token"));
    let claims: Vec<&str> = told.diagnoses[0].causes[0].supporting.iter().map(|finding| finding.claim).collect();
    assert!(claims.contains(&"authority.other-cloud"), "{claims:?}");
}

/// A token of one cloud, sent to an API of another.
fn called(token_from: &str, api: &str) -> CaptureBuilder {
    let host = token_from.to_owned();
    let header = r#"Bearer error="invalid_token", error_description="The token is not valid here.""#;
    capture().sign_in(move |s| s.request(|r| r.host(&host))).api_call(|call| call.url(&format!("https://{api}/v1.0/me")).challenges(header))
}

#[test]
fn a_token_of_one_cloud_at_an_api_of_another() {
    let attempt = ("api-call", CONTOSO, APP.client_id);
    for (token_from, api) in [
        (GOVERNMENT, "graph.microsoft.com"),
        (WORLDWIDE, "graph.microsoft.us"),
        (WORLDWIDE, "dod-graph.microsoft.us"),
        (WORLDWIDE, "microsoftgraph.chinacloudapi.cn"),
        (CHINA, "management.azure.com"),
        (GOVERNMENT, "management.chinacloudapi.cn"),
    ] {
        failing(&called(token_from, api), &Failure { code: "", cause: "token-of-other-cloud", at: "api/call", attempt });
    }
}

#[test]
fn a_token_at_an_api_of_its_own_cloud_is_refused_for_something_else() {
    for (token_from, api) in [(GOVERNMENT, "graph.microsoft.us"), (WORLDWIDE, "graph.microsoft.com"), (WORLDWIDE, "api.example")] {
        let told = analysis(&called(token_from, api));
        let [diagnosis] = told.diagnoses.as_slice() else { panic!("one failure is told") };
        assert_ne!(diagnosis.causes[0].id, "token-of-other-cloud", "{token_from} {api}");
    }
}

/// Libraries ask whether the host of their authority is one of Microsoft's, and are told no.
#[test]
fn instance_discovery_with_a_wrong_authority() {
    let query = [("api-version", "1.1"), ("authorization_endpoint", "https://login.contoso.example/contoso.example/oauth2/v2.0/authorize")];
    let request = get(with(&format!("https://{WORLDWIDE}/common/discovery/instance"), '?', &query)).in_window(Window::Script, "cross-site");
    let refused = refused_in_json(request.clone(), "invalid_instance", 50049, "Unknown or invalid instance.");
    let told = failing(
        &capture().exchange("discovery", refused),
        &Failure { code: "AADSTS50049", cause: "not-modelled", at: "discovery", attempt: ("redirect", "common", "") },
    );
    assert_eq!(told.diagnoses[0].error, Some("invalid_instance"));
    let known =
        json!({"tenant_discovery_endpoint": "https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration"});
    healthy(&capture().exchange("discovery", served(request.json(&known))).sign_in(|s| s), &[ATTEMPT]);
}

/// Sessions are kept host by host: somebody signed in to the Government's cloud is nobody to the worldwide one.
#[test]
fn a_session_of_one_cloud_is_none_in_another() {
    let capture = capture().sign_in(|s| s.request(|r| r.host(GOVERNMENT))).silent_frame(|r| r);
    let told = analysis(&capture);
    let causes: Vec<&str> = told.diagnoses.iter().map(|told| told.causes[0].id.as_str()).collect();
    assert_eq!(causes, ["no-session"]);
}

/// The page of an unknown cloud names the service by its headers alone.
#[test]
fn a_cloud_that_nobody_has_heard_of_yet() {
    let code = with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]);
    let params =
        [("client_id", APP.client_id), ("response_type", "code"), ("redirect_uri", "https://app.example/cb"), ("state", "h7Qx2mVb9Lw4e")];
    let request = || navigate(&format!("https://login.newcloud.example/{CONTOSO}/oauth2/v2.0/authorize"), &params);
    healthy(&capture().exchange("authorize", served(request().redirect(code))), &[ATTEMPT]);
    let refused =
        refused_by_redirect(request(), "https://app.example/cb", '?', "access_denied", 65004, "User declined to consent.", "h7Qx2mVb9Lw4e");
    failing(
        &capture().exchange("authorize", refused),
        &Failure { code: "AADSTS65004", cause: "consent-declined", at: "authorize", attempt: ATTEMPT },
    );
    let page = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sPOST_Username": ADA.name}));
    let told = analysis(&capture().exchange("authorize", served(request().html(page))));
    assert_eq!((told.verdict.name(), told.attempts.len()), ("inconclusive", 1));
}
