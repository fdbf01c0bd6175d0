//! Reads bytes as a log of MSAL: all ways of reading it as a file agree; its errors are the same in UTF-16 and with the
//! line ends of Windows, and of its text nothing is kept.

#![no_main]

use entrace::capture::{Kind, check_file_for_fuzzing};
use entrace::msal_log::{Event, MsalLog};
use entrace_fuzz::files::{options, sizes};
use entrace_fuzz::holds;
use libfuzzer_sys::{Corpus, fuzz_target};

/// A word that stands in the sentences of the seeds.
const PERSON: &str = "zelda";

fn events(log: &MsalLog) -> Vec<Event> {
    log.events.clone()
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let outcome = MsalLog::from_bytes(bytes);
    if Kind::of_beginning(bytes) == Kind::MsalLog {
        holds(check_file_for_fuzzing(bytes, &sizes(bytes), &options()));
    }
    let log = match outcome {
        Ok(log) => log,
        Err(error) => {
            assert!(!error.to_string().contains(PERSON));
            return Corpus::Keep;
        }
    };
    let told = format!("{log:?}");
    assert!(!told.to_lowercase().contains(PERSON), "{told}");
    assert!(
        log.events.is_sorted_by(|one, next| one.part != next.part || one.number <= next.number),
        "errors are in the order of the file: {told}"
    );
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Keep };
    if text.starts_with('\u{feff}') {
        return Corpus::Keep;
    }
    let wide: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let wide = MsalLog::from_bytes(&wide).map(|log| events(&log)).unwrap_or_default();
    assert_eq!(wide, log.events, "in UTF-16");
    if !text.contains('\r') {
        assert_eq!(events(&MsalLog::read(&text.replace('\n', "\r\n"))), log.events, "with the line ends of Windows");
    }
    Corpus::Keep
});
