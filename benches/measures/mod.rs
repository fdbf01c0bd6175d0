//! What is measured, each against something that anybody has.

pub(crate) mod peers;
pub(crate) mod reading;
pub(crate) mod redaction;
pub(crate) mod starting;

use crate::processes::{Pairs, Way};
use std::ffi::OsString;
use std::path::Path;

/// The release program.
pub(crate) const ENTRACE: &str = env!("CARGO_BIN_EXE_entrace");

/// What may be asked for.
pub(crate) struct Settings {
    /// The size of the large files.
    pub(crate) megabytes: u64,
    /// How many pairs are run.
    pub(crate) rounds: usize,
}

impl Settings {
    /// A size that is enough for what is measured, or less where that is asked for.
    pub(crate) fn at_most(&self, megabytes: u64) -> u64 {
        self.megabytes.min(megabytes)
    }
}

/// One comparison. What it needs is made only when it is its turn; why it can't be had is said instead.
pub(crate) struct Measure {
    pub(crate) name: &'static str,
    pub(crate) prepare: fn(&Settings) -> Result<Comparison, String>,
}

/// Two ways, and what is aimed at.
pub(crate) struct Comparison {
    pub(crate) ours: Way,
    pub(crate) theirs: Way,
    pub(crate) aim: Aim,
    pub(crate) rounds: usize,
}

/// What a ratio should be.
pub(crate) enum Aim {
    /// Ours takes at most so many times as long.
    AtMost(f64),
    /// Theirs takes at least so many times as long; the ratio is told that way round.
    TimesAsFast(f64),
    /// Nothing: to be known only.
    None,
}

/// Every comparison.
pub(crate) fn all() -> impl Iterator<Item = &'static Measure> {
    [reading::MEASURES, redaction::MEASURES, starting::MEASURES, peers::MEASURES].into_iter().flatten()
}

/// The words of a command about a file.
pub(crate) fn command<const N: usize>(words: [&str; N], file: &Path) -> Vec<OsString> {
    words.into_iter().map(OsString::from).chain([file.into()]).collect()
}

impl Measure {
    fn measured(&self, settings: &Settings) -> Result<(Pairs, Aim), String> {
        let Comparison { ours, theirs, aim, rounds } = (self.prepare)(settings)?;
        Ok((Pairs::run(&ours, &theirs, rounds)?, aim))
    }

    /// Measures, and tells it as a line of a table in Markdown.
    pub(crate) fn line(&self, settings: &Settings) -> String {
        let (pairs, aim) = match self.measured(settings) {
            Ok(measured) => measured,
            Err(why) => return format!("| {} | | | | | not measured: {why} | |", self.name),
        };
        let (ours, theirs) = pairs.milliseconds();
        let [least, median, most] = pairs.ratios();
        let (ratio, range, aim, met) = match aim {
            Aim::AtMost(aim) => (median, (least, most), format!("at most {aim}"), Some(median <= aim)),
            Aim::TimesAsFast(aim) => {
                (1.0 / median, (1.0 / most, 1.0 / least), format!("at least {aim} times as fast"), Some(1.0 / median >= aim))
            }
            Aim::None => (median, (least, most), String::new(), None),
        };
        let met = met.map_or("", |met| if met { "met" } else { "missed" });
        format!("| {} | {ours:.1} ms | {theirs:.1} ms | {ratio:.2} | {:.2}–{:.2} | {aim} | {met} |", self.name, range.0, range.1)
    }
}
