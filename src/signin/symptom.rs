//! Failures that never got a code: what is missing where something should have come.
//!
//! A symptom is what anybody could see in the capture; its causes are weighed like those of a code. An
//! attempt that already has an error gets no symptom on top.

use super::{Attempt, FailureEvent, Kind, Outcome};
use crate::capture::{Exporter, Warning};
use crate::entra::{Address, Carrier, Endpoint, ErrorCode, Failure, Frame, Step, Traffic};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Exchange, Recorded, Resource};
use std::collections::HashMap;

/// What went wrong without a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
            Self::TokenRefused => "token-refused",
            Self::TokenReplyBlocked => "token-reply-blocked",
            Self::PageAssetsMissing => "page-assets-missing",
            Self::CallRedirected => "call-redirected",
            Self::CodeNotUsed => "code-not-used",
            Self::ReplyMismatch => "reply-mismatch",
            Self::CallbackFailed => "callback-failed",
            Self::Loop => "sign-in-loop",
            Self::TokenNotUsable => "token-not-usable",
            Self::ApiRefused => "api-refused",
        }
    }

    /// The part of the exchange that shows it.
    fn part(self) -> &'static str {
        match self {
            Self::PageInFrame | Self::ServiceError | Self::CallbackFailed | Self::TokenReplyBlocked | Self::TokenRefused => {
                "response.status"
            }
            Self::NoAnswer | Self::PageAssetsMissing => "response",
            Self::CodeNotUsed | Self::Declined | Self::LoginRequired => "response.header.location",
            Self::CallRedirected | Self::Loop | Self::ReplyMismatch => "request.url",
            Self::TokenNotUsable => "response.body",
            Self::ApiRefused => "response.header.www-authenticate",
        }
    }

    fn event(self, step: usize) -> FailureEvent {
        FailureEvent { step, failure: Failure::without_code(Carrier::Silence, self.part()), symptom: Some(self), repeated_at: Vec::new() }
    }
}

/// The rounds that make a loop: MSAL itself repeats a sign-in at most once.
const LOOP_ROUNDS: usize = 3;
/// The code by which the service itself ends a loop of one client.
const CLIENT_LOOP: ErrorCode = ErrorCode::aadsts(50196);
/// What clocks may differ, as token validation commonly allows.
const CLOCK_TOLERANCE_S: i64 = 300;

/// Finds every symptom and notes it on its attempt; calls of APIs become attempts of their own.
pub(super) fn find(attempts: &mut Vec<Attempt>, traffic: &Traffic<'_>) {
    find_loops(attempts, traffic);
    for index in 0..attempts.len() {
        let Some(attempt) = attempts.get(index) else { continue };
        if !attempt.failures.is_empty() {
            continue;
        }
        let event = of_attempt(attempt, attempts, traffic);
        if event.is_none()
            && redemption_is_lost(attempt, attempts, traffic)
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
    find_refusals(attempts, traffic);
}

fn of_attempt(attempt: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>) -> Option<FailureEvent> {
    let at = |symptom: Symptom, found: Option<usize>| found.map(|step| symptom.event(step));
    let find = |wanted: fn(&Attempt, &Step<'_>) -> bool| {
        attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| wanted(attempt, step)))
    };
    at(Symptom::CallRedirected, find(is_redirected_call))
        .or_else(|| at(Symptom::PageInFrame, find(is_page_in_frame)))
        .or_else(|| at(Symptom::TokenReplyBlocked, blocked_token_reply(attempt, traffic)))
        .or_else(|| at(Symptom::NoAnswer, unanswered(attempt, traffic).filter(|_| attempt.outcome != Outcome::Succeeded)))
        .or_else(|| at(Symptom::ServiceError, find(|_, step| is_service_error(step)).filter(|_| attempt.outcome != Outcome::Succeeded)))
        .or_else(|| at(Symptom::TokenRefused, find(|_, step| is_refused_token(step))))
        .or_else(|| at(Symptom::CallbackFailed, find(is_failed_callback)))
        .or_else(|| at(Symptom::PageAssetsMissing, assets_missing(attempt, traffic)))
        .or_else(|| at(Symptom::ReplyMismatch, reply_mismatch(attempt, traffic)))
        .or_else(|| at(Symptom::TokenNotUsable, token_not_usable(attempt, traffic)))
        .or_else(|| at(Symptom::CodeNotUsed, code_not_used(attempt, attempts, traffic)))
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
fn blocked_token_reply(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    attempt
        .steps
        .iter()
        .copied()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| is_hidden_from_page(step) && !token_was_used(traffic, step)))
}

