//! The text of an error, which may tell in sentences what its program worked on.

use super::Rewriter;
use super::json::is_certain;
use super::lines::{LINE_ENDS, LONGEST_WORD, SHORTEST_WORD};
use super::named::{Names, last_name};
use super::spliced::Spliced;
use crate::entra::key::is_like_a_word;
use crate::entra::{ErrorCode, Guid};
use crate::knowledge::is_word_of_sign_in;
use crate::redact::kind::{Kind, mixes};
use crate::redact::names::{self, Meaning};
use memchr::memmem;
use std::borrow::Cow;

impl Rewriter<'_> {
    /// The text of an error.
    pub(super) fn error_text(&mut self, text: &str) -> String {
        self.keep_request_ids(text);
        let text = self.user_code(text).map_or(Cow::Borrowed(text), Cow::Owned);
        let text = self.people(&text).map_or(text, Cow::Owned);
        let text = self.without_tenants(&text).map_or(text, Cow::Owned);
        let text = self.said(&text).map_or(text, Cow::Owned);
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
            let is_of_somebody =
                || is_of_somebody(before) || is_missing_resource(before, text.get(start + GUID_LENGTH..).unwrap_or_default());
            let Some(id) = text.get(start..start + GUID_LENGTH).filter(|id| Guid::is_one(id) && is_of_somebody()) else { continue };
            spliced.put(start..start + id.len(), &self.vault.replace(Kind::Id, id));
        }
        spliced.end()
    }

    /// Secrets that a sentence tells by the word before them (`the code 'x1Y…' is not valid`), where they are plainly no words;
    /// `None` where there are none.
    fn said(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for space in memchr::memchr_iter(b' ', text.as_bytes()) {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..space), text.get(space + 1..)) else { continue };
            // `The verification code is 493817`
            let before = [" is", " was"].iter().find_map(|verb| before.strip_suffix(verb)).unwrap_or(before);
            let Some(kind) = last_name(before).and_then(|word| kind_said(before, word)) else { continue };
            let value = behind.trim_start_matches(['\\', '"', '\'', '`', '<', '(']);
            let is_end = |c: char| c.is_whitespace() || LINE_ENDS.contains(&c) || matches!(c, '\'' | ',' | ';' | ')');
            let value = value.get(..value.find(is_end).unwrap_or(value.len())).unwrap_or_default().trim_end_matches(['.', ':', '!', '?']);
            if !is_said(kind, value, behind.starts_with(value)) {
                continue;
            }
            let at = space + 1 + behind.find(value).unwrap_or_default();
            let meaning = if kind == Kind::Token { Meaning::Token } else { Meaning::Secret(kind) };
            spliced.put(at..at + value.len(), &self.meaning(meaning, value));
        }
        spliced.end()
    }

    /// Names with their values within sentences, as in `failed; password: …, userId: …`; `None` where nothing is replaced. Where
    /// no space stands beside the mark it is a pair.
    pub(super) fn sentences(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for mark in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..mark), text.get(mark + 1..)) else { continue };
            let value = behind.trim_start_matches(' ');
            let is_joined = value.len() == behind.len() && !before.ends_with(' ');
            if value.starts_with(['"', '\'', '\\']) || is_joined && text.as_bytes().get(mark) != Some(&b':') {
                continue;
            }
            let Some(name) = last_name(before.trim_end_matches(' ')) else { continue };
            let meaning = names::of_field(name);
            // As Go prints what it works on: `{User:zquist Password:…}`.
            let value = match is_joined {
                true if is_certain(meaning) && is_of_struct(text.get(..mark - name.len()).unwrap_or_default()) => {
                    value.split(' ').next().unwrap_or(value)
                }
                true => continue,
                false => value,
            };
            // Names of applications are called so too, but not alone.
            let is_alone = || {
                let before = before.trim_end_matches(' ');
                !before.get(..before.len() - name.len()).is_some_and(|before| before.trim_end().ends_with(char::is_alphanumeric))
            };
            if meaning == Meaning::Named && !is_alone() {
                continue;
            }
            let Some(length) = value_in_sentence(value, meaning) else { continue };
            let at = if is_joined { mark + 1 } else { text.len() - value.len() };
            spliced.put(at..at + length, &self.meaning(meaning, value.get(..length).unwrap_or_default()));
        }
        spliced.end()
    }
}

