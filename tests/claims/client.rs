//! Whose application asks.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const CLIENT: &str = "request.url.query.client_id";
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

pub(crate) fn cases() -> Vec<Case> {
    const OWN: &str = "client.microsofts-own";
    vec![
        seen(
            OWN,
            "it is Azure CLI",
            capture().silent_frame(|r| r.param("client_id", AZURE_CLI)),
            [at("silent/authorize", CLIENT).shows(AZURE_CLI)],
        ),
        not_seen(OWN, "it is somebody's own", capture().silent_frame(|r| r), [at("silent/authorize", CLIENT)]),
        not_recorded(OWN, "the request names none", capture().silent_frame(|r| r.without_param("client_id")), "names no application"),
    ]
}
