//! Steps that are the same in both captures, part by part.

use super::align::Rows;
use super::difference::{Aspect, Difference, Role};
use super::side::Side;
use super::{NotShown, Parting};
use crate::entra::{Claims, Endpoint, Evidence, Step, cookies};
use crate::exchange::Recorded;
use std::collections::BTreeSet;

/// The parameters of the protocols, each with what it is about. What is not among them is a step's own business (state,
/// nonce, code, proofs, ids, the fields of a page) and differs always.
const PARAMETERS: &[(&str, Aspect)] = &[
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
}

impl Wire {
    /// What the working capture shows at the places where the failing one shows some evidence.
    pub(super) fn shown_at(&self, failing: &[Evidence]) -> Option<Vec<Evidence>> {
        let is_there = |one: &Evidence| failing.iter().any(|other| one.is_at_place_of(other));
        let found = self.differences.iter().find(|difference| difference.failing.iter().any(is_there));
        found.map(|found| found.working.clone()).filter(|working| !working.is_empty())
    }

    /// Whether nothing that was sent differs up to the failing step, in what the two captures show. Passwords and the like
    /// are not compared.
    pub(super) fn is_asked_alike(&self) -> bool {
        self.differences.iter().all(|difference| difference.aspect.is_of_the_answer() || difference.aspect == Aspect::Timing)
    }
}

/// Walks along the steps of both captures.
pub(super) fn compare(rows: &Rows, working: &Side<'_>, failing: &Side<'_>) -> Wire {
    let mut wire = Wire::default();
    for &(one, other) in &rows.rows {
        let (one, other) = (one.and_then(|at| working.step(at)), other.and_then(|at| failing.step(at)));
        let before = wire.differences.len();
        match (one, other) {
            (Some(one), Some(other)) => Both { one, other, working, failing, wire: &mut wire }.compare(),
            (Some(step), None) => only_one(&mut wire, step, working, true),
            (None, Some(step)) => only_one(&mut wire, step, failing, false),
            (None, None) => {}
        }
        if wire.parted.is_none() && wire.differences.len() > before {
            let step = other.map(|step| failing.asked(step)).or_else(|| one.map(|step| working.asked(step))).unwrap_or_default();
            wire.parted = Some(Parting { step, working: one.map(|step| step.entry), failing: other.map(|step| step.entry) });
        }
        if wire.differences.len() >= DIFFERENCES {
            break;
        }
    }
    wire.differences.truncate(DIFFERENCES);
    wire
}

/// A step that only one of the two takes. What the page asks for on its own account is none.
fn only_one(wire: &mut Wire, step: &Step<'_>, side: &Side<'_>, is_working: bool) {
    let tells = step.is_sign_in() || matches!(step.endpoint, Endpoint::AppCallback | Endpoint::FederatedProvider);
    if !tells || step.method == "OPTIONS" || matches!(step.endpoint, Endpoint::Metadata | Endpoint::AccountLookup | Endpoint::Probe) {
        return;
    }
    let asked = side.asked(step);
    let evidence = vec![side.traffic.names.step(step)];
    let (which, working, failing) = if is_working { ("working", evidence, Vec::new()) } else { ("failing", Vec::new(), evidence) };
    let statement = format!("Only the {which} capture takes this step: {asked}, answered with {}.", side.answered(step));
    wire.differences.push(Difference { aspect: Aspect::Step, role: Role::Bystander, step: asked, statement, working, failing });
}

/// The same step in both captures.
struct Both<'a, 'w, 'c, 'd> {
    one: &'a Step<'c>,
    other: &'a Step<'d>,
    working: &'a Side<'c>,
    failing: &'a Side<'d>,
    wire: &'w mut Wire,
}

impl Both<'_, '_, '_, '_> {
    fn compare(mut self) {
        self.compare_authority();
        self.compare_parameters();
        self.compare_frames();
        self.compare_storage_access();
        self.compare_cookies_sent();
        self.compare_device();
        self.compare_replies();
        self.compare_cookies_set();
        self.compare_tokens();
        self.compare_times();
    }

