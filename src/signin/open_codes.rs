//! The codes that applications hold. Where somebody took a code out of the capture, whoever turns one in may still be known by
//! the application, as long as it holds but one.

use crate::entra::{ClientId, Known};
use crate::exchange::Secret;
use std::collections::HashMap;

/// How many codes of an application are kept in mind: with more than one nothing can be told anyway.
const CODES: usize = 4;

/// The attempts that gave a code to an application which has not been seen to turn it in, by application.
#[derive(Default)]
pub(super) struct OpenCodes(HashMap<ClientId, Vec<Open>>);

struct Open {
    attempt: usize,
    code: Option<Known>,
    written: Secret,
}

impl OpenCodes {
    /// An application is given a code.
    pub(super) fn give(&mut self, attempt: usize, client: ClientId, code: &Secret) {
        let open = self.0.entry(client).or_default();
        open.retain(|other| other.attempt != attempt);
        if open.len() == CODES {
            open.remove(0);
        }
        open.push(Open { attempt, code: code.told(), written: code.clone() });
    }

    /// An application turns in a code that it was given before the recording began: the only one, as far as it shows.
    pub(super) fn hold(&mut self, attempt: usize, client: ClientId, code: &Secret) {
        let open = self.0.entry(client).or_default();
        if open.is_empty() {
            open.push(Open { attempt, code: code.told(), written: code.clone() });
        }
    }

    /// The attempt whose code an application turns in, where nothing else tells and it can be no other.
    pub(super) fn only(&self, client: &ClientId, code: &Secret) -> Option<usize> {
        let code = code.told();
        let mut fitting = self.0.get(client)?.iter().filter(|open| may_be(open, code.as_ref()));
        let only = fitting.next()?.attempt;
        fitting.next().is_none().then_some(only)
    }

    /// The attempt whose code an application turns in otherwise than it was given, where it can be no other.
    pub(super) fn altered(&self, client: &ClientId, code: &Secret) -> Option<usize> {
        let mut fitting = self.0.get(client)?.iter().filter(|open| code.is_altered_from(&open.written) == Some(true));
        let only = fitting.next()?.attempt;
        fitting.next().is_none().then_some(only)
    }

    /// An application turned a code in, be it in vain: of the attempt, else of one that it may be of.
    pub(super) fn take(&mut self, attempt: usize, client: &ClientId, code: &Secret) {
        let Some(open) = self.0.get_mut(client) else { return };
        let code = code.told();
        let own = open.iter().position(|open| open.attempt == attempt);
        if let Some(at) = own.or_else(|| open.iter().position(|open| may_be(open, code.as_ref()))) {
            open.remove(at);
        }
    }
}

fn may_be(open: &Open, code: Option<&Known>) -> bool {
    open.code.as_ref().zip(code).is_none_or(|(one, other)| one == other)
}
