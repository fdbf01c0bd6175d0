//! HTTP headers, with what is known of those that are missing.

use super::{ArcStr, Loss, RawText, Recorded};
use std::sync::Arc;

/// One header line.
#[derive(Clone)]
#[non_exhaustive]
pub struct Header {
    /// The name, lower case.
    pub name: ArcStr,
    /// The value, or what the recorder wrote in its place: it takes no room of its own to say which.
    written: RawText,
}

impl Header {
    /// A line as the recorder wrote it.
    pub(crate) fn new(name: ArcStr, written: impl Into<ArcStr>) -> Self {
        Self { name, written: RawText::new(written) }
    }

    /// The value; not kept where the recorder tells that there was the header and left out what stood in it.
    pub fn value(&self) -> Recorded<&RawText> {
        if self.is_stripped() { Recorded::NotKept(Loss::Stripped) } else { Recorded::Kept(&self.written) }
    }

    /// Whether the recorder left the value out.
    pub fn is_stripped(&self) -> bool {
        is_stripped(self.written.raw().as_bytes())
    }

    /// What stands in the file, for those who write it again: the value, or what tells that it was left out.
    pub(crate) fn written(&self) -> &RawText {
        &self.written
    }
}

/// Whether a text stands in the place of a header's value: `[123 bytes were stripped]`. Chromium's net-export writes it
/// (`http_log_util.cc`), and it stays what it is in a HAR that somebody makes of its log. Nothing else may look so: a
/// redaction leaves it as it is.
pub(crate) fn is_stripped(written: &[u8]) -> bool {
    let length = written.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b" bytes were stripped]"));
    length.is_some_and(|length| (1..=9).contains(&length.len()) && length.iter().all(u8::is_ascii_digit))
}

/// The headers of one message.
#[derive(Clone)]
pub struct Headers {
    lines: Arc<[Header]>,
    /// What it means when a header is not among the lines: `None` means that it was not there.
    absent: Option<Loss>,
}

impl Headers {
    /// All headers of a message: one that is not among `lines` was not sent.
    pub fn complete(lines: impl Into<Arc<[Header]>>) -> Self {
        Self { lines: lines.into(), absent: None }
    }

    /// Some headers of a message: nothing follows from one that is not among `lines`.
    pub fn partial(lines: impl Into<Arc<[Header]>>, why: Loss) -> Self {
        Self { lines: lines.into(), absent: Some(why) }
    }

    /// The first header of that (lower case) name.
    pub fn get(&self, name: &str) -> Recorded<&RawText> {
        match (self.first(name), self.absent) {
            (Some(line), _) => line.value(),
            (None, None) => Recorded::Empty,
            (None, Some(loss)) => Recorded::NotKept(loss),
        }
    }

    /// Every header of that (lower case) name whose value was kept, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a RawText> {
        self.named(name).filter(|line| !line.is_stripped()).map(Header::written)
    }

    /// The first header of that (lower case) name, where its value was kept.
    pub fn value(&self, name: &str) -> Option<&RawText> {
        self.first(name).filter(|line| !line.is_stripped()).map(Header::written)
    }

    /// Whether a header of that (lower case) name is here, be it without its value.
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// Whether a header of that (lower case) name is here without its value.
    pub fn is_stripped(&self, name: &str) -> bool {
        self.named(name).any(Header::is_stripped)
    }

    fn first(&self, name: &str) -> Option<&Header> {
        self.lines.iter().find(|line| &*line.name == name)
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Header> {
        self.lines.iter().filter(move |line| &*line.name == name)
    }

    /// All lines, in order.
    pub fn lines(&self) -> &[Header] {
        &self.lines
    }

    /// Why a header may be missing; `None` where all were kept.
    pub fn absent(&self) -> Option<Loss> {
        self.absent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> Headers {
        Headers::complete(lines.iter().map(|(name, value)| Header::new((*name).into(), *value)).collect::<Vec<_>>())
    }

    #[test]
    fn a_value_that_was_stripped_is_none() {
        let headers = headers(&[("cookie", "[123 bytes were stripped]"), ("origin", "https://app.example")]);
        assert!(headers.has("cookie") && headers.is_stripped("cookie") && headers.value("cookie").is_none());
        assert_eq!((headers.get("cookie").loss(), headers.all("cookie").count()), (Some(Loss::Stripped), 0));
        assert!(!headers.is_stripped("origin") && headers.get("origin").kept().is_some());
        assert!(headers.get("referer") == Recorded::Empty && !headers.is_stripped("referer"));
    }

    #[test]
    fn only_a_length_says_that_a_value_was_stripped() {
        assert!(is_stripped(b"[0 bytes were stripped]") && is_stripped(b"[123456789 bytes were stripped]"));
        let others: [&[u8]; 7] = [
            b"",
            b"[",
            b"[ bytes were stripped]",
            b"[secret bytes were stripped]",
            b"[1234567890 bytes were stripped]",
            b"a=[9 bytes were stripped]",
            b"Negotiate [9 bytes were stripped]",
        ];
        for other in others {
            assert!(!is_stripped(other), "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn a_line_takes_two_words() {
        assert_eq!(size_of::<Header>(), 2 * size_of::<usize>());
    }
}
