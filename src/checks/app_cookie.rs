//! The application's own cookie, by which its server knows the reply to a sign-in that it began.
//!
//! A server sets it (state, nonce, correlation) when it sends the person to sign in, and wants it back with the reply.
//! The reply comes from another site, and by form it is a POST: then browsers leave out cookies with SameSite=Lax or
//! Strict (RFC 6265bis).

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, FetchSite, Step, cookies::SetCookie, leads_to_sign_in_page};
use crate::exchange::Recorded;
use crate::signin::{known_by, led_to};

/// The application's own cookie.
pub(super) static CHECK: Check = Check {
    name: "app-cookie",
    about: "Whether the cookie that the application's server set before the sign-in came back to it with the reply",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 8] = [
    ClaimInfo {
        name: "app-cookie.not-returned",
        seen: "The application set a cookie when it sent the person to sign in, and the browser did not bring it back with the reply.",
        not_seen: "The cookie that the application set before the sign-in came back with the reply.",
        question: "Whether the cookie that the application set before the sign-in came back with the reply",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.same-site-lost",
        seen: "The cookie that did not come back is limited to its own site (SameSite=Lax or Strict), and the reply was posted from another site.",
        not_seen: "No cookie that did not come back is limited to its own site, or the reply was not posted.",
        question: "Whether a cookie that is limited to its own site was lost",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.secure-on-http",
        seen: "The cookie that did not come back is for https alone (Secure), and the reply went to an http address.",
        not_seen: "No cookie that did not come back is for https alone, or the reply went to an https address.",
        question: "Whether a cookie for https alone was lost on an http address",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.refused",
        seen: "The cookie that did not come back says SameSite=None without Secure, and browsers do not keep such a cookie.",
        not_seen: "No cookie that did not come back says SameSite=None without Secure.",
        question: "Whether the browser refused a cookie of the application (SameSite=None without Secure)",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.same-site-strict",
        seen: "The cookie that did not come back goes with no request that comes from another site (SameSite=Strict), and the reply did.",
        not_seen: "No cookie that did not come back says SameSite=Strict, or the reply came from the application's own site.",
        question: "Whether a cookie with SameSite=Strict was lost",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.other-host",
        seen: "The cookie that did not come back is of another host than the one to which the reply went.",
        not_seen: "The cookie that did not come back is of the host to which the reply went.",
        question: "Whether the cookie is of the host to which the reply went",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "app-cookie.reply-unknown",
        seen: "The application says that it does not know the reply again: what it had kept of its request in a cookie is not there.",
        not_seen: "The application does not say that it does not know the reply again.",
        question: "Whether the application says that it does not know the reply again",
        record: Record::Told("Record the application's answer to the reply with its body; its own log says it, too."),
    },
    ClaimInfo {
        name: "app-cookie.sign-in-not-kept",
        seen: "The application set a cookie as it took the reply, and when it sent the person to sign in again right after, the browser had \
               not brought the cookie back.",
        not_seen: "The cookie that the application set as it took the reply came back to it.",
        question: "Whether the browser kept the cookie that the application set as it took the reply",
        record: Record::Cookies,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let trip = Trip::of(scene);
    let is = |lost: fn(&SetCookie, &Step<'_>) -> bool| match &trip {
        Err(why) => Observation::not_recorded(why.clone()),
        Ok(trip) if trip.lost().any(|cookie| lost(cookie, trip.reply)) => {
            let wanted = |cookie: &SetCookie| trip.lost().any(|one| one.name == cookie.name) && lost(cookie, trip.reply);
            Observation::seen(scene.names().cookies_set(trip.start, wanted))
        }
        Ok(trip) => Observation::not_seen([Evidence::searched(trip.reply.entry, "request.header.cookie")]),
    };
    let [not_returned, same_site, secure, refused, strict, other_host, unknown, not_kept] = &CLAIMS;
    vec![
        not_returned.is(is(|_, _| true)),
        same_site.is(is(|cookie, reply| {
            reply.method == "POST" && cookie.same_site.as_deref().is_some_and(|site| site == "lax" || site == "strict")
        })),
        secure.is(is(|cookie, reply| cookie.secure && reply.address.as_ref().is_some_and(|address| address.scheme == "http"))),
        refused.is(is(|cookie, _| !cookie.secure && cookie.same_site.as_deref() == Some("none"))),
        strict.is(is(|cookie, reply| cookie.same_site.as_deref() == Some("strict") && !comes_from_own_site(reply))),
        other_host.is(match &trip {
            Ok(trip) if trip.is_to_other_host() => {
                Observation::seen(scene.names().cookies_set(trip.start, |cookie| trip.lost().any(|one| one.name == cookie.name)))
            }
            _ => is(|_, _| false),
        }),
        unknown.is(reply_unknown(scene)),
        not_kept.is(sign_in_kept(scene).unwrap_or_else(Observation::not_recorded)),
    ]
}

/// Whether the browser says that the page before the reply was of the application's own site, as that of a sign-in host under its
/// domain is.
fn comes_from_own_site(reply: &Step<'_>) -> bool {
    matches!(reply.fetch_site().kept(), Some(Some(FetchSite::SameSite | FetchSite::SameOrigin)))
}

/// How many steps after the reply are looked at.
const NEAR: usize = 50;

/// What became of the cookie that holds the application's own sign-in.
fn sign_in_kept(scene: &Scene<'_, '_>) -> Result<Observation, String> {
    let taken = scene.attempt.steps.iter().rev().find_map(|&at| {
        let step = scene.traffic.steps.get(at).filter(|step| step.endpoint == Endpoint::AppCallback)?;
        Some((at, step, step.address.as_ref()?))
    });
    let (at, reply, giver) = taken.ok_or("the request that brings the reply to the application is not in the capture")?;
    let is_of_app = |step: &&Step<'_>| step.address.as_ref().is_some_and(|address| address.host == giver.host);
    let sends_away = |step: &&Step<'_>| step.endpoint == Endpoint::App && (step.leads_to_sign_in() || leads_to_sign_in_page(step));
    let again = scene.traffic.steps.iter().skip(at + 1).take(NEAR).find(|step| is_of_app(step) && sends_away(step));
    let again = again.and_then(|step| Some((step, step.address.as_ref()?)));
    let (again, address) = again.ok_or("the application does not send the person to sign in again in this capture")?;
    let set = match &reply.cookies_set {
        Recorded::Kept(lines) => lines.as_slice(),
        Recorded::Empty => &[],
        Recorded::NotKept(loss) => return Err(loss.explain("the cookies that replies set")),
    };
    let is_due = |cookie: &SetCookie| !cookie.deletes && cookie.is_for(giver, address);
    if !set.iter().any(is_due) {
        return Err("the application set no cookie for that address as it took the reply".to_owned());
    }
    let sent = match &again.cookies_sent {
        Recorded::Kept(names) => names.as_slice(),
        Recorded::Empty => &[],
        Recorded::NotKept(loss) => return Err(loss.explain("the request's cookies")),
    };
    let came = set.iter().any(|cookie| is_due(cookie) && sent.contains(&cookie.name));
    let searched = Evidence::searched(again.entry, "request.header.cookie");
    Ok(if came { Observation::not_seen([searched]) } else { Observation::seen(scene.names().cookies_set(reply, is_due)) })
}

fn reply_unknown(scene: &Scene<'_, '_>) -> Observation {
    let refused = Some(scene.failing).filter(|step| step.brings_reply());
    let Some(step) = refused else { return Observation::not_recorded("the application did not refuse the reply in this attempt") };
    match (scene.names().unknown_reply(step), step.exchange.response.body.loss()) {
        (Some(evidence), _) => Observation::seen(evidence),
        (None, Some(loss)) => Observation::lost(loss, "the application's answer"),
        (None, None) => Observation::not_seen([Evidence::searched(step.entry, "response.body")]),
    }
}

/// The way of a cookie: from the application's server, by the sign-in, and back.
struct Trip<'a, 'c> {
    start: &'a Step<'c>,
    reply: &'a Step<'c>,
    set: Vec<&'a SetCookie>,
    sent: &'a [String],
}

impl<'a, 'c> Trip<'a, 'c> {
    fn of(scene: &Scene<'a, 'c>) -> Result<Self, String> {
        scene.request().ok_or_else(|| scene.no_request().to_owned())?;
        let start = led_to(scene.attempt, scene.traffic);
        let start = start.ok_or("the application's reply that led to the sign-in is not in the capture")?;
        let reply = scene.attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::AppCallback);
        let reply = reply.ok_or("the request that brings the reply to the application is not in the capture")?;
        let set = match &start.cookies_set {
            Recorded::Kept(lines) => known_by(lines),
            Recorded::Empty => Vec::new(),
            Recorded::NotKept(loss) => return Err(loss.explain("the cookies that replies set")),
        };
        if set.is_empty() {
            return Err("the application set no cookie when it sent the person to sign in".to_owned());
        }
        let sent = match &reply.cookies_sent {
            Recorded::Kept(names) => names.as_slice(),
            Recorded::Empty => &[],
            Recorded::NotKept(loss) => return Err(loss.explain("the request's cookies")),
        };
        Ok(Self { start, reply, set, sent })
    }

    /// Whether nothing that stayed behind is for the host to which the reply went.
    fn is_to_other_host(&self) -> bool {
        let Some((start, reply)) = self.start.address.as_ref().zip(self.reply.address.as_ref()) else { return false };
        let mut lost = self.lost().peekable();
        lost.peek().is_some() && !lost.any(|cookie| cookie.is_for_host(&start.host, &reply.host))
    }

    /// The cookies that stayed behind: all of them, or none if one came back.
    fn lost(&self) -> impl Iterator<Item = &'a SetCookie> {
        let returned = self.set.iter().any(|cookie| self.sent.contains(&cookie.name));
        self.set.iter().copied().filter(move |_| !returned)
    }
}
