//! Reads what a browser or proxy recorded into the neutral model of [`crate::exchange`].
//!
//! Nothing here knows Entra ID beyond the table of its hosts, which decides together with a few names
//! (`selection`) which entries are kept whole. Every other entry leaves a summary, so that memory grows
//! with the sign-in traffic and not with the file.
//!
//! A file may be an archive of several captures, and each of them may be unreadable on its own:
//!
//! ```
//! use entrace::Capture;
//! use entrace::capture::{Limits, Options};
//!
//! let options = Options { limits: Limits { members: 1000, ..Limits::default() }, ..Options::default() };
//! for found in Capture::open_all("fixtures/signed-out.v5.devtools-full.har".as_ref(), &options)? {
//!     match found.capture {
//!         Ok(capture) => assert_eq!(capture.format.name(), "har"),
//!         Err(error) => println!("{}: {error}", found.path.join("!")),
//!     }
//! }
//! # Ok::<(), entrace::capture::CaptureError>(())
//! ```

#[cfg(any(fuzzing, test))]
mod agreement;
mod archive;
mod attachments;
mod burp_xml;
mod charles_json;
mod creator;
mod document;
mod error;
mod exporter;
mod har;
mod header_lines;
mod header_name;
mod http_message;
mod json_entries;
mod limits;
mod mitmproxy_flow;
mod msal_log;
mod netlog;
mod saml_tracer;
mod saz;
mod selection;
mod sniff;
mod source;
mod start_times;
mod warnings;
mod wrapper;
mod xml;

#[cfg(any(fuzzing, test))]
pub use agreement::check as check_file_for_fuzzing;
pub use document::Document;
pub use error::{CaptureError, Place};
pub use exporter::Exporter;
#[cfg(any(fuzzing, test))]
pub use har::check_for_fuzzing;
pub(crate) use har::{Json, Members, Room, UNKNOWN_TIME, codings_of, mime_of, note, read_base64, unescape_text, write_text};
pub(crate) use http_message::decode_base64;
pub use limits::{LimitChange, LimitError, Limits};
pub(crate) use msal_log::LARGEST as LARGEST_LOG;
pub use sniff::Kind;
pub use sniff::begins_like_a_capture;
pub use warnings::{EarlyEnd, Warning};
pub(crate) use xml::parse_xml;

use crate::exchange::{Exchange, RawText, Secret};
use attachments::Attachments;
use chrono::{DateTime, Utc};
use source::Source;
use start_times::{sorted_by, sorted_by_start};
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// One recorded file, read.
#[derive(Clone)]
#[non_exhaustive]
pub struct Capture {
    /// What kind of file it was.
    pub format: Format,
    /// The program that wrote it, as "name version"; at most 80 characters, none of them a control character.
    pub creator: Option<String>,
    /// Which known exporter that is: it decides what a missing part means.
    pub exporter: Exporter,
    /// The pages that the recorder saw, in the file's order.
    pub pages: Vec<Page>,
    /// What was sent and what came back, in order of time. An entry without a date stays after the one that
    /// precedes it in the file.
    pub exchanges: Vec<Exchange>,
    /// How many entries the file has, those that could not be read included.
    pub entries: usize,
    /// What was lost or repaired while reading, in the file's order. No warning quotes the capture.
    pub warnings: Vec<Warning>,
    /// Whether the file says that entrace redacted it: then values in it are stand-ins.
    pub redacted: bool,
    /// The text of a log of MSAL, which has errors and no exchanges.
    pub library_log: Option<RawText>,
}

/// The kinds of file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// HTTP Archive 1.1 to 1.3.
    Har,
    /// The log of Chromium's network stack.
    NetLog,
    /// Fiddler's session archive.
    Saz,
    /// mitmproxy's flow file.
    MitmproxyFlow,
    /// A session of Charles, as JSON.
    CharlesJson,
    /// Items saved by Burp Suite.
    BurpXml,
    /// An export of the browser extension SAML-tracer.
    SamlTracer,
    /// A log of a library of the MSAL family: errors without traffic.
    MsalLog,
}

