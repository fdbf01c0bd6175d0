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

/// The value of a header.
pub(in crate::redact) fn of_header(name: &str) -> Meaning {
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
        "server" | "user-agent" => Meaning::Products,
        "via" => Meaning::Via,
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
