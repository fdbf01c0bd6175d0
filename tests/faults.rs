//! What goes wrong around a capture: disks that are full, files that are no files or change while they are read, outputs
//! that are inputs, signals. Each ends with a message that says what it is about and the right exit status; nothing is
//! left half-written, and nothing is lost.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

#[cfg(target_os = "linux")]
#[path = "faults/devices.rs"]
mod devices;
#[cfg(target_os = "linux")]
#[path = "faults/disk.rs"]
mod disk;
#[cfg(unix)]
#[path = "faults/folders.rs"]
mod folders;
#[cfg(unix)]
#[path = "faults/outputs.rs"]
mod outputs;
mod program;
#[path = "faults/reading.rs"]
mod reading;
#[cfg(target_os = "linux")]
#[path = "faults/signals.rs"]
mod signals;

use program::fixture;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const CAPTURE: &str = "third-party-cookies-blocked.v4.devtools-full.har";

/// A folder with a capture in it, `login.har`.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::write(place.path("login.har"), fixture(CAPTURE)).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What is in it, in order.
    fn names(&self) -> Vec<String> {
        names(self.0.path())
    }

    /// The program, in this folder.
    fn entrace(&self) -> Command {
        let mut command = program::entrace();
        command.current_dir(self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        answer(self.entrace().args(arguments))
    }

    /// What a line of a shell answers; the program is `$E`.
    fn shell(&self, line: &str) -> Answer {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.env_clear().env("PATH", path).env("E", env!("CARGO_BIN_EXE_entrace")).current_dir(self.0.path());
        answer(shell.args(["-c", line]))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// How a run ended, and what it said.
#[derive(Debug)]
struct Answer {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn answer(command: &mut Command) -> Answer {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Answer { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

impl Answer {
    /// It refused, in one line that says this.
    #[track_caller]
    fn refused(&self, says: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str(), self.stderr.lines().count()), (Some(2), "", 1), "{self:?}");
        self.says(says);
    }

    #[track_caller]
    fn says(&self, says: &[&str]) {
        let missing: Vec<&&str> = says.iter().filter(|says| !self.stderr.contains(**says)).collect();
        assert!(missing.is_empty() && !self.stderr.contains("panicked"), "{missing:?} in {self:?}");
    }
}
