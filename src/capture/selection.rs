//! Which entries are kept whole: decided from the entry alone, so that one pass over a file is enough.
//!
//! Kept is what may belong to a sign-in: traffic with a sign-in host, replies that carry the sign-in
//! service's own headers (a custom domain), everything that transports a code, a token, a state or an error,
//! refused API calls, and pages that name an AADSTS code. All else leaves a summary: enough to follow
//! redirects, referers, frames and preflights.

use super::header_name::{self, Beginning, Beginnings};
use crate::exchange::hosts::{Service, is_b2c_journey, sign_in_host};
use crate::exchange::{self, Resource, is_stripped, joined_by_commas};
use memchr::memmem::{self, Finder};
use std::borrow::Cow;
use std::sync::LazyLock;

/// The header lines of a message, in whatever form a format's reader has them.
pub(super) trait Lines {
    /// The values of every header of that name, whose case does not matter.
    fn all(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>>;
}

/// An entry as far as the decision needs it, whatever format it comes from.
pub(super) struct Sight<'a, L> {
    /// The method, upper case.
    pub(super) method: &'a str,
    /// The address, as recorded.
    pub(super) url: &'a str,
    /// The status; `None` where no response came.
    pub(super) status: Option<u16>,
    /// Whether the recorder says that the request failed.
    pub(super) failed: bool,
    /// What the recorder says the resource is for.
    pub(super) resource: Option<Resource>,
    /// The request's headers.
    pub(super) request: &'a L,
    /// The response's headers.
    pub(super) response: &'a L,
    /// The names of the cookies set, where listed beside the headers.
    pub(super) cookies_set: &'a [Cow<'a, str>],
    /// Where the recorder itself says the response redirects to.
    pub(super) redirect: Option<&'a str>,
    /// The posted body, if it is a form.
    pub(super) form: Option<&'a str>,
    /// The posted body, if it is none and [`may_hand_code_on`] asks for it.
    pub(super) posted: Option<&'a str>,
    /// The response's MIME type, lower case, without parameters.
    pub(super) mime: Option<&'a str>,
    /// The response's body, encoded or not: asked for only where it can decide.
    pub(super) body: &'a dyn Fn() -> Cow<'a, [u8]>,
}

/// Parameters that carry a sign-in or its failure: OAuth 2.0 and OpenID Connect, SAML, WS-Federation. What an application is
/// handed is among them; which that is, is told by `entra::handed`, whose test holds this list.
const PARAMETERS: &[&str] = &[
    "code",
    "error",
    "state",
    "id_token",
    "access_token",
    "ear_jwe",
    "admin_consent",
    "SAMLRequest",
    "SAMLResponse",
    "wresult",
    "wa",
    "client_assertion",
];

const PARAMETER_LETTERS: u32 = letters(PARAMETERS);

/// Cookies that only the sign-in service and Azure AD B2C set; with them a custom domain shows what it is.
const COOKIES: &[&str] = &["stsservicecookie", "x-ms-gateway-slice", "x-ms-cpim-"];

/// Whether a request may have brought a server a code that it did not take.
pub(super) fn may_hand_code_on(method: &str, status: Option<u16>) -> bool {
    method == "POST" && status.is_some_and(|status| status >= 400)
}

/// Whether a text may hold the name of one of those cookies: if not, it need not be taken apart.
pub(super) fn may_name_a_cookie_that_tells(text: &[u8]) -> bool {
    // An escape may stand for any letter.
    static FINDERS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| COOKIES.iter().map(|name| Finder::new(*name)).collect());
    // Exporters write an empty list where there are none.
    let is_empty = text.len() <= 2;
    !is_empty && (memchr::memchr(b'\\', text).is_some() || FINDERS.iter().any(|finder| finder.find(text).is_some()))
}

/// Request headers that a summary keeps.
const REQUEST_HEADERS: &[&str] = &["referer", "origin", "authorization", "user-agent"];
const REQUEST_PREFIXES: &[&str] = &["sec-fetch-", "access-control-request-"];
const REQUEST_HEADERS_OF_DOCUMENTS: &[&str] = &["cookie"];

/// Response headers that a summary keeps.
const RESPONSE_HEADERS: &[&str] = &["location", "content-type", "www-authenticate", "date", "access-control-allow-origin", "retry-after"];
const RESPONSE_HEADERS_OF_DOCUMENTS: &[&str] =
    &["set-cookie", "x-frame-options", "content-security-policy", "cross-origin-opener-policy", "cross-origin-embedder-policy"];

