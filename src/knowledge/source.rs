//! Reads knowledge files, and says of a mistake in which line it stands.
//!
//! The build script uses it for the program's own files and `load` for those of a user, so nothing here may use the
//! rest of the program.

use super::model::{Cause, Code, Symptom};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};
use toml::Spanned;

/// A mistake in a knowledge file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, both from 1, where it has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

impl std::error::Error for Mistake {}

/// An entry with the place that it comes from.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The entry.
    pub entry: T,
    file: usize,
    start: usize,
}

/// Files of one kind of knowledge or several, each entry once.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The name and text of each file.
    texts: Vec<(String, String)>,
    /// The codes.
    pub codes: BTreeMap<String, Placed<Code>>,
    /// The failures without a code.
    pub symptoms: BTreeMap<String, Placed<Symptom>>,
    /// The causes.
    pub causes: BTreeMap<String, Placed<Cause>>,
    /// The applications, by id.
    pub apps: BTreeMap<String, Placed<String>>,
}

/// What one file holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(default, rename = "code")]
    codes: Vec<Spanned<Code>>,
    #[serde(default, rename = "symptom")]
    symptoms: Vec<Spanned<Symptom>>,
    #[serde(default, rename = "cause")]
    causes: Vec<Spanned<Cause>>,
    #[serde(default)]
    apps: BTreeMap<String, Spanned<String>>,
}

impl Files {
    /// Reads every file of a folder and of those in it that ends in `.toml`, in the order of their paths.
    ///
    /// # Errors
    /// At the first mistake.
    pub fn read(folder: &Path) -> Result<Self, Mistake> {
        let unreadable = |path: &Path, error: io::Error| Mistake {
            file: path.display().to_string(),
            place: None,
            problem: format!("cannot be read: {error}"),
        };
        let mut paths = Vec::new();
        walk(folder, &mut paths).map_err(|error| unreadable(folder, error))?;
        paths.sort();
        let mut files = Self::default();
        for path in &paths {
            // A pipe would be waited for, and a device may have no end.
            if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
                return Err(unreadable(path, io::Error::other("this is no file")));
            }
            let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
            files.add(path.display().to_string(), text)?;
        }
        Ok(files)
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Reads one file.
    ///
    /// # Errors
    /// At the first mistake.
    pub fn add(&mut self, name: String, text: String) -> Result<(), Mistake> {
        // Windows' editors begin files with a mark that is no part of them.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let tables: Tables = toml::from_str(&text).map_err(|error| {
            let place = error.span().map(|span| line_and_column(&text, span.start));
            Mistake { file: name.clone(), place, problem: error.message().to_owned() }
        })?;
        let file = self.texts.len();
        self.texts.push((name, text));
        let texts = &self.texts;
        take(texts, file, &mut self.codes, tables.codes.into_iter().map(|code| (code.as_ref().code.clone(), code)))?;
        take(texts, file, &mut self.symptoms, tables.symptoms.into_iter().map(|symptom| (symptom.as_ref().id.clone(), symptom)))?;
        take(texts, file, &mut self.causes, tables.causes.into_iter().map(|cause| (cause.as_ref().id.clone(), cause)))?;
        take(texts, file, &mut self.apps, tables.apps.into_iter().map(|(id, name)| (id.to_ascii_lowercase(), name)))
    }

    /// Whether every cause that is named exists, here or elsewhere, and whether something is said of what to do.
    ///
    /// # Errors
    /// At the first mistake.
    pub fn check(&self, exists_elsewhere: impl Fn(&str) -> bool) -> Result<(), Mistake> {
        let missing = |causes: &[String]| {
            causes.iter().find(|cause| !self.causes.contains_key(*cause) && !exists_elsewhere(cause)).map(ToString::to_string)
        };
        for (name, code) in &self.codes {
            if let Some(cause) = missing(&code.entry.causes) {
                return Err(self.mistake(code, &cause, format!("{name} names the cause {cause}, which no file defines")));
            }
            if code.entry.causes.is_empty() && code.entry.fixes.is_empty() {
                return Err(self.mistake(code, name, format!("{name} has neither a cause nor a fix")));
            }
        }
        for (id, symptom) in &self.symptoms {
            if let Some(cause) = missing(&symptom.entry.causes) {
                return Err(self.mistake(symptom, &cause, format!("{id} names the cause {cause}, which no file defines")));
            }
        }
        match self.causes.iter().find(|(_, cause)| cause.entry.fixes.is_empty()) {
            Some((id, cause)) => Err(self.mistake(cause, id, format!("{id} has no fix"))),
            None => Ok(()),
        }
    }

    /// The name of the file that an entry comes from.
    pub fn file_of<T>(&self, entry: &Placed<T>) -> &str {
        self.texts.get(entry.file).map_or("", |(name, _)| name)
    }

    /// A mistake in an entry, at the first place in it where `what` stands.
    pub fn mistake<T>(&self, entry: &Placed<T>, what: &str, problem: String) -> Mistake {
        let Some((name, text)) = self.texts.get(entry.file) else { return Mistake { file: String::new(), place: None, problem } };
        let found = text.get(entry.start..).and_then(|rest| rest.find(&format!("\"{what}\"")).or_else(|| rest.find(what)));
        let place = line_and_column(text, entry.start + found.unwrap_or(0));
        Mistake { file: name.clone(), place: Some(place), problem }
    }
}

/// Takes the entries of one file.
fn take<T>(
    texts: &[(String, String)],
    file: usize,
    known: &mut BTreeMap<String, Placed<T>>,
    entries: impl Iterator<Item = (String, Spanned<T>)>,
) -> Result<(), Mistake> {
    for (key, entry) in entries {
        let start = entry.span().start;
        if let Some(earlier) = known.get(&key) {
            let at = |file: usize, start: usize| texts.get(file).map(|(name, text)| (name.clone(), line_and_column(text, start)));
            let (name, place) = at(file, start).unwrap_or_default();
            let (first, (line, _)) = at(earlier.file, earlier.start).unwrap_or_default();
            return Err(Mistake {
                file: name,
                place: Some(place),
                problem: format!("{key} stands twice; it is in {first}, line {line}, already"),
            });
        }
        known.insert(key, Placed { entry: entry.into_inner(), file, start });
    }
    Ok(())
}

/// The line and column of a place of a text, both from 1.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (line, column)
}

/// Collects the TOML files of a folder. Links to folders are not followed, so a circle of them ends.
fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, paths)?;
        } else if path.extension() == Some(OsStr::new("toml")) {
            paths.push(path);
        }
    }
    Ok(())
}
