//! Bodies: where the file has one, how it is encoded, and what it means when it has none.

use super::json::Raw;
use super::parts::{BodyParts, HeaderParts, RequestParts};
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::http_message::{decode_base64, decode_unsaid};
use crate::capture::selection::Lines;
use crate::exchange::{Loss, RawText, Recorded};
use std::borrow::Cow;
use url::form_urlencoded;

/// What the file has of a body, not decoded yet.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    /// Text.
    Text(Raw<'a>),
    /// Bytes as base64.
    Base64(Raw<'a>),
    /// The fields of a form; whether they are as percent-encoded as they were sent.
    Params(Raw<'a>, bool),
    /// Bytes in a file of that name beside the HAR.
    Attached(Raw<'a>),
    /// Nothing was sent.
    Empty,
    /// The file does not have it.
    Lost(Loss),
}

/// What has to be known to read a body.
#[derive(Clone, Copy)]
pub(super) struct Around<'r, 'a, 'h> {
    /// The files beside the capture.
    pub(super) beside: &'r Attachments<'a>,
    /// The headers of its message.
    pub(super) headers: &'r HeaderParts<'h>,
    /// Its MIME type, lower case, without parameters.
    pub(super) mime: Option<&'r str>,
}

/// A body, read.
pub(crate) struct Read<'a> {
    pub(crate) body: Recorded<Cow<'a, str>>,
    /// What was wrong with it, as a warning.
    pub(crate) flaw: Option<&'static str>,
}

const NO_BASE64: &str = "a body is marked as base64 and is none";
const TEXT_AS_BASE64: &str = "a body is marked as base64 and is text; it was read as it is";
const STILL_CODED: &str = "a body is still compressed and could not be decompressed; it was not read";

/// Where text that is marked as base64 is known for it: a mark of damage stands anywhere.
const BEGINNING: usize = 64;

/// The body of a response.
pub(super) fn of_response<'a>(content: Option<&BodyParts<Raw<'a>>>, exporter: Exporter) -> Body<'a> {
    let Some(content) = content else {
        return Body::Lost(Loss::Unknown);
    };
    if let Some(body) = text(content) {
        return body;
    }
    if let Some(name) = content.attached {
        return Body::Attached(name);
    }
    match content.size.and_then(Raw::number) {
        // Only the size tells a body that was lost from one that was empty.
        Some(size) if size > 0.0 => Body::Lost(exporter.missing_body()),
        // Playwright writes -1 where it did not fetch the body.
        Some(size) if size < 0.0 => Body::Lost(Loss::NotRecorded),
        Some(_) => Body::Empty,
        None if content.text.is_some() => Body::Empty,
        None => Body::Lost(Loss::Unknown),
    }
}

/// The body of a request.
pub(super) fn of_request<'a>(request: &RequestParts<Raw<'a>>, method: &str, exporter: Exporter) -> Body<'a> {
    let posted = request.body.as_ref();
    if let Some(body) = posted.and_then(text) {
        return body;
    }
    let params = posted.and_then(|posted| posted.params);
    if params.is_some_and(Raw::is_let_go) {
        return Body::Lost(Loss::TooLarge);
    }
    if let Some(params) = params.filter(|params| !params.items().is_empty()) {
        return Body::Params(params, exporter.keeps_params_encoded());
    }
    if let Some(name) = posted.and_then(|posted| posted.attached) {
        return Body::Attached(name);
    }
    let size = request.body_size.and_then(Raw::number);
    let expects_body = matches!(method, "POST" | "PUT" | "PATCH");
    let says_empty = posted.is_some_and(|posted| posted.text.is_some());
    match size {
        // Firefox writes 0 for what it could not get at, too; the browser told the server how much it sent.
        Some(0.0) if expects_body => match posted_length(request) {
            Some(length) if length > 0 => Body::Lost(Loss::Unknown),
            None if exporter == Exporter::Firefox && !says_empty => Body::Lost(Loss::Unknown),
            _ => Body::Empty,
        },
        Some(0.0) => Body::Empty,
        Some(size) if size > 0.0 => Body::Lost(Loss::Unknown),
        // Chrome, Firefox and BrowserMob leave out what they could not get at.
        _ if expects_body && !says_empty => Body::Lost(Loss::Unknown),
        _ => Body::Empty,
    }
}

