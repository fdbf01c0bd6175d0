//! Where an output goes: never over what is read, never in the place of a device or a link.

use super::{CAPTURE, Place, fixture};
use std::fs;
use std::os::unix::fs::symlink;

/// Every way to ask for a file, but for its name.
const WRITES: &[&[&str]] = &[
    &["diagnose", "login.har", "--output"],
    &["diagnose", "--format", "html", "login.har", "--output"],
    &["diagnose", "--format", "sarif", "login.har", "--output"],
    &["timeline", "login.har", "--output"],
    &["compare", "other.har", "login.har", "--output"],
    &["compare", "login.har", "other.har", "--output"],
    &["redact", "login.har", "--output"],
    &["redact", "login.har", "--output", "safe.har", "--receipt"],
];

fn place() -> Place {
    let place = Place::new();
    fs::copy(place.path("login.har"), place.path("other.har")).unwrap();
    place
}

#[test]
fn no_report_is_ever_written_over_a_capture() {
    let place = place();
    fs::create_dir(place.path("in")).unwrap();
    symlink("login.har", place.path("link.har")).unwrap();
    fs::hard_link(place.path("login.har"), place.path("second.har")).unwrap();
    let before = place.names();
    for write in WRITES {
        for output in ["login.har", "./in/../login.har", "link.har", "second.har"] {
            place.run(&[write, &[output][..]].concat()).refused(&[output, "this is the capture itself", "name another file"]);
        }
    }
    place.run(&["bundle", "login.har", "--output", "link.har"]).refused(&["login.har", "is the capture itself"]);
    assert_eq!((place.names(), fs::read(place.path("login.har")).unwrap()), (before, fixture(CAPTURE)));
    assert!(place.path("link.har").symlink_metadata().unwrap().is_symlink());
}

#[test]
fn what_is_read_in_other_ways_is_not_written_over_either() {
    let place = place();
    fs::write(place.path("msal.log"), "[Mon, 04 May 2026 10:00:00 GMT] : @azure/msal-browser@4.30.0 : Info - Emitting event: msal:x\n")
        .unwrap();
    let says = &["login.har", "this is the capture itself"];
    place.shell("$E - --output login.har < login.har").refused(says);
    place.shell("$E redact - --output login.har < login.har").refused(says);
    place.run(&["diagnose", ".", "--output", "login.har"]).refused(says);
    place.run(&["diagnose", "*.har", "--output", "login.har"]).refused(says);
    place
        .run(&["diagnose", "login.har", "--msal-log", "msal.log", "--output", "msal.log"])
        .refused(&["msal.log", "another file that is read"]);
    assert_eq!(fs::read(place.path("login.har")).unwrap(), fixture(CAPTURE));
}

#[test]
fn the_receipt_is_not_written_over_the_copy() {
    let place = place();
    for receipt in ["safe.har", "./safe.har"] {
        place.run(&["redact", "login.har", "--output", "safe.har", "--receipt", receipt]).refused(&["safe.har", "receipt", "another file"]);
    }
    assert_eq!(place.names(), ["login.har", "other.har"]);
}

#[test]
fn a_file_behind_a_link_is_replaced_and_the_link_stays() {
    let place = place();
    fs::create_dir(place.path("reports")).unwrap();
    fs::write(place.path("reports/report"), "the former").unwrap();
    symlink("reports/report", place.path("latest")).unwrap();
    for write in WRITES {
        fs::write(place.path("reports/report"), "the former").unwrap();
        let answer = place.run(&[write, &["latest"][..]].concat());
        assert!(matches!(answer.code, Some(0 | 1)), "{answer:?}");
        assert!(place.path("latest").symlink_metadata().unwrap().is_symlink(), "{write:?}");
        assert!(fs::read(place.path("reports/report")).unwrap().len() > 100, "{write:?}");
        assert_eq!(super::names(&place.path("reports")), ["report"]);
    }
}

#[test]
fn where_no_file_can_be_it_is_said_before_anything_is_read() {
    let place = place();
    fs::create_dir(place.path("folder")).unwrap();
    symlink("none", place.path("nowhere")).unwrap();
    symlink("circle", place.path("circle")).unwrap();
    let before = place.names();
    for write in WRITES {
        for (output, says) in [
            ("folder", "this is a folder"),
            ("new/", "names a folder"),
            ("none/report", "is not there"),
            ("nowhere", "leads nowhere"),
            ("circle", "symbolic links"),
            ("login.har/report", "ot a directory"),
        ] {
            place.run(&[write, &[output][..]].concat()).refused(&[output, says]);
        }
    }
    for (output, says) in [("nowhere", "exists already"), ("circle", "exists already"), ("none/new", "no"), ("none/new.zip", "no")] {
        place.run(&["bundle", "login.har", "--output", output]).refused(&[output, says]);
    }
    assert_eq!(place.names(), before);
}

#[test]
fn a_pipe_gets_all_of_a_report() {
    let place = place();
    let shown = place.run(&["diagnose", "--format", "html", "login.har"]).stdout;
    let answer = place.shell("mkfifo pipe; cat pipe > got & $E diagnose --format html login.har --output pipe; echo $? > code; wait");
    assert_eq!(answer.stderr, "");
    assert_eq!(
        (fs::read_to_string(place.path("got")).unwrap(), fs::read_to_string(place.path("code")).unwrap()),
        (shown, "1\n".to_owned())
    );
    assert_eq!(place.names(), ["code", "got", "login.har", "other.har", "pipe"]);
}
