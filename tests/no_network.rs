//! entrace opens no network connection: each subcommand runs with its calls traced, and none of them is for a socket;
//! and where there is no network at all it does the same.
//!
//! Both need Linux: the first `strace`, the second namespaces for users without rights.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{fixtures, needs, run, works};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The one subcommand that may open a socket: a page for this machine alone.
const SERVE: &str = "serve";

const FAILING: &str = "third-party-cookies-blocked.v4.devtools-full.har";
const WORKING: &str = "healthy-silent-iframe.v4.devtools-full.har";
const NET_LOG: &str = "third-party-cookies-blocked.v5.netlog.json";
const ARCHIVE: &str = "third-party-cookies-blocked.v4.saz.saz";

/// What is run: `OUT` stands for a folder of its own.
const RUNS: &[&[&str]] = &[
    &[FAILING, NET_LOG, ARCHIVE],
    &["diagnose", "--format", "json", FAILING],
    &["diagnose", "--format", "ndjson", FAILING],
    &["diagnose", "--format", "markdown", FAILING],
    &["diagnose", "--format", "html", "--output", "OUT/report.html", FAILING],
    &["diagnose", "--format", "sarif", FAILING],
    &["diagnose", "no-such-capture.har"],
    &["timeline", FAILING],
    &["redact", "--output", "OUT/safe.har", "--receipt", "OUT/receipt.json", FAILING],
    &["bundle", "--output", "OUT/ticket.zip", FAILING],
    &["compare", "--format", "html", "--output", "OUT/difference.html", WORKING, FAILING],
    &["explain", "AADSTS50058"],
    &["explain", "https://app.example/#error=login_required&error_description=AADSTS50058"],
    &["formats"],
    &["config"],
    &["completions", "bash"],
    &["man", "--output", "OUT/man1"],
    &["help"],
    &["--version"],
];

/// A run with `OUT` in its place.
fn arguments(run: &[&str], out: &Path) -> Vec<OsString> {
    let place = |argument: &&str| match argument.strip_prefix("OUT/") {
        Some(name) => out.join(name).into_os_string(),
        None => OsString::from(argument),
    };
    run.iter().map(place).collect()
}

/// A program in the folder of the captures, with nothing in its environment but where programs are.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").map(|path| ("PATH", path));
    command.env_clear().envs(path).env("ENTRACE_CONFIG", "").current_dir(fixtures());
    command
}

fn entrace() -> OsString {
    OsString::from(env!("CARGO_BIN_EXE_entrace"))
}

/// This test program, opening a socket: what both ways of looking have to notice.
fn control() -> [OsString; 4] {
    let control = std::env::current_exe().unwrap().into_os_string();
    [control, "--exact".into(), "opens_sockets".into(), "--ignored".into()]
}

#[test]
#[ignore = "the control: the other tests run it, to see that they would notice"]
fn opens_sockets() {
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.connect("127.0.0.1:9").unwrap();
    // In a thread as well, because entrace reads in several.
    std::thread::spawn(|| TcpListener::bind("127.0.0.1:0").unwrap()).join().unwrap();
}

/// What `strace` writes of a thread that is gone, with the program, before it made its next call: no call.
const GONE: &str = "???( <detached ...>";

/// What a command answers under `strace`, and its calls that have to do with the network, one a line.
fn traced(arguments: &[impl AsRef<OsStr>], folder: &Path) -> (Output, String) {
    let calls = folder.join("calls");
    let mut strace = command("strace");
    strace.args(["--follow-forks", "-qq", "-e", "signal=none", "-e", "trace=%network,io_uring_setup", "-o"]).arg(&calls);
    let output = strace.arg("--").args(arguments).output().unwrap();
    let calls = fs::read_to_string(calls).unwrap();
    (output, calls.lines().filter(|call| !call.ends_with(GONE)).map(|call| format!("{call}\n")).collect())
}

#[test]
fn no_subcommand_opens_a_socket() {
    let folder = TempDir::new().unwrap();
    if !needs("strace, which may trace", works("strace", &["-o", "/dev/null", "true"])) {
        return;
    }
    let (output, calls) = traced(&control(), folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let opened = |kind: &str| calls.lines().any(|call| call.contains("socket(AF_INET") && call.contains(kind));
    assert!(opened("SOCK_DGRAM") && opened("SOCK_STREAM"), "the control was not noticed:\n{calls}");
    for run in RUNS {
        let out = TempDir::new().unwrap();
        let (output, calls) = traced(&[vec![entrace()], arguments(run, out.path())].concat(), folder.path());
        assert!(output.status.code().is_some(), "{run:?}: {output:?}");
        assert_eq!(calls, "", "{run:?}");
    }
}

/// What a command comes to: exit status, streams, and the files in a folder.
type Outcome = (Option<i32>, Vec<u8>, Vec<u8>, Vec<(OsString, Vec<u8>)>);

fn outcome(mut command: Command, run: &[&str]) -> Outcome {
    let out = TempDir::new().unwrap();
    let output = command.args(arguments(run, out.path())).output().unwrap();
    let mut files: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    let files = files.iter().map(|path| (path.file_name().unwrap().to_owned(), fs::read(path).unwrap())).collect();
    // Each run has a folder of its own, and some say where they wrote.
    let told = String::from_utf8(output.stderr).unwrap().replace(out.path().to_str().unwrap(), "OUT").into_bytes();
    (output.status.code(), output.stdout, told, files)
}

#[test]
fn without_a_network_everything_is_the_same() {
    const ALONE: [&str; 3] = ["--user", "--net", "--"];
    if !needs("unshare, which may make a namespace", works("unshare", &["--user", "--net", "--", "true"])) {
        return;
    }
    let alone = |arguments: &[OsString]| {
        let mut command = command("unshare");
        command.args(ALONE).args(arguments);
        command
    };
    let [control, options @ ..] = control();
    assert!(command(control.to_str().unwrap()).args(&options).output().unwrap().status.success());
    let without = alone(&[&[control], &options[..]].concat()).output().unwrap();
    assert!(!without.status.success(), "the control opened its sockets where there is no network");
    for run in RUNS {
        let (with, without) = (outcome(command(entrace().to_str().unwrap()), run), outcome(alone(&[entrace()]), run));
        assert!(with == without, "{run:?}: {:?} and {:?}", with.0, without.0);
    }
}

#[test]
fn every_subcommand_but_one_is_run() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let subcommands: BTreeSet<&str> = names.filter(|name| !name.is_empty() && *name != SERVE).collect();
    let tried: BTreeSet<&str> = RUNS.iter().map(|run| run[0]).filter(|name| subcommands.contains(name)).collect();
    assert_eq!(tried, subcommands);
}
