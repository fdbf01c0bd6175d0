//! What the request's scopes ask for.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, capture};

const SCOPE: &str = "request.url.query.scope";

pub(crate) fn cases() -> Vec<Case> {
    let asks = |scopes: &'static str| capture().silent_frame(move |r| r.param("scope", scopes));
    let none: fn() -> CaptureBuilder = || capture().silent_frame(|r| r.without_param("scope"));
    vec![
        seen(
            "scope.several-resources",
            "a bare scope means Graph, beside an API's own",
            asks("User.Read api://c0c0c0c0-0000-4000-8000-0000000000aa/read openid"),
            [at("silent/authorize", SCOPE).shows("User.Read")],
        ),
        not_seen(
            "scope.several-resources",
            "OpenID Connect's own scopes belong to no resource",
            asks("api://c0c0c0c0-0000-4000-8000-0000000000aa/read openid profile offline_access"),
            [at("silent/authorize", SCOPE)],
        ),
        not_recorded("scope.several-resources", "the request names no scopes", none(), "scopes are not in the capture"),
        seen(
            "scope.malformed-resource",
            "the scheme stands twice",
            asks("https://https://graph.microsoft.com//.default"),
            [at("silent/authorize", SCOPE)],
        ),
        seen("scope.malformed-resource", "the id is empty", asks("api:///read"), [at("silent/authorize", SCOPE)]),
        not_seen("scope.malformed-resource", "a usual form", asks("https://graph.microsoft.com/.default"), [at("silent/authorize", SCOPE)]),
        not_recorded("scope.malformed-resource", "the request names no scopes", none(), "scopes are not in the capture"),
        seen("scope.without-default", "a single permission", asks("User.Read"), [at("silent/authorize", SCOPE).shows("User.Read")]),
        seen(
            "scope.without-default",
            "one beside all that was granted",
            asks("https://graph.microsoft.com/.default offline_access"),
            [at("silent/authorize", SCOPE)],
        ),
        seen(
            "scope.without-default",
            "the value was encoded twice",
            asks("https%3A%2F%2Fgraph.microsoft.com%2F.default"),
            [at("silent/authorize", SCOPE)],
        ),
        not_seen("scope.without-default", "all that was granted", asks("https://graph.microsoft.com/.default"), [at("silent/authorize", SCOPE)]),
        not_recorded("scope.without-default", "the request names no scopes", none(), "scopes are not in the capture"),
    ]
}
