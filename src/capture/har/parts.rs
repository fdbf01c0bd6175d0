//! One entry as it stands in the file: which parts it has, none of them decoded or copied yet.
//!
//! While an entry is walked its parts are spans of what is held of the file; once it is complete they are looked at
//! as JSON text.

use super::json::{Break, Key, Raw};
use super::note::KEY;
use super::scan::{Members, Scanner, Span};
use super::text;
use crate::capture::header_name::{self, Beginning, Beginnings};
use crate::capture::http_message::MOST_HEADERS;
use crate::capture::selection::Lines;
use std::borrow::Cow;

/// A part of an entry: a span while the entry is walked, then JSON text.
pub(super) trait Part: Copy + Default {
    /// The headers of a message.
    type Headers;
}

impl Part for Span {
    type Headers = HeaderSpans;
}

impl<'a> Part for Raw<'a> {
    type Headers = HeaderParts<'a>;
}

/// An entry's parts.
#[derive(Default)]
pub(super) struct EntryParts<P: Part> {
    pub(super) started: Option<P>,
    pub(super) time: Option<P>,
    pub(super) page: Option<P>,
    pub(super) resource: Option<P>,
    pub(super) initiator: Option<InitiatorParts<P>>,
    pub(super) error: Option<P>,
    pub(super) note: Option<P>,
    pub(super) request: Option<RequestParts<P>>,
    pub(super) response: Option<ResponseParts<P>>,
}

/// What the recorder says made the browser send a request.
#[derive(Default)]
pub(super) struct InitiatorParts<P: Part> {
    pub(super) kind: Option<P>,
    pub(super) url: Option<P>,
    pub(super) stack: StackParts<P>,
}

/// A JavaScript call stack.
#[derive(Default)]
pub(super) struct StackParts<P: Part> {
    /// The script on top.
    pub(super) url: Option<P>,
    /// The stack that started this one.
    pub(super) parent: Option<P>,
}

/// A request's parts.
#[derive(Default)]
pub(super) struct RequestParts<P: Part> {
    pub(super) method: Option<P>,
    pub(super) url: Option<P>,
    pub(super) headers: Option<P::Headers>,
    pub(super) cookies: Option<P>,
    pub(super) body_size: Option<P>,
    pub(super) body: Option<BodyParts<P>>,
}

/// A response's parts.
#[derive(Default)]
pub(super) struct ResponseParts<P: Part> {
    pub(super) status: Option<P>,
    pub(super) headers: Option<P::Headers>,
    pub(super) cookies: Option<P>,
    pub(super) redirect: Option<P>,
    pub(super) error: Option<P>,
    pub(super) failure_text: Option<P>,
    pub(super) charles_status: Option<P>,
    pub(super) body: Option<BodyParts<P>>,
}

/// A body's parts, posted (`postData`) or received (`content`).
#[derive(Default)]
pub(super) struct BodyParts<P: Part> {
    pub(super) mime: Option<P>,
    pub(super) size: Option<P>,
    pub(super) text: Option<P>,
    pub(super) encoding: Option<P>,
    pub(super) params: Option<P>,
    /// The file beside the HAR into which Playwright's "attach" mode puts the body.
    pub(super) attached: Option<P>,
}

/// Header lines as the file has them.
#[derive(Default)]
pub(super) struct HeaderParts<'a> {
    held: &'a [u8],
    lines: &'a [Line],
    beginnings: Beginnings,
    /// Whether some could not be understood.
    pub(super) damaged: bool,
}

/// Header lines as spans.
#[derive(Default)]
pub(super) struct HeaderSpans {
    lines: Vec<Line>,
    beginnings: Beginnings,
    damaged: bool,
}

/// A header line: its name, and its value if it has one.
#[derive(Clone, Copy)]
struct Line {
    name: Span,
    /// How the name begins; `None` if an escape stands there.
    beginning: Option<Beginning>,
    value: Option<Span>,
}

