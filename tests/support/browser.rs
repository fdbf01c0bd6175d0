//! The browser and its recorder: settings, cookies, clock, and the file that comes out.

use super::api::ApiCall;
use super::authorize::Authorize;
use super::entry::{Entry, Kept, Window, get};
use super::ids::{self, APP, Person};
use super::replies::{self, Stamp};
use super::saml::SamlSignIn;
use super::sign_in::SignIn;
use super::token::TokenRequest;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

/// The sign-in service.
pub(super) const SERVICE: &str = "https://login.microsoftonline.com";

/// What browsers call themselves.
pub(crate) mod user_agents {
    pub(crate) const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
    pub(crate) const SAFARI: &str =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15";
    pub(crate) const UNHEARD_OF: &str = "Gazer/1.0";
}

/// A browser with its recorder, and what happened in it so far.
#[derive(Clone)]
pub(crate) struct CaptureBuilder {
    entries: Vec<Entry>,
    clock: DateTime<Utc>,
    ahead: Duration,
    ids: usize,
    cookies: Vec<(String, String)>,
    user_agent: &'static str,
    creator: (&'static str, &'static str),
    storage_access: &'static str,
    kept: Kept,
    /// Who signed in last, and the session.
    pub(super) signed_in: Option<(Person, String)>,
    /// The access token that was given out last.
    pub(super) access_token: String,
    /// The code that was given out last.
    last_code: String,
}

/// A current Chrome that allows third-party cookies, whose DevTools write everything they have.
pub(crate) fn capture() -> CaptureBuilder {
    CaptureBuilder {
        entries: Vec::new(),
        clock: "2026-11-20T14:00:00Z".parse().unwrap(),
        ahead: Duration::zero(),
        ids: 0,
        cookies: Vec::new(),
        user_agent: user_agents::CHROME,
        creator: ("WebInspector", "537.36"),
        storage_access: "active",
        kept: Kept { cookies: true, sec_fetch: true, response_bodies: true, fragments: false },
        signed_in: None,
        access_token: String::new(),
        last_code: String::new(),
    }
}

/// The browser and the recorder.
impl CaptureBuilder {
    /// Another browser.
    pub(crate) fn user_agent(self, user_agent: &'static str) -> Self {
        Self { user_agent, ..self.before_traffic() }
    }

    /// Another recorder: the file's `creator`.
    pub(crate) fn written_by(self, name: &'static str, version: &'static str) -> Self {
        Self { creator: (name, version), ..self }
    }

    /// A browser that withholds the cookies of other sites from frames.
    pub(crate) fn blocking_third_party_cookies(self) -> Self {
        Self { storage_access: "none", ..self.before_traffic() }
    }

    /// Cookies of the sign-in service that the browser has from before the recording.
    pub(crate) fn cookies_from_before<const N: usize>(self, names: [&str; N]) -> Self {
        let mut builder = self.before_traffic();
        for name in names {
            builder.keep_cookie(name, &format!("{name}-from-before"));
        }
        builder
    }

    /// A computer whose clock is ahead of the service's, or behind it.
    pub(crate) fn clock_ahead(self, minutes: i64) -> Self {
        Self { ahead: Duration::minutes(minutes), ..self.before_traffic() }
    }

    /// The default export of Chrome and Edge: without `Cookie`, `Set-Cookie` and `Authorization`.
    pub(crate) fn sanitized(mut self) -> Self {
        self.kept.cookies = false;
        self
    }

    /// A browser, or a recorder, without Sec-Fetch headers.
    pub(crate) fn without_sec_fetch(mut self) -> Self {
        self.kept.sec_fetch = false;
        self
    }

    /// A recorder that lost every response's body.
    pub(crate) fn without_response_bodies(mut self) -> Self {
        self.kept.response_bodies = false;
        self
    }

    /// A recorder that keeps the fragments of addresses, as Firefox does.
    pub(crate) fn keeping_fragments(mut self) -> Self {
        self.kept.fragments = true;
        self
    }

    /// Lets time pass.
    pub(crate) fn wait(mut self, minutes: i64) -> Self {
        self.clock += Duration::minutes(minutes);
        self
    }

    fn before_traffic(self) -> Self {
        assert!(self.entries.is_empty(), "this setting belongs before the first request");
        self
    }
}

/// What happens.
impl CaptureBuilder {
    /// The application's page is opened: `app/page`.
    pub(crate) fn app_page(mut self) -> Self {
        let name = self.flow("app") + "/page";
        let entry = self.in_browser(get(format!("{}/", APP.origin)), Window::Page, "none").html("<html><body>Hello</body></html>");
        self.record(name, entry);
        self
    }

    /// Somebody signs in: `sign-in/authorize`, `…/lookup`, `…/login`, `…/kmsi`, `…/callback`, `…/token`.
    pub(crate) fn sign_in(mut self, tell: impl FnOnce(SignIn) -> SignIn) -> Self {
        tell(SignIn::new()).happen(&mut self);
        self
    }

