//! One exchange, decoded: which step of which protocol it is, and what went both ways. What the request asks for stands in
//! `asked`, what it tells of the browser in `browser`, of the session in `session`.

mod asked;
mod browser;
mod session;

pub use asked::{AccountKind, Grant, Prompt};
pub use browser::{FetchSite, Frame, StorageAccess};

use super::authorization;
use super::cookies::SetCookie;
use super::cors::Preflight;
use super::endpoint::{self, Endpoint};
use super::params::{self, Address, Params};
use super::recording::Recording;
use super::reply::{self, Reply};
use super::saml::{SamlRequest, SamlResponse};
use super::tenant::{CONSUMERS_TENANT, Guid, Tenant};
use super::token::{Claims, TokenReply};
use crate::exchange::hosts::{Service, SignInHost, sign_in_host};
use crate::exchange::{Exchange, RawText, Recorded, Resource, Secret, Written, writable};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

/// One exchange, decoded.
#[non_exhaustive]
pub struct Step<'c> {
    /// The exchange.
    pub exchange: &'c Exchange,
    /// The entry, counted from 0.
    pub entry: usize,
    /// When it began by the recorder's clock, UTC.
    pub started: Option<DateTime<Utc>>,
    /// The HTTP method.
    pub method: String,
    /// The HTTP status, where a response came.
    pub status: Option<u16>,
    /// The address, taken apart.
    pub address: Option<Address>,
    /// Which of Microsoft's sign-in hosts it went to, if any.
    pub host: Option<SignInHost>,
    /// The step of the protocol.
    pub endpoint: Endpoint,
    /// The tenant in the path.
    pub tenant: Option<Tenant>,
    /// The parameters sent: query, fragment and form.
    pub params: Params,
    /// The names of the cookies sent.
    pub cookies_sent: Recorded<Vec<String>>,
    /// The cookies set or deleted by the reply.
    pub cookies_set: Recorded<Vec<SetCookie>>,
    /// The SAML request it carries.
    pub saml: Option<SamlRequest>,
    /// The SAML response it carries.
    pub saml_response: Option<SamlResponse>,
    /// What came back.
    pub reply: Reply,
    /// What it asks and is answered, where it is a preflight.
    pub(super) preflight: Preflight<'c>,
}

impl<'c> Step<'c> {
    /// What an exchange asks for; its reply is still to be read.
    pub(super) fn asked(exchange: &'c Exchange, recording: &Recording) -> Self {
        let address = Address::of(&exchange.request.url);
        let host = address.as_ref().and_then(|address| sign_in_host(&address.host));
        let mut params = address.as_ref().map(|address| address.params.clone()).unwrap_or_default();
        if let Some(body) = exchange.request.body.kept() {
            for param in params::form(body).iter() {
                params.push(param.name.as_str(), param.value.expose(), param.source);
            }
        }
        let (endpoint, tenant) = endpoint::classify(exchange, host, address.as_ref(), &params);
        let saml = params.text("SAMLRequest").and_then(SamlRequest::read);
        let signs_out = saml.as_ref().is_some_and(|request| request.is_logout) && endpoint != Endpoint::FederatedProvider;
        let endpoint = if signs_out { Endpoint::Logout } else { endpoint };
        let saml_response = params.text("SAMLResponse").and_then(SamlResponse::read);
        Self {
            exchange,
            entry: exchange.entry,
            started: exchange.started,
            method: exchange.request.method.to_string(),
            status: exchange.response.status,
            address,
            host,
            endpoint,
            tenant,
            params,
            cookies_sent: recording.sent(exchange),
            cookies_set: recording.set(exchange),
            saml,
            saml_response,
            reply: Reply::default(),
            preflight: Preflight::of(exchange),
        }
    }

    /// The name of the host that it went to; empty where the address has none.
    pub(crate) fn host_name(&self) -> &str {
        self.address.as_ref().map(|address| address.host.as_str()).unwrap_or_default()
    }

    /// Whether something was posted, and is not in the capture.
    pub(crate) fn is_body_unread(&self) -> bool {
        self.method == "POST" && self.exchange.request.body.kept().is_none()
    }

    /// Whether what is posted is called a form, or is not called anything.
    pub(crate) fn may_post_form(&self) -> bool {
        self.request_header("content-type").kept().is_none_or(|of| of.raw().starts_with("application/x-www-form-urlencoded"))
    }

    /// Whether the answer leads on to a sign-in: to the sign-in service, or by the path of its protocol to a host that stands for it.
    pub(crate) fn leads_to_sign_in(&self) -> bool {
        let target = self.reply.redirect.as_ref();
        target.is_some_and(|target| sign_in_host(&target.host).is_some() || target.path.contains("/oauth2/"))
    }

