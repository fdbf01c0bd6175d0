//! What of a capture may be shown: the one allow-list.
//!
//! Names are always shown, values only where they are listed here. An [`Evidence`] with an excerpt can be
//! made in this file alone, so no report can show what is not listed.

use super::accounts::Accounts;
use super::challenge::Challenge;
use super::client;
use super::code::ErrorCode;
use super::complaint::Complaint;
use super::cookies;
use super::failure::Failure;
use super::key::{holds_key, is_somebodys};
use super::params::{Address, Param, Params, Source};
use super::step::{Step, http_date};
use super::tenant::{Guid, Tenant};
use crate::exchange::{Exchange, RawText, Secret};
use std::borrow::Cow;
use std::collections::HashMap;
use std::iter;
use std::net::IpAddr;

/// A place in a capture, with what may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    entry: usize,
    part: Cow<'static, str>,
    excerpt: Option<String>,
    /// The log and the row of it, where this is none of the capture's own places.
    row: Option<(LogKind, usize)>,
}

/// A log that stands beside a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LogKind {
    /// An export of Entra's sign-in logs.
    SignIn,
    /// A log of MSAL.
    Msal,
}

impl LogKind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in-log",
            Self::Msal => "msal-log",
        }
    }
}

/// What a field of a sign-in log may show.
pub(crate) enum LogValue<'v> {
    /// A word of ours.
    Word(&'static str),
    /// An id.
    Id(&'v Guid),
    /// The name of a Conditional Access policy, which the administrator needs and who wrote it chose.
    PolicyName(&'v Secret),
}

impl Evidence {
    /// A place that was searched; what is not there has no excerpt.
    pub fn searched(entry: usize, part: impl Into<Cow<'static, str>>) -> Self {
        Self { entry, part: part.into(), excerpt: None, row: None }
    }

    /// A field of a sign-in log's row, with what it shows: the row is that of the failure in this entry.
    pub(crate) fn logged(entry: usize, row: usize, field: &str, value: &LogValue<'_>) -> Self {
        let excerpt = match value {
            LogValue::Word(word) => (*word).to_owned(),
            LogValue::Id(id) => id.to_string(),
            LogValue::PolicyName(name) => policy_name(name.expose()),
        };
        Self { row: Some((LogKind::SignIn, row)), ..Self::shown(entry, log_part(LogKind::SignIn, row, field), excerpt) }
    }

    /// A field of an error in a log of MSAL, with one of our words: the error is that of the failure in this entry.
    pub(crate) fn logged_by_msal(entry: usize, row: usize, field: &str, word: &'static str) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::shown(entry, log_part(LogKind::Msal, row, field), word) }
    }

    /// The code that an error in a log of MSAL names.
    pub(crate) fn code_logged_by_msal(entry: usize, row: usize, code: ErrorCode) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::shown(entry, log_part(LogKind::Msal, row, "code"), code.to_string()) }
    }

    /// A field of an error in a log of MSAL, as a place that was searched.
    pub(crate) fn searched_in_msal_log(entry: usize, row: usize, field: &str) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::searched(entry, log_part(LogKind::Msal, row, field)) }
    }

    /// A field of a sign-in log's row, as a place that was searched.
    pub(crate) fn searched_in_log(entry: usize, row: usize, field: &str) -> Self {
        Self { row: Some((LogKind::SignIn, row)), ..Self::searched(entry, log_part(LogKind::SignIn, row, field)) }
    }

    /// The row of a log that this is a place of, counted from 0; `None` for a place of the capture.
    pub fn row(&self) -> Option<usize> {
        self.row.map(|(_, row)| row)
    }

    /// The log that this is a place of; `None` for a place of the capture.
    pub fn log(&self) -> Option<LogKind> {
        self.row.map(|(log, _)| log)
    }

    /// The entry, counted from 0.
    pub fn entry(&self) -> usize {
        self.entry
    }

    /// The part of the exchange, as `request.header.sec-fetch-dest`.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// Whether another is of the same part of the same entry, whatever each shows of it.
    pub fn is_at_place_of(&self, other: &Self) -> bool {
        (self.entry, &self.part) == (other.entry, &other.part)
    }

    /// What may be shown of it.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    fn shown(entry: usize, part: impl Into<Cow<'static, str>>, excerpt: impl Into<String>) -> Self {
        Self { entry, part: part.into(), excerpt: Some(excerpt.into()), row: None }
    }
}

