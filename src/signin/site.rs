//! Which hosts may be of one application.

/// What hosts of one application may have in common: the last two labels, where one of them is a name and not, as in `co.uk`,
/// an ending; else all of it.
pub(super) fn site(host: &str) -> &str {
    let ending = host.rmatch_indices('.').nth(1).and_then(|(dot, _)| host.get(dot + 1..)).unwrap_or(host);
    if ending.split('.').any(|label| label.len() > 3) { ending } else { host }
}