impl Line {
    /// Whether the name may be one that begins so.
    #[inline(always)]
    fn may_begin_with(&self, wanted: Beginnings) -> bool {
        self.beginning.is_none_or(|beginning| wanted.has(beginning))
    }

    fn name<'a>(&self, held: &'a [u8]) -> Key<'a> {
        let name = self.name.of(held);
        text::unescape_key(name.get(1..name.len().saturating_sub(1)).unwrap_or_default())
    }

    fn value<'a>(&self, held: &'a [u8]) -> Raw<'a> {
        self.value.map_or(Raw::EMPTY_STRING, |value| Raw::of_span(value, held))
    }
}

/// Names of members that mean something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Body,
    BodySize,
    CallFrames,
    CharlesStatus,
    Content,
    Cookies,
    Encoding,
    Error,
    FailureText,
    File,
    Headers,
    Initiator,
    Method,
    MimeType,
    Name,
    Note,
    Pageref,
    Params,
    Parent,
    RedirectUrl,
    Request,
    ResourceType,
    Response,
    Size,
    Stack,
    Started,
    Status,
    Text,
    Time,
    Type,
    Url,
    Value,
    Other,
}

impl Member {
    /// What a key means, by the bytes between its quotes.
    #[inline(never)]
    fn of(key: &[u8]) -> Self {
        match Self::of_bytes(key) {
            Self::Other if text::has_escape(key) => Self::of_bytes(&text::unescape_key(key)),
            name => name,
        }
    }

    #[inline(always)]
    fn of_bytes(name: &[u8]) -> Self {
        match name {
            b"postData" => Self::Body,
            b"bodySize" => Self::BodySize,
            b"callFrames" => Self::CallFrames,
            b"_charlesStatus" => Self::CharlesStatus,
            b"content" => Self::Content,
            b"cookies" => Self::Cookies,
            // Charles 1.3 and others mark binary posts so, which the specification does not foresee.
            b"encoding" | b"_encoding" => Self::Encoding,
            b"_error" => Self::Error,
            b"_failureText" => Self::FailureText,
            b"_file" | b"_sha1" => Self::File,
            b"headers" => Self::Headers,
            b"_initiator" => Self::Initiator,
            b"method" => Self::Method,
            b"mimeType" => Self::MimeType,
            b"name" => Self::Name,
            KEY => Self::Note,
            b"pageref" => Self::Pageref,
            b"params" => Self::Params,
            b"parent" => Self::Parent,
            b"redirectURL" => Self::RedirectUrl,
            b"request" => Self::Request,
            b"_resourceType" => Self::ResourceType,
            b"response" => Self::Response,
            b"size" => Self::Size,
            b"stack" => Self::Stack,
            b"startedDateTime" => Self::Started,
            b"status" => Self::Status,
            b"text" => Self::Text,
            b"time" => Self::Time,
            b"type" => Self::Type,
            b"url" => Self::Url,
            b"value" => Self::Value,
            _ => Self::Other,
        }
    }
}

/// What is taken of an object.
trait Take {
    /// Whether the value of a member is taken apart.
    fn is_taken_apart(_: Member) -> bool {
        false
    }

    /// Takes such a value.
    fn take_apart(&mut self, _: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        scanner.value().map(|_| ())
    }

    /// Any other value; `None` for `null`.
    fn put(&mut self, name: Member, value: Option<Span>);
}

impl<T: Take> Members for T {
    type Name = Member;

    fn name(key: &[u8]) -> Member {
        Member::of(key)
    }

    fn is_taken_apart(name: Member) -> bool {
        T::is_taken_apart(name)
    }

    fn take_apart(&mut self, name: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        Take::take_apart(self, name, scanner)
    }

    fn put(&mut self, name: Member, value: Option<Span>) {
        Take::put(self, name, value);
    }
}

/// Takes an object; `false` if the value is none, which is then passed.
fn take_object(scanner: &mut Scanner<'_>, into: &mut impl Members) -> Result<bool, Break> {
    if scanner.peek() == Some(b'{') {
        scanner.take_object(into)?;
        return Ok(true);
    }
    scanner.value()?;
    Ok(false)
}

