//! What the value under a name is: of parameters, form fields, JSON members, claims and headers.
//!
//! Only what stands here stays; the value under any other name is replaced. Sources: OAuth 2.0 (RFC 6749),
//! OpenID Connect, the claims of Entra ID's tokens, the fields of its pages, and recorded traffic.

use super::kind::Kind;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It stays.
    Keep,
    /// Numbers of versions, all of it: they may look like those of machines.
    Versions,
    /// Programs with their versions, as `name/1.2.3.4` (RFC 9110 §10.1.5), and in comments what they may say else.
    Products,
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
    /// An address: its parts are looked at.
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
        use Meaning::{Keep, KeepId, Products, RequestId, Text, Time, TraceId, Unknown, Versions};
        matches!(self, Unknown | Keep | Versions | Products | KeepId | TraceId | RequestId | Time | Text)
    }
}

/// The longest name in the table, in letters.
const LONGEST: usize = 32;

/// A name as it is looked up: `client_id`, `clientId` and `client-id` are one. Of a long name only the end counts.
struct Canonical {
    letters: [u8; LONGEST],
    length: usize,
    /// Whether there are more letters before these.
    is_cut: bool,
}

impl Canonical {
    fn of(name: &str) -> Self {
        let mut canonical = Self { letters: [0; LONGEST], length: 0, is_cut: false };
        if name.len() <= LONGEST {
            for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
                if let Some(place) = canonical.letters.get_mut(canonical.length) {
                    *place = byte.to_ascii_lowercase();
                    canonical.length += 1;
                }
            }
            return canonical;
        }
        let count = name.bytes().filter(u8::is_ascii_alphanumeric).count();
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).skip(count.saturating_sub(LONGEST));
        for (place, letter) in canonical.letters.iter_mut().zip(letters) {
            *place = letter.to_ascii_lowercase();
        }
        (canonical.length, canonical.is_cut) = (count.min(LONGEST), count > LONGEST);
        canonical
    }

    fn as_str(&self) -> &str {
        self.letters.get(..self.length).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

/// Whether a name is another, in whatever way it is written.
pub(super) fn is_called(name: &str, canonical: &str) -> bool {
    let written = Canonical::of(name);
    !written.is_cut && written.as_str() == canonical
}

/// The names of [`FIELDS`] by what is made of their letters.
struct Table {
    names: Vec<Option<(Canonical, Meaning)>>,
}

/// How many places the table has: about four for each name.
const PLACES: usize = 1024;

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let mut table = Self { names: (0..PLACES).map(|_| None).collect() };
        for (names, meaning) in FIELDS {
            for name in *names {
                let name = Canonical::of(name);
                let free = table.places(&name).find(|place| table.names.get(*place).is_some_and(Option::is_none));
                if let Some(place) = free.and_then(|place| table.names.get_mut(place)) {
                    *place = Some((name, *meaning));
                }
            }
        }
        table
    }

    /// The places where a name may stand, in order.
    fn places(&self, name: &Canonical) -> impl Iterator<Item = usize> + use<> {
        let hash = name.letters.chunks(8).fold(0_u64, |hash, letters| {
            let letters = <[u8; 8]>::try_from(letters).map_or(0, u64::from_le_bytes);
            (hash.rotate_left(5) ^ letters).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        let first = (hash >> 54) as usize;
        (first..first + PLACES).map(|place| place % PLACES)
    }

    fn get(&self, name: &Canonical) -> Option<Meaning> {
        let found = self.places(name).map_while(|place| self.names.get(place)?.as_ref()).find(|(known, _)| known.letters == name.letters);
        found.map(|(_, meaning)| *meaning)
    }
}

/// The value of a parameter, a form field or a JSON member.
pub(super) fn of_field(name: &str) -> Meaning {
    // As scripts call their variables.
    if let [letter] = name.as_bytes() {
        return if letter.eq_ignore_ascii_case(&b'p') { Meaning::Keep } else { Meaning::Unknown };
    }
    let name = Canonical::of(name);
    let known = if name.is_cut { None } else { TABLE.get(&name) };
    known.unwrap_or_else(|| of_ending(name.as_str()))
}

/// The names in the table, and what stands under them.
const FIELDS: &[(&[&str], Meaning)] = &[
    // Requests.
    (
        &[
            "responsetype",
            "responsemode",
            "granttype",
            "prompt",
            "scope",
            "scopes",
            "codechallengemethod",
            "claimslocales",
            "uilocales",
            "mkt",
            "lc",
            "maxage",
            "acrvalues",
            "instanceaware",
            "ssoreload",
            "haschrome",
            "nux",
            "adminconsent",
            "requestedtokenuse",
            "subjecttokentype",
            "requestedtokentype",
            "clientassertiontype",
            "tokentypehint",
            "xclientcurrenttelemetry",
            "xclientlasttelemetry",
            "xmslibcapability",
            "apiversion",
            "wa",
            "wfresh",
            "wauth",
            "wct",
            "wp",
            "estsredirect",
            "sigalg",
            "slice",
            "feature",
            "broker",
            "p",
        ],
        Meaning::Keep,
    ),
    (&["xclientsku", "xclientver", "xclientos", "xclientcpu"], Meaning::Versions),
    (&["clientrequestid", "correlationid", "traceid", "strtraceid", "xmsrequestid"], Meaning::TraceId),
    (&["requestid"], Meaning::RequestId),
    (&["date"], Meaning::Time),
    (
        &["clientid", "appid", "tenant", "tenantid", "tid", "utid", "stenantid", "realm", "brkclientid", "azp", "domainhint", "whr"],
        Meaning::Tenant,
    ),
    (
        &[
            "redirecturi",
            "brkredirecturi",
            "postlogoutredirecturi",
            "reply",
            "wreply",
            "returnurl",
            "redirecturl",
            "erroruri",
            "verificationuri",
            "verificationurl",
            "issuer",
            "iss",
            "tokenendpoint",
            "authorizationendpoint",
            "tenantdiscoveryendpoint",
            "authority",
            "idp",
            "wtrealm",
            "aud",
            "resource",
            "urlpost",
            "federationredirecturl",
            "authorizationuri",
        ],
        Meaning::Url,
    ),
    (&["codechallenge"], Meaning::Challenge),
    (&["claims"], Meaning::Json),
    (&["wctx"], Meaning::Form),
    (&["clientinfo"], Meaning::ClientInfo),
    (&["samlrequest", "samlresponse"], Meaning::Saml),
    (&["wresult"], Meaning::Xml),
    (&["xanchormailbox"], Meaning::Anchor),
    // Replies.
    (
        &[
            "error",
            "errorcodes",
            "errorcode",
            // What the second factor came to (`PhoneAppDenied`).
            "errcode",
            "resultvalue",
            "suberror",
            "errorsubcode",
            "timestamp",
            "expiresin",
            "extexpiresin",
            "expireson",
            "notbefore",
            "tokentype",
            "foci",
            "interval",
            "cloudinstancename",
            "cloudinstancehostname",
            "msgraphhost",
            "refreshtokenexpiresin",
            "ifexistsresult",
            "throttlestatus",
            "ismanageddomain",
            "domaintype",
            "namespacetype",
            "cloudinstanceurl",
        ],
        Meaning::Keep,
    ),
    (&["errordescription", "errormessage", "message", "errortext", "details"], Meaning::Text),
    // Claims of tokens.
    (
        &[
            "exp",
            "iat",
            "nbf",
            "authtime",
            "ver",
            "acr",
            "acrs",
            "amr",
            "scp",
            "roles",
            "idtyp",
            "acct",
            "azpacr",
            "appidacr",
            "tfp",
            "xmscc",
            "typ",
            "alg",
            "essential",
            "tenantregionscope",
        ],
        Meaning::Keep,
    ),
    (
        &[
            "oid",
            "sub",
            "puid",
            "uid",
            "sid",
            "sessionstate",
            "sessionid",
            "uti",
            "deviceid",
            "altsecid",
            "rh",
            "aio",
            "homeoid",
            "objectid",
            "localaccountid",
            "homeaccountid",
            "ssid",
        ],
        Meaning::Secret(Kind::Id),
    ),
    (
        &[
            "preferredusername",
            "upn",
            "uniquename",
            "email",
            "emails",
            "mail",
            "userprincipalname",
            "loginhint",
            "logouthint",
            "username",
            "login",
            "loginfmt",
            "spostusername",
            "sprefillusername",
            "signinname",
            "userloginname",
            "user",
        ],
        Meaning::Account,
    ),
    (&["name", "display"], Meaning::Named),
    (
        &[
            "givenname",
            "familyname",
            "surname",
            "displayname",
            "userdisplayname",
            "fullname",
            "sfullname",
            "nickname",
            "firstname",
            "lastname",
        ],
        Meaning::Secret(Kind::Name),
    ),
    (&["ipaddr", "ipaddress", "clientip", "ip"], Meaning::Secret(Kind::IpAddress)),
    (&["phone", "phonenumber", "mobilephone", "telephone", "mobile"], Meaning::Secret(Kind::Phone)),
    (&["devicename", "computername", "machinename", "devicedisplayname"], Meaning::Secret(Kind::Device)),
    // Secrets.
    (&["code", "devicecode", "authcode"], Meaning::Secret(Kind::Code)),
    (
        &["idtoken", "accesstoken", "refreshtoken", "idtokenhint", "subjecttoken", "actortoken", "token", "prt", "earjwe", "requesttoken"],
        Meaning::Token,
    ),
    (&["assertion", "clientassertion", "requestedassertion"], Meaning::Token),
    (&["password", "passwd", "pass", "pw", "newpassword", "oldpassword", "pwd", "confirmpassword"], Meaning::Secret(Kind::Password)),
    (
        &["otc", "otp", "usercode", "additionalauthdata", "verificationcode", "totp", "pin", "passcode", "securitycode", "mfacode"],
        Meaning::Secret(Kind::OneTimeCode),
    ),
    (&["clientsecret", "apikey", "subscriptionkey", "secret", "accountkey", "sharedkey", "sig"], Meaning::Secret(Kind::ClientSecret)),
    (&["codeverifier"], Meaning::Secret(Kind::CodeVerifier)),
    (
        &[
            "flowtoken",
            "sft",
            "ctx",
            "sctx",
            "canary",
            "apicanary",
            "scanary",
            "sapicanary",
            "hpgrequestid",
            "originalrequest",
            "estsrequest",
            "ppsx",
            "ppft",
            "request",
            "authmethodid",
            "sessionlookupkey",
        ],
        Meaning::Secret(Kind::FlowToken),
    ),
    (&["nonce"], Meaning::Secret(Kind::Nonce)),
    (&["state", "relaystate", "clientstate"], Meaning::State),
];

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
    let is_of_no_person = |name: &str| OF_NO_PERSON.iter().any(|known| is_called(name, known));
    // Groups have a mailbox too.
    let is_of_a_person = |name: &str| match of_field(name) {
        Meaning::Account => !is_called(name, "mail"),
        Meaning::Secret(Kind::Name | Kind::Phone) => !is_called(name, "displayname"),
        _ => false,
    };
    !members.clone().any(is_of_no_person) || members.clone().any(is_of_a_person)
}

