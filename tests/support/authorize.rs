//! An authorization request and its answer.

use super::browser::{CaptureBuilder, from_service};
use super::entry::{Entry, Window, encode, get, post};
use super::ids::{APP, App, CONTOSO, NONCE, Person, STATE};
use super::replies::{Failing, Stamp, page, self_posting_page, words};
use super::token::TokenRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// RFC 7636, appendix B: a verifier and its S256 challenge.
pub(super) const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request and its answer.
pub(crate) struct Authorize {
    pub(super) flow: String,
    pub(super) app: App,
    pub(super) tenant: String,
    pub(super) form_post: bool,
    pub(super) host: String,
    window: Window,
    redirect_uri: Option<String>,
    params: Vec<(String, Option<String>)>,
    opaque_state: bool,
    returned_state: Option<String>,
    edits: Vec<Box<dyn FnOnce(Entry) -> Entry>>,
    cookies: Option<Vec<String>>,
    posted: bool,
    answer: Answer,
    redeem: Option<Redemption>,
    start: Option<String>,
}

/// How the application turns its code in.
pub(super) type Redemption = Box<dyn FnOnce(TokenRequest) -> TokenRequest>;

enum Answer {
    Redirect(Failing),
    ErrorPage(Failing),
    SignInPage,
    Status(u16),
    Silence(String),
    Code,
}

/// A request that is on its way.
pub(super) struct Sent {
    pub(super) entry: Entry,
    pub(super) stamp: Stamp,
    /// The state that comes back.
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) redirect_uri: String,
}

/// The request.
impl Authorize {
    pub(super) fn new(flow: &str, window: Window) -> Self {
        Self {
            flow: flow.to_owned(),
            app: APP,
            tenant: CONTOSO.to_owned(),
            form_post: false,
            host: "login.microsoftonline.com".to_owned(),
            window,
            redirect_uri: None,
            params: Vec::new(),
            opaque_state: false,
            returned_state: None,
            edits: Vec::new(),
            cookies: None,
            posted: false,
            answer: Answer::Redirect(Failing::new(Some(50058), "login_required", words::NO_COOKIES)),
            redeem: Some(Box::new(|token| token)),
            start: None,
        }
    }

    /// Names the flow: its entries are `name/…`.
    pub(crate) fn named(mut self, flow: &str) -> Self {
        self.flow = flow.to_owned();
        self
    }

    /// Another application.
    pub(crate) fn app(mut self, app: App) -> Self {
        self.app = app;
        self
    }

    /// Another host of the sign-in service.
    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// Another tenant in the path.
    pub(crate) fn tenant(mut self, tenant: &str) -> Self {
        self.tenant = tenant.to_owned();
        self
    }

    /// In a popup window.
    pub(crate) fn in_popup(mut self) -> Self {
        self.window = Window::Popup;
        self
    }

    /// Another redirect URI.
    pub(crate) fn redirect_uri(mut self, uri: &str) -> Self {
        self.redirect_uri = Some(uri.to_owned());
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

    /// `prompt`.
    pub(crate) fn prompt(self, prompt: &str) -> Self {
        self.param("prompt", prompt)
    }

    /// `login_hint`: a person's name.
    pub(crate) fn login_hint(self, person: Person) -> Self {
        self.param("login_hint", person.name)
    }

    /// `sid`: one particular session.
    pub(crate) fn sid(self, session: &str) -> Self {
        self.param("sid", session)
    }

    /// `X-AnchorMailbox`: the account that the library has in its cache.
    pub(crate) fn cached_account(self, person: Person) -> Self {
        self.param("X-AnchorMailbox", format!("Oid:{}@{}", person.object_id, person.home))
    }

    /// Not MSAL.js but a library of a server: no name of its own, and no state that tells the window.
    pub(crate) fn by_server_library(self) -> Self {
        self.without_param("x-client-SKU").without_param("x-client-VER").opaque_state().by_form_post()
    }

    /// The application's server sends the person here from its own page, and sets a cookie with this line:
    /// `…/start`.
    pub(crate) fn sent_by_server(mut self, set_cookie: &str) -> Self {
        self.start = Some(set_cookie.to_owned());
        self
    }

    /// A `state` that tells nothing of the window.
    pub(crate) fn opaque_state(mut self) -> Self {
        self.opaque_state = true;
        self
    }

    /// Sends the parameters as a form.
    pub(crate) fn posted(mut self) -> Self {
        self.posted = true;
        self
    }

    /// Sets a request header.
    pub(crate) fn header(self, name: &'static str, value: &'static str) -> Self {
        self.edit(move |entry| entry.header(name, value))
    }

    /// Takes a request header away.
    pub(crate) fn without_header(self, name: &'static str) -> Self {
        self.edit(move |entry| entry.without_header(name))
    }

    /// Takes the Sec-Fetch headers away.
    pub(crate) fn without_sec_fetch(self) -> Self {
        let names = ["sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-storage-access"];
        names.into_iter().fold(self, Self::without_header)
    }

    /// Sends these cookies, whatever the browser has.
    pub(crate) fn cookies<const N: usize>(mut self, names: [&str; N]) -> Self {
        self.cookies = Some(names.map(str::to_owned).to_vec());
        self
    }

    /// Sends no cookie.
    pub(crate) fn without_cookies(self) -> Self {
        self.cookies([])
    }

    fn edit(mut self, change: impl FnOnce(Entry) -> Entry + 'static) -> Self {
        self.edits.push(Box::new(change));
        self
    }
}

/// The answer.
impl Authorize {
    /// Fails with a code and a sentence, as a redirect to the application tells it.
    pub(crate) fn fails(mut self, code: u32, sentence: &str) -> Self {
        let error = if code == 50058 { "login_required" } else { "interaction_required" };
        self.answer = Answer::Redirect(Failing::new(Some(code), error, sentence));
        self
    }