/// Takes an object to its place, which stays empty if the value is none.
fn take_to<T: Members + Default>(scanner: &mut Scanner<'_>, place: &mut Option<T>) -> Result<(), Break> {
    let taken = take_object(scanner, place.insert(T::default()))?;
    if !taken {
        *place = None;
    }
    Ok(())
}

/// Walks an object by the names of its members; `false` if the value is none, which is then passed.
fn by_name(scanner: &mut Scanner<'_>, mut member: impl FnMut(Member, &mut Scanner<'_>) -> Result<(), Break>) -> Result<bool, Break> {
    if scanner.peek() == Some(b'{') {
        scanner.object_by(Member::of, |scanner, name| member(name, scanner))?;
        return Ok(true);
    }
    scanner.value()?;
    Ok(false)
}

impl EntryParts<Span> {
    /// Takes one value, an object.
    pub(super) fn take(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        scanner.take_object(self)
    }

    /// Whether a member of that name is one of an entry.
    pub(super) fn knows(name: &[u8]) -> bool {
        use Member::{Error, Initiator, Note, Pageref, Request, ResourceType, Response, Started, Time};
        matches!(Member::of_bytes(name), Started | Time | Pageref | ResourceType | Initiator | Error | Note | Request | Response)
    }

    /// Takes the value of the member of that name.
    pub(super) fn take_member(&mut self, scanner: &mut Scanner<'_>, name: &[u8]) -> Result<(), Break> {
        let name = Member::of_bytes(name);
        if <Self as Take>::is_taken_apart(name) {
            return Take::take_apart(self, name, scanner);
        }
        Take::put(self, name, scanner.present()?);
        Ok(())
    }

    /// The same as JSON text, of the bytes that are held.
    pub(super) fn view<'a>(&'a self, held: &'a [u8]) -> EntryParts<Raw<'a>> {
        let raw = |span: Option<Span>| span.map(|span| Raw::of_span(span, held));
        EntryParts {
            started: raw(self.started),
            time: raw(self.time),
            page: raw(self.page),
            resource: raw(self.resource),
            initiator: self.initiator.as_ref().map(|initiator| InitiatorParts {
                kind: raw(initiator.kind),
                url: raw(initiator.url),
                stack: StackParts { url: raw(initiator.stack.url), parent: raw(initiator.stack.parent) },
            }),
            error: raw(self.error),
            note: raw(self.note),
            request: self.request.as_ref().map(|request| RequestParts {
                method: raw(request.method),
                url: raw(request.url),
                headers: request.headers.as_ref().map(|headers| headers.view(held)),
                cookies: raw(request.cookies),
                body_size: raw(request.body_size),
                body: request.body.as_ref().map(|body| body.view(held)),
            }),
            response: self.response.as_ref().map(|response| ResponseParts {
                status: raw(response.status),
                headers: response.headers.as_ref().map(|headers| headers.view(held)),
                cookies: raw(response.cookies),
                redirect: raw(response.redirect),
                error: raw(response.error),
                failure_text: raw(response.failure_text),
                charles_status: raw(response.charles_status),
                body: response.body.as_ref().map(|body| body.view(held)),
            }),
        }
    }
}

impl Take for EntryParts<Span> {
    fn is_taken_apart(name: Member) -> bool {
        matches!(name, Member::Initiator | Member::Request | Member::Response)
    }

    fn take_apart(&mut self, name: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        match name {
            Member::Initiator => InitiatorParts::take(scanner, &mut self.initiator),
            Member::Request => take_to(scanner, &mut self.request),
            _ => take_to(scanner, &mut self.response),
        }
    }

    fn put(&mut self, name: Member, value: Option<Span>) {
        match name {
            Member::Started => self.started = value,
            Member::Time => self.time = value,
            Member::Pageref => self.page = value,
            Member::ResourceType => self.resource = value,
            Member::Error => self.error = value,
            Member::Note => self.note = value,
            _ => {}
        }
    }
}

