//! One entry of a HAR.

use super::bodies::Pools;
use super::headers;
use super::random::Random;
use std::fmt::Write as _;

/// How an entry is to be.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Whether responses have their bodies.
    pub(super) has_bodies: bool,
    /// Whether members come in the opposite order: the response and its body before the address of the request.
    pub(super) is_reversed: bool,
}

/// Kinds of resource: what DevTools calls them, their MIME type, how many of a hundred entries, the longest body.
const KINDS: &[(&str, &str, u64, u64)] = &[
    ("script", "application/javascript", 14, 300_000),
    ("fetch", "application/json", 40, 30_000),
    ("stylesheet", "text/css", 6, 120_000),
    ("image", "image/png", 16, 30_000),
    ("document", "text/html", 5, 90_000),
    ("preflight", "text/plain", 9, 0),
    ("ping", "text/plain", 10, 0),
];

/// An entry, and whether it is part of a sign-in.
pub(super) fn entry(number: u64, layout: Layout, pools: &Pools, random: &mut Random) -> (String, bool) {
    let sign_in = number % 100 == 42;
    let (resource, mime, longest) = if sign_in { ("document", "text/html", 40_000) } else { kind(random) };
    let url = if sign_in { sign_in_address(random) } else { address(random) };
    // Most resources are small and a few are large: two draws, the smaller counts.
    let size = |random: &mut Random| if longest == 0 { 0 } else { 200 + random.below(longest).min(random.below(longest)) };
    (written(number, &Resource { kind: resource, mime, url: &url, size: &size }, layout, pools, random), sign_in)
}

/// An entry whose body has that many bytes, whatever the layout says of bodies.
pub(super) fn large_entry(number: u64, size: u64, layout: Layout, pools: &Pools, random: &mut Random) -> String {
    let url = address(random);
    let resource = Resource { kind: "script", mime: "application/javascript", url: &url, size: &|_| size };
    written(number, &resource, Layout { has_bodies: true, ..layout }, pools, random)
}

fn address(random: &mut Random) -> String {
    format!("https://cdn{}.contoso.example/{}/{}?v={}", random.below(9), random.word(8), random.word(12), random.below(9999))
}

fn sign_in_address(random: &mut Random) -> String {
    let (tenant, client, state, challenge) = (random.guid(), random.guid(), random.word(36), random.word(43));
    format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?client_id={client}&response_type=code&response_mode=fragment&scope=openid%20profile&redirect_uri=https%3A%2F%2Fapp.contoso.example%2F&state={state}&code_challenge={challenge}&prompt=none"
    )
}

fn kind(random: &mut Random) -> (&'static str, &'static str, u64) {
    let mut draw = random.below(100);
    for (resource, mime, share, longest) in KINDS {
        if draw < *share {
            return (resource, mime, *longest);
        }
        draw -= share;
    }
    ("ping", "text/plain", 0)
}

/// In milliseconds.
const TIMINGS: &[(&str, &str)] = &[
    ("blocked", "3.517"),
    ("dns", "-1"),
    ("ssl", "-1"),
    ("connect", "-1"),
    ("send", "0.18"),
    ("wait", "41.21"),
    ("receive", "2.04"),
    ("_blocked_queueing", "1.62"),
];

/// What was asked for.
struct Resource<'r> {
    kind: &'r str,
    mime: &'r str,
    url: &'r str,
    /// The size of the body; drawn only after the headers.
    size: &'r dyn Fn(&mut Random) -> u64,
}

fn written(number: u64, resource: &Resource<'_>, layout: Layout, pools: &Pools, random: &mut Random) -> String {
    let initiator = initiator(random);
    let request = [
        ("method", quoted("GET")),
        ("url", quoted(resource.url)),
        ("httpVersion", quoted("http/2.0")),
        ("headers", headers::list(headers::REQUEST, number, random)),
        ("queryString", "[]".to_owned()),
        ("cookies", "[]".to_owned()),
        ("headersSize", "-1".to_owned()),
        ("bodySize", "0".to_owned()),
    ];
    let response_headers = headers::list(headers::RESPONSE, number, random);
    let size = (resource.size)(random);
    let response = [
        ("status", "200".to_owned()),
        ("statusText", quoted("")),
        ("httpVersion", quoted("http/2.0")),
        ("headers", response_headers),
        ("cookies", "[]".to_owned()),
        ("content", content(resource, size, layout, pools, random)),
        ("redirectURL", quoted("")),
        ("headersSize", "-1".to_owned()),
        ("bodySize", "-1".to_owned()),
        ("_transferSize", size.to_string()),
        ("_error", "null".to_owned()),
        ("_fetchedViaServiceWorker", "false".to_owned()),
    ];
    let entry = [
        ("_initiator", initiator),
        ("_priority", quoted("High")),
        ("_resourceType", quoted(resource.kind)),
        ("cache", "{}".to_owned()),
        ("connection", quoted("443")),
        ("pageref", quoted("page_1")),
        ("request", object(request, 8, layout)),
        ("response", object(response, 8, layout)),
        ("serverIPAddress", quoted(&format!("203.0.113.{}", random.below(250)))),
        ("startedDateTime", quoted(&time(number))),
        ("time", format!("{}.{:03}", random.below(900), random.below(1000))),
        ("timings", object(TIMINGS.iter().map(|(name, value)| (*name, (*value).to_owned())), 8, layout)),
    ];
    format!("      {}", object(entry, 6, layout))
}

fn initiator(random: &mut Random) -> String {
    let mut initiator = r#"{
          "type": "script",
          "stack": {
            "callFrames": ["#
        .to_owned();
    for index in 0..4 + random.below(8) {
        let _ = write!(
            initiator,
            r#"{}
              {{
                "functionName": "{}",
                "scriptId": "{}",
                "url": "https://app.contoso.example/static/main.{}.js",
                "lineNumber": 1,
                "columnNumber": {}
              }}"#,
            if index == 0 { "" } else { "," },
            random.word(6),
            random.below(300),
            random.word(8),
            random.below(90_000),
        );
    }
    initiator.push_str("\n            ]\n          }\n        }");
    initiator
}

fn content(resource: &Resource<'_>, size: u64, layout: Layout, pools: &Pools, random: &mut Random) -> String {
    let mut members = vec![("size", size.to_string()), ("mimeType", quoted(resource.mime))];
    if size > 0 && layout.has_bodies {
        members.push(("text", pools.body(resource.kind, size, random)));
        if resource.kind == "image" {
            members.push(("encoding", quoted("base64")));
        }
    }
    object(members, 10, layout)
}

/// Twenty entries a second.
fn time(number: u64) -> String {
    let seconds = number / 20;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("2026-11-20T{hour:02}:{minute:02}:{second:02}.{:03}Z", number % 20 * 50)
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// An object that begins at so many spaces.
fn object(members: impl IntoIterator<Item = (&'static str, String)>, indentation: usize, layout: Layout) -> String {
    let mut members: Vec<_> = members.into_iter().collect();
    if layout.is_reversed {
        members.reverse();
    }
    let mut object = String::with_capacity(members.iter().map(|(name, value)| name.len() + value.len() + 32).sum());
    for (index, (name, value)) in members.iter().enumerate() {
        let before = if index == 0 { "{" } else { "," };
        let _ = write!(object, "{before}\n{:indentation$}  \"{name}\": {value}", "");
    }
    let _ = write!(object, "\n{:indentation$}}}", "");
    object
}
