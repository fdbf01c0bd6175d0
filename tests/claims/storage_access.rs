//! Whether the browser would let the frame use the sign-in service's cookies.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{CaptureBuilder, Entry, capture};

const HEADER: &str = "request.header.sec-fetch-storage-access";
const WITHHELD: &str = "request.withheld-cookies";

pub(crate) fn cases() -> Vec<Case> {
    let says = |value| capture().silent_frame(move |r| r.header("sec-fetch-storage-access", value));
    let says_nothing = || capture().silent_frame(|r| r.without_header("sec-fetch-storage-access"));
    let sanitized = CaptureBuilder::sanitized;
    let in_frame = |change: fn(Entry) -> Entry| capture().silent_frame(|r| r).edit("silent/authorize", change);
    vec![
        seen("storage-access.blocked", "the browser says none", says("none"), [at("silent/authorize", HEADER).shows("none")]),
        seen("storage-access.blocked", "the browser says inactive", says("inactive"), [at("silent/authorize", HEADER).shows("inactive")]),
        seen(
            "storage-access.blocked",
            "the export is sanitized: it keeps this header",
            sanitized(says("none")),
            [at("silent/authorize", HEADER).shows("none")],
        ),
        not_seen("storage-access.blocked", "the browser says active", says("active"), [at("silent/authorize", HEADER)]),
        not_seen(
            "storage-access.blocked",
            "the request is the page's own, to which the header does not belong",
            capture().silent_page(|r| r),
            [at("silent/authorize", "request.header.sec-fetch-dest")],
        ),
        not_seen(
            "storage-access.blocked",
            "the browser says nothing, and a session cookie travelled all the same",
            capture().silent_frame(|r| r.without_header("sec-fetch-storage-access").cookies(["ESTSAUTH"])),
            [at("silent/authorize", "request.header.cookie")],
        ),
        not_recorded("storage-access.blocked", "the browser is too old for the header", says_nothing(), "only Chromium-based browsers"),
        not_recorded("storage-access.blocked", "the value is none that is known", says("perhaps"), "not a known one"),
        seen("storage-access.active", "the browser says active", says("active"), [at("silent/authorize", HEADER).shows("active")]),
        not_seen("storage-access.active", "the browser says none", says("none"), [at("silent/authorize", HEADER)]),
        not_seen("storage-access.active", "the browser says inactive", says("inactive"), [at("silent/authorize", HEADER)]),
        not_recorded("storage-access.active", "the browser is too old for the header", says_nothing(), "only Chromium-based browsers"),
        not_recorded("storage-access.active", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "storage-access.cookies-withheld",
            "the HAR was made of a NetLog, which names the cookie",
            in_frame(|request| request.withholding(["ESTSAUTH"])),
            [at("silent/authorize", WITHHELD).shows("ESTSAUTH")],
        ),
        not_seen(
            "storage-access.cookies-withheld",
            "the HAR was made of a NetLog, by which all cookies were sent",
            in_frame(|request| request.withholding([])),
            [at("silent/authorize", WITHHELD)],
        ),
        not_recorded("storage-access.cookies-withheld", "a HAR does not tell it", capture().silent_frame(|r| r), "only a NetLog"),
    ]
}
