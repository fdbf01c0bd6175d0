//! Text that stays, but for what looks like a person or a secret in it: tokens, addresses of people and
//! machines, phone numbers, long keys.

use super::address::{encoded, percent_decoded};
use super::json::is_certain;
use super::{DEEPEST, Rewriter};
use crate::redact::escapes::Unescaped;
use crate::redact::kind::{Kind, is_opaque};
use crate::redact::names::{self, Meaning};
use serde_json::Value;
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The shortest word that is taken for a key, in letters.
const SHORTEST_KEY: usize = 40;

/// How long the rest of a word may be that is looked at as a whole, in letters.
const LONGEST_IN_PARTS: usize = 512;

/// The longest name of a value in a script, in letters.
const LONGEST_NAME: usize = 40;

impl Rewriter<'_> {
    /// Text with what must not leave replaced.
    pub(in crate::redact) fn prose(&mut self, text: &str) -> String {
        let text = self.without_tenants(text).map_or(Cow::Borrowed(text), Cow::Owned);
        self.prose_of(text).into_owned()
    }

    /// The same of a text that is not needed any more.
    pub(super) fn prose_of<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        self.changed_prose(&text).map_or(text, Cow::Owned)
    }

    /// The same; `None` where nothing had to be replaced.
    pub(super) fn changed_prose(&mut self, text: &str) -> Option<String> {
        // Nothing below is found in text without one of these.
        if text.len() < 6 || !text.bytes().any(|byte| matches!(byte, b'@' | b'.' | b':' | b'+' | b'/') || byte.is_ascii_digit()) {
            return None;
        }
        let mut out = String::new();
        let mut written = 0;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty() && !self.gives_up()) {
            let (length, is_plain) = first_word(rest);
            // Where it is too deep every word is left out.
            if !is_plain || self.depth >= DEEPEST {
                let word = rest.get(..length).unwrap_or_default();
                if let Some(changed) = self.word(word) {
                    out.push_str(text.get(written..at).unwrap_or_default());
                    out.push_str(&changed);
                    written = at + length;
                }
            }
            at += length + separators(rest.get(length..).unwrap_or_default());
        }
        if written == 0 && out.is_empty() {
            return self.phones(text);
        }
        out.push_str(text.get(written..).unwrap_or_default());
        Some(self.phones(&out).unwrap_or(out))
    }

    fn word(&mut self, word: &str) -> Option<String> {
        if self.depth >= DEEPEST {
            return Some(self.nested(|_| String::new()));
        }
        self.depth += 1;
        let changed = self.whole_or_parts(word);
        self.depth -= 1;
        changed
    }

    fn whole_or_parts(&mut self, word: &str) -> Option<String> {
        let marks = Marks::of(word);
        if word.len() < SHORTEST_KEY && (marks == Marks(0) || is_of_a_script(word, marks)) {
            return None;
        }
        self.looked_at(word, marks)
    }

    fn looked_at(&mut self, word: &str, marks: Marks) -> Option<String> {
        // Sentences put their full stops behind addresses.
        let inner = word.trim_end_matches(['.', ':', ',', '!']);
        let tail = word.get(inner.len()..).unwrap_or_default();
        let with_tail = |mut changed: String| {
            changed.push_str(tail);
            changed
        };
        if (marks.has(b':') && is_url(inner)) || (inner.starts_with('/') && inner.contains('?')) {
            return Some(with_tail(self.address(inner)));
        }
        if let Some(changed) = self.whole_word(inner, marks) {
            return Some(with_tail(changed));
        }
        if (marks.has(b'%') || marks.has(b'\\'))
            && let Some(swept) = self.escaped_word(inner)
        {
            return swept.map(with_tail);
        }
        // Pairs by their names, as far as these say what they hold.
        if marks.has(b'=') {
            let mut out = String::new();
            let (mut written, mut at) = (0, 0);
            for pair in inner.split('&') {
                if let Some(changed) = self.pair_in_prose(pair) {
                    out.push_str(inner.get(written..at).unwrap_or_default());
                    out.push_str(&changed);
                    written = at + pair.len();
                }
                at += pair.len() + 1;
            }
            if written == 0 && out.is_empty() {
                return None;
            }
            out.push_str(inner.get(written..).unwrap_or_default());
            return Some(with_tail(out));
        }
        if !(marks.has(b'/') || marks.has(b':') || marks.has(b'&')) {
            return None;
        }
        self.parts(inner, marks).map(with_tail)
    }

    /// The parts of a path or of `name:value` are words too, and so is what follows the first of them.
    fn parts(&mut self, word: &str, marks: Marks) -> Option<String> {
        let mut out = String::new();
        let mut written = 0;
        let mut rest = word;
        let mut is_first = true;
        loop {
            let at = word.len() - rest.len();
            let mark = rest.bytes().position(|byte| matches!(byte, b'/' | b':' | b'&'));
            // The word itself was looked at; a longer rest in parts is no address.
            let changed = match mark {
                _ if is_first => None,
                Some(_) if rest.len() > LONGEST_IN_PARTS && !rest.starts_with("eyJ") => None,
                _ if marks.has(b':') && is_url(rest) => Some(self.address(rest)),
                _ => self.whole_word(rest, marks),
            };
            is_first = false;
            if let Some(changed) = changed {
                out.push_str(word.get(written..at).unwrap_or_default());
                out.push_str(&changed);
                return Some(out);
            }
            let Some((before, after)) = mark.and_then(|mark| Some((rest.get(..mark)?, rest.get(mark + 1..)?))) else {
                if written == 0 && out.is_empty() {
                    return None;
                }
                out.push_str(word.get(written..).unwrap_or_default());
                return Some(out);
            };
            if let Some(changed) = self.whole_word(before, marks) {
                out.push_str(word.get(written..at).unwrap_or_default());
                out.push_str(&changed);
                written = at + before.len();
            }
            rest = after;
        }
    }

    /// A word with escapes in it is looked at without them, and not again with them: each layer would double the
    /// work. `None` where there are none.
    fn escaped_word(&mut self, word: &str) -> Option<Option<String>> {
        if word.contains('%') {
            let plain = percent_decoded(word);
            if plain == word {
                return None;
            }
            let swept = self.changed_prose(&plain).filter(|swept| *swept != plain);
            return Some(swept.map(|swept| encoded(&swept)));
        }
        if word.contains("\\u") || word.contains("\\x") {
            let plain = String::from_utf8(Unescaped::of(word.as_bytes())?.bytes).ok()?;
            let swept = self.changed_prose(&plain).filter(|swept| *swept != plain);
            return Some(swept.map(|swept| Value::String(swept).to_string().trim_matches('"').to_owned()));
        }
        None
    }

    /// Prose in which scripts or JSON name values: `"password": "…"`, `accessToken = '…'`.
    pub(super) fn text_with_members<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        let mut out = String::new();
        let mut written = 0;
        let mut from = 0;
        while let Some(start) = text.as_bytes().get(from..).and_then(first_quote).map(|at| from + at) {
            if self.gives_up() {
                break;
            }
            from = start + 1;
            // Most close what another has opened.
            let follows = text.as_bytes().get(..start).and_then(|before| before.iter().rev().find(|byte| **byte != b' '));
            if !matches!(follows, Some(b':' | b'=')) {
                continue;
            }
            let (before, quoted) = text.split_at(start);
            let Some(meaning) = name_before(before).map(names::of_field).filter(|meaning| is_certain(*meaning)) else { continue };
            let Some((quote, rest)) = quoted.as_bytes().split_first() else { break };
            let Some(length) = memchr::memchr(*quote, rest) else { break };
            let value = quoted.get(1..=length).unwrap_or_default();
            out.push_str(text.get(written..=start).unwrap_or_default());
            out.push_str(&self.meaning(meaning, value));
            written = start + 1 + length;
            from = written + 1;
        }
        if written == 0 {
            return self.prose_of(text);
        }
        out.push_str(text.get(written..).unwrap_or_default());
        self.prose_of(out.into())
    }

    fn pair_in_prose(&mut self, pair: &str) -> Option<String> {
        let Some((name, value)) = pair.split_once('=') else { return self.word(pair) };
        if names::of_field(name) != Meaning::Unknown {
            return Some(format!("{name}={}", self.field(name, value)));
        }
        match (self.word(name), self.word(value)) {
            (None, None) => None,
            (changed_name, changed_value) => {
                Some(format!("{}={}", changed_name.as_deref().unwrap_or(name), changed_value.as_deref().unwrap_or(value)))
            }
        }
    }

    /// What a word is replaced by as a whole. It has none of the marks but those, and may have fewer.
    fn whole_word(&mut self, word: &str, marks: Marks) -> Option<String> {
        if word.len() < SHORTEST_KEY && !(marks.has(b'.') || marks.has(b':')) {
            return None;
        }
        if word.starts_with("eyJ") && word.len() >= 16 && word.contains('.') {
            return Some(self.token(word));
        }
        if marks.has(b'@') && is_account(word) {
            return Some(self.vault.replace(Kind::Account, word));
        }
        if is_address(word) {
            return Some(self.vault.replace(Kind::IpAddress, word));
        }
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.~+".contains(c);
        if let Some((account, tenant)) = home_account(word) {
            return Some(format!("{}.{tenant}", self.vault.replace(Kind::Id, account)));
        }
        let has_cases = || word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase());
        (word.len() >= SHORTEST_KEY && word.chars().all(is_key) && has_cases() && is_opaque(word))
            .then(|| self.vault.replace(Kind::Opaque, word))
    }

    /// Phone numbers in their international form; `None` where there are none.
    fn phones(&mut self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut written = 0;
        let mut from = 0;
        while let Some(at) = text.as_bytes().get(from..).and_then(|rest| memchr::memchr(b'+', rest)).map(|found| from + found) {
            let (before, number) = text.split_at(at);
            let end = number
                .char_indices()
                .skip(1)
                .find(|(_, c)| !(c.is_ascii_digit() || " -()./\u{A0}\u{2011}\u{2013}".contains(*c)))
                .map_or(number.len(), |(end, _)| end);
            let number = number.get(..end).unwrap_or_default();
            let trimmed = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            let digits = trimmed.bytes().filter(u8::is_ascii_digit).count();
            // Zones of times (`+01:00`, `+0100`) are shorter; ids may end in letters and go on with digits.
            let stands_alone = before.get(from..).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_ascii_alphanumeric());
            if (8..=15).contains(&digits) && stands_alone {
                out.push_str(before.get(written..).unwrap_or_default());
                out.push_str(&self.vault.replace(Kind::Phone, trimmed));
                written = at + trimmed.len();
            }
            from = at + end;
        }
        if written == 0 {
            return None;
        }
        out.push_str(text.get(written..).unwrap_or_default());
        Some(out)
    }
}

