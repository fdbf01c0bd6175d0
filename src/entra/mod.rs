//! What an exchange means: hosts and clouds, endpoints, parameters, cookies, tokens, error carriers, tenants.
//!
//! [`Traffic::read`] turns a capture into [`Step`]s. From here on nobody looks at raw text any more: what is
//! a secret is a [`Secret`], what may be shown comes as [`Evidence`] from the allow-list in `excerpt`.

mod accounts;
#[cfg(any(fuzzing, test))]
pub mod agreement;
mod client;
mod code;
pub(crate) mod cookies;
mod endpoint;
mod excerpt;
mod failure;
pub(crate) mod key;
mod markup;
mod message;
mod msal;
mod page;
mod params;
mod pasted;
mod pkce;
mod recording;
mod redirect_uri;
mod saml;
mod scope;
mod tenant;
mod token;

pub use accounts::{Account, AccountId, Accounts};
pub use client::{Anchor, Interaction, Telemetry};
pub use code::{ErrorCode, Family};
pub use cookies::SetCookie;
pub use endpoint::Endpoint;
pub use excerpt::{Evidence, Labels, LogKind, Names, ShownParameter};
pub(crate) use excerpt::{
    LogValue, browser, client_id as shown_client_id, label as shown_label, method as shown_method, no_answer as shown_no_answer,
    place as shown_place, recorder as shown_recorder,
};
pub use failure::{Carrier, Failure, Words};
pub(crate) use markup::{
    error_sentences, is_form, is_sealed_token, names_code, page_configuration, page_error_number, page_form, page_id, page_values,
    quoted_length,
};
pub use message::{Message, Provider};
pub(crate) use msal::msal_error;
pub use page::SignInPage;
pub use params::{Address, Param, Params, Source};
pub use pasted::Pasted;
pub(crate) use pkce::verifier_matches;
pub use recording::{Coverage, Part, Recording};
pub(crate) use redirect_uri::only_difference;
pub(crate) use saml::{LONGEST_SAML_MESSAGE, MOST_SAML_NODES};
pub use saml::{SamlRequest, SamlResponse};
pub use tenant::{CONSUMERS_TENANT, Guid, Tenant, TenantName};
pub(crate) use token::base64url;
pub use token::{Claims, TokenReply};

use crate::capture::Capture;
use crate::exchange::hosts::{Cloud, Service, SignInHost, is_b2c_journey, sign_in_host};
use crate::exchange::{Exchange, RawText, Recorded, Resource, Secret, writable};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeSet;

/// The sign-in traffic of a capture, decoded.
#[non_exhaustive]
pub struct Traffic<'c> {
    /// The capture.
    pub capture: &'c Capture,
    /// What the capture can show.
    pub recording: Recording,
    /// Every exchange that was kept whole, in the order of time.
    pub steps: Vec<Step<'c>>,
    /// Who and what is known by number.
    pub names: Names,
}

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
}

/// What came back, decoded.
#[derive(Default)]
#[non_exhaustive]
pub struct Reply {
    /// Where the response redirects to.
    pub redirect: Option<Address>,
    /// The reply to the application: a code, tokens, an assertion or an error.
    pub handover: Option<Handover>,
    /// The page of the sign-in service.
    pub page: Option<SignInPage>,
    /// The tokens given out.
    pub tokens: Option<TokenReply>,
    /// Every error it tells, or that the request carried to the application.
    pub failures: Vec<Failure>,
    /// An API's challenge.
    pub challenge: Option<Challenge>,
    /// The cloud that a tenant's metadata names as the tenant's own, or in which the code that is handed over is good.
    pub cloud: Option<Cloud>,
    /// The device code that was given out.
    pub device: Option<DeviceCode>,
    /// Whether a token came that is no JSON: an assertion in SOAP, or a reply that is encrypted for a device.
    pub sealed_token: bool,
    /// Where it shows that another identity provider failed or refused, if it does: a part of the exchange.
    pub provider_failed: Option<&'static str>,
    /// Where the service sends a device to prove its key (PKeyAuth); `None` where it does not ask, or asks for the same
    /// request once more.
    pub device_proof: Option<Secret>,
    /// Whether the service asks for a proof of the device's key (PKeyAuth).
    pub asks_device_proof: bool,
}

/// What a device gets to show and to ask with (RFC 8628, 3.2).
#[derive(Clone)]
#[non_exhaustive]
pub struct DeviceCode {
    /// What it polls with.
    pub device_code: Secret,
    /// What a person types in, upper case, letters and digits alone.
    pub user_code: Option<Secret>,
}

/// A reply on its way to the application.
#[non_exhaustive]
pub struct Handover {
    /// The part of the exchange that holds it.
    pub part: &'static str,
    /// Where it goes.
    pub target: Option<Address>,
    /// Its parameters.
    pub params: Params,
}

impl Handover {
    /// Whether it carries what the application asked for.
    pub fn succeeds(&self) -> bool {
        let has = |name: &str| self.params.has(name);
        let token = || self.params.text("wresult").is_some_and(|result| !is_fault(result));
        (has("code") || has("id_token") || has("access_token") || token() || has("ear_jwe") || self.assertion_succeeds()) && !has("error")
    }

