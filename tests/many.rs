//! Many captures in one run: patterns in the place of paths.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, fixture};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A small capture that can be read.
const CAPTURE: &str = "no-entra-traffic.devtools-sanitized.har";

/// A folder with a capture at each of these paths.
fn folder(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let capture = fixture(CAPTURE);
    for path in paths {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &capture).unwrap();
    }
    folder
}

/// The exit status, the paths of the captures in the report, with `/`, and what is said on standard error.
fn read(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let output = entrace().current_dir(folder).args(["diagnose", "--format", "ndjson"]).args(arguments).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let path = |line: &str| serde_json::from_str::<Value>(line).unwrap()["path"].as_str().unwrap().replace('\\', "/");
    (output.status.code().unwrap(), lines.lines().map(path).collect(), String::from_utf8(output.stderr).unwrap())
}

/// Holds that a pattern gives these captures, in this order.
#[track_caller]
fn gives(folder: &Path, pattern: &str, captures: &[&str]) {
    assert_eq!(read(folder, &[pattern]), (0, captures.iter().map(|&path| path.to_owned()).collect(), String::new()), "{pattern}");
}

#[test]
fn a_pattern_gives_what_it_matches_in_order() {
    let folder = folder(&["b.har", "a.har", "in/c.har", "in/deep/er/d.har", "in/deep/notes.txt", ".hidden/e.har", "in/.f.har"]);
    let folder = folder.path();
    gives(folder, "*.har", &["a.har", "b.har"]);
    gives(folder, "./[a-b].har", &["./a.har", "./b.har"]);
    gives(folder, "?n/*.har", &["in/c.har"]);
    gives(folder, "**/*.har", &["a.har", "b.har", "in/c.har", "in/deep/er/d.har"]);
    gives(folder, "**/**/deep/**/*.har", &["in/deep/er/d.har"]);
    gives(folder, "in/../*/c.har", &["in/../in/c.har"]);
    gives(folder, ".*/*.har", &[".hidden/e.har"]);
    // A file that is named is read whatever its name; of a folder that is matched, what is named like a capture.
    gives(folder, "in/deep/n*", &["in/deep/notes.txt"]);
    gives(folder, "in/d*", &["in/deep/er/d.har"]);
    // What is matched twice is read once.
    gives(folder, "in/deep/**", &["in/deep/er/d.har"]);
    let absolute = folder.join("in").join("*.har");
    let (status, captures, _) = read(folder, &[absolute.to_str().unwrap()]);
    assert_eq!((status, captures.len()), (0, 1));
}

#[test]
fn a_pattern_that_matches_nothing_is_told() {
    let folder = folder(&["a.har", "empty/x"]);
    fs::remove_file(folder.path().join("empty/x")).unwrap();
    for pattern in ["*.saz", "none/**/*.har", "a[.har", "empty/*", "empt*", "a.har*/b"] {
        let (status, captures, stderr) = read(folder.path(), &[pattern, "a.har"]);
        assert_eq!((status, captures), (2, vec![pattern.to_owned(), "a.har".to_owned()]), "{stderr}");
        assert!(stderr.starts_with(&format!("entrace: {pattern}: ")) && stderr.contains("as a pattern"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    // What is no pattern is told as ever.
    let (status, _, stderr) = read(folder.path(), &["none.har"]);
    assert!(status == 2 && !stderr.contains("pattern"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn a_name_that_is_there_is_no_pattern() {
    let folder = folder(&["[ab].har", "a.har", "*.har", "day [1]/x.har", "day 1/y.har"]);
    let folder = folder.path();
    gives(folder, "[ab].har", &["[ab].har"]);
    gives(folder, "*.har", &["*.har"]);
    gives(folder, "day [1]", &["day [1]/x.har"]);
    gives(folder, "day [1]/*.har", &["day [1]/x.har"]);
    gives(folder, "[a].har", &["a.har"]);
}

#[test]
#[cfg(unix)]
fn a_circle_of_links_has_an_end() {
    let folder = folder(&["in/a.har"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("in/circle")).unwrap();
    gives(folder.path(), "**/*.har", &["in/a.har"]);
    gives(folder.path(), "in/*/in/*.har", &["in/circle/in/a.har"]);
}
