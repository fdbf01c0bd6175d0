//! The rules of the house, read from the sources: which room and which file may use which, who may open a secret, what no file
//! may name, and that what is documented is there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what is wrong by stopping"
)]

mod circles;
mod program;

use circles::circles;
use program::run;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rooms: each may use those above it. Those of one line may not use each other.
const ROOMS: &[&[&str]] = &[
    &["exchange"],
    &["capture"],
    &["entra"],
    &["logs"],
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

/// The folders whose files may use each other in circles, and why.
const CIRCLES: &[(&str, &str)] = &[(
    "redact/rewrite/",
    "one rewriter, spread over files by kinds of text: an address holds parameters, a parameter may hold JSON, and that an address again",
)];

#[test]
fn files_do_not_use_each_other_in_circles() {
    let files: Vec<(String, String)> = sources().into_iter().map(|source| (source.path, without_tests(&code_of(&source.text)))).collect();
    let circles = circles(&files);
    let is_of = |circle: &BTreeSet<String>, folder: &str| circle.iter().all(|file| file.starts_with(folder));
    let wrong: Vec<_> = circles.iter().filter(|circle| !CIRCLES.iter().any(|(folder, _)| is_of(circle, folder))).collect();
    assert!(
        wrong.is_empty(),
        "\n{wrong:#?}\nEach of these files leads to every other one of its list: what they have in common belongs into a file below them, \
         a question about a step among the methods of `Step`.\n"
    );
    let needless: Vec<_> = CIRCLES.iter().filter(|(folder, _)| !circles.iter().any(|circle| is_of(circle, folder))).collect();
    assert!(needless.is_empty(), "CIRCLES allows what there is not: {needless:?}");
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
         be shown of it is decided in src/entra/excerpt."
    );
}

/// The files outside the rooms that read, decode and redact in which a raw text is looked at: headers that hold words of
/// the protocols, lengths, and addresses that are compared and not told.
const MAY_LOOK: &[&str] = &["analysis/mod.rs", "signin/refused_call.rs"];

#[test]
fn raw_texts_are_looked_at_in_few_places_only() {
    let words = |code: &str| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "raw");
    let lookers: BTreeSet<String> =
        sources().iter().filter(|source| words(&code_of(&source.text))).map(|source| source.path.clone()).collect();
    assert!(lookers.contains("exchange/text.rs"), "where is RawText::raw defined?");
    let rooms = ["exchange/", "capture/", "entra/", "redact/"];
    let others: Vec<&str> = lookers.iter().map(String::as_str).filter(|path| !rooms.iter().any(|room| path.starts_with(room))).collect();
    assert_eq!(
        others, MAY_LOOK,
        "the first list looks at raw texts. What has to be known of one is a method of `Step` or a decoder in src/entra; what may be \
         shown of it is decided in src/entra/excerpt."
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
    let rows = rows_of_limits(&limits);
    let mut wrong = Vec::new();
    for row in &rows {
        let tests: Vec<&str> = row.trim_end_matches(" |").rsplit(" | ").next().unwrap().split(", ").collect();
        let is_there =
            |test: &&str| test.strip_prefix('`').and_then(|t| t.strip_suffix('`')).is_some_and(|t| all.contains(&format!("fn {t}()")));
        wrong.extend(tests.into_iter().filter(|test| !is_there(test)).map(|test| format!("{test}: {row}")));
    }
    assert!(rows.len() > 20);
    assert!(
        wrong.is_empty(),
        "the last column of a row of docs/limits.md is the tests that hold the limit, each as `its_name`; these are not there:\n{}",
        wrong.join("\n")
    );
}

/// The rows of the tables of docs/limits.md, without their headings.
fn rows_of_limits(limits: &str) -> Vec<&str> {
    limits.lines().filter(|line| line.starts_with("| ") && !line.ends_with("held by the test |")).collect()
}