    fn add(&mut self, aspect: Aspect, statement: String, working: Option<Evidence>, failing: Option<Evidence>) {
        let (working, failing) = (working.into_iter().collect(), failing.into_iter().collect());
        let step = self.failing.asked(self.other);
        self.wire.differences.push(Difference { aspect, role: Role::Bystander, step, statement, working, failing });
    }

    /// Notes that a part of the step is not in one of the files, or in neither. Steps with the same reasons stand together.
    fn not_shown<T, U>(&mut self, what: &'static str, one: &Recorded<T>, other: &Recorded<U>) {
        let working = one.loss().map(|loss| loss.explain(what));
        let failing = other.loss().map(|loss| loss.explain(what));
        let step = self.failing.asked(self.other);
        let known = self.wire.unknown.iter_mut().find(|known| known.what == what && known.working == working && known.failing == failing);
        match known {
            Some(known) if known.steps.contains(&step) => {}
            Some(known) => known.steps.push(step),
            None => self.wire.unknown.push(NotShown { what: what.to_owned(), steps: vec![step], working, failing }),
        }
    }

    fn compare_authority(&mut self) {
        let (one, other) = (self.one, self.other);
        let hosts = one.address.as_ref().zip(other.address.as_ref()).filter(|_| one.is_sign_in() && other.is_sign_in());
        if hosts.is_some_and(|(one, other)| one.host != other.host) {
            let evidence = (self.working.traffic.names.step(one), self.failing.traffic.names.step(other));
            self.add(Aspect::Authority, "The two ask different hosts.".to_owned(), Some(evidence.0), Some(evidence.1));
        }
        if one.tenant.as_ref().zip(other.tenant.as_ref()).is_some_and(|(one, other)| !one.same(other)) {
            let evidence = (self.working.traffic.names.path_tenant(one), self.failing.traffic.names.path_tenant(other));
            self.add(Aspect::Authority, "The two ask different tenants.".to_owned(), evidence.0, evidence.1);
        }
    }

    fn compare_parameters(&mut self) {
        if !has_protocol_parameters(self.other.endpoint) {
            return;
        }
        if self.other.method == "POST" {
            let (one, other) = (&self.one.exchange.request.body, &self.other.exchange.request.body);
            if one.loss().is_some() || other.loss().is_some() {
                self.not_shown("the posted body", one, other);
                return;
            }
        }
        // An exporter may leave out the query of every address: then nothing follows from a parameter that is missing.
        let has_none = |step: &Step<'_>| step.params.iter().next().is_none();
        if has_none(self.one) != has_none(self.other) {
            let why = || "the file has no parameter of this request at all".to_owned();
            let step = self.failing.asked(self.other);
            let (working, failing) = (has_none(self.one).then(why), has_none(self.other).then(why));
            self.wire.unknown.push(NotShown { what: "the parameters".to_owned(), steps: vec![step], working, failing });
            return;
        }
        for &(name, aspect) in PARAMETERS {
            self.compare_parameter(name, aspect, true);
        }
        for &(name, aspect) in PRESENCE {
            self.compare_parameter(name, aspect, false);
        }
    }

    fn compare_parameter(&mut self, name: &str, aspect: Aspect, by_value: bool) {
        let (one, other) = (self.one.params.find(name), self.other.params.find(name));
        let statement = match (one, other) {
            (Some(_), None) => format!("Only the working capture sends {name}."),
            (None, Some(_)) => format!("Only the failing capture sends {name}."),
            // A redaction's stand-ins are its own.
            (Some(one), Some(other)) if by_value && !self.is_stand_in(name) && !one.means_the_same(other) => {
                format!("The two do not send the same {name}.")
            }
            _ => return,
        };
        let place = |side: &Side<'_>, step: &Step<'_>| {
            let shown = side.traffic.names.request_param(step, name);
            shown.unwrap_or_else(|| Evidence::searched(step.entry, step.param_part(name)))
        };
        let evidence = (place(self.working, self.one), place(self.failing, self.other));
        self.add(aspect, statement, Some(evidence.0), Some(evidence.1));
    }

