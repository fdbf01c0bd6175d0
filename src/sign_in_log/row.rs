//! One row of a log: the facts that entrace uses, whatever the export calls them.
//!
//! The names are those of the signIn resource of Microsoft Graph, of the table SigninLogs (the same with a capital, and some
//! of its own), and of the portal's CSV. They are compared without case, blanks and punctuation.

use crate::entra::{ErrorCode, Guid};
use crate::exchange::{Secret, writable};
use crate::logs::Repeatable;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// One sign-in as the service wrote it down. Whatever the export does not tell is `None`.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Row {
    /// Its number in the file, from 0; a line of headings is not counted.
    pub number: usize,
    /// The file it is from.
    pub(super) file: usize,
    /// The request id: what a failing reply calls trace id.
    pub request_id: Option<Guid>,
    /// The correlation id.
    pub correlation_id: Option<Guid>,
    /// When, UTC.
    pub time: Option<DateTime<Utc>>,
    /// The application.
    pub client: Option<Guid>,
    /// The directory whose resource was asked for.
    pub tenant: Option<Guid>,
    /// The user principal name.
    pub user: Option<Secret>,
    /// The object id of the user.
    pub user_id: Option<Secret>,
    /// How the sign-in ended.
    pub ending: Ending,
    /// What the failure reason says beyond the code, where it is a known one.
    pub reason: Option<Reason>,
    /// What became of Conditional Access as a whole.
    pub conditional_access: Option<Access>,
    /// The policies, where the export lists them.
    pub policies: Option<Vec<Policy>>,
    /// The device, where the export says anything of it.
    pub device: Option<Device>,
    /// What became of the second factor.
    pub factor: SecondFactor,
    /// Where the password was checked.
    pub password_check: Option<PasswordCheck>,
    /// The risk during the sign-in.
    pub risk: Option<Risk>,
}

impl Repeatable for Row {
    fn says_the_same(&self, other: &Self) -> bool {
        // Taken apart so that none is forgotten.
        let Self {
            number: _,
            file: _,
            request_id,
            correlation_id,
            time,
            client,
            tenant,
            user,
            user_id,
            ending,
            reason,
            conditional_access,
            policies,
            device,
            factor,
            password_check,
            risk,
        } = self;
        *request_id == other.request_id
            && *correlation_id == other.correlation_id
            && *time == other.time
            && *client == other.client
            && *tenant == other.tenant
            // What stands for a name that was taken out is the same in both copies of a row.
            && same(user.as_ref(), other.user.as_ref(), Secret::is_written_as)
            && same(user_id.as_ref(), other.user_id.as_ref(), Secret::is_written_as)
            && *ending == other.ending
            && *reason == other.reason
            && *conditional_access == other.conditional_access
            && same(policies.as_deref(), other.policies.as_deref(), |one, other| {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.says_the_same(other))
            })
            && *device == other.device
            && *factor == other.factor
            && *password_check == other.password_check
            && *risk == other.risk
    }
}

/// For whoever compares what was read of one file in two forms.
#[cfg(fuzzing)]
impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.says_the_same(other)
    }
}

/// Whether two rows tell the same, or both nothing.
fn same<T: ?Sized>(one: Option<&T>, other: Option<&T>, is_same: impl FnOnce(&T, &T) -> bool) -> bool {
    one.zip(other).map_or(one.is_none() && other.is_none(), |(one, other)| is_same(one, other))
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The export does not tell it.
    #[default]
    Untold,
    /// It succeeded.
    Succeeded,
    /// It failed with that code.
    Failed(ErrorCode),
}

impl Ending {
    /// The code of a failure.
    pub fn code(self) -> Option<ErrorCode> {
        match self {
            Self::Failed(code) => Some(code),
            Self::Untold | Self::Succeeded => None,
        }
    }
}

/// A failure reason that says more than its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// AADSTS50053 because of too many tries.
    Locked,
    /// AADSTS50053 because of the network address.
    BlockedAddress,
}

/// What became of Conditional Access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// All policies that apply are satisfied.
    Success,
    /// One is not.
    Failure,
    /// None applies.
    NotApplied,
}

