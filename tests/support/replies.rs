//! What the sign-in service answers with.

use super::ids::{App, Person};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Sentences of the service, without code and ids.
pub(crate) mod words {
    /// 50058 where no session cookie arrived.
    pub(crate) const NO_COOKIES: &str = "A silent sign-in request was sent but no user is signed in. The cookies used to represent the user's \
                                         session were not sent in the request to Azure AD.";
    /// 50058 where somebody else is signed in.
    pub(crate) const HINT_MATCHES_NOBODY: &str =
        "A silent sign-in request was sent but none of the currently signed in user(s) match the requested login hint.";
    /// 50058 without a word on cookies.
    pub(crate) const NOBODY: &str = "A silent sign-in request was sent but no user is signed in.";
    /// 50058 where a session is there and does not suffice.
    pub(crate) const NOT_SUFFICIENT: &str = "Session information is not sufficient for single-sign-on.";
    /// 160021.
    pub(crate) const SESSION_GONE: &str = "Application requested a user session which does not exist.";
    /// 50139.
    pub(crate) const EXTERNAL_TOKEN_MISSING: &str = "Session is invalid due to missing an external refresh token.";
    /// 700084.
    pub(crate) const SPA_TOKEN_EXPIRED: &str =
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00.";
    /// 50076.
    pub(crate) const MFA: &str = "Due to a configuration change made by your administrator, you must use multi-factor authentication.";
}

/// A claims challenge: another authentication context, please.
pub(crate) const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// An error as the service words it.
#[derive(Clone)]
pub(super) struct Failing {
    /// The number behind AADSTS.
    pub(super) code: Option<u32>,
    /// OAuth's `error`.
    pub(super) error: String,
    /// The sentence.
    pub(super) sentence: String,
    /// Whether the sentence is followed by its ids and its time.
    pub(super) with_ids: bool,
    /// `suberror`.
    pub(super) suberror: Option<String>,
    /// `claims`.
    pub(super) claims: Option<String>,
}

/// The ids of one reply.
#[derive(Clone)]
pub(super) struct Stamp {
    pub(super) trace: String,
    pub(super) correlation: String,
    pub(super) at: DateTime<Utc>,
}

impl Failing {
    pub(super) fn new(code: Option<u32>, error: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { code, error: error.into(), sentence: sentence.into(), with_ids: true, suberror: None, claims: None }
    }

    /// Adds a claims challenge.
    pub(super) fn ask_for_claims(&mut self) {
        self.claims = Some(CLAIMS.to_owned());
    }

    /// `error_description`.
    pub(super) fn description(&self, stamp: &Stamp) -> String {
        let code = self.code.map(|code| format!("AADSTS{code}: ")).unwrap_or_default();
        let ids = if self.with_ids {
            let at = stamp.at.format("%Y-%m-%d %H:%M:%SZ");
            format!(" Trace ID: {} Correlation ID: {} Timestamp: {at}", stamp.trace, stamp.correlation)
        } else {
            String::new()
        };
        format!("{code}{}{ids}", self.sentence)
    }

    /// The parameters of a reply to the application.
    pub(super) fn params(&self, stamp: &Stamp, state: Option<&str>) -> Vec<(String, String)> {
        let mut params = vec![("error".to_owned(), self.error.clone()), ("error_description".to_owned(), self.description(stamp))];
        let mut add = |name: &str, value: Option<String>| params.extend(value.map(|value| (name.to_owned(), value)));
        add("error_uri", self.code.map(|code| format!("https://login.microsoftonline.com/error?code={code}")));
        add("suberror", self.suberror.clone());
        add("claims", self.claims.clone());
        add("state", state.map(str::to_owned));
        params
    }

