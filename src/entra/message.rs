//! What an error's sentence names: account, identity provider, tenant, application, resource, redirect URI,
//! dates and lifetimes.
//!
//! Sentences change over the years. What stands in quotation marks after a word that has not changed is data, and absent
//! data is only absent.

use super::failure::{Failure, service_time};
use super::tenant::Guid;
use crate::exchange::Secret;
use chrono::{DateTime, Duration, Utc};

/// What an error's sentence names.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Message {
    /// The account that was signed in.
    pub account: Option<Secret>,
    /// The account's home.
    pub provider: Option<Provider>,
    /// Whether the tenant is that of Microsoft's own services; `None` where no tenant is named.
    pub tenant_is_services: Option<bool>,
    /// The application.
    pub application: Option<String>,
    /// The redirect URI that was refused.
    pub redirect_uri: Option<Secret>,
    /// The parameter of the protocol that is missing.
    pub parameter: Option<&'static str>,
    /// When the token or code was issued, UTC.
    pub issued: Option<DateTime<Utc>>,
    /// How long it may live or lie unused.
    pub lifetime: Option<Duration>,
    /// Since when tokens of the account are valid, UTC: what revoked the older ones.
    pub valid_from: Option<DateTime<Utc>>,
}

/// The identity provider of an account, as a message names it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Provider {
    /// Personal Microsoft accounts.
    MicrosoftAccount,
    /// Another directory.
    Directory(Guid),
    /// Any other one.
    Other,
}

impl Failure {
    /// What its sentence names.
    pub fn message(&self) -> Message {
        Message::of(self)
    }
}

impl Message {
    /// Whether the lifetime was over at a time, UTC; `None` where the sentence names no dates.
    pub fn lifetime_over(&self, now: Option<DateTime<Utc>>) -> Option<bool> {
        Some(self.issued? + self.lifetime? <= now?)
    }

    /// Whether tokens were revoked after this one was issued; `None` where the sentence names no dates of that.
    pub fn revoked(&self) -> Option<bool> {
        Some(self.issued? < self.valid_from?)
    }

    /// Reads the sentence of a failure.
    fn of(failure: &Failure) -> Self {
        let Some(text) = failure.text.as_ref().map(Secret::expose) else { return Self::default() };
        let issued = time_after(text, &["issued on ", "grant was issued on "]);
        let lifetime = lifetime_after(text, &["lifetime of ", "inactive for ", "maximum allowed lifetime for this request is "]);
        // In other languages the one date and the one duration that it names are these.
        let (issued, lifetime) = match (issued, lifetime) {
            (None, None) => only_date(text).zip(only_duration(text)).unzip(),
            known => known,
        };
        Self {
            account: quoted_after(text, &["user account ", "user "]).filter(|name| name.contains('@')).map(Secret::new),
            provider: quoted_after(text, &["identity provider "]).map(provider).or_else(|| quoted_provider(text)),
            tenant_is_services: quoted_after(text, &["in tenant ", "the tenant "]).map(is_of_services),
            application: quoted_after(text, &["application with identifier ", "application with id ", "application ", "app "])
                .filter(|id| Guid::parse(id).is_some())
                .map(str::to_ascii_lowercase),
            redirect_uri: quoted_after(text, &["redirect uri ", "reply url ", "reply address "]).map(Secret::new),
            parameter: quoted_parameter(text),
            issued,
            lifetime,
            valid_from: time_after(
                text,
                &["tokensvalidfrom date (before which tokens are not valid) for this user is ", "tokensvalidfrom "],
            ),
        }
    }
}

/// Quotation marks of many languages.
const QUOTES: [char; 9] = ['\'', '"', '‘', '’', '“', '”', '„', '«', '»'];

/// The personal accounts' own name, in quotation marks, whatever the language: no other thing in a message is called so.
fn quoted_provider(text: &str) -> Option<Provider> {
    text.split(QUOTES).any(|part| part.trim() == "live.com").then_some(Provider::MicrosoftAccount)
}

