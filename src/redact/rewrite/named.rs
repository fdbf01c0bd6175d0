//! Values that are named where they stand in prose: members of JSON and of scripts, elements of markup.

use super::Rewriter;
use super::field::of_value;
use super::json::{is_certain, largest, stays};
use super::lines::Header;
use super::places::Places;
use super::spliced::Spliced;
use super::xml::escaped;
use crate::entra;
use crate::redact::escapes::Unescaped;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use memchr::memmem;
use std::borrow::Cow;

/// The longest name of a value in a script, in letters.
pub(super) const LONGEST_NAME: usize = 40;

/// Which names count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Those that leave little doubt: it may be the text of a program.
    Certain,
    /// All that are known: it is the text of an error.
    Known,
}

impl Rewriter<'_> {
    /// Prose in which scripts or JSON name values: `"password": "…"`, `accessToken = '…'`.
    pub(super) fn text_with_members<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        self.named(text, Names::Certain)
    }

    /// Prose in which names count, all of them or some.
    pub(super) fn named<'t>(&mut self, text: Cow<'t, str>, which: Names) -> Cow<'t, str> {
        let text = self.without_named(text, which);
        self.prose_of(text)
    }

    /// Text without the values that are named in it; what else may be in it is still there.
    pub(super) fn without_named<'t>(&mut self, text: Cow<'t, str>, which: Names) -> Cow<'t, str> {
        // Nothing is named in text without one of these.
        let names = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | b'`' | b':' | b'-');
        if which == Names::Certain && !text.bytes().any(names) {
            return text;
        }
        // An address in which the at sign is written so is one.
        let text = match memmem::find(text.as_bytes(), b"&#") {
            Some(_) => ["&#64;", "&#x40;", "&#X40;"].iter().fold(text, |text, sign| match text.contains(sign) {
                true => text.replace(sign, "@").into(),
                false => text,
            }),
            None => text,
        };
        let text = self.attributes(&text, which).map_or(text, Cow::Owned);
        let text = self.tables(&text).map_or(text, Cow::Owned);
        let text = self.elements(&text).map_or(text, Cow::Owned);
        let text = self.members(&text, which).map_or(text, Cow::Owned);
        let text = self.arrows(&text, which).map_or(text, Cow::Owned);
        let text = self.lines(&text).map_or(text, Cow::Owned);
        let text = self.commands(&text).map_or(text, Cow::Owned);
        match which {
            Names::Certain => text,
            Names::Known => self.sentences(&text).map_or(text, Cow::Owned),
        }
    }

    /// JSON in the attributes of a page; `None` where nothing is replaced.
    fn attributes(&mut self, text: &str, which: Names) -> Option<String> {
        memmem::find(text.as_bytes(), b"&quot;")?;
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(['"', '<', '>']) {
            let plain = || String::from_utf8(Unescaped::of_references(piece.as_bytes())?.bytes).ok();
            let is_one = memmem::find(piece.as_bytes(), b"&quot;").is_some();
            let end = piece.get(piece.len() - 1..).filter(|end| ["\"", "<", ">"].contains(end)).unwrap_or_default();
            match plain().filter(|_| is_one).and_then(|plain| self.members(plain.strip_suffix(end).unwrap_or(&plain), which)) {
                Some(changed) => out.extend([&*escaped(&changed), end]),
                None => out.push_str(piece),
            }
        }
        Some(out)
    }

    /// Elements of markup whose names leave no doubt (`<Password>…</Password>`); `None` where nothing is replaced.
    fn elements(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        // Up to where the last tag goes.
        let mut tag = 0;
        let mut key = None;
        for end in memmem::find_iter(text.as_bytes(), b"</") {
            if self.gives_up() {
                break;
            }
            let (Some(before), Some(name)) = (text.get(tag..end), text.get(end + 2..)) else { continue };
            let name =
                name.get(..name.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b'>').unwrap_or_default()).unwrap_or_default();
            let (open, value) = contents(before);
            let at = end - value.len() - if is_marked(before) { CDATA_END.len() } else { 0 };
            tag = end;
            // In lists of properties the name is an element of its own.
            let key = std::mem::replace(&mut key, Some(value).filter(|_| name.eq_ignore_ascii_case("key")));
            if value.trim_ascii_start().is_empty() || at < spliced.written() {
                continue;
            }
            let local = name.rsplit(':').next().unwrap_or(name);
            let secret = |name: &str| {
                let meaning = names::of_field(name);
                (is_certain(meaning) || meaning == Meaning::Secret(Kind::Id)).then_some(meaning)
            };
            let of_key = || key.filter(|_| ["value", "string"].contains(&local)).and_then(secret);
            let Some(meaning) = secret(local).or_else(|| name_of_tag(open).and_then(secret)).or_else(of_key) else { continue };
            spliced.put(at..at + value.len(), &self.meaning(meaning, value));
        }
        spliced.end()
    }

    /// Members with names that are known; `None` where nothing is replaced.
    fn members(&mut self, text: &str, which: Names) -> Option<String> {
        memchr::memchr3(b'"', b'\'', b'`', text.as_bytes())?;
        let mut spliced = Spliced::new(text);
        let mut from = 0;
        // Where the last value of a list ends, and what it was: the others are of its sort.
        let mut list: Option<(usize, Value)> = None;
        for start in Places::of(text, may_name) {
            if self.gives_up() {
                break;
            }
            if start < from {
                continue;
            }
            from = start + 1;
            let Some((before, quoted)) = text.split_at_checked(start) else { break };
            // Most close what another has opened.
            let follows = before.bytes().rev().find(|byte| !matches!(byte, b' ' | b'\\'));
            let behind = quoted.get(1..).unwrap_or_default();
            let opens = matches!(follows, Some(b':' | b'=' | b'>' | b'[' | b')'));
            let listed = list.take().filter(|(end, _)| text.get(*end..start).is_some_and(is_between)).map(|(_, value)| value);
            let (at, length, changed) = if let Some(name) = opens.then(|| name_before(before)).flatten() {
                let name = if name.eq_ignore_ascii_case("value") { name_of_tag(before).unwrap_or(name) } else { name };
                let value = value_behind(before, quoted);
                let Some((sort, changed)) = self.named_value(name, value, which, follows == Some(b'=')) else { continue };
                if follows == Some(b'[') {
                    list = Some((start + value.len() + 2, sort));
                }
                (start + 1, value.len(), changed)
            } else if let Some(name) = (follows == Some(b',')).then(|| name_of_call(before)).flatten() {
                let value = value_behind(before, quoted);
                let Some((_, changed)) = self.named_value(name, value, Names::Certain, false) else { continue };
                (start + 1, value.len(), changed)
            } else if matches!(follows, Some(b':' | b'=')) {
                continue;
            } else if let Some(sort) = listed {
                let value = value_behind(before, quoted);
                let changed = self.quoted(sort, value);
                list = Some((start + value.len() + 2, sort));
                (start + 1, value.len(), changed)
            } else if let Some(number) = number_behind(behind) {
                let Some(name) = last_name(before.trim_end_matches('\\')) else { continue };
                let Some(meaning) = meaning(name, number, which).filter(|meaning| !stays(*meaning)) else { continue };
                if number.parse().is_ok_and(|value: f64| value <= largest(meaning)) {
                    continue;
                }
                let quote = quoted.get(..1).unwrap_or_default();
                let escapes = before.get(before.trim_end_matches('\\').len()..).unwrap_or_default();
                let changed = format!("{escapes}{quote}{}{escapes}{quote}", self.meaning(meaning, number));
                (start + 1 + behind.find(number).unwrap_or_default(), number.len(), changed)
            } else {
                continue;
            };
            spliced.put(at..at + length, &changed);
            from = at + length + 1;
        }
        spliced.end()
    }

    /// What the value of a member is and what it comes to; `None` for a name that does not count.
    fn named_value(&mut self, name: &str, value: &str, which: Names, is_assigned: bool) -> Option<(Value, String)> {
        let sort = match meaning(name, value, which) {
            Some(meaning) => Value::Of(meaning),
            // What a script writes into `document.cookie` is a cookie with its attributes.
            None => match Header::at_end(name).filter(|header| header.holds(value))? {
                Header::Cookie if is_assigned => Value::OfHeader(Header::SetCookie),
                header => Value::OfHeader(header),
            },
        };
        Some((sort, self.quoted(sort, value)))
    }

    /// A value between quotation marks.
    fn quoted(&mut self, sort: Value, value: &str) -> String {
        let plain = Unescaped::of_backslashes(value.as_bytes()).and_then(|plain| String::from_utf8(plain.bytes).ok());
        let plain = plain.as_deref().unwrap_or(value);
        let changed = match sort {
            Value::Of(meaning) => self.meaning(meaning, plain),
            Value::OfHeader(header) => self.header_in_prose(header, plain),
        };
        match changed == plain {
            true => value.to_owned(),
            false => serde_json::Value::String(changed).to_string().trim_matches('"').to_owned(),
        }
    }
}

