//! From start to exit of a small command, against an empty program.

use super::{Aim, Comparison, ENTRACE, Measure, Settings};
use crate::processes::{Cores, Way};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const MEASURES: &[Measure] = &[
    Measure { name: "start-formats", prepare: |settings| start(settings, &["formats"]) },
    Measure { name: "start-explain", prepare: |settings| start(settings, &["explain", "50058"]) },
];

/// How many pairs are run for one of the others: each takes a millisecond.
const MORE_ROUNDS: usize = 30;

fn start(settings: &Settings, arguments: &[&str]) -> Result<Comparison, String> {
    let knows = Command::new(ENTRACE).args(arguments).output().is_ok_and(|output| output.status.success());
    if !knows {
        return Err(format!("entrace does not know `{}`", arguments.join(" ")));
    }
    let cores = Cores::any();
    let ours = Way::of(&cores, [ENTRACE].iter().chain(arguments));
    let theirs = Way::of(&cores, [empty_program()?]);
    Ok(Comparison { ours, theirs, aim: Aim::AtMost(2.0), rounds: settings.rounds * MORE_ROUNDS })
}

/// `fn main() {}`, optimised.
fn empty_program() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, "fn main() {}\n").map_err(|error| error.to_string())?;
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let built = Command::new(compiler).args(["-O", "-C", "strip=symbols", "-o"]).args([&program, &source]).status();
    if built.is_ok_and(|end| end.success()) { Ok(program) } else { Err("takes the command rustc".to_owned()) }
}
