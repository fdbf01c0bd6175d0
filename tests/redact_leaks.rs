//! What `entrace redact` once let through, or was brought down by: each test plants a value in a capture as it was
//! found there, and looks for it in what comes out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use program::{entrace, fixture};
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

const CAPTURE: &str = "wrong-password.v4.devtools-full.har";
const APP: &str = "https://app.contoso.example";
const LOGIN: &str = "https://login.microsoftonline.com/common/login";
/// Makes an entry evidence, so that its bodies are kept.
const REPLY: &str = "?code=0.AXzz9Qkzz9Qkzz9Qkzz9Qk&state=abc123def";

fn get(url: &str) -> Value {
    json!({
        "startedDateTime": "2026-11-20T14:42:31.000Z", "time": 5, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 1},
        "request": {"method": "GET", "url": url, "httpVersion": "h2", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 200, "statusText": "OK", "httpVersion": "h2", "headers": [], "cookies": [], "redirectURL": "",
                     "content": {"size": 0, "mimeType": "text/plain"}, "headersSize": -1, "bodySize": 0},
    })
}

fn post(url: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["request"]["method"] = json!("POST");
    entry["request"]["postData"] = json!({"mimeType": "text/plain", "text": body});
    entry
}

fn replied(url: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["response"]["content"]["text"] = json!(body);
    entry
}

fn with_header(name: &str, value: &str) -> Value {
    let mut entry = get(APP);
    entry["request"]["headers"] = json!([{"name": name, "value": value}]);
    entry
}

/// A remark of the person who recorded, in which a value stands that its name does not tell.
fn remark(text: &str) -> Value {
    let mut entry = get(APP);
    entry["comment"] = json!(text);
    entry
}

fn redact(test: &str, entries: &[Value], options: &[&str]) -> (Output, String) {
    let mut capture: Value = serde_json::from_slice(&fixture(CAPTURE)).unwrap();
    capture["log"]["entries"].as_array_mut().unwrap().extend_from_slice(entries);
    let file = |end: &str| std::env::temp_dir().join(format!("entrace-leaks-{test}-{}{end}.har", std::process::id()));
    let (source, target) = (file(""), file("-out"));
    fs::write(&source, capture.to_string()).unwrap();
    let output = entrace().arg("redact").args(options).arg(&source).arg("--output").arg(&target).output().unwrap();
    let text = fs::read_to_string(&target).unwrap_or_default();
    let _ = (fs::remove_file(&source), fs::remove_file(&target));
    (output, text)
}

/// What is left of the added entries, as text without escapes of JSON that are not needed.
#[track_caller]
fn gone_from(test: &str, entries: &[Value], options: &[&str], values: &[&str]) {
    let (output, text) = redact(test, entries, options);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let text = har.to_string();
    for value in values {
        assert!(!text.contains(value), "{value} is left");
    }
}

#[track_caller]
fn gone(test: &str, entries: &[Value], values: &[&str]) {
    gone_from(test, entries, &[], values);
}

/// What somebody needs who is to help.
#[track_caller]
fn stays(test: &str, entries: &[Value], values: &[&str]) {
    let (output, text) = redact(test, entries, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let text = har.to_string();
    for value in values {
        assert!(text.contains(value), "{value} is lost");
    }
}

/// A refused silent sign-in of an application of a tenant.
fn refused_silently(tenant: &str, app: &str) -> Value {
    let mut entry = get(&format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?client_id=379a2321-4f24-4e45-81e9-85f7b492cbfe&response_type=code&prompt=none&redirect_uri=https%3A%2F%2F{app}%2Flogin&state=abc123def"
    ));
    entry["response"]["status"] = json!(302);
    let reply = "error=login_required&error_description=AADSTS50058%3a+A+silent+sign-in+request+was+sent+but+no+user+is+signed+in.+Timestamp%3a+2026-11-20+14%3a43%3a47Z&state=abc123def";
    entry["response"]["headers"] = json!([{"name": "Location", "value": format!("https://{app}/login?{reply}")}, {"name": "Date", "value": "Fri, 20 Nov 2026 14:43:47 GMT"}]);
    entry
}

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
fn what_a_second_factor_came_to() {
    let answered = |result: &str, code: u32| {
        let body = json!({"Success": false, "ResultValue": result, "ErrCode": code, "Retry": code == 0});
        replied("https://login.microsoftonline.com/common/SAS/EndAuth", &body.to_string())
    };
    let entries = [
        get("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=379a2321-4f24-4e45-81e9-85f7b492cbfe"),
        answered("AuthenticationPending", 0),
        answered("PhoneAppDenied", 500121),
    ];
    stays("second-factor", &entries, &["AuthenticationPending", "PhoneAppDenied", "500121"]);
}

