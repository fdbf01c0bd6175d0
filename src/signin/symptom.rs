//! Failures that never got a code: what is missing where something should have come.
//!
//! A symptom is what anybody could see in the capture; its causes are weighed like those of a code. An
//! attempt that already has an error gets no symptom on top.

use super::afterwards::Afterwards;
use super::{Attempt, FailureEvent, Kind, Outcome, refused_call};
use crate::capture::{Exporter, Warning};
use crate::entra::{Address, Carrier, Endpoint, ErrorCode, Failure, Frame, Step, Traffic};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Exchange, Recorded, Resource};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::fmt;

/// What went wrong without a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Symptom {
    /// A hidden frame was answered with a page, which the browser does not show there.
    PageInFrame,
    /// A request to the sign-in service got no answer.
    NoAnswer,
    /// The sign-in service answered with an error status and no code.
    ServiceError,
    /// The person, or the service for the person, declined.
    Declined,
    /// A silent request was refused for want of a session, and the code is not told.
    LoginRequired,
    /// A SAML response tells a status that is no success, and no code.
    SamlStatus,
    /// Another identity provider, to which the person was sent, failed or refused.
    ProviderFailed,
    /// The token endpoint refused, and the capture does not show why.
    TokenRefused,
    /// The browser kept the reply of the token endpoint from the application.
    TokenReplyBlocked,
    /// The scripts of the sign-in page did not load.
    PageAssetsMissing,
    /// A script's call of the application or an API was redirected to the sign-in page.
    CallRedirected,
    /// The application was handed a code and did not turn it in.
    CodeNotUsed,
    /// A reply came back with another state or nonce than was sent, and nothing came of it.
    ReplyMismatch,
    /// The application received the reply with an error of its own.
    CallbackFailed,
    /// A server refused a request because it had grown too long.
    RequestTooLong,
    /// Sign-ins that work follow each other without end.
    Loop,
    /// A token was issued that the client's clock does not accept.
    TokenNotUsable,
    /// An API refused the token.
    ApiRefused,
}

impl Symptom {
    /// The id under which the knowledge files know it.
    pub fn id(self) -> &'static str {
        match self {
            Self::PageInFrame => "page-in-frame",
            Self::NoAnswer => "no-answer",
            Self::ServiceError => "service-error",
            Self::Declined => "declined",
            Self::LoginRequired => "login-required",
            Self::SamlStatus => "saml-status",
            Self::ProviderFailed => "identity-provider-failed",
            Self::TokenRefused => "token-refused",
            Self::TokenReplyBlocked => "token-reply-blocked",
            Self::PageAssetsMissing => "page-assets-missing",
            Self::CallRedirected => "call-redirected",
            Self::CodeNotUsed => "code-not-used",
            Self::ReplyMismatch => "reply-mismatch",
            Self::CallbackFailed => "callback-failed",
            Self::RequestTooLong => "request-too-long",
            Self::Loop => "sign-in-loop",
            Self::TokenNotUsable => "token-not-usable",
            Self::ApiRefused => "api-refused",
        }
    }

    /// The part of the exchange that shows it.
    fn part(self) -> &'static str {
        match self {
            Self::PageInFrame
            | Self::ServiceError
            | Self::RequestTooLong
            | Self::CallbackFailed
            | Self::TokenReplyBlocked
            | Self::TokenRefused => "response.status",
            Self::NoAnswer | Self::PageAssetsMissing | Self::ProviderFailed => "response",
            Self::SamlStatus => "response.body.input.SAMLResponse",
            Self::CodeNotUsed | Self::Declined | Self::LoginRequired => "response.header.location",
            Self::CallRedirected | Self::Loop | Self::ReplyMismatch => "request.url",
            Self::TokenNotUsable => "response.body",
            Self::ApiRefused => "response.header.www-authenticate",
        }
    }

    pub(super) fn event(self, step: usize) -> FailureEvent {
        FailureEvent { step, failure: Failure::without_code(Carrier::Silence, self.part()), symptom: Some(self), repeated_at: Vec::new() }
    }
}

