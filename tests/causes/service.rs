//! Causes that lie in the service, or in how it is asked.

use super::row::{Row, certain, less_sure, lost, named_by_code, on_refresh, sibling, told_to_app};
use crate::support::{CaptureBuilder, capture};

/// The same request over and over, and each time the service stops it.
fn over_and_over(times: usize) -> CaptureBuilder {
    (0..times).fold(capture(), |capture, _| capture.silent_frame(|r| r.fails(50196, "The client asks in a loop.")))
}

/// An application that signs in again and again, until the service stops it.
fn signed_in_over_and_over() -> CaptureBuilder {
    let worked = (0..3).fold(capture(), |capture, _| capture.sign_in(|s| s.without_credentials().without_token()));
    worked.redirect(|r| r.fails_on_a_page(50196, "The client asks in a loop."))
}

pub(crate) fn rows() -> Vec<Row> {
    let not_issued = || on_refresh(50000, "No token could be made.");
    let mut rows = named_by_code(
        told_to_app,
        &[("directory-fault", 90036, "The directory says no for good."), ("sts-transient", 90006, "The service is away for a moment.")],
    );
    rows.extend([
        sibling("token-issuance-misconfigured", "sts-transient", "the service says AADSTS50000", not_issued()),
        lost("token-issuance-misconfigured", "the text is lost", not_issued().without_response_bodies()),
        certain("client-request-loop", "three requests in a row are stopped", over_and_over(3)),
        sibling("client-request-loop", "sign-in-loop", "each of the requests before was a sign-in that worked", signed_in_over_and_over()),
        less_sure("client-request-loop", "the requests before are not in the capture", over_and_over(1)),
    ]);
    rows
}