impl Format {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Har => "har",
            Self::NetLog => "netlog",
            Self::Saz => "saz",
            Self::MitmproxyFlow => "mitmproxy-flow",
            Self::CharlesJson => "charles-json",
            Self::BurpXml => "burp-xml",
            Self::SamlTracer => "saml-tracer",
            Self::MsalLog => "msal-log",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A page that the recorder saw.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page {
    /// The recorder's id, which [`Exchange::page`] refers to.
    pub id: String,
    /// Its title, which Chromium's tools fill with the address.
    pub title: RawText,
    /// When it was opened, UTC.
    pub started: Option<DateTime<Utc>>,
}

/// How a file is to be read.
#[derive(Clone, Default)]
pub struct Options {
    /// The password of an encrypted SAZ.
    pub password: Option<Secret>,
    /// How much is read.
    pub limits: Limits,
    /// Whether only traffic is of use, and a log without any is refused.
    pub only_traffic: bool,
}

/// One of the captures in a file.
#[non_exhaustive]
pub struct Found {
    /// Its name in the archives around it, outermost first; empty for a file that is no archive.
    pub path: Vec<String>,
    /// The capture, or why it could not be read.
    pub capture: Result<Capture, CaptureError>,
    /// The file that it was read from, where that is a HAR and was asked for.
    har: Option<har::HarFile>,
}

/// Tells what kind of capture it is and how much it holds, and nothing of what was sent.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("format", &self.format)
            .field("creator", &self.creator)
            .field("exporter", &self.exporter)
            .field("pages", &self.pages.len())
            .field("exchanges", &self.exchanges.len())
            .field("entries", &self.entries)
            .field("warnings", &self.warnings)
            .field("redacted", &self.redacted)
            .finish_non_exhaustive()
    }
}

/// Tells whether there is a password, and not which.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("has_password", &self.password.is_some())
            .field("limits", &self.limits)
            .field("only_traffic", &self.only_traffic)
            .finish_non_exhaustive()
    }
}

/// Tells what kind of capture was found, and not the names in the archive, which are anybody's.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("archives", &self.path.len()).field("capture", &self.capture).finish_non_exhaustive()
    }
}

impl Found {
    /// What it is called in a file of that name: `captures.zip!login.har`.
    pub fn name_in(&self, file: &str) -> String {
        std::iter::once(file).chain(self.path.iter().map(String::as_str)).collect::<Vec<_>>().join("!")
    }
}

impl Capture {
    /// Reads a file that holds one capture.
    ///
    /// # Errors
    /// When the file can't be read, is not a capture, holds several, or not one entry of it is readable.
    pub fn open(path: &Path) -> Result<Self, CaptureError> {
        only(Self::open_all(path, &Options::default())?)?.capture
    }

    /// Reads every capture of a file: an archive may hold several.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn open_all(path: &Path, options: &Options) -> Result<Vec<Found>, CaptureError> {
        open(path, options, Keep::Capture)
    }

    /// Reads every capture of a file that is open already, and may have no name, from its beginning.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn all_from_file(file: File, options: &Options) -> Result<Vec<Found>, CaptureError> {
        opened(file, options, Keep::Capture)
    }

    /// Reads a file's content that holds one capture.
    ///
    /// # Errors
    /// When it is not a capture, holds several, or not one entry of it is readable.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, CaptureError> {
        only(Self::all_from_bytes(bytes, &Options::default()))?.capture
    }

    /// Reads every capture of a file's content.
    pub fn all_from_bytes(bytes: Vec<u8>, options: &Options) -> Vec<Found> {
        wrapper::open(Source::Bytes(bytes.into()), &Attachments::nowhere(), options, Keep::Capture)
    }

    /// Reads every capture of what comes through a pipe.
    pub fn all_from_reader(reader: impl Read, options: &Options) -> Vec<Found> {
        wrapper::open(Source::Stream(Box::new(reader)), &Attachments::nowhere(), options, Keep::Capture)
    }
}

/// What is kept of a file that was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// The capture alone.
    Capture,
    /// Of a HAR its text too.
    Har,
}