impl fmt::Display for Symptom {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// The rounds that make a loop: MSAL itself repeats a sign-in at most once.
const LOOP_ROUNDS: usize = 3;
/// The code by which the service itself ends a loop of one client.
pub(crate) const CLIENT_LOOP: ErrorCode = ErrorCode::aadsts(50196);
/// What clocks may differ, as token validation commonly allows.
const CLOCK_TOLERANCE_S: i64 = 300;

/// Finds every symptom and notes it on its attempt; calls of APIs become attempts of their own.
pub(super) fn find(attempts: &mut Vec<Attempt>, traffic: &Traffic<'_>) {
    if attempts.is_empty() {
        return;
    }
    let afterwards = Afterwards::of(traffic);
    find_loops(attempts, traffic, &afterwards);
    let redemptions = Redemptions::of(attempts, traffic);
    for index in 0..attempts.len() {
        let Some(attempt) = attempts.get(index) else { continue };
        if !attempt.failures.is_empty() {
            continue;
        }
        let event = of_attempt(attempt, traffic, &afterwards, &redemptions);
        if event.is_none()
            && (redemptions.is_open(attempt, traffic) || waits_for_tokens(attempt, traffic))
            && let Some(attempt) = attempts.get_mut(index)
        {
            attempt.outcome = Outcome::Unknown;
            continue;
        }
        if let (Some(event), Some(attempt)) = (event, attempts.get_mut(index)) {
            attempt.outcome = Outcome::Failed;
            attempt.failures.push(event);
        }
    }
    refused_call::find(attempts, traffic, &afterwards);
}

fn of_attempt(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>, redemptions: &Redemptions) -> Option<FailureEvent> {
    let at = |symptom: Symptom, found: Option<usize>| found.map(|step| symptom.event(step));
    let find = |wanted: fn(&Attempt, &Step<'_>) -> bool| {
        attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| wanted(attempt, step)))
    };
    at(Symptom::CallRedirected, find(is_redirected_call))
        .or_else(|| at(Symptom::RequestTooLong, find(|_, step| is_too_long(step))))
        .or_else(|| at(Symptom::PageInFrame, find(is_page_in_frame)))
        .or_else(|| at(Symptom::TokenReplyBlocked, blocked_token_reply(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::NoAnswer, unanswered(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::ServiceError, service_error(attempt, traffic)))
        .or_else(|| provider_failed(attempt, traffic))
        .or_else(|| at(Symptom::TokenRefused, find(|_, step| is_refused_token(step))))
        .or_else(|| at(Symptom::CallbackFailed, find(is_failed_callback)))
        .or_else(|| at(Symptom::PageAssetsMissing, assets_missing(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::ReplyMismatch, reply_mismatch(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::TokenNotUsable, token_not_usable(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::CodeNotUsed, code_not_used(attempt, traffic, afterwards, redemptions)))
}

/// A fetch that ended at the authorization endpoint: an API answered it with a redirect instead of 401.
fn is_redirected_call(_: &Attempt, step: &Step<'_>) -> bool {
    step.endpoint == Endpoint::Authorize && step.frame() == Recorded::Kept(Frame::Script)
}

fn is_page_in_frame(attempt: &Attempt, step: &Step<'_>) -> bool {
    let framed = attempt.kind == Kind::SilentIframe && step.endpoint == Endpoint::Authorize;
    let refused = failure_is(step.exchange, &["ERR_BLOCKED_BY_RESPONSE"]);
    let html = step.exchange.response.mime.as_deref() == Some("text/html");
    let self_posting = step.reply.handover.is_some();
    // A page that takes the frame along to the reply (the single sign-on reload) has done its work.
    let went_on = attempt.outcome == Outcome::Succeeded;
    framed && !went_on && (refused || (step.status == Some(200) && html && !self_posting))
}

/// A token reply that the page's origin may not read: the browser hides it from the application.
fn blocked_token_reply(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    attempt
        .steps
        .iter()
        .copied()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| is_hidden_from_page(step) && !afterwards.sends_token(step, None)))
}

fn is_hidden_from_page(step: &Step<'_>) -> bool {
    let headers = &step.exchange.response.headers;
    // What fails on the way to the service, or in it, names no origin either.
    let from_page = step.endpoint == Endpoint::Token && step.exchange.request.headers.has("origin") && !is_service_error(step);
    let failed = is_kept_from_page(step.exchange);
    let not_allowed = step.status.is_some() && headers.absent().is_none() && !headers.has("access-control-allow-origin");
    from_page && (failed || not_allowed)
}

/// Whether the browser kept the reply from the page, by its own word. Chromium gives every CORS failure this one name;
/// Firefox names the rule.
pub(crate) fn is_kept_from_page(exchange: &Exchange) -> bool {
    failure_is(exchange, &["ERR_FAILED", "CORS", "NS_ERROR_DOM_BAD_URI"])
}

/// What an error without a code comes to.
pub(super) fn of_error(step: &Step<'_>, failure: &Failure) -> Option<Symptom> {
    if failure.code().is_some() {
        return None;
    }
    match failure.error {
        Some("temporarily_unavailable" | "server_error" | "request_timeout") => Some(Symptom::ServiceError),
        Some("login_required" | "NoPassive") => Some(Symptom::LoginRequired),
        Some("access_denied" | "user_cancelled" | "authorization_declined") => Some(Symptom::Declined),
        _ if is_service_error(step) => Some(Symptom::ServiceError),
        _ if failure.carrier == Carrier::SamlStatus => Some(Symptom::SamlStatus),
        _ => None,
    }
}

/// Where an attempt may have come to nothing.
enum Ends {
    /// Anywhere: it did.
    Anywhere,
    /// Where it asked for tokens after the last that it got: a code that was handed over is worth nothing until it is turned in.
    AskingForTokens { got: Option<usize> },
}

impl Ends {
    fn of(attempt: &Attempt, traffic: &Traffic<'_>) -> Self {
        let gives_tokens = |step: &Step<'_>| step.tokens().is_some() || step.reply.sealed_token;
        match attempt.outcome {
            Outcome::Succeeded => Self::AskingForTokens {
                got: attempt.steps.iter().copied().rev().find(|&at| traffic.steps.get(at).is_some_and(gives_tokens)),
            },
            _ => Self::Anywhere,
        }
    }

    fn may_be(&self, at: usize, step: &Step<'_>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::AskingForTokens { got } => step.endpoint == Endpoint::Token && *got < Some(at),
        }
    }
}

fn unanswered(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    // A NetLog says of every request how it ended; what has no end there was still under way when the log ended. So may be
    // what an application waits for that was handed a code, unless it went on without it.
    let names_every_end = traffic.capture.exporter == Exporter::ChromiumNetLog;
    let waits = |step: &Step<'_>| attempt.outcome == Outcome::Succeeded && !is_later(step, afterwards.end());
    let under_way = |step: &Step<'_>| step.exchange.response.failure.is_none() && (names_every_end || waits(step));
    let is_wanted = |at: usize, step: &Step<'_>| ends.may_be(at, step) && has_no_answer(attempt, step) && !under_way(step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_wanted(at, step)))
}

/// Whether an application that was handed a code may still have waited for its tokens when the capture ended.
fn waits_for_tokens(attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
    let ends = Ends::of(attempt, traffic);
    let waits = |at: usize, step: &Step<'_>| step.endpoint == Endpoint::Token && step.status.is_none() && ends.may_be(at, step);
    attempt.steps.iter().any(|&at| traffic.steps.get(at).is_some_and(|step| waits(at, step)))
}

fn has_no_answer(attempt: &Attempt, step: &Step<'_>) -> bool {
    // A page that is left takes its requests along; only a frame that is taken away when a library's patience is over tells
    // of a time-out.
    let left = failure_is(step.exchange, &["ERR_ABORTED", "NS_BINDING_ABORTED"]);
    let begins = step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token;
    let waited = step.exchange.duration_ms.is_none_or(|duration| duration <= 0.0 || duration >= PATIENCE_MS as f64);
    let framed = attempt.kind == Kind::SilentIframe && waited;
    step.is_sign_in() && step.status.is_none() && (!left || framed) && (begins || !left) && attempt.kind != Kind::SignOut
}

fn service_error(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    let is_wanted = |at: usize, step: &Step<'_>| is_service_error(step) && ends.may_be(at, step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_wanted(at, step)))
}

fn is_service_error(step: &Step<'_>) -> bool {
    step.at_entra() && step.status.is_some_and(|status| status == 429 || status >= 500)
}

/// A request that the server found too long: it says so (RFC 6585), or calls it bad where its cookies are as long as
/// servers commonly take.
fn is_too_long(step: &Step<'_>) -> bool {
    let refused = step.reply.failures.is_empty() && (step.at_entra() || step.endpoint == Endpoint::AppCallback);
    refused && (step.status == Some(431) || (step.status == Some(400) && cookies_are_too_large(step)))
}

/// What most servers take of one header, in bytes.
const LONGEST_HEADER: usize = 8 * 1024;

/// Whether the cookies of a request are longer than many servers take.
pub(crate) fn cookies_are_too_large(step: &Step<'_>) -> bool {
    step.request_header("cookie").kept().is_some_and(|header| header.raw().len() > LONGEST_HEADER)
}

/// What another identity provider, or its answer to Entra ID, shows last of all.
fn provider_failed(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<FailureEvent> {
    let last = attempt.steps.iter().copied().rev().find(|&at| traffic.steps.get(at).is_some_and(Step::is_at_provider))?;
    let part = traffic.steps.get(last)?.reply.provider_failed.filter(|_| attempt.outcome != Outcome::Succeeded)?;
    let mut event = Symptom::ProviderFailed.event(last);
    event.failure.part = part.to_owned();
    Some(event)
}

fn is_refused_token(step: &Step<'_>) -> bool {
    // A reply that says why has said it; what is left says nothing.
    let is_final = step.reply.failures.is_empty() && !step.reply.asks_device_proof;
    step.endpoint == Endpoint::Token && is_final && step.status.is_some_and(|status| (400..500).contains(&status))
}

fn is_failed_callback(_: &Attempt, step: &Step<'_>) -> bool {
    step.endpoint == Endpoint::AppCallback && step.status.is_some_and(|status| status >= 400)
}

pub(crate) fn failure_is(exchange: &Exchange, names: &[&str]) -> bool {
    exchange.response.failure.as_ref().is_some_and(|failure| names.iter().any(|name| failure.raw().contains(name)))
}

/// Scripts of the page that did not come, and nobody went on from the page.
fn assets_missing(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    if attempt.outcome == Outcome::Succeeded || attempt.is_silent() {
        return None;
    }
    let page = attempt
        .steps
        .iter()
        .copied()
        .rev()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| step.status == Some(200) && step.at_entra()))?;
    let step = traffic.steps.get(page)?;
    afterwards.lacks_assets(step).then_some(page)
}