/// What `Content-Length` says was posted.
fn posted_length(request: &RequestParts<Raw<'_>>) -> Option<u64> {
    request.headers.as_ref()?.all("content-length").next()?.trim().parse().ok()
}

/// Whether what was posted is a form, or at least may be one.
pub(super) fn is_form(posted: &BodyParts<Raw<'_>>) -> bool {
    let mime = posted.mime.and_then(Raw::string).unwrap_or_default();
    mime.is_empty() || mime.to_ascii_lowercase().contains("x-www-form-urlencoded")
}

fn text<'a>(body: &BodyParts<Raw<'a>>) -> Option<Body<'a>> {
    let text = body.text.filter(|text| text.bytes() != b"\"\"")?;
    if text.is_let_go() {
        return Some(Body::Lost(Loss::TooLarge));
    }
    let encoding = body.encoding.and_then(Raw::string).unwrap_or_default();
    Some(if encoding.eq_ignore_ascii_case("base64") { Body::Base64(text) } else { Body::Text(text) })
}

impl<'a> Body<'a> {
    /// The body, decoded; one that could not be is a loss by damage.
    pub(super) fn decode(self, around: Around<'_, '_, '_>) -> Read<'a> {
        let sound = |body| Read { body, flaw: None };
        let codings = || codings_of(around.headers.all("content-encoding"));
        match self {
            // Of a body that a tool wrote as JSON and not as text, that JSON.
            Self::Text(text) => sound(Recorded::Kept(text.text())),
            Self::Base64(text) => read_base64(text.text(), around.mime, codings),
            Self::Attached(name) => match attached(name, around.beside) {
                Some(bytes) if bytes.is_empty() => sound(Recorded::Empty),
                Some(bytes) => plain(bytes, around.mime, codings),
                None => sound(Recorded::NotKept(Loss::Apart)),
            },
            Self::Params(params, encoded) => sound(Recorded::Kept(Cow::Owned(form(params, encoded)))),
            Self::Empty => sound(Recorded::Empty),
            Self::Lost(loss) => sound(Recorded::NotKept(loss)),
        }
    }

    /// Whether of a body that lies beside the capture only the beginning was read, where so much of it was.
    pub(super) fn is_cut(self, read: &Recorded<RawText>, beside: &Attachments<'_>) -> bool {
        let may_be = read.kept().is_some_and(|text| beside.may_have_cut(text.raw().len()));
        matches!(self, Self::Attached(name) if may_be && name.string().is_some_and(|name| beside.has_cut(&name)))
    }

    /// What a summary says of the body.
    pub(super) fn summarize(self) -> Recorded<RawText> {
        match self {
            Self::Empty => Recorded::Empty,
            _ => Recorded::NotKept(Loss::Summarised),
        }
    }

    /// The bytes of the body for a search, as they stand in the file unless that hides them.
    pub(super) fn bytes(self, around: Around<'_, '_, '_>) -> Cow<'a, [u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.bytes()),
            Self::Base64(_) | Self::Attached(_) => match self.decode(around).body {
                Recorded::Kept(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
                Recorded::Kept(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
                Recorded::Empty | Recorded::NotKept(_) => Cow::Borrowed(&[]),
            },
            Self::Params(..) | Self::Empty | Self::Lost(_) => Cow::Borrowed(&[]),
        }
    }
}

/// A body that is marked as base64. What is still coded in it is taken off where its MIME type is one of text, or not known;
/// `codings` are those that its message names, as [`codings_of`] finds them.
pub(crate) fn read_base64<'a>(text: Cow<'a, str>, mime: Option<&str>, codings: impl FnOnce() -> Vec<String>) -> Read<'a> {
    match decode_base64(text.as_bytes()) {
        Some(bytes) => plain(bytes, mime, codings),
        // Firefox marks text so whose type it does not know (bug 1762313).
        None if is_no_base64(&text) => Read { body: Recorded::Kept(text), flaw: Some(TEXT_AS_BASE64) },
        None => Read { body: Recorded::NotKept(Loss::Damaged), flaw: Some(NO_BASE64) },
    }
}

/// The words of `Content-Encoding` headers, lower case.
pub(crate) fn codings_of(headers: impl Iterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut words = Vec::new();
    for header in headers {
        words.extend(header.as_ref().split(',').map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()));
    }
    words
}

