//! The neutral model: one request with its response, whatever recorded it.
//!
//! Nothing here knows a file format, nor the words of a recorder but for those that stand in the place of a header's value
//! ([`Header`]): readers bring them to the types of this room. What a recorder can lose is [`Recorded`], what can be replayed
//! is [`Secret`], and text that came from a capture is [`RawText`], which no output can print by accident. Of Microsoft's
//! services there are the names of their [`hosts`], by which `capture` chooses what to keep, and nothing of what they say.

mod calendar;
mod cookies;
mod headers;
pub mod hosts;
mod interner;
mod not_answered;
mod recorded;
mod secret;
mod text;

pub(crate) use calendar::writable;
pub(crate) use cookies::joined_by_commas;
pub(crate) use headers::is_stripped;
pub use headers::{Header, Headers};
pub(crate) use interner::Interner;
pub use not_answered::{NotAnswered, ProxyFailure};
pub use recorded::{Loss, Recorded};
pub use secret::{Secret, Written};
pub(crate) use text::host;
pub use text::{RawText, RawUrl};

pub use arcstr::ArcStr;
use chrono::{DateTime, Utc};

/// One request and what came back, as some recorder kept it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// Position in the capture's own order, counted from 0, entries that could not be read included.
    pub entry: usize,
    /// The recorder's own name for the entry where it shows one (a SAZ's session number).
    pub label: Option<ArcStr>,
    /// When the request began by the recorder's clock, UTC.
    pub started: Option<DateTime<Utc>>,
    /// From start to end in milliseconds.
    pub duration_ms: Option<f64>,
    /// The recorder's id of the top-level page that the request belongs to.
    pub page: Recorded<ArcStr>,
    /// What made the browser send it.
    pub initiator: Recorded<Initiator>,
    /// What the browser wanted it for.
    pub resource: Recorded<Resource>,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub response: Response,
    /// Whether bodies and all headers were kept, or only what a summary needs.
    pub kept_whole: bool,
}

/// What was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The HTTP method, upper case.
    pub method: ArcStr,
    /// The address, as recorded.
    pub url: RawUrl,
    /// The request's headers.
    pub headers: Headers,
    /// The names of the cookies sent, where the recorder lists them beside the headers.
    pub listed_cookies: Box<[ArcStr]>,
    /// The cookies that the browser held and did not send, with its own reasons: only a NetLog knows them.
    pub withheld_cookies: Recorded<Vec<WithheldCookie>>,
    /// The posted body, decoded to text.
    pub body: Recorded<RawText>,
}

/// A cookie that the browser held for an address and did not send with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WithheldCookie {
    /// Its name; `None` where the recorder leaves names out.
    pub name: Option<String>,
    /// Why, in few words of a protocol (`EXCLUDE_THIRD_PARTY_PHASEOUT`).
    pub reason: String,
    /// Whether the browser withheld it for being a third party's: a setting, a policy, partitioning.
    pub as_third_party: bool,
}

/// What came back.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status; `None` where no response came.
    pub status: Option<u16>,
    /// The response's headers.
    pub headers: Headers,
    /// The names of the cookies set, where the recorder lists them beside the headers.
    pub listed_cookies: Box<[ArcStr]>,
    /// Where the recorder itself says the response redirects to, with the fragment if it keeps one.
    pub redirect: Option<RawText>,
    /// The MIME type without parameters, lower case.
    pub mime: Option<ArcStr>,
    /// The size of the decoded body in bytes, where told.
    pub size: Option<u64>,
    /// The body, decompressed and decoded to text.
    pub body: Recorded<RawText>,
    /// Why no response came; `None` where one came, or the recorder says nothing of it.
    pub failure: Option<NotAnswered>,
}

/// What made the browser send a request.
#[derive(Clone)]
#[non_exhaustive]
pub struct Initiator {
    /// `parser`, `script`, `other` and so on, as the recorder names it.
    pub kind: ArcStr,
    /// The document or script it came from.
    pub url: Option<RawUrl>,
}

/// What the browser wanted a resource for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resource {
    /// A document, in a tab or a frame.
    Document,
    /// `fetch` or `XMLHttpRequest`.
    Fetch,
    /// A script.
    Script,
    /// A CORS preflight.
    Preflight,
    /// A beacon or ping.
    Ping,
    /// A web socket.
    WebSocket,
    /// Images, styles, fonts and whatever else.
    Other,
}
