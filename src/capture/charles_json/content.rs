//! A body as far as the file has it.

use super::parts::Side;
use crate::capture::har::Raw;
use crate::capture::http_message::{Message, decode_base64};
use std::borrow::Cow;

/// A body, taken out of the JSON and not decoded further.
pub(super) struct Content<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    kind: Kind,
    /// Whether the file keeps the body, be it empty.
    pub(super) is_there: bool,
    /// Whether it is marked as base64 and is none.
    pub(super) is_damaged: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text, which Charles decoded.
    Text,
    /// Bytes without their content coding.
    Decoded,
    /// Bytes as on the wire, without chunks.
    Coded,
}

impl<'a> Content<'a> {
    /// The body of a side. `absent_is_empty` says what it means where the file has neither a body nor its size.
    pub(super) fn of(side: &Side<'a>, absent_is_empty: bool) -> Self {
        let body = &side.body;
        if let Some(encoded) = body.encoded.filter(|encoded| encoded.bytes() != b"\"\"") {
            let kind = if body.decoded { Kind::Decoded } else { Kind::Coded };
            let bytes = decode_base64(encoded.text().as_bytes());
            return Self { kind, is_there: bytes.is_some(), is_damaged: bytes.is_none(), bytes: bytes.unwrap_or_default().into() };
        }
        if let Some(text) = body.text.filter(|text| text.bytes() != b"\"\"") {
            let bytes = match text.text() {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            };
            return Self { kind: Kind::Text, bytes, is_there: true, is_damaged: false };
        }
        let is_there = match side.size.and_then(Raw::number) {
            // Charles keeps no body that is larger than its limit, and tells its size.
            Some(size) => size == 0.0,
            None => absent_is_empty || body.text.is_some() || body.encoded.is_some(),
        };
        Self { kind: Kind::Text, bytes: Cow::Borrowed(b""), is_there, is_damaged: false }
    }

    /// The message with the headers that say how the body is still coded.
    pub(super) fn coded<'m>(&'m self, message: &'m Message<'_>) -> Message<'m> {
        let names: &[&str] = match self.kind {
            Kind::Text => &[],
            Kind::Decoded => &["content-type"],
            Kind::Coded => &["content-type", "content-encoding"],
        };
        let how = message.headers.iter().filter(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
        let headers = how.map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value))).collect();
        Message { start: Cow::Borrowed(""), headers, damaged: false, body: &self.bytes }
    }
}
