//! The HTML report as a browser reads it: what is on the page, that nothing of a capture becomes markup, and that
//! nothing can be fetched. How it looks is for `tests/browser`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod page;
mod program;
mod support;
mod unsteered;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use entrace::report::{CaptureReport, html};
use entrace::{Analysis, Capture, Knowledge, analyze};
use page::{faults, select, shapes, text, texts};
use program::{diagnose, entrace, labelled};
use proptest::prelude::*;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use support::{CaptureBuilder, capture, words};

/// More steps than this are not drawn.
const DRAWN: usize = 40;

/// The page of a labelled capture.
fn page_of(capture: &str) -> String {
    String::from_utf8(diagnose(capture, &["--format", "html"]).stdout).unwrap()
}

fn analysis_of(bytes: Vec<u8>) -> Analysis {
    analyze(&Capture::from_bytes(bytes).unwrap(), &Knowledge::builtin())
}

fn page(path: &str, analysis: &Analysis) -> String {
    html::render(&[CaptureReport::new(path, Ok(analysis))]).unwrap()
}

fn told(builder: &CaptureBuilder) -> String {
    page("login.har", &analysis_of(builder.bytes()))
}

#[test]
fn every_page_is_well_built() {
    let mut wrong = Vec::new();
    for (capture, _) in labelled() {
        wrong.extend(faults(&page_of(&capture)).into_iter().map(|fault| format!("{capture}: {fault}")));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn what_support_needs_comes_first() {
    let page = Html::parse_document(&page_of("third-party-cookies-blocked.v4.devtools-full.har"));
    let order = texts(&page, "h3");
    let starts = ["Verdict: failing", "For the ticket", "1. AADSTS50058", "Step by step", "What this capture can show", "Attempts"];
    assert_eq!(order.len(), starts.len());
    assert!(order.iter().zip(starts).all(|(heading, start)| heading.starts_with(start)), "{order:?}");
    let facts = texts(&page, ".ticket dt");
    assert_eq!(facts, ["Attempt", "Application", "Tenant", "Entry", "Time", "Correlation id", "Trace id"]);
    let ticket = select(&page, ".ticket pre")[0].text().collect::<String>();
    let lines: Vec<&str> = ticket.lines().collect();
    assert_eq!(lines[0], "AADSTS50058, a silent sign-in found nobody signed in. The cause is third-party-cookies-blocked.");
    assert!(lines.contains(&"Correlation id: 01a1f968-29a0-7f26-8ffb-4f7e7f05ae56"), "{ticket}");
    assert!(lines.contains(&"Time: 2026-11-20 14:41:55 UTC"), "{ticket}");
    assert_eq!(texts(&page, ".failure > .fixes dt"), ["Developer", "User", "Administrator"]);
}

#[test]
fn the_picture_shows_where_it_broke() {
    let page = Html::parse_document(&page_of("third-party-cookies-blocked.v4.devtools-full.har"));
    assert_eq!(texts(&page, ".picture .lanes span"), ["app", "frame", "Entra"]);
    assert_eq!(texts(&page, ".picture .attempt"), ["Attempt 1: sign-in page, succeeded", "Attempt 2: silent, hidden frame, failed"]);
    let broken = select(&page, ".picture li.fails");
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].attr("id"), Some("c1-e35"));
    let said = broken[0].select(&Selector::parse(".said").unwrap()).next().unwrap();
    assert_eq!(
        text(said),
        "frame → Entra: authorize, prompt=none 302, redirect with login_required, AADSTS50058 → frame ✗ AADSTS50058 \
         third-party-cookies-blocked (certain), failure 1"
    );
    assert_eq!(select(&page, ".picture .cross").len(), 1);
    let ends = |arrow: &str| {
        let arrows: Vec<_> =
            select(&page, arrow).iter().map(|line| (line.attr("x1").unwrap().to_owned(), line.attr("x2").unwrap().to_owned())).collect();
        arrows.last().cloned().unwrap()
    };
    let (frame, entra) = ("50.0%".to_owned(), "83.3%".to_owned());
    assert_eq!(ends(".picture line.request"), (frame.clone(), entra.clone()));
    assert_eq!(ends(".picture line.redirect.broken"), (entra, frame));
    // Whoever does not see the picture is told the same, and only once.
    assert!(select(&page, ".picture svg").iter().all(|svg| svg.attr("aria-hidden") == Some("true") || svg.attr("x").is_some()));
}

#[test]
fn a_failure_without_a_code_is_told_in_words_where_it_happened() {
    let page = Html::parse_document(&page_of("redirect-response-unhandled.v4.devtools-full.har"));
    let said = texts(&page, ".picture li.fails .said");
    let failure = "✗ The application was handed a reply and did not take it up: redirect-response-unhandled (likely), failure 1";
    assert_eq!(said, [format!("window → Entra: stay signed in 302, redirect with code → app {failure}")]);
}

