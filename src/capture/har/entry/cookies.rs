//! The cookies that an entry lists beside its headers.

use crate::capture::har::headers::Keep;
use crate::capture::har::json::Raw;
use crate::exchange::ArcStr;
use std::borrow::Cow;

/// What is kept of such a list: its names.
pub(super) fn listed_cookies(cookies: Option<Raw<'_>>, are_in_headers: impl FnOnce() -> bool, keep: Keep) -> Box<[ArcStr]> {
    let is_kept = match keep {
        Keep::Whole => true,
        Keep::DocumentSummary => !are_in_headers(),
        Keep::Summary => false,
    };
    if is_kept { names(cookies).into_iter().map(ArcStr::from).collect() } else { Box::default() }
}

/// The names in such a list.
pub(super) fn names(cookies: Option<Raw<'_>>) -> Vec<Cow<'_, str>> {
    let Some(cookies) = cookies.filter(|cookies| cookies.bytes() != b"[]") else {
        return Vec::new();
    };
    cookies.items().iter().filter_map(|cookie| cookie.field("name").and_then(Raw::string)).collect()
}