    /// Whether a value may be a redaction's stand-in: any that names somebody or is not shown.
    fn is_stand_in(&self, name: &str) -> bool {
        let may_be = matches!(name, "client_secret" | "login_hint" | "domain_hint" | "whr" | "claims" | "acr_values" | "amr_values");
        may_be && (self.working.analysis.redacted || self.failing.analysis.redacted)
    }

    fn compare_frames(&mut self) {
        if let (Recorded::Kept(one), Recorded::Kept(other)) = (self.one.frame(), self.other.frame())
            && one != other
        {
            self.add_headers(Aspect::Frame, "The request was made for another kind of window.", "sec-fetch-dest");
        }
        if let (Recorded::Kept(one), Recorded::Kept(other)) = (self.one.fetch_site(), self.other.fetch_site())
            && one != other
        {
            self.add_headers(Aspect::Frame, "The request came from a page of another relation to the host.", "sec-fetch-site");
        }
    }

    fn compare_storage_access(&mut self) {
        let (one, other) = (self.one.storage_access(), self.other.storage_access());
        let statement = match (&one, &other) {
            (Recorded::Kept(Some(one)), Recorded::Kept(Some(other))) if one != other => {
                "The browser allows the frame its cookies in one of the two, and not in the other."
            }
            (Recorded::Kept(Some(_)), Recorded::Empty) => {
                "Only in the working capture the browser says whether the frame may use its cookies."
            }
            (Recorded::Empty, Recorded::Kept(Some(_))) => {
                "Only in the failing capture the browser says whether the frame may use its cookies."
            }
            _ => return,
        };
        self.add_headers(Aspect::StorageAccess, statement, "sec-fetch-storage-access");
    }

    fn compare_cookies_sent(&mut self) {
        if !self.other.is_sign_in() {
            return;
        }
        let (one, other) = (&self.one.cookies_sent, &self.other.cookies_sent);
        if one.loss().is_some() || other.loss().is_some() {
            self.not_shown("the cookies that were sent", one, other);
            return;
        }
        let names = |cookies: &Recorded<Vec<String>>, wanted: fn(&str) -> bool| -> BTreeSet<String> {
            let cookies = cookies.kept().map(Vec::as_slice).unwrap_or_default();
            cookies.iter().filter(|name| wanted(name)).map(|name| cookies::shown(name)).collect()
        };
        for (wanted, what) in
            [(cookies::holds_session as fn(&str) -> bool, "session cookies"), (is_other_cookie, "other cookies of the sign-in service")]
        {
            let (one, other) = (names(one, wanted), names(other, wanted));
            let Some(statement) = difference_of_sets(&one, &other, what) else { continue };
            let place = |side: &Side<'_>, step: &Step<'_>, names: &BTreeSet<String>| match names.is_empty() {
                true => Evidence::searched(step.entry, "request.header.cookie"),
                false => side.traffic.names.cookies_sent(step, wanted),
            };
            let evidence = (place(self.working, self.one, &one), place(self.failing, self.other, &other));
            self.add(Aspect::CookieSent, statement, Some(evidence.0), Some(evidence.1));
        }
    }

    fn compare_device(&mut self) {
        for name in DEVICE_HEADERS {
            let (one, other) = (self.one.request_header(name), self.other.request_header(name));
            let which = match (&one, &other) {
                (Recorded::Kept(_), Recorded::Empty) => "working",
                (Recorded::Empty, Recorded::Kept(_)) => "failing",
                _ => continue,
            };
            let statement = format!("Only the request of the {which} capture carries the header {name}.");
            self.add_headers(Aspect::Device, &statement, name);
        }
    }

