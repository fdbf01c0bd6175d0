//! The names of headers.

use super::Meaning;
use super::canonical::Canonical;
use super::fields::of_ending;
use crate::redact::kind::Kind;
use std::borrow::Cow;

/// The name of a header in small letters, as most are written.
pub(in crate::redact) fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// What the values of headers are, by their names in small letters.
const NAMES: &[(Meaning, &[&str])] = &[
    (
        Meaning::Keep,
        &[
            "host",
            "date",
            "age",
            "allow",
            "vary",
            "pragma",
            "cache-control",
            "connection",
            "content-type",
            "content-length",
            "content-encoding",
            "content-language",
            "transfer-encoding",
            "accept",
            "accept-encoding",
            "accept-language",
            "accept-ranges",
            "expires",
            "last-modified",
            "retry-after",
            "upgrade-insecure-requests",
            "dnt",
            "priority",
            "te",
            "x-frame-options",
            "x-content-type-options",
            "referrer-policy",
            "strict-transport-security",
            "x-ms-ests-server",
            "x-ms-clitelem",
            "x-ms-srs",
            "x-ms-httpver",
            "x-ms-error-code",
            "return-client-request-id",
            "x-client-current-telemetry",
            "x-client-last-telemetry",
            "x-requested-with",
            "sec-restricttenant",
            ":authority",
            ":method",
            ":scheme",
            ":status",
            "x-edge-ref-fqdn",
        ],
    ),
    (Meaning::Products, &["server", "user-agent"]),
    (Meaning::Via, &["via"]),
    (Meaning::Versions, &["x-client-sku", "x-client-ver", "x-client-os", "x-client-cpu"]),
    (Meaning::Tenant, &["sec-restrict-tenant-access-policy", "restrict-access-to-tenants", "restrict-access-context"]),
    (Meaning::TraceId, &["request-correlation-id", "client-request-id", "x-ms-request-id", "request-id", "x-ms-correlation-request-id"]),
    (
        Meaning::RequestId,
        &[
            "x-request-id",
            "x-correlation-id",
            "x-ms-correlation-id",
            "x-ms-client-request-id",
            "mise-correlation-id",
            "sprequestguid",
            "traceparent",
        ],
    ),
    (Meaning::Url, &["origin", "referer", "location", "content-location", ":path"]),
    (Meaning::Anchor, &["x-anchormailbox"]),
    (Meaning::Secret(Kind::IpAddress), &["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip"]),
    (Meaning::Token, &["x-api-key", "api-key", "apikey", "ocp-apim-subscription-key", "x-functions-key", "x-zumo-auth"]),
    (
        Meaning::Secret(Kind::FlowToken),
        &["canary", "hpgrequestid", "x-csrf-token", "x-xsrf-token", "x-csrftoken", "csrf-token", "requestverificationtoken"],
    ),
];

/// The same of all headers whose names begin so.
const FAMILIES: &[(Meaning, &str)] = &[
    (Meaning::Keep, "sec-fetch-"),
    (Meaning::Keep, "access-control-"),
    (Meaning::Keep, "cross-origin-"),
    (Meaning::Keep, "sec-purpose"),
    (Meaning::Keep, "activate-storage"),
    (Meaning::Versions, "sec-ch-ua"),
    (Meaning::Token, "x-ms-refreshtokencredential"),
    (Meaning::Token, "x-ms-devicecredential"),
];

/// The value of a header.
pub(in crate::redact) fn of_header(name: &str) -> Meaning {
    let name = &*lower(name);
    let by_name = NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(meaning, _)| *meaning);
    let by_family = || FAMILIES.iter().find(|(_, family)| name.starts_with(family)).map(|(meaning, _)| *meaning);
    by_name.or_else(by_family).unwrap_or_else(|| match of_ending(Canonical::of(name).as_str()) {
        Meaning::Unknown => Meaning::Secret(Kind::Header),
        known => known,
    })
}
