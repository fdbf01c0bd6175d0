//! A code of which no capture tells the cause: all that is known of it stands in every report.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod support;

use entrace::Knowledge;
use entrace::entra::{ErrorCode, Family};
use entrace::knowledge::Code;
use program::{FORMATS, entrace};
use std::fs;
use support::capture;
use tempfile::TempDir;

/// The report of a capture in which the service answers with a code.
fn report(number: u32, format: &str) -> String {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.har");
    fs::write(&path, capture().redirect(|r| r.fails(number, "Something.")).bytes()).unwrap();
    let output = entrace().args(["--format", format]).arg(&path).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Only letters and digits, so that wrapping and escapes do not matter.
fn bare(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // What is left of a reference such as `&#39;`.
        plain.push_str(piece.split_once(';').filter(|(name, _)| name.len() <= 6).map_or(piece, |(_, rest)| rest));
    }
    plain.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn without_causes(knowledge: &Knowledge) -> (u32, &Code) {
    let code = |code: &Code| code.number().filter(|number| number.family == Family::Aadsts && !number.is_step_of_a_page());
    let found = knowledge.codes().find(|one| one.causes.is_empty() && one.usual.len() > 1 && !one.step && code(one).is_some()).unwrap();
    (code(found).unwrap().number, found)
}

#[test]
fn all_that_is_known_stands_in_every_report() {
    let knowledge = Knowledge::builtin();
    let (number, code) = without_causes(&knowledge);
    for format in FORMATS {
        let report = report(number, format);
        let told = bare(&report);
        let fixes = code.fixes.iter().map(|fix| &fix.action);
        for known in [&code.title, &code.meaning].into_iter().chain(&code.usual).chain(fixes).chain(&code.references) {
            assert!(told.contains(&bare(known)), "{format} of {} lacks “{known}”:\n{report}", code.code);
        }
        assert!(report.contains("not-modelled"), "{report}");
    }
}

#[test]
fn a_code_that_nobody_knows_is_told_with_what_the_capture_says() {
    let number = 9_999_999;
    assert!(Knowledge::builtin().code(ErrorCode::aadsts(number)).is_none());
    for format in FORMATS {
        let report = report(number, format);
        assert!(report.contains("AADSTS9999999") && report.contains("not-modelled"), "{report}");
    }
}
