//! Which step of a protocol an address stands for.

use super::handed::Handed;
use super::params::{Address, Params};
use super::saml::SamlRequest;
use super::sign_in_reply::is_sign_in_reply;
use super::tenant::Tenant;
use crate::exchange::Exchange;
use crate::exchange::hosts::{Service, SignInHost, is_b2c_journey, sign_in_host};

/// A step of a sign-in protocol, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// OAuth 2.0 authorization request.
    Authorize,
    /// OAuth 2.0 token request.
    Token,
    /// Device authorization request.
    DeviceCode,
    /// The page where a person types a device code.
    DeviceLogin,
    /// Sign-out.
    Logout,
    /// Credentials posted by the sign-in page.
    Login,
    /// "Stay signed in?" answered.
    Kmsi,
    /// "Are you trying to sign in to this app?" answered.
    AppVerify,
    /// A second factor begun, polled or finished.
    Mfa,
    /// A certificate shown in place of a password.
    Certificate,
    /// A passkey or security key asked for in place of a password.
    SecurityKey,
    /// A sign-in taken up again after an interruption.
    Reprocess,
    /// Return from another identity provider.
    Federation,
    /// Consent given or refused.
    Consent,
    /// Consent for a whole tenant, asked for by an application.
    AdminConsent,
    /// The account name looked up by the sign-in page.
    AccountLookup,
    /// SAML 2.0 request.
    Saml,
    /// WS-Federation request, or the answer of a federated identity provider.
    WsFederation,
    /// WS-Trust: credentials in SOAP.
    WsTrust,
    /// Discovery documents, keys, federation metadata.
    Metadata,
    /// Telemetry and probes that every sign-in page sends; their outcome means nothing.
    Probe,
    /// Device authentication or registration.
    Device,
    /// Kerberos sign-in of Seamless single sign-on.
    SeamlessSso,
    /// Authorization request to the Microsoft account service.
    MicrosoftAccountAuthorize,
    /// Other steps of the Microsoft account service.
    MicrosoftAccount,
    /// Registration of sign-in methods, password reset.
    AccountPages,
    /// A step of a B2C user journey.
    B2cJourney,
    /// A federated identity provider (AD FS and its like).
    FederatedProvider,
    /// The page that native clients redirect to.
    NativeClient,
    /// Any other address of the sign-in service.
    OtherSignIn,
    /// An application, receiving the reply of a sign-in.
    AppCallback,
    /// Anything else: the application or an API.
    App,
}

impl Endpoint {
    /// Whether a request here begins an attempt to sign in or to get a token.
    pub fn begins_attempt(self) -> bool {
        matches!(self, Self::Authorize | Self::AdminConsent | Self::DeviceCode | Self::Logout | Self::Saml)
    }

    /// Whether a person or page goes on with an attempt here.
    pub fn continues_interactively(self) -> bool {
        matches!(
            self,
            Self::Login
                | Self::Kmsi
                | Self::AppVerify
                | Self::Mfa
                | Self::Certificate
                | Self::SecurityKey
                | Self::Reprocess
                | Self::Federation
                | Self::Consent
                | Self::DeviceLogin
                | Self::B2cJourney
                | Self::MicrosoftAccountAuthorize
                | Self::MicrosoftAccount
                | Self::AccountPages
                | Self::FederatedProvider
                | Self::Device
                | Self::SeamlessSso
        )
    }

    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::DeviceCode => "device code",
            Self::DeviceLogin => "device login",
            Self::Logout => "sign-out",
            Self::Login => "credentials",
            Self::Kmsi => "stay signed in",
            Self::AppVerify => "confirm the app",
            Self::Mfa => "second factor",
            Self::Certificate => "certificate",
            Self::SecurityKey => "security key",
            Self::Reprocess => "resume",
            Self::Federation => "return from identity provider",
            Self::Consent => "consent",
            Self::AdminConsent => "admin consent",
            Self::AccountLookup => "account lookup",
            Self::Saml => "SAML",
            Self::WsFederation => "WS-Federation",
            Self::WsTrust => "WS-Trust",
            Self::Metadata => "metadata",
            Self::Probe => "probe",
            Self::Device => "device authentication",
            Self::SeamlessSso => "Seamless SSO",
            Self::MicrosoftAccountAuthorize => "Microsoft account authorize",
            Self::MicrosoftAccount => "Microsoft account",
            Self::AccountPages => "account pages",
            Self::B2cJourney => "B2C journey",
            Self::FederatedProvider => "federated identity provider",
            Self::NativeClient => "native client",
            Self::OtherSignIn => "sign-in service",
            Self::AppCallback => "application callback",
            Self::App => "application",
        }
    }
}

