//! What a failure is told by, where no code names it, is read in a redacted copy too: `analysis` holds the copy to the capture.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::Knowledge;
use entrace::analysis::Verdict;
use entrace::capture::{Document, Options};
use serde_json::json;
use support::wire::jwt;
use support::{ApiCall, Authorize, CaptureBuilder, Entry, Window, capture, get};
use told::analysis;

/// A secret beside the words that are read.
const BESIDE: &str = "hunter2x9";

/// The first cause of the only failure.
fn cause(capture: &CaptureBuilder) -> String {
    let told = analysis(capture);
    assert_eq!((told.verdict, told.diagnoses.len()), (Verdict::Failing, 1));
    assert!(!redacted(capture.bytes()).contains(BESIDE));
    told.diagnoses[0].causes[0].id.clone()
}

fn redacted(capture: Vec<u8>) -> String {
    let document = Document::from_bytes(capture, &Options::default()).unwrap();
    let redacted = entrace::redact::redact(&document, &Knowledge::builtin(), &entrace::redact::Options::default()).unwrap();
    String::from_utf8(redacted.har).unwrap()
}

/// A server sends the person to sign in, and answers the reply so.
fn answered(answer: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let request = |r: Authorize| r.by_server_library().redirect_uri("https://app.example/signin-oidc");
    let signed_in =
        capture().cookies_from_before(["ESTSAUTHPERSISTENT"]).sign_in(|s| s.without_credentials().without_token().request(request));
    signed_in.edit("sign-in/callback", |entry| answer(entry.status(500)))
}

#[test]
fn a_server_that_does_not_know_the_reply_again() {
    for words in [
        "Exception: Correlation failed.",
        "IDX21323: RequireNonce is 'True'.",
        "[authorization_request_not_found]",
        "Unable to verify authorization request state.",
        "invalid state",
        "Unable to find a valid CSRF token. Please try again.",
        "Laravel\\Socialite\\Two\\InvalidStateException",
    ] {
        let page = answered(|entry| entry.html(format!("<html><h1>{words}</h1><p>{BESIDE}</p></html>")));
        let text = answered(|entry| entry.html(format!("{words} {BESIDE}")));
        let problem = answered(|entry| entry.json(&json!({"title": words, "status": 500, "detail": "see above"})));
        let untold = answered(|entry| entry.html(format!("<html><h1>Error</h1><p>{BESIDE}</p></html>")));
        let causes = [&page, &text, &problem].map(cause);
        assert_eq!(causes, [causes[0].clone(), causes[0].clone(), causes[0].clone()], "{words}");
        assert_ne!(cause(&untold), causes[0], "{words}");
    }
}

#[test]
fn a_code_that_was_cut_off_on_its_way() {
    let refused = capture().sign_in(|s| s.token(|t| t.fails(70000, "The grant is not accepted.")));
    let cut = refused.edit("sign-in/token", |entry| entry.cutting("code", 40));
    assert_eq!(cause(&cut), "code-altered");
    // What another request is given is not the code that was cut off.
    assert_eq!(analysis(&cut.sign_in(|s| s)).diagnoses[0].causes[0].id, "code-altered");
}

#[test]
fn a_server_that_finds_the_request_too_long() {
    let cookies = |bytes: usize| format!("session={BESIDE}{}", "c".repeat(bytes));
    let bad_request = "<html><h1>400 Bad Request</h1><hr>nginx/1.25.3</html>";
    let too_long = |bytes: usize, page: &'static str| answered(move |entry| entry.status(400).header("cookie", cookies(bytes)).html(page));
    for (bytes, page) in [
        (9_000, bad_request),
        (9_000, ""),
        (9_000, "Bad Request"),
        (9_000, "<html><title>Request Header Or Cookie Too Large</title></html>"),
        (9_000, "Bad Request - Request Too Long"),
    ] {
        assert_eq!(cause(&too_long(bytes, page)), "cookies-too-large", "{page}");
    }
    assert_eq!(cause(&answered(|entry| entry.status(431).header("cookie", cookies(9_000)))), "cookies-too-large");
    assert_eq!(cause(&too_long(500, "Request Header Fields Too Large")), "undetermined");
    // Another fault is one in the copy as well.
    assert_ne!(cause(&too_long(9_000, "<html><p>no such order: hunter2x9</p></html>")), "cookies-too-large");
    assert_ne!(cause(&too_long(9_000, "no such order: hunter2x9")), "cookies-too-large");
}

