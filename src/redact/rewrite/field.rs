//! A value by its name.

use super::Rewriter;
use super::context::Context;
use super::prose::is_url;
use super::within::Versions;
use crate::entra::{Guid, base64url};
use crate::knowledge::is_word_of_sign_in;
use crate::redact::kind::{Kind, holds_key, mixes};
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use std::net::IpAddr;

impl Rewriter<'_> {
    /// The value of a parameter, a form field or a JSON member.
    pub(super) fn field(&mut self, name: &str, value: &str) -> String {
        self.meaning(of_value(name, value), value)
    }

    /// The same of a pair in prose, which may be a program: only where it is not is a value in another form another one.
    pub(super) fn field_in_prose(&mut self, name: &str, value: &str) -> String {
        match of_value(name, value) {
            Meaning::Protocol => self.meaning(Meaning::Keep, value),
            Meaning::Url if !is_place(value) => self.prose(value),
            meaning => self.meaning(meaning, value),
        }
    }

    /// A value of which is known what it is.
    pub(super) fn meaning(&mut self, meaning: Meaning, value: &str) -> String {
        if is_harmless(value, meaning) {
            return value.to_owned();
        }
        self.nested(|rewriter| rewriter.by_meaning(meaning, value))
    }

    fn by_meaning(&mut self, meaning: Meaning, value: &str) -> String {
        match meaning {
            Meaning::Versions => self.with_versions(Versions::All, value),
            Meaning::Products => self.with_versions(Versions::OfProducts, value),
            Meaning::Keep if !value.contains([' ', ':', '/', '.']) && holds_key(value) => self.vault.replace(Kind::Opaque, value),
            Meaning::Keep => self.prose(value),
            Meaning::Protocol if !self.context.at_service && !is_of_protocol(value) => self.by_meaning(Meaning::Unknown, value),
            Meaning::Protocol => self.by_meaning(Meaning::Keep, value),
            Meaning::Complaint if !is_word(value) => self.error_text(value),
            Meaning::Word if !is_word(value) => self.by_meaning(Meaning::Unknown, value),
            Meaning::Moment if !is_moment(value) => self.by_meaning(Meaning::Unknown, value),
            Meaning::Complaint | Meaning::Word | Meaning::Moment => self.by_meaning(Meaning::Keep, value),
            Meaning::Via => self.via(value),
            Meaning::Text => self.error_text(value),
            Meaning::KeepId => self.id(value),
            Meaning::TraceId if is_request_id(value) => self.id(value),
            Meaning::RequestId if is_request_id(value) => value.to_owned(),
            Meaning::Time if is_time_of_day(value) => value.to_owned(),
            Meaning::TraceId | Meaning::RequestId | Meaning::Time => self.by_meaning(Meaning::Unknown, value),
            Meaning::Tenant => self.tenant_named(value),
            Meaning::OfTenant if self.hide_tenant && value.is_ascii() && value.contains('.') && !value.contains(' ') => self.tenant(value),
            Meaning::OfTenant if self.hide_tenant => self.vault.replace(Kind::Tenant, value),
            Meaning::OfTenant => self.by_meaning(Meaning::Unknown, value),
            Meaning::Url if !self.context.at_service && !is_place(value) => self.by_meaning(Meaning::Unknown, value),
            Meaning::Url => self.address_or_id(value),
            Meaning::Json => self.json_text(value).unwrap_or_else(|| self.vault.replace(Kind::Parameter, value)),
            Meaning::Form => self.pairs(value),
            Meaning::Account => self.account(value),
            Meaning::Challenge => self.vault.challenge(value),
            Meaning::State => self.state(value),
            Meaning::Token => self.token(value),
            Meaning::ClientInfo => self.client_info(value),
            Meaning::Saml => self.saml(value),
            Meaning::Xml => self.xml(value).unwrap_or_else(|| self.vault.replace(Kind::Assertion, value)),
            Meaning::Anchor => self.anchor(value),
            // Of one word it is not known whether it is a person's; it is not sought where it may be a header's.
            Meaning::Named if value.contains([' ', ',']) || !value.is_ascii() || mixes(value) => self.vault.replace(Kind::Name, value),
            Meaning::Named => self.vault.replace(Kind::Parameter, value),
            Meaning::Secret(Kind::Code) if self.is_sent_number(value) => self.vault.replace(Kind::OneTimeCode, value),
            // An error's code, in a member that is called so.
            Meaning::Secret(Kind::Code) if begins_with_code(value) => self.error_text(value),
            Meaning::Secret(Kind::Code) if is_error_code(value) && (!self.context.is_asking || is_oauth_error(value)) => {
                self.error_text(value)
            }
            Meaning::Secret(Kind::IpAddress) => self.machines(value),
            Meaning::Secret(kind) => self.replaced(kind, value),
            Meaning::Unknown if value.starts_with("eyJ") && value.contains('.') => self.token(value),
            // An address under a name that nobody knows is still an address.
            Meaning::Unknown if value.starts_with("https://") || value.starts_with("http://") => self.address(value),
            Meaning::Unknown if names_code(value) => self.error_text(value),
            Meaning::Unknown => self.vault.replace(Kind::Parameter, value),
        }
    }

    /// What stays, with numbers of versions in it.
    fn with_versions(&mut self, versions: Versions, value: &str) -> String {
        self.in_context(Context { versions, ..self.context }, |rewriter| rewriter.by_meaning(Meaning::Keep, value))
    }

    /// Of each proxy the protocol stays, what program it is, and a name of one plain word (`1.1 varnish`).
    fn via(&mut self, value: &str) -> String {
        let proxy = |text: &str, rewriter: &mut Self| {
            let mut words = text.splitn(3, ' ');
            let (Some(protocol), Some(name)) = (words.next(), words.next()) else { return rewriter.prose(text) };
            let is_word = name.bytes().all(|byte| byte.is_ascii_lowercase());
            let name = if is_word { name.to_owned() } else { rewriter.vault.replace(Kind::Device, name) };
            let behind = words.next().map(|behind| format!(" {}", rewriter.prose(behind))).unwrap_or_default();
            format!("{} {name}{behind}", rewriter.prose(protocol))
        };
        self.in_context(Context { versions: Versions::OfProducts, ..self.context }, |rewriter| {
            let proxies: Vec<String> = value.split(',').map(|text| proxy(text.trim(), rewriter)).collect();
            proxies.join(", ")
        })
    }

    /// An id that stays, wherever else it stands. A tenant's domain is one too.
    pub(super) fn id(&mut self, value: &str) -> String {
        let is_id = value.len() <= 80 && value.chars().all(|c| c.is_ascii_alphanumeric() || "-._{}".contains(c));
        if !is_id {
            return self.address_or_id(value);
        }
        self.vault.keep(value);
        value.to_owned()
    }

    /// An address, a name such as `api://…` or `urn:…`, or a GUID: what `aud`, `resource` and `wtrealm` hold.
    fn address_or_id(&mut self, value: &str) -> String {
        if Guid::is_one(value) {
            return self.tenant(value);
        }
        self.address(value)
    }

    /// IP addresses, each by itself, with their ports or without. What is none says nothing of a machine.
    fn machines(&mut self, list: &str) -> String {
        const SEPARATORS: [char; 3] = [',', ';', ' '];
        let machine = |part: &str, rewriter: &mut Self| {
            let item = part.trim_end_matches(SEPARATORS);
            let tail = part.get(item.len()..).unwrap_or_default();
            let (start, end) = place_of_ip(item)?;
            let ip = item.get(start..end).filter(|ip| !ip.parse().is_ok_and(|ip: IpAddr| ip.is_loopback() || ip.is_unspecified()));
            let ip =
                ip.map_or_else(|| item.get(start..end).unwrap_or_default().to_owned(), |ip| rewriter.vault.replace(Kind::IpAddress, ip));
            Some([item.get(..start)?, &ip, item.get(end..)?, tail].concat())
        };
        let parts: Option<Vec<String>> = list
            .split_inclusive(SEPARATORS)
            .map(|part| match part.trim_end_matches(SEPARATORS) {
                "" => Some(part.to_owned()),
                _ => machine(part, self),
            })
            .collect();
        match parts {
            Some(parts) => parts.concat(),
            None => self.by_meaning(Meaning::Unknown, list),
        }
    }

    /// A person's address, or an opaque hint at one.
    pub(super) fn account(&mut self, value: &str) -> String {
        if value.contains('@')
            && let Some(named) = self.address_with_name(value)
        {
            return named;
        }
        match value.starts_with("eyJ") {
            true => self.token(value),
            false => self.replaced(Kind::LoginHint, value),
        }
    }

    /// MSAL's state is JSON in base64, and behind a bar what the application added. How the request was made
    /// stands in it, so it is cleaned and written again.
    fn state(&mut self, value: &str) -> String {
        // What Entra ID gives identity providers along, in which its own state stands beside others.
        if value.split('&').any(|pair| pair.starts_with("estsrequest=")) {
            return self.pairs(value);
        }
        let (library, own) = value.split_once('|').map_or((value, None), |(library, own)| (library, Some(own)));
        let json: Option<Value> = base64url(library).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let interaction = json.as_ref().and_then(|json| json.get("meta")?.get("interactionType")?.as_str());
        let known = interaction.filter(|interaction| ["silent", "popup", "redirect", "none"].contains(interaction)).map(str::to_owned);
        let Some(interaction) = known else {
            return self.replaced(Kind::State, value);
        };
        let id = json.as_ref().and_then(|json| json.get("id")?.as_str()).unwrap_or_default();
        if placeholder::is_one(id) && own.is_none_or(placeholder::is_one) {
            return value.to_owned();
        }
        if let Some(own) = own {
            self.replaced(Kind::State, own);
        }
        let is_own = own.is_some();
        self.vault.replace_with(Kind::State, value, |number| {
            let id = placeholder::of(Kind::State, "00000000-0000-0000-0000-000000000000", number, false);
            let json = format!(r#"{{"id":"{id}","meta":{{"interactionType":"{interaction}"}}}}"#);
            let own = if is_own { format!("|{}", placeholder::of_kind(Kind::State, number)) } else { String::new() };
            format!("{}{own}", STANDARD.encode(json))
        })
    }

    /// MSAL's `client_info`: the account's id in its tenant, in base64. The tenant's id stays.
    fn client_info(&mut self, value: &str) -> String {
        let json: Option<Value> = base64url(value).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match json {
            Some(json) if json.is_object() => URL_SAFE_NO_PAD.encode(self.json_members(json).to_string()),
            _ => self.vault.replace(Kind::Id, value),
        }
    }

    /// `Oid:account@tenant` or `UPN:name`.
    fn anchor(&mut self, value: &str) -> String {
        match value.split_once(':') {
            Some((kind, rest)) if kind.eq_ignore_ascii_case("oid") => match rest.split_once('@') {
                Some((account, tenant)) => {
                    let account = self.vault.replace(Kind::Id, account);
                    format!("{kind}:{account}@{}", self.tenant_named(tenant))
                }
                None => self.vault.replace(Kind::Id, value),
            },
            Some((kind, rest)) if kind.eq_ignore_ascii_case("upn") => format!("{kind}:{}", self.account(rest)),
            _ => self.vault.replace(Kind::LoginHint, value),
        }
    }
}