/// A script of the sign-in page that did not come, though nobody left the page.
pub(super) fn is_asset_missing(exchange: &Exchange) -> bool {
    let service = || exchange.request.url.host().and_then(|host| sign_in_host(&host)).map(|host| host.service);
    exchange.response.status.is_none()
        && exchange.resource.kept() == Some(&Resource::Script)
        && !failure_is(exchange, &["ERR_ABORTED", "NS_BINDING_ABORTED"])
        && service() == Some(Service::StaticAssets)
}

pub(super) fn is_top_level(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-dest").is_some_and(|header| header.raw() == "document")
}

/// A token that the client's clock holds for expired, or for not yet valid, and that nobody used.
fn token_not_usable(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    attempt
        .steps
        .iter()
        .copied()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| token_is_off(step) && !afterwards.sends_token(step, None)))
}

/// Whether an ID token came that was not valid by the clock of whoever recorded its coming.
pub(crate) fn token_is_off(step: &Step<'_>) -> bool {
    let (Some(started), Some(claims)) = (step.started, step.tokens().and_then(|tokens| tokens.id_token.as_ref())) else { return false };
    let now = started.timestamp();
    claims.expires.is_some_and(|expires| expires <= now) || claims.not_before.is_some_and(|from| from > now + CLOCK_TOLERANCE_S)
}

