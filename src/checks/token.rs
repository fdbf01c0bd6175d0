//! The token that an API refuses: its tenant, issuer and audience against what was asked and what the API says.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Address, Claims, Complaint, Coverage, Evidence, Grant, Step};
use crate::exchange::Recorded;
use crate::exchange::hosts::{cloud_of_api, is_azure_store, is_graph, issues_version_one, sign_in_host};
use crate::signin::{Kind, misses_permission};

/// The token that an API refuses.
pub(super) static CHECK: Check = Check {
    name: "token",
    about: "What the refused token says of itself, and what the API says against it",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 15] = [
    ClaimInfo {
        name: "token.tenant-not-asked",
        seen: "The token comes from another tenant than the one that the application asked.",
        not_seen: "The token comes from the tenant that the application asked.",
        question: "Whether the token comes from the tenant that the application asked",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.issuer-refused",
        seen: "The API says that it does not accept the token's issuer.",
        not_seen: "The API does not complain about the token's issuer.",
        question: "What the API says against the token",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.audience-refused",
        seen: "The API says that the token was made for another audience.",
        not_seen: "The API does not complain about the token's audience.",
        question: "What the API says against the token",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.for-graph",
        seen: "The token was made for Microsoft Graph, and the API that got it is another one.",
        not_seen: "The token was not made for Microsoft Graph.",
        question: "Whether the token was made for Microsoft Graph",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.lifetime-refused",
        seen: "The API says that the token has expired, or is not valid yet.",
        not_seen: "The API does not complain about the token's lifetime.",
        question: "What the API says against the token",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.scope-refused",
        seen: "The API says that the token lacks a permission.",
        not_seen: "The API does not complain about missing permissions.",
        question: "What the API says against the token",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.version-one",
        seen: "The token is of version 1 (its issuer is sts.windows.net): an API that expects version 2 refuses its issuer.",
        not_seen: "The token is of version 2 (its issuer is the sign-in service's own host).",
        question: "Of which version the token is",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.for-microsoft",
        seen: "The API is one of Microsoft's own, which take the version of token that they are given.",
        not_seen: "The API is none of Microsoft's own: which version of token it takes is its own setting.",
        question: "Whose API it is",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.audience-not-asked",
        seen: "The token was made for another resource than the scopes asked for.",
        not_seen: "The token was made for the resource that the scopes asked for.",
        question: "Whether the token was made for the resource that the scopes asked for",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.other-cloud",
        seen: "The API is one of Microsoft's own, in another cloud than the one in which the token was issued.",
        not_seen: "The API is none of Microsoft's own in another cloud than the one in which the token was issued.",
        question: "Whether the token was issued in the API's cloud",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.scope-not-granted",
        seen: "The token lacks a scope that the application asked for.",
        not_seen: "The token has every scope that the application asked for.",
        question: "Whether the token has every scope that the application asked for",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.operation-refused",
        seen: "The API takes the token, and refuses what was to be done with it (403 without a challenge).",
        not_seen: "The API does not take the token as it is, or asks for another one.",
        question: "Whether the API refused the token, or what was to be done with it",
        record: RECORD,
    },
    ClaimInfo {
        name: "token.without-roles",
        seen: "The token is the application's own, without a person, and has no application permission at all (roles).",
        not_seen: "The token is a person's, or has application permissions (roles).",
        question: "Whether the token is the application's own and has no permission",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.carried",
        seen: "The call itself shows the token that was sent.",
        not_seen: "The call was sent without a token.",
        question: "Which token the call carried",
        record: RECORD_TOKEN,
    },
    ClaimInfo {
        name: "token.expired-when-sent",
        seen: "The token's time was over when it was sent.",
        not_seen: "The token's time was not over when it was sent.",
        question: "Whether the token's time was over when it was sent",
        record: RECORD_TOKEN,
    },
];

const RECORD_TOKEN: Record = Record::SentToken;
const RECORD: Record =
    Record::Told("Record the API's reply with its WWW-Authenticate header and its body; some APIs say more in their own logs.");

