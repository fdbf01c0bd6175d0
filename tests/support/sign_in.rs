//! Somebody signs in.

use super::authorize::{Authorize, Sent, hand_over};
use super::browser::{CaptureBuilder, deletion, from_service, setting};
use super::entry::{Window, get, post, post_json};
use super::ids::{ADA, App, Person, SESSION};
use super::replies::{client_info, page};
use super::token::TokenRequest;
use serde_json::json;

/// Somebody signs in on the service's pages, and the application gets tokens.
pub(crate) struct SignIn {
    request: Authorize,
    account: Person,
    session: Option<String>,
    credentials: Credentials,
    stay: Option<bool>,
    tiles: Vec<Person>,
    ends_on_page: bool,
    refused: Option<u32>,
    second_factor: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Credentials {
    /// Typed into the page of the sign-in service.
    Password,
    /// Typed into the page of the Microsoft account service.
    MicrosoftAccount,
    /// A session is there and suffices.
    None,
}

impl SignIn {
    pub(super) fn new() -> Self {
        Self {
            request: Authorize::new("sign-in", Window::Page),
            account: ADA,
            session: None,
            credentials: Credentials::Password,
            stay: Some(true),
            tiles: Vec::new(),
            ends_on_page: false,
            refused: None,
            second_factor: false,
        }
    }

    /// Names the flow: its entries are `name/…`.
    pub(crate) fn named(self, flow: &str) -> Self {
        self.request(|request| request.named(flow))
    }

    /// Another application.
    pub(crate) fn app(self, app: App) -> Self {
        self.request(|request| request.app(app))
    }

    /// Another tenant in the path.
    pub(crate) fn tenant(self, tenant: &str) -> Self {
        self.request(|request| request.tenant(tenant))
    }

    /// Changes the authorization request in any other way.
    pub(crate) fn request(mut self, tell: impl FnOnce(Authorize) -> Authorize) -> Self {
        self.request = tell(self.request);
        self
    }

    /// Another person.
    pub(crate) fn account(mut self, account: Person) -> Self {
        self.account = account;
        self
    }

    /// The session that is opened.
    pub(crate) fn session(mut self, session: &str) -> Self {
        self.session = Some(session.to_owned());
        self
    }

    /// No page is shown: the session of an earlier sign-in suffices.
    pub(crate) fn without_credentials(mut self) -> Self {
        (self.credentials, self.stay) = (Credentials::None, None);
        self
    }

    /// The credentials are asked by the Microsoft account service, and its reply comes back:
    /// `…/msa-authorize`, `…/msa-login`, `…/federation` in place of `…/login`.
    pub(crate) fn through_microsoft_account(mut self) -> Self {
        self.credentials = Credentials::MicrosoftAccount;
        self
    }

    /// “Stay signed in?” is answered with no.
    pub(crate) fn not_staying(mut self) -> Self {
        self.stay = Some(false);
        self
    }

    /// “Stay signed in?” is not asked: there is no `…/kmsi`.
    pub(crate) fn not_asked_to_stay(mut self) -> Self {
        self.stay = None;
        self
    }

    /// The page offers accounts that are signed in already.
    pub(crate) fn offering<const N: usize>(mut self, accounts: [Person; N]) -> Self {
        self.tiles = accounts.to_vec();
        self
    }

    /// The page is left as it is.
    pub(crate) fn abandoned(mut self) -> Self {
        self.ends_on_page = true;
        self
    }

    /// The credentials are refused with a code, which the page shows as a bare number; nobody goes on.
    pub(crate) fn refused(mut self, code: u32) -> Self {
        self.refused = Some(code);
        self
    }

    /// A second factor is asked after the password, and given: `…/second-factor`, `…/second-factor-given`.
    pub(crate) fn with_second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// Changes the token request that follows.
    pub(crate) fn token(self, tell: impl FnOnce(TokenRequest) -> TokenRequest + 'static) -> Self {
        self.request(|request| request.token(tell))
    }

    /// The code is not turned in where the recorder sees it.
    pub(crate) fn without_token(self) -> Self {
        self.request(Authorize::without_token)
    }

    /// The answer is a page that posts itself to the application.
    pub(crate) fn by_form_post(self) -> Self {
        self.request(Authorize::by_form_post)
    }

