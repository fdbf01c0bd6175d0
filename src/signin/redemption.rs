//! Codes that are handed to a single-page application: whether it turns them in.

use super::afterwards::Afterwards;
use super::symptom::refuses_framing;
use super::{Attempt, Kind};
use crate::capture::Warning;
use crate::entra::{Endpoint, Step, Traffic};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Which codes were turned in, and whether the end of the file, and a token request with it, may be lost.
pub(super) struct Redemptions {
    /// Where the last attempt of each application began.
    last_of_client: HashMap<Option<String>, usize>,
    /// Where the last redemption of each application began.
    last: HashMap<Option<String>, usize>,
    /// Where the last attempt of all began.
    last_begin: usize,
    end_is_lost: bool,
}

impl Redemptions {
    pub(super) fn of(attempts: &[Attempt], traffic: &Traffic<'_>) -> Self {
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
    pub(super) fn is_open(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
        let handed = self.missing(attempt, traffic).and_then(|at| traffic.steps.get(at)?.reply.handover.as_ref());
        handed.is_some_and(|handover| handover.params.has("code"))
    }

    /// Where the end of the file is lost, the token request may be lost with it.
    pub(super) fn is_lost(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
        let is_last = || self.missing(attempt, traffic).is_some_and(|at| self.last_begin <= at);
        self.end_is_lost && self.is_open(attempt, traffic) && is_last()
    }
}

/// How long a library waits for a hidden frame at least, in milliseconds (msal-js, `iframeHashTimeout`: 6000 or 10000).
pub(super) const PATIENCE_MS: i64 = 5000;
/// In what time an application turns in a code that it has got, in milliseconds: its page has to load.
const TAKING_UP_MS: i64 = 2000;

/// Whether a time is so long after a step.
fn is_after(step: &Step<'_>, milliseconds: i64, time: Option<DateTime<Utc>>) -> bool {
    matches!((step.started, time), (Some(before), Some(after)) if (after - before).num_milliseconds() >= milliseconds)
}

pub(super) fn is_later(step: &Step<'_>, time: Option<DateTime<Utc>>) -> bool {
    is_after(step, PATIENCE_MS, time)
}

/// A code handed to a single-page application, which loaded its page and went on without turning it in.
pub(super) fn code_not_used(
    attempt: &Attempt,
    traffic: &Traffic<'_>,
    afterwards: &Afterwards<'_>,
    redemptions: &Redemptions,
) -> Option<usize> {
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
