//! The redirect URI: the one sent, the one refused, the one of a request that worked.

use super::callback::searched_reply_place;
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Param, Step};
use crate::exchange::Secret;

/// The redirect URI: the one sent, the one refused, the one of a request that worked.
pub(super) static CHECK: Check = Check {
    name: "redirect-uri",
    about: "Whether the redirect URI is the one that the service refuses, and how it differs from others that the application uses",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 7] = [
    ClaimInfo {
        name: "redirect-uri.refused",
        seen: "The service refuses by name the redirect URI that the request sent.",
        not_seen: "The redirect URI that the service names is not the one that the request sent.",
        question: "Whether the redirect URI that the service refuses is the one that was sent",
        record: RECORD,
    },
    ClaimInfo {
        name: "redirect-uri.near-miss",
        seen: "The application signs in elsewhere in this capture with a redirect URI that differs in one thing only.",
        not_seen: "No sign-in of the application that worked in this capture used a redirect URI that differs in one thing only.",
        question: "Whether redirect URIs that work differ from this one in one thing only",
        record: Record::Told("Record a sign-in of the same application that works, in the same capture."),
    },
    ClaimInfo {
        name: "redirect-uri.plain-http",
        seen: "The redirect URI says http while the application's own page was loaded with https: a proxy in front of the application ends \
               the encryption, and the application does not know.",
        not_seen: "The redirect URI has the scheme of the application's own page.",
        question: "Whether the redirect URI says http although the application is loaded with https",
        record: RECORD,
    },
    ClaimInfo {
        name: "redirect-uri.changed",
        seen: "The token request names another redirect URI than the authorization request did.",
        not_seen: "Token request and authorization request name the same redirect URI.",
        question: "Whether the token request names the redirect URI of the authorization request",
        record: Record::Told("Record both the authorization request and the token request, with request bodies."),
    },
    ClaimInfo {
        name: "redirect-uri.altered",
        seen: "The redirect URI that the service refuses differs from the one that the request sent: something between them changed it.",
        not_seen: "The redirect URI that the service refuses is the one that the request sent.",
        question: "Whether something changed the redirect URI on its way",
        record: RECORD,
    },
    ClaimInfo {
        name: "redirect-uri.says-http",
        seen: "The redirect URI says http, and leads out of the local network.",
        not_seen: "The redirect URI says https, or stays on the computer itself or in its network.",
        question: "Whether the redirect URI says http",
        record: RECORD,
    },
    ClaimInfo {
        name: "redirect-uri.loopback",
        seen: "The reply goes to a program on the same computer (localhost, or a loopback address).",
        not_seen: "The reply does not go to the computer itself.",
        question: "Whether the reply goes to a program on the same computer",
        record: RECORD,
    },
];

/// How many redirect URIs that worked are compared with the one that failed. Entra ID takes at most 256 for an application of
/// work and school accounts (Microsoft identity platform, redirect URI restrictions).
const MOST_COMPARED: usize = 256;

const RECORD: Record = Record::AUTHORIZATION_REQUEST;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [refused, near_miss, plain_http, changed, altered, says_http, loopback] = &CLAIMS;
    let sent = scene.request().and_then(|step| Some((step, step.reply_place()?.0)));
    let [a, b, c, d, e, f] = match sent {
        None => std::array::from_fn(|_| without_uri(scene)),
        Some((step, uri)) => {
            let near = match step.params.find("redirect_uri") {
                Some(uri) => nearly_another(scene, step, uri),
                None => Observation::moot("only addresses of OAuth and OpenID Connect are compared with each other"),
            };
            [
                is_refused(scene, step, uri),
                near,
                is_plain_http(scene, step),
                says_plain_http(scene, step),
                was_altered(scene, step, uri),
                is_loopback(scene, step),
            ]
        }
    };
    vec![refused.is(a), near_miss.is(b), plain_http.is(c), changed.is(was_changed(scene)), altered.is(e), says_http.is(d), loopback.is(f)]
}

/// What can be said of a redirect URI that is not in the capture, or where none belongs.
fn without_uri(scene: &Scene<'_, '_>) -> Observation {
    scene.without_code().unwrap_or_else(|| Observation::not_recorded("the request's redirect URI is not in the capture"))
}

/// Why redirect URIs cannot be compared.
const TAKEN_OUT: &str = "somebody took the redirect URI out of the capture, so it cannot be compared";

