//! Addresses: what stands in their paths, before their hosts and in their parameters.

use crate::program::{entrace, fixture};
use crate::{APP, CAPTURE, get, gone, gone_from, redact, remark, stays, with_header};
use serde_json::{Value, json};
use std::fs;

/// All reports of a capture with these entries, one after the other.
fn reports(test: &str, entries: &[Value]) -> String {
    let mut capture: Value = serde_json::from_slice(&fixture(CAPTURE)).unwrap();
    capture["log"]["entries"].as_array_mut().unwrap().extend_from_slice(entries);
    let path = std::env::temp_dir().join(format!("entrace-leaks-{test}-{}.har", std::process::id()));
    fs::write(&path, capture.to_string()).unwrap();
    let told = |(command, format): (&str, &str)| {
        let output = entrace().args([command, "--format", format]).arg(&path).output().unwrap();
        assert!(output.status.code() < Some(2), "{command} {format}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let diagnoses = ["text", "json", "ndjson", "markdown", "html", "sarif"].map(|format| ("diagnose", format));
    let timelines = ["text", "json", "markdown"].map(|format| ("timeline", format));
    let reports: String = diagnoses.into_iter().chain(timelines).map(told).collect();
    let _ = fs::remove_file(&path);
    reports
}

#[test]
fn what_a_redaction_replaces_in_addresses_is_in_no_report() {
    const KEY: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
    const PERSON: &str = "8a6ca22b-35cb-4708-a508-68720136b9d6";
    const REPLY: &str = "error=invalid_request&error_description=AADSTS50011%3A+x&state=abc123def";
    let refused = |place: &str| {
        let uri: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
        let id = "379a2321-4f24-4e45-81e9-85f7b492cbfe";
        let mut entry = get(&format!(
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id={id}&response_type=code&redirect_uri={uri}&state=abc123def"
        ));
        entry["response"]["status"] = json!(302);
        entry["response"]["headers"] = json!([{"name": "Location", "value": format!("{place}?{REPLY}")}]);
        [entry, get(&format!("{place}?{REPLY}"))]
    };
    let places = [
        format!("{APP}/signin-oidc/{KEY}"),
        "https://contoso-my.sharepoint.com/personal/zelda_q_contoso_example/cb".to_owned(),
        format!("{APP}/users/{PERSON}/cb"),
        "https://203.0.113.77/cb".to_owned(),
        "https://[2001:db8:85a3::8a2e]:8443/cb".to_owned(),
        "http://127.0.0.1:3000/auth/callback".to_owned(),
        "http://localhost:3000/cb2".to_owned(),
    ];
    let mut entries: Vec<Value> = places.iter().flat_map(|place| refused(place)).collect();
    entries.push(get("https://login.microsoftonline.com/common/oauth2/v2.0/logout?lit3py55t21z5v55vlm25s5"));
    let reports = reports("reports", &entries);
    for value in [KEY, PERSON, "zelda_q", "203.0.113.77", "2001:db8:85a3", "lit3py55t21z5v55vlm25s5"] {
        assert!(!reports.contains(value), "{value} is shown");
    }
    // What a redirect URI is compared by.
    for value in
        [format!("{APP}/signin-oidc/…").as_str(), "/personal/…/cb", "http://127.0.0.1:3000/auth/callback", "http://localhost:3000/cb2"]
    {
        assert!(reports.contains(value), "{value} is lost");
    }
}

#[test]
fn tenants_and_applications_that_only_texts_and_addresses_name() {
    const API: &str = "5f3c2a10-8f1e-4b7a-9d3c-0e1f2a3b4c5d";
    const OTHER: &str = "6a4c2a10-8f1e-4b7a-9d3c-0e1f2a3b4c5e";
    const REQUEST: &str = "1d4efcd6-1128-475b-a69b-34026272cf01";
    let told = |text: &str| {
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        get(&format!("{APP}/cb?error=invalid_request&error_description={text}&state=abc123def"))
    };
    let entries = [
        get(&format!(
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?scope={API}%2F.default+https%3A%2F%2Fzenvora.onmicrosoft.com%2Fapi%2Fread"
        )),
        told(&format!("AADSTS650057: Resource app ID: {API}. Valid resources: {OTHER}. Trace ID: {REQUEST}")),
        told("AADSTS90002: Tenant 'zenvora.onmicrosoft.com' not found. Check the tenant 'zenvora-shop.example'."),
        get("https://login.microsoftonline.com/tfp/quxora.onmicrosoft.com/B2C_1_si/oauth2/v2.0/authorize"),
        get("https://login.contoso.example/vexora.example/B2C_1_si/oauth2/v2.0/authorize"),
        get(&format!("https://graph.microsoft.com/v1.0/applications/{OTHER}")),
    ];
    gone_from("hidden", &entries, &["--hide-tenant"], &[API, OTHER, "zenvora", "quxora", "vexora"]);
    stays("not-hidden", &entries, &[API, OTHER, REQUEST, "zenvora.onmicrosoft.com", "zenvora-shop", "quxora", "vexora"]);
    let (_, text) = redact("hidden-request", &entries, &["--hide-tenant"]);
    assert!(text.contains(REQUEST));
}

#[test]
fn credentials_of_an_address_elsewhere() {
    gone("userinfo", &[get("https://ada:hT9vo2QiM6@app.contoso.example/"), remark("it is hT9vo2QiM6")], &["hT9vo2QiM6"]);
}

#[test]
fn keys_in_paths() {
    let urls =
        ["/p;jsessionid=cBwcUz8eqhQF", "/verify/OgoTEmm8vCd16BBbfwO6cg", "/invite/ad20bd0470f114e4d8f2d16f", "/#l9yM087pYLNxlH1iHvNg3B"];
    let entries: Vec<Value> = urls.iter().map(|url| get(&format!("{APP}{url}"))).collect();
    gone("paths", &entries, &["cBwcUz8eqhQF", "OgoTEmm8vCd16BBbfwO6cg", "ad20bd0470f114e4d8f2d16f", "l9yM087pYLNxlH1iHvNg3B"]);
}

#[test]
fn an_id_in_an_app_path_does_not_keep_a_session() {
    let id = "9a5a64c1-2fdb-4a95-a05f-fcba36dfa1c5";
    gone("kept", &[get(&format!("{APP}/oauth2/callback/{id}")), with_header("Cookie", &format!("session={id}"))], &[id]);
}

#[test]
fn places_without_a_scheme() {
    let located = |location: &str| {
        let mut entry = get(APP);
        entry["response"]["headers"] = json!([{"name": "Location", "value": location}]);
        entry
    };
    let entries = [
        located("//zelda:hT9b77pie@203.0.113.9/x"),
        located("/u/zelda@contoso.example/goto/https://quist:hT9c77pie@x.contoso.example/?code=k3jx9q"),
        located("zelda@contoso.example:https://x.contoso.example/"),
    ];
    gone("places", &entries, &["hT9b77pie", "hT9c77pie", "203.0.113.9", "zelda", "quist", "k3jx9q"]);
}

#[test]
fn what_somebody_was_sent_stands_behind_any_word_for_it() {
    let id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    let names = [
        "reset-password",
        "reset_password",
        "resetPassword",
        "password-reset",
        "confirm-email",
        "confirmEmail",
        "email-confirmation",
        "activation",
        "activateAccount",
        "join",
        "token",
        "verify",
        "verify-otp",
        "VerifyOtp",
        "invite",
        "magic-link",
        "sessions",
    ];
    let secrets = [id, "aB3xK9qZ71", "482193", "482193aB3xK9"];
    let entries: Vec<Value> = names.iter().flat_map(|name| secrets.map(|secret| get(&format!("{APP}/{name}/{secret}")))).collect();
    gone("sent", &entries, &secrets);
    let reports = reports("sent-reports", &entries);
    for secret in secrets {
        assert!(!reports.contains(secret), "{secret} is shown");
    }
    // The same wherever it stands, and no word is one.
    gone("sent-elsewhere", &[get(&format!("{APP}/reset-password/{id}")), remark(&format!("it is {id}"))], &[id]);
    stays(
        "sent-words",
        &[get(&format!("{APP}/reset-password/done/1")), get(&format!("{APP}/token-service/v1/{id}"))],
        &["/reset-password/done/1", id],
    );
}