/// Which codes were turned in, and whether the end of the file, and a token request with it, may be lost.
struct Redemptions {
    /// Where the last attempt of each application began.
    last_of_client: HashMap<Option<String>, usize>,
    /// Where the last redemption of each application began.
    last: HashMap<Option<String>, usize>,
    /// Where the last attempt of all began.
    last_begin: usize,
    end_is_lost: bool,
}

impl Redemptions {
    fn of(attempts: &[Attempt], traffic: &Traffic<'_>) -> Self {
        let redemptions = attempts.iter().filter(|attempt| attempt.kind == Kind::CodeRedemption);
        Self {
            last_of_client: attempts.iter().map(|attempt| (attempt.client.clone(), attempt.begin)).collect(),
            last: redemptions.map(|attempt| (attempt.client.clone(), attempt.begin)).collect(),
            last_begin: attempts.iter().map(|attempt| attempt.begin).max().unwrap_or_default(),
            end_is_lost: traffic.capture.warnings.iter().any(Warning::ends_the_reading),
        }
    }

    /// The step that hands a code to a single-page application, if no request turns it in.
    fn missing(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
        let at = attempt.steps.iter().copied().rev().find(|&at| {
            traffic
                .steps
                .get(at)
                .and_then(|step| step.reply.handover.as_ref())
                .is_some_and(|handover| handover.succeeds() && (handover.params.has("code") || attempt.kind == Kind::SilentIframe))
        })?;
        let begin = attempt.begin(traffic)?;
        // A server turns its codes in where no browser's recorder sees it.
        if !begin.is_single_page_client() || attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Token) {
            return None;
        }
        // A request whose body was not recorded names no application.
        let redeemed = [&attempt.client, &None].into_iter().filter_map(|client| self.last.get(client)).any(|&begin| begin > at);
        (!redeemed).then_some(at)
    }

    /// Whether the application began another attempt when a library's patience was over.
    fn begins_anew(&self, attempt: &Attempt, handed: &Step<'_>, traffic: &Traffic<'_>) -> bool {
        let next = self.last_of_client.get(&attempt.client).and_then(|&begin| traffic.steps.get(begin));
        next.is_some_and(|next| next.entry > handed.entry && is_later(handed, next.started))
    }

    /// Whether the application went on without the reply, when a library's patience was over.
    fn gives_up(&self, attempt: &Attempt, handed: &Step<'_>, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> bool {
        let page = attempt.begin(traffic).and_then(Step::referer).map(|page| page.origin());
        let goes_on = page.and_then(|page| afterwards.last_of_origin(&page)).is_some_and(|last| is_later(handed, last.started));
        goes_on || self.begins_anew(attempt, handed, traffic)
    }

    /// Whether a single-page application holds a code, and the capture does not show what it did with it.
    fn is_open(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
        let handed = self.missing(attempt, traffic).and_then(|at| traffic.steps.get(at)?.reply.handover.as_ref());
        handed.is_some_and(|handover| handover.params.has("code"))
    }

    /// Where the end of the file is lost, the token request may be lost with it.
    fn is_lost(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
        let is_last = || self.missing(attempt, traffic).is_some_and(|at| self.last_begin <= at);
        self.end_is_lost && self.is_open(attempt, traffic) && is_last()
    }
}

