//! Steps that are the same in both captures, part by part.

use super::account::Whose;
use super::align::Rows;
use super::difference::{Aspect, Difference, Role};
use super::side::Side;
use super::{NotShown, Parting};
use crate::entra::{Claims, Endpoint, Evidence, Guid, Handed, Names, Param, Step, Tenant, cookies};
use crate::exchange::Recorded;
use std::borrow::Cow;
use std::fmt;

/// The parameters of the protocols, each with what it is about. What is not among them is a step's own business (state,
/// nonce, code, proofs, ids, the fields of a page) and differs always.
const PARAMETERS: &[(&str, Aspect)] = &[
    ("client_id", Aspect::Parameter),
    ("response_type", Aspect::Parameter),
    ("response_mode", Aspect::Parameter),
    ("prompt", Aspect::Prompt),
    ("max_age", Aspect::Parameter),
    ("login_hint", Aspect::AccountHint),
    ("domain_hint", Aspect::AccountHint),
    ("scope", Aspect::Scope),
    ("resource", Aspect::Scope),
    ("redirect_uri", Aspect::RedirectUri),
    ("claims", Aspect::Claims),
    ("acr_values", Aspect::Claims),
    ("amr_values", Aspect::Claims),
    ("code_challenge_method", Aspect::Parameter),
    ("grant_type", Aspect::Parameter),
    ("client_secret", Aspect::Parameter),
    ("requested_token_use", Aspect::Parameter),
    ("client_assertion_type", Aspect::Parameter),
    ("brk_client_id", Aspect::Parameter),
    ("brk_redirect_uri", Aspect::RedirectUri),
    ("instance_aware", Aspect::Authority),
    ("p", Aspect::Authority),
    ("wa", Aspect::Parameter),
    ("wtrealm", Aspect::Parameter),
    ("whr", Aspect::AccountHint),
    ("wauth", Aspect::Claims),
    ("wfresh", Aspect::Parameter),
    ("wreply", Aspect::RedirectUri),
];

/// Parameters of which only matters whether they are there: their values are new every time or secret.
const PRESENCE: &[(&str, Aspect)] = &[
    ("state", Aspect::Parameter),
    ("nonce", Aspect::Parameter),
    ("sid", Aspect::AccountHint),
    ("code_challenge", Aspect::Parameter),
    ("code_verifier", Aspect::Parameter),
    ("client_assertion", Aspect::Parameter),
    ("SAMLRequest", Aspect::Parameter),
];

/// The parameters that hold a password: of the service's own page, and of OAuth (RFC 6749 §4.3.2).
const PASSWORDS: [&str; 2] = ["passwd", "password"];

/// Headers that devices and proxies add.
const DEVICE_HEADERS: [&str; 4] =
    ["x-ms-refreshtokencredential", "x-ms-devicecredential", "restrict-access-to-tenants", "sec-restrict-tenant-access-policy"];

/// What takes longer than this, and ten times as long as in the other capture, is told, in milliseconds.
const SLOW_MS: f64 = 5_000.0;

/// How many differences of a pair are kept.
const DIFFERENCES: usize = 100;

/// What a walk along both captures finds.
#[derive(Default)]
pub(super) struct Wire {
    pub(super) differences: Vec<Difference>,
    pub(super) unknown: Vec<NotShown>,
    pub(super) parted: Option<Parting>,
    /// Whether both captures tell whose sign-in it is.
    pub(super) is_account_compared: bool,
}

impl Wire {
    /// Adds whose the two are.
    pub(super) fn compare_accounts(&mut self, whose: &Whose) {
        self.is_account_compared = matches!(whose, Whose::Same | Whose::Different(..));
        if let Whose::Hidden(unknown) = whose {
            self.unknown.push(unknown.clone());
        }
        let Whose::Different(difference, parting) = whose else { return };
        // A hint says so already.
        let is_there = |one: &[Evidence], other: &[Evidence]| one.iter().zip(other).all(|(one, other)| one.is_at_place_of(other));
        let is_told = |other: &Difference| is_there(&other.working, &difference.working) && is_there(&other.failing, &difference.failing);
        if self.differences.iter().any(is_told) {
            return;
        }
        let is_first =
            |at: &&Parting| self.parted.as_ref().is_none_or(|parted| parted.failing.is_some_and(|other| Some(other) > at.failing));
        if let Some(parting) = parting.as_ref().filter(is_first) {
            self.parted = Some(parting.clone());
        }
        self.differences.push(difference.clone());
    }

