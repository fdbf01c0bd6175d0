//! Another identity provider in the course of the sign-in.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::{ENTRA, navigate, refused_on_page, submit};
use crate::support::{CaptureBuilder, Entry, capture};

fn adfs() -> Entry {
    navigate("https://sts.contoso.example/adfs/ls/", &[("wa", "wsignin1.0"), ("wtrealm", "urn:federation:MicrosoftOnline")])
}

/// The person is sent on to AD FS, which answers.
fn sent_to(adfs: Entry) -> CaptureBuilder {
    capture().sign_in(|s| s.abandoned()).exchange("adfs", adfs)
}

pub(crate) fn cases() -> Vec<Case> {
    let back = refused_on_page(submit(&format!("{ENTRA}/login.srf"), &[("wa", "wsignin1.0"), ("wresult", "<t/>")]), 50107, "No realm.");
    vec![
        seen("identity-provider.failed", "AD FS is out of order", sent_to(adfs().status(503)), [at("adfs", "request.url").shows("503")]),
        seen(
            "identity-provider.failed",
            "AD FS names an event",
            sent_to(adfs().html("<html><p>MSIS7065: no handler</p></html>")),
            [at("adfs", "request.url")],
        ),
        seen(
            "identity-provider.failed",
            "AD FS is not reached",
            sent_to(adfs().no_response("net::ERR_NAME_NOT_RESOLVED")),
            [at("adfs", "request.url").shows("no response")],
        ),
        not_seen(
            "identity-provider.failed",
            "it is Entra ID that refuses",
            sent_to(adfs()).exchange("back", back),
            [at("adfs", "response"), at("back", "response")],
        ),
        not_recorded("identity-provider.failed", "nobody is sent elsewhere", capture().silent_frame(|r| r), "no other identity provider"),
    ]
}
