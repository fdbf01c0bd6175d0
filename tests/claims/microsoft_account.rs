//! Whether a personal Microsoft account is involved.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{ADA, GRACE, capture, get};
use entrace::entra::CONSUMERS_TENANT;

const ANCHOR: &str = "request.url.query.X-AnchorMailbox";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "microsoft-account.is-account",
            "the library's cached account is at home with Microsoft accounts",
            capture().silent_frame(|r| r.cached_account(GRACE)),
            [at("silent/authorize", ANCHOR).shows("account 1 of tenant 9188040d-6c67-4c5b-b112-36a304b66dad")],
        ),
        seen(
            "microsoft-account.is-account",
            "the cached account stands in a header",
            capture().silent_frame(|r| r).edit("silent/authorize", |entry| {
                entry.header("X-AnchorMailbox", format!("Oid:{}@{}", GRACE.object_id, GRACE.home))
            }),
            [at("silent/authorize", "request.header.x-anchormailbox").shows("account 1 of tenant 9188040d-6c67-4c5b-b112-36a304b66dad")],
        ),
        seen(
            "microsoft-account.is-account",
            "the request asks the tenant of Microsoft accounts",
            capture().silent_frame(|r| r.tenant("consumers")),
            [at("silent/authorize", "request.url.path").shows("consumers")],
        ),
        seen(
            "microsoft-account.is-account",
            "an earlier token says so",
            capture().sign_in(|s| s.account(GRACE).through_microsoft_account()).silent_frame(|r| r),
            [at("sign-in/token", "response.body.client_info.utid").shows(CONSUMERS_TENANT)],
        ),
        seen(
            "microsoft-account.is-account",
            "the name has a domain that only Microsoft accounts have",
            capture().silent_frame(|r| r.login_hint(GRACE)),
            [at("silent/authorize", "request.url.query.login_hint").shows("account 1 (…@outlook.example)")],
        ),
        not_seen(
            "microsoft-account.is-account",
            "the library's cached account is at home in a work tenant",
            capture().silent_frame(|r| r.cached_account(ADA)),
            [at("silent/authorize", ANCHOR)],
        ),
        not_recorded("microsoft-account.is-account", "nothing names an account", capture().silent_frame(|r| r), "which account is meant"),
        not_recorded(
            "microsoft-account.is-account",
            "a name alone does not tell its home",
            capture().silent_frame(|r| r.login_hint(ADA)),
            "where the account is at home",
        ),
        not_recorded(
            "microsoft-account.is-account",
            "the name's domain only begins like one of Microsoft accounts",
            capture().silent_frame(|r| r.param("login_hint", "hal@live.contoso.example")),
            "where the account is at home",
        ),
        not_seen(
            "microsoft-account.is-account",
            "a posted request has a cached account at home in a work tenant",
            capture().silent_frame(|r| r.cached_account(ADA).posted()),
            [at("silent/authorize", "request.body.X-AnchorMailbox")],
        ),
        seen(
            "microsoft-account.visited",
            "a sign-in went there and came back",
            capture().sign_in(|s| s.account(GRACE).through_microsoft_account()).silent_frame(|r| r),
            [at("sign-in/msa-authorize", "request.url"), at("sign-in/msa-login", "request.url"), at("sign-in/federation", "request.url")],
        ),
        not_seen(
            "microsoft-account.visited",
            "a sign-in did without, for all its probe of login.live.com",
            capture().exchange("probe", get("https://login.live.com/Me.htm?v=3")).sign_in(|s| s).silent_frame(|r| r),
            [
                at("sign-in/authorize", "request.url"),
                at("sign-in/lookup", "request.url"),
                at("sign-in/login", "request.url"),
                at("sign-in/kmsi", "request.url"),
                at("sign-in/token", "request.url"),
            ],
        ),
        seen(
            "microsoft-account.just-vouched",
            "the sign-in went there and came back",
            capture().sign_in(|s| s.account(GRACE).through_microsoft_account().token(|t| t.fails(54005, "Used."))),
            [at("sign-in/federation", "request.url")],
        ),
        not_seen(
            "microsoft-account.just-vouched",
            "an earlier sign-in did",
            capture().sign_in(|s| s.account(GRACE).through_microsoft_account()).silent_frame(|r| r),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded("microsoft-account.just-vouched", "the request is not in the capture", only_the_callback(), "not in the capture"),
        not_recorded(
            "microsoft-account.visited",
            "no sign-in is in the capture",
            capture().silent_frame(|r| r),
            "the sign-in that opened the session",
        ),
    ]
}