/// The value under a name that is in no table but says what it is.
fn of_ending(name: &str) -> Meaning {
    // All of the endings below end with one of these.
    if !name.ends_with(['n', 'd', 'e', 't', 'y']) {
        return Meaning::Unknown;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&["token"]) {
        Meaning::Token
    } else if ends(&["password", "passwd", "passphrase"]) {
        Meaning::Secret(Kind::Password)
    } else if ends(&["secret", "apikey", "subscriptionkey", "accesskey"]) {
        Meaning::Secret(Kind::ClientSecret)
    } else if ends(&["sessionid", "userid", "accountid", "deviceid"]) {
        Meaning::Secret(Kind::Id)
    } else {
        Meaning::Unknown
    }
}

/// The value of a member of the configuration in a page of the sign-in service; `None` for one that is left out,
/// as most are: texts of the page, addresses of its scripts.
pub(super) fn of_page_field(name: &str) -> Option<Meaning> {
    let name = Canonical::of(name);
    if name.is_cut {
        return None;
    }
    Some(match name.as_str() {
        "pgid" | "serrorcode" | "ierrorcode" | "ihttperrorcode" | "strtimestamp" | "issignedin" | "hpgid" | "hpgact" | "arrsessions" => {
            Meaning::Keep
        }
        "stenantid" => Meaning::Tenant,
        "correlationid" | "strtraceid" => Meaning::TraceId,
        // On a page of the sign-in service this is the trace id.
        "sessionid" => Meaning::TraceId,
        "serrtxt" | "strserviceexceptionmessage" => Meaning::Text,
        "sctx" | "sft" | "canary" | "apicanary" | "scanary" => Meaning::Secret(Kind::FlowToken),
        "spostusername" | "sprefillusername" => Meaning::Account,
        "urlpost" => Meaning::Url,
        "name" | "fullname" | "sfullname" | "displayname" => Meaning::Secret(Kind::Name),
        _ => return None,
    })
}

