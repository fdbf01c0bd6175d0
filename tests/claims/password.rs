//! Passwords typed before the failure.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::wire::{ENTRA, refused_on_page, served, submit};
use crate::support::{ADA, BOB, CONTOSO, CaptureBuilder, Entry, capture};

/// A password is posted in the sign-in `first`, and the page that answers is lost; the next, posted in `ctx-2`, is refused.
fn posted_again(first: &str) -> CaptureBuilder {
    let login = |ctx: &str| submit(&format!("{ENTRA}/{CONTOSO}/login"), &[("login", ADA.name), ("passwd", "Velvet-Harbor-1"), ("ctx", ctx)]);
    capture()
        .exchange("sign-in/login", served(login(first)).losing_response_body())
        .exchange("again", refused_on_page(login("ctx-2"), 50053, "The account is locked."))
}

pub(crate) fn cases() -> Vec<Case> {
    let refused_once = || capture().sign_in(|s| s.refused(50126));
    let then_locked = || refused_once().sign_in(|s| s.refused(50053));
    vec![
        seen("password.typed", "the page sent one", refused_once(), [at("sign-in/login", "request.url")]),
        not_seen("password.typed", "a silent request sends none", capture().silent_frame(|r| r), [at("silent/authorize", "request.url")]),
        not_recorded("password.typed", "the sign-in's beginning is not in the capture", only_the_callback(), "not in the capture"),
        seen(
            "password.refused-before",
            "the page said so before",
            then_locked(),
            [at("sign-in/login", "response.body.$Config.sErrorCode").shows("AADSTS50126")],
        ),
        not_seen(
            "password.refused-before",
            "that of somebody else was refused",
            capture().sign_in(|s| s.account(BOB).refused(50126)).sign_in(|s| s.account(ADA).refused(50053)),
            [at("sign-in/login", "response.body")],
        ),
        not_seen("password.refused-before", "it is the first", refused_once(), []),
        not_seen(
            "password.refused-before",
            "the one before was right",
            capture().sign_in(|s| s).sign_in(|s| s.refused(50126)),
            [at("sign-in/login", "response.body")],
        ),
        seen(
            "password.refused-before",
            "the page that answered it is lost, and posted another for the same sign-in",
            posted_again("ctx-2"),
            [at("sign-in/login", "request.url")],
        ),
        not_recorded("password.refused-before", "no other was posted for the same sign-in", posted_again("ctx-1"), "were not recorded"),
        not_recorded(
            "password.refused-before",
            "the page that answered the one before is lost",
            then_locked().edit("sign-in/login", Entry::losing_response_body),
            "were not recorded",
        ),
    ]
}
