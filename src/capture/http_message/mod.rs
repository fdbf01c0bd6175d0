//! A raw HTTP/1.x message, as proxies keep it: head and body, with whatever hands and tools did to it since.
//!
//! Nothing is refused: line feeds without carriage returns, folded lines and a missing blank line are read as
//! they were meant. What could not be decoded stays as it was on the wire, and a flaw says so.

pub(super) mod address;
mod base64_text;
mod charset;
mod chunks;
mod coding;
mod parts;
mod transfer;

pub(crate) use base64_text::decode_base64;
pub(super) use charset::text;
pub(super) use coding::decode_unsaid;
pub(super) use parts::{Body, headers, is_form};
pub(super) use transfer::Transfer;

use super::selection::Lines;
use std::borrow::Cow;

/// The most header lines that are read of one message, in every format. Servers refuse far fewer; the bound keeps a body
/// that was taken for a head from filling memory.
pub(super) const MOST_HEADERS: usize = 10_000;

/// A message, not decoded yet.
pub(super) struct Message<'a> {
    /// The first line, without its end.
    pub(super) start: Cow<'a, str>,
    /// The header lines: names as written, values trimmed and unfolded.
    pub(super) headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Whether a line of the head was no header, or there were too many.
    pub(super) damaged: bool,
    /// The body as on the wire: chunked and compressed.
    pub(super) body: &'a [u8],
}

/// A body, decoded as far as it could be.
pub(super) struct Decoded<'a> {
    /// The bytes.
    pub(super) bytes: Cow<'a, [u8]>,
    /// What could not be decoded, as a warning.
    pub(super) flaw: Option<&'static str>,
}

impl<'a> Message<'a> {
    /// Takes a message apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let mut rest = bytes;
        // A client may send an empty line after the body before (RFC 9112, 2.2).
        let start = loop {
            match next_line(&mut rest) {
                Some([]) => {}
                Some(line) => break line,
                None => break &[],
            }
        };
        let (mut headers, mut damaged) = (Vec::<(Cow<'a, str>, Cow<'a, str>)>::new(), false);
        while let Some(line) = next_line(&mut rest) {
            match line {
                [] => break,
                [b' ' | b'\t', folded @ ..] => match headers.last_mut() {
                    Some((_, value)) => unfold(value, folded),
                    None => damaged = true,
                },
                line => match memchr::memchr(b':', line).and_then(|colon| line.split_at_checked(colon)) {
                    Some((name, value)) if !name.trim_ascii().is_empty() && headers.len() < MOST_HEADERS => {
                        headers.push((lossy(name.trim_ascii()), lossy(value.get(1..).unwrap_or_default().trim_ascii())));
                    }
                    _ => damaged = true,
                },
            }
        }
        Self { start: lossy(start), headers, damaged, body: rest }
    }

    /// Takes a response apart and passes over interim ones (`100 Continue`, `103 Early Hints`).
    pub(super) fn parse_response(bytes: &'a [u8]) -> Self {
        let mut message = Self::parse(bytes);
        while message.status_line().is_some_and(|line| (100..200).contains(&line.status) && line.status != 101)
            && message.body.starts_with(b"HTTP/")
        {
            message = Self::parse(message.body);
        }
        message
    }

    /// The first value of the header of that name, whose case does not matter.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The first line as that of a request.
    pub(super) fn request_line(&self) -> Option<RequestLine<'_>> {
        let (method, rest) = self.start.trim().split_once([' ', '\t'])?;
        // A target that a careless client left spaces in ends at the version.
        let target = match rest.rfind(" HTTP/") {
            Some(version) => rest.get(..version)?,
            None => rest,
        };
        let (method, target) = (method.trim(), target.trim());
        let is_token = method.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        (is_token && !method.is_empty() && !target.is_empty()).then_some(RequestLine { method, target })
    }

    /// The first line as that of a response.
    pub(super) fn status_line(&self) -> Option<StatusLine<'_>> {
        let rest = self.start.trim().strip_prefix("HTTP/")?;
        let (_, rest) = rest.split_once([' ', '\t'])?;
        let rest = rest.trim_start();
        let (status, reason) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        let status = status.parse().ok().filter(|status| (100..1000).contains(status))?;
        Some(StatusLine { status, reason: reason.trim() })
    }

    /// The MIME type, lower case, without parameters.
    pub(super) fn mime(&self) -> Option<String> {
        let mime = self.header("content-type")?.split(';').next()?.trim().to_ascii_lowercase();
        (!mime.is_empty()).then_some(mime)
    }

    /// Whether the body has to be decoded to be read.
    pub(super) fn is_coded(&self) -> bool {
        !self.body.is_empty() && ["transfer-encoding", "content-encoding"].iter().any(|name| self.header(name).is_some())
    }

    /// The body without chunks and compression; at most [`coding::LARGEST_BODY`] and `limit` bytes of it.
    pub(super) fn decode(&self, limit: usize) -> Decoded<'a> {
        let mut decoded = Decoded { bytes: Cow::Borrowed(self.body), flaw: None };
        if self.body.is_empty() {
            return decoded;
        }
        let mut transfer = self.tokens("transfer-encoding");
        if transfer.iter().any(|coding| coding == "chunked") {
            transfer.retain(|coding| coding != "chunked");
            decoded = chunks::join(self.body);
        }
        let codings = self.tokens("content-encoding").into_iter().chain(transfer);
        coding::decode(decoded, &codings.collect::<Vec<_>>(), limit)
    }

    /// The words of a list header, lower case.
    fn tokens(&self, name: &str) -> Vec<String> {
        let words = self.headers.iter().filter(|(written, _)| written.eq_ignore_ascii_case(name)).flat_map(|(_, value)| value.split(','));
        words.map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()).collect()
    }
}

