//! The tokens that a token request hands in: the one that an API exchanges for its caller (on-behalf-of), and the one with which an
//! application proves itself. What they say of themselves, against the request.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Address, Claims, Endpoint, Evidence, Guid, Step};

/// The tokens that a token request hands in.
pub(super) static CHECK: Check = Check {
    name: "assertion",
    about: "Whether the token that an API exchanges, or with which an application proves itself, fits the request",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 6] = [
    ClaimInfo {
        name: "assertion.for-another-api",
        seen: "The token that was handed in for exchange was made for another API than the one that hands it in.",
        not_seen: "The token that was handed in for exchange was made for the API that hands it in.",
        question: "Whether the token that was handed in was made for the API that hands it in",
        record: RECORD,
    },
    ClaimInfo {
        name: "assertion.of-another-tenant",
        seen: "The token that was handed in for exchange was issued by another tenant than the one that was asked.",
        not_seen: "The token that was handed in for exchange was issued by the tenant that was asked.",
        question: "Whether the token that was handed in comes from the tenant that was asked",
        record: RECORD,
    },
    ClaimInfo {
        name: "assertion.out-of-time",
        seen: "By the service's clock the time of the token that was handed in for exchange was over, or had not begun.",
        not_seen: "By the service's clock the token that was handed in for exchange was within its time.",
        question: "Whether the token that was handed in was within its time",
        record: RECORD,
    },
    ClaimInfo {
        name: "assertion.proof-out-of-time",
        seen: "By the service's clock the time of the assertion with which the application proves itself was over, or had not begun.",
        not_seen: "By the service's clock the assertion with which the application proves itself was within its time.",
        question: "Whether the assertion with which the application proves itself was within its time",
        record: RECORD,
    },
    ClaimInfo {
        name: "assertion.proof-for-another-app",
        seen: "The assertion with which the application proves itself was made in the name of another application.",
        not_seen: "The assertion with which the application proves itself was made in its own name, or comes from another issuer.",
        question: "In whose name the assertion with which the application proves itself was made",
        record: RECORD,
    },
    ClaimInfo {
        name: "assertion.proof-audience-unusual",
        seen: "The assertion comes from another issuer, and its audience is not the usual one (api://AzureADTokenExchange).",
        not_seen: "The assertion has the usual audience, or the application made it by itself.",
        question: "Whether the assertion has the usual audience",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record the token request with its body (on the server, where it is made there).");

/// What the service's clock and that of an issuer may differ.
const TOLERANCE_S: i64 = 300;

/// What federated credentials expect as audience unless they are told otherwise, in the several clouds.
const USUAL_AUDIENCES: [&str; 3] = ["api://azureadtokenexchange", "api://azureadtokenexchangeusgov", "api://azureadtokenexchangechina"];

/// Microsoft Graph as an audience.
const GRAPH: [&str; 2] = ["https://graph.microsoft.com", "https://graph.microsoft.com/"];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [other_api, other_tenant, out_of_time, proof_out_of_time, other_app, audience] = &CLAIMS;
    let token = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token);
    let exchanged = HandedIn::of(token, "assertion", Step::assertion);
    let proof = HandedIn::of(token, "client_assertion", Step::client_assertion);
    vec![
        other_api.is(exchanged.observe(|handed| is_for_another_api(scene, handed))),
        other_tenant.is(exchanged.observe(|handed| is_of_another_tenant(scene, handed))),
        out_of_time.is(exchanged.observe(|handed| is_out_of_time(scene, handed))),
        proof_out_of_time.is(proof.observe(|handed| is_out_of_time(scene, handed))),
        other_app.is(proof.observe(|handed| is_for_another_app(scene, handed))),
        audience.is(proof.observe(|handed| is_audience_unusual(scene, handed))),
    ]
}

/// A token in a parameter of a token request.
struct HandedIn<'a, 'c> {
    step: &'a Step<'c>,
    name: &'static str,
    claims: Claims,
}

/// A token, or why there is none.
enum Found<'a, 'c> {
    Token(Box<HandedIn<'a, 'c>>),
    None(Observation),
}

impl<'a, 'c> HandedIn<'a, 'c> {
    fn of(step: Option<&'a Step<'c>>, name: &'static str, read: impl Fn(&Step<'c>) -> Option<Claims>) -> Found<'a, 'c> {
        let Some(step) = step.filter(|step| step.params.has("grant_type")) else {
            return Found::None(Observation::not_recorded("the token request with its body is not in the capture"));
        };
        match read(step) {
            Some(claims) => Found::Token(Box::new(Self { step, name, claims })),
            None if step.params.has(name) => Found::None(Observation::not_recorded("what was handed in cannot be read")),
            None => Found::None(Observation::moot("the request hands in no such token")),
        }
    }

    fn place(&self, claim: &str) -> Evidence {
        Evidence::searched(self.step.entry, format!("{}.{claim}", self.step.param_part(self.name)))
    }
}

