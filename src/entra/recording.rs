//! What a capture can show at all, part by part.
//!
//! Chrome and Edge strip `Cookie`, `Set-Cookie` and `Authorization` from their default export without saying
//! so. The sign-in service sets cookies with every reply to a step of a sign-in, so its replies tell on the exporter:
//! one with `x-ms-request-id` and no `Set-Cookie` was stripped. A file may also be put together of several recordings.

use super::authorization::{is_bare_scheme, worked};
use super::cookies::{self, SetCookie};
use super::endpoint::{Endpoint, at_entra};
use super::params::Address;
use super::sign_in_reply::is_sign_in_reply;
use crate::capture::{Capture, Exporter};
use crate::exchange::hosts::{Service, cloud_of_api, sign_in_host};
use crate::exchange::{Exchange, Headers, Loss, RawText, Recorded};
use std::collections::HashSet;

/// How much of one kind of part a capture holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coverage {
    /// The recorder kept it.
    Recorded,
    /// It was removed or never kept.
    Stripped,
    /// Kept in some entries or places only.
    Partly,
    /// Nothing in the file tells.
    Unknown,
}

impl Coverage {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Stripped => "stripped",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
        }
    }
}

/// A coverage with how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// How much is there.
    pub coverage: Coverage,
    /// How that is known.
    pub because: &'static str,
    /// The entry that shows it, where one does.
    pub entry: Option<usize>,
    /// Why a part that is missing from one exchange says nothing; `None` where its absence is real.
    loss: Option<Loss>,
}

impl Part {
    fn new(coverage: Coverage, because: &'static str, entry: Option<usize>) -> Self {
        let loss = match coverage {
            Coverage::Recorded => None,
            Coverage::Stripped => Some(Loss::Stripped),
            Coverage::Partly | Coverage::Unknown => Some(Loss::Unknown),
        };
        Self { coverage, because, entry, loss }
    }

    /// A part of which the recorder keeps in every exchange whether it was there, and not all that was in it.
    fn presence(because: &'static str, entry: Option<usize>) -> Self {
        Self { loss: None, ..Self::new(Coverage::Partly, because, entry) }
    }
}

/// What a capture can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// Cookies that requests sent.
    pub request_cookies: Part,
    /// Cookies that replies set.
    pub response_cookies: Part,
    /// `Authorization` headers.
    pub authorization: Part,
    /// Bodies that came back from sign-in hosts.
    pub response_bodies: Part,
    /// Bodies that were posted to sign-in hosts.
    pub request_bodies: Part,
    /// The part of addresses after `#`.
    pub fragments: Part,
    /// Whether frames can be told from tabs.
    pub frames: Part,
}

impl Recording {
    /// Finds out what a capture can show.
    pub(super) fn of(capture: &Capture) -> Self {
        let shown = Shown::of(capture);
        let response_cookies = response_cookies(&shown);
        let request_cookies = request_cookies(&shown, capture.exporter, &response_cookies);
        let authorization = authorization(&shown, &request_cookies);
        Self {
            request_cookies,
            response_cookies,
            authorization,
            response_bodies: bodies(&shown, lost_of_reply, |exchange| has(&exchange.response.body)),
            request_bodies: bodies(&shown, |exchange| exchange.request.body.loss(), |exchange| has(&exchange.request.body)),
            fragments: fragments(&shown, capture.exporter),
            frames: frames(&shown),
        }
    }

    /// Of what holds no traffic at all, for this reason.
    pub fn of_no_traffic(because: &'static str) -> Self {
        let part = || Part::new(Coverage::Stripped, because, None);
        Self {
            request_cookies: part(),
            response_cookies: part(),
            authorization: part(),
            response_bodies: part(),
            request_bodies: part(),
            fragments: part(),
            frames: part(),
        }
    }

    /// Cookies in both directions, as one word.
    pub fn cookies(&self) -> Coverage {
        match (self.request_cookies.coverage, self.response_cookies.coverage) {
            (a, b) if a == b => a,
            (Coverage::Unknown, other) | (other, Coverage::Unknown) => match other {
                Coverage::Stripped => Coverage::Stripped,
                _ => Coverage::Partly,
            },
            _ => Coverage::Partly,
        }
    }

