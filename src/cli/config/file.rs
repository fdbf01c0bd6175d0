//! What an `entrace.toml` says, and where in it a mistake stands.
//!
//! Every key is the default of an option, or of two that belong together. The file is read key by key and not by
//! `serde`, so that a mistake is told in words for whoever wrote the file.

use crate::capture::{LimitChange, LimitError};
use crate::cli::expected;
use crate::entra::Tenant;
use crate::knowledge::{line_and_column, nearest};
use crate::report::printable;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How much of a file is read, in bytes: what is longer is something else.
const MOST: u64 = 1 << 20;

/// How many characters of a wrong key are repeated.
const LONGEST_KEY: usize = 40;

const KEYS: &[&str] = &["knowledge", "expect", "redact", "limits"];
const KEYS_OF_EXPECT: &[&str] = &["tenant", "client"];
const KEYS_OF_REDACT: &[&str] = &["strict", "hide-tenant", "keep-bodies"];

/// What one file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// `knowledge`: folders, from where the file is.
    pub(super) knowledge: Vec<PathBuf>,
    /// `expect.tenant`.
    pub(super) tenant: Option<Tenant>,
    /// `expect.client`.
    pub(super) client: Option<String>,
    /// `redact.strict`.
    pub(super) strict: Option<bool>,
    /// `redact.hide-tenant`.
    pub(super) hide_tenant: Option<bool>,
    /// `redact.keep-bodies`.
    pub(super) keep_bodies: Option<bool>,
    /// `limits`, each with its value as it is written.
    pub(super) limits: Vec<(LimitChange, String)>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConfigError {
    /// It cannot be read.
    #[error("{file} cannot be read: {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// It is longer than anybody writes.
    #[error("{file} is longer than 1 MiB; an entrace.toml is a few lines")]
    TooLong {
        /// The file.
        file: String,
    },
    /// It is not written in UTF-8.
    #[error("{file} is not written in UTF-8; save it as that")]
    NoText {
        /// The file.
        file: String,
    },
    /// Something in it is wrong.
    #[error("{file}:{line}:{column}: {problem}")]
    Mistake {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong, and what may stand there.
        problem: String,
    },
}

/// Something wrong at a place of the text, in bytes.
type Wrong = (Range<usize>, String);

/// A key or value with its place.
type Value<'t> = Spanned<DeValue<'t>>;

impl Said {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or at the first mistake in it.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = || printable(&path.display().to_string());
        let unreadable = |error| ConfigError::Unreadable { file: file(), error };
        let mut bytes = Vec::new();
        File::open(path).and_then(|opened| opened.take(MOST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
        if bytes.len() as u64 > MOST {
            return Err(ConfigError::TooLong { file: file() });
        }
        let text = String::from_utf8(bytes).map_err(|_| ConfigError::NoText { file: file() })?;
        // Windows' editors begin files with a mark that is no part of them.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::parse(text, path.parent().unwrap_or(Path::new(""))).map_err(|(at, problem)| {
            let (line, column) = line_and_column(text, at.start);
            ConfigError::Mistake { file: file(), line, column, problem: printable(&problem) }
        })
    }

    fn parse(text: &str, folder: &Path) -> Result<Self, Wrong> {
        let table = DeTable::parse(text).map_err(|error| (error.span().unwrap_or_default(), error.message().to_owned()))?;
        let mut said = Self::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "knowledge" => said.knowledge = folders(value, folder)?,
                "expect" => said.expect(entries(value, "expect")?)?,
                "redact" => said.redact(entries(value, "redact")?)?,
                "limits" => said.limits = limits(entries(value, "limits")?)?,
                _ => return Err(unknown(key, "", KEYS)),
            }
        }
        Ok(said)
    }

    fn expect(&mut self, table: &DeTable<'_>) -> Result<(), Wrong> {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "tenant" => self.tenant = Some(tenant(value)?),
                "client" => self.client = Some(client(value)?),
                _ => return Err(unknown(key, "expect.", KEYS_OF_EXPECT)),
            }
        }
        Ok(())
    }

    fn redact(&mut self, table: &DeTable<'_>) -> Result<(), Wrong> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let option = match name {
                "strict" => &mut self.strict,
                "hide-tenant" => &mut self.hide_tenant,
                "keep-bodies" => &mut self.keep_bodies,
                _ => return Err(unknown(key, "redact.", KEYS_OF_REDACT)),
            };
            match value.get_ref() {
                DeValue::Boolean(chosen) => *option = Some(*chosen),
                _ => return Err((value.span(), format!("{name} is true or false, without quotation marks"))),
            }
        }
        Ok(())
    }
}

fn folders(value: &Value<'_>, folder: &Path) -> Result<Vec<PathBuf>, Wrong> {
    const FORM: &str = "knowledge is a list of folders: [\"knowledge\"]";
    let list = value.get_ref().as_array().ok_or_else(|| (value.span(), FORM.to_owned()))?;
    list.iter().map(|item| text(item, FORM).map(|name| folder.join(name))).collect()
}

fn tenant(value: &Value<'_>) -> Result<Tenant, Wrong> {
    const FORM: &str = "tenant is an id, a domain or an alias such as common, in quotation marks";
    expected::tenant(text(value, FORM)?).ok_or_else(|| (value.span(), FORM.to_owned()))
}

fn client(value: &Value<'_>) -> Result<String, Wrong> {
    const FORM: &str = "client is the id of an application, in quotation marks";
    expected::client(text(value, FORM)?).ok_or_else(|| (value.span(), FORM.to_owned()))
}

fn limits(table: &DeTable<'_>) -> Result<Vec<(LimitChange, String)>, Wrong> {
    let mut changes = Vec::new();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let amount = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            _ => String::new(),
        };
        let change = LimitChange::new(name, &amount).map_err(|error| match error {
            LimitError::Name => (key.span(), error.to_string()),
            _ => (value.span(), format!("{name} is a whole number above 0, or text with KiB, MiB or GiB: \"8GiB\"")),
        })?;
        changes.push((change, amount));
    }
    Ok(changes)
}

fn entries<'v, 't>(value: &'v Value<'t>, name: &str) -> Result<&'v DeTable<'t>, Wrong> {
    value.get_ref().as_table().ok_or_else(|| (value.span(), format!("{name} is a table: write [{name}] on a line of its own")))
}

/// A text that is not empty.
fn text<'v>(value: &'v Value<'_>, form: &str) -> Result<&'v str, Wrong> {
    value.get_ref().as_str().filter(|text| !text.trim().is_empty()).ok_or_else(|| (value.span(), form.to_owned()))
}

fn unknown(key: &Spanned<Cow<'_, str>>, table: &str, known: &[&str]) -> Wrong {
    let written = key.get_ref().as_ref();
    let shown: String = written.chars().take(LONGEST_KEY).collect();
    let there: Vec<String> = known.iter().map(|name| format!("{table}{name}")).collect();
    let near = nearest(written, known.iter().copied(), 1).first().map(|name| format!("{table}{name}"));
    // Or one of a table, whose heading is missing.
    let elsewhere = [("expect", KEYS_OF_EXPECT), ("redact", KEYS_OF_REDACT)]
        .into_iter()
        .find_map(|(table, keys)| keys.contains(&written).then(|| format!("{table}.{written}")));
    let meant = near.or(elsewhere).map(|meant| format!("; is {meant} meant?")).unwrap_or_default();
    (key.span(), format!("there is no key {table}{shown}; there are {}{meant}", there.join(", ")))
}
