//! Calls of pages that may be of one application because their hosts are of one site: by the applications that each page asks for.

use super::site::site;
use crate::entra::{Address, Callers, Calls, ClientId};
use std::collections::HashMap;
use std::rc::Rc;

/// Of a page that asks for more applications than this the calls are not written down for each of them.
const APPLICATIONS: usize = 64;

/// Positions of calls, all in ascending order, by the site of the page that made them.
pub(super) struct NearPages(HashMap<String, Site>);

#[derive(Default)]
struct Site {
    all: Vec<usize>,
    /// Those of pages that ask for no application.
    unasked: Vec<usize>,
    /// Those of pages that ask for an application.
    asking: HashMap<ClientId, Vec<usize>>,
    /// Those of pages that ask for a great many, page by page.
    crowded: HashMap<ClientId, Vec<Rc<[usize]>>>,
}

impl NearPages {
    pub(super) fn of(calls: &Calls<'_>, callers: &Callers) -> Self {
        let mut sites: HashMap<String, Site> = HashMap::new();
        for (page, calls) in calls.of_pages() {
            let Some(host) = Address::parse(page).map(|page| page.host) else { continue };
            let near = sites.entry(site(&host).to_owned()).or_default();
            near.all.extend(&calls);
            match callers.asked_for_by(page) {
                None => near.unasked.extend(&calls),
                Some(clients) if clients.len() <= APPLICATIONS => {
                    for client in clients {
                        near.asking.entry(client.clone()).or_default().extend(&calls);
                    }
                }
                Some(clients) => {
                    let calls: Rc<[usize]> = calls.into();
                    for client in clients {
                        near.crowded.entry(client.clone()).or_default().push(Rc::clone(&calls));
                    }
                }
            }
        }
        for near in sites.values_mut() {
            near.all.sort_unstable();
            near.unasked.sort_unstable();
            near.asking.values_mut().for_each(|calls| calls.sort_unstable());
        }
        Self(sites)
    }

    /// Whether one of the calls in question was made by a page of a host's site that asks for an application; `None` where it is
    /// not told what the page asks for.
    pub(super) fn made(&self, host: &str, client: Option<&ClientId>, callers: &Callers, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        let Some(near) = self.0.get(site(host)) else { return Some(false) };
        let Some(client) = client.filter(|client| callers.tells(client)) else { return (!is_in(&near.all)).then_some(false) };
        let crowded = near.crowded.get(client).is_some_and(|pages| pages.iter().any(|calls| is_in(calls)));
        if crowded || near.asking.get(client).is_some_and(|calls| is_in(calls)) {
            return Some(true);
        }
        (!is_in(&near.unasked)).then_some(false)
    }
}
