//! What the library's own log says of the failure, where one was given and an error of it is this failure.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Observations, Scene};
use crate::entra::{ErrorCode, Evidence, Provider, Sentence, Words};
use crate::msal_log::{Event, Join};

/// What the library's own log says of the failure.
pub(super) static CHECK: Check = Check { name: "msal-log", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "What MSAL's own log says of this failure where no reply says anything: a time-out, no network, a closed window, an empty reply, a call that it refused by itself";

static CLAIMS: [ClaimInfo; 8] = [
    ClaimInfo::of_log(
        "msal-log.timed-out",
        "According to its log, MSAL gave up waiting for the hidden frame or the window.",
        "According to its log, MSAL did not give up waiting; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.no-network",
        "According to MSAL's log, the browser said that it had no network.",
        "According to MSAL's log, the browser did not say that it had no network; the log names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.window-closed",
        "According to its log, MSAL found the window of the sign-in closed.",
        "According to its log, MSAL did not find the window closed; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.reply-empty",
        "According to its log, MSAL found no reply in the address that the window came back to.",
        "According to its log, MSAL did not miss the reply in an address; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.interaction-in-progress",
        "According to its log, MSAL refused to sign in while another sign-in was in progress.",
        "According to its log, MSAL refused no call because of another; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.frame-signs-in",
        "According to its log, MSAL was asked for a token by the page in its own hidden frame.",
        "According to its log, MSAL was not called by the page in its hidden frame; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.window-not-opened",
        "According to its log, MSAL got no window from the browser.",
        "According to its log, MSAL was not refused a window; it names another error.",
        ABOUT,
    ),
    ClaimInfo::of_log(
        "msal-log.request-forgotten",
        "According to its log, MSAL found no request that belongs to the reply.",
        "According to its log, MSAL did not miss the request to a reply; it names another error.",
        ABOUT,
    ),
];

/// The errors by which MSAL says each of them.
const ERRORS: [&[&str]; 8] = [
    &["monitor_window_timeout", "monitor_popup_timeout", "timed_out"],
    &["no_network_connectivity", "network_not_available"],
    &["user_cancelled", "user_canceled", "authentication_canceled"],
    &["hash_empty_error", "hash_does_not_contain_known_properties", "redirect_bridge_empty_response"],
    &["interaction_in_progress"],
    &["block_iframe_reload"],
    &["popup_window_error", "empty_window_error"],
    &["no_token_request_cache_error"],
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    match scene.msal_log {
        Join::Found { told: event, .. } => told(scene.failing.entry, event),
        join => CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded(no_event(&join)))).collect(),
    }
}

/// What an error says.
fn told(entry: usize, event: &Event) -> Vec<Claim> {
    let field = "error";
    let says = |errors: &[&str]| match event.error.filter(|error| errors.contains(error)) {
        Some(error) => Observation::seen(Evidence::logged_by_msal(entry, event.number, field, error)),
        None => Observation::not_seen([Evidence::searched_in_msal_log(entry, event.number, field)]),
    };
    CLAIMS.iter().zip(ERRORS).map(|(claim, errors)| claim.is(says(errors))).collect()
}

/// Why there is no error.
fn no_event(join: &Join<'_>) -> String {
    match join {
        Join::NoLog => "no log of MSAL was given with --msal-log".to_owned(),
        Join::Several { count, .. } => format!("{count} errors of MSAL's log could be this failure, so none was taken"),
        Join::None | Join::Found { .. } => "MSAL's log has no error with the ids of this failure".to_owned(),
    }
}

/// What stands in a log where the service's sentence does.
const MESSAGE: &str = "message";

/// What the service's sentence says, as the checks of a reply word it.
fn said(event: &Event) -> Vec<(&'static str, Observation)> {
    let Sentence { words, lifetime_over, revoked, provider, tenant_is_services, account_not_in_tenant } = &event.sentence;
    let is = |holds: bool, word: &'static str| match holds {
        true => Observation::seen(Evidence::logged_by_msal(event.number, event.number, MESSAGE, word)),
        false => Observation::not_seen([Evidence::searched_in_msal_log(event.number, event.number, MESSAGE)]),
    };
    let of_words = [
        ("reply.cookies-not-sent", Words::CookiesNotSent),
        ("reply.hint-matches-nobody", Words::HintMatchesNobody),
        ("reply.nobody-signed-in", Words::NobodySignedIn),
        ("reply.session-not-sufficient", Words::SessionNotSufficient),
    ];
    let speaks = *words != Words::Other && event.code() == Some(ErrorCode::aadsts(50058));
    let of_session = of_words.into_iter().filter(|_| speaks).filter_map(|(claim, wanted)| Some((claim, *words == wanted, words.phrase()?)));
    let named_hint = (speaks && *words == Words::HintMatchesNobody).then_some(("login-hint.sent", true, "a login hint"));
    let at_home = |wanted: fn(&Provider) -> bool| provider.as_ref().map(wanted);
    let others = [
        ("lifetime.over", *lifetime_over, "the dates that it names"),
        ("lifetime.revoked", *revoked, "the dates that it names"),
        ("named-account.personal", at_home(|provider| *provider == Provider::MicrosoftAccount), "a personal account"),
        ("named-account.of-other-directory", at_home(|provider| matches!(provider, Provider::Directory(_))), "another directory"),
        ("named-account.sent-to-services", *tenant_is_services, "Microsoft's own tenant"),
        ("named-account.not-in-tenant", *account_not_in_tenant, "not in the tenant"),
    ];
    let others = others.into_iter().filter_map(|(claim, holds, word)| Some((claim, holds?, word)));
    of_session.chain(named_hint).chain(others).map(|(claim, holds, word)| (claim, is(holds, word))).collect()
}

/// What can be said of an error that a log tells without any traffic: that the service or the library named it, and what
/// the service's sentence says.
pub(crate) fn observe_alone(event: &Event, why: &str) -> Observations {
    let code = event.code().map(|code| Observation::seen(Evidence::code_logged_by_msal(event.number, event.number, code)));
    let (of_log, said) = (told(event.number, event), said(event));
    let all = super::ALL.iter().flat_map(|check| check.claims.iter().map(move |claim| (*check, claim)));
    Observations::new(all.map(|(check, info)| {
        let known = of_log.iter().find(|claim| claim.info.name == info.name).map(|claim| claim.observation.clone());
        let named = code.clone().filter(|_| info.name == "reply.error-code");
        let said = || said.iter().find(|(claim, _)| *claim == info.name).map(|(_, observation)| observation.clone());
        (check, info.is(known.or(named).or_else(said).unwrap_or_else(|| Observation::not_recorded(why))))
    }))
}
