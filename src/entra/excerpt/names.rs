//! What of the steps of a capture may be shown, as evidence: the people and secrets in it are known by number.

use super::Evidence;
use super::labels::{Labels, secret_kind};
use super::values::{UNUSUAL_NAME, address, difference, header, no_answer, place, plain, short_place, shown_name};
use crate::entra::accounts::{AccountId, Accounts};
use crate::entra::client::{self, Interaction};
use crate::entra::client_id::ClientId;
use crate::entra::complaint::ComplaintPlace;
use crate::entra::cors::PreflightRefusal;
use crate::entra::document::{NoFrames, forbids_framing, refuses_framing};
use crate::entra::failure::Failure;
use crate::entra::params::{Address, Param, Params, Source};
use crate::entra::protocol_error::OAuthError;
use crate::entra::step::Step;
use crate::entra::tenant::{Guid, Tenant};
use crate::entra::{cookies, only_difference};
use crate::exchange::{Exchange, RawText, Secret, writable};
use chrono::{DateTime, Utc};

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

/// The most words of a prompt: it may ask for several pages.
const MOST_PROMPTS: usize = 3;

/// What stands for a value that is not listed.
const NOT_SHOWN: &str = "(not shown)";

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
            // Other services are asked in sentences.
            "prompt" if text.split_whitespace().count() > MOST_PROMPTS => "(unusual text)".to_owned(),
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
            "error" => OAuthError::of(text).map_or("(an unlisted value)", OAuthError::name).to_owned(),
            "client_id" | "brk_client_id" => ClientId::parse(text).shown().to_owned(),
            "redirect_uri" | "post_logout_redirect_uri" | "reply" | "wreply" => address(text),
            "client-request-id" => Guid::parse(text).map_or_else(|| "(no GUID)".to_owned(), |id| id.to_string()),
            "login_hint" | "username" | "login" | "logout_hint" => self.account(&param.value),
            "x-anchormailbox" => self.anchored(text),
            "claims" => "(a claims request)".to_owned(),
            _ => NOT_SHOWN.to_owned(),
        }
    }

    fn anchored(&self, anchor: &str) -> String {
        match client::anchor(anchor) {
            Some(client::Anchor::ObjectId { account, tenant }) => {
                let who = self.accounts.find_object_id(&account).map(|id| self.accounts.label(id));
                format!("{} of tenant {tenant}", who.unwrap_or_else(|| "an account".to_owned()))
            }
            Some(client::Anchor::Username(name)) => self.account(&name),
            None => "(unusual text)".to_owned(),
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

    /// Evidence: what MSAL's state says of the window of its request.
    pub fn interaction(&self, step: &Step) -> Option<Evidence> {
        let state = step.params.find("state")?;
        let window = match step.interaction()? {
            Interaction::Silent => "silent",
            Interaction::Popup => "popup",
            Interaction::Redirect => "redirect",
        };
        Some(Evidence::shown(step.entry, step.param_part("state"), format!("{} (MSAL's, says {window})", self.parameter(state))))
    }

    /// Evidence: the failure that a message told.
    pub fn failure(&self, entry: usize, failure: &Failure) -> Evidence {
        let mut words: Vec<String> = failure.error.map(|error| error.to_string()).into_iter().collect();
        words.extend(failure.codes.iter().map(ToString::to_string));
        words.extend(failure.suberror.map(str::to_owned));
        let told = words.join(", ");
        let told = match (failure.words.phrase(), told.is_empty()) {
            (None, _) => told,
            (Some(phrase), true) => phrase.to_owned(),
            (Some(phrase), false) => format!("{told} ({phrase})"),
        };
        Evidence::shown(entry, failure.part.clone(), told)
    }

    /// Evidence: that a reply asks for claims, in the part of it that says so.
    pub(crate) fn claims_requested(&self, entry: usize, part: String) -> Evidence {
        Evidence::shown(entry, part, "(a claims request)")
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
            (_, ComplaintPlace::Challenge) => self.response_header(step, "www-authenticate"),
            (complaint, place) => Some(Evidence::shown(step.entry, place.part(), complaint.phrase())),
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
                let name = cookie.name.as_deref().map_or_else(|| "a cookie".to_owned(), cookies::shown);
                match &*cookie.reason {
                    reason @ "EXCLUDE_USER_PREFERENCES" => format!("{name}: blocked by the user's settings ({reason})"),
                    reason => format!("{name}: {}", plain(reason)),
                }
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

    /// Evidence: why a request got no answer, in the recorder's word for it.
    pub fn no_answer(&self, exchange: &Exchange) -> Option<Evidence> {
        no_answer(exchange).map(|why| Evidence::shown(exchange.entry, "response._error", why))
    }

    /// Evidence: the names of the headers that a preflight asks to send.
    pub(crate) fn headers_asked_for(&self, preflight: &Step) -> Option<Evidence> {
        let names: Vec<String> = preflight.headers_asked_for().take(PARAMETERS).map(shown_name).collect();
        (!names.is_empty()).then(|| Evidence::shown(preflight.entry, "request.header.access-control-request-headers", names.join(", ")))
    }

    /// Evidence: what a header of a reply allows other origins, or that the reply has no such header.
    pub(crate) fn allowed(&self, step: &Step, name: &'static str) -> Evidence {
        self.response_header(step, name).unwrap_or_else(|| Evidence::shown(step.entry, format!("response.header.{name}"), "(none)"))
    }

    /// Evidence: that the answer to a preflight keeps the browser from sending the request that it asked for.
    pub(crate) fn preflight_refusal(&self, preflight: &Step) -> Vec<Evidence> {
        match preflight.refused_by_preflight() {
            None => Vec::new(),
            Some(PreflightRefusal::Status) => vec![self.step(preflight)],
            Some(PreflightRefusal::Origin) => vec![self.allowed(preflight, "access-control-allow-origin"), self.step(preflight)],
            Some(PreflightRefusal::Headers(names)) => {
                let names: Vec<String> = names.iter().copied().take(PARAMETERS).map(shown_name).collect();
                let told = format!("{} (not allowed)", names.join(", "));
                let asked = Evidence::shown(preflight.entry, "request.header.access-control-request-headers", told);
                vec![asked, self.allowed(preflight, "access-control-allow-headers")]
            }
        }
    }

    /// Evidence: that a page does not let itself be shown in a frame.
    pub(crate) fn no_frames(&self, exchange: &Exchange) -> Option<Evidence> {
        refuses_framing(exchange).and_then(|by| self.frame_refusal(exchange, by))
    }

    /// Evidence: the header by which a page forbids to be shown in a frame.
    pub(crate) fn framing_header(&self, exchange: &Exchange) -> Option<Evidence> {
        forbids_framing(exchange).and_then(|by| self.frame_refusal(exchange, by))
    }

    fn frame_refusal(&self, exchange: &Exchange, by: NoFrames) -> Option<Evidence> {
        match by {
            NoFrames::Options => self.page_header(exchange, "x-frame-options"),
            NoFrames::Policy => Some(Evidence::shown(exchange.entry, "response.header.content-security-policy", "frame-ancestors 'none'")),
            NoFrames::Told => self.no_answer(exchange),
        }
    }

    /// Evidence: a header of a page by name, its value where that is of a listed kind.
    pub fn page_header(&self, exchange: &Exchange, name: &'static str) -> Option<Evidence> {
        let value = exchange.response.headers.value(name)?;
        Some(Evidence::shown(exchange.entry, format!("response.header.{name}"), header(name, value)))
    }

    /// Evidence: what another identity provider says of a request that it refuses, in our words.
    pub fn refusal(&self, step: &Step) -> Option<Evidence> {
        step.reply.refusal.map(|refusal| Evidence::shown(step.entry, "response.body", refusal.phrase()))
    }

    /// Evidence: an exchange that only a summary was kept of.
    pub fn exchange(&self, exchange: &Exchange) -> Evidence {
        let place = Address::of(&exchange.request.url).map(|address| short_place(&address));
        let status = exchange.response.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
        Evidence::shown(exchange.entry, "request.url", format!("{} {} → {status}", exchange.request.method, place.unwrap_or_default()))
    }

    /// Evidence: a request header by name, its value where that is of a listed kind.
    pub fn request_header(&self, step: &Step, name: &'static str) -> Option<Evidence> {
        step.request_header(name).kept().map(|value| self.header(step, name, value))
    }

    /// Evidence: whom a request asks to be routed for, which stands among its parameters or its headers.
    pub fn anchor(&self, step: &Step) -> Option<Evidence> {
        let header = step.request_header("x-anchormailbox");
        let in_header = || Some(Evidence::shown(step.entry, step.anchor_part(), self.anchored(header.kept()?.raw())));
        self.request_param(step, "X-AnchorMailbox").or_else(in_header)
    }

    /// Evidence: a header that was found in the request.
    pub fn header(&self, step: &Step, name: &'static str, value: &RawText) -> Evidence {
        Evidence::shown(step.entry, format!("request.header.{name}"), header(name, value))
    }

    /// Evidence: a response header by name, its value where that is of a listed kind.
    pub fn response_header(&self, step: &Step, name: &'static str) -> Option<Evidence> {
        step.response_header(name).kept().map(|value| self.reply_header(step, name, value))
    }

    /// Evidence: the server's time in a reply, and how far from it the clock of the computer that recorded was, which is behind
    /// where `offset_s`, the server's time less the recorder's, is positive.
    pub fn server_time(&self, step: &Step, offset_s: i64) -> Option<Evidence> {
        let date = step.response_header("date");
        let value = date.kept()?;
        let direction = if offset_s > 0 { "behind" } else { "ahead" };
        let apart = difference(offset_s.unsigned_abs());
        let told = format!("{} (the computer's clock is {apart} {direction})", header("date", value));
        Some(Evidence::shown(step.entry, "response.header.date", told))
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
        Evidence::shown(step.entry, token_part(step, token, claim), claim_shown(claim, value))
    }

    /// Evidence: a claim of a token that a parameter of a request holds, by both names.
    pub fn assertion_claim(&self, step: &Step, param: &'static str, claim: &'static str, value: &str) -> Evidence {
        Evidence::shown(step.entry, format!("{}.{claim}", step.param_part(param)), claim_shown(claim, value))
    }

    /// Evidence: a time that a token in a parameter of a request names, in seconds since 1970, by both names.
    pub fn assertion_time(&self, step: &Step, param: &'static str, claim: &'static str, seconds: i64) -> Evidence {
        Evidence::shown(step.entry, format!("{}.{claim}", step.param_part(param)), time_shown(seconds))
    }

    /// Evidence: a time that a token names, in seconds since 1970, by the claim's name.
    pub fn token_time(&self, step: &Step, token: &'static str, claim: &'static str, seconds: i64) -> Evidence {
        Evidence::shown(step.entry, token_part(step, token, claim), time_shown(seconds))
    }

    /// Evidence: a time that a SAML response names.
    pub(crate) fn saml_time(&self, step: &Step, attribute: &'static str, time: DateTime<Utc>) -> Evidence {
        let shown = writable(time).map_or_else(|| "(no time)".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string());
        Evidence::shown(step.entry, format!("{}.{attribute}", step.param_part("SAMLResponse")), shown)
    }

    /// Evidence: who asks by a SAML message, or whom one is made out to.
    pub(crate) fn saml_text(&self, step: &Step, message: &'static str, element: &'static str, text: &str) -> Evidence {
        Evidence::shown(step.entry, format!("{}.{element}", step.param_part(message)), plain(text))
    }

    /// Evidence: the person that the tokens of a reply are of.
    pub fn signed_in(&self, step: &Step, account: AccountId) -> Option<Evidence> {
        let token = step.tokens()?.id_token.as_ref().map_or("access_token", |_| "id_token");
        Some(Evidence::shown(step.entry, token_part(step, token, "oid"), self.accounts.label(account)))
    }

    /// The place of a token's claim, as a place that was searched.
    pub fn token_place(&self, step: &Step, token: &'static str, claim: &'static str) -> Evidence {
        Evidence::searched(step.entry, token_part(step, token, claim))
    }

    /// Evidence: a request's redirect URI, where it differs from another in one thing, and in which.
    pub fn redirect_uri_beside(&self, step: &Step, uri: &Param, beside: &Param) -> Option<Evidence> {
        let what = only_difference(&uri.value, &beside.value)?;
        Some(Evidence::shown(step.entry, step.param_part("redirect_uri"), format!("{}, differs in {what}", self.parameter(uri))))
    }

    /// Evidence: where a request wants its reply, as [`Step::reply_place`] tells it.
    pub fn reply_place(&self, step: &Step) -> Option<Evidence> {
        let (value, part) = step.reply_place()?;
        Some(Evidence::shown(step.entry, part, address(value.expose())))
    }

    /// Evidence: the same, and in what the address that the error names differs.
    pub fn reply_place_against(&self, step: &Step, named: &Secret) -> Option<Evidence> {
        let (value, part) = step.reply_place()?;
        let what = only_difference(value, named).unwrap_or("more than one thing");
        Some(Evidence::shown(step.entry, part, format!("{}, differs in {what}", address(value.expose()))))
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

    /// Evidence: that metadata names its issuer, whose host is not shown.
    pub(crate) fn issuer(&self, step: &Step) -> Option<Evidence> {
        step.reply.issuer_host.as_ref().map(|_| Evidence::shown(step.entry, "response.body.issuer", "(another host)"))
    }

    /// Evidence: a failure that an earlier request had, as MSAL's telemetry reports it.
    pub fn telemetry(&self, step: &Step, correlation_id: &Guid, error: Option<&'static str>) -> Evidence {
        let error = error.unwrap_or("an error");
        Evidence::shown(step.entry, "request.body.x-client-last-telemetry", format!("{error}, correlation id {correlation_id}"))
    }
}

/// A token that a request carries stands in its header, one that a reply gives out in its body.
/// What of a token's claim is shown.
fn claim_shown(claim: &str, value: &str) -> String {
    match claim {
        "iss" | "idp" => address(value),
        "tid" | "utid" => Guid::parse(value).map_or_else(|| "(no GUID)".to_owned(), |id| id.to_string()),
        "aud" | "azp" | "scp" | "ver" | "idtyp" => plain(value),
        _ => "(not shown)".to_owned(),
    }
}

/// A time of a token, in seconds since 1970.
fn time_shown(seconds: i64) -> String {
    let time = DateTime::from_timestamp(seconds, 0).and_then(writable);
    time.map_or_else(|| "(no time)".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

fn token_part(step: &Step, token: &str, claim: &str) -> String {
    match step.tokens() {
        Some(_) => format!("response.body.{token}.{claim}"),
        None => format!("request.header.authorization.{claim}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(shown("prompt", "select_account login"), "select_account login");
        assert_eq!(shown("prompt", "Write to Ada about it"), "(unusual text)");
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
}