/// A parameter of a message as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShownParameter {
    /// Its name, where it has the form of one.
    pub name: String,
    /// Where it stood.
    pub source: Source,
    /// Its value, where that is listed.
    pub value: Option<String>,
}

/// How many parameters of one message are shown.
const PARAMETERS: usize = 40;
/// What stands for a value that is not listed.
const NOT_SHOWN: &str = "(not shown)";
/// What stands for a name that has not the form of one.
const UNUSUAL_NAME: &str = "(unusual name)";

/// Secrets by kind and order of appearance: `code #2`.
#[derive(Clone, Default)]
pub struct Labels {
    numbers: HashMap<(&'static str, Secret), usize>,
    counts: HashMap<&'static str, usize>,
}

impl Labels {
    pub(super) fn add(&mut self, kind: &'static str, value: &Secret) {
        if value.is_empty() || self.numbers.contains_key(&(kind, value.clone())) {
            return;
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.numbers.insert((kind, value.clone()), *count);
    }

    /// The name of a secret.
    pub fn of(&self, kind: &'static str, value: &Secret) -> String {
        match self.numbers.get(&(kind, value.clone())) {
            Some(number) => format!("{kind} #{number}"),
            None => format!("({kind})"),
        }
    }
}

/// The kind under which the value of a parameter is numbered.
pub(super) fn secret_kind(parameter: &str) -> Option<&'static str> {
    Some(match parameter.to_ascii_lowercase().as_str() {
        "code" => "code",
        "state" => "state",
        "nonce" => "nonce",
        "sid" | "session_state" => "session",
        "refresh_token" => "refresh token",
        _ => return None,
    })
}

/// Who and what in one capture is known by number.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Names {
    /// The people.
    pub accounts: Accounts,
    /// The secrets.
    pub labels: Labels,
}

impl Names {
    /// What may be shown of a parameter.
    fn parameter(&self, param: &Param) -> String {
        let name = param.name.to_ascii_lowercase();
        let text = param.value.expose();
        if let Some(kind) = secret_kind(&name) {
            return self.labels.of(kind, &param.value);
        }
        match name.as_str() {
            "prompt"
            | "response_type"
            | "response_mode"
            | "grant_type"
            | "code_challenge_method"
            | "domain_hint"
            | "x-client-sku"
            | "x-client-ver"
            | "wa"
            | "scope"
            | "resource"
            | "error_subcode"
            | "suberror"
            | "requested_token_use" => plain(text),
            "error" => super::failure::oauth_error(text).unwrap_or("(an unlisted value)").to_owned(),
            "client_id" | "brk_client_id" => client_id(text),
            "redirect_uri" | "post_logout_redirect_uri" | "reply" => address(text),
            "client-request-id" => Guid::parse(text).map_or_else(|| "(no GUID)".to_owned(), |id| id.to_string()),
            "login_hint" | "username" | "login" | "logout_hint" => self.account(&param.value),
            "x-anchormailbox" => match client::anchor(text) {
                Some(client::Anchor::ObjectId { account, tenant }) => {
                    let who = self.accounts.find_object_id(&account).map(|id| self.accounts.label(id));
                    format!("{} of tenant {tenant}", who.unwrap_or_else(|| "an account".to_owned()))
                }
                Some(client::Anchor::Username(name)) => self.account(&name),
                None => "(unusual text)".to_owned(),
            },
            "claims" => "(a claims request)".to_owned(),
            _ => NOT_SHOWN.to_owned(),
        }
    }

    /// The parameters of a message, in order: the first 40.
    pub fn parameters(&self, params: &Params) -> Vec<ShownParameter> {
        let shown = |param: &Param| {
            let value = Some(self.parameter(param)).filter(|value| value != NOT_SHOWN);
            // Text without a value may be anything: a key that an address consists of, a body that is no form.
            let is_name = value.is_some() || !param.value.is_empty() && param.name.len() <= 40;
            let name = if is_name { shown_name(&param.name) } else { UNUSUAL_NAME.to_owned() };
            ShownParameter { name, source: param.source, value }
        };
        params.iter().take(PARAMETERS).map(shown).collect()
    }

