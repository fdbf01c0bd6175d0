//! The tenant asked, against the account's home.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{ADA, CONTOSO, FABRIKAM, GRACE, capture};

const ANCHOR: &str = "request.url.query.X-AnchorMailbox";
const DOMAIN_HINT: &str = "request.url.query.domain_hint";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "tenant.not-home",
            "the library's cached account is at home elsewhere",
            capture().silent_frame(|r| r.tenant(FABRIKAM).cached_account(ADA)),
            [at("silent/authorize", "request.url.path").shows(FABRIKAM), at("silent/authorize", ANCHOR)],
        ),
        seen(
            "tenant.not-home",
            "an earlier token tells that the account is at home elsewhere",
            capture().sign_in(|s| s.account(GRACE)).silent_frame(|r| r.login_hint(GRACE)),
            [
                at("silent/authorize", "request.url.path").shows(CONTOSO),
                at("sign-in/token", "response.body.client_info.utid").shows(GRACE.home),
            ],
        ),
        not_seen(
            "tenant.not-home",
            "the account is at home here",
            capture().silent_frame(|r| r.tenant(CONTOSO).cached_account(ADA)),
            [at("silent/authorize", "request.url.path")],
        ),
        not_recorded("tenant.not-home", "nothing tells the account's home", capture().silent_frame(|r| r), "the account's home"),
        not_recorded(
            "tenant.not-home",
            "the request asks any tenant",
            capture().silent_frame(|r| r.tenant("common").cached_account(ADA)),
            "no particular tenant",
        ),
        not_recorded(
            "tenant.not-home",
            "the request asks any organization",
            capture().silent_frame(|r| r.tenant("organizations").cached_account(ADA)),
            "any organization",
        ),
        seen(
            "tenant.not-home",
            "the name alone tells that it is a personal account's",
            capture().silent_frame(|r| r.tenant("organizations").login_hint(GRACE)),
            [
                at("silent/authorize", "request.url.path").shows("organizations"),
                at("silent/authorize", "request.url.query.login_hint").shows("account 1 (…@outlook.example)"),
            ],
        ),
        not_recorded(
            "tenant.not-home",
            "the request asks a domain that nothing resolves",
            capture().silent_frame(|r| r.tenant("contoso.example").cached_account(ADA)),
            "which directory",
        ),
        seen(
            "tenant.account-got-token",
            "a sign-in got one here",
            capture().sign_in(|s| s.account(GRACE)).silent_frame(|r| r.login_hint(GRACE)),
            [at("sign-in/token", "response.body.id_token.tid").shows(CONTOSO)],
        ),
        not_seen(
            "tenant.account-got-token",
            "a sign-in got one elsewhere",
            capture().sign_in(|s| s.tenant(FABRIKAM)).silent_frame(|r| r.tenant(CONTOSO).login_hint(ADA)),
            [at("sign-in/token", "response.body.id_token.tid")],
        ),
        not_recorded(
            "tenant.account-got-token",
            "no token is in the capture",
            capture().silent_frame(|r| r.login_hint(ADA)),
            "no token reply of this account",
        ),
        not_recorded(
            "tenant.account-got-token",
            "nothing names an account",
            capture().sign_in(|s| s).silent_frame(|r| r),
            "which account is meant",
        ),
        seen(
            "tenant.domain-hint-elsewhere",
            "a personal account is wanted from a work tenant",
            capture().silent_frame(|r| r.param("domain_hint", "consumers")),
            [at("silent/authorize", DOMAIN_HINT).shows("consumers")],
        ),
        seen(
            "tenant.domain-hint-elsewhere",
            "a work account is wanted from the tenant of Microsoft accounts",
            capture().silent_frame(|r| r.tenant("consumers").param("domain_hint", "organizations")),
            [at("silent/authorize", DOMAIN_HINT).shows("organizations")],
        ),
        not_seen(
            "tenant.domain-hint-elsewhere",
            "the hint fits",
            capture().silent_frame(|r| r.param("domain_hint", "organizations")),
            [at("silent/authorize", DOMAIN_HINT)],
        ),
        not_seen(
            "tenant.domain-hint-elsewhere",
            "a posted request has no hint",
            capture().silent_frame(|r| r.posted()),
            [at("silent/authorize", "request.body.domain_hint")],
        ),
        not_seen("tenant.domain-hint-elsewhere", "there is no hint", capture().silent_frame(|r| r), [at("silent/authorize", DOMAIN_HINT)]),
        not_recorded(
            "tenant.domain-hint-elsewhere",
            "no authorization request is in the capture",
            only_the_callback(),
            "not in the capture",
        ),
    ]
}
