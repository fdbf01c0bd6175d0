//! Which refresh tokens came of the same sign-in: the service gives out another with each that is turned in.

use crate::entra::{Grant, Known, Step, Traffic};
use crate::exchange::Secret;
use crate::signin::Attempt;
use std::collections::HashMap;

/// Which refresh tokens came of the same sign-in.
#[derive(Default)]
pub(super) struct Grants {
    of_token: HashMap<Known, usize>,
    /// For each, the step that gave out its first token, where the capture shows it.
    begun: Vec<Option<usize>>,
}

/// What an attempt turned in for tokens.
#[derive(Clone, Copy)]
pub(super) enum TurnedIn {
    /// No refresh token, or none that is recorded.
    None,
    /// A refresh token that somebody took out of the capture: it may be that of any sign-in.
    Untold,
    /// A refresh token that came of this sign-in.
    Of(GrantId),
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
            let given = step.tokens().and_then(|tokens| tokens.refresh_token.as_ref()?.told());
            let turned_in = turned_in(step);
            let number = match (turned_in.map(Secret::told), &given) {
                (Some(Some(token)), _) => grants.number(token, None),
                (Some(None), Some(token)) => grants.number(token.clone(), None),
                (None, Some(token)) => grants.number(token.clone(), Some(at)),
                (_, None) => continue,
            };
            if let Some(token) = given {
                grants.of_token.entry(token).or_insert(number);
            }
        }
        grants
    }

    fn number(&mut self, token: Known, begun: Option<usize>) -> usize {
        *self.of_token.entry(token).or_insert_with(|| {
            self.begun.push(begun);
            self.begun.len() - 1
        })
    }

    /// What an attempt turned in.
    pub(super) fn of_attempt(&self, attempt: &Attempt, traffic: &Traffic<'_>) -> TurnedIn {
        let Some(token) = attempt.begin(traffic).and_then(turned_in) else { return TurnedIn::None };
        let number = token.told().and_then(|token| self.of_token.get(&token).copied());
        number.map_or(TurnedIn::Untold, |number| TurnedIn::Of(GrantId { number, begun: self.begun.get(number).copied().flatten() }))
    }
}

/// The refresh token that a step turns in.
fn turned_in<'s>(step: &'s Step<'_>) -> Option<&'s Secret> {
    step.params.get("refresh_token").filter(|token| step.grant() == Some(Grant::RefreshToken) && !token.is_empty())
}