    /// What the working capture shows at the places where the failing one shows some evidence.
    pub(super) fn shown_at(&self, failing: &[Evidence]) -> Option<Vec<Evidence>> {
        let is_there = |one: &Evidence| failing.iter().any(|other| one.is_at_place_of(other));
        let found = self.differences.iter().find(|difference| difference.failing.iter().any(is_there));
        found.map(|found| found.working.clone()).filter(|working| !working.is_empty())
    }

    /// Whether nothing that was sent differs up to the failing step, in what the two captures show. What is new every
    /// time is not compared.
    pub(super) fn is_asked_alike(&self) -> bool {
        self.differences.iter().all(|difference| difference.aspect.is_of_the_answer() || difference.aspect == Aspect::Timing)
    }
}

/// One of the two captures.
#[derive(Clone, Copy)]
enum Which {
    Working,
    Failing,
}

impl Which {
    /// The one that has what the other has not.
    fn alone(working: bool, failing: bool) -> Option<Self> {
        match (working, failing) {
            (true, false) => Some(Self::Working),
            (false, true) => Some(Self::Failing),
            (true, true) | (false, false) => None,
        }
    }
}

impl fmt::Display for Which {
    /// As it stands before `capture`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Working => "working",
            Self::Failing => "failing",
        })
    }
}

/// A step of one of the two captures.
#[derive(Clone, Copy)]
struct At<'a> {
    side: &'a Side<'a>,
    step: &'a Step<'a>,
}

impl<'a> At<'a> {
    /// Which directory a tenant is, where its name is the id or a reply of the capture tells.
    fn directory(self, tenant: &'a Tenant) -> Option<&'a Guid> {
        let of_name = self.side.sign_ins.attempts.iter().filter(|attempt| !tenant.is_alias() && attempt.tenant.as_ref() == Some(tenant));
        tenant.id().or_else(|| of_name.into_iter().find_map(|attempt| attempt.resolved_tenant.as_ref()))
    }

    fn of(side: &'a Side<'a>, at: Option<usize>) -> Option<Self> {
        Some(Self { side, step: side.step(at?)? })
    }

    fn names(self) -> &'a Names {
        &self.side.traffic.names
    }

    fn asked(self) -> String {
        self.side.asked(self.step)
    }

    /// Whether something else stands in the place of a parameter's value. Of those that name somebody or are never shown, any value
    /// of a redacted file may.
    fn hides(self, param: &Param) -> bool {
        let is_never_told =
            matches!(param.name.as_str(), "client_secret" | "login_hint" | "domain_hint" | "whr" | "claims" | "acr_values" | "amr_values");
        self.side.hides(&param.value) || is_never_told && self.side.is_redacted()
    }

    fn answered(self) -> String {
        self.side.answered(self.step)
    }

    /// A place where something was looked for.
    fn searched(self, part: impl Into<Cow<'static, str>>) -> Evidence {
        Evidence::searched(self.step.entry, part)
    }
}

/// Walks along the steps of both captures.
pub(super) fn compare(rows: &Rows, working: &Side<'_>, failing: &Side<'_>) -> Wire {
    let mut wire = Wire::default();
    for &(one, other) in &rows.rows {
        let (one, other) = (At::of(working, one), At::of(failing, other));
        let before = wire.differences.len();
        match (one, other) {
            (Some(working), Some(failing)) => SameStep { working, failing, wire: &mut wire }.compare(),
            (Some(only), None) => only_one(&mut wire, only, Which::Working),
            (None, Some(only)) => only_one(&mut wire, only, Which::Failing),
            (None, None) => {}
        }
        if wire.parted.is_none() && wire.differences.len() > before {
            let step = other.or(one).map(At::asked).unwrap_or_default();
            wire.parted = Some(Parting { step, working: one.map(|one| one.step.entry), failing: other.map(|other| other.step.entry) });
        }
        if wire.differences.len() >= DIFFERENCES {
            break;
        }
    }
    wire.differences.truncate(DIFFERENCES);
    wire
}

