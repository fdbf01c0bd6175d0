//! The member `_entrace`: what is known of a capture and of an entry and has no place in a HAR. It is written by
//! [`super::write`], and what a redaction leaves out is marked in it here. It is read here too, where anybody may have
//! changed it: what makes no sense is passed over.
//!
//! Of the log: `version` (1), `recorded_by` and `format` (the program and the format before it became a HAR),
//! `ended` (how it ended, if not as it should), `redacted`, `order` (the numbers of the entries in order of time,
//! where the dates do not tell it). Of an entry: `kept` (`whole` or `summary`), `label`,
//! `withheld_cookies`, `parts`: for each part that the entry has not, why it is missing, or `empty` where there was
//! none, and `unreadable`, where it stands for one that could not be read. Of headers, a loss means that some may be
//! missing, `kept` that none is.

use super::json::Raw;
use super::names::Named;
use super::tree::{Json, Members};
use crate::capture::Exporter;
use crate::capture::warnings::EarlyEnd;
use crate::exchange::{ArcStr, Exchange, Headers, Loss, RawText, Recorded, WithheldCookie};
use std::collections::HashMap;

/// The member's name.
pub(super) const MEMBER: &str = "_entrace";
/// The same, as a key of a document.
pub(super) const KEY: &[u8] = MEMBER.as_bytes();

/// How many entries the log may put in order.
const MOST_IN_ORDER: usize = 1 << 20;

/// The longest member of an entry that is looked into, in bytes. A browser holds some dozens of cookies for a site.
const LONGEST: usize = 256 << 10;

/// The longest label, in characters.
const LONGEST_LABEL: usize = 64;

/// The longest name of a cookie and the longest reason, in bytes. A browser takes 4096 for name and value.
const LONGEST_NAME: usize = 4096;
const LONGEST_REASON: usize = 200;

/// Names of parts.
pub(crate) mod part {
    pub(in crate::capture::har) const PAGE: &str = "page";
    pub(in crate::capture::har) const INITIATOR: &str = "initiator";
    pub(in crate::capture::har) const RESOURCE: &str = "resource";
    pub(in crate::capture::har) const REQUEST_HEADERS: &str = "request.headers";
    pub(crate) const REQUEST_BODY: &str = "request.body";
    pub(in crate::capture::har) const WITHHELD_COOKIES: &str = "request.withheld_cookies";
    pub(in crate::capture::har) const RESPONSE_HEADERS: &str = "response.headers";
    pub(crate) const RESPONSE_BODY: &str = "response.body";
}

/// The member of the log that says whether values in it are stand-ins.
pub(super) const REDACTED: &str = "redacted";
/// The member of an entry that says of its parts why they are missing.
pub(super) const PARTS: &str = "parts";
/// The member of an entry that stands for one that could not be read.
const UNREADABLE: &str = "unreadable";

/// What is said of headers of which none is missing.
pub(super) const KEPT: &str = "kept";
/// What is said of a part that was empty.
pub(super) const EMPTY: &str = "empty";
/// What is said of a body whose bytes came to no character: a HAR does not tell it from one without bytes.
pub(super) const BLANK: &str = "blank";
/// `kept` of an entry that was kept whole.
pub(super) const WHOLE: &str = "whole";
/// `kept` of an entry of which a summary was kept.
pub(super) const SUMMARY: &str = "summary";

/// Says in a log that values in it are stand-ins.
pub(crate) fn mark_redacted(log: &mut Members<'_>) {
    if let Some(note) = note_of(log) {
        note.insert(REDACTED, Json::Bool(true));
    }
}

/// Says in an entry why one of its parts is missing, unless that is said there.
pub(crate) fn mark_lost(entry: &mut Members<'_>, part: &'static str, loss: Loss) {
    let parts = note_of(entry).and_then(|note| note.get_or_insert(PARTS, empty));
    if let Some(parts) = parts.and_then(Json::members_mut) {
        parts.get_or_insert(part, || Json::String(loss.name().into()));
    }
}

/// An entry in the place of one that could not be read, so that those behind it keep their numbers.
pub(crate) fn unreadable() -> Json<'static> {
    let note = Json::Object(Members::from_iter([(UNREADABLE, Json::Bool(true))]));
    Json::Object(Members::from_iter([(MEMBER, note)]))
}

