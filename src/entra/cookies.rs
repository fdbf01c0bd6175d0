//! Cookies of the sign-in service, by name.
//!
//! Source: Microsoft's page on Entra ID's web browser cookies, and recorded replies.

use super::params::Address;
use super::tenant::Guid;
use crate::exchange::{Secret, joined_by_commas};
use chrono::{DateTime, Utc};

/// A cookie that a reply sets or deletes.
#[derive(Clone)]
#[non_exhaustive]
pub struct SetCookie {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Secret,
    /// Whether the line deletes the cookie (empty, or expired when it was sent).
    pub deletes: bool,
    /// `SameSite`, lower case.
    pub same_site: Option<String>,
    /// Whether it is only sent over HTTPS.
    pub secure: bool,
    /// `Path`, where it is one.
    path: Option<String>,
    /// `Domain`, lower case, without a dot before it.
    domain: Option<String>,
}

impl SetCookie {
    /// Reads one `Set-Cookie` line; `sent` is when, for what has already expired.
    pub(super) fn parse(line: &str, sent: Option<DateTime<Utc>>) -> Option<Self> {
        let mut parts = line.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        let mut cookie = Self {
            name: name.to_owned(),
            value: Secret::new(value.trim()),
            deletes: value.trim().is_empty(),
            same_site: None,
            secure: false,
            path: None,
            domain: None,
        };
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "max-age" => cookie.deletes |= value.trim().parse::<i64>().is_ok_and(|age| age <= 0),
                "expires" => cookie.deletes |= has_passed(value.trim(), sent),
                "samesite" => cookie.same_site = Some(value.trim().to_ascii_lowercase()),
                "secure" => cookie.secure = true,
                "domain" => {
                    let domain = value.trim().trim_start_matches('.').to_ascii_lowercase();
                    cookie.domain = Some(domain).filter(|domain| !domain.is_empty());
                }
                "path" => cookie.path = Some(value.trim().to_owned()).filter(|path| path.starts_with('/')),
                _ => {}
            }
        }
        Some(cookie)
    }

    /// Whether a browser that was given it by one host sends it to another (RFC 6265 §5.1.3, §5.4).
    pub(crate) fn is_for_host(&self, giver: &str, host: &str) -> bool {
        let is_within = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        self.domain.as_deref().map_or_else(|| giver == host, is_within)
    }

    /// Whether a browser that was given it by one address sends it to another of the same host, as far as paths and encryption
    /// go (RFC 6265 §5.1.4, §5.4).
    pub(crate) fn is_for(&self, giver: &Address, address: &Address) -> bool {
        let default = || giver.path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        let path = self.path.as_deref().unwrap_or_else(default);
        let rest = address.path.strip_prefix(path);
        let is_below = rest.is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'));
        is_below && (!self.secure || address.scheme == "https")
    }
}

fn has_passed(date: &str, sent: Option<DateTime<Utc>>) -> bool {
    let parsed = DateTime::parse_from_rfc2822(date).or_else(|_| DateTime::parse_from_rfc2822(&date.replace('-', " ")));
    match (parsed, sent) {
        (Ok(expires), Some(sent)) => expires.with_timezone(&Utc) <= sent,
        // Without a clock: a year that only a deletion names.
        (Ok(expires), None) => expires.timestamp() < 1_000_000_000,
        (Err(_), _) => date.contains("1970"),
    }
}

/// The names and values in a `Cookie` header. HTTP/2 sends cookies in lines of their own, which some proxies and converters join
/// by commas.
pub(super) fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = header.split(';').flat_map(joined_by_commas).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (name.trim(), value.trim())).filter(|(name, _)| !name.is_empty())
}

/// Whether a line of `Cookie` or `Set-Cookie` names a cookie. What does not was put in its place.
pub(super) fn has_name(line: &str) -> bool {
    line.contains('=')
}

/// The names alone.
pub(super) fn names(header: &str) -> impl Iterator<Item = String> {
    pairs(header).map(|(name, _)| name.to_owned())
}

/// Whether a cookie holds a session of the sign-in service: without one of these nobody is signed in.
pub(crate) fn holds_session(name: &str) -> bool {
    ["ESTSAUTH", "ESTSAUTHPERSISTENT", "estsStateTransient", "estsStatePersistent"].iter().any(|known| name.eq_ignore_ascii_case(known))
        || name.starts_with("x-ms-cpim-sso")
}