/// Whether a word begins with a scheme and a host, or is data.
fn is_url(word: &str) -> bool {
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.:".contains(c);
    word.starts_with("data:")
        || scheme_end(word).and_then(|at| word.get(..at)).is_some_and(|scheme| {
            scheme.len() <= 24 && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_scheme)
        })
}

/// Where `://` stands first.
pub(super) fn scheme_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).find(|at| bytes.get(at + 1..at + 3) == Some(b"//"))
}

/// Where a quotation mark stands first. Mostly it is near, and then a search in blocks takes longer.
fn first_quote(text: &[u8]) -> Option<usize> {
    const NEAR: usize = 24;
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let near = text.get(..NEAR).unwrap_or(text).iter().position(is_quote);
    near.or_else(|| Some(NEAR + memchr::memchr2(b'"', b'\'', text.get(NEAR..)?)?))
}

/// The name under which a value stands that begins at the end of a text.
fn name_before(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(' ').strip_suffix([':', '='])?.trim_end_matches(' ');
    let text = text.strip_suffix(['"', '\'']).unwrap_or(text);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let start = text.char_indices().rev().take(LONGEST_NAME + 1).take_while(|(_, c)| is_name(*c)).last().map(|(at, _)| at)?;
    text.get(start..).filter(|name| name.len() <= LONGEST_NAME)
}