/// What a value is by its name.
#[derive(Clone, Copy)]
enum Value {
    Of(Meaning),
    OfHeader(Header),
}

/// The value that stands between quotation marks behind a text. One that is cut off goes on to the end of the line.
pub(super) fn value_behind<'t>(before: &str, quoted: &'t str) -> &'t str {
    let behind = quoted.get(1..).unwrap_or_default();
    let escapes = before.len() - before.trim_end_matches('\\').len();
    let length = entra::quoted_length(quoted, escapes).unwrap_or_else(|| behind.find('\n').unwrap_or(behind.len()));
    behind.get(..length).unwrap_or_default()
}

/// Whether a text is what stands between two values of a list.
fn is_between(text: &str) -> bool {
    text.trim_start_matches(['\\', '"', '\'']).trim_matches([' ', '\n', '\r', '\t', '\\']) == ","
}

/// How a text begins and ends in which no markup is read (XML 1.0 §2.7).
const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

fn is_marked(text: &str) -> bool {
    text.ends_with(CDATA_END) && text.contains(CDATA)
}

/// What stands before the end of an element: all up to its contents, and these.
fn contents(before: &str) -> (&str, &str) {
    let marked = before.strip_suffix(CDATA_END).and_then(|text| text.rsplit_once(CDATA));
    marked.unwrap_or_else(|| before.split_at(before.rfind('>').map_or(0, |at| at + 1)))
}