/// A step that only one of the two takes. What the page asks for on its own account is none.
fn only_one(wire: &mut Wire, only: At<'_>, which: Which) {
    let step = only.step;
    let tells = step.is_sign_in() || matches!(step.endpoint, Endpoint::AppCallback | Endpoint::FederatedProvider);
    if !tells || step.method == "OPTIONS" || matches!(step.endpoint, Endpoint::Metadata | Endpoint::AccountLookup | Endpoint::Probe) {
        return;
    }
    let asked = only.asked();
    let statement = format!("Only the {which} capture takes this step: {asked}, answered with {}.", only.answered());
    let evidence = vec![only.names().step(step)];
    let (working, failing) = match which {
        Which::Working => (evidence, Vec::new()),
        Which::Failing => (Vec::new(), evidence),
    };
    wire.differences.push(Difference {
        aspect: Aspect::Step,
        subject: None,
        role: Role::Bystander,
        step: asked,
        statement,
        working,
        failing,
    });
}

/// The same step in both captures.
struct SameStep<'a, 'w> {
    working: At<'a>,
    failing: At<'a>,
    wire: &'w mut Wire,
}

impl SameStep<'_, '_> {
    fn compare(mut self) {
        self.compare_authority();
        self.compare_parameters();
        self.compare_passwords();
        self.compare_frames();
        self.compare_storage_access();
        self.compare_cookies_sent();
        self.compare_device();
        self.compare_replies();
        self.compare_cookies_set();
        self.compare_tokens();
        self.compare_times();
    }

    /// Adds a difference that no cause lies in by itself, with the place in each capture that shows it.
    fn add(&mut self, aspect: Aspect, statement: String, place: impl Fn(At<'_>) -> Evidence) {
        self.add_of(None, aspect, statement, |at| Some(place(at)));
    }

    /// The same of something that a cause may lie in, and where a capture may have no such place.
    fn add_of(&mut self, subject: Option<&'static str>, aspect: Aspect, statement: String, place: impl Fn(At<'_>) -> Option<Evidence>) {
        let (working, failing) = (place(self.working).into_iter().collect(), place(self.failing).into_iter().collect());
        let step = self.failing.asked();
        self.wire.differences.push(Difference { aspect, subject, role: Role::Bystander, step, statement, working, failing });
    }

    /// Notes that a part of the step is not in one of the files, or in neither. Steps with the same reasons stand together.
    fn not_shown<T, U>(&mut self, what: &'static str, one: &Recorded<T>, other: &Recorded<U>) {
        self.note(what, one.loss().map(|loss| loss.explain(what)), other.loss().map(|loss| loss.explain(what)));
    }

    /// Notes that something else stands in the place of a value in one of the files, or in both.
    fn hidden(&mut self, what: &str, in_working: bool, in_failing: bool) {
        let why = |at: At<'_>| at.side.why_hidden().to_owned();
        self.note(what, in_working.then(|| why(self.working)), in_failing.then(|| why(self.failing)));
    }

    fn note(&mut self, what: &str, working: Option<String>, failing: Option<String>) {
        let step = self.failing.asked();
        let known = self.wire.unknown.iter_mut().find(|known| known.what == what && known.working == working && known.failing == failing);
        match known {
            Some(known) if known.steps.contains(&step) => {}
            Some(known) => known.steps.push(step),
            None => self.wire.unknown.push(NotShown { what: what.to_owned(), steps: vec![step], working, failing }),
        }
    }

