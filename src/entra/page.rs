//! Pages of the sign-in service: what their `$Config` tells.
//!
//! A failed sign-in page usually does not contain the text `AADSTS` at all: the code is a bare number in
//! `sErrorCode`, at HTTP 200. The texts are localised and never matched.

use super::code::ErrorCode;
use super::failure::{Carrier, Failure};
use super::tenant::Guid;
use crate::exchange::Secret;
use memchr::memmem;
use serde_json::Value;

/// One page of the sign-in service.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignInPage {
    /// Which page it is (`pgid`), where it is a plain word.
    pub id: Option<String>,
    /// The error it shows, if any.
    pub failure: Option<Failure>,
    /// How many sessions the service saw: the account tiles. `None` where the page does not list them.
    pub sessions: Option<usize>,
    /// How many of them it calls signed in.
    pub signed_in: Option<usize>,
    /// The account name that the page goes on with.
    pub username: Option<Secret>,
    /// The correlation id of the sign-in.
    pub correlation_id: Option<Guid>,
    /// The directory that the page was made for.
    pub tenant: Option<Guid>,
    /// The state of the interrupted sign-in (`sCtx`), which later posts repeat.
    pub ctx: Option<Secret>,
}

impl SignInPage {
    /// Whether the page is an error page, not one that asks for something.
    pub fn is_error_page(&self) -> bool {
        self.id.as_deref() == Some("ConvergedError")
    }

    /// Reads a page of the sign-in service; `None` for HTML without its configuration.
    pub(super) fn read(html: &str) -> Option<Self> {
        let config = config(html);
        let id = config
            .as_ref()
            .and_then(|config| config.get("pgid"))
            .and_then(Value::as_str)
            .or_else(|| meta_page_id(html))
            .filter(|id| id.len() <= 60 && id.chars().all(|c| c.is_ascii_alphanumeric()))
            .map(str::to_owned);
        let Some(config) = config else {
            return id.map(|id| Self {
                id: Some(id),
                failure: None,
                sessions: None,
                signed_in: None,
                username: None,
                correlation_id: None,
                tenant: None,
                ctx: None,
            });
        };
        let text = |name: &str| config.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let guid = |name: &str| text(name).and_then(Guid::parse);
        let sessions = config.get("arrSessions").and_then(Value::as_array);
        let signed_in = |session: &&Value| session.get("isSignedIn").and_then(Value::as_bool) == Some(true);
        Some(Self {
            id,
            failure: failure(&config),
            sessions: sessions.map(Vec::len),
            signed_in: sessions.map(|list| list.iter().filter(signed_in).count()),
            username: text("sPOST_Username").or_else(|| text("sPrefillUsername")).map(Secret::new),
            correlation_id: guid("correlationId"),
            tenant: guid("sTenantId"),
            ctx: text("sCtx").map(Secret::new),
        })
    }
}

fn failure(config: &Value) -> Option<Failure> {
    let text = |name: &str| config.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let message = text("strServiceExceptionMessage");
    let (part, prose) = match (message, text("sErrTxt")) {
        (Some(message), _) => ("strServiceExceptionMessage", message),
        (None, Some(prose)) => ("sErrTxt", prose),
        (None, None) => ("sErrorCode", ""),
    };
    let mut failure = Failure::from_text(prose, Carrier::SignInPage, format!("response.body.$Config.{part}"));
    if failure.codes.is_empty() {
        let (name, number) = ["sErrorCode", "iErrorCode"].into_iter().find_map(|name| Some((name, number(config.get(name)?)?)))?;
        failure.codes.push(ErrorCode::aadsts(number));
        failure.part = format!("response.body.$Config.{name}");
    }
    let guid = |name: &str| text(name).and_then(Guid::parse);
    failure.correlation_id = guid("correlationId").or(failure.correlation_id);
    failure.trace_id = guid("sessionId").or_else(|| guid("strTraceId")).or(failure.trace_id);
    if failure.timestamp.is_none() {
        failure.timestamp = text("strTimestamp").and_then(super::failure::service_time);
    }
    Some(failure)
}

/// A code stands as text ("50058") or as a number; 0 and "" mean none.
fn number(value: &Value) -> Option<u32> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => u32::try_from(number.as_u64()?).ok()?,
        _ => return None,
    };
    (number > 1000).then_some(number)
}

/// The configuration object that the page's script sets.
pub(super) fn config(html: &str) -> Option<Value> {
    let at = memmem::find(html.as_bytes(), b"$Config")?;
    let (_, after) = html.get(at..)?.split_once('=')?;
    let start = after.trim_start();
    if !start.starts_with('{') {
        return None;
    }
    // The object ends where its grammar ends: what follows is script.
    serde_json::Deserializer::from_str(start).into_iter::<Value>().next()?.ok()
}

/// Saved pages keep the page's name in a `meta` element.
pub(super) fn meta_page_id(html: &str) -> Option<&str> {
    const NAME: &str = "name=\"PageID\"";
    let at = memmem::find(html.as_bytes(), NAME.as_bytes())?;
    let (tag, _) = html.get(at + NAME.len()..)?.split_once('>')?;
    let (_, content) = tag.split_once("content=\"")?;
    content.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(config: &str) -> SignInPage {
        SignInPage::read(&format!("<script>//<![CDATA[\n$Config={config};\n//]]></script>")).unwrap()
    }

    #[test]
    fn a_bare_number_is_a_code() {
        let page = page(
            r#"{"pgid":"ConvergedSignIn","sErrorCode":"50126","sErrTxt":"Das Kennwort ist falsch","arrSessions":[{"isSignedIn":true},{}]}"#,
        );
        assert_eq!(page.failure.unwrap().code(), Some(ErrorCode::aadsts(50126)));
        assert_eq!((page.sessions, page.signed_in), (Some(2), Some(1)));
    }

    #[test]
    fn an_error_page_names_its_ids() {
        let page = page(
            r#"{"pgid":"ConvergedError","iErrorCode":90013,"iHttpErrorCode":400,"strServiceExceptionMessage":"AADSTS90013: Invalid input","correlationId":"01a1f968-aca4-798d-b874-efc7124221c2","sessionId":"1d4efcd6-1128-475b-a69b-34026272cf00"}"#,
        );
        assert!(page.is_error_page());
        let failure = page.failure.unwrap();
        assert_eq!(failure.code(), Some(ErrorCode::aadsts(90013)));
        assert!(failure.trace_id.is_some() && failure.correlation_id.is_some());
    }

    #[test]
    fn a_page_without_an_error_shows_none() {
        assert!(page(r#"{"pgid":"KmsiInterrupt","sErrorCode":"","iErrorCode":0}"#).failure.is_none());
        assert!(SignInPage::read("<html>hello</html>").is_none());
        let saved = SignInPage::read(r#"<meta name="PageID" content="ConvergedError">"#).unwrap();
        assert!(saved.is_error_page() && saved.failure.is_none());
    }
}