    fn assertion_succeeds(&self) -> bool {
        self.params.text("SAMLResponse").is_some_and(saml::is_success)
    }
}

/// `WWW-Authenticate` of an API that wants another token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// `error`, where it is a known value.
    pub error: Option<&'static str>,
    /// Whether it asks for claims.
    pub claims: bool,
    /// What it says of the token, beyond `error`.
    pub complaint: Option<Complaint>,
    /// The tenant of its `authorization_uri`.
    pub tenant: Option<Tenant>,
}

/// What an API does not like about a token. APIs have no common codes; ASP.NET Core, Express and Spring all
/// put the name of the failed validation into `error_description`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Complaint {
    /// The issuer.
    Issuer,
    /// The audience.
    Audience,
    /// It has expired, or is not valid yet.
    Lifetime,
    /// The signature or key.
    Signature,
    /// A scope or role is missing.
    Scope,
}

/// Which window a request was made for, by `Sec-Fetch-Dest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// A tab or window of its own.
    TopLevel,
    /// A frame inside a page.
    Frame,
    /// A script's request.
    Script,
    /// An image, a style and so on.
    Other,
}

/// `Sec-Fetch-Storage-Access`: whether a cross-site request may use the cookies of its site
/// (Storage Access API, "Storage Access headers").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageAccess {
    /// No: third-party cookies are blocked here.
    None,
    /// It could be activated, but is not.
    Inactive,
    /// Yes.
    Active,
}

impl<'c> Traffic<'c> {
    /// Decodes a capture.
    pub fn read(capture: &'c Capture) -> Self {
        let recording = Recording::of(capture);
        let steps: Vec<Step<'c>> =
            capture.exchanges.iter().filter(|exchange| exchange.kept_whole).map(|exchange| Step::read(exchange, &recording)).collect();
        let mut traffic = Self { capture, recording, steps, names: Names::default() };
        traffic.name_everybody();
        traffic
    }

    /// Whether sign-in traffic went through tunnels that the recorder did not look into.
    pub fn has_closed_tunnels(&self) -> bool {
        self.capture.exchanges.iter().any(|exchange| {
            &*exchange.request.method == "CONNECT"
                && exchange
                    .request
                    .url
                    .host()
                    .and_then(|host| sign_in_host(&host))
                    .is_some_and(|host| host.service != Service::StaticAssets)
        })
    }

    /// How many exchanges went to the sign-in service, probes and assets left out.
    pub fn sign_in_exchanges(&self) -> usize {
        self.steps.iter().filter(|step| step.is_sign_in()).count()
    }

    fn name_everybody(&mut self) {
        let names = &mut self.names;
        for step in &self.steps {
            let handed = step.reply.handover.iter().flat_map(|handover| handover.params.iter());
            for param in step.params.iter().chain(handed) {
                if let Some(kind) = excerpt::secret_kind(&param.name) {
                    names.labels.add(kind, &param.value);
                }
            }
            if let Some(name) = step.person() {
                names.accounts.by_name(name.expose());
            }
            match step.anchor() {
                Some(Anchor::Username(name)) => {
                    names.accounts.by_name(name.expose());
                }
                Some(Anchor::ObjectId { account, tenant }) => {
                    names.accounts.by_object_id(&account, Some(&tenant));
                }
                None => {}
            }
            if let Some(tokens) = &step.reply.tokens {
                for claims in tokens.claims() {
                    if let Some(session) = &claims.session {
                        names.labels.add("session", session);
                    }
                    let home = tokens.home_tenant.as_ref();
                    names.accounts.join(claims.username.as_ref(), claims.object_id.as_ref(), home);
                }
                let uid = tokens.home_account.as_ref();
                let name = tokens.claims().find_map(|claims| claims.username.as_ref());
                names.accounts.join(name, uid, tokens.home_tenant.as_ref());
            }
        }
    }
}