/// Parameters of the protocols that requests are refused for want of.
const PARAMETERS: [&str; 20] = [
    "assertion",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_verifier",
    "device_code",
    "grant_type",
    "nonce",
    "password",
    "redirect_uri",
    "refresh_token",
    "request",
    "resource",
    "response_type",
    "SAMLRequest",
    "scope",
    "username",
];

/// The parameter whose name stands in quotation marks, whatever the language, where it is one alone.
fn quoted_parameter(text: &str) -> Option<&'static str> {
    let parts = text.split(QUOTES).skip(1).step_by(2);
    let mut named = parts.filter_map(|part| PARAMETERS.into_iter().find(|name| name.eq_ignore_ascii_case(part.trim())));
    let only = named.next()?;
    named.all(|other| other == only).then_some(only)
}

/// The time that a sentence names, where it is one alone: the moment of the failure itself is written without the `T`.
fn only_date(text: &str) -> Option<DateTime<Utc>> {
    let mut dates = text.split([' ', '\'', '"', ',', '(', ')']).filter_map(|word| {
        let word = word.trim_end_matches(['.', ';']);
        word.contains('T').then(|| service_time(word)).flatten()
    });
    let only = dates.next()?;
    dates.next().is_none().then_some(only)
}

/// The duration that a sentence names with its days, where it is one alone.
fn only_duration(text: &str) -> Option<Duration> {
    let is_duration = |word: &&str| word.split_once('.').is_some_and(|(days, clock)| is_number(days) && clock.split(':').count() == 3);
    let mut found = text.split([' ', '\'', '"', ',', '(', ')']).map(|word| word.trim_end_matches(['.', ';'])).filter(is_duration);
    let only = found.next().and_then(duration)?;
    found.next().is_none().then_some(only)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn provider(text: &str) -> Provider {
    if text.eq_ignore_ascii_case("live.com") {
        return Provider::MicrosoftAccount;
    }
    let directory = text.trim_end_matches('/').rsplit('/').next().and_then(Guid::parse);
    directory.map_or(Provider::Other, Provider::Directory)
}

/// The directory of Microsoft's first-party applications, by its name or id.
pub(crate) fn is_of_services(tenant: &str) -> bool {
    const ID: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
    tenant.eq_ignore_ascii_case("Microsoft Services") || tenant.eq_ignore_ascii_case(ID)
}

/// The text behind the first of the words that is there; matching ignores case.
fn after<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    words.iter().find_map(|word| {
        let at = lower.find(word)?;
        text.get(at + word.len()..)
    })
}

fn quoted_after<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let rest = after(text, &[word])?;
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"' | '‘' | '“'))?;
        let close = match quote {
            '‘' => '’',
            '“' => '”',
            same => same,
        };
        let inner = rest.strip_prefix(quote)?.split(close).next()?;
        (!inner.is_empty() && inner.len() <= 2048).then_some(inner)
    })
}

fn time_after(text: &str, words: &[&str]) -> Option<DateTime<Utc>> {
    words.iter().find_map(|word| service_time(after(text, &[word])?.trim_start_matches(['\'', '"'])))
}

/// A duration as .NET writes it: `1.00:00:00` (days, hours, minutes, seconds), or as plain seconds.
fn lifetime_after(text: &str, words: &[&str]) -> Option<Duration> {
    let rest = words.iter().find_map(|word| after(text, &[word]))?.trim_start_matches(['\'', '"']);
    duration(rest.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).next()?.trim_end_matches('.'))
}

fn duration(token: &str) -> Option<Duration> {
    if let Ok(seconds) = token.parse::<i64>() {
        return Duration::try_seconds(seconds);
    }
    let (days, clock) = token.split_once('.').unwrap_or(("0", token));
    let mut parts = clock.split(':').map(|part| part.parse::<i64>());
    let (hours, minutes, seconds) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let hours = days.parse::<i64>().ok()?.checked_mul(24)?.checked_add(hours)?;
    Duration::try_seconds(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?)
}