    /// The JSON of the token endpoint.
    pub(super) fn json(&self, stamp: &Stamp) -> Value {
        let mut json = json!({
            "error": self.error, "error_description": self.description(stamp), "error_codes": self.code.into_iter().collect::<Vec<_>>(),
            "timestamp": stamp.at.format("%Y-%m-%d %H:%M:%SZ").to_string(), "trace_id": stamp.trace, "correlation_id": stamp.correlation,
        });
        for (name, value) in [("suberror", &self.suberror), ("claims", &self.claims)] {
            if let Some(value) = value {
                json[name] = json!(value);
            }
        }
        json
    }

    /// The page that shows the error.
    pub(super) fn page(&self, stamp: &Stamp) -> String {
        page(&json!({
            "pgid": "ConvergedError", "iErrorCode": self.code, "iHttpErrorCode": 400, "correlationId": stamp.correlation,
            "strServiceExceptionMessage": self.description(stamp), "sessionId": stamp.trace,
        }))
    }
}

/// A page of the sign-in service.
pub(crate) fn page(config: &Value) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>Sign in</title><script>//<![CDATA[\n$Config={config};\n//]]></script></head><body></body></html>"
    )
}

/// A page that posts its inputs to the application as soon as it is there.
pub(crate) fn self_posting_page(action: &str, params: &[(String, String)]) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let inputs: String =
        params.iter().map(|(name, value)| format!(r#"<input type="hidden" name="{name}" value="{}" />"#, escape(value))).collect();
    format!(r#"<html><body><form method="POST" name="hiddenform" action="{action}">{inputs}</form></body></html>"#)
}

/// A token whose signature is none.
pub(crate) fn jwt(claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256", "kid": "key", "typ": "JWT"})), part(claims))
}

/// `client_info`: whose token it is.
pub(super) fn client_info(person: &Person) -> String {
    URL_SAFE_NO_PAD.encode(json!({"uid": person.object_id, "utid": person.home}).to_string())
}

/// Tokens that are given out.
pub(super) struct Issued<'a> {
    pub(super) app: App,
    pub(super) tenant: &'a str,
    pub(super) host: &'a str,
    pub(super) person: Person,
    pub(super) session: &'a str,
    pub(super) nonce: Option<&'a str>,
    pub(super) audience: &'a str,
    pub(super) version_one: bool,
    /// The roles of an application's own token, where it is one.
    pub(super) roles: Option<&'static [&'static str]>,
    pub(super) at: DateTime<Utc>,
}

impl Issued<'_> {
    fn claims(&self, audience: &str) -> Value {
        json!({
            "aud": audience, "iss": format!("https://{}/{}/v2.0", self.host, self.tenant), "tid": self.tenant,
            "oid": self.person.object_id, "preferred_username": self.person.name, "sid": self.session, "azp": self.app.client_id,
            "ver": "2.0", "iat": self.at.timestamp(), "nbf": self.at.timestamp(), "exp": self.at.timestamp() + 3600,
        })
    }

    /// The access token.
    pub(super) fn access_token(&self) -> String {
        let mut claims = self.claims(self.audience);
        match self.roles {
            None => claims["scp"] = json!("User.Read"),
            Some(roles) => {
                claims["idtyp"] = json!("app");
                // One that has none does not name them.
                if !roles.is_empty() {
                    claims["roles"] = json!(roles);
                }
            }
        }
        if self.version_one {
            claims["iss"] = json!(format!("https://sts.windows.net/{}/", self.tenant));
            claims["ver"] = json!("1.0");
        }
        jwt(&claims)
    }

    /// The JSON of the token reply.
    pub(super) fn json(&self) -> Value {
        let mut id_token = self.claims(self.app.client_id);
        if let Some(nonce) = self.nonce {
            id_token["nonce"] = json!(nonce);
        }
        json!({
            "token_type": "Bearer", "scope": "User.Read openid profile", "expires_in": 3600, "access_token": self.access_token(),
            "refresh_token": format!("1.refresh-{}", self.person.object_id), "id_token": jwt(&id_token),
            "client_info": client_info(&self.person),
        })
    }
}