/// How the names of headers begin that a summary keeps, of a document and of anything else: most names begin otherwise.
const REQUEST_BEGINNINGS: Beginnings = Beginnings::of(REQUEST_HEADERS).and(Beginnings::of(REQUEST_PREFIXES));
const REQUEST_BEGINNINGS_OF_DOCUMENTS: Beginnings = REQUEST_BEGINNINGS.and(Beginnings::of(REQUEST_HEADERS_OF_DOCUMENTS));
const RESPONSE_BEGINNINGS: Beginnings = Beginnings::of(RESPONSE_HEADERS);
const RESPONSE_BEGINNINGS_OF_DOCUMENTS: Beginnings = RESPONSE_BEGINNINGS.and(Beginnings::of(RESPONSE_HEADERS_OF_DOCUMENTS));

const fn letters(names: &[&str]) -> u32 {
    let mut letters = 0;
    let mut rest = names;
    while let [name, others @ ..] = rest {
        if let [first, ..] = name.as_bytes() {
            letters |= letter(*first);
        }
        rest = others;
    }
    letters
}

/// The bit of a letter, whatever its case; other characters share those of letters.
const fn letter(character: u8) -> u32 {
    1 << (character % 32)
}

fn begins_with(letters: u32, name: &[u8]) -> bool {
    name.first().is_some_and(|first| letters & letter(*first) != 0)
}

/// How the names of the request headers begin that a summary keeps.
pub(super) fn beginnings_of_request(document: bool) -> Beginnings {
    if document { REQUEST_BEGINNINGS_OF_DOCUMENTS } else { REQUEST_BEGINNINGS }
}

/// How the names of the response headers begin that a summary keeps.
pub(super) fn beginnings_of_response(document: bool) -> Beginnings {
    if document { RESPONSE_BEGINNINGS_OF_DOCUMENTS } else { RESPONSE_BEGINNINGS }
}

/// Whether a summary keeps the request header of that name.
pub(super) fn summary_keeps_of_request(name: &[u8], document: bool) -> bool {
    let begins = |prefix: &&str| name.get(..prefix.len()).is_some_and(|start| header_name::is_same(start, prefix.as_bytes()));
    beginnings_of_request(document).has(Beginning::of(name))
        && (lists(REQUEST_HEADERS, name) || REQUEST_PREFIXES.iter().any(begins) || (document && lists(REQUEST_HEADERS_OF_DOCUMENTS, name)))
}

/// The longest token that a summary keeps, in bytes: servers take no longer header.
const LONGEST_TOKEN: usize = 16 * 1024;

/// No scheme of HTTP authentication is longer, in bytes; a token is.
const LONGEST_SCHEME: usize = 32;

/// The longest name with its password that a summary keeps, in bytes.
const LONGEST_PASSWORD: usize = 512;

/// Whether a value is a name with a password (RFC 7617), which is no token.
fn is_password(value: &[u8]) -> bool {
    const SCHEME: &[u8] = b"Basic ";
    value.len() <= LONGEST_PASSWORD && value.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// Whether a summary keeps of a header only that it is there: of a page's call, that a token was sent tells enough. Where no
/// page made a call, its token tells which program did. That there was none, a password or that the recorder left the value out, stays told.
pub(super) fn summary_keeps_only_name(name: &[u8], value: &[u8], by_page: impl FnOnce() -> bool) -> bool {
    let is_scheme_alone = || value.len() <= LONGEST_SCHEME && !value.trim_ascii().contains(&b' ');
    let is_wanted = || value.len() <= LONGEST_TOKEN && !by_page();
    header_name::is_same(b"authorization", name) && !is_stripped(value) && !is_scheme_alone() && !is_password(value) && !is_wanted()
}

/// Whether a request header names the page that made the request.
pub(super) fn names_page(name: &[u8]) -> bool {
    lists(&["origin", "referer"], name)
}

/// Whether a summary keeps the response header of that name.
pub(super) fn summary_keeps_of_response(name: &[u8], document: bool) -> bool {
    beginnings_of_response(document).has(Beginning::of(name))
        && (lists(RESPONSE_HEADERS, name) || (document && lists(RESPONSE_HEADERS_OF_DOCUMENTS, name)))
}

fn lists(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|listed| header_name::is_same(listed.as_bytes(), name))
}