    /// Whether the request went to the sign-in service for more than a probe, a script or a picture.
    pub fn is_sign_in(&self) -> bool {
        !matches!(self.endpoint, Endpoint::App | Endpoint::AppCallback | Endpoint::Probe | Endpoint::FederatedProvider)
    }

    /// Whether the request went to Entra ID, B2C or External ID.
    pub fn at_entra(&self) -> bool {
        let elsewhere = self.host.is_some_and(|host| !matches!(host.service, Service::Entra | Service::B2c | Service::ExternalId));
        self.is_sign_in() && !elsewhere
    }

    /// Whether Entra ID answered that it is out of order, or has too much to do.
    pub fn is_service_error(&self) -> bool {
        self.at_entra() && self.status.is_some_and(|status| status == 429 || status >= 500) && !self.may_be_answered_by_fault()
    }

    /// A request header.
    pub fn request_header(&self, name: &'static str) -> Recorded<&'c RawText> {
        self.exchange.request.headers.get(name)
    }

    /// A response header.
    pub fn response_header(&self, name: &'static str) -> Recorded<&'c RawText> {
        self.exchange.response.headers.get(name)
    }

    /// Whether the person is at another identity provider, or comes back from one: its pages, not their pictures and scripts.
    pub fn is_at_provider(&self) -> bool {
        match self.endpoint {
            Endpoint::FederatedProvider if self.is_ws_trust() => true,
            Endpoint::FederatedProvider | Endpoint::MicrosoftAccount | Endpoint::MicrosoftAccountAuthorize => {
                let asset = || self.address.as_ref().is_some_and(|address| address.path.to_ascii_lowercase().contains("/adfs/portal/"));
                self.exchange.resource.kept().map_or_else(|| !asset(), |resource| *resource == Resource::Document)
            }
            Endpoint::Federation => true,
            Endpoint::WsFederation => !self.params.has("wtrealm"),
            _ => false,
        }
    }

    /// Whether the application receives a SAML response that Entra ID issued.
    pub fn receives_saml_of_entra(&self) -> bool {
        let issuer = self.saml_response.as_ref().and_then(|response| response.issuer.as_deref()).and_then(Address::parse);
        self.endpoint == Endpoint::AppCallback && issuer.is_some_and(|issuer| sign_in_host(&issuer.host).is_some())
    }

    /// Whether the reply that an application receives shows that Entra ID sent it: by parameters that no other service adds, by
    /// where it came from, or by what it says. Replies of other identity providers look alike otherwise; the form of a code
    /// would tell too, but not in a redacted capture.
    pub fn receives_reply_of_entra(&self) -> bool {
        const PARAMETERS: [&str; 6] =
            ["session_state", "client_info", "error_subcode", "admin_consent", "cloud_instance_host_name", "msgraph_host"];
        let is_sign_in = |address: Option<Address>| address.is_some_and(|address| sign_in_host(&address.host).is_some());
        let has_id_token = || self.params.text("id_token").and_then(Claims::of).is_some_and(|claims| claims.tenant.is_some());
        let names_codes = || self.reply.failures.iter().any(|failure| !failure.codes.is_empty() || failure.trace_id.is_some());
        let federated = || self.params.text("wresult").is_some_and(|result| result.contains("sts.windows.net"));
        PARAMETERS.iter().any(|name| self.params.has(name))
            || names_codes()
            || has_id_token()
            || self.interaction().is_some()
            || is_sign_in(self.referer())
            || is_sign_in(self.page())
            || is_sign_in(self.params.text("error_uri").and_then(Address::parse))
            || self.receives_saml_of_entra()
            || federated()
    }

    /// The address as it would stand in a `Referer` or be met by a redirect, for comparison.
    pub fn address_key(&self) -> Written {
        Written::new(self.exchange.request.url.without_fragment())
    }

    /// Where the response redirects to, for comparison with the next request's address.
    pub fn redirect_key(&self) -> Option<Written> {
        reply::redirect_target(self.exchange).map(|target| Written::new(&target))
    }

    /// The reply's own date, UTC.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.response_header("date").kept().and_then(|header| http_date(header.raw()))
    }

    /// The request id of the reply.
    pub fn request_id(&self) -> Option<Guid> {
        self.response_header("x-ms-request-id").kept().and_then(|header| Guid::parse(header.raw()))
    }

    /// Whether the answer has a header that the sign-in service sets and proxies do not, or its headers are not known.
    pub fn is_answered_by_service(&self) -> bool {
        let headers = &self.exchange.response.headers;
        let own = ["x-ms-ests-server", "x-ms-request-id", "x-ms-clitelem", "x-ms-srs", "x-ms-gateway-requestid"];
        headers.absent().is_some() || own.iter().any(|name| headers.has(name))
    }

    /// The correlation id that the reply gives back.
    pub(crate) fn returned_correlation_id(&self) -> Option<Guid> {
        self.response_header("client-request-id").kept().and_then(|header| Guid::parse(header.raw()))
    }

    /// The token that the request carries, as `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<Secret> {
        bearer(self.exchange).map(Secret::new)
    }

