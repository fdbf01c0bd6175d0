//! What a request asks for: by whose name, for whom, of what, and how.

use super::Step;
use crate::entra::client::{self, Anchor, Interaction, Telemetry};
use crate::entra::client_id::ClientId;
use crate::entra::endpoint::Endpoint;
use crate::entra::params::{Address, Source};
use crate::entra::reply::user_code;
use crate::entra::tenant::Guid;
use crate::entra::{scope, token};
use crate::exchange::Secret;
use crate::exchange::hosts::{Cloud, Service, sign_in_host};
use serde_json::Value;
use std::collections::BTreeSet;

/// What `prompt` says the sign-in service is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: `none`.
    None,
    /// Nothing, and no session is needed: `no_session`.
    NoSession,
    /// The question for credentials: `login`.
    Login,
    /// The choice of an account: `select_account`.
    SelectAccount,
    /// The question for consent: `consent`.
    Consent,
    /// The page that creates an account: `create`.
    Create,
    /// The question for an administrator's consent: `admin_consent`.
    AdminConsent,
}

impl Prompt {
    const ALL: [Self; 7] = [Self::None, Self::NoSession, Self::Login, Self::SelectAccount, Self::Consent, Self::Create, Self::AdminConsent];

    /// The prompt of a request, which may hold several words in any case: the first that is known, in the order above.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| text.split_whitespace().any(|word| word.eq_ignore_ascii_case(known.name())))
    }

    /// The word in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NoSession => "no_session",
            Self::Login => "login",
            Self::SelectAccount => "select_account",
            Self::Consent => "consent",
            Self::Create => "create",
            Self::AdminConsent => "admin_consent",
        }
    }
}

/// What a token request turns in, by `grant_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// An authorization code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
    /// The application's own credential.
    ClientCredentials,
    /// A name and a password.
    Password,
    /// A device code (RFC 8628). The older token endpoint takes it under a short name too.
    DeviceCode,
    /// A JWT: the token of whoever an API acts for.
    JwtBearer,
    /// An assertion of SAML 2.0.
    SamlBearer,
    /// An assertion of SAML 1.1.
    Saml11Bearer,
    /// Nothing yet: a broker asks for a nonce, for a proof that follows.
    ServerChallenge,
}

impl Grant {
    /// The grant of a `grant_type`, in any case.
    pub fn of(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "authorization_code" => Self::AuthorizationCode,
            "refresh_token" => Self::RefreshToken,
            "client_credentials" => Self::ClientCredentials,
            "password" => Self::Password,
            "device_code" | "urn:ietf:params:oauth:grant-type:device_code" => Self::DeviceCode,
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => Self::JwtBearer,
            "urn:ietf:params:oauth:grant-type:saml2-bearer" => Self::SamlBearer,
            "urn:ietf:params:oauth:grant-type:saml1_1-bearer" => Self::Saml11Bearer,
            "srv_challenge" => Self::ServerChallenge,
            _ => return None,
        })
    }
}

/// Which kind of accounts a request is for, where `domain_hint` names no domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountKind {
    /// Personal Microsoft accounts: `consumers`.
    Personal,
    /// Work and school accounts: `organizations`.
    Work,
}

impl AccountKind {
    /// The kind that a `domain_hint` names.
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "consumers" => Some(Self::Personal),
            "organizations" => Some(Self::Work),
            _ => None,
        }
    }
}

