//! What may be shown of a value: words of a protocol, addresses without what could be a name or a key.

use crate::entra::challenge::Challenge;
use crate::entra::complaint::Complaint;
use crate::entra::key::{holds_key, is_somebodys};
use crate::entra::no_answer::NoAnswer;
use crate::entra::params::Address;
use crate::entra::protocol_error::OAuthError;
use crate::entra::step::{Step, http_date};
use crate::entra::tenant::Guid;
use crate::entra::user_agent::Browser;
use crate::exchange::{Exchange, NotAnswered, RawText};
use std::iter;
use std::net::IpAddr;

/// Words, numbers, addresses of resources: short text of a harmless alphabet. E-mail addresses and anything
/// that could be a key or token fall through.
pub(super) fn plain(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || " -_./:,".contains(c);
    let word_fits = |word: &str| word.len() <= 40 || (word.len() <= 80 && word.contains(['/', '.', ':']));
    if text.len() <= 400 && text.chars().all(harmless) && text.split(' ').all(word_fits) {
        text.to_owned()
    } else {
        "(unusual text)".to_owned()
    }
}

/// The longest name of a policy that is shown, in characters.
const POLICY_NAME: usize = 120;

/// The name of a policy, unless it holds what could be an account. Each report drops what could steer a reader.
pub(super) fn policy_name(name: &str) -> String {
    let plain = !name.is_empty() && !name.contains('@') && !name.chars().any(char::is_control);
    if plain && name.chars().count() <= POLICY_NAME { name.to_owned() } else { "(a policy with an unusual name)".to_owned() }
}

/// Who wrote a capture, by its own words: without accounts and keys, which some exporter may put there.
pub(crate) fn recorder(name: &str) -> String {
    let is_account = |word: &str| word.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    let shown = |word| if is_account(word) || holds_key(word) { "…" } else { word };
    name.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

/// An address without its parameters.
pub(crate) fn address(text: &str) -> String {
    match Address::parse(text) {
        Some(address) if !address.host.is_empty() => format!("{}{}", origin(&address), path(&address.path)),
        Some(address) => format!("{}:…", plain(&address.scheme)),
        None => plain(text),
    }
}

/// Scheme, host and port. The number of a machine may be that of somebody's home, but for those that lead no further than the
/// local network; a redirect URI is often one of these.
fn origin(address: &Address) -> String {
    let is_number = address.host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    match is_number && !address.is_local() {
        true => Address { host: "(an IP address)".to_owned(), ..address.clone() }.origin(),
        false => address.origin(),
    }
}

/// The origin without `https://`: what else is worth a word.
fn short_origin(address: &Address) -> String {
    let origin = origin(address);
    origin.strip_prefix("https://").map_or_else(|| origin.clone(), str::to_owned)
}

/// A path without directory ids, which the report names elsewhere.
fn short_path(text: &str) -> String {
    path(text).split('/').map(|segment| if Guid::parse(segment).is_some() { "…" } else { segment }).collect::<Vec<_>>().join("/")
}

/// A path; segments that could hold a name or a key are left out.
fn path(path: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.~$".contains(c);
    let shown = |(before, segment)| {
        let segment: &str = segment;
        let is_shown = segment.len() <= 40 && segment.chars().all(harmless) && !is_somebodys(before, segment);
        if is_shown { segment } else { "…" }
    };
    let befores = iter::once("").chain(path.split('/'));
    befores.zip(path.split('/')).map(shown).collect::<Vec<_>>().join("/")
}

/// Where a request went: the host, and the path without what could be a name or a key.
pub(crate) fn place(step: &Step) -> Option<String> {
    step.address.as_ref().map(short_place)
}

pub(super) fn short_place(address: &Address) -> String {
    format!("{}{}", short_origin(address), short_path(&address.path))
}

/// The recorder's own name for the entry, where it is a number as Fiddler gives its sessions.
pub(crate) fn label(step: &Step) -> Option<String> {
    let is_number = |label: &&str| (1..=10).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit());
    step.exchange.label.as_deref().filter(is_number).map(str::to_owned)
}

/// Why no answer came, where the recorder says so: a constant of Chromium or Firefox, else the word of ours in it, and of a
/// proxy what it meant.
pub(crate) fn no_answer(exchange: &Exchange) -> Option<&str> {
    match exchange.response.failure.as_ref()? {
        NotAnswered::Browser(told) if is_constant(told.raw()) => Some(told.raw()),
        NotAnswered::Browser(told) => NoAnswer::word(told.raw()),
        NotAnswered::Proxy(why) => Some(why.phrase()),
    }
}

/// Whether a text is a browser's name for a failure of the network, and nothing else.
fn is_constant(told: &str) -> bool {
    let prefixes = ["net::ERR_", "NS_ERROR_", "NS_BINDING_", "SSL_ERROR_", "SEC_ERROR_", "MOZILLA_PKIX_ERROR_"];
    let Some(rest) = prefixes.iter().find_map(|prefix| told.strip_prefix(prefix)) else { return false };
    let is_number = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    // A protocol has its version in the name (HTTP2), and no number has a second digit.
    let has_number = rest.split(|c: char| !c.is_ascii_digit()).any(is_number);
    (1..=50).contains(&rest.len()) && rest.bytes().all(is_word) && !has_number
}

