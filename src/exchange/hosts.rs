//! The hosts of Microsoft's sign-in services: one table, read by `capture` (which entries matter) and by
//! `entra` (what they mean).
//!
//! Sources: Microsoft's national-cloud documentation, the authority metadata in msal-js and msal-net.

/// Which Microsoft cloud a host belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cloud {
    /// The worldwide cloud.
    Public,
    /// GCC High and DoD.
    UsGovernment,
    /// Operated by 21Vianet.
    China,
    /// Microsoft Cloud Germany, closed in 2021.
    GermanyClosed,
    /// The sovereign cloud of France.
    France,
    /// The sovereign cloud of Germany.
    Germany,
    /// The sovereign cloud of Singapore.
    Singapore,
}

/// What a sign-in host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Service {
    /// The Entra ID sign-in service (ESTS).
    Entra,
    /// Azure AD B2C.
    B2c,
    /// Entra External ID.
    ExternalId,
    /// Microsoft accounts (login.live.com).
    MicrosoftAccount,
    /// Seamless single sign-on with Kerberos.
    SeamlessSso,
    /// Device registration and device authentication.
    Device,
    /// Registration of sign-in methods, password reset, account pages.
    AccountPages,
    /// Scripts, styles and pictures of the sign-in pages.
    StaticAssets,
}

/// A host of a Microsoft sign-in service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInHost {
    /// What it does.
    pub service: Service,
    /// The cloud it belongs to.
    pub cloud: Cloud,
}

/// Hosts by exact name.
const EXACT: &[(&str, Service, Cloud)] = &[
    ("login.microsoftonline.com", Service::Entra, Cloud::Public),
    ("login.windows.net", Service::Entra, Cloud::Public),
    ("login.microsoft.com", Service::Entra, Cloud::Public),
    ("sts.windows.net", Service::Entra, Cloud::Public),
    ("login-us.microsoftonline.com", Service::Entra, Cloud::Public),
    ("login.microsoftonline.us", Service::Entra, Cloud::UsGovernment),
    ("login.usgovcloudapi.net", Service::Entra, Cloud::UsGovernment),
    ("login.partner.microsoftonline.cn", Service::Entra, Cloud::China),
    ("login.chinacloudapi.cn", Service::Entra, Cloud::China),
    ("sts.chinacloudapi.cn", Service::Entra, Cloud::China),
    ("login.microsoftonline.de", Service::Entra, Cloud::GermanyClosed),
    ("login.sovcloud-identity.fr", Service::Entra, Cloud::France),
    ("login.sovcloud-identity.de", Service::Entra, Cloud::Germany),
    ("login.sovcloud-identity.sg", Service::Entra, Cloud::Singapore),
    ("device.login.microsoftonline.com", Service::Device, Cloud::Public),
    ("device.login.microsoftonline.us", Service::Device, Cloud::UsGovernment),
    ("enterpriseregistration.windows.net", Service::Device, Cloud::Public),
    ("enterpriseregistration.microsoftonline.us", Service::Device, Cloud::UsGovernment),
    ("enterpriseregistration.partner.microsoftonline.cn", Service::Device, Cloud::China),
    ("autologon.microsoftazuread-sso.com", Service::SeamlessSso, Cloud::Public),
    ("autologon.microsoft.us", Service::SeamlessSso, Cloud::UsGovernment),
    ("login.live.com", Service::MicrosoftAccount, Cloud::Public),
    ("account.live.com", Service::AccountPages, Cloud::Public),
    ("signup.live.com", Service::AccountPages, Cloud::Public),
    ("mysignins.microsoft.com", Service::AccountPages, Cloud::Public),
    ("mysignins.microsoft.us", Service::AccountPages, Cloud::UsGovernment),
    ("account.activedirectory.windowsazure.com", Service::AccountPages, Cloud::Public),
    ("passwordreset.microsoftonline.com", Service::AccountPages, Cloud::Public),
    ("invitations.microsoft.com", Service::AccountPages, Cloud::Public),
    ("aadcdn.msauth.net", Service::StaticAssets, Cloud::Public),
    ("aadcdn.msftauth.net", Service::StaticAssets, Cloud::Public),
    ("aadcdn.msauthimages.net", Service::StaticAssets, Cloud::Public),
    ("aadcdn.msftauthimages.net", Service::StaticAssets, Cloud::Public),
    ("logincdn.msauth.net", Service::StaticAssets, Cloud::Public),
    ("logincdn.msftauth.net", Service::StaticAssets, Cloud::Public),
    ("aadcdn.msftauth.cn", Service::StaticAssets, Cloud::China),
    ("aadcdn.msauth.us", Service::StaticAssets, Cloud::UsGovernment),
];

