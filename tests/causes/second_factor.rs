//! Causes that lie in the second factor.

use super::row::{Row, certain, in_frame, less_sure, named_by_code, sibling, told_to_app};
use crate::support::{CaptureBuilder, capture, log, policies};
use serde_json::json;

/// A second factor is asked and given, and the code is refused all the same.
fn asked(code: u32) -> CaptureBuilder {
    capture().sign_in(move |s| s.with_second_factor().token(move |t| t.fails(code, "The second factor was not passed.")))
}

/// The same, where the recorder missed the second factor.
fn missed(code: u32) -> CaptureBuilder {
    asked(code).without("sign-in/second-factor").without("sign-in/second-factor-given")
}

/// A second factor is asked, and this is what comes of it; the page says so, and nobody goes on.
fn answered(result: &'static str, code: u32) -> CaptureBuilder {
    let left = ["second-factor-given", "kmsi", "callback"].iter().fold(
        capture().sign_in(|s| s.with_second_factor().without_token()),
        |capture, step| capture.without(&format!("sign-in/{step}")),
    );
    let answer = json!({"Success": false, "ResultValue": result, "ErrCode": code, "Retry": false});
    left.edit("sign-in/second-factor", move |entry| entry.json(&answer))
}

pub(crate) fn rows() -> Vec<Row> {
    let refused = || in_frame(50076, "A second factor, please.");
    let followed = || refused().sign_in(|s| s.named("fallback").with_second_factor());
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("mfa-required", 50076, "A second factor, please."),
            ("mfa-too-old", 50078, "Again, please."),
            ("mfa-enrolment-required", 50079, "Register one first."),
            ("mfa-enrolment-blocked", 53004, "Not from here."),
            ("external-control-not-passed", 50158, "The outside control was not passed."),
            ("external-control-misconfigured", 50161, "The outside control is incomplete."),
            ("external-control-unreachable", 50166, "The outside control is away."),
        ],
    );
    let of_program = capture()
        .client_credentials(|t| t.without_param("client_secret").param("client_assertion", "eyJ.assertion.x").fails(50166, "No answer."));
    rows.extend([
        sibling("external-control-unreachable", "federated-issuer-unreachable", "a program proves itself by an assertion", of_program),
        certain("mfa-required", "the sign-in that followed asked for one", followed()),
        less_sure("mfa-required", "the sign-in that followed is not in the capture", refused()),
        sibling("mfa-required", "mfa-not-passed", "it was asked for", asked(50074)),
        certain("mfa-not-passed", "it was asked for", asked(500121)),
        certain("mfa-not-passed", "the person denied it, and the page says so by itself", answered("PhoneAppDenied", 500121)),
        certain("mfa-not-passed", "nobody answered in time, and no number is told", answered("PhoneAppNoResponse", 0)),
        less_sure("mfa-not-passed", "the asking is not in the capture", missed(500121)),
        sibling("mfa-not-passed", "mfa-required", "the hidden frame gave no chance to show one", in_frame(50074, "A second factor, please.")),
    ]);
    let asks = || log(policies([("Second factor", "failure", "Mfa")]));
    let declined = || log(json!({"status": {"errorCode": 500121, "additionalDetails": "MFA denied; user declined the authentication"}}));
    rows.extend([
        certain("mfa-required", "the sign-in log names the policy", refused()).logged(asks()),
        certain("mfa-enrolment-required", "the sign-in log names the policy", told_to_app(50079, "Register one first.")).logged(asks()),
        less_sure("mfa-enrolment-required", "no log is given", told_to_app(50079, "Register one first.")),
        certain("mfa-not-passed", "by the sign-in log the person declined", missed(500121)).logged(declined()),
        less_sure("mfa-not-passed", "the log's row is found by time alone", missed(500121)).logged(declined().without_ids()),
    ]);
    rows
}
