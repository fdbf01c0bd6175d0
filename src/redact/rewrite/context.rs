//! What is known of where a value stands, which says more than its name.

use super::Rewriter;
use super::within::Versions;
use crate::entra::ErrorCode;

/// Where the value at hand stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    /// Whether it is sent to the sign-in service.
    pub(super) at_service: bool,
    /// Whether it is of a posted body or of the query of an address, and of none that tells of an error: a code in it is none of
    /// an error.
    pub(super) is_asking: bool,
    /// The same, but for what only has a message: that may be anybody's, and a number beside it that is the code of no known error
    /// is one that somebody was sent.
    pub(super) sends_numbers: bool,
    /// Whether it is within a member of an exporter's own that is known: what is named there may be shown, but for secrets.
    pub(super) of_exporter: bool,
    /// Which numbers of four parts are those of versions.
    pub(super) versions: Versions,
}

impl Context {
    /// The same within a query, a form or an object with these names. A code beside an error is that of the error.
    pub(super) fn unless_error<'n, N: Iterator<Item = &'n str>>(self, names: impl Fn() -> N) -> Self {
        let tells = |start: &str| names().any(|name| name.get(..start.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(start)));
        let sends_numbers = self.sends_numbers && !tells("error");
        Self { is_asking: self.is_asking && sends_numbers && !tells("message"), sends_numbers, ..self }
    }
}

impl Rewriter<'_> {
    /// Whether a number that is called a code is no error's here.
    pub(super) fn is_sent_number(&self, number: &str) -> bool {
        let is_of_error = || ErrorCode::parse(&format!("AADSTS{number}")).is_some_and(|code| self.knowledge.code(code).is_some());
        self.context.sends_numbers && number.bytes().all(|byte| byte.is_ascii_digit()) && (self.context.is_asking || !is_of_error())
    }

    /// Rewrites what stands there. What comes after it stands where it stood before.
    pub(super) fn in_context<T>(&mut self, context: Context, rewrite: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let out = rewrite(self);
        self.context = outer;
        out
    }
}
