//! Which refresh tokens came of the same sign-in: the service gives out another with each that is turned in.

use crate::entra::{Grant, Step, Traffic};
use crate::exchange::Secret;
use crate::signin::Attempt;
use std::collections::HashMap;

/// Which refresh tokens came of the same sign-in.
#[derive(Default)]
pub(super) struct Grants {
    of_token: HashMap<Secret, usize>,
    /// For each, the step that gave out its first token, where the capture shows it.
    begun: Vec<Option<usize>>,
}

/// The sign-in that refresh tokens came of.
#[derive(Clone, Copy)]
pub(super) struct GrantId {
    pub(super) number: usize,
    /// The step that gave out its first token, where the capture shows it.
    pub(super) begun: Option<usize>,
}

impl Grants {
    pub(super) fn of(traffic: &Traffic<'_>) -> Self {
        let mut grants = Self::default();
        for (at, step) in traffic.steps.iter().enumerate() {
            let given = step.tokens().and_then(|tokens| tokens.refresh_token.as_ref());
            let number = match turned_in(step) {
                Some(token) => grants.number(token, None),
                None => match given {
                    Some(token) => grants.number(token, Some(at)),
                    None => continue,
                },
            };
            if let Some(token) = given {
                grants.of_token.entry(token.clone()).or_insert(number);
            }
        }
        grants
    }

    fn number(&mut self, token: &Secret, begun: Option<usize>) -> usize {
        *self.of_token.entry(token.clone()).or_insert_with(|| {
            self.begun.push(begun);
            self.begun.len() - 1
        })
    }

    /// What the refresh token came of that an attempt turned in, where that is recorded.
    pub(super) fn of_attempt(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> Option<GrantId> {
        let number = *self.of_token.get(turned_in(attempt.begin(traffic)?)?)?;
        Some(GrantId { number, begun: self.begun.get(number).copied().flatten() })
    }
}

/// The refresh token that a step turns in.
fn turned_in<'s>(step: &'s Step<'_>) -> Option<&'s Secret> {
    step.params.get("refresh_token").filter(|token| step.grant() == Some(Grant::RefreshToken) && !token.is_empty())
}