    fn compare_authority(&mut self) {
        let (one, other) = (self.working.step, self.failing.step);
        let hosts = one.address.as_ref().zip(other.address.as_ref()).filter(|_| one.is_sign_in() && other.is_sign_in());
        let hidden = hosts
            .map_or((false, false), |(one, other)| (self.working.side.hides_text(&one.host), self.failing.side.hides_text(&other.host)));
        if hidden != (false, false) {
            self.hidden("the host", hidden.0, hidden.1);
        } else if hosts.is_some_and(|(one, other)| one.host != other.host) {
            // A service may go by several names; each has cookies of its own.
            let (subject, statement) = match one.host.is_some() && one.host == other.host {
                true => (None, "The two ask different hosts of the same service."),
                false => (Some("host"), "The two ask different hosts."),
            };
            self.add_of(subject, Aspect::Authority, statement.to_owned(), |at| Some(at.names().step(at.step)));
        }
        let Some((ours, theirs)) = one.tenant.as_ref().zip(other.tenant.as_ref()) else { return };
        let hidden = (self.working.side.hides_tenant(ours), self.failing.side.hides_tenant(theirs));
        // An alias is never hidden, and no name of one tenant.
        let is_alias = |is_hidden: bool, tenant: &Tenant| !is_hidden && tenant.is_alias();
        if hidden != (false, false) && !is_alias(hidden.0, ours) && !is_alias(hidden.1, theirs) {
            self.hidden("the tenant", hidden.0, hidden.1);
            return;
        }
        if ours == theirs {
            return;
        }
        let (working, failing) = (self.working.directory(ours), self.failing.directory(theirs));
        let statement = match working.zip(failing) {
            Some((working, failing)) if working == failing => return,
            None if !ours.is_alias() && !theirs.is_alias() => {
                "The two name the tenant otherwise, and the files do not tell whether it is the same one."
            }
            _ => "The two ask different tenants.",
        };
        self.add_of(Some("tenant"), Aspect::Authority, statement.to_owned(), |at| at.names().path_tenant(at.step));
    }

    fn compare_parameters(&mut self) {
        let (one, other) = (self.working.step, self.failing.step);
        let is_protocol = has_protocol_parameters(other.endpoint);
        if !is_protocol && other.endpoint != Endpoint::Login {
            return;
        }
        if other.method == "POST" {
            let (one, other) = (&one.exchange.request.body, &other.exchange.request.body);
            if one.loss().is_some() || other.loss().is_some() {
                self.not_shown("the posted body", one, other);
                return;
            }
        }
        if !is_protocol {
            return;
        }
        // An exporter may leave out the query of every address: then nothing follows from a parameter that is missing.
        let has_none = |step: &Step<'_>| step.params.iter().next().is_none();
        if has_none(one) != has_none(other) {
            let why = || "the file has no parameter of this request at all".to_owned();
            let (working, failing) = (has_none(one).then(why), has_none(other).then(why));
            let steps = vec![self.failing.asked()];
            self.wire.unknown.push(NotShown { what: "the parameters".to_owned(), steps, working, failing });
            return;
        }
        for &(name, aspect) in PARAMETERS {
            self.compare_parameter(name, aspect, true);
        }
        for &(name, aspect) in PRESENCE {
            self.compare_parameter(name, aspect, false);
        }
    }

    fn compare_parameter(&mut self, name: &'static str, aspect: Aspect, by_value: bool) {
        let (one, other) = (self.parameter(self.working.step, name), self.parameter(self.failing.step, name));
        let is_same = |one: &Param, other: &Param| match name {
            "claims" => self.working.step.demands_the_claims_of(self.failing.step),
            _ => one.means_the_same(other),
        };
        let silent = Which::alone(self.working.step.is_silent(), self.failing.step.is_silent()).filter(|_| name == "prompt");
        let statement = match (one, other) {
            _ if silent.is_some() => {
                let which = silent.map(|which| which.to_string()).unwrap_or_default();
                format!("Only the {which} capture asks silently (prompt=none); the other lets the service show a page.")
            }
            (Some(one), Some(other)) if by_value => {
                let hidden = (self.working.hides(one), self.failing.hides(other));
                if hidden != (false, false) {
                    return self.hidden(&format!("the value of {name}"), hidden.0, hidden.1);
                }
                if is_same(one, other) {
                    return;
                }
                format!("The two do not send the same {name}.")
            }
            (one, other) => match Which::alone(one.is_some(), other.is_some()) {
                Some(which) => format!("Only the {which} capture sends {name}."),
                None => return,
            },
        };
        self.add_of(Some(name), aspect, statement, |at| {
            Some(at.names().request_param(at.step, name).unwrap_or_else(|| at.searched(at.step.param_part(name))))
        });
    }

    /// A parameter, where it asks for anything: what a library adds to `claims` on its own account does not.
    fn parameter<'s>(&self, step: &'s Step<'_>, name: &str) -> Option<&'s Param> {
        let is_redacted = self.working.side.is_redacted() || self.failing.side.is_redacted();
        step.params.find(name).filter(|_| name != "claims" || is_redacted || step.demands_claims())
    }

