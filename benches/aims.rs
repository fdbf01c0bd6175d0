//! How fast the program is, from start to exit, against what is aimed at: medians of pairs run in turn, warm cache.
//!
//! `cargo bench --bench aims [-- --only NAME] [--megabytes N] [--rounds N]`; files are generated on the first run. See
//! `docs/performance.md`.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a bench that can't run should say so and stop")]
#![allow(clippy::print_stdout, reason = "its output is the result")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod generator;
mod measures;
mod processes;

use measures::{ENTRACE, Settings};
use std::process::Command;
use std::{env, fs};

fn main() {
    let (mut settings, mut only) = (Settings { megabytes: 1000, rounds: 7 }, String::new());
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} takes a value"));
        let mut number = || value().parse().unwrap_or_else(|_| panic!("{argument} takes a number"));
        match &*argument {
            "--megabytes" => settings.megabytes = number(),
            "--rounds" => settings.rounds = number() as usize,
            "--only" => only = value(),
            // Cargo says so of itself.
            "--bench" => {}
            _ => panic!("unknown: {argument}; there are --only, --megabytes and --rounds"),
        }
    }
    println!("{}; the program has {} bytes", version(ENTRACE), fs::metadata(ENTRACE).expect("the program is there").len());
    println!("{}; {}; {}\n", version("cat"), version("jq"), version("rustc"));
    println!("| files of {} MB | entrace | other | ratio | least–most | aim | |\n|---|--:|--:|--:|--:|---|---|", settings.megabytes);
    for measure in measures::all().filter(|measure| measure.name.starts_with(&only)) {
        println!("{}", measure.line(&settings));
    }
}

/// The first line that a program says of its version.
fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().map_or_else(|| format!("no {program}"), str::to_owned)
}
