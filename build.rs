//! Turns the knowledge files into tables that are part of the program, see `src/knowledge/table.rs`. A mistake in one of
//! them fails the build and is told with its file and line. And tells the program how it is built, for `--version`.

#[path = "src/entra/code.rs"]
#[allow(dead_code, unreachable_pub, reason = "the program uses the rest")]
mod code;
#[path = "src/knowledge/model.rs"]
#[allow(dead_code, unreachable_pub, reason = "the program uses the rest")]
mod model;
#[path = "src/knowledge/source.rs"]
#[allow(dead_code, unreachable_pub, reason = "the program uses the rest")]
mod source;

use code::ErrorCode;
use serde::Serialize;
use source::{Files, Placed};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

/// Where the files are.
const FOLDER: &str = "src/knowledge";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done where even the message cannot be written.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout(), "cargo::rerun-if-changed={FOLDER}")?;
    facts()?;
    let files = Files::read(Path::new(FOLDER))?;
    files.check(|_| false)?;
    let target = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let target = Path::new(&target);
    let entries = |name: &str, table: Result<Vec<u8>, Box<dyn Error>>| table.and_then(|table| Ok(fs::write(target.join(name), table)?));
    entries("codes.table", table(&without_places(&files.codes)))?;
    entries("symptoms.table", table(&without_places(&files.symptoms)))?;
    entries("causes.table", table(&without_places(&files.causes)))?;
    entries("apps.table", table(&without_places(&files.apps)))?;
    entries("named.table", table(&named(&files)))?;
    entries("weighed.table", table(&weighed(&files)))?;
    entries("families.table", table(&families(&files)))?;
    entries("words.table", table(&words(&files)?))
}

/// For what, how and with what the program is built. Not when, where or by whom: the same sources give the same bytes.
fn facts() -> Result<(), Box<dyn Error>> {
    let given = |name: &str| env::var(name).unwrap_or_else(|_| "unknown".to_owned());
    let compiler = Command::new(given("RUSTC")).arg("--version").output();
    let compiler = compiler.ok().filter(|answer| answer.status.success()).and_then(|answer| String::from_utf8(answer.stdout).ok());
    let compiler = compiler.as_deref().and_then(|answer| answer.lines().next()).unwrap_or("unknown");
    let mut cargo = io::stdout().lock();
    writeln!(cargo, "cargo::rustc-env=ENTRACE_TARGET={}", given("TARGET"))?;
    writeln!(cargo, "cargo::rustc-env=ENTRACE_PROFILE={}", given("PROFILE"))?;
    writeln!(cargo, "cargo::rustc-env=ENTRACE_COMPILER={compiler}")?;
    Ok(())
}

fn without_places<T>(entries: &BTreeMap<String, Placed<T>>) -> BTreeMap<&str, &T> {
    entries.iter().map(|(key, placed)| (key.as_str(), &placed.entry)).collect()
}

/// The codes and symptoms that name each cause.
fn named(files: &Files) -> BTreeMap<&str, BTreeSet<&str>> {
    let of_codes = files.codes.iter().map(|(name, code)| (name, &code.entry.causes));
    let of_symptoms = files.symptoms.iter().map(|(id, symptom)| (id, &symptom.entry.causes));
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, causes) in of_codes.chain(of_symptoms) {
        for cause in causes {
            named.entry(cause).or_default().insert(name);
        }
    }
    named
}

/// The codes of each file.
fn families(files: &Files) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut families: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, code) in &files.codes {
        let family = Path::new(files.file_of(code)).file_stem().and_then(OsStr::to_str).unwrap_or_default();
        families.entry(family).or_default().insert(name);
    }
    families
}

/// The causes whose rules name each claim.
fn weighed(files: &Files) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut weighed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, cause) in &files.causes {
        for claim in cause.entry.rules.iter().flat_map(|rule| rule.claims()) {
            weighed.entry(claim).or_default().insert(id);
        }
    }
    weighed
}

/// Every word of what is said of codes, symptoms and causes, in lower case.
fn words(files: &Files) -> Result<BTreeMap<String, ()>, Box<dyn Error>> {
    let said = [
        serde_json::to_string(&without_places(&files.codes))?,
        serde_json::to_string(&without_places(&files.symptoms))?,
        serde_json::to_string(&without_places(&files.causes))?,
        serde_json::to_string(&without_places(&files.apps))?,
    ];
    let words = said.iter().flat_map(|said| said.split(|c: char| !c.is_ascii_alphabetic()));
    Ok(words.filter(|word| !word.is_empty()).map(|word| (word.to_ascii_lowercase(), ())).collect())
}

/// The number of entries; the ends of each one's key and bytes; all keys; the bytes of all. An entry is written by
/// postcard, which is decoded in a quarter of the time that JSON takes.
fn table<K: AsRef<str>, T: Serialize>(entries: &BTreeMap<K, T>) -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut ends, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (key, entry) in entries {
        keys.extend_from_slice(key.as_ref().as_bytes());
        values.extend(postcard::to_allocvec(entry)?);
        ends.extend([keys.len(), values.len()]);
    }
    let mut table = u32::try_from(entries.len())?.to_le_bytes().to_vec();
    for end in ends {
        table.extend(u32::try_from(end)?.to_le_bytes());
    }
    table.extend(keys);
    table.extend(values);
    Ok(table)
}
