//! What Fiddler notes of a session beside its traffic (`N_m.xml`).

use crate::capture::parse_xml;
use crate::exchange::writable;
use chrono::{DateTime, Utc};

/// The most XML nodes that are read; Fiddler writes some dozens.
const MOST_NODES: u32 = 10_000;

/// The longest session number, in digits.
const LONGEST_NUMBER: usize = 10;

/// The bit of `BitFlags` that says that the session was decrypted HTTPS (`SessionFlags.IsHTTPS`).
const IS_HTTPS: u64 = 1;

/// What is used of the metadata.
#[derive(Default)]
pub(super) struct Metadata {
    /// The session's number in Fiddler's window.
    pub(super) id: Option<String>,
    /// Whether it was HTTPS, where told.
    pub(super) is_https: Option<bool>,
    /// When the client began to send.
    pub(super) started: Option<DateTime<Utc>>,
    /// When the client had the response.
    pub(super) done: Option<DateTime<Utc>>,
    /// Whether the start is there and is no date.
    pub(super) bad_start: bool,
}

impl Metadata {
    /// Reads the metadata; `None` for what is no such XML.
    pub(super) fn read(xml: &[u8]) -> Option<Self> {
        let text = super::super::http_message::text(xml, None);
        let document = parse_xml(text.trim_start(), MOST_NODES)?;
        let session = document.descendants().find(|node| node.has_tag_name("Session"))?;
        let attribute = |name| session.attribute(name).map(str::trim);
        let is_number = |id: &&str| (1..=LONGEST_NUMBER).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        let bits = attribute("BitFlags").and_then(|bits| u64::from_str_radix(bits, 16).ok()).filter(|bits| *bits != 0);
        let timers = session.children().find(|node| node.has_tag_name("SessionTimers"));
        let timer = |name| timers.and_then(|timers| timers.attribute(name)).map_or(Timer::Unset, Timer::read);
        let start = timer("ClientBeginRequest");
        Some(Self {
            id: attribute("SID").filter(is_number).map(str::to_owned),
            is_https: bits.map(|bits| bits & IS_HTTPS != 0),
            bad_start: matches!(start, Timer::Bad),
            started: start.date(),
            done: timer("ClientDoneResponse").date(),
        })
    }

    /// From start to end in milliseconds.
    pub(super) fn duration_ms(&self) -> Option<f64> {
        let micros = (self.done? - self.started?).num_microseconds()?;
        (micros >= 0).then_some(micros as f64 / 1000.0)
    }
}

/// A moment that Fiddler notes.
enum Timer {
    At(DateTime<Utc>),
    /// `0001-01-01T00:00:00`, .NET's zero.
    Unset,
    Bad,
}

impl Timer {
    fn read(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() || text.starts_with("0001-01-01") {
            return Self::Unset;
        }
        DateTime::parse_from_rfc3339(text).ok().and_then(|date| writable(date.to_utc())).map_or(Self::Bad, Self::At)
    }

    fn date(self) -> Option<DateTime<Utc>> {
        if let Self::At(date) = self { Some(date) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Metadata {
        Metadata::read(xml.as_bytes()).unwrap()
    }

    #[test]
    fn as_fiddler_writes_it() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session SID=\"5\" BitFlags=\"1001\">\r\n  <SessionTimers \
            ClientConnected=\"2026-11-20T15:45:02.173+01:00\" ClientBeginRequest=\"2026-11-20T15:45:02.1750001+01:00\" \
            ClientDoneResponse=\"2026-11-20T15:45:02.226+01:00\" /><PipeInfo /></Session>";
        let metadata = read(xml);
        assert_eq!((metadata.id.as_deref(), metadata.is_https, metadata.bad_start), (Some("5"), Some(true), false));
        assert_eq!(metadata.started.unwrap().to_rfc3339(), "2026-11-20T14:45:02.175000100+00:00");
        assert!((metadata.duration_ms().unwrap() - 50.999).abs() < 1e-9);
    }

    #[test]
    fn unset_times() {
        let metadata = read("<Session><SessionTimers ClientBeginRequest='0001-01-01T00:00:00' ClientDoneResponse=''/></Session>");
        assert!(metadata.started.is_none() && metadata.done.is_none() && !metadata.bad_start && metadata.duration_ms().is_none());
        assert!(metadata.id.is_none() && metadata.is_https.is_none());
    }

    #[test]
    fn bad_times() {
        for bad in ["yesterday", "2026-11-20T15:45:02", "2026-13-20T15:45:02Z"] {
            let metadata = read(&format!("<Session><SessionTimers ClientBeginRequest='{bad}'/></Session>"));
            assert!(metadata.bad_start && metadata.started.is_none(), "{bad}");
        }
    }

    #[test]
    fn an_end_before_the_start_is_no_duration() {
        let times = "ClientBeginRequest='2026-11-20T15:45:02Z' ClientDoneResponse='2026-11-20T15:45:01Z'";
        assert_eq!(read(&format!("<Session><SessionTimers {times}/></Session>")).duration_ms(), None);
    }

    #[test]
    fn ids_are_numbers() {
        for bad in ["", "x", "-1", "12345678901"] {
            assert_eq!(read(&format!("<Session SID='{bad}'/>")).id, None, "{bad}");
        }
    }

    #[test]
    fn bits() {
        let https = |bits: &str| read(&format!("<Session BitFlags='{bits}'/>")).is_https;
        assert_eq!((https("9"), https("8"), https("0"), https("x")), (Some(true), Some(false), None, None));
    }

    #[test]
    fn what_is_no_metadata() {
        let entities = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Session SID='&a;'/>";
        let many = format!("<Session>{}</Session>", "<a/>".repeat(MOST_NODES as usize));
        for bad in ["", "<Session", "<x/>", entities, &many] {
            assert!(Metadata::read(bad.as_bytes()).is_none());
        }
    }
}
