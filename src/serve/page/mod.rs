//! What is looked at: the page, its style and its script.

use crate::redact;
use askama::Template;

pub(super) const STYLE: &str = include_str!("serve.css");
pub(super) const SCRIPT: &str = include_str!("serve.js");
pub(super) const ICON: &str = include_str!("icon.svg");

#[derive(Template)]
#[template(path = "serve.html")]
struct Page {
    version: &'static str,
    /// The options of `entrace redact` that are chosen to begin with, between spaces.
    redact: String,
}

/// The page, which proposes to redact in this way. It is said in the page itself, so that it holds for whatever is
/// dropped first.
///
/// # Errors
/// None is known: all of it can be written as text.
pub(super) fn rendered(redaction: &redact::Options) -> Result<String, askama::Error> {
    let redact::Options { strict, hide_tenant, keep_bodies } = *redaction;
    let options = [("strict", strict), ("hide-tenant", hide_tenant), ("keep-bodies", keep_bodies)];
    let chosen: Vec<&str> = options.into_iter().filter(|(_, chosen)| *chosen).map(|(name, _)| name).collect();
    Page { version: env!("CARGO_PKG_VERSION"), redact: chosen.join(" ") }.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_proposes_what_the_defaults_say() {
        assert!(rendered(&redact::Options::default()).unwrap().contains("<body data-redact=\"\">"));
        let strictest = redact::Options { strict: true, hide_tenant: true, keep_bodies: false };
        assert!(rendered(&strictest).unwrap().contains("<body data-redact=\"strict hide-tenant\">"));
    }
}
