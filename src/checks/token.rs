//! The token that an API refuses: its tenant, issuer and audience against what was asked and what the API says.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Address, Claims, Complaint, Coverage, Evidence, Step};
use crate::exchange::Recorded;
use crate::exchange::hosts::{cloud_of_api, is_azure_store, is_graph, issues_version_one, sign_in_host};

/// The token that an API refuses.
pub(super) static CHECK: Check = Check {
    name: "token",
    about: "What the refused token says of itself, and what the API says against it",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 11] = [
    ClaimInfo {
        name: "token.tenant-not-asked",
        seen: "The token comes from another tenant than the one that the application asked.",
        not_seen: "The token comes from the tenant that the application asked.",
        record: Record::Told("Record the sign-in with the token reply's body."),
    },
    ClaimInfo {
        name: "token.issuer-refused",
        seen: "The API says that it does not accept the token's issuer.",
        not_seen: "The API does not complain about the token's issuer.",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.audience-refused",
        seen: "The API says that the token was made for another audience.",
        not_seen: "The API does not complain about the token's audience.",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.for-graph",
        seen: "The token was made for Microsoft Graph, and the API that got it is another one.",
        not_seen: "The token was not made for Microsoft Graph.",
        record: Record::Told("Record the request with its Authorization header (“Export HAR (with sensitive data)”), or the token reply."),
    },
    ClaimInfo {
        name: "token.lifetime-refused",
        seen: "The API says that the token has expired, or is not valid yet.",
        not_seen: "The API does not complain about the token's lifetime.",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.scope-refused",
        seen: "The API says that the token lacks a permission.",
        not_seen: "The API does not complain about missing permissions.",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.version-one",
        seen: "The token is of version 1 (its issuer is sts.windows.net): an API that expects version 2 refuses its issuer.",
        not_seen: "The token is of version 2, or the API is one of Microsoft's own, which take version 1.",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.audience-not-asked",
        seen: "The token was made for another resource than the scopes asked for.",
        not_seen: "The token was made for the resource that the scopes asked for.",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.other-cloud",
        seen: "The API is one of Microsoft's own, in another cloud than the one in which the token was issued.",
        not_seen: "The API is none of Microsoft's own in another cloud than the one in which the token was issued.",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.scope-not-granted",
        seen: "The token lacks a scope that the application asked for.",
        not_seen: "The token has every scope that the application asked for.",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.carried",
        seen: "The call itself shows the token that was sent.",
        not_seen: "The call was sent without a token.",
        record: Record::Told("Record the request with its Authorization header (“Export HAR (with sensitive data)”)."),
    },
];

const RECORD_TOKEN: Record =
    Record::Told("Record the request with its Authorization header (“Export HAR (with sensitive data)”), or the token reply.");
const RECORD: Record =
    Record::Told("Record the API's reply with its WWW-Authenticate header and its body; some APIs say more in their own logs.");

const NO_TOKEN: &str = "the token is not in the capture, or cannot be read";

/// Audiences that mean Microsoft Graph.
const GRAPH: &[&str] = &["00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com", "https://graph.microsoft.com/"];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [
        tenant_not_asked,
        issuer,
        audience,
        for_graph,
        lifetime,
        scope,
        version_one,
        audience_not_asked,
        other_cloud,
        not_granted,
        carried,
    ] = &CLAIMS;
    let call = Some(scene.failing).filter(|step| is_refusal(step) || step.bearer().is_some());
    let token = call.and_then(|call| used_token(scene, call));
    let complains = |complaint: Complaint| match call.filter(|step| is_refusal(step)).map(|step| (step, step.reply.complaint)) {
        None => Observation::not_recorded("no challenge of an API is in the capture"),
        Some((_, None)) => Observation::not_recorded("the API does not say what it does not like about the token"),
        Some((step, Some((said, _)))) if said == complaint => {
            Observation::seen_or(scene.names().complaint(step), Observation::not_recorded("no place to show"))
        }
        Some((step, Some((_, part)))) => Observation::not_seen([Evidence::searched(step.entry, part)]),
    };
    vec![
        tenant_not_asked.is(is_of_other_tenant(scene, token.as_ref())),
        issuer.is(with_issuer(complains(Complaint::Issuer), scene, token.as_ref())),
        audience.is(complains(Complaint::Audience)),
        for_graph.is(is_for_graph(scene, call, token.as_ref())),
        lifetime.is(complains(Complaint::Lifetime)),
        scope.is(complains(Complaint::Scope)),
        version_one.is(is_version_one(scene, call, token.as_ref())),
        audience_not_asked.is(is_for_other_resource(scene, token.as_ref())),
        other_cloud.is(is_of_other_cloud(call, token.as_ref(), scene)),
        not_granted.is(lacks_scope(scene, call, token.as_ref())),
        carried.is(is_carried(scene, call)),
    ]
}

