//! What stands in the place of a value: of the shape that reading needs, the same for the same value.

use super::kind::Kind;
use crate::entra::placeholder::{CUT, OF_KIND, SEALED, SEALED_END};
pub(super) use crate::entra::placeholder::{is_one, name_of_domain};
use crate::entra::{Guid, is_personal_domain};

/// What stands in the place of what is left out, whatever it was.
pub(super) const LEFT_OUT: &str = "redacted";

/// What stands in the place of a body of which nothing is read.
pub(super) const BODY: &str = "redacted-body";

/// What stands in the place of the claims that a challenge asks for.
pub(super) const CLAIMS: &str = "redacted-claims";

/// What follows an account's number where its domain is replaced too.
const STRICT_DOMAIN: &str = "@redacted.example";

/// What stands in the place of the `number`th token, one that is encrypted and still has to be read as such.
pub(super) fn of_sealed_token(number: usize) -> String {
    format!("{SEALED}{number}{SEALED_END}")
}

/// What stands in the place of text that carries values in an encoding. It has no number: what carries the same may be different.
pub(super) fn of_encoded() -> String {
    format!("{OF_KIND}{}", Kind::Encoded.name())
}

/// A placeholder for the `number`th value of a kind that has no shape of its own.
pub(super) fn of_kind(kind: Kind, number: usize) -> String {
    format!("{OF_KIND}{}-{number}", kind.name())
}

/// A placeholder for the `number`th value of a kind. Its letters are safe in addresses, JSON, HTML and cookies.
pub(super) fn of(kind: Kind, value: &str, number: usize, strict: bool) -> String {
    let plain = of_kind(kind, number);
    match kind {
        Kind::Account => match value.rsplit_once('@') {
            // That an account is a personal one tells no employer.
            Some((_, domain)) if is_domain(domain) && (!strict || is_personal_domain(&domain.to_ascii_lowercase())) => {
                format!("account-{number}@{}", domain.to_ascii_lowercase())
            }
            Some(_) => format!("account-{number}{STRICT_DOMAIN}"),
            None => plain,
        },
        // RFC 2544 and RFC 3849 set these apart.
        Kind::IpAddress if value.contains(':') => format!("2001:db8::{number:x}"),
        Kind::IpAddress => format!("198.18.{}.{}", (number >> 8) & 255, number & 255),
        // Names for people have full stops too.
        Kind::Tenant if value.contains('.') && !value.contains(' ') => format!("tenant-{number}.example"),
        // RFC 7636 §4.1 asks for 43 letters at least.
        Kind::CodeVerifier => format!("{plain:-<43}"),
        // The letter tells kinds of GUIDs apart, so that no two placeholders are equal.
        _ if Guid::is_one(value) => format!("00000000-0000-4000-{}-{number:012x}", guid_group(kind)),
        // A session's id in a cookie.
        _ if value.strip_prefix('+').and_then(Guid::parse).is_some() => format!("+00000000-0000-4000-{}-{number:012x}", guid_group(kind)),
        _ => plain,
    }
}

/// A placeholder for a value of which a part was taken out before.
pub(super) fn of_cut(placeholder: &str) -> String {
    format!("{placeholder}{CUT}")
}

fn guid_group(kind: Kind) -> String {
    format!("8{:03x}", kind as u8)
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
}

/// Whether an address is a placeholder of an earlier redaction that left the domain, and this one does not.
pub(super) fn has_domain(value: &str) -> bool {
    let domain = value.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    !value.ends_with(STRICT_DOMAIN) && !domain.is_some_and(|domain| is_personal_domain(&domain))
}

/// Whether a placeholder is one that somebody may be called as: of an account or of a tenant.
pub(super) fn may_be_a_name(placeholder: &str) -> bool {
    placeholder.starts_with("account-") || placeholder.starts_with("tenant-")
}

/// Whether a text begins as a placeholder does that names a kind. More may follow: what stood behind the value.
pub(super) fn begins_as_one(text: &str) -> bool {
    text.starts_with(OF_KIND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::is_stand_in;

    #[test]
    fn placeholders_keep_the_shape() {
        assert_eq!(of(Kind::Account, "Ada@Contoso.example", 2, false), "account-2@contoso.example");
        assert_eq!(of(Kind::Account, "ada@contoso.example", 2, true), "account-2@redacted.example");
        assert_eq!(of(Kind::Account, "ada@Outlook.com", 2, true), "account-2@outlook.com");
        assert_eq!(of(Kind::IpAddress, "203.0.113.9", 300, false), "198.18.1.44");
        assert_eq!(of(Kind::IpAddress, "2001:db8:1::9", 10, false), "2001:db8::a");
        assert!(Guid::is_one(&of(Kind::Id, "1d4efcd6-1128-475b-a69b-34026272cf00", 7, false)));
        assert!(of(Kind::CodeVerifier, "x", 1, false).len() >= 43);
        assert_eq!(of(Kind::Cookie, "abc", 1, false), "redacted-cookie-1");
        assert_eq!(of(Kind::Tenant, "contoso.example", 1, false), "tenant-1.example");
        assert_eq!(of(Kind::Tenant, "Contoso Ltd. Works", 1, false), "redacted-tenant-1");
    }

    #[test]
    fn placeholders_are_known_again() {
        for kind in [Kind::Cookie, Kind::CodeVerifier, Kind::OneTimeCode, Kind::Id] {
            for value in ["x", "1d4efcd6-1128-475b-a69b-34026272cf00", "+1d4efcd6-1128-475b-a69b-34026272cf00"] {
                let placeholder = of(kind, value, 12, false);
                assert!(is_one(&placeholder), "{placeholder}");
            }
        }
        assert!(is_one(&of_cut(&of_kind(Kind::State, 4))) && is_stand_in(&of_cut(&of_kind(Kind::State, 4))));
        assert!(is_one(&of_kind(Kind::State, 4)) && begins_as_one(&of_kind(Kind::State, 4)) && begins_as_one(&of_encoded()));
        for known in ["account-3@contoso.example", "198.18.0.7", "2001:db8::1f", "tenant-4.example", &of_sealed_token(3)] {
            assert!(is_one(known), "{known}");
        }
        for other in [
            "ada@contoso.example",
            "198.19.0.7",
            "2001:db8:1::1f",
            LEFT_OUT,
            BODY,
            CLAIMS,
            "redacted-cookie-x",
            "redacted-Cookie-1",
            "secret-1",
            "1d4efcd6-1128-475b-a69b-34026272cf00",
        ] {
            assert!(!is_one(other), "{other}");
        }
    }
}