    /// Whether the request carries a name and password in `Authorization: Basic`: at the token endpoint, those of the
    /// application (RFC 6749 §2.3.1). Any other scheme there is what a page adds to all of its requests.
    pub fn has_basic_credential(&self) -> bool {
        self.authorization("basic").is_some()
    }

    /// The name in `Authorization: Basic`.
    pub(super) fn basic_user(&self) -> Option<String> {
        self.basic().map(|(user, _)| user).filter(|user| !user.is_empty())
    }

    /// The password in `Authorization: Basic`.
    pub(super) fn basic_password(&self) -> Option<String> {
        self.basic().map(|(_, password)| password).filter(|password| !password.is_empty())
    }

    /// Name and password in `Authorization: Basic`; both parts of it are encoded as in a form.
    fn basic(&self) -> Option<(String, String)> {
        let decoded = STANDARD.decode(self.authorization("basic")?).ok()?;
        let (user, password) = str::from_utf8(&decoded).ok()?.split_once(':')?;
        let part = |text: &str| url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default();
        Some((part(user), part(password)))
    }

    /// What `Authorization` holds, where it is of that scheme.
    fn authorization(&self, wanted: &str) -> Option<&'c str> {
        authorization(self.exchange, wanted)
    }

    /// Whether `Authorization` holds a token, of whatever scheme; `None` where the header is not in the capture, or not what
    /// stood in it.
    pub(crate) fn sends_token(&self) -> Option<bool> {
        let header = self.request_header("authorization").kept().map(|header| header.raw())?;
        (!header.trim().is_empty()).then(|| authorization::holds_token(header))
    }

    /// The claims of the token that the request carries, where it is a JWT.
    pub fn bearer_claims(&self) -> Option<Claims> {
        self.bearer().and_then(|token| Claims::of(token.expose()))
    }

    /// The claims of the token in whose name a service asks for another (on-behalf-of: RFC 7523 §2.1), where it is a JWT.
    pub fn assertion(&self) -> Option<Claims> {
        self.params.text("assertion").filter(|_| self.endpoint == Endpoint::Token).and_then(Claims::of)
    }

    /// The claims of the token with which an application proves itself (RFC 7523 §2.2), where it is a JWT.
    pub fn client_assertion(&self) -> Option<Claims> {
        self.params.text("client_assertion").filter(|_| self.endpoint == Endpoint::Token).and_then(Claims::of)
    }

    /// The tokens of the reply, from the token endpoint or handed to the application directly.
    pub fn tokens(&self) -> Option<&TokenReply> {
        self.reply.tokens.as_ref()
    }

    /// Whether an ID token came that was not valid by the clock of whoever recorded its coming.
    pub(crate) fn gives_token_out_of_time(&self) -> bool {
        let claims = self.tokens().and_then(|tokens| tokens.id_token.as_ref());
        self.started.zip(claims).is_some_and(|(started, claims)| !claims.is_in_time(started))
    }

    /// Whether the ID token that came names another `nonce` than a request had sent.
    pub(crate) fn gives_other_nonce_than(&self, request: &Step<'_>) -> bool {
        let in_token = self.tokens().and_then(|tokens| tokens.id_token.as_ref()).and_then(|claims| claims.nonce.as_ref());
        request.params.get("nonce").zip(in_token).and_then(|(sent, back)| sent.is_same_as(back)) == Some(false)
    }

    /// Whether the reply gives out a token of a personal account.
    pub fn gives_personal_token(&self) -> bool {
        self.tokens().and_then(|tokens| tokens.home_tenant.as_ref()).is_some_and(|home| home.as_str() == CONSUMERS_TENANT)
    }
}

/// The token that a request carries, as `Authorization: Bearer`.
pub(super) fn bearer(exchange: &Exchange) -> Option<&str> {
    authorization(exchange, "bearer")
}

fn authorization<'c>(exchange: &'c Exchange, wanted: &str) -> Option<&'c str> {
    let (scheme, credential) = exchange.request.headers.value("authorization")?.raw().trim_start().split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then(|| credential.trim())
}

/// A date as HTTP writes it.
pub(crate) fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().and_then(|date| writable(date.with_timezone(&Utc)))
}