/// The account's and the tenant's id and what follows, of MSAL's `homeAccountId` and the keys of its cache.
fn home_account(word: &str) -> Option<(&str, &str)> {
    if word.as_bytes().get(36) != Some(&b'.') {
        return None;
    }
    let (account, rest) = (word.get(..36)?, word.get(36..)?.strip_prefix('.')?);
    (crate::entra::Guid::is_one(account) && crate::entra::Guid::is_one(rest.get(..36)?)).then_some((account, rest))
}

/// What a byte is in the search for words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Part of a word.
    Letter,
    /// Part of a word that may be more than a word.
    Mark,
    Separator,
    Apostrophe,
    /// Part of a character that is longer than a byte.
    Other,
}

#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const SORTS: [Sort; 256] = {
    let mut sorts = [Sort::Letter; 256];
    let mut byte = 0;
    while byte < 256 {
        sorts[byte] = match byte as u8 {
            b'\'' => Sort::Apostrophe,
            9..=13 | b' ' | b'"' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'|' | b'`' => Sort::Separator,
            b'@' | b'.' | b':' | b'/' | b'=' | b'&' | b'%' | b'\\' => Sort::Mark,
            0x80.. => Sort::Other,
            _ => Sort::Letter,
        };
        byte += 1;
    }
    sorts
};

