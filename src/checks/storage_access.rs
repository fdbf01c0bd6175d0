//! Whether the browser would let the frame use the sign-in service's cookies.
//!
//! `Sec-Fetch-Storage-Access` (Storage Access API; Chromium 133, Firefox from about 147) is sent with
//! cross-site requests and is not removed by a sanitized export: a direct reading of third-party-cookie
//! blocking. Without the header nothing follows.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Browser, Evidence, Frame, Step, StorageAccess, cookies};
use crate::exchange::Recorded;

/// Whether the browser would let the frame use the sign-in service's cookies.
pub(super) static CHECK: Check = Check {
    name: "storage-access",
    about: "Whether the browser itself says that the frame may use the sign-in service's cookies",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "storage-access.blocked",
        seen: "The browser says that it withholds the sign-in service's cookies from this frame.",
        not_seen: "The browser does not say that it withholds cookies from this frame.",
        question: "Whether the frame may use the sign-in service's cookies",
        record: Record::FrameCookies,
    },
    ClaimInfo {
        name: "storage-access.active",
        seen: "The browser says that this frame may use the sign-in service's cookies.",
        not_seen: "The browser does not say that this frame may use the sign-in service's cookies.",
        question: "Whether the frame may use the sign-in service's cookies",
        record: Record::FrameCookies,
    },
    ClaimInfo {
        name: "storage-access.cookies-withheld",
        seen: "The browser's own log says that it held cookies for this host and withheld them, because they are a third party's here.",
        not_seen: "The browser's own log says of no cookie that it was withheld for being a third party's.",
        question: "Which cookies the browser had for this host and withheld",
        record: Record::FrameCookiesInNetLog,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [blocked, active, withheld] = &CLAIMS;
    let is = |wanted: fn(StorageAccess) -> bool| {
        let Some(step) = scene.request() else { return scene.without_request() };
        match (step.storage_access(), step.request_header("sec-fetch-storage-access")) {
            // The page itself is first-party: the browser sends no such header, and there is nothing to allow.
            (Recorded::Empty, _) if step.frame() == Recorded::Kept(Frame::TopLevel) => {
                Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-dest")])
            }
            (Recorded::Kept(Some(access)), Recorded::Kept(header)) if wanted(access) => {
                Observation::seen(scene.names().header(step, "sec-fetch-storage-access", header))
            }
            (Recorded::Kept(Some(_)), _) => {
                Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-storage-access")])
            }
            (Recorded::Kept(None), _) => Observation::not_recorded("the header's value is not a known one"),
            // A session cookie that did travel was not withheld, whatever the browser does not say.
            (Recorded::Empty, _) if sends_session(step) => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
            (Recorded::Empty, _) => Observation::not_recorded(
                "the request carries no Sec-Fetch-Storage-Access: only Chromium-based browsers and newer versions of Firefox send it, and only for requests across sites",
            ),
            (Recorded::NotKept(loss), _) => Observation::lost(loss, "the request's headers"),
        }
    };
    vec![
        blocked.is(is(|access| matches!(access, StorageAccess::None | StorageAccess::Inactive))),
        active.is(is(|access| access == StorageAccess::Active)),
        withheld.is(cookies_withheld(scene)),
    ]
}

fn sends_session(step: &Step<'_>) -> bool {
    step.cookies_sent.kept().is_some_and(|names| names.iter().any(|name| cookies::holds_session(name)))
}

fn cookies_withheld(scene: &Scene<'_, '_>) -> Observation {
    let Some(step) = scene.request() else { return scene.without_request() };
    match &step.exchange.request.withheld_cookies {
        Recorded::Kept(cookies) if cookies.iter().any(|cookie| cookie.as_third_party) => {
            Observation::seen(scene.names().withheld_cookies(step))
        }
        Recorded::Kept(_) | Recorded::Empty => Observation::not_seen([Evidence::searched(step.entry, "request.withheld-cookies")]),
        Recorded::NotKept(_) => match step.browser() {
            Some(browser) if browser.is_apple() || browser == Browser::Firefox => {
                Observation::not_recorded("this browser tells nobody which cookies it withholds")
            }
            _ => Observation::not_recorded("only a NetLog of Chrome or Edge tells which cookies the browser withheld"),
        },
    }
}
