//! Which window the request was made in.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

const POLICY: &str = "response.header.cross-origin-embedder-policy";

pub(crate) fn cases() -> Vec<Case> {
    let around = |policy: &'static str| {
        let page = capture().app_page().edit("app/page", |entry| entry.reply_header("cross-origin-embedder-policy", policy));
        page.silent_frame(|r| r)
    };
    let untold = || capture().silent_frame(|r| r.without_sec_fetch().opaque_state());
    vec![
        seen(
            "frame.inside-page",
            "the browser says iframe",
            capture().silent_frame(|r| r.opaque_state()),
            [at("silent/authorize", "request.header.sec-fetch-dest").shows("iframe")],
        ),
        seen(
            "frame.inside-page",
            "only the library's state says so",
            capture().silent_frame(|r| r.without_sec_fetch()),
            [at("silent/authorize", "request.url.query.state").shows("state #1")],
        ),
        not_seen(
            "frame.inside-page",
            "the browser says document",
            capture().silent_page(|r| r),
            [at("silent/authorize", "request.header.sec-fetch-dest")],
        ),
        not_recorded("frame.inside-page", "neither browser nor library tells", untold(), "no Sec-Fetch headers"),
        not_recorded("frame.inside-page", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "frame.top-level",
            "the browser says document",
            capture().silent_page(|r| r),
            [at("silent/authorize", "request.header.sec-fetch-dest").shows("document")],
        ),
        not_seen(
            "frame.top-level",
            "the browser says iframe",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.header.sec-fetch-dest")],
        ),
        not_seen(
            "frame.top-level",
            "only the library's state says that it is a frame",
            capture().silent_frame(|r| r.without_sec_fetch()),
            [at("silent/authorize", "request.url.query.state")],
        ),
        not_recorded("frame.top-level", "neither browser nor library tells", untold(), "no Sec-Fetch headers"),
        seen(
            "frame.cross-site",
            "the browser says cross-site",
            capture().silent_frame(|r| r.header("sec-fetch-site", "cross-site")),
            [at("silent/authorize", "request.header.sec-fetch-site").shows("cross-site")],
        ),
        not_seen(
            "frame.cross-site",
            "the browser says same-site",
            capture().silent_frame(|r| r.header("sec-fetch-site", "same-site")),
            [at("silent/authorize", "request.header.sec-fetch-site")],
        ),
        not_recorded(
            "frame.cross-site",
            "the browser says what nobody knows",
            capture().silent_frame(|r| r.header("sec-fetch-site", "another-planet")),
            "a value that is not known",
        ),
        not_recorded(
            "frame.cross-site",
            "the recorder has no Sec-Fetch headers",
            capture().without_sec_fetch().silent_frame(|r| r),
            "no Sec-Fetch-Site header",
        ),
        seen(
            "frame.same-site",
            "the browser says same-site",
            capture().silent_frame(|r| r.header("sec-fetch-site", "same-site")),
            [at("silent/authorize", "request.header.sec-fetch-site").shows("same-site")],
        ),
        not_seen(
            "frame.same-site",
            "the browser says cross-site",
            capture().silent_frame(|r| r.header("sec-fetch-site", "cross-site")),
            [at("silent/authorize", "request.header.sec-fetch-site")],
        ),
        not_recorded(
            "frame.same-site",
            "the recorder has no Sec-Fetch headers",
            capture().without_sec_fetch().silent_frame(|r| r),
            "no Sec-Fetch-Site header",
        ),
        not_seen(
            "frame.inside-page",
            "a refresh token is turned in, for which there is no window",
            capture().refresh(|t| t),
            [at("refresh/token", "request.url")],
        ),
        seen("frame.shut-out", "the page says require-corp", around("require-corp"), [at("app/page", POLICY).shows("require-corp")]),
        not_seen("frame.shut-out", "the page says unsafe-none", around("unsafe-none"), [at("app/page", POLICY)]),
        not_seen("frame.shut-out", "the page says nothing", capture().app_page().silent_frame(|r| r), [at("app/page", POLICY)]),
        not_recorded("frame.shut-out", "the page is not in the capture", capture().silent_frame(|r| r), "is not in the capture"),
    ]
}
