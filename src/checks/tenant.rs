//! The tenant asked, against the account's home.
//!
//! Sources: the path of the request, `X-AnchorMailbox` (the cached account's home), tokens' `tid` and
//! `client_info.utid`, `domain_hint`.

use super::microsoft_account::personal;
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{AccountKind, Anchor, CONSUMERS_TENANT, Evidence, Guid, Step, Tenant, TenantName};

/// The tenant asked, against the account's home.
pub(super) static CHECK: Check = Check { name: "tenant", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the tenant that the request asks is the account's own";

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "tenant.not-home",
        seen: "The account's home is not where the request goes.",
        not_seen: "The request goes to the account's home tenant.",
        question: ABOUT,
        record: Record::Earlier {
            before: Start::SignIn("the sign-in"),
            with: "so that a token or routing hint tells the account's home",
            shows: "",
        },
    },
    ClaimInfo {
        name: "tenant.account-got-token",
        seen: "The account got a token from this tenant earlier in this capture, so it has a place there.",
        not_seen: "The account got no token from this tenant earlier in this capture.",
        question: "Whether the account had got a token from this tenant before",
        record: Record::Earlier { before: Start::SignIn("the sign-in"), with: "with response bodies", shows: "" },
    },
    ClaimInfo {
        name: "tenant.domain-hint-elsewhere",
        seen: "The request's domain_hint names another kind of account than its tenant.",
        not_seen: "The request's domain_hint fits its tenant.",
        question: "Whether the request's domain_hint fits its tenant",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [not_home, got_token, domain_hint] = &CLAIMS;
    vec![not_home.is(asks_elsewhere(scene)), got_token.is(had_token(scene)), domain_hint.is(hint_elsewhere(scene))]
}

/// The account's home, with the place that tells it: the request itself, or an earlier token.
fn home(scene: &Scene<'_, '_>) -> Option<(Guid, Evidence)> {
    let request = scene.attempt.begin(scene.traffic)?;
    if let Some(Anchor::ObjectId { tenant, .. }) = request.anchor() {
        let evidence = scene.names().anchor(request);
        return Some((tenant, evidence.unwrap_or_else(|| scene.names().step(request))));
    }
    told_home(scene, request).or_else(|| match personal(scene) {
        // Personal accounts have one home, whatever tells that the account is one.
        Observation::Seen { first, .. } => Some((Guid::parse(CONSUMERS_TENANT)?, first)),
        Observation::NotSeen { .. } | Observation::NotRecorded { .. } => None,
    })
}

/// The home that a token tells.
fn told_home(scene: &Scene<'_, '_>, request: &Step<'_>) -> Option<(Guid, Evidence)> {
    let account = scene.account()?;
    let home = scene.names().accounts.get(account)?.home.clone()?;
    let first = scene.index.steps.homes.get(&home).filter(|first| scene.is_before(Some(first)));
    let told = first.and_then(|&at| scene.traffic.steps.get(at));
    let evidence = told.map(|step| scene.names().token_claim(step, "client_info", "utid", home.as_str()));
    Some((home.clone(), evidence.unwrap_or_else(|| scene.names().step(request))))
}

/// The directory asked: its id as written, or what the capture resolves its name to.
fn asked(scene: &Scene<'_, '_>) -> Option<Guid> {
    scene.index.directory(scene.attempt.tenant.as_ref()?)
}

/// Why the directory asked is not known.
fn which_is_unknown(scene: &Scene<'_, '_>) -> &'static str {
    match &scene.attempt.tenant {
        Some(tenant) if *tenant.name() == TenantName::Organizations => "the request asks any organization, and none by name",
        Some(tenant) if *tenant.name() == TenantName::Hidden => "somebody took the tenant's name out of the capture",
        Some(tenant) if !tenant.is_alias() => "the capture does not tell which directory the tenant's name stands for",
        _ => "the request asks no particular tenant",
    }
}

fn asks_organization(request: &Step<'_>) -> bool {
    request.tenant.as_ref().is_some_and(|tenant| matches!(tenant.name(), TenantName::Domain | TenantName::Organizations))
}

fn asks_elsewhere(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.attempt.begin(scene.traffic) else { return scene.without_request() };
    let is_wide = |tenant: &Tenant| tenant.is_alias() && *tenant.name() != TenantName::Organizations;
    if request.tenant.as_ref().is_some_and(is_wide) {
        return Observation::moot(which_is_unknown(scene));
    }
    match (asked(scene), home(scene)) {
        // Whatever directory is meant, personal accounts are at home in none that has a domain, and in no organization's.
        (None, Some((home, told))) if home.as_str() == CONSUMERS_TENANT && asks_organization(request) => {
            let tenant = request.tenant.as_ref().map(|tenant| scene.names().tenant(request, tenant));
            Observation::seen_with(tenant.unwrap_or_else(|| scene.names().step(request)), [told])
        }
        (None, _) => Observation::not_recorded(which_is_unknown(scene)),
        (_, None) => Observation::not_recorded("the capture does not tell the account's home"),
        (Some(asked), Some((home, _))) if asked == home => Observation::not_seen([Evidence::searched(request.entry, "request.url.path")]),
        (Some(_), Some((_, told))) => match &request.tenant {
            Some(tenant) => Observation::seen_with(scene.names().tenant(request, tenant), [told]),
            None => Observation::seen(told),
        },
    }
}

fn had_token(scene: &Scene<'_, '_>) -> Observation {
    let Some(asked) = asked(scene) else {
        // Tokens come from a tenant that has a name.
        let is_alias = scene.attempt.tenant.as_ref().is_some_and(Tenant::is_alias);
        let why = which_is_unknown(scene);
        return if is_alias { Observation::moot(why) } else { Observation::not_recorded(why) };
    };
    let Some(account) = scene.account() else { return Observation::not_recorded("the capture does not show which account is meant") };
    let known = &scene.index.attempts;
    let got = scene.earlier(known.with_tokens_of.get(&(account, asked.clone()))).next_back();
    let of_asked =
        |step: &&Step<'_>| step.tokens().is_some_and(|tokens| tokens.claims().any(|claims| claims.tenant.as_ref() == Some(&asked)));
    if let Some(step) = got.and_then(|attempt| attempt.steps(scene.traffic).find(of_asked)) {
        return Observation::seen(scene.names().token_claim(step, "id_token", "tid", asked.as_str()));
    }
    let others = scene.earlier(known.with_tokens.get(&account)).rev().flat_map(|attempt| attempt.steps(scene.traffic));
    let mut searched = others.filter(|step| step.tokens().is_some()).peekable();
    if searched.peek().is_none() {
        Observation::not_recorded("no token reply of this account is in the capture")
    } else {
        Observation::not_seen(searched.map(|step| Evidence::searched(step.entry, "response.body.id_token.tid")))
    }
}

fn hint_elsewhere(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let conflict = |step: &Step<'_>| {
        let tenant = step.tenant.as_ref()?;
        let clash = match step.wanted_accounts()? {
            AccountKind::Personal => tenant.id().is_some() && !tenant.is_consumers(),
            AccountKind::Work => tenant.is_consumers(),
        };
        scene.names().request_param(step, "domain_hint").filter(|_| clash)
    };
    if !request.params.has("domain_hint") {
        return Observation::not_seen(scene.searched("domain_hint"));
    }
    Observation::seen_or(conflict(request), Observation::not_seen(scene.searched("domain_hint")))
}
