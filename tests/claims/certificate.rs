//! The hop on which a browser presents the person's certificate.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::{refused_on_page, submit};
use crate::support::{CaptureBuilder, CONTOSO, capture};

/// The person chooses a certificate, and the service says that none came.
fn refused_at(host: &str, capture: CaptureBuilder) -> CaptureBuilder {
    let url = format!("https://{host}/{CONTOSO}/certauth");
    let refused = refused_on_page(submit(&url, &[("ctx", "sign-in-1")]), 50192, "No certificate.");
    capture.sign_in(|s| s.abandoned()).exchange("certificate", refused)
}

pub(crate) fn cases() -> Vec<Case> {
    const CLAIM: &str = "certificate.decrypted-by-recorder";
    const WORLDWIDE: &str = "certauth.login.microsoftonline.com";
    const HANDSHAKE: &str = "certificate.handshake-failed";
    let unanswered = |why: &'static str| {
        let chosen = submit(&format!("https://{WORLDWIDE}/{CONTOSO}/certauth"), &[("ctx", "c")]);
        capture().sign_in(|s| s.abandoned()).exchange("certificate", chosen.no_response(why))
    };
    let by = |name: &'static str| capture().written_by(name, "1.0");
    let place = || at("certificate", "request.url");
    vec![
        seen(CLAIM, "mitmproxy recorded it", refused_at(WORLDWIDE, by("mitmproxy")), [place()]),
        seen(
            CLAIM,
            "Fiddler recorded it, at the tenant's own host",
            refused_at(&format!("t{CONTOSO}.{WORLDWIDE}"), by("Fiddler Everywhere")),
            [place()],
        ),
        not_seen(CLAIM, "the browser recorded itself", refused_at(WORLDWIDE, capture()), [place()]),
        not_recorded(CLAIM, "nobody knows what recorded it", refused_at(WORLDWIDE, by("Recorder")), "stands between"),
        not_recorded(CLAIM, "no certificate was asked for", by("mitmproxy").silent_frame(|r| r), "certificate host is in the capture"),
        seen(HANDSHAKE, "the server wants another, or one at all", unanswered("net::ERR_BAD_SSL_CLIENT_AUTH_CERT"), [
            at("certificate", "response._error").shows("net::ERR_BAD_SSL_CLIENT_AUTH_CERT"),
            place(),
        ]),
        not_seen(HANDSHAKE, "the connection was cut", unanswered("net::ERR_CONNECTION_RESET"), [at("certificate", "response._error")]),
        not_seen(
            HANDSHAKE,
            "no certificate is asked for there",
            capture().silent_frame(|r| r.gets_no_answer("")),
            [at("silent/authorize", "response._error")],
        ),
        not_recorded(HANDSHAKE, "nothing tells why", unanswered(""), "does not say why"),
    ]
}