#[cfg(test)]
mod tests {
    use super::super::failure::Carrier;
    use super::*;

    fn message(text: &str) -> Message {
        Message::of(&Failure::from_text(text, Carrier::Redirect, String::new()))
    }

    #[test]
    fn who_and_what_a_sentence_names() {
        let found = message(
            "AADSTS50020: User account 'ada@outlook.example' from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot \
             access the application '52297BA5-9e68-40dd-bc5a-32a67e08255b'(Desk) in that tenant.",
        );
        assert_eq!(found.account.as_ref().map(Secret::expose), Some("ada@outlook.example"));
        assert_eq!(found.provider, Some(Provider::MicrosoftAccount));
        assert_eq!(found.application.as_deref(), Some("52297ba5-9e68-40dd-bc5a-32a67e08255b"));
        let home = message("from identity provider 'https://sts.windows.net/52297ba5-9e68-40dd-bc5a-32a67e08255b/' does not exist");
        assert!(matches!(home.provider, Some(Provider::Directory(_))));
    }

    #[test]
    fn dates_and_lifetimes_are_read() {
        let found = message("AADSTS700084: … limited lifetime of 1.00:00:00, which … The token was issued on 2026-11-19T13:26:01.352Z.");
        assert_eq!(found.lifetime, Some(Duration::hours(24)));
        assert_eq!(found.issued.unwrap().to_rfc3339(), "2026-11-19T13:26:01+00:00");
        let idle = message("AADSTS700082: issued on 2026-01-01T00:00:00.0Z and was inactive for 90.00:00:00.");
        assert_eq!(idle.lifetime, Some(Duration::days(90)));
        let huge = message("lifetime of 99999999999999999.00:00:00");
        assert_eq!(huge.lifetime, None);
    }

    #[test]
    fn dates_and_providers_are_read_in_any_language() {
        let german = "AADSTS700084: Das Aktualisierungstoken … hat eine feste Lebensdauer von 1.00:00:00 und wurde am \
                      2026-11-19T13:26:01.352Z ausgestellt. Zeitstempel: 2026-11-20 14:00:00Z";
        let found = message(german);
        assert_eq!((found.lifetime, found.issued.map(|at| at.timestamp())), (Some(Duration::hours(24)), Some(1_795_094_761)));
        let two = message("von 2026-11-19T13:26:01Z bis 2026-11-20T13:26:01Z, 1.00:00:00");
        assert_eq!((two.lifetime, two.issued), (None, None));
        let german = "AADSTS50020: Das Benutzerkonto 'ada@outlook.example' vom Identitätsanbieter 'live.com' ist nicht vorhanden.";
        assert_eq!(message(german).provider, Some(Provider::MicrosoftAccount));
        assert_eq!(message("Go to 'login.live.com'.").provider, None);
    }

    #[test]
    fn a_missing_parameter_is_read_in_any_language() {
        let named = |text: &str| message(text).parameter;
        assert_eq!(named("AADSTS900144: The request body must contain the following parameter: 'client_id'."), Some("client_id"));
        assert_eq!(named("AADSTS900144: Der Anforderungstext muss den Parameter „grant_type“ enthalten."), Some("grant_type"));
        assert_eq!(named("AADSTS90014: The required field 'toast' is missing from the credential."), None);
        assert_eq!(named("It needs 'code' or 'refresh_token'."), None);
        assert_eq!(named("AADSTS900144: The request body must contain the parameter client_id."), None);
    }

    #[test]
    fn a_refused_redirect_uri_is_read() {
        let found = message("AADSTS50011: The redirect URI 'https://app.example/' specified in the request does not match");
        assert_eq!(found.redirect_uri.as_ref().map(Secret::expose), Some("https://app.example/"));
    }
}