impl InitiatorParts<Span> {
    /// Takes one value to its place; `None` if it is neither an object nor a string.
    fn take(scanner: &mut Scanner<'_>, place: &mut Option<Self>) -> Result<(), Break> {
        let initiator = place.insert(Self::default());
        if scanner.peek() == Some(b'"') {
            // WebPageTest and chrome-har write an address only.
            initiator.url = scanner.present()?;
            return Ok(());
        }
        let taken = take_object(scanner, initiator)?;
        if !taken {
            *place = None;
        }
        Ok(())
    }
}

impl Take for InitiatorParts<Span> {
    fn is_taken_apart(name: Member) -> bool {
        name == Member::Stack
    }

    fn take_apart(&mut self, _: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        self.stack = StackParts::take(scanner)?;
        Ok(())
    }

    fn put(&mut self, name: Member, value: Option<Span>) {
        match name {
            Member::Type => self.kind = value,
            Member::Url => self.url = value,
            _ => {}
        }
    }
}

impl StackParts<Span> {
    /// Takes one value; what is no stack is an empty one.
    fn take(scanner: &mut Scanner<'_>) -> Result<Self, Break> {
        let mut stack = Self::default();
        by_name(scanner, |name, scanner| {
            match name {
                Member::CallFrames if scanner.peek() == Some(b'[') => scanner.array(|scanner| stack.take_frame(scanner))?,
                Member::Parent => stack.parent = scanner.present()?,
                _ => {
                    scanner.value()?;
                }
            }
            Ok(())
        })?;
        Ok(stack)
    }

    fn take_frame(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        if self.url.is_some() {
            return scanner.value().map(|_| ());
        }
        by_name(scanner, |name, scanner| {
            let value = scanner.value()?;
            // Code that was evaluated has an empty address.
            if name == Member::Url && !scanner.inside(value).is_empty() {
                self.url = Some(value);
            }
            Ok(())
        })?;
        Ok(())
    }
}

impl<'a> StackParts<Raw<'a>> {
    /// A stack that was taken as a whole.
    pub(super) fn of(stack: Raw<'a>) -> Self {
        let frames = stack.field("callFrames").map(Raw::items).unwrap_or_default();
        let url = frames.into_iter().filter_map(|frame| frame.field("url")).find(|url| url.bytes() != b"\"\"");
        Self { url, parent: stack.field("parent") }
    }
}

impl Take for RequestParts<Span> {
    fn is_taken_apart(name: Member) -> bool {
        matches!(name, Member::Headers | Member::Body)
    }

    fn take_apart(&mut self, name: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        match name {
            Member::Headers => self.headers = HeaderSpans::take(scanner)?,
            _ => self.body = BodyParts::take(scanner)?,
        }
        Ok(())
    }

    fn put(&mut self, name: Member, value: Option<Span>) {
        match name {
            Member::Method => self.method = value,
            Member::Url => self.url = value,
            Member::Cookies => self.cookies = value,
            Member::BodySize => self.body_size = value,
            _ => {}
        }
    }
}

impl Take for ResponseParts<Span> {
    fn is_taken_apart(name: Member) -> bool {
        matches!(name, Member::Headers | Member::Content)
    }

    fn take_apart(&mut self, name: Member, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        match name {
            Member::Headers => self.headers = HeaderSpans::take(scanner)?,
            _ => self.body = BodyParts::take(scanner)?,
        }
        Ok(())
    }

    fn put(&mut self, name: Member, value: Option<Span>) {
        match name {
            Member::Status => self.status = value,
            Member::Cookies => self.cookies = value,
            Member::RedirectUrl => self.redirect = value,
            Member::Error => self.error = value,
            Member::FailureText => self.failure_text = value,
            Member::CharlesStatus => self.charles_status = value,
            _ => {}
        }
    }
}

impl BodyParts<Span> {
    fn take(scanner: &mut Scanner<'_>) -> Result<Option<Self>, Break> {
        let mut body = Self::default();
        let taken = take_object(scanner, &mut body)?;
        Ok(taken.then_some(body))
    }