impl<'c> Step<'c> {
    fn read(exchange: &'c Exchange, recording: &Recording) -> Self {
        let address = Address::of(&exchange.request.url);
        let host = address.as_ref().and_then(|address| sign_in_host(&address.host));
        let mut params = address.as_ref().map(|address| address.params.clone()).unwrap_or_default();
        if let Some(body) = exchange.request.body.kept() {
            for param in params::form(body).iter() {
                params.push(param.name.as_str(), param.value.expose(), param.source);
            }
        }
        let (endpoint, tenant) = classify(exchange, host, address.as_ref(), &params);
        let saml = params.text("SAMLRequest").and_then(SamlRequest::read);
        let signs_out = saml.as_ref().is_some_and(|request| request.is_logout) && endpoint != Endpoint::FederatedProvider;
        let endpoint = if signs_out { Endpoint::Logout } else { endpoint };
        let saml_response = params.text("SAMLResponse").and_then(SamlResponse::read);
        let mut step = Self {
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
        };
        step.reply = Reply::read(&step);
        step
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

    /// A request header.
    pub fn request_header(&self, name: &'static str) -> Recorded<&'c RawText> {
        self.exchange.request.headers.get(name)
    }

    /// A response header.
    pub fn response_header(&self, name: &'static str) -> Recorded<&'c RawText> {
        self.exchange.response.headers.get(name)
    }

    /// `prompt`, where it is one of the known values.
    pub fn prompt(&self) -> Option<&'static str> {
        let known = ["none", "no_session", "login", "select_account", "consent", "create", "admin_consent"];
        if self.saml.as_ref().is_some_and(|saml| saml.passive) {
            return Some("none");
        }
        let prompt = self.params.text("prompt")?;
        known.into_iter().find(|known| prompt.split_whitespace().any(|word| word.eq_ignore_ascii_case(known)))
    }

    /// Whether the request asks for an answer without showing anything.
    pub fn is_silent(&self) -> bool {
        matches!(self.prompt(), Some("none" | "no_session"))
    }

    /// The application: `client_id`, the SAML issuer or WS-Federation's `wtrealm`.
    pub fn client(&self) -> Option<String> {
        let saml = self.saml.as_ref().and_then(|saml| saml.issuer.as_deref());
        let id = self.params.text("client_id").or(saml).or_else(|| self.params.text("wtrealm"));
        // A broker's request is an object of its own, signed with the device's key.
        let in_object = || self.params.text("request").and_then(token::client_of_request);
        let id = id.map(str::to_owned).or_else(in_object)?;
        (!id.is_empty()).then(|| shown_client_id(&id))
    }

    /// `grant_type`, where it is one of the known values.
    pub fn grant(&self) -> Option<&'static str> {
        let known = [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "password",
            "device_code",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:saml2-bearer",
            "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
            "srv_challenge",
        ];
        let grant = self.params.text("grant_type")?;
        known.into_iter().find(|known| grant.eq_ignore_ascii_case(known))
    }

    /// The device code that the request polls with. The older endpoint calls it `code`.
    pub fn polled_device_code(&self) -> Option<&Secret> {
        let polls = self.grant().is_some_and(|grant| grant.ends_with("device_code"));
        self.params.get("device_code").or_else(|| self.params.get("code")).filter(|_| polls)
    }

    /// The device code that a person has typed in, as [`DeviceCode::user_code`].
    pub fn typed_device_code(&self) -> Option<Secret> {
        if self.endpoint != Endpoint::DeviceLogin {
            return None;
        }
        ["otc", "user_code", "code"].iter().find_map(|name| self.params.text(name)).map(user_code)
    }

    /// Whether an application asks the Microsoft account service itself, without Entra ID in between.
    pub fn asks_microsoft_account(&self) -> bool {
        if self.endpoint != Endpoint::MicrosoftAccountAuthorize || !self.params.has("client_id") {
            return false;
        }
        let back = self.params.text("redirect_uri").and_then(Address::parse);
        back.is_some_and(|back| sign_in_host(&back.host).is_none_or(|host| host.service == Service::MicrosoftAccount))
    }

    /// Whether the person is at another identity provider, or comes back from one: its pages, not their pictures and scripts.
    pub fn is_at_provider(&self) -> bool {
        match self.endpoint {
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
        let origin = || self.request_header("origin").kept().and_then(|header| Address::parse(header.raw()));
        let has_id_token = || self.params.text("id_token").and_then(Claims::of).is_some_and(|claims| claims.tenant.is_some());
        let names_codes = || self.reply.failures.iter().any(|failure| !failure.codes.is_empty() || failure.trace_id.is_some());
        let federated = || self.params.text("wresult").is_some_and(|result| result.contains("sts.windows.net"));
        PARAMETERS.iter().any(|name| self.params.has(name))
            || names_codes()
            || has_id_token()
            || self.interaction().is_some()
            || is_sign_in(self.referer())
            || is_sign_in(origin())
            || is_sign_in(self.params.text("error_uri").and_then(Address::parse))
            || self.receives_saml_of_entra()
            || federated()
    }

    /// The correlation id that the client sent.
    pub fn correlation_id(&self) -> Option<Guid> {
        let sent = self.params.text("client-request-id").and_then(Guid::parse);
        sent.or_else(|| self.request_header("client-request-id").kept().and_then(|header| Guid::parse(header.raw())))
    }

    /// Whom the client asks to be routed for.
    pub fn anchor(&self) -> Option<Anchor> {
        let header = self.request_header("x-anchormailbox").kept().map(|header| header.raw());
        self.params.text("X-AnchorMailbox").or(header).and_then(client::anchor)
    }

    /// MSAL's telemetry.
    pub fn telemetry(&self) -> Telemetry {
        client::telemetry(&self.params)
    }

    /// The interaction that MSAL wrote into `state`.
    pub fn interaction(&self) -> Option<Interaction> {
        self.params.text("state").and_then(client::interaction)
    }

    /// The person that the request names: `login_hint`, the account typed in, or the page's account.
    pub fn person(&self) -> Option<Secret> {
        self.person_place().map(|(_, name)| name)
    }

    /// The person, with the part of the exchange that names it.
    pub(crate) fn person_place(&self) -> Option<(String, Secret)> {
        let named = ["login_hint", "login", "loginfmt", "username", "UserName"].iter().find_map(|name| self.params.find(name));
        if let Some(param) = named {
            return Some((self.param_part(&param.name), param.value.clone()));
        }
        if self.endpoint == Endpoint::AccountLookup {
            let body: Option<Value> = self.exchange.request.body.kept().and_then(|body| serde_json::from_str(body.raw()).ok());
            let typed = body.as_ref().and_then(|body| body.get("username")).and_then(Value::as_str).map(Secret::new);
            return typed.map(|name| ("request.body.username".to_owned(), name));
        }
        let shown = self.reply.page.as_ref().and_then(|page| page.username.clone());
        shown.map(|name| ("response.body.$Config.sPOST_Username".to_owned(), name))
    }

    /// Where a parameter of this request stands, or would stand.
    pub fn param_part(&self, name: &str) -> String {
        let source = self.params.find(name).map(|param| param.source);
        match source.unwrap_or(if self.method == "POST" { Source::Form } else { Source::Query }) {
            Source::Form | Source::Page => format!("request.body.{name}"),
            source => format!("request.url.{}.{name}", source.part()),
        }
    }

    /// The window that the request was made for.
    pub fn frame(&self) -> Recorded<Frame> {
        self.request_header("sec-fetch-dest").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "document" => Frame::TopLevel,
            "iframe" | "frame" | "fencedframe" => Frame::Frame,
            "empty" => Frame::Script,
            _ => Frame::Other,
        })
    }

