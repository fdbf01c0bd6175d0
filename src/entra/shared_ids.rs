//! Ids that somebody who cleaned a capture wrote in the place of all others: they have the form of a value.

use super::client::Anchor;
use super::endpoint::Endpoint;
use super::known::Known;
use super::params::Param;
use super::step::Step;
use super::tenant::Guid;
use crate::exchange::Secret;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What a value names. Values of two kinds are never equal, but where somebody wrote the same id in the place of all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Application,
    Directory,
    Account,
    Session,
    /// What is made anew for each request.
    Request,
}

/// Ids that were written in the place of all: they have the form of a value, and stand where several different ones belong.
#[derive(Default)]
struct SharedIds<'s> {
    /// What each id names, and whether it names something else too.
    ids: HashMap<String, (Names, bool)>,
    /// The `state` that was sent beside each `nonce`, and whether another was too.
    nonces: HashMap<Known, (Option<&'s Secret>, bool)>,
}

impl<'s> SharedIds<'s> {
    fn of(steps: &'s [Step<'_>]) -> Self {
        let mut ids = Self::default();
        for step in steps {
            if let Some(directory) = step.tenant.as_ref().and_then(|tenant| tenant.id()) {
                ids.add(Names::Directory, directory.as_str());
            }
            let handed = step.reply.handover.iter().flat_map(|handover| handover.params.iter());
            for param in step.params.iter().chain(handed) {
                let names = match param.name.to_ascii_lowercase().as_str() {
                    "client_id" => Names::Application,
                    "nonce" | "state" | "client-request-id" => Names::Request,
                    "sid" | "session_state" => Names::Session,
                    _ => continue,
                };
                ids.add(names, param.value.expose());
            }
            if let Some(Anchor::ObjectId { account, tenant }) = step.anchor() {
                ids.add(Names::Account, account.expose());
                ids.add(Names::Directory, tenant.as_str());
            }
        }
        for step in steps.iter().filter(|step| step.endpoint == Endpoint::Authorize) {
            let Some(nonce) = step.params.get("nonce").and_then(Secret::told) else { continue };
            let state = step.params.get("state");
            let (first, is_shared) = ids.nonces.entry(nonce).or_insert((state, false));
            *is_shared |=
                first.is_some() != state.is_some() || first.zip(state).and_then(|(one, other)| one.is_same_as(other)) == Some(false);
        }
        ids
    }

    fn add(&mut self, names: Names, id: &str) {
        if !Guid::is_one(id) {
            return;
        }
        match self.ids.entry(id.to_ascii_lowercase()) {
            Entry::Occupied(mut known) => known.get_mut().1 |= known.get().0 != names,
            Entry::Vacant(place) => {
                place.insert((names, false));
            }
        }
    }

    /// Those that were found.
    fn found(self) -> HashSet<String> {
        let nonces = self.nonces.into_iter().filter(|(_, (_, is_shared))| *is_shared).map(|(nonce, _)| nonce.lower_case());
        self.ids.into_iter().filter(|(_, (_, is_shared))| *is_shared).map(|(id, _)| id).chain(nonces).collect()
    }
}

/// Marks every id of a capture that was written in the place of several, lower case; which they are.
pub(super) fn mark_shared(steps: &mut [Step<'_>]) -> HashSet<String> {
    let shared = SharedIds::of(steps).found();
    if shared.is_empty() {
        return shared;
    }
    let is_shared = |id: &str| shared.contains(&id.to_ascii_lowercase());
    let stands_for_another = |param: &Param| match param.name.to_ascii_lowercase().as_str() {
        "nonce" | "state" | "sid" | "session_state" => is_shared(param.value.expose()),
        "x-anchormailbox" => param.value.expose().split([':', '@']).any(is_shared),
        _ => false,
    };
    for step in steps {
        step.params.mark(stands_for_another);
        if let Some(handover) = &mut step.reply.handover {
            handover.params.mark(stands_for_another);
        }
        if let Some(tenant) = step.tenant.as_mut().filter(|tenant| tenant.id().is_some_and(|id| is_shared(id.as_str()))) {
            tenant.hide();
        }
    }
    shared
}