    pub(super) fn happen(mut self, browser: &mut CaptureBuilder) {
        let flow = browser.flow(&self.request.flow);
        let step = |name: &str| format!("{flow}/{name}");
        let tenant = self.request.tenant.clone();
        let service = format!("https://{}", self.request.host);
        let Sent { entry: mut last, stamp: begun, state, nonce, redirect_uri } = self.request.send(browser);
        let mut last_name = step("authorize");
        let ctx = format!("ctx-{}", begun.correlation);
        let session = self.session.take().unwrap_or_else(|| match (&browser.signed_in, self.credentials) {
            (Some((_, session)), Credentials::None) => session.clone(),
            _ => SESSION.to_owned(),
        });

        if self.credentials != Credentials::None {
            let tiles: Vec<_> = self.tiles.iter().map(|person| json!({"name": person.name, "isSignedIn": true})).collect();
            let asking = page(&json!({
                "pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": ctx, "correlationId": begun.correlation, "arrSessions": tiles,
            }));
            let referer = last.address().to_owned();
            browser.record(last_name, from_service(last.html(asking), &begun));
            if self.ends_on_page {
                return;
            }
            let same_site = |browser: &CaptureBuilder, entry, window, site| {
                browser.send_cookies(browser.in_browser(entry, window, site).header("referer", &*referer))
            };

            let lookup = post_json(
                format!("{service}/common/GetCredentialType"),
                &json!({"username": self.account.name, "originalRequest": ctx, "isOtherIdpSupported": true}),
            );
            let stamp = browser.stamp();
            let lookup = same_site(browser, lookup, Window::Script, "same-origin").json(&json!({"IfExistsResult": 0}));
            browser.record(step("lookup"), from_service(lookup, &stamp));

            (last_name, last) = if self.credentials == Credentials::MicrosoftAccount {
                let query = [("response_type", "code"), ("state", &*ctx), ("login_hint", self.account.name)];
                let address = format!("https://login.live.com/oauth20_authorize.srf?{}", super::entry::encode(&query));
                browser.record(step("msa-authorize"), browser.in_browser(get(address), Window::Page, "cross-site").html("<html></html>"));
                let address = format!("https://login.live.com/ppsecure/post.srf?{}", super::entry::encode(&[("state", &*ctx)]));
                let login = post(address, &[("login", self.account.name), ("passwd", "Velvet-Harbor-1")]);
                let login = browser.in_browser(login, Window::Page, "same-origin").reply_header("set-cookie", setting("MSPAuth", "a"));
                browser.record(step("msa-login"), login.html("<html></html>"));
                let back = post(format!("{service}/common/federation/oauth2msa"), &[("code", "M.C1_TEST"), ("state", &*ctx)]);
                let back = browser.send_cookies(browser.in_browser(back, Window::Page, "cross-site"));
                (step("federation"), back.header("referer", "https://login.live.com/"))
            } else {
                let login = post(
                    format!("{service}/{tenant}/login"),
                    &[("login", self.account.name), ("passwd", "Velvet-Harbor-1"), ("ctx", &*ctx), ("flowToken", "flow")],
                );
                (step("login"), same_site(browser, login, Window::Page, "same-origin"))
            };
            if let Some(code) = self.refused {
                let stamp = browser.stamp();
                let shown = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": code.to_string(), "sErrTxt": "Nein.", "sCtx": ctx}));
                browser.record(last_name, from_service(last.html(shown), &stamp));
                return;
            }
            if self.second_factor {
                let stamp = browser.stamp();
                let asking = page(&json!({"pgid": "ConvergedTFA", "sErrorCode": "50074", "sCtx": ctx}));
                browser.record(last_name, from_service(last.html(asking), &stamp));
                let begin = json!({"AuthMethodId": "PhoneAppNotification", "Method": "BeginAuth", "Ctx": ctx});
                let begin = post_json(format!("{service}/common/SAS/BeginAuth"), &begin).json(&json!({"Success": true}));
                let stamp = browser.stamp();
                browser.record(step("second-factor"), from_service(same_site(browser, begin, Window::Script, "same-origin"), &stamp));
                let process = post(format!("{service}/common/SAS/ProcessAuth"), &[("request", &*ctx), ("flowToken", "flow")]);
                (last_name, last) = (step("second-factor-given"), same_site(browser, process, Window::Page, "same-origin"));
            }
            for (name, value) in [("ESTSAUTH", "1.session"), ("ESTSAUTHLIGHT", &*format!("+{session}")), ("SignInStateCookie", "a")] {
                last = last.reply_header("set-cookie", setting(name, value));
            }
            browser.signed_in = Some((self.account, session.clone()));
        }

        let mut stamp = if self.credentials == Credentials::None { begun } else { browser.stamp() };
        if let Some(stay) = self.stay {
            let asking = page(&json!({"pgid": "KmsiInterrupt", "sErrorCode": "50140", "sCtx": ctx, "sPOST_Username": self.account.name}));
            let referer = last.address().to_owned();
            browser.record(last_name, from_service(last.html(asking), &stamp));
            stamp = browser.stamp();
            let options = if stay { "1" } else { "3" };
            let kmsi = post(format!("{service}/kmsi"), &[("LoginOptions", options), ("ctx", &ctx), ("flowToken", "flow")]);
            let kmsi = browser.in_browser(kmsi, Window::Page, "same-origin").header("referer", referer);
            let persistent = if stay { setting("ESTSAUTHPERSISTENT", "1.session") } else { deletion("ESTSAUTHPERSISTENT") };
            last = browser.send_cookies(kmsi).reply_header("set-cookie", persistent);
            last = last.reply_header("set-cookie", setting("ESTSAUTH", "1.session"));
            last_name = step("kmsi");
        }

        let code = browser.code();
        let mut params = vec![("code", code.clone()), ("client_info", client_info(&self.account)), ("state", state)];
        params.push(("session_state", session.clone()));
        let params: Vec<_> = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (answered, callback) = hand_over(last, &redirect_uri, &params, self.request.form_post);
        browser.record(last_name, from_service(answered, &stamp));
        browser.record(step("callback"), browser.in_browser(callback, Window::Page, "cross-site"));
        self.request.redeem(&flow, &code, &redirect_uri, self.account, &session, &nonce, browser);
    }
}
