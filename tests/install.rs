//! What packages install beside the program: scripts for completion, manual pages; and what the program says of its build.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what is wrong by stopping"
)]

mod program;

use program::{entrace, run};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// What the program writes to standard output, which has to be all that it says.
fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[] as &[u8]), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every subcommand with the long names of its options, as its help has them.
fn subcommands() -> BTreeMap<String, BTreeSet<String>> {
    let help = said(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    });
    let subcommands: BTreeMap<_, _> = names.map(|name| (name.clone(), options(&said(&[&name, "--help"])))).collect();
    assert!(subcommands["diagnose"].contains("sign-in-logs") && subcommands.contains_key("completions"), "{subcommands:?}");
    subcommands
}

/// The long names of options in a help: those that begin a line.
fn options(help: &str) -> BTreeSet<String> {
    let begins = |line: &str| {
        let line = line.trim_start();
        let long = line.strip_prefix("--").or_else(|| line.get(..6).filter(|short| short.ends_with(", --")).and_then(|_| line.get(6..)));
        long.map(|long| long.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>())
    };
    help.lines().skip_while(|line| !line.ends_with("Options:")).filter_map(begins).collect()
}

#[test]
fn a_script_for_each_shell_names_every_subcommand_and_option() {
    let subcommands = subcommands();
    for shell in SHELLS {
        let script = said(&["completions", shell]);
        let words: BTreeSet<&str> = script.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
        for (name, options) in &subcommands {
            assert!(words.contains(name.as_str()), "{shell}: {name}");
            for option in options {
                // fish names an option without its dashes.
                assert!(words.contains(option.as_str()) || words.contains(format!("--{option}").as_str()), "{shell}: {name} --{option}");
            }
        }
        assert_eq!(script, said(&["completions", shell]), "{shell}");
    }
    assert_eq!(run(&["completions", "cmd"]).status.code(), Some(2));
}

/// What bash offers behind these words, or `None` where there is no bash.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let script = said(&["completions", "bash"]);
    let before = words[words.len() - 2];
    let ask = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={}; _entrace entrace '{}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1,
        words[words.len() - 1],
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).output().ok();
    program::needs("bash", output.is_some());
    let output = output?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[cfg(unix)]
#[test]
fn bash_completes_what_is_typed() {
    let Some(subcommand) = offered(&["entrace", "tim"]) else { return };
    assert_eq!(subcommand, ["timeline"]);
    assert_eq!(offered(&["entrace", "redact", "--rec"]).unwrap(), ["--receipt"]);
    assert_eq!(offered(&["entrace", "diagnose", "--format", "s"]).unwrap(), ["sarif"]);
    // `entrace CAPTURE` is `entrace diagnose CAPTURE`, so its options may come first.
    assert_eq!(offered(&["entrace", "--format", "ma"]).unwrap(), ["markdown"]);
}

#[test]
fn a_page_of_each_subcommand_names_every_option_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first/man1", "second"].map(|name| folder.path().join(name));
    for folder in [&first, &second] {
        let output = entrace().args(["man", "--output"]).arg(folder).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice(), output.stderr.as_slice()), (Some(0), &[] as &[u8], &[] as &[u8]));
    }
    let subcommands = subcommands();
    let mut expected: Vec<String> = subcommands.keys().map(|name| format!("entrace-{name}.1")).collect();
    expected.push("entrace.1".to_owned());
    expected.sort();
    let mut there: Vec<String> = fs::read_dir(&first).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(there, expected);
    for name in &there {
        assert_eq!(fs::read(first.join(name)).unwrap(), fs::read(second.join(name)).unwrap(), "{name}");
    }
    // In a page a hyphen that is to be copied is written `\-`.
    let page = |name: &str| fs::read_to_string(first.join(name)).unwrap().replace("\\-", "-");
    let whole = page("entrace.1");
    for (name, options) in &subcommands {
        assert!(whole.contains(&format!("entrace-{name}(1)")), "{name}");
        let page = page(&format!("entrace-{name}.1"));
        assert!(page.contains(".SH SYNOPSIS") && page.contains(&format!("entrace {}", env!("CARGO_PKG_VERSION"))), "{page}");
        assert!(page.contains("\n.SH EXAMPLES\n.nf\nentrace ") && page.contains("\n.SH \"EXIT STATUS\"\n0 "), "{page}");
        for option in options {
            assert!(page.contains(&format!("--{option}")), "{name} --{option}:\n{page}");
        }
    }
    assert_eq!(said(&["man"]).replace("\\-", "-"), whole);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = entrace().args(["man", "--output"]).arg(file.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let name = file.path().file_name().unwrap().to_str().unwrap().to_owned();
    assert!(String::from_utf8(output.stderr).unwrap().contains(&name));
}

#[test]
fn the_version_is_short_or_tells_how_the_program_was_built() {
    let name = format!("entrace {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(said(&["-V"]), name);
    let long = said(&["--version"]);
    assert!(long.starts_with(&name), "{long}");
    let facts: BTreeMap<&str, &str> = long.lines().skip(1).map(|line| line.split_once(": ").unwrap()).collect();
    assert_eq!(facts.keys().copied().collect::<Vec<_>>(), ["compiler", "licence", "profile", "target"]);
    assert!(facts.values().all(|fact| !fact.trim().is_empty() && fact.trim() != "unknown"), "{long}");
    assert!(facts["target"].contains(std::env::consts::ARCH) && facts["compiler"].contains("rustc 1."), "{long}");
}

/// Every file below a folder, from the root of the repository, with `/`.
fn below(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() { files.extend(below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_help_and_messages_point_to_and_examples_open_is_shipped() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, include) = manifest.split_once("include = [").unwrap();
    let (include, _) = include.split_once(']').unwrap();
    let (_, debian) = manifest.split_once("[package.metadata.deb]").unwrap();
    assert!(include.contains("\"/docs\""));
    for document in below("docs") {
        let (folder, name) = document.rsplit_once('/').unwrap();
        let kinds = [format!("{folder}/*"), format!("{folder}/*.{}", name.rsplit('.').next().unwrap())];
        assert!(kinds.iter().any(|kind| debian.contains(&format!("[\"{kind}\", \"usr/share/doc/entrace/{folder}/\""))), "{document}");
    }
    let mut opened = 0;
    for source in below("src").iter().filter(|path| path.ends_with(".rs")) {
        let text = fs::read_to_string(root().join(source)).unwrap();
        for line in text.lines() {
            let is_example = line.starts_with("//!") || line.trim_start().starts_with("///");
            let is_file = |text: &&str| text.starts_with("fixtures/") || text.starts_with("examples/");
            for file in line.split('"').filter(|_| is_example).filter(is_file) {
                opened += 1;
                let is_shipped =
                    file.starts_with("examples/") && include.contains("\"/examples\"") || include.contains(&format!("\"/{file}\""));
                assert!(root().join(file).exists() && is_shipped, "{source} opens {file}");
            }
            for (at, _) in line.match_indices("docs/").filter(|(at, _)| !line[..*at].ends_with('/')) {
                let document = line[at..].split(|c: char| !c.is_ascii_alphanumeric() && !"/-.".contains(c)).next().unwrap();
                assert!(root().join(document.trim_end_matches('.')).exists(), "{source} names {document}");
            }
        }
    }
    assert!(opened > 5);
}
