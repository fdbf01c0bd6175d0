//! The tenant and application asked, against what the user expects.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{APP, CONTOSO, FABRIKAM, OTHER_APP, capture};

const CLIENT: &str = "request.url.query.client_id";

pub(crate) fn cases() -> Vec<Case> {
    let silent = || capture().silent_frame(|r| r);
    // The export has no Authorization: only the token reply tells what the token is.
    let refused = || capture().sanitized().sign_in(|s| s).api_call(|c| c);
    vec![
        seen("expectation.other-tenant", "another tenant is asked", silent(), [at("silent/authorize", "request.url.path").shows(CONTOSO)])
            .expecting(FABRIKAM, ""),
        not_seen("expectation.other-tenant", "that tenant is asked", silent(), [at("silent/authorize", "request.url.path")])
            .expecting(CONTOSO, ""),
        not_recorded("expectation.other-tenant", "nothing is expected", silent(), "--expect-tenant"),
        seen("expectation.other-client", "another application asks", silent(), [at("silent/authorize", CLIENT).shows(APP.client_id)])
            .expecting("", OTHER_APP.client_id),
        not_seen("expectation.other-client", "that application asks", silent(), [at("silent/authorize", CLIENT)])
            .expecting("", APP.client_id),
        not_seen("expectation.other-client", "that application asks, by its id in capitals", silent(), [at("silent/authorize", CLIENT)])
            .expecting("", &APP.client_id.to_uppercase()),
        not_recorded("expectation.other-client", "nothing is expected", silent(), "--expect-client"),
        not_recorded(
            "expectation.other-client",
            "the request names no application",
            capture().silent_frame(|r| r.without_param("client_id")),
            "names no application",
        )
        .expecting("", APP.client_id),
        seen(
            "expectation.other-token-tenant",
            "the token reply names another",
            refused(),
            [at("sign-in/token", "response.body.access_token.tid").shows(CONTOSO)],
        )
        .expecting(FABRIKAM, ""),
        seen(
            "expectation.other-token-tenant",
            "the call's own token names another",
            capture().sign_in(|s| s).api_call(|c| c),
            [at("api/call", "request.header.authorization.tid").shows(CONTOSO)],
        )
        .expecting(FABRIKAM, ""),
        not_seen(
            "expectation.other-token-tenant",
            "the token reply names that one",
            refused(),
            [at("sign-in/token", "response.body.access_token.tid")],
        )
        .expecting(CONTOSO, ""),
        not_recorded("expectation.other-token-tenant", "nothing is expected", refused(), "--expect-tenant"),
        not_recorded(
            "expectation.other-token-tenant",
            "no token is in the capture",
            refused().without_response_bodies(),
            "the token is not in the capture",
        )
        .expecting(FABRIKAM, ""),
    ]
}
