//! Sessions that stand on another identity provider: AADSTS50139 and its relatives. Rows 31 to 35.

use super::case::{Case, case};
use crate::support::{Authorize, CaptureBuilder, GRACE, Window, capture, get, post, words};
use entrace::diagnosis::Confidence::Likely;

/// A program that signs in by the browser and takes the reply at an address of its own.
fn native(request: Authorize) -> Authorize {
    request.redirect_uri("http://127.0.0.1:33418/").opaque_state().fails(50139, words::EXTERNAL_TOKEN_MISSING)
}

fn at_live(address: &str) -> CaptureBuilder {
    let entry = get(address).in_window(Window::Page, "cross-site").html("<html></html>");
    capture().exchange("live", entry)
}

pub(crate) fn cases() -> Vec<Case> {
    let reset = post("https://login.live.com/ppsecure/post.srf?wa=wsignin1.0&id=290794", &[("passwd", "Velvet-Harbor-1")]);
    let reset = reset.in_window(Window::Page, "same-origin").html("<html></html>");
    let revoked = "AADSTS70002: Error validating credentials. AADSTS50132: Session unusable due to expired or revoked external refresh token.";
    vec![
        case(
            31,
            "a program signs in with a personal account",
            at_live("https://login.live.com/oauth20_authorize.srf?response_type=code&state=ctx").redirect(|r| native(r).tenant("common").login_hint(GRACE)),
        )
        .unresolved("AADSTS50139")
        .lists("external-refresh-token-missing")
        .settled_by(&["Record", "capture", "sign"]),
        case(32, "the same, and nothing but the reply is recorded", capture().redirect(|r| native(r).tenant("common")))
            .unresolved("AADSTS50139")
            .lists("external-refresh-token-missing")
            .settled_by(&["microsoft-account.is-account", "Record"]),
        case(
            33,
            "after the personal account's password was forgotten and set anew",
            at_live("https://account.live.com/ResetPassword.aspx").exchange("reset", reset).redirect(|r| native(r).tenant("common")),
        )
        .finds("AADSTS50139", "external-refresh-token-missing", Likely)
        .not_certain("AADSTS50139")
        .advises("Trying again without that reuses the same session"),
        case(34, "a guest, and two codes in one text", capture().refresh(|t| t.fails_in_words(revoked).error("invalid_grant")))
            .unresolved("AADSTS50132")
            .also("AADSTS70002")
            .lists("external-sign-in-expired")
            .despite("session-expired")
            .settled_by(&["Record", "sign", "look"]),
        case(
            35,
            "a personal account renews at common",
            capture()
                .sign_in(|s| s.account(GRACE).tenant("common").through_microsoft_account())
                .refresh(|t| t.tenant("common").fails(70000, "The user could not be authenticated as the grant is expired.")),
        )
        .finds("AADSTS70000", "grant-not-accepted", Likely)
        .not_certain("AADSTS70000")
        .advises("consumers"),
    ]
}
