//! Which protocol the sign-in speaks.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen("protocol.saml", "it is a SAML request", capture().saml(|s| s), [at("saml/request", "request.url")]),
        not_seen("protocol.saml", "it is an authorization request", capture().silent_frame(|r| r), [at("silent/authorize", "request.url")]),
        not_recorded("protocol.saml", "the request is not in the capture", only_the_callback(), "not in the capture"),
    ]
}
