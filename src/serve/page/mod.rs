//! What is looked at: the page, its style and its script.

use askama::Template;

pub(super) const STYLE: &str = include_str!("serve.css");
pub(super) const SCRIPT: &str = include_str!("serve.js");
pub(super) const ICON: &str = include_str!("icon.svg");

#[derive(Template)]
#[template(path = "serve.html")]
struct Page {
    version: &'static str,
}

/// The page.
///
/// # Errors
/// None is known: all of it can be written as text.
pub(super) fn rendered() -> Result<String, askama::Error> {
    Page { version: env!("CARGO_PKG_VERSION") }.render()
}