/// One Conditional Access policy as a row lists it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Policy {
    /// Its place in the list, from 0.
    pub place: usize,
    /// The name that an administrator gave it.
    pub name: Secret,
    /// Whether it applied and was not satisfied. Policies that only report never count.
    pub failed: bool,
    /// Whether it applied.
    pub applied: bool,
    /// What it asks for.
    pub controls: Vec<Control>,
}

impl Policy {
    fn says_the_same(&self, other: &Self) -> bool {
        let Self { place, name, failed, applied, controls } = self;
        let rest = (*place, *failed, *applied, controls) == (other.place, other.failed, other.applied, &other.controls);
        rest && name.is_written_as(&other.name)
    }
}

/// What a policy asks for. The names are those of `enforcedGrantControls` and `enforcedSessionControls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Control {
    /// `Block`.
    Block,
    /// `Mfa`, or an authentication strength.
    Mfa,
    /// `RequireCompliantDevice`.
    CompliantDevice,
    /// `RequireDomainJoinedDevice`.
    HybridJoinedDevice,
    /// `RequireApprovedApp`.
    ApprovedApp,
    /// `RequireCompliantApp`.
    AppProtection,
    /// `SignInFrequency`.
    SignInFrequency,
}

/// The device of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// Whether the service learned which device it is.
    pub known: Option<bool>,
    /// Whether it is marked as compliant.
    pub compliant: Option<bool>,
    /// Whether it is managed.
    pub managed: Option<bool>,
    /// How it belongs to the directory.
    pub join: Option<JoinType>,
}

/// How a device belongs to the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinType {
    /// Registered by its owner.
    Registered,
    /// Joined to the directory.
    Joined,
    /// Joined to a local domain and registered in the cloud.
    Hybrid,
}

/// What became of a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecondFactor {
    /// The export does not tell the steps.
    #[default]
    Untold,
    /// In no step was it refused.
    NotRefused,
    /// It was refused.
    Refused(Factor),
}

/// How a second factor was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Factor {
    /// The person declined.
    Declined,
    /// Nobody answered in time.
    NoAnswer,
    /// The person reported it as fraud.
    Fraud,
    /// Denied for another reason.
    Denied,
}

/// Where a password was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordCheck {
    /// In the cloud, with the hash of a local password.
    HashSync,
    /// In the local directory.
    PassThrough,
    /// In the cloud, for an account that lives there.
    Cloud,
}

/// The risk during a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Risk {
    /// None was noticed.
    None,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// Names that tell which request it is.
const IDS: &[&str] = &["requestid", "id", "originalrequestid", "correlationid", "applicationid", "appid"];
/// Names that tell what became of it, and when.
const OUTCOMES: &[&str] =
    &["signinerrorcode", "errorcode", "resulttype", "status", "dateutc", "createddatetime", "timegenerated", "timegeneratedutc"];

/// The fields of a row by their plain names.
pub(super) struct Fields<'v>(HashMap<String, &'v Value>);