fn is_hidden_from_page(step: &Step<'_>) -> bool {
    let headers = &step.exchange.response.headers;
    let from_page = step.endpoint == Endpoint::Token && step.exchange.request.headers.has("origin");
    // Chromium gives every CORS failure this one name; Firefox names the rule.
    let failed = failure_is(step.exchange, &["ERR_FAILED", "CORS", "NS_ERROR_DOM_BAD_URI"]);
    let not_allowed = step.status.is_some() && headers.absent().is_none() && !headers.has("access-control-allow-origin");
    from_page && (failed || not_allowed)
}

/// What an error without a code comes to.
pub(super) fn of_error(step: &Step<'_>, failure: &Failure) -> Option<Symptom> {
    if failure.code().is_some() {
        return None;
    }
    match failure.error {
        Some("temporarily_unavailable" | "server_error" | "request_timeout") => Some(Symptom::ServiceError),
        Some("login_required") => Some(Symptom::LoginRequired),
        Some("access_denied" | "user_cancelled" | "authorization_declined") => Some(Symptom::Declined),
        _ if is_service_error(step) => Some(Symptom::ServiceError),
        _ => None,
    }
}

fn unanswered(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    // A NetLog says of every request how it ended; what has no end there was still under way when the log ended.
    let names_every_end = traffic.capture.exporter == Exporter::ChromiumNetLog;
    let under_way = |step: &Step<'_>| names_every_end && step.exchange.response.failure.is_none();
    let is_wanted = |at: &usize| traffic.steps.get(*at).is_some_and(|step| has_no_answer(attempt, step) && !under_way(step));
    attempt.steps.iter().copied().find(is_wanted)
}

fn has_no_answer(attempt: &Attempt, step: &Step<'_>) -> bool {
    // A page that is left takes its requests along; only a frame that is taken away tells of a time-out.
    let left = failure_is(step.exchange, &["ERR_ABORTED", "NS_BINDING_ABORTED"]);
    let begins = step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token;
    let framed = attempt.kind == Kind::SilentIframe;
    step.is_sign_in() && step.status.is_none() && (!left || framed) && (begins || !left) && attempt.kind != Kind::SignOut
}

fn is_service_error(step: &Step<'_>) -> bool {
    step.at_entra() && step.status.is_some_and(|status| status == 429 || status >= 500)
}

fn is_refused_token(step: &Step<'_>) -> bool {
    // A reply that says why has said it; what is left says nothing.
    step.endpoint == Endpoint::Token && step.reply.failures.is_empty() && step.status.is_some_and(|status| (400..500).contains(&status))
}

fn is_failed_callback(_: &Attempt, step: &Step<'_>) -> bool {
    step.endpoint == Endpoint::AppCallback && step.status.is_some_and(|status| status >= 400)
}

pub(crate) fn failure_is(exchange: &Exchange, names: &[&str]) -> bool {
    exchange.response.failure.as_ref().is_some_and(|failure| names.iter().any(|name| failure.raw().contains(name)))
}

/// The exchanges of a capture from the one of a step on.
fn exchanges_after<'t>(traffic: &'t Traffic<'_>, step: &Step<'_>) -> impl Iterator<Item = &'t Exchange> {
    let entry = step.entry;
    traffic.capture.exchanges.iter().skip_while(move |exchange| exchange.entry != entry).skip(1)
}

/// Scripts of the page that did not come, and nobody went on from the page.
fn assets_missing(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
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
    let asset = |exchange: &&Exchange| {
        let service = exchange.request.url.host().and_then(|host| sign_in_host(&host)).map(|host| host.service);
        let left = failure_is(exchange, &["ERR_ABORTED", "NS_BINDING_ABORTED"]);
        service == Some(Service::StaticAssets)
            && exchange.resource.kept() == Some(&Resource::Script)
            && exchange.response.status.is_none()
            && !left
    };
    exchanges_after(traffic, step).take_while(|exchange| !is_top_level(exchange)).any(|exchange| asset(&exchange)).then_some(page)
}

fn is_top_level(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-dest").is_some_and(|header| header.raw() == "document")
}

/// A token that the client's clock holds for expired, or for not yet valid, and that nobody used.
fn token_not_usable(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| token_is_off(step) && !token_was_used(traffic, step)))
}

