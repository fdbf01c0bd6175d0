//! Tokens: what their claims tell without checking a signature.

use super::params::Address;
use super::stand_in;
use super::tenant::{CONSUMERS_TENANT, Guid};
use crate::exchange::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The claims of a JWT that diagnosis looks at.
#[derive(Clone)]
#[non_exhaustive]
pub struct Claims {
    /// `tid`: the directory that issued the token for this account.
    pub tenant: Option<Guid>,
    /// `iss`: who issued it.
    pub issuer: Option<String>,
    /// `aud`: for whom.
    pub audience: Option<String>,
    /// `azp` or `appid`: to which application.
    pub client: Option<String>,
    /// `scp`, space separated.
    pub scopes: Option<String>,
    /// Whether `roles` names any: app roles, which for an application's own token are its permissions.
    pub has_roles: bool,
    /// `idtyp` is `app`: the token is the application's own, without a person.
    pub is_for_application: bool,
    /// `idp`: the account's home, where it is not `tid`.
    pub identity_provider: Option<String>,
    /// `oid`: the account in that directory.
    pub object_id: Option<Secret>,
    /// `sid`: the session.
    pub session: Option<Secret>,
    /// `nonce`.
    pub nonce: Option<Secret>,
    /// `preferred_username`, `upn`, `unique_name` or `email`.
    pub username: Option<Secret>,
    /// `acct` 1: a guest.
    pub guest: Option<bool>,
    /// `iat`, `nbf`, `exp` and `auth_time`, seconds since 1970.
    pub issued_at: Option<i64>,
    /// Not to be used before.
    pub not_before: Option<i64>,
    /// Not to be used after.
    pub expires: Option<i64>,
    /// When the person signed in.
    pub authenticated_at: Option<i64>,
    /// `ver`.
    pub version: Option<String>,
}

impl Claims {
    /// Reads the payload of a JWT; `None` for anything else, an opaque or encrypted token included.
    pub(super) fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, payload) = (parts.next()?, parts.next()?);
        if !header.starts_with("eyJ") {
            return None;
        }
        let json: Value = serde_json::from_slice(&base64url(payload)?).ok()?;
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let plain = |name: &str| text(name).map(str::to_owned);
        let secret = |name: &str| text(name).map(Secret::new).filter(|value| !value.is_stand_in());
        let seconds = |name: &str| json.get(name).and_then(Value::as_i64);
        json.is_object().then(|| Self {
            tenant: text("tid").and_then(directory),
            issuer: plain("iss"),
            audience: plain("aud"),
            client: plain("azp").or_else(|| plain("appid")),
            scopes: plain("scp"),
            has_roles: json.get("roles").and_then(Value::as_array).is_some_and(|roles| !roles.is_empty()),
            is_for_application: text("idtyp") == Some("app"),
            identity_provider: plain("idp"),
            object_id: secret("oid"),
            session: secret("sid"),
            nonce: secret("nonce"),
            username: ["preferred_username", "upn", "unique_name", "email"].iter().find_map(|name| secret(name)),
            guest: json.get("acct").and_then(Value::as_i64).map(|acct| acct == 1),
            issued_at: seconds("iat"),
            not_before: seconds("nbf"),
            expires: seconds("exp"),
            authenticated_at: seconds("auth_time"),
            version: plain("ver"),
        })
    }
}

/// What clocks may differ, as token validation commonly allows.
pub(crate) const CLOCK_TOLERANCE_S: i64 = 300;

impl Claims {
    /// Whether the token is valid at that time, by the times that it names.
    pub(super) fn is_in_time(&self, at: DateTime<Utc>) -> bool {
        let at = at.timestamp();
        self.expires.is_none_or(|expires| expires > at) && self.not_before.is_none_or(|from| from <= at + CLOCK_TOLERANCE_S)
    }

    /// The account's home directory, where `idp` names one: another tenant, or that of personal accounts.
    pub fn home(&self) -> Option<Guid> {
        let provider = self.identity_provider.as_deref()?;
        if provider == "live.com" {
            return Guid::parse(CONSUMERS_TENANT);
        }
        Address::parse(provider).filter(|provider| provider.host == "sts.windows.net")?.segments().next().and_then(Guid::parse)
    }
}

/// A directory's id, where it was not taken out.
fn directory(text: &str) -> Option<Guid> {
    Guid::parse(text).filter(|_| !stand_in::is_one(text))
}

/// The application that a signed request names (`request`, RFC 9101).
pub(super) fn client_of_request(request: &str) -> Option<String> {
    let json: Value = serde_json::from_slice(&base64url(request.split('.').nth(1)?)?).ok()?;
    json.get("client_id").and_then(Value::as_str).map(str::to_owned)
}

/// What a token endpoint gave out, or a reply carried to the application.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct TokenReply {
    /// The ID token's claims.
    pub id_token: Option<Claims>,
    /// The access token's claims, where it is a JWT.
    pub access_token: Option<Claims>,
    /// The access token itself.
    pub access_token_value: Option<Secret>,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// The scopes granted.
    pub scopes: Option<String>,
    /// The account's home directory (`client_info.utid`).
    pub home_tenant: Option<Guid>,
    /// The account in its home directory (`client_info.uid`).
    pub home_account: Option<Secret>,
}

impl TokenReply {
    /// Reads the JSON of a token reply; `None` where it holds no token.
    pub(super) fn of_json(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        if text("access_token").is_none() && text("id_token").is_none() {
            return None;
        }
        Some(Self {
            id_token: text("id_token").and_then(Claims::of),
            access_token: text("access_token").and_then(Claims::of),
            access_token_value: text("access_token").map(Secret::new),
            refresh_token: text("refresh_token").map(Secret::new),
            scopes: text("scope").map(str::to_owned),
            ..Self::default().with_client_info(text("client_info"))
        })
    }

    /// Adds whose token it is, from MSAL's `client_info`.
    pub(super) fn with_client_info(mut self, client_info: Option<&str>) -> Self {
        let json: Option<Value> = client_info.and_then(base64url).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let text = |name: &str| json.as_ref().and_then(|json| json.get(name)).and_then(Value::as_str);
        self.home_account = text("uid").map(Secret::new).filter(|id| !id.is_stand_in());
        self.home_tenant = text("utid").and_then(directory);
        self
    }

    /// Every set of claims it holds.
    pub fn claims(&self) -> impl Iterator<Item = &Claims> {
        self.id_token.iter().chain(&self.access_token)
    }
}

/// Decodes base64 in the URL alphabet or the plain one, padded or not.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_and_opaque_tokens_are_not() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"tid":"0A8D399D-D43C-4134-A6CD-A5B5F6DF0467","aud":"api","acct":1,"exp":5}"#);
        let claims = Claims::of(&format!("eyJhIjoxfQ.{payload}.sig")).unwrap();
        assert_eq!(claims.tenant.unwrap().as_str(), "0a8d399d-d43c-4134-a6cd-a5b5f6df0467");
        assert_eq!((claims.guest, claims.expires), (Some(true), Some(5)));
        assert!(Claims::of("EwBwA8l6BAAU").is_none());
        assert!(Claims::of("eyJ.###.x").is_none());
    }
}