/// The step that an exchange is, and the tenant in its path.
pub(super) fn classify(
    exchange: &Exchange,
    host: Option<SignInHost>,
    address: Option<&Address>,
    params: &Params,
) -> (Endpoint, Option<Tenant>) {
    let Some(address) = address else { return (Endpoint::App, None) };
    if let Some(host) = host {
        return at_sign_in_host(host, address);
    }
    // A custom domain or an unknown cloud shows itself by the service's own headers, one of B2C by its policies.
    if is_sign_in_reply(exchange) || is_b2c_journey(exchange.request.url.raw()) {
        return at_entra(address);
    }
    if address.path.to_ascii_lowercase().contains("/adfs/") || asks_in_the_name_of_entra(params) {
        return (Endpoint::FederatedProvider, None);
    }
    let has = |name: &str| params.has(name);
    let oauth_reply = has("error") || (Handed::of(params).any(Handed::is_of_oauth) && (has("state") || has("session_state")));
    if oauth_reply || Handed::of(params).any(|handed| !handed.is_of_oauth()) {
        return (Endpoint::AppCallback, None);
    }
    (Endpoint::App, None)
}

/// The name that Entra ID has at the identity providers of its tenants.
pub(super) const NAME_OF_ENTRA: &str = "urn:federation:MicrosoftOnline";

/// Whether Entra ID itself asks another identity provider: it does so under this name, or under its own address.
fn asks_in_the_name_of_entra(params: &Params) -> bool {
    let own = |name: &str| {
        name.get(..NAME_OF_ENTRA.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME_OF_ENTRA))
            || Address::parse(name).is_some_and(|address| sign_in_host(&address.host).is_some())
    };
    let issuer = || params.text("SAMLRequest").and_then(SamlRequest::read).and_then(|request| request.issuer);
    params.text("wtrealm").is_some_and(own) || issuer().is_some_and(|issuer| own(&issuer))
}

/// The step that an address at a sign-in host stands for, and the tenant in its path.
pub(super) fn at_sign_in_host(host: SignInHost, address: &Address) -> (Endpoint, Option<Tenant>) {
    match host.service {
        Service::Entra | Service::B2c | Service::ExternalId => at_entra(address),
        Service::MicrosoftAccount => (at_microsoft_account(address), None),
        Service::SeamlessSso => (at_seamless_sso(address), domain_of_seamless_sso(address)),
        Service::Device => (Endpoint::Device, None),
        Service::AccountPages => (Endpoint::AccountPages, None),
        Service::StaticAssets => (Endpoint::Probe, None),
    }
}

/// The step that an address on an unknown host stands for, when its reply has shown it to be Entra ID
/// (a custom domain, a proxy, a new cloud).
pub(super) fn at_entra(address: &Address) -> (Endpoint, Option<Tenant>) {
    let lower = address.path.to_ascii_lowercase();
    let mut segments: Vec<&str> = lower.split('/').filter(|s| !s.is_empty()).collect();
    let mut written: Vec<&str> = address.segments().collect();
    // B2C writes trust framework before the tenant.
    if segments.len() > 2 && segments.first().is_some_and(|first| ["tfp", "te"].contains(first)) {
        segments.remove(0);
        written.remove(0);
    }
    // Paths without a tenant: `/kmsi`, `/login.srf`, `/appverify`, `/deviceauth` …
    let first_is_step = segments.first().is_some_and(|first| TENANTLESS.contains(first));
    let (tenant, steps) = if first_is_step { (None, segments.as_slice()) } else { (written.first(), tail(&segments)) };
    let endpoint = if signs_out(address) { Endpoint::Logout } else { step(steps, &lower, address) };
    // A policy or a step name in the first segment is no tenant.
    let tenant = match endpoint {
        Endpoint::OtherSignIn => tenant.filter(|t| Tenant::parse(t).id().is_some() || t.contains('.')),
        _ => tenant,
    };
    (endpoint, tenant.map(|t| Tenant::parse(&decode(t))))
}