/// Which constants each number of docs/limits.md is: the beginning of its row, and for each number of the first two
/// columns the file below `src` and the constant or field there, or what is calculated with it.
const LIMITS: &[(&str, &[(&str, &str)])] = &[
    ("`unpacked`", &[("capture/limits.rs", "unpacked")]),
    ("`layers`", &[("capture/limits.rs", "layers")]),
    ("`members`", &[("capture/limits.rs", "members")]),
    ("`part`", &[("capture/limits.rs", "part")]),
    ("`bodies`", &[("capture/limits.rs", "bodies")]),
    ("growth of one SAZ part", &[("capture/saz/archive.rs", "SMALL_MEMBER"), ("capture/saz/archive.rs", "LARGEST_RATIO")]),
    ("metadata of one SAZ session", &[("capture/saz/archive.rs", "LARGEST_METADATA"), ("capture/saz/metadata.rs", "MOST_NODES")]),
    ("one decoded body", &[("capture/http_message/coding.rs", "LARGEST_BODY")]),
    ("codings of such a body", &[("capture/http_message/coding.rs", "MOST_CODINGS")]),
    ("one body of a NetLog", &[("capture/netlog/body.rs", "LONGEST")]),
    ("repetitions of one request", &[("capture/netlog/hop.rs", "MOST_ATTEMPTS")]),
    ("token of a call that leaves a summary", &[("capture/selection.rs", "LONGEST_TOKEN")]),
    ("header lines of one message", &[("capture/http_message/mod.rs", "MOST_HEADERS")]),
    ("pages of a HAR", &[("capture/har/document.rs", "MOST_PAGES")]),
    (
        "one item of Burp",
        &[
            ("capture/burp_xml/items.rs", "LARGEST_ITEM"),
            ("capture/burp_xml/item.rs", "MOST_NODES"),
            ("capture/burp_xml/items.rs", "LONGEST_TAG"),
        ],
    ),
    ("an `entrace.toml`", &[("cli/config/file.rs", "MOST")]),
    ("digits of a length", &[("capture/mitmproxy_flow/tnetstring.rs", "MOST_DIGITS")]),
    ("name of a body beside a HAR", &[("capture/attachments.rs", "LONGEST_NAME")]),
    ("nesting, and values, of one entry", &[("capture/har/value.rs", "DEEPEST"), ("capture/har/value.rs", "MOST")]),
    (
        "what is held of one entry of a HAR",
        &[("capture/har/scan/scanner.rs", "MOST_HELD"), ("capture/har/scan/scanner.rs", "LEAST_LET_GO")],
    ),
    ("a number or word in a HAR", &[("capture/har/scan/scanner.rs", "LONGEST_WORD")]),
    ("members of a HAR's log", &[("capture/har/document.rs", "MOST_MEMBERS")]),
    (
        "what entrace noted in a HAR",
        &[
            ("capture/har/note.rs", "LONGEST"),
            ("capture/har/note.rs", "MOST_IN_ORDER"),
            ("capture/har/note.rs", "LONGEST_LABEL"),
            ("capture/har/note.rs", "LONGEST_NAME"),
            ("capture/har/note.rs", "LONGEST_REASON"),
        ],
    ),
    ("warnings of one kind", &[("capture/warnings.rs", "EACH")]),
    ("creator that is told", &[("capture/creator.rs", "LONGEST")]),
    ("a SAML message, unpacked", &[("entra/saml.rs", "LONGEST_SAML_MESSAGE"), ("entra/saml.rs", "MOST_SAML_NODES")]),
    ("XML: SAML messages", &[("capture/xml.rs", "MOST_ATTRIBUTES"), ("capture/xml.rs", "MOST_NAMESPACES")]),
    ("an export of sign-in logs", &[("capture/msal_log.rs", "LARGEST")]),
    ("a log of MSAL", &[("capture/msal_log.rs", "LARGEST")]),
    ("rows of sign-in logs", &[("logs.rs", "MOST")]),
    ("errors of a log of MSAL", &[("logs.rs", "MOST")]),
    ("lines of one message", &[("msal_log/lines.rs", "LONGEST"), ("entra/pasted.rs", "MOST")]),
    ("origins of pages that turn in", &[("signin/afterwards/own_pages.rs", "OWN_PAGES")]),
    ("redirect URIs that worked", &[("checks/redirect_uri.rs", "MOST_COMPARED")]),
    ("places that are kept of one claim", &[("checks/claim.rs", "PLACES")]),
    ("failures that `compare`", &[("compare/mod.rs", "FAILURES")]),
    ("steps of an attempt that `compare`", &[("compare/align.rs", "STEPS")]),
    ("the line with the password", &[("cli/password.rs", "LONGEST")]),
    ("a message that `explain` reads", &[("cli/explain/mod.rs", "MOST")]),
    ("all values that are sought", &[("redact/search/mod.rs", "MOST_SOUGHT"), ("redact/search/mod.rs", "MOST_SOUGHT")]),
    ("escapes around a value", &[("redact/search/mod.rs", "MOST_ESCAPES")]),
    ("base64 in base64", &[("redact/search/mod.rs", "MOST_DEPTH")]),
    ("what one value of a text inflates to", &[("redact/search/inflate.rs", "MOST_INFLATED"), ("redact/search/mod.rs", "MOST_GROWN")]),
    ("in one run of letters", &[("redact/search/mod.rs", "MOST_BEHIND"), ("redact/search/mod.rs", "LONGEST_BEHIND")]),
    ("a SAML or WS-Federation message", &[("entra/saml.rs", "LONGEST_SAML_MESSAGE"), ("entra/saml.rs", "MOST_SAML_NODES")]),
    (
        "nesting: of its elements",
        &[("redact/rewrite/xml.rs", "DEEPEST"), ("redact/rewrite/json.rs", "DEEPEST"), ("redact/rewrite/mod.rs", "DEEPEST")],
    ),
    ("one capture that is dropped", &[("serve/bounds.rs", "upload")]),
    ("all that are kept and arriving", &[("serve/bounds.rs", "all")]),
    ("captures that are kept", &[("serve/bounds.rs", "kept")]),
    ("captures that arrive at once", &[("serve/bounds.rs", "arriving"), ("serve/page/serve.js", "AT_ONCE")]),
    ("time without a byte", &[("serve/bounds.rs", "idle")]),
    ("time until one has arrived", &[("serve/bounds.rs", "whole / 60")]),
    ("name of a file", &[("serve/bounds.rs", "NAME")]),
    ("a password", &[("serve/bounds.rs", "SMALL_BODY")]),
];

