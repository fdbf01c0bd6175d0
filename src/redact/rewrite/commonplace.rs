//! Values that hold nothing secret once they are taken apart. Applications write addresses, words and dates into `state`,
//! cookies and the like; these are replaced where they stand and not sought elsewhere, for a capture is full of them.

use super::Rewriter;
use super::address::percent_decoded;
use crate::entra::ErrorCode;
use crate::entra::key::is_like_a_word;
use crate::exchange::hosts::sign_in_host;
use crate::knowledge::is_word_of_sign_in;
use crate::redact::kind::Kind;
use crate::redact::measure::is_date;
use crate::redact::vault::Found;
use std::borrow::Cow;

/// Words of protocols that have digits in them, and sorts of media.
const WORDS: [&str; 22] = [
    "oauth2",
    "oauth20",
    "saml2",
    "saml20",
    "openid2",
    "s256",
    "sha1",
    "sha256",
    "rs256",
    "hs256",
    "es256",
    "base64",
    "utf8",
    "http1",
    "http2",
    "aadsts",
    "html",
    "json",
    "xml",
    "javascript",
    "www",
    "urlencoded",
];

/// Platforms and browsers, as every request names its own.
const PLATFORMS: [&str; 16] = [
    "linux",
    "windows",
    "android",
    "iphone",
    "ipad",
    "macos",
    "macintosh",
    "ubuntu",
    "mobile",
    "desktop",
    "chrome",
    "chromium",
    "edge",
    "firefox",
    "safari",
    "mozilla",
];

/// The longest number that is part of a commonplace, in digits.
const LONGEST_NUMBER: usize = 3;

/// How many layers of percent-encoding are taken off.
const LAYERS: usize = 3;

impl Rewriter<'_> {
    /// What stands in the place of a value into which applications write addresses too. What the parts of an address come to is
    /// sought elsewhere, and not the address.
    pub(super) fn replaced(&mut self, kind: Kind, value: &str) -> String {
        let placeholder = self.vault.replace(kind, value);
        if placeholder != value
            && holds_addresses(kind)
            && let Some(address) = address_of(value)
        {
            self.address(&address);
        }
        placeholder
    }

    /// The values that are sought everywhere.
    pub(in crate::redact) fn sought(&self) -> impl Iterator<Item = &Found> {
        self.vault.sought().filter(|found| !self.is_commonplace(found.kind, found.value.expose()))
    }

    /// Whether a value holds nothing secret once it is taken apart.
    fn is_commonplace(&self, kind: Kind, value: &str) -> bool {
        // Devices and service accounts are called as what they run.
        if matches!(kind, Kind::Name | Kind::Device) {
            return PLATFORMS.iter().any(|platform| platform.eq_ignore_ascii_case(value));
        }
        if !holds_addresses(kind) {
            return false;
        }
        if address_of(value).is_some() {
            return true;
        }
        let plain = plain(value);
        let host = plain.to_ascii_lowercase();
        sign_in_host(&host).is_some()
            || kind != Kind::LoginHint && host.contains('.') && self.hosts.contains(&host)
            || is_path(&plain)
            || is_date(&plain)
            || ErrorCode::parse(&plain).is_some()
            || is_worded(&plain)
    }
}

/// Whether applications write addresses and words into values of a kind. A password may be made of words.
pub(super) fn holds_addresses(kind: Kind) -> bool {
    use Kind::{Authorization, ClientSecret, Cookie, FlowToken, Id, LoginHint, Nonce, State, Token};
    matches!(kind, Id | State | Nonce | Cookie | Authorization | LoginHint | FlowToken | ClientSecret | Token)
}

/// A value without quotation marks and percent-encoding.
fn plain(value: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(value.trim().trim_matches('"'));
    for _ in 0..LAYERS {
        if !plain.contains('%') {
            break;
        }
        plain = Cow::Owned(percent_decoded(&plain).into_owned());
    }
    plain
}

/// The address that a value is, with its scheme, or a path with its query.
fn address_of(value: &str) -> Option<Cow<'_, str>> {
    let plain = plain(value);
    let begins = |start: &str| plain.get(..start.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(start));
    let has_host = || url::Url::parse(&plain).is_ok_and(|url| url.has_host()) && !plain.contains(char::is_whitespace);
    let has_query = || plain.split_once('?').is_some_and(|(path, query)| is_path(path) && query.contains('='));
    ((begins("https://") || begins("http://")) && has_host() || has_query()).then_some(plain)
}

/// Whether a text is a path of words.
fn is_path(text: &str) -> bool {
    let is_of_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    text.starts_with('/') && text.bytes().all(is_of_path) && text.split(|c: char| !c.is_ascii_alphanumeric()).all(is_like_a_word)
}

/// Whether a text is words that sign-in traffic is made of anyway, whatever stands between them.
fn is_worded(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_number = word.len() <= LONGEST_NUMBER && word.bytes().all(|byte| byte.is_ascii_digit());
        let lower = word.to_ascii_lowercase();
        is_number || WORDS.contains(&&*lower) || is_word_of_sign_in(&lower) || ErrorCode::parse(word).is_some()
    };
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    text.bytes().any(|byte| byte.is_ascii_alphabetic()) && words.all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    #[test]
    fn what_holds_nothing_secret_taken_apart() {
        let knowledge = Knowledge::builtin();
        let mut rewriter = Rewriter::new(&knowledge, &Options::default());
        rewriter.address("https://app.fabrikam.example/");
        for value in [
            "https://app.fabrikam.example/pages/start",
            "https%3A%2F%2Fapp.fabrikam.example",
            "app.fabrikam.example",
            "login.microsoftonline.com",
            "/pages/start",
            "/pages?next=1",
            "oauth2",
            "AADSTS50058",
            "error=login_required",
            "no user is signed in",
            "application/json",
            "2026-11-20T14:42:29Z",
        ] {
            assert!(rewriter.is_commonplace(Kind::State, value), "{value}");
            assert!(!rewriter.is_commonplace(Kind::Password, value), "{value}");
        }
        for value in [
            "k3jx9q2mzz81",
            "/k3jx9q2mzz81aabbccdd42",
            "/wEyz9Qk27Ab",
            "k3jx9q2mzz81.fabrikam.example",
            "zoe.quist",
            "https:// no address k3jx9",
            "+49 171 5550199",
            "5555-12-34567890123456",
            "5b1f6f1c-71e5-44c8-9c1d-2d7b7a6c0f11",
        ] {
            assert!(!rewriter.is_commonplace(Kind::State, value), "{value}");
        }
    }
}
