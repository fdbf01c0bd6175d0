//! Replies that are handed to applications: whether their pages get them, and turn their codes in.

use super::afterwards::Afterwards;
use super::patience::{is_after, is_later};
use super::{Attempt, Kind};
use crate::capture::Warning;
use crate::entra::{Address, ClientId, Endpoint, Guid, NoAnswer, Params, Step, Traffic, refuses_framing};
use crate::exchange::{Exchange, Written};
use std::collections::HashMap;

/// Which codes were turned in, and whether the end of the file, and a token request with it, may be lost.
pub(super) struct Redemptions<'a, 'c> {
    afterwards: &'a Afterwards<'c>,
    /// Where the attempts of each application began.
    of_client: HashMap<Option<ClientId>, Vec<usize>>,
    /// Where the last redemption of each application began.
    last: HashMap<ClientId, usize>,
    /// Where the last redemption began of which nothing but this tells whose it is: its body was not recorded.
    last_unread: HashMap<Asker, usize>,
    /// Where the last attempt of all began.
    last_begin: usize,
    /// Preflights of token requests that were refused, by the origin of the page.
    refused: HashMap<String, Vec<usize>>,
    /// Where preflights of token requests are, by address, and whether each was refused.
    preflights: HashMap<&'c str, Vec<(usize, bool)>>,
    end_is_lost: bool,
}