    /// Passwords that were typed for the same account. Those of different accounts are different anyway.
    fn compare_passwords(&mut self) {
        let same_name =
            |one: &Step<'_>, other: &Step<'_>| one.person().zip(other.person()).is_some_and(|(one, other)| one.is_written_as(&other));
        for name in PASSWORDS {
            let (one, other) = (self.working.step.params.get(name), self.failing.step.params.get(name));
            let Some((one, other)) = one.zip(other) else { continue };
            let hidden = (self.working.side.hides(one), self.failing.side.hides(other));
            if hidden != (false, false) {
                self.hidden("the password", hidden.0, hidden.1);
            } else if !one.is_written_as(other) && same_name(self.working.step, self.failing.step) {
                let statement = "The two do not send the same password.".to_owned();
                self.add_of(Some("password"), Aspect::Password, statement, |at| at.names().request_param(at.step, name));
            }
        }
    }

    fn compare_frames(&mut self) {
        let (one, other) = (self.working.step, self.failing.step);
        if let (Recorded::Kept(one), Recorded::Kept(other)) = (one.frame(), other.frame())
            && one != other
        {
            let statement = "The request was made for another kind of window.".to_owned();
            self.add_of(Some("frame"), Aspect::Frame, statement, |at| Some(header(at, "sec-fetch-dest")));
        }
        if let (Recorded::Kept(Some(one)), Recorded::Kept(Some(other))) = (one.fetch_site(), other.fetch_site())
            && one != other
        {
            self.add_header(Aspect::Frame, "The request came from a page of another relation to the host.", "sec-fetch-site");
        }
    }

    fn compare_storage_access(&mut self) {
        let (one, other) = (self.working.step.storage_access(), self.failing.step.storage_access());
        let only = |which: Which| format!("Only in the {which} capture the browser says whether the frame may use its cookies.");
        let statement = match (&one, &other) {
            (Recorded::Kept(Some(one)), Recorded::Kept(Some(other))) if one != other => {
                "The browser allows the frame its cookies in one of the two, and not in the other.".to_owned()
            }
            (Recorded::Kept(Some(_)), Recorded::Empty) => only(Which::Working),
            (Recorded::Empty, Recorded::Kept(Some(_))) => only(Which::Failing),
            _ => return,
        };
        self.add_header(Aspect::StorageAccess, &statement, "sec-fetch-storage-access");
    }

    fn compare_cookies_sent(&mut self) {
        if !self.failing.step.is_sign_in() {
            return;
        }
        let (one, other) = (&self.working.step.cookies_sent, &self.failing.step.cookies_sent);
        if one.loss().is_some() || other.loss().is_some() {
            self.not_shown("the cookies that were sent", one, other);
            return;
        }
        // Which of them there are is the service's own business.
        for (wanted, what) in
            [(cookies::holds_session as fn(&str) -> bool, "session cookies"), (is_other_cookie, "other cookies of the sign-in service")]
        {
            let sends = |step: &Step<'_>| step.cookies_sent.kept().is_some_and(|sent| sent.iter().any(|name| wanted(name)));
            let Some(which) = Which::alone(sends(self.working.step), sends(self.failing.step)) else { continue };
            self.add(Aspect::CookieSent, format!("Only the {which} capture sends {what}."), |at| match sends(at.step) {
                true => at.names().cookies_sent(at.step, wanted),
                false => at.searched("request.header.cookie"),
            });
        }
    }

    fn compare_device(&mut self) {
        for name in DEVICE_HEADERS {
            let which = match (self.working.step.request_header(name), self.failing.step.request_header(name)) {
                (Recorded::Kept(_), Recorded::Empty) => Which::Working,
                (Recorded::Empty, Recorded::Kept(_)) => Which::Failing,
                _ => continue,
            };
            let statement = format!("Only the request of the {which} capture carries the header {name}.");
            self.add_header(Aspect::Device, &statement, name);
        }
    }

    fn compare_replies(&mut self) {
        let (one, other) = (self.working.answered(), self.failing.answered());
        let same_status = self.working.step.status.is_some() == self.failing.step.status.is_some();
        if one == other && same_status {
            return;
        }
        let statement = format!("The working capture is answered with {one}, the failing one with {other}.");
        self.add(Aspect::Reply, statement, |at| reply(at.side, at.step));
    }

