//! How a body is written that is in base64: it is read as the reader of captures reads it.

use super::entry::is_base64;
use crate::capture::{Json, codings_of, mime_of, read_base64};
use crate::exchange::Recorded;
use std::borrow::Cow;

/// What has to be known to read a body in base64.
#[derive(Clone)]
pub(super) struct Coded {
    mime: Option<String>,
    /// What `Content-Encoding` names.
    codings: Vec<String>,
}

impl Coded {
    /// That of a body with this encoding, where it is base64.
    pub(super) fn of(encoding: Option<&Json<'_>>, mime: Option<&Json<'_>>, codings: &[String]) -> Option<Self> {
        is_base64(encoding).then(|| Self { mime: mime.and_then(Json::as_str).and_then(mime_of), codings: codings.to_vec() })
    }

    /// The body; `None` where it cannot be decoded.
    pub(super) fn read<'t>(self, text: Cow<'t, str>) -> Option<Cow<'t, str>> {
        match read_base64(text, self.mime.as_deref(), || self.codings).body {
            Recorded::Kept(text) => Some(text),
            Recorded::Empty | Recorded::NotKept(_) => None,
        }
    }
}

/// The codings that the headers of a reply name.
pub(super) fn codings_in(headers: Option<&Json<'_>>) -> Vec<String> {
    let Some(Json::Array(lines)) = headers else { return Vec::new() };
    let is_it =
        |line: &&Json<'_>| line.get("name").and_then(Json::as_str).is_some_and(|name| name.eq_ignore_ascii_case("content-encoding"));
    codings_of(lines.iter().filter(is_it).filter_map(|line| line.get("value")?.as_str()))
}
