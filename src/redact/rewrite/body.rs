//! Bodies, posted and received.

use super::Rewriter;
use crate::entra;
use crate::entra::base64url;
use crate::redact::kind::Kind;
use crate::redact::names::Meaning;
use std::borrow::Cow;

/// What stands in the place of a body of which nothing is read.
pub(super) const REPLACED: &str = "redacted-body";

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
            if !is_html && let Some(xml) = self.xml(trimmed) {
                return xml;
            }
            return self.page(text);
        } else if entra::is_form(trimmed) {
            return self.pairs(trimmed);
        }
        if entra::is_sealed_token(trimmed) {
            return self.vault.replace_with(Kind::Token, trimmed, |number| {
                format!("eyJlbmMiOiJyZWRhY3RlZCJ9..redacted-token-{number}.redacted.redacted")
            });
        }
        if trimmed.starts_with("--") {
            self.collect_parts(trimmed);
        }
        let sentences: Vec<String> = entra::error_sentences(text).iter().map(|sentence| self.error_text(sentence)).collect();
        if sentences.is_empty() { REPLACED.to_owned() } else { sentences.join("\n") }
    }

    /// A body that is kept only because the user wants all: text that stays, and in it what is known to be none.
    pub(super) fn other_body<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        let trimmed = text.trim_start();
        if trimmed.starts_with('{') || trimmed.starts_with('[') || entra::is_form(trimmed) {
            return self.body(&text).into();
        }
        if trimmed.starts_with("--") {
            self.collect_parts(trimmed);
        }
        // What was no text, or text of another encoding.
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return REPLACED.into();
        }
        if memchr::memchr(b'<', text.as_bytes()).is_some()
            && let Some(form) = entra::page_form(&text)
        {
            for (name, value) in form.inputs {
                self.collect_member(&name, &value);
            }
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

    /// Puts what is certain to be a secret or a person in a body that does not leave into the vault: it may stand
    /// elsewhere too.
    pub(super) fn collect_from(&mut self, text: &str) {
        let trimmed = text.trim_start();
        if text.len() > LONGEST_DROPPED {
            return;
        }
        if trimmed.starts_with('{') || trimmed.starts_with('[') {
            if let Ok(json) = serde_json::from_str(trimmed) {
                self.collect_members(&json);
            }
        } else if entra::is_form(trimmed) {
            for (name, value) in url::form_urlencoded::parse(trimmed.as_bytes()) {
                self.collect_member(&name, &value);
            }
        }
    }

    /// The fields of `multipart/form-data` (RFC 7578).
    fn collect_parts(&mut self, text: &str) {
        let Some(boundary) = text.lines().next().map(str::trim_end).filter(|boundary| boundary.len() > 2) else { return };
        for part in text.split(boundary) {
            let Some((head, value)) = part.split_once("\r\n\r\n") else { continue };
            let name = head.split_once(" name=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(name, _)| name);
            if let Some(name) = name {
                self.collect_member(name, value.trim_end());
            }
        }
    }

    /// A value of the `Authorization` header: the scheme stays, and of a token what [`Self::token`] leaves.
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
                }
                format!("{scheme} {}", self.vault.replace(Kind::Authorization, rest))
            }
            Some((scheme, rest)) if is_scheme(scheme) => format!("{scheme} {}", self.vault.replace(Kind::Authorization, rest)),
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
        let value = &*self.without_blobs(value);
        let mut out = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('=') {
            let name_at = before.rfind([' ', ',']).map_or(0, |at| at + 1);
            let (words, name) = before.split_at(name_at);
            let (inner, tail, quote) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').map_or((quoted, "", "\""), |(inner, tail)| (inner, tail, "\"")),
                None => after
                    .find([' ', ','])
                    .map_or((after, "", ""), |at| (after.get(..at).unwrap_or_default(), after.get(at..).unwrap_or_default(), "")),
            };
            let inner = match name.to_ascii_lowercase().as_str() {
                // In base64, or as JSON with its quotation marks escaped: what a client is to ask for.
                "claims" => "redacted-claims".to_owned(),
                "authorization_uri" | "authorization" | "resource_id" | "token_uri" => self.address(inner),
                "error" | "error_description" | "error_uri" | "realm" | "client_id" | "trusted_issuers" | "scope" => {
                    self.meaning(Meaning::Text, inner)
                }
                name => self.field(name, inner),
            };
            out.push_str(&self.prose(words));
            out.extend([name, "=", quote, &inner, quote]);
            rest = tail;
        }
        out.push_str(&self.prose(rest));
        out
    }
}

/// Whether a word is a scheme of HTTP authentication, as far as IANA or a cloud knows it.
pub(super) fn is_scheme(word: &str) -> bool {
    const SCHEMES: [&str; 24] = [
        "bearer",
        "basic",
        "digest",
        "dpop",
        "pop",
        "negotiate",
        "ntlm",
        "kerberos",
        "hoba",
        "mutual",
        "gnap",
        "vapid",
        "oauth",
        "hawk",
        "token",
        "apikey",
        "key",
        "privatetoken",
        "scram-sha-1",
        "scram-sha-256",
        "sharedkey",
        "sharedkeylite",
        "sharedaccesssignature",
        "aws4-hmac-sha256",
    ];
    SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
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