/// Whether a name behind a text is that of a member in braces, as Go prints them.
fn is_of_struct(before: &str) -> bool {
    const LONGEST: usize = 1024;
    let near = before.as_bytes().get(before.len().saturating_sub(LONGEST)..).unwrap_or_default();
    let is_open = || memchr::memrchr2(b'{', b'}', near).is_some_and(|at| near.get(at) == Some(&b'{'));
    near.ends_with(b"{") || near.ends_with(b" ") && is_open()
}

/// What a word says of the next, in a sentence.
fn kind_said(before: &str, word: &str) -> Option<Kind> {
    // What somebody was sent; any other is an error's, or that of a grant.
    const SENT: [&str; 6] = ["verification", "security", "one-time", "access", "confirmation", "oob"];
    const WORDS: [(Kind, &[&str]); 6] = [
        (Kind::Password, &["password", "passwd", "passphrase"]),
        (Kind::OneTimeCode, &["otp", "otc", "passcode", "pin"]),
        (Kind::Token, &["token", "jwt", "bearer", "assertion", "ticket", "id_token", "access_token", "refresh_token", "id_token_hint"]),
        (Kind::ClientSecret, &["secret", "key", "apikey", "client_secret"]),
        (Kind::Code, &["code"]),
        (Kind::Id, &["session", "cookie"]),
    ];
    let kind = WORDS.into_iter().find(|(_, words)| words.iter().any(|known| known.eq_ignore_ascii_case(word))).map(|(kind, _)| kind)?;
    let sort = || last_name(before.get(..before.len() - word.len())?.trim_end());
    let is_sent = || sort().is_some_and(|sort| SENT.iter().any(|known| known.eq_ignore_ascii_case(sort)));
    Some(if kind == Kind::Code && is_sent() { Kind::OneTimeCode } else { kind })
}

/// The shortest secret that is known by the word before it, in letters.
const SHORTEST_SAID: usize = 6;

/// Whether what stands behind the word for a secret is one: letters and digits in one as no word has them. A password may be a
/// word with a number, and is between quotation marks then; a code that somebody was sent is a number.
fn is_said(kind: Kind, value: &str, is_bare: bool) -> bool {
    let is_number = || kind == Kind::OneTimeCode && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_secret = || mixes(value) && (!is_like_a_word(value) || kind == Kind::Password && !is_bare);
    let is_other = || Guid::is_one(value) || ErrorCode::parse(value).is_some() || value.contains(['=', '@', '/', '{', '[']);
    value.len() >= SHORTEST_SAID && (is_number() || is_secret()) && !is_other()
}

/// How long a GUID is, and where its first hyphen stands.
const GUID_LENGTH: usize = 36;
const GUID_START: usize = 8;

/// Whether an id that stands behind a text is that of a person or a device, by the words before it.
fn is_of_somebody(before: &str) -> bool {
    const NAMES: [&str; 7] = ["user", "users", "device", "oid", "userid", "deviceid", "objectid"];
    let is_one_of = |names: &[&str], word: Option<&str>| word.is_some_and(|word| names.iter().any(|name| name.eq_ignore_ascii_case(word)));
    let mut words = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(3);
    let word = words.next();
    // `user ID '…'`, `user with id …`, `object id '…'`
    if is_one_of(&["id", "identifier"], word) {
        let word = words.next();
        let word = if is_one_of(&["with"], word) { words.next() } else { word };
        return is_one_of(&NAMES, word) || is_one_of(&["object"], word);
    }
    is_one_of(&NAMES, word)
}

/// Whether an id between two texts is that of an object which Microsoft Graph does not find.
fn is_missing_resource(before: &str, behind: &str) -> bool {
    before.ends_with("esource '") && behind.starts_with("' does not exist")
}

/// The most words of a name, a number or a device in a sentence.
const MOST_WORDS: usize = 5;

/// How long the value is that a sentence goes on with behind its name; `None` for a name of which words follow that are none.
pub(super) fn value_in_sentence(text: &str, meaning: Meaning) -> Option<usize> {
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
    // Words of two letters are mostly none.
    let shortest = if matches!(meaning, Meaning::Secret(Name)) { 2 } else { 3 };
    (length >= shortest).then_some(length)
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
