//! What was taken out of a capture, by a redaction of entrace or by somebody who cleaned it: what stands in its place is equal to
//! nothing of the other capture, and different from nothing.

use super::side::Side;
use crate::entra::{ClientId, Guid, Tenant, TenantName, is_stand_in, placeholder};
use crate::exchange::Secret;

/// Why a file that entrace redacted does not tell a value.
const REDACTED: &str = "the file is redacted, and each redacted file numbers by itself what it hides";
/// Why a file that somebody cleaned does not tell a value.
const CLEANED: &str = "it was taken out of the file";

impl Side<'_> {
    /// Whether entrace redacted the file.
    pub(super) fn is_redacted(&self) -> bool {
        self.analysis.redacted
    }

    /// Whether something else stands in the place of a value.
    pub(super) fn hides(&self, value: &Secret) -> bool {
        value.is_stand_in() || self.is_redacted() && value.holds_placeholder()
    }

    /// The same of a text, such as a host or the claim of a token.
    pub(super) fn hides_text(&self, text: &str) -> bool {
        is_stand_in(text) || self.is_redacted() && placeholder::is_in(text)
    }

    /// The same of the id of an application.
    pub(super) fn hides_client(&self, client: &ClientId) -> bool {
        client.is_stand_in() || self.is_redacted() && placeholder::is_in(client.shown())
    }

    /// The same of a tenant.
    pub(super) fn hides_tenant(&self, tenant: &Tenant) -> bool {
        *tenant.name() == TenantName::Hidden || self.is_redacted() && placeholder::is_in(tenant.shown())
    }

    /// The same of the id of a directory.
    pub(super) fn hides_directory(&self, directory: &Guid) -> bool {
        self.hides_text(directory.as_str())
    }

    /// Why the file does not tell a value, where it hides it.
    pub(super) fn why_hidden(&self) -> &'static str {
        if self.is_redacted() { REDACTED } else { CLEANED }
    }
}
