//! Azure AD B2C: user journeys, at `b2clogin.com` and under a domain of one's own.

use crate::support::wire::{BLANK, jwt, navigate, with};
use crate::support::{APP, CaptureBuilder, Entry, Window, capture, get, post};
use crate::told::{Failure, failing, handled, healthy};
use serde_json::json;

const TENANT: &str = "contoso.onmicrosoft.com";
const ATTEMPT: (&str, &str, &str) = ("redirect", TENANT, APP.client_id);
const CALLBACK: &str = "https://app.example/cb";

/// The addresses that a policy has.
const AUTHORITIES: [&str; 4] = [
    "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin",
    "https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_signin",
    "https://login.contoso.example/contoso.onmicrosoft.com/B2C_1_signin",
    "https://login.contoso.example/tfp/contoso.onmicrosoft.com/B2C_1A_SIGNIN",
];

fn authorize(authority: &str, state: &str) -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("response_mode", "query"),
        ("scope", "openid offline_access"),
        ("state", state),
        ("nonce", "nVq81LpXe73w"),
    ];
    navigate(&format!("{authority}/oauth2/v2.0/authorize"), &params)
}

/// B2C names itself by its cookies alone.
fn by_b2c(entry: Entry) -> Entry {
    entry
        .reply_header("set-cookie", "x-ms-cpim-csrf=x; path=/; secure; HttpOnly; SameSite=None")
        .reply_header("x-ms-gateway-requestid", "g")
}

fn token(authority: &str) -> Entry {
    let form = [("client_id", APP.client_id), ("grant_type", "authorization_code"), ("code", "b2c-code-1"), ("redirect_uri", CALLBACK)];
    post(format!("{authority}/oauth2/v2.0/token"), &form)
        .in_window(Window::Script, "cross-site")
        .header("origin", APP.origin)
        .reply_header("access-control-allow-origin", "*")
}

fn journey(authority: &str, asserted: &serde_json::Value) -> CaptureBuilder {
    let first = authorize(authority, "h7Qx2mVb9Lw4e");
    let referer = format!("{authority}/oauth2/v2.0/authorize");
    let asserting =
        post(format!("{authority}/SelfAsserted?tx=StateProperties=e30&p=B2C_1_signin"), &[("signInName", "x"), ("password", "y")]);
    let asserting = asserting.in_window(Window::Script, "same-origin").header("referer", referer).json(asserted);
    capture().exchange("authorize", by_b2c(first.html(BLANK))).exchange("asserted", by_b2c(asserting))
}

fn confirmed(capture: CaptureBuilder, authority: &str) -> CaptureBuilder {
    let code = with(CALLBACK, '?', &[("state", "h7Qx2mVb9Lw4e"), ("code", "b2c-code-1")]);
    let confirm = navigate(&format!("{authority}/api/CombinedSigninAndSignup/confirmed"), &[("tx", "StateProperties=e30")]);
    let tokens = json!({"token_type": "Bearer", "id_token": jwt(&json!({"aud": APP.client_id, "tfp": "B2C_1_signin", "sub": "ada0ada0-0000-4000-8000-000000000001"})), "access_token": "opaque"});
    capture
        .exchange("confirmed", by_b2c(confirm.redirect(&*code)))
        .exchange("callback", navigate(&code, &[]))
        .exchange("token", token(authority).json(&tokens))
}

#[test]
fn an_error_that_only_its_state_ties_to_the_request() {
    let authority = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin";
    let begun = capture().exchange("authorize", by_b2c(authorize(authority, "h7Qx2mVb9Lw4e").html(BLANK)));
    let told = [("error", "access_denied"), ("error_description", "AADB2C90091: The user has cancelled."), ("state", "h7Qx2mVb9Lw4e")];
    let leaving = get(format!("{authority}/api/SelfAsserted/error?tx=1")).redirect(with(CALLBACK, '?', &told));
    let cancelled = begun.exchange("cancelled", by_b2c(leaving));
    failing(&cancelled, &Failure { code: "AADB2C90091", cause: "not-modelled", at: "cancelled", attempt: ATTEMPT });
}