/// The name of a member that stands in the name of a form's field: `user[email]`.
pub(super) fn member_name(name: &str) -> &str {
    let inner = || name.strip_suffix(']')?.rsplit_once('[').map(|(_, inner)| inner).filter(|inner| !inner.is_empty());
    inner().unwrap_or(name)
}

/// What a value is, by its name and by itself.
pub(super) fn of_value(name: &str, value: &str) -> Meaning {
    let name = member_name(name);
    match names::of_field(name) {
        // The policy of Azure AD B2C; elsewhere, any value.
        Meaning::Keep if names::is_called(name, "p") && !begins_with(value, "b2c_") => Meaning::Unknown,
        // A signed request (RFC 9101); elsewhere, the state of an interrupted sign-in.
        Meaning::Secret(Kind::FlowToken) if value.starts_with("eyJ") && names::is_called(name, "request") => Meaning::Token,
        meaning => meaning,
    }
}

fn begins_with(value: &str, start: &str) -> bool {
    value.get(..start.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(start))
}

/// Whether a value names the code of an error.
fn names_code(value: &str) -> bool {
    let begins = |at: usize| value.as_bytes().get(at..at + 3).is_some_and(|letters| letters.eq_ignore_ascii_case(b"aad"));
    memchr::memchr2_iter(b'a', b'A', value.as_bytes()).any(begins) && crate::entra::names_code(value)
}

