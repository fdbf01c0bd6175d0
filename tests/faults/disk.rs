//! Disks that are full, cannot be written, or allow no file of that size.

use super::program::can_mount;
use super::{Answer, Place};
use std::fs;

/// What writes a file or folder into `disk`, and the name that its error has to tell.
const WRITES: [(&str, &str); 8] = [
    ("diagnose --format html login.har --output disk/out", "disk/out"),
    ("diagnose --format sarif login.har --output disk/out", "disk/out"),
    ("timeline --format json login.har --output disk/out", "disk/out"),
    ("compare --format html login.har login.har --output disk/out", "disk/out"),
    ("redact login.har --output disk/out", "disk/out"),
    ("redact login.har --output disk/safe --receipt disk/receipt", "disk/safe"),
    ("bundle login.har --output disk/out", "disk/out"),
    ("bundle login.har --output disk/out.zip", "disk/out.zip"),
];

/// Runs a line with a disk of its own at `disk`, and says at the end what lies there.
fn on_disk(place: &Place, options: &str, line: &str) -> Answer {
    fs::create_dir_all(place.path("disk")).unwrap();
    place.shell(&format!(
        "unshare -rm sh -c 'mount -t tmpfs -o {options} none disk && {{ \"$E\" {line}; code=$?; ls -A disk; exit $code; }}'"
    ))
}

#[test]
fn a_disk_that_is_full_or_cannot_be_written_is_told_and_nothing_lies_there() {
    if !can_mount() {
        return;
    }
    let place = Place::new();
    for (options, why) in [("size=4k", "space"), ("ro", "read-only")] {
        for (line, output) in WRITES {
            on_disk(&place, options, line).refused(&[output, "cannot be written", why]);
        }
    }
}

#[test]
fn a_report_that_does_not_fit_while_it_waits_is_told() {
    if !can_mount() {
        return;
    }
    let place = Place::new();
    fs::create_dir(place.path("many")).unwrap();
    // More than waits in memory.
    for number in 0..80 {
        fs::hard_link(place.path("login.har"), place.path(&format!("many/{number}.har"))).unwrap();
    }
    on_disk(&place, "size=64k", "diagnose --format html many --output disk/out").refused(&["disk/out", "cannot be written", "space"]);
}

#[test]
fn a_file_that_may_not_be_so_large_is_told_and_nothing_lies_there() {
    let place = Place::new();
    fs::create_dir(place.path("disk")).unwrap();
    for (line, output) in WRITES {
        let answer = place.shell(&format!("ulimit -f 1; $E {line}"));
        answer.refused(&[output, "cannot be written", "file too large"]);
        assert_eq!(super::names(&place.path("disk")), [""; 0], "{line}");
    }
}