/// Whether an ID token came that was not valid by the clock of whoever recorded its coming.
pub(crate) fn token_is_off(step: &Step<'_>) -> bool {
    let (Some(started), Some(claims)) = (step.started, step.tokens().and_then(|tokens| tokens.id_token.as_ref())) else { return false };
    let now = started.timestamp();
    claims.expires.is_some_and(|expires| expires <= now) || claims.not_before.is_some_and(|from| from > now + CLOCK_TOLERANCE_S)
}

/// Whether some API was called with a token afterwards: by the header, or by a preflight that asks for it.
fn token_was_used(traffic: &Traffic<'_>, step: &Step<'_>) -> bool {
    was_used_before(traffic, step, None)
}

/// The same, before the step at a position.
fn was_used_before(traffic: &Traffic<'_>, step: &Step<'_>, end: Option<usize>) -> bool {
    let end = end.and_then(|at| traffic.steps.get(at)).map(|step| step.entry);
    exchanges_after(traffic, step).take_while(|exchange| Some(exchange.entry) != end).any(|exchange| {
        let headers = &exchange.request.headers;
        let asked = headers.value("access-control-request-headers");
        headers.has("authorization") || asked.is_some_and(|names| names.raw().to_ascii_lowercase().contains("authorization"))
    })
}

/// The step that hands a code to a single-page application, if no request turns it in.
fn unredeemed(attempt: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>) -> Option<usize> {
    let at = attempt.steps.iter().copied().rev().find(|&at| {
        traffic
            .steps
            .get(at)
            .and_then(|step| step.reply.handover.as_ref())
            .is_some_and(|handover| handover.succeeds() && handover.params.has("code"))
    })?;
    let begin = attempt.begin(traffic)?;
    // A server turns its codes in where no browser's recorder sees it.
    if !begin.is_single_page_client() || attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Token) {
        return None;
    }
    let redeemed = attempts.iter().any(|other| other.client == attempt.client && other.begin > at && other.kind == Kind::CodeRedemption);
    (!redeemed).then_some(at)
}

/// Where the end of the file is lost, the token request may be lost with it.
fn redemption_is_lost(attempt: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>) -> bool {
    let end_is_lost = traffic.capture.warnings.iter().any(Warning::ends_the_reading);
    end_is_lost && unredeemed(attempt, attempts, traffic).is_some_and(|at| attempts.iter().all(|other| other.begin <= at))
}

/// A code handed to a single-page application, which loaded its page and went on without turning it in.
fn code_not_used(attempt: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>) -> Option<usize> {
    let at = unredeemed(attempt, attempts, traffic).filter(|_| !redemption_is_lost(attempt, attempts, traffic))?;
    let step = traffic.steps.get(at)?;
    let target = step.reply.handover.as_ref()?.target.as_ref()?;
    let at_app = |exchange: &&Exchange| exchange.request.url.origin().as_deref() == Some(target.origin().as_str());
    let mut later = exchanges_after(traffic, step).filter(at_app);
    let is_callback = |exchange: &&Exchange| is_document(exchange) && leads_to(exchange, target);
    let callback = later.find(is_callback)?;
    // The page's own scripts do not show that it went on: they come with it.
    let went_on = later
        .any(|exchange| exchange.entry != callback.entry && (is_document(exchange) || exchange.resource.kept() == Some(&Resource::Fetch)));
    let refuses_framing = attempt.kind == Kind::SilentIframe && refuses_framing(callback);
    let not_reached = callback.response.status.is_none() && callback.response.failure.is_some();
    (went_on || refuses_framing || not_reached).then_some(at)
}

