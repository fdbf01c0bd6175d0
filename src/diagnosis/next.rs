//! What to record or check to be surer.

use super::Handled;
use super::weigh::{Confidence, RankedCause};
use crate::checks::{Observation, Observations, Record, Scene, Start};
use crate::entra::{asking_page, is_document};
use crate::knowledge::Topic;
use crate::signin::Kind;

/// How many pieces of advice stand in one report: more than two are not followed.
const MOST: usize = 2;

/// How many candidates are looked at where none is likely.
const CANDIDATES: usize = 4;

/// There is nothing to add to a cause that is certain.
const SURE: &str = "Nothing more has to be recorded. For a support request keep the ids and the time of the failure.";

/// Nothing is wrong where the application went on by itself.
const HANDLED: &str = "Nothing has to be done: the application got what it asked for afterwards.";

/// Nothing is wrong where it had done so before.
const DONE_BEFORE: &str = "Nothing has to be done: the first request with this code had already got the tokens.";

/// A sign-out that came too late has nothing to follow.
const SIGNED_OUT: &str = "Nothing has to be done: the session that was to be ended is over.";

/// The advice for a failure: how to record what the leading candidates lack, else the code's own.
pub(super) fn advice(
    topic: Topic<'_>,
    causes: &[RankedCause],
    observations: &Observations,
    scene: &Scene<'_, '_>,
    handled: Option<Handled>,
) -> String {
    let (exporter, cookies) = (scene.traffic.capture.exporter, scene.traffic.recording.cookies());
    if let Some(how) = handled {
        return nothing_to_do(how).to_owned();
    }
    if causes.first().is_some_and(|first| first.confidence == Confidence::Certain) {
        return SURE.to_owned();
    }
    let mut advice: Vec<Record> = Vec::new();
    let from_page = begins_with_page(scene);
    let browser = scene.failing.browser();
    let has_zones = has_zones(observations, scene);
    for claim in wanted(causes) {
        let Some(found) = observations.get(claim) else { continue };
        let asked = found.record();
        // What keeps cookies from a frame there is not met in another browser.
        let record = match has_zones && asked.is_of_frames() {
            true => Record::COMPARE_ZONES,
            false => asked.with(exporter, cookies).of_browser(browser),
        };
        if !is_done(record, scene, from_page) && !advice.contains(&record) && advice.len() < MOST {
            advice.push(record);
        }
    }
    if advice.is_empty() { topic.next.to_owned() } else { in_sentences(&advice) }
}

/// Why nothing has to be recorded or done.
fn nothing_to_do(how: Handled) -> &'static str {
    match how {
        Handled::Later => HANDLED,
        Handled::Before => DONE_BEFORE,
        Handled::NothingLeft => SIGNED_OUT,
    }
}

/// The claims that the leading candidates lack, those that most of them lack first.
fn wanted(causes: &[RankedCause]) -> Vec<&str> {
    // Where one cause is likely, what could make it surer is to be recorded, and not what its siblings lack.
    let candidates = if causes.first().is_some_and(|first| first.confidence == Confidence::Likely) { 1 } else { CANDIDATES };
    // What one candidate lacks most of its siblings lack too: the claim that most of them miss comes first.
    let mut wanted: Vec<(&str, usize)> = Vec::new();
    let lacking =
        causes.iter().take(candidates).flat_map(|cause| cause.unknown.iter().filter(|unknown| cause.decisive.contains(unknown.claim)));
    for unknown in lacking {
        match wanted.iter_mut().find(|(claim, _)| *claim == unknown.claim) {
            Some((_, count)) => *count += 1,
            None => wanted.push((unknown.claim, 1)),
        }
    }
    wanted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    wanted.into_iter().map(|(claim, _)| claim).collect()
}

/// Whether the browser keeps the cookies of one security zone from frames of another, and the page may be of another.
fn has_zones(observations: &Observations, scene: &Scene<'_, '_>) -> bool {
    // A program with a window of such a browser has no page in another zone.
    let page = asking_page(scene.failing.exchange);
    page.is_some()
        && page == scene.failing.redirect_origin()
        && observations.get("browser.security-zones").is_some_and(|claim| matches!(claim.observation, Observation::Seen { .. }))
}

/// Whether the capture was recorded so already, or there is nothing to record.
fn is_done(record: Record, scene: &Scene<'_, '_>, from_page: bool) -> bool {
    match record {
        // Nothing is recorded earlier than from the page on where the sign-in began.
        Record::Earlier { before: Start::Page, .. } => from_page,
        // A program that asks by itself shows no page before, and nothing that leads to its request.
        Record::Earlier { before: Start::SignIn(_), .. } if matches!(scene.attempt.kind, Kind::ServerSide | Kind::DeviceCode) => true,
        // Before a silent sign-in there was another, of which the page shows nothing.
        Record::Earlier { before: Start::SignIn(_), .. } => from_page && !scene.attempt.is_silent(),
        // A text that is there to its end says no more when it is recorded again.
        Record::ErrorText(_) => scene.event.failure.has_whole_text(),
        // No page's frame is behind a request that a program makes by itself.
        Record::FrameCookies | Record::FrameCookiesInNetLog => !is_of_page(scene.attempt.kind),
        Record::Nothing => true,
        _ => false,
    }
}

/// Whether a page or its frame made the requests of such an attempt, or may have.
fn is_of_page(kind: Kind) -> bool {
    !matches!(kind, Kind::Refresh | Kind::ServerSide | Kind::DeviceCode | Kind::CodeRedemption | Kind::ApiCall)
}

/// Whether the capture holds the page from which the attempt began, as it loaded.
fn begins_with_page(scene: &Scene<'_, '_>) -> bool {
    let Some(begin) = scene.attempt.begin(scene.traffic) else { return false };
    let Some(origin) = begin.referer().map(|page| page.origin()) else { return false };
    let before = scene.traffic.capture.exchanges.iter().take_while(|exchange| exchange.entry < begin.entry);
    // The page stands at the beginning of what was recorded, before what it loads.
    before.take(PAGES).any(|exchange| is_document(exchange) && exchange.request.url.origin().is_some_and(|of| of == origin))
}

/// Among how many exchanges the page is looked for.
const PAGES: usize = 20;

/// Pieces of advice, those that begin alike as one sentence.
fn in_sentences(advice: &[Record]) -> String {
    let joined = match advice {
        [first, second] => first.joined(*second),
        _ => None,
    };
    joined.unwrap_or_else(|| advice.iter().map(Record::to_string).collect::<Vec<_>>().join(" "))
}

/// The advice for a code that is not known.
pub(super) fn without_knowledge() -> String {
    "Keep the ids and the time of the failure for a support request.".to_owned()
}