    /// The names of the cookies that a request sent.
    pub fn sent(&self, exchange: &Exchange) -> Recorded<Vec<String>> {
        let request = &exchange.request;
        if request.headers.is_stripped("cookie") {
            return Recorded::NotKept(Loss::Stripped);
        }
        let lines = || request.headers.all("cookie").map(RawText::raw);
        let is_replaced = lines().next().is_some() && !lines().any(cookies::has_name);
        let mut names: Vec<String> = lines().filter(|line| cookies::has_name(line)).flat_map(cookies::names).collect();
        if names.is_empty() {
            names = request.listed_cookies.iter().map(ToString::to_string).collect();
        }
        if names.is_empty() && (is_replaced || lacks_its_cookies(exchange)) {
            return Recorded::NotKept(Loss::Stripped);
        }
        found_or(names, &request.headers, "cookie", &self.request_cookies)
    }

    /// The cookies that a reply set or deleted.
    pub fn set(&self, exchange: &Exchange) -> Recorded<Vec<SetCookie>> {
        let response = &exchange.response;
        if response.headers.is_stripped("set-cookie") {
            return Recorded::NotKept(Loss::Stripped);
        }
        let sent = exchange.started;
        let set: Vec<SetCookie> = response.headers.all("set-cookie").filter_map(|line| SetCookie::parse(line.raw(), sent)).collect();
        // A list of names does not tell a cookie that is set from one that is deleted.
        if set.is_empty() && !response.listed_cookies.is_empty() {
            return Recorded::NotKept(Loss::Unknown);
        }
        if set.is_empty() && (response.headers.has("set-cookie") || lacks_its_cookies(exchange)) {
            return Recorded::NotKept(Loss::Stripped);
        }
        found_or(set, &response.headers, "set-cookie", &self.response_cookies)
    }
}

/// What was found in the headers of one exchange, or what it means that nothing was.
fn found_or<T>(found: Vec<T>, headers: &Headers, name: &str, part: &Part) -> Recorded<Vec<T>> {
    if !found.is_empty() {
        return Recorded::Kept(found);
    }
    match (headers.get(name).loss(), part.loss) {
        (Some(loss), _) | (None, Some(loss)) => Recorded::NotKept(loss),
        (None, None) => Recorded::Empty,
    }
}

/// Why the body of a reply is missing. Where no reply came, as to a request that the browser blocked, there was none to lose.
fn lost_of_reply(exchange: &Exchange) -> Option<Loss> {
    exchange.response.status.and_then(|_| exchange.response.body.loss())
}

/// Whether one of Microsoft's own APIs did what it was asked: they do hardly anything without a token.
fn is_answered_by_api(exchange: &Exchange) -> bool {
    worked(exchange) && exchange.request.url.host().is_some_and(|host| cloud_of_api(&host).is_some())
}

/// Whether a call must have carried a token that is not in the capture, which has this much of `Authorization`. Pages do not ask
/// an API of Microsoft's for what needs none.
pub(crate) fn lacks_token(exchange: &Exchange, authorization: Coverage) -> bool {
    authorization != Coverage::Recorded && is_answered_by_api(exchange)
}

fn has<T>(part: &Recorded<T>) -> bool {
    part.kept().is_some()
}

/// Whether the reply is one of those that set cookies in any case, and has none: then the export removed them, and with them those
/// of the request. Those are the steps that pages and programs sign in by; replies to scripts of the sign-in page and documents for
/// everybody set none, and of the rest it is not known.
fn lacks_its_cookies(exchange: &Exchange) -> bool {
    let is_step = |address: &Address| {
        use Endpoint::{Authorize, Federation, Kmsi, Login, Logout, Reprocess, Saml, Token, WsFederation};
        matches!(at_entra(address).0, Authorize | Federation | Kmsi | Login | Logout | Reprocess | Saml | Token | WsFederation)
    };
    let response = &exchange.response;
    !response.headers.has("set-cookie")
        && response.listed_cookies.is_empty()
        && is_sign_in_reply(exchange)
        && Address::of(&exchange.request.url).as_ref().is_some_and(is_step)
}

/// Whether it went to the sign-in service, tunnels left out: such exchanges are all kept whole.
fn at_sign_in_host(exchange: &Exchange) -> bool {
    if !exchange.kept_whole {
        return false;
    }
    let host = exchange.request.url.host().and_then(|host| sign_in_host(&host));
    host.is_some_and(|host| host.service != Service::StaticAssets)
}