    fn view<'a>(&self, held: &'a [u8]) -> BodyParts<Raw<'a>> {
        let raw = |span: Option<Span>| span.map(|span| Raw::of_span(span, held));
        BodyParts {
            mime: raw(self.mime),
            size: raw(self.size),
            text: raw(self.text),
            encoding: raw(self.encoding),
            params: raw(self.params),
            attached: raw(self.attached),
        }
    }
}

impl Take for BodyParts<Span> {
    fn put(&mut self, name: Member, value: Option<Span>) {
        match name {
            Member::MimeType => self.mime = value,
            Member::Size => self.size = value,
            Member::Text => self.text = value,
            Member::Encoding => self.encoding = value,
            Member::Params => self.params = value,
            Member::File => self.attached = value.or(self.attached),
            _ => {}
        }
    }
}

impl HeaderSpans {
    /// Takes one value; `None` if it is neither an array nor an object.
    fn take(scanner: &mut Scanner<'_>) -> Result<Option<Self>, Break> {
        // Room for what browsers send, so that it is not copied while it grows.
        let mut headers = Self { lines: Vec::with_capacity(32), ..Self::default() };
        match scanner.peek() {
            Some(b'[') => scanner.array(|scanner| headers.take_line(scanner))?,
            Some(b'{') => scanner.object(|scanner, name| match scanner.peek() {
                // The object form writes repeated headers as an array.
                Some(b'[') => scanner.array(|scanner| headers.take_value(scanner, name)),
                _ => headers.take_value(scanner, name),
            })?,
            _ => {
                scanner.value()?;
                return Ok(None);
            }
        }
        Ok(Some(headers))
    }

    fn take_value(&mut self, scanner: &mut Scanner<'_>, name: Span) -> Result<(), Break> {
        let value = scanner.value()?;
        self.push(scanner, Some(name), Some(value));
        Ok(())
    }

    /// One line or more: objects, or pairs as Slack's exporter writes.
    fn take_line(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Break> {
        if scanner.pairs(br#""name""#, br#""value""#, |name, written, value| self.push_text(name, written, Some(value))) {
            return Ok(());
        }
        let mut name = None;
        let mut value = None;
        match scanner.peek() {
            Some(b'{') => scanner.object_by(Member::of, |scanner, key| {
                let taken = scanner.value()?;
                match key {
                    Member::Name => name = Some(taken),
                    Member::Value => value = Some(taken),
                    _ => {}
                }
                Ok(())
            })?,
            Some(b'[') => scanner.array(|scanner| {
                let item = scanner.value()?;
                match name {
                    None => name = Some(item),
                    Some(_) => value = Some(item),
                }
                Ok(())
            })?,
            _ => {
                scanner.value()?;
            }
        }
        self.push(scanner, name, value);
        Ok(())
    }

    fn push(&mut self, scanner: &Scanner<'_>, name: Option<Span>, value: Option<Span>) {
        let held = scanner.held();
        let is_string = |span: Span| span.of(held).first() == Some(&b'"');
        let is_text = |span: Span| !matches!(span.of(held).first(), None | Some(b'{' | b'['));
        match name.filter(|name| is_string(*name)) {
            // A name without a value is an empty header, as exporters write it that leave "value" out.
            Some(name) if value.is_none_or(is_text) => {
                self.push_text(name, scanner.inside(name), value.filter(|value| value.of(held) != b"null"));
            }
            _ => self.damaged = true,
        }
    }

    /// A line of a name, written so, and a text.
    #[inline(always)]
    fn push_text(&mut self, name: Span, written: &[u8], value: Option<Span>) {
        if written.is_empty() || self.lines.len() >= MOST_HEADERS {
            self.damaged = true;
            return;
        }
        let beginning = Beginning::of_written(written);
        self.beginnings = beginning.map_or(Beginnings::ALL, |beginning| self.beginnings.with(beginning));
        self.lines.push(Line { name, beginning, value });
    }

    fn view<'a>(&'a self, held: &'a [u8]) -> HeaderParts<'a> {
        HeaderParts { held, lines: &self.lines, beginnings: self.beginnings, damaged: self.damaged }
    }
}

impl<'a> HeaderParts<'a> {
    /// All lines: names as written, and values as the file has them.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Key<'a>, Raw<'a>)> + Clone {
        self.lines.iter().map(|line| (line.name(self.held), line.value(self.held)))
    }

