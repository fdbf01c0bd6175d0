//! Which program wrote a HAR, and what it means when that one leaves a part out.

use super::json::Raw;
use crate::capture::{Exporter, creator};
use crate::exchange::Loss;

/// Beginnings of `creator.name`, lower case.
const NAMES: &[(&str, Exporter)] = &[
    ("webinspector", Exporter::ChromiumDevTools),
    ("firefox", Exporter::Firefox),
    ("webkit web inspector", Exporter::Safari),
    ("playwright", Exporter::Playwright),
    ("mitmproxy", Exporter::Mitmproxy),
    ("charles", Exporter::Charles),
    ("fiddler", Exporter::Fiddler),
    ("insomnia", Exporter::Insomnia),
    ("postman", Exporter::Postman),
    ("polly", Exporter::Polly),
    ("webpagetest", Exporter::WebPageTest),
];

/// The creator as "name version", and which exporter it is.
pub(super) fn creator(raw: Raw<'_>) -> (Option<String>, Exporter) {
    let part = |name: &str| raw.field(name).and_then(Raw::string);
    let name = raw.string().or_else(|| part("name")).unwrap_or_default();
    let lower = name.trim().to_ascii_lowercase();
    if lower.is_empty() {
        return (None, Exporter::Unknown);
    }
    let whole = format!("{} {}", name.trim(), part("version").unwrap_or_default().trim());
    let known = NAMES.iter().find(|(beginning, _)| lower.starts_with(beginning));
    (creator::told(&whole), known.map_or(Exporter::Other, |(_, exporter)| *exporter))
}

impl Exporter {
    /// What it means that an entry names no page.
    pub(super) fn missing_page(self) -> Loss {
        match self {
            // Proxies and clients have no pages; Playwright leaves them out in its minimal mode.
            Self::Mitmproxy
            | Self::Charles
            | Self::Fiddler
            | Self::Burp
            | Self::Insomnia
            | Self::Postman
            | Self::Polly
            | Self::Playwright => Loss::NotRecorded,
            _ => Loss::Unknown,
        }
    }

    /// What it means that a body is missing which had bytes.
    pub(super) fn missing_body(self) -> Loss {
        match self {
            // Chromium drops the body of a document as soon as the tab leaves it, and then exports its size.
            Self::ChromiumDevTools => Loss::Evicted,
            _ => Loss::NotRecorded,
        }
    }

    /// What it means that an entry has no request headers at all.
    pub(super) fn missing_request_headers(self) -> Option<Loss> {
        match self {
            // Safari has none for what came from a cache, Insomnia never has any.
            Self::Safari | Self::Insomnia => Some(Loss::NotRecorded),
            _ => None,
        }
    }

    /// Whether `postData.params` are as percent-encoded as they were sent. The other exporters decode them.
    pub(super) fn keeps_params_encoded(self) -> bool {
        self == Self::ChromiumDevTools
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::Cursor;
    use super::*;

    #[track_caller]
    fn is(creator_json: &str, told: Option<&str>, exporter: Exporter) {
        let (creator, found) = creator(Cursor::new(creator_json.as_bytes()).value().unwrap());
        assert_eq!((creator.as_deref(), found), (told, exporter));
    }

    #[test]
    fn known_exporters() {
        is(r#"{"name":"WebInspector","version":"537.36"}"#, Some("WebInspector 537.36"), Exporter::ChromiumDevTools);
        is(r#"{"name":"Firefox","version":"153.7.0"}"#, Some("Firefox 153.7.0"), Exporter::Firefox);
        is(r#"{"name":"WebKit Web Inspector","version":"1.0"}"#, Some("WebKit Web Inspector 1.0"), Exporter::Safari);
        is(r#"{"name":"Playwright","version":"1.65.1"}"#, Some("Playwright 1.65.1"), Exporter::Playwright);
        is(r#"{"name":"mitmproxy har_dump","version":"0.1"}"#, Some("mitmproxy har_dump 0.1"), Exporter::Mitmproxy);
        is(r#"{"name":"Charles Proxy","version":"4.2"}"#, Some("Charles Proxy 4.2"), Exporter::Charles);
        is(r#"{"name":"Insomnia REST Client"}"#, Some("Insomnia REST Client"), Exporter::Insomnia);
        is(r#"{"name":"Polly.JS"}"#, Some("Polly.JS"), Exporter::Polly);
        is(r#"{"name":"WebPagetest"}"#, Some("WebPagetest"), Exporter::WebPageTest);
        is(r#"{"name":"BrowserMob Proxy","version":"2.1"}"#, Some("BrowserMob Proxy 2.1"), Exporter::Other);
    }

    #[test]
    fn none_and_odd_ones() {
        is("null", None, Exporter::Unknown);
        is("{}", None, Exporter::Unknown);
        is(r#"{"name":" "}"#, None, Exporter::Unknown);
        is(r#""Fiddler""#, Some("Fiddler"), Exporter::Fiddler);
        is(r#"{"name":"Fiddler","version":5}"#, Some("Fiddler"), Exporter::Fiddler);
    }

    #[test]
    fn a_creator_is_short_and_has_no_control_characters() {
        let (told, _) = creator(Cursor::new(br#"{"name":"a\u001b[31m\n","version":"1"}"#).value().unwrap());
        assert_eq!(told.unwrap(), "a[31m 1");
        let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(500));
        let (told, _) = creator(Cursor::new(long.as_bytes()).value().unwrap());
        assert_eq!(told.unwrap().len(), 80);
    }
}