impl<L: Lines> Sight<'_, L> {
    /// Whether the entry is kept whole.
    pub(super) fn is_kept_whole(&self) -> bool {
        self.is_at_sign_in_host()
            || self.is_answered_by_sign_in_service()
            || self.is_at_adfs()
            || is_b2c_journey(self.url)
            || self.carries_parameters()
            || self.hands_code_on()
            || self.leads_to_sign_in_host()
            || self.is_posted_by_sign_in_page()
            || self.is_refused()
            || self.names_a_permission()
            || self.names_a_code()
    }

    /// Whether the entry is a document, in a tab or a frame.
    pub(super) fn is_document(&self) -> bool {
        self.resource == Some(Resource::Document)
            || self.request.all("sec-fetch-dest").any(|dest| matches!(&*dest, "document" | "iframe" | "frame"))
    }

    fn is_at_sign_in_host(&self) -> bool {
        let failed = self.failed || self.status.is_none();
        match host(self.method, self.url).and_then(|host| sign_in_host(&host)) {
            // A script of the sign-in page that did not load breaks the page; one that did is ballast.
            Some(host) => host.service != Service::StaticAssets || failed,
            None => false,
        }
    }

    fn is_answered_by_sign_in_service(&self) -> bool {
        let is_its_cookie = |cookie: &str| COOKIES.iter().any(|name| cookie.trim_start().starts_with(name));
        has(self.response, "x-ms-ests-server")
            || has(self.response, "x-ms-clitelem")
            || self.response.all("set-cookie").any(|lines| lines.split('\n').flat_map(joined_by_commas).any(is_its_cookie))
            || self.cookies_set.iter().any(|name| is_its_cookie(name))
    }

    fn is_at_adfs(&self) -> bool {
        static ADFS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("/adfs/"));
        let path_end = memchr::memchr2(b'?', b'#', self.url.as_bytes()).unwrap_or(self.url.len());
        ADFS.find(self.url.as_bytes()).is_some_and(|at| at < path_end)
    }

    fn carries_parameters(&self) -> bool {
        url_carries_parameters(self.url)
            || self.locations().any(|location| url_carries_parameters(&location))
            || self.form.is_some_and(|form| form.as_bytes().split(|byte| *byte == b'&').any(is_parameter))
    }

    /// A page sends its own server the code that it got, as JSON, to be turned in there.
    fn hands_code_on(&self) -> bool {
        let json = self.posted.filter(|posted| posted.trim_start().starts_with('{') && may_hand_code_on(self.method, self.status));
        let is_member = |behind: &str| behind.trim_start().strip_prefix(':').is_some_and(|value| value.trim_start().starts_with('"'));
        json.is_some_and(|json| json.split("\"code\"").skip(1).any(is_member))
    }

    fn leads_to_sign_in_host(&self) -> bool {
        self.locations().any(|location| {
            // A relative one stays at this host, which was judged already.
            let absolute = if location.starts_with("//") { format!("https:{location}").into() } else { location };
            let host = host("GET", &absolute).and_then(|host| sign_in_host(&host));
            host.is_some_and(|host| host.service != Service::StaticAssets)
        })
    }

    /// A form that the sign-in service's page posted to an application: the recorder may have lost what was in it.
    fn is_posted_by_sign_in_page(&self) -> bool {
        let from_sign_in =
            |name: &str| self.request.all(name).any(|page| host("GET", &page).is_some_and(|host| sign_in_host(&host).is_some()));
        let by_script = || self.request.all("sec-fetch-dest").any(|dest| &*dest == "empty");
        self.method == "POST" && self.form.is_none() && (from_sign_in("origin") || from_sign_in("referer")) && !by_script()
    }

    fn is_refused(&self) -> bool {
        match self.status {
            Some(401) => true,
            // Too long, perhaps: the page that a reply leads on to gets the cookies that came with the reply.
            Some(431 | 494) => true,
            Some(400 | 413) => self.method == "GET" && self.is_document(),
            // Azure Storage refuses a token so, without a challenge.
            Some(403) => {
                let for_token = |code: Cow<'_, str>| code.trim() == "AuthenticationFailed";
                has(self.response, "www-authenticate") || self.response.all("x-ms-error-code").any(for_token)
            }
            _ => false,
        }
    }

    /// An API that denies what was to be done with a token may say in the body alone what the token lacks.
    fn names_a_permission(&self) -> bool {
        let is_bearer = |value: &str| value.trim_start().get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
        let carries_token = || self.request.all("authorization").any(|value| is_bearer(&value));
        self.status == Some(403) && carries_token() && names_a_permission(&(self.body)())
    }

    fn names_a_code(&self) -> bool {
        let readable =
            self.mime.is_some_and(|mime| matches!(mime, "text/html" | "text/plain" | "application/json") || mime.ends_with("+json"));
        let failed = || self.status.is_some_and(|status| status >= 400);
        // Exporters that name no resource kind and requests without Sec-Fetch-Dest leave only the MIME type.
        let untold = || self.mime == Some("text/html") && self.resource.is_none() && !has(self.request, "sec-fetch-dest");
        readable && (failed() || untold() || self.is_document()) && names_a_code(&(self.body)())
    }

    fn locations(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.response.all("location").chain(self.redirect.map(Cow::Borrowed))
    }
}