    /// A person by number; a hint that is no address is only described.
    pub fn account(&self, name: &Secret) -> String {
        match self.accounts.find_name(name) {
            Some(id) => self.accounts.label(id),
            None => "(an opaque hint)".to_owned(),
        }
    }

    /// Evidence: a parameter of the request, by name.
    pub fn request_param(&self, step: &Step, name: &str) -> Option<Evidence> {
        step.params.find(name).map(|param| self.param(step, param))
    }

    /// Evidence: a parameter that was found in the request.
    pub fn param(&self, step: &Step, param: &Param) -> Evidence {
        let part = match param.source.part() {
            "form" => format!("request.body.{}", shown_name(&param.name)),
            source => format!("request.url.{source}.{}", shown_name(&param.name)),
        };
        Evidence::shown(step.entry, part, self.parameter(param))
    }

    /// Evidence: a parameter of the reply, in the redirect or self-posting page.
    pub fn reply_param(&self, step: &Step, name: &str) -> Option<Evidence> {
        let handover = step.reply.handover.as_ref()?;
        let param = handover.params.find(name)?;
        let part = match param.source {
            Source::Page => format!("response.body.input.{}", shown_name(&param.name)),
            source => format!("{}.{}.{}", handover.part, source.part(), shown_name(&param.name)),
        };
        Some(Evidence::shown(step.entry, part, self.parameter(param)))
    }

    /// Evidence: the failure that a message told.
    pub fn failure(&self, entry: usize, failure: &Failure) -> Evidence {
        let mut words: Vec<String> = failure.error.map(str::to_owned).into_iter().collect();
        words.extend(failure.codes.iter().map(ToString::to_string));
        words.extend(failure.suberror.map(str::to_owned));
        words.extend(failure.words.phrase().map(|phrase| format!("“{phrase}”")));
        Evidence::shown(entry, failure.part.clone(), words.join(", "))
    }

    /// Evidence: the names of the sign-in service's cookies that a request sent.
    pub fn cookies_sent(&self, step: &Step, wanted: impl Fn(&str) -> bool) -> Evidence {
        let names = step.cookies_sent.kept().map(Vec::as_slice).unwrap_or_default();
        let mut shown: Vec<String> = names.iter().filter(|name| wanted(name)).map(|name| cookies::shown(name)).collect();
        shown.dedup();
        Evidence::shown(step.entry, "request.header.cookie", shown.join(", "))
    }

    /// Evidence: how many cookies a request sent, and how long they are together.
    pub fn size_of_cookies(&self, step: &Step) -> Option<Evidence> {
        let count = step.cookies_sent.kept()?.len();
        let header = *step.request_header("cookie").kept()?;
        Some(Evidence::shown(step.entry, "request.header.cookie", format!("{count} cookies, {} bytes", header.raw().len())))
    }

    /// Evidence: what an API says against the token that it refuses.
    pub fn complaint(&self, step: &Step) -> Option<Evidence> {
        match step.reply.complaint? {
            (_, "response.header.www-authenticate") => self.response_header(step, "www-authenticate"),
            (complaint, part) => Some(Evidence::shown(step.entry, part, complaint.phrase())),
        }
    }

    /// Evidence: that the application's server does not know the reply again, where it says so.
    pub fn unknown_reply(&self, step: &Step) -> Option<Evidence> {
        let says = step.says_reply_is_unknown() == Some(true);
        let status = step.status.map(|status| format!("{status}, the reply is not known again"));
        status.filter(|_| says).map(|excerpt| Evidence::shown(step.entry, "response.body", excerpt))
    }

    /// Evidence: that the server finds the headers of a request too long, where it says so.
    pub fn too_long(&self, step: &Step) -> Option<Evidence> {
        let excerpt = step.status.map(|status| format!("{status}, the headers are too long")).unwrap_or_default();
        Some(Evidence::shown(step.entry, step.finds_too_long()?, excerpt))
    }

    /// Evidence: the names of cookies that a reply set or deleted.
    pub fn cookies_set(&self, step: &Step, wanted: impl Fn(&cookies::SetCookie) -> bool) -> Evidence {
        let lines = step.cookies_set.kept().map(Vec::as_slice).unwrap_or_default();
        let mut shown: Vec<String> = lines
            .iter()
            .filter(|line| wanted(line))
            .map(|line| if line.deletes { format!("{} (deleted)", cookies::shown(&line.name)) } else { cookies::shown(&line.name) })
            .collect();
        shown.sort();
        shown.dedup();
        Evidence::shown(step.entry, "response.header.set-cookie", shown.join(", "))
    }