/// Whether the value of a cookie is each browser's own, so that it tells from which store of cookies a request came.
pub(crate) fn tells_store(name: &str) -> bool {
    holds_session(name) || ["buid", "fpc"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a cookie lists the ids of the sessions that there are, for scripts of the service.
pub(crate) fn lists_sessions(name: &str) -> bool {
    name.eq_ignore_ascii_case("ESTSAUTHLIGHT")
}

/// The ids in the value of such a cookie, each after a `+`; `None` where it is of another form.
pub(crate) fn sessions(value: &str) -> Option<Vec<Guid>> {
    value.strip_prefix('+')?.split('+').map(Guid::parse).collect()
}

/// Whether a cookie marks that somebody signed out in this browser.
pub(crate) fn marks_sign_out(name: &str) -> bool {
    name.eq_ignore_ascii_case("ESTSSSOTILES") || name.eq_ignore_ascii_case("AADSSOTILES")
}

/// Whether the device signed the person in (a primary refresh token), cookie or header of that name.
pub(crate) fn is_device_sign_in(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("x-ms-refreshtokencredential")
}

/// Whether a cookie is one of the sign-in service's own.
pub(crate) fn is_sign_in_cookie(name: &str) -> bool {
    holds_session(name)
        || marks_sign_out(name)
        || name.starts_with("esctx")
        || name.starts_with("x-ms-cpim-")
        || OTHERS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

const OTHERS: &[&str] = &[
    "ESTSAUTHLIGHT",
    "ESTSSC",
    "ESTSUSERLIST",
    "ESTSWCTXFLOWTOKEN",
    "ESTSNCLOGIN",
    "SignInStateCookie",
    "CCState",
    "buid",
    "fpc",
    "ch",
    "SSOCOOKIEPULLED",
    "brcap",
    "clrc",
    "CkTst",
    "wlidperf",
    "cltm",
    "x-ms-gateway-slice",
    "stsservicecookie",
    "threxp",
    "rrc",
    "AADSSO",
    "MSFPC",
    "x-ms-DeviceCredential",
    "x-ms-RefreshTokenCredential",
    "MSPAuth",
    "MSPProf",
    "WLSSC",
    "MSPOK",
    "MSPRequ",
    "uaid",
    "OParams",
    "MSPCID",
    "__Host-MSAAUTH",
    "__Host-MSAAUTHP",
];

/// What the names of some cookies begin with before a part that is random: those of the sign-in service, of ASP.NET Core and
/// of OWIN.
const BEGINNINGS: [&str; 5] =
    ["esctx-", "x-ms-RefreshTokenCredential", ".AspNetCore.Correlation.", ".AspNetCore.OpenIdConnect.Nonce.", "OpenIdConnect.nonce."];

/// The known beginning of a cookie's name and its random rest.
pub(crate) fn beginning(name: &str) -> Option<(&str, &str)> {
    let beginning = BEGINNINGS.iter().find(|beginning| name.len() > beginning.len() && name.starts_with(*beginning))?;
    name.split_at_checked(beginning.len())
}

/// How a cookie is named in evidence: a known name as it is, one with a random part without it, a foreign
/// one where it has the form of a name.
pub(crate) fn shown(name: &str) -> String {
    if let Some((beginning, _)) = beginning(name) {
        return format!("{beginning}…");
    }
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if is_sign_in_cookie(name) || (name.len() <= 24 && name.chars().all(harmless)) {
        name.to_owned()
    } else {
        "(another cookie)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deletion_is_told_from_a_new_cookie() {
        let parse = |line: &str| SetCookie::parse(line, None).unwrap();
        assert!(parse("ESTSAUTH=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/").deletes);
        assert!(parse("a=b; Max-Age=0").deletes);
        assert!(!parse("ESTSAUTH=1.AX; domain=.login.microsoftonline.com; path=/; secure; SameSite=None").deletes);
        let sent = DateTime::parse_from_rfc3339("2026-11-20T14:42:00Z").unwrap().with_timezone(&Utc);
        let at = |line: &str| SetCookie::parse(line, Some(sent)).unwrap().deletes;
        assert!(at("esctx-a=b; expires=Fri, 20 Nov 2026 14:00:00 GMT"));
        assert!(!at("fpc=b; expires=Sun, 20-Dec-2026 14:00:00 GMT"));
    }

    #[test]
    fn random_parts_of_names_are_not_shown() {
        assert_eq!(shown("esctx-_Vzo614xYgA"), "esctx-…");
        assert_eq!(shown("ESTSAUTHPERSISTENT"), "ESTSAUTHPERSISTENT");
        assert_eq!(shown("a-very-long-cookie-name-that-could-be-anything"), "(another cookie)");
    }
}