    /// Fails with OAuth's `error` and a sentence that names no code.
    pub(crate) fn fails_without_code(mut self, error: &str, sentence: &str) -> Self {
        self.answer = Answer::Redirect(Failing::new(None, error, sentence));
        self
    }

    /// Fails on a page of the service, and the application never hears of it.
    pub(crate) fn fails_on_a_page(mut self, code: u32, sentence: &str) -> Self {
        self.answer = Answer::ErrorPage(Failing::new(Some(code), "invalid_request", sentence));
        self
    }

    /// The error has another `error` than the usual one.
    pub(crate) fn error(self, error: &str) -> Self {
        self.failing(|failing| failing.error = error.to_owned())
    }

    /// The error's sentence lacks its end with the ids.
    pub(crate) fn cut_short(self) -> Self {
        self.failing(|failing| failing.with_ids = false)
    }

    /// A claims challenge comes with the error.
    pub(crate) fn asking_for_claims(self) -> Self {
        self.failing(Failing::ask_for_claims)
    }

    fn failing(mut self, change: impl FnOnce(&mut Failing)) -> Self {
        if let Answer::Redirect(failing) | Answer::ErrorPage(failing) = &mut self.answer {
            change(failing);
        }
        self
    }

    /// Is answered with the page that asks for an account, which forbids to be framed.
    pub(crate) fn gets_sign_in_page(mut self) -> Self {
        self.answer = Answer::SignInPage;
        self
    }

    /// Is answered with a bare status.
    pub(crate) fn gets_status(mut self, status: u16) -> Self {
        self.answer = Answer::Status(status);
        self
    }

    /// Gets no answer, for a reason like `net::ERR_BLOCKED_BY_CLIENT`, or for none that the recorder tells.
    pub(crate) fn gets_no_answer(mut self, error: &str) -> Self {
        self.answer = Answer::Silence(error.to_owned());
        self
    }

    /// Gets a code, and tokens for it: `…/token`.
    pub(crate) fn succeeds(mut self) -> Self {
        self.answer = Answer::Code;
        self
    }

    /// The answer is a page that posts itself to the application.
    pub(crate) fn by_form_post(mut self) -> Self {
        self.form_post = true;
        self
    }

    /// The answer comes back with another state than was sent.
    pub(crate) fn returning_state(mut self, state: &str) -> Self {
        self.returned_state = Some(state.to_owned());
        self
    }

    /// Changes the token request that follows.
    pub(crate) fn token(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest + 'static) -> Self {
        self.redeem = Some(Box::new(tell));
        self
    }

