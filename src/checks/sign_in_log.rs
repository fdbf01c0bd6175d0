//! What the service's own log says of the failure, where one was given and a row of it is this failure.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Scene};
use crate::entra::{Evidence, LogValue};
use crate::sign_in_log::{By, Control, Device, Factor, Join, JoinType, PasswordCheck, Policy, Reason, Risk, Row, SecondFactor};

/// What the service's own log says of the failure.
pub(super) static CHECK: Check = Check {
    name: "sign-in-log",
    about: "What the service's own sign-in log says of this failure: policies, device, second factor, risk",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 16] = [
    ClaimInfo::of_log(
        "sign-in-log.joined-by-id",
        "The row of the sign-in log is that of this failure by its id.",
        "The row of the sign-in log was taken for this failure by time, application and account, not by an id.",
        "By what the row of the sign-in log was found",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-blocks",
        "The sign-in log names a Conditional Access policy that blocks this sign-in.",
        "No Conditional Access policy in the sign-in log blocks this sign-in.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-asks-mfa",
        "The sign-in log names a Conditional Access policy that asks for a second factor and did not get it.",
        "No Conditional Access policy in the sign-in log misses a second factor.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-asks-compliant-device",
        "The sign-in log names a Conditional Access policy that asks for a compliant device and did not get it.",
        "No Conditional Access policy in the sign-in log misses a compliant device.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-asks-joined-device",
        "The sign-in log names a Conditional Access policy that asks for a hybrid joined device and did not get it.",
        "No Conditional Access policy in the sign-in log misses a hybrid joined device.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-asks-approved-app",
        "The sign-in log names a Conditional Access policy that asks for an approved application and did not get it.",
        "No Conditional Access policy in the sign-in log misses an approved application.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-asks-app-protection",
        "The sign-in log names a Conditional Access policy that asks for an app protection policy and did not get it.",
        "No Conditional Access policy in the sign-in log misses an app protection policy.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.policy-limits-session",
        "The sign-in log names a Conditional Access policy with a sign-in frequency.",
        "No Conditional Access policy in the sign-in log has a sign-in frequency.",
        "What the sign-in log says of Conditional Access policies",
    ),
    ClaimInfo::of_log(
        "sign-in-log.device-known",
        "By the sign-in log the service learned which device it was.",
        "By the sign-in log the service did not learn which device it was.",
        "What the sign-in log says of the device",
    ),
    ClaimInfo::of_log(
        "sign-in-log.device-compliant",
        "By the sign-in log the device is marked as compliant.",
        "By the sign-in log the device is not marked as compliant.",
        "What the sign-in log says of the device",
    ),
    ClaimInfo::of_log(
        "sign-in-log.device-managed",
        "By the sign-in log the device is managed.",
        "By the sign-in log the device is not managed.",
        "What the sign-in log says of the device",
    ),
    ClaimInfo::of_log(
        "sign-in-log.device-hybrid-joined",
        "By the sign-in log the device is hybrid joined.",
        "By the sign-in log the device is not hybrid joined.",
        "What the sign-in log says of the device",
    ),
    ClaimInfo::of_log(
        "sign-in-log.address-blocked",
        "By the sign-in log the sign-in was blocked because of the network address that it came from.",
        "By the sign-in log the account was locked after too many tries, whatever the network address.",
        "Whether the sign-in log says that the network address was blocked",
    ),
    ClaimInfo::of_log(
        "sign-in-log.second-factor-refused",
        "The sign-in log says how the second factor ended.",
        "The steps in the sign-in log show no refused second factor.",
        "What the sign-in log says of the second factor",
    ),
    ClaimInfo::of_log(
        "sign-in-log.password-hash-synchronized",
        "By the sign-in log the password was checked against a hash from the local directory.",
        "By the sign-in log the password was not checked against a hash from the local directory.",
        "How the password was checked by the sign-in log",
    ),
    ClaimInfo::of_log(
        "sign-in-log.risk",
        "The sign-in log tells a risk during the sign-in.",
        "The sign-in log tells no risk during the sign-in.",
        "Whether the sign-in log tells of a risk",
    ),
];

/// The list of policies in a row.
const POLICIES: &str = "appliedConditionalAccessPolicies";

/// Claims about policies that were not satisfied, by what they ask for.
const UNSATISFIED: [Control; 6] =
    [Control::Block, Control::Mfa, Control::CompliantDevice, Control::HybridJoinedDevice, Control::ApprovedApp, Control::AppProtection];

