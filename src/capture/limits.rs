//! How much is read of what: a few kilobytes may claim to be terabytes.
//!
//! `docs/limits.md` lists these with the tests that hold them; `--limit NAME=VALUE` changes one.

use std::str::FromStr;

/// The limits that may be changed. Those that no honest capture reaches are constants beside the code that
/// keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What all wrappers of one file may give together once they are off, in bytes. DevTools itself fails above
    /// 512 MB.
    pub unpacked: u64,
    /// How many wrappers may lie in each other: a gzipped HAR in a zip in a zip is three.
    pub layers: usize,
    /// How many members an archive may have; a SAZ has three for each session.
    pub members: usize,
    /// What is read of one part of a SAZ, or of one body that lies beside a HAR, in bytes.
    pub part: u64,
    /// What is decoded of all bodies of one capture together, in bytes.
    pub bodies: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 2 << 30, layers: 4, members: 200_000, part: 64 << 20, bodies: 1 << 30 }
    }
}

/// Why a limit could not be changed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitError {
    /// No `NAME=VALUE`.
    #[error("write NAME=VALUE, for example unpacked=8GiB")]
    Form,
    /// A name that no limit has.
    #[error("no such limit; there are unpacked, layers, members, part and bodies")]
    Name,
    /// A value that is no number.
    #[error("the value is a whole number above 0, for bytes also with KiB, MiB or GiB behind it")]
    Value,
}

/// One limit with another value: `unpacked=8GiB` and `members=500000` are parsed into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitChange {
    /// [`Limits::unpacked`].
    Unpacked(u64),
    /// [`Limits::layers`].
    Layers(usize),
    /// [`Limits::members`].
    Members(usize),
    /// [`Limits::part`].
    Part(u64),
    /// [`Limits::bodies`].
    Bodies(u64),
}

impl LimitChange {
    /// The limit of this name with this value.
    ///
    /// # Errors
    /// When there is no such limit, or the value is none.
    pub fn new(name: &str, value: &str) -> Result<Self, LimitError> {
        let bytes = || number(value).ok_or(LimitError::Value);
        let count = || usize::try_from(bytes()?).map_err(|_| LimitError::Value);
        Ok(match name.trim() {
            "unpacked" => Self::Unpacked(bytes()?),
            "layers" => Self::Layers(count()?),
            "members" => Self::Members(count()?),
            "part" => Self::Part(bytes()?),
            "bodies" => Self::Bodies(bytes()?),
            _ => return Err(LimitError::Name),
        })
    }

    /// The name of the limit.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unpacked(_) => "unpacked",
            Self::Layers(_) => "layers",
            Self::Members(_) => "members",
            Self::Part(_) => "part",
            Self::Bodies(_) => "bodies",
        }
    }
}

impl FromStr for LimitChange {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let (name, value) = text.split_once('=').ok_or(LimitError::Form)?;
        Self::new(name, value)
    }
}

impl Limits {
    /// Changes one limit.
    pub fn change(&mut self, change: LimitChange) {
        match change {
            LimitChange::Unpacked(bytes) => self.unpacked = bytes,
            LimitChange::Layers(count) => self.layers = count,
            LimitChange::Members(count) => self.members = count,
            LimitChange::Part(bytes) => self.part = bytes,
            LimitChange::Bodies(bytes) => self.bodies = bytes,
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit: u64 = match text.get(digits.len()..)?.trim() {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    // Half of all numbers is enough for every sum of two of them to stay a number.
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|value| (1..=u64::MAX / 2).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_changed_by_name() {
        let mut limits = Limits::default();
        for change in ["unpacked=8GiB", "layers=2", "members= 12", "part=1 MiB", "bodies=4096"] {
            let change: LimitChange = change.parse().unwrap();
            limits.change(change);
        }
        assert_eq!(limits, Limits { unpacked: 8 << 30, layers: 2, members: 12, part: 1 << 20, bodies: 4096 });
    }

    #[test]
    fn what_changes_no_limit_is_told() {
        let parse = |text: &str| text.parse::<LimitChange>();
        assert_eq!(parse("8GiB"), Err(LimitError::Form));
        assert_eq!(parse("entries=3"), Err(LimitError::Name));
        for value in ["", "0", "-1", "1.5", "3GB", "99999999999999999999", "17179869184GiB", "x"] {
            assert_eq!(parse(&format!("part={value}")), Err(LimitError::Value), "{value}");
        }
    }
}