/// How long a library waits for a hidden frame at least, in milliseconds (msal-js, `iframeHashTimeout`: 6000 or 10000).
const PATIENCE_MS: i64 = 5000;
/// In what time an application turns in a code that it has got, in milliseconds: its page has to load.
const TAKING_UP_MS: i64 = 2000;

/// Whether a time is so long after a step.
fn is_after(step: &Step<'_>, milliseconds: i64, time: Option<DateTime<Utc>>) -> bool {
    matches!((step.started, time), (Some(before), Some(after)) if (after - before).num_milliseconds() >= milliseconds)
}

fn is_later(step: &Step<'_>, time: Option<DateTime<Utc>>) -> bool {
    is_after(step, PATIENCE_MS, time)
}

/// A code handed to a single-page application, which loaded its page and went on without turning it in.
fn code_not_used(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>, redemptions: &Redemptions) -> Option<usize> {
    let at = redemptions.missing(attempt, traffic).filter(|_| !redemptions.is_lost(attempt, traffic))?;
    let step = traffic.steps.get(at)?;
    let target = step.reply.handover.as_ref()?.target.as_ref()?;
    let into_local_network = target.is_local() && attempt.begin(traffic)?.referer().is_some_and(|page| !page.is_local());
    let Some((callback, went_on)) = afterwards.document(step, target) else {
        // What the browser stops on the way into a local network is in no recording.
        return (into_local_network && redemptions.gives_up(attempt, step, traffic, afterwards)).then_some(at);
    };
    let refuses_framing = attempt.kind == Kind::SilentIframe && refuses_framing(callback);
    let not_reached = callback.response.status.is_none() && (callback.response.failure.is_some() || into_local_network);
    // The page's own scripts do not show that it went on: they come with it. Nor does the next page, which may take up the
    // reply that the first has handed on to it (the redirect bridge of MSAL 5).
    let last = afterwards.last_of_origin(&target.origin()).and_then(|last| last.started);
    let went_on = went_on && (last.is_none() || step.started.is_none() || is_after(step, TAKING_UP_MS, last));
    let drops_code = step.reply.handover.as_ref().is_some_and(|handover| handover.params.has("code"))
        && (went_on || redemptions.begins_anew(attempt, step, traffic));
    (drops_code || refuses_framing || not_reached).then_some(at)
}