impl<'a, 'c> Redemptions<'a, 'c> {
    pub(super) fn of(attempts: &[Attempt], traffic: &Traffic<'c>, afterwards: &'a Afterwards<'c>) -> Self {
        let redemptions = || attempts.iter().filter(|attempt| attempt.kind == Kind::CodeRedemption);
        let mut last_unread = HashMap::new();
        for (attempt, step) in redemptions().filter(|attempt| attempt.client.is_none()).filter_map(|one| Some((one, one.begin(traffic)?))) {
            let asker = Asker::of(attempt, step.page_origin(), step, traffic);
            last_unread.insert(if last_unread.len() < ASKERS { asker } else { Asker::default() }, attempt.begin);
        }
        let mut refused: HashMap<String, Vec<usize>> = HashMap::new();
        // What fails in the service itself is no rule of the browser's.
        let is_refused = |step: &Step<'_>| step.endpoint == Endpoint::Token && step.is_refused_preflight() && !step.is_service_error();
        // What was sent all the same was not kept back.
        let sent = traffic.steps.iter().enumerate().filter(|(_, step)| step.endpoint == Endpoint::Token && step.method == "POST");
        let last_sent: HashMap<&str, usize> = sent.map(|(at, step)| (step.exchange.request.url.without_fragment(), at)).collect();
        let is_kept_back = |at: usize, step: &Step<'_>| last_sent.get(step.exchange.request.url.without_fragment()) < Some(&at);
        for (at, step) in traffic.steps.iter().enumerate().filter(|(at, step)| is_refused(step) && is_kept_back(*at, step)) {
            if let Some(origin) = step.page_origin() {
                refused.entry(origin).or_default().push(at);
            }
        }
        let mut preflights: HashMap<&str, Vec<(usize, bool)>> = HashMap::new();
        let is_preflight = |step: &Step<'_>| step.endpoint == Endpoint::Token && step.method == "OPTIONS";
        for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| is_preflight(step)) {
            preflights.entry(step.exchange.request.url.without_fragment()).or_default().push((at, is_refused(step)));
        }
        let mut of_client: HashMap<Option<ClientId>, Vec<usize>> = HashMap::new();
        for attempt in attempts {
            of_client.entry(attempt.client.clone()).or_default().push(attempt.begin);
        }
        Self {
            afterwards,
            of_client,
            last: redemptions().filter_map(|attempt| Some((attempt.client.clone()?, attempt.begin))).collect(),
            last_unread,
            last_begin: attempts.iter().map(|attempt| attempt.begin).max().unwrap_or_default(),
            refused,
            preflights,
            end_is_lost: traffic.capture.warnings.iter().any(Warning::ends_the_reading),
        }
    }

    /// The reply that holds a code for a single-page application, if no request turns it in.
    fn missing<'t>(&self, attempt: &Attempt, traffic: &'t Traffic<'c>) -> Option<Handed<'t, 'c>> {
        let handed = Handed::last(attempt, traffic).filter(|handed| handed.params.has("code") || attempt.kind == Kind::SilentIframe)?;
        let begin = attempt.begin(traffic)?;
        // A server turns its codes in where no browser's recorder sees it, also one that the page hands them on to.
        let given = || handed.origin().and_then(|own| self.afterwards.posts.first_to(&own, handed.step));
        let by_server = || begin.names_page_library() != Some(true) && given().is_some_and(|post| !is_later(handed.step, post.started));
        (begin.is_single_page_client() && !self.is_turned_in(&handed, attempt, traffic) && !by_server()).then_some(handed)
    }

    /// Whether the application sends a token after a reply and before it asks for another.
    fn sends_token(&self, handed: &Handed<'_, 'c>, attempt: &Attempt, traffic: &Traffic<'c>) -> Option<bool> {
        let begun = self.of_client.get(&attempt.client)?;
        let next = begun.get(begun.partition_point(|&begin| begin <= handed.at)).and_then(|&begin| traffic.steps.get(begin));
        self.afterwards.calls.sends_token(attempt, traffic, handed.step, next)
    }

    /// Whether it has a token that only this reply can have brought it: it had sent none before.
    fn brings_token(&self, handed: &Handed<'_, 'c>, attempt: &Attempt, traffic: &Traffic<'c>) -> bool {
        let had_one = || self.afterwards.calls.sent_token_before(attempt, traffic, handed.step);
        self.sends_token(handed, attempt, traffic) == Some(true) && had_one() == Some(false)
    }

    fn is_turned_in(&self, handed: &Handed<'_, 'c>, attempt: &Attempt, traffic: &Traffic<'c>) -> bool {
        let own = Asker::of(attempt, handed.origin(), handed.step, traffic);
        let by_client = attempt.client.as_ref().and_then(|client| self.last.get(client));
        // A request whose body was not recorded names no application.
        let mut unread = self.last_unread.iter().filter(|(asker, _)| asker.may_be(&own)).map(|(_, begin)| begin);
        attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Token)
            || by_client.is_some_and(|begin| *begin > handed.at)
            || unread.any(|begin| *begin > handed.at)
            // The request may have been taken out of the capture, for what it holds.
            || self.brings_token(handed, attempt, traffic)
    }

    /// The preflight whose answer kept a page from turning in the code that it was handed.
    pub(super) fn refused_preflight(&self, attempt: &Attempt, traffic: &Traffic<'c>) -> Option<usize> {
        let handed = Handed::last(attempt, traffic).filter(|handed| handed.params.has("code"))?;
        let refused = self.refused.get(&handed.origin()?).filter(|_| !self.is_turned_in(&handed, attempt, traffic))?;
        refused.get(refused.partition_point(|&at| at <= handed.at)).copied()
    }

    /// Whether the answer to its preflight kept the browser from sending a token request. Browsers list a request before the
    /// preflight that it waits for.
    pub(super) fn holds_back(&self, at: usize, step: &Step<'_>) -> bool {
        let Some(preflights) = self.preflights.get(step.exchange.request.url.without_fragment()) else { return false };
        let before = preflights.partition_point(|&(preflight, _)| preflight < at);
        let own = before.checked_sub(1).and_then(|last| preflights.get(last)).or_else(|| preflights.get(before));
        step.status.is_none() && own.is_some_and(|&(_, refused)| refused)
    }

    /// Whether the application began another attempt when a library's patience was over.
    fn begins_anew(&self, attempt: &Attempt, handed: &Step<'_>, traffic: &Traffic<'_>) -> bool {
        let next = self.of_client.get(&attempt.client).and_then(|begun| traffic.steps.get(*begun.last()?));
        next.is_some_and(|next| next.entry > handed.entry && is_later(handed, next.started))
    }

    /// Whether the application went on without the reply, when a library's patience was over.
    fn gives_up(&self, attempt: &Attempt, handed: &Step<'_>, traffic: &Traffic<'_>) -> bool {
        let page = attempt.begin(traffic).and_then(Step::referer).map(|page| page.origin());
        let goes_on =
            page.and_then(|page| self.afterwards.documents.last_of_origin(&page)).is_some_and(|last| is_later(handed, last.started));
        goes_on || self.begins_anew(attempt, handed, traffic)
    }

    /// Whether a single-page application holds a code, and the capture does not show what it did with it.
    pub(super) fn is_open(&self, attempt: &Attempt, traffic: &Traffic<'c>) -> bool {
        self.missing(attempt, traffic).is_some_and(|handed| handed.params.has("code"))
    }

    /// Where the end of the file is lost, the token request may be lost with it.
    pub(super) fn is_lost(&self, attempt: &Attempt, traffic: &Traffic<'c>) -> bool {
        let is_last = || self.missing(attempt, traffic).is_some_and(|handed| self.last_begin <= handed.at);
        self.end_is_lost && self.is_open(attempt, traffic) && is_last()
    }
}

/// How many of them are told apart: more are anybody's.
const ASKERS: usize = 64;

/// Who turns a code in, where the application is not told: each part as far as it is known.
#[derive(Default, PartialEq, Eq, Hash)]
struct Asker {
    directory: Option<Guid>,
    /// The origin of the page.
    page: Option<String>,
    /// Where the capture has several.
    browser: Option<Written>,
}