    /// Evidence: the cookies that the browser withheld, by name where it tells names, with its reasons.
    pub fn withheld_cookies(&self, step: &Step) -> Evidence {
        let cookies = step.exchange.request.withheld_cookies.kept().map(Vec::as_slice).unwrap_or_default();
        let mut shown: Vec<String> = cookies
            .iter()
            .filter(|cookie| cookie.as_third_party)
            .map(|cookie| {
                format!("{}: {}", cookie.name.as_deref().map_or_else(|| "a cookie".to_owned(), cookies::shown), plain(&cookie.reason))
            })
            .collect();
        shown.sort();
        shown.dedup();
        Evidence::shown(step.entry, "request.withheld-cookies", shown.join(", "))
    }

    /// Evidence: the step itself.
    pub fn step(&self, step: &Step) -> Evidence {
        let place = match place(step) {
            Some(place) => format!("{} {place}", step.method),
            None => step.method.clone(),
        };
        let status = step.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
        Evidence::shown(step.entry, "request.url", format!("{place} → {status}"))
    }

    /// Evidence: an exchange that only a summary was kept of.
    pub fn exchange(&self, exchange: &Exchange) -> Evidence {
        let place = Address::of(&exchange.request.url).map(|address| format!("{}{}", short_origin(&address), short_path(&address.path)));
        let status = exchange.response.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
        Evidence::shown(exchange.entry, "request.url", format!("{} {} → {status}", exchange.request.method, place.unwrap_or_default()))
    }

    /// Evidence: a request header by name, its value where that is of a listed kind.
    pub fn request_header(&self, step: &Step, name: &'static str) -> Option<Evidence> {
        step.request_header(name).kept().map(|value| self.header(step, name, value))
    }

    /// Evidence: a header that was found in the request.
    pub fn header(&self, step: &Step, name: &'static str, value: &RawText) -> Evidence {
        Evidence::shown(step.entry, format!("request.header.{name}"), header(name, value))
    }

    /// Evidence: a response header by name, its value where that is of a listed kind.
    pub fn response_header(&self, step: &Step, name: &'static str) -> Option<Evidence> {
        step.response_header(name).kept().map(|value| self.reply_header(step, name, value))
    }

    /// Evidence: a header that was found in the reply.
    pub fn reply_header(&self, step: &Step, name: &'static str, value: &RawText) -> Evidence {
        Evidence::shown(step.entry, format!("response.header.{name}"), header(name, value))
    }

    /// Evidence: the page of the sign-in service that came back.
    pub fn page(&self, step: &Step) -> Option<Evidence> {
        let page = step.reply.page.as_ref()?;
        let id = page.id.as_deref().unwrap_or("a page");
        let sessions = page.sessions.map(|count| format!(", {count} account tiles")).unwrap_or_default();
        Some(Evidence::shown(step.entry, "response.body.$Config.pgid", format!("{id}{sessions}")))
    }

    /// Evidence: a claim of a token that a reply holds, by the claim's name.
    pub fn token_claim(&self, step: &Step, token: &'static str, claim: &'static str, value: &str) -> Evidence {
        let shown = match claim {
            "iss" | "idp" => address(value),
            "tid" | "utid" => Guid::parse(value).map_or_else(|| "(no GUID)".to_owned(), |id| id.to_string()),
            "aud" | "azp" | "scp" | "ver" => plain(value),
            _ => "(not shown)".to_owned(),
        };
        Evidence::shown(step.entry, token_part(step, token, claim), shown)
    }

    /// The place of a token's claim, as a place that was searched.
    pub fn token_place(&self, step: &Step, token: &'static str, claim: &'static str) -> Evidence {
        Evidence::searched(step.entry, token_part(step, token, claim))
    }

    /// Evidence: a request's redirect URI, where it differs from another in one thing, and in which.
    pub fn redirect_uri_beside(&self, step: &Step, uri: &Param, beside: &Param) -> Option<Evidence> {
        let what = super::only_difference(&uri.value, &beside.value)?;
        Some(Evidence::shown(step.entry, step.param_part("redirect_uri"), format!("{}, differs in {what}", self.parameter(uri))))
    }

