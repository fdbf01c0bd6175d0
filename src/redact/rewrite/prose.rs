//! Text that stays, but for what looks like a person or a secret in it: tokens, addresses of people and
//! machines, phone numbers, long keys.

use super::Rewriter;
use crate::redact::kind::{Kind, is_opaque};
use crate::redact::names::{self, Meaning};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The shortest word that is taken for a key, in letters.
const SHORTEST_KEY: usize = 40;

impl Rewriter<'_> {
    /// Text with what must not leave replaced.
    pub(super) fn prose(&mut self, text: &str) -> String {
        // Nothing below is found in text without one of these.
        if text.len() < 6 || !text.bytes().any(|byte| matches!(byte, b'@' | b'.' | b':' | b'+' | b'/') || byte.is_ascii_digit()) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(is_separator).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            out.push_str(&self.word(word));
            let gap = after.find(|c: char| !is_separator(c)).unwrap_or(after.len());
            let (separators, next) = after.split_at(gap);
            out.push_str(separators);
            rest = next;
        }
        self.phones(&out)
    }

    fn word(&mut self, word: &str) -> String {
        // Sentences put their full stops behind addresses.
        let inner = word.trim_end_matches(['.', ':', ',', '!']);
        let tail = word.get(inner.len()..).unwrap_or_default();
        let is_address = inner.starts_with("https://") || inner.starts_with("http://") || (inner.starts_with('/') && inner.contains('?'));
        if is_address {
            return format!("{}{tail}", self.address(inner));
        }
        if let Some(changed) = self.whole_word(inner) {
            return format!("{changed}{tail}");
        }
        // Pairs by their names, as far as these say what they hold.
        if inner.contains('=') {
            let pairs: Vec<String> = inner.split('&').map(|pair| self.pair_in_prose(pair)).collect();
            return format!("{}{tail}", pairs.join("&"));
        }
        // The parts of a path or of `name:value` are words too.
        if let Some(at) = inner.find(['/', ':', '&']).filter(|at| *at + 1 < inner.len()) {
            let (before, after) = inner.split_at(at);
            let (mark, after) = after.split_at(1);
            return format!("{}{mark}{}{tail}", self.word(before), self.word(after));
        }
        word.to_owned()
    }

    fn pair_in_prose(&mut self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) if names::of_field(name) != Meaning::Unknown => format!("{name}={}", self.field(name, value)),
            Some((name, value)) => format!("{}={}", self.word(name), self.word(value)),
            None => self.word(pair),
        }
    }

    /// What a word is replaced by as a whole.
    fn whole_word(&mut self, word: &str) -> Option<String> {
        if word.starts_with("eyJ") && word.len() >= 16 && word.contains('.') {
            return Some(self.token(word));
        }
        if is_account(word) {
            return Some(self.vault.replace(Kind::Account, word));
        }
        if is_address(word) {
            return Some(self.vault.replace(Kind::IpAddress, word));
        }
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.~+".contains(c);
        let has_cases = word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase());
        (word.len() >= SHORTEST_KEY && has_cases && is_opaque(word) && word.chars().all(is_key))
            .then(|| self.vault.replace(Kind::Opaque, word))
    }

    /// Phone numbers in their international form.
    fn phones(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('+') {
            let (before, number) = rest.split_at(at);
            let end = number
                .char_indices()
                .skip(1)
                .find(|(_, c)| !(c.is_ascii_digit() || " -()".contains(*c)))
                .map_or(number.len(), |(end, _)| end);
            let (number, after) = number.split_at(end);
            let trimmed = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            let digits = trimmed.bytes().filter(u8::is_ascii_digit).count();
            out.push_str(before);
            // Zones of times (`+01:00`, `+0100`) are shorter; ids may end in letters and go on with digits.
            let stands_alone = before.chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
            if (8..=15).contains(&digits) && stands_alone {
                out.push_str(&self.vault.replace(Kind::Phone, trimmed));
                out.push_str(number.get(trimmed.len()..).unwrap_or_default());
            } else {
                out.push_str(number);
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "'\"<>()[]{},;|`“”‘’".contains(c)
}

/// An e-mail address or user principal name.
fn is_account(word: &str) -> bool {
    let Some((local, domain)) = word.rsplit_once('@') else { return false };
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%*+-_~^".contains(c);
    let is_domain =
        domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    !local.is_empty() && local.chars().all(is_local) && is_domain && !domain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// An IP address. Numbers of versions have four parts too, but end in zeros or have a part above 255.
fn is_address(word: &str) -> bool {
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

    fn prose(text: &str) -> String {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).prose(text)
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

    #[test]
    fn keys_in_prose_are_replaced() {
        let key = "AQABAAEAAAAmoFfGtYxvRrNriQdPKIZ-abcDEF0123456789";
        assert_eq!(prose(&format!("key {key}.")), "key redacted-opaque-1.");
    }
}
