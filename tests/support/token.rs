//! A request to the token endpoint and its answer.

use super::authorize::CODE_VERIFIER;
use super::browser::{CaptureBuilder, from_service};
use super::entry::{Window, post};
use super::ids::{ADA, APP, App, CONTOSO, Person, SESSION};
use super::replies::{Failing, Issued, words};

/// A request to the token endpoint and its answer.
pub(crate) struct TokenRequest {
    flow: Option<String>,
    kind: &'static str,
    app: App,
    tenant: String,
    host: String,
    by_server: bool,
    params: Vec<(String, Option<String>)>,
    person: Person,
    session: String,
    nonce: Option<String>,
    audience: String,
    version_one: bool,
    roles: Option<&'static [&'static str]>,
    fails: Option<(u16, Failing)>,
}

impl TokenRequest {
    fn new(kind: &'static str, grant: &[(&str, &str)]) -> Self {
        Self {
            flow: None,
            kind,
            app: APP,
            tenant: CONTOSO.to_owned(),
            host: "login.microsoftonline.com".to_owned(),
            by_server: false,
            params: grant.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect(),
            person: ADA,
            session: SESSION.to_owned(),
            nonce: None,
            audience: "https://api.example".to_owned(),
            version_one: false,
            roles: None,
            fails: None,
        }
    }

    pub(super) fn refresh() -> Self {
        let request = Self::new("refresh", &[("grant_type", "refresh_token"), ("refresh_token", "1.refresh"), ("client_info", "1")]);
        request.fails(700084, words::SPA_TOKEN_EXPIRED).suberror("bad_token")
    }

