//! Whether the hosting signs people in itself, before any code of the application: Azure App Service and Static Web Apps do.

use super::page::{OF_PLATFORM, searched_reply_place};
use crate::checks::{Observation, Scene};
use crate::entra::{Endpoint, Evidence, Step};
use crate::signin::led_to;

/// Whether an application has its reply sent to such a path.
pub(super) fn is_reserved(scene: &Scene<'_, '_>) -> Observation {
    with_reply_place(scene, |step, is_kept| scene.names().reply_place(step).filter(|_| is_kept && sign(scene).is_none()))
}

/// Whether the hosting has its own reply sent there.
pub(super) fn is_at_work(scene: &Scene<'_, '_>) -> Observation {
    with_reply_place(scene, |_, is_kept| sign(scene).filter(|_| is_kept))
}

fn with_reply_place(scene: &Scene<'_, '_>, seen: impl Fn(&Step<'_>, bool) -> Option<Evidence>) -> Observation {
    let Some((step, target)) = scene.request().and_then(|step| Some((step, step.reply_address()?))) else {
        return Observation::not_recorded("the request's redirect URI is not in the capture, or is no web address");
    };
    Observation::seen_or(seen(step, target.path.starts_with(OF_PLATFORM)), Observation::not_seen(searched_reply_place(step)))
}

/// What shows that the hosting's own sign-in is at work: its path or its cookie before the sign-in, its session after it.
fn sign(scene: &Scene<'_, '_>) -> Option<Evidence> {
    let is_its = |name: &str| matches!(name, "Nonce" | "AppServiceAuthSession" | "StaticWebAppsAuthCookie");
    let sets = |step: &&Step<'_>| step.cookies_set.kept().is_some_and(|lines| lines.iter().any(|line| is_its(&line.name)));
    let started = led_to(scene.attempt, scene.traffic);
    let by_path = started.filter(|step| step.address.as_ref().is_some_and(|address| address.path.starts_with("/.auth/login")));
    let received = scene.attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::AppCallback);
    let by_cookie = || [started, received].into_iter().flatten().find(sets);
    let shown = |step: &Step<'_>| scene.names().cookies_set(step, |line| is_its(&line.name));
    by_path.map(|step| scene.names().step(step)).or_else(|| by_cookie().map(shown))
}