fn sort(byte: u8) -> Sort {
    SORTS.get(usize::from(byte)).copied().unwrap_or(Sort::Other)
}

/// Which of the letters are in a word that make it more than a word.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Marks(u8);

const MARKS: [u8; 8] = [b'@', b'.', b':', b'/', b'=', b'&', b'%', b'\\'];

#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const MARKS_OF_BYTES: [u8; 256] = {
    let mut marks = [0; 256];
    let mut bit = 0;
    while bit < 8 {
        marks[MARKS[bit] as usize] = 1 << bit;
        bit += 1;
    }
    marks
};

impl Marks {
    fn of(word: &str) -> Self {
        Self(word.bytes().fold(0, |marks, byte| marks | Self::of_byte(byte)))
    }

    fn of_byte(byte: u8) -> u8 {
        MARKS_OF_BYTES.get(usize::from(byte)).copied().unwrap_or_default()
    }

    fn has(self, byte: u8) -> bool {
        self.0 & Self::of_byte(byte) != 0
    }
}

/// Whether a word that is no key is plainly one as scripts are full of: with marks in it that addresses and pairs have too, but
/// too few for an address, and under no name that says what it holds.
fn is_of_a_script(word: &str, marks: Marks) -> bool {
    const OTHERS: [u8; 3] = [b'@', b'%', b'\\'];
    if OTHERS.iter().any(|mark| marks.has(*mark)) {
        return false;
    }
    let (mut dots, mut colons, mut has_question_mark, mut has_j) = (0, 0, false, false);
    for byte in word.bytes() {
        match byte {
            b'.' => dots += 1,
            b':' => colons += 1,
            b'?' => has_question_mark = true,
            b'J' => has_j = true,
            _ => {}
        }
    }
    // RFC 4291 §2.2: an IP address has three dots, or two colons.
    let may_be_address = dots >= 3 || colons >= 2;
    let may_be_url = colons > 0 && (word.contains("data:") || word.contains("://")) || marks.has(b'/') && has_question_mark;
    let may_be_token = has_j && word.contains("eyJ");
    let names_nothing = || {
        let names = word.split_inclusive(['=', '&']).filter_map(|part| part.strip_suffix('='));
        names.map(names::of_field).all(|meaning| meaning == Meaning::Unknown)
    };
    !may_be_address && !may_be_url && !may_be_token && (!marks.has(b'=') || names_nothing())
}

/// How long the first word is, and whether it is plainly no more than a word.
fn first_word(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut is_plain = true;
    for (at, byte) in bytes.iter().enumerate() {
        match sort(*byte) {
            Sort::Letter => {}
            Sort::Mark => is_plain = false,
            Sort::Separator => return (at, is_plain && at < SHORTEST_KEY),
            Sort::Apostrophe => {
                let is_ascii_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                if !is_ascii_letter(before) {
                    return (at, is_plain && at < SHORTEST_KEY);
                }
                return (word_end(text), false);
            }
            Sort::Other => return (word_end(text), false),
        }
    }
    (bytes.len(), is_plain && bytes.len() < SHORTEST_KEY)
}

/// How long the separators are at the beginning of a text.
fn separators(text: &str) -> usize {
    let ascii = text.bytes().take_while(|byte| matches!(sort(*byte), Sort::Separator | Sort::Apostrophe)).count();
    match text.as_bytes().get(ascii).is_some_and(|byte| !byte.is_ascii()) {
        true => text.find(|c: char| !is_separator(c)).unwrap_or(text.len()),
        false => ascii,
    }
}