/// The first line of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestLine<'a> {
    /// The method, as written.
    pub(super) method: &'a str,
    /// What is asked for: an address, a path, `host:port`.
    pub(super) target: &'a str,
}

/// The first line of a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StatusLine<'a> {
    /// The status, of three digits.
    pub(super) status: u16,
    /// The words behind it.
    pub(super) reason: &'a str,
}

impl Lines for Message<'_> {
    fn all(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        self.headers.iter().filter(move |(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| Cow::Borrowed(&**value))
    }
}

/// The next line without its end; `None` at the end of the bytes.
fn next_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let (line, after) = rest.split_at_checked(end)?;
    *rest = after.get(1..).unwrap_or_default();
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Adds a folded line to the value that it continues.
fn unfold(value: &mut Cow<'_, str>, folded: &[u8]) {
    let value = value.to_mut();
    if !value.is_empty() {
        value.push(' ');
    }
    value.push_str(&lossy(folded.trim_ascii()));
}

/// Text of a head: UTF-8 today, Latin-1 by the book.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(bytes: &[u8]) -> Vec<(String, String)> {
        Message::parse(bytes).headers.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    #[test]
    fn a_message_in_its_parts() {
        let message = Message::parse(b"POST /x HTTP/1.1\r\nHost: app.example\r\nX:\r\n\r\na=b\r\n\r\n");
        assert_eq!(message.request_line(), Some(RequestLine { method: "POST", target: "/x" }));
        assert_eq!((message.header("HOST"), message.header("x"), message.header("y")), (Some("app.example"), Some(""), None));
        assert_eq!((message.body, message.damaged), (b"a=b\r\n\r\n" as &[u8], false));
    }

    #[test]
    fn line_feeds_alone_are_line_ends() {
        let message = Message::parse(b"\r\n\nHTTP/1.1 200 OK\nA: b\n\nbody");
        assert_eq!(message.status_line(), Some(StatusLine { status: 200, reason: "OK" }));
        assert_eq!((message.header("a"), message.body), (Some("b"), b"body" as &[u8]));
    }

    #[test]
    fn a_head_may_end_anywhere() {
        for bytes in ["", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b", "GET / HTTP/1.1\r\nA: b\r\n"] {
            assert!(Message::parse(bytes.as_bytes()).body.is_empty(), "{bytes}");
        }
        assert_eq!(headers(b"GET / HTTP/1.1\r\nA: b"), [("A".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn folded_lines_continue_a_value() {
        assert_eq!(headers(b"x\r\nA: b\r\n  c\r\n\td \r\nE:\r\n f\r\n\r\n"), [("A".into(), "b c d".into()), ("E".into(), "f".into())]);
        assert!(Message::parse(b"x\r\n a: b\r\n\r\n").damaged);
    }

    #[test]
    fn what_is_no_header_is_damage() {
        let message = Message::parse(b"x\r\nA: b\r\nnothing\r\n: c\r\nD: e:f\r\n\r\n");
        assert!(message.damaged);
        assert_eq!((message.headers.len(), message.header("d")), (2, Some("e:f")));
    }

    #[test]
    fn there_is_an_end_to_headers() {
        let message = Message::parse(b"x\nx\n");
        assert!(message.damaged);
        let bytes = "a:b\n".repeat(MOST_HEADERS + 7);
        let message = Message::parse(bytes.as_bytes());
        assert_eq!((message.headers.len(), message.damaged), (MOST_HEADERS, true));
    }

    #[test]
    fn headers_in_latin_1() {
        assert_eq!(headers(b"x\r\nA: caf\xE9\r\n\r\n"), [("A".to_owned(), "café".to_owned())]);
        assert_eq!(headers("x\r\nA: café\r\n\r\n".as_bytes()), [("A".to_owned(), "café".to_owned())]);
    }

    #[test]
    fn request_lines() {
        fn line(line: &str) -> Option<(String, String)> {
            let message = Message::parse(line.as_bytes());
            message.request_line().map(|line| (line.method.to_owned(), line.target.to_owned()))
        }
        let parts = |method: &str, target: &str| Some((method.to_owned(), target.to_owned()));
        assert_eq!(line("GET https://a.example/?b=c HTTP/1.1"), parts("GET", "https://a.example/?b=c"));
        assert_eq!(line("GET /a b HTTP/2"), parts("GET", "/a b"));
        assert_eq!(line("GET /a"), parts("GET", "/a"));
        for bad in ["", "GET", "GET  HTTP/1.1", "\u{1}\u{2} /x HTTP/1.1", "{\"a\": 1}"] {
            assert_eq!(line(bad), None, "{bad}");
        }
    }

    #[test]
    fn status_lines() {
        fn status(line: &str) -> Option<u16> {
            Message::parse(line.as_bytes()).status_line().map(|line| line.status)
        }
        assert_eq!(status("HTTP/1.1 302 Moved Temporarily"), Some(302));
        assert_eq!(status("HTTP/2 204"), Some(204));
        for bad in ["", "HTTP/1.1", "HTTP/1.1 OK", "HTTP/1.1 20000 x", "HTTP/1.1 42", "GET / HTTP/1.1"] {
            assert_eq!(status(bad), None, "{bad}");
        }
    }

    #[test]
    fn interim_responses_are_passed_over() {
        let message =
            Message::parse_response(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n!");
        assert_eq!((message.status_line().unwrap().status, message.body), (200, b"!" as &[u8]));
        assert_eq!(Message::parse_response(b"HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/").status_line().unwrap().status, 101);
        assert_eq!(Message::parse_response(b"HTTP/1.1 100 Continue\r\n\r\n").status_line().unwrap().status, 100);
    }

    #[test]
    fn mime_types() {
        let mime = |value: &str| Message::parse(format!("x\r\nContent-Type: {value}\r\n\r\n").as_bytes()).mime();
        assert_eq!(mime("Text/HTML; charset=utf-8").as_deref(), Some("text/html"));
        assert_eq!(mime(";"), None);
    }

    #[test]
    fn chunks_and_compression_together() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"AADSTS50011").unwrap();
        let gzip = gzip.finish().unwrap();
        for head in ["Transfer-Encoding: chunked\r\nContent-Encoding: gzip", "Transfer-Encoding: gzip, chunked"] {
            let mut bytes = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{:x}\r\n", gzip.len()).into_bytes();
            bytes.extend(&gzip);
            bytes.extend(b"\r\n0\r\n\r\n");
            let message = Message::parse(&bytes);
            assert!(message.is_coded());
            let decoded = message.decode(usize::MAX);
            assert_eq!((&*decoded.bytes, decoded.flaw), (b"AADSTS50011" as &[u8], None));
        }
    }

    #[test]
    fn an_empty_body_needs_no_decoding() {
        let message = Message::parse(b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        let decoded = message.decode(usize::MAX);
        assert!(decoded.bytes.is_empty() && decoded.flaw.is_none() && !message.is_coded());
    }
}
