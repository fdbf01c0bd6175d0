//! The pages of `docs/reference` say what `explain` says.
//!
//! After a change of the knowledge files or of how they are written down:
//!
//!     UPDATE_REFERENCE=1 cargo test --test reference

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what is wrong by stopping")]

use entrace::Knowledge;
use entrace::report::markdown::reference;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const AGAIN: &str = "write the pages anew with: UPDATE_REFERENCE=1 cargo test --test reference";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference")
}

/// Every page that should be there.
fn expected() -> BTreeMap<String, String> {
    reference(&Knowledge::builtin()).into_iter().map(|page| (page.path, page.text)).collect()
}

/// Every page that is there.
fn written() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for below in ["", "codes"] {
        for entry in fs::read_dir(folder().join(below)).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/");
                pages.insert(name, fs::read_to_string(path).unwrap().replace("\r\n", "\n"));
            }
        }
    }
    pages
}

#[test]
fn the_pages_are_those_that_the_knowledge_files_make() {
    let expected = expected();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        let _ = fs::remove_dir_all(folder());
        fs::create_dir_all(folder().join("codes")).unwrap();
        expected.iter().for_each(|(path, text)| fs::write(folder().join(path), text).unwrap());
        return;
    }
    let written = written();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&expected), "pages are missing or too many; {AGAIN}");
    for (path, text) in &expected {
        let other = written.get(path).unwrap().lines().zip(text.lines()).find(|(is, should)| is != should);
        assert!(written.get(path) == Some(text), "docs/reference/{path} has drifted, first at: {other:?}\n{AGAIN}");
    }
}

#[test]
fn every_link_leads_to_a_heading() {
    let pages = expected();
    let is_heading = |text: &str, anchor: &str| {
        text.lines().filter_map(|line| line.strip_prefix("## ")).any(|heading| heading.to_ascii_lowercase().replace('\\', "") == anchor)
    };
    for (path, text) in &pages {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let target = match (file.strip_prefix("../"), path.rsplit_once('/')) {
                (Some(up), Some(_)) => up.to_owned(),
                (None, Some((folder, _))) => format!("{folder}/{file}"),
                _ => file.to_owned(),
            };
            let page = pages.get(&target).unwrap_or_else(|| panic!("{path} leads to {target}, which is no page"));
            assert!(anchor.is_none_or(|anchor| is_heading(page, anchor)), "{path} leads to {link}, which is no heading");
        }
    }
}
