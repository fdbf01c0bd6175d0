//! Captures made to take long: what could grow by the square of their size would take minutes or more here, and is done in
//! a moment. What comes out is what counts; `docs/limits.md` says how the time itself was measured.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entrace::capture::{Capture, Document, Options};
use entrace::{Analysis, Knowledge, analyze, redact};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

const TENANT: &str = "https://login.microsoftonline.com/c0c0c0c0-0000-4000-8000-000000000001";

fn entry(method: &str, url: &str, posted: Option<&str>, status: u16, received: &str) -> Value {
    let mut entry = json!({
        "startedDateTime": "2026-11-20T14:00:00Z",
        "request": {"method": method, "url": url, "headers": [], "cookies": []},
        "response": {"status": status, "headers": [], "cookies": [], "content": {"mimeType": "text/html", "text": received}},
    });
    if let Some(posted) = posted {
        entry["request"]["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": posted});
    }
    entry
}

fn har(entries: &[Value]) -> Vec<u8> {
    json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": entries}})
        .to_string()
        .into_bytes()
}

fn analysed(har: Vec<u8>) -> Analysis {
    analyze(&Capture::from_bytes(har).ok().unwrap(), &KNOWLEDGE)
}

fn redacted(har: Vec<u8>) -> Document {
    let document = Document::from_bytes(har, &Options::default()).ok().unwrap();
    let redacted = redact::redact(&document, &KNOWLEDGE, &redact::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    Document::from_bytes(redacted.har, &Options::default()).ok().unwrap()
}

#[test]
fn a_page_that_names_errors_without_end_is_redacted() {
    let page = |count: usize| (0..count).fold(String::new(), |page, number| page + &format!("AADSTS{}: x ", 50_000 + number % 9000));
    let authorize = format!("{TENANT}/oauth2/v2.0/authorize?client_id=a&state=b");
    let document = redacted(har(&[entry("GET", &authorize, None, 200, &page(250_000))]));
    assert_eq!(document.entries(), 1);
}

#[test]
fn a_page_of_escapes_and_attributes_that_never_end_is_read() {
    let page = ["<html>", &"&x".repeat(1_500_000), "<input ", &"name ".repeat(400_000), &"<form action".repeat(200_000)].concat();
    let login = entry("POST", &format!("{TENANT}/login"), Some("login=a&passwd=b"), 200, &page);
    assert_eq!(analysed(har(&[login])).diagnoses.len(), 0);
}

/// Attributes without end in one element, which the parser would compare with each other.
#[test]
fn a_message_of_attributes_without_end_is_not_parsed() {
    let mut message = r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#.to_owned();
    (0..400_000).for_each(|number| write!(message, " a{number}=''").unwrap());
    message.push_str(
        "><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/></samlp:Status></samlp:Response>",
    );
    let posted = |name: &str| {
        let value: String = url::form_urlencoded::byte_serialize(STANDARD.encode(&message).as_bytes()).collect();
        format!("{name}={value}")
    };
    let entries = [
        entry("POST", &format!("{TENANT}/saml2"), Some(&posted("SAMLRequest")), 200, ""),
        entry("POST", "https://app.example/acs", Some(&posted("SAMLResponse")), 200, ""),
        entry("POST", &format!("{TENANT}/wsfed"), Some(&format!("wa=wsignin1.0&wresult={}", message.replace(' ', "+"))), 200, ""),
    ];
    assert_eq!(analysed(har(&entries)).diagnoses.len(), 0);
    assert_eq!(redacted(har(&entries)).entries(), entries.len());
}

#[test]
fn every_member_of_a_large_archive_is_read_beside_all_others() {
    const EACH: usize = 12_000;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let one = har(&[entry("GET", "https://app.example/", None, 200, "")]);
    for number in 0..EACH {
        zip.start_file(format!("{number}.har"), options).unwrap();
        zip.write_all(&one).unwrap();
        zip.start_file(format!("{number}.txt"), options).unwrap();
    }
    let found = Capture::all_from_bytes(zip.finish().unwrap().into_inner(), &Options::default());
    assert_eq!(found.iter().filter(|found| found.capture.is_ok()).count(), EACH);
}

/// As many redirect URIs as nobody can register worked, and as many sign-ins with others are refused.
#[test]
fn redirect_uris_without_end_are_compared_with_so_many() {
    let number = 700;
    let authorize = |uri: String, state: usize| {
        let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        format!(
            "{TENANT}/oauth2/v2.0/authorize?client_id=a0a0a0a0-0000-4000-8000-000000000001&response_type=code&scope=openid&redirect_uri={uri}&state={state}"
        )
    };
    let worked = (0..number).flat_map(|state| {
        let uri = format!("https://app{state}.example/signin");
        let landed = format!("{uri}?code=c&state={state}");
        let mut asked = entry("GET", &authorize(uri, state), None, 302, "");
        asked["response"]["headers"] = json!([{"name": "Location", "value": landed}]);
        [asked, entry("GET", &landed, None, 200, "")]
    });
    let page = r#"<script>$Config={"strServiceExceptionMessage":"AADSTS50011: The redirect URI does not match","pgid":"ConvergedError"};</script>"#;
    let refused = (0..number)
        .map(|state| entry("GET", &authorize(format!("https://other{state}.example/elsewhere"), number + state), None, 400, page));
    let analysis = analysed(har(&worked.chain(refused).collect::<Vec<_>>()));
    let [diagnosis] = &*analysis.diagnoses else { panic!("{} diagnoses", analysis.diagnoses.len()) };
    let unknown = diagnosis.causes.iter().flat_map(|cause| &cause.unknown);
    let why: Vec<_> = unknown.filter(|unknown| unknown.claim == "redirect-uri.near-miss").map(|unknown| &*unknown.why).collect();
    assert_eq!(why, ["so many redirect URIs worked that not all were compared"]);
}

/// Headers of a request or reply, as HAR has them.
fn headers(of: &[(&str, &str)]) -> Value {
    of.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

/// An unsigned token of the application.
fn token(claims: &Value) -> String {
    let part = |json: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256", "typ": "JWT"})), part(claims))
}

/// A token request of a page with a refresh token, answered with what is given.
fn refresh(client: &str, origin: &str, number: usize, tokens: &Value) -> Value {
    let form = format!("client_id={client}&grant_type=refresh_token&refresh_token=r{number}&scope=api%3A%2F%2Fx%2F.default");
    let mut refresh = entry("POST", &format!("{TENANT}/oauth2/v2.0/token"), Some(&form), 200, &tokens.to_string());
    refresh["request"]["headers"] = headers(&[("Origin", origin)]);
    refresh["response"]["headers"] = headers(&[("Access-Control-Allow-Origin", "*")]);
    refresh["response"]["content"]["mimeType"] = json!("application/json");
    refresh
}

/// A call of an API with a token, and how it was answered.
fn call(url: &str, bearer: &str, page: &str, status: u16, challenge: Option<&str>, received: &str) -> Value {
    let mut call = entry("GET", url, None, status, received);
    call["request"]["headers"] = headers(&[("Authorization", &format!("Bearer {bearer}")), ("Origin", page)]);
    call["response"]["headers"] = challenge.iter().map(|value| json!({"name": "WWW-Authenticate", "value": value})).collect();
    call["response"]["content"]["mimeType"] = json!("application/json");
    call
}

/// The first cause of each diagnosis, and how often it occurred.
fn causes(analysis: &Analysis) -> Vec<(&str, usize)> {
    analysis.diagnoses.iter().map(|diagnosis| (&*diagnosis.causes[0].id, diagnosis.occurrences.len())).collect()
}

const CLIENT: &str = "a0a0a0a0-0000-4000-8000-000000000001";

/// The same entries, a millisecond apart and as a proxy records them: of whatever program there is.
fn recorded_by_proxy(mut entries: Vec<Value>) -> Vec<u8> {
    for (number, entry) in entries.iter_mut().enumerate() {
        entry["startedDateTime"] = json!(format!("2026-11-20T14:{:02}:{:02}.{:03}Z", number / 60_000, number / 1000 % 60, number % 1000));
        entry["time"] = json!(0.5);
    }
    json!({"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12"}, "entries": entries}}).to_string().into_bytes()
}