/// The note of a log or an entry; `None` where something else stands in its place.
fn note_of<'m, 't>(members: &'m mut Members<'t>) -> Option<&'m mut Members<'t>> {
    members.get_or_insert(MEMBER, empty).and_then(Json::members_mut)
}

fn empty<'t>() -> Json<'t> {
    Json::Object(Members::default())
}

/// What is said of the whole capture.
#[derive(Default)]
pub(super) struct LogNote {
    /// Which program recorded it.
    pub(super) exporter: Option<Exporter>,
    /// Whether values in it are stand-ins.
    pub(super) redacted: bool,
    /// How the capture ended that this one was made from, if not as it should.
    pub(super) ended: Option<EarlyEnd>,
    /// The numbers of entries in order of time; empty where the dates tell it.
    order: Vec<usize>,
}

impl LogNote {
    /// Reads what makes sense of it.
    pub(super) fn read(raw: Raw<'_>) -> Self {
        let ended = raw.field("ended").and_then(Raw::string);
        Self {
            exporter: raw.field("recorded_by").and_then(Raw::string).and_then(|name| Exporter::of_name(&name)),
            redacted: raw.field(REDACTED).is_some_and(|redacted| matches!(redacted.bytes(), b"true" | [b'{', ..])),
            ended: ended.and_then(|name| EarlyEnd::of_name(&name)),
            order: raw.field("order").map(order).unwrap_or_default(),
        }
    }

    /// Puts exchanges in the order that is said. One of which nothing is said comes after the others.
    pub(super) fn put_in_order(&self, exchanges: &mut [Exchange]) {
        if self.order.is_empty() {
            return;
        }
        let mut ranks = HashMap::with_capacity(self.order.len());
        for (rank, entry) in self.order.iter().enumerate() {
            ranks.entry(*entry).or_insert(rank);
        }
        exchanges.sort_by_key(|exchange| ranks.get(&exchange.entry).copied().unwrap_or(usize::MAX));
    }
}

/// What is said of an entry.
#[derive(Default)]
pub(super) struct EntryNote<'a> {
    /// Whether it was kept whole.
    pub(super) whole: Option<bool>,
    label: Option<ArcStr>,
    withheld_cookies: Option<Vec<WithheldCookie>>,
    parts: Option<Raw<'a>>,
}

/// What is said of a part.
#[derive(Clone, Copy)]
enum State {
    Kept,
    Empty,
    Blank,
    Lost(Loss),
}

impl<'a> EntryNote<'a> {
    /// Reads what makes sense of it.
    pub(super) fn read(raw: Raw<'a>) -> Self {
        let Some(raw) = in_bounds(raw) else {
            return Self::default();
        };
        let whole = match raw.field("kept").and_then(Raw::string).as_deref() {
            Some(WHOLE) => Some(true),
            Some(SUMMARY) => Some(false),
            _ => None,
        };
        let label = raw.field("label").and_then(Raw::string).filter(|label| is_label(label));
        let withheld_cookies = raw.field("withheld_cookies").filter(|list| list.bytes().starts_with(b"["));
        Self {
            whole,
            label: label.map(Into::into),
            withheld_cookies: withheld_cookies.map(|list| list.items().into_iter().filter_map(withheld_cookie).collect()),
            parts: raw.field(PARTS),
        }
    }

    /// Adds to an exchange what is said of it. What the entry has counts for more than what is said.
    pub(super) fn complete(self, exchange: &mut Exchange) {
        let state = |part: &str| {
            let name = self.parts?.field(part)?.string()?;
            match &*name {
                KEPT => Some(State::Kept),
                EMPTY => Some(State::Empty),
                BLANK => Some(State::Blank),
                name => Loss::of_name(name).map(State::Lost),
            }
        };
        complete(&mut exchange.page, state(part::PAGE));
        complete(&mut exchange.initiator, state(part::INITIATOR));
        complete(&mut exchange.resource, state(part::RESOURCE));
        complete_headers(&mut exchange.request.headers, state(part::REQUEST_HEADERS));
        complete_body(&mut exchange.request.body, state(part::REQUEST_BODY));
        complete_headers(&mut exchange.response.headers, state(part::RESPONSE_HEADERS));
        complete_body(&mut exchange.response.body, state(part::RESPONSE_BODY));
        complete(&mut exchange.request.withheld_cookies, state(part::WITHHELD_COOKIES));
        if let Some(cookies) = self.withheld_cookies {
            exchange.request.withheld_cookies = Recorded::Kept(cookies);
        }
        exchange.label = self.label;
    }
}

