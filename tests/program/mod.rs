//! The real program and the labelled captures, for the tests that look from the outside.

#![allow(dead_code, clippy::print_stdout, reason = "no test file needs all of it, and what is skipped is said")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every `--format` of `diagnose`. A new one belongs in here, and is then held to what every report has to keep;
/// `tests/house.rs` compares the list with the program.
pub(crate) const FORMATS: [&str; 6] = ["text", "json", "ndjson", "markdown", "html", "sarif"];

/// The program, in the folder of the labelled captures and with nothing in its environment but that it shall take no
/// defaults from files: one may lie above.
pub(crate) fn entrace() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entrace"));
    command.env_clear().env("ENTRACE_CONFIG", "").current_dir(fixtures());
    command
}

/// What the program answers to these arguments.
pub(crate) fn run(arguments: &[&str]) -> Output {
    entrace().args(arguments).output().unwrap()
}

/// What `diagnose` answers on a labelled capture.
pub(crate) fn diagnose(capture: &str, options: &[&str]) -> Output {
    report("diagnose", capture, options)
}

/// What a subcommand answers on a labelled capture, which it can open: its password, if it has one, is in its truth file.
pub(crate) fn report(subcommand: &str, capture: &str, options: &[&str]) -> Output {
    let mut command = entrace();
    if let Some(password) = password(capture) {
        command.env("ENTRACE_PASSWORD", password);
    }
    command.arg(subcommand).args(options).arg(capture).output().unwrap()
}

/// The password of a labelled capture.
pub(crate) fn password(capture: &str) -> Option<String> {
    let (_, truth) = labelled().into_iter().find(|(name, _)| name == capture)?;
    let truth: serde_json::Value = serde_json::from_slice(&fixture(&truth)).unwrap();
    Some(truth.get("password")?.as_str()?.to_owned())
}

/// Whether a test can be made that needs something of this system. Where that is missing the test says so and passes,
/// unless nothing may be skipped (`ENTRACE_NO_SKIPS=1`), as where everything is known to be there.
#[track_caller]
pub(crate) fn needs(what: &str, is_there: bool) -> bool {
    if !is_there {
        assert!(std::env::var_os("ENTRACE_NO_SKIPS").is_none(), "this may not be skipped, and needs {what}");
        println!("skipped: this needs {what}");
    }
    is_there
}

/// Whether a program is there and does what it is asked.
pub(crate) fn works(program: &str, arguments: &[impl AsRef<OsStr>]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Whether somebody may mount a disk of their own here.
pub(crate) fn can_mount() -> bool {
    needs("unshare, which may mount", works("unshare", &["-rm", "mount", "-t", "tmpfs", "none", "/tmp"]))
}

/// The folder of the labelled captures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// One capture of that folder.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The file names of all labelled captures with those of their truth files, in order.
pub(crate) fn labelled() -> Vec<(String, String)> {
    const TRUTH: &str = ".truth.json";
    let mut names: Vec<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    let (truths, captures): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| name.ends_with(TRUTH));
    assert_eq!(truths.len(), captures.len(), "every capture has one truth file, and every truth file one capture");
    let stem = |truth: &&String| truth.strip_suffix(TRUTH).map_or(0, str::len);
    let truth_of = |capture: String| {
        let beside = |truth: &&String| capture.get(..=stem(truth)).is_some_and(|start| start.ends_with('.') && truth.starts_with(start));
        // The names of some captures begin like those of others.
        let truth = truths.iter().filter(beside).max_by_key(stem).unwrap_or_else(|| panic!("{capture} has no truth file")).clone();
        (capture, truth)
    };
    captures.into_iter().map(truth_of).collect()
}