/// Whether an API refuses the call for its token: with a challenge, or by saying so in the body.
fn is_refusal(step: &Step<'_>) -> bool {
    step.reply.challenge.is_some() || step.reply.complaint.is_some()
}

/// The same with the issuer that the token names, which tells the tenant.
fn with_issuer(refused: Observation, scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    match (refused, token.and_then(|(step, claims)| Some((*step, claims.issuer.as_deref()?)))) {
        (Observation::Seen { first, rest }, Some((step, issuer))) => {
            Observation::seen_with(first, rest.into_iter().chain([scene.names().token_claim(step, "access_token", "iss", issuer)]))
        }
        (refused, _) => refused,
    }
}

/// What the API does not like about the token of a call.
fn complaint(call: &Step<'_>) -> Option<Complaint> {
    call.reply.complaint.map(|(complaint, _)| complaint)
}

/// The token that a call used, with the step that shows it: the call itself, or the reply that gave it out.
pub(super) fn used_token<'a, 'c>(scene: &Scene<'a, 'c>, call: &'a Step<'c>) -> Option<(&'a Step<'c>, Claims)> {
    // What was sent is not the token that was given out, unless it is not known what was sent.
    if call.bearer().is_some() {
        return call.bearer_claims().map(|claims| (call, claims));
    }
    // None was sent, or one that is not to be read.
    if call.sends_token() == Some(true) || is_sent_without(scene, call) {
        return None;
    }
    // Which it was can only be guessed: one that the API finds expired or wrongly signed is none of those that just came.
    if matches!(complaint(call), Some(Complaint::Lifetime | Complaint::Signature)) {
        return None;
    }
    let given = scene.index.attempts.access_tokens.get(&scene.attempt.client)?;
    let before = given.partition_point(|&at| at < scene.event.step);
    let giving = scene.traffic.steps.get(*given.get(before.checked_sub(1)?)?)?;
    Some((giving, giving.tokens()?.access_token.clone()?))
}

/// Whether the call shows which token was sent: else it is taken from the reply before, and may have been another.
fn is_carried(scene: &Scene<'_, '_>, call: Option<&Step<'_>>) -> Observation {
    let Some(call) = call else { return Observation::not_recorded("no call of an API failed") };
    let header = call.request_header("authorization");
    match (call.bearer(), header) {
        (Some(_), Recorded::Kept(header)) => Observation::seen(scene.names().header(call, "authorization", header)),
        _ if is_sent_without(scene, call) => Observation::not_seen([Evidence::searched(call.entry, "request.header.authorization")]),
        _ => Observation::not_recorded("the token that was sent is not in the capture"),
    }
}

/// Whether a call was sent without a token, and not only recorded without it.
fn is_sent_without(scene: &Scene<'_, '_>, call: &Step<'_>) -> bool {
    let is_recorded = scene.traffic.recording.authorization.coverage == Coverage::Recorded;
    is_recorded && call.exchange.request.headers.absent().is_none() && call.sends_token() != Some(true)
}

fn is_of_other_tenant(scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some(asked) = scene.attempt.tenant.as_ref().and_then(|tenant| tenant.id()) else {
        return Observation::not_recorded("the application asked no tenant by its id");
    };
    match token.and_then(|(step, claims)| Some((step, claims.tenant.as_ref()?))) {
        None => Observation::not_recorded("the token is not in the capture, or tells no tenant"),
        Some((step, tenant)) if tenant == asked => Observation::not_seen([scene.names().token_place(step, "access_token", "tid")]),
        Some((step, tenant)) => Observation::seen(scene.names().token_claim(step, "access_token", "tid", tenant.as_str())),
    }
}

fn is_for_graph(scene: &Scene<'_, '_>, call: Option<&Step<'_>>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some((step, audience)) = token.and_then(|(step, claims)| Some((step, claims.audience.as_deref()?))) else {
        return Observation::not_recorded(NO_TOKEN);
    };
    // An API that finds another fault than the audience may have got another token than the one that was given out last.
    let is_guessed = || call.is_some_and(|call| call.bearer().is_none());
    let finds_other_fault = || call.and_then(complaint).is_some_and(|complaint| complaint != Complaint::Audience);
    if is_guessed() && finds_other_fault() {
        return Observation::not_recorded(
            "the token that was sent was not recorded, and the API complains about something else than its audience",
        );
    }
    let at_graph = call.and_then(|call| call.address.as_ref()).is_some_and(|address| is_graph(&address.host));
    if GRAPH.contains(&audience) && !at_graph {
        Observation::seen(scene.names().token_claim(step, "access_token", "aud", audience))
    } else {
        Observation::not_seen([scene.names().token_place(step, "access_token", "aud")])
    }
}

