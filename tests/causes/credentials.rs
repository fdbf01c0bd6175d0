//! Causes that lie in the password, or in what checks it.

use super::row::{Row, certain, less_sure, likely, lost, named_by_code, neighbour, on_sign_in_page, sibling};
use crate::support::wire::{refused_on_page, submit};
use crate::support::{CONTOSO, CaptureBuilder, Entry, capture, log};
use serde_json::json;

/// The password is refused twice, each time with a code.
fn twice(first: u32, second: u32) -> CaptureBuilder {
    capture().sign_in(|s| s.refused(first)).sign_in(|s| s.refused(second))
}

pub(crate) fn rows() -> Vec<Row> {
    let first_lost = |capture: CaptureBuilder| capture.edit("sign-in/login", Entry::losing_response_body);
    let mut rows = named_by_code(
        on_sign_in_page,
        &[
            ("wrong-password", 50126, ""),
            ("password-expired", 50055, ""),
            ("no-password-in-cloud", 50056, ""),
            ("password-agent-failing", 80001, ""),
            ("password-agent-key-unusable", 80010, ""),
            ("outside-logon-hours", 80012, ""),
            ("password-agent-clock-off", 80013, ""),
            ("kerberos-ticket-too-large", 81001, ""),
            ("kerberos-ticket-refused", 81003, ""),
            ("kerberos-not-offered", 81005, ""),
            ("seamless-sso-not-enabled", 81007, ""),
            ("kerberos-user-not-synchronized", 81011, ""),
            ("wrong-password", 50064, ""),
            ("password-expired", 50144, ""),
        ],
    );
    let reason = |text: &str| log(json!({"status": {"errorCode": 50053, "failureReason": text}}));
    let address = || reason("It came from an IP address with malicious activity");
    let locked = || reason("The account is locked");
    let at_certificate_host = |capture: CaptureBuilder| {
        let url = format!("https://certauth.login.microsoftonline.com/{CONTOSO}/certauth");
        let refused = refused_on_page(submit(&url, &[("ctx", "sign-in-1")]), 50192, "No certificate.");
        capture.sign_in(|s| s.abandoned()).exchange("certificate", refused)
    };
    let unanswered = |why: &'static str| {
        let chosen = submit(&format!("https://certauth.login.microsoftonline.com/{CONTOSO}/certauth"), &[("ctx", "sign-in-1")]);
        let chosen = chosen.header("referer", "https://login.microsoftonline.com/");
        capture().sign_in(|s| s.abandoned()).exchange("certificate", chosen.no_response(why))
    };
    let by_proxy = || capture().written_by("mitmproxy", "12.1.1");
    rows.extend([
        likely("certificate-not-presented", "the browser recorded itself", at_certificate_host(capture())),
        certain("certificate-not-presented", "the handshake failed over it", unanswered("net::ERR_BAD_SSL_CLIENT_AUTH_CERT")),
        less_sure("certificate-not-presented", "the service says that none came", at_certificate_host(capture())),
        sibling("certificate-not-presented", "sign-in-host-unreachable", "the connection was cut", unanswered("net::ERR_CONNECTION_RESET")),
        sibling("certificate-not-presented", "certificate-host-decrypted", "the recorder decrypted it", at_certificate_host(by_proxy())),
        certain("certificate-host-decrypted", "the recorder decrypted it", at_certificate_host(by_proxy())),
        sibling("certificate-host-decrypted", "certificate-not-presented", "the browser recorded itself", at_certificate_host(capture())),
        lost("certificate-host-decrypted", "nobody knows what recorded it", at_certificate_host(capture().written_by("Recorder", "1.0"))),
        certain("account-locked", "the sign-in log says so", on_sign_in_page(50053, "")).logged(locked()),
        sibling("account-locked", "sign-in-from-blocked-address", "the sign-in log tells a blocked address", on_sign_in_page(50053, "")).logged(address()),
        certain("sign-in-from-blocked-address", "the sign-in log says so", on_sign_in_page(50053, "")).logged(address()),
        likely("sign-in-from-blocked-address", "the log says so and passwords were refused before", twice(50126, 50053)).logged(address()),
        sibling("sign-in-from-blocked-address", "account-locked", "the sign-in log tells a lock", on_sign_in_page(50053, "")).logged(locked()),
        sibling("password-not-synchronized", "wrong-password", "the password is refused", on_sign_in_page(50126, "")),
        lost("password-not-synchronized", "what became of an earlier password is lost", first_lost(twice(50126, 50126))),
        likely("account-locked", "the password was refused before", twice(50126, 50053)),
        lost("account-locked", "what became of an earlier password is lost", first_lost(twice(50126, 50053))),
        lost("account-locked", "no password was refused before", on_sign_in_page(50053, "")),
        sibling("sign-in-from-blocked-address", "account-locked", "the password was refused before", twice(50126, 50053)),
        lost("sign-in-from-blocked-address", "what became of an earlier password is lost", first_lost(twice(50126, 50053))),
        neighbour(
            "device-user-differs",
            "kerberos-user-not-synchronized",
            "the cloud does not know the computer's user",
            on_sign_in_page(81011, ""),
        ),
        likely(
            "device-user-differs",
            "the hidden frame is told AADSTS81012",
            capture().silent_frame(|r| r.fails(81012, "The computer's user is another one.")),
        ),
    ]);
    rows
}
