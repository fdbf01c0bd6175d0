//! Whether a proxy restricts the tenants that may be signed in to.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const HEADER: &str = "request.header.restrict-access-to-tenants";

pub(crate) fn cases() -> Vec<Case> {
    let by_proxy = || capture().written_by("mitmproxy", "11.0").without_sec_fetch();
    vec![
        seen(
            "tenant-restriction.header-sent",
            "the recorder stands behind the proxy",
            by_proxy().silent_frame(|r| r.header("restrict-access-to-tenants", "contoso.example")),
            [at("silent/authorize", HEADER).shows("(not shown)")],
        ),
        not_seen(
            "tenant-restriction.header-sent",
            "the recorder stands behind the proxy, which adds nothing",
            by_proxy().silent_frame(|r| r),
            [at("silent/authorize", HEADER), at("silent/authorize", "request.header.sec-restrict-tenant-access-policy")],
        ),
        not_recorded(
            "tenant-restriction.header-sent",
            "a browser does not see what a proxy adds",
            capture().silent_frame(|r| r),
            "what a proxy adds",
        ),
    ]
}
