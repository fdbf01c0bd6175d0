//! What an exchange means: hosts and clouds, endpoints, parameters, cookies, tokens, error carriers, tenants.
//!
//! [`Traffic::read`] turns a capture into [`Step`]s. From here on nobody looks at raw text any more: what is
//! a secret is a [`Secret`](crate::exchange::Secret), what may be shown comes as [`Evidence`] from the allow-list in `excerpt`.

mod accounts;
#[cfg(any(fuzzing, test))]
pub mod agreement;
mod authorization;
mod caller;
mod calls;
mod carriers;
mod challenge;
mod claims_request;
mod client;
mod client_id;
mod code;
mod complaint;
pub(crate) mod cookies;
mod cors;
mod document;
mod endpoint;
mod excerpt;
mod failure;
mod first_party;
mod handed;
mod hearsay;
pub(crate) mod key;
mod known;
mod known_words;
mod labels_elsewhere;
mod markup;
mod message;
mod metadata;
mod msal;
mod no_answer;
mod own_pages;
mod page;
mod params;
mod pasted;
mod pkce;
pub(crate) mod placeholder;
mod posted_reply;
mod preflight;
mod protocol_error;
mod read_reply;
mod recording;
mod redirect_uri;
mod references;
mod refusal;
mod reply;
mod request_size;
mod saml;
mod scope;
mod sentence;
mod shared_ids;
mod sign_in_reply;
mod stand_in;
mod step;
mod tenant;
mod token;
mod traffic;
mod unknown_reply;
mod user_agent;
mod ws_trust;

pub(crate) use accounts::is_personal_domain;
pub use accounts::{Account, AccountId, Accounts};
pub(crate) use authorization::{carries_token, is_bare_scheme, is_scheme, may_carry_token, worked};
pub(crate) use caller::Callers;
pub(crate) use calls::{Calls, any_told};
pub(crate) use carriers::PASSWORD_ASKED_AGAIN;
pub use challenge::Challenge;
pub(crate) use challenge::{Part as ChallengePart, parts as challenge_parts};
pub use client::{Anchor, Interaction, Telemetry};
pub use client_id::ClientId;
pub use code::{ErrorCode, Family};
pub use complaint::{Complaint, ComplaintPlace};
pub use cookies::SetCookie;
pub(crate) use cors::{asks_to_send_token, is_preflight};
pub(crate) use document::{
    EMBEDDER_POLICY, asking_page, cuts_opener, is_document, is_opened_by_person, is_part_of_page, is_speculative, is_top_level,
    is_within_page, isolates_windows, purpose, refuses_framing, shuts_out_frames,
};
pub use endpoint::Endpoint;
pub use excerpt::{Evidence, Labels, LogKind, Names, ShownParameter};
pub(crate) use excerpt::{
    LogValue, difference, label as shown_label, method as shown_method, no_answer as shown_no_answer, place as shown_place,
    recorder as shown_recorder,
};
pub use failure::{Carrier, Failure, Words};
pub(crate) use first_party::is_of_microsoft;
pub(crate) use handed::Handed;
pub(crate) use hearsay::Hearsay;
pub use known::Known;
pub(crate) use known_words::{known_words, known_xml, words_in_place_of};
pub(crate) use markup::{
    asked_passwords, error_sentences, is_form, is_sealed_token, names_code, page_configuration, page_error_number, page_form, page_id,
    page_values, quoted_length,
};
pub(crate) use message::is_of_services;
pub use message::{Message, Provider};
pub(crate) use metadata::MetadataFlaw;
pub(crate) use msal::{msal_error, msal_errors};
pub use no_answer::NoAnswer;
pub(crate) use own_pages::{holds_error, keeps_error_in_cookie, leads_to_error_page, leads_to_sign_in_page, names_error};
pub use page::SignInPage;
pub use params::{Address, Param, Params, Source};
pub use pasted::Pasted;
pub(crate) use pkce::verifier_matches;
pub use protocol_error::{OAuthError, ProtocolError, SamlStatus};
pub(crate) use recording::lacks_token;
pub use recording::{Coverage, Part, Recording};
pub(crate) use redirect_uri::only_difference;
pub(crate) use references::named_character;
pub use refusal::Refusal;
pub(crate) use reply::redirect_target;
pub use reply::{DeviceCode, Handover, Reply};
pub(crate) use request_size::{LONGEST_HEADER, cookie_bytes};
pub(crate) use saml::{LONGEST_SAML_MESSAGE, MOST_SAML_NODES};
pub use saml::{SamlRequest, SamlResponse};
pub use sentence::Sentence;
pub(crate) use stand_in::{is_bare_mark, is_nothing_else as is_nothing_but_stand_in, is_one as is_stand_in};
pub use step::{AccountKind, FetchSite, Frame, Grant, Prompt, Step, StorageAccess};
pub use tenant::{CONSUMERS_TENANT, Guid, Tenant, TenantName};
pub(crate) use token::{CLOCK_TOLERANCE_S, base64url};
pub use token::{Claims, TokenReply};
pub use traffic::Traffic;
pub use user_agent::Browser;
