//! The names of parameters, form fields, members of JSON and claims.

use super::Meaning;
use super::canonical::Canonical;
use crate::redact::kind::Kind;
use std::sync::LazyLock;

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
pub(in crate::redact) fn of_field(name: &str) -> Meaning {
    // As scripts call their variables.
    if let [letter] = name.as_bytes() {
        return if letter.eq_ignore_ascii_case(&b'p') { Meaning::Keep } else { Meaning::Unknown };
    }
    // Most names are those of something else, and end so.
    if !ENDS.may_be(name) {
        return Meaning::Unknown;
    }
    let name = Canonical::of(name);
    let known = if name.is_cut { None } else { TABLE.get(&name) };
    known.unwrap_or_else(|| of_ending(name.as_str()))
}

/// How all names end that say something: a bit for what is made of their last letters, as of some others.
struct Ends {
    bits: [u64; 64],
}

static ENDS: LazyLock<Ends> = LazyLock::new(|| {
    let mut ends = Ends { bits: [0; 64] };
    let known = FIELDS.iter().flat_map(|(names, _)| names.iter());
    for name in known.chain(ENDINGS.iter().flat_map(|(endings, _)| endings.iter())) {
        if let Some((word, bit)) = end_of(name.as_bytes())
            && let Some(bits) = ends.bits.get_mut(word)
        {
            *bits |= bit;
        }
    }
    ends
});

impl Ends {
    /// Whether a name may be one of them.
    fn may_be(&self, name: &str) -> bool {
        end_of(name.as_bytes()).is_none_or(|(word, bit)| self.bits.get(word).is_some_and(|bits| bits & bit != 0))
    }
}

/// The word and the bit for the last four letters of a name, or all that it has; `None` where one of them is none, for that counts
/// for nothing in names.
fn end_of(name: &[u8]) -> Option<(usize, u64)> {
    let last = name.get(name.len().saturating_sub(4)..)?;
    let mut letters = 0_u32;
    for byte in last {
        if !byte.is_ascii_alphanumeric() {
            return None;
        }
        letters = letters << 8 | u32::from(byte.to_ascii_lowercase());
    }
    let hash = letters.wrapping_mul(0x9E37_79B9) >> 20;
    Some((hash as usize / 64, 1 << (hash % 64)))
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
        ],
        Meaning::Protocol,
    ),
    (&["p"], Meaning::Keep),
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
        ],
        Meaning::Complaint,
    ),
    (&["timestamp", "expireson", "notbefore"], Meaning::Moment),
    (
        &[
            "expiresin",
            "extexpiresin",
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
        Meaning::Word,
    ),
    (&["errordescription", "errormessage", "message", "errortext", "detail", "details"], Meaning::Text),
    // Claims of tokens.
    (&["scp"], Meaning::Keep),
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
        Meaning::Word,
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
            "employeeid",
            "sessionidentifier",
            "credentialid",
            "credid",
            "rawid",
            "userhandle",
            "ssn",
            "iban",
            "birthdate",
            "dateofbirth",
            "creditcard",
            "cardnumber",
            "cvv",
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
            "phpauthuser",
            "signinname",
            "nameid",
            "userloginname",
            "user",
            "samaccountname",
            "onpremisessamaccountname",
            "emailaddress",
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
    (
        &["phone", "phonenumber", "mobilephone", "telephone", "mobile", "businessphones", "homephone", "workphone", "cellphone"],
        Meaning::Secret(Kind::Phone),
    ),
    (&["devicename", "computername", "machinename", "devicedisplayname"], Meaning::Secret(Kind::Device)),
    // Secrets.
    (&["code", "devicecode", "authcode"], Meaning::Secret(Kind::Code)),
    (
        &[
            "idtoken",
            "accesstoken",
            "refreshtoken",
            "idtokenhint",
            "subjecttoken",
            "actortoken",
            "token",
            "prt",
            "earjwe",
            "requesttoken",
            "artifact",
            "samlart",
            "tokens",
            "jwt",
        ],
        Meaning::Token,
    ),
    (&["assertion", "clientassertion", "requestedassertion"], Meaning::Token),
    (
        &[
            "password",
            "passwd",
            "pass",
            "pw",
            "newpassword",
            "oldpassword",
            "pwd",
            "confirmpassword",
            "phpauthpw",
            "securityanswer",
            "temporaryaccesspass",
        ],
        Meaning::Secret(Kind::Password),
    ),
    (
        &[
            "otc",
            "otp",
            "oob",
            "usercode",
            "additionalauthdata",
            "verificationcode",
            "totp",
            "pin",
            "passcode",
            "securitycode",
            "mfacode",
            "otpcode",
            "smscode",
            "recoverycode",
            "recoverycodes",
            "backupcodes",
            "logincode",
            "magiccode",
        ],
        Meaning::Secret(Kind::OneTimeCode),
    ),
    (
        &[
            "clientsecret",
            "apikey",
            "subscriptionkey",
            "secret",
            "secrettext",
            "accountkey",
            "sharedkey",
            "sig",
            "encryptionkey",
            "masterkey",
            "authkey",
            "signingkey",
        ],
        Meaning::Secret(Kind::ClientSecret),
    ),
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
            "csrf",
            "xsrf",
        ],
        Meaning::Secret(Kind::FlowToken),
    ),
    (&["nonce"], Meaning::Secret(Kind::Nonce)),
    (&["state", "relaystate", "clientstate"], Meaning::State),
];

/// How names end that are in no table but say what they are.
const ENDINGS: &[(&[&str], Meaning)] = &[
    (&["token"], Meaning::Token),
    (&["password", "passwd", "passphrase"], Meaning::Secret(Kind::Password)),
    (&["secret", "apikey", "subscriptionkey", "accesskey", "privatekey", "connectionstring"], Meaning::Secret(Kind::ClientSecret)),
    (&["sessionid", "userid", "accountid", "deviceid"], Meaning::Secret(Kind::Id)),
];

/// The value under a name that is in no table but says what it is.
pub(super) fn of_ending(name: &str) -> Meaning {
    // All of the endings end with one of these.
    if !name.ends_with(['n', 'd', 'e', 't', 'y', 'g']) {
        return Meaning::Unknown;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    ENDINGS.iter().find(|(endings, _)| ends(endings)).map_or(Meaning::Unknown, |(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_its_end() {
        for (names, meaning) in FIELDS {
            for name in names.iter().copied() {
                let upper = name.to_ascii_uppercase();
                let parted = name.split_at(name.len() - 1);
                for name in [name, &upper, &format!("{}_{}", parted.0, parted.1), &format!("{name}-")] {
                    assert_eq!(of_field(name), *meaning, "{name}");
                }
            }
        }
        assert_eq!(of_field("anyOtherAccessKey"), Meaning::Secret(Kind::ClientSecret));
        assert_eq!(of_field("className"), Meaning::Unknown);
    }

    #[test]
    fn a_letter_means_what_the_table_says() {
        for letter in (0..128_u8).map(char::from) {
            let name = letter.to_string();
            assert_eq!(of_field(&name), TABLE.get(&Canonical::of(&name)).unwrap_or(Meaning::Unknown), "{name}");
        }
    }
}
