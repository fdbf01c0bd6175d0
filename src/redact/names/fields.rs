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

/// The value under a name that is in no table but says what it is.
pub(super) fn of_ending(name: &str) -> Meaning {
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
