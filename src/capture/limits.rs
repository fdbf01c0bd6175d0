//! How much is read of what: a few kilobytes may claim to be terabytes.
//!
//! `docs/limits.md` lists these with the tests that hold them; `--limit NAME=VALUE` changes one.

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

impl Limits {
    /// Changes one limit, as `unpacked=8GiB` or `members=500000` says.
    ///
    /// # Errors
    /// When the text names no limit or gives it no value.
    pub fn change(&mut self, text: &str) -> Result<(), LimitError> {
        let (name, value) = text.split_once('=').ok_or(LimitError::Form)?;
        let value = number(value).ok_or(LimitError::Value)?;
        let count = || usize::try_from(value).map_err(|_| LimitError::Value);
        match name.trim() {
            "unpacked" => self.unpacked = value,
            "layers" => self.layers = count()?,
            "members" => self.members = count()?,
            "part" => self.part = value,
            "bodies" => self.bodies = value,
            _ => return Err(LimitError::Name),
        }
        Ok(())
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
            limits.change(change).unwrap();
        }
        assert_eq!(limits, Limits { unpacked: 8 << 30, layers: 2, members: 12, part: 1 << 20, bodies: 4096 });
    }

    #[test]
    fn what_changes_no_limit_is_told() {
        let mut limits = Limits::default();
        assert_eq!(limits.change("8GiB"), Err(LimitError::Form));
        assert_eq!(limits.change("entries=3"), Err(LimitError::Name));
        for value in ["", "0", "-1", "1.5", "3GB", "99999999999999999999", "17179869184GiB", "x"] {
            assert_eq!(limits.change(&format!("part={value}")), Err(LimitError::Value), "{value}");
        }
        assert_eq!(limits, Limits::default());
    }
}
