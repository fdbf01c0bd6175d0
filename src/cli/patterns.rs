//! Patterns in the place of paths (`captures/**/*.har`), where no shell has read them before.

use glob::{MatchOptions, Pattern};
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How names are matched: as a shell does it.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: !cfg!(windows), require_literal_separator: true, require_literal_leading_dot: true };

/// Characters that make a name a pattern.
const WILD: [char; 3] = ['*', '?', '['];

/// Stands for folders of any depth, none included.
const ANY_DEPTH: &str = "**";

/// What a pattern names, in the order of the paths: what is there, and folders that could not be looked into.
pub(super) type Matches = BTreeMap<PathBuf, io::Result<()>>;

/// Whether there is something at the path, a link that leads nowhere included.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether an argument has to be read as a pattern: nothing has it as its name, and it could be one.
pub(super) fn is_pattern(argument: &Path) -> bool {
    !is_there(argument) && argument.to_string_lossy().contains(WILD)
}

/// What a pattern matches.
///
/// `*` is any text, `?` one character, `[ab]` one of these, each within one name; `**` is folders of any depth. Names
/// that begin with a dot have to be named with it. A part of the pattern that is itself a name there is that name.
pub(super) fn matches(argument: &Path) -> Matches {
    let mut parts: Vec<Part<'_>> = argument.components().map(Part::new).collect();
    parts.dedup_by(|one, other| matches!((one, other), (Part::AnyDepth, Part::AnyDepth)));
    let mut found = Matches::new();
    expand(Path::new(""), &parts, &mut found);
    found
}

/// One part of a pattern, between two separators.
enum Part<'a> {
    /// Folders of any depth.
    AnyDepth,
    /// One name: as it is written, or what matches it.
    Name(Component<'a>, Option<Pattern>),
}

impl<'a> Part<'a> {
    fn new(component: Component<'a>) -> Self {
        let text = component.as_os_str().to_string_lossy();
        match (component, &*text) {
            (Component::Normal(_), ANY_DEPTH) => Self::AnyDepth,
            (Component::Normal(_), text) if text.contains(WILD) => Self::Name(component, Pattern::new(text).ok()),
            _ => Self::Name(component, None),
        }
    }
}

/// Adds what the parts match in a folder; the empty path is the current folder.
fn expand(folder: &Path, parts: &[Part<'_>], found: &mut Matches) {
    let Some((first, rest)) = parts.split_first() else {
        found.insert(folder.to_owned(), Ok(()));
        return;
    };
    match first {
        Part::Name(component, _) if is_there(&folder.join(component)) => expand(&folder.join(component), rest, found),
        Part::Name(_, None) => {}
        Part::Name(_, Some(pattern)) => {
            for (path, _) in entries(folder, |name| pattern.matches_with(name, MATCHING), found) {
                // Only folders have anything in them; a link to one is one here, as in a shell.
                if rest.is_empty() || path.is_dir() {
                    expand(&path, rest, found);
                }
            }
        }
        Part::AnyDepth => {
            expand(folder, rest, found);
            // Links to folders are not followed, so a circle of them ends.
            for (path, is_folder) in entries(folder, |name| !name.starts_with('.'), found) {
                if is_folder {
                    expand(&path, parts, found);
                }
            }
        }
    }
}

/// What is in a folder under the names that fit, and whether it is itself a folder.
fn entries(folder: &Path, fits: impl Fn(&str) -> bool, found: &mut Matches) -> Vec<(PathBuf, bool)> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let read = || -> io::Result<Vec<(PathBuf, bool)>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(here)? {
            let entry = entry?;
            if fits(&entry.file_name().to_string_lossy()) {
                entries.push((folder.join(entry.file_name()), entry.file_type()?.is_dir()));
            }
        }
        Ok(entries)
    };
    read().unwrap_or_else(|error| {
        found.insert(here.to_owned(), Err(error));
        Vec::new()
    })
}
