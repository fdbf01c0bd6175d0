//! The headers and the body of a raw message as an exchange keeps them.

use super::{Decoded, Message, text};
use crate::capture::{header_lines, selection};
use crate::exchange::{Header, Headers, Loss, RawText, Recorded};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

/// Whether what was posted is a form, or at least may be one.
pub(in crate::capture) fn is_form(request: &Message<'_>) -> bool {
    !request.body.is_empty() && request.mime().is_none_or(|mime| mime.contains("x-www-form-urlencoded"))
}

/// A proxy sees every header; only of a summary and of damage some are missing.
pub(in crate::capture) fn headers(message: &Message<'_>, kept_whole: bool, arrived: bool, summary_keeps: impl Fn(&str) -> bool) -> Headers {
    // HTTP/2 as some proxies write it: pseudo headers repeat the method and the address.
    let wanted = message.headers.iter().filter(|(name, _)| if kept_whole { !name.starts_with(':') } else { summary_keeps(name) });
    let by_page = || message.headers.iter().any(|(name, _)| selection::names_page(name.as_bytes()));
    let line = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        let value = if !kept_whole && selection::summary_keeps_only_name(name.as_bytes(), value.as_bytes(), by_page) {
            "".into()
        } else {
            in_one_line(value)
        };
        Header::new(name.to_ascii_lowercase().into(), &*value)
    };
    let lines = header_lines::with_cookies_apart(wanted.map(line).collect());
    match kept_whole {
        false => Headers::partial(lines, Loss::Summarised),
        true if message.damaged => Headers::partial(lines, Loss::Damaged),
        // No server answers without a single header.
        true if !arrived || message.headers.is_empty() => Headers::partial(lines, Loss::Unknown),
        true => Headers::complete(lines),
    }
}

/// A header's value without what no value may hold, but a recorder may have kept: whoever reads one has to put a space in
/// its place (RFC 9110, 5.5). In a HAR a line feed parts cookies.
fn in_one_line(value: &str) -> Cow<'_, str> {
    const NEVER: [char; 3] = ['\r', '\n', '\0'];
    if value.contains(NEVER) { value.replace(NEVER, " ").trim_ascii().to_owned().into() } else { value.into() }
}

/// A body that is decoded when it is asked for, once.
pub(in crate::capture) struct Body<'a> {
    message: &'a Message<'a>,
    /// Whether the recorder kept it, be it empty.
    is_there: bool,
    left: &'a Cell<usize>,
    decoded: OnceCell<Decoded<'a>>,
}

impl<'a> Body<'a> {
    pub(in crate::capture) fn new(message: &'a Message<'a>, is_there: bool, left: &'a Cell<usize>) -> Self {
        Self { message, is_there, left, decoded: OnceCell::new() }
    }

    fn decoded(&self) -> &Decoded<'a> {
        self.decoded.get_or_init(|| {
            let decoded = self.message.decode(self.left.get());
            self.left.set(self.left.get().saturating_sub(decoded.bytes.len()));
            decoded
        })
    }

    pub(in crate::capture) fn bytes(&self) -> &[u8] {
        &self.decoded().bytes
    }

    pub(in crate::capture) fn text(&self) -> String {
        text(self.bytes(), self.message.header("content-type"))
    }

    pub(in crate::capture) fn keep(&self) -> Recorded<RawText> {
        match (self.is_there, self.message.body.is_empty()) {
            (false, _) => Recorded::NotKept(Loss::Unknown),
            (true, true) => Recorded::Empty,
            (true, false) => Recorded::Kept(RawText::new(self.text())),
        }
    }

    pub(in crate::capture) fn summarize(&self) -> Recorded<RawText> {
        if self.is_there && self.message.body.is_empty() { Recorded::Empty } else { Recorded::NotKept(Loss::Summarised) }
    }

    /// The size, unless it takes decoding to know it.
    pub(in crate::capture) fn size(&self) -> Option<u64> {
        if !self.is_there {
            return None;
        }
        let size = match self.decoded.get() {
            Some(decoded) => decoded.bytes.len(),
            None if self.message.is_coded() => return None,
            None => self.message.body.len(),
        };
        Some(size as u64)
    }

    pub(in crate::capture) fn flaw(&self) -> Option<&'static str> {
        self.decoded.get()?.flaw
    }
}