    fn compare_cookies_set(&mut self) {
        let sets = |step: &Step<'_>| -> Option<bool> {
            let set = match &step.cookies_set {
                Recorded::Kept(set) => set.as_slice(),
                Recorded::Empty => &[],
                Recorded::NotKept(_) => return None,
            };
            Some(set.iter().any(|cookie| cookies::holds_session(&cookie.name) && !cookie.deletes))
        };
        let (Some(one), Some(other)) = (sets(self.working.step), sets(self.failing.step)) else { return };
        let Some(which) = Which::alone(one, other).filter(|_| self.failing.step.is_sign_in()) else { return };
        self.add(Aspect::CookieSet, format!("Only the reply of the {which} capture sets a session cookie."), |at| match sets(at.step) {
            Some(true) => at.names().cookies_set(at.step, |cookie| cookies::holds_session(&cookie.name)),
            _ => at.searched("response.header.set-cookie"),
        });
    }

    fn compare_tokens(&mut self) {
        let told = |step: &Step<'_>| step.tokens().and_then(|tokens| tokens.id_token.as_ref().map(told_apart));
        let (Some(ours), Some(theirs)) = (told(self.working.step), told(self.failing.step)) else { return };
        for (at, (name, _)) in ours.iter().enumerate().filter(|(at, claim)| theirs.get(*at) != Some(claim)) {
            let value = |step: &Step<'_>| told(step)?.into_iter().nth(at)?.1;
            let hides = |at: At<'_>| value(at.step).is_some_and(|value| at.side.hides_text(&value));
            let hidden = (hides(self.working), hides(self.failing));
            if hidden != (false, false) {
                self.hidden(&format!("the claim {name} of the ID token"), hidden.0, hidden.1);
                continue;
            }
            self.add(Aspect::Token, format!("The ID tokens differ in the claim {name}."), |at| match value(at.step) {
                Some(value) => at.names().token_claim(at.step, "id_token", name, &value),
                None => at.names().token_place(at.step, "id_token", name),
            });
        }
    }

    fn compare_times(&mut self) {
        let took = |at: At<'_>| at.step.exchange.duration_ms;
        let (Some(one), Some(other)) = (took(self.working), took(self.failing)) else { return };
        if one.max(other) < SLOW_MS || one.max(other) < 10.0 * one.min(other) {
            return;
        }
        let seconds = |milliseconds: f64| format!("{:.1} s", milliseconds / 1000.0);
        let statement = format!("It took {} in the working capture and {} in the failing one.", seconds(one), seconds(other));
        self.add(Aspect::Timing, statement, |at| at.names().step(at.step));
    }

    fn add_header(&mut self, aspect: Aspect, statement: &str, name: &'static str) {
        self.add(aspect, statement.to_owned(), |at| header(at, name));
    }
}

/// A header of the request, or where it would be.
fn header(at: At<'_>, name: &'static str) -> Evidence {
    at.names().request_header(at.step, name).unwrap_or_else(|| at.searched(format!("request.header.{name}")))
}

/// What came back, as evidence: the error where it tells one.
pub(super) fn reply(side: &Side<'_>, step: &Step<'_>) -> Evidence {
    let names = &side.traffic.names;
    let failure = step.reply.failures.first().map(|failure| names.failure(step.entry, failure));
    let handed = step.reply.handover.iter().flat_map(|handover| Handed::of(&handover.params));
    let handed = handed.into_iter().find_map(|handed| names.reply_param(step, handed.name()));
    failure.or(handed).or_else(|| names.page(step)).unwrap_or_else(|| names.step(step))
}

/// Whether a request to an endpoint is one whose parameters the protocols define.
fn has_protocol_parameters(endpoint: Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::Authorize
            | Endpoint::Token
            | Endpoint::DeviceCode
            | Endpoint::Logout
            | Endpoint::Saml
            | Endpoint::WsFederation
            | Endpoint::MicrosoftAccountAuthorize
    )
}

/// The claims that tell tokens of different sign-ins apart in a way that matters.
fn told_apart(claims: &Claims) -> [(&'static str, Option<String>); 4] {
    [
        ("tid", claims.tenant.as_ref().map(ToString::to_string)),
        ("iss", claims.issuer.clone()),
        ("idp", claims.identity_provider.clone()),
        ("ver", claims.version.clone()),
    ]
}

fn is_other_cookie(name: &str) -> bool {
    cookies::is_sign_in_cookie(name) && !cookies::holds_session(name)
}
