//! What the browser does with third-party cookies by default.
//!
//! The user agent cannot show an incognito window, a policy or a setting, so this never proves anything; it
//! only makes a cause more or less likely. Chrome allows third-party cookies by default (the phase-out was
//! cancelled in 2025), Safari and every browser on iOS block them.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Browser, Evidence};
use crate::exchange::Recorded;

/// What the browser does with third-party cookies by default.
pub(super) static CHECK: Check = Check { name: "browser", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "What the browser does with third-party cookies unless it is set otherwise";

static CLAIMS: [ClaimInfo; 6] = [
    ClaimInfo {
        name: "browser.blocks-by-default",
        seen: "By default this browser withholds third-party cookies.",
        not_seen: "This browser does not withhold third-party cookies unless it is told to (a private window, a setting, a policy).",
        question: ABOUT,
        record: RECORD,
    },
    ClaimInfo {
        name: "browser.partitions-by-default",
        seen: "By default this browser gives a frame a cookie jar of its own.",
        not_seen: "This browser does not give frames a cookie jar of their own by default.",
        question: ABOUT,
        record: RECORD,
    },
    ClaimInfo {
        name: "browser.security-zones",
        seen: "This is Internet Explorer or the old Edge, which keep the cookies of one security zone from frames of another.",
        not_seen: "This browser knows no security zones.",
        question: ABOUT,
        record: RECORD,
    },
    ClaimInfo {
        name: "browser.embedded",
        seen: "The browser is part of another program, which has no access to the device's own sign-in unless it was built for that.",
        not_seen: "The browser is a program of its own.",
        question: "Whether the browser is part of another program",
        record: RECORD,
    },
    ClaimInfo {
        name: "browser.apple",
        seen: "This is Safari, or a browser of iOS, which all have Safari's inside.",
        not_seen: "This is neither Safari nor a browser of iOS.",
        question: ABOUT,
        record: RECORD,
    },
    ClaimInfo {
        name: "browser.brave",
        seen: "This is Brave.",
        not_seen: "The browser does not call itself Brave.",
        question: ABOUT,
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record with a tool that keeps the User-Agent header.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [blocks, partitions, zones, embedded, apple, brave] = &CLAIMS;
    let is = |is_one: fn(Browser) -> bool, may_be_brave: bool| {
        let Some(step) = scene.request() else { return scene.without_request() };
        let Recorded::Kept(user_agent) = step.request_header("user-agent") else {
            return Observation::not_recorded("the request's User-Agent is not in the capture");
        };
        match (step.browser(), step.request_header("sec-ch-ua")) {
            // Brave calls itself Chrome, and gives its name in its brands alone.
            (_, Recorded::Kept(brands)) if may_be_brave && step.is_brave() => {
                Observation::seen(scene.names().header(step, "sec-ch-ua", brands))
            }
            (Some(Browser::Other), _) => Observation::not_recorded("the User-Agent is of no known browser"),
            (Some(browser), _) if is_one(browser) => Observation::seen(scene.names().header(step, "user-agent", user_agent)),
            _ => Observation::not_seen([Evidence::searched(step.entry, "request.header.user-agent")]),
        }
    };
    vec![
        blocks.is(is(Browser::is_apple, true)),
        partitions.is(is(|browser| browser == Browser::Firefox, false)),
        zones.is(is(|browser| matches!(browser, Browser::InternetExplorer | Browser::EdgeLegacy), false)),
        embedded.is(is(Browser::is_embedded, false)),
        apple.is(is(Browser::is_apple, false)),
        brave.is(is(|_| false, true)),
    ]
}