/// Where the first word ends. An apostrophe between letters is part of it, as in an address of O'Brien's.
fn word_end(text: &str) -> usize {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if is_separator(c) && !(c == '\'' && is_letter(before) && is_letter(rest.peek().map(|(_, next)| *next))) {
            return at;
        }
        before = Some(c);
    }
    text.len()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\'' | '"' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | '|' | '`' | '“' | '”' | '‘' | '’')
}

/// An e-mail address or user principal name.
fn is_account(word: &str) -> bool {
    let Some((local, domain)) = word.rsplit_once('@') else { return false };
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%*+-_~^'".contains(c);
    let is_domain =
        domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    !local.is_empty() && local.chars().all(is_local) && is_domain && !domain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// An IP address. Numbers of versions have four parts too, but end in zeros or have a part above 255.
fn is_address(word: &str) -> bool {
    if !word.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'[' | b']')) {
        return false;
    }
    let host = word.trim_matches(['[', ']']);
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        let octets = ip.octets();
        let is_version = octets.get(1..).is_some_and(|rest| rest.iter().all(|octet| *octet == 0));
        return !is_version && !ip.is_loopback() && !ip.is_unspecified();
    }
    host.len() >= 6 && host.parse::<Ipv6Addr>().is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;
    use proptest::prelude::*;

    static KNOWLEDGE: std::sync::LazyLock<Knowledge> = std::sync::LazyLock::new(Knowledge::builtin);

    fn prose(text: &str) -> String {
        Rewriter::new(&KNOWLEDGE, &Options::default()).prose(text)
    }

    #[test]
    fn people_and_machines_are_replaced() {
        let text = "AADSTS50020: User account 'ada@contoso.example' from identity provider 'https://sts.windows.net/0a8d399d-d43c-4134-a6cd-a5b5f6df0467/' does not exist (203.0.113.9, +49 30 1234567).";
        let expected = "AADSTS50020: User account 'account-1@contoso.example' from identity provider 'https://sts.windows.net/0a8d399d-d43c-4134-a6cd-a5b5f6df0467/' does not exist (198.18.0.1, redacted-phone-1).";
        assert_eq!(prose(text), expected);
        assert_eq!(prose("mail=ada_outlook.com#EXT#@contoso.example."), "mail=account-1@contoso.example.");
        assert_eq!(
            prose("at https://app.example/cb?code=0.AX&x=1 and /cb?state=12345678"),
            "at https://app.example/cb?code=redacted-code-1&x=1 and /cb?state=redacted-state-1"
        );
        assert_eq!(prose("sent code=0.AXabc&prompt=none"), "sent code=redacted-code-1&prompt=none");
        assert_eq!(prose("2001:db8:85a3::8a2e:370:7334"), "2001:db8::1");
    }

    #[test]
    fn what_is_known_to_be_harmless_stays() {
        for text in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Trace ID: 1d4efcd6-1128-475b-a69b-34026272cf00 Correlation ID: 01a1f968-aca4-798d-b874-efc7124221c2 Timestamp: 2026-11-20 14:42:29Z",
            "2026-11-20T14:42:29.123+01:00",
            "openid profile offline_access https://graph.microsoft.com/.default",
            "5|863,0,,,|,",
            "text/html; charset=utf-8",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    proptest! {
        /// What is taken for a word of a script at once comes to nothing either when it is looked at closely.
        #[test]
        fn words_of_scripts_are_only_words(word in r"(e|eyJ|a|1|10|fe80|data|p|code|x|//|=|=|&|\.|:|/|\?|@|%41|\\u0041|-|\+){1,12}") {
            let marks = Marks::of(&word);
            if word.len() < SHORTEST_KEY && is_of_a_script(&word, marks) {
                let mut rewriter = Rewriter::new(&KNOWLEDGE, &Options::default());
                prop_assert_eq!(rewriter.looked_at(&word, marks), None);
                prop_assert!(rewriter.vault.is_untouched());
            }
        }
    }

    #[test]
    fn keys_in_prose_are_replaced() {
        let key = "AQABAAEAAAAmoFfGtYxvRrNriQdPKIZ-abcDEF0123456789";
        assert_eq!(prose(&format!("key {key}.")), "key redacted-opaque-1.");
    }
}