/// A MIME type, lower case, without its parameters; none where nothing is said.
pub(crate) fn mime_of(written: &str) -> Option<String> {
    let mime = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!mime.is_empty()).then_some(mime)
}

/// Bytes of a body as text, without a coding that they were left in.
fn plain<'a>(bytes: Vec<u8>, mime: Option<&str>, codings: impl FnOnce() -> Vec<String>) -> Read<'a> {
    if !mime.is_none_or(is_text) {
        return Read { body: Recorded::Kept(Cow::Owned(lossy(bytes))), flaw: None };
    }
    match decode_unsaid(bytes, codings) {
        Some(decoded) => Read { body: Recorded::Kept(Cow::Owned(lossy(decoded.bytes.into_owned()))), flaw: decoded.flaw },
        None => Read { body: Recorded::NotKept(Loss::Damaged), flaw: Some(STILL_CODED) },
    }
}

/// Whether what is of this MIME type is text.
fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || ["html", "json", "xml", "javascript", "x-www-form-urlencoded"].iter().any(|kind| mime.contains(kind))
}

/// Whether a text that cannot be decoded never was base64, as it begins with what base64 has no sign for.
fn is_no_base64(text: &str) -> bool {
    let foreign = |sign: char| !(sign.is_ascii_alphanumeric() || sign.is_ascii_whitespace() || "+/-_=".contains(sign));
    text.trim_start().chars().take(BEGINNING).any(foreign)
}

