//! Device authorization grant (RFC 8628): a code is shown on the device and entered in a browser elsewhere.

use crate::support::wire::{ENTRA, navigate, page, program, refused_in_json, refused_on_page, served, submit};
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, OTHER_APP, capture};
use crate::told::{Failure, analysis, failing, healthy, inconclusive};
use entrace::analysis::{Inconclusive, Verdict};
use serde_json::json;

const DEVICE: (&str, &str, &str) = ("device-code", CONTOSO, APP.client_id);

fn asked(device_code: &str, user_code: &str) -> Entry {
    let form = [("client_id", APP.client_id), ("scope", "User.Read offline_access")];
    served(program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/devicecode"), &form).json(&json!({
        "user_code": user_code, "device_code": device_code, "verification_uri": "https://microsoft.com/devicelogin",
        "expires_in": 900, "interval": 5, "message": "To sign in, use a web browser …",
    })))
}

fn poll(device_code: &str) -> Entry {
    let form = [("client_id", APP.client_id), ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device_code)];
    program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form)
}

fn pending(device_code: &str) -> Entry {
    let sentence = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
    refused_in_json(poll(device_code), "authorization_pending", 70016, sentence)
}

fn tokens(device_code: &str) -> Entry {
    served(poll(device_code).json(&json!({"token_type": "Bearer", "access_token": "opaque", "refresh_token": "1.r", "expires_in": 4000})))
}

fn polled() -> CaptureBuilder {
    capture().exchange("device", asked("device-1", "ABCD1234E")).exchange("poll", pending("device-1"))
}

#[test]
fn polling_is_no_failure() {
    let slow = served(poll("device-1").status(400).json(&json!({"error": "slow_down", "error_description": "Slow down."})));
    let capture = polled().exchange("slow", slow).exchange("again", pending("device-1")).exchange("tokens", tokens("device-1"));
    healthy(&capture, &[DEVICE]);
}

#[test]
fn a_code_that_nobody_has_confirmed_is_no_page_that_nobody_answered() {
    let told = analysis(&polled());
    assert_eq!(told.verdict, Verdict::Inconclusive(Inconclusive::DeviceCodeOpen));
}

#[test]
fn polls_are_one_attempt_where_the_first_request_was_not_recorded() {
    let capture =
        capture().exchange("poll", pending("device-1")).exchange("again", pending("device-1")).exchange("tokens", tokens("device-1"));
    healthy(&capture, &[DEVICE]);
}

#[test]
fn two_sign_ins_of_one_program_are_told_apart() {
    let capture = capture()
        .exchange("first", asked("device-1", "ABCD1234E"))
        .exchange("second", asked("device-2", "FGHJ5678K"))
        .exchange("first tokens", tokens("device-1"))
        .exchange("second tokens", tokens("device-2"));
    healthy(&capture, &[DEVICE, DEVICE]);
}

#[test]
fn polling_that_the_recording_does_not_see_the_end_of() {
    inconclusive(&polled(), &[DEVICE]);
}

#[test]
fn the_code_was_not_entered_in_time() {
    let sentence = "OAuth 2.0 device flow error: Device code expired. Request a new one.";
    let expired = refused_in_json(poll("device-1"), "expired_token", 70020, sentence);
    let failure = Failure { code: "AADSTS70020", cause: "device-code-expired", at: "expired", attempt: DEVICE };
    failing(&polled().exchange("expired", expired), &failure);
}

#[test]
fn the_person_declined() {
    let declined = served(poll("device-1").status(400).json(&json!({
        "error": "authorization_declined", "error_description": "The end user declined.", "error_codes": [], "trace_id": "",
    })));
    let failure = Failure { code: "", cause: "sign-in-declined", at: "declined", attempt: DEVICE };
    failing(&polled().exchange("declined", declined), &failure);
}

#[test]
fn a_policy_blocks_the_flow() {
    let sentence = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
    let blocked = refused_in_json(poll("device-1"), "access_denied", 53003, sentence);
    let failure = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "blocked", attempt: DEVICE };
    failing(&polled().exchange("blocked", blocked), &failure);
}

/// What the browser shows in which the code is entered.
fn entering() -> Entry {
    let page = page(&json!({"pgid": "ConvergedRemoteConnect", "correlationId": "cccc0000-0000-4000-8000-000000000009", "sCtx": "ctx-9"}));
    served(navigate(&format!("{ENTRA}/common/oauth2/deviceauth"), &[]).html(page))
}

#[test]
fn the_browser_in_which_the_code_is_entered() {
    let entered = submit(&format!("{ENTRA}/common/deviceauth"), &[("otc", "abcd1234e"), ("ctx", "ctx-9")]);
    let done = served(entered.html(page(&json!({"pgid": "ConvergedSignIn", "sCtx": "ctx-9", "sErrorCode": "50058"}))));
    let capture = polled().exchange("page", entering()).exchange("entered", done).exchange("tokens", tokens("device-1"));
    let told = crate::told::analysis(&capture);
    assert!(told.diagnoses.is_empty());
    assert_eq!(told.verdict.name(), "healthy");
}

#[test]
fn a_code_that_nobody_was_given() {
    let entered = submit(&format!("{ENTRA}/common/oauth2/deviceauth"), &[("otc", "ZZZZ9999Z"), ("ctx", "ctx-9")]);
    let refused = refused_on_page(entered, 70018, "Bad verification code. User may have entered wrong user code for device code flow.");
    let capture = capture().exchange("page", entering()).exchange("entered", refused);
    failing(
        &capture,
        &Failure { code: "AADSTS70018", cause: "device-code-mistyped", at: "entered", attempt: ("device-code", "common", "") },
    );
}

#[test]
fn the_older_endpoint_calls_the_device_code_code() {
    let form =
        [("client_id", OTHER_APP.client_id), ("grant_type", "device_code"), ("code", "device-3"), ("resource", "https://api.example")];
    let poll = || program(&format!("{ENTRA}/common/oauth2/token"), &form);
    let pending = refused_in_json(poll(), "authorization_pending", 70016, "Pending end-user authorization.");
    let tokens = served(poll().json(&json!({"token_type": "Bearer", "access_token": "opaque"})));
    let capture = capture().exchange("poll", pending).exchange("tokens", tokens);
    healthy(&capture, &[("device-code", "common", OTHER_APP.client_id)]);
}
