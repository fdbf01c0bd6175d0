//! What `entrace redact` once replaced that had to stay, refused without need, or let through in captures as they are mostly
//! made: each test is a small capture, and what has to come of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use entrace::Knowledge;
use entrace::capture::{self, Document};
use entrace::redact::{self, Options};
use program::{fixture, labelled, password};
use serde_json::{Value, json};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

const APP: &str = "https://app.fabrikam.example";
const TENANT: &str = "ec98250f-d258-4b5a-80b9-798ac22c5670";
const LOGIN: &str = "https://login.microsoftonline.com";
const CORRELATION: &str = "01a1f969-dc51-796c-b5e4-9d6bc95f0f43";

fn get(url: &str) -> Value {
    json!({
        "startedDateTime": "2026-11-20T14:50:07.000Z", "time": 10,
        "request": {"method": "GET", "url": url, "httpVersion": "h2", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1},
        "response": {"status": 200, "statusText": "", "httpVersion": "h2", "headers": [], "cookies": [], "redirectURL": "",
                     "content": {"size": 0, "mimeType": "application/json"}, "headersSize": -1, "bodySize": -1},
    })
}

fn sent(mut entry: Value, name: &str, value: &str) -> Value {
    entry["request"]["headers"].as_array_mut().unwrap().push(json!({"name": name, "value": value}));
    entry
}

fn posted(url: &str, mime: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["request"]["method"] = json!("POST");
    entry["request"]["postData"] = json!({"mimeType": mime, "text": body});
    entry
}

fn received(url: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["response"]["content"]["text"] = json!(body);
    entry
}

/// A refusal of an API, which is evidence.
fn refused(body: &str) -> Value {
    let mut entry = received(&format!("{APP}/api"), body);
    entry["response"]["status"] = json!(401);
    entry["response"]["headers"] = json!([{"name": "WWW-Authenticate", "value": "Bearer"}]);
    entry
}

/// A silent sign-in that fails, and what the application gets, with more parameters of the request.
fn silent(parameters: &str, state: &str) -> Vec<Value> {
    let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
    let mut request = get(&format!(
        "{LOGIN}/{TENANT}/oauth2/v2.0/authorize?client_id=379a2321-4f24-4e45-81e9-85f7b492cbfe&response_type=code&prompt=none&redirect_uri=https%3A%2F%2Fapp.fabrikam.example%2Fcb&state={state}{parameters}"
    ));
    let reply = format!(
        "{APP}/cb?error=login_required&error_description=AADSTS50058%3a+A+silent+sign-in+request+was+sent+but+no+user+is+signed+in.+Trace+ID%3a+d434bdb7-a298-454e-af1c-5ca6cc254f00+Correlation+ID%3a+{CORRELATION}+Timestamp%3a+2026-11-20+14%3a43%3a47Z&state={state}"
    );
    request["response"]["status"] = json!(302);
    request["response"]["headers"] = json!([{"name": "Location", "value": reply}]);
    vec![request, get(&format!("{APP}/cb?error=login_required&state={state}")), sent(get(&format!("{APP}/pages/start")), "Origin", APP)]
}

fn har(entries: &[Value]) -> Vec<u8> {
    json!({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries}}).to_string().into_bytes()
}

fn options(strict: bool, hide_tenant: bool, keep_bodies: bool) -> Options {
    let mut options = Options::default();
    (options.strict, options.hide_tenant, options.keep_bodies) = (strict, hide_tenant, keep_bodies);
    options
}