#[test]
fn credentials_of_an_address_elsewhere() {
    gone("userinfo", &[get("https://ada:hT9vo2QiM6@app.contoso.example/"), remark("it is hT9vo2QiM6")], &["hT9vo2QiM6"]);
}

#[test]
fn the_password_of_basic_authentication_elsewhere() {
    let header = format!("Basic {}", STANDARD.encode("svc:hT9YtuQ6Xx"));
    gone("basic", &[with_header("Authorization", &header), remark("it is hT9YtuQ6Xx")], &["hT9YtuQ6Xx"]);
}

#[test]
fn keys_in_paths() {
    let urls =
        ["/p;jsessionid=cBwcUz8eqhQF", "/verify/OgoTEmm8vCd16BBbfwO6cg", "/invite/ad20bd0470f114e4d8f2d16f", "/#l9yM087pYLNxlH1iHvNg3B"];
    let entries: Vec<Value> = urls.iter().map(|url| get(&format!("{APP}{url}"))).collect();
    gone("paths", &entries, &["cBwcUz8eqhQF", "OgoTEmm8vCd16BBbfwO6cg", "ad20bd0470f114e4d8f2d16f", "l9yM087pYLNxlH1iHvNg3B"]);
}

#[test]
fn ids_and_names_of_people_in_paths() {
    let id = "8a6ca22b-35cb-4708-a508-68720136b9d6";
    let entries = [
        get(&format!("https://graph.microsoft.com/v1.0/users/{id}/memberOf")),
        get(&format!("{APP}/v2.0/users/{id}/oauth2/x")),
        get("https://contoso-my.sharepoint.com/personal/zelda_q_contoso_example/Documents"),
    ];
    gone("people", &entries, &[id, "zelda_q"]);
}