    /// Evidence: the redirect URI that was sent, and in what the one that the error names differs.
    pub fn redirect_uri_against(&self, step: &Step, sent: &Param, named: &Secret) -> Evidence {
        let what = super::only_difference(&sent.value, named).unwrap_or("more than one thing");
        Evidence::shown(step.entry, step.param_part("redirect_uri"), format!("{}, differs in {what}", self.parameter(sent)))
    }

    /// Evidence: the session that a token or reply names.
    pub fn session(&self, step: &Step, part: &'static str, session: &Secret) -> Evidence {
        Evidence::shown(step.entry, part, self.labels.of("session", session))
    }

    /// Evidence: the person that a request or its page names.
    pub fn person(&self, step: &Step<'_>) -> Option<Evidence> {
        let (part, name) = step.person_place()?;
        Some(Evidence::shown(step.entry, part, self.account(&name)))
    }

    /// Evidence: the tenant that a request names in its path, if it does.
    pub fn path_tenant(&self, step: &Step) -> Option<Evidence> {
        step.tenant.as_ref().map(|tenant| self.tenant(step, tenant))
    }

    /// Evidence: the tenant that was found in a request's path.
    pub fn tenant(&self, step: &Step, tenant: &Tenant) -> Evidence {
        Evidence::shown(step.entry, "request.url.path", tenant.shown())
    }

    /// Evidence: a failure that an earlier request had, as MSAL's telemetry reports it.
    pub fn telemetry(&self, step: &Step, correlation_id: &Guid, error: Option<&'static str>) -> Evidence {
        let error = error.unwrap_or("an error");
        Evidence::shown(step.entry, "request.body.x-client-last-telemetry", format!("{error}, correlation id {correlation_id}"))
    }
}

/// Words, numbers, addresses of resources: short text of a harmless alphabet. E-mail addresses and anything
/// that could be a key or token fall through.
fn plain(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || " -_./:,".contains(c);
    let word_fits = |word: &str| word.len() <= 40 || (word.len() <= 80 && word.contains(['/', '.', ':']));
    if text.len() <= 400 && text.chars().all(harmless) && text.split(' ').all(word_fits) {
        text.to_owned()
    } else {
        "(unusual text)".to_owned()
    }
}

/// The longest name of a policy that is shown, in characters.
const POLICY_NAME: usize = 120;

/// The name of a policy, unless it holds what could be an account. Each report drops what could steer a reader.
fn policy_name(name: &str) -> String {
    let plain = !name.is_empty() && !name.contains('@') && !name.chars().any(char::is_control);
    if plain && name.chars().count() <= POLICY_NAME { name.to_owned() } else { "(a policy with an unusual name)".to_owned() }
}

/// Who wrote a capture, by its own words: without accounts and keys, which some exporter may put there.
pub(crate) fn recorder(name: &str) -> String {
    let is_account = |word: &str| word.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    let shown = |word| if is_account(word) || holds_key(word) { "…" } else { word };
    name.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

/// A place in a log.
fn log_part(log: LogKind, row: usize, field: &str) -> String {
    format!("{}[{row}].{field}", log.name())
}

/// A token that a request carries stands in its header, one that a reply gives out in its body.
fn token_part(step: &Step, token: &str, claim: &str) -> String {
    match step.tokens() {
        Some(_) => format!("response.body.{token}.{claim}"),
        None => format!("request.header.authorization.{claim}"),
    }
}

/// An application's id as reports write it: a GUID, or the identifier URI of a SAML or WS-Federation application.
pub(crate) fn client_id(text: &str) -> String {
    if Guid::parse(text).is_some() {
        return text.to_owned();
    }
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_./:{}".contains(c);
    if text.len() <= 200 && !text.is_empty() && text.chars().all(harmless) { text.to_owned() } else { "(unusual text)".to_owned() }
}

/// An address without its parameters.
pub(crate) fn address(text: &str) -> String {
    match Address::parse(text) {
        Some(address) if !address.host.is_empty() => format!("{}{}", origin(&address), path(&address.path)),
        Some(address) => format!("{}:…", plain(&address.scheme)),
        None => plain(text),
    }
}

/// Where a request went: the host, and the path without what could be a name or a key.
pub(crate) fn place(step: &Step) -> Option<String> {
    step.address.as_ref().map(|address| format!("{}{}", short_origin(address), short_path(&address.path)))
}

/// The recorder's own name for the entry, where it is a number as Fiddler gives its sessions.
pub(crate) fn label(step: &Step) -> Option<String> {
    let is_number = |label: &&str| (1..=10).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit());
    step.exchange.label.as_deref().filter(is_number).map(str::to_owned)
}