    /// The application asks for an answer without a page in a hidden frame: `silent/authorize`,
    /// `silent/callback`. It fails with AADSTS50058 as long as nothing else is said.
    pub(crate) fn silent_frame(mut self, tell: impl FnOnce(Authorize) -> Authorize) -> Self {
        tell(Authorize::new("silent", Window::Frame).prompt("none")).happen(&mut self);
        self
    }

    /// The same, taking the whole page along: `silent/authorize`, `silent/callback`.
    pub(crate) fn silent_page(mut self, tell: impl FnOnce(Authorize) -> Authorize) -> Self {
        tell(Authorize::new("silent", Window::Page).prompt("none")).happen(&mut self);
        self
    }

    /// The application sends the person to sign in, and the service refuses at once: `redirect/authorize`,
    /// `redirect/callback`.
    pub(crate) fn redirect(mut self, tell: impl FnOnce(Authorize) -> Authorize) -> Self {
        tell(Authorize::new("redirect", Window::Page)).happen(&mut self);
        self
    }

    /// The application turns in a refresh token: `refresh/token`.
    pub(crate) fn refresh(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        tell(TokenRequest::refresh()).happen(&mut self);
        self
    }

    /// The application, or somebody else, turns in the last code once more: `redemption/token`.
    pub(crate) fn redeem_again(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        let code = self.last_code.clone();
        let (person, session) = self.signed_in.clone().expect("there is a code only where somebody signed in");
        tell(TokenRequest::redeem(&code, &format!("{}/", APP.origin), person, &session)).happen(&mut self);
        self
    }

    /// A server asks for a token of its own: `server/token`.
    pub(crate) fn client_credentials(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        tell(TokenRequest::client_credentials()).happen(&mut self);
        self
    }

    /// An API turns the token of its caller in for one of its own: `on-behalf-of/token`.
    pub(crate) fn on_behalf_of(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        tell(TokenRequest::on_behalf_of()).happen(&mut self);
        self
    }

    /// A program turns a person's name and password in: `password/token`.
    pub(crate) fn password_grant(mut self, tell: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        tell(TokenRequest::password()).happen(&mut self);
        self
    }

    /// The application calls an API with the last access token, and is refused as long as nothing else is said:
    /// `api/preflight`, `api/call`.
    pub(crate) fn api_call(mut self, tell: impl FnOnce(ApiCall) -> ApiCall) -> Self {
        tell(ApiCall::new()).happen(&mut self);
        self
    }

    /// A SAML application sends the person to sign in, and the service refuses: `saml/request`.
    pub(crate) fn saml(mut self, tell: impl FnOnce(SamlSignIn) -> SamlSignIn) -> Self {
        tell(SamlSignIn::new()).happen(&mut self);
        self
    }

    /// The person signs out: `sign-out/logout`. The service deletes its session cookies and leaves its marks.
    pub(crate) fn sign_out(mut self) -> Self {
        let name = self.flow("sign-out") + "/logout";
        let stamp = self.stamp();
        let url = format!("{SERVICE}/{}/oauth2/v2.0/logout?client-request-id={}", ids::CONTOSO, stamp.correlation);
        let mut entry = self.send_cookies(self.in_browser(get(url), Window::Page, "cross-site"));
        for cookie in ["ESTSAUTH", "ESTSAUTHPERSISTENT", "ESTSAUTHLIGHT", "SignInStateCookie"] {
            entry = entry.reply_header("set-cookie", deletion(cookie));
        }
        for mark in ["ESTSSSOTILES", "AADSSOTILES"] {
            entry = entry.reply_header("set-cookie", format!("{mark}=1; {ATTRIBUTES}"));
        }
        let page = replies::page(&json!({"pgid": "ConvergedSignOut"}));
        self.record(name, from_service(entry.html(page), &stamp));
        self.signed_in = None;
        self
    }

    /// Any other exchange, under the name that it is given.
    pub(crate) fn exchange(mut self, name: &str, entry: Entry) -> Self {
        let entry = if entry.sends("user-agent").is_some() { entry } else { entry.header("user-agent", self.user_agent) };
        self.record(name.to_owned(), entry);
        self
    }
}

/// The file.
impl CaptureBuilder {
    /// Changes the entry of that name.
    #[track_caller]
    pub(crate) fn edit(mut self, name: &str, change: impl FnOnce(Entry) -> Entry) -> Self {
        let at = self.entry(name);
        self.entries[at] = change(self.entries[at].clone());
        self
    }

    /// Lets the entry of that name begin so many seconds later, or earlier.
    #[track_caller]
    pub(crate) fn moved(self, name: &str, seconds: i64) -> Self {
        self.edit(name, |entry| entry.later(Duration::seconds(seconds)))
    }

    /// Lets so many seconds pass before the entry of that name: it and all that follow begin later.
    #[track_caller]
    pub(crate) fn pause_before(mut self, name: &str, seconds: i64) -> Self {
        let at = self.entry(name);
        let (before, after): (Vec<_>, Vec<_>) = self.entries.into_iter().enumerate().partition(|(place, _)| *place < at);
        let later = after.into_iter().map(|(_, entry)| entry.later(Duration::seconds(seconds)));
        self.entries = before.into_iter().map(|(_, entry)| entry).chain(later).collect();
        self
    }