/// The first exchanges that show something, and all that went to the sign-in service: found in one walk, for a capture may
/// have hundreds of thousands.
#[derive(Default)]
struct Shown<'c> {
    sends_cookies: Option<&'c Exchange>,
    /// Of a log that keeps that there was the header, and not what stood in it.
    sends_stripped_cookies: Option<&'c Exchange>,
    sets_cookies: Option<&'c Exchange>,
    sets_stripped_cookies: Option<&'c Exchange>,
    /// Of a recorder that lists their names beside the headers, and has no header of them.
    sets_listed_cookies: Option<&'c Exchange>,
    /// Where a page was asked for without the cookies that an earlier reply of its host had set.
    sends_none_that_were_set: Option<&'c Exchange>,
    hosts_that_set_cookies: HashSet<String>,
    sends_authorization: Option<&'c Exchange>,
    sends_stripped_authorization: Option<&'c Exchange>,
    lacks_its_cookies: Option<&'c Exchange>,
    fragment_of_address: Option<&'c Exchange>,
    fragment_of_redirect: Option<&'c Exchange>,
    at_sign_in: Vec<&'c Exchange>,
}

impl<'c> Shown<'c> {
    fn of(capture: &'c Capture) -> Self {
        let mut shown = Self::default();
        for exchange in &capture.exchanges {
            shown.look_at(exchange);
        }
        shown
    }

    fn look_at(&mut self, exchange: &'c Exchange) {
        let (request, response) = (&exchange.request, &exchange.response);
        let has_fragment = |address: &RawText| memchr::memchr(b'#', address.raw().as_bytes()).is_some();
        for line in request.headers.lines() {
            match &*line.name {
                "cookie" if line.is_stripped() || !cookies::has_name(line.written().raw()) => {
                    self.sends_stripped_cookies.get_or_insert(exchange)
                }
                "cookie" => self.sends_cookies.get_or_insert(exchange),
                "authorization" if line.is_stripped() => self.sends_stripped_authorization.get_or_insert(exchange),
                // Microsoft's own APIs answer hardly anything without a token: it was there, and somebody took it out.
                "authorization" if line.value().kept().is_some_and(|value| is_bare_scheme(value.raw())) => {
                    match is_answered_by_api(exchange) {
                        true => self.sends_stripped_authorization.get_or_insert(exchange),
                        false => continue,
                    }
                }
                "authorization" => self.sends_authorization.get_or_insert(exchange),
                _ => continue,
            };
        }
        for line in response.headers.lines() {
            match &*line.name {
                "set-cookie" if line.is_stripped() || !cookies::has_name(line.written().raw()) => {
                    self.sets_stripped_cookies.get_or_insert(exchange)
                }
                "set-cookie" => self.sets_cookies.get_or_insert(exchange),
                "location" if line.value().kept().copied().is_some_and(has_fragment) => self.fragment_of_redirect.get_or_insert(exchange),
                _ => continue,
            };
        }
        if !request.listed_cookies.is_empty() {
            self.sends_cookies.get_or_insert(exchange);
        }
        if !response.listed_cookies.is_empty() {
            self.sets_listed_cookies.get_or_insert(exchange);
        }
        if self.lacks_its_cookies.is_none() && lacks_its_cookies(exchange) {
            self.lacks_its_cookies = Some(exchange);
        }
        if self.fragment_of_address.is_none() && memchr::memchr(b'#', request.url.raw().as_bytes()).is_some() {
            self.fragment_of_address = Some(exchange);
        }
        if response.redirect.as_ref().is_some_and(has_fragment) {
            self.fragment_of_redirect.get_or_insert(exchange);
        }
        if at_sign_in_host(exchange) {
            if self.sends_cookies.is_none() {
                self.look_for_cookies_that_stay_away(exchange);
            }
            self.at_sign_in.push(exchange);
        }
    }

    /// A frame may be kept from its cookies, a page is not.
    fn look_for_cookies_that_stay_away(&mut self, exchange: &'c Exchange) {
        let headers = &exchange.request.headers;
        let is_page = headers.value("sec-fetch-dest").is_some_and(|destination| destination.raw() == "document");
        let Some(host) = exchange.request.url.host() else { return };
        if is_page && headers.absent().is_none() && self.hosts_that_set_cookies.contains(&host) {
            self.sends_none_that_were_set.get_or_insert(exchange);
        }
        let stays = |line: &RawText| SetCookie::parse(line.raw(), exchange.started).is_some_and(|cookie| !cookie.deletes);
        if exchange.response.headers.all("set-cookie").any(stays) {
            self.hosts_that_set_cookies.insert(host);
        }
    }
}

