//! Bodies, posted and received.

use super::Rewriter;
use super::json::{add_certain, certain};
use super::named::Names;
use super::spliced::Spliced;
use crate::entra::{self, ChallengePart, base64url, challenge_parts};
use crate::redact::kind::Kind;
use crate::redact::names::Meaning;
use crate::redact::placeholder;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The longest body that is looked into although it does not leave, in bytes.
pub(super) const LONGEST_DROPPED: usize = 256 << 10;

impl Rewriter<'_> {
    /// A body of a request or a response, by what it is.
    pub(super) fn body(&mut self, text: &str) -> String {
        let trimmed = text.trim_start_matches('\u{FEFF}').trim_start();
        if trimmed.is_empty() {
            return String::new();
        }
        if trimmed.starts_with('{') || trimmed.starts_with('[') {
            if let Some(json) = self.json_text(trimmed) {
                return json;
            }
        } else if trimmed.starts_with('<') {
            let is_html = trimmed.get(..2000).unwrap_or(trimmed).to_ascii_lowercase();
            let is_html =
                is_html.contains("<html") || is_html.contains("<!doctype html") || is_html.contains("<form") || is_html.contains("<script");
            if let Some(xml) = entra::known_xml(trimmed) {
                return xml;
            }
            if !is_html && let Some(xml) = self.xml(trimmed) {
                return xml;
            }
            return self.page(text);
        } else if is_form(trimmed) {
            return self.pairs(trimmed);
        }
        if entra::is_sealed_token(trimmed) {
            return self.vault.replace_with(Kind::Token, trimmed, placeholder::of_sealed_token);
        }
        if trimmed.starts_with("--") {
            self.collect_parts(trimmed);
        }
        let mut sentences: Vec<String> = entra::error_sentences(text).iter().map(|sentence| self.error_text(sentence)).collect();
        if sentences.is_empty() {
            sentences = entra::known_words(text);
        }
        match sentences.is_empty() {
            true => entra::words_in_place_of(text).filter(|words| *words != placeholder::LEFT_OUT).unwrap_or(placeholder::BODY).to_owned(),
            false => sentences.join("\n"),
        }
    }

    /// A body that is kept only because the user wants all: text that stays, and in it what is known to be none.
    pub(super) fn other_body<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        let trimmed = text.trim_start();
        if trimmed.starts_with(['{', '[']) || is_form(trimmed) {
            return self.body(&text).into();
        }
        // What was no text, or text of another encoding.
        if memchr::memchr(0, text.as_bytes()).is_some() {
            if trimmed.starts_with("--") {
                self.collect_parts(trimmed);
            }
            return placeholder::BODY.into();
        }
        let changed = match trimmed.as_bytes() {
            [b'"', ..] => self.json_text(trimmed),
            [b'-', b'-', ..] => self.multipart(trimmed),
            [b'<', ..] => None,
            _ => self.json_in_lines(&text),
        };
        if let Some(changed) = changed {
            return changed.into();
        }
        let text = self.columns(&text).map_or(text, Cow::Owned);
        if memchr::memchr(b'<', text.as_bytes()).is_some() {
            for (name, value) in entra::page_values(&text) {
                self.collect_member(&name, &value);
            }
        }
        if self.is_apart {
            let text = self.without_named(text, Names::Certain);
            return self.prose_apart(text);
        }
        self.text_with_members(text)
    }

    /// Puts `name:password` into the vault.
    pub(super) fn credentials(&mut self, text: &str) {
        let (name, password) = text.split_once(':').unwrap_or((text, ""));
        if entra::Guid::parse(name).is_none() && !name.is_empty() {
            self.account(name);
        }
        self.vault.replace(Kind::Password, password);
    }

    /// Puts what a body that does not leave tells for certain into the vault.
    pub(super) fn collect_from(&mut self, text: &str) {
        self.collect_told(told_by(text));
    }

    /// Puts values that stand in what does not leave into the vault: they may stand elsewhere too.
    pub(super) fn collect_told(&mut self, told: Vec<(Meaning, String)>) {
        for (meaning, value) in told {
            self.meaning(meaning, &value);
        }
    }

    /// Puts the fields of `multipart/form-data` (RFC 7578) into the vault.
    fn collect_parts(&mut self, text: &str) {
        for (_, part) in parts(text) {
            if let Some((_, name, value)) = field_of(part) {
                self.collect_member(name, value);
            }
        }
    }

    /// The same, with the fields replaced; `None` for what has no parts.
    fn multipart(&mut self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        for (boundary, part) in parts(text) {
            out.push_str(boundary);
            match field_of(part) {
                Some((head, name, value)) => {
                    // The name of a field is no value, whatever stands before it.
                    let place = parameter(head, "name").unwrap_or_default();
                    for piece in [head.get(..place.start), Some(name), head.get(place.end..)] {
                        out.push_str(&self.prose(piece.unwrap_or_default()));
                    }
                    out.push_str(&self.field(name, value));
                    out.push_str(part.get(head.len() + value.len()..).unwrap_or_default());
                }
                // A file's name may be a person's.
                None => match head_of(part).and_then(|head| parameter(head, "filename")) {
                    Some(place) => {
                        out.push_str(&self.prose(part.get(..place.start).unwrap_or_default()));
                        out.push_str(&self.vault.replace(Kind::Parameter, part.get(place.clone()).unwrap_or_default()));
                        out.push_str(&self.text_with_members(part.get(place.end..).unwrap_or_default().into()));
                    }
                    // The part may be JSON, behind headers of its own.
                    None => match self.json_in_lines(part) {
                        Some(changed) => out.push_str(&changed),
                        None => out.push_str(&self.text_with_members(part.into())),
                    },
                },
            }
        }
        Some(out).filter(|out| !out.is_empty())
    }

    /// Text in which lines are JSON, behind what keeps them from being run (`)]}'`), calls a function with them, or
    /// numbers them; `None` where none is.
    fn json_in_lines(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let found = json_of_line(rest).and_then(|start| {
                let mut values = serde_json::Deserializer::from_str(rest.get(start..)?).into_iter::<serde_json::Value>();
                let json = values.next()?.ok()?;
                Some((start, values.byte_offset(), json))
            });
            let Some((start, length, json)) = found else {
                at += memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
                continue;
            };
            let between = spliced.written()..at + start;
            spliced.put(between.clone(), &self.text_with_members(text.get(between)?.into()));
            at += start + length;
            spliced.put(spliced.written()..at, &self.json_members(json).to_string());
        }
        if spliced.written() > 0 {
            let rest = spliced.written()..text.len();
            spliced.put(rest.clone(), &self.text_with_members(text.get(rest)?.into()));
        }
        spliced.end()
    }

    /// A value of the `Authorization` header: the scheme stays, also alone, and of a token what [`Self::token`] leaves.
    pub(super) fn authorization(&mut self, value: &str) -> String {
        match value.trim().split_once(' ') {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop") || scheme.eq_ignore_ascii_case("pop") =>
            {
                format!("{scheme} {}", self.token(token.trim()))
            }
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => {
                // RFC 7617: the name and the password are secrets of their own.
                if let Some(plain) = base64url(rest.trim()).and_then(|bytes| String::from_utf8(bytes).ok()) {
                    self.credentials(&plain);
                    // An application's id says which one failed, and is no secret.
                    if let Some((id, secret)) = plain.split_once(':').filter(|(id, _)| entra::Guid::parse(id).is_some()) {
                        let (id, secret) = (self.field("client_id", id), self.vault.replace(Kind::ClientSecret, secret));
                        return format!("{scheme} {}", STANDARD.encode(format!("{id}:{secret}")));
                    }
                }
                format!("{scheme} {}", self.vault.replace(Kind::Authorization, rest))
            }
            Some((scheme, rest)) if entra::is_scheme(scheme) => format!("{scheme} {}", self.vault.replace(Kind::Authorization, rest)),
            None if entra::is_bare_scheme(value) => value.to_owned(),
            _ => self.vault.replace(Kind::Authorization, value),
        }
    }

    /// A challenge without what the server says of itself in the course of SPNEGO and NTLM (RFC 4559 §4).
    fn without_blobs<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        let blob = |part: &'v str| {
            let (scheme, said) = part.trim().split_once(' ')?;
            ["ntlm", "negotiate", "kerberos"].iter().any(|name| name.eq_ignore_ascii_case(scheme)).then_some((scheme, said.trim()))
        };
        if !value.split(',').any(|part| blob(part).is_some()) {
            return value.into();
        }
        let parts: Vec<Cow<'_, str>> = value
            .split(',')
            .map(|part| match blob(part) {
                Some((scheme, said)) => format!("{scheme} {}", self.vault.replace(Kind::Authorization, said)).into(),
                None => part.into(),
            })
            .collect();
        parts.join(",").into()
    }

    /// `WWW-Authenticate`: the scheme and the fields that a client reads.
    pub(super) fn challenge_header(&mut self, value: &str) -> String {
        let header = &*self.without_blobs(value);
        let text = |from: usize, to: usize| header.get(from..to).unwrap_or_default();
        let mut out = String::new();
        let mut done = 0;
        for part in challenge_parts(header) {
            let ChallengePart::Parameter { name: name_at, value: value_at } = part else { continue };
            let (name, value) = (text(name_at.start, name_at.end), text(value_at.start, value_at.end));
            let value = match name.to_ascii_lowercase().as_str() {
                // In base64, or as JSON with its quotation marks escaped: what a client is to ask for.
                "claims" => placeholder::CLAIMS.to_owned(),
                "authorization_uri" | "authorization" | "resource_id" | "token_uri" => self.address(value),
                "error" | "error_description" | "error_uri" | "realm" | "client_id" | "trusted_issuers" | "scope" => {
                    self.meaning(Meaning::Text, value)
                }
                name => self.field(name, value),
            };
            out.push_str(&self.prose(text(done, name_at.start)));
            out.extend([text(name_at.start, value_at.start), &value]);
            done = value_at.end;
        }
        out.push_str(&self.prose(text(done, header.len())));
        out
    }
}