#[test]
fn a_journey_at_every_address_that_a_policy_has() {
    for authority in AUTHORITIES {
        let capture = confirmed(journey(authority, &json!({"status": "200"})), authority);
        healthy(&capture, &[ATTEMPT]);
        // The default export holds no cookie, by which a domain of one's own would be known.
        healthy(&capture.sanitized(), &[ATTEMPT]);
    }
}

#[test]
fn the_policy_may_stand_in_the_query() {
    let params = [
        ("p", "B2C_1_signin"),
        ("client_id", APP.client_id),
        ("response_type", "id_token"),
        ("redirect_uri", CALLBACK),
        ("response_mode", "fragment"),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
    ];
    for host in ["contoso.b2clogin.com", "login.contoso.example"] {
        let back = with(
            CALLBACK,
            '#',
            &[
                ("id_token", &jwt(&json!({"aud": APP.client_id, "sub": "ada0ada0-0000-4000-8000-000000000001"}))),
                ("state", "h7Qx2mVb9Lw4e"),
            ],
        );
        let request = navigate(&format!("https://{host}/{TENANT}/oauth2/v2.0/authorize"), &params);
        healthy(&capture().sanitized().exchange("authorize", by_b2c(request.redirect(back))), &[ATTEMPT]);
    }
}

fn refused(authority: &str, code: &str, error: &str, sentence: &str) -> CaptureBuilder {
    let description =
        format!("{code}: {sentence}\r\nCorrelation ID: cccc0000-0000-4000-8000-000000000001\r\nTimestamp: 2026-11-20 14:00:00Z\r\n");
    let params = [("error", error), ("error_description", &*description), ("state", "h7Qx2mVb9Lw4e")];
    capture()
        .sanitized()
        .exchange("authorize", by_b2c(authorize(authority, "h7Qx2mVb9Lw4e").redirect(with(CALLBACK, '?', &params))))
        .exchange("callback", navigate(CALLBACK, &params))
}

#[test]
fn errors_come_back_to_the_application() {
    for authority in AUTHORITIES {
        let capture = refused(authority, "AADB2C90077", "login_required", "User does not have an existing session.");
        let told = failing(&capture, &Failure { code: "AADB2C90077", cause: "undetermined", at: "authorize", attempt: ATTEMPT });
        assert_eq!(told.attempts.len(), 1);
    }
}

#[test]
fn a_forgotten_password_leads_to_the_policy_for_it() {
    let [authority, ..] = AUTHORITIES;
    let forgot = refused(authority, "AADB2C90118", "access_denied", "The user has forgotten their password.");
    failing(&forgot, &Failure { code: "AADB2C90118", cause: "not-modelled", at: "authorize", attempt: ATTEMPT });
    let reset = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_reset";
    let code = with(CALLBACK, '?', &[("code", "b2c-code-2"), ("state", "k3Wn8Tz5Rc1dv")]);
    let works = forgot.exchange("reset", by_b2c(authorize(reset, "k3Wn8Tz5Rc1dv").redirect(&*code))).exchange("done", navigate(&code, &[]));
    handled(&works, &Failure { code: "AADB2C90118", cause: "not-modelled", at: "authorize", attempt: ATTEMPT });
}

#[test]
fn a_page_of_the_journey_refuses_the_password() {
    let [authority, ..] = AUTHORITIES;
    let wrong =
        json!({"status": "400", "errorCode": "AADB2C90225", "message": "The username or password provided in the request are invalid."});
    let failure = Failure { code: "AADB2C90225", cause: "not-modelled", at: "asserted", attempt: ATTEMPT };
    failing(&journey(authority, &wrong), &failure);
    handled(&confirmed(journey(authority, &wrong), authority), &failure);
}

#[test]
fn a_policy_that_does_not_exist() {
    let [authority, ..] = AUTHORITIES;
    let page = "<html><body>AADB2C90068: The provided application with ID 'a0a0a0a0-0000-4000-8000-000000000001' is not valid against this service. Correlation ID: cccc0000-0000-4000-8000-000000000001 Timestamp: 2026-11-20 14:00:00Z</body></html>";
    let capture = capture().exchange("authorize", by_b2c(authorize(authority, "h7Qx2mVb9Lw4e").status(400).html(page)));
    failing(&capture, &Failure { code: "AADB2C90068", cause: "not-modelled", at: "authorize", attempt: ATTEMPT });
}
