//! Sessions of the sign-in service: which one a step is of, and whether two requests are of one, by the value of its cookies.

use super::Step;
use crate::entra::{Endpoint, Guid, Known, cookies, is_stand_in};
use crate::exchange::{Loss, Recorded, Secret};
use std::collections::HashSet;

impl Step<'_> {
    /// The session that it opened or confirmed, by the id that the service tells of it.
    pub fn session(&self) -> Option<&Secret> {
        let handed = self.reply.handover.as_ref().and_then(|handover| handover.params.get("session_state"));
        let sent = || self.params.get("session_state");
        let told = || self.tokens()?.id_token.as_ref()?.session.as_ref();
        let is_told = |id: &&Secret| !id.is_stand_in();
        handed.filter(is_told).or_else(|| sent().filter(is_told)).or_else(told)
    }

    /// The cookies sent, name and value; empty where the recorder kept their names at most.
    fn cookie_values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.exchange.request.headers.all("cookie").flat_map(|header| cookies::pairs(header.raw()))
    }

    /// The session cookies sent whose values the capture tells, as [`Self::cookie_values`].
    fn session_cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cookie_values().filter(|(name, value)| cookies::holds_session(name) && !value.is_empty() && !is_stand_in(value))
    }

    /// The cookies sent whose values tell one store of cookies from another, each with its name.
    pub(crate) fn store_cookies_sent(&self) -> impl Iterator<Item = (&str, Known)> {
        let telling = self.cookie_values().filter(|(name, _)| cookies::tells_store(name));
        telling.filter_map(|(name, value)| Some((name, Known::of(value)?)))
    }

    /// Those that the reply sets.
    pub(crate) fn store_cookies_set(&self) -> impl Iterator<Item = (&str, Known)> {
        let lines = self.cookies_set.kept().into_iter().flatten();
        let telling = lines.filter(|line| cookies::tells_store(&line.name) && !line.deletes);
        telling.filter_map(|line| Some((line.name.as_str(), line.value.told()?)))
    }

    /// Whether the request carries another session cookie than the one of that name which an earlier reply had set.
    pub(crate) fn carries_other_session_than(&self, setting: &Step<'_>) -> bool {
        let lines = setting.cookies_set.kept().map(Vec::as_slice).unwrap_or_default();
        let is_other = |(name, value): (&str, &str)| {
            let mut of_name = lines.iter().filter(|line| !line.deletes && line.name == name && !line.value.is_stand_in()).peekable();
            of_name.peek().is_some() && of_name.all(|line| line.value.expose() != value)
        };
        self.session_cookies().any(is_other) && !setting.opens_session_of(self)
    }

    /// How many sessions the service's own list of them has that the request carries; empty where it carries none.
    pub fn listed_sessions(&self) -> Recorded<usize> {
        let sent = self.cookies_sent.as_ref().map(|names| names.iter().any(|name| cookies::lists_sessions(name)));
        let list = self.cookie_values().find(|(name, _)| cookies::lists_sessions(name)).and_then(|(_, value)| cookies::sessions(value));
        match (sent, list) {
            (Recorded::Kept(true), Some(ids)) => Recorded::Kept(ids.into_iter().collect::<HashSet<_>>().len()),
            (Recorded::Kept(true), None) => Recorded::NotKept(Loss::Unknown),
            (Recorded::Kept(false) | Recorded::Empty, _) => Recorded::Empty,
            (Recorded::NotKept(loss), _) => Recorded::NotKept(loss),
        }
    }

    /// Whether the service's own list of sessions that the request carries has one of this id; empty where it carries none.
    pub fn lists_session(&self, id: &Secret) -> Recorded<bool> {
        let listed = self.listed_sessions();
        let list = self.cookie_values().find(|(name, _)| cookies::lists_sessions(name)).and_then(|(_, value)| cookies::sessions(value));
        let is_in = Guid::parse(id.expose()).is_some_and(|id| list.is_some_and(|list| list.contains(&id)));
        listed.map(|_| is_in)
    }

    /// Whether a person takes an account off the list that the service's pages show, which ends its session.
    pub fn forgets_account(&self) -> bool {
        let last = self.address.as_ref().and_then(|address| address.segments().next_back());
        self.endpoint == Endpoint::Probe && last.is_some_and(|last| last.eq_ignore_ascii_case("forgetuser"))
    }

    /// Whether the reply deletes a session cookie and sets none.
    pub fn deletes_session(&self) -> bool {
        let lines = self.cookies_set.kept().map(Vec::as_slice).unwrap_or_default();
        let mut of_session = lines.iter().filter(|line| cookies::holds_session(&line.name)).peekable();
        of_session.peek().is_some() && of_session.all(|line| line.deletes)
    }

    /// Whether two requests carry the same session; `None` where the value of their cookies is not recorded.
    pub fn is_of_session_of(&self, other: &Step<'_>) -> Option<bool> {
        let mut own = self.session_cookies().peekable();
        own.peek()?;
        other.session_cookies().next()?;
        Some(own.any(|cookie| other.session_cookies().any(|other| other == cookie)))
    }

    /// Whether the reply sets a session cookie that another request carries.
    pub fn opens_session_of(&self, other: &Step<'_>) -> bool {
        let lines = self.cookies_set.kept().map(Vec::as_slice).unwrap_or_default();
        let is_set =
            |(name, value): (&str, &str)| lines.iter().any(|line| !line.deletes && line.name == name && line.value.expose() == value);
        other.session_cookies().any(is_set)
    }

    /// Whether the service answered with what was asked for because of a session that the request carries.
    pub fn is_let_in_by_session(&self) -> bool {
        let names = self.cookies_sent.kept().map(Vec::as_slice).unwrap_or_default();
        // The device signs the person in anew, whatever became of the session.
        let by_device =
            names.iter().any(|name| cookies::is_device_sign_in(name)) || self.exchange.request.headers.has("x-ms-refreshtokencredential");
        let is_given = self.reply.handover.as_ref().is_some_and(|handover| handover.succeeds());
        is_given && !by_device && names.iter().any(|name| cookies::holds_session(name))
    }
}