/// Hosts by suffix: regional and tenant-named ones.
const SUFFIXES: &[(&str, Service, Cloud)] = &[
    (".login.microsoft.com", Service::Entra, Cloud::Public),
    (".login.microsoftonline.com", Service::Entra, Cloud::Public),
    (".login.microsoftonline.us", Service::Entra, Cloud::UsGovernment),
    (".login.partner.microsoftonline.cn", Service::Entra, Cloud::China),
    (".b2clogin.com", Service::B2c, Cloud::Public),
    (".b2clogin.us", Service::B2c, Cloud::UsGovernment),
    (".b2clogin.cn", Service::B2c, Cloud::China),
    (".ciamlogin.com", Service::ExternalId, Cloud::Public),
    (".ciamlogin.us", Service::ExternalId, Cloud::UsGovernment),
];

/// Hosts of Microsoft's own APIs, by exact name or by suffix: those of which each cloud has its own.
///
/// Sources: the national-cloud deployments of Microsoft Graph, the endpoints of Azure Government and Azure China.
const APIS: &[(&str, Cloud)] = &[
    ("graph.microsoft.com", Cloud::Public),
    (".graph.microsoft.com", Cloud::Public),
    ("graph.windows.net", Cloud::Public),
    ("management.azure.com", Cloud::Public),
    ("management.core.windows.net", Cloud::Public),
    (".vault.azure.net", Cloud::Public),
    ("graph.microsoft.us", Cloud::UsGovernment),
    ("dod-graph.microsoft.us", Cloud::UsGovernment),
    (".usgovcloudapi.net", Cloud::UsGovernment),
    ("microsoftgraph.chinacloudapi.cn", Cloud::China),
    (".chinacloudapi.cn", Cloud::China),
    (".azure.cn", Cloud::China),
    ("graph.microsoft.de", Cloud::GermanyClosed),
];

