//! Which program made a request, as far as the request tells: a capture may hold the traffic of many.

use super::client_id::ClientId;
use super::document::asking_page;
use super::endpoint::Endpoint;
use super::known::Known;
use super::step::{Step, bearer};
use super::tenant::Guid;
use super::token::Claims;
use super::traffic::Traffic;
use crate::exchange::{Exchange, Secret};
use std::collections::{HashMap, HashSet};

/// Who made a request.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Caller<'c> {
    /// The origin of the page that made it.
    pub(crate) page: Option<String>,
    /// What the browser or program calls itself, where the recorder sees several.
    pub(super) agent: Option<&'c str>,
    /// Whom the token was given to that it carries.
    pub(super) holder: Option<Holder>,
}

/// Whom a token was given to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// The application, and for whom.
    Application(Owner),
    /// Whoever has this very token.
    Bearer(Known),
}

/// The application that a token was given to, and for whom.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    pub(super) client: Option<ClientId>,
    pub(super) tenant: Option<Guid>,
    pub(super) account: Option<Known>,
}

/// What tells the callers of a capture apart.
pub(crate) struct Callers {
    /// Whether the recorder sees more than one program: a browser that records itself may call itself otherwise for a while (the
    /// device mode of developer tools).
    tells_programs: bool,
    /// Whom the tokens were given to that the capture shows being given out.
    owners: HashMap<Known, Owner>,
    /// The applications that pages of an origin ask for.
    of_page: HashMap<String, HashSet<ClientId>>,
    /// The applications that anybody asks for.
    clients: HashSet<ClientId>,
    /// What stands in the place of their ids.
    untold: HashSet<ClientId>,
}

impl Callers {
    pub(crate) fn of(traffic: &Traffic<'_>) -> Self {
        let tells_programs = !traffic.capture.exporter.is_browser();
        let mut callers =
            Self { tells_programs, owners: HashMap::new(), of_page: HashMap::new(), clients: HashSet::new(), untold: HashSet::new() };
        for step in traffic.steps.iter().filter(|step| matches!(step.endpoint, Endpoint::Token | Endpoint::Authorize)) {
            let client = step.client();
            let (client, untold) = client.map_or((None, None), |client| match traffic.tells_client(&client) {
                true => (Some(client), None),
                false => (None, Some(client)),
            });
            callers.untold.extend(untold);
            if let Some(client) = &client {
                let page = if step.endpoint == Endpoint::Token { asking_page(step.exchange) } else { step.redirect_origin() };
                if let Some(page) = page {
                    callers.of_page.entry(page).or_default().insert(client.clone());
                }
                callers.clients.insert(client.clone());
            }
            if let Some((Some(token), owner)) = given_by(step, client) {
                callers.owners.insert(token, owner);
            }
        }
        callers
    }

    /// Who made a request.
    pub(crate) fn caller<'c>(&self, exchange: &'c Exchange) -> Caller<'c> {
        let token = bearer(exchange).filter(|token| !token.is_empty());
        Caller { page: asking_page(exchange), agent: self.agent(exchange), holder: token.and_then(|token| self.holder(token)) }
    }

    /// Who asked for the tokens that a step of an application gives it, or may use them: a page of that origin, or a program
    /// without one.
    pub(crate) fn asking<'c>(&self, step: &Step<'c>, page: Option<String>, client: Option<&ClientId>) -> Caller<'c> {
        let client = client.filter(|client| !self.untold.contains(client)).cloned();
        let owner = given_by(step, client.clone()).map_or_else(|| Owner { client, ..Owner::default() }, |(_, owner)| owner);
        Caller { page, agent: self.agent(step.exchange), holder: Some(Holder::Application(owner)) }
    }

    /// The applications that pages of an origin ask for tokens of; `None` where nobody there asks for any.
    pub(crate) fn asked_for_by(&self, page: &str) -> Option<&HashSet<ClientId>> {
        self.of_page.get(page)
    }

    /// Whether an id tells one application from another here.
    pub(crate) fn tells(&self, client: &ClientId) -> bool {
        !self.untold.contains(client)
    }

    /// Whether the capture shows no more than one application: what tells nobody else is its own.
    pub(crate) fn are_one(&self) -> bool {
        self.clients.len() <= 1 && self.untold.is_empty()
    }

    fn agent<'c>(&self, exchange: &'c Exchange) -> Option<&'c str> {
        exchange.request.headers.value("user-agent").filter(|_| self.tells_programs).map(|name| name.raw())
    }

    /// `None` where nothing is left of the token.
    fn holder(&self, token: &str) -> Option<Holder> {
        let known = Known::of(token);
        let owner = known.as_ref().and_then(|token| self.owners.get(token).cloned());
        let owner = owner.or_else(|| Claims::of(token).map(|claims| Owner::of(None, &claims)));
        owner.map(Holder::Application).or(known.map(Holder::Bearer))
    }
}

/// The access token that a step gives out, as far as it is told, and to whom.
fn given_by(step: &Step<'_>, client: Option<ClientId>) -> Option<(Option<Known>, Owner)> {
    let tokens = step.tokens()?;
    let claims = tokens.access_token.as_ref().or(tokens.id_token.as_ref());
    let owner = claims.map_or_else(|| Owner { client: client.clone(), ..Owner::default() }, |claims| Owner::of(client.clone(), claims));
    Some((tokens.access_token_value.as_ref()?.told(), owner))
}

impl Owner {
    fn of(client: Option<ClientId>, claims: &Claims) -> Self {
        let named = || claims.client.as_deref().map(ClientId::parse);
        Self { client: client.or_else(named), tenant: claims.tenant.clone(), account: claims.object_id.as_ref().and_then(Secret::told) }
    }

    fn is(&self, other: &Self) -> Option<bool> {
        let client = same(self.client.as_ref(), other.client.as_ref());
        let parts = [client, same(self.tenant.as_ref(), other.tenant.as_ref()), same(self.account.as_ref(), other.account.as_ref())];
        if parts.contains(&Some(false)) { Some(false) } else { client }
    }
}

impl Holder {
    fn is(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Application(one), Self::Application(other)) => one.is(other),
            // Two tokens may be one application's.
            (Self::Bearer(one), Self::Bearer(other)) => (one == other).then_some(true),
            _ => None,
        }
    }
}

impl Caller<'_> {
    /// Whether two requests were made by the same program, for the same application and account; `None` where they do not tell.
    pub(crate) fn is(&self, other: &Self) -> Option<bool> {
        let holder = self.holder.as_ref().zip(other.holder.as_ref()).and_then(|(one, other)| one.is(other));
        let agent = same(self.agent, other.agent);
        match (&self.page, &other.page) {
            _ if holder == Some(false) => Some(false),
            (Some(one), Some(other)) => Some(one == other && agent != Some(false)),
            // One program may call itself by several names.
            (None, None) => holder.or(agent),
            _ if agent == Some(false) => Some(false),
            _ => holder,
        }
    }
}

fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<bool> {
    one.zip(other).map(|(one, other)| one == other)
}
