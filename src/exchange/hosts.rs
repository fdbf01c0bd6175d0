//! The hosts of Microsoft's sign-in services: one table, read by `capture` (which entries matter) and by
//! `entra` (what they mean).
//!
//! Sources: Microsoft's national-cloud documentation, the authority metadata in msal-js and msal-net.

/// Which Microsoft cloud a host belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cloud {
    /// The worldwide cloud.
    Public,
    /// GCC High and DoD.
    UsGovernment,
    /// Operated by 21Vianet.
    China,
    /// Microsoft Cloud Germany, closed in 2021.
    GermanyClosed,
    /// The sovereign clouds of France, Germany and Singapore.
    Sovereign,
}

/// What a sign-in host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    ("login.sovcloud-identity.fr", Service::Entra, Cloud::Sovereign),
    ("login.sovcloud-identity.de", Service::Entra, Cloud::Sovereign),
    ("login.sovcloud-identity.sg", Service::Entra, Cloud::Sovereign),
    ("device.login.microsoftonline.com", Service::Device, Cloud::Public),
    ("enterpriseregistration.windows.net", Service::Device, Cloud::Public),
    ("autologon.microsoftazuread-sso.com", Service::SeamlessSso, Cloud::Public),
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
    (".b2clogin.com", Service::B2c, Cloud::Public),
    (".b2clogin.us", Service::B2c, Cloud::UsGovernment),
    (".b2clogin.cn", Service::B2c, Cloud::China),
    (".ciamlogin.com", Service::ExternalId, Cloud::Public),
    (".ciamlogin.us", Service::ExternalId, Cloud::UsGovernment),
];

/// What is known of a (lower case) host; `None` for a host that is not one of Microsoft's sign-in services.
pub fn sign_in_host(host: &str) -> Option<SignInHost> {
    let found = |&(_, service, cloud): &(&str, Service, Cloud)| SignInHost { service, cloud };
    EXACT.iter().find(|(name, ..)| *name == host).or_else(|| SUFFIXES.iter().find(|(suffix, ..)| host.ends_with(suffix))).map(found)
}
