//! How long `entrace explain` takes from start to exit, against a Rust program that only says hello.
//!
//! `cargo bench --bench explain`; the other program is built on the first run. See `docs/performance.md`.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench that can't run should say so and stop, and says what it measured")]

use entrace::Knowledge;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The programs take turns, so that whatever else the machine does hits all of them.
const ROUNDS: usize = 500;

/// How often as long as the empty program an explanation may take.
const MOST: f64 = 2.0;

/// What is asked, and what it shows.
const QUESTIONS: [(&str, &[&str]); 5] = [
    ("a code", &["explain", "50058"]),
    ("a cause", &["explain", "third-party-cookies-blocked"]),
    ("a check", &["explain", "session-cookie"]),
    ("a message", &["explain", "error=login_required&error_description=AADSTS50058%3a+Nobody&error_uri=x"]),
    ("nothing", &["explain", "AADSTS59958"]),
];

fn main() -> ExitCode {
    let hello = hello();
    let entrace = Path::new(env!("CARGO_BIN_EXE_entrace"));
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); QUESTIONS.len() + 1];
    for _ in 0..ROUNDS {
        let runs = std::iter::once((hello.as_path(), &[][..])).chain(QUESTIONS.map(|(_, asked)| (entrace, asked)));
        for ((program, arguments), times) in runs.zip(&mut times) {
            times.push(time(program, arguments));
        }
    }
    let mut medians = times.into_iter().map(median);
    let empty = medians.next().expect("the empty program ran");
    println!("{:<10} {:>8.3} ms", "hello", empty * 1e3);
    let mut fast = true;
    for ((name, _), median) in QUESTIONS.iter().zip(medians) {
        println!("{name:<10} {:>8.3} ms  {:.2} times as long", median * 1e3, median / empty);
        fast &= median <= MOST * empty;
    }
    let builtin = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        drop(black_box(Knowledge::builtin()));
        start.elapsed()
    });
    println!("{:<10} {:>8.3} ms", "builtin", median(builtin.collect()) * 1e3);
    ExitCode::from(u8::from(!fast))
}

/// The empty program, built as the command is.
fn hello() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join(format!("hello{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let source = folder.join("hello.rs");
        fs::write(&source, "fn main() { println!(\"hello\"); }\n").expect("the source can be written");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let options = ["--edition=2024", "-Copt-level=3", "-Clto=fat", "-Ccodegen-units=1", "-Cstrip=symbols", "-o"];
        let built = Command::new(rustc).args(options).arg(&program).arg(&source).status().expect("rustc can be started");
        assert!(built.success(), "the empty program can be built");
    }
    program
}

fn time(program: &Path, arguments: &[&str]) -> Duration {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status().expect("the program can be started");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}