impl<'v> Fields<'v> {
    /// Whether headings are those of a log.
    pub(super) fn are_of_a_log<'h>(headings: impl Iterator<Item = &'h str>) -> bool {
        let names: Vec<String> = headings.map(plain).collect();
        let any = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
        any(IDS) && any(OUTCOMES)
    }

    /// The fields of an object; those of its `properties` come first.
    pub(super) fn of(object: &'v Map<String, Value>) -> Self {
        let inner = object.get("properties").and_then(Value::as_object);
        let mut fields = HashMap::new();
        for (name, value) in inner.into_iter().flatten().chain(object) {
            fields.entry(plain(name)).or_insert(value);
        }
        Self(fields)
    }

    fn value(&self, names: &[&str]) -> Option<&'v Value> {
        names.iter().find_map(|name| self.0.get(*name).copied()).filter(|value| !value.is_null())
    }

    fn text(&self, names: &[&str]) -> Option<&'v str> {
        self.value(names).and_then(Value::as_str).map(str::trim)
    }

    fn id(&self, names: &[&str]) -> Option<Guid> {
        names.iter().find_map(|name| Guid::parse(self.text(&[name])?))
    }

    /// An object or list, which Log Analytics may have written as text.
    fn nested(&self, names: &[&str]) -> Option<Cow<'v, Value>> {
        match self.value(names)? {
            Value::String(text) => serde_json::from_str(text).ok().map(Cow::Owned),
            value => Some(Cow::Borrowed(value)),
        }
    }

    /// The row; `None` where this is no sign-in.
    pub(super) fn row(&self) -> Option<Row> {
        let status = self.nested(&["status"]);
        let status = status.as_deref().and_then(Value::as_object).map(Fields::of);
        let code = status.as_ref().and_then(|status| status.value(&["errorcode"]));
        let code = code.or_else(|| self.value(&["signinerrorcode", "errorcode", "resulttype"])).and_then(number);
        // The portal's CSV leaves the code of a success out.
        let says_success = || self.text(&["status"]).is_some_and(|status| status.eq_ignore_ascii_case("success"));
        let ending = match code {
            Some(0) => Ending::Succeeded,
            Some(number) => Ending::Failed(ErrorCode::aadsts(number)),
            None if says_success() => Ending::Succeeded,
            None => Ending::Untold,
        };
        let request_id = self.id(&["requestid", "id", "originalrequestid"]);
        let correlation_id = self.id(&["correlationid"]);
        let time = self.text(&["createddatetime", "dateutc", "timegenerated", "timegeneratedutc", "time", "date"]).and_then(time);
        let client = self.id(&["appid", "applicationid"]);
        let found_by_time = time.is_some() && client.is_some();
        if (request_id.is_none() && correlation_id.is_none() && !found_by_time) || (ending == Ending::Untold && time.is_none()) {
            return None;
        }
        let told = |names: &[&str]| status.as_ref().and_then(|status| status.text(names)).or_else(|| self.text(names));
        let reason = told(&["failurereason"]).or_else(|| self.text(&["resultdescription"]));
        let additional = told(&["additionaldetails"]).or_else(|| self.text(&["multifactorauthenticationresult"]));
        let conditional_access = self.text(&["conditionalaccessstatus", "conditionalaccess"]).and_then(access);
        let steps = self.nested(&["authenticationdetails"]);
        let steps: Vec<Fields<'_>> =
            steps.as_deref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).map(Fields::of).collect();
        let not_empty = |text: &&str| !text.is_empty();
        Some(Row {
            number: 0,
            file: 0,
            request_id,
            correlation_id,
            time,
            client,
            tenant: self.id(&["resourcetenantid", "aadtenantid"]).or_else(|| {
                // In the tables of Log Analytics that is the workspace's id.
                let is_workspace = self.value(&["timegenerated"]).is_some();
                self.id(&["tenantid"]).filter(|_| !is_workspace)
            }),
            user: self.text(&["userprincipalname", "username"]).filter(not_empty).map(Secret::new),
            user_id: self.text(&["userid"]).filter(not_empty).map(Secret::new),
            ending,
            reason: reason.and_then(failure_reason),
            conditional_access,
            policies: self.policies(conditional_access),
            device: self.device(),
            factor: factor(additional, &steps),
            password_check: steps.iter().find_map(|step| step.text(&["authenticationmethoddetail"]).and_then(password_check)),
            risk: self.text(&["risklevelduringsignin"]).and_then(risk),
        })
    }

    /// The list is empty where no policy exists, and also where whoever exported may not see policies.
    fn policies(&self, status: Option<Access>) -> Option<Vec<Policy>> {
        let list = self.nested(&["appliedconditionalaccesspolicies", "conditionalaccesspolicies"])?;
        let policies: Vec<Policy> = list
            .as_array()?
            .iter()
            .enumerate()
            .filter_map(|(place, policy)| {
                let fields = Fields::of(policy.as_object()?);
                let result = fields.text(&["result"]).map(str::to_ascii_lowercase);
                let failed = result.as_deref() == Some("failure");
                let words = |name| fields.value(&[name]).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
                Some(Policy {
                    place,
                    name: Secret::new(fields.text(&["displayname"]).unwrap_or_default()),
                    failed,
                    applied: failed || result.as_deref() == Some("success"),
                    controls: words("enforcedgrantcontrols").chain(words("enforcedsessioncontrols")).filter_map(control).collect(),
                })
            })
            .collect();
        (!policies.is_empty() || status == Some(Access::NotApplied)).then_some(policies)
    }

    fn device(&self) -> Option<Device> {
        let nested = self.nested(&["devicedetail"]);
        let nested = nested.as_deref().and_then(Value::as_object).map(Fields::of);
        let fields = nested.as_ref().unwrap_or(self);
        let flag = |names: &[&str]| fields.value(names).and_then(flag);
        let device = Device {
            known: fields.text(&["deviceid"]).map(|id| Guid::parse(id).is_some_and(|id| !is_zero(&id))),
            compliant: flag(&["iscompliant", "compliant"]),
            managed: flag(&["ismanaged", "managed"]),
            join: fields.text(&["trusttype", "jointype"]).and_then(join_type),
        };
        // An id of null says the same as an empty one where the object is there.
        let known = device.known.or_else(|| nested.as_ref().filter(|nested| nested.0.contains_key("deviceid")).map(|_| false));
        let device = Device { known, ..device };
        (device != Device::default()).then_some(device)
    }
}