const RECORD_ASKING: Record = Record::Earlier {
    before: Start::SignIn("the sign-in"),
    with: "so that the request that asked for the token is in the capture, with its reply",
    shows: "",
};

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
        for_microsoft,
        audience_not_asked,
        other_cloud,
        not_granted,
        operation,
        without_roles,
        carried,
        expired,
    ] = &CLAIMS;
    let call = Some(scene.failing).filter(|step| is_refusal(step) || step.bearer().is_some());
    let token = call.and_then(|call| used_token(scene, call));
    let complains = |complaint: Complaint| match call.filter(|step| is_refusal(step)).map(|step| (step, step.reply.complaint)) {
        None if scene.attempt.kind == Kind::ApiCall && matches!(scene.failing.response_header("www-authenticate"), Recorded::Empty) => {
            Observation::moot("the API's reply has no WWW-Authenticate header, in which it would say why")
        }
        None => Observation::not_recorded("no challenge of an API is in the capture"),
        Some((step, None)) => {
            let untold = Observation::not_recorded("the API does not say what it does not like about the token");
            let reply = &step.exchange.response;
            let is_whole = reply.headers.absent().is_none() && reply.body.loss().is_none();
            if is_whole { untold.settled_by(Record::Nothing) } else { untold }
        }
        Some((step, Some((said, _)))) if said == complaint => {
            Observation::seen_or(scene.names().complaint(step), Observation::not_recorded("no place to show"))
        }
        Some((step, Some((_, place)))) => Observation::not_seen([Evidence::searched(step.entry, place.part())]),
    };
    vec![
        tenant_not_asked.is(is_of_other_tenant(scene, token.as_ref())),
        issuer.is(with_issuer(complains(Complaint::Issuer), scene, token.as_ref())),
        audience.is(complains(Complaint::Audience)),
        for_graph.is(is_for_graph(scene, call, token.as_ref())),
        lifetime.is(complains(Complaint::Lifetime)),
        scope.is(complains(Complaint::Scope)),
        version_one.is(is_version_one(scene, token.as_ref())),
        for_microsoft.is(is_for_microsoft(scene, call)),
        audience_not_asked.is(is_for_other_resource(scene, token.as_ref())),
        other_cloud.is(is_of_other_cloud(call, token.as_ref(), scene)),
        not_granted.is(lacks_scope(scene, call, token.as_ref())),
        operation.is(is_operation_refused(scene, call)),
        without_roles.is(is_without_roles(scene, token.as_ref())),
        carried.is(is_carried(scene, call)),
        expired.is(had_expired(scene, call)),
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
    given_before(scene).next_back()
}

/// The tokens that the application was given before the call, each with the reply that gave it out.
fn given_before<'a, 'c>(scene: &Scene<'a, 'c>) -> impl DoubleEndedIterator<Item = (&'a Step<'c>, Claims)> {
    let given = scene.index.attempts.access_tokens.get(&scene.attempt.client).map(Vec::as_slice).unwrap_or_default();
    let before = given.get(..given.partition_point(|&at| at < scene.event.step)).unwrap_or_default();
    scene.steps_at(before).filter_map(|step| Some((step, step.tokens()?.access_token.clone()?)))
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

/// How many of the tokens that were given out are looked at where the call does not show its own.
const GIVEN: usize = 11;

/// Whether the time of the token was over when it was sent. Where the call does not show it, it may have been any of those that
/// were given out, or an older one: then all of them have to agree.
fn had_expired(scene: &Scene<'_, '_>, call: Option<&Step<'_>>) -> Observation {
    let Some(call) = call else { return Observation::not_recorded("no call of an API failed") };
    let times: Vec<_> = match call.bearer_claims() {
        Some(claims) => [(call, claims.expires)].into(),
        None if call.bearer().is_some() || call.sends_token() == Some(true) || is_sent_without(scene, call) => Vec::new(),
        None => given_before(scene).rev().take(GIVEN).map(|(step, claims)| (step, claims.expires)).collect(),
    };
    let told = times.iter().filter_map(|(step, expires)| Some((*step, (*expires)?))).max_by_key(|(_, expires)| *expires);
    let Some((step, expires)) = told.filter(|_| times.iter().all(|(_, expires)| expires.is_some())) else {
        return Observation::not_recorded(NO_TOKEN);
    };
    // The clock of the API may be wrong, and so may that of the computer that recorded: the servers' clocks tell, both ways.
    let by_others = call.started.zip(scene.index.steps.clock_offset).map(|(started, ahead)| started.timestamp() + ahead);
    let over: Vec<bool> = [call.date().map(|date| date.timestamp()), by_others].iter().flatten().map(|&now| expires <= now).collect();
    match (over.contains(&true), over.contains(&false)) {
        (true, true) => Observation::not_recorded("the servers' clocks do not agree on whether the token's time was over"),
        (true, false) => {
            let expiry = scene.names().token_time(step, "access_token", "exp", expires);
            Observation::seen_with(expiry, scene.names().response_header(call, "date"))
        }
        // One that the capture does not show may have been older.
        (false, true) if call.bearer().is_none() => Observation::not_recorded("the token that was sent is not in the capture"),
        (false, true) => Observation::not_seen([scene.names().token_place(step, "access_token", "exp")]),
        (false, false) => Observation::not_recorded("no reply tells the servers' time"),
    }
}

/// Whether a call was sent without a token, and not only recorded without it.
fn is_sent_without(scene: &Scene<'_, '_>, call: &Step<'_>) -> bool {
    let is_recorded = scene.traffic.recording.authorization.coverage == Coverage::Recorded;
    is_recorded && call.exchange.request.headers.absent().is_none() && call.sends_token() != Some(true)
}

fn is_of_other_tenant(scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some(asked) = scene.attempt.tenant.as_ref().and_then(|tenant| tenant.id()) else {
        return match scene.attempt.tenant {
            Some(_) => Observation::untold("the application asked no tenant by its id"),
            None => Observation::not_recorded("the request that asked for the token is not in the capture").settled_by(RECORD_ASKING),
        };
    };
    match token.and_then(|(step, claims)| Some((step, claims.tenant.as_ref()?))) {
        None if token.is_some() => Observation::untold("the token tells no tenant"),
        None => Observation::not_recorded(NO_TOKEN),
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

fn is_version_one(scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some((step, issuer)) = token.and_then(|(step, claims)| Some((*step, claims.issuer.as_deref()?))) else {
        return Observation::not_recorded(NO_TOKEN);
    };
    let first = Address::parse(issuer).is_some_and(|issuer| issues_version_one(&issuer.host));
    let evidence = first.then(|| scene.names().token_claim(step, "access_token", "iss", issuer));
    Observation::seen_or(evidence, Observation::not_seen([scene.names().token_place(step, "access_token", "iss")]))
}

fn is_for_microsoft(scene: &Scene<'_, '_>, call: Option<&Step<'_>>) -> Observation {
    let Some((call, host)) = call.and_then(|call| Some((call, call.address.as_ref()?.host.as_str()))) else {
        return Observation::moot("nothing but the service that issues the tokens was asked");
    };
    let is_own = cloud_of_api(host).is_some() || is_azure_store(host);
    let evidence = is_own.then(|| scene.names().step(call));
    Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(call.entry, "request.url.host")]))
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
        None if asking(scene).is_none() => {
            Observation::not_recorded("the request that asked for the token is not in the capture").settled_by(RECORD_ASKING)
        }
        None => Observation::untold("audience and scopes cannot be compared: one is an id, the other an address"),
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
    let giver = || scene.index.steps.givers.get(&call.bearer()?.told()?).and_then(|&at| scene.traffic.steps.get(at)?.host);
    match by_issuer.or(step.host).or_else(giver).map(|host| host.cloud) {
        None => {
            let untold = Observation::not_recorded("the token tells no cloud, and the reply that gave it out is not in the capture");
            untold.settled_by(RECORD_ASKING)
        }
        Some(cloud) if cloud == api => Observation::not_seen([scene.names().token_place(step, "access_token", "iss")]),
        Some(_) => Observation::seen(scene.names().token_claim(step, "access_token", "iss", claims.issuer.as_deref().unwrap_or_default())),
    }
}

