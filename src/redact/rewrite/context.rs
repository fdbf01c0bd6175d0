//! What is known of where a value stands, which says more than its name.

use super::Rewriter;
use super::within::Versions;

/// Where the value at hand stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    /// Whether it is sent to the sign-in service.
    pub(super) at_service: bool,
    /// Whether it is of a posted body, and of none that tells of an error: a code in it is none of an error.
    pub(super) is_asking: bool,
    /// Whether it is within a member of an exporter's own that is known: what is named there may be shown, but for secrets.
    pub(super) of_exporter: bool,
    /// Which numbers of four parts are those of versions.
    pub(super) versions: Versions,
}

impl Rewriter<'_> {
    /// Rewrites what stands there. What comes after it stands where it stood before.
    pub(super) fn in_context<T>(&mut self, context: Context, rewrite: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let out = rewrite(self);
        self.context = outer;
        out
    }
}
