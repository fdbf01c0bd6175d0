//! Captures for tests, told as what a person and an application did.
//!
//! [`capture`] starts a browser and its recorder; each call after it lets something happen, and the builder
//! writes the exchanges as Chromium's DevTools export them. Nothing in them is real: the hosts are
//! `*.example`, the ids are made up.
//!
//! ```ignore
//! capture()
//!     .sanitized()                                        // the export without cookies
//!     .sign_in(|s| s.account(ADA))                        // page, credentials, “stay signed in?”, code, tokens
//!     .silent_frame(|r| r.sid(SESSION).fails(160021, words::SESSION_GONE))
//!     .sign_in(|s| s.named("fallback").without_credentials())
//! ```
//!
//! **Settings** say what browser and recorder these are. What the browser does must be set before the first
//! request (`user_agent`, `cookies_from_before`, `blocking_third_party_cookies`, `clock_ahead`); what the
//! recorder keeps can be set anywhere (`sanitized`, `without_response_bodies`, `without_sec_fetch`,
//! `keeping_fragments`, `written_by`).
//!
//! **Traffic** is added by flows (`app_page`, `sign_in`, `silent_frame`, `silent_page`, `redirect`, `refresh`,
//! `redeem_again`, `client_credentials`, `on_behalf_of`, `password_grant`, `api_call`, `saml`, `sign_out`) or one exchange
//! at a time (`exchange`, with what `wire` has for it).
//! The browser keeps the sign-in service's cookies and sends them where it would: always from the page itself,
//! from a frame unless its request says that they are withheld.
//!
//! **Entries have names**, so that tests need not count: `silent/authorize`, `sign-in/kmsi`, `refresh/token`.
//! The second flow of a kind is `silent 2/…`, a flow that was given a name goes by it (`fallback/authorize`).
//! `entry` gives the number, `edit` changes an entry in any way, `everywhere` all of them, `without` leaves it out of the file, as if it
//! had happened before the recording began.

#![allow(dead_code, unused_imports, reason = "no test needs all of it")]

mod api;
mod authorize;
mod browser;
mod entry;
mod ids;
mod msal_log;
mod replies;
mod saml;
mod sign_in;
mod sign_in_log;
mod token;
pub(crate) mod wire;

pub(crate) use api::ApiCall;
pub(crate) use authorize::Authorize;
pub(crate) use browser::{CaptureBuilder, capture, user_agents};
pub(crate) use entry::{Entry, Window, get, post, post_json};
pub(crate) use ids::{ADA, APP, App, BOB, CONTOSO, FABRIKAM, GRACE, OTHER_APP, OTHER_SESSION, Person, SESSION};
pub(crate) use msal_log::{Console, console, last_failure};
pub(crate) use replies::{CLAIMS, words};
pub(crate) use saml::SamlSignIn;
pub(crate) use sign_in::SignIn;
pub(crate) use sign_in_log::{Log, log, policies};
pub(crate) use token::TokenRequest;
