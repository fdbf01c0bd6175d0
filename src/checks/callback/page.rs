//! What became of the application's redirect page.

use crate::checks::{Observation, Scene};
use crate::entra::{Endpoint, Evidence, NoAnswer, Step, cuts_opener};
use crate::exchange::Exchange;
use crate::signin::Symptom;

/// The page of the application to which a reply leads.
pub(super) struct RedirectPage<'s, 'a, 'c> {
    scene: &'s Scene<'a, 'c>,
    /// The document.
    page: Option<&'a Exchange>,
    /// The failing step, where it brings the reply.
    failed: Option<&'a Step<'c>>,
}

impl<'s, 'a, 'c> RedirectPage<'s, 'a, 'c> {
    /// The page to which the reply leads that this step handed over.
    pub(super) fn of(scene: &'s Scene<'a, 'c>, handed: Option<&'a Step<'c>>) -> Self {
        let page = handed.and_then(|step| landing(scene, step));
        Self { scene, page, failed: Some(scene.failing).filter(|step| step.brings_reply()) }
    }

    pub(super) fn refuses_framing(&self) -> Observation {
        self.by_header("response.header.x-frame-options", |page| self.scene.names().no_frames(page))
    }

    pub(super) fn cuts_opener(&self) -> Observation {
        let policy = |page: &Exchange| self.scene.names().page_header(page, "cross-origin-opener-policy");
        self.by_header("response.header.cross-origin-opener-policy", |page| policy(page).filter(|_| cuts_opener(page)))
    }

    fn by_header(&self, part: &'static str, shown: impl Fn(&Exchange) -> Option<Evidence>) -> Observation {
        match self.page {
            None => Observation::not_recorded("the application's redirect page is not in the capture"),
            Some(page) => Observation::seen_or(shown(page), Observation::not_seen([Evidence::searched(page.entry, part)])),
        }
    }

    /// Whether the page did not load.
    pub(super) fn is_not_reached(&self) -> Observation {
        self.is_unanswered("response.status", |page| page.response.status.is_none())
    }

    /// Whether it did not because nothing answers at its address.
    pub(super) fn has_no_server(&self) -> Observation {
        self.is_unanswered("response._error", NoAnswer::is_for_want_of_server)
    }

    fn is_unanswered(&self, part: &'static str, wanted: impl Fn(&Exchange) -> bool) -> Observation {
        match self.page {
            None => Observation::not_recorded("the application's redirect page is not in the capture"),
            Some(page) if page.response.status.is_none() && page.response.failure.is_none() => {
                Observation::not_recorded("the recorder does not say how the request for the redirect page ended")
            }
            Some(page) if wanted(page) => self.scene.unanswered(page),
            Some(page) => Observation::not_seen([Evidence::searched(page.entry, part)]),
        }
    }

    /// Whether the application answered the reply with an error status.
    pub(super) fn fails(&self) -> Observation {
        match self.failed.and_then(|step| Some((step, step.status?))) {
            Some((step, status)) if status >= 400 => Observation::seen(self.scene.names().step(step)),
            Some((step, _)) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
            None => self.has_status(|status| status >= 400),
        }
    }

    /// Whether it keeps the person out.
    pub(super) fn refuses_person(&self) -> Observation {
        match self.failed {
            Some(step) if refuses_person(step) => Observation::seen(self.scene.names().step(step)),
            Some(step) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
            None => match self.has_status(|status| matches!(status, 401 | 403)) {
                Observation::Seen { .. } => Observation::not_recorded("the page was asked for without the reply"),
                other => other,
            },
        }
    }

    /// Whether whoever got the reply sent the browser on to another application with an error of its own.
    pub(super) fn refuses_as_broker(&self) -> Observation {
        match self.failed {
            Some(step) => {
                let is_told = self.scene.event.symptom == Some(Symptom::CallbackFailed);
                let error = self.scene.names().request_param(step, "error").filter(|_| is_told);
                Observation::seen_or(error, Observation::not_seen([Evidence::searched(step.entry, step.param_part("error"))]))
            }
            None => self.has_status(|_| false),
        }
    }

    /// Where the reply stands in the fragment, the page is asked for without it.
    fn has_status(&self, wanted: impl Fn(u16) -> bool) -> Observation {
        match self.page.and_then(|page| Some((page, page.response.status?))) {
            Some((page, status)) if wanted(status) => Observation::seen(self.scene.names().exchange(page)),
            Some((page, _)) => Observation::not_seen([Evidence::searched(page.entry, "response.status")]),
            None => Observation::not_recorded("the request that brings the reply to the application is not in the capture"),
        }
    }
}

/// The application's document that a reply leads to.
fn landing<'a>(scene: &Scene<'a, '_>, step: &Step<'a>) -> Option<&'a Exchange> {
    if step.endpoint == Endpoint::AppCallback {
        return Some(step.exchange);
    }
    let target = step.reply.handover.as_ref()?.target.as_ref()?;
    scene.index.visit(scene.traffic, step, target)
}

/// How the paths begin that Azure App Service and Static Web Apps keep for a sign-in of their own.
pub(super) const OF_PLATFORM: &str = "/.auth/";

/// Azure App Service answers 401 to a reply that it does not know; to a person whom it knows and lets not in, 403.
fn refuses_person(step: &Step<'_>) -> bool {
    let of_app_service = || step.address.as_ref().is_some_and(|address| address.path.starts_with(OF_PLATFORM));
    step.status == Some(403) || (step.status == Some(401) && !of_app_service())
}

/// Browsers let a public page into a local network only with the person's leave (Local Network Access, before it
/// Private Network Access).
pub(super) fn leads_into_local_network(scene: &Scene<'_, '_>) -> Observation {
    let Some((step, target)) = scene.request().and_then(|step| Some((step, step.reply_address()?))) else {
        return Observation::not_recorded("the request's redirect URI is not in the capture, or is no web address");
    };
    let Some(page) = step.referer() else { return Observation::not_recorded("the page that the request came from is not in the capture") };
    let evidence = scene.names().reply_place(step).filter(|_| target.is_local() && !page.is_local());
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

/// Where the request says where it wants its reply, as a place that was searched.
pub(in crate::checks) fn searched_reply_place(step: &Step<'_>) -> Option<Evidence> {
    step.reply_place().map(|(_, part)| Evidence::searched(step.entry, part))
}