    /// Whether the request may use its site's cookies, by the browser's word.
    pub fn storage_access(&self) -> Recorded<Option<StorageAccess>> {
        self.request_header("sec-fetch-storage-access").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "none" => Some(StorageAccess::None),
            "inactive" => Some(StorageAccess::Inactive),
            "active" => Some(StorageAccess::Active),
            _ => None,
        })
    }

    /// The relation of the requesting page to the host, by `Sec-Fetch-Site`.
    pub fn fetch_site(&self) -> Recorded<&'static str> {
        self.request_header("sec-fetch-site").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "cross-site" => "cross-site",
            "same-site" => "same-site",
            "same-origin" => "same-origin",
            _ => "none",
        })
    }

    /// The browser family, by `User-Agent`.
    pub fn browser(&self) -> Option<&'static str> {
        self.request_header("user-agent").kept().map(|header| browser(header.raw()))
    }

    /// Whether the browser is Brave, which only its brands tell.
    pub fn is_brave(&self) -> bool {
        self.request_header("sec-ch-ua").kept().is_some_and(|brands| brands.raw().contains("\"Brave\""))
    }

    /// Whether a browser sent it, by the headers that only browsers send; unknown without headers.
    pub fn from_browser(&self) -> Option<bool> {
        let headers = &self.exchange.request.headers;
        let tells = ["sec-fetch-mode", "sec-fetch-dest", "sec-ch-ua", "origin", "referer", "upgrade-insecure-requests"];
        if tells.iter().any(|name| headers.has(name)) {
            return Some(true);
        }
        headers.absent().is_none().then(|| self.browser().is_some_and(|browser| browser != "another client"))
    }

    /// The page that the request came from, by `Referer`.
    pub fn referer(&self) -> Option<Address> {
        self.request_header("referer").kept().and_then(|header| Address::parse(header.raw()))
    }

    /// The full `Referer`, for comparison.
    pub fn referer_key(&self) -> Option<Secret> {
        self.request_header("referer").kept().map(|header| Secret::new(header.raw()))
    }

    /// The address as it would stand in a `Referer` or be met by a redirect, for comparison.
    pub fn address_key(&self) -> Secret {
        Secret::new(self.exchange.request.url.without_fragment())
    }

    /// Where the response redirects to, for comparison with the next request's address.
    pub fn redirect_key(&self) -> Option<Secret> {
        let location = location(self.exchange)?;
        let target = self.exchange.request.url.join(location.1);
        target.split('#').next().map(Secret::new)
    }

    /// The interrupted sign-in's state, which the posts of its pages repeat.
    pub fn ctx(&self) -> Option<Secret> {
        let of_page = || self.reply.page.as_ref().and_then(|page| page.ctx.clone());
        let in_body = || {
            let body: Value = serde_json::from_str(self.exchange.request.body.kept()?.raw()).ok()?;
            ["ctx", "Ctx", "originalRequest"].iter().find_map(|name| body.get(name)?.as_str().map(Secret::new))
        };
        // `request` is what the page calls it when it finishes a second factor.
        let in_form = ["ctx", "request"].iter().find_map(|name| self.params.get(name).cloned());
        // The Microsoft account service carries it as its own `state` and hands it back.
        let carried = || {
            let at_account =
                matches!(self.endpoint, Endpoint::MicrosoftAccountAuthorize | Endpoint::MicrosoftAccount | Endpoint::Federation);
            self.params.get("state").filter(|_| at_account).cloned()
        };
        // AD FS carries it inside `wctx`.
        let in_wctx = || {
            let wctx = self.params.text("wctx")?;
            url::form_urlencoded::parse(wctx.as_bytes()).find(|(name, _)| name == "estsrequest").map(|(_, value)| Secret::new(value))
        };
        in_form.or_else(in_body).or_else(of_page).or_else(carried).or_else(in_wctx)
    }

    /// The reply's own date, UTC.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.response_header("date").kept().and_then(|header| http_date(header.raw()))
    }

    /// The request id of the reply.
    pub fn request_id(&self) -> Option<Guid> {
        self.response_header("x-ms-request-id").kept().and_then(|header| Guid::parse(header.raw()))
    }

    /// The token that the request carries, as `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<Secret> {
        let (scheme, token) = self.request_header("authorization").kept()?.raw().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
    }

    /// The claims of the token that the request carries, where it is a JWT.
    pub fn bearer_claims(&self) -> Option<Claims> {
        self.bearer().and_then(|token| Claims::of(token.expose()))
    }

    /// Whether the request was made by a library that runs in the page and turns its codes in there: a code
    /// in the fragment, or MSAL's own name.
    pub fn is_single_page_client(&self) -> bool {
        let library = self.params.text("x-client-SKU").is_some_and(|sku| sku.to_ascii_lowercase().starts_with("msal.js"));
        let in_fragment = self.params.text("response_mode").is_some_and(|mode| mode.eq_ignore_ascii_case("fragment"));
        let node = self.params.text("x-client-SKU").is_some_and(|sku| sku.to_ascii_lowercase().contains("node"));
        (library || in_fragment) && !node
    }

    /// The resources that the scopes ask for, lower case.
    pub fn asked_resources(&self) -> BTreeSet<String> {
        self.params.text("scope").map(scope::resources).unwrap_or_default()
    }

    /// Whether the scopes belong to more than one resource.
    pub fn asks_several_resources(&self) -> bool {
        self.params.text("scope").is_some_and(|scopes| scope::resources(scopes).len() > 1)
    }

    /// Whether the scopes ask for the resource that a token's audience names; unknown where the one is an
    /// application's id and the other its address.
    pub fn asked_resource_is(&self, audience: &str) -> Option<bool> {
        scope::names_audience(self.params.text("scope")?, audience)
    }

    /// Whether every scope that was asked for is among those granted; `None` where none was asked by name.
    pub fn asked_scopes_are_in(&self, granted: &str) -> Option<bool> {
        scope::granted(self.params.text("scope")?, granted)
    }

    /// Whether the resource in the scopes was put together wrongly.
    pub fn asks_malformed_resource(&self) -> bool {
        self.params.text("scope").is_some_and(scope::is_malformed)
    }

    /// Whether the client secret has the form of a GUID; `None` without a secret.
    pub fn secret_is_guid(&self) -> Option<bool> {
        self.params.text("client_secret").map(|secret| Guid::parse(secret).is_some())
    }

    /// Whether the request asks for claims in the access token: the answer to an API's challenge. (MSAL 5 asks
    /// for claims in the ID token with every request.)
    pub fn asks_access_token_claims(&self) -> bool {
        let claims: Option<Value> = self.params.text("claims").and_then(|claims| serde_json::from_str(claims).ok());
        claims.is_some_and(|claims| claims.get("access_token").is_some())
    }

    /// Scheme, host and port of `redirect_uri`.
    pub fn redirect_origin(&self) -> Option<String> {
        self.params.text("redirect_uri").and_then(Address::parse).map(|address| address.origin())
    }

    /// The cloud of the API that the request asks for, where its address tells.
    pub fn asked_cloud(&self) -> Option<Cloud> {
        ["resource", "scope"].iter().find_map(|name| scope::cloud(self.params.text(name)?))
    }

    /// `redirect_uri`, where it is a web address.
    pub fn redirect_address(&self) -> Option<Address> {
        self.params.text("redirect_uri").and_then(Address::parse).filter(|address| !address.host.is_empty())
    }

    /// The tokens of the reply, from the token endpoint or handed to the application directly.
    pub fn tokens(&self) -> Option<&TokenReply> {
        self.reply.tokens.as_ref()
    }
}