/// The HTTP method, where it is one.
pub(crate) fn method<'s>(step: &'s Step<'_>) -> &'s str {
    let is_word = step.method.len() <= 10 && step.method.chars().all(|c| c.is_ascii_uppercase());
    if is_word { &step.method } else { "(unusual method)" }
}

/// What stands for a name that has not the form of one.
pub(super) const UNUSUAL_NAME: &str = "(unusual name)";

pub(super) fn shown_name(name: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.len() <= 60 && name.chars().all(harmless) { name.to_owned() } else { UNUSUAL_NAME.to_owned() }
}

/// How far apart two times are, in words: `1 h 55 min`, to the minute.
pub(crate) fn difference(seconds: u64) -> String {
    let minutes = (seconds + 30) / 60;
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}")).collect::<Vec<_>>().join(" ")
}

/// How many names of headers are shown that a reply allows.
const NAMES: usize = 40;

fn allowed_name(name: &str) -> String {
    if name == "*" { name.to_owned() } else { shown_name(name) }
}

/// Headers whose values are words of a protocol.
pub(super) fn header(name: &str, value: &RawText) -> String {
    let text = value.raw();
    match name {
        "sec-fetch-dest"
        | "sec-fetch-site"
        | "sec-fetch-mode"
        | "sec-fetch-user"
        | "sec-fetch-storage-access"
        | "x-frame-options"
        | "cross-origin-opener-policy"
        | "cross-origin-embedder-policy"
        | "content-type"
        | "retry-after"
        | "x-ms-clitelem"
        | "x-ms-ests-server" => plain(text),
        "date" => http_date(text).map_or_else(|| "(no date)".to_owned(), |date| date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        "origin" | "referer" | "access-control-allow-origin" => {
            if text == "*" || text == "null" {
                text.to_owned()
            } else {
                address(text)
            }
        }
        "user-agent" => Browser::of(text).name().to_owned(),
        "sec-ch-ua" => if text.contains("\"Brave\"") { "Brave" } else { "(not shown)" }.to_owned(),
        "www-authenticate" => challenge(text),
        "access-control-allow-headers" => text.split(',').take(NAMES).map(|name| allowed_name(name.trim())).collect::<Vec<_>>().join(", "),
        _ => "(not shown)".to_owned(),
    }
}

/// A challenge: its scheme, its known error, and what it complains of, in our words.
fn challenge(text: &str) -> String {
    let scheme = text.split_whitespace().next().map(plain).unwrap_or_default();
    let Some(challenge) = Challenge::of(text) else { return scheme };
    let complaint = challenge.complaint.map(Complaint::phrase);
    let claims = challenge.claims.then_some("asks for claims");
    let consent = challenge.consent.then_some("asks for consent");
    [Some(scheme.as_str()), challenge.error.map(OAuthError::name), claims, consent, complaint]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_what_could_be_a_name_or_a_key() {
        assert_eq!(path("/users/ada@contoso.example/x"), "/users/…/x");
        let id = "0a8d399d-d43c-4134-a6cd-a5b5f6df0467";
        assert_eq!(path(&format!("/{id}/oauth2")), format!("/{id}/oauth2"));
        assert_eq!(path(&format!("/users/{id}/personal/ada_contoso_example/x")), "/users/…/personal/…/x");
        assert_eq!(path("/a/9f8e7d6c5b4a39281706f5e4d3c2b1a0/signin-oidc2"), "/a/…/signin-oidc2");
    }

    #[test]
    fn names_of_failures_are_shown_and_nothing_else() {
        for name in
            ["net::ERR_CERT_AUTHORITY_INVALID", "net::ERR_HTTP2_PROTOCOL_ERROR", "NS_ERROR_UNKNOWN_HOST", "SEC_ERROR_UNKNOWN_ISSUER"]
        {
            assert!(is_constant(name), "{name}");
        }
        for text in ["net::ERR_", "net::err_failed", "net::ERR_FAILED at ada", "net::ERR_4711", "NS_ERROR_X.Y", "ERR_FAILED"] {
            assert!(!is_constant(text), "{text}");
        }
    }

    #[test]
    fn recorders_lose_accounts_and_keys() {
        assert_eq!(recorder("WebInspector 537.36"), "WebInspector 537.36");
        assert_eq!(recorder("Export for ada@contoso.example 9f8e7d6c5b4a39281706f5e4d3c2b1a0"), "Export for … …");
    }

    #[test]
    fn numbers_of_machines_are_shown_where_they_are_local() {
        for (text, shown) in [
            ("https://203.0.113.9:8443/cb", "https://(an IP address):8443/cb"),
            ("https://[2001:db8::9]/cb", "https://(an IP address)/cb"),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3000/cb"),
            ("http://[::1]/cb", "http://[::1]/cb"),
            ("http://192.168.1.7/cb", "http://192.168.1.7/cb"),
            ("http://localhost/cb", "http://localhost/cb"),
        ] {
            assert_eq!(address(text), shown);
        }
    }
}
