//! What a user expects to see in a capture, as options and files of defaults say it.

use crate::entra::{Tenant, TenantName};

/// No id of an application is longer, in bytes; where a file was found, it is told.
const LONGEST_ID: usize = 100;

/// What is expected, the id of the application as it was written.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) tenant: Option<Tenant>,
    pub(super) client: Option<String>,
}

/// The tenant that is expected to be asked, if the text can be one.
pub(super) fn tenant(text: &str) -> Option<Tenant> {
    let tenant = Tenant::parse(text);
    (!matches!(tenant.name(), TenantName::Unusable | TenantName::Hidden)).then_some(tenant)
}

/// The application that is expected to ask, if the text can be its id.
pub(super) fn client(text: &str) -> Option<String> {
    (!text.trim().is_empty() && text.len() <= LONGEST_ID).then(|| text.to_owned())
}
