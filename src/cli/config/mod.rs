//! Defaults from files: where an `entrace.toml` is looked for, and what holds of several.
//!
//! A file is one's own (in the folder for settings of this user), named (`--config`, `ENTRACE_CONFIG`), or found: in the
//! working directory or above it. Captures come from strangers, and so may the folder they lie in. So what a found file
//! says is told on standard error, it can make redaction stricter and never weaker, and nothing is read or allowed
//! because of it. All that are found count, because a near one could otherwise hide the strict one above it.

mod file;
mod show;

use super::expected::Expected;
use crate::capture::LimitChange;
use crate::redact;
use crate::report::printable;
use clap::Args;
use file::{ConfigError, Said};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) use show::run;

/// What a file is called.
const NAME: &str = "entrace.toml";

/// The folder in that of the user's settings.
const FOLDER: &str = "entrace";

/// The variable that names a file, or, where it is empty, says that there is none.
const VARIABLE: &str = "ENTRACE_CONFIG";

/// Where the defaults come from.
#[derive(Args)]
pub(super) struct ConfigArgs {
    /// Take defaults from this file, instead of the entrace.toml that is your own and those that are found; see
    /// docs/configuration.md
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Take no defaults from any file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
}

/// Why the defaults cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{error}{way_out}")]
pub(super) struct DefaultsError {
    /// What is wrong with a file of them.
    error: ConfigError,
    /// What to do about one that nobody named.
    way_out: &'static str,
}

/// What is held where no option says otherwise.
#[derive(Default)]
pub(super) struct Defaults {
    /// Folders of knowledge; of several the last one counts.
    pub(super) knowledge: Vec<PathBuf>,
    /// What is expected to be asked, and by whom.
    pub(super) expected: Expected,
    /// How captures are redacted.
    pub(super) redaction: redact::Options,
    /// How much is read.
    pub(super) limits: Vec<LimitChange>,
    /// The files, those that count more behind those that count less.
    files: Vec<Used>,
}

/// A file, and what of it holds.
struct Used {
    path: PathBuf,
    origin: Origin,
    /// What holds.
    holds: Vec<Line>,
    /// What does not, because the file was found.
    left_out: Vec<Line>,
}

/// Something that a file says.
struct Line {
    part: Part,
    /// As it stands in a file; of what does not hold perhaps the key alone.
    text: String,
}

/// How a file came to be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It lies where this user's settings are.
    Own,
    /// It lies in the working directory or above it.
    Found,
    /// The user named it.
    Named,
}

/// A part of the defaults: its key or table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// `knowledge`.
    Knowledge,
    /// `expect`.
    Expect,
    /// `redact`.
    Redact,
    /// `limits`.
    Limits,
}

impl ConfigArgs {
    /// The defaults. What files that were found say of these parts is told.
    ///
    /// # Errors
    /// When a file cannot be used: it says which, where in it, and what may stand there.
    pub(super) fn defaults(&self, parts: &[Part], stderr: &mut dyn Write) -> Result<Defaults, DefaultsError> {
        Defaults::read(self, parts, stderr)
    }
}

impl Defaults {
    /// Reads them, and tells what files that were found say of these parts, which are those that the subcommand has.
    ///
    /// # Errors
    /// When a file cannot be used.
    fn read(choice: &ConfigArgs, parts: &[Part], stderr: &mut dyn Write) -> Result<Self, DefaultsError> {
        let defaults = Self::of(choice)?;
        for file in defaults.files.iter().filter(|file| file.origin == Origin::Found) {
            let listed = |lines: &[Line]| -> String {
                let matter = lines.iter().filter(|line| parts.contains(&line.part)).map(|line| line.text.as_str());
                matter.collect::<Vec<_>>().join(", ")
            };
            let (holds, left_out) = (listed(&file.holds), listed(&file.left_out));
            // Whoever has closed the stream wants to hear nothing, and what was asked for is still to be done.
            if !holds.is_empty() {
                let _ = writeln!(stderr, "entrace: {} was found and sets {holds}", file.path());
            }
            if !left_out.is_empty() {
                let _ = writeln!(
                    stderr,
                    "entrace: {} was found and may not set {left_out}; name it with --config if you trust it",
                    file.path()
                );
            }
        }
        Ok(defaults)
    }

    /// Reads them.
    fn of(choice: &ConfigArgs) -> Result<Self, DefaultsError> {
        let mut defaults = Self::default();
        if choice.no_config {
            return Ok(defaults);
        }
        if let Some(named) = &choice.config {
            defaults.take(absolute_of(named), Origin::Named)?;
            return Ok(defaults);
        }
        if let Some(named) = env::var_os(VARIABLE) {
            if !named.is_empty() {
                defaults.take(absolute_of(Path::new(&named)), Origin::Named)?;
            }
            return Ok(defaults);
        }
        let own = own().filter(|path| is_there(path));
        let found = found();
        let is_own = |path: &Path| own.as_deref().is_some_and(|own| super::output::is_same_file(own, path));
        let found: Vec<PathBuf> = found.into_iter().filter(|path| !is_own(path)).collect();
        if let Some(own) = own {
            defaults.take(own, Origin::Own)?;
        }
        found.into_iter().try_for_each(|path| defaults.take(path, Origin::Found))?;
        Ok(defaults)
    }

