//! What the steps of the knowledge files leave blank, and the failing request tells: the cloud's host, the tenant, the
//! application.

use crate::checks::Scene;
use crate::entra::ClientId;
use crate::exchange::hosts::{Cloud, entra_host};

/// The address as it stands in the knowledge files, of the worldwide cloud.
const ADDRESS: &str = "https://login.microsoftonline.com/{tenant}";
/// The tenant's place in it.
const TENANT: &str = "{tenant}";
/// The application's place.
const CLIENT_ID: &str = "{client-id}";

/// What is known of them.
pub(super) struct Blanks<'s> {
    host: &'static str,
    tenant: Option<&'s str>,
    client_id: Option<&'s str>,
}

impl<'s> Blanks<'s> {
    /// What the attempt tells. What would not be an id or a domain in an address stays blank: it is the capture's, and a
    /// step is written in our own words.
    pub(super) fn of(scene: &'s Scene<'_, '_>) -> Self {
        let begin = scene.attempt.begin(scene.traffic);
        let cloud = begin.and_then(|step| step.host).map_or(Cloud::Public, |host| host.cloud);
        let asked = scene.attempt.tenant.as_ref().filter(|tenant| !tenant.is_alias()).map(|tenant| tenant.shown());
        let resolved = || scene.attempt.resolved_tenant.as_ref().map(|id| id.as_str());
        Self {
            host: entra_host(cloud),
            tenant: asked.filter(|name| is_name(name)).or_else(resolved),
            client_id: scene.attempt.client.as_ref().map(ClientId::shown).filter(|id| is_name(id)),
        }
    }

    /// A step with what is known filled in; `None` where it has no blank.
    pub(super) fn fill(&self, step: &str) -> Option<String> {
        if !step.contains(ADDRESS) && !step.contains(CLIENT_ID) {
            return None;
        }
        let address = format!("https://{}/{}", self.host, self.tenant.unwrap_or(TENANT));
        let filled = step.replace(ADDRESS, &address);
        Some(self.client_id.map_or_else(|| filled.clone(), |id| filled.replace(CLIENT_ID, id)))
    }
}

/// Whether a text is an id or a domain and nothing else.
fn is_name(text: &str) -> bool {
    (1..=253).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: &str = "Open https://login.microsoftonline.com/{tenant}/adminconsent?client_id={client-id}.";

    #[test]
    fn what_is_known_is_filled_in() {
        let blanks = Blanks { host: "login.microsoftonline.us", tenant: Some("contoso.example"), client_id: None };
        assert_eq!(
            blanks.fill(STEP).as_deref(),
            Some("Open https://login.microsoftonline.us/contoso.example/adminconsent?client_id={client-id}.")
        );
        let blanks = Blanks { host: "login.microsoftonline.com", tenant: None, client_id: Some("abc") };
        assert_eq!(blanks.fill(STEP).as_deref(), Some("Open https://login.microsoftonline.com/{tenant}/adminconsent?client_id=abc."));
        assert_eq!(blanks.fill("Put {tenant} into the authority."), None);
    }

    #[test]
    fn only_names_are_filled_in() {
        assert!(is_name("contoso.onmicrosoft.com") && is_name("01a1f968-29a0-7f26-8ffb-4f7e7f05ae56"));
        assert!(!is_name("@someone") && !is_name("a b") && !is_name("#35") && !is_name(""));
    }
}
