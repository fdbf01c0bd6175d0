//! What several threads use one after the other, in the order of their work.

use super::rewrite::Rewriter;
use std::sync::{Condvar, Mutex, PoisonError};

/// The rewriter, which is handed on from batch to batch in their order, whatever thread has them.
pub(super) struct Turns<'r, 'k> {
    rewriter: Mutex<(usize, &'r mut Rewriter<'k>)>,
    is_next: Condvar,
}

impl<'r, 'k> Turns<'r, 'k> {
    pub(super) fn new(rewriter: &'r mut Rewriter<'k>) -> Self {
        Self { rewriter: Mutex::new((0, rewriter)), is_next: Condvar::new() }
    }

    /// Does something when it is a batch's turn.
    pub(super) fn take<T>(&self, batch: usize, act: impl FnOnce(&mut Rewriter<'k>) -> T) -> T {
        /// Even where it stops half-way nobody waits for ever.
        struct Over<'t>(&'t Condvar);
        impl Drop for Over<'_> {
            fn drop(&mut self) {
                self.0.notify_all();
            }
        }
        let _over = Over(&self.is_next);
        let mut turn = self.rewriter.lock().unwrap_or_else(PoisonError::into_inner);
        while turn.0 != batch && !self.rewriter.is_poisoned() {
            turn = self.is_next.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        let outcome = act(turn.1);
        turn.0 = batch + 1;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    #[test]
    fn whoever_comes_first_waits_for_the_turn() {
        let knowledge = Knowledge::builtin();
        let mut rewriter = Rewriter::new(&knowledge, &Options::default());
        let turns = Turns::new(&mut rewriter);
        let (taken, here) = (Mutex::new(Vec::new()), &turns);
        std::thread::scope(|scope| {
            for batch in (0..8).rev() {
                let taken = &taken;
                scope.spawn(move || here.take(batch, |_| taken.lock().unwrap().push(batch)));
            }
        });
        assert_eq!(taken.into_inner().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
