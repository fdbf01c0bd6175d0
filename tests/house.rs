//! The rules of the house, read from the sources: which room may use which, who may open a secret, what no file
//! may name, and that what is documented is there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what is wrong by stopping"
)]

mod program;

use program::{labelled, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rooms: each may use those above it. Those of one line may not use each other.
const ROOMS: &[&[&str]] = &[
    &["exchange"],
    &["capture"],
    &["entra"],
    &["signin", "sign_in_log", "msal_log"],
    &["checks"],
    &["knowledge"],
    &["diagnosis"],
    &["analysis", "explain"],
    &["compare"],
    &["report", "redact"],
    &["bundle"],
    &["serve"],
    &["cli"],
];

/// The files of `src` that belong to no room: they only put the rooms together.
const DOORS: &[&str] = &["lib.rs", "main.rs"];

/// A file of the sources.
struct Source {
    /// Its path below `src`, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src`.
fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    walk(&root().join("src"), &mut paths);
    let below_src = |path: &Path| path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().replace('\\', "/");
    let rust = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let sources: Vec<Source> = rust.map(|path| Source { path: below_src(path), text: fs::read_to_string(path).unwrap() }).collect();
    assert!(sources.iter().any(|source| source.path == "lib.rs"));
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// Code without its comments, strings and character literals: a space is left of each.
fn code_of(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut code = String::new();
    let mut i = 0;
    while i < chars.len() {
        let in_word = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        let raw = raw_string_hashes(&chars[i..]).filter(|_| !in_word || at(i - 1) == 'b');
        i = match (at(i), at(i + 1)) {
            ('/', '/') => (i..chars.len()).find(|end| at(*end) == '\n').unwrap_or(chars.len()),
            ('/', '*') => end_of_comment(&chars, i),
            ('"', _) => end_of_quoted(&chars, i, '"'),
            ('\'', '\\') => end_of_quoted(&chars, i, '\''),
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            ('r', _) if raw.is_some() => end_of_raw(&chars, i, raw.unwrap()),
            (other, _) => {
                code.push(other);
                i += 1;
                continue;
            }
        };
        code.push(' ');
    }
    code
}

/// How many `#` a raw string has that begins here.
fn raw_string_hashes(chars: &[char]) -> Option<usize> {
    let hashes = chars.iter().skip(1).take_while(|c| **c == '#').count();
    (chars.first() == Some(&'r') && chars.get(hashes + 1) == Some(&'"')).then_some(hashes)
}

fn end_of_raw(chars: &[char], start: usize, hashes: usize) -> usize {
    let first = start + hashes + 2;
    let ends = |end: &usize| chars[*end] == '"' && chars[end + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (first..chars.len()).find(ends).map_or(chars.len(), |end| end + hashes + 1)
}

fn end_of_quoted(chars: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    loop {
        match (chars.get(i), chars.get(i + 1)) {
            (Some('/'), Some('*')) => (depth, i) = (depth + 1, i + 2),
            (Some('*'), Some('/')) => (depth, i) = (depth - 1, i + 2),
            (Some(_), _) => i += 1,
            (None, _) => return i,
        }
        if depth == 0 {
            return i;
        }
    }
}

/// Code without its `#[cfg(test)]` modules.
fn without_tests(code: &str) -> String {
    let mut rest = code;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        let Some(open) = after.find(['{', ';']) else { break };
        let mut depth = 0;
        let end = after[open..].char_indices().find_map(|(at, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(open + at + 1)
        });
        rest = &after[end.unwrap_or(after.len())..];
    }
    kept + rest
}

/// The first names after each `crate::`, those in braces too, and what `super::` leads to above the room.
fn uses(code: &str, depth: usize) -> BTreeSet<String> {
    let compact: String = {
        // `crate :: a` is written by nobody, but a list may be broken over lines.
        let words: Vec<&str> = code.split_whitespace().collect();
        words.join(" ").replace(":: ", "::").replace(" ::", "::").replace("{ ", "{").replace(" }", "}")
    };
    let above_the_room = "super::".repeat(depth);
    let mut found = BTreeSet::new();
    for start in ["crate::", &above_the_room] {
        for (at, _) in compact.match_indices(start) {
            let before = compact[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                first_names(&compact[at + start.len()..], &mut found);
            }
        }
    }
    found
}

/// The first name of a path, or of each path in a braced list.
fn first_names(path: &str, found: &mut BTreeSet<String>) {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = path.strip_prefix('{') else {
        found.insert(word(path));
        return;
    };
    let mut depth = 0;
    let mut begins = true;
    for (at, c) in list.char_indices() {
        match c {
            '}' if depth == 0 => return,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && !c.is_whitespace() => {
                found.insert(word(&list[at..]));
                begins = false;
            }
            _ => {}
        }
    }
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn imports_go_one_way() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !DOORS.contains(&&*source.path)) {
        let room = source.room();
        let Some(own) = rank(room) else {
            wrong.push(format!("src/{}: “{room}” is no room; a new one goes into ROOMS here and into docs/architecture.md", source.path));
            continue;
        };
        // `x/mod.rs` and `x.rs` lie as deep as their module; every other file one deeper.
        let depth = source.path.split('/').count() - usize::from(source.path.ends_with("/mod.rs"));
        for used in uses(&without_tests(&code_of(&source.text)), depth) {
            if used != room && rank(&used).is_none_or(|rank| rank >= own) {
                wrong.push(format!("src/{}: {room} uses {used}", source.path));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "\n{}\nA room may use those above it in ROOMS (docs/architecture.md): move what is needed up, or hand it in.\n",
        wrong.join("\n")
    );
}

#[test]
fn secrets_are_opened_in_few_places_only() {
    let words = |code: &str| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "expose");
    let openers: BTreeSet<String> =
        sources().iter().filter(|source| words(&code_of(&source.text))).map(|source| source.path.clone()).collect();
    assert!(openers.contains("exchange/secret.rs"), "where is Secret::expose defined?");
    // The archive is opened with the password that the user gave.
    let files = ["exchange/secret.rs", "capture/saz/archive.rs"];
    let may_open = |path: &&String| path.starts_with("entra/") || path.starts_with("redact/") || files.contains(&path.as_str());
    let others: Vec<&String> = openers.iter().filter(|path| !may_open(path)).collect();
    assert!(
        others.is_empty(),
        "{others:?} may not open a secret. What has to be known of its value is a method of `Step` or a decoder in src/entra; what may \
         be shown of it is decided in src/entra/excerpt.rs."
    );
}

#[test]
fn one_room_opens_a_socket() {
    let words = ["TcpListener", "TcpStream", "UdpSocket", "UnixListener", "UnixStream", "ToSocketAddrs", "tokio", "axum"];
    let names = |code: &str| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| words.contains(&word));
    let rooms: BTreeSet<String> =
        sources().iter().filter(|source| names(&code_of(&source.text))).map(|source| source.room().to_owned()).collect();
    assert_eq!(rooms, BTreeSet::from(["serve".to_owned()]), "only src/serve may open a socket: entrace connects to nothing");
}

#[test]
fn every_source_says_what_it_is() {
    let silent: Vec<String> = sources().into_iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.path).collect();
    assert_eq!(silent, Vec::<String>::new(), "these files of src do not begin with `//! ` and a sentence that says what they are");
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    // In two parts each, because this file is in the repository too.
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/"), concat!("/ho", "me/"), concat!("C:\\Us", "ers")];
    let mut wrong = Vec::new();
    for path in tracked() {
        // A file may be deleted and that not be committed yet.
        let Ok(content) = fs::read(root().join(&path)) else { continue };
        let named = places.iter().filter(|place| memchr::memmem::find(&content, place.as_bytes()).is_some());
        wrong.extend(named.map(|place| format!("{path} names {place}")));
    }
    assert!(wrong.is_empty(), "\n{}\nWrite the path from the folder of the repository, or one that is made up.\n", wrong.join("\n"));
}