fn is_refused(scene: &Scene<'_, '_>, step: &Step<'_>, uri: &Secret) -> Observation {
    match scene.event.failure.message().redirect_uri {
        None => Observation::not_recorded("the error's text names no redirect URI"),
        Some(named) => match named.is_same_as(uri) {
            None => Observation::not_recorded(TAKEN_OUT),
            Some(true) => Observation::seen_or(scene.names().reply_place(step), Observation::not_seen(searched_reply_place(step))),
            Some(false) => Observation::not_seen(searched_reply_place(step)),
        },
    }
}

fn nearly_another(scene: &Scene<'_, '_>, step: &Step<'_>, uri: &Param) -> Observation {
    if uri.value.is_stand_in() {
        return Observation::not_recorded(TAKEN_OUT);
    }
    let known = &scene.index.attempts;
    let others = |attempts| {
        let others = scene.attempts_at(attempts).filter(|other| other.id != scene.attempt.id);
        others.filter_map(|other| other.begin(scene.traffic))
    };
    let all = || others(known.with_redirect_uri.get(&scene.attempt.client));
    let of_each = || others(known.first_with_redirect_uri.get(&scene.attempt.client));
    let near = of_each().take(MOST_COMPARED).find_map(|other| {
        let worked = other.params.find("redirect_uri")?;
        Some((scene.names().redirect_uri_beside(step, uri, worked)?, scene.names().param(other, worked)))
    });
    let Some((differs, worked)) = near else {
        return match (all().next().is_none(), of_each().nth(MOST_COMPARED).is_none()) {
            (true, _) => Observation::not_recorded("no sign-in of this application that worked is in the capture"),
            (_, false) => Observation::not_recorded("so many redirect URIs worked that not all were compared"),
            (_, true) => Observation::not_seen(all().map(|other| Evidence::searched(other.entry, "request.url.query.redirect_uri"))),
        };
    };
    Observation::seen_with(differs, [worked])
}

fn is_plain_http(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(origin) = step.reply_address().map(|address| address.origin()) else {
        return Observation::not_recorded("the redirect URI is no web address");
    };
    let secure = origin.replacen("http://", "https://", 1);
    let led_here = scene.attempt.steps(scene.traffic).filter(|other| other.entry < step.entry).filter_map(|other| other.address.as_ref());
    let pages: Vec<String> =
        step.referer().iter().map(crate::entra::Address::origin).chain(led_here.map(crate::entra::Address::origin)).collect();
    if pages.is_empty() {
        return Observation::not_recorded("the page that the sign-in came from is not in the capture");
    }
    let proxied = origin.starts_with("http://") && pages.contains(&secure);
    let evidence = scene.names().reply_place(step).filter(|_| proxied);
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

fn says_plain_http(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(address) = step.reply_address() else { return Observation::not_recorded("the redirect URI is no web address") };
    let plain = address.scheme == "http" && !address.is_local();
    let evidence = scene.names().reply_place(step).filter(|_| plain);
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

fn is_loopback(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(address) = step.reply_address() else { return Observation::not_recorded("the redirect URI is no web address") };
    let evidence = scene.names().reply_place(step).filter(|_| address.is_loopback());
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

fn was_changed(scene: &Scene<'_, '_>) -> Observation {
    let token = Some(scene.failing).filter(|step| step.endpoint == crate::entra::Endpoint::Token);
    if let Some(moot) = scene.without_code() {
        return moot;
    }
    let (Some(asked), Some(token)) = (scene.request(), token) else {
        return Observation::not_recorded("authorization request and token request are not both in the capture");
    };
    match (asked.params.find("redirect_uri"), token.params.find("redirect_uri")) {
        (Some(uri), Some(later)) => match uri.value.is_same_as(&later.value) {
            None => Observation::not_recorded(TAKEN_OUT),
            Some(true) => Observation::not_seen([Evidence::searched(token.entry, "request.body.redirect_uri")]),
            Some(false) => {
                let there = scene.names().redirect_uri_beside(token, later, uri).unwrap_or_else(|| scene.names().param(token, later));
                Observation::seen_with(scene.names().param(asked, uri), [there])
            }
        },
        _ => Observation::not_recorded("one of the two requests names no redirect URI"),
    }
}

fn was_altered(scene: &Scene<'_, '_>, step: &Step<'_>, uri: &Secret) -> Observation {
    match scene.event.failure.message().redirect_uri {
        None => Observation::not_recorded("the error's text names no redirect URI"),
        Some(named) => match named.is_same_as(uri) {
            None => Observation::not_recorded(TAKEN_OUT),
            Some(true) => Observation::not_seen(searched_reply_place(step)),
            Some(false) => {
                Observation::seen_or(scene.names().reply_place_against(step, &named), Observation::not_seen(searched_reply_place(step)))
            }
        },
    }
}
