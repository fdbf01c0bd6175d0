//! What the sentence of an error says, without any of its words: for whoever keeps no text.

use super::failure::{Carrier, Failure, Words};
use super::message::Provider;
use chrono::{DateTime, Utc};

/// What the sentence of an error says; `None` stands for what it does not speak of, or in words that are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sentence {
    /// What it says of sessions and cookies.
    pub words: Words,
    /// Whether the lifetime was over by the dates that it names.
    pub lifetime_over: Option<bool>,
    /// Whether tokens were revoked after the one was issued that it names.
    pub revoked: Option<bool>,
    /// Where the account is at home.
    pub provider: Option<Provider>,
    /// Whether the tenant is that of Microsoft's own services.
    pub tenant_is_services: Option<bool>,
    /// Whether the account does not exist in the tenant.
    pub account_not_in_tenant: Option<bool>,
}

impl Sentence {
    /// Reads a sentence that was written at a time, UTC.
    pub fn of(text: &str, now: Option<DateTime<Utc>>) -> Self {
        let failure = Failure::from_text(text, Carrier::Silence, String::new());
        let message = failure.message();
        Self {
            words: failure.words,
            lifetime_over: message.lifetime_over(failure.timestamp.or(now)),
            revoked: message.revoked(),
            tenant_is_services: message.tenant_is_services,
            account_not_in_tenant: failure.says_account_not_in_tenant(),
            provider: message.provider,
        }
    }
}