/// The name that the last tag of a text gives to what it holds: `<input name="…"`.
fn name_of_tag(text: &str) -> Option<&str> {
    const LONGEST_TAG: usize = 256;
    let near = text.as_bytes().get(text.len().saturating_sub(LONGEST_TAG)..)?;
    let start = text.len() - near.len() + memchr::memrchr(b'<', near)?;
    let tag = text.get(start..)?;
    let tag = tag.strip_suffix('>').unwrap_or(tag);
    if memchr::memchr2(b'=', b'>', tag.as_bytes()).is_none_or(|at| tag.as_bytes().get(at) == Some(&b'>')) {
        return None;
    }
    ["name", "key", "id"].into_iter().find_map(|attribute| {
        let is_it = |at: &usize| tag.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace));
        let starts = |at: usize| tag.get(at..at + attribute.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(attribute));
        let ends = memchr::memchr_iter(b'=', tag.as_bytes()).filter_map(|mark| mark.checked_sub(attribute.len()));
        let at = ends.filter(|at| starts(*at)).find(is_it)? + attribute.len() + 1;
        let value = tag.get(at..)?;
        match value.as_bytes().first()? {
            b'"' => value.get(1..)?.split('"').next(),
            b'\'' => value.get(1..)?.split('\'').next(),
            _ => value.split([' ', '>', '/']).next(),
        }
    })
}