/// A name without case, blanks and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_zero(id: &Guid) -> bool {
    id.as_str().bytes().all(|byte| matches!(byte, b'0' | b'-'))
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A time in UTC. Forms that depend on a country are not read: the day and the month could be exchanged.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let naive = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|time| time.and_utc());
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.to_utc())
        .or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
        .and_then(writable)
}

fn access(text: &str) -> Option<Access> {
    match plain(text).as_str() {
        "success" => Some(Access::Success),
        "failure" => Some(Access::Failure),
        "notapplied" => Some(Access::NotApplied),
        _ => None,
    }
}

/// The service writes one of two fixed sentences for AADSTS50053.
fn failure_reason(text: &str) -> Option<Reason> {
    let text = text.to_ascii_lowercase();
    if text.contains("malicious activity") {
        Some(Reason::BlockedAddress)
    } else if text.contains("account is locked") {
        Some(Reason::Locked)
    } else {
        None
    }
}

fn control(word: &str) -> Option<Control> {
    match plain(word).as_str() {
        "block" => Some(Control::Block),
        "mfa" => Some(Control::Mfa),
        "requirecompliantdevice" => Some(Control::CompliantDevice),
        "requiredomainjoineddevice" => Some(Control::HybridJoinedDevice),
        "requireapprovedapp" => Some(Control::ApprovedApp),
        "requirecompliantapp" => Some(Control::AppProtection),
        "signinfrequency" => Some(Control::SignInFrequency),
        word if word.starts_with("requireauthenticationstrength") => Some(Control::Mfa),
        _ => None,
    }
}

fn join_type(text: &str) -> Option<JoinType> {
    let text = plain(text);
    match text.as_str() {
        "serverad" => Some(JoinType::Hybrid),
        "azuread" => Some(JoinType::Joined),
        "workplace" => Some(JoinType::Registered),
        text if text.contains("hybrid") => Some(JoinType::Hybrid),
        text if text.contains("registered") => Some(JoinType::Registered),
        text if text.contains("joined") => Some(JoinType::Joined),
        _ => None,
    }
}

/// What the steps or the details say of a second factor.
fn factor(additional: Option<&str>, steps: &[Fields<'_>]) -> SecondFactor {
    let results = steps.iter().filter_map(|step| step.text(&["authenticationstepresultdetail"]));
    let told: Vec<String> = results.chain(additional).filter(|text| !text.is_empty()).map(str::to_ascii_lowercase).collect();
    if told.is_empty() {
        return SecondFactor::Untold;
    }
    let refused = told.iter().find_map(|text| {
        let denied = text.strip_prefix("mfa denied")?;
        Some(match () {
            () if denied.contains("fraud") => Factor::Fraud,
            () if denied.contains("declined") => Factor::Declined,
            () if denied.contains("did not respond") => Factor::NoAnswer,
            () => Factor::Denied,
        })
    });
    refused.map_or(SecondFactor::NotRefused, SecondFactor::Refused)
}

fn password_check(text: &str) -> Option<PasswordCheck> {
    let text = plain(text);
    match () {
        () if text.contains("hashsync") => Some(PasswordCheck::HashSync),
        () if text.contains("passthrough") => Some(PasswordCheck::PassThrough),
        () if text.contains("passwordinthecloud") => Some(PasswordCheck::Cloud),
        () => None,
    }
}

fn risk(text: &str) -> Option<Risk> {
    match plain(text).as_str() {
        "none" => Some(Risk::None),
        "low" => Some(Risk::Low),
        "medium" => Some(Risk::Medium),
        "high" => Some(Risk::High),
        // "hidden" without a licence.
        _ => None,
    }
}
