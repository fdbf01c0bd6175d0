//! How much memory a diagnosis takes, from start to exit, of a file and of a pipe: the peak that Linux keeps.
//!
//! `cargo bench --bench peak_memory [-- --large] [--megabytes N]`. See `docs/performance.md`.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench that can't run should say so and stop")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its output is the result")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod generator;

use generator::{Generated, Shape};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::{env, fs};

/// The sizes of the files in megabytes.
const SIZES: [u64; 2] = [10, 1000];
const LARGE: u64 = 5000;

/// Files above this are removed again, unless they were there before.
const KEPT: u64 = 100;

/// Before a capture it makes this program read it as entrace does, and say how much memory that took.
const AS_ENTRACE: &str = "--as-entrace";

fn main() -> ExitCode {
    let mut sizes = SIZES.to_vec();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            AS_ENTRACE => return as_entrace(&arguments.next().unwrap_or_default()),
            "--large" => sizes.push(LARGE),
            "--megabytes" => sizes = vec![arguments.next().and_then(|size| size.parse().ok()).expect("--megabytes takes a number")],
            // Cargo says so of itself.
            "--bench" => {}
            _ => panic!("unknown: {argument}; there are --large and --megabytes"),
        }
    }
    println!("| | entries | of sign-ins | file | pipe | at most | |\n|---|--:|--:|--:|--:|--:|---|");
    for megabytes in sizes {
        for shape in Shape::ALL {
            let was_there = generator::path(shape, megabytes).exists();
            println!("| {megabytes} MB, {} | {}", shape.name(), line(&generator::file(shape, megabytes)));
            if megabytes > KEPT && !was_there {
                generator::remove(shape, megabytes);
            }
        }
    }
    ExitCode::SUCCESS
}

/// 32 MiB, what is kept of sign-ins, and half a kibibyte for each entry.
fn at_most(file: &Generated) -> f64 {
    32.0 + mebibytes(file.sign_in_bytes) + mebibytes(file.entries * 512)
}

fn line(of: &Generated) -> String {
    let peaks = [of_file(&of.path), of_pipe(&of.path)];
    let limit = at_most(of);
    let [file, pipe] = peaks.map(|peak| peak.map_or("unknown on this system".to_owned(), |peak| format!("{peak:.1} MiB")));
    let met = if peaks.iter().flatten().all(|peak| *peak <= limit) { "met" } else { "missed" };
    format!("{} | {:.1} MiB | {file} | {pipe} | {limit:.1} MiB | {met} |", of.entries, mebibytes(of.sign_in_bytes))
}

fn of_file(path: &Path) -> Option<f64> {
    let child = this_program().arg(path).stdin(Stdio::null()).spawn();
    peak_said_by(child)
}

fn of_pipe(path: &Path) -> Option<f64> {
    let mut cat = Command::new("cat").arg(path).stdout(Stdio::piped()).spawn().expect("cat starts");
    let pipe = cat.stdout.take().expect("the pipe is open");
    let peak = peak_said_by(this_program().arg("-").stdin(pipe).spawn());
    cat.wait().expect("cat ends");
    peak
}

fn this_program() -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.arg(AS_ENTRACE).stdout(Stdio::piped());
    command
}

fn peak_said_by(child: io::Result<Child>) -> Option<f64> {
    let output = child.and_then(Child::wait_with_output).expect("this program runs");
    assert!(output.status.success(), "the capture was not read");
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn as_entrace(capture: &str) -> ExitCode {
    let end = entrace::cli::run(["entrace".into(), capture.into()], &mut io::sink(), &mut io::stderr());
    if end == ExitCode::from(2) {
        return end;
    }
    if let Some(peak) = peak_mebibytes() {
        println!("{peak}");
    }
    ExitCode::SUCCESS
}

/// The most memory this process ever had resident.
fn peak_mebibytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(mebibytes(kibibytes * 1024))
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
