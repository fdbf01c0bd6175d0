//! What the value under a name is: of parameters, form fields, JSON members, claims (`fields`), headers, and in the
//! configuration of a page.
//!
//! Only what stands here stays; the value under any other name is replaced. Sources: OAuth 2.0 (RFC 6749),
//! OpenID Connect, the claims of Entra ID's tokens, the fields of its pages, and recorded traffic.

mod canonical;
mod fields;
mod headers;
mod page;

pub(super) use canonical::is_called;
pub(super) use fields::of_field;
pub(super) use headers::{lower, of_header};
pub(super) use page::of_page_field;

use super::kind::Kind;
use canonical::Canonical;

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It stays.
    Keep,
    /// Words of a protocol: all that the sign-in service is asked with stays, and elsewhere what has their form. Other
    /// applications have parameters of the same names.
    Protocol,
    /// It stays if it is one word; no sentence belongs there.
    Word,
    /// It stays if it is a time, however that is written.
    Moment,
    /// What went wrong: a word stays, and more is the text of an error.
    Complaint,
    /// Numbers of versions, all of it: they may look like those of machines.
    Versions,
    /// Programs with their versions, as `name/1.2.3.4` (RFC 9110 §10.1.5), and in comments what they may say else.
    Products,
    /// The proxies that a message came through (RFC 9110 §7.6.3), each with its protocol: their names are those of machines.
    Via,
    /// The id of a message: it stays, also where it stands elsewhere.
    KeepId,
    /// The id of a request, as the sign-in service gives or takes one: the same, where it has the form of one.
    TraceId,
    /// The id of a request, as any application may give one: it stays where it has the form of one, unless it is something
    /// else elsewhere.
    RequestId,
    /// A time of day stays; a day alone may be somebody's birthday.
    Time,
    /// The id or domain of a tenant, or the id of an application: it stays unless tenants are to be hidden.
    Tenant,
    /// The domain or the name of a tenant, as nobody else has one: it is replaced, and sought as that where tenants are hidden.
    OfTenant,
    /// An address: its parts are looked at. What is none stays if it is one word.
    Url,
    /// Prose: addresses, people and tokens in it are replaced.
    Text,
    /// JSON: its members are looked at.
    Json,
    /// A form inside a value.
    Form,
    /// A person's address, or an opaque hint at one.
    Account,
    /// A hash of a PKCE verifier.
    Challenge,
    /// The application's state; MSAL writes JSON into it.
    State,
    /// A JWT, or an opaque token.
    Token,
    /// MSAL's `client_info`.
    ClientInfo,
    /// A SAML message in base64.
    Saml,
    /// XML.
    Xml,
    /// `x-anchormailbox`.
    Anchor,
    /// The name of a person, or of anything else.
    Named,
    /// It is replaced.
    Secret(Kind),
    /// It is replaced, and nothing is known of it.
    Unknown,
}

impl Meaning {
    /// Whether a value is nobody's secret by its name alone.
    pub(super) fn says_little(self) -> bool {
        use Meaning::{Complaint, Keep, KeepId, Moment, Products, Protocol, RequestId, Text, Time, TraceId, Unknown, Versions, Word};
        matches!(
            self,
            Unknown | Keep | Protocol | Word | Moment | Complaint | Versions | Products | KeepId | TraceId | RequestId | Time | Text
        )
    }

    /// Whether a value says something of somebody however short it is.
    pub(super) fn is_secret_however_short(self) -> bool {
        matches!(self, Self::Account | Self::Named | Self::Secret(Kind::Name | Kind::Password | Kind::OneTimeCode))
    }
}

/// Members of what is no person but has a name for people to read: tenants, applications, groups, roles.
const OF_NO_PERSON: &[&str] = &[
    "appid",
    "appdisplayname",
    "tenantid",
    "tenanttype",
    "defaultdomain",
    "verifieddomains",
    "serviceprincipaltype",
    "signinaudience",
    "publisherdomain",
    "grouptypes",
    "securityenabled",
    "mailenabled",
    "roletemplateid",
];

/// Whether `displayName` is the name of a person, by the members that it stands among.
pub(super) fn tell_of_a_person<'n>(members: impl Iterator<Item = &'n str> + Clone) -> bool {
    let is_of_no_person = |name: &str| {
        let name = Canonical::of(name);
        !name.is_cut && OF_NO_PERSON.contains(&name.as_str())
    };
    // Groups have a mailbox too.
    let is_of_a_person = |name: &str| match of_field(name) {
        Meaning::Account => !is_called(name, "mail"),
        Meaning::Secret(Kind::Name | Kind::Phone) => !is_called(name, "displayname"),
        _ => false,
    };
    !members.clone().any(is_of_no_person) || members.clone().any(is_of_a_person)
}
