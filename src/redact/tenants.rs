//! With `--hide-tenant`: the ids and domains of tenants and the ids of applications.

use super::kind::Kind;
use super::vault::Vault;
use crate::capture::Document;

/// Puts them into the vault.
pub(super) fn collect(document: &Document, vault: &mut Vault) {
    let _ = (document, Kind::Tenant, vault);
}
