//! What a word is, and where a name or password of one word stands.

use crate::{
    APP, LOGIN, REPLY, SURROUNDINGS, get, gone, gone_from, post, redact, refused_by_api, refused_silently, remark, replied, stays,
    with_header,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

#[test]
fn the_name_of_an_organisation_is_no_persons() {
    let host = "app.zenvora.example";
    let tenants = r#"{"value":[{"tenantId":"0a8d399d-d43c-4134-a6cd-a5b5f6df0467","displayName":"Zenvora"}]}"#;
    let entries = [
        refused_silently("zenvora.onmicrosoft.example", host),
        replied("https://management.azure.com/tenants", tenants),
        remark("Zenvora GmbH, see Zenvora Sales"),
    ];
    stays("organisation", &entries, &["/zenvora.onmicrosoft.example/", "app.zenvora.example", "Zenvora GmbH, see Zenvora Sales"]);
    // A person of that name is one, but no part of a host.
    let person = r#"{"displayName":"Zenvora","userPrincipalName":"z@contoso.example"}"#;
    let entries = [refused_silently("common", host), replied("https://graph.microsoft.com/v1.0/me", person), remark("Hello Zenvora!")];
    stays("organisation-person", &entries, &["app.zenvora.example", "Hello redacted-name-1!"]);
}

#[test]
fn words_of_the_protocol_are_not_sought() {
    for word in ["Login", "Microsoft", "Error", "Portal", "Chrome", "Admin"] {
        let person = json!({"displayName": word, "userPrincipalName": "z@contoso.example"}).to_string();
        let user_agent = "Mozilla/5.0 Chrome/130.0 portal login error admin microsoft";
        let entries = [
            refused_silently("common", "portal.contoso.example"),
            replied("https://graph.microsoft.com/v1.0/me", &person),
            with_header("User-Agent", user_agent),
        ];
        stays(&format!("word-{word}"), &entries, &["https://login.microsoftonline.com/common/", "error=login_required", user_agent]);
    }
    for password in ["secret", "password", "login", "silent", "client_secret", "response"] {
        let entries = [
            refused_silently("common", "app.contoso.example"),
            post(LOGIN, &format!("login=z&passwd={password}")),
            post(LOGIN, &format!("grant_type=client_credentials&client_secret={password}")),
            remark("Invalid client secret provided"),
        ];
        stays(
            &format!("password-{password}"),
            &entries,
            &["A+silent+sign-in+request", "client_secret=redacted-", "client secret provided"],
        );
    }
}

#[test]
fn years_are_not_sought_and_longer_numbers_are() {
    let entries = [refused_silently("common", "app.contoso.example"), post(&format!("{APP}/pin"), r#"{"otp":"2026"}"#)];
    stays("year", &entries, &["2026-11-20+14%3a43%3a47Z", "Fri, 20 Nov 2026 14:43:47 GMT"]);
    gone("number", &[post(&format!("{APP}/pin"), r#"{"otp":"493816"}"#), remark("it is 493816.")], &["493816"]);
}

#[test]
fn a_name_or_password_of_one_word_elsewhere() {
    let person = r#"{"displayName":"Quxftybz","mail":"z@contoso.example"}"#;
    let entries = [
        replied("https://graph.microsoft.com/v1.0/me", person),
        post(LOGIN, "login=z&passwd=vornlibet"),
        remark("Hi QUXFTYBZ. It was 'vornlibet', n=Quxftybz&p=vornlibet"),
    ];
    gone("one-word", &entries, &["QUXFTYBZ", "Quxftybz", "vornlibet"]);
    // Of two names together.
    let person = r#"{"givenName":"Zeldrina","surname":"Quxftybz","userPrincipalName":"z@contoso.example"}"#;
    let places = ["/u/zeldrina.quxftybz", "/u/quxftybz_zeldrina/x", "/zeldrina-quxftybz"].map(|path| get(&format!("{APP}{path}")));
    let mut entries = vec![replied("https://graph.microsoft.com/v1.0/me", person)];
    entries.extend(places);
    gone("two-names", &entries, &["zeldrina", "quxftybz"]);
}

#[test]
fn short_secrets_as_numbers_and_codes_without_letters() {
    let entries =
        [post(LOGIN, r#"{"password":74600}"#), get(&format!("{APP}/cb?code=76652446")), get(&format!("{APP}/login?u=z&p=hT9J7pwOEp"))];
    gone("numbers", &entries, &["74600", "76652446", "hT9J7pwOEp"]);
}

#[test]
fn a_word_under_name_stays_elsewhere() {
    let body = r#"[{"name":"Referer"},{"name":"authorize"}]"#;
    let (output, text) = redact("words", &[post(&format!("{APP}/t{REPLY}"), body), with_header("Referer", APP)], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(r#""name":"Referer""#) && text.contains("/authorize?"));
}

#[test]
fn secrets_beside_any_letter() {
    let payload = STANDARD.encode(r#"{"sub":"abcdefghijkl","exp":1}"#);
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{payload}.c2lnbmF0dXJlMDEyMzQ1Njc4OQ");
    let key = "1.AVkAbCdEf-0123.456789GhIjKl0123456789MnOpQr.AgABAw";
    let address = "https://app.contoso.example/cb?code=M.C5-xy77q&sid=k3jx9q";
    for (test, value, part) in
        [("tokens", token.as_str(), "c2lnbmF0dXJl"), ("keys", key, "456789GhIjKl"), ("addresses", address, "C5-xy77q")]
    {
        let entries: Vec<Value> =
            SURROUNDINGS.iter().map(|around| refused_by_api(&format!("AADSTS50013: {}", around.replace('¤', value)))).collect();
        gone(test, &entries, &[part, payload.as_str(), "k3jx9q"]);
    }
}

#[test]
fn pairs_in_prose_behind_a_place() {
    let mut entry = get(APP);
    entry["_title"] = json!("app.contoso.example/verify?otc=493817#sid=k3jx9q2mzz81");
    gone("pairs", &[entry, remark("password=Rhubarb")], &["493817", "k3jx9q2mzz81", "Rhubarb"]);
}

#[test]
fn values_under_a_name_that_says_nothing() {
    let body = r#"[{"fields":[{"key":"fullName","value":"Zelda Quist"},{"key":"password","value":"hT9!77pie"}],"values":["hT9!88pie"],"pin":4821,"userId":48213,"p":"hT9!99pie"}]"#;
    let xml = r#"<r><Customer Value="Zelda Quist" Method="hT9!77pie" ProviderName="Quist"/></r>"#;
    let url = format!("{APP}/api/customers?state=CA");
    let mut context = refused_by_api("");
    context["response"]["content"]["text"] = json!(r#"{"error":"invalid_token","context":[{"key":"session","value":"k3jx9q2mzz81"}]}"#);
    let gone_values = ["Quist", "hT9", "4821", "k3jx9q2mzz81"];
    gone("unnamed", &[replied(&url, body), replied(&url, xml), context, replied(&format!("{APP}/t"), body)], &gone_values);
    gone_from("unnamed-kept", &[replied(&format!("{APP}/t"), body)], &["--keep-bodies"], &gone_values);
}

#[test]
fn a_state_of_words_in_brackets_is_sought() {
    let state = "[zelda quist of the payroll]";
    let entry = get(&format!("{APP}/cb?code=0.AXzz9Qkzz9Qkzz9Qkzz9Qk&state={}", state.replace(' ', "%20")));
    gone("brackets", &[entry, remark(&format!("it was {state}."))], &["zelda"]);
}
