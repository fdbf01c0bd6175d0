//! Which captures the arguments mean.

use super::patterns;
use crate::capture::begins_like_a_capture;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// How much of a file is looked at to tell what it is, in bytes.
const BEGINNING: u64 = 4096;

/// One capture to be read.
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Something that cannot be read, and why.
    Unreadable(PathBuf, InputError),
}

/// Why an argument stands for no capture.
#[derive(Clone, Debug, Error)]
pub(super) enum InputError {
    /// A folder without captures.
    #[error(
        "the folder holds no captures: no file in it ends in .har, .saz, .chlsj, .zip, .gz or .zst, and none begins like one. Name the capture itself if there is one."
    )]
    EmptyFolder,
    /// A pattern, or a name that looks like one.
    #[error(
        "there is nothing of this name, and nothing matches it as a pattern (* is any text in a name, ? one character, [ab] one of these, and **/ folders of any depth)."
    )]
    NoMatch,
    /// What lies in a folder and may never end.
    #[error("this is a pipe or device and no file; name it itself to read it")]
    NoFile,
    /// A folder that cannot be looked into.
    #[error("the folder cannot be read: {0}")]
    Folder(Arc<io::Error>),
}

impl Input {
    /// The path as reports name it.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) | Self::Unreadable(path, _) => path.display().to_string(),
        }
    }

    /// What a path means that stands for one capture.
    pub(super) fn of(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path.to_owned()) }
    }

    /// The file that is read, where there is one: standard input may be one too.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Stdin => cfg!(unix).then_some(Path::new("/dev/stdin")),
            Self::File(path) => Some(path),
            Self::Unreadable(..) => None,
        }
    }

    /// Where it is.
    fn place(&self) -> PathBuf {
        match self {
            Self::Stdin => PathBuf::from("-"),
            Self::File(path) | Self::Unreadable(path, _) => path.clone(),
        }
    }
}

/// Walks the arguments: `-` is standard input, a folder stands for the files in it, and a pattern for what it matches
/// unless something has that very name.
pub(super) fn inputs(arguments: &[PathBuf]) -> Vec<Input> {
    arguments.iter().flat_map(|argument| expand(argument)).collect()
}

fn expand(argument: &Path) -> Vec<Input> {
    if argument.as_os_str() == "-" {
        return vec![Input::Stdin];
    }
    if patterns::is_pattern(argument) {
        return matching(argument);
    }
    if !argument.is_dir() {
        return vec![Input::File(argument.to_owned())];
    }
    let files = in_folder(argument);
    if files.is_empty() {
        return vec![Input::Unreadable(argument.to_owned(), InputError::EmptyFolder)];
    }
    files
}

/// What a pattern stands for, in the order of the paths: the files that it matches, and the captures in the folders
/// that it matches.
fn matching(pattern: &Path) -> Vec<Input> {
    let mut found = BTreeMap::new();
    for (path, outcome) in patterns::matches(pattern) {
        let inputs = match outcome {
            Err(error) => vec![unreadable_folder(&path, error)],
            Ok(()) if path.is_dir() => in_folder(&path),
            Ok(()) => vec![regular(path)],
        };
        // A file may be matched by itself and lie in a folder that is matched too.
        found.extend(inputs.into_iter().map(|input| (input.place(), input)));
    }
    if found.is_empty() {
        return vec![Input::Unreadable(pattern.to_owned(), InputError::NoMatch)];
    }
    found.into_values().collect()
}

/// The captures of a folder, in the order of their paths.
fn in_folder(folder: &Path) -> Vec<Input> {
    let mut found = Vec::new();
    walk(folder, &mut found);
    found.sort_by_cached_key(Input::place);
    found
}

/// A file that nobody named itself. A pipe would be waited for, and a device may have no end, so these have to be named.
fn regular(path: PathBuf) -> Input {
    // What leads nowhere is told when it is opened.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Input::Unreadable(path, InputError::NoFile);
    }
    Input::File(path)
}

fn unreadable_folder(folder: &Path, error: io::Error) -> Input {
    Input::Unreadable(folder.to_owned(), InputError::Folder(Arc::new(error)))
}

/// Collects the captures of a folder and of those in it, and the folders that cannot be looked into. Links to folders
/// are not followed, so a circle of them ends.
fn walk(folder: &Path, found: &mut Vec<Input>) {
    let mut read = || -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                walk(&path, found);
            } else if path.is_dir() {
                // A link to a folder, whatever it is called.
            } else if is_named_like_a_capture(&path) {
                found.push(regular(path));
            } else if path.is_file() && is_capture_by_content(&path) {
                // Opening a pipe would wait for somebody to write into it.
                found.push(Input::File(path));
            }
        }
        Ok(())
    };
    if let Err(error) = read() {
        found.push(unreadable_folder(folder, error));
    }
}

/// What is called so is a capture, or is told to be none.
fn is_named_like_a_capture(path: &Path) -> bool {
    ends_in(path, &["har", "saz", "chlsj", "zip", "gz", "zst"])
}

/// In a folder lie other things too, so there the beginning has to say that something else is a capture; a file that is
/// named is read in any case. No more than the beginning of each file is read.
fn is_capture_by_content(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let mut read = || std::fs::File::open(path)?.take(BEGINNING).read_to_end(&mut beginning);
    match read() {
        Ok(_) => begins_like_a_capture(&beginning),
        // It may well be one, so it is not passed over in silence.
        Err(_) => ends_in(path, &["json", "xml"]),
    }
}

fn ends_in(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted)))
}