/// What a value is, if its name counts.
pub(super) fn meaning(name: &str, value: &str, which: Names) -> Option<Meaning> {
    let meaning = of_value(name, value);
    let counts = match which {
        Names::Certain => is_certain(meaning) || matches!(meaning, Meaning::Secret(Kind::Id | Kind::Code)),
        Names::Known => meaning != Meaning::Unknown,
    };
    counts.then_some(meaning)
}

/// Whether a byte may be the quotation mark behind the name of a value, for many at once: what stands before it ends a name, or
/// what stands behind it does.
#[inline(always)]
fn may_name(before: u8, byte: u8, behind: u8) -> bool {
    let is_quote = (byte == b'"') | (byte == b'\'') | (byte == b'`');
    let follows = (before == b':') | (before == b'=') | (before == b' ') | (before == b'\\');
    // In a list, or behind an arrow.
    let follows = follows | (before == b'[') | (before == b',') | (before == b'>');
    is_quote & (follows | (behind == b':') | (behind == b' '))
}

/// The name under which a value stands that begins at the end of a text, alone or in a list.
fn name_before(text: &str) -> Option<&str> {
    let text = without_type(text.trim_end_matches([' ', '\\']));
    let text = text.strip_suffix('[').unwrap_or(text).trim_end_matches([' ', '\\', '\n']);
    if let Some(name) = text.strip_suffix("=>") {
        return name_before_arrow(name);
    }
    let text = text.strip_suffix([':', '='])?.trim_end_matches(' ');
    last_name(text.strip_suffix(['"', '\'']).unwrap_or(text).trim_end_matches('\\'))
}

/// Functions of programs that are given a name and its value: of headers, forms and stores.
const CALLS: [&str; 7] = ["setRequestHeader", "setHeader", "addHeader", "header", "set", "append", "setItem"];

/// The name of the value that is given behind a text which ends so: `headers.set("Authorization", `.
fn name_of_call(text: &str) -> Option<&str> {
    let text = text.trim_end_matches([' ', '\\']).strip_suffix(',')?.trim_end_matches(' ');
    let text = text.strip_suffix(['"', '\'', '`'])?.trim_end_matches('\\');
    let name = last_name(text)?;
    let before = text.get(..text.len() - name.len())?.strip_suffix(['"', '\'', '`'])?.trim_end_matches('\\');
    let call = last_name(before.trim_end_matches(' ').strip_suffix('(')?)?;
    CALLS.iter().any(|known| known.eq_ignore_ascii_case(call)).then_some(name)
}

/// The name that stands before an arrow, as Ruby and PHP write members: `"name"=>`, `:name=>`, `[name] =>`. One without a mark is
/// the parameter of a function.
pub(super) fn name_before_arrow(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(' ');
    let closed = text.trim_end_matches(['"', '\'', ']', '\\']);
    let name = last_name(closed)?;
    let is_symbol = || closed.get(..closed.len() - name.len()).is_some_and(|before| before.ends_with(':'));
    (closed.len() < text.len() || is_symbol()).then_some(name)
}

/// A text without the type that PHP writes before a value (`string(12) "…"`).
fn without_type(text: &str) -> &str {
    let before = || text.strip_suffix(')')?.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix("string(");
    before().map_or(text, |before| before.trim_end_matches([' ', '\n', '\r', '\t']))
}

/// The name that a text ends with.
pub(super) fn last_name(text: &str) -> Option<&str> {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-');
    let length = text.as_bytes().iter().rev().take(LONGEST_NAME + 1).take_while(is_name).count();
    text.get(text.len() - length..).filter(|name| (1..=LONGEST_NAME).contains(&name.len()))
}

/// The number that stands behind a name.
fn number_behind(text: &str) -> Option<&str> {
    let number = text.trim_start_matches(' ').strip_prefix(':')?.trim_start_matches(' ');
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end).filter(|number| !number.is_empty())
}