/// A `state` or `nonce` that is not the one sent (OpenID Connect Core 3.1.2.7, 3.1.3.7): libraries refuse the reply.
fn reply_mismatch(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let begin = attempt.begin(traffic).filter(|step| step.endpoint == Endpoint::Authorize)?;
    let at = attempt
        .steps
        .iter()
        .copied()
        .find(|&at| traffic.steps.get(at).is_some_and(|step| other_state(begin, step) || other_nonce(begin, step)))?;
    let step = traffic.steps.get(at)?;
    (!token_was_used(traffic, step)).then_some(at)
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

/// Whether an exchange is of the very page that a reply was sent to.
pub(crate) fn leads_to(exchange: &Exchange, target: &Address) -> bool {
    Address::of(&exchange.request.url).is_some_and(|address| address.origin() == target.origin() && address.path == target.path)
}

fn is_document(exchange: &Exchange) -> bool {
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

/// Sign-ins of one application that each work, without a person doing anything, one after the other.
fn find_loops(attempts: &mut [Attempt], traffic: &Traffic<'_>) {
    let mut rounds: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let Some(client) = attempt.client.clone() else { continue };
        let automatic = matches!(attempt.kind, Kind::Redirect | Kind::Saml | Kind::WsFederation | Kind::SilentTopLevel);
        let asked = attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Login);
        // Tokens that somebody used are no round of a loop; tokens that were only fetched again and again are.
        let next = attempts.iter().skip(index + 1).find(|other| other.client == attempt.client).map(|other| other.begin);
        let token = attempt.steps(traffic).find(|step| step.endpoint == Endpoint::Token);
        let used = token.is_some_and(|step| was_used_before(traffic, step, next));
        let stopped = attempt.failures.iter().any(|event| event.failure.code() == Some(CLIENT_LOOP));
        if automatic && attempt.outcome == Outcome::Succeeded && !used {
            let known = rounds.entry(client).or_default();
            // A person in between is a new sign-in, not another round; the loop may begin with one.
            if asked {
                known.clear();
            }
            known.push(index);
        } else if attempt.kind != Kind::Refresh && !stopped {
            rounds.remove(&client);
        }
    }
    let mut loops: Vec<Vec<usize>> = rounds.into_values().filter(|indices| indices.len() >= LOOP_ROUNDS).collect();
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

/// Calls of APIs that were refused and never worked afterwards, as attempts of their own.
fn find_refusals(attempts: &mut Vec<Attempt>, traffic: &Traffic<'_>) {
    let mut found: Vec<Attempt> = Vec::new();
    for (at, step) in traffic.steps.iter().enumerate() {
        if !refuses_token(step, traffic) || works_later(step, traffic) {
            continue;
        }
        let Some(origin) = attempts.iter().rev().find(|attempt| attempt.begin < at && gave_token(attempt, step, traffic)) else {
            continue;
        };
        found.push(Attempt {
            id: attempts.len() + found.len() + 1,
            kind: Kind::ApiCall,
            tenant: origin.tenant.clone(),
            client: origin.client.clone(),
            resolved_tenant: origin.resolved_tenant.clone(),
            correlation_id: origin.correlation_id.clone(),
            account: origin.account,
            steps: vec![at],
            begin: at,
            outcome: Outcome::Failed,
            failures: vec![Symptom::ApiRefused.event(at)],
        });
    }
    attempts.extend(found);
}

/// A 401, or a 403 that says what the token lacks, to a call that carried a token.
fn refuses_token(step: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    if step.endpoint != Endpoint::App || step.method == "OPTIONS" {
        return false;
    }
    let challenge = step.reply.challenge.as_ref();
    let says = challenge.is_some_and(|challenge| challenge.error.is_some());
    let carried = || step.exchange.request.headers.has("authorization") || preflight_asked(step, traffic);
    match step.status {
        Some(401) => says || (challenge.is_some() && carried()),
        Some(403) => says,
        _ => false,
    }
}

fn preflight_asked(step: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    let url = step.exchange.request.url.raw();
    traffic.capture.exchanges.iter().filter(|exchange| exchange.request.method == "OPTIONS" && exchange.request.url.raw() == url).any(
        |exchange| {
            let asked = exchange.request.headers.value("access-control-request-headers");
            asked.is_some_and(|names| names.raw().to_ascii_lowercase().contains("authorization"))
        },
    )
}

fn works_later(step: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    let origin = step.exchange.request.url.origin();
    exchanges_after(traffic, step).any(|exchange| {
        exchange.request.method != "OPTIONS"
            && exchange.response.status.is_some_and(|status| (200..300).contains(&status))
            && exchange.request.url.origin() == origin
    })
}

/// Whether an attempt gave out the token that a call used: by the token itself, or by the page they share.
fn gave_token(attempt: &Attempt, step: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    if attempt.kind == Kind::ApiCall || attempt.kind == Kind::SignOut || attempt.outcome != Outcome::Succeeded {
        return false;
    }
    match step.bearer() {
        Some(_) if attempt.steps(traffic).any(|other| other.gave_access_token(step)) => true,
        _ => {
            let page = step.exchange.request.headers.value("origin").map(|origin| origin.raw().to_owned());
            let app = attempt.begin(traffic).and_then(|begin| begin.redirect_origin());
            page.is_some() && page == app || (page.is_none() && app.is_none())
        }
    }
}