/// A `state` or `nonce` that is not the one sent (OpenID Connect Core 3.1.2.7, 3.1.3.7): libraries refuse the reply.
fn reply_mismatch(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    let begin = attempt.begin(traffic).filter(|step| step.endpoint == Endpoint::Authorize)?;
    let at = attempt
        .steps
        .iter()
        .copied()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| other_state(begin, step) || other_nonce(begin, step)))?;
    let step = traffic.steps.get(at)?;
    (!afterwards.sends_token(step, None)).then_some(at)
}

/// Whether the application received another `state` than the request had sent.
pub(crate) fn other_state(begin: &Step<'_>, step: &Step<'_>) -> bool {
    let received = step.params.get("state").filter(|_| step.endpoint == Endpoint::AppCallback);
    matches!((begin.params.get("state"), received), (Some(sent), Some(back)) if sent != back)
}

/// Whether the ID token names another `nonce` than the request had sent.
pub(crate) fn other_nonce(begin: &Step<'_>, step: &Step<'_>) -> bool {
    let in_token = step.tokens().and_then(|tokens| tokens.id_token.as_ref()).and_then(|claims| claims.nonce.as_ref());
    matches!((begin.params.get("nonce"), in_token), (Some(sent), Some(back)) if sent != back)
}

pub(super) fn is_document(exchange: &Exchange) -> bool {
    match (exchange.resource.kept(), exchange.request.headers.value("sec-fetch-dest")) {
        (Some(resource), _) => *resource == Resource::Document,
        (None, Some(header)) => ["document", "iframe"].contains(&header.raw()),
        // Proxies and older browsers tell neither.
        (None, None) => exchange.response.mime.as_deref() == Some("text/html"),
    }
}

/// Whether a page does not let itself be shown in a frame of another page.
pub(crate) fn refuses_framing(exchange: &Exchange) -> bool {
    let headers = &exchange.response.headers;
    let options = headers.value("x-frame-options").is_some_and(|value| value.raw().eq_ignore_ascii_case("deny"));
    let policy = headers
        .all("content-security-policy")
        .any(|value| value.raw().split(';').any(|directive| directive.trim().to_ascii_lowercase().starts_with("frame-ancestors 'none'")));
    options || policy || failure_is(exchange, &["ERR_BLOCKED_BY_RESPONSE"])
}

