//! What the client library tells of itself: MSAL's state, telemetry and routing hints.

use super::params::Params;
use super::protocol_error::OAuthError;
use super::stand_in;
use super::tenant::Guid;
use super::token::base64url;
use crate::exchange::Secret;
use serde_json::Value;

/// How MSAL says that it talks to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interaction {
    /// In a hidden frame.
    Silent,
    /// In a popup window.
    Popup,
    /// By leaving the page.
    Redirect,
}

/// The interaction that MSAL writes into `state`: base64 JSON, `{"id":…,"meta":{"interactionType":…}}`, with
/// the application's own state after a `|`.
pub(super) fn interaction(state: &str) -> Option<Interaction> {
    let library = state.split('|').next()?;
    let json: Value = serde_json::from_slice(&base64url(library)?).ok()?;
    match json.get("meta")?.get("interactionType")?.as_str()? {
        "silent" => Some(Interaction::Silent),
        "popup" => Some(Interaction::Popup),
        "redirect" => Some(Interaction::Redirect),
        _ => None,
    }
}

/// The account that a client asks to be routed for: it reveals the cached account's home even when nothing
/// else does (msal-js `CCS_HEADER`).
#[derive(Clone)]
#[non_exhaustive]
pub enum Anchor {
    /// `Oid:<object id>@<home tenant>`.
    ObjectId {
        /// The account.
        account: Secret,
        /// Its home directory.
        tenant: Guid,
    },
    /// `UPN:<name>`.
    Username(Secret),
}

/// Reads `X-AnchorMailbox`.
pub(super) fn anchor(text: &str) -> Option<Anchor> {
    let (kind, value) = text.split_once(':')?;
    if kind.eq_ignore_ascii_case("oid") {
        let (account, tenant) = value.split_once('@')?;
        let tenant = Guid::parse(tenant).filter(|_| !stand_in::is_one(value))?;
        return Some(Anchor::ObjectId { account: Secret::new(account), tenant });
    }
    kind.eq_ignore_ascii_case("upn").then(|| Anchor::Username(Secret::new(value)))
}

/// MSAL's server telemetry: `5|<api id>,<cache outcome>,…|…` and `5|<hits>|<api id>,<correlation id>…|<error>…|…`
/// (msal-js, ServerTelemetryManager).
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Telemetry {
    /// The library call that sent this request, as msal-js numbers them (`ApiId`).
    pub api: Option<u32>,
    /// Earlier failures: the correlation id and the error, as far as it is a known word.
    pub earlier: Vec<(Guid, Option<&'static str>)>,
}

/// Reads both telemetry parameters.
pub(super) fn telemetry(params: &Params) -> Telemetry {
    let current = params.text("x-client-current-telemetry").unwrap_or_default();
    let api = current.split('|').nth(1).and_then(|fields| fields.split(',').next()?.parse().ok());
    let last: Vec<&str> = params.text("x-client-last-telemetry").unwrap_or_default().split('|').collect();
    let requests: Vec<&str> = last.get(2).map(|text| text.split(',').collect()).unwrap_or_default();
    let mut errors = last.get(3).map(|text| text.split(',')).into_iter().flatten();
    let earlier = requests
        .chunks(2)
        .filter_map(|pair| {
            let error = errors.next();
            let id = Guid::parse(pair.get(1)?)?;
            Some((id, error.and_then(|e| OAuthError::of(e).map(OAuthError::name).or_else(|| super::failure::suberror(e)))))
        })
        .collect();
    Telemetry { api, earlier }
}

#[cfg(test)]
mod tests {
    use super::super::params::Source;
    use super::*;
    use base64::Engine as _;

    #[test]
    fn the_state_of_msal_tells_the_interaction() {
        let state = base64::engine::general_purpose::STANDARD.encode(r#"{"id":"x","meta":{"interactionType":"silent"}}"#);
        assert_eq!(interaction(&state), Some(Interaction::Silent));
        assert_eq!(interaction(&format!("{state}|mine")), Some(Interaction::Silent));
        assert_eq!(interaction("CfDJ8hHm8DnV"), None);
    }

    #[test]
    fn telemetry_names_earlier_failures() {
        let mut params = Params::default();
        params.push("x-client-current-telemetry", "5|863,0,,,|,", Source::Form);
        params.push("x-client-last-telemetry", "5|0|61,01a1f969-bced-7693-99f7-68effd7f887f|bad_token|1,0", Source::Form);
        let telemetry = telemetry(&params);
        assert_eq!(telemetry.api, Some(863));
        assert_eq!(telemetry.earlier.len(), 1);
        assert_eq!(telemetry.earlier[0].1, Some("bad_token"));
    }
}
