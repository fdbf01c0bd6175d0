//! Logs of the MSAL libraries: the console of a browser, an application's log, errors as JSON.
//!
//! A log tells errors and no traffic. Beside a capture its errors are joined to those of the capture ([`Join`]), and tell
//! what the library made of them; alone they are all there is. Only codes, ids, times and names of errors that `entra/msal`
//! lists are kept.
//!
//! Alone a log is a capture without exchanges that keeps its text (`Capture::library_log`). `analysis/log_alone` takes it
//! before any traffic is read, and `diagnosis/msal_log` weighs each error by the same rules with every claim not recorded but
//! those that the error itself makes, and lets nothing be certain. Beside a capture the claims of `checks/msal_log` are weak
//! where the library can only say that it waited in vain.
//!
//! What MSAL says where there is no code (`monitor_window_timeout`) stands in `symptoms.toml` beside the failures that it may
//! be in a capture; where it may be several, their causes are weighed together. `popup-left` is never found in a capture: of a
//! window that somebody closed, that shows a page that nobody answered.

mod error;
mod event;
mod head;
mod join;
mod json;
mod lines;

pub use error::MsalLogError;
pub use event::Event;
pub(crate) use event::names_error;
pub use head::{Level, Library};
pub use join::{By, Join, Sought};

use crate::entra::{ErrorCode, Guid};
use crate::logs::{Told, bytes_of, text_of};
use event::Piece;
use head::Head;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The errors of every log that was given.
#[derive(Clone, Debug, Default)]
pub struct MsalLogs {
    /// The files, in the order in which they were given.
    pub files: Vec<MsalLogFile>,
    events: Told<Event>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MsalLogFile {
    /// The path as it was given.
    pub path: String,
    /// The library that wrote the first line of its own, where one tells.
    pub library: Option<Library>,
    /// How many errors were read from it; one that is told several times counts once.
    pub errors: usize,
    /// What was lost in reading.
    pub warnings: Vec<String>,
}

/// A log, read.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MsalLog {
    /// The library that wrote the first line of its own, where one tells.
    pub library: Option<Library>,
    /// Its errors, in the order of the file; one that is told several times stands once.
    pub events: Vec<Event>,
    /// What was lost in reading.
    pub warnings: Vec<String>,
    /// Whether anything in it is MSAL's.
    is_of_msal: bool,
}

/// What the readers put together.
#[derive(Default)]
struct Contents {
    log: MsalLog,
    /// Where an error stands that has these codes, or this name, and this id.
    known: HashMap<Key, usize>,
    unnamed: usize,
}

/// What makes two reports of an error the same error.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    codes: Vec<ErrorCode>,
    error: Option<&'static str>,
    id: Guid,
}

impl Contents {
    /// Notes how a line begins.
    fn saw(&mut self, head: Option<&Head>) {
        self.log.is_of_msal |= head.is_some();
        if self.log.library.is_none() {
            self.log.library = head.map(|head| head.library.clone());
        }
    }

    /// Takes what a piece of the log comes to. Libraries tell an error at every level that it passes.
    fn add(&mut self, piece: Piece) {
        let event = match piece {
            Piece::Error(event) => *event,
            Piece::Unnamed => {
                self.unnamed += 1;
                return;
            }
            Piece::Other => return,
        };
        let key = |id: &Guid| {
            let error = if event.codes.is_empty() { event.error } else { None };
            Key { codes: event.codes.clone(), error, id: id.clone() }
        };
        let by_trace = event.trace_id.as_ref().map(key);
        let by_correlation = event.correlation_id.as_ref().map(key);
        let events = &mut self.log.events;
        let known = match &by_trace {
            Some(key) => self.known.get(key),
            None => by_correlation.as_ref().and_then(|key| self.known.get(key)),
        };
        if let Some(known) = known.and_then(|at| events.get_mut(*at)) {
            known.correlation_id = known.correlation_id.take().or(event.correlation_id);
            known.timestamp = known.timestamp.or(event.timestamp);
            known.time = known.time.or(event.time);
            known.error = known.error.or(event.error);
            known.suberror = known.suberror.or(event.suberror);
            known.library = known.library.take().or(event.library);
            return;
        }
        self.known.extend(by_trace.map(|key| (key, events.len())));
        if let Some(key) = by_correlation {
            self.known.entry(key).or_insert(events.len());
        }
        events.push(event);
    }