/// Whether a value is an error's message, which begins with the error's code. An authorization code may have anything in it,
/// such as the letters of one.
fn begins_with_code(value: &str) -> bool {
    begins_with(value.trim_start(), "aad") && names_code(value)
}

/// Whether a value under the name `code` is that of an error: a number, or words.
fn is_error_code(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits == value.len() {
        // Longer numbers are sent to people.
        return digits <= 5;
    }
    let pairs = value.bytes().zip(value.bytes().skip(1));
    let humps = pairs.filter(|(before, after)| before.is_ascii_lowercase() && after.is_ascii_uppercase()).count();
    // Words have some letters each.
    !mixes(value) && humps * 5 <= value.len()
}

/// Whether a value is an address, a path or an identifier, or one word where one may stand. A word of other letters may be a sentence.
fn is_place(value: &str) -> bool {
    let value = value.trim_ascii();
    is_url(value) || value.starts_with(['/', '?', '#']) || names_scheme(value) || value.is_ascii() && is_word(value)
}

/// Whether a value is an address of any scheme: `urn:http-auth:PKeyAuth?Version=1.0`, `msauth.com.example:/auth`.
fn names_scheme(value: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    value.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a value is a word of a protocol, or a list of such: what sign-ins are told of with, scopes with their marks, languages and
/// numbers. In a sentence there are others, or many without marks.
fn is_of_protocol(value: &str) -> bool {
    const MOST_PLAIN: usize = 3;
    // OpenID Connect Core §5.4.
    const SCOPES: [&str; 7] = ["openid", "profile", "email", "phone", "address", "read", "write"];
    const LONGEST_NUMBER: usize = 5;
    const MARKS: [char; 8] = ['.', ':', '/', '_', '-', '|', ',', '='];
    let is_number = |word: &str| word.len() <= LONGEST_NUMBER && word.bytes().all(|byte| byte.is_ascii_digit());
    // A language has two letters.
    let is_known = |part: &str| part.len() <= 2 || is_number(part) || is_word_of_sign_in(&part.to_ascii_lowercase());
    let is_marked = |word: &str| {
        let inner = word.strip_suffix('/').unwrap_or(word);
        inner.contains(&MARKS[..4]) && inner.ends_with(|c: char| c.is_ascii_alphanumeric()) && is_word(inner) && inner.is_ascii()
    };
    let words = || value.split_ascii_whitespace();
    let is_plain = |word: &&str| word.contains(char::is_alphabetic) && !word.contains(MARKS) && !SCOPES.contains(word);
    words().all(|word| is_marked(word) || word.split(MARKS).all(is_known)) && words().filter(is_plain).count() <= MOST_PLAIN
}

/// Whether a value is written as the errors of OAuth are, in words that sign-ins are told of with: `login_required`.
fn is_oauth_error(value: &str) -> bool {
    value.contains('_') && value.split('_').all(is_word_of_sign_in)
}

/// Whether a value is one word, or a list of such without spaces.
fn is_word(value: &str) -> bool {
    const LONGEST: usize = 256;
    value.len() <= LONGEST && !value.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'`{}()<>;=".contains(c))
}

/// Whether a value is a time, by the words in it: `2026-11-20 14:42:29Z`, `Fri, 20 Nov 2026 14:42:29 GMT`, `11/20/2026 2:42 PM`.
fn is_moment(value: &str) -> bool {
    const LONGEST: usize = 64;
    const WORDS: [&str; 7] = ["T", "Z", "GMT", "UTC", "AM", "PM", "Sept"];
    const NAMES: [&str; 19] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let is_known = |word: &str| {
        WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
            || NAMES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(word) || known.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    let is_of_time = |c: char| c.is_ascii_alphanumeric() || "-+:./, ".contains(c);
    value.len() <= LONGEST
        && value.chars().all(is_of_time)
        && value.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).all(is_known)
}

/// Whether a value has the form of a request's id: a GUID, or what W3C Trace Context defines (§3.2, `00-trace-parent-flags`)
/// or its part for the trace. Applications may write anything under such a name.
fn is_request_id(value: &str) -> bool {
    let is_hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_trace_parent = || {
        let parts: Vec<&str> = value.split('-').collect();
        matches!(*parts, [version, trace, parent, flags] if is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2))
    };
    Guid::is_one(value.trim_matches(['{', '}'])) || is_hex(value, 32) || is_trace_parent()
}