/// The name of a header in small letters, as most are written.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// The value of a header.
pub(super) fn of_header(name: &str) -> Meaning {
    match &*lower(name) {
        "host"
        | "date"
        | "age"
        | "allow"
        | "vary"
        | "pragma"
        | "cache-control"
        | "connection"
        | "content-type"
        | "content-length"
        | "content-encoding"
        | "content-language"
        | "transfer-encoding"
        | "accept"
        | "accept-encoding"
        | "accept-language"
        | "accept-ranges"
        | "expires"
        | "last-modified"
        | "retry-after"
        | "upgrade-insecure-requests"
        | "dnt"
        | "priority"
        | "te"
        | "x-frame-options"
        | "x-content-type-options"
        | "referrer-policy"
        | "strict-transport-security"
        | "x-ms-ests-server"
        | "x-ms-clitelem"
        | "x-ms-srs"
        | "x-ms-httpver"
        | "x-ms-error-code"
        | "return-client-request-id"
        | "x-client-current-telemetry"
        | "x-client-last-telemetry"
        | "x-requested-with"
        | "sec-restricttenant"
        | ":authority"
        | ":method"
        | ":scheme"
        | ":status"
        | "x-edge-ref-fqdn" => Meaning::Keep,
        name if name.starts_with("sec-fetch-")
            || name.starts_with("access-control-")
            || name.starts_with("cross-origin-")
            || name.starts_with("sec-purpose")
            || name.starts_with("activate-storage") =>
        {
            Meaning::Keep
        }
        "server" | "user-agent" | "via" => Meaning::Products,
        "x-client-sku" | "x-client-ver" | "x-client-os" | "x-client-cpu" => Meaning::Versions,
        name if name.starts_with("sec-ch-ua") => Meaning::Versions,
        "sec-restrict-tenant-access-policy" | "restrict-access-to-tenants" | "restrict-access-context" => Meaning::Tenant,
        "request-correlation-id" | "client-request-id" | "x-ms-request-id" | "request-id" | "x-ms-correlation-request-id" => {
            Meaning::TraceId
        }
        "x-request-id"
        | "x-correlation-id"
        | "x-ms-correlation-id"
        | "x-ms-client-request-id"
        | "mise-correlation-id"
        | "sprequestguid"
        | "traceparent" => Meaning::RequestId,
        "origin" | "referer" | "location" | "content-location" | ":path" => Meaning::Url,
        "x-anchormailbox" => Meaning::Anchor,
        "x-forwarded-for" | "x-real-ip" | "cf-connecting-ip" | "true-client-ip" | "x-client-ip" => Meaning::Secret(Kind::IpAddress),
        name if name.starts_with("x-ms-refreshtokencredential") || name.starts_with("x-ms-devicecredential") => Meaning::Token,
        "x-api-key" | "api-key" | "apikey" | "ocp-apim-subscription-key" | "x-functions-key" | "x-zumo-auth" => Meaning::Token,
        "canary" | "hpgrequestid" | "x-csrf-token" | "x-xsrf-token" | "x-csrftoken" | "csrf-token" | "requestverificationtoken" => {
            Meaning::Secret(Kind::FlowToken)
        }
        name => match of_ending(Canonical::of(name).as_str()) {
            Meaning::Unknown => Meaning::Secret(Kind::Header),
            known => known,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_means_what_the_table_says() {
        for letter in (0..128_u8).map(char::from) {
            let name = letter.to_string();
            assert_eq!(of_field(&name), TABLE.get(&Canonical::of(&name)).unwrap_or(Meaning::Unknown), "{name}");
        }
    }
}
