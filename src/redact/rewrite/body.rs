//! Bodies, posted and received.

use super::Rewriter;
use crate::entra;
use crate::redact::kind::Kind;
use crate::redact::names::Meaning;

/// What stands in the place of a body of which nothing is read.
const REPLACED: &str = "redacted-body";

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
        let sentences: Vec<String> = entra::error_sentences(text).iter().map(|sentence| self.prose(sentence)).collect();
        if sentences.is_empty() { REPLACED.to_owned() } else { sentences.join("\n") }
    }

    /// A body that is kept only because the user wants all: text that stays, and in it what is known to be none.
    pub(super) fn other_body(&mut self, text: &str) -> String {
        let trimmed = text.trim_start();
        if trimmed.starts_with('{') || trimmed.starts_with('[') || entra::is_form(trimmed) {
            return self.body(text);
        }
        self.prose(text)
    }

    /// A value of the `Authorization` header: the scheme stays, and of a token what [`Self::token`] leaves.
    pub(super) fn authorization(&mut self, value: &str) -> String {
        match value.split_once(' ') {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop") || scheme.eq_ignore_ascii_case("pop") =>
            {
                format!("{scheme} {}", self.token(token.trim()))
            }
            Some((scheme, rest)) if scheme.len() <= 20 => format!("{scheme} {}", self.vault.replace(Kind::Authorization, rest)),
            _ => self.vault.replace(Kind::Authorization, value),
        }
    }

    /// `WWW-Authenticate`: the scheme and the fields that a client reads.
    pub(super) fn challenge_header(&mut self, value: &str) -> String {
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
