//! Who is let in. A page of another site can send requests here, too, with the reader's own browser; so every request
//! has to say that it was made for this address, by this page, in the browser that was let in.

use super::problem::Problem;
use super::token::Token;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// The cookie of the browser that was let in.
const COOKIE: &str = "entrace";

/// What the page itself may do: load what is served beside it, and nothing else.
pub(super) const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What any other answer may do if a browser shows it as a page: nothing.
const CLOSED_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// What every answer carries.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
];

/// What has to be known to be let in.
pub(super) struct Guard {
    /// `host:port` as a browser may write it.
    hosts: [String; 3],
    /// Lets one browser in, once.
    entrance: Token,
    entered: AtomicBool,
    /// Everything lies below it. Cookies are sent to every port of a host; of a path that no other server knows they
    /// are sent to none of them.
    folder: Token,
    cookie: Token,
}

impl Guard {
    /// For a server at this port.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn new(port: u16) -> io::Result<Self> {
        Ok(Self {
            hosts: ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")),
            entrance: Token::new()?,
            entered: AtomicBool::new(false),
            folder: Token::new()?,
            cookie: Token::new()?,
        })
    }

    /// The address that lets in, once.
    pub(super) fn entrance(&self, port: u16) -> String {
        format!("http://127.0.0.1:{port}/?token={}", self.entrance.text())
    }

    /// Where everything is that needs the cookie: `/…/`.
    pub(super) fn folder(&self) -> String {
        format!("/{}/", self.folder.text())
    }

    /// Why a request is refused, if it is.
    pub(super) fn refusal(&self, request: &Request) -> Option<Problem> {
        let (headers, uri) = (request.headers(), request.uri());
        let Some(host) = self.host(headers, uri) else {
            return Some(Problem::new(StatusCode::FORBIDDEN, "this address is not entrace's"));
        };
        let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
        let origin = only(headers, &header::ORIGIN);
        let same_origin = match &origin {
            Sent::One(origin) => origin.strip_prefix("http://") == Some(host),
            Sent::None => is_safe,
            Sent::Unclear => false,
        };
        if !same_origin {
            return Some(Problem::new(StatusCode::FORBIDDEN, "this was sent by another site"));
        }
        if uri.path() == "/" && is_safe {
            return None;
        }
        // Browsers say who made a request; what says nothing is no browser, or an old one, which sends Origin.
        let made_here = match only(headers, &HeaderName::from_static("sec-fetch-site")) {
            Sent::One(site) => matches!(site, "same-origin" | "none"),
            Sent::None => true,
            Sent::Unclear => false,
        };
        if !made_here {
            return Some(Problem::new(StatusCode::FORBIDDEN, "this was sent by another site"));
        }
        (!self.knows(headers, uri)).then(|| {
            Problem::new(StatusCode::UNAUTHORIZED, "this browser was not let in: open the address that entrace printed when it started")
        })
    }

    /// The host that the request is for, if it is one of ours and said once.
    fn host<'r>(&self, headers: &'r HeaderMap, uri: &Uri) -> Option<&'r str> {
        let Sent::One(host) = only(headers, &header::HOST) else { return None };
        let authority = uri.authority().map_or(host, |authority| authority.as_str());
        (authority == host && self.hosts.iter().any(|known| known == host)).then_some(host)
    }

    /// Whether the path and the cookie are those that were given out.
    fn knows(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let folder = uri.path().strip_prefix('/').and_then(|path| path.split_once('/')).map_or("", |(folder, _)| folder);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut ours = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == COOKIE).then_some(value)
        });
        let folder_is_right = self.folder.is(folder);
        ours.any(|value| self.cookie.is(value)) && folder_is_right
    }

    /// The way in: the first who knows the token gets the cookie.
    ///
    /// The answer is a page that goes on by itself, and no redirect: a browser keeps a cookie of SameSite=Strict from a
    /// request that another site's link led to.
    pub(super) fn enter(&self, request: &Request) -> Response {
        let query = request.uri().query().unwrap_or_default();
        let right = url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "token" && self.entrance.is(&value));
        if *request.method() != Method::GET || !right {
            let why = "open the address that entrace printed when it started";
            return Problem::new(StatusCode::UNAUTHORIZED, why).into_page();
        }
        if self.entered.swap(true, Ordering::SeqCst) {
            let why = "this address lets in once, and somebody came in with it already. If it was you, go to that window; if not, end entrace and start it again";
            return Problem::new(StatusCode::GONE, why).into_page();
        }
        let (cookie, folder) = (self.cookie.text(), self.folder());
        let cookie = format!("{COOKIE}={cookie}; Path={folder}; HttpOnly; SameSite=Strict");
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>entrace</title><meta http-equiv=\"refresh\" content=\"0; url={folder}\"><p><a href=\"{folder}\">Go on to entrace</a></p></html>\n"
        );
        // In a sandbox the page would be of no site, and the cookie not sent when it goes on.
        let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        let headers = [(header::SET_COOKIE, cookie.as_str()), (header::CONTENT_SECURITY_POLICY, policy)];
        (headers, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    }
}

/// Gives an answer what every answer carries.
pub(super) fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CLOSED_POLICY));
    response
}

/// A header that must not be sent twice.
enum Sent<'r> {
    None,
    One(&'r str),
    Unclear,
}

fn only<'r>(headers: &'r HeaderMap, name: &HeaderName) -> Sent<'r> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Sent::None,
        (Some(Ok(value)), None) => Sent::One(value),
        _ => Sent::Unclear,
    }
}
