//! Every protocol by which people, applications and devices get tokens from Entra ID: what of it is recognised, and
//! what is diagnosed.
//!
//! One file a protocol. Each holds sign-ins that work, of which nothing may be said but their attempts, and sign-ins that
//! fail, which have to be told with code, first cause and attempt. The exchanges are built as the wire has them;
//! `docs/protocols.md` says in one table what these tests show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

/// One file a protocol.
mod protocols {
    mod authorization_code;
    mod b2c;
    mod client_credentials;
    mod continuous_access_evaluation;
    mod device_authentication;
    mod device_code;
    mod external_id;
    mod federated;
    mod hybrid;
    mod implicit;
    mod nested_app;
    mod on_behalf_of;
    mod password_grant;
    mod personal_account;
    mod refresh;
    mod saml;
    mod seamless_sso;
    mod ws_federation;
}