#[test]
fn nouns_without_end_are_read_once() {
    let bearer = token(&json!({"aud": "api://x", "iss": format!("{TENANT}/v2.0"), "exp": 4_000_000_000_u64}));
    for (nouns, cause) in [("aud ".repeat(40_000), "token-for-another-api"), ("tenant 'tenant '".repeat(10_000), "wrong-tenant-token")] {
        let error = json!({"error": {"code": "x", "message": format!("{nouns}is invalid")}}).to_string();
        let by_body = call("https://api.example/x", &bearer, "https://app.example", 401, Some("Bearer"), &error);
        let header = format!(r#"Bearer error="invalid_token", error_description="{nouns} is invalid""#);
        let by_header = call("https://api.example/x", &bearer, "https://app.example", 401, Some(&header), "{}");
        for refused in [by_body, by_header] {
            let analysis = analysed(har(std::slice::from_ref(&refused)));
            assert_eq!(causes(&analysis), [(cause, 1)]);
            assert_eq!(redacted(har(&[refused])).entries(), 1);
        }
    }
}

#[test]
fn headers_of_a_preflight_without_end_are_looked_up() {
    let names = |letter: &str| (0..60_000).map(|number| format!("{letter}-{number}")).collect::<Vec<_>>().join(",");
    let url = format!("{TENANT}/oauth2/v2.0/token");
    let mut preflight = entry("OPTIONS", &url, None, 200, "");
    let asked = names("x");
    preflight["request"]["headers"] = headers(&[
        ("Origin", "https://app.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", &asked),
    ]);
    let allowed = format!("{},X-59999", names("y"));
    preflight["response"]["headers"] = headers(&[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", &allowed)]);
    let tokens = (0..200).map(|number| {
        let mut token = entry("POST", &url, Some(&format!("client_id={CLIENT}&grant_type=refresh_token&refresh_token=r{number}")), 0, "");
        token["request"]["headers"] = headers(&[("Origin", "https://app.example")]);
        token["response"]["_error"] = json!("net::ERR_FAILED");
        token
    });
    let analysis = analysed(har(&[preflight].into_iter().chain(tokens).collect::<Vec<_>>()));
    assert_eq!(causes(&analysis), [("token-request-cors-blocked", 200)]);
}

/// As many applications as replies, and as many others that call APIs with tokens of which nothing tells whose they are.
#[test]
fn callers_without_end_are_looked_up() {
    let number = 2000;
    let client = |number: usize| format!("a0a0a0a0-0000-4000-8000-{number:012}");
    let given = (0..number).map(|number| {
        let id_token = token(&json!({"aud": client(number), "iss": format!("{TENANT}/v2.0"), "exp": 1000, "nbf": 10}));
        let tokens = json!({"token_type": "Bearer", "access_token": format!("given{number}"), "id_token": id_token});
        refresh(&client(number), &format!("https://app{number}.example"), number, &tokens)
    });
    let calls = (0..number).map(|number| {
        let host = format!("https://api{number}.example/x");
        call(&host, &format!("other{number}"), &format!("https://page{number}.other{number}.example"), 200, None, "{}")
    });
    let analysis = analysed(recorded_by_proxy(given.chain(calls).collect()));
    assert_eq!(analysis.diagnoses.len(), number);
}

/// As many refusals as refreshes of the page that is refused.
#[test]
fn refusals_and_what_is_asked_for_after_them_are_looked_up() {
    let number = 3000;
    let bearer = token(&json!({"aud": "api://x", "iss": format!("{TENANT}/v2.0"), "exp": 4_000_000_000_u64, "azp": CLIENT}));
    let tokens = json!({"token_type": "Bearer", "access_token": bearer});
    let challenge = r#"Bearer error="insufficient_claims", claims="eyJhIjoxfQ==""#;
    let refused = (0..number).map(|_| call("https://api.example/x", &bearer, "https://app.example", 401, Some(challenge), "{}"));
    let refreshed = (0..=number).map(|number| refresh(CLIENT, "https://app.example", number, &tokens));
    let mut refreshed = refreshed.collect::<Vec<_>>().into_iter();
    let entries = refreshed.next().into_iter().chain(refused).chain(refreshed).collect();
    let analysis = analysed(recorded_by_proxy(entries));
    assert_eq!(causes(&analysis), [("claims-challenge-unhandled", number)]);
}

/// Rounds of a loop between which a person opens pages of others without end, in other tabs.
#[test]
fn opened_pages_without_end_are_followed_once() {
    let top_level = ("Sec-Fetch-Dest", "document");
    let round = |number: usize| {
        let landed = format!("https://app.example/?code=c{number}&state=s{number}");
        let authorize = format!(
            "{TENANT}/oauth2/v2.0/authorize?client_id={CLIENT}&response_type=code&redirect_uri=https://app.example/&state=s{number}"
        );
        let mut asked = entry("GET", &authorize, None, 302, "");
        asked["request"]["headers"] = headers(&[top_level]);
        asked["response"]["headers"] = headers(&[("Location", &landed)]);
        let mut taken = entry("GET", &landed, None, 302, "");
        taken["request"]["headers"] = headers(&[top_level]);
        taken["response"]["headers"] = headers(&[("Location", "https://app.example/")]);
        [asked, taken]
    };
    let opened = (0..12_000).map(|number| {
        let mut page = entry("GET", &format!("https://other{number}.example/"), None, 200, "");
        page["request"]["headers"] = headers(&[top_level, ("Sec-Fetch-Site", "none")]);
        page
    });
    let opened: Vec<_> = opened.collect();
    let entries = [&round(0)[..], &opened, &round(1), &opened, &round(2)].concat();
    let analysis = analysed(recorded_by_proxy(entries));
    assert_eq!(causes(&analysis), [("sign-in-loop", 3)]);
}

/// Pages without end that turn in one code, and the call of another: whether its token came of it is not told of too many.
#[test]
fn pages_that_turn_in_one_code_are_looked_at_so_far() {
    let blocked: &[_] = &[("token-request-cors-blocked", 1)];
    for (number, expected) in [(30, blocked), (50, &[]), (3000, &[])] {
        let landed = "https://app.example/?code=c&state=s";
        let authorize = format!(
            "{TENANT}/oauth2/v2.0/authorize?client_id={CLIENT}&response_type=code&redirect_uri=https://app.example/&state=s&code_challenge=x"
        );
        let mut asked = entry("GET", &authorize, None, 302, "");
        asked["response"]["headers"] = headers(&[("Location", landed)]);
        let taken = entry("GET", landed, None, 200, "");
        let redeemed = (0..number).map(|number| {
            let form = format!("client_id={CLIENT}&grant_type=authorization_code&code=c&code_verifier=v");
            let tokens = json!({"token_type": "Bearer", "access_token": format!("given{number}")});
            let mut redeemed = entry("POST", &format!("{TENANT}/oauth2/v2.0/token"), Some(&form), 200, &tokens.to_string());
            redeemed["request"]["headers"] = headers(&[("Origin", &format!("https://page.app{number}.example"))]);
            redeemed["response"]["headers"] = headers(&[("Content-Type", "application/json")]);
            redeemed["response"]["content"]["mimeType"] = json!("application/json");
            redeemed
        });
        let called = call("https://api.example/x", "other", "https://other.example", 200, None, "{}");
        let entries = [asked, taken].into_iter().chain(redeemed).chain([called]).collect();
        let analysis = analysed(recorded_by_proxy(entries));
        assert_eq!(causes(&analysis), expected, "{number}");
    }
}