/// Those of them that are Microsoft Graph.
const GRAPH: [&str; 5] =
    ["graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "graph.microsoft.de", "microsoftgraph.chinacloudapi.cn"];

/// Whether a (lower case) host is that of Microsoft Graph in one of the clouds, or one of its test rings
/// (canary.graph.microsoft.com).
pub(crate) fn is_graph(host: &str) -> bool {
    GRAPH.iter().any(|graph| host.strip_suffix(graph).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Whether a (lower case) host is that of the issuer of tokens of version 1, which is another than the one that was asked.
pub(crate) fn issues_version_one(host: &str) -> bool {
    matches!(host, "sts.windows.net" | "sts.chinacloudapi.cn")
}

/// The cloud whose tokens an API takes, by its (lower case) host; `None` for every API that is not known to be of one.
pub(crate) fn cloud_of_api(host: &str) -> Option<Cloud> {
    let is = |name: &str| if name.starts_with('.') { host.ends_with(name) } else { host == name };
    APIS.iter().find(|(name, _)| is(name)).map(|(_, cloud)| *cloud)
}

/// Whether a (lower case) host is of Azure Storage or Service Bus, which take tokens of both versions. Not every call there needs
/// one.
pub(crate) fn is_azure_store(host: &str) -> bool {
    ["core", "servicebus"].into_iter().any(|service| {
        ["windows.net", "usgovcloudapi.net", "chinacloudapi.cn"].into_iter().any(|cloud| {
            let before = host.strip_suffix(cloud).and_then(|rest| rest.strip_suffix('.')).and_then(|rest| rest.strip_suffix(service));
            before.is_some_and(|before| before.ends_with('.'))
        })
    })
}

/// Whether a (lower case) domain is one of Microsoft's own, which its services share: those of the hosts that are known here, and
/// of hosts beside them.
pub(crate) fn is_of_microsoft(domain: &str) -> bool {
    let holds = |host: &str| {
        let host = host.trim_start_matches('.');
        host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    domain.contains('.') && (EXACT.iter().chain(SUFFIXES).any(|(host, ..)| holds(host)) || APIS.iter().any(|(host, _)| holds(host)))
}

/// The ends of the hosts that begin with the name of a tenant, each with its dot.
pub(crate) fn tenant_suffixes() -> impl Iterator<Item = &'static str> {
    let names_tenant = |service: &Service| matches!(service, Service::B2c | Service::ExternalId);
    let of_sign_in = SUFFIXES.iter().filter(move |(_, service, _)| names_tenant(service)).map(|(suffix, ..)| *suffix);
    of_sign_in.chain([".onmicrosoft.com", ".onmicrosoft.us", ".onmicrosoft.cn", ".partner.onmschina.cn"]).chain(sharepoint_suffixes())
}

/// The same of SharePoint, where OneDrive and the administration have hosts of their own.
pub(crate) fn sharepoint_suffixes() -> impl Iterator<Item = &'static str> {
    const SUFFIXES: [&str; 6] =
        ["-my.sharepoint.com", "-admin.sharepoint.com", ".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us", ".sharepoint.cn"];
    SUFFIXES.into_iter()
}

/// Where the name of a tenant ends with which a host of SharePoint or Dynamics 365 begins: `contoso-my.sharepoint.com`,
/// `contoso.crm4.dynamics.com`. `None` for every other host, and those that belong to Microsoft.
pub(crate) fn tenant_in_host(host: &str) -> Option<usize> {
    const OF_MICROSOFT: [&str; 4] = ["www", "admin", "globaldisco", "home"];
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let first = host.find('.')?;
    let of_dynamics = || {
        let rest = host.get(first + 1..)?;
        let rest = rest.strip_prefix("api.").unwrap_or(rest);
        let region = rest.strip_suffix(".dynamics.com").or_else(|| rest.strip_suffix(".dynamics.cn"))?;
        let is_region = region == "operations" || region.strip_prefix("crm")?.bytes().all(|byte| byte.is_ascii_digit());
        is_region.then_some(first)
    };
    let of_sharepoint =
        || sharepoint_suffixes().find_map(|suffix| host.strip_suffix(suffix)).filter(|name| !name.contains('.')).map(str::len);
    of_sharepoint().or_else(of_dynamics).filter(|end| *end > 0 && !OF_MICROSOFT.iter().any(|name| host.get(..*end) == Some(*name)))
}

/// Whether an address is that of a user journey of Azure AD B2C, whatever the host: tenant and policy stand in its path, or
/// the policy in its query. The names of policies begin with `B2C_1`, those of custom ones with `B2C_1A`.
pub(crate) fn is_b2c_journey(address: &str) -> bool {
    // Nearly no address names one.
    let before = |at: usize| address.as_bytes().get(at.checked_sub(3)?..at);
    let names_one = |at: usize| before(at).is_some_and(|before| before.eq_ignore_ascii_case(b"b2c"));
    if !memchr::memchr_iter(b'_', address.as_bytes()).any(names_one) {
        return false;
    }
    let (before, query) = address.split_once('?').unwrap_or((address, ""));
    let path = before.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let first = segments.next().unwrap_or_default();
    // `tfp` and `te` (trust framework) may stand before the tenant.
    let tenant =
        if ["tfp", "te"].iter().any(|word| first.eq_ignore_ascii_case(word)) { segments.next().unwrap_or_default() } else { first };
    let names_policy = |text: &str| text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("b2c_1"));
    let in_path = (tenant.contains('.') || tenant.len() == 36) && segments.next().is_some_and(names_policy);
    let in_query = || query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| name == "p" && names_policy(value));
    in_path || (in_query() && path.to_ascii_lowercase().contains("oauth2/"))
}

/// The host at which a cloud's sign-in service is asked, as its documentation names it.
pub(crate) fn entra_host(cloud: Cloud) -> &'static str {
    let of_cloud = EXACT.iter().find(|(_, service, of)| *service == Service::Entra && *of == cloud);
    of_cloud.map_or("login.microsoftonline.com", |(name, ..)| name)
}

/// What is known of a (lower case) host; `None` for a host that is not one of Microsoft's sign-in services.
pub fn sign_in_host(host: &str) -> Option<SignInHost> {
    let found = |&(_, service, cloud): &(&str, Service, Cloud)| SignInHost { service, cloud };
    EXACT.iter().find(|(name, ..)| *name == host).or_else(|| SUFFIXES.iter().find(|(suffix, ..)| host.ends_with(suffix))).map(found)
}