/// What is certain to be a secret or a person in a body that does not leave.
pub(super) fn told_by(text: &str) -> Vec<(Meaning, String)> {
    let mut told = Vec::new();
    let trimmed = text.trim_start();
    if text.len() > LONGEST_DROPPED {
        return told;
    }
    if trimmed.starts_with('{') || trimmed.starts_with('[') {
        if let Ok(json) = serde_json::from_str(trimmed) {
            add_certain(json, &mut told);
        }
    } else if is_form(trimmed) {
        let pairs = url::form_urlencoded::parse(trimmed.as_bytes());
        told.extend(pairs.filter_map(|(name, value)| Some((certain(&name, &value)?, value.into_owned()))));
    }
    told
}

/// Whether a text is a form as it is posted, with members in the names of its fields or not: `user[email]=…`.
fn is_form(text: &str) -> bool {
    let has_members = |name: &str| {
        name.len() < 128
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(']')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.%[]".contains(&byte))
    };
    entra::is_form(text) || text.split_once('=').is_some_and(|(name, _)| has_members(name))
}

/// The parts of a multipart message, each with the boundary before it.
fn parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let boundary = text.lines().next().map(str::trim_end).filter(|boundary| boundary.len() > 2);
    boundary.into_iter().flat_map(move |boundary| text.split(boundary).skip(1).map(move |part| (boundary, part)))
}