/// The files of the repository. Where git is not at hand, those of its folder but for the built ones.
fn tracked() -> Vec<String> {
    let listed = Command::new("git").current_dir(root()).args(["-c", "safe.directory=*", "ls-files", "-z"]).output();
    let names = listed.ok().filter(|listed| listed.status.success()).map(|listed| String::from_utf8(listed.stdout).unwrap());
    let mut names: Vec<String> = names.unwrap_or_default().split_terminator('\0').map(str::to_owned).collect();
    if names.is_empty() {
        let mut paths = Vec::new();
        for name in ["src", "tests", "examples", "docs", "fixtures"] {
            walk(&root().join(name), &mut paths);
        }
        paths.extend(["Cargo.toml", "README.md", "clippy.toml", "rustfmt.toml"].map(|name| root().join(name)));
        names = paths.iter().map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()).collect();
    }
    assert!(names.iter().any(|name| name == "Cargo.toml"));
    names
}

#[test]
fn every_limit_names_the_tests_that_hold_it() {
    let limits = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let mut files = Vec::new();
    walk(&root().join("src"), &mut files);
    walk(&root().join("tests"), &mut files);
    let rust = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let all: String = rust.map(|path| fs::read_to_string(path).unwrap()).collect();
    let rows = limits.lines().filter(|line| line.starts_with("| ") && !line.ends_with("held by the test |"));
    let mut wrong = Vec::new();
    for row in rows.clone() {
        let tests: Vec<&str> = row.trim_end_matches(" |").rsplit(" | ").next().unwrap().split(", ").collect();
        let is_there =
            |test: &&str| test.strip_prefix('`').and_then(|t| t.strip_suffix('`')).is_some_and(|t| all.contains(&format!("fn {t}()")));
        wrong.extend(tests.into_iter().filter(|test| !is_there(test)).map(|test| format!("{test}: {row}")));
    }
    assert!(rows.count() > 20);
    assert!(
        wrong.is_empty(),
        "the last column of a row of docs/limits.md is the tests that hold the limit, each as `its_name`; these are not there:\n{}",
        wrong.join("\n")
    );
}

