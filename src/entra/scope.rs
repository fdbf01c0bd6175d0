//! Scopes: which resources a `scope` parameter asks for.
//!
//! A scope is `resource/permission`; without a resource it means Microsoft Graph, and OpenID Connect's own
//! scopes belong to no resource.

use crate::exchange::hosts::Cloud;
use std::collections::BTreeSet;

const OPENID: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access"];
const GRAPH: &str = "https://graph.microsoft.com";

/// The resources that a list of scopes asks for, lower case.
pub(super) fn resources(scopes: &str) -> BTreeSet<String> {
    let asked = scopes.split_whitespace().filter(|scope| !OPENID.contains(&scope.to_ascii_lowercase().as_str()));
    asked.map(resource).collect()
}

/// A resource by itself, as it stands before a scope's name.
pub(super) fn whole_resource(resource: &str) -> String {
    resource.trim_end_matches('/').to_ascii_lowercase()
}

fn resource(scope: &str) -> String {
    match scope.rsplit_once('/') {
        Some((resource, _)) if scope.contains("://") => whole_resource(resource),
        Some((id, _)) if super::Guid::parse(id).is_some() => id.to_ascii_lowercase(),
        _ => GRAPH.to_owned(),
    }
}

/// Domains of Microsoft's APIs in the clouds that are not the worldwide one.
const NATIONAL: &[(&str, Cloud)] = &[
    (".chinacloudapi.cn", Cloud::China),
    (".azure.cn", Cloud::China),
    (".sharepoint.cn", Cloud::China),
    (".microsoft.us", Cloud::UsGovernment),
    (".usgovcloudapi.net", Cloud::UsGovernment),
    (".azure.us", Cloud::UsGovernment),
    (".sharepoint.us", Cloud::UsGovernment),
    (".office365.us", Cloud::UsGovernment),
];

/// The cloud that the API of a scope or resource belongs to, where its address is one of a national cloud.
pub(super) fn cloud(scopes: &str) -> Option<Cloud> {
    scopes.split_whitespace().find_map(|scope| {
        let host = scope.split_once("://")?.1.split(['/', ':']).next()?.to_ascii_lowercase();
        NATIONAL.iter().find(|(domain, _)| host.ends_with(domain)).map(|(_, cloud)| *cloud)
    })
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
    // `%name%`, `{name}`, `<name>`, `$(name)`: nobody put the value in its place. `./default` stands for `/.default`.
    let is_unfilled = |scope: &str| scope.contains("://") && (scope.contains(['{', '<', '$']) || scope.matches('%').count() > 1);
    blunders.iter().any(|blunder| lower.contains(blunder))
        || lower.split_whitespace().any(|scope| is_unfilled(scope) || scope.ends_with("./default"))
}

/// Whether every scope ends in `/.default`, and there is one.
pub(super) fn is_default_only(scopes: &str) -> bool {
    let mut scopes = scopes.split_whitespace().peekable();
    scopes.peek().is_some() && scopes.all(|scope| scope.to_ascii_lowercase().ends_with("/.default"))
}

/// Ids of resources that are as well known by address.
const KNOWN: &[(&str, &str)] = &[
    ("00000003-0000-0000-c000-000000000000", GRAPH),
    ("797f4846-ba00-4fd7-ba43-dac1f8f63013", "https://management.azure.com"),
    ("797f4846-ba00-4fd7-ba43-dac1f8f63013", "https://management.core.windows.net"),
];

/// Whether scopes ask for the resource that a token's `aud` names; `None` where the two cannot be compared.
pub(super) fn names_audience(scopes: &str, audience: &str) -> Option<bool> {
    let plain = |name: &str| name.trim_end_matches('/').trim_start_matches("api://").to_ascii_lowercase();
    let audience = plain(audience);
    let asked = resources(scopes);
    if asked.is_empty() {
        return None;
    }
    let known = |resource: &str| KNOWN.iter().any(|(id, address)| *id == audience && plain(address) == resource);
    let same = |resource: &String| plain(resource) == audience || known(&plain(resource));
    let is_id = |name: &str| super::Guid::parse(name).is_some();
    match asked.iter().any(same) {
        true => Some(true),
        // An application's id and its address may mean the same; nothing in a capture tells.
        false if asked.iter().any(|resource| is_id(&plain(resource)) != is_id(&audience)) => {
            KNOWN.iter().any(|(id, _)| *id == audience).then_some(false)
        }
        false => Some(false),
    }
}

/// Whether each scope that was asked for by name was granted; `None` where only defaults were asked for.
pub(super) fn granted(asked: &str, granted: &str) -> Option<bool> {
    let name = |scope: &str| scope.rsplit('/').next().unwrap_or(scope).to_ascii_lowercase();
    let granted: BTreeSet<String> = granted.split_whitespace().map(name).collect();
    let asked: Vec<String> =
        asked.split_whitespace().map(name).filter(|scope| !OPENID.contains(&scope.as_str()) && scope != ".default").collect();
    (!asked.is_empty()).then(|| asked.iter().all(|scope| granted.contains(scope)))
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
    fn audience_and_scopes_are_compared_where_they_can_be() {
        let graph = "00000003-0000-0000-c000-000000000000";
        assert_eq!(names_audience("User.Read", graph), Some(true));
        assert_eq!(names_audience("api://7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc/read", "7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc"), Some(true));
        assert_eq!(names_audience("https://api.example/read", graph), Some(false));
        assert_eq!(names_audience("https://api.example/read", "7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc"), None);
        assert_eq!(names_audience("openid", graph), None);
        assert_eq!(granted("User.Read Mail.Read openid", "User.Read"), Some(false));
        assert_eq!(granted("https://graph.microsoft.com/.default", "User.Read"), None);
    }

    #[test]
    fn apis_of_national_clouds_are_known() {
        assert_eq!(cloud("openid https://microsoftgraph.chinacloudapi.cn/files.read"), Some(Cloud::China));
        assert_eq!(cloud("https://graph.microsoft.us/.default"), Some(Cloud::UsGovernment));
        assert_eq!(cloud("https://graph.microsoft.com/.default User.Read"), None);
    }

    #[test]
    fn blunders_are_seen() {
        assert!(is_malformed("https://https://graph.microsoft.com//.default"));
        assert!(is_malformed("api:///read"));
        assert!(is_malformed("openid api://app.example./default"));
        assert!(is_malformed("api://%ngrokdomain%.ngrok.example/7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc"));
        assert!(is_malformed("api://app.example/{clientId}/read"));
        assert!(!is_malformed("api://app.example/.default openid"));
        assert!(!is_malformed("api://7d616ea4-fd1d-48a5-b65b-8ab36c80f8bc/read"));
    }
}
