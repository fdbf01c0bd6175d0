//! Causes that lie in the device.

use super::row::{Row, certain, less_sure, named_by_code, sibling, told_to_app};
use crate::support::{CaptureBuilder, capture};

/// A program with a browser of its own, in which the device does not vouch for the person.
fn embedded(code: u32) -> CaptureBuilder {
    let user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) desk/2.1 Chrome/140.0.0.0 Electron/38.1 Safari/537.36";
    capture().user_agent(user_agent).cookies_from_before(["fpc"]).redirect(|r| r.fails(code, "The device is not as it should be."))
}

pub(crate) fn rows() -> Vec<Row> {
    let vouching = || -> CaptureBuilder {
        capture().silent_frame(|r| r.cookies(["fpc", "x-ms-RefreshTokenCredential"]).fails(53000, "The device is not compliant."))
    };
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("device-not-compliant", 53000, "The device is not compliant."),
            ("device-not-registered", 50129, "The device is not registered."),
            ("device-enrollment-required", 530003, "The device is not enrolled."),
            ("device-authentication-failed", 50155, "The device's proof is refused."),
            ("device-not-presented", 50097, "Which device?"),
            ("device-object-missing", 700003, "No such device."),
            ("device-not-joined", 53001, "The device is not joined."),
            ("device-disabled", 135011, "The device is switched off."),
        ],
    );
    rows.extend([
        certain("device-not-compliant", "the device itself vouched for the person", vouching()),
        less_sure("device-not-compliant", "the cookies are removed", vouching().sanitized()),
        sibling("device-not-compliant", "blocked-by-security-policy", "the service says AADSTS50131", told_to_app(50131, "No.")),
        sibling("device-not-compliant", "device-not-presented", "the browser is part of a program and shows no device", embedded(53000)),
        sibling("device-not-joined", "device-not-presented", "the browser is part of a program and shows no device", embedded(53001)),
        sibling("device-enrollment-required", "device-not-presented", "the browser is part of a program and shows no device", embedded(530003)),
        sibling("device-not-presented", "device-not-compliant", "the device itself vouched for the person", vouching()),
        sibling(
            "device-object-missing",
            "device-authentication-failed",
            "the service says AADSTS50155",
            told_to_app(50155, "The device's proof is refused."),
        ),
    ]);
    rows
}