/// Every key of a JSON value, by the path to it.
fn keys(value: &Value, path: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                found.insert(path.clone(), key.clone());
                keys(field, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, path, found)),
        _ => {}
    }
}

/// The timeline of every fixture.
fn timelines() -> Value {
    let timeline = |(capture, _): &(String, String)| -> Value {
        serde_json::from_slice(&program::report("timeline", capture, &["--format", "json"]).stdout).unwrap()
    };
    labelled().iter().map(timeline).collect()
}

/// The report of every fixture in one.
fn whole_report() -> Value {
    let captures: Vec<String> = labelled().into_iter().map(|(capture, _)| capture).collect();
    let arguments: Vec<&str> = ["diagnose", "--format", "json"].into_iter().chain(captures.iter().map(String::as_str)).collect();
    serde_json::from_slice(&run(&arguments).stdout).unwrap()
}

fn contract() -> String {
    fs::read_to_string(root().join("docs/json.md")).unwrap()
}

#[test]
fn the_contract_describes_every_field() {
    let contract = contract();
    let mut found = BTreeMap::new();
    keys(&whole_report(), "", &mut found);
    keys(&timelines(), "", &mut found);
    let deepest = ["captures.diagnoses.causes.for.evidence.excerpt", "captures.diagnoses.ruled_out.because.evidence.part"];
    let of_steps = ["captures.steps.answer.cookies_set.names", "captures.steps.parameters.source", "captures.steps.not_recorded.why"];
    for deepest in deepest.into_iter().chain(of_steps) {
        assert!(found.contains_key(deepest), "no fixture has {deepest}: this test no longer sees all of the report");
    }
    let missing: Vec<&String> = found.iter().filter(|(_, key)| !contract.contains(&format!("`{key}`"))).map(|(path, _)| path).collect();
    assert_eq!(missing, Vec::<&String>::new(), "these fields are not described in docs/json.md, each as `field`");
}

#[test]
fn the_contract_lists_every_value_of_an_enumeration() {
    let contract = contract();
    let enumerations = ["verdict", "coverage", "kind", "outcome", "severity", "confidence", "who", "cookies", "format"];
    let of_steps = ["asked_by", "answered_by", "leads_to", "source", "part"];
    let mut missing = BTreeSet::new();
    visit(&whole_report(), &mut |key, value| {
        let value = value.as_str().unwrap_or_default();
        if enumerations.contains(&key) && !value.is_empty() && !contract.contains(&format!("`{value}`")) {
            missing.insert(format!("{key} {value}"));
        }
    });
    visit(&timelines(), &mut |key, value| {
        let value = value.as_str().unwrap_or_default();
        if of_steps.contains(&key) && !value.is_empty() && !contract.contains(&format!("`{value}`")) {
            missing.insert(format!("{key} {value}"));
        }
    });
    assert_eq!(missing, BTreeSet::new(), "docs/json.md does not list these values of their fields, each as `value`");
}