/// Whether a value is a day and a time of day other than midnight (RFC 3339, with or without a zone).
fn is_time_of_day(value: &str) -> bool {
    let is_form = value.len() <= 40 && value.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ ".contains(&byte));
    let time = value.get(10..).and_then(|rest| rest.strip_prefix(['T', ' ']));
    is_form && time.is_some_and(|time| time.get(2..3) == Some(":") && !time.starts_with("00:00"))
}

/// Where the IP address stands in a text that is one: alone, in brackets, before a port.
fn place_of_ip(text: &str) -> Option<(usize, usize)> {
    let is_ip = |(start, end): &(usize, usize)| text.get(*start..*end).is_some_and(|ip| ip.parse::<IpAddr>().is_ok());
    let in_brackets = || Some((1, text.strip_prefix('[')?.find(']')? + 1));
    let before_port = || text.rfind(':').filter(|colon| text.get(colon + 1..).is_some_and(is_number)).map(|colon| (0, colon));
    Some((0, text.len())).filter(is_ip).or_else(|| in_brackets().filter(is_ip)).or_else(|| before_port().filter(is_ip))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a value says nothing, by its length. Names of people have two letters too.
fn is_harmless(value: &str, meaning: Meaning) -> bool {
    let is_short = || value.len() <= 2 || value.len() <= 3 && value.bytes().all(|byte| byte.is_ascii_digit());
    matches!(value, "" | "true" | "false" | "null" | "True" | "False") || !meaning.is_secret_however_short() && is_short()
}
