//! What a terminal gets and files and pipes do not: links, beside colours; and what is asked for against that. With a real terminal, which `script` of
//! util-linux makes; where it is missing, the tests say so and pass.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests say what is wrong by stopping, and what they skip")]

mod program;

use program::{entrace, fixtures, needs};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const FAILING: &str = "third-party-cookies-blocked.v4.devtools-full.har";

/// Begins a link, and ends one.
const LINK: &str = "\u{1b}]8;;";
const END: &str = "\u{1b}\\";

/// What a terminal of 80 columns gets, with this in the environment; `None` where no terminal can be made.
fn in_terminal(arguments: &str, environment: &[(&str, &str)]) -> Option<String> {
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command"]);
    command.arg(format!("stty rows 24 cols 80; '{}' {arguments}; true", env!("CARGO_BIN_EXE_entrace"))).arg("/dev/null");
    let path = std::env::var_os("PATH").map(|path| ("PATH", path));
    command.env_clear().envs(path).envs([("ENTRACE_CONFIG", ""), ("TERM", "xterm")]).envs(environment.iter().copied());
    let output = command.current_dir(fixtures()).output().ok().filter(|output| output.status.success());
    needs("the script of util-linux", output.is_some());
    let output = output?;
    Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
}

/// The text without its links, and the links: where each leads and what it shows.
fn links(text: &str) -> (String, Vec<(String, String)>) {
    let (mut plain, mut links) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(LINK) {
        let (address, after) = after.split_once(END).unwrap();
        let (shown, after) = after.split_once(LINK).unwrap();
        plain.extend([before, shown]);
        links.push((address.to_owned(), shown.to_owned()));
        rest = after.strip_prefix(END).unwrap();
    }
    (plain + rest, links)
}

/// Every address that the knowledge names.
fn addresses() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/knowledge");
    let mut folders = vec![folder];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let text = fs::read_to_string(path).unwrap();
                found.extend(text.split('"').filter(|text| text.starts_with("https://")).map(str::to_owned));
            }
        }
    }
    found
}

#[test]
fn addresses_of_the_knowledge_are_links_and_no_word_moves() {
    let known = addresses();
    for arguments in [FAILING, "explain 50058", "explain third-party-cookies-blocked"] {
        let Some(with) = in_terminal(arguments, &[("FORCE_HYPERLINK", "1")]) else { return };
        let without = in_terminal(arguments, &[("FORCE_HYPERLINK", "0")]).unwrap();
        let (plain, links) = links(&with);
        assert!(!without.contains(LINK) && without.contains("\u{1b}["), "{without}");
        assert_eq!(plain, without, "{arguments}");
        assert!(!links.is_empty(), "{arguments}");
        for (address, shown) in &links {
            assert!(address == shown && known.contains(address), "{address}");
        }
        let linked: BTreeSet<&String> = links.iter().map(|(address, _)| address).collect();
        let named = plain.split_whitespace().filter(|word| known.contains(*word)).count();
        assert!(named >= linked.len() && links.len() == named, "{arguments}: an address to read is no link");
    }
}

#[test]
fn whether_there_are_links_is_up_to_the_terminal() {
    let has_links = |environment: &[(&str, &str)]| in_terminal(FAILING, environment).map(|text| text.contains(LINK));
    let Some(in_any) = has_links(&[]) else { return };
    assert!(!in_any);
    for known in [("WT_SESSION", "1"), ("TERM_PROGRAM", "vscode"), ("TERM", "xterm-kitty"), ("VTE_VERSION", "6800")] {
        assert_eq!(has_links(&[known]), Some(true), "{known:?}");
        assert_eq!(has_links(&[known, ("FORCE_HYPERLINK", "0")]), Some(false), "{known:?}");
        assert_eq!(has_links(&[known, ("NO_COLOR", "1")]), Some(true), "{known:?}");
    }
    let dumb = in_terminal(FAILING, &[("TERM", "dumb"), ("FORCE_HYPERLINK", "1")]).unwrap();
    assert!(!dumb.contains('\u{1b}'), "{dumb}");
    let colourless = in_terminal(FAILING, &[("NO_COLOR", "1")]).unwrap();
    assert!(!colourless.contains('\u{1b}'), "{colourless}");
}

#[test]
fn files_and_pipes_get_neither_links_nor_colours() {
    let forced = [("FORCE_HYPERLINK", "1"), ("WT_SESSION", "1"), ("TERM", "xterm-kitty")];
    for arguments in [[FAILING].as_slice(), &["explain", "50058"]] {
        let output = entrace().envs(forced).args(arguments).output().unwrap();
        assert!(!output.stdout.is_empty() && !output.stdout.contains(&0x1b), "{arguments:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.txt");
    for arguments in [FAILING, "explain 50058"] {
        if in_terminal(&format!("{arguments} --output '{}'", report.display()), &forced).is_some() {
            let text = fs::read_to_string(&report).unwrap();
            assert!(text.contains("https://") && !text.contains('\u{1b}'), "{text}");
        }
    }
}

#[test]
fn a_width_that_is_asked_for_is_that_of_a_terminal_too() {
    let piped = |width: &str| String::from_utf8(entrace().args([FAILING, "--width", width]).output().unwrap().stdout).unwrap();
    let Some(terminal) = in_terminal(FAILING, &[("NO_COLOR", "1")]) else { return };
    assert_eq!(terminal, piped("80"));
    for width in ["60", "110"] {
        let asked = in_terminal(&format!("{FAILING} --width {width}"), &[("NO_COLOR", "1")]).unwrap();
        assert!(asked == piped(width) && asked != terminal, "{width}");
    }
}

#[test]
fn a_width_that_no_text_can_have_is_told() {
    for width in ["0", "19", "10001", "-1", "18446744073709551615", "99999999999999999999", "wide", ""] {
        let output = entrace().args([FAILING, &format!("--width={width}")]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{width}: {stderr}");
        assert!(stderr.contains("a number of columns from 20 to 10000"), "{width}: {stderr}");
    }
    for width in ["20", "10000"] {
        let output = entrace().args([FAILING, "--width", width]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{width}");
    }
}

#[test]
fn colours_are_where_they_are_asked_for_and_else_in_a_terminal() {
    let piped = |option: &str, environment: &[(&str, &str)]| {
        let output = entrace().envs(environment.iter().copied()).args([option, FAILING]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = piped("--color=auto", &[]);
    let coloured = piped("--color=always", &[("NO_COLOR", "1"), ("TERM", "dumb"), ("FORCE_HYPERLINK", "1")]);
    assert!(!plain.contains('\u{1b}') && coloured.contains("\u{1b}[") && !coloured.contains(LINK));
    assert_eq!(piped("--color=auto", &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(piped("--color=never", &[]), plain);
    let explained = entrace().args(["--color", "always", "explain", "50058"]).output().unwrap();
    assert!(explained.stdout.contains(&0x1b));
    let json = entrace().args(["--color=always", "--format=json", FAILING]).output().unwrap();
    assert!(!json.stdout.is_empty() && !json.stdout.contains(&0x1b));
    let Some(terminal) = in_terminal(&format!("--color never {FAILING}"), &[]) else { return };
    assert!(!terminal.contains("\u{1b}["), "{terminal}");
    let terminal = in_terminal(&format!("{FAILING} --color auto"), &[]).unwrap();
    assert!(terminal.contains("\u{1b}["), "{terminal}");
}
