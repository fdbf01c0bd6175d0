//! The sign-in traffic, step by step: who asked whom for what, and what came back.
//!
//! A picture or a list of a sign-in is made from these alone. Whatever text they hold went through the allow-list of
//! `entra`: names always, values only where they are listed.

mod party;
mod words;

pub use party::{Asker, Party};

use crate::entra::{ErrorCode, ShownParameter, Step, Traffic, cookies, shown_method, shown_place};
use crate::exchange::{Loss, Recorded};
use crate::signin::{Attempt, SignIns};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// How many cookies of one message are named.
const COOKIES: usize = 40;

/// One request with what came back.
#[derive(Clone, Debug)]
pub struct StepSummary {
    /// The entry, counted from 0.
    pub entry: usize,
    /// The id of the attempt that it belongs to, if any.
    pub attempt: Option<usize>,
    /// When it began by the recorder's clock, UTC.
    pub started: Option<DateTime<Utc>>,
    /// From start to end in milliseconds, where recorded.
    pub duration_ms: Option<u64>,
    /// Who asked.
    pub asked_by: Asker,
    /// Who was asked.
    pub answered_by: Party,
    /// What for, in the words of the protocol: `authorize, prompt=none`, `token: refresh token`.
    pub what: String,
    /// The HTTP method.
    pub method: String,
    /// Host and path, without directory ids and without what could be a name or a key; `None` where the address is none.
    pub place: Option<String>,
    /// The parameters sent, the first 40: names always, values where they are listed.
    pub parameters: Vec<ShownParameter>,
    /// The names of the cookies sent, the first 40.
    pub cookies_sent: Recorded<Vec<String>>,
    /// What came back.
    pub answer: Answer,
    /// What of it the capture does not hold, and why: `the exporter removed the request's cookies`.
    pub not_recorded: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// What it was, in the words of the protocol: `redirect with code`, `page ConvergedSignIn`; empty where the status says it all.
    pub what: String,
    /// Whom it sends the browser to, where it redirects or posts a form.
    pub leads_to: Option<Party>,
    /// OAuth's `error`, where it tells a failure with a known one.
    pub error: Option<&'static str>,
    /// The codes of the failure that it tells, wrappers first. Codes that pages of an ordinary sign-in hold are none.
    pub codes: Vec<ErrorCode>,
    /// Whether an attempt failed here.
    pub fails: bool,
    /// Whether it only repeats a failure that was told before.
    pub repeats: bool,
    /// The parameters of the reply to the application, the first 40.
    pub parameters: Vec<ShownParameter>,
    /// The names of the cookies set, the first 40; of a deleted one with `(deleted)`.
    pub cookies_set: Recorded<Vec<String>>,
}

/// The steps of a capture: those of every attempt, and what else went to the sign-in service or came back from it.
pub(super) fn read(traffic: &Traffic<'_>, sign_ins: &SignIns) -> Vec<StepSummary> {
    let mut attempts: HashMap<usize, &Attempt> = HashMap::new();
    let mut failed: HashSet<usize> = HashSet::new();
    let mut repeated: HashSet<usize> = HashSet::new();
    for attempt in &sign_ins.attempts {
        for &at in &attempt.steps {
            attempts.entry(at).or_insert(attempt);
        }
        for event in &attempt.failures {
            failed.insert(event.step);
            repeated.extend(&event.repeated_at);
        }
    }
    let told = |at: &usize, step: &Step<'_>| attempts.contains_key(at) || step.is_sign_in() || failed.contains(at);
    let summary = |(at, step): (usize, &Step<'_>)| {
        let attempt = attempts.get(&at).copied();
        summarise(traffic, step, attempt, Failing { here: failed.contains(&at), again: repeated.contains(&at) })
    };
    traffic.steps.iter().enumerate().filter(|(at, step)| told(at, step)).map(summary).collect()
}

/// Whether an attempt failed at a step.
#[derive(Clone, Copy)]
struct Failing {
    /// At this step.
    here: bool,
    /// Before, and this step tells it again.
    again: bool,
}

fn summarise(traffic: &Traffic<'_>, step: &Step<'_>, attempt: Option<&Attempt>, fails: Failing) -> StepSummary {
    let asked_by = Asker::of(step, attempt);
    let answered_by = Party::asked(step, attempt);
    let handed = step.reply.handover.as_ref();
    let failure = step.reply.failures.first().filter(|_| fails.here || fails.again);
    let set = step.cookies_set.as_ref().map(|set| named(set.iter().map(|cookie| (cookie.name.as_str(), cookie.deletes))));
    StepSummary {
        entry: step.entry,
        attempt: attempt.map(|attempt| attempt.id),
        started: step.started,
        duration_ms: step.exchange.duration_ms.and_then(whole),
        asked_by,
        answered_by,
        what: words::asked(step, answered_by),
        method: shown_method(step).to_owned(),
        place: shown_place(step),
        parameters: traffic.names.parameters(&step.params),
        cookies_sent: step.cookies_sent.as_ref().map(|sent| named(sent.iter().map(|name| (name.as_str(), false)))),
        answer: Answer {
            status: step.status,
            what: words::answered(step, fails.here || fails.again),
            leads_to: Party::led_to(step, asked_by),
            error: failure.and_then(|failure| failure.error),
            codes: failure.map(|failure| failure.codes.clone()).unwrap_or_default(),
            fails: fails.here,
            repeats: fails.again && !fails.here,
            parameters: handed.map(|handed| traffic.names.parameters(&handed.params)).unwrap_or_default(),
            cookies_set: set,
        },
        not_recorded: not_recorded(step, asked_by),
    }
}

/// Names of cookies as they may be shown, each once.
fn named<'n>(cookies: impl Iterator<Item = (&'n str, bool)>) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for (name, deleted) in cookies {
        let name = cookies::shown(name);
        let name = if deleted { format!("{name} (deleted)") } else { name };
        if !shown.contains(&name) && shown.len() < COOKIES {
            shown.push(name);
        }
    }
    shown
}

/// Milliseconds as a whole number; `None` for what no recording lasts (a day).
fn whole(milliseconds: f64) -> Option<u64> {
    const LONGEST: f64 = 86_400_000.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is neither negative nor large")]
    (0.0..=LONGEST).contains(&milliseconds).then(|| milliseconds.round() as u64)
}

/// What is missing of an exchange, as far as it could matter.
fn not_recorded(step: &Step<'_>, asked_by: Asker) -> Vec<String> {
    let by_browser = asked_by != Asker::Server;
    let request = &step.exchange.request;
    let response = &step.exchange.response;
    let shows_something = step.status.is_some_and(|status| status == 200 || status >= 400) && step.method != "OPTIONS";
    let parts: [(bool, Option<Loss>, &str); 4] = [
        (by_browser && step.is_sign_in(), step.cookies_sent.loss(), "the request's cookies"),
        (step.method == "POST", request.body.loss(), "the posted body"),
        (by_browser && step.is_sign_in() && step.status.is_some(), step.cookies_set.loss(), "the reply's cookies"),
        (shows_something, response.body.loss(), "the reply's body"),
    ];
    parts.into_iter().filter(|(matters, ..)| *matters).filter_map(|(_, loss, what)| loss.map(|loss| loss.explain(what))).collect()
}