    fn compare_replies(&mut self) {
        let (one, other) = (self.working.answered(self.one), self.failing.answered(self.other));
        let same_status = self.one.status.is_some() == self.other.status.is_some();
        if one == other && same_status {
            return;
        }
        let evidence = (reply(self.working, self.one), reply(self.failing, self.other));
        let statement = format!("The working capture is answered with {one}, the failing one with {other}.");
        self.add(Aspect::Reply, statement, Some(evidence.0), Some(evidence.1));
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
        let (Some(one), Some(other)) = (sets(self.one), sets(self.other)) else { return };
        if one == other || !self.other.is_sign_in() {
            return;
        }
        let which = if one { "working" } else { "failing" };
        let place = |side: &Side<'_>, step: &Step<'_>, sets: bool| match sets {
            true => side.traffic.names.cookies_set(step, |cookie| cookies::holds_session(&cookie.name)),
            false => Evidence::searched(step.entry, "response.header.set-cookie"),
        };
        let evidence = (place(self.working, self.one, one), place(self.failing, self.other, other));
        self.add(
            Aspect::CookieSet,
            format!("Only the reply of the {which} capture sets a session cookie."),
            Some(evidence.0),
            Some(evidence.1),
        );
    }

    fn compare_tokens(&mut self) {
        let id_token = |step: &Step<'_>| step.tokens().and_then(|tokens| tokens.id_token.clone());
        let (Some(one), Some(other)) = (id_token(self.one), id_token(self.other)) else { return };
        for ((name, ours), (_, theirs)) in told_apart(&one).into_iter().zip(told_apart(&other)) {
            if ours == theirs {
                continue;
            }
            let place = |side: &Side<'_>, step: &Step<'_>, value: &Option<String>| match value {
                Some(value) => side.traffic.names.token_claim(step, "id_token", name, value),
                None => side.traffic.names.token_place(step, "id_token", name),
            };
            let evidence = (place(self.working, self.one, &ours), place(self.failing, self.other, &theirs));
            self.add(Aspect::Token, format!("The ID tokens differ in the claim {name}."), Some(evidence.0), Some(evidence.1));
        }
    }

    fn compare_times(&mut self) {
        let (Some(one), Some(other)) = (self.one.exchange.duration_ms, self.other.exchange.duration_ms) else { return };
        if one.max(other) < SLOW_MS || one.max(other) < 10.0 * one.min(other) {
            return;
        }
        let seconds = |milliseconds: f64| format!("{:.1} s", milliseconds / 1000.0);
        let evidence = (self.working.traffic.names.step(self.one), self.failing.traffic.names.step(self.other));
        let statement = format!("It took {} in the working capture and {} in the failing one.", seconds(one), seconds(other));
        self.add(Aspect::Timing, statement, Some(evidence.0), Some(evidence.1));
    }

    fn add_headers(&mut self, aspect: Aspect, statement: &str, name: &'static str) {
        let place = |side: &Side<'_>, step: &Step<'_>| {
            let shown = side.traffic.names.request_header(step, name);
            shown.unwrap_or_else(|| Evidence::searched(step.entry, format!("request.header.{name}")))
        };
        let evidence = (place(self.working, self.one), place(self.failing, self.other));
        self.add(aspect, statement.to_owned(), Some(evidence.0), Some(evidence.1));
    }
}

/// What came back, as evidence: the error where it tells one.
pub(super) fn reply(side: &Side<'_>, step: &Step<'_>) -> Evidence {
    let names = &side.traffic.names;
    let failure = step.reply.failures.first().map(|failure| names.failure(step.entry, failure));
    let handed = ["code", "id_token", "SAMLResponse", "wresult"].into_iter().find_map(|name| names.reply_param(step, name));
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

/// How two sets of names differ: whether there is any. Which of them there are is the service's own business.
fn difference_of_sets(one: &BTreeSet<String>, other: &BTreeSet<String>, what: &str) -> Option<String> {
    match (one.is_empty(), other.is_empty()) {
        (false, true) => Some(format!("Only the working capture sends {what}.")),
        (true, false) => Some(format!("Only the failing capture sends {what}.")),
        (true, true) | (false, false) => None,
    }
}
