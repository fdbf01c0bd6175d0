//! What the service's own log says of the failure.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Log, capture, log, policies};
use serde_json::{Value, json};

const FAILING: &str = "silent/authorize";

fn refused() -> CaptureBuilder {
    capture().silent_frame(|r| r.fails(53000, "The device is not compliant."))
}

/// A row whose device is known, but for what the case says.
fn device(fields: Value) -> Log {
    let mut device = json!({"deviceId": "d0d0d0d0-0000-4000-8000-000000000001", "displayName": "ADAS-LAPTOP"});
    device.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    log(json!({"deviceDetail": device}))
}

/// A row with the steps of a sign-in.
fn steps(result: &str, method: &str) -> Log {
    log(json!({"authenticationDetails": [{"authenticationStepResultDetail": result, "authenticationMethodDetail": method}]}))
}

pub(crate) fn cases() -> Vec<Case> {
    let nothing = || log(json!({}));
    let mut cases = Vec::new();
    for (claim, control) in [
        ("sign-in-log.policy-blocks", "Block"),
        ("sign-in-log.policy-asks-mfa", "Mfa"),
        ("sign-in-log.policy-asks-compliant-device", "RequireCompliantDevice"),
        ("sign-in-log.policy-asks-joined-device", "RequireDomainJoinedDevice"),
        ("sign-in-log.policy-asks-approved-app", "RequireApprovedApp"),
        ("sign-in-log.policy-asks-app-protection", "RequireCompliantApp"),
        ("sign-in-log.policy-limits-session", "SignInFrequency"),
    ] {
        let list = |result| log(policies([("Everybody", "success", "TermsOfUse"), ("Only <managed> devices", result, control)]));
        let named = at(FAILING, "sign-in-log[0].appliedConditionalAccessPolicies[1].displayName").shows("Only <managed> devices");
        let searched = || at(FAILING, "sign-in-log[0].appliedConditionalAccessPolicies");
        cases.extend([
            seen(claim, "a policy asks for it", refused(), [named]).logged(list("failure")),
            not_seen(claim, "a policy only reports", refused(), [searched()]).logged(list("reportOnlyFailure")),
            not_recorded(claim, "the row lists no policies", refused(), "does not tell the policies").logged(nothing()),
            not_recorded(claim, "no log is given", refused(), "--sign-in-logs"),
        ]);
    }
    cases.extend([
        seen(
            "sign-in-log.policy-blocks",
            "the policy's name could be an account",
            refused(),
            [at(FAILING, "sign-in-log[0].appliedConditionalAccessPolicies[0].displayName").shows("(a policy with an unusual name)")],
        )
        .logged(log(policies([("Block ada@contoso.example", "failure", "Block")]))),
        not_recorded("sign-in-log.policy-blocks", "two rows could be it", refused(), "2 rows of the sign-in log could be")
            .logged(log(policies([("One", "failure", "Block")])).and(policies([("Other", "failure", "Block")]))),
        not_recorded("sign-in-log.policy-blocks", "the log is of another sign-in", refused(), "has no row of this failure").logged(log(
            json!({"id": "00990000-0000-4000-8000-000000000001", "correlationId": "00990000-0000-4000-8000-000000000002"}),
        )),
        seen("sign-in-log.joined-by-id", "the request id is the same", refused(), [at(FAILING, "sign-in-log[0].id")]).logged(nothing()),
        seen("sign-in-log.joined-by-id", "the correlation id is the same", refused(), [at(FAILING, "sign-in-log[0].correlationId")])
            .logged(log(json!({"id": "00990000-0000-4000-8000-000000000001"}))),
        not_seen("sign-in-log.joined-by-id", "the export has no ids", refused(), [at(FAILING, "sign-in-log[0].id")])
            .logged(nothing().without_ids()),
        not_recorded("sign-in-log.joined-by-id", "no log is given", refused(), "--sign-in-logs"),
        seen(
            "sign-in-log.device-known",
            "the row has its id",
            refused(),
            [at(FAILING, "sign-in-log[0].deviceDetail.deviceId").shows("(a device id)")],
        )
        .logged(device(json!({}))),
        not_seen("sign-in-log.device-known", "the row's id is empty", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.deviceId")])
            .logged(device(json!({"deviceId": ""}))),
        not_recorded("sign-in-log.device-known", "the export has no devices", refused(), "whether it knew the device").logged(nothing()),
        seen("sign-in-log.device-compliant", "it is", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.isCompliant")])
            .logged(device(json!({"isCompliant": true}))),
        not_seen("sign-in-log.device-compliant", "it is not", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.isCompliant")])
            .logged(device(json!({"isCompliant": false}))),
        not_recorded("sign-in-log.device-compliant", "the device is not known", refused(), "a device that it knew")
            .logged(device(json!({"deviceId": "", "isCompliant": false}))),
        seen("sign-in-log.device-managed", "it is", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.isManaged")])
            .logged(device(json!({"isManaged": true}))),
        not_seen("sign-in-log.device-managed", "it is not", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.isManaged")])
            .logged(device(json!({"isManaged": false}))),
        not_recorded("sign-in-log.device-managed", "the row does not say", refused(), "a device that it knew").logged(device(json!({}))),
        seen("sign-in-log.device-hybrid-joined", "it is", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.trustType")])
            .logged(device(json!({"trustType": "Hybrid Azure AD joined"}))),
        not_seen("sign-in-log.device-hybrid-joined", "it is not", refused(), [at(FAILING, "sign-in-log[0].deviceDetail.trustType")])
            .logged(device(json!({"trustType": "Azure AD registered"}))),
        not_recorded("sign-in-log.device-hybrid-joined", "the row does not say", refused(), "how a device").logged(device(json!({}))),
        seen("sign-in-log.address-blocked", "the reason says so", refused(), [at(FAILING, "sign-in-log[0].status.failureReason")])
            .logged(log(json!({"status": {"errorCode": 53000, "failureReason": "… an IP with malicious activity"}}))),
        not_seen("sign-in-log.address-blocked", "the reason is the account", refused(), [at(FAILING, "sign-in-log[0].status.failureReason")])
            .logged(log(json!({"status": {"errorCode": 53000, "failureReason": "The account is locked …"}}))),
        not_recorded("sign-in-log.address-blocked", "the reason is another", refused(), "a reason beyond the code").logged(nothing()),
        seen(
            "sign-in-log.second-factor-refused",
            "a step says so",
            refused(),
            [at(FAILING, "sign-in-log[0].authenticationDetails").shows("the person declined")],
        )
        .logged(steps("MFA denied; user declined the authentication", "")),
        not_seen("sign-in-log.second-factor-refused", "the steps are in order", refused(), [at(FAILING, "sign-in-log[0].authenticationDetails")])
            .logged(steps("Correct password", "")),
        not_recorded("sign-in-log.second-factor-refused", "the row has no steps", refused(), "the steps of the sign-in").logged(nothing()),
        seen(
            "sign-in-log.password-hash-synchronized",
            "a step says so",
            refused(),
            [at(FAILING, "sign-in-log[0].authenticationDetails.authenticationMethodDetail")],
        )
        .logged(steps("", "Password Hash Sync")),
        not_seen(
            "sign-in-log.password-hash-synchronized",
            "the account lives in the cloud",
            refused(),
            [at(FAILING, "sign-in-log[0].authenticationDetails.authenticationMethodDetail")],
        )
        .logged(steps("", "Password in the cloud")),
        not_recorded("sign-in-log.password-hash-synchronized", "the row has no steps", refused(), "where the password was checked")
            .logged(nothing()),
        seen("sign-in-log.risk", "it is high", refused(), [at(FAILING, "sign-in-log[0].riskLevelDuringSignIn").shows("high")])
            .logged(log(json!({"riskLevelDuringSignIn": "high"}))),
        not_seen("sign-in-log.risk", "there is none", refused(), [at(FAILING, "sign-in-log[0].riskLevelDuringSignIn")])
            .logged(log(json!({"riskLevelDuringSignIn": "none"}))),
        not_recorded("sign-in-log.risk", "it is hidden without a licence", refused(), "does not tell the risk")
            .logged(log(json!({"riskLevelDuringSignIn": "hidden"}))),
    ]);
    cases
}
