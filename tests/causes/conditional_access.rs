//! Causes that lie in the tenant's policies.

use super::row::{Row, certain, less_sure, likely, named_by_code, neighbour, on_refresh, sibling, told_to_app};
use crate::support::{log, policies};
use serde_json::json;

pub(crate) fn rows() -> Vec<Row> {
    const OVER: &str = "The token was issued on 2026-11-10T00:00:00.000Z and the maximum allowed lifetime for this request is 86400.";
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("blocked-by-conditional-access", 53003, "A policy says no."),
            ("blocked-by-security-policy", 530032, "A protection says no."),
            ("risky-user-in-home-tenant", 53011, "The guest's home calls the account risky."),
            ("legacy-authentication-blocked", 530035, "Not by this old way."),
            ("device-platform-not-allowed", 50005, "Not from this kind of device."),
            ("approved-app-required", 53002, "Not with this application."),
            ("app-protection-required", 53005, "The application is not protected."),
            ("token-protection-required", 530084, "The token is not bound."),
            ("sign-in-frequency-over", 70044, "Sign in again."),
        ],
    );
    rows.extend([
        sibling("blocked-by-conditional-access", "blocked-by-security-policy", "the service says AADSTS50131", told_to_app(50131, "No.")),
        likely("blocked-by-security-policy", "the service says AADSTS50131", told_to_app(50131, "No.")),
        certain("sign-in-frequency-over", "by its own dates the token is too old", on_refresh(70043, OVER)),
        less_sure("sign-in-frequency-over", "the text with its dates is lost", on_refresh(70043, OVER).without_response_bodies()),
        neighbour("sign-in-frequency-over", "mfa-too-old", "the second factor is too old", told_to_app(50078, "Prove it again.")),
    ]);
    let no = |code| told_to_app(code, "No.");
    for (cause, code, control) in [
        ("blocked-by-conditional-access", 53003, "Block"),
        ("approved-app-required", 53002, "RequireApprovedApp"),
        ("app-protection-required", 53005, "RequireCompliantApp"),
        ("sign-in-frequency-over", 70044, "SignInFrequency"),
    ] {
        let named = || log(policies([("Our policy", "failure", control)]));
        rows.extend([
            certain(cause, "the sign-in log names the policy", no(code)).logged(named()),
            less_sure(cause, "the log's row is found by time alone", no(code)).logged(named().without_ids()),
            less_sure(cause, "two rows of the log could be it", no(code)).logged(named().and(policies([("Other", "failure", control)]))),
        ]);
    }
    let blocked = log(policies([("Our policy", "failure", "Block")]));
    rows.extend([
        certain("blocked-by-conditional-access", "the service says AADSTS50131 and the sign-in log names the policy", no(50131)).logged(blocked),
        sibling("blocked-by-security-policy", "blocked-by-conditional-access", "the sign-in log names a policy", no(50131))
            .logged(log(policies([("Our policy", "failure", "Block")]))),
        likely("blocked-by-security-policy", "the sign-in log tells a risk", no(50131)).logged(log(json!({"riskLevelDuringSignIn": "high"}))),
    ]);
    rows
}