#[test]
fn evidence_unfolds_to_the_exchange() {
    let page = Html::parse_document(&page_of("third-party-cookies-blocked.v4.devtools-full.har"));
    let unfolded = texts(&page, ".failure .statements details");
    assert!(unfolded.iter().any(|exchange| exchange.starts_with("Exchange #35") && exchange.contains("prompt = none")), "{unfolded:?}");
    let names_cookies = |exchange: &String| exchange.contains("Cookies set") && exchange.contains("ESTSAUTH,");
    assert!(unfolded.iter().any(names_cookies), "{unfolded:?}");
}

#[test]
fn every_verdict_reads_well() {
    let verdict = |source: &str| texts(&Html::parse_document(source), ".verdict").join(" ");
    let of = |capture: &str| verdict(&page_of(capture));
    assert_eq!(of("healthy-popup.v4.playwright.har"), "Verdict: healthy 1 attempt to sign in or get a token worked, and nothing failed.");
    let handled = of("handled-interaction-required.v4.devtools-sanitized.har");
    assert!(handled.starts_with("Verdict: handled 1 failure that the application got over later in the capture: "), "{handled}");
    assert!(
        of("no-entra-traffic.devtools-sanitized.har").starts_with("Verdict: no Entra traffic No entry goes to a Microsoft sign-in service")
    );
    let abandoned = told(&capture().redirect(|request| request.gets_sign_in_page()));
    assert!(
        verdict(&abandoned).starts_with("Verdict: inconclusive A sign-in page was shown and nobody answered it"),
        "{}",
        verdict(&abandoned)
    );
}

#[test]
fn several_captures_are_one_page_and_an_unreadable_one_is_told() {
    let output = entrace()
        .args(["--format", "html", "healthy-popup.v4.playwright.har", "wrong-password.v4.devtools-full.har", "missing.har"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let source = String::from_utf8(output.stdout).unwrap();
    assert_eq!(faults(&source), Vec::<String>::new());
    let page = Html::parse_document(&source);
    assert_eq!(texts(&page, "h2"), ["healthy-popup.v4.playwright.har", "wrong-password.v4.devtools-full.har", "missing.har"]);
    let contents = texts(&page, "nav > ol > li");
    assert_eq!(contents[0], "healthy-popup.v4.playwright.har healthy");
    assert_eq!(contents[1], "wrong-password.v4.devtools-full.har failing AADSTS50126 wrong-password");
    assert_eq!(contents[2], "missing.har not read");
    assert!(texts(&page, ".verdict").last().unwrap().starts_with("Not read"));
}

#[test]
fn a_long_loop_stays_readable() {
    let rounds = 150;
    let loop_of = |builder: CaptureBuilder| builder.app_page().redirect(|request| request.succeeds().without_token());
    let source = told(&(0..rounds).fold(capture().sign_in(|sign_in| sign_in), |builder, _| loop_of(builder)));
    let page = Html::parse_document(&source);
    assert_eq!(faults(&source), Vec::<String>::new());
    let steps = select(&page, ".picture li[id]").len();
    assert!((1..=DRAWN).contains(&steps), "{steps} steps are drawn");
    let note = texts(&page, ".note").join(" ");
    assert!(note.contains(&format!("{DRAWN} of ")), "{note}");
    let gaps = texts(&page, ".gap");
    assert!(!gaps.is_empty() && gaps.iter().any(|gap| gap.contains("left out: #")), "{gaps:?}");
    assert!(source.len() < 400_000, "{} bytes", source.len());
}

#[test]
fn nothing_can_be_fetched() {
    let source = page_of("healthy-popup.v4.playwright.har");
    let page = Html::parse_document(&source);
    let policy = select(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    let hash = |element: &str| {
        let inside = select(&page, element)[0].text().collect::<String>();
        assert!(!inside.trim().is_empty());
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inside)))
    };
    let expected = [
        "default-src 'none'".to_owned(),
        format!("style-src {}", hash("style")),
        format!("script-src {}", hash("script")),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
    ];
    assert_eq!(policy.split("; ").collect::<Vec<_>>(), expected);
    // The policy comes before what it governs.
    let at = |what: &str| source.find(what).unwrap();
    assert!(at("Content-Security-Policy") < at("<style") && at("<style") < at("<script"));
}

/// Text that would be an element, an attribute, the end of a style or script, or would steer what is read.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "--></style></script></title></pre><h1>gone</h1>",
    "{{ 7 * 7 }}{% include \"page.html\" %}",
    "a\u{202e}b\u{2066}c\u{0}d\u{1b}[2Je\u{200b}f\u{feff}g\r\nh",
];

