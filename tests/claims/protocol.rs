//! Which protocol the sign-in speaks.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::wire::{ENTRA, navigate, refused_on_page};
use crate::support::{CONTOSO, CaptureBuilder, capture};

fn by_ws_federation() -> CaptureBuilder {
    let asked = navigate(&format!("{ENTRA}/{CONTOSO}/wsfed"), &[("wa", "wsignin1.0"), ("wtrealm", "https://app.example/")]);
    capture().exchange("asked", refused_on_page(asked, 700016, "No such application."))
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen("protocol.saml", "it is a SAML request", capture().saml(|s| s), [at("saml/request", "request.url")]),
        not_seen("protocol.saml", "it is an authorization request", capture().silent_frame(|r| r), [at("silent/authorize", "request.url")]),
        not_recorded("protocol.saml", "the request is not in the capture", only_the_callback(), "not in the capture"),
        seen("protocol.ws-federation", "it is a request of WS-Federation", by_ws_federation(), [at("asked", "request.url")]),
        not_seen("protocol.ws-federation", "it is a SAML request", capture().saml(|s| s), [at("saml/request", "request.url")]),
        not_recorded("protocol.ws-federation", "the request is not in the capture", only_the_callback(), "not in the capture"),
    ]
}
