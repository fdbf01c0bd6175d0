//! The browser that a user agent names.

/// The browser family of a user agent: one of a few constants.
pub(crate) fn browser(user_agent: &str) -> &'static str {
    let has = |text: &str| user_agent.contains(text);
    if has("Trident/") || has("MSIE ") {
        "Internet Explorer"
    } else if has("Edge/1") {
        "Edge Legacy"
    } else if has("Electron/") {
        "an Electron app"
    } else if has("; wv)") {
        "an Android web view"
    } else if has("Edg/") || has("EdgA/") {
        "Edge"
    } else if has("FxiOS") || has("CriOS") || has("EdgiOS") {
        "a browser on iOS"
    } else if has("Firefox/") {
        "Firefox"
    } else if has("Chrome/") {
        "Chrome"
    } else if has("Safari/") && has("Version/") {
        "Safari"
    } else if has("AppleWebKit/") && (has("iPhone") || has("iPad")) {
        "a web view on iOS"
    } else {
        "another client"
    }
}