#[test]
fn every_limit_is_the_number_that_is_documented() {
    let limits = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let (mut wrong, mut known) = (Vec::new(), 0);
    for row in rows_of_limits(&limits) {
        let cells: Vec<&str> = row.trim_start_matches("| ").split(" | ").collect();
        let told: Vec<u64> = cells[..2].iter().flat_map(|cell| numbers(cell)).collect();
        let constants =
            LIMITS.iter().find(|(beginning, _)| cells[0].starts_with(beginning)).map_or(&[] as &[_], |(_, constants)| constants);
        known += usize::from(!constants.is_empty());
        let kept: Vec<u64> = constants.iter().filter_map(|(file, constant)| calculated(constant, &text_of(file))).collect();
        if told != kept {
            wrong.push(format!("{told:?} is {kept:?}: {}", cells[0]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "docs/limits.md says other numbers than the constants that LIMITS of this file names");
    assert_eq!(known, LIMITS.len(), "LIMITS names rows that docs/limits.md does not have");
    assert_eq!(numbers("8 MiB; the values of 64 KiB, 4,096 and 2.").as_slice(), [8 << 20, 64 << 10, 4096, 2]);
    assert_eq!(calculated("A - 1", "const A: usize = B / 4;\nconst B: u64 = 1 << 10;\nconst B: u64 = 7;"), Some(255));
}

fn text_of(file: &str) -> String {
    fs::read_to_string(root().join("src").join(file)).unwrap()
}

/// The numbers of a text, sizes in bytes.
fn numbers(text: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut words = text.split([' ', '/']).peekable();
    while let Some(word) = words.next() {
        let number = word.trim_end_matches([',', ';', ':', '.']).replace(',', "");
        let Ok(number) = number.parse::<u64>() else { continue };
        let unit = words.peek().map_or("", |unit| unit.trim_end_matches([',', ';', ':', '.']));
        numbers.push(
            number << [("KiB", 10), ("MiB", 20), ("GiB", 30)].into_iter().find(|(name, _)| *name == unit).map_or(0, |(_, bits)| bits),
        );
    }
    numbers
}

/// What an expression comes to: numbers, constants and fields of the source, two of them with an operator between.
fn calculated(expression: &str, source: &str) -> Option<u64> {
    let expression = expression.trim();
    if let Some(seconds) = expression.strip_prefix("Duration::from_secs(").and_then(|rest| rest.strip_suffix(')')) {
        return calculated(seconds, source);
    }
    if let [one, operator, other] = expression.split(' ').collect::<Vec<_>>()[..] {
        let (one, other) = (calculated(one, source)?, calculated(other, source)?);
        return match operator {
            "<<" => Some(one << other),
            "*" => Some(one * other),
            "/" => Some(one / other),
            "-" => Some(one - other),
            _ => None,
        };
    }
    if ["u8", "u32", "u64", "usize", "Duration"].contains(&expression) {
        return None;
    }
    if expression.starts_with(|first: char| first.is_ascii_digit()) {
        return expression.replace('_', "").parse().ok();
    }
    // What a program is built with stands before what it is tested with.
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let places = source.match_indices(expression).filter(|_| is_name(expression));
    let mut values = places
        .filter(|(at, _)| !source[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
        .filter_map(|(at, _)| {
            let rest = source[at + expression.len()..].trim_start();
            let rest = rest.strip_prefix([':', '='])?.split([',', ';', '}', '\n']).next()?;
            let value = rest.split_once(" = ").map_or(rest, |(_, value)| value);
            (value.trim() != expression).then(|| calculated(value, source)).flatten()
        });
    values.next()
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

/// Files of people: what is at the top, and what `docs` holds.
fn documents() -> Vec<PathBuf> {
    let of = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    of(root().to_owned()).chain(of(root().join("docs"))).filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

#[test]
fn paths_that_documents_name_are_there() {
    const FOLDERS: [&str; 9] = ["src/", "docs/", "tests/", "fixtures/", "examples/", "benches/", "fuzz/", "packaging/", ".github/"];
    let mut named = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        // Every second part stands in code marks.
        for path in text.split('`').skip(1).step_by(2).filter(|part| FOLDERS.iter().any(|folder| part.starts_with(folder))) {
            // A pattern, and the folder that a fuzzer makes.
            if path.chars().any(|c| c.is_uppercase() || c.is_whitespace() || "*<{…".contains(c)) || path == "fuzz/artifacts" {
                continue;
            }
            named += 1;
            assert!(root().join(path).exists(), "{} names {path}", document.display());
        }
    }
    assert!(named > 50, "{named}");
}

#[test]
fn circles_of_files_are_found() {
    let found = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        let files: Vec<(String, String)> = files.iter().map(|(path, code)| ((*path).to_owned(), (*code).to_owned())).collect();
        circles(&files).into_iter().map(|circle| circle.into_iter().collect()).collect()
    };
    let modules = ("a/mod.rs", "mod b; mod c; mod d; pub use b::B; pub(crate) use d::{self, D as E}; use c::C;");
    // By name, through what their folder hands on, and over a third.
    for (b, c, d) in [
        ("use super::c::C;", "use crate::a::{b::{self, B}, d};", ""),
        ("fn b() { super::c::c() }", "use super::B;", ""),
        ("use super::c;", "use super::{E, x};", "use super::b::{self};"),
    ] {
        let circle = found(&[modules, ("a/b.rs", b), ("a/c.rs", c), ("a/d.rs", d)]);
        let expected: &[&str] = if d.is_empty() { &["a/b.rs", "a/c.rs"] } else { &["a/b.rs", "a/c.rs", "a/d.rs"] };
        assert_eq!(circle, [expected], "{b} {c} {d}");
    }
    // One way, and up and down.
    assert_eq!(
        found(&[modules, ("a/b.rs", "use super::{c, E}; use super::A;"), ("a/c.rs", "use super::d;"), ("a/d.rs", "use super::A;")]),
        [] as [&[&str]; 0]
    );
}
