//! What the capture does not hold of a step.

use super::Asker;
use crate::entra::Step;
use crate::exchange::Loss;

/// A part of a step that could matter and is not in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Missing {
    /// The part.
    pub part: MissingPart,
    /// Why it is missing.
    pub loss: Loss,
}

/// A part that could matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MissingPart {
    /// The cookies that were sent.
    RequestCookies,
    /// The body that was posted.
    RequestBody,
    /// The cookies that were set.
    ReplyCookies,
    /// The body that came back.
    ReplyBody,
}

impl MissingPart {
    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestCookies => "the request's cookies",
            Self::RequestBody => "the posted body",
            Self::ReplyCookies => "the reply's cookies",
            Self::ReplyBody => "the reply's body",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::RequestCookies => "request-cookies",
            Self::RequestBody => "request-body",
            Self::ReplyCookies => "response-cookies",
            Self::ReplyBody => "response-body",
        }
    }
}

impl Missing {
    /// That and why it is missing, as a clause: `the exporter removed the request's cookies`.
    pub fn explain(self) -> String {
        self.loss.explain(self.part.name())
    }
}

/// What is missing of an exchange, as far as it could matter.
pub(super) fn of(step: &Step<'_>, asked_by: Asker) -> Vec<Missing> {
    let by_browser = asked_by != Asker::Server;
    let request = &step.exchange.request;
    let response = &step.exchange.response;
    let shows_something = step.status.is_some_and(|status| status == 200 || status >= 400) && step.method != "OPTIONS";
    let parts: [(bool, Option<Loss>, MissingPart); 4] = [
        (by_browser && step.is_sign_in(), step.cookies_sent.loss(), MissingPart::RequestCookies),
        (step.method == "POST", request.body.loss(), MissingPart::RequestBody),
        (by_browser && step.is_sign_in() && step.status.is_some(), step.cookies_set.loss(), MissingPart::ReplyCookies),
        (shows_something, response.body.loss(), MissingPart::ReplyBody),
    ];
    parts.into_iter().filter(|(matters, ..)| *matters).filter_map(|(_, loss, part)| Some(Missing { part, loss: loss? })).collect()
}
