//! Values that are named where they stand in prose: members of JSON and of scripts, header lines.

use super::Rewriter;
use super::body::is_scheme;
use super::field::of_value;
use super::json::{is_certain, largest};
use super::spliced::Spliced;
use super::xml::escaped;
use crate::entra::{self, Guid};
use crate::knowledge::is_word_of_sign_in;
use crate::redact::escapes::Unescaped;
use crate::redact::kind::{Kind, mixes};
use crate::redact::names::{self, Meaning};
use memchr::memmem;
use serde_json::Value;
use std::borrow::Cow;

/// The longest name of a value in a script, in letters.
const LONGEST_NAME: usize = 40;

/// The shortest value without quotation marks that is taken for a secret, in letters.
const SHORTEST_WORD: usize = 4;

/// The longest, in bytes.
const LONGEST_WORD: usize = 256;

/// Headers that hold a secret, as far as they end a name that stands in a text.
const HEADERS: [&str; 5] = ["authorization", "cookie", "api-key", "subscription-key", "functions-key"];

/// What ends the line of a header in a text, be the text a member of JSON or not.
const LINE_ENDS: [char; 7] = ['\n', '\r', '\\', '"', '<', '>', '`'];

/// Which names count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
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

    /// The text of an error, which may tell what its program worked on.
    pub(super) fn error_text(&mut self, text: &str) -> String {
        self.keep_request_ids(text);
        let text = self.user_code(text).map_or(Cow::Borrowed(text), Cow::Owned);
        let text = self.people(&text).map_or(text, Cow::Owned);
        let text = self.without_tenants(&text).map_or(text, Cow::Owned);
        self.named(text, Names::Known).into_owned()
    }

    /// The ids by which the sign-in service finds a request again stay, also where something else has the same value.
    fn keep_request_ids(&mut self, text: &str) {
        const MARK: &str = "ID: ";
        for at in memmem::find_iter(text.as_bytes(), MARK) {
            let is_label = text.get(..at).is_some_and(|before| before.ends_with("Correlation ") || before.ends_with("Trace "));
            let start = at + MARK.len();
            if is_label && let Some(id) = text.get(start..start + 36).filter(|id| Guid::is_one(id)) {
                self.vault.keep(id);
            }
        }
    }

    /// The code that somebody shall type in at another device (RFC 8628 §3.3), which only the message may tell; `None` where it
    /// tells none.
    fn user_code(&mut self, text: &str) -> Option<String> {
        memmem::find(text.as_bytes(), b"/device")?;
        let is_code = |word: &&str| {
            let is_of_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            (8..=9).contains(&word.len()) && word.bytes().all(is_of_code) && !word.contains(['A', 'E', 'I', 'O', 'U'])
        };
        let code = text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code)?;
        Some(text.replace(code, &self.vault.replace(Kind::OneTimeCode, code)))
    }

    /// The ids of people and devices that the text of an error names as such (`user '…'`); `None` where there are none.
    fn people(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for hyphen in memchr::memchr_iter(b'-', text.as_bytes()) {
            let Some((start, before)) = hyphen.checked_sub(GUID_START).and_then(|start| Some((start, text.get(spliced.written()..start)?)))
            else {
                continue;
            };
            let Some(id) = text.get(start..start + GUID_LENGTH).filter(|id| Guid::is_one(id) && is_of_somebody(before)) else { continue };
            spliced.put(start..start + id.len(), &self.vault.replace(Kind::Id, id));
        }
        spliced.end()
    }

    fn named<'t>(&mut self, text: Cow<'t, str>, which: Names) -> Cow<'t, str> {
        // An address in which the at sign is written so is one.
        let text = match memmem::find(text.as_bytes(), b"&#") {
            Some(_) => ["&#64;", "&#x40;", "&#X40;"].iter().fold(text, |text, sign| match text.contains(sign) {
                true => text.replace(sign, "@").into(),
                false => text,
            }),
            None => text,
        };
        let text = self.attributes(&text, which).map_or(text, Cow::Owned);
        let text = self.elements(&text).map_or(text, Cow::Owned);
        let text = self.members(&text, which).map_or(text, Cow::Owned);
        let text = self.lines(&text).map_or(text, Cow::Owned);
        let text = match which {
            Names::Certain => text,
            Names::Known => self.sentences(&text).map_or(text, Cow::Owned),
        };
        self.prose_of(text)
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
        let mut spliced = Spliced::new(text);
        let mut from = 0;
        while let Some(start) = text.as_bytes().get(from..).and_then(first_quote).map(|at| from + at) {
            if self.gives_up() {
                break;
            }
            from = start + 1;
            let Some((before, quoted)) = text.split_at_checked(start) else { break };
            // Most close what another has opened.
            let follows = before.bytes().rev().find(|byte| !matches!(byte, b' ' | b'\\'));
            let behind = quoted.get(1..).unwrap_or_default();
            let (at, length, changed) = if matches!(follows, Some(b':' | b'=')) {
                let Some(name) = name_before(before) else { continue };
                let name = if name.eq_ignore_ascii_case("value") { name_of_tag(before).unwrap_or(name) } else { name };
                let escapes = before.len() - before.trim_end_matches('\\').len();
                // One that is cut off goes on to the end of the line.
                let length = entra::quoted_length(quoted, escapes).unwrap_or_else(|| behind.find('\n').unwrap_or(behind.len()));
                let value = behind.get(..length).unwrap_or_default();
                let Some(meaning) = meaning(name, value, which) else { continue };
                (start + 1, length, self.quoted(meaning, value))
            } else if let Some(number) = number_behind(behind) {
                let Some(name) = last_name(before.trim_end_matches('\\')) else { continue };
                let Some(meaning) = meaning(name, number, which).filter(|meaning| *meaning != Meaning::Keep) else { continue };
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

    /// A value between quotation marks.
    fn quoted(&mut self, meaning: Meaning, value: &str) -> String {
        let plain = Unescaped::of_backslashes(value.as_bytes()).and_then(|plain| String::from_utf8(plain.bytes).ok());
        let plain = plain.as_deref().unwrap_or(value);
        let changed = self.meaning(meaning, plain);
        match changed == plain {
            true => value.to_owned(),
            false => Value::String(changed).to_string().trim_matches('"').to_owned(),
        }
    }

    /// Headers, and lines that are a name and a word; `None` where nothing is replaced.
    fn lines(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        // Up to where there is no pair of a cookie.
        let mut without_pairs = 0;
        for colon in memchr::memchr_iter(b':', text.as_bytes()) {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..colon), text.get(colon + 1..)) else { continue };
            let value = behind.trim_start_matches(' ');
            let at = text.len() - value.len();
            let changed = match header_before(before) {
                Some("authorization") => self.authorization_in_prose(value),
                Some("cookie") if at < without_pairs => None,
                Some("cookie") => {
                    let line = value.get(..value.find(LINE_ENDS).unwrap_or(value.len())).unwrap_or_default();
                    if !line.contains('=') {
                        without_pairs = at + line.len();
                        continue;
                    }
                    Some((line.len(), self.cookie_header(line)))
                }
                Some(_) => self.word_of_a_line(value, Meaning::Token),
                None if behind.starts_with(' ') => {
                    let meaning = name_of_line(before).map(names::of_field).filter(|meaning| is_certain(*meaning));
                    let meaning = meaning.filter(|meaning| *meaning != Meaning::Account);
                    meaning.and_then(|meaning| self.word_of_a_line(value, meaning))
                }
                None => None,
            };
            let Some((length, changed)) = changed else { continue };
            spliced.put(at..at + length, &changed);
        }
        spliced.end()
    }

    /// Names with their values within sentences, as in `failed; password: …, userId: …`; `None` where nothing is replaced. Where
    /// no space stands beside the mark it is a pair.
    fn sentences(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for mark in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..mark), text.get(mark + 1..)) else { continue };
            let value = behind.trim_start_matches(' ');
            if (value.len() == behind.len() && !before.ends_with(' ')) || value.starts_with(['"', '\'', '\\']) {
                continue;
            }
            let Some(name) = last_name(before.trim_end_matches(' ')) else { continue };
            let meaning = names::of_field(name);
            // Names of applications are called so too, but not alone.
            let is_alone = || {
                let before = before.trim_end_matches(' ');
                !before.get(..before.len() - name.len()).is_some_and(|before| before.trim_end().ends_with(char::is_alphanumeric))
            };
            if meaning == Meaning::Named && !is_alone() {
                continue;
            }
            let Some(length) = value_in_sentence(value, meaning) else { continue };
            let at = text.len() - value.len();
            spliced.put(at..at + length, &self.meaning(meaning, value.get(..length).unwrap_or_default()));
        }
        spliced.end()
    }

    /// What the value of an `Authorization` header in a text is replaced by, and how long it is.
    fn authorization_in_prose(&mut self, text: &str) -> Option<(usize, String)> {
        let scheme = text.get(..text.bytes().take(LONGEST_NAME).position(|byte| byte == b' ').unwrap_or_default())?;
        if !is_scheme(scheme) {
            return self.word_of_a_line(text, Meaning::Secret(Kind::Authorization));
        }
        let said = text.get(scheme.len()..)?.trim_start_matches(' ');
        let end = said.find(|c: char| LINE_ENDS.contains(&c) || matches!(c, ' ' | ';' | ',' | '\'')).unwrap_or(said.len());
        let value = text.get(..text.len() - said.len() + end)?;
        Some((value.len(), self.authorization(value)))
    }

    /// What a line is replaced by that is one word and no plain one, and how long it is.
    fn word_of_a_line(&mut self, text: &str, meaning: Meaning) -> Option<(usize, String)> {
        let is_end = |byte: u8| LINE_ENDS.contains(&char::from(byte)) || byte == b';';
        let mut bytes = text.bytes().take(LONGEST_WORD);
        let end = bytes.position(is_end).or((text.len() <= LONGEST_WORD).then_some(text.len()))?;
        let word = text.get(..end)?.trim_end();
        let is_secret = word.len() >= SHORTEST_WORD && mixes(word) && !word.contains([' ', '(', ')']) && !word.ends_with([',', '{']);
        is_secret.then(|| (word.len(), self.meaning(meaning, word)))
    }
}