/// First path segments that are steps, not tenants.
const TENANTLESS: &[&str] = &[
    "kmsi",
    "login.srf",
    "appverify",
    "deviceauth",
    "devicelogin",
    "getuserrealm.srf",
    "getcredentialtype.srf",
    "logout.srf",
    "savedusers",
    "forgetuser",
    "favicon.ico",
    "error",
    "jsdisabled",
    "cookiesdisabled",
    "federationmetadata",
    "rst2.srf",
    // Hosts that are one tenant's own may leave it out of the path.
    "oauth2",
];

fn tail<'a, 'b>(segments: &'a [&'b str]) -> &'a [&'b str] {
    segments.split_first().map_or(&[], |(_, rest)| rest)
}

fn decode(segment: &str) -> String {
    url::form_urlencoded::parse(format!("t={}", segment.replace('+', "%2B")).as_bytes())
        .next()
        .map_or_else(|| segment.to_owned(), |(_, value)| value.into_owned())
}

fn step(steps: &[&str], path: &str, address: &Address) -> Endpoint {
    let last = steps.last().copied().unwrap_or_default();
    let has = |name: &str| steps.contains(&name);
    match last {
        "authorize" if has("oauth2") => Endpoint::Authorize,
        "token" if has("oauth2") => Endpoint::Token,
        "devicecode" => Endpoint::DeviceCode,
        "deviceauth" | "devicelogin" => Endpoint::DeviceLogin,
        "logout" | "logout.srf" | "logoutsession" => Endpoint::Logout,
        "login" => Endpoint::Login,
        "kmsi" => Endpoint::Kmsi,
        "appverify" => Endpoint::AppVerify,
        "getcredentialtype" | "getcredentialtype.srf" | "userrealm" | "getuserrealm.srf" | "signupemailcheck" => Endpoint::AccountLookup,
        "saml2" => Endpoint::Saml,
        "wsfed" | "wsfederation" | "login.srf" => Endpoint::WsFederation,
        "rst2.srf" => Endpoint::WsTrust,
        "nativeclient" => Endpoint::NativeClient,
        "adminconsent" => Endpoint::AdminConsent,
        "openid-configuration" | "keys" | "instance" | "federationmetadata.xml" => Endpoint::Metadata,
        "dssostatus" | "reportpageload" | "bssoprelogin" | "savedusers" | "forgetuser" | "perftrace" | "favicon.ico" => Endpoint::Probe,
        "selfasserted" | "confirmed" | "unified" => Endpoint::B2cJourney,
        "authresp" => Endpoint::Federation,
        "certauth" => Endpoint::Certificate,
        _ if has("fido") => Endpoint::SecurityKey,
        _ if has("sas") => Endpoint::Mfa,
        _ if has("consent") => Endpoint::Consent,
        _ if has("federation") => Endpoint::Federation,
        _ if has("deviceauthtls") || has("deviceauthpkeyauth") => Endpoint::Device,
        "reprocess" | "resume" => Endpoint::Reprocess,
        _ if has("instrumentation") || has("discovery") => Endpoint::Probe,
        _ if path.contains("/winauth/") => at_seamless_sso(address),
        _ if has("usernamemixed") => Endpoint::WsTrust,
        // Programs write the account behind it.
        _ if has("userrealm") => Endpoint::AccountLookup,
        _ if address.params.has("samlrequest") => Endpoint::Saml,
        _ if address.params.has("wtrealm") => Endpoint::WsFederation,
        _ => Endpoint::OtherSignIn,
    }
}

/// WS-Federation's ways to sign out: here, and at the applications.
fn signs_out(address: &Address) -> bool {
    let action = address.params.text("wa").unwrap_or_default();
    ["wsignout1.0", "wsignoutcleanup1.0"].iter().any(|known| action.eq_ignore_ascii_case(known))
}

