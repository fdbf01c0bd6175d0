//! Whether the device signed the person in.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const SENT: &str = "request.header.cookie";
const HEADER: &str = "request.header.x-ms-refreshtokencredential";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "device.vouches",
            "its token came as a cookie",
            capture().silent_frame(|r| r.cookies(["fpc", "x-ms-RefreshTokenCredential"])),
            [at("silent/authorize", SENT)],
        ),
        seen(
            "device.vouches",
            "its token came as a header, which a sanitized export keeps",
            capture().sanitized().silent_frame(|r| r.header("x-ms-refreshtokencredential", "eyJ.device.token")),
            [at("silent/authorize", HEADER).shows("(not shown)")],
        ),
        not_seen(
            "device.vouches",
            "neither cookie nor header is there",
            capture().silent_frame(|r| r.cookies(["fpc"])),
            [at("silent/authorize", HEADER), at("silent/authorize", SENT)],
        ),
        not_recorded("device.vouches", "the export has no cookies", capture().sanitized().silent_frame(|r| r), "the exporter removed the"),
    ]
}
