//! Ids and domains of tenants, and ids of applications: they stay, unless they are to be hidden.

use super::Rewriter;
use crate::entra::{CONSUMERS_TENANT, Guid, Tenant, TenantName};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::redact::kind::Kind;

/// Tenants of Microsoft's own, which issue its services' tokens.
const MICROSOFT_TENANTS: &[&str] = &[CONSUMERS_TENANT, "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];

/// The end of the ids that Microsoft gave its first applications.
const MICROSOFT_APPLICATIONS: &str = "-0000-0000-c000-000000000000";

impl Rewriter<'_> {
    /// The id or domain of a tenant, or the id of an application.
    pub(super) fn tenant(&mut self, value: &str) -> String {
        if !self.hide_tenant {
            return self.id(value);
        }
        let lower = value.to_ascii_lowercase();
        let is_alias = matches!(Tenant::parse(value).name(), TenantName::Common | TenantName::Organizations | TenantName::Consumers);
        let is_microsofts =
            MICROSOFT_TENANTS.contains(&lower.as_str()) || lower.ends_with(MICROSOFT_APPLICATIONS) || self.knowledge.app(&lower).is_some();
        if is_alias || is_microsofts {
            return value.to_owned();
        }
        match value.contains("://") {
            true => self.address(value),
            false => self.vault.replace(Kind::Tenant, value),
        }
    }

    /// A host, whose first label may be a tenant's name (`contoso.b2clogin.com`), or which is an application's id
    /// (`api://id`).
    pub(super) fn tenant_host(&mut self, host: &str) -> String {
        if Guid::is_one(host) {
            return self.tenant(host);
        }
        if !self.hide_tenant {
            return host.to_owned();
        }
        let service = sign_in_host(&host.to_ascii_lowercase()).map(|host| host.service);
        match host.split_once('.') {
            Some((label, rest)) if matches!(service, Some(Service::B2c | Service::ExternalId)) => {
                format!("{}.{rest}", self.vault.replace(Kind::Tenant, label))
            }
            _ => host.to_owned(),
        }
    }

    /// A path, which begins with a tenant at the sign-in service, and may name ids elsewhere.
    pub(super) fn tenant_path(&mut self, host: &str, path: &str) -> String {
        if !self.hide_tenant && !path.split('/').any(Guid::is_one) {
            return path.to_owned();
        }
        let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let at_service = sign_in_host(&name).is_some() || name.ends_with("sts.windows.net");
        let is_protocol = ["/oauth2/", "/saml2", "/wsfed", "/v2.0"].iter().any(|part| path.contains(part));
        let segments: Vec<String> = path
            .split('/')
            .enumerate()
            .map(|(place, segment)| {
                // At the account service it is a page (`/Me.htm`).
                let is_name = place == 1 && at_service && is_protocol && self.hide_tenant && segment.contains('.');
                // Elsewhere what follows may name a session or a person.
                let is_id = Guid::is_one(segment) && (at_service || place == 1 && is_protocol);
                if is_name || is_id { self.tenant(segment) } else { segment.to_owned() }
            })
            .collect();
        segments.join("/")
    }
}
