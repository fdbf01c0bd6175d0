//! The browser that a user agent names.

/// The family of a browser, by its `User-Agent`. Brave calls itself Chrome there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Browser {
    /// Internet Explorer, also inside Edge and other programs.
    InternetExplorer,
    /// Edge before version 79.
    EdgeLegacy,
    /// A program made with Electron.
    Electron,
    /// A page inside another program of Android.
    AndroidWebView,
    /// Edge.
    Edge,
    /// Another browser than Safari on iOS, which has Safari's engine.
    IosBrowser,
    /// Firefox.
    Firefox,
    /// Chrome, or what calls itself so.
    Chrome,
    /// Safari.
    Safari,
    /// A page inside another program of iOS.
    IosWebView,
    /// Any other client.
    Other,
}

impl Browser {
    pub(crate) fn of(user_agent: &str) -> Self {
        let has = |text: &str| user_agent.contains(text);
        if has("Trident/") || has("MSIE ") {
            Self::InternetExplorer
        } else if has("Edge/1") {
            Self::EdgeLegacy
        } else if has("Electron/") {
            Self::Electron
        } else if has("; wv)") {
            Self::AndroidWebView
        } else if has("Edg/") || has("EdgA/") {
            Self::Edge
        } else if has("FxiOS") || has("CriOS") || has("EdgiOS") {
            Self::IosBrowser
        } else if has("Firefox/") {
            Self::Firefox
        } else if has("Chrome/") {
            Self::Chrome
        } else if has("Safari/") && has("Version/") {
            Self::Safari
        } else if has("AppleWebKit/") && (has("iPhone") || has("iPad")) {
            Self::IosWebView
        } else {
            Self::Other
        }
    }

    /// As reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::InternetExplorer => "Internet Explorer",
            Self::EdgeLegacy => "Edge Legacy",
            Self::Electron => "an Electron app",
            Self::AndroidWebView => "an Android web view",
            Self::Edge => "Edge",
            Self::IosBrowser => "a browser on iOS",
            Self::Firefox => "Firefox",
            Self::Chrome => "Chrome",
            Self::Safari => "Safari",
            Self::IosWebView => "a web view on iOS",
            Self::Other => "another client",
        }
    }

    /// Whether it is Safari, or has to use its engine.
    pub fn is_apple(self) -> bool {
        matches!(self, Self::Safari | Self::IosBrowser | Self::IosWebView)
    }

    /// Whether it is a program of its own, whose cookies no other has. What calls itself Internet Explorer or the old Edge is
    /// mostly a window inside another program.
    pub fn stands_alone(self) -> bool {
        matches!(self, Self::Edge | Self::IosBrowser | Self::Firefox | Self::Chrome | Self::Safari)
    }

    /// Whether it is part of another program.
    pub fn is_embedded(self) -> bool {
        matches!(self, Self::Electron | Self::AndroidWebView | Self::IosWebView)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_that_call_themselves_others() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (user_agent, browser) in [
            (format!("{windows} Chrome/156.0.0.0 Safari/537.36"), Browser::Chrome),
            (format!("{windows} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0"), Browser::Edge),
            (format!("{windows} Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763"), Browser::EdgeLegacy),
            (format!("{windows} Code/1.106.0 Chrome/140.0.0.0 Electron/38.0.0 Safari/537.36"), Browser::Electron),
            (format!("{phone} Version/18.5 Mobile/15E148 Safari/604.1"), Browser::Safari),
            (format!("{phone} CriOS/156.0.0.0 Mobile/15E148 Safari/604.1"), Browser::IosBrowser),
            (format!("{phone} Mobile/15E148"), Browser::IosWebView),
            ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko".to_owned(), Browser::InternetExplorer),
            ("python-requests/2.32".to_owned(), Browser::Other),
        ] {
            assert_eq!(Browser::of(&user_agent), browser, "{user_agent}");
        }
    }
}