#[test]
fn every_format_of_a_report_is_held_by_the_tests_and_told_in_the_readme() {
    // Of a value that there is not, the program names those that there are.
    let refused = String::from_utf8(run(&["diagnose", "--format", "?", "a.har"]).stderr).unwrap();
    let (_, values) = refused.split_once("[possible values: ").unwrap();
    let formats: Vec<&str> = values.split(']').next().unwrap().split(", ").collect();
    assert_eq!(
        formats,
        program::FORMATS,
        "`diagnose --format` takes the first list. Write the same into FORMATS of tests/program/mod.rs, and a new one also into \
         tests/hostile_text.rs, more_snapshots! of tests/snapshots.rs, RUNS of tests/no_network.rs and the README"
    );
    let tables = fs::read_to_string(root().join("README.md")).unwrap();
    let untold: Vec<&str> = formats.into_iter().filter(|format| !tables.contains(&format!("| `{format}` |"))).collect();
    assert_eq!(untold, Vec::<&str>::new(), "README.md has no row for these in its table of formats");
}

#[test]
fn a_finding_was_seen_or_was_not() {
    let mut findings = 0;
    visit(&whole_report(), &mut |key, value| {
        if key == "evidence" {
            findings += 1;
            let excerpts: Vec<bool> = value.as_array().unwrap().iter().map(|evidence| evidence["excerpt"].is_string()).collect();
            assert!(excerpts.windows(2).all(|pair| pair[0] == pair[1]), "{value}");
        }
    });
    assert!(findings > 100);
}

fn visit(value: &Value, each: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            each(key, field);
            visit(field, each);
        }),
        Value::Array(items) => items.iter().for_each(|item| visit(item, each)),
        _ => {}
    }
}

#[test]
fn the_example_of_the_contract_is_real() {
    let contract = contract();
    let (_, after) = contract.split_once("```json\n").unwrap();
    let (example, _) = after.split_once("```").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let capture = example["captures"][0]["path"].as_str().unwrap();
    let mut report: Value = serde_json::from_slice(&run(&["--format", "json", capture]).stdout).unwrap();
    report["tool"]["version"] = example["tool"]["version"].clone();
    if let Some(difference) = beyond(&example, &report, "") {
        panic!("docs/json.md shows what entrace does not say: {difference}");
    }
}

/// Where an example differs from what it is taken from. It may leave fields and items out, and shorten sentences.
fn beyond(example: &Value, real: &Value, path: &str) -> Option<String> {
    match (example, real) {
        (Value::Object(shown), Value::Object(fields)) => shown.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            fields.get(key).map_or(Some(format!("{path} does not exist")), |real| beyond(value, real, &path))
        }),
        (Value::Array(shown), Value::Array(items)) => shown.iter().find_map(|value| {
            let differences: Vec<String> = items.iter().filter_map(|real| beyond(value, real, path)).collect();
            (differences.len() == items.len()).then(|| differences.into_iter().next().unwrap_or(format!("{path} is empty")))
        }),
        (Value::String(shown), Value::String(text)) if shown.ends_with('…') && text.starts_with(shown.trim_end_matches('…')) => None,
        _ => (example != real).then(|| format!("{path}: {example} is {real}")),
    }
}

#[test]
fn the_reader_of_sources_reads_right() {
    let code = r##"
        use crate::{entra::{Step, code}, exchange::Headers}; // crate::comment
        /* crate::block /* crate::nested */ crate::block */
        let a = "crate::string \" crate::string";
        let b = r#"crate::raw " crate::raw"#;
        let c = ('"', '\'', b'"', crate::signin::Kind::Popup);
        fn d<'a>(x: &'a str) -> $crate::checks::Claim { super::super::knowledge::load(xcrate::other) }
        #[cfg(test)]
        mod tests { use crate::cli::main; fn e() { {} } }
        use crate
            ::diagnosis;
    "##;
    let names = |code: &str| uses(code, 2).into_iter().collect::<Vec<_>>();
    let all = code_of(code);
    assert_eq!(names(&without_tests(&all)), ["checks", "diagnosis", "entra", "exchange", "knowledge", "signin"]);
    assert!(names(&all).contains(&"cli".to_owned()));
    assert_eq!(names("use super::knowledge::load; use super::super::cli::main;"), ["cli"]);
    assert_eq!(uses("use super::knowledge::load;", 1).into_iter().collect::<Vec<_>>(), ["knowledge"]);
}