impl Step<'_> {
    /// `prompt`, where it is one of the known values.
    pub fn prompt(&self) -> Option<Prompt> {
        if self.saml.as_ref().is_some_and(|saml| saml.passive) {
            return Some(Prompt::None);
        }
        self.params.text("prompt").and_then(Prompt::of)
    }

    /// Whether the request asks for an answer without showing anything.
    pub fn is_silent(&self) -> bool {
        matches!(self.prompt(), Some(Prompt::None | Prompt::NoSession))
    }

    /// The application: `client_id`, the SAML issuer or WS-Federation's `wtrealm`.
    pub fn client(&self) -> Option<ClientId> {
        let saml = self.saml.as_ref().and_then(|saml| saml.issuer.as_deref());
        let id = self.params.text("client_id").or(saml).or_else(|| self.params.text("wtrealm"));
        // A broker's request is an object of its own, signed with the device's key.
        let in_object = || self.params.text("request").and_then(token::client_of_request);
        // A server that proves itself by name and password writes its id there (RFC 6749 §2.3.1).
        let in_header = || self.basic_user().filter(|_| self.endpoint == Endpoint::Token);
        // Where what was posted is not in the capture, the tokens that came back say who asked.
        let in_reply = || self.client_of_tokens().filter(|_| self.exchange.request.body.loss().is_some());
        let id = id.map(str::to_owned).or_else(in_object).or_else(in_header).or_else(in_reply)?;
        (!id.is_empty()).then(|| ClientId::parse(&id))
    }

    /// Which application the tokens of the reply were issued to: the audience of an ID token (OIDC Core 2), `azp` or `appid` of
    /// an access token.
    fn client_of_tokens(&self) -> Option<String> {
        let tokens = self.tokens().filter(|_| self.endpoint == Endpoint::Token)?;
        let audience = || tokens.id_token.as_ref()?.audience.clone();
        audience().or_else(|| tokens.access_token.as_ref()?.client.clone())
    }

    /// Which application the token that the request carries was issued to: `azp` or `appid`.
    pub(crate) fn bearer_client(&self) -> Option<ClientId> {
        self.bearer_claims()?.client.as_deref().map(ClientId::parse)
    }

    /// Which kind of accounts `domain_hint` is for, where it names one and no domain.
    pub fn wanted_accounts(&self) -> Option<AccountKind> {
        self.params.text("domain_hint").and_then(AccountKind::of)
    }

    /// `grant_type`, where it is one of the known values.
    pub fn grant(&self) -> Option<Grant> {
        self.params.text("grant_type").and_then(Grant::of)
    }

    /// Whether the person answered “Stay signed in?” with yes.
    pub fn stays_signed_in(&self) -> Option<bool> {
        let answer = self.params.get("LoginOptions").filter(|answer| !answer.is_stand_in());
        answer.map(|answer| answer.expose() == "1")
    }

    /// The device code that the request polls with. The older endpoint calls it `code`.
    pub fn polled_device_code(&self) -> Option<&Secret> {
        let polls = self.grant() == Some(Grant::DeviceCode);
        self.params.get("device_code").or_else(|| self.params.get("code")).filter(|_| polls)
    }

    /// The device code that a person has typed in, as [`DeviceCode::user_code`](crate::entra::DeviceCode::user_code).
    pub fn typed_device_code(&self) -> Option<Secret> {
        if self.endpoint != Endpoint::DeviceLogin {
            return None;
        }
        ["otc", "user_code", "code"].iter().find_map(|name| self.params.text(name)).map(user_code)
    }

    /// The code that a page sends its own server as JSON, to be turned in there.
    pub fn code_in_json(&self) -> Option<Secret> {
        let body = self.exchange.request.body.kept().filter(|body| self.endpoint == Endpoint::App && body.raw().starts_with('{'))?;
        let body: Value = serde_json::from_str(body.raw()).ok()?;
        body.get("code")?.as_str().map(Secret::new)
    }

    /// Whether a page posts a code on to its own server.
    pub fn hands_code_on(&self) -> bool {
        self.endpoint == Endpoint::App && self.method == "POST" && (self.params.has("code") || self.code_in_json().is_some())
    }

    /// Whether the application gets the reply with this request, from the service or from its own page.
    pub fn brings_reply(&self) -> bool {
        self.endpoint == Endpoint::AppCallback || self.hands_code_on()
    }

    /// Whether an application asks the Microsoft account service itself, without Entra ID in between.
    pub fn asks_microsoft_account(&self) -> bool {
        if self.endpoint != Endpoint::MicrosoftAccountAuthorize || !self.params.has("client_id") {
            return false;
        }
        let back = self.params.text("redirect_uri").and_then(Address::parse);
        back.is_some_and(|back| sign_in_host(&back.host).is_none_or(|host| host.service == Service::MicrosoftAccount))
    }

    /// Whether it is of the Microsoft account service, or leads there.
    pub fn visits_microsoft_account(&self) -> bool {
        let through = || self.address.as_ref().is_some_and(|address| address.path.to_ascii_lowercase().contains("msa"));
        match self.endpoint {
            Endpoint::MicrosoftAccountAuthorize | Endpoint::MicrosoftAccount => true,
            Endpoint::Federation => through(),
            _ => false,
        }
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

    /// Where it asks so, or would.
    pub fn anchor_part(&self) -> String {
        if self.params.has("X-AnchorMailbox") || self.request_header("x-anchormailbox").kept().is_none() {
            return self.param_part("X-AnchorMailbox");
        }
        "request.header.x-anchormailbox".to_owned()
    }

    /// MSAL's telemetry.
    pub fn telemetry(&self) -> Telemetry {
        client::telemetry(&self.params)
    }

    /// The interaction that MSAL wrote into `state`.
    pub fn interaction(&self) -> Option<Interaction> {
        self.params.text("state").and_then(client::interaction)
    }

    /// The person that the request names: `login_hint`, `logout_hint`, the account typed in, or the page's account.
    pub fn person(&self) -> Option<Secret> {
        self.person_place().map(|(_, name)| name)
    }

    /// The claims of the ID token by which the request names the person (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2).
    pub fn id_token_hint(&self) -> Option<token::Claims> {
        self.params.text("id_token_hint").and_then(token::Claims::of)
    }

    /// The person, with the part of the exchange that names it.
    pub(crate) fn person_place(&self) -> Option<(String, Secret)> {
        let named =
            ["login_hint", "logout_hint", "login", "loginfmt", "username", "UserName"].iter().find_map(|name| self.params.find(name));
        if let Some(param) = named {
            return Some((self.param_part(&param.name), param.value.clone()));
        }
        if self.endpoint == Endpoint::AccountLookup {
            let body: Option<Value> = self.exchange.request.body.kept().and_then(|body| serde_json::from_str(body.raw()).ok());
            let typed = body.as_ref().and_then(|body| body.get("username")).and_then(Value::as_str).map(Secret::new);
            return typed.map(|name| ("request.body.username".to_owned(), name));
        }
        if let Some(name) = self.name_in_trust_request() {
            return Some(("request.body.Username".to_owned(), name));
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

    /// The interrupted sign-in's state, which the posts of its pages repeat: as the request carries it, else as the page that
    /// came back has it.
    pub fn ctx(&self) -> Option<Secret> {
        self.ctx_sent().or_else(|| self.ctx_shown())
    }

    /// The interrupted sign-in's state that the page which came back goes on with. A page that shows an error has a new one.
    pub(crate) fn ctx_shown(&self) -> Option<Secret> {
        self.reply.page.as_ref().and_then(|page| page.ctx.clone())
    }

    /// The interrupted sign-in's state that the request carries.
    pub(crate) fn ctx_sent(&self) -> Option<Secret> {
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
        // Identity providers of tenants carry it inside of what they give back: AD FS in `wctx`, those of SAML in `RelayState`,
        // or as the whole of it.
        let within = |text: &str| {
            url::form_urlencoded::parse(text.as_bytes()).find(|(name, _)| name == "estsrequest").map(|(_, value)| Secret::new(value))
        };
        let in_wctx = || self.params.text("wctx").and_then(within);
        let at_provider = matches!(self.endpoint, Endpoint::FederatedProvider | Endpoint::WsFederation | Endpoint::Federation);
        let in_relay_state = || {
            let state = self.params.text("RelayState").filter(|state| at_provider && !state.is_empty())?;
            within(state).or_else(|| Some(Secret::new(state)))
        };
        in_form.or_else(in_body).or_else(carried).or_else(in_wctx).or_else(in_relay_state)
    }

    /// Whether the request was made by a library that runs in the page and turns its codes in there: a code that is asked for
    /// in the fragment, or MSAL's own name.
    pub fn is_single_page_client(&self) -> bool {
        let names_library = self.names_page_library();
        let in_fragment = self.params.text("response_mode").is_some_and(|mode| mode.eq_ignore_ascii_case("fragment"));
        names_library.unwrap_or(in_fragment)
    }

    /// The version of MSAL.js in the page, up to the first dot, where the request tells it.
    pub fn msal_version(&self) -> Option<u32> {
        let version = self.params.text("x-client-VER").filter(|_| self.names_page_library() == Some(true))?;
        version.split('.').next()?.parse().ok()
    }

    /// Whether the library that names itself runs in a page (MSAL.js); `None` where it names itself otherwise or not at all.
    pub fn names_page_library(&self) -> Option<bool> {
        let sku = self.params.text("x-client-SKU")?.to_ascii_lowercase();
        if sku.contains("node") {
            return Some(false);
        }
        sku.starts_with("msal.js").then_some(true)
    }

    /// Whether this is how the application receives the reply to a request: at the request's redirect URI, where that is known.
    /// What it sends the browser to from there is its own business, be it with a `code` and a `state` of its own (an identity
    /// broker between the application and Entra ID).
    pub fn is_reply_to(&self, request: &Self) -> bool {
        let is_there = |target: Address| {
            let path = |address: &Address| address.path.trim_end_matches('/').to_owned();
            self.address.as_ref().is_some_and(|address| address.origin() == target.origin() && path(address) == path(&target))
        };
        self.endpoint == Endpoint::AppCallback && request.redirect_address().is_none_or(is_there)
    }

    /// Whether the application received another `state` than a request had sent.
    pub(crate) fn receives_other_state_than(&self, request: &Self) -> bool {
        let received = self.params.get("state").filter(|_| self.is_reply_to(request));
        request.params.get("state").zip(received).and_then(|(sent, back)| sent.is_same_as(back)) == Some(false)
    }

    /// The resources that the request asks for, lower case: those of its scopes, and what the first version of the endpoints
    /// calls `resource`.
    pub fn asked_resources(&self) -> BTreeSet<String> {
        let mut asked = self.params.text("scope").map(scope::resources).unwrap_or_default();
        asked.extend(self.params.text("resource").filter(|resource| !resource.is_empty()).map(scope::whole_resource));
        asked
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

    /// The parameter in which a resource was put together wrongly.
    pub fn malformed_resource(&self) -> Option<&'static str> {
        ["scope", "resource"].into_iter().find(|name| self.params.text(name).is_some_and(scope::is_malformed))
    }

    /// Whether a scope asks for a single permission of an API, or the list of scopes is empty: not for all that was granted there,
    /// as `/.default` does.
    pub fn asks_without_default(&self) -> bool {
        self.params.text("scope").is_some_and(|scopes| !scope::is_default_only(scopes))
    }

    /// Whether tokens are asked for, and to be handed over in a query.
    pub fn wants_tokens_in_query(&self) -> bool {
        let mut types = self.params.text("response_type").unwrap_or_default().split_whitespace();
        let asks_token = types.any(|kind| ["id_token", "token"].iter().any(|token| kind.eq_ignore_ascii_case(token)));
        asks_token && self.params.text("response_mode").is_some_and(|mode| mode.eq_ignore_ascii_case("query"))
    }

    /// Whether `response_mode` is none of the documented values (Microsoft identity platform, OpenID Connect).
    pub fn wants_unknown_response_mode(&self) -> bool {
        let known = |mode: &str| ["query", "fragment", "form_post"].iter().any(|known| mode.eq_ignore_ascii_case(known));
        self.params.text("response_mode").is_some_and(|mode| !known(mode))
    }

    /// Whether a browser may be asked for its certificate there: the person's, or the device's.
    pub fn may_ask_for_certificate(&self) -> bool {
        matches!(self.endpoint, Endpoint::Certificate | Endpoint::Device)
    }

    /// Whether the request went to the host that asks the browser for a certificate, of the tenant or of the cloud:
    /// `certauth.…` or `t{tenant}.certauth.…`.
    pub fn is_at_certificate_host(&self) -> bool {
        self.address.as_ref().is_some_and(|address| address.host.split('.').take(2).any(|label| label == "certauth"))
    }

    /// Whether the client secret has the form of a GUID, wherever in the request it stands; `None` without a secret that can be read.
    pub fn secret_is_guid(&self) -> Option<bool> {
        let is_guid = |secret: &str| Guid::parse(secret).is_some();
        self.params.text("client_secret").map(is_guid).or_else(|| self.basic_password().as_deref().map(is_guid))
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

    /// Where the request wants its reply, and the part that says so: `redirect_uri`, in SAML the `AssertionConsumerServiceURL`, in
    /// WS-Federation `wreply`.
    pub fn reply_place(&self) -> Option<(&Secret, String)> {
        let of_param = |name| Some((&self.params.find(name)?.value, self.param_part(name)));
        let of_saml = || {
            let part = format!("{}.AssertionConsumerServiceURL", self.param_part("SAMLRequest"));
            Some((self.saml.as_ref()?.reply_url.as_ref()?, part))
        };
        of_param("redirect_uri").or_else(of_saml).or_else(|| of_param("wreply"))
    }

    /// The cloud of the API that the request asks for, where its address tells.
    pub fn asked_cloud(&self) -> Option<Cloud> {
        ["resource", "scope"].iter().find_map(|name| scope::cloud(self.params.text(name)?))
    }

    /// `redirect_uri`, where it is a web address.
    pub fn redirect_address(&self) -> Option<Address> {
        self.params.text("redirect_uri").and_then(Address::parse).filter(|address| !address.host.is_empty())
    }
}