fn at_microsoft_account(address: &Address) -> Endpoint {
    let path = address.path.to_ascii_lowercase();
    match path.as_str() {
        // Fired by every Entra sign-in page, never a sign-in of its own.
        "/me.htm" | "/favicon.ico" => Endpoint::Probe,
        "/oauth20_authorize.srf" | "/login.srf" => Endpoint::MicrosoftAccountAuthorize,
        "/logout.srf" | "/oauth20_logout.srf" => Endpoint::Logout,
        "/oauth20_token.srf" => Endpoint::Token,
        _ => Endpoint::MicrosoftAccount,
    }
}

/// `/{domain or tenant}/winauth/…`
fn domain_of_seamless_sso(address: &Address) -> Option<Tenant> {
    let mut segments = address.segments();
    let tenant = segments.next().filter(|_| segments.next().is_some_and(|next| next.eq_ignore_ascii_case("winauth")))?;
    Some(Tenant::parse(&decode(tenant)))
}

fn at_seamless_sso(address: &Address) -> Endpoint {
    let path = address.path.to_ascii_lowercase();
    if path.ends_with("/ssoprobe") {
        Endpoint::Probe
    } else if path.ends_with("/usernamemixed") {
        Endpoint::WsTrust
    } else {
        Endpoint::SeamlessSso
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entra(url: &str) -> (Endpoint, Option<String>) {
        let (endpoint, tenant) = at_entra(&Address::parse(url).unwrap());
        (endpoint, tenant.map(|t| t.shown().to_owned()))
    }

    #[test]
    fn steps_and_tenants_are_read_from_the_path() {
        let tenant = |name: &str| Some(name.to_owned());
        let base = "https://login.microsoftonline.com";
        for (path, endpoint, expected) in [
            ("/common/oauth2/v2.0/authorize?x=1", Endpoint::Authorize, tenant("common")),
            ("/contoso.com/oauth2/authorize", Endpoint::Authorize, tenant("contoso.com")),
            ("/undefined/oauth2/v2.0/token", Endpoint::Token, tenant("undefined")),
            ("/%7BtenantId%7D/oauth2/v2.0/token", Endpoint::Token, tenant("{tenantId}")),
            ("/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/authorize", Endpoint::Authorize, tenant("contoso.onmicrosoft.com")),
            ("/kmsi", Endpoint::Kmsi, None),
            ("/login.srf", Endpoint::WsFederation, None),
            ("/common/login", Endpoint::Login, tenant("common")),
            ("/common/SAS/BeginAuth", Endpoint::Mfa, tenant("common")),
            ("/contoso.com/certauth", Endpoint::Certificate, tenant("contoso.com")),
            ("/common/fido/get?mkt=en-US", Endpoint::SecurityKey, tenant("common")),
            ("/common/federation/oauth2msa", Endpoint::Federation, tenant("common")),
            ("/common/instrumentation/dssostatus", Endpoint::Probe, tenant("common")),
            ("/common/discovery/instance?x=1", Endpoint::Metadata, tenant("common")),
            ("/common/reprocess?ctx=1", Endpoint::Reprocess, tenant("common")),
            ("/contoso.com/saml2?SAMLRequest=a", Endpoint::Saml, tenant("contoso.com")),
            ("/common/wsfederation?wa=wsignout1.0", Endpoint::Logout, tenant("common")),
            ("/tfp/contoso.onmicrosoft.com/B2C_1_x/oauth2/v2.0/token", Endpoint::Token, tenant("contoso.onmicrosoft.com")),
            ("/te/contoso.onmicrosoft.com/B2C_1_x/oauth2/authresp", Endpoint::Federation, tenant("contoso.onmicrosoft.com")),
            ("/oauth2/v2.0/authorize", Endpoint::Authorize, None),
        ] {
            assert_eq!(entra(&format!("{base}{path}")), (endpoint, expected), "{path}");
        }
    }

    #[test]
    fn probes_of_every_sign_in_page_are_no_sign_in() {
        let live = |path: &str| at_microsoft_account(&Address::parse(&format!("https://login.live.com{path}")).unwrap());
        assert_eq!(live("/Me.htm?v=3"), Endpoint::Probe);
        assert_eq!(live("/oauth20_authorize.srf?x=1"), Endpoint::MicrosoftAccountAuthorize);
    }
}
