//! Which captures the arguments mean.

use crate::capture::Kind;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much of a file is looked at to tell what it is, in bytes.
const BEGINNING: u64 = 4096;

/// One capture to be read.
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Something that cannot be read, and why.
    Unreadable(PathBuf, String),
}

impl Input {
    /// The path as reports name it.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) | Self::Unreadable(path, _) => path.display().to_string(),
        }
    }
}

/// Walks the arguments: `-` is standard input, a folder stands for the files in it.
pub(super) fn inputs(arguments: &[PathBuf]) -> Vec<Input> {
    arguments.iter().flat_map(|argument| expand(argument)).collect()
}

fn expand(argument: &Path) -> Vec<Input> {
    if argument.as_os_str() == "-" {
        return vec![Input::Stdin];
    }
    if !argument.is_dir() {
        return vec![Input::File(argument.to_owned())];
    }
    let mut files = Vec::new();
    if let Err(error) = walk(argument, &mut files) {
        return vec![Input::Unreadable(argument.to_owned(), format!("the folder cannot be read: {error}"))];
    }
    if files.is_empty() {
        let problem = "the folder holds no captures (files ending in .har, .saz, .chlsj, .zip, .gz or .zst, NetLogs ending in .json and Burp's items ending in .xml). Name the capture itself if it is called otherwise.";
        return vec![Input::Unreadable(argument.to_owned(), problem.to_owned())];
    }
    files.sort();
    files.into_iter().map(Input::File).collect()
}

/// Collects the captures of a folder and of those in it. Links to folders are not followed, so a circle of
/// them ends.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            walk(&path, files)?;
        } else if is_named_like_a_capture(&path) || is_capture_by_content(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// In a folder lie other things too, so there the name decides what is looked at; a file that is named is always
/// recognised by its content.
fn is_named_like_a_capture(path: &Path) -> bool {
    let known = ["har", "saz", "chlsj", "zip", "gz", "zst"];
    path.extension().is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// Most files that end in .json or .xml are no captures, so there the beginning has to say it.
fn is_capture_by_content(path: &Path) -> bool {
    let ends_in = |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
    let (is_json, is_xml) = (ends_in("json"), ends_in("xml"));
    let mut beginning = Vec::new();
    let mut read = || std::fs::File::open(path)?.take(BEGINNING).read_to_end(&mut beginning);
    if !(is_json || is_xml) || read().is_err() {
        return false;
    }
    match Kind::of_beginning(&beginning) {
        Kind::NetLog | Kind::CharlesJson => is_json,
        Kind::BurpXml => is_xml,
        _ => false,
    }
}