/// Reads every capture of a file.
fn open(path: &Path, options: &Options, keep: Keep) -> Result<Vec<Found>, CaptureError> {
    // Asked first because the message of a read from a folder differs from system to system.
    if path.is_dir() {
        return Err(CaptureError::Folder);
    }
    let file = File::open(path).map_err(CaptureError::Unreadable)?;
    let beside = Attachments::beside(path, options.limits.part);
    Ok(wrapper::open(Source::File(file), &beside, options, keep))
}

/// Reads every capture of a file that is open already. Nothing is known to lie beside it.
fn opened(mut file: File, options: &Options, keep: Keep) -> Result<Vec<Found>, CaptureError> {
    file.rewind().map_err(CaptureError::Unreadable)?;
    Ok(wrapper::open(Source::File(file), &Attachments::nowhere(), options, keep))
}

/// Reads a capture of a kind that is neither a wrapper nor a HAR.
fn read(kind: Kind, source: Source<'_>, options: &Options) -> Result<Capture, CaptureError> {
    match kind {
        Kind::NetLog => netlog::read(source),
        Kind::MitmproxyFlow => mitmproxy_flow::read(source.into_reader(), &options.limits),
        Kind::CharlesJson => charles_json::read(source.into_bytes()?, &options.limits),
        Kind::SamlTracer => saml_tracer::read(source.into_bytes()?, &options.limits),
        Kind::BurpXml => burp_xml::read(&source.into_bytes()?, &options.limits),
        Kind::MsalLog if options.only_traffic => Err(CaptureError::NoTraffic),
        Kind::MsalLog => msal_log::read(source),
        other => Err(CaptureError::NotReadable(other)),
    }
}

fn only(mut found: Vec<Found>) -> Result<Found, CaptureError> {
    match (found.len(), found.pop()) {
        (1, Some(only)) => Ok(only),
        (count, _) => Err(CaptureError::SeveralCaptures { count }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_and_its_bytes_read_the_same() {
        let path = std::env::temp_dir().join(format!("entrace-capture-{}.har", std::process::id()));
        let har = br#"{"log":{"entries":[{"request":{"url":"https://app.example/"}}]}}"#;
        std::fs::write(&path, har).unwrap();
        let capture = Capture::open(&path);
        std::fs::remove_file(&path).unwrap();
        let capture = capture.ok().unwrap();
        assert_eq!((capture.entries, capture.exchanges.len()), (1, 1));
        assert_eq!(capture.format.to_string(), "har");
    }

    #[test]
    fn a_file_without_a_name_is_read_from_its_beginning_and_again() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(br#"{"log":{"entries":[{"request":{"url":"https://app.example/"}}]}}"#).unwrap();
        for _ in 0..2 {
            let found = Capture::all_from_file(file.try_clone().unwrap(), &Options::default()).ok().unwrap();
            let entries: Vec<usize> = found.into_iter().map(|found| found.capture.ok().unwrap().entries).collect();
            assert_eq!(entries, [1]);
        }
        let document = Document::from_file(file, &Options::default()).ok().unwrap();
        assert_eq!(document.entries(), 1);
    }

    #[test]
    fn a_folder_is_no_capture() {
        let folder = std::env::temp_dir();
        let error = Capture::open(&folder).err().unwrap();
        assert!(error.to_string().contains("is a folder"), "{error}");
        assert!(matches!(error, CaptureError::Folder));
    }

    #[test]
    fn a_missing_file_is_told_with_the_systems_reason() {
        let error = Capture::open(Path::new("no/such/login.har")).err().unwrap();
        assert!(error.to_string().starts_with("the file cannot be read: "), "{error}");
        assert!(matches!(error, CaptureError::Unreadable(_)));
    }

    #[test]
    fn what_is_no_har_is_refused_by_its_kind() {
        let error = Capture::from_bytes(b"\x0A\x0D\x0D\x0A".to_vec()).err().unwrap();
        assert!(matches!(error, CaptureError::NotReadable(Kind::PacketCapture)));
    }
}