/// For each attempt, the begin of the next one of the same application.
fn next_of_client(attempts: &[Attempt]) -> Vec<Option<usize>> {
    let mut seen: HashMap<Option<&str>, usize> = HashMap::new();
    let mut next: Vec<Option<usize>> = attempts.iter().rev().map(|attempt| seen.insert(attempt.client.as_deref(), attempt.begin)).collect();
    next.reverse();
    next
}

/// How long an application may take for one round of a loop, in seconds.
const ROUND_S: i64 = 60;

/// Sign-ins of one application that each worked, one after the other.
struct Rounds {
    /// Where the application took its reply.
    target: Option<String>,
    attempts: Vec<usize>,
}

impl Rounds {
    /// Whether another attempt began at once when the last round was over. Where the times are not known it may have.
    fn are_followed_by(&self, next: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>) -> bool {
        let last = self.attempts.last().and_then(|last| attempts.get(*last)).and_then(|round| traffic.steps.get(*round.steps.last()?));
        let times = last.and_then(|last| last.started).zip(next.begin(traffic).and_then(|begin| begin.started));
        times.is_none_or(|(end, begin)| (begin - end).num_seconds() <= ROUND_S)
    }
}

/// The origin at which the application took the reply of an attempt.
fn target(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<String> {
    let handed = |step: &Step<'_>| step.reply.handover.as_ref()?.target.as_ref().map(Address::origin);
    attempt.steps(traffic).rev().find_map(handed).or_else(|| attempt.begin(traffic)?.redirect_origin())
}

/// Sign-ins of one application that each work, without a person doing anything, one right after the other.
fn find_loops(attempts: &mut [Attempt], traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) {
    let next_of_client = next_of_client(attempts);
    let mut rounds: HashMap<String, Rounds> = HashMap::new();
    let mut loops: Vec<Vec<usize>> = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let Some(client) = attempt.client.clone() else { continue };
        let automatic = matches!(attempt.kind, Kind::Redirect | Kind::Saml | Kind::WsFederation | Kind::SilentTopLevel);
        let asked = attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Login);
        // Tokens that somebody used are no round of a loop; tokens that were only fetched again and again are.
        let next = next_of_client.get(index).copied().flatten().and_then(|begin| traffic.steps.get(begin));
        let token = attempt.steps(traffic).find(|step| step.endpoint == Endpoint::Token);
        let used = token.is_some_and(|step| afterwards.sends_token(step, next));
        let stopped = attempt.failures.iter().any(|event| event.failure.code() == Some(CLIENT_LOOP));
        let known = rounds.get_mut(&client);
        let at_once = known.as_ref().is_some_and(|known| known.are_followed_by(attempt, attempts, traffic));
        if automatic && attempt.outcome == Outcome::Succeeded && !used {
            let target = target(attempt, traffic);
            match known {
                // A person in between is a new sign-in, not another round; the loop may begin with one.
                Some(known) if at_once && !asked && known.target == target => known.attempts.push(index),
                _ => loops.extend(rounds.insert(client, Rounds { target, attempts: vec![index] }).map(|ended| ended.attempts)),
            }
        } else if attempt.is_silent() && attempt.outcome == Outcome::Failed && at_once {
            // An application that asks silently, is refused and signs in again goes round all the same.
        } else if attempt.kind != Kind::Refresh && !stopped {
            rounds.remove(&client);
        }
    }
    loops.extend(rounds.into_values().map(|rounds| rounds.attempts));
    loops.retain(|rounds| rounds.len() >= LOOP_ROUNDS);
    loops.sort();
    for indices in loops {
        for index in indices {
            let Some(attempt) = attempts.get_mut(index) else { continue };
            let Some(&last) = attempt.steps.last() else { continue };
            attempt.outcome = Outcome::Failed;
            attempt.failures.push(Symptom::Loop.event(last));
        }
    }
}
