//! Which program wrote a file. Each leaves other things out, and that something is missing means what it means there.

/// The programs whose habits are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exporter {
    /// The developer tools of Chrome, Edge, Brave, Opera.
    ChromiumDevTools,
    /// Firefox.
    Firefox,
    /// Safari's Web Inspector.
    Safari,
    /// Playwright's `recordHar`.
    Playwright,
    /// mitmproxy's `hardump`.
    Mitmproxy,
    /// Charles.
    Charles,
    /// Fiddler, Classic or Everywhere.
    Fiddler,
    /// Burp Suite.
    Burp,
    /// SAML-tracer, an extension of browsers.
    SamlTracer,
    /// Insomnia.
    Insomnia,
    /// Postman.
    Postman,
    /// Polly.JS.
    Polly,
    /// WebPageTest.
    WebPageTest,
    /// Chromium's own log: net-export of Chrome and Edge.
    ChromiumNetLog,
    /// Some other program, which names itself.
    Other,
    /// Nothing in the file says.
    Unknown,
}

impl Exporter {
    /// Whether a browser recorded itself. Proxies record every program, and every device that is sent through them.
    pub fn is_browser(self) -> bool {
        matches!(self, Self::ChromiumDevTools | Self::Firefox | Self::Safari | Self::Playwright | Self::WebPageTest | Self::ChromiumNetLog)
    }

    /// Whether it records as a proxy that decrypts what goes through it.
    pub fn is_proxy(self) -> bool {
        matches!(self, Self::Mitmproxy | Self::Charles | Self::Fiddler | Self::Burp)
    }

    /// Whether what it records is one tab, so that a page which is opened takes the place of the one before.
    pub fn records_one_tab(self) -> bool {
        matches!(self, Self::ChromiumDevTools | Self::Firefox | Self::Safari | Self::WebPageTest)
    }

    /// Whether all that it records has the same cookies. What a proxy records may come from private windows, from other profiles
    /// and from programs with a browser inside; a browser's own log has all of its windows.
    pub fn records_one_cookie_store(self) -> bool {
        self.records_one_tab() || self == Self::Playwright
    }
}
