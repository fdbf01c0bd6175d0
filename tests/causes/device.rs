//! Causes that lie in the device.

use super::row::{Row, certain, less_sure, lost, named_by_code, sibling, told_to_app};
use crate::support::{CaptureBuilder, capture, log, policies};
use serde_json::{Value, json};

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
    let typed = || capture().sign_in(|s| s.request(|r| r.without_cookies()).refused(53001));
    rows.extend([
        lost("device-not-joined", "a password was typed, and nothing showed the device", typed()),
        lost("device-not-presented", "a password was typed, and nothing showed the device", typed()),
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
    let no = |code| told_to_app(code, "Not with this device.");
    let known = |fields: Value| {
        let mut device = json!({"deviceId": "d0d0d0d0-0000-4000-8000-000000000001"});
        device.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        log(json!({"deviceDetail": device}))
    };
    let unknown = || log(json!({"deviceDetail": {"deviceId": "", "isCompliant": false, "isManaged": false, "trustType": ""}}));
    for (cause, code, state) in [
        ("device-not-compliant", 53000, json!({"isCompliant": false})),
        ("device-enrollment-required", 530003, json!({"isManaged": false})),
        ("device-not-joined", 53001, json!({"trustType": "Azure AD registered"})),
    ] {
        rows.extend([
            certain(cause, "the sign-in log has the device's state", no(code)).logged(known(state.clone())),
            less_sure(cause, "the log's row is found by time alone", no(code)).logged(known(state).without_ids()),
            sibling(cause, "device-not-presented", "by the sign-in log no device was shown", no(code)).logged(unknown()),
        ]);
    }
    let mut managed = policies([("Managed devices", "failure", "RequireCompliantDevice")]);
    managed["deviceDetail"] = json!({"deviceId": "d0d0d0d0-0000-4000-8000-000000000001", "isCompliant": false});
    rows.extend([
        certain("device-not-presented", "by the sign-in log no device was shown", no(53000)).logged(unknown()),
        less_sure("device-not-presented", "no device was shown, and no log is given", no(50097)),
        certain("device-not-compliant", "the service says AADSTS50131 and the sign-in log has policy and device", no(50131)).logged(log(managed)),
    ]);
    rows
}
