//! Causes that lie in the account that signs in.

use super::row::{Row, certain, in_frame, less_sure, likely, lost, named_by_code, neighbour, on_refresh, sibling, told_to_app};
use crate::support::{ADA, BOB, CaptureBuilder, FABRIKAM, OTHER_SESSION, capture};

const REVOKED: &str = "The token was issued on '2026-11-19T10:00:00.000Z' and the TokensValidFrom date (before which tokens are not valid) for \
                       this user is '2026-11-19T12:00:00.000Z'.";

fn two_signed_in() -> CaptureBuilder {
    capture().sign_in(|s| s.account(ADA)).sign_in(|s| s.account(BOB).session(OTHER_SESSION))
}

pub(crate) fn rows() -> Vec<Row> {
    let which_one = |capture: CaptureBuilder| capture.silent_frame(|r| r.fails(16000, "Multiple user identities are available."));
    let of_elsewhere = |code| capture().sign_in(|s| s).silent_frame(move |r| r.tenant(FABRIKAM).cached_account(ADA).fails(code, "Not here."));
    let one_of_two = || two_signed_in().silent_frame(|r| r.login_hint(ADA).fails(50020, "Not here."));
    let ended = |capture: CaptureBuilder| capture.silent_frame(|r| r.fails(50132, "The session is no longer good."));
    let cookies = || capture().cookies_from_before(["ESTSAUTH"]);
    let hinted = || capture().keeping_fragments().silent_frame(|r| r.param("domain_hint", "consumers").fails(50143, "Another tenant's session."));
    let mut rows = named_by_code(
        told_to_app,
        &[
            ("invitation-not-redeemed", 50014, "The guest has not come yet."),
            ("account-disabled", 50057, "The account is switched off."),
            ("account-deleted", 500341, "The account is gone."),
            ("external-sign-in-expired", 40009, "The other provider's token is refused."),
            ("external-sign-in-refused", 40015, "The other provider refuses its code."),
            ("account-disabled", 500571, "The guest is switched off."),
            ("session-revoked", 50133, "The session was taken back."),
            ("external-sign-in-expired", 50085, "The social account has to come again."),
        ],
    );
    rows.extend([
        certain("account-selection-required", "two are signed in, and the request names neither", which_one(two_signed_in())),
        likely("account-selection-required", "who is signed in is not in the capture", which_one(capture())),
        lost("account-selection-required", "the words are in another language", in_frame(16000, "Das Konto ist im Mandanten nicht da.")),
        sibling(
            "account-selection-required",
            "account-not-in-tenant",
            "the service says that the account does not exist in the tenant",
            in_frame(16000, "Selected user account does not exist in tenant 'Contoso'."),
        ),
        likely(
            "account-not-in-tenant",
            "the service says so, and two are signed in",
            two_signed_in().silent_frame(|r| r.fails(16000, "Selected user account does not exist in tenant 'Contoso'.")),
        ),
        sibling("account-selection-required", "account-not-in-tenant", "the one account is at home elsewhere", of_elsewhere(16000)),
        likely("wrong-account-picked", "two are signed in, and the one that is named has a place here", one_of_two()),
        sibling("wrong-account-picked", "account-not-in-tenant", "the account is at home elsewhere", of_elsewhere(50020)),
        lost("wrong-account-picked", "the tokens are lost", one_of_two().without_response_bodies()),
        likely("account-not-in-tenant", "the service names a user whom the directory does not know", told_to_app(50034, "No such user.")),
        sibling("account-not-in-tenant", "wrong-account-picked", "the account has a place here, and another one is signed in", one_of_two()),
        sibling("user-name-mistyped", "account-not-in-tenant", "the account is at home elsewhere", of_elsewhere(50034)),
        lost("user-name-mistyped", "nothing tells what was typed", told_to_app(50034, "No such user.")),
        certain("session-revoked", "the token is older than the revocation", on_refresh(50173, REVOKED)),
        less_sure("session-revoked", "the text with its dates is lost", on_refresh(50173, REVOKED).without_response_bodies()),
        sibling("session-revoked", "session-expired", "a session cookie was sent", ended(cookies())),
        sibling("external-sign-in-expired", "session-expired", "a session cookie was sent", ended(cookies())),
        likely("session-expired", "a session cookie was sent, and is no longer good", ended(cookies())),
        lost("external-sign-in-expired", "the cookies are removed", ended(cookies().sanitized())),
        certain("domain-hint-contradicts-session", "a personal account is wanted at a work tenant", hinted()),
        less_sure("domain-hint-contradicts-session", "the request is not in the capture", hinted().without("silent/authorize")),
        neighbour("domain-hint-contradicts-session", "account-disabled", "the service says AADSTS50057", in_frame(50057, "Switched off.")),
    ]);
    rows
}