/// A failure and its row.
struct Logged<'r> {
    entry: usize,
    row: &'r Row,
    by: By,
}

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let logged = match scene.sign_in_log {
        Join::Found { told, by } => Logged { entry: scene.failing.entry, row: told, by },
        join => return CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded(no_row(&join)))).collect(),
    };
    let unsatisfied = UNSATISFIED.map(|control| logged.policies(|policy| policy.failed && policy.controls.contains(&control))).into_iter();
    let limits = logged.policies(|policy| policy.applied && policy.controls.contains(&Control::SignInFrequency));
    let device = logged.row.device.unwrap_or_default();
    let known = |value: fn(&Device) -> Option<bool>| if device.known == Some(true) { value(&device) } else { None };
    let hybrid = |device: &Device| device.join.map(|join| join == JoinType::Hybrid);
    let devices = [
        logged.flag("deviceDetail.deviceId", device.known, "(a device id)", "whether it knew the device"),
        logged.flag("deviceDetail.isCompliant", known(|device| device.compliant), "true", "the state of a device that it knew"),
        logged.flag("deviceDetail.isManaged", known(|device| device.managed), "true", "the state of a device that it knew"),
        logged.flag("deviceDetail.trustType", known(hybrid), "hybrid joined", "how a device that it knew is joined"),
    ];
    let rest = [logged.address(), logged.factor(), logged.password(), logged.risk()];
    let observations = [logged.by_id()].into_iter().chain(unsatisfied).chain([limits]).chain(devices).chain(rest);
    CLAIMS.iter().zip(observations).map(|(claim, observation)| claim.is(observation)).collect()
}

/// Why there is no row.
fn no_row(join: &Join<'_>) -> String {
    match join {
        Join::NoLog => "no sign-in log was given with --sign-in-logs".to_owned(),
        Join::Several { count, .. } => format!("{count} rows of the sign-in log could be this failure, so none was taken"),
        Join::None | Join::Found { .. } => "the sign-in log has no row of this failure".to_owned(),
    }
}

impl Logged<'_> {
    fn shown(&self, field: &str, value: &LogValue<'_>) -> Observation {
        Observation::seen(Evidence::logged(self.entry, self.row.number, field, value))
    }

    fn searched(&self, field: &str) -> Observation {
        Observation::not_seen([Evidence::searched_in_log(self.entry, self.row.number, field)])
    }

    fn untold(what: &str) -> Observation {
        Observation::not_recorded(format!("the row of the sign-in log does not tell {what}"))
    }

    fn by_id(&self) -> Observation {
        let by = match self.by {
            By::RequestId => self.row.request_id.as_ref().map(|id| ("id", id)),
            By::CorrelationId => self.row.correlation_id.as_ref().map(|id| ("correlationId", id)),
            By::Time => None,
        };
        by.map_or_else(|| self.searched("id"), |(field, id)| self.shown(field, &LogValue::Id(id)))
    }

    fn policies(&self, wanted: impl Fn(&Policy) -> bool) -> Observation {
        let Some(policies) = &self.row.policies else { return Self::untold("the policies") };
        let place = |policy: &Policy| {
            let field = format!("{POLICIES}[{}].displayName", policy.place);
            Evidence::logged(self.entry, self.row.number, &field, &LogValue::PolicyName(&policy.name))
        };
        Observation::seen_or(policies.iter().filter(|policy| wanted(policy)).map(place), self.searched(POLICIES))
    }

    fn flag(&self, field: &str, value: Option<bool>, shown: &'static str, what: &str) -> Observation {
        match value {
            Some(true) => self.shown(field, &LogValue::Word(shown)),
            Some(false) => self.searched(field),
            None => Self::untold(what),
        }
    }

    fn address(&self) -> Observation {
        match self.row.reason {
            Some(Reason::BlockedAddress) => self.shown("status.failureReason", &LogValue::Word("the address, not the account")),
            Some(Reason::Locked) => self.searched("status.failureReason"),
            None => Self::untold("a reason beyond the code"),
        }
    }

    fn factor(&self) -> Observation {
        let field = "authenticationDetails";
        match self.row.factor {
            SecondFactor::Refused(Factor::Declined) => self.shown(field, &LogValue::Word("the person declined")),
            SecondFactor::Refused(Factor::NoAnswer) => self.shown(field, &LogValue::Word("nobody answered in time")),
            SecondFactor::Refused(Factor::Fraud) => self.shown(field, &LogValue::Word("the person reported it as fraud")),
            SecondFactor::Refused(Factor::Denied) => self.shown(field, &LogValue::Word("denied")),
            SecondFactor::NotRefused => self.searched(field),
            SecondFactor::Untold => Self::untold("the steps of the sign-in"),
        }
    }

    fn password(&self) -> Observation {
        let field = "authenticationDetails.authenticationMethodDetail";
        match self.row.password_check {
            Some(PasswordCheck::HashSync) => self.shown(field, &LogValue::Word("password hash synchronization")),
            Some(PasswordCheck::PassThrough | PasswordCheck::Cloud) => self.searched(field),
            None => Self::untold("where the password was checked"),
        }
    }

    fn risk(&self) -> Observation {
        let field = "riskLevelDuringSignIn";
        match self.row.risk {
            Some(Risk::Low) => self.shown(field, &LogValue::Word("low")),
            Some(Risk::Medium) => self.shown(field, &LogValue::Word("medium")),
            Some(Risk::High) => self.shown(field, &LogValue::Word("high")),
            Some(Risk::None) => self.searched(field),
            None => Self::untold("the risk"),
        }
    }
}