fn redacted(document: &Document, options: &Options, what: &str) -> Vec<u8> {
    match redact::redact(document, &KNOWLEDGE, options) {
        Ok(redacted) => redacted.har,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// The text of what comes of entries.
#[track_caller]
fn with(entries: &[Value], options: &Options) -> String {
    let document = Document::from_bytes(har(entries), &capture::Options::default()).ok().unwrap();
    let har: Value = serde_json::from_slice(&redacted(&document, options, "the capture")).unwrap();
    har.to_string()
}

#[track_caller]
fn plainly(entries: &[Value]) -> String {
    with(entries, &options(false, false, false))
}

#[track_caller]
fn holds(text: &str, values: &[&str]) {
    for value in values {
        assert!(text.contains(value), "{value} is lost: {text}");
    }
}

#[track_caller]
fn lacks(text: &str, values: &[&str]) {
    for value in values {
        assert!(!text.contains(value), "{value} is left: {text}");
    }
}

/// Applications write where to go back to into `state`, and words of protocols into cookies.
#[test]
fn addresses_and_words_in_state_and_cookies_are_not_sought() {
    for state in [
        APP,
        "https://app.fabrikam.example/pages/start",
        "app.fabrikam.example",
        "/pages/start",
        "https://app.fabrikam.example/cb?error=login_required",
    ] {
        let text = plainly(&silent("", state));
        holds(
            &text,
            &[
                "\"url\":\"https://app.fabrikam.example/pages/start\"",
                "\"value\":\"https://app.fabrikam.example\"",
                "state=redacted-state-1",
            ],
        );
    }
    for cookie in [
        "ReturnUrl=https%3A%2F%2Fapp.fabrikam.example%2Fcb",
        "h=login.microsoftonline.com",
        "provider=oauth2",
        "e=AADSTS50058",
        "e=error=login_required",
        "e=no user is signed in",
    ] {
        let mut entries = silent("", "abc12345678");
        entries.push(sent(get(APP), "Cookie", cookie));
        holds(&plainly(&entries), &["/oauth2/v2.0/", "AADSTS50058", "error=login_required", "no+user+is+signed+in", "=redacted-cookie-1"]);
    }
}

#[test]
fn an_address_in_state_gives_its_parts_to_be_sought() {
    let mut entries = silent("", "https://app.fabrikam.example/pages?code=0.AXzz9Qkzz9Qkzz9Qkzz9Qk");
    entries.push(sent(get(APP), "accept", "text/html 0.AXzz9Qkzz9Qkzz9Qkzz9Qk"));
    lacks(&plainly(&entries), &["0.AXzz9Qk"]);
}

/// A body that is dropped may name addresses that every sign-in needs.
#[test]
fn links_of_a_dropped_body_are_not_sought() {
    let links = format!(
        r#"{{"email":"zoe@contoso.example","links":{{"token":"{LOGIN}/{TENANT}/oauth2/v2.0/token","user":"https://graph.microsoft.com/v1.0/me"}}}}"#
    );
    let mut entries = silent("", "abc12345678");
    entries.extend([
        received(&format!("{APP}/links"), &links),
        get("https://graph.microsoft.com/v1.0/me"),
        get(&format!("{LOGIN}/{TENANT}/oauth2/v2.0/token")),
    ]);
    let text = plainly(&entries);
    holds(&text, &["\"url\":\"https://graph.microsoft.com/v1.0/me\"", "/oauth2/v2.0/token\""]);
    lacks(&text, &["zoe"]);
}

#[test]
fn an_id_that_an_error_names_stays_where_a_cookie_repeats_it() {
    let mut entries = silent("", "abc12345678");
    entries.insert(0, sent(get(APP), "Cookie", &format!("c={CORRELATION}")));
    holds(&plainly(&entries), &[&format!("Correlation+ID%3a+{CORRELATION}"), &format!("c={CORRELATION}")]);
}

/// The receipt tells what this redaction did.
#[test]
fn a_body_that_an_earlier_redaction_dropped_is_not_dropped_again() {
    let mut entries = silent("", "abc12345678");
    entries.extend([posted(&format!("{APP}/log"), "text/plain", "loaded"), received(&format!("{APP}/news"), "none today")]);
    let once = Document::from_bytes(har(&entries), &capture::Options::default()).ok().unwrap();
    let once = redact::redact(&once, &KNOWLEDGE, &Options::default()).ok().unwrap();
    assert_eq!(once.receipt.dropped_bodies, 2);
    let again = Document::from_bytes(once.har, &capture::Options::default()).ok().unwrap();
    let twice = redact::redact(&again, &KNOWLEDGE, &Options::default()).ok().unwrap();
    assert_eq!(twice.receipt.dropped_bodies, 0);
    assert!(!twice.receipt.to_string().contains("dropped"));
}

/// What is a stand-in stays one, and nothing is told twice: of a redacted capture the same comes as it is.
#[test]
fn a_redacted_capture_comes_out_as_it_is() {
    for (name, _) in labelled() {
        let read = capture::Options { password: password(&name).map(entrace::exchange::Secret::new), ..Default::default() };
        let document = Document::from_bytes(fixture(&name), &read).ok().unwrap();
        for options in [options(false, false, false), options(true, true, true)] {
            let once = redacted(&document, &options, &name);
            let again = Document::from_bytes(once.clone(), &capture::Options::default()).ok().unwrap();
            let twice = redacted(&again, &options, &name);
            let (once, twice) = (String::from_utf8(once).unwrap(), String::from_utf8(twice).unwrap());
            let differs = once.lines().zip(twice.lines()).find(|(one, other)| one != other);
            let at = |(one, other): (&str, &str)| {
                let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count().saturating_sub(60);
                (one.chars().skip(at).take(300).collect::<String>(), other.chars().skip(at).take(300).collect::<String>())
            };
            assert!(once == twice, "{name} {options:?}: {:?}", differs.map(at));
        }
    }
}

/// A number under which an earlier redaction put a token is not counted anew.
#[test]
fn tokens_of_two_sorts_can_be_redacted_again() {
    let token = "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhcGkiLCJvaWQiOiJhYmMxMjM0NSJ9.c2lnbmF0dXJlMTIz";
    let entries = [sent(get(APP), "Authorization", "Bearer k3jx9q2mzz81aabb"), sent(get(APP), "Authorization", &format!("Bearer {token}"))];
    let document = Document::from_bytes(har(&entries), &capture::Options::default()).ok().unwrap();
    let once = redacted(&document, &options(false, false, false), "once");
    let again = Document::from_bytes(once.clone(), &capture::Options::default()).ok().unwrap();
    assert!(once == redacted(&again, &options(false, false, false), "twice"));
}

/// Any text may stand under the names of ids that stay. What has not their form is no such id, and is none elsewhere.
#[test]
fn what_only_has_the_name_of_a_tenant_or_application_is_replaced() {
    for name in ["tid", "appid", "client_id", "tenant", "realm", "domain_hint", "whr"] {
        let key = "k3jx9q2mzz81aabbccdd42";
        let entries = [
            get(&format!("{APP}/cart?{name}={key}")),
            sent(sent(get(APP), "Cookie", &format!("session={key}")), "Authorization", &format!("Bearer {key}")),
            get(&format!("{APP}/cart?{name}=GraceHopper")),
            get(&format!("{LOGIN}/common/x?{name}=Rhubarb-pie77")),
            posted(&format!("{LOGIN}/common/x"), "application/x-www-form-urlencoded", "passwd=Rhubarb-pie77&otc=493817001&x=1"),
            get(&format!("{APP}/api?{name}=493817001")),
        ];
        lacks(&plainly(&entries), &[key, "Rhubarb", "GraceHopper", "493817001"]);
    }
}

#[test]
fn what_has_the_form_of_a_tenant_or_application_stays() {
    let mut allowed = get(&format!("{LOGIN}/{TENANT}/x?client_id=000000004C12AE6F&whr=contoso.example"));
    allowed = sent(allowed, "Restrict-Access-To-Tenants", "contoso.onmicrosoft.com,fabrikam.example");
    allowed = sent(allowed, "Sec-Restrict-Tenant-Access-Policy", &format!("{TENANT}:{CORRELATION}"));
    let entries =
        [allowed, get(&format!("{APP}/x?tid={TENANT}&domain_hint=organizations&realm=urn%3Afederation%3Aapp&tenant=contoso.example"))];
    let text = plainly(&entries);
    holds(&text, &["client_id=000000004C12AE6F&whr=contoso.example", "contoso.onmicrosoft.com,fabrikam.example"]);
    holds(&text, &[&format!("{TENANT}:{CORRELATION}"), "domain_hint=organizations&realm=urn%3Afederation%3Aapp&tenant=contoso.example"]);
}

/// Libraries of .NET write versions of four parts, as IP addresses have.
#[test]
fn versions_of_four_parts_stay() {
    let mut entry = get(&format!("{LOGIN}/{TENANT}/oauth2/v2.0/authorize?x-client-SKU=ID_NET8_0&x-client-ver=7.7.1.0&client_id={TENANT}"));
    for (name, value) in [
        ("User-Agent", "Outlook-iOS/2.3.4.5 (203.0.113.9)"),
        ("sec-ch-ua-full-version-list", "\"Chromium\";v=\"2.3.4.6\""),
        ("x-client-OS", "10.0.19.1"),
        ("Via", "1.1 203.0.113.10 (squid/4.5.6.7)"),
        ("Server", "nginx/1.2.3.4"),
    ] {
        entry = sent(entry, name, value);
    }
    let text = plainly(&[entry, sent(get(APP), "X-Forwarded-For", "203.0.113.11"), sent(get(APP), "accept", "text/203.0.113.12")]);
    holds(&text, &["x-client-ver=7.7.1.0", "Outlook-iOS/2.3.4.5", "2.3.4.6", "10.0.19.1", "squid/4.5.6.7", "nginx/1.2.3.4"]);
    lacks(&text, &["203.0.113"]);
}

/// Hints at a domain may name one of Microsoft's own, which sign-in hosts share.
#[test]
fn hidden_tenants_leave_the_hosts_of_microsoft() {
    let hidden = options(false, true, false);
    for domain in ["live.com", "microsoft.com", "microsoftonline.com", "windows.net"] {
        let mut entries = silent(&format!("&domain_hint={domain}"), "abcdefgh1234");
        entries.extend([get("https://graph.microsoft.com/v1.0/me"), get("https://login.live.com/oauth20_authorize.srf?client_id=1&x=2")]);
        holds(&with(&entries, &hidden), &["//graph.microsoft.com/v1.0/me", "//login.live.com/oauth20", &format!("domain_hint={domain}")]);
    }
    for label in ["login", "error", "id", "microsoft"] {
        let mut entries = silent("", "abcdefgh1234");
        entries.push(get(&format!(
            "https://{label}.b2clogin.com/{label}.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/authorize?client_id={TENANT}"
        )));
        entries.push(get("https://graph.microsoft.com/v1.0/me"));
        let text = with(&entries, &hidden);
        holds(&text, &["//graph.microsoft.com/v1.0/me", "error=login_required", ".b2clogin.com/"]);
        lacks(&text, &[&format!("{label}.b2clogin.com"), &format!("{label}.onmicrosoft.com")]);
    }
}

#[test]
fn the_name_of_a_hidden_tenant_is_found_in_its_hosts_and_alone() {
    let entries = [
        get("https://wingtiptoys.b2clogin.com/wingtiptoys.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/authorize?client_id=1"),
        sent(get(APP), "accept", "text/html wingtiptoys https%3A%2F%2Fwingtiptoys.b2clogin.com%2F"),
    ];
    lacks(&with(&entries, &options(false, true, false)), &["wingtiptoys"]);
}

/// That an account is a personal one is what a cause is found by, and tells nobody's employer.
#[test]
fn the_domains_of_personal_accounts_stay() {
    for options in [options(true, false, false), options(false, true, false)] {
        let text = with(&silent("&login_hint=zoe.quist%40outlook.com&x=ada%40contoso.example", "abcdefgh1234"), &options);
        holds(&text, &["account-1%40outlook.com"]);
        lacks(&text, &["quist", "%40contoso.example"]);
    }
}

/// Applications tell in their errors what they worked on, in words of their own.
#[test]
fn values_that_a_sentence_names_are_replaced() {
    let told = "AADSTS50105: failed; pwd: Pair77a, password: Pair77b; userId: 6c2fe813-482f-4101-a9a3-7db117ac0248, sessionId: k3jx9q2mzz81aa; clientSecret: Pair77c~abc; otp: 493817; otp = 493818; deviceName: DESKTOP-7QX81ZP; username: ghopper; name: Grace Hopper; phone: 0171 5550199; ip: 10.1.2.3. Trace ID: d434bdb7-a298-454e-af1c-5ca6cc254f00 Correlation ID: 01a1f969-dc51-796c-b5e4-9d6bc95f0f43";
    let text = plainly(&[refused(&json!({"error": {"code": "Unauthorized", "message": told}}).to_string())]);
    lacks(&text, &["Pair77", "6c2fe813", "k3jx9q2", "49381", "DESKTOP", "ghopper", "Hopper", "5550199", "10.1.2.3"]);
    holds(&text, &["AADSTS50105: failed; pwd: redacted-", "Trace ID: d434bdb7-a298-454e-af1c-5ca6cc254f00", CORRELATION]);
    for sentence in [
        "AADSTS50126: the password: it has expired. User: unknown. Token: expired",
        "AADSTS700016: App name: Contoso Portal, Error code: 700016, Device state: Unregistered, Request Id: d434bdb7-a298-454e-af1c-5ca6cc254f00",
    ] {
        holds(&plainly(&[refused(&json!({"error": {"message": sentence}}).to_string())]), &[sentence]);
    }
}

/// Who posts a code was sent it; an error's code comes back, or stands beside what the error says.
#[test]
fn short_codes_are_replaced_where_they_are_posted() {
    let url = format!("{LOGIN}/x/verify");
    let entries = [
        posted(&url, "application/x-www-form-urlencoded", "code=4821"),
        posted(&url, "application/json", r#"{"code": "48213"}"#),
        posted(&url, "application/json", r#"{"code": 48214}"#),
        posted(&url, "application/json", r#"{"code": 493817}"#),
        sent(get(APP), "accept", "text/493817"),
    ];
    lacks(&plainly(&entries), &["4821", "493817"]);
    let told = [
        posted(&url, "application/json", r#"{"code":50058,"message":"failed"}"#),
        posted(&url, "application/x-www-form-urlencoded", "code=50059&error=login_required"),
        received(&url, r#"{"code":"50060"}"#),
    ];
    holds(&plainly(&told), &["50058", "50059", "50060"]);
}

/// What stands in the place of an IP address may be a word, and a list has several.
#[test]
fn only_ip_addresses_are_sought_as_such() {
    let mut entry = sent(get(APP), "X-Client-IP", "none");
    entry["response"]["headers"] =
        json!([{"name": "Set-Cookie", "value": "a=b; SameSite=None"}, {"name": "cross-origin-embedder-policy", "value": "none"}]);
    let entries = [
        sent(entry, "sec-fetch-dest", "document"),
        posted(&format!("{LOGIN}/x"), "application/json", r#"{"ip":"document","message":"at 203.0.113.78 or 203.0.113.77"}"#),
        sent(get(APP), "X-Forwarded-For", "203.0.113.77, 203.0.113.78:443, [2001:db8:1::9]:443, 127.0.0.1"),
        sent(get(APP), "accept", "text/203.0.113.77 203.0.113.78 2001:db8:1::9"),
        get("http://127.0.0.1:8400/"),
    ];
    let text = plainly(&entries);
    holds(&text, &["SameSite=None", "\"value\":\"none\"", "\"value\":\"document\"", "http://127.0.0.1:8400/", ":443, "]);
    lacks(&text, &["203.0.113", "2001:db8:1::9"]);
}

/// OData writes ids in parentheses, and errors behind the word.
#[test]
fn ids_of_people_and_devices_are_replaced_in_paths_of_odata_and_in_errors() {
    let id = |number: u32| format!("cbcfe813-482f-4101-a9a3-7db117ac{number:04}");
    let api = "https://graph.microsoft.com/v1.0";
    let entries = [
        get(&format!("{api}/users('{}')/memberOf", id(1))),
        get(&format!("{api}/users%28%27{}%27%29", id(2))),
        get(&format!("{api}/devices(deviceId='{}')", id(3))),
        get(&format!("{api}/directoryObjects/{}", id(4))),
        refused(&json!({"error": {"message": format!("AADSTS50105: user '{}', device ID {}, oid={}", id(5), id(6), id(7))}}).to_string()),
    ];
    let text = plainly(&entries);
    lacks(&text, &["cbcfe813"]);
    holds(&text, &["/v1.0/users('00000000-0000-4000-", "')/memberOf", "/devices(deviceId='00000000-"]);
    let application = format!("AADSTS700016: Application with identifier '{}' was not found", id(8));
    holds(&plainly(&[refused(&json!({"error": {"message": application}}).to_string())]), &[&id(8)]);
}

/// Pages name letters of people's names that ASCII has not.
#[test]
fn a_name_is_found_where_its_letters_are_named() {
    use base64::Engine as _;
    let coded = |json: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
    let token = format!("{}.{}.c2lnbmF0dXJl", coded(json!({"alg": "RS256"})), coded(json!({"name": "Zoë Müller-Quist", "aud": TENANT})));
    let page = "<html><body><h1>AADSTS65004: Zo&euml; M&uuml;ller-Quist declined to consent</h1></body></html>";
    let mut refused = received(&format!("{LOGIN}/common/login"), page);
    refused["response"]["content"]["mimeType"] = json!("text/html");
    let entries = [
        refused,
        posted(
            &format!("{APP}/cb?code=0.AXzz9Qkzz9Qkzz9Qkzz9Qk&state=abc123def"),
            "application/x-www-form-urlencoded",
            &format!("id_token={token}&state=abc123def"),
        ),
    ];
    let text = plainly(&entries);
    lacks(&text, &["ller-Quist", "euml"]);
    holds(&text, &["AADSTS65004: redacted-name-1 declined to consent"]);
}

/// What an exporter adds of its own may be named as headers and cookies are.
#[test]
fn members_that_are_named_as_headers_are_read_as_such() {
    let mut entry = get(APP);
    entry["_requestHeaders"] = json!({"Cookie": "sess=K7m1aa", "Authorization": "Basic Z2hvcHBlcjpSaHViYXJi", "x-ms-RefreshTokenCredential": "K7m2aaZZ", "Accept": "text/html"});
    entry["cookie"] = json!("w=K7m3aa");
    entry["authorization"] = json!("Bearer K7m4aa");
    entry["_extra"] =
        json!({"raw": [["Cookie", "w=K7m5aa"], ["Accept", "text/css"]], "cookies": {"sess": "K7m6aa"}, "query": {"code": "K7m7aaZZ9"}});
    entry["_extra"]["x-ms-RefreshTokenCredential"] = json!("K7m8aaZZ");
    let text = plainly(&[entry]);
    lacks(&text, &["K7m", "Z2hvcHBl"]);
    holds(&text, &["text/html", "text/css", "sess=redacted-cookie-1"]);
}

/// The times and sizes of an entry may have the digits of a code that somebody was sent.
#[test]
fn times_and_sizes_stay_numbers() {
    let mut entry = get(APP);
    entry["startedDateTime"] = json!("2026-11-20T14:45:47.493817+00:00");
    entry["time"] = json!(12.493817);
    entry["timings"] = json!({"send": 0, "wait": 493817, "receive": 1});
    entry["response"]["bodySize"] = json!(493817);
    let posted = posted(&format!("{LOGIN}/common/login"), "application/x-www-form-urlencoded", "otc=493817&x=1");
    let text = plainly(&[entry, posted, sent(get(APP), "accept", "text/493817. 493817")]);
    holds(&text, &["47.493817+00:00", "\"time\":12.493817", "\"wait\":493817", "\"bodySize\":493817", "text/redacted-one-time-code-1. "]);
}

#[test]
fn other_notations_in_bodies_that_are_kept() {
    let parts = "--b1\r\ncontent-disposition:form-data;name=token\r\n\r\nTokM77d\r\n--b1\r\nContent-Disposition: form-data; filename=\"Grace Hopper.txt\"; name=\"file\"\r\n\r\nx\r\n--b1--\r\n";
    let xml = r#"<r><password><![CDATA[PwX77c]]></password><p name="password" value="PwX77e"/><P Name="SessionId">SesX77f12</P><key>password</key><value>PwX77g</value><string name="token">TokX77h</string><ok>stays</ok></r>"#;
    let script = "var a={token:`TokS77abcdef`};<textarea name=\"password\">PwS77b</textarea><input id=\"__RequestVerificationToken\" value=\"TokS77c\">";
    let entries = [
        posted(&format!("{APP}/a"), "multipart/form-data; boundary=b1", parts),
        received(&format!("{APP}/b"), xml),
        received(&format!("{APP}/c"), script),
    ];
    let text = with(&entries, &options(false, false, true));
    lacks(&text, &["TokM77", "Grace Hopper", "PwX77", "SesX77", "TokX77", "TokS77", "PwS77"]);
    holds(&text, &["name=token", "<ok>stays</ok>", "name=\\\"file\\\""]);
}

/// Errors of the sign-in service name tenants as people do.
#[test]
fn names_of_hidden_tenants_are_replaced_in_errors() {
    let told = "AADSTS50020: User account 'z@live.example' from identity provider 'live.com' does not exist in tenant 'Woodgrove' and cannot access. AADSTS50034: does not exist in the woodgrovebank.example directory. In tenant 'Default Directory' the Directory of Woodgrove";
    let entries = [refused(&json!({"error": {"message": told}}).to_string())];
    let text = with(&entries, &options(false, true, false));
    lacks(&text, &["Woodgrove", "woodgrovebank"]);
    holds(&text, &["identity provider 'live.com'", "the Directory of"]);
    holds(&plainly(&entries), &["tenant 'Woodgrove'", "woodgrovebank.example"]);
}

/// What is behind such a word in a path is mostly a secret, however short.
#[test]
fn short_keys_behind_telling_words_of_a_path_are_replaced() {
    let paths = ["invite/AbCdEfGh1234IjKl", "otp/493817", "magic/9f86d081884c7d65", "verify-email/k3jx9q2mzz81aa"];
    let entries: Vec<Value> = paths.iter().map(|path| get(&format!("{APP}/{path}"))).collect();
    let text = plainly(&entries);
    lacks(&text, &["AbCdEf", "493817", "9f86d0", "k3jx9q"]);
    holds(&text, &["/invite/redacted-opaque-1", "/otp/redacted-opaque-2"]);
    holds(
        &plainly(&[get(&format!("{APP}/reset/password2/step")), get(&format!("{APP}/verify/main.9f8e7d.js"))]),
        &["/reset/password2/step", "main.9f8e7d.js"],
    );
}

#[test]
fn a_code_for_another_device_is_replaced_where_only_the_message_tells_it() {
    let message =
        "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code BCDFGHJKL to authenticate.";
    let text =
        plainly(&[received(&format!("{LOGIN}/{TENANT}/oauth2/v2.0/devicecode"), &json!({"message": message, "interval": 5}).to_string())]);
    lacks(&text, &["BCDFGHJKL"]);
    holds(&text, &["microsoft.com/devicelogin and enter the code redacted-one-time-code-1"]);
}

/// Some call a device by what it runs, which every request says of itself.
#[test]
fn the_platform_stays_where_a_device_is_called_so() {
    let body = r#"{"deviceName":"Linux","displayName":"iPhone","userPrincipalName":"zoe@contoso.example"}"#;
    let entries = [
        sent(
            sent(received(&format!("{APP}/me"), body), "sec-ch-ua-platform", "\"Linux\""),
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64)",
        ),
        sent(get(APP), "User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"),
    ];
    holds(&plainly(&entries), &["(X11; Linux x86_64)", "(iPhone; CPU iPhone OS 18_1", "\\\"Linux\\\""]);
}

/// A secret that was sent in the place of the application's id is no reason to write nothing.
#[test]
fn what_was_sent_as_an_applications_id_and_is_none_is_replaced() {
    let mut entries = silent("", "abc12345678");
    for entry in &mut entries {
        let url =
            entry["request"]["url"].as_str().unwrap().replace("379a2321-4f24-4e45-81e9-85f7b492cbfe", "AbC8Q~k3jx9q2mzz81aabbccdd42ZZ");
        entry["request"]["url"] = json!(url);
    }
    let text = plainly(&entries);
    lacks(&text, &["k3jx9q2"]);
    holds(&text, &["client_id=redacted-"]);
}

/// Service accounts may be called as our placeholders are; in a redacted capture they are none.
#[test]
fn accounts_that_are_called_as_placeholders() {
    let user = |name: &str| sent(get(&format!("{APP}/api")), "x-ms-client-principal-name", &format!("{name}@contoso.example"));
    let names = ["zelda", "account-4711", "account-3", "account-12", "tenant-7"];
    let mut entries = silent("&login_hint=zelda%40contoso.example", "abc12345678");
    entries.extend(names.map(user));
    entries.push(refused(r#"{"error":{"code":"x","message":"account-4711@contoso.example and account-3@contoso.example are blocked"}}"#));
    for options in [options(false, false, false), options(true, false, false), options(false, true, true)] {
        let text = with(&entries, &options);
        lacks(&text, &["zelda", "4711"]);
        let har: Value = serde_json::from_str(&text).unwrap();
        let value = |entry: &Value| entry["request"]["headers"][0]["value"].as_str().unwrap().to_owned();
        let mut values: Vec<String> = har["log"]["entries"].as_array().unwrap().iter().skip(3).take(names.len()).map(value).collect();
        // Each has its own, and none is that of another.
        assert!(names.iter().zip(&values).all(|(name, value)| !value.starts_with(&format!("{name}@"))), "{values:?}");
        values.sort();
        values.dedup();
        assert_eq!(values.len(), names.len(), "{values:?}");
        let again = Document::from_bytes(text.into_bytes(), &capture::Options::default()).ok().unwrap();
        let once: Value = serde_json::from_slice(&redacted(&again, &options, "the copy")).unwrap();
        assert_eq!(once["log"]["entries"], har["log"]["entries"]);
    }
}