/// A capture with a text wherever text can stand.
fn hostile(text: &str) -> Value {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let tenant = encoded.replace('+', "%20");
    let entry = |method: &str, url: String, headers: Value, posted: Value, status: u16, reply: Value, body: Value| {
        json!({"startedDateTime": "2026-11-20T14:00:00.000Z", "time": 5, "pageref": text, "comment": text,
            "request": {"method": method, "url": url, "httpVersion": text, "headers": headers, "postData": posted,
                "cookies": [{"name": text, "value": text}]},
            "response": {"status": status, "statusText": text, "headers": reply, "content": body, "redirectURL": "",
                "cookies": [{"name": text, "value": text}]}})
    };
    let header = |name: &str, value: String| json!({"name": name, "value": value});
    let request = || {
        json!([
            header("Cookie", format!("{text}=1; ESTSAUTH=1")),
            header("Sec-Fetch-Dest", "iframe".to_owned()),
            header("Referer", format!("https://app.example/{text}")),
            header("User-Agent", text.to_owned())
        ])
    };
    let authorize = |method: &str, id: &str| {
        let url = format!(
            "https://login.microsoftonline.com/{id}/oauth2/v2.0/authorize?client_id={encoded}&prompt=none&login_hint={encoded}&redirect_uri=https://app.example/{tenant}&scope={encoded}&{encoded}={encoded}&state=1"
        );
        let location =
            format!("https://app.example/{text}#error=login_required&error_description=AADSTS50058%3a+{encoded}&{encoded}=1&state=1");
        entry(
            method,
            url,
            request(),
            Value::Null,
            302,
            json!([header("Location", location), header("Set-Cookie", format!("{text}=1"))]),
            json!({}),
        )
    };
    let token = entry(
        "POST",
        format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
        request(),
        json!({"mimeType": text, "text": format!("grant_type={encoded}&client_id={encoded}&client_secret={encoded}&{encoded}=1")}),
        401,
        json!([]),
        json!({"mimeType": "application/json", "text": json!({"error": text, "error_description": format!("AADSTS7000215: {text}"), "suberror": text}).to_string()}),
    );
    let page = entry(
        "GET",
        format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?client_id={encoded}"),
        request(),
        Value::Null,
        200,
        json!([]),
        json!({"mimeType": "text/html", "text": format!("<script>$Config={};</script>", json!({"pgid": text, "sErrorCode": "50126", "sErrTxt": text, "sPOST_Username": text}))}),
    );
    let entries =
        json!([authorize("GET", &tenant), authorize(text, "common"), authorize("GET", text), token, page, {"request": text}, text]);
    json!({"log": {"version": text, "creator": {"name": text, "version": text}, "browser": {"name": text, "version": text},
        "pages": [{"id": text, "title": text, "startedDateTime": text}], "entries": entries}})
}

/// The elements and attributes of pages on which nothing is hostile.
fn known_shapes() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for (capture, _) in labelled() {
        known.extend(shapes(&Html::parse_document(&page_of(&capture))));
    }
    // A page of several captures, one unreadable and one with warnings.
    let analysis = analysis_of(hostile("x").to_string().into_bytes());
    let reports = [CaptureReport::new("a", Ok(&analysis)), CaptureReport::new("b", Err(&std::fmt::Error))];
    known.extend(shapes(&Html::parse_document(&html::render(&reports).unwrap())));
    known
}

#[test]
fn nothing_of_a_capture_becomes_markup() {
    let known = known_shapes();
    for text in HOSTILE {
        let analysis = analysis_of(hostile(text).to_string().into_bytes());
        assert!(analysis.diagnoses.len() >= 2, "{} failures with {text:?}", analysis.diagnoses.len());
        assert!(analysis.creator.as_deref().is_some_and(|creator| creator.starts_with(text.chars().next().unwrap())));
        let problem = std::io::Error::other(text);
        let reports = [CaptureReport::new(text, Ok(&analysis)), CaptureReport::new(text, Err(&problem))];
        let source = html::render(&reports).unwrap();
        assert_eq!(faults(&source), Vec::<String>::new(), "with {text:?}");
        let page = Html::parse_document(&source);
        let new: Vec<String> = shapes(&page).difference(&known).cloned().collect();
        assert_eq!(new, Vec::<String>::new(), "with {text:?}");
        // It is still there to be read.
        let readable: String = text.split_whitespace().next().unwrap().chars().take_while(|c| c.is_ascii() && !c.is_control()).collect();
        assert!(texts(&page, "h2").iter().all(|path| path.contains(&readable)), "{:?}", texts(&page, "h2"));
    }
}

#[test]
fn characters_that_steer_are_replaced() {
    let analysis = analysis_of(capture().app_page().bytes());
    let source = page("a\u{202e}b\u{1b}c", &analysis);
    assert_eq!(texts(&Html::parse_document(&source), "h2"), ["a\u{fffd}b\u{fffd}c"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_text_changes_the_build_of_a_page(text in "[<>&\"'/=a-z \\PC\\p{Cc}]{1,40}") {
        let calm = analysis_of(hostile("x").to_string().into_bytes());
        let mut analysis = calm.clone();
        analysis.creator = Some(text.clone());
        let count = |source: &str| select(&Html::parse_document(source), "*").len();
        prop_assert_eq!(count(&page(&text, &analysis)), count(&page("x", &calm)));
    }
}

#[test]
fn the_same_capture_gives_the_same_page() {
    let builder = capture().sign_in(|sign_in| sign_in).silent_frame(|request| request.fails(50058, words::NOBODY));
    assert_eq!(told(&builder), told(&builder));
}
