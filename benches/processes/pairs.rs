//! Two ways run in turn, so that what else the machine does meets both.

use super::Way;
use std::time::Duration;

/// How long two ways took, pair by pair.
pub(crate) struct Pairs(Vec<(Duration, Duration)>);

impl Pairs {
    /// Runs both once to warm up and then in turn; which goes first alternates. What fails is told instead.
    pub(crate) fn run(ours: &Way, theirs: &Way, rounds: usize) -> Result<Self, String> {
        let pair = |round: usize| {
            if round.is_multiple_of(2) {
                let ours = ours.time()?;
                Ok((ours, theirs.time()?))
            } else {
                let theirs = theirs.time()?;
                Ok((ours.time()?, theirs))
            }
        };
        let pairs: Result<Vec<_>, String> = (0..=rounds.max(1)).map(pair).collect();
        ours.clean_up();
        theirs.clean_up();
        // The first pair was the warm-up.
        Ok(Self(pairs?.split_off(1)))
    }

    /// How many milliseconds ours took, and theirs.
    pub(crate) fn milliseconds(&self) -> (f64, f64) {
        let median_of = |time: fn(&(Duration, Duration)) -> Duration| median(self.0.iter().map(|pair| time(pair).as_secs_f64() * 1000.0));
        (median_of(|pair| pair.0), median_of(|pair| pair.1))
    }

    /// Ours by theirs in each pair: the least, the median and the most.
    pub(crate) fn ratios(&self) -> [f64; 3] {
        let ratios = sorted(self.0.iter().map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()));
        [ratios[0], median(ratios.iter().copied()), ratios[ratios.len() - 1]]
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let values = sorted(values);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] }
}