/// A date as HTTP writes it.
pub(crate) fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().and_then(|date| writable(date.with_timezone(&Utc)))
}

fn classify(exchange: &Exchange, host: Option<SignInHost>, address: Option<&Address>, params: &Params) -> (Endpoint, Option<Tenant>) {
    let Some(address) = address else { return (Endpoint::App, None) };
    if let Some(host) = host {
        return endpoint::at_sign_in_host(host, address);
    }
    // A custom domain or an unknown cloud shows itself by the service's own headers, one of B2C by its policies.
    if recording::is_sign_in_reply(exchange) || is_b2c_journey(exchange.request.url.raw()) {
        return endpoint::at_entra(address);
    }
    if address.path.to_ascii_lowercase().contains("/adfs/") || asks_in_the_name_of_entra(params) {
        return (Endpoint::FederatedProvider, None);
    }
    let has = |name: &str| params.has(name);
    let oauth_reply =
        (has("code") || has("id_token") || has("access_token") || has("error")) && (has("state") || has("session_state") || has("error"));
    if oauth_reply || has("SAMLResponse") || has("wresult") {
        return (Endpoint::AppCallback, None);
    }
    (Endpoint::App, None)
}

/// Whether Entra ID itself asks another identity provider: it does so under this name, or under its own address.
fn asks_in_the_name_of_entra(params: &Params) -> bool {
    let own = |name: &str| {
        name.get(..28).is_some_and(|start| start.eq_ignore_ascii_case("urn:federation:MicrosoftOnli"))
            || Address::parse(name).is_some_and(|address| sign_in_host(&address.host).is_some())
    };
    let issuer = || params.text("SAMLRequest").and_then(SamlRequest::read).and_then(|request| request.issuer);
    params.text("wtrealm").is_some_and(own) || issuer().is_some_and(|issuer| own(&issuer))
}