    fn end(self) -> MsalLog {
        let mut log = self.log;
        // The name alone of an error that stands with its code elsewhere adds nothing.
        let coded = log.events.iter().filter(|event| !event.codes.is_empty());
        let coded: HashSet<(Guid, &'static str)> = coded.filter_map(|event| Some((event.correlation_id.clone()?, event.error?))).collect();
        log.events.retain(|event| {
            let named = event.correlation_id.clone().zip(event.error);
            !event.codes.is_empty() || named.is_none_or(|named| !coded.contains(&named))
        });
        if self.unnamed > 0 {
            let errors = if self.unnamed == 1 {
                "1 message is an error that names".to_owned()
            } else {
                format!("{} messages are errors that name", self.unnamed)
            };
            log.warnings.push(format!("{errors} neither a code nor an error that is known"));
        }
        log
    }
}

impl MsalLog {
    /// Reads the text of a log.
    pub fn read(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut contents = Contents::default();
        match is_json(text).then(|| json::read(text, &mut contents)) {
            Some(None) => {}
            None | Some(Some(json::Break { values: 0, .. })) => lines::read(text, 0, &mut contents),
            Some(Some(json::Break { byte, line, .. })) => {
                lines::read(text.get(byte..).unwrap_or_default(), line, &mut contents);
                let told = "the JSON breaks off or is damaged in line";
                contents.log.warnings.push(format!("{told} {}; the errors before that were read, and what follows as text", line + 1));
            }
        }
        contents.end()
    }

    /// Reads the bytes of a log, whatever Unicode they are in.
    ///
    /// # Errors
    /// When it is too large or empty, or nothing in it is MSAL's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MsalLogError> {
        let log = Self::read(&text_of(bytes)?);
        if log.is_of_msal || !log.events.is_empty() { Ok(log) } else { Err(MsalLogError::NoLines) }
    }
}

/// Whether a text is JSON by its beginning. A line of msal-js begins with its date in brackets, which no JSON does.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let list = text.strip_prefix('[').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_uppercase()));
    text.starts_with('{') || list
}

/// So many bytes of a text, or a little less where a character would be cut.
fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

impl MsalLogs {
    /// Adds a file: the text of a console or log, or errors as JSON.
    ///
    /// # Errors
    /// When it cannot be opened, or nothing in it is MSAL's.
    pub fn add(&mut self, path: &Path) -> Result<(), MsalLogError> {
        self.add_bytes(&path.display().to_string(), &bytes_of(path)?)
    }

    /// Adds a file's bytes under its path.
    ///
    /// # Errors
    /// When nothing in it is MSAL's.
    pub fn add_bytes(&mut self, path: &str, bytes: &[u8]) -> Result<(), MsalLogError> {
        let MsalLog { library, events, warnings, .. } = MsalLog::from_bytes(bytes)?;
        let file = self.files.len();
        self.files.push(MsalLogFile { path: path.to_owned(), library, errors: events.len(), warnings });
        for event in events {
            let (trace_id, correlation_id) = (event.trace_id.clone(), event.correlation_id.clone());
            self.events.add(Event { file, ..event }, trace_id, correlation_id);
        }
        Ok(())
    }

    /// Whether no log was given.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Every error, in the order of the files.
    pub fn events(&self) -> &[Event] {
        self.events.all()
    }

    /// The file of an error.
    pub fn file_of(&self, event: &Event) -> Option<&MsalLogFile> {
        self.files.get(event.file)
    }
}

#[cfg(test)]
mod tests;