/// Why no answer came, where the recorder says so with a constant of Chromium or Firefox.
pub(crate) fn no_answer<'s>(step: &'s Step<'_>) -> Option<&'s str> {
    let told = step.exchange.response.failure.as_ref().filter(|_| step.status.is_none())?.raw();
    let constant = told.strip_prefix("net::ERR_").or_else(|| told.strip_prefix("NS_ERROR_"))?;
    let is_constant = (1..=50).contains(&constant.len()) && constant.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_constant.then_some(told)
}

/// The HTTP method, where it is one.
pub(crate) fn method<'s>(step: &'s Step<'_>) -> &'s str {
    let is_word = step.method.len() <= 10 && step.method.chars().all(|c| c.is_ascii_uppercase());
    if is_word { &step.method } else { "(unusual method)" }
}

/// Scheme, host and port. The number of a machine may be that of somebody's home, but for those that lead no further than the
/// local network; a redirect URI is often one of these.
fn origin(address: &Address) -> String {
    let is_number = address.host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    match is_number && !address.is_local() {
        true => Address { host: "(an IP address)".to_owned(), ..address.clone() }.origin(),
        false => address.origin(),
    }
}

/// The origin without `https://`: what else is worth a word.
fn short_origin(address: &Address) -> String {
    let origin = origin(address);
    origin.strip_prefix("https://").map_or_else(|| origin.clone(), str::to_owned)
}

/// A path without directory ids, which the report names elsewhere.
fn short_path(text: &str) -> String {
    path(text).split('/').map(|segment| if Guid::parse(segment).is_some() { "…" } else { segment }).collect::<Vec<_>>().join("/")
}

/// A path; segments that could hold a name or a key are left out.
fn path(path: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.~$".contains(c);
    let shown = |(before, segment)| {
        let segment: &str = segment;
        let is_shown = segment.len() <= 40 && segment.chars().all(harmless) && !is_somebodys(before, segment);
        if is_shown { segment } else { "…" }
    };
    let befores = iter::once("").chain(path.split('/'));
    befores.zip(path.split('/')).map(shown).collect::<Vec<_>>().join("/")
}

fn shown_name(name: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.len() <= 60 && name.chars().all(harmless) { name.to_owned() } else { UNUSUAL_NAME.to_owned() }
}

/// Headers whose values are words of a protocol.
fn header(name: &str, value: &RawText) -> String {
    let text = value.raw();
    match name {
        "sec-fetch-dest"
        | "sec-fetch-site"
        | "sec-fetch-mode"
        | "sec-fetch-user"
        | "sec-fetch-storage-access"
        | "x-frame-options"
        | "cross-origin-opener-policy"
        | "content-type"
        | "retry-after"
        | "x-ms-clitelem"
        | "x-ms-ests-server" => plain(text),
        "date" => http_date(text).map_or_else(|| "(no date)".to_owned(), |date| date.to_rfc2822()),
        "origin" | "referer" | "access-control-allow-origin" => {
            if text == "*" || text == "null" {
                text.to_owned()
            } else {
                address(text)
            }
        }
        "user-agent" => browser(text).to_owned(),
        "sec-ch-ua" => if text.contains("\"Brave\"") { "Brave" } else { "(not shown)" }.to_owned(),
        "www-authenticate" => challenge(text),
        _ => "(not shown)".to_owned(),
    }
}