/// Whether the API found nothing wrong with the token, and forbids the call nevertheless.
fn is_operation_refused(scene: &Scene<'_, '_>, call: Option<&Step<'_>>) -> Observation {
    let Some(call) = call else { return Observation::not_recorded("no call of an API failed") };
    match misses_permission(call) {
        true => Observation::seen(scene.names().step(call)),
        false => Observation::not_seen([Evidence::searched(call.entry, "response.status")]),
    }
}

/// Whether the token is one of an application by itself, and grants it nothing.
fn is_without_roles(scene: &Scene<'_, '_>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    let Some((step, claims)) = token.map(|(step, claims)| (*step, claims)) else { return Observation::not_recorded(NO_TOKEN) };
    let kind = claims.is_for_application.then(|| scene.names().token_claim(step, "access_token", "idtyp", "app"));
    let asking = || asking(scene).filter(|asking| asking.grant() == Some(Grant::ClientCredentials));
    let kind = kind.or_else(|| scene.names().request_param(asking()?, "grant_type").filter(|_| claims.scopes.is_none()));
    let roles = scene.names().token_place(step, "access_token", "roles");
    Observation::seen_or(kind.filter(|_| !claims.has_roles), Observation::not_seen([roles]))
}

fn lacks_scope(scene: &Scene<'_, '_>, call: Option<&Step<'_>>, token: Option<&(&Step<'_>, Claims)>) -> Observation {
    if call.and_then(complaint) == Some(Complaint::Signature) {
        return Observation::untold("the API does not accept the token in the first place");
    }
    let Some((step, scopes)) = token.and_then(|(step, claims)| Some((*step, claims.scopes.as_deref()?))) else {
        return match token {
            Some((_, claims)) if claims.is_for_application => {
                Observation::moot("an application's own token has roles in the place of scopes")
            }
            Some(_) => Observation::untold("the token tells no scopes"),
            None => Observation::not_recorded(NO_TOKEN),
        };
    };
    match asking(scene).and_then(|asking| asking.asked_scopes_are_in(scopes)) {
        None => Observation::not_recorded("the request that asked for the token is not in the capture").settled_by(RECORD_ASKING),
        Some(true) => Observation::not_seen([scene.names().token_place(step, "access_token", "scp")]),
        Some(false) => Observation::seen(scene.names().token_claim(step, "access_token", "scp", scopes)),
    }
}
