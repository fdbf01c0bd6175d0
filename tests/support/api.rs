//! A call of an API with a token, and its answer.

use super::browser::CaptureBuilder;
use super::entry::{Window, get};
use super::ids::APP;

/// A call of an API with a token, and its answer.
pub(crate) struct ApiCall {
    flow: &'static str,
    url: String,
    status: u16,
    challenge: Option<String>,
    body: serde_json::Value,
}

impl ApiCall {
    pub(crate) fn new() -> Self {
        let challenge = Some(r#"Bearer error="invalid_token""#.to_owned());
        Self { flow: "api", url: "https://api.example/items".to_owned(), status: 401, challenge, body: serde_json::json!({"value": []}) }
    }

    /// Names the flow: its entries are `name/preflight` and `name/call`.
    pub(crate) fn named(mut self, flow: &'static str) -> Self {
        self.flow = flow;
        self
    }

    /// Another API.
    pub(crate) fn url(mut self, url: &str) -> Self {
        self.url = url.to_owned();
        self
    }

    /// The token is refused, with this `WWW-Authenticate`.
    pub(crate) fn challenges(mut self, header: &str) -> Self {
        (self.status, self.challenge) = (401, Some(header.to_owned()));
        self
    }

    /// The token is refused, with this reason in `error_description`.
    pub(crate) fn complains(self, description: &str) -> Self {
        self.challenges(&format!(r#"Bearer error="invalid_token", error_description="{description}""#))
    }

    /// The token is refused with another status than 401.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The token is refused, and the body alone says so.
    pub(crate) fn refuses_in_body(mut self, body: serde_json::Value) -> Self {
        (self.status, self.challenge, self.body) = (401, None, body);
        self
    }

    /// The call works.
    pub(crate) fn succeeds(mut self) -> Self {
        (self.status, self.challenge) = (200, None);
        self
    }

    /// The browser asks for permission first, as for every call with a token across origins.
    pub(super) fn happen(self, browser: &mut CaptureBuilder) {
        let flow = browser.flow(self.flow);
        let mut preflight = get(self.url.as_str()).method("OPTIONS").header("access-control-request-headers", "authorization");
        preflight = browser.in_browser(preflight, Window::Script, "cross-site").header("origin", APP.origin);
        browser.record(format!("{flow}/preflight"), preflight.kind("preflight").reply_header("access-control-allow-origin", APP.origin));
        let call = browser.in_browser(get(self.url.as_str()), Window::Script, "cross-site").header("origin", APP.origin);
        let call = call.header("authorization", format!("Bearer {}", browser.access_token)).status(self.status);
        let call = call.reply_header("access-control-allow-origin", APP.origin);
        let call = match self.challenge {
            Some(challenge) => call.reply_header("www-authenticate", challenge),
            None => call.json(&self.body),
        };
        browser.record(format!("{flow}/call"), call);
    }
}