fn is_version_one(scene: &Scene<'_, '_>, call: Option<&Step<'_>>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some((step, issuer)) = token.and_then(|(step, claims)| Some((*step, claims.issuer.as_deref()?))) else {
        return Observation::not_recorded(NO_TOKEN);
    };
    let first = Address::parse(issuer).is_some_and(|issuer| issues_version_one(&issuer.host));
    let takes_both = |host: &str| cloud_of_api(host).is_some() || is_azure_store(host);
    let of_microsoft = call.and_then(|call| call.address.as_ref()).is_some_and(|address| takes_both(&address.host));
    let evidence = (first && !of_microsoft).then(|| scene.names().token_claim(step, "access_token", "iss", issuer));
    Observation::seen_or(evidence, Observation::not_seen([scene.names().token_place(step, "access_token", "iss")]))
}

/// The request that asked for the token: the one whose reply gave it out.
fn asking<'a, 'c>(scene: &Scene<'a, 'c>) -> Option<&'a Step<'c>> {
    scene.before(&scene.index.steps.tokens_for_scopes).next_back()
}

fn is_for_other_resource(scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some((step, audience)) = token.and_then(|(step, claims)| Some((*step, claims.audience.as_deref()?))) else {
        return Observation::not_recorded(NO_TOKEN);
    };
    match asking(scene).and_then(|asking| asking.asked_resource_is(audience)) {
        None => Observation::not_recorded("audience and scopes cannot be compared: one is an id, the other an address"),
        Some(true) => Observation::not_seen([scene.names().token_place(step, "access_token", "aud")]),
        Some(false) => Observation::seen(scene.names().token_claim(step, "access_token", "aud", audience)),
    }
}

/// By the issuer's host, and by that of the reply which gave the token out where the issuer tells no cloud: tokens of
/// version 1 have the same one worldwide and in US Government.
fn is_of_other_cloud(call: Option<&Step<'_>>, token: Option<&(&Step<'_>, Claims)>, scene: &Scene<'_, '_>) -> Observation {
    let host = call.and_then(|call| call.address.as_ref()).map(|address| address.host.as_str());
    let Some((call, host)) = call.zip(host) else { return Observation::not_recorded(NO_TOKEN) };
    let Some(api) = cloud_of_api(host) else { return Observation::not_seen([Evidence::searched(call.entry, "request.url.host")]) };
    let Some((step, claims)) = token else { return Observation::not_recorded(NO_TOKEN) };
    let issuer = claims.issuer.as_deref().and_then(Address::parse).filter(|issuer| issuer.host != "sts.windows.net");
    let by_issuer = issuer.and_then(|issuer| sign_in_host(&issuer.host));
    // A token that is sent tells its host no more than one that is given out: the reply that gave it out does.
    let giver = || scene.index.steps.givers.get(&call.bearer()?).and_then(|&at| scene.traffic.steps.get(at)?.host);
    match by_issuer.or(step.host).or_else(giver).map(|host| host.cloud) {
        None => Observation::not_recorded("the token tells no cloud"),
        Some(cloud) if cloud == api => Observation::not_seen([scene.names().token_place(step, "access_token", "iss")]),
        Some(_) => Observation::seen(scene.names().token_claim(step, "access_token", "iss", claims.issuer.as_deref().unwrap_or_default())),
    }
}

fn lacks_scope(scene: &Scene<'_, '_>, call: Option<&Step<'_>>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    if call.and_then(complaint) == Some(Complaint::Signature) {
        return Observation::not_recorded("the API does not accept the token in the first place");
    }
    let Some((step, scopes)) = token.and_then(|(step, claims)| Some((*step, claims.scopes.as_deref()?))) else {
        return Observation::not_recorded("the token is not in the capture, or tells no scopes");
    };
    match asking(scene).and_then(|asking| asking.asked_scopes_are_in(scopes)) {
        None => Observation::not_recorded("the request that asked for the token is not in the capture"),
        Some(true) => Observation::not_seen([scene.names().token_place(step, "access_token", "scp")]),
        Some(false) => Observation::seen(scene.names().token_claim(step, "access_token", "scp", scopes)),
    }
}