    /// The code is not turned in where the recorder sees it.
    pub(crate) fn without_token(mut self) -> Self {
        self.redeem = None;
        self
    }
}

/// What happens.
impl Authorize {
    /// Puts the request together.
    pub(super) fn send(&mut self, browser: &mut CaptureBuilder) -> Sent {
        let stamp = browser.stamp();
        let path = if self.window == Window::Frame { "/blank.html" } else { "/" };
        let redirect_uri = self.redirect_uri.clone().unwrap_or_else(|| format!("{}{path}", self.app.origin));
        let (state_id, nonce) = (browser.id(STATE), browser.id(NONCE));
        let interaction = match self.window {
            Window::Frame => "silent",
            Window::Popup => "popup",
            Window::Page | Window::Script => "redirect",
        };
        let library = || STANDARD.encode(json!({"id": state_id, "meta": {"interactionType": interaction}}).to_string());
        let state = if self.opaque_state { format!("opaque-{state_id}") } else { library() };
        let mode = if self.form_post { "form_post" } else { "fragment" };
        let mut params: Vec<(String, String)> = [
            ("client_id", self.app.client_id),
            ("scope", "User.Read openid profile offline_access"),
            ("redirect_uri", &redirect_uri),
            ("client-request-id", &stamp.correlation),
            ("response_mode", mode),
            ("client_info", "1"),
            ("nonce", &nonce),
            ("state", &state),
            ("x-client-SKU", "msal.js.browser"),
            ("x-client-VER", "5.1.0"),
            ("response_type", "code"),
            ("code_challenge", CODE_CHALLENGE),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        for (name, value) in std::mem::take(&mut self.params) {
            params.retain(|(known, _)| *known != name);
            params.extend(value.map(|value| (name, value)));
        }
        let endpoint = format!("https://{}/{}/oauth2/v2.0/authorize", self.host, self.tenant);
        let entry = if self.posted { post(endpoint, &params) } else { get(format!("{endpoint}?{}", encode(&params))) };
        let entry = browser.in_browser(entry, self.window, "cross-site").header("referer", format!("{}/", self.app.origin));
        let entry = self.edits.drain(..).fold(entry, |entry, edit| edit(entry));
        let entry = match &self.cookies {
            None => browser.send_cookies(entry),
            Some(names) if names.is_empty() => entry,
            Some(names) => entry.header("cookie", names.iter().map(|name| format!("{name}=sent")).collect::<Vec<_>>().join("; ")),
        };
        if let Some(line) = self.start.take() {
            let page = url::Url::parse(&redirect_uri).and_then(|uri| uri.join("/")).expect("a server has a web address");
            let page = browser.in_browser(get(page.as_str()), Window::Page, "none").redirect(entry.address());
            let name = format!("{}/start", browser.flow(&self.flow));
            browser.record(name, page.reply_header("set-cookie", line));
        }
        let state = self.returned_state.take().unwrap_or(state);
        Sent { entry, stamp, state, nonce, redirect_uri }
    }

    /// The request is sent and answered.
    pub(super) fn happen(mut self, browser: &mut CaptureBuilder) {
        let flow = browser.flow(&self.flow);
        let Sent { entry, stamp, state, nonce, redirect_uri } = self.send(browser);
        let answered = match &self.answer {
            Answer::Redirect(failing) => {
                let params = failing.params(&stamp, Some(&state));
                self.hand_over(&flow, entry, &stamp, &redirect_uri, &params, browser);
                return;
            }
            Answer::Code => {
                let (person, session) = browser.signed_in.clone().expect("a silent request succeeds only where somebody signed in");
                let code = browser.code();
                let params = [("code", &code), ("state", &state), ("session_state", &session)];
                let params = params.map(|(name, value)| (name.to_owned(), value.clone()));
                self.hand_over(&flow, entry, &stamp, &redirect_uri, &params, browser);
                self.redeem(&flow, &code, &redirect_uri, person, &session, &nonce, browser);
                return;
            }
            Answer::ErrorPage(failing) => entry.html(failing.page(&stamp)),
            Answer::SignInPage => entry
                .html(page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": "ctx", "arrSessions": []})))
                .reply_header("x-frame-options", "DENY"),
            Answer::Status(status) => entry.status(*status).html("<html><body>Service unavailable</body></html>"),
            Answer::Silence(error) => {
                // A library takes its frame away when its patience is over.
                let lasting = if error.contains("ABORTED") { 10_000 } else { entry.lasted_ms() };
                browser.record(format!("{flow}/authorize"), entry.no_response(error).lasting_ms(lasting));
                return;
            }
        };
        browser.record(format!("{flow}/authorize"), from_service(answered, &stamp));
    }

    /// The answer goes to the application: `…/authorize` and `…/callback`.
    fn hand_over(
        &self,
        flow: &str,
        entry: Entry,
        stamp: &Stamp,
        redirect_uri: &str,
        params: &[(String, String)],
        browser: &mut CaptureBuilder,
    ) {
        let (answered, callback) = hand_over(entry, redirect_uri, params, self.form_post);
        browser.record(format!("{flow}/authorize"), from_service(answered, stamp));
        browser.record(format!("{flow}/callback"), browser.in_browser(callback, self.window, "cross-site"));
    }

    /// The application turns its code in: `…/token`.
    #[allow(clippy::too_many_arguments, reason = "all of them belong to one sign-in")]
    pub(super) fn redeem(
        &mut self,
        flow: &str,
        code: &str,
        redirect_uri: &str,
        person: Person,
        session: &str,
        nonce: &str,
        browser: &mut CaptureBuilder,
    ) {
        if let Some(tell) = self.redeem.take() {
            let token =
                TokenRequest::redeem(code, redirect_uri, person, session).app(self.app).tenant(&self.tenant).host(&self.host).nonce(nonce);
            tell(token.in_flow(flow)).happen(browser);
        }
    }
}

/// A reply that hands parameters to the application, and the application's receiving them.
pub(super) fn hand_over(entry: Entry, redirect_uri: &str, params: &[(String, String)], form_post: bool) -> (Entry, Entry) {
    const APP_PAGE: &str = "<html><body>One moment</body></html>";
    if form_post {
        (entry.html(self_posting_page(redirect_uri, params)), post(redirect_uri, params).html(APP_PAGE))
    } else {
        let target = format!("{redirect_uri}#{}", encode(params));
        (entry.redirect(&target), get(target).html(APP_PAGE))
    }
}
