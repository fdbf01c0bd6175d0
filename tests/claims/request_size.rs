//! Whether the request was too long for the server that it went to.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const SENT: &str = "request.header.cookie";

pub(crate) fn cases() -> Vec<Case> {
    let pile: String = (0..80).map(|number| format!("esctx-{number:03}={}; ", "N".repeat(120))).collect();
    vec![
        seen(
            "request-size.cookies-too-large",
            "eighty cookies",
            capture().redirect(|r| r.gets_status(400)).edit("redirect/authorize", |entry| entry.header("cookie", pile)),
            [at("redirect/authorize", SENT).shows("80 cookies")],
        ),
        not_seen(
            "request-size.cookies-too-large",
            "one cookie",
            capture().redirect(|r| r.cookies(["fpc"]).gets_status(431)),
            [at("redirect/authorize", SENT)],
        ),
        not_recorded(
            "request-size.cookies-too-large",
            "the export has no cookies",
            capture().sanitized().redirect(|r| r.gets_status(431)),
            "the exporter removed",
        ),
    ]
}
