//! Headers and cookies.

use crate::{APP, REPLY, get, gone, redact, remark, replied, stays, with_header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

#[test]
fn ids_of_requests_stay_where_they_have_the_form_of_one() {
    const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let ids: Vec<String> = (10..20).map(|number| format!("1d4efcd6-1128-475b-a69b-34026272cf{number}")).collect();
    let names = [
        "request-id",
        "client-request-id",
        "x-ms-request-id",
        "x-ms-correlation-id",
        "x-correlation-id",
        "x-request-id",
        "SPRequestGuid",
        "mise-correlation-id",
        "x-ms-client-request-id",
    ];
    let mut entry = replied(
        &format!("https://graph.microsoft.com/v1.0/me{REPLY}"),
        &json!({"error": {"code": "InvalidAuthenticationToken", "innerError": {"date": "2026-11-20T14:43:47", "request-id": ids[9]}}})
            .to_string(),
    );
    let headers = names.iter().zip(&ids).map(|(name, id)| json!({"name": name, "value": id}));
    entry["response"]["headers"] = headers.chain([json!({"name": "traceparent", "value": TRACE})]).collect();
    let mut kept: Vec<&str> = ids.iter().map(String::as_str).collect();
    kept.extend([TRACE, "2026-11-20T14:43:47"]);
    stays("request-ids", &[entry], &kept);

    // Whoever wrote the application may have put anything there.
    let named = |name: &&str| with_header(name, &format!("zelda-{name}"));
    let mut entries: Vec<Value> = names.iter().chain(&["traceparent"]).map(named).collect();
    entries
        .push(replied(&format!("{APP}/t{REPLY}"), r#"{"date":"1985-03-07","requestId":"zelda","born":{"date":"1985-03-08T00:00:00Z"}}"#));
    gone("no-request-ids", &entries, &["zelda", "1985-03-07", "1985-03-08"]);
    // And what is a session in one place is one in the other.
    let session = "7b1efcd6-1128-475b-a69b-34026272cf77";
    gone("session-request-id", &[with_header("x-correlation-id", session), with_header("Cookie", &format!("sid={session}"))], &[session]);
}

#[test]
fn what_is_random_in_the_names_of_cookies() {
    const RANDOM: &str = "oJ3gQ9dZk2LmN4pT6vB8wXyZ0aBcDeFgHiJkLmNoP1Q";
    let beginnings = [".AspNetCore.Correlation.", ".AspNetCore.OpenIdConnect.Nonce.", "esctx-"];
    for beginning in beginnings {
        let mut set = get(APP);
        set["response"]["headers"] = json!([{"name": "Set-Cookie", "value": format!("{beginning}{RANDOM}=N; path=/; secure")}]);
        let sent = with_header("Cookie", &format!("{beginning}{RANDOM}=N"));
        let (output, text) = redact(&format!("cookies{beginning}"), &[set, sent], &[]);
        assert_eq!(output.status.code(), Some(0));
        let har: Value = serde_json::from_str(&text).unwrap();
        let [.., set, sent] = &har["log"]["entries"].as_array().unwrap()[..] else { panic!("no entries") };
        let name_in = |header: &Value| header["value"].as_str().unwrap().split('=').next().unwrap().to_owned();
        let name = name_in(&set["response"]["headers"][0]);
        assert!(!text.contains(RANDOM) && name.starts_with(&format!("{beginning}redacted-opaque-")), "{name}");
        assert_eq!(name_in(&sent["request"]["headers"][0]), name);
    }
}

#[test]
fn the_password_of_basic_authentication_elsewhere() {
    let header = format!("Basic {}", STANDARD.encode("svc:hT9YtuQ6Xx"));
    gone("basic", &[with_header("Authorization", &header), remark("it is hT9YtuQ6Xx")], &["hT9YtuQ6Xx"]);
}

#[test]
fn a_cookie_decoded_elsewhere() {
    gone("cookie", &[with_header("Cookie", "sid=M9kk6Tlhg%2FL68xXl9pO%3D"), remark("sid M9kk6Tlhg/L68xXl9pO=")], &["M9kk6Tlhg"]);
}

#[test]
fn hexadecimal_keys_and_sessions_of_headers_elsewhere() {
    let (key, id) = ("5237e6f8f98015626d191fa1a173a9d4", "bac4a96e-c49d-4c6d-a555-0cb9997af487");
    let entries = [with_header("x-api-key", key), with_header("x-session-id", id), remark(&format!("{key} {id}"))];
    gone("headers", &entries, &[key, id]);
}

#[test]
fn cookies_that_are_joined_with_commas() {
    let line = "a=1; path=/,FedAuth=77u/PD94bWwg/Pz48U1A+; path=/,PHPSESSID=k3jx9q2mzz81; path=/, short=0.AXk3jx9q2mzz82; path=/; expires=Fri, 19-Feb-2027 14:43:47 GMT, user=zelda; path=/";
    let mut entry = get(APP);
    entry["response"]["headers"] = json!([{"name": "set-cookie", "value": line}]);
    let (output, text) = redact("joined", &[entry], &[]);
    assert!(output.status.success());
    assert!(!["PD94bWwg", "k3jx9q2mzz81", "k3jx9q2mzz82", "zelda"].iter().any(|value| text.contains(value)));
    // Names, attributes and dates stay.
    assert!(text.contains("expires=Fri, 19-Feb-2027 14:43:47 GMT, user=") && text.contains("PHPSESSID=redacted-cookie-"));
}

#[test]
fn sessions_without_cookies() {
    gone("cookieless", &[get(&format!("{APP}/(S(lit3py55t21z5v55vlm25s55))/default.aspx"))], &["lit3py55"]);
}

#[test]
fn headers_of_other_shapes() {
    let mut numbers = get(APP);
    numbers["request"]["headers"] = json!({"X-OTP": 493_817, "X-Phone": 4_917_155_501_999_i64});
    let mut challenge = get(APP);
    let value = "Negotiate YIIkmWWzz9Qk, NTLM TlRMTVNTUAACAAAADgAOADgAAAAVgoniQwBPAE4=, Bearer realm=\"x\"";
    challenge["response"]["headers"] = json!([{"name": "WWW-Authenticate", "value": value}]);
    let entries =
        [numbers, challenge, with_header("Authorization", "k3jx9q2mzz81 "), with_header("Authorization", "quistword k3jx9q2mzz82")];
    gone("shapes", &entries, &["493817", "4917155501999", "TlRMTVNT", "YIIkmWW", "k3jx9q2mzz81", "quistword", "k3jx9q2mzz82"]);
}

#[test]
fn names_of_machines_on_the_way() {
    let (output, text) = redact("via", &[with_header("Via", "1.1 PROXY-FRA01 (squid/5.7), 2 varnish"), remark("by PROXY-FRA01")], &[]);
    assert!(output.status.success() && !text.contains("PROXY-FRA01"));
    assert!(text.contains("1.1 redacted-device-1 (squid/5.7), 2 varnish"));
}
