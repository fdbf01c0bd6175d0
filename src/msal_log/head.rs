//! How a line of MSAL begins: when, how bad, which library, for which request.
//!
//! msal-js: `[Fri, 20 Nov 2026 14:00:00 GMT] : [<correlation id>] : @azure/msal-browser@4.12.0 : Error - …`, behind the
//! script and line that a browser puts before it. MSAL.NET: `… MSAL 4.61.3.0 MSAL.NetCore … [2026-11-20 14:00:00Z - <correlation id>] …`,
//! with the level wherever the application puts it. MSAL4J: `… ERROR … [Correlation ID: <id>] …`. MSAL Python: `ERROR:msal.application:…`,
//! or the name of that logger among what the application's format says.

use super::beginning;
use crate::entra::Guid;
use crate::exchange::writable;
use chrono::{DateTime, NaiveDateTime, Utc};

/// How bad a line is, by the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Something failed.
    Error,
    /// Anything less.
    Other,
}

/// Who wrote a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Library {
    /// The name.
    pub name: &'static str,
    /// The version, where the line tells it.
    pub version: Option<String>,
}

/// How a line begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// When, UTC; `None` where the line tells no time, or one without its zone.
    pub(super) time: Option<DateTime<Utc>>,
    pub(super) level: Option<Level>,
    pub(super) library: Library,
    pub(super) correlation_id: Option<Guid>,
}

/// How far into a line its head is looked for, in bytes.
const HEAD: usize = 1024;

/// The packages of msal-js that log.
const PACKAGES: &[&str] = &["msal-browser", "msal-common", "msal-node", "msal-react", "msal-angular"];
/// The loggers of MSAL Python.
const LOGGERS: &[&str] = &["msal.application", "msal.oauth2cli", "msal.authority", "msal.token_cache", "msal.telemetry", "msal.broker"];

impl Head {
    /// How a line begins; `None` for one that MSAL did not write, or that goes on with what it wrote.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = beginning(line, HEAD);
        script(line).or_else(|| dot_net(line)).or_else(|| java(line)).or_else(|| python(line))
    }
}

fn script(line: &str) -> Option<Head> {
    let at = line.find(": @azure/msal-").map(|at| at + ": @azure/".len()).or_else(|| line.find(": msal.js.").map(|at| at + 2))?;
    let (before, rest) = line.split_at_checked(at)?;
    let (named, rest) = rest.split_once(" : ").unwrap_or((rest, ""));
    let (package, version) = named.split_once('@').unwrap_or((named, ""));
    let name = PACKAGES.iter().find(|known| **known == package).copied().unwrap_or("msal-js");
    let brackets = || before.split('[').skip(1).filter_map(|part| part.split(']').next());
    Some(Head {
        time: brackets().find_map(|text| DateTime::parse_from_rfc2822(text).ok()).and_then(|time| writable(time.to_utc())),
        level: Some(level(rest.split(['-', ' ']).next().unwrap_or_default())),
        library: Library { name, version: plain_version(version) },
        correlation_id: brackets().find_map(Guid::parse),
    })
}

fn dot_net(line: &str) -> Option<Head> {
    let at = line.find(" MSAL.").or_else(|| line.starts_with("MSAL.").then_some(0))?;
    let (before, rest) = line.split_at_checked(at)?;
    let (_, bracket) = rest.split_once('[')?;
    let (inside, _) = bracket.split_once(']')?;
    let (time, id) = inside.split_once(" - ").unwrap_or((inside, ""));
    let read = |format| NaiveDateTime::parse_from_str(time.trim().trim_end_matches('Z'), format).ok();
    let version = before.rsplit("MSAL ").next().filter(|_| before.contains("MSAL ")).unwrap_or_default();
    Some(Head {
        time: read("%Y-%m-%d %H:%M:%S").or_else(|| read("%m/%d/%Y %H:%M:%S")).and_then(|time| writable(time.and_utc())),
        level: words_of(before).find_map(known_level),
        library: Library { name: "MSAL.NET", version: plain_version(version) },
        correlation_id: Guid::parse(id.trim()),
    })
}

fn java(line: &str) -> Option<Head> {
    const LABEL: &str = "[Correlation ID: ";
    let at = line.find(LABEL);
    let before = at.and_then(|at| line.get(..at)).unwrap_or(line);
    if at.is_none() && !before.contains("com.microsoft.aad.msal4j.") {
        return None;
    }
    let is_trace = line.trim_start().starts_with("at ") || line.trim_start().starts_with("Caused by:");
    let id = at.and_then(|at| Guid::parse(line.get(at + LABEL.len()..)?.split(']').next()?));
    let head = || Head {
        time: None,
        level: words_of(before).find_map(known_level),
        library: Library { name: "MSAL4J", version: None },
        correlation_id: id,
    };
    (!is_trace).then(head)
}

fn python(line: &str) -> Option<Head> {
    let logger = LOGGERS.iter().find_map(|logger| line.find(logger))?;
    // The level stands before or behind the logger's name, as the application wants it.
    let around = beginning(line, logger + 60);
    Some(Head {
        time: None,
        level: words_of(around).find_map(known_level),
        library: Library { name: "MSAL Python", version: None },
        correlation_id: None,
    })
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic())
}

fn level(word: &str) -> Level {
    known_level(word).unwrap_or(Level::Other)
}

/// The levels of the libraries, and of what they log through.
fn known_level(word: &str) -> Option<Level> {
    match word {
        "Error" | "ERROR" | "CRITICAL" | "fail" | "crit" => Some(Level::Error),
        "Warning" | "WARN" | "WARNING" | "Info" | "INFO" | "Verbose" | "DEBUG" | "Trace" | "TRACE" | "Always" => Some(Level::Other),
        _ => None,
    }
}

/// The words of versions that are not released yet. No other words are taken from a log.
const STAGES: [&str; 9] = ["", "a", "b", "rc", "alpha", "beta", "preview", "dev", "post"];

/// A version as it may be shown.
fn plain_version(text: &str) -> Option<String> {
    let version: String = text.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')).collect();
    let is_plain = |part: &str| STAGES.contains(&&*part.trim_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase());
    let starts = version.starts_with(|c: char| c.is_ascii_digit());
    (starts && version.len() <= 24 && version.split(['.', '-', '+']).all(is_plain)).then_some(version)
}
