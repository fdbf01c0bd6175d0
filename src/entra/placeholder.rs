//! What a redaction by entrace writes in the place of a value, known again. The same value has the same placeholder throughout a
//! file, where one is as good as the value. Every file numbers its own: beside another file a placeholder is equal to nothing and
//! different from nothing.

use super::tenant::Guid;
use crate::exchange::Secret;
use std::net::IpAddr;

/// How those begin that name the kind of what they stand for.
pub(crate) const OF_KIND: &str = "redacted-";

/// What stands before and behind the number of a token that is encrypted.
pub(crate) const SEALED: &str = "eyJlbmMiOiJyZWRhY3RlZCJ9..redacted-token-";
/// What stands behind the number.
pub(crate) const SEALED_END: &str = ".redacted.redacted";

/// What follows a placeholder for a value of which a part was taken out before: it can be compared with nothing either.
pub(crate) const CUT: &str = "...";

/// What follows a placeholder where another value is that value, cut off or changed in a part, once for each such value.
pub(crate) const ALTERED: char = '-';

/// What an altered value has the placeholder of.
pub(crate) fn unaltered(placeholder: &str) -> &str {
    placeholder.trim_end_matches(ALTERED)
}

/// With what the hosts of a tenant begin whose domain has a placeholder.
pub(crate) fn name_of_domain(placeholder: &str) -> &str {
    placeholder.strip_suffix(".example").unwrap_or(placeholder)
}

/// Whether a value is a placeholder, made by an earlier redaction.
pub(crate) fn is_one(value: &str) -> bool {
    let value = value.strip_suffix(CUT).unwrap_or(value);
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let of_kind = value.strip_prefix(OF_KIND).and_then(|rest| rest.trim_end_matches('-').rsplit_once('-'));
    let account = value.strip_prefix("account-").and_then(|rest| rest.split_once('@'));
    let guid = value.strip_prefix('+').unwrap_or(value);
    let sealed = || value.strip_prefix(SEALED)?.strip_suffix(SEALED_END);
    // Of its domain or of other hosts.
    is_of_tenant(name_of_domain(value))
        || sealed().is_some_and(is_number)
        || of_kind.is_some_and(|(kind, number)| is_number(number) && is_word(kind))
        || account.is_some_and(|(number, _)| is_number(number))
        || guid.starts_with("00000000-0000-4000-80") && Guid::is_one(guid)
        || is_ip_address(value)
}

/// Whether one stands anywhere in a text: in an address, a host or a list.
pub(crate) fn is_in(text: &str) -> bool {
    let may_belong = |letter: char| letter.is_ascii_alphanumeric() || "-@.".contains(letter);
    is_one(text) || text.split(|letter| !may_belong(letter)).any(|part| is_one(part) || part.split('.').any(is_of_tenant))
}

/// Whether a text is the name of a domain of a tenant that has a placeholder.
fn is_of_tenant(name: &str) -> bool {
    name.strip_prefix("tenant-").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether it is one of the addresses that stand for others.
fn is_ip_address(value: &str) -> bool {
    match value.parse() {
        Ok(IpAddr::V4(ip)) => ip.octets().starts_with(&[198, 18]),
        Ok(IpAddr::V6(ip)) => ip.segments().starts_with(&[0x2001, 0xdb8, 0, 0, 0, 0]),
        Err(_) => false,
    }
}

impl Secret {
    /// Whether a placeholder stands in it.
    pub(crate) fn holds_placeholder(&self) -> bool {
        is_in(self.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known_within_a_text() {
        for text in [
            "https://tenant-1.example/app",
            "https://www.tenant-12.example",
            "tenant-1.b2clogin.com",
            "openid api://00000000-0000-4000-8017-000000000002/access",
            "https://login.microsoftonline.com/00000000-0000-4000-8017-000000000001/v2.0",
            "https://app.example/?next=redacted-parameter-1",
            "account-1@contoso.example",
        ] {
            assert!(is_in(text), "{text}");
        }
        for text in ["https://app.example/redirect.html", "openid profile User.Read", "https://tenant-a.example", "common", ""] {
            assert!(!is_in(text), "{text}");
        }
    }
}
