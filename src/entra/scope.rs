//! Scopes: which resources a `scope` parameter asks for.
//!
//! A scope is `resource/permission`; without a resource it means Microsoft Graph, and OpenID Connect's own
//! scopes belong to no resource.

use std::collections::BTreeSet;

const OPENID: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access"];
const GRAPH: &str = "https://graph.microsoft.com";

/// The resources that a list of scopes asks for, lower case.
pub(super) fn resources(scopes: &str) -> BTreeSet<String> {
    let asked = scopes.split_whitespace().filter(|scope| !OPENID.contains(&scope.to_ascii_lowercase().as_str()));
    asked.map(resource).collect()
}

fn resource(scope: &str) -> String {
    match scope.rsplit_once('/') {
        Some((resource, _)) if scope.contains("://") => resource.trim_end_matches('/').to_ascii_lowercase(),
        Some((id, _)) if super::Guid::parse(id).is_some() => id.to_ascii_lowercase(),
        _ => GRAPH.to_owned(),
    }
}

/// Whether a resource was put together wrongly: a scheme twice, an id left empty or never filled in.
pub(super) fn is_malformed(scopes: &str) -> bool {
    let lower = scopes.to_ascii_lowercase();
    let blunders = [
        "https://https:",
        "http://http:",
        "api:///",
        "api://undefined",
        "api://null",
        "api://{",
        "api://$",
        "api://00000000-0000-0000-0000-000000000000",
    ];
    blunders.iter().any(|blunder| lower.contains(blunder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_apart() {
        let count = |scopes: &str| resources(scopes).len();
        assert_eq!(count("openid profile offline_access"), 0);
        assert_eq!(count("User.Read openid https://graph.microsoft.com/Mail.Read"), 1);
        assert_eq!(count("User.Read api://7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc/read"), 2);
        assert_eq!(count("https://management.azure.com//user_impersonation https://management.azure.com/.default"), 1);
    }

    #[test]
    fn blunders_are_seen() {
        assert!(is_malformed("https://https://graph.microsoft.com//.default"));
        assert!(is_malformed("api:///read"));
        assert!(!is_malformed("api://7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc/read"));
    }
}