    pub(super) fn redeem(code: &str, redirect_uri: &str, person: Person, session: &str) -> Self {
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", CODE_VERIFIER),
            ("redirect_uri", redirect_uri),
            ("client_info", "1"),
        ];
        Self { person, session: session.to_owned(), ..Self::new("redemption", &grant) }
    }

    pub(super) fn client_credentials() -> Self {
        let grant = [("grant_type", "client_credentials"), ("client_secret", "a~secret~of~the~server")];
        let request = Self { by_server: true, ..Self::new("server", &grant) };
        request.fails(7000215, "Invalid client secret provided.").error("invalid_client")
    }

    pub(super) fn on_behalf_of() -> Self {
        let grant = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("requested_token_use", "on_behalf_of"),
            ("assertion", "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"),
            ("client_secret", "a~secret~of~the~server"),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let request = Self { by_server: true, ..Self::new("on-behalf-of", &grant) };
        request.fails(65001, "The user or administrator has not consented to use the application.").suberror("consent_required")
    }

    pub(super) fn password() -> Self {
        let grant = [("grant_type", "password"), ("username", ADA.name), ("password", "Velvet-Harbor-1"), ("scope", "openid User.Read")];
        let request = Self { by_server: true, ..Self::new("password", &grant) };
        request.fails(50126, "Error validating credentials due to invalid username or password.")
    }

    pub(super) fn in_flow(mut self, flow: &str) -> Self {
        self.flow = Some(flow.to_owned());
        self
    }

    /// Names the flow: its entry is `name/token`.
    pub(crate) fn named(mut self, flow: &'static str) -> Self {
        self.kind = flow;
        self
    }

    /// Another application.
    pub(crate) fn app(mut self, app: App) -> Self {
        self.app = app;
        self
    }

    /// Another tenant in the path.
    pub(crate) fn tenant(mut self, tenant: &str) -> Self {
        self.tenant = tenant.to_owned();
        self
    }

    /// Another host of the sign-in service.
    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// Made by a server and not by a page.
    pub(crate) fn by_server(mut self) -> Self {
        self.by_server = true;
        self
    }

    /// Sets a parameter.
    pub(crate) fn param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Takes a parameter away.
    pub(crate) fn without_param(mut self, name: &str) -> Self {
        self.params.push((name.to_owned(), None));
        self
    }

    /// MSAL's telemetry of an earlier failure.
    pub(crate) fn reporting(self, correlation_id: &str, error: &str) -> Self {
        self.param("x-client-last-telemetry", format!("5|0|61,{correlation_id}|{error}|1,0"))
    }

    /// MSAL's telemetry without any failure.
    pub(crate) fn reporting_nothing(self) -> Self {
        self.param("x-client-last-telemetry", "5|0|||0,0")
    }

    /// Gets tokens.
    pub(crate) fn succeeds(mut self) -> Self {
        self.fails = None;
        self
    }

    /// The tokens are made for another audience.
    pub(crate) fn audience(mut self, audience: &str) -> Self {
        self.audience = audience.to_owned();
        self
    }

    /// The access token is of version 1.
    pub(crate) fn version_one(mut self) -> Self {
        self.version_one = true;
        self
    }

    /// The access token is the application's own, without a person, and has these permissions.
    pub(crate) fn of_application(mut self, roles: &'static [&'static str]) -> Self {
        self.roles = Some(roles);
        self
    }

    /// The ID token names another nonce.
    pub(crate) fn nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Fails with a code and a sentence.
    pub(crate) fn fails(mut self, code: u32, sentence: &str) -> Self {
        self.fails = Some((400, Failing::new(Some(code), "invalid_grant", sentence)));
        self
    }

    /// Fails with a text that names its codes itself, the first of them foremost.
    pub(crate) fn fails_in_words(mut self, text: &str) -> Self {
        self.fails = Some((400, Failing::new(None, "invalid_grant", text)));
        self
    }

    /// The failure has another `error` than the usual one.
    pub(crate) fn error(self, error: &str) -> Self {
        self.failing(|failing| failing.error = error.to_owned())
    }

    /// `suberror`.
    pub(crate) fn suberror(self, suberror: &str) -> Self {
        self.failing(|failing| failing.suberror = Some(suberror.to_owned()))
    }

    /// A claims challenge comes with the failure.
    pub(crate) fn asking_for_claims(self) -> Self {
        self.failing(Failing::ask_for_claims)
    }

    fn failing(mut self, change: impl FnOnce(&mut Failing)) -> Self {
        if let Some((_, failing)) = &mut self.fails {
            change(failing);
        }
        self
    }

    pub(super) fn happen(self, browser: &mut CaptureBuilder) {
        let flow = self.flow.clone().unwrap_or_else(|| browser.flow(self.kind));
        let stamp = browser.stamp();
        let mut params: Vec<(String, String)> = vec![
            ("client_id".to_owned(), self.app.client_id.to_owned()),
            ("scope".to_owned(), "User.Read openid profile offline_access".to_owned()),
            ("client-request-id".to_owned(), stamp.correlation.clone()),
        ];
        for (name, value) in self.params {
            params.retain(|(known, _)| *known != name);
            params.extend(value.map(|value| (name, value)));
        }
        let entry = post(format!("https://{}/{}/oauth2/v2.0/token", self.host, self.tenant), &params);
        let entry = if self.by_server {
            entry.header("user-agent", "python-requests/2.32")
        } else {
            browser
                .in_browser(entry, Window::Script, "cross-site")
                .header("origin", self.app.origin)
                .header("referer", format!("{}/", self.app.origin))
                .reply_header("access-control-allow-origin", "*")
        };
        let answered = match &self.fails {
            Some((status, failing)) => {
                let number = failing.code.unwrap_or_default();
                entry.status(*status).json(&failing.json(&stamp)).reply_header("x-ms-clitelem", format!("1,{number},0,,"))
            }
            None => {
                let named_by_id = self.tenant.matches('-').count() == 4;
                let tenant = if named_by_id { &self.tenant } else { self.person.home };
                let issued = Issued {
                    app: self.app,
                    tenant,
                    host: &self.host,
                    person: self.person,
                    session: &self.session,
                    nonce: self.nonce.as_deref(),
                    audience: &self.audience,
                    version_one: self.version_one,
                    roles: self.roles,
                    at: stamp.at,
                };
                browser.access_token = issued.access_token();
                entry.json(&issued.json())
            }
        };
        browser.record(format!("{flow}/token"), from_service(answered, &stamp));
    }
}