fn has(lines: &impl Lines, name: &str) -> bool {
    lines.all(name).next().is_some()
}

/// The host of an address, lower case. That of a CONNECT is written without a scheme.
fn host<'a>(method: &str, url: &'a str) -> Option<Cow<'a, str>> {
    if method == "CONNECT" && !url.contains("://") {
        let host = url.rsplit_once(':').map_or(url, |(host, _)| host);
        return Some(Cow::Owned(host.to_ascii_lowercase()));
    }
    // Only these schemes have hosts; a `data:` address can be megabytes long.
    let scheme = url.bytes().take(6).position(|byte| byte == b':').and_then(|end| url.get(..end)).unwrap_or_default();
    let has_host = ["http", "https", "ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if has_host { exchange::host(url) } else { None }
}

/// Whether the query or fragment of an address has one of the parameters; `#/route?code=…` counts too.
fn url_carries_parameters(url: &str) -> bool {
    if url.starts_with("data:") {
        return false;
    }
    let behind = memchr::memchr3(b'?', b'#', b'&', url.as_bytes()).and_then(|at| url.as_bytes().get(at + 1..));
    behind.is_some_and(|behind| behind.split(|byte| matches!(byte, b'?' | b'#' | b'&')).any(is_parameter))
}

fn is_parameter(pair: &[u8]) -> bool {
    let begins = |parameter: &&str| pair.strip_prefix(parameter.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
    begins_with(PARAMETER_LETTERS, pair) && PARAMETERS.iter().any(begins)
}

/// How much of an API's refusal is looked at, in bytes.
const LONGEST_REFUSAL: usize = 4096;

/// Whether a text speaks of what a token may allow.
fn names_a_permission(text: &[u8]) -> bool {
    let lower = text.get(..LONGEST_REFUSAL).unwrap_or(text).to_ascii_lowercase();
    [&b"privilege"[..], b"permission", b"scope", b"role"].iter().any(|noun| memmem::find(&lower, noun).is_some())
}

/// Whether a text has "AADSTS" or "AADB2C" with a digit behind it.
fn names_a_code(text: &[u8]) -> bool {
    memmem::find_iter(text, b"AAD").any(|at| {
        let after = text.get(at + 3..at + 7);
        matches!(after, Some([b'S', b'T', b'S', b'0'..=b'9'] | [b'B', b'2', b'C', b'0'..=b'9']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs<'a> = Vec<(&'a str, &'a str)>;

    impl Lines for Pairs<'_> {
        fn all(&self, wanted: &str) -> impl Iterator<Item = Cow<'_, str>> {
            self.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| Cow::Borrowed(*value))
        }
    }

    const NONE: &Pairs<'static> = &Vec::new();

    fn sight(url: &str) -> Sight<'_, Pairs<'_>> {
        Sight {
            method: "GET",
            url,
            status: Some(200),
            failed: false,
            resource: None,
            request: NONE,
            response: NONE,
            cookies_set: &[],
            redirect: None,
            form: None,
            posted: None,
            mime: None,
            body: &|| Cow::Borrowed(b"" as &[u8]),
        }
    }

    #[track_caller]
    fn by_url(url: &str, kept: bool) {
        assert_eq!(sight(url).is_kept_whole(), kept, "{url}");
    }

    #[test]
    fn by_host() {
        by_url("https://login.microsoftonline.com/common/login", true);
        by_url("https://LOGIN.microsoftonline.com:8443/common/login", true);
        by_url("https://contoso.b2clogin.com/x", true);
        by_url("https://login.microsoftonline.com.evil.example/common/login", false);
        by_url("https://app.example/?next=https://login.microsoftonline.com/", false);
        by_url("https://aadcdn.msauth.net/ests/x.js", false);
    }

    #[test]
    fn a_file_of_the_sign_in_page_only_if_it_failed() {
        let mut sight = sight("https://aadcdn.msauth.net/ests/x.js");
        assert!(!sight.is_kept_whole());
        sight.status = None;
        assert!(sight.is_kept_whole());
    }

    #[test]
    fn a_tunnel_to_a_sign_in_host() {
        let mut sight = sight("login.microsoftonline.com:443");
        sight.method = "CONNECT";
        assert!(sight.is_kept_whole());
        sight.url = "app.example:443";
        assert!(!sight.is_kept_whole());
    }

    #[test]
    fn by_the_sign_in_services_own_headers() {
        for (name, value) in [
            ("X-MS-ESTS-Server", "2.1.0 - LOOPBACK"),
            ("x-ms-clitelem", "1,0,0,,"),
            ("set-cookie", "stsservicecookie=ests; path=/"),
            ("Set-Cookie", "a=b\nx-ms-gateway-slice=prod; path=/"),
            ("Set-Cookie", "a=b; path=/, x-ms-gateway-slice=prod; path=/"),
            ("set-cookie", "x-ms-cpim-csrf=x"),
        ] {
            let response = vec![(name, value)];
            let sight = Sight { response: &response, ..sight("https://login.contoso.example/") };
            assert!(sight.is_kept_whole(), "{name}");
        }
        let response = vec![("set-cookie", "a=stsservicecookie")];
        assert!(!Sight { response: &response, ..sight("https://app.example/") }.is_kept_whole());
        let listed = ["x-ms-gateway-slice".into()];
        assert!(Sight { cookies_set: &listed, ..sight("https://app.example/") }.is_kept_whole());
    }

    #[test]
    fn by_path() {
        by_url("https://sts.contoso.example/adfs/ls/?x=1", true);
        by_url("https://app.example/?from=/adfs/ls", false);
    }

    #[test]
    fn by_the_policy_of_a_user_journey() {
        by_url("https://login.contoso.example/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/token", true);
        by_url("https://login.contoso.example/tfp/contoso.onmicrosoft.com/b2c_1a_signin/SelfAsserted", true);
        by_url("https://login.contoso.example/contoso.onmicrosoft.com/oauth2/v2.0/authorize?p=B2C_1_signin", true);
        by_url("https://cdn.example/templates/B2C_1_signin/page.html", false);
        by_url("https://shop.example/?p=B2C_1_signin", false);
    }

    #[test]
    fn by_parameter_names_and_not_by_substrings() {
        by_url("https://app.example/cb?code=x", true);
        by_url("https://app.example/cb?a=1&state=x", true);
        by_url("https://app.example/cb#error=login_required", true);
        by_url("https://app.example/#/route?id_token=x", true);
        by_url("https://app.example/?wa=wsignin1.0", true);
        by_url("https://app.example/?zipcode=1&errors=2&encode=3&code", false);
        by_url("https://app.example/code=1/x", false);
        by_url("data:text/html,?code=1", false);
    }

    #[test]
    fn by_a_posted_form() {
        let form = |form| Sight { form: Some(form), ..sight("https://app.example/signin-oidc") }.is_kept_whole();
        assert!(form("code=x&session_state=y"));
        assert!(form("RelayState=&SAMLResponse=PHNhbWw"));
        assert!(!form("barcode=1&text=code=2"));
    }

    #[test]
    fn by_a_code_that_a_server_did_not_take() {
        let posted = |posted, status| {
            let (method, url) = ("POST", "https://app.example/api/exchange");
            Sight { method, status: Some(status), posted: Some(posted), ..sight(url) }.is_kept_whole()
        };
        assert!(posted(r#"{"provider": "entra", "code" : "1.Ab"}"#, 500));
        assert!(!posted(r#"{"code":"1.Ab"}"#, 200));
        assert!(!posted(r#"{"text":"code","code":7}"#, 400));
        assert!(!posted(r#"["code", "x"]"#, 400));
    }

    #[test]
    fn by_a_form_of_the_sign_in_page_that_was_lost() {
        let posted = |request: &Pairs<'_>| {
            let (method, url) = ("POST", "https://app.example/signin-oidc");
            Sight { method, url, request, response: NONE, ..sight(url) }.is_kept_whole()
        };
        assert!(posted(&vec![("Origin", "https://login.microsoftonline.com")]));
        assert!(posted(&vec![("Referer", "https://login.microsoftonline.com/"), ("Sec-Fetch-Dest", "document")]));
        assert!(!posted(&vec![("Origin", "https://login.microsoftonline.com"), ("Sec-Fetch-Dest", "empty")]));
        assert!(!posted(&vec![("Origin", "https://app.example")]));
    }

    #[test]
    fn by_where_it_leads() {
        for location in ["https://login.microsoftonline.com/t/oauth2/v2.0/authorize", "//login.live.com/x", "/cb?error=access_denied"] {
            let response = vec![("Location", location)];
            assert!(Sight { response: &response, ..sight("https://app.example/") }.is_kept_whole(), "{location}");
            assert!(Sight { redirect: Some(location), ..sight("https://app.example/") }.is_kept_whole(), "{location}");
        }
        assert!(!Sight { redirect: Some("/home"), ..sight("https://app.example/") }.is_kept_whole());
    }

    #[test]
    fn by_a_refusal() {
        let challenge = vec![("WWW-Authenticate", "Bearer")];
        let refused =
            |status, response: &Pairs<'_>| Sight { status: Some(status), response, ..sight("https://api.example/") }.is_kept_whole();
        assert!(refused(401, NONE));
        assert!(refused(403, &challenge));
        assert!(!refused(403, NONE));
        assert!(refused(403, &vec![("x-ms-error-code", "AuthenticationFailed")]));
        assert!(!refused(403, &vec![("x-ms-error-code", "AuthorizationPermissionMismatch")]));
        assert!(!refused(200, &challenge));
    }

    #[test]
    fn by_a_refusal_that_names_a_permission() {
        let kept = |status, sent: &'static str, body: &'static str| {
            let body = move || Cow::Borrowed(body.as_bytes());
            let request = vec![("Authorization", sent)];
            Sight { status: Some(status), request: &request, body: &body, ..sight("https://api.example/") }.is_kept_whole()
        };
        let denied = r#"{"error": {"code": "Authorization_RequestDenied", "message": "Insufficient Privileges."}}"#;
        assert!(kept(403, "Bearer eyJ", denied));
        assert!(!kept(403, "Basic eyJ", denied));
        assert!(!kept(404, "Bearer eyJ", denied));
        assert!(!kept(403, "Bearer eyJ", r#"{"error": "quota"}"#));
    }

    #[test]
    fn by_a_page_that_names_a_code() {
        fn kept(status: u16, mime: &str, resource: Option<Resource>, body: &'static str) -> bool {
            let body = move || Cow::Borrowed(body.as_bytes());
            Sight { status: Some(status), mime: Some(mime), resource, body: &body, ..sight("https://app.example/") }.is_kept_whole()
        }
        let document = Some(Resource::Document);
        assert!(kept(200, "text/html", document, "<p>AADSTS50011: …"));
        assert!(kept(200, "text/html", None, "AADB2C90118"));
        assert!(kept(500, "application/problem+json", Some(Resource::Fetch), "\"AADSTS7000215: \""));
        assert!(!kept(200, "application/json", Some(Resource::Fetch), "AADSTS50011"));
        assert!(!kept(500, "application/javascript", Some(Resource::Script), "AADSTS50011"));
        assert!(!kept(200, "text/html", document, "AADSTS codes explained, AADB2C too; AAD"));
    }

    #[test]
    fn what_a_summary_keeps() {
        assert!(summary_keeps_of_request(b"Sec-Fetch-Dest", false));
        assert!(!summary_keeps_of_request(b"cookie", false));
        assert!(summary_keeps_of_request(b"cookie", true));
        assert!(summary_keeps_of_request(b"User-Agent", false));
        assert!(summary_keeps_of_request(b"Authorization", false) && summary_keeps_only_name(b"Authorization", b"Bearer x", || true));
        assert!(!summary_keeps_only_name(b"Authorization", b"Bearer x", || false), "nothing else tells whose call it is");
        assert!(summary_keeps_only_name(b"Authorization", &[b'x'; LONGEST_TOKEN + 1], || false));
        assert!(
            !summary_keeps_only_name(b"referer", b"", || true)
                && !summary_keeps_only_name(b"authorization", b"[9 bytes were stripped]", || true)
        );
        assert!(!summary_keeps_only_name(b"authorization", b"basic YTpi", || true), "that it is no token tells much, too");
        assert!(!summary_keeps_only_name(b"Authorization", b"Bearer ", || true), "that there is no token tells much, too");
        assert!(names_page(b"Origin") && names_page(b"referer") && !names_page(b"host"));
        assert!(summary_keeps_of_response(b"location", false));
        assert!(summary_keeps_of_response(b"set-cookie", true));
        assert!(!summary_keeps_of_response(b"set-cookie", false));
    }
}