#[test]
fn an_id_in_an_app_path_does_not_keep_a_session() {
    let id = "9a5a64c1-2fdb-4a95-a05f-fcba36dfa1c5";
    gone("kept", &[get(&format!("{APP}/oauth2/callback/{id}")), with_header("Cookie", &format!("session={id}"))], &[id]);
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
fn what_stands_behind_an_ampersand_in_escaped_text() {
    let entries = [
        get(&format!("{APP}/a%20b&zelda@contoso.example/x")),
        get("https://x%20y&hT9vo2QiM7@app.contoso.example/"),
        remark("x%20y&ada.q@contoso.example, and x%20y=1&nora@contoso.example"),
        remark("it is x y&hT9vo2QiM7"),
    ];
    gone("ampersand", &entries, &["zelda@", "ada.q@", "nora@", "hT9vo2QiM7"]);
}

#[test]
fn escaped_text_outside_addresses() {
    let token = format!("eyJhbGciOiJub25lIn0.{}.c2lnbmF0dXJlMDEyMzQ1Njc4OQ", STANDARD.encode(r#"{"upn":"zelda"}"#).trim_end_matches('='));
    let entries = [
        remark(&format!("Bearer%20{token}")),
        remark("https%3A%2F%2Fapp.contoso.example%2F%3Faccess_token%3DQ9Cm1CkBfrne%26x%3D1"),
        remark("call %2B14255557942"),
    ];
    gone("escaped", &entries, &["c2lnbmF0dXJlMDEyMzQ1Njc4OQ", "Q9Cm1CkBfrne", "5557942"]);
}

#[test]
fn names_in_other_letters() {
    let token = format!("e30.{}.x", STANDARD.encode("{\"name\":\"J\u{fc}rgen M\u{fc}lvuyw\"}").trim_end_matches('='));
    let entries = [
        post(LOGIN, &format!("id_token={token}")),
        remark("JÜRGEN MÜLVUYW"),
        remark("M\u{fc}lvuyw, Jürgen"),
        get(&format!("{APP}/J%FCrgen%20M%FClvuyw")),
    ];
    gone("names", &entries, &["MÜLVUYW", "M\u{fc}lvuyw", "lvuyw"]);
}

#[test]
fn what_recorders_add() {
    let mut entry = get(APP);
    entry["timings"]["comment"] = json!("zelda@contoso.example");
    entry["_entrace"] = json!({"label": "zelda@contoso.example"});
    entry["_token"] = json!("hT96ENiVjg");
    entry["_otp"] = json!(493_817);
    entry["_extra"] = json!(r#"{"password":"hT9XjlK1u3"}"#);
    entry["_initiator"] =
        json!({"url": "blob:https://app.contoso.example/?access_token=DCp2ascjT362", "stack": "webpack-internal:///x?token=DCp2ascjT362"});
    gone("members", &[entry], &["zelda", "hT96ENiVjg", "493817", "hT9XjlK1u3", "DCp2ascjT362"]);
}

#[test]
fn short_secrets_as_numbers_and_codes_without_letters() {
    let entries =
        [post(LOGIN, r#"{"password":74600}"#), get(&format!("{APP}/cb?code=76652446")), get(&format!("{APP}/login?u=z&p=hT9J7pwOEp"))];
    gone("numbers", &entries, &["74600", "76652446", "hT9J7pwOEp"]);
}

#[test]
fn a_code_that_holds_the_letters_of_an_error() {
    let code = "Zqv7xT3m_AADSTS50058_Kx29ZjQw81Lp";
    gone("code", &[get(&format!("{APP}/cb?code={code}&state=abc123def")), remark(&format!("it is {code}"))], &["Zqv7xT3m", "Kx29ZjQw81Lp"]);
    // A member of that name may hold the message of an error as well.
    let message = "AADSTS50058: no user is signed in";
    let (output, text) = redact("message", &[replied(&format!("{APP}/t{REPLY}"), &json!({"code": message}).to_string())], &[]);
    assert!(output.status.success() && text.contains(message));
}

#[test]
fn keys_of_the_token_cache() {
    let account = "4b9ecba2-5e1a-43eb-a0df-a45f906126a0";
    let body = format!(
        r#"{{"{account}.9e315e98-45b8-42e2-a06a-343557ef6bb3-login.windows.net-accesstoken":1,"s":{{"9rHA8kfmOsyhkp0mF8LQA3YC":true}}}}"#
    );
    gone("cache", &[post(&format!("{APP}/t{REPLY}"), &body)], &[account, "9rHA8kfmOsyhkp0mF8LQA3YC"]);
}

#[test]
fn what_assertions_and_usernametokens_say_elsewhere() {
    let saml = r#"<Response><Assertion><AttributeStatement><Attribute Name="http://schemas.microsoft.com/identity/claims/displayname"><AttributeValue>Zelda Fihcpbcx</AttributeValue></Attribute></AttributeStatement></Assertion></Response>"#;
    let soap =
        "<Envelope><UsernameToken><Username>zelda.q@contoso.example</Username><Password>hT9NDUF2rZ</Password></UsernameToken></Envelope>";
    let url = format!("{APP}/acs{REPLY}");
    let saml = STANDARD.encode(saml).replace('+', "%2B").replace('=', "%3D");
    let entries = [post(&url, &format!("SAMLResponse={saml}")), post(&url, soap), remark("Zelda Fihcpbcx hT9NDUF2rZ")];
    gone("saml", &entries, &["Fihcpbcx", "hT9NDUF2rZ", "zelda.q"]);
}

#[test]
fn bodies_that_are_dropped_are_looked_into() {
    let entries = [
        post(&format!("{APP}/login"), "username=z&password=hT91TL8cfX"),
        replied("https://graph.microsoft.com/v1.0/me", r#"{"displayName":"Zelda Quxftybz"}"#),
        remark("hT91TL8cfX of Zelda Quxftybz"),
    ];
    gone("dropped", &entries, &["hT91TL8cfX", "Quxftybz"]);
}

#[test]
fn wide_letters_in_base64() {
    let wide: Vec<u8> = "hT92VVgq4K".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let coded = STANDARD.encode(wide);
    gone("wide", &[post(LOGIN, "login=z&passwd=hT92VVgq4K"), remark(&format!("v {coded}"))], &[coded.as_str()]);
}

#[test]
fn bodies_that_are_kept() {
    let mut wide = get(APP);
    let text: Vec<u8> = "zelda@contoso.example".encode_utf16().flat_map(u16::to_le_bytes).collect();
    wide["response"]["content"] = json!({"size": 0, "mimeType": "text/plain", "encoding": "base64", "text": STANDARD.encode(text)});
    let mut socket = get(APP);
    socket["_webSocketMessages"] =
        json!([{"type": "send", "time": 1, "opcode": 1, "data": "{\"password\":\"hT9gqqCK3y\"}\u{1e}{\"password\":\"hT9gqqCK3y\"}"}]);
    let entries = [
        wide,
        socket,
        replied(APP, r#"cb({"password":"hT99x6nwhB"})"#),
        replied(APP, r#"var _spPageContextInfo={"userDisplayName":"Zeldrina","webTitle":"Home"};"#),
        replied(APP, ")]}',\n{\"password\":\"hT9jw54xVc\"}"),
        replied(APP, r#"<form><input type="hidden" name="csrf_token" value="Vn74l1u6IUU8fwXn"></form>"#),
    ];
    gone_from(
        "bodies",
        &entries,
        &["--keep-bodies"],
        &["z\\u0000e\\u0000l", "Zeldrina", "hT9gqqCK3y", "hT99x6nwhB", "hT9jw54xVc", "Vn74l1u6IUU8fwXn"],
    );
}

#[test]
fn addresses_of_version_six_and_phones_with_other_separators() {
    let entries = [
        get("http://[2a02:8109:f9bb:1::77]:8080/x"),
        remark("+1.425.555.7813"),
        remark("+49/30/552835"),
        remark("o'zgcue@contoso.example"),
    ];
    gone("machines", &entries, &["2a02:8109", "7813", "2835", "o'"]);
}

#[test]
fn a_word_under_name_stays_elsewhere() {
    let body = r#"[{"name":"Referer"},{"name":"authorize"}]"#;
    let (output, text) = redact("words", &[post(&format!("{APP}/t{REPLY}"), body), with_header("Referer", APP)], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(r#""name":"Referer""#) && text.contains("/authorize?"));
}

#[test]
fn hostile_text_ends() {
    let entries = [
        remark(&"/".repeat(100_000)),
        get(&format!("{APP}/?message={}", "a%3D".repeat(50_000))),
        get(&format!("{APP}/?{}", "redirect_uri=https://a/?".repeat(10_000))),
        get(&format!("{APP}/?{}", "wctx=".repeat(20_000))),
        get(&format!("{APP}/?message={}%{}41", "a=".repeat(60), "25".repeat(60))),
        replied(APP, &format!("password={}", "\"password=".repeat(5_000))),
        replied(APP, &"cookie: authorization: password: ".repeat(50_000)),
        replied(APP, &"eyJ.@a.b1:::".repeat(50_000)),
        replied(APP, &"code:\\\"x:'\\\\\"".repeat(50_000)),
        replied(&format!("{APP}/t{REPLY}"), &format!("<script>{}", "x={\"aadsts\\\"'".repeat(50_000))),
    ];
    gone_from("hostile", &entries, &["--keep-bodies"], &[]);
}

#[test]
fn bodies_that_are_written_as_json_and_not_as_text() {
    let mut entry = get(&format!("{APP}/items"));
    entry["response"]["content"]["text"] = json!({"owner": "Zelda keeps wq8mPz", "list": ["wq8mPz"]});
    entry["request"]["postData"] = json!({"mimeType": "application/json", "text": {"note": "wq8mPz"}});
    gone("json", &[entry.clone()], &["wq8mPz"]);
    gone_from("json-kept", &[entry], &["--keep-bodies"], &["wq8mPz"]);
}

/// An error reply, whose text stays.
fn refused_by_api(text: &str) -> Value {
    let mut entry = replied(&format!("{APP}/api"), &json!({"error": {"code": "Unauthorized", "message": text}}).to_string());
    entry["response"]["status"] = json!(401);
    entry["response"]["headers"] = json!([{"name": "WWW-Authenticate", "value": "Bearer"}]);
    entry
}

/// What stands around values in prose, with the value as `¤`.
const SURROUNDINGS: &[&str] = &[
    "¤?",
    "¤'s",
    "„¤“",
    "「¤」",
    "（¤）",
    "«¤»",
    "**¤**",
    "*¤*",
    "_¤_",
    "#¤#",
    "$¤$",
    "¤…",
    "–¤–",
    "→¤→",
    "\u{200b}¤\u{200b}",
    r"x\n¤\nTel",
    r"x\t¤\t",
    r#"{\"u\":\"¤\"}"#,
    r"x\\n¤\\n",
    "x/¤/y",
    "x:¤:y",
    "x=¤",
    "x=¤&y=¤",
    "x&¤&y",
    "＊¤",
    "mail:¤",
    "a=b/¤",
    "(¤)",
    "<¤>",
    "¤!",
];

#[test]
fn people_beside_any_letter() {
    let text = |name: &str| SURROUNDINGS.iter().map(|around| around.replace('¤', name)).collect::<Vec<_>>().join(" and ");
    let accounts =
        format!("AADSTS50105: no {} mailto:zelda.q@contoso.example?subject=x zelda.q&#64;contoso.example", text("zelda.q@contoso.example"));
    let addresses =
        format!("AADSTS53003: from {} 203.0.113.77-443 203.0.113.77#53 203.0.113.77_4711 203.0.113.77:443", text("203.0.113.77"));
    let sixes = format!("AADSTS53003: from {} 2a02:8109:f9bb:1::77/64 2a02:8109:f9bb:1::77%en0", text("2a02:8109:f9bb:1::77"));
    let paths = ["/zelda.q@contoso.example_1", "/to:zelda.q@contoso.example", "/*zelda.q@contoso.example*"];
    let mut entries: Vec<Value> = [accounts, addresses, sixes].iter().map(|text| refused_by_api(text)).collect();
    entries.extend(paths.iter().map(|path| get(&format!("{APP}{path}"))));
    gone("beside", &entries, &["zelda", "203.0.113", "2a02:8109"]);
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

/// What a program knew when an error came up.
const KNOWN: &str = r#""user":{"name":"Zelda Quist","phone":"0171 5550199"},"sessionId":"k3jx9q2mzz81","pin":482177,"refresh_token":"rtAAbb1122","x":"AADSTS50105: no""#;
const KNOWN_VALUES: &[&str] = &["Zelda Quist", "0171 5550199", "k3jx9q2mzz81", "482177", "rtAAbb1122"];

#[test]
fn the_state_of_a_program_beside_an_error() {
    let page = |script: &str| {
        let mut entry = replied(&format!("{APP}/cb?error=access_denied&state=abc12345678"), "");
        entry["response"]["status"] = json!(500);
        entry["response"]["content"] = json!({"size": 0, "mimeType": "text/html", "text": format!("<html><h1>Sorry</h1>{script}</html>")});
        entry
    };
    let plain = |text: &str| {
        let mut entry = refused_by_api("");
        entry["response"]["content"]["text"] = json!(text);
        entry
    };
    let entries = [
        page(&format!("<script>window.__STATE__={{\"error\":\"AADSTS50105: blocked\",{KNOWN}}}</script>")),
        page("<script>var s={error:'AADSTS50105: can\\'t',sessionId:'k3jx9q2mzz81',name:'Zelda Quist'}</script>"),
        page(&format!("<script>var s={}</script>", Value::from(format!("{{\"error\":\"AADSTS50105: blocked\",{KNOWN}}}")))),
        plain(&format!(")]}}',\n{{\"error\":\"AADSTS50105: no\",{KNOWN}}}")),
        plain(&format!("{{\"error\":\"AADSTS50105: no\",{KNOWN}")),
        plain(&format!("data: {{\"error\":\"AADSTS50105: no\",{KNOWN}}}\n\n")),
        plain(&format!("2026-11-20 ERROR AADSTS50105: no {{{KNOWN}}}")),
        plain("2026-11-20 ERROR sessionId=k3jx9q2mzz81 AADSTS50105: no"),
    ];
    let (output, text) = redact("state", &entries, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!KNOWN_VALUES.iter().any(|value| text.contains(value)));
    // The errors stay.
    assert!(text.contains("AADSTS50105: blocked") && text.contains("AADSTS50105: can"));
}

#[test]
fn secrets_in_the_text_of_an_error() {
    let nested = Value::from(format!("{{{KNOWN}}}")).to_string();
    let entries = [
        refused_by_api(&format!("AADSTS50126: upstream {{{KNOWN}}}")),
        refused_by_api(&format!("AADSTS50126: upstream {nested}")),
        refused_by_api(
            "AADSTS50126: Authorization: Basic Z2hvcHBlcjpSaHVi; Cookie: s=k3jx9q2mzz82; AccountKey=Eby8vdM02xNO/PLlmEtlCDX/J1OUzFT==",
        ),
        refused_by_api("AADSTS50126: {'password': 'hT9r!77pie', \"token\":\"rtAAbb1133"),
        refused_by_api("AADSTS50126: got\npassword: hT9s!88pie\nx-api-key: k3jx9q2mzz83\n"),
    ];
    gone("text", &entries, KNOWN_VALUES);
    gone("lines", &entries, &["Z2hvcHBlcjpSaHVi", "k3jx9q2mzz8", "PLlmEtlCDX", "hT9r", "hT9s", "rtAAbb1133"]);
}

#[test]
fn the_text_of_an_error_stays() {
    let message = "AADSTS50056: Invalid or null password: password does not exist for 'client_id': 'x'. Authorization: none.                    invalid_token: The token expired. Trace ID: 1d4efcd6-1128-475b-a69b-34026272cf00 Timestamp: 2026-11-20 14:42:29Z";
    let (output, text) = redact("stays", &[refused_by_api(message)], &[]);
    assert!(output.status.success() && text.contains(message));
}

#[test]
fn members_of_exporters() {
    let mut entry = get(APP);
    entry["request"]["_trailers"] = json!([{"name": "x-session", "value": "k3jx9q2mzz81"}, {"name": "Cookie", "value": "s=k3jx9q2mzz82"}]);
    entry["request"]["_raw"] = json!(["GET / HTTP/1.1", "Cookie: s=k3jx9q2mzz83", "Authorization: Basic k3jx9q2mzz84"]);
    entry["request"]["_content"] = json!({"text": "AXB3PVJodWJhcmIhNzc=", "encoding": "base64"});
    entry["request"]["postData"] = json!("pin=4821&note=Zelda Quist");
    entry["_initiator"] = json!({"type": "script", "url": "file:///C:/Users/zquist/App/main.js"});
    entry["_user"] = json!({"name": "Zelda Quist", "phone": 4_917_155_501_999_i64, "userId": 7_788_990_011_i64});
    entry["_title"] = json!("app.contoso.example/verify?otc=493817");
    let values = ["k3jx9q2mzz8", "AXB3PVJodWJhcmIhNzc", "pin=4821", "Quist", "zquist", "4917155501999", "7788990011", "493817"];
    gone("exporters", &[entry], &values);
}

#[test]
fn bodies_that_are_kept_in_other_notations() {
    let soap = "<Envelope><o:Username>zquist</o:Username><o:Password Type=\"x\">hT9a!77</o:Password><access_token>q9x7Zk2LmN4pT6vB8</access_token><SessionId>k3jx9q2mzz81</SessionId><DisplayName>Zelda Quist</DisplayName></Envelope>";
    let page = r#"<div data-page="{&quot;user&quot;:{&quot;displayName&quot;:&quot;Zelda Quist&quot;,&quot;password&quot;:&quot;hT9b!77&quot;}}"></div><script>var s="{\"password\":\"hT9c!88\"}",c={"password":"Rose\"hT9d!99"};</script>"#;
    let parts = "--b1\n--b1\nContent-Disposition: form-data; name=password\n\nhT9e!88\n--b1\nContent-Disposition: form-data; name=\"name\"\n\nZelda Quist\n--b1\nContent-Disposition: form-data; name=\"code\"\n\n493817\n--b1--\n";
    let batch = "--b\r\nContent-Type: application/http\r\n\r\nGET /me HTTP/1.1\r\nAuthorization: Basic Z2hvcHBlcjpSaHViYXJi\r\nCookie: sess=k3jx9q2mzz82\r\n\r\n--b--";
    let entries = [
        replied(APP, soap),
        replied(APP, page),
        post(APP, parts),
        post(APP, &parts.replace('\n', "\r\n")),
        post(APP, batch),
        post(APP, "user[email]=q@contoso.example&user[password]=hT9f!99&user[otp]=493818"),
        replied(APP, ")]}',\n{\"name\":\"Zelda Quist\",\n\"deviceId\":\"k3jx9q2mzz83\"}"),
        replied(APP, "event: a\ndata: {\"oid\":\"7d2a9f10-3b1c-4c55-9f20-1a2b3c4d5e6f\",\"name\":\"Zelda Quist\"}\n\n"),
        replied(APP, "cb({\"name\":\"Zelda Quist\"});"),
        replied(APP, "user: x\npassword: hT9g!77pie\nclient_secret: W8~x7Q.kk21\n"),
        replied(APP, "\"k3jx9q2mzz84\""),
        replied(APP, r#"<meta name="csrf-token" content="9d8f7a6s5d4f"><input type="password" value="hT9h#44zz">"#),
    ];
    let values =
        ["zquist", "Quist", "hT9", "q9x7Zk2L", "k3jx9q2mzz8", "49381", "Z2hvcHBl", "q@contoso", "7d2a9f10", "W8~x7Q", "9d8f7a6s5d4f"];
    gone_from("notations", &entries, &["--keep-bodies"], &values);
}

#[test]
fn phones_beside_escapes() {
    gone("phones", &[refused_by_api(r"AADSTS50105: call\n+49 171 5550199\n or \u003c+49 171 5550198\u003e")], &["5550199", "5550198"]);
}

/// A number that is replaced becomes a text, and what it stands in stays JSON.
#[test]
fn numbers_in_json_that_is_kept() {
    let entries = [post(LOGIN, "login=z&otc=493817"), replied(APP, r#"{"message":"{\"a\":493817}","expires_in":493817,"list":[493817]}"#)];
    let (output, text) = redact("json-numbers", &entries, &["--keep-bodies"]);
    assert!(output.status.success() && !text.contains("493817"));
    let har: Value = serde_json::from_str(&text).unwrap();
    let body = har["log"]["entries"].as_array().unwrap().last().unwrap()["response"]["content"]["text"].as_str().unwrap();
    let json: Value = serde_json::from_str(body).unwrap();
    assert_eq!(json["expires_in"], json!("redacted-one-time-code-1"));
}

/// A body that is no more must not read as one that was never there, nor as one that is.
#[test]
fn what_became_of_each_body_is_told() {
    let mut damaged = get(&format!("{LOGIN}{REPLY}"));
    damaged["response"]["content"] = json!({"size": 9, "mimeType": "text/html", "encoding": "base64", "text": "%%%"});
    let (output, text) = redact("parts", &[damaged, post(&format!("{APP}/a"), "x"), replied(&format!("{APP}/b"), "y")], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    let told: Vec<&Value> = entries.iter().rev().take(3).rev().map(|entry| &entry["_entrace"]["parts"]).collect();
    let expected = [json!({"response.body": "damaged"}), json!({"request.body": "stripped"}), json!({"response.body": "stripped"})];
    assert_eq!(told, expected.iter().collect::<Vec<_>>());
    assert!(entries.iter().rev().nth(2).unwrap()["response"]["content"].get("text").is_none());
}
