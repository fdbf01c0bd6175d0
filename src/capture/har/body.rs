//! Bodies: where the file has one, how it is encoded, and what it means when it has none.

use super::json::Raw;
use super::parts::{BodyParts, RequestParts};
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::http_message::decode_base64;
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
        Some(0.0) => Body::Empty,
        Some(size) if size > 0.0 => Body::Lost(Loss::Unknown),
        // Chrome, Firefox and BrowserMob leave out what they could not get at.
        _ if expects_body && !says_empty => Body::Lost(Loss::Unknown),
        _ => Body::Empty,
    }
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
    /// The body, decoded; a bad base64 is a loss by damage.
    pub(super) fn decode(self, beside: &Attachments<'_>) -> Recorded<Cow<'a, str>> {
        match self {
            // Of a body that a tool wrote as JSON and not as text, that JSON.
            Self::Text(text) => Recorded::Kept(text.text()),
            Self::Base64(text) => match decode_base64(text.text().as_bytes()) {
                Some(bytes) => Recorded::Kept(Cow::Owned(lossy(bytes))),
                None => Recorded::NotKept(Loss::Damaged),
            },
            Self::Attached(name) => match attached(name, beside) {
                Some(bytes) if bytes.is_empty() => Recorded::Empty,
                Some(bytes) => Recorded::Kept(Cow::Owned(lossy(bytes))),
                None => Recorded::NotKept(Loss::Apart),
            },
            Self::Params(params, encoded) => Recorded::Kept(Cow::Owned(form(params, encoded))),
            Self::Empty => Recorded::Empty,
            Self::Lost(loss) => Recorded::NotKept(loss),
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
    pub(super) fn bytes(self, beside: &Attachments<'_>) -> Cow<'a, [u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.bytes()),
            Self::Base64(text) => Cow::Owned(decode_base64(text.text().as_bytes()).unwrap_or_default()),
            Self::Attached(name) => Cow::Owned(attached(name, beside).unwrap_or_default()),
            Self::Params(..) | Self::Empty | Self::Lost(_) => Cow::Borrowed(&[]),
        }
    }
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
        of_response(entry.response.unwrap().body.as_ref(), exporter).decode(&Attachments::nowhere()).map(Cow::into_owned)
    }

    fn request(method: &str, request: &str, exporter: Exporter) -> Recorded<String> {
        let json = format!(r#"{{"request":{request}}}"#);
        let entry = parts_of(&json);
        of_request(&entry.request.unwrap(), method, exporter).decode(&Attachments::nowhere()).map(Cow::into_owned)
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
        assert_eq!(response(r#"{"text":"%","encoding":"base64"}"#, Firefox), Recorded::NotKept(Loss::Damaged));
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
        assert_eq!(request("GET", "{}", Exporter::Other), Recorded::Empty);
    }
}
