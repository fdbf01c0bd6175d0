//! What to record to settle a claim that a capture could not show.

use crate::capture::Exporter;
use crate::entra::{Browser, Coverage};
use std::fmt;

/// What to record to settle a claim. Shown, it is a sentence or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// Nothing: the claim is about what the user said or gave, which no recording can settle.
    Nothing,
    /// The cookies.
    Cookies,
    /// What the browser does with the cookies of a frame.
    FrameCookies,
    /// The same of each cookie, which Chromium's own log alone tells.
    FrameCookiesInNetLog,
    /// The traffic from an earlier time on.
    Earlier {
        /// Before what.
        before: Start,
        /// With what, as a clause; empty where nothing is said of it.
        with: &'static str,
        /// What that shows, as a clause; empty where nothing is said of it.
        shows: &'static str,
    },
    /// What the first words say, for what it shows.
    Showing {
        /// The sentence up to its colon.
        what: &'static str,
        /// What that shows, as a clause; empty where nothing is said of it.
        shows: &'static str,
    },
    /// The whole text of the error, and what it says, as a clause.
    ErrorText(&'static str),
    /// The cookies, with a browser whose tools keep them: for a capture by a program of which it is not known how it keeps them.
    CookiesInChromium,
    /// The same in a browser that says what it does with a frame's cookies, for a capture of one that does not: there the sign-in
    /// may just work.
    InChromium,
    /// The browser's own error of each request.
    BrowserError,
    /// The token that a call was sent with.
    SentToken,
    /// The headers of replies, of which these words say what they tell.
    ReplyHeaders(&'static str),
    /// What these sentences say.
    Told(&'static str),
}

/// Before what a recording has to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// The page from which the sign-in begins.
    Page,
    /// A sign-in, which these words name.
    SignIn(&'static str),
    /// The same, for a step in the course of it that the page at its beginning does not show.
    Step(&'static str),
}

impl Start {
    fn name(self) -> &'static str {
        match self {
            Self::Page => "the page loads",
            Self::SignIn(sign_in) | Self::Step(sign_in) => sign_in,
        }
    }
}

/// The same as the cookies, for a capture by Chromium's own log.
const COOKIES_IN_NETLOG: Record = Record::Told(
    "Record the log again with “Include cookies and credentials” chosen on the net-export page, from before the sign-in: \
         then it names the cookies that were sent, and those that were withheld with the browser's reason.",
);

/// What developer tools have to be told, to go on with another page.
const WITH_LOG: &str = "with Preserve log on";

/// The same for a capture by a program that keeps them unless it, or somebody after it, was told to leave them out.
const COOKIES_AS_EVER: Record =
    Record::Told("Export again, and take no headers or cookies out of the file; record from before the sign-in.");

/// The token of a call, for a capture by a program of which nobody has to be told about a setting of Chromium's.
const SENT_TOKEN_AS_EVER: Record =
    Record::Told("Record the call with its Authorization header, or the reply that gave the token out, with its body.");

/// [`Record::CookiesInChromium`] and [`Record::InChromium`] in one.
const IN_CHROMIUM_WITH_COOKIES: &str = "Record the same sign-in in Chrome or Edge as well, from before it, with Preserve log on and “Allow to \
     generate HAR with sensitive data” turned on (DevTools settings, Preferences, Network), and choose “Export HAR (with sensitive \
     data)”: their requests also say whether a frame's cookies are allowed. If it works there, let entrace compare tell what differs: \
     entrace compare WORKING FAILING.";

/// The browser's own error, for whoever has recorded with the tools that name it: Chromium's log goes on where they stop.
const ERROR_IN_NETLOG: Record = Record::Told(
    "Take a NetLog of the same failure (chrome://net-export, edge://net-export): it tells how far each request came, also where the \
     developer tools name no error.",
);

impl Record {
    /// The authorization request.
    pub(super) const AUTHORIZATION_REQUEST: Self = Self::Earlier {
        before: Start::SignIn("the sign-in begins"),
        with: "so that the authorization request is in the capture",
        shows: "",
    };

    /// The token request, with what it asks for.
    pub(super) const TOKEN_REQUEST: Self = Self::Told("Record the token request with its body.");

    /// In which window a request was made.
    pub(super) const FRAME: Self =
        Self::Told("Record with a browser that sends Sec-Fetch headers (any current one), or with one whose tool keeps request headers.");

    /// What tells on a browser that keeps the cookies of one security zone from frames of another.
    pub(crate) const COMPARE_ZONES: Self = Self::Told(
        "Compare the security zones of the application's site and of the sign-in host (Internet options, Security): they have to be the \
         same one. If a current browser on the same computer signs in silently, record it there as well, and let entrace compare tell \
         what differs: entrace compare WORKING FAILING.",
    );

    /// A sign-in before the one that failed.
    pub(super) const EARLIER: Self = Self::Earlier { before: Start::SignIn("the sign-in"), with: WITH_LOG, shows: "" };

    /// What has to be done to record what comes after a failure, up to the colon.
    pub(super) const SIGNING_IN_AGAIN: &str = "Keep recording while the person signs in again";

    /// What has to be recorded of a token reply, up to the colon.
    pub(super) const TOKEN_REPLY: &str = "Record the body of the token reply";

    /// The bodies of replies, with the program that recorded the capture.
    pub(crate) fn bodies(exporter: Exporter) -> Self {
        Self::Told(match exporter {
            // Its HAR export has a preference for the longest text, which is low unless somebody raised it.
            Exporter::Fiddler => "Save the sessions in Fiddler as SAZ: its HAR export leaves out texts above a length.",
            Exporter::ChromiumNetLog => "Record the log again with “Include raw bytes” chosen on the net-export page.",
            Exporter::ChromiumDevTools => {
                "Chromium drops the body of a page when its tab goes on: export while the page is still shown, or record a NetLog with \
                 “Include raw bytes”, or with a proxy, which keep every body."
            }
            Exporter::Playwright => "Record with content: 'embed' or 'attach', and without mode: 'minimal'.",
            _ => "Record the sign-in again with the bodies of replies; docs/capturing.md says which programs keep them.",
        })
    }

    /// The same with the program that recorded the capture, where this much is there of its cookies.
    pub(crate) fn with(self, exporter: Exporter, cookies: Coverage) -> Self {
        match (self, exporter) {
            // Whoever recorded cookies has not to be told how: the capture only begins too late.
            (Self::Cookies, _) if cookies == Coverage::Recorded => Self::EARLIER.with(exporter, cookies),
            (Self::Cookies, Exporter::ChromiumNetLog) => COOKIES_IN_NETLOG,
            (
                Self::Cookies,
                Exporter::Firefox | Exporter::Playwright | Exporter::Mitmproxy | Exporter::Charles | Exporter::Fiddler | Exporter::Burp,
            ) => COOKIES_AS_EVER,
            (Self::Cookies, Exporter::Safari | Exporter::SamlTracer | Exporter::Other) => Self::CookiesInChromium,
            (Self::FrameCookies | Self::FrameCookiesInNetLog, Exporter::Safari | Exporter::Firefox) => Self::InChromium,
            (Self::SentToken, exporter) if !matches!(exporter, Exporter::ChromiumDevTools | Exporter::Unknown) => SENT_TOKEN_AS_EVER,
            (Self::BrowserError, Exporter::ChromiumDevTools | Exporter::Playwright) => ERROR_IN_NETLOG,
            // There is none that tells more.
            (Self::BrowserError, Exporter::ChromiumNetLog) => Self::Nothing,
            // Whoever keeps them and has none had no reply.
            (
                Self::ReplyHeaders(_),
                Exporter::ChromiumDevTools | Exporter::Firefox | Exporter::Playwright | Exporter::Mitmproxy | Exporter::Fiddler,
            ) => Self::Nothing,
            // A proxy goes on recording whatever page is shown.
            (Self::Earlier { before, with: WITH_LOG, shows }, exporter) if exporter.is_proxy() => Self::Earlier { before, with: "", shows },
            _ => self,
        }
    }

    /// The same in the browser of the failing request: one that is none of Chromium's does not say what it does with a frame's
    /// cookies, whatever recorded it.
    pub(crate) fn of_browser(self, browser: Option<Browser>) -> Self {
        use Browser::{EdgeLegacy, Firefox, InternetExplorer};
        let tells = !browser.is_some_and(|browser| browser.is_apple() || matches!(browser, Firefox | InternetExplorer | EdgeLegacy));
        match self {
            Self::FrameCookies | Self::FrameCookiesInNetLog if !tells => Self::InChromium,
            _ => self,
        }
    }

    /// Whether it is about frames: whether there was one, or what the browser does with its cookies.
    pub(crate) fn is_of_frames(self) -> bool {
        self == Self::FRAME || matches!(self, Self::FrameCookies | Self::FrameCookiesInNetLog)
    }

    /// This and another as one, where they ask for the same but for what it shows, or one for no more than the other.
    pub(crate) fn joined(self, other: Self) -> Option<String> {
        match (self, other) {
            (Self::CookiesInChromium, Self::InChromium) | (Self::InChromium, Self::CookiesInChromium) => {
                Some(IN_CHROMIUM_WITH_COOKIES.to_owned())
            }
            (Self::ErrorText(first), Self::ErrorText(second)) => Some(error_text(&[first, second])),
            (Self::Earlier { before, with, shows }, Self::Earlier { before: other, with: with_too, shows: shows_too })
                if before.name() == other.name() =>
            {
                Some(earlier(before, &[with, with_too], &[shows, shows_too]))
            }
            (Self::Showing { what, shows }, Self::Showing { what: other, shows: shows_too }) if what == other => {
                Some(showing(what, &[shows, shows_too]))
            }
            _ => None,
        }
    }
}

fn earlier(before: Start, with: &[&str], shows: &[&str]) -> String {
    let with = clauses(with, ", and ");
    let with = if with.is_empty() { with } else { format!(", {with}") };
    showing(&format!("Record from before {}{with}", before.name()), shows)
}

fn showing(what: &str, shows: &[&str]) -> String {
    let shows = clauses(shows, "; ");
    if shows.is_empty() { format!("{what}.") } else { format!("{what}: {shows}.") }
}

fn error_text(says: &[&str]) -> String {
    format!("Record the whole error text, up to its trace id: it says {}.", clauses(says, ", and "))
}

/// Those that are not empty, each once.
fn clauses(all: &[&str], between: &str) -> String {
    let mut told: Vec<&str> = all.iter().copied().filter(|clause| !clause.is_empty()).collect();
    told.dedup();
    told.join(between)
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Cookies => f.write_str(
                "Export with cookies: in Chrome and Edge turn on “Allow to generate HAR with sensitive data” (DevTools settings, Preferences, \
                 Network), then choose “Export HAR (with sensitive data)”; record from before the sign-in, with Preserve log on.",
            ),
            Self::FrameCookies => f.write_str(
                "Record the same failure in Chrome or Edge 133 or later, which write into each request of a frame whether cookies are allowed \
                 there, or take a NetLog (edge://net-export), which names each cookie that was withheld and why.",
            ),
            Self::FrameCookiesInNetLog => f.write_str(
                "Take a NetLog of the same failure in Chrome or Edge (chrome://net-export, edge://net-export): it names each cookie that was \
                 withheld and why.",
            ),
            Self::Earlier { before, with, shows } => f.write_str(&earlier(*before, &[with], &[shows])),
            Self::Showing { what, shows } => f.write_str(&showing(what, &[shows])),
            Self::ErrorText(says) => f.write_str(&error_text(&[says])),
            Self::CookiesInChromium => f.write_str(
                "Record the sign-in in Chrome or Edge as well, from before it, with Preserve log on and “Allow to generate HAR with sensitive \
                 data” turned on (DevTools settings, Preferences, Network), and choose “Export HAR (with sensitive data)”.",
            ),
            Self::InChromium => f.write_str(
                "Record the same sign-in in Chrome or Edge as well, which write into each request of a frame whether cookies are allowed \
                 there. If it works there, let entrace compare tell what differs: entrace compare WORKING FAILING.",
            ),
            Self::BrowserError => f.write_str(
                "Record with Chrome's or Edge's developer tools, or a NetLog: they name the browser's own error for each request.",
            ),
            Self::SentToken => f.write_str(
                "Record the call with its Authorization header (in Chrome and Edge by “Export HAR (with sensitive data)”), or the reply that gave \
                 the token out, with its body.",
            ),
            Self::ReplyHeaders(tell) => write!(f, "Record with a tool that keeps the headers of replies: {tell}."),
            Self::Told(sentences) => f.write_str(sentences),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_fits_the_recorder() {
        let cookies = Record::Cookies;
        assert!(cookies.with(Exporter::ChromiumNetLog, Coverage::Stripped).to_string().contains("net-export"));
        assert_eq!(cookies.with(Exporter::ChromiumDevTools, Coverage::Partly), cookies);
        assert_eq!(cookies.with(Exporter::Unknown, Coverage::Stripped), cookies);
        // Of a setting of Chromium's tools nobody else has to be told as of his own.
        assert_eq!(cookies.with(Exporter::Fiddler, Coverage::Stripped), COOKIES_AS_EVER);
        assert_eq!(cookies.with(Exporter::Safari, Coverage::Unknown), Record::CookiesInChromium);
        assert_eq!(Record::TOKEN_REQUEST.with(Exporter::ChromiumNetLog, Coverage::Recorded), Record::TOKEN_REQUEST);
        assert_eq!(Record::FrameCookies.with(Exporter::Safari, Coverage::Recorded), Record::InChromium);
        assert_eq!(Record::FrameCookies.with(Exporter::Fiddler, Coverage::Recorded), Record::FrameCookies);
        // Whoever exported with cookies has not to be told how.
        assert_eq!(cookies.with(Exporter::ChromiumDevTools, Coverage::Recorded), Record::EARLIER);
    }

    #[test]
    fn who_recorded_with_a_tool_is_not_told_to_record_with_it() {
        assert!(!Record::BrowserError.with(Exporter::ChromiumDevTools, Coverage::Recorded).to_string().contains("developer tools, or"));
        assert_eq!(Record::BrowserError.with(Exporter::Safari, Coverage::Recorded), Record::BrowserError);
        assert_eq!(Record::BrowserError.with(Exporter::ChromiumNetLog, Coverage::Recorded), Record::Nothing);
        let headers = Record::ReplyHeaders("they tell");
        assert_eq!(headers.with(Exporter::ChromiumDevTools, Coverage::Recorded), Record::Nothing);
        assert_eq!(headers.with(Exporter::SamlTracer, Coverage::Recorded), headers);
    }

    #[test]
    fn what_begins_alike_is_told_once() {
        let joined = |one: Record, other: Record| one.joined(other);
        assert_eq!(
            joined(Record::ErrorText("whether cookies came"), Record::ErrorText("whether another is signed in")).as_deref(),
            Some("Record the whole error text, up to its trace id: it says whether cookies came, and whether another is signed in.")
        );
        let before = |with, shows| Record::Earlier { before: Start::SignIn("the sign-in"), with, shows };
        let bodies = before("with response bodies", "");
        assert_eq!(
            joined(before("with Preserve log on", ""), bodies).as_deref(),
            Some("Record from before the sign-in, with Preserve log on, and with response bodies.")
        );
        for (one, other) in [(before("", "it shows the home"), bodies), (bodies, before("", "it shows the home"))] {
            assert_eq!(joined(one, other).as_deref(), Some("Record from before the sign-in, with response bodies: it shows the home."));
        }
        assert_eq!(joined(before("", ""), bodies), Some(bodies.to_string()));
        assert_eq!(joined(bodies, before("", "")), Some(bodies.to_string()));
        let page = Record::Earlier { before: Start::Page, with: "with response bodies", shows: "" };
        assert_eq!(joined(bodies, page), None);
        let showing = |what, shows| Record::Showing { what, shows };
        assert_eq!(
            joined(showing("Go on", "this shows one"), showing("Go on", "that shows another")).as_deref(),
            Some("Go on: this shows one; that shows another.")
        );
        assert_eq!(joined(showing("Go on", ""), showing("Go on", "that shows another")).as_deref(), Some("Go on: that shows another."));
        assert_eq!(joined(showing("Go on", "one"), showing("Record the page", "two")), None);
        assert_eq!(joined(Record::CookiesInChromium, Record::InChromium).as_deref(), Some(IN_CHROMIUM_WITH_COOKIES));
    }

    #[test]
    fn what_is_said_of_a_step_and_of_its_sign_in_is_told_once() {
        let step = Record::Earlier {
            before: Start::Step("the sign-in begins"),
            with: "so that the authorization request is in the capture",
            shows: "",
        };
        assert_eq!(Record::AUTHORIZATION_REQUEST.joined(step), Some(Record::AUTHORIZATION_REQUEST.to_string()));
    }
}
