//! What servers say of a reply that they do not know again.

use super::endpoint::Endpoint;
use super::markup::without_scripts;
use super::step::Step;

/// How the libraries of servers say it, lower case: ASP.NET Core and OWIN, Microsoft.IdentityModel (IDX21323 and its like are about
/// the nonce, IDX21329 and 21330 about the state), Spring, Auth.js, Passport, oauth2-proxy, OmniAuth, Laravel Socialite.
const SENTENCES: &[&str] = &[
    "correlation failed",
    ".aspnetcore.correlation",
    "unable to unprotect the message.state",
    "oauth state was missing or invalid",
    "idx21323",
    "idx21325",
    "idx21329",
    "idx21330",
    "authorization_request_not_found",
    "unable to verify authorization request state",
    "state mismatch",
    "invalid state",
    "state cookie was missing",
    "code_verifier cookie was missing",
    "pkcecodeverifier value could not be parsed",
    "state value could not be parsed",
    "unable to find a valid csrf token",
    "csrf_detected",
    "csrf detected",
    "invalidstateexception",
];

impl Step<'_> {
    /// Whether the application's server says that it does not know the reply again, because the cookie with what it had kept of
    /// its request is not there.
    pub fn says_reply_is_unknown(&self) -> Option<bool> {
        if self.endpoint != Endpoint::AppCallback || self.status.is_none_or(|status| status < 400) {
            return None;
        }
        Some(sentences_in(self.exchange.response.body.kept()?.raw()).next().is_some())
    }
}

/// Which of these sentences a body holds.
pub(super) fn sentences_in(body: &str) -> impl Iterator<Item = &'static str> {
    let page = without_scripts(body).to_ascii_lowercase();
    SENTENCES.iter().copied().filter(move |sentence| page.contains(sentence))
}
