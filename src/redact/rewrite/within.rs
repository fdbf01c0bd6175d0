//! What stands within a word: it begins and ends at any letter that cannot be part of it, whatever stands beside it.

use super::Rewriter;
use super::prose::{SHORTEST_KEY, is_letter, scheme_end};
use super::spliced::Spliced;
use crate::entra::Guid;
use crate::redact::kind::{Kind, is_opaque};
use memchr::memmem;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// The longest scheme of an address, in letters.
const LONGEST_SCHEME: usize = 24;

/// The shortest token, in letters.
const SHORTEST_TOKEN: usize = 16;

/// The beginning of a JWT: `{"` in base64.
const TOKEN: &str = "eyJ";

/// Which numbers of four parts are those of versions, by the name of what is at hand.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Versions {
    /// None that does not look like one.
    #[default]
    None,
    /// Those behind the name of a program and a slash.
    OfProducts,
    /// All.
    All,
}

/// What a part of a word is.
#[derive(Clone, Copy)]
enum Part {
    Account,
    Token,
    IpAddress,
    /// MSAL's `homeAccountId`, and what follows it.
    HomeAccount,
    Key,
}

impl Rewriter<'_> {
    /// A word with what must not leave replaced; `None` where there is nothing of it.
    pub(super) fn within(&mut self, text: &str) -> Option<String> {
        // An address goes on to the end of the word.
        let (word, address) = text.split_at(address_start(text).unwrap_or(text.len()));
        let mut found = Vec::new();
        accounts(word, &mut found);
        tokens(word, &mut found);
        let versions = self.context.versions;
        if versions != Versions::All {
            ip_addresses(word, versions, &mut found);
        }
        keys(word, &mut found);
        let mut spliced = Spliced::new(text);
        for (place, part) in apart(found) {
            spliced.put(place.clone(), &self.part(part, word.get(place).unwrap_or_default()));
        }
        if !address.is_empty() {
            spliced.put(word.len()..text.len(), &self.address(address));
        }
        spliced.end()
    }

    fn part(&mut self, part: Part, text: &str) -> String {
        match part {
            Part::Account => self.vault.replace(Kind::Account, text),
            Part::Token => self.token(text),
            Part::IpAddress => self.vault.replace(Kind::IpAddress, text),
            Part::Key => self.vault.replace(Kind::Opaque, text),
            Part::HomeAccount => {
                let (account, rest) = text.split_once('.').unwrap_or((text, ""));
                format!("{}.{rest}", self.vault.replace(Kind::Id, account))
            }
        }
    }
}

/// Parts in their order, each with what of another it shares letters with.
fn apart(mut found: Vec<(Range<usize>, Part)>) -> Vec<(Range<usize>, Part)> {
    found.sort_unstable_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    let mut parts: Vec<(Range<usize>, Part)> = Vec::with_capacity(found.len());
    for (place, part) in found {
        match parts.last_mut().filter(|(last, _)| place.start < last.end) {
            Some((last, _)) => last.end = last.end.max(place.end),
            None => parts.push((place, part)),
        }
    }
    parts
}

/// Where an address begins with its scheme.
fn address_start(word: &str) -> Option<usize> {
    let end = scheme_end(word)?;
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let before = word.as_bytes().get(..end)?;
    let length = before.iter().rev().take(LONGEST_SCHEME).take_while(|byte| is_scheme(byte)).count();
    let start = end - length;
    // A scheme begins with a letter (RFC 3986 §3.1).
    Some(start + before.get(start..)?.iter().position(u8::is_ascii_alphabetic)?)
}

/// E-mail addresses and user principal names.
fn accounts(word: &str, found: &mut Vec<(Range<usize>, Part)>) {
    let is_local = |c: char| is_letter(c) || ".!#$%*+-_~^'".contains(c);
    let mut from = 0;
    for at in memchr::memchr_iter(b'@', word.as_bytes()) {
        let (Some(before), Some(after)) = (word.get(from..at), word.get(at + 1..)) else { continue };
        // Markup stands before addresses, and letters that are rarely the first of one.
        let local = before.get(before.trim_end_matches(is_local).len()..).unwrap_or_default();
        let local = local.trim_start_matches(|c: char| !c.is_alphanumeric());
        let domain = domain(after);
        from = at + 1;
        if !local.is_empty() && domain > 0 {
            found.push((at - local.len()..at + 1 + domain, Part::Account));
            from += domain;
        }
    }
}

