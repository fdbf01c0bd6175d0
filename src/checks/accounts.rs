//! How many people are signed in in this browser, and whether the request says which one it means.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::cookies::lists_sessions;
use crate::entra::{Evidence, Step};
use crate::exchange::Recorded;
use crate::signin::Attempt;
use std::collections::BTreeMap;

/// How many people are signed in, and whether the request says which one it means.
pub(super) static CHECK: Check = Check {
    name: "accounts",
    about: "Whether several accounts are signed in in this browser, and whether the request says which one it means",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "accounts.several",
        seen: "Several accounts are signed in in this browser.",
        not_seen: "No more than one account signed in in this capture.",
        question: "Whether several accounts are signed in in this browser",
        record: Record::Earlier { before: Start::SignIn("the accounts sign in"), with: "", shows: "" },
    },
    ClaimInfo {
        name: "accounts.several-sessions",
        seen: "The cookie in which the service lists its sessions (ESTSAUTHLIGHT) names several.",
        not_seen: "The cookie in which the service lists its sessions (ESTSAUTHLIGHT) does not name several.",
        question: "Whether the service's own list of sessions names several",
        record: Record::Told("Record with cookies (“Export HAR (with sensitive data)”)."),
    },
    ClaimInfo {
        name: "accounts.none-named",
        seen: "The request does not say which account or session it means.",
        not_seen: "The request says which account or session it means.",
        question: "Whether the request says which account or session it means",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "accounts.other-signed-in",
        seen: "Another account signed in than the one that the request names.",
        not_seen: "The account that the request names is the one that signed in.",
        question: "Whether another account signed in than the one that the request names",
        record: Record::Earlier { before: Start::SignIn("the account signs in"), with: "with the request's own parameters", shows: "" },
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [several, several_sessions, none_named, other] = &CLAIMS;
    vec![
        several.is(several_signed_in(scene)),
        several_sessions.is(lists_several(scene)),
        none_named.is(names_nobody(scene)),
        other.is(other_signed_in(scene)),
    ]
}

/// The place of an attempt that tells who signed in.
fn place(scene: &Scene<'_, '_>, attempt: &Attempt) -> Option<Evidence> {
    let named = attempt.steps(scene.traffic).find_map(|step| scene.names().person(step));
    named.or_else(|| attempt.steps(scene.traffic).next_back().map(|step| scene.names().step(step)))
}

fn several_signed_in(scene: &Scene<'_, '_>) -> Observation {
    // The account tiles of a page are the service's own list.
    let tiles = scene.before(&scene.index.steps.account_tiles).next_back();
    if let Some(evidence) = tiles.and_then(|step| scene.names().page(step)) {
        return Observation::seen(evidence);
    }
    let there = scene.session_place();
    let known = &scene.index.attempts;
    let place = |attempt: &Attempt| place(scene, attempt);
    let first_of_each = known.of_account.get(&there).into_iter().flat_map(BTreeMap::values);
    let mut signed_in = first_of_each.filter_map(|attempts| scene.earlier(Some(attempts)).next()).filter_map(place).peekable();
    let first = signed_in.next();
    let several = signed_in.peek().is_some();
    let unknown = scene.is_before(known.first_without_account.get(&there));
    match (first, unknown) {
        (Some(first), _) if several => Observation::seen_with(first, signed_in),
        (_, true) => Observation::not_recorded("the capture does not show who signed in"),
        (None, false) => Observation::not_recorded("nobody signed in earlier in this capture"),
        (Some(_), false) if matches!(scene.request().map(Step::listed_sessions), Some(Recorded::Kept(2..))) => {
            Observation::not_recorded("one account signed in in this capture, and the service lists several sessions")
        }
        (Some(_), false) => {
            let searched = scene.earlier(known.with_account.get(&there)).filter_map(place);
            Observation::not_seen(searched.map(|place| Evidence::searched(place.entry(), place.part().to_owned())))
        }
    }
}

fn lists_several(scene: &Scene<'_, '_>) -> Observation {
    let Some(step) = scene.request() else { return scene.without_request() };
    match step.listed_sessions() {
        Recorded::Kept(2..) => Observation::seen(scene.names().cookies_sent(step, lists_sessions)),
        Recorded::Kept(_) => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
        Recorded::Empty => Observation::not_recorded("the request does not carry the cookie"),
        Recorded::NotKept(loss) => Observation::lost(loss, "the values of the request's cookies"),
    }
}

fn names_nobody(scene: &Scene<'_, '_>) -> Observation {
    let Some(step) = scene.request() else { return scene.without_request() };
    match named_by(step) {
        Some(part) => Observation::not_seen([Evidence::searched(step.entry, part)]),
        None => Observation::seen(scene.names().step(step)),
    }
}

/// The part of a request that says which account or session it means.
fn named_by(step: &Step<'_>) -> Option<String> {
    let by_param = ["login_hint", "sid", "X-AnchorMailbox"].into_iter().find(|name| step.params.has(name));
    by_param.map(|name| step.param_part(name)).or_else(|| step.request_header("x-anchormailbox").kept().map(|_| step.anchor_part()))
}

/// The last that signed in before the request counts, or else the first after it.
fn other_signed_in(scene: &Scene<'_, '_>) -> Observation {
    let Some(asked) = scene.attempt.account else {
        let why = "the request names no account";
        let names_none = |step: &Step<'_>| !step.params.has("login_hint") && step.anchor().is_none();
        return if scene.request().is_some_and(names_none) { Observation::moot(why) } else { Observation::not_recorded(why) };
    };
    let known = scene.index.attempts.with_account.get(&scene.session_place());
    let attempt = scene.earlier(known).next_back().or_else(|| scene.next(known));
    let Some((attempt, told)) = attempt.and_then(|attempt| Some((attempt, place(scene, attempt)?))) else {
        return Observation::not_recorded("the capture does not show who signed in");
    };
    match attempt.account.and_then(|account| scene.names().accounts.are_one(account, asked)) {
        None => Observation::not_recorded("one is named and the other told by an id, and nothing says whether they are the same"),
        Some(true) => Observation::not_seen([Evidence::searched(told.entry(), told.part().to_owned())]),
        Some(false) => Observation::seen(told),
    }
}
