//! Positions of steps, which are in the order of time.

/// Positions of steps, in the order of time.
#[derive(Default)]
pub(super) struct Positions(Vec<usize>);

impl Positions {
    pub(super) fn push(&mut self, at: usize) {
        if self.0.last() != Some(&at) {
            self.0.push(at);
        }
    }

    /// Those before a step.
    pub(super) fn before(&self, step: usize) -> &[usize] {
        self.0.get(..self.0.partition_point(|&at| at < step)).unwrap_or_default()
    }

    /// Those after a step.
    pub(super) fn after(&self, step: usize) -> &[usize] {
        self.0.get(self.0.partition_point(|&at| at <= step)..).unwrap_or_default()
    }

    pub(super) fn all(&self) -> &[usize] {
        &self.0
    }
}

/// What stands in several ascending lists, in order; they are read no further than it is asked for.
pub(super) fn in_order<const N: usize>(mut lists: [&[usize]; N]) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = lists.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| list.first().copied())?;
        let (first, rest) = next.split_first()?;
        *next = rest;
        Some(*first)
    })
}