/// How long the domain is that a text begins with.
fn domain(text: &str) -> usize {
    let length = text.find(|c: char| !(is_letter(c) || c == '-' || c == '.')).unwrap_or(text.len());
    let text = text.get(..length).unwrap_or_default();
    let text = text.split_once("..").map_or(text, |(domain, _)| domain).trim_end_matches(['.', '-']);
    let is_domain = text.contains('.') && !text.starts_with('.') && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_domain { text.len() } else { 0 }
}

/// JWTs.
fn tokens(word: &str, found: &mut Vec<(Range<usize>, Part)>) {
    if word.len() < SHORTEST_TOKEN {
        return;
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.=+/~".contains(c);
    let mut from = 0;
    while let Some(start) = word.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), TOKEN.as_bytes())).map(|at| from + at) {
        let rest = word.get(start..).unwrap_or_default();
        let length = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
        let token = rest.get(..length).unwrap_or_default().trim_end_matches('.');
        if token.len() >= SHORTEST_TOKEN && token.contains('.') {
            found.push((start..start + token.len(), Part::Token));
        }
        from = start + length;
    }
}

/// IP addresses; behind one of version 4 may stand a port.
fn ip_addresses(word: &str, versions: Versions, found: &mut Vec<(Range<usize>, Part)>) {
    let joins = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    for (start, run) in runs(word, |c| c.is_ascii_hexdigit() || c == '.' || c == ':') {
        let mut add = |at: usize, text: &str| {
            let (start, end) = (start + at, start + at + text.len());
            let stands_alone = || !joins(start.checked_sub(1).and_then(|at| word.as_bytes().get(at))) && !joins(word.as_bytes().get(end));
            let bytes = word.as_bytes();
            let is_version = || {
                let mut before = bytes.get(..start).unwrap_or_default().iter().rev();
                before.next() == Some(&b'/') && before.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            };
            let is_one = is_ip_address(text) && stands_alone() && !(versions == Versions::OfProducts && is_version());
            if is_one {
                found.push((start..end, Part::IpAddress));
            }
            is_one
        };
        let behind = |marks: &[char]| run.len() - run.trim_start_matches(marks).len();
        if !add(behind(&['.']), run.trim_matches('.')) && !add(behind(&['.', ':']), run.trim_matches(['.', ':'])) {
            for (at, part) in runs(run, |c| c != ':') {
                add(at + part.len() - part.trim_start_matches('.').len(), part.trim_matches('.'));
            }
        }
    }
}

/// Whether a text is an IP address. Numbers of versions have four parts too, but end in zeros or have a part above 255.
fn is_ip_address(text: &str) -> bool {
    if text.len() < 6 {
        return false;
    }
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        let octets = ip.octets();
        let is_version = octets.get(1..).is_some_and(|rest| rest.iter().all(|octet| *octet == 0));
        return !is_version && !ip.is_loopback() && !ip.is_unspecified();
    }
    text.parse::<Ipv6Addr>().is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

/// Long keys, and MSAL's ids of accounts.
fn keys(word: &str, found: &mut Vec<(Range<usize>, Part)>) {
    if word.len() < SHORTEST_KEY {
        return;
    }
    for (start, run) in runs(word, |c| c.is_ascii_alphanumeric() || "-_.~+".contains(c)) {
        let key = run.trim_end_matches('.');
        let has_cases = || key.bytes().any(|byte| byte.is_ascii_uppercase()) && key.bytes().any(|byte| byte.is_ascii_lowercase());
        let part = match () {
            () if key.len() < SHORTEST_KEY => continue,
            () if is_home_account(key) => Part::HomeAccount,
            () if has_cases() && is_opaque(key) => Part::Key,
            () => continue,
        };
        found.push((start..start + key.len(), part));
    }
}

/// Whether a text begins with an account's and a tenant's id, as MSAL's `homeAccountId` and the keys of its cache do.
fn is_home_account(text: &str) -> bool {
    let is_id = |place: Range<usize>| text.get(place).is_some_and(Guid::is_one);
    text.as_bytes().get(36) == Some(&b'.') && is_id(0..36) && is_id(37..73)
}

/// The runs of such letters in a text, and where each begins.
fn runs(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next + text.get(next..)?.find(&is_part)?;
        let rest = text.get(start..)?;
        let run = rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))?;
        next = start + run.len();
        Some((start, run))
    })
}