fn complete<T>(part: &mut Recorded<T>, state: Option<State>) {
    if part.kept().is_none() {
        match state {
            Some(State::Empty) => *part = Recorded::Empty,
            Some(State::Lost(loss)) => *part = Recorded::NotKept(loss),
            Some(State::Kept | State::Blank) | None => {}
        }
    }
}

fn complete_body(body: &mut Recorded<RawText>, state: Option<State>) {
    match (&body, state) {
        (Recorded::Empty | Recorded::NotKept(_), Some(State::Blank)) => *body = Recorded::Kept(RawText::new("")),
        _ => complete(body, state),
    }
}

fn complete_headers(headers: &mut Headers, state: Option<State>) {
    match state {
        Some(State::Kept) => *headers = Headers::complete(headers.lines().to_vec()),
        Some(State::Lost(loss)) => *headers = Headers::partial(headers.lines().to_vec(), loss),
        Some(State::Empty | State::Blank) | None => {}
    }
}

fn order(raw: Raw<'_>) -> Vec<usize> {
    let mut order = Vec::new();
    // The value was validated when it was taken: it can't break.
    let _ = raw.cursor().array(|cursor| {
        let entry = cursor.value()?;
        if order.len() < MOST_IN_ORDER {
            order.extend(std::str::from_utf8(entry.bytes()).ok().and_then(|entry| entry.parse::<usize>().ok()));
        }
        Ok(())
    });
    order
}