impl<'a, 'c> Found<'a, 'c> {
    fn observe(&self, look: impl Fn(&HandedIn<'a, 'c>) -> Observation) -> Observation {
        match self {
            Self::Token(handed) => look(handed),
            Self::None(why) => why.clone(),
        }
    }
}

/// By an audience that names an application: its id, with or without the scheme of an API, or Microsoft Graph. An API may have an
/// address as well, of which nothing tells whose it is.
fn is_for_another_api(scene: &Scene<'_, '_>, handed: &HandedIn<'_, '_>) -> Observation {
    let Some(audience) = handed.claims.audience.as_deref() else { return Observation::untold("the token names no audience") };
    let own = handed.step.client().and_then(|client| client.guid().cloned());
    let named = Guid::parse(audience.strip_prefix("api://").unwrap_or(audience));
    let holds_own = own.as_ref().is_some_and(|own| audience.to_ascii_lowercase().contains(own.as_str()));
    match (own, named) {
        (None, _) => Observation::untold("the request names no application by its id"),
        (Some(_), _) if holds_own => Observation::not_seen([handed.place("aud")]),
        (Some(_), None) if !GRAPH.contains(&audience) => {
            Observation::untold("audience and application cannot be compared: one is an address, the other an id")
        }
        (Some(_), _) => Observation::seen(scene.names().assertion_claim(handed.step, handed.name, "aud", audience)),
    }
}

fn is_of_another_tenant(scene: &Scene<'_, '_>, handed: &HandedIn<'_, '_>) -> Observation {
    let Some(asked) = scene.attempt.tenant.as_ref().and_then(|tenant| tenant.id()) else {
        return Observation::untold("the application asked no tenant by its id");
    };
    match &handed.claims.tenant {
        None => Observation::untold("the token tells no tenant"),
        Some(tenant) if tenant == asked => Observation::not_seen([handed.place("tid")]),
        Some(tenant) => Observation::seen(scene.names().assertion_claim(handed.step, handed.name, "tid", tenant.as_str())),
    }
}

/// By the reply's own `Date`: the clock of whoever recorded may be the one that is wrong.
fn is_out_of_time(scene: &Scene<'_, '_>, handed: &HandedIn<'_, '_>) -> Observation {
    let Some(now) = handed.step.date().map(|date| date.timestamp()) else {
        return Observation::not_recorded("no reply tells the service's time")
            .settled_by(Record::Told("Record with a tool that keeps the Date headers of replies."));
    };
    let claims = &handed.claims;
    let over = claims.expires.filter(|expires| *expires <= now).map(|time| ("exp", time));
    let early = || claims.not_before.filter(|from| *from > now + TOLERANCE_S).map(|time| ("nbf", time));
    match over.or_else(early) {
        Some((claim, time)) => {
            let told = scene.names().assertion_time(handed.step, handed.name, claim, time);
            Observation::seen_with(told, scene.names().response_header(handed.step, "date"))
        }
        None if claims.expires.is_none() => Observation::untold("the token tells no time"),
        None => Observation::not_seen([handed.place("exp"), handed.place("nbf")]),
    }
}

/// One that the application makes by itself names it as its issuer.
fn is_for_another_app(scene: &Scene<'_, '_>, handed: &HandedIn<'_, '_>) -> Observation {
    let own = handed.step.client().and_then(|client| client.guid().cloned());
    let issuer = handed.claims.issuer.as_deref();
    match own.zip(issuer) {
        None => Observation::untold("the request names no application by its id, or the assertion no issuer"),
        Some((own, issuer)) => match Guid::parse(issuer) {
            Some(named) if named != own => {
                Observation::seen(scene.names().assertion_claim(handed.step, handed.name, "iss", named.as_str()))
            }
            _ => Observation::not_seen([handed.place("iss")]),
        },
    }
}

fn is_audience_unusual(scene: &Scene<'_, '_>, handed: &HandedIn<'_, '_>) -> Observation {
    let from_outside = handed.claims.issuer.as_deref().and_then(Address::parse).is_some_and(|issuer| !issuer.host.is_empty());
    match handed.claims.audience.as_deref() {
        None => Observation::untold("the assertion names no audience, or several"),
        Some(audience) if from_outside && !USUAL_AUDIENCES.contains(&audience.to_ascii_lowercase().as_str()) => {
            Observation::seen(scene.names().assertion_claim(handed.step, handed.name, "aud", audience))
        }
        Some(_) => Observation::not_seen([handed.place("aud")]),
    }
}