    /// Takes what a file says over what earlier ones said.
    fn take(&mut self, path: PathBuf, origin: Origin) -> Result<(), DefaultsError> {
        let said = Said::read(&path).map_err(|error| told(error, origin))?;
        let mut used = Used { path, origin, holds: Vec::new(), left_out: Vec::new() };
        for folder in said.knowledge {
            if used.trusts(Part::Knowledge, "knowledge", &format!(" {}", quoted(&folder.display().to_string()))) {
                self.knowledge.push(folder);
            }
        }
        for (limit, amount) in said.limits {
            if used.trusts(Part::Limits, &format!("limits.{}", limit.name()), &format!(" = {}", amount.trim())) {
                self.limits.push(limit);
            }
        }
        if let Some(tenant) = said.tenant {
            used.holds.push(Line { part: Part::Expect, text: format!("expect.tenant = {}", quoted(tenant.shown())) });
            self.expected.tenant = Some(tenant);
        }
        if let Some(client) = said.client {
            used.holds.push(Line { part: Part::Expect, text: format!("expect.client = {}", quoted(&client)) });
            self.expected.client = Some(client);
        }
        let redaction = &mut self.redaction;
        used.option("redact.strict", &mut redaction.strict, said.strict, true);
        used.option("redact.hide-tenant", &mut redaction.hide_tenant, said.hide_tenant, true);
        used.option("redact.keep-bodies", &mut redaction.keep_bodies, said.keep_bodies, false);
        self.files.push(used);
        Ok(())
    }
}

impl Used {
    /// Whether something may be taken that only a file may say that the user wrote or named. Of what may not, the keys
    /// are told and not the values, of which there may be many.
    fn trusts(&mut self, part: Part, key: &str, value: &str) -> bool {
        let trusts = self.origin != Origin::Found;
        if trusts {
            self.holds.push(Line { part, text: format!("{key}{value}") });
        } else if self.left_out.iter().all(|left_out| left_out.text != key) {
            self.left_out.push(Line { part, text: key.to_owned() });
        }
        trusts
    }

    /// Takes an option of redaction, of which one value is the safe one. A file that was found may only choose that.
    fn option(&mut self, key: &str, option: &mut bool, said: Option<bool>, safe: bool) {
        let Some(said) = said.filter(|said| said != option) else { return };
        let holds = self.origin != Origin::Found || said == safe;
        let lines = if holds { &mut self.holds } else { &mut self.left_out };
        lines.push(Line { part: Part::Redact, text: format!("{key} = {said}") });
        if holds {
            *option = said;
        }
    }

    /// The path as it is shown.
    fn path(&self) -> String {
        printable(&self.path.display().to_string())
    }
}

/// A text as it stands in a file.
fn quoted(text: &str) -> String {
    // What JSON writes is the same in TOML.
    serde_json::Value::from(printable(text)).to_string()
}

/// The path of a file that was named, with all of its folders, so that what it names is told where it is. One that has
/// none cannot be read either, and is told then.
fn absolute_of(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Where the user's own file is, if there is one.
fn own() -> Option<PathBuf> {
    settings().map(|folder| folder.join(FOLDER).join(NAME))
}

/// The folder for settings of this user.
#[cfg(windows)]
fn settings() -> Option<PathBuf> {
    absolute(env::var_os("APPDATA"))
}

/// The folder for settings of this user: <https://specifications.freedesktop.org/basedir-spec/latest/>, on macOS too, as
/// programs of the command line have it.
#[cfg(not(windows))]
fn settings() -> Option<PathBuf> {
    absolute(env::var_os("XDG_CONFIG_HOME")).or_else(|| absolute(env::var_os("HOME")).map(|home| home.join(".config")))
}

/// A path that does not depend on where one is: anything else there is to be ignored.
fn absolute(path: Option<OsString>) -> Option<PathBuf> {
    path.map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The files in the working directory and above it, the nearest last.
fn found() -> Vec<PathBuf> {
    let Ok(here) = env::current_dir() else { return Vec::new() };
    let mut found: Vec<PathBuf> = here.ancestors().map(|folder| folder.join(NAME)).filter(|path| is_there(path)).collect();
    found.reverse();
    found
}

/// Whether there is a file. What is called like one and is a folder, a pipe or a device is not waited for.
fn is_there(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// An error for the user, who may not know of a file that was found.
fn told(error: ConfigError, origin: Origin) -> DefaultsError {
    let way_out = match origin {
        Origin::Named => "",
        Origin::Own | Origin::Found => " (--no-config does without it)",
    };
    DefaultsError { error, way_out }
}
