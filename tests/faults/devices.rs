//! Devices, pipes and folders in the place of files, as inputs and as outputs.

use super::Place;
use std::fs;
use std::os::unix::fs::symlink;

/// Every way to read a capture, but for its name.
const READS: &[&[&str]] = &[
    &["diagnose"],
    &["diagnose", "--format", "sarif", "--output", "out"],
    &["timeline"],
    &["redact", "--output", "out"],
    &["bundle", "--output", "out"],
    &["compare", "login.har"],
];

#[test]
fn a_device_is_no_capture() {
    let place = Place::new();
    for read in READS {
        let of_many = read.contains(&"sarif");
        for (device, says) in [
            ("/dev/null", "is empty"),
            ("/dev/zero", "not a capture"),
            ("/dev/full", "not a capture"),
            ("/proc/self/mem", "cannot be read: Input/output error"),
        ] {
            let answer = place.run(&[read, &[device][..]].concat());
            assert_eq!((answer.code, answer.stderr.lines().count()), (Some(2), 1), "{answer:?}");
            answer.says(&[device, says]);
            // A report of many captures tells of those that could not be read.
            assert_eq!(place.path("out").exists(), of_many, "{read:?} {device}");
            let _ = fs::remove_file(place.path("out"));
        }
    }
    assert_eq!(place.names(), ["login.har"]);
}

#[test]
fn standard_input_may_be_anything() {
    let place = Place::new();
    let unread = place.shell("$E - < .");
    unread.says(&["-: ", "cannot be read: Is a directory"]);
    // What could not be read is told wherever the report goes.
    assert!(unread.code == Some(2) && unread.stdout.starts_with("-\nNot read: "), "{unread:?}");
    place.shell("$E redact - --output out < .").refused(&["-: ", "cannot be read: Is a directory"]);
    place.shell("$E timeline - < /proc/self/mem").says(&["-: ", "cannot be read: Input/output error"]);
    place.shell("$E - <&-").says(&["-: ", "is empty"]);
    // It has a path as well, which is a file or a pipe.
    let from_file = place.shell("$E diagnose --format json /dev/stdin < login.har");
    let from_pipe = place.shell("cat login.har | $E diagnose --format json /dev/stdin");
    assert_eq!((from_file.code, &from_file.stdout), (Some(1), &from_pipe.stdout));
    assert_eq!(place.shell("cat login.har | $E redact /dev/stdin --output out").code, Some(0));
    assert_eq!(place.names(), ["login.har", "out"]);
}

#[test]
fn what_is_given_beside_a_capture_has_an_end() {
    let place = Place::new();
    fs::create_dir(place.path("own")).unwrap();
    symlink("/dev/zero", place.path("own/codes.toml")).unwrap();
    place.run(&["diagnose", "--knowledge", "own", "login.har"]).refused(&["own/codes.toml", "this is no file"]);
    place.run(&["--password-file", "/dev/zero", "login.har"]).refused(&["/dev/zero", "longer than 4 KiB", "no password"]);
    for option in ["--sign-in-logs", "--msal-log", "--password-file", "--knowledge"] {
        for path in ["none", "/proc/self/mem", "own/codes.toml/x"] {
            place.run(&["diagnose", option, path, "login.har"]).refused(&[path, "cannot be read"]);
        }
    }
}

#[test]
fn an_output_that_is_a_device_is_written_into_and_stays() {
    let place = Place::new();
    symlink("/dev/null", place.path("null")).unwrap();
    symlink("/dev/full", place.path("full")).unwrap();
    for write in
        [&["diagnose", "login.har"][..], &["timeline", "login.har"], &["compare", "login.har", "login.har"], &["redact", "login.har"]]
    {
        let answer = place.run(&[write, &["--output", "null"]].concat());
        assert!(matches!(answer.code, Some(0 | 1)), "{answer:?}");
        place.run(&[write, &["--output", "full"]].concat()).refused(&["full", "cannot be written", "No space left"]);
    }
    assert_eq!(place.names(), ["full", "login.har", "null"]);
    for name in ["full", "null"] {
        assert!(place.path(name).symlink_metadata().unwrap().is_symlink());
    }
    let shown = place.run(&["diagnose", "login.har", "--format", "json"]).stdout;
    assert_eq!(place.shell("$E diagnose login.har --format json --output /dev/stdout | cat").stdout, shown);
}

#[test]
fn a_full_disk_behind_standard_output_is_told() {
    let place = Place::new();
    let runs = [
        "diagnose login.har",
        "diagnose --format json login.har",
        "diagnose --format ndjson login.har",
        "diagnose --format markdown login.har",
        "diagnose --format html login.har",
        "diagnose --format sarif login.har",
        "timeline login.har",
        "compare login.har login.har",
        "explain 50058",
        "formats",
        "completions bash",
        "man",
        "serve --no-open",
        "--help",
        "help redact",
        "--version",
    ];
    for run in runs {
        place.shell(&format!("$E {run} > /dev/full")).refused(&["standard output cannot be written: No space left"]);
    }
}

#[test]
fn what_was_written_counts_even_where_nobody_can_be_told() {
    let place = Place::new();
    assert_eq!(place.shell("$E redact login.har --output out 2> /dev/full").code, Some(0));
    assert_eq!(place.shell("$E bundle login.har --output bundle 2> /dev/full").code, Some(0));
    assert_eq!(place.shell("$E none.har 2> /dev/full").code, Some(2));
    assert_eq!(place.shell("$E --no-such-option 2> /dev/full").code, Some(2));
    assert_eq!(place.names(), ["bundle", "login.har", "out"]);
}