/// Whether the result of a WS-Federation sign-in is a SOAP fault and no token.
fn is_fault(result: &str) -> bool {
    result.contains("Fault>") && !result.contains("RequestedSecurityToken")
}

/// A device code as it is compared: people type it in any case, with spaces or dashes.
fn user_code(text: &str) -> Secret {
    Secret::new(text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect::<String>())
}

/// The part and text of what the response redirects to. The recorder's own field is preferred where it
/// keeps the fragment that the header has lost, the header otherwise.
fn location(exchange: &Exchange) -> Option<(&'static str, &str)> {
    let header = exchange.response.headers.get("location").kept().map(|value| value.raw());
    let listed = exchange.response.redirect.as_ref().map(|value| value.raw());
    match (header, listed) {
        (Some(header), Some(listed)) if listed.contains('#') && !header.contains('#') => Some(("response.redirectURL", listed)),
        (Some(header), _) => Some(("response.header.location", header)),
        (None, Some(listed)) => Some(("response.redirectURL", listed)),
        (None, None) => None,
    }
}

impl Reply {
    fn read(step: &Step<'_>) -> Self {
        let mut reply = Self::default();
        let exchange = step.exchange;
        let at_sign_in = !matches!(step.endpoint, Endpoint::App | Endpoint::AppCallback);
        if let Some((part, text)) = location(exchange) {
            reply.redirect = Address::parse(&exchange.request.url.join(text));
            if at_sign_in {
                reply.take_redirect(part);
            }
        }
        if let Some(body) = exchange.response.body.kept() {
            reply.take_body(step, body.raw(), at_sign_in);
        }
        if step.endpoint == Endpoint::AppCallback {
            reply.take_callback(step);
        }
        if let Some(header) = exchange.response.headers.get("www-authenticate").kept() {
            reply.challenge = challenge(header.raw());
            reply.asks_device_proof |= header.raw().trim_start().starts_with("PKeyAuth");
        }
        reply.provider_failed = provider_failed(step);
        if reply.failures.is_empty() {
            reply.failures.extend(clitelem(step));
        }
        reply
    }

    fn take_redirect(&mut self, part: &'static str) {
        let Some(target) = &self.redirect else { return };
        if target.scheme == "urn" && target.path.eq_ignore_ascii_case("http-auth:PKeyAuth") {
            self.asks_device_proof = true;
            self.device_proof = target.params.get("SubmitUrl").cloned();
            return;
        }
        let names = ["code", "error", "id_token", "access_token", "SAMLResponse", "ear_jwe"];
        let instance = target.params.text("cloud_instance_host_name").and_then(sign_in_host);
        self.cloud = instance.map(|host| host.cloud);
        if !names.iter().any(|name| target.params.has(name)) {
            return;
        }
        self.failures.extend(Failure::from_params(&target.params, Carrier::Redirect, part));
        self.take_handover(Handover { part, params: target.params.clone(), target: Some(target.clone()) });
    }

    fn take_body(&mut self, step: &Step<'_>, body: &str, at_sign_in: bool) {
        let trimmed = body.trim_start();
        if trimmed.starts_with('{') {
            if at_sign_in && let Ok(json) = serde_json::from_str::<Value>(trimmed) {
                self.tokens = TokenReply::of_json(&json);
                self.failures.extend(json_failure(&json));
                self.failures.extend(journey_failure(step, &json));
                self.failures.extend(second_factor_failure(step, &json));
                self.device = device_code(&json).filter(|_| step.endpoint == Endpoint::DeviceCode);
                let instance = json.get("cloud_instance_name").and_then(Value::as_str);
                self.cloud = instance.and_then(|name| sign_in_host(&format!("login.{name}"))).map(|host| host.cloud);
                return;
            }
        } else if at_sign_in && trimmed.starts_with('<') {
            self.page = SignInPage::read(body);
            // The Microsoft account service numbers its errors otherwise.
            if step.host.is_some_and(|host| host.service == Service::MicrosoftAccount)
                && let Some(page) = &mut self.page
            {
                page.failure = page.failure.take().filter(|failure| failure.text.as_ref().is_some_and(names_code_in));
            }
            if let Some(page) = &self.page {
                self.failures.extend(page.failure.clone());
                return;
            }
            let inputs = params::page_inputs(body);
            if ["code", "error", "id_token", "SAMLResponse", "wresult"].iter().any(|name| inputs.has(name)) {
                self.failures.extend(Failure::from_params(&inputs, Carrier::FormPost, "response.body.input"));
                if let Some(response) = inputs.text("SAMLResponse") {
                    self.failures.extend(saml::response_failure(response, "response.body.input.SAMLResponse".to_owned()));
                }
                self.failures.extend(fault(&inputs, "response.body.input.wresult"));
                let target = params::form_action(body).and_then(|action| Address::parse(&action));
                self.take_handover(Handover { part: "response.body", target, params: inputs });
                return;
            }
        }
        self.sealed_token = match step.endpoint {
            Endpoint::WsTrust => body.contains("RequestedSecurityToken"),
            Endpoint::Token => step.status == Some(200) && is_sealed_token(trimmed.trim_end()),
            _ => false,
        };
        self.failures.extend(prose_failure(step, body, at_sign_in));
    }