#[test]
fn an_api_that_says_in_one_sentence_why_it_refuses_a_token() {
    let refused = |body: &str| {
        let call = get("https://api.example/items").in_window(Window::Script, "cross-site").header("origin", support::APP.origin);
        let call = call.header("authorization", format!("Bearer {}", jwt(&json!({"iss": "https://sts.windows.net/x/", "oid": BESIDE}))));
        let call = call.status(401).reply_header("www-authenticate", "Bearer").html(body);
        capture().sign_in(|s| s).exchange("call", call)
    };
    for (body, expected) in [
        (format!("IDX10214: Audience validation failed. Audiences: '{BESIDE}'"), "token-for-another-api"),
        (format!("jwt audience invalid. expected: {BESIDE}"), "token-for-another-api"),
        (format!("the issuer '{BESIDE}' is invalid"), "wrong-tenant-token"),
    ] {
        assert_eq!(cause(&refused(&body)), expected, "{body}");
    }
    for body in ["Signature has expired", "invalid signature", "insufficient privileges"] {
        cause(&refused(&format!("{body} {BESIDE}")));
    }
    let problem =
        |body| analysis(&capture().sign_in(|s| s).api_call(|_| ApiCall::new().refuses_in_body(body))).diagnoses[0].causes[0].id.clone();
    assert_eq!(problem(json!({"title": "Unauthorized", "detail": "IDX10214: x"})), "token-for-another-api");
    assert_eq!(problem(json!({"type": "about:blank", "title": "The audience is invalid", "status": 401})), "token-for-another-api");
}

/// A call of Azure Storage with the token that the sign-in gave out, which is refused with this body.
fn refused_in_xml(status: u16, detail: &str, token: serde_json::Value) -> CaptureBuilder {
    let body = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the \
         request. Make sure the value of Authorization header is formed correctly including the signature.\nRequestId:{BESIDE}</Message>\
         <AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail></Error>"
    );
    let call = get("https://files.blob.core.windows.net/box?comp=list").in_window(Window::Script, "cross-site");
    let call = call.header("origin", support::APP.origin).header("authorization", format!("Bearer {}", jwt(&token)));
    let call = call.status(status).html(body).reply_header("content-type", "application/xml");
    capture().sign_in(|s| s).exchange("call", call.reply_header("x-ms-error-code", "AuthenticationFailed"))
}

#[test]
fn a_store_that_says_in_xml_why_it_refuses_a_token() {
    let token = || json!({"iss": format!("https://sts.windows.net/{}/", support::CONTOSO), "tid": support::CONTOSO});
    for status in [401, 403] {
        for (detail, expected) in [
            ("Audience validation failed. Audience did not match.", "token-for-another-api"),
            ("Issuer validation failed. Issuer did not match.", "wrong-tenant-token"),
        ] {
            assert_eq!(cause(&refused_in_xml(status, detail, token())), expected, "{status} {detail}");
        }
        cause(&refused_in_xml(status, "Lifetime validation failed. The token is expired.", token()));
    }
}

#[test]
fn a_store_that_only_forbids_what_is_asked_refuses_no_token() {
    let forbidden = refused_in_xml(403, "This request is not authorized to perform this operation.", json!({"tid": support::CONTOSO}));
    assert_eq!(analysis(&forbidden).verdict, Verdict::Healthy);
    let signature = refused_in_xml(403, "Signature did not match.", json!({}));
    let signed = signature.edit("call", |entry| entry.header("authorization", "SharedKey files:c2lnbmF0dXJl"));
    assert_eq!(analysis(&signed).verdict, Verdict::Healthy);
}

/// What an application adds to the state of its library may look like what a sanitiser leaves.
#[test]
fn a_state_with_an_ellipsis_of_its_own_keeps_its_kind_and_is_replaced_everywhere() {
    for own in [format!("Loading...{BESIDE}"), format!("of=00000000-0000-0000-0000-000000000000+{BESIDE}")] {
        let silent = capture().sign_in(|s| s).silent_frame(|r| r.fails(50058, support::words::NOBODY));
        let text = String::from_utf8(silent.exchange("log", get(format!("https://app.example/log/{own}"))).bytes()).unwrap();
        let mut parts = text.split("eyJpZCI6");
        let mut with_own = parts.next().unwrap().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && !"+/=%".contains(c)).unwrap();
            let (library, rest) = part.split_at(end);
            let own: String = url::form_urlencoded::byte_serialize(own.as_bytes()).collect();
            with_own += &format!("eyJpZCI6{library}%7C{own}{rest}");
        }
        assert_eq!(told::analysis_of(with_own.clone().into_bytes()).diagnoses.len(), 1);
        let redacted = redacted(with_own.into_bytes());
        let left = redacted.find(BESIDE).and_then(|at| redacted.get(at.saturating_sub(200)..at + 10));
        assert_eq!(left, None);
        assert!(redacted.contains("redacted-state-1..."), "{own}");
    }
}

/// A token of a service that names nobody: its payload is the same in a copy.
#[test]
fn a_token_whose_claims_all_stay_is_no_value_that_is_left() {
    let token = jwt(&json!({"aud": "https://hub.example/client/hubs/chat", "iat": 1_790_000_000, "exp": 1_790_003_600}));
    let call = get("https://hub.example/client/hubs/chat").header("authorization", format!("Bearer {token}")).json(&json!({}));
    assert_eq!(analysis(&capture().sign_in(|s| s).exchange("hub", call)).verdict, Verdict::Healthy);
}