fn response_cookies(shown: &Shown<'_>) -> Part {
    const LACKING: &str = "a reply of the sign-in service sets no cookie, and it always sets some";
    match (shown.sets_cookies, shown.lacks_its_cookies) {
        (Some(exchange), None) => return Part::new(Coverage::Recorded, "replies set cookies", Some(exchange.entry)),
        // Of several recordings in one file each tells of its own.
        (Some(_), Some(lacking)) => return Part::presence(LACKING, Some(lacking.entry)),
        (None, _) => {}
    }
    if let Some(exchange) = shown.sets_stripped_cookies {
        return Part::presence("the log keeps that replies set cookies, and not which", Some(exchange.entry));
    }
    if let Some(exchange) = shown.sets_listed_cookies {
        return Part::presence("the names of cookies that replies set or delete are listed, without their headers", Some(exchange.entry));
    }
    match shown.lacks_its_cookies {
        Some(lacking) => Part::new(Coverage::Stripped, LACKING, Some(lacking.entry)),
        None => Part::new(Coverage::Unknown, "no reply in the capture had to set a cookie", None),
    }
}

fn request_cookies(shown: &Shown<'_>, exporter: Exporter, response: &Part) -> Part {
    match (shown.sends_cookies, shown.lacks_its_cookies) {
        (Some(exchange), None) => return Part::new(Coverage::Recorded, "requests send cookies", Some(exchange.entry)),
        (Some(_), Some(lacking)) => {
            return Part::presence("where the cookies of a reply were removed, so were those of its request", Some(lacking.entry));
        }
        (None, _) => {}
    }
    if let Some(exchange) = shown.sends_stripped_cookies {
        return Part::presence("the log keeps that requests send cookies, and not which", Some(exchange.entry));
    }
    if let Some(exchange) = shown.sends_none_that_were_set {
        let because = "a page is asked for without the cookies that its host had set: they were removed, or the browser keeps none";
        return Part::new(Coverage::Unknown, because, Some(exchange.entry));
    }
    match (response.coverage, exporter) {
        (Coverage::Stripped, _) => {
            Part::new(Coverage::Stripped, "the export removed the cookies of replies, so those of requests too", response.entry)
        }
        // These keep both directions or neither (devtools-frontend `Log.ts`; the others write what they saw).
        (
            Coverage::Recorded,
            Exporter::ChromiumDevTools
            | Exporter::Firefox
            | Exporter::Playwright
            | Exporter::Mitmproxy
            | Exporter::Fiddler
            | Exporter::Charles
            | Exporter::Burp
            | Exporter::SamlTracer,
        ) => Part::new(Coverage::Recorded, "this exporter keeps the cookies of requests where it keeps those of replies", response.entry),
        // Its headers are complete; where cookies are left out, it says that they were.
        (_, Exporter::ChromiumNetLog) => Part::presence("the log keeps whether requests send cookies, and not which", response.entry),
        _ => Part::new(
            Coverage::Unknown,
            "no request in the capture shows a cookie, and nothing tells whether the recorder keeps them",
            None,
        ),
    }
}

fn authorization(shown: &Shown<'_>, request_cookies: &Part) -> Part {
    if let Some(exchange) = shown.sends_authorization {
        return Part::new(Coverage::Recorded, "requests carry Authorization", Some(exchange.entry));
    }
    if let Some(exchange) = shown.sends_stripped_authorization {
        return Part::presence("the log keeps that requests carry Authorization, and not what", Some(exchange.entry));
    }
    match request_cookies.coverage {
        Coverage::Stripped => {
            Part::new(Coverage::Stripped, "the export that removes cookies removes Authorization too", request_cookies.entry)
        }
        Coverage::Recorded => Part::new(Coverage::Recorded, "the export kept cookies, which go with Authorization", request_cookies.entry),
        Coverage::Partly | Coverage::Unknown => Part::new(Coverage::Unknown, "no request carries Authorization", None),
    }
}

fn bodies(shown: &Shown<'_>, loss: impl Fn(&Exchange) -> Option<Loss>, kept: impl Fn(&Exchange) -> bool) -> Part {
    let mut lost = None;
    let mut any = None;
    // What goes through a tunnel that a proxy opens has entries of its own.
    for exchange in shown.at_sign_in.iter().filter(|exchange| &*exchange.request.method != "CONNECT") {
        if loss(exchange).is_some() {
            lost.get_or_insert(exchange.entry);
        } else if kept(exchange) {
            any.get_or_insert(exchange.entry);
        }
    }
    match (any, lost) {
        (Some(entry), None) => Part::new(Coverage::Recorded, "every body of the sign-in traffic is there", Some(entry)),
        (Some(_), Some(entry)) => Part::new(Coverage::Partly, "some bodies of the sign-in traffic are missing", Some(entry)),
        (None, Some(entry)) => Part::new(Coverage::Stripped, "no body of the sign-in traffic is there", Some(entry)),
        (None, None) => Part::new(Coverage::Unknown, "no sign-in traffic had a body", None),
    }
}