    fn take_callback(&mut self, step: &Step<'_>) {
        self.failures.extend(Failure::from_params(&step.params, Carrier::Callback, "request.url").map(|mut failure| {
            if step.params.find("error").is_some_and(|param| param.source == Source::Form) {
                failure.part = failure.part.replace("request.url", "request.body");
            }
            failure
        }));
        if let Some(response) = step.params.text("SAMLResponse") {
            self.failures.extend(saml::response_failure(response, "request.body.SAMLResponse".to_owned()));
        }
        self.failures.extend(fault(&step.params, "request.body.wresult"));
    }

    fn take_handover(&mut self, handover: Handover) {
        let id_token = handover.params.text("id_token").and_then(Claims::of);
        let access_token = handover.params.text("access_token");
        if id_token.is_some() || access_token.is_some() {
            let reply = TokenReply {
                id_token,
                access_token: access_token.and_then(Claims::of),
                access_token_value: access_token.map(Secret::new),
                ..TokenReply::default().with_client_info(handover.params.text("client_info"))
            };
            self.tokens = Some(reply);
        }
        self.handover = Some(handover);
    }
}

/// The failure that a WS-Federation result tells in place of a token.
fn fault(params: &Params, part: &'static str) -> Option<Failure> {
    let result = params.text("wresult").filter(|result| is_fault(result))?;
    Some(Failure::from_text(&params::unescape_html(result), Carrier::SoapFault, part.to_owned()))
}

/// What a page of a B2C user journey is answered with: `{"status":"400","errorCode":"AADB2C90225", …}`.
fn journey_failure(step: &Step<'_>, json: &Value) -> Option<Failure> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    if step.endpoint != Endpoint::B2cJourney || text("status") == Some("200") {
        return None;
    }
    let code = ErrorCode::parse(text("errorCode")?)?;
    let mut failure = Failure::from_text(text("message").unwrap_or_default(), Carrier::SignInPage, "response.body.errorCode".to_owned());
    failure.codes = vec![code];
    Some(failure)
}

/// What a page is answered whose second factor was denied, wrong or not given in time: `{"Success": false, "ResultValue":
/// "PhoneAppDenied", "ErrCode": 500121}`. Nothing else may tell it, for the page says it by itself.
fn second_factor_failure(step: &Step<'_>, json: &Value) -> Option<Failure> {
    const NOT_PASSED: u32 = 500121;
    let is_over = json.get("ResultValue")?.as_str()? != "AuthenticationPending" && json.get("Success")? == false;
    if step.endpoint != Endpoint::Mfa || !is_over {
        return None;
    }
    let number = json.get("ErrCode").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let mut failure = Failure::from_text("", Carrier::SignInPage, "response.body.ErrCode".to_owned());
    failure.codes.push(ErrorCode::aadsts(number.filter(|number| *number > 0).unwrap_or(NOT_PASSED)));
    failure.correlation_id = json.get("CorrelationId").and_then(Value::as_str).and_then(Guid::parse);
    Some(failure)
}

fn device_code(json: &Value) -> Option<DeviceCode> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    Some(DeviceCode { device_code: text("device_code").map(Secret::new)?, user_code: text("user_code").map(user_code) })
}

fn names_code_in(text: &Secret) -> bool {
    !ErrorCode::all_in(text.expose()).is_empty()
}