/// A challenge: its scheme, its known error, and what it complains of, in our words.
fn challenge(text: &str) -> String {
    let scheme = text.split_whitespace().next().map(plain).unwrap_or_default();
    let Some(challenge) = Challenge::of(text) else { return scheme };
    let complaint = challenge.complaint.map(Complaint::phrase);
    let claims = challenge.claims.then_some("asks for claims");
    let consent = challenge.consent.then_some("asks for consent");
    [Some(scheme.as_str()), challenge.error, claims, consent, complaint].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The browser family of a user agent: one of a few constants.
pub(crate) fn browser(user_agent: &str) -> &'static str {
    let has = |text: &str| user_agent.contains(text);
    if has("Trident/") || has("MSIE ") {
        "Internet Explorer"
    } else if has("Edge/1") {
        "Edge Legacy"
    } else if has("Electron/") {
        "an Electron app"
    } else if has("; wv)") {
        "an Android web view"
    } else if has("Edg/") || has("EdgA/") {
        "Edge"
    } else if has("FxiOS") || has("CriOS") || has("EdgiOS") {
        "a browser on iOS"
    } else if has("Firefox/") {
        "Firefox"
    } else if has("Chrome/") {
        "Chrome"
    } else if has("Safari/") && has("Version/") {
        "Safari"
    } else if has("AppleWebKit/") && (has("iPhone") || has("iPad")) {
        "a web view on iOS"
    } else {
        "another client"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::params::Source;

    fn param(name: &str, value: &str) -> Param {
        Param { name: name.to_owned(), value: Secret::new(value), source: Source::Query }
    }

    #[test]
    fn only_listed_values_are_shown() {
        let mut names = Names::default();
        names.accounts.by_name("ada@contoso.example");
        names.labels.add("code", &Secret::new("1.AX"));
        let shown = |name: &str, value: &str| names.parameter(&param(name, value));
        assert_eq!(shown("prompt", "none"), "none");
        assert_eq!(shown("code", "1.AX"), "code #1");
        assert_eq!(shown("code_verifier", "abc"), "(not shown)");
        assert_eq!(shown("login_hint", "ADA@contoso.example"), "account 1 (…@contoso.example)");
        assert_eq!(shown("redirect_uri", "https://app.example/cb?token=x#y"), "https://app.example/cb");
        assert_eq!(shown("scope", "User.Read <script>"), "(unusual text)");
        assert_eq!(shown("prompt", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9eyJhbGciOiJSUzI1"), "(unusual text)");
        assert_eq!(shown("domain_hint", "ada@contoso.example"), "(unusual text)");
    }

    #[test]
    fn parameters_are_named_and_only_listed_values_shown() {
        let mut params = Params::default();
        let long = "k".repeat(30);
        for (name, value) in
            [("prompt", "none"), ("passwd", "hunter2"), (&long, ""), ("<b>", "x"), (&long, "x"), ("ada", ""), ("nonce", "")]
        {
            params.push(name, value, Source::Form);
        }
        let shown = Names::default().parameters(&params);
        let shown: Vec<_> = shown.iter().map(|shown| (shown.name.as_str(), shown.value.as_deref())).collect();
        let unusual = ("(unusual name)", None);
        let nonce = ("nonce", Some("(nonce)"));
        assert_eq!(shown, [("prompt", Some("none")), ("passwd", None), unusual, unusual, (&*long, None), unusual, nonce]);
    }

    #[test]
    fn paths_lose_what_could_be_a_name_or_a_key() {
        assert_eq!(path("/users/ada@contoso.example/x"), "/users/…/x");
        let id = "0a8d399d-d43c-4134-a6cd-a5b5f6df0467";
        assert_eq!(path(&format!("/{id}/oauth2")), format!("/{id}/oauth2"));
        assert_eq!(path(&format!("/users/{id}/personal/ada_contoso_example/x")), "/users/…/personal/…/x");
        assert_eq!(path("/a/9f8e7d6c5b4a39281706f5e4d3c2b1a0/signin-oidc2"), "/a/…/signin-oidc2");
    }

    #[test]
    fn recorders_lose_accounts_and_keys() {
        assert_eq!(recorder("WebInspector 537.36"), "WebInspector 537.36");
        assert_eq!(recorder("Export for ada@contoso.example 9f8e7d6c5b4a39281706f5e4d3c2b1a0"), "Export for … …");
    }

    #[test]
    fn numbers_of_machines_are_shown_where_they_are_local() {
        for (text, shown) in [
            ("https://203.0.113.9:8443/cb", "https://(an IP address):8443/cb"),
            ("https://[2001:db8::9]/cb", "https://(an IP address)/cb"),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3000/cb"),
            ("http://[::1]/cb", "http://[::1]/cb"),
            ("http://192.168.1.7/cb", "http://192.168.1.7/cb"),
            ("http://localhost/cb", "http://localhost/cb"),
        ] {
            assert_eq!(address(text), shown);
        }
    }
}