fn attached(name: Raw<'_>, beside: &Attachments<'_>) -> Option<Vec<u8>> {
    beside.read(&name.string()?)
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A form as it was posted, from the list of its fields.
fn form(params: Raw<'_>, encoded: bool) -> String {
    let mut form = String::new();
    for param in params.items() {
        let part = |name: &str| param.field(name).map(Raw::text).unwrap_or_default();
        let (name, value) = (part("name"), part("value"));
        if !form.is_empty() {
            form.push('&');
        }
        if encoded {
            form.extend([&*name, "=", &*value]);
        } else {
            form.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            form.push('=');
            form.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::super::parts::parts_of;
    use super::*;

    fn response(content: &str, exporter: Exporter) -> Recorded<String> {
        let json = format!(r#"{{"response":{{"content":{content}}}}}"#);
        let entry = parts_of(&json);
        let around = Around { beside: &Attachments::nowhere(), headers: &HeaderParts::default(), mime: None };
        of_response(entry.response.unwrap().body.as_ref(), exporter).decode(around).body.map(Cow::into_owned)
    }

    fn request(method: &str, request: &str, exporter: Exporter) -> Recorded<String> {
        let json = format!(r#"{{"request":{request}}}"#);
        let entry = parts_of(&json);
        let around = Around { beside: &Attachments::nowhere(), headers: &HeaderParts::default(), mime: None };
        of_request(&entry.request.unwrap(), method, exporter).decode(around).body.map(Cow::into_owned)
    }

    fn kept(text: &str) -> Recorded<String> {
        Recorded::Kept(text.to_owned())
    }

    #[test]
    fn a_response_body_that_is_there() {
        assert_eq!(response(r#"{"text":"a\u00e9\ud83d"}"#, Exporter::Other), kept("aé\u{FFFD}"));
        assert_eq!(response(r#"{"text":"aGk=","encoding":"base64"}"#, Exporter::Other), kept("hi"));
        assert_eq!(response(r#"{"text":"aG\r\nk","encoding":"BASE64"}"#, Exporter::Other), kept("hi"));
        assert_eq!(response(r#"{"text":"_-8","encoding":"base64"}"#, Exporter::Other), kept("\u{FFFD}\u{FFFD}"));
        assert_eq!(response(r#"{"text":{"error":1}}"#, Exporter::Other), kept(r#"{"error":1}"#));
    }

    #[test]
    fn a_response_body_that_is_not_there() {
        use Exporter::{ChromiumDevTools, Firefox, Playwright};
        assert_eq!(response(r#"{"size":271}"#, ChromiumDevTools), Recorded::NotKept(Loss::Evicted));
        assert_eq!(response(r#"{"size":271,"text":""}"#, ChromiumDevTools), Recorded::NotKept(Loss::Evicted));
        assert_eq!(response(r#"{"size":271,"comment":"…"}"#, Firefox), Recorded::NotKept(Loss::NotRecorded));
        assert_eq!(response(r#"{"size":-1}"#, Playwright), Recorded::NotKept(Loss::NotRecorded));
        assert_eq!(response(r#"{"size":12,"_file":"x.html"}"#, Playwright), Recorded::NotKept(Loss::Apart));
        assert_eq!(response(r#"{"size":12,"_sha1":"x"}"#, Playwright), Recorded::NotKept(Loss::Apart));
        assert_eq!(response(r#"{}"#, Firefox), Recorded::NotKept(Loss::Unknown));
        assert_eq!(response(r#"null"#, Firefox), Recorded::NotKept(Loss::Unknown));
        assert_eq!(response(r#"{"text":"aGkaG","encoding":"base64"}"#, Firefox), Recorded::NotKept(Loss::Damaged));
    }

    #[test]
    fn text_that_is_marked_as_base64_is_text() {
        assert_eq!(response(r#"{"text":"<p>hi","encoding":"base64"}"#, Exporter::Firefox), kept("<p>hi"));
        let long = "aGk".repeat(100);
        let damaged = response(&format!(r#"{{"text":"{long}\u2026","encoding":"base64"}}"#), Exporter::Firefox);
        assert_eq!(damaged, Recorded::NotKept(Loss::Damaged));
    }

    #[test]
    fn an_empty_response_body() {
        assert_eq!(response(r#"{"size":0}"#, Exporter::ChromiumDevTools), Recorded::Empty);
        assert_eq!(response(r#"{"text":""}"#, Exporter::Firefox), Recorded::Empty);
        assert_eq!(response(r#"{"size":0,"text":""}"#, Exporter::Mitmproxy), Recorded::Empty);
    }

    #[test]
    fn a_posted_text_wins_over_its_params() {
        let posted = r#"{"postData":{"text":"a=%40","params":[{"name":"b","value":"c"}]}}"#;
        assert_eq!(request("POST", posted, Exporter::Firefox), kept("a=%40"));
        let binary = r#"{"postData":{"text":"aGk=","_encoding":"base64"}}"#;
        assert_eq!(request("POST", binary, Exporter::Charles), kept("hi"));
    }

    #[test]
    fn params_are_encoded_unless_they_are() {
        let posted = r#"{"postData":{"text":"","params":[{"name":"login","value":"u%40a b"},{"name":"x"}]}}"#;
        assert_eq!(request("POST", posted, Exporter::Charles), kept("login=u%2540a+b&x="));
        assert_eq!(request("POST", posted, Exporter::ChromiumDevTools), kept("login=u%40a b&x="));
    }

    #[test]
    fn a_post_without_data_is_unknown_and_not_empty() {
        assert_eq!(request("POST", "{}", Exporter::Other), Recorded::NotKept(Loss::Unknown));
        assert_eq!(request("PUT", r#"{"bodySize":-1}"#, Exporter::Other), Recorded::NotKept(Loss::Unknown));
        assert_eq!(request("GET", r#"{"bodySize":7}"#, Exporter::Other), Recorded::NotKept(Loss::Unknown));
        assert_eq!(request("POST", r#"{"postData":{"_file":"x"}}"#, Exporter::Playwright), Recorded::NotKept(Loss::Apart));
        assert_eq!(request("POST", r#"{"bodySize":0}"#, Exporter::Other), Recorded::Empty);
        assert_eq!(request("POST", r#"{"postData":{"text":""}}"#, Exporter::Other), Recorded::Empty);
        assert_eq!(request("POST", r#"{"bodySize":0}"#, Exporter::Firefox), Recorded::NotKept(Loss::Unknown));
        let with_length = |length| format!(r#"{{"bodySize":0,"headers":[{{"name":"Content-Length","value":"{length}"}}]}}"#);
        assert_eq!(request("POST", &with_length(7), Exporter::Other), Recorded::NotKept(Loss::Unknown));
        assert_eq!(request("POST", &with_length(0), Exporter::Firefox), Recorded::Empty);
        assert_eq!(request("GET", "{}", Exporter::Other), Recorded::Empty);
    }
}