/// Where an exchange shows that another identity provider failed or refused: AD FS or another federated one, or the Microsoft
/// account service, in its own reply or in what it sent back to Entra ID.
fn provider_failed(step: &Step<'_>) -> Option<&'static str> {
    let response = &step.exchange.response;
    match step.endpoint {
        _ if !step.is_at_provider() => None,
        Endpoint::FederatedProvider | Endpoint::MicrosoftAccount | Endpoint::MicrosoftAccountAuthorize => {
            // Kerberos and NTLM begin with a refusal.
            let asks = || response.headers.value("www-authenticate").is_some();
            match step.status {
                Some(401) if asks() => None,
                Some(status) if status >= 400 => Some("response.status"),
                None if response.failure.as_ref().is_some_and(|failure| !failure.raw().contains("ABORTED")) => Some("response"),
                _ => {
                    let at_adfs = step.endpoint == Endpoint::FederatedProvider;
                    let shows = |page: &str| if at_adfs { markup::names_adfs_event(page) } else { page_error_number(page).is_some() };
                    response.body.kept().filter(|body| shows(body.raw())).map(|_| "response.body")
                }
            }
        }
        Endpoint::WsFederation | Endpoint::Federation => {
            let refused = |response: &str| saml::response_failure(response, String::new()).is_some();
            if step.params.text("SAMLResponse").is_some_and(refused) {
                Some("request.body.SAMLResponse")
            } else if step.params.text("wresult").is_some_and(is_fault) {
                Some("request.body.wresult")
            } else {
                step.params.text("error").map(|_| "request.error")
            }
        }
        _ => None,
    }
}

/// The JSON of the token endpoint and of discovery.
fn json_failure(json: &Value) -> Option<Failure> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let error = text("error")?;
    let description = text("error_description").unwrap_or_default();
    let mut failure = Failure::from_text(description, Carrier::TokenReply, "response.body.error_description".to_owned());
    let numbers = json.get("error_codes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
    for number in numbers.filter_map(|number| u32::try_from(number).ok()) {
        let code = ErrorCode::aadsts(number);
        if !failure.codes.iter().any(|known| known.number == number) {
            failure.codes.insert(0, code);
        }
    }
    if description.is_empty() {
        failure.part = "response.body.error".to_owned();
    }
    let guid = |name: &str| text(name).and_then(Guid::parse);
    failure.error = failure::oauth_error(error);
    failure.suberror = text("suberror").and_then(failure::suberror);
    failure.claims = text("claims").is_some();
    failure.trace_id = guid("trace_id").or(failure.trace_id);
    failure.correlation_id = guid("correlation_id").or(failure.correlation_id);
    failure.timestamp = text("timestamp").and_then(failure::service_time).or(failure.timestamp);
    (failure.error.is_some() || !failure.codes.is_empty()).then_some(failure)
}

/// A SOAP fault of WS-Trust, or an application's page that repeats the error.
///
/// A page that merely writes about errors names codes too, so one is only believed with an error status or
/// with the ids that the service puts behind its text.
fn prose_failure(step: &Step<'_>, body: &str, at_sign_in: bool) -> Option<Failure> {
    let html = body.trim_start().starts_with('<');
    let text = if html { params::unescape_html(body) } else { body.to_owned() };
    let carrier = if at_sign_in { Carrier::SoapFault } else { Carrier::AppPage };
    let failure = Failure::from_text(&text, carrier, "response.body".to_owned());
    let failed = step.status.is_some_and(|status| status >= 400);
    let names_ids = failure.trace_id.is_some() || failure.correlation_id.is_some();
    let believable = failed || names_ids;
    // Pages of B2C have no configuration that could be read.
    let by_b2c = failed && failure.codes.iter().all(|code| code.family == Family::Aadb2c);
    let from_here = !at_sign_in || by_b2c || matches!(step.endpoint, Endpoint::WsTrust | Endpoint::WsFederation | Endpoint::Token);
    (!failure.codes.is_empty() && failure.codes.len() <= 3 && believable && from_here).then_some(failure)
}

/// `x-ms-clitelem`: `1,<error>,<suberror>,<age>,<ring>`; the code where the body is missing.
fn clitelem(step: &Step<'_>) -> Option<Failure> {
    let header = step.exchange.response.headers.get("x-ms-clitelem").kept()?.raw();
    if step.exchange.response.body.kept().is_some() {
        return None;
    }
    let mut fields = header.split(',');
    let (_version, number) = (fields.next()?, fields.next()?.trim().parse::<u32>().ok()?);
    if number < 1000 {
        return None;
    }
    let mut failure = Failure::from_text("", Carrier::Telemetry, "response.header.x-ms-clitelem".to_owned());
    failure.codes.push(ErrorCode::aadsts(number));
    Some(failure)
}

fn challenge(header: &str) -> Option<Challenge> {
    let (_, fields) = header.split_once("Bearer")?;
    let field = |name: &str| {
        let (_, after) = fields.split_once(&format!("{name}="))?;
        let after = after.trim_start();
        match after.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => after.split([',', ' ']).next(),
        }
    };
    let authority = field("authorization_uri").or_else(|| field("authorization")).and_then(Address::parse);
    Some(Challenge {
        error: field("error").and_then(failure::oauth_error),
        claims: field("claims").is_some_and(|claims| !claims.is_empty()),
        complaint: field("error_description")
            .and_then(complaint)
            .or_else(|| (field("error") == Some("insufficient_scope")).then_some(Complaint::Scope)),
        tenant: authority.and_then(|address| endpoint::at_entra(&address).1),
    })
}

fn complaint(description: &str) -> Option<Complaint> {
    let lower = description.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // The .NET identity libraries number their validations (IDX10205 issuer, IDX10214 audience …).
    if says(&["issuer", "idx10205", "idx40001", "tenant"]) {
        Some(Complaint::Issuer)
    } else if says(&["audience", "idx10214"]) {
        Some(Complaint::Audience)
    } else if says(&["expired", "not yet valid", "lifetime", "idx10222", "idx10223"]) {
        Some(Complaint::Lifetime)
    } else if says(&["signature", "signing key", "idx10503", "idx10511"]) {
        Some(Complaint::Signature)
    } else if says(&["scope", "scp", "role"]) {
        Some(Complaint::Scope)
    } else {
        None
    }
}