/// How long a GUID is, and where its first hyphen stands.
const GUID_LENGTH: usize = 36;
const GUID_START: usize = 8;

/// Whether an id that stands behind a text is that of a person or a device, by the words before it.
fn is_of_somebody(before: &str) -> bool {
    const NAMES: [&str; 7] = ["user", "users", "device", "oid", "userid", "deviceid", "objectid"];
    let mut words = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(2);
    let is_name = |word: Option<&str>| word.is_some_and(|word| NAMES.iter().any(|name| name.eq_ignore_ascii_case(word)));
    match words.next() {
        // `user ID '…'`
        Some(word) if word.eq_ignore_ascii_case("id") => is_name(words.next()),
        word => is_name(word),
    }
}

/// The most words of a name, a number or a device in a sentence.
const MOST_WORDS: usize = 5;

/// How long the value is that a sentence goes on with behind its name; `None` for a name of which words follow that are none.
fn value_in_sentence(text: &str, meaning: Meaning) -> Option<usize> {
    use Kind::{ClientSecret, CodeVerifier, Device, FlowToken, Id, IpAddress, Name, OneTimeCode, Password, Phone};
    let is_end = |(at, c): (usize, char)| {
        let ends_sentence = || text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']));
        LINE_ENDS.contains(&c) || matches!(c, ',' | ';' | '|' | ')' | '}') || c == '.' && ends_sentence()
    };
    let end = text.char_indices().take(LONGEST_WORD).find(|place| is_end(*place)).map_or(text.len().min(LONGEST_WORD), |(at, _)| at);
    let value = text.get(..end)?.trim_end();
    let first = value.get(..value.find(' ').unwrap_or(value.len()))?;
    let is_word = first.len() == value.len();
    let length = match meaning {
        Meaning::Named | Meaning::Secret(Name | Phone | Device) => without_label(value).len(),
        // Of a person's name for the system it is one word; a sentence has more.
        Meaning::Account | Meaning::Token | Meaning::Secret(ClientSecret | CodeVerifier | FlowToken | Id | IpAddress) => {
            let says_how = is_word_of_sign_in(&first.to_ascii_lowercase());
            if is_word && !says_how || mixes(first) { first.len() } else { 0 }
        }
        Meaning::Secret(Password | OneTimeCode) => {
            let is_number = || first.len() >= SHORTEST_WORD && first.bytes().all(|byte| byte.is_ascii_digit());
            if is_word || mixes(first) || is_number() { first.len() } else { 0 }
        }
        _ => 0,
    };
    (length >= 3).then_some(length)
}

