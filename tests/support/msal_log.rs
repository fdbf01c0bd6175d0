//! A log of MSAL that fits a capture: lines of a browser's console with the ids of the capture's last failure.

use entrace::capture::Capture;
use entrace::diagnosis::{Diagnosis, Occurrence};
use entrace::msal_log::MsalLogs;
use entrace::{Knowledge, analyze};
use std::sync::OnceLock;

/// A console with one message for each of some errors, all of one call of the library.
#[derive(Clone)]
pub(crate) struct Console {
    messages: Vec<String>,
    of_other_call: bool,
}

/// A console with an error that MSAL itself reports.
pub(crate) fn console(error: &str) -> Console {
    Console { messages: vec![format!("BrowserAuthError: {error}: Something about ada@contoso.example.")], of_other_call: false }
}

impl Console {
    /// Another error of the same call.
    pub(crate) fn and(mut self, error: &str) -> Self {
        self.messages.extend(console(error).messages);
        self
    }

    /// The errors are those of another call of the library.
    pub(crate) fn of_other_call(self) -> Self {
        Self { of_other_call: true, ..self }
    }

    /// The lines as a file.
    pub(crate) fn text(&self, capture: &[u8]) -> String {
        let of_failure = last_failure(capture).correlation_id.map(|id| id.as_str().to_owned());
        let id = if self.of_other_call { Some("00990000-0000-4000-8000-00000000000c".to_owned()) } else { of_failure };
        let id = id.unwrap_or_default();
        let line = |message: &String| {
            format!("app.js:7 [Fri, 20 Nov 2026 14:42:29 GMT] : [{id}] : @azure/msal-browser@4.12.0 : Error - {message}\n")
        };
        self.messages.iter().map(line).collect()
    }

    /// The lines, read.
    pub(crate) fn logs(&self, capture: &[u8]) -> MsalLogs {
        let mut logs = MsalLogs::default();
        logs.add_bytes("console.log", self.text(capture).as_bytes()).unwrap();
        logs
    }
}

/// The capture's last failure.
pub(crate) fn last_failure(capture: &[u8]) -> Occurrence {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    let capture = Capture::from_bytes(capture.to_vec()).unwrap();
    let analysis = analyze(&capture, KNOWLEDGE.get_or_init(Knowledge::builtin));
    let last = |diagnosis: &&Diagnosis| diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).max();
    analysis.diagnoses.iter().max_by_key(last).unwrap().occurrences.last().unwrap().clone()
}