fn in_bounds(raw: Raw<'_>) -> Option<Raw<'_>> {
    Some(raw).filter(|raw| raw.bytes().len() <= LONGEST)
}

fn is_label(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn withheld_cookie(raw: Raw<'_>) -> Option<WithheldCookie> {
    let name = raw.field("name").and_then(Raw::string);
    let name = name.filter(|name| (1..=LONGEST_NAME).contains(&name.len()) && !name.chars().any(char::is_control));
    Some(WithheldCookie {
        name: name.map(Into::into),
        reason: raw.field("reason").and_then(Raw::string).filter(|reason| is_reason(reason))?.into(),
        as_third_party: raw.field("as_third_party").is_some_and(|value| value.bytes() == b"true"),
    })
}

/// Whether a text is made of a protocol's words, as the recorder's are.
fn is_reason(reason: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    reason.len() <= LONGEST_REASON && reason.split(", ").all(is_word)
}

#[cfg(test)]
mod tests {
    use super::super::json::Cursor;
    use super::*;
    use serde_json::{Value, json};

    fn log(note: &Value) -> (Option<Exporter>, bool, Option<EarlyEnd>) {
        let text = note.to_string();
        let note = LogNote::read(Cursor::new(text.as_bytes()).value().unwrap());
        (note.exporter, note.redacted, note.ended)
    }

    fn label(label: &Value) -> Option<ArcStr> {
        let text = json!({"label": label}).to_string();
        EntryNote::read(Cursor::new(text.as_bytes()).value().unwrap()).label
    }

    fn withheld(cookies: &Value) -> Option<Vec<WithheldCookie>> {
        let text = json!({"withheld_cookies": cookies}).to_string();
        EntryNote::read(Cursor::new(text.as_bytes()).value().unwrap()).withheld_cookies
    }

    #[test]
    fn what_makes_no_sense_of_the_log_is_passed_over() {
        let nothing = (None, false, None);
        let odd = [
            json!(null),
            json!([1, "x"]),
            json!("redacted"),
            json!({"recorded_by": 7, "redacted": "yes", "ended": {}}),
            json!({"recorded_by": "FIDDLER", "redacted": false, "ended": "soon"}),
        ];
        for odd in odd {
            assert_eq!(log(&odd), nothing);
        }
        let told = json!({"version": 2, "recorded_by": "fiddler", "redacted": {"values": 3}, "ended": "broken", "new": 1});
        assert_eq!(log(&told), (Some(Exporter::Fiddler), true, Some(EarlyEnd::Broken)));
    }

    #[test]
    fn what_is_marked_is_read() {
        let text = |members: Members<'_>| {
            let mut out = Vec::new();
            Json::Object(members).write(&mut out);
            String::from_utf8(out).unwrap()
        };
        let mut marked = Members::default();
        mark_redacted(&mut marked);
        mark_redacted(&mut marked);
        let marked = text(marked);
        assert_eq!(marked, r#"{"_entrace":{"redacted":true}}"#);
        let marked = Cursor::new(marked.as_bytes()).value().unwrap();
        assert!(LogNote::read(marked.field(MEMBER).unwrap()).redacted);
        let mut marked = Members::default();
        mark_lost(&mut marked, part::REQUEST_BODY, Loss::Stripped);
        mark_lost(&mut marked, part::REQUEST_BODY, Loss::Damaged);
        mark_lost(&mut marked, part::RESPONSE_BODY, Loss::Damaged);
        assert_eq!(text(marked), r#"{"_entrace":{"parts":{"request.body":"stripped","response.body":"damaged"}}}"#);
        let mut odd = Members::from_iter([(MEMBER, Json::Null)]);
        mark_lost(&mut odd, part::REQUEST_BODY, Loss::Stripped);
        assert_eq!(text(odd), r#"{"_entrace":null}"#);
    }

    #[test]
    fn labels_are_short_and_printable() {
        assert_eq!(label(&json!("12")).as_deref(), Some("12"));
        for odd in [json!(12), json!(""), json!("1\u{1b}[31m"), json!("1\n"), json!("\u{202e}1"), json!("1".repeat(65))] {
            assert_eq!(label(&odd), None, "{odd}");
        }
    }

    #[test]
    fn reasons_are_words_of_a_protocol() {
        let cookie = |name: Value, reason: &str| json!([{"name": name, "reason": reason, "as_third_party": true}]);
        let one = |name: Option<&str>| {
            let name = name.map(str::to_owned);
            Some(vec![WithheldCookie { name, reason: "EXCLUDE_A, EXCLUDE_B2".to_owned(), as_third_party: true }])
        };
        assert_eq!(withheld(&cookie(json!("ESTSAUTH"), "EXCLUDE_A, EXCLUDE_B2")), one(Some("ESTSAUTH")));
        assert_eq!(withheld(&cookie(json!("a\u{7}"), "EXCLUDE_A, EXCLUDE_B2")), one(None));
        for reason in ["", "exclude", "EXCLUDE_A,", "<b>", "EXCLUDE A"] {
            assert_eq!(withheld(&cookie(json!("a"), reason)), Some(vec![]), "{reason}");
        }
        assert_eq!((withheld(&json!({})), withheld(&json!([1, null]))), (None, Some(vec![])));
    }

    #[test]
    fn what_is_noted_has_an_end() {
        let told = |name: usize, reason: usize| {
            let cookies = withheld(&json!([{"name": "n".repeat(name), "reason": "R".repeat(reason)}])).unwrap();
            cookies.first().map(|cookie| cookie.name.is_some())
        };
        assert_eq!(told(LONGEST_NAME, LONGEST_REASON), Some(true));
        assert_eq!(told(LONGEST_NAME + 1, LONGEST_REASON), Some(false));
        assert_eq!(told(1, LONGEST_REASON + 1), None);
        let entry = |length: usize| {
            let text = json!({"label": "12", "x": "x".repeat(length)}).to_string();
            (text.len() <= LONGEST, EntryNote::read(Cursor::new(text.as_bytes()).value().unwrap()).label.is_some())
        };
        assert_eq!((entry(LONGEST - 100), entry(LONGEST)), ((true, true), (false, false)));
        let text = format!("[{}0]", "1,".repeat(MOST_IN_ORDER + 9));
        assert_eq!(order(Cursor::new(text.as_bytes()).value().unwrap()).len(), MOST_IN_ORDER);
    }
}