impl Asker {
    fn of(attempt: &Attempt, page: Option<String>, step: &Step<'_>, traffic: &Traffic<'_>) -> Self {
        Self { directory: attempt.tenant.as_ref().and_then(|tenant| tenant.id().cloned()), page, browser: traffic.browser_of(step) }
    }

    fn may_be(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        agree(self.directory.as_ref(), other.directory.as_ref())
            && agree(self.page.as_ref(), other.page.as_ref())
            && agree(self.browser.as_ref(), other.browser.as_ref())
    }
}

/// A reply that the service gave an application.
struct Handed<'t, 'c> {
    at: usize,
    step: &'t Step<'c>,
    params: &'t Params,
    /// Where the service sent the browser with it; `None` where the application has it already.
    target: Option<&'t Address>,
}

impl<'t, 'c> Handed<'t, 'c> {
    /// The last of an attempt: as the service gave it or, where the recorder leaves redirects out (Safari's), as the
    /// application received it.
    fn last(attempt: &Attempt, traffic: &'t Traffic<'c>) -> Option<Self> {
        let steps = || attempt.steps.iter().copied().rev().filter_map(|at| Some((at, traffic.steps.get(at)?)));
        let given = |(at, step): (usize, &'t Step<'c>)| {
            let handover = step.reply.handover.as_ref().filter(|handover| handover.succeeds())?;
            Some(Self { at, step, params: &handover.params, target: handover.target.as_ref() })
        };
        let received = |(at, step): (usize, &'t Step<'c>)| {
            let has_code = step.endpoint == Endpoint::AppCallback && step.params.has("code") && step.reply.failures.is_empty();
            has_code.then_some(Self { at, step, params: &step.params, target: None })
        };
        steps().find_map(given).or_else(|| steps().find_map(received))
    }

    /// The origin of the application that gets it.
    fn origin(&self) -> Option<String> {
        self.target.or(self.step.address.as_ref()).map(Address::origin)
    }

    /// The page that received it, and whether its application went on from there.
    fn page(&self, afterwards: &Afterwards<'c>) -> Option<(&'c Exchange, bool)> {
        match self.target {
            Some(target) => afterwards.documents.document(self.step, target),
            None => Some((self.step.exchange, afterwards.documents.goes_on(self.step))),
        }
    }
}

/// In what time an application turns in a code that it has got, in milliseconds: its page has to load.
const TAKING_UP_MS: i64 = 2000;

/// A reply that the application's page could not take up, or a code that a single-page application left where it was.
pub(super) fn not_taken_up<'c>(
    attempt: &Attempt,
    traffic: &Traffic<'c>,
    afterwards: &Afterwards<'c>,
    redemptions: &Redemptions<'_, 'c>,
) -> Option<usize> {
    let handed = Handed::last(attempt, traffic).filter(|handed| !redemptions.is_turned_in(handed, attempt, traffic))?;
    let into_local_network = || {
        let is_local = handed.target.is_some_and(Address::is_local);
        is_local && attempt.begin(traffic).and_then(Step::referer).is_some_and(|page| !page.is_local())
    };
    let page = handed.page(afterwards);
    if let Some((callback, _)) = page {
        let refuses_framing = attempt.kind == Kind::SilentIframe && refuses_framing(callback).is_some();
        let failed = NoAnswer::of(callback).is_some_and(|why| why != NoAnswer::Left);
        let not_reached = callback.response.status.is_none() && (failed || into_local_network());
        if refuses_framing || not_reached {
            return Some(handed.at);
        }
    }
    let handed = redemptions.missing(attempt, traffic).filter(|_| !redemptions.is_lost(attempt, traffic))?;
    let Some((_, went_on)) = page else {
        // What the browser stops on the way into a local network is in no recording.
        return (into_local_network() && redemptions.gives_up(attempt, handed.step, traffic)).then_some(handed.at);
    };
    // The page's own scripts do not show that it went on: they come with it. Nor does the next page, which may take up the
    // reply that the first has handed on to it (the redirect bridge of MSAL 5).
    let last = handed.origin().and_then(|origin| afterwards.documents.last_of_origin(&origin)).and_then(|last| last.started);
    let went_on = went_on && (last.is_none() || handed.step.started.is_none() || is_after(handed.step, TAKING_UP_MS, last));
    let drops_code = handed.params.has("code") && (went_on || redemptions.begins_anew(attempt, handed.step, traffic));
    let sends_none = || redemptions.sends_token(&handed, attempt, traffic) == Some(false);
    // A capture of documents alone was filtered, and holds no token request either.
    (drops_code && !traffic.holds_only_documents() && sends_none()).then_some(handed.at)
}