/// The headers of a part, and the empty line behind them.
fn head_of(part: &str) -> Option<&str> {
    let length = part.find("\r\n\r\n").map(|end| end + 4).or_else(|| part.find("\n\n").map(|end| end + 2))?;
    part.get(..length)
}

/// What stands before the value of a field of a form, the field's name, and its value.
fn field_of(part: &str) -> Option<(&str, &str, &str)> {
    let head = head_of(part)?;
    let value = part.get(head.len()..)?;
    let name = head.get(parameter(head, "name")?)?;
    (parameter(head, "filename").is_none()).then_some((head, name, value.trim_end()))
}

/// Where the value of a parameter stands in the head of a part, without its quotation marks (RFC 2183 §2).
fn parameter(head: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let mark = format!("{name}=");
    let start = head.match_indices(&mark).find(|(at, _)| head.get(..*at).is_some_and(|before| before.ends_with([' ', ';', '\t'])))?.0;
    let start = start + mark.len();
    let value = head.get(start..)?;
    match value.strip_prefix('"') {
        Some(quoted) => Some(start + 1..start + 1 + quoted.find('"')?),
        None => Some(start..start + value.find([';', '\r', '\n']).unwrap_or(value.len())),
    }
}

/// The longest that may stand before JSON in its line, in bytes.
const LONGEST_BEFORE_JSON: usize = 64;

/// The bytes that may stand there: those of no program.
#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const BEFORE_JSON: [bool; 256] = {
    let mut is_before = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        is_before[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b" \t_$.)]}':;(,/*-";
    let mut place = 0;
    while place < others.len() {
        is_before[others[place] as usize] = true;
        place += 1;
    }
    is_before
};

/// Where JSON begins in the first line of a text, as far as what stands before it is no program, and what follows its first bracket
/// may stand there.
fn json_of_line(text: &str) -> Option<usize> {
    let is_before = |byte: &u8| BEFORE_JSON.get(usize::from(*byte)).copied().unwrap_or_default();
    let at = text.as_bytes().iter().take(LONGEST_BEFORE_JSON).position(|byte| !is_before(byte))?;
    let (bracket, behind) = text.as_bytes().get(at..)?.split_first()?;
    let next = || behind.trim_ascii_start().first();
    let may_be_one = match bracket {
        b'{' => matches!(next(), Some(b'"' | b'}')),
        b'[' => matches!(next(), Some(b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')),
        _ => false,
    };
    may_be_one.then_some(at)
}

/// How much of a body is looked at to see that it is no JSON and no form, in bytes.
const BEGINNING: usize = 1024;

/// Whether a body is plainly what [`Rewriter::other_body`] replaces as no text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(bytes.get(..BEGINNING).unwrap_or(bytes));
    let trimmed = beginning.trim_start();
    trimmed.len() >= BEGINNING / 2
        && !trimmed.starts_with(['{', '[', '-'])
        && !entra::is_form(trimmed)
        && memchr::memchr(0, bytes).is_some()
}