    /// The lines whose names may be some that begin so.
    pub(super) fn lines_of(&self, wanted: Beginnings) -> impl Iterator<Item = (Key<'a>, Raw<'a>)> {
        let lines = self.lines.iter().filter(move |line| line.may_begin_with(wanted));
        lines.map(|line| (line.name(self.held), line.value(self.held)))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Lines for HeaderParts<'_> {
    fn all(&self, wanted: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let beginning = Beginning::of(wanted.as_bytes());
        let beginnings = Beginnings::default().with(beginning);
        let lines = if self.beginnings.has(beginning) { self.lines } else { &[] };
        // Nearly all lines are passed by the first question.
        let may_be = move |line: &&Line| line.may_begin_with(beginnings);
        let is_wanted = move |line: &&Line| header_name::is_same(&line.name(self.held), wanted.as_bytes());
        lines.iter().filter(may_be).filter(is_wanted).map(|line| line.value(self.held).text())
    }
}

/// The parts of an entry that stands in memory.
#[cfg(test)]
pub(super) fn parts_of(entry: &str) -> EntryParts<Raw<'_>> {
    let bytes = std::sync::Arc::new(entry.as_bytes().to_vec());
    let mut scanner = Scanner::new(super::scan::Input::Places(bytes), 0);
    scanner.hold();
    let mut parts = EntryParts::default();
    parts.take(&mut scanner).unwrap();
    // A test has no scanner that would keep them.
    Box::leak(Box::new(parts)).view(entry.trim_start().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(json: &str) -> EntryParts<Raw<'_>> {
        parts_of(json)
    }

    fn lines(headers: &str) -> (Vec<(String, String)>, bool) {
        let json = format!(r#"{{"request":{{"headers":{headers}}}}}"#);
        let headers = parts(&json).request.unwrap().headers.unwrap();
        let line = |(name, value): (Key<'_>, Raw<'_>)| (String::from_utf8_lossy(&name).into(), value.text().into());
        (headers.lines().map(line).collect(), headers.damaged)
    }

    fn expected(lines: &[(&str, &str)]) -> Vec<(String, String)> {
        lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn headers_in_three_shapes() {
        let both = expected(&[("Host", "a"), ("Accept", "b")]);
        assert_eq!(lines(r#"[{"name":"Host","value":"a"},{"value":"b","name":"Accept"}]"#), (both.clone(), false));
        assert_eq!(lines(r#"[["Host","a"],["Accept","b"]]"#), (both.clone(), false));
        assert_eq!(lines(r#"{"Host":"a","Accept":["b"]}"#), (both, false));
    }

    #[test]
    fn odd_header_values() {
        let (found, damaged) =
            lines(r#"[{"name":"n","value":12},{"name":"z","value":null},{"name":"y"},"x",{"value":"v"},{"name":"o","value":{}}]"#);
        assert_eq!(found, expected(&[("n", "12"), ("z", ""), ("y", "")]));
        assert!(damaged);
    }

    #[test]
    fn parts_of_the_wrong_kind_are_missing_parts() {
        let entry = parts(r#"{"request":"x","response":[1,{"a":"\ud800"}],"time":null}"#);
        assert!(entry.request.is_none() && entry.response.is_none() && entry.time.is_none());
        let request = parts(r#"{"request":{"headers":"x","postData":7}}"#).request.unwrap();
        assert!(request.headers.is_none() && request.body.is_none());
    }

    #[test]
    fn escaped_and_repeated_keys() {
        let entry = parts(r#"{"request":{"\u0075rl":"a","url":"b"}}"#);
        assert_eq!(entry.request.unwrap().url.unwrap().string().unwrap(), "b");
    }
}