    /// Changes every entry so far.
    pub(crate) fn everywhere(mut self, change: impl Fn(Entry) -> Entry) -> Self {
        self.entries = self.entries.into_iter().map(change).collect();
        self
    }

    /// Leaves the entry of that name out of the file.
    #[track_caller]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.entries.remove(self.entry(name));
        self
    }

    /// Leaves out of the file what went elsewhere, as a recorder's filter by host does.
    pub(crate) fn only_to(mut self, address: &str) -> Self {
        self.entries.retain(|entry| entry.address().starts_with(address));
        self
    }

    /// The number of the entry of that name.
    #[track_caller]
    pub(crate) fn entry(&self, name: &str) -> usize {
        let found = self.entries.iter().position(|entry| entry.name() == name);
        found.unwrap_or_else(|| panic!("no entry is named {name}, only {:?}", self.entry_names()))
    }

    /// The names of all entries, in order.
    pub(crate) fn entry_names(&self) -> Vec<&str> {
        self.entries.iter().map(Entry::name).collect()
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let entries: Vec<_> = self.entries.iter().map(|entry| entry.write(&self.kept)).collect();
        let page = json!({"id": "page_1", "startedDateTime": "2026-11-20T14:00:00.000Z", "title": APP.origin, "pageTimings": {}});
        let (name, version) = self.creator;
        let log = json!({"version": "1.2", "creator": {"name": name, "version": version}, "pages": [page], "entries": entries});
        json!({ "log": log }).to_string().into_bytes()
    }
}

/// For the flows.
impl CaptureBuilder {
    /// The name for a flow of that kind: `silent`, `silent 2` …
    pub(super) fn flow(&self, kind: &str) -> String {
        let taken = |flow: &str| self.entries.iter().any(|entry| entry.name().split('/').next() == Some(flow));
        let mut numbered = (2..).map(|number| format!("{kind} {number}"));
        if taken(kind) { numbered.find(|flow| !taken(flow)).unwrap_or_default() } else { kind.to_owned() }
    }

    /// Another id of a kind.
    pub(super) fn id(&mut self, kind: u32) -> String {
        self.ids += 1;
        ids::guid(kind, self.ids)
    }

    /// Another authorization code.
    pub(super) fn code(&mut self) -> String {
        self.last_code = format!("1.code-{}", self.id(ids::CODE));
        self.last_code.clone()
    }

    /// The ids and the time of the next reply.
    pub(super) fn stamp(&mut self) -> Stamp {
        Stamp { trace: self.id(ids::TRACE), correlation: self.id(ids::CORRELATION), at: self.clock - self.ahead }
    }

    /// A request as this browser sends it.
    pub(super) fn in_browser(&self, entry: Entry, window: Window, site: &str) -> Entry {
        let entry = entry.in_window(window, site).header("user-agent", self.user_agent);
        if window == Window::Frame { entry.header("sec-fetch-storage-access", self.storage_access) } else { entry }
    }

    /// Sends the sign-in service's cookies, where the request's window may.
    pub(super) fn send_cookies(&self, entry: Entry) -> Entry {
        if self.cookies.is_empty() || withheld(&entry) {
            return entry;
        }
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        entry.header("cookie", pairs.join("; "))
    }

    /// Records an exchange, and keeps the cookies that its reply sets.
    pub(super) fn record(&mut self, name: String, entry: Entry) {
        let named = self.entries.iter().all(|known| known.name() != name);
        assert!(named, "two entries are named {name}");
        if entry.address().starts_with(SERVICE) && !withheld(&entry) {
            for line in entry.set_cookies() {
                let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
                self.keep_cookie(name, value);
            }
        }
        self.entries.push(entry.named(name, self.clock));
        self.clock += Duration::milliseconds(100);
    }

    fn keep_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

fn withheld(entry: &Entry) -> bool {
    matches!(entry.sends("sec-fetch-storage-access"), Some("none" | "inactive"))
}

const ATTRIBUTES: &str = "path=/; secure; HttpOnly; SameSite=None";

/// `Set-Cookie` that sets a cookie.
pub(super) fn setting(name: &str, value: &str) -> String {
    format!("{name}={value}; {ATTRIBUTES}")
}

/// `Set-Cookie` that deletes a cookie.
pub(super) fn deletion(name: &str) -> String {
    format!("{name}=; expires=Thu, 01-Jan-1970 00:00:00 GMT; {ATTRIBUTES}")
}

/// A reply of the sign-in service, with what it puts on every one.
pub(super) fn from_service(entry: Entry, stamp: &Stamp) -> Entry {
    entry
        .reply_header("date", stamp.at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .reply_header("content-type", "text/html; charset=utf-8")
        .reply_header("x-ms-request-id", &*stamp.trace)
        .reply_header("x-ms-ests-server", "2.1.1.1 - TEST ProdSlices")
        .reply_header("set-cookie", setting("fpc", "a"))
        .reply_header("set-cookie", setting("x-ms-gateway-slice", "estsfd"))
        .reply_header("set-cookie", setting("stsservicecookie", "estsfd"))
}