fn fragments(shown: &Shown<'_>, exporter: Exporter) -> Part {
    match (shown.fragment_of_address, shown.fragment_of_redirect) {
        (Some(exchange), _) => Part::new(Coverage::Recorded, "addresses keep their fragment", Some(exchange.entry)),
        (None, Some(exchange)) => {
            Part::new(Coverage::Partly, "redirects keep their fragment, the addresses they lead to do not", Some(exchange.entry))
        }
        (None, None) => match exporter {
            Exporter::ChromiumDevTools | Exporter::Playwright => {
                Part::new(Coverage::Partly, "this exporter keeps fragments in redirects only", None)
            }
            Exporter::Firefox | Exporter::Safari => Part::new(Coverage::Recorded, "this exporter keeps fragments", None),
            Exporter::Mitmproxy | Exporter::Charles | Exporter::Fiddler | Exporter::Burp => {
                Part::new(Coverage::Partly, "a proxy sees fragments in redirects only", None)
            }
            _ => Part::new(Coverage::Unknown, "no address has a fragment", None),
        },
    }
}

fn frames(shown: &Shown<'_>) -> Part {
    let told = |exchange: &&&Exchange| exchange.request.headers.has("sec-fetch-dest");
    let with = shown.at_sign_in.iter().find(told);
    let without = shown.at_sign_in.iter().find(|exchange| !told(exchange) && exchange.request.headers.absent().is_none());
    match (with, without) {
        (Some(exchange), None) => Part::new(Coverage::Recorded, "requests carry Sec-Fetch-Dest", Some(exchange.entry)),
        (Some(_), Some(exchange)) => Part::new(Coverage::Partly, "some requests lack Sec-Fetch-Dest", Some(exchange.entry)),
        (None, Some(exchange)) => Part::new(Coverage::Unknown, "no request carries Sec-Fetch-Dest", Some(exchange.entry)),
        (None, None) => Part::new(Coverage::Unknown, "no sign-in request keeps its headers", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some exporters list the cookies of a reply and leave their headers out: then nothing tells which of them it sets,
    /// and least of all that it sets none.
    #[test]
    fn cookies_that_are_only_listed_are_no_reply_without_cookies() {
        let har = r#"{"log":{"entries":[{"startedDateTime":"2026-11-20T14:00:00Z","request":{"method":"GET",
            "url":"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x","headers":[],"cookies":[{"name":"brcap"}]},
            "response":{"status":200,"headers":[{"name":"x-ms-ests-server","value":"x"}],"cookies":[{"name":"fpc"}]}}]}}"#;
        let capture = Capture::from_bytes(har.as_bytes().to_vec()).unwrap();
        let recording = Recording::of(&capture);
        assert_eq!(recording.response_cookies.coverage, Coverage::Partly);
        assert_eq!(recording.set(&capture.exchanges[0]).loss(), Some(Loss::Unknown));
        assert_eq!(recording.sent(&capture.exchanges[0]).kept(), Some(&vec!["brcap".to_owned()]));
    }

    /// A HAR that some tool made of a NetLog: that a cookie was sent is known, and that none was, but not which.
    #[test]
    fn of_a_value_that_was_stripped_it_is_known_that_it_was_there() {
        let entry = |request: &str, response: &str| {
            format!(
                r#"{{"startedDateTime":"2026-11-20T14:00:00Z","request":{{"method":"POST",
                "url":"https://login.microsoftonline.com/common/GetCredentialType","headers":[{{"name":"Host","value":"x"}}{request}]}},
                "response":{{"status":200,"headers":[{{"name":"x-ms-ests-server","value":"x"}}{response}]}}}}"#
            )
        };
        let sent = r#",{"name":"Cookie","value":"[123 bytes were stripped]"}"#;
        let set = r#",{"name":"Set-Cookie","value":"[55 bytes were stripped]"},{"name":"Set-Cookie","value":"[7 bytes were stripped]"}"#;
        let har = format!(r#"{{"log":{{"entries":[{},{}]}}}}"#, entry(sent, set), entry("", ""));
        let capture = Capture::from_bytes(har.into_bytes()).unwrap();
        let recording = Recording::of(&capture);
        assert_eq!((recording.request_cookies.coverage, recording.response_cookies.coverage), (Coverage::Partly, Coverage::Partly));
        let [with, without] = [&capture.exchanges[0], &capture.exchanges[1]];
        assert_eq!((recording.sent(with).loss(), recording.set(with).loss()), (Some(Loss::Stripped), Some(Loss::Stripped)));
        assert_eq!(recording.sent(without), Recorded::Empty);
        assert!(matches!(recording.set(without), Recorded::Empty));
    }
}