/// A name up to where the label of another value begins; nothing of what has too many words for one.
fn without_label(value: &str) -> &str {
    const LABELS: [&str; 8] = ["Trace", "Correlation", "Request", "Session", "App", "Device", "IP", "Error"];
    let mut value = value;
    if let Some((before, _)) = value.split_once(':') {
        value = before.rsplit_once(' ').map_or("", |(before, _)| before).trim_end();
        value = LABELS.iter().find_map(|label| value.strip_suffix(label)).unwrap_or(value).trim_end();
    }
    if value.split(' ').count() <= MOST_WORDS { value } else { "" }
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
fn meaning(name: &str, value: &str, which: Names) -> Option<Meaning> {
    let meaning = of_value(name, value);
    let counts = match which {
        Names::Certain => is_certain(meaning) || matches!(meaning, Meaning::Secret(Kind::Id | Kind::Code)),
        Names::Known => meaning != Meaning::Unknown,
    };
    counts.then_some(meaning)
}

/// Where a quotation mark stands first. Mostly it is near, and then a search in blocks takes longer.
fn first_quote(text: &[u8]) -> Option<usize> {
    const NEAR: usize = 24;
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`');
    let near = text.get(..NEAR).unwrap_or(text).iter().position(is_quote);
    near.or_else(|| Some(NEAR + memchr::memchr3(b'"', b'\'', b'`', text.get(NEAR..)?)?))
}

/// The name under which a value stands that begins at the end of a text.
fn name_before(text: &str) -> Option<&str> {
    let text = text.trim_end_matches([' ', '\\']).strip_suffix([':', '='])?.trim_end_matches(' ');
    last_name(text.strip_suffix(['"', '\'']).unwrap_or(text).trim_end_matches('\\'))
}

/// The name that a text ends with.
fn last_name(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let start = text.char_indices().rev().take(LONGEST_NAME + 1).take_while(|(_, c)| is_name(*c)).last().map(|(at, _)| at)?;
    text.get(start..).filter(|name| name.len() <= LONGEST_NAME)
}

/// The number that stands behind a name.
fn number_behind(text: &str) -> Option<&str> {
    let number = text.trim_start_matches(' ').strip_prefix(':')?.trim_start_matches(' ');
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end).filter(|number| !number.is_empty())
}

/// The header whose name a text ends with.
fn header_before(text: &str) -> Option<&'static str> {
    let text = text.as_bytes();
    // All of them end so.
    if !matches!(text.last()?.to_ascii_lowercase(), b'n' | b'e' | b'y') {
        return None;
    }
    HEADERS.into_iter().find(|name| {
        let Some(start) = text.len().checked_sub(name.len()) else { return false };
        let is_other = start.checked_sub(1).and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        !is_other && text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// The name that is all of a line so far.
fn name_of_line(text: &str) -> Option<&str> {
    let name = last_name(text)?;
    let before = text.get(..text.len() - name.len())?.trim_end_matches([' ', '\t']);
    (before.is_empty() || before.ends_with('\n')).then_some(name.trim_start_matches('-'))
}
