//! What the exchanges of a capture show after a given one, looked up instead of searched for.
//!
//! Every attempt asks such questions; walking over the rest of the capture for each would take time by the square.

use super::Attempt;
use super::near_pages::NearPages;
use super::patience::is_later;
use super::site::site;
use crate::entra::{
    Address, Callers, Calls, Coverage, Endpoint, NoAnswer, Step, Traffic, any_told, asking_page, asks_to_send_token, carries_token,
    is_document, is_opened_by_person, is_preflight, is_top_level, lacks_token, purpose, redirect_target, worked,
};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Exchange, RawUrl, Resource};
use chrono::{DateTime, Utc};
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Positions in the exchanges of a capture, all in ascending order. Each index is made when the first question needs it:
/// most captures ask few, and most of their exchanges have nothing to do with signing in.
pub(super) struct Afterwards<'c> {
    exchanges: &'c [Exchange],
    /// How much of `Authorization` is there.
    authorization: Coverage,
    /// Which program made a request.
    callers: Callers,
    /// The position of each entry.
    position: OnceCell<HashMap<usize, usize>>,
    tokens: OnceCell<Tokens<'c>>,
    /// The calls with a token by the site of the page.
    near: OnceCell<NearPages>,
    /// The pages of the attempt that was asked for last: each of its steps may ask.
    own_pages: RefCell<Option<(usize, Rc<OwnPages>)>>,
    successes: OnceCell<Successes<'c>>,
    /// The positions that a redirect led to, each with the position that redirected.
    redirected: OnceCell<HashMap<usize, usize>>,
    documents: OnceCell<Documents>,
    pages: OnceCell<Pages>,
    opened: OnceCell<Opened>,
    /// Where something was posted and taken, by origin.
    posts: OnceCell<HashMap<Option<String>, Vec<usize>>>,
    /// Where something was posted and taken last, by address without parameters.
    taken: OnceCell<HashMap<&'c str, usize>>,
    /// Where data was got, by site.
    data: OnceCell<HashMap<String, Vec<usize>>>,
    /// Where requests were answered, by address.
    answered: OnceCell<HashMap<&'c str, Vec<usize>>>,
    end: OnceCell<Option<DateTime<Utc>>>,
    /// Where the last request went to another host than those of the sign-in service.
    last_elsewhere: OnceCell<Option<usize>>,
}

/// Calls with a token.
#[derive(Default)]
struct Tokens<'c> {
    /// Those that have one, or are a preflight that asks for it, by who made them.
    calls: Calls<'c>,
    /// All of them.
    all: Vec<usize>,
    /// Addresses for which a preflight asked to send one.
    preflighted: HashSet<&'c RawUrl>,
}

/// Calls that worked and may have carried a token.
#[derive(Default)]
struct Successes<'c> {
    /// By the address without parameters.
    of_address: HashMap<&'c str, Calls<'c>>,
    /// By the API.
    of_api: HashMap<String, Calls<'c>>,
}

/// What an application loads.
#[derive(Default)]
struct Documents {
    /// Documents by origin and path.
    by_address: HashMap<(String, String), Vec<usize>>,
    /// What shows that an application went on, by origin: documents and calls of scripts.
    going_on: HashMap<Option<String>, Vec<usize>>,
}

/// What shows whether a sign-in page was complete.
#[derive(Default)]
struct Pages {
    /// Documents of a tab or window.
    top_level: Vec<usize>,
    /// Scripts of the sign-in page that did not come.
    missing_assets: Vec<usize>,
}

/// Pages that a person opened in a tab or window, by `Sec-Fetch-Site: none` (typed in, from a bookmark, restored), and those to
/// which one of them may have led by a link or a redirect. By origin, each with the last page that was opened and led there or to
/// one before it.
type Opened = HashMap<String, Vec<(usize, usize)>>;

impl<'c> Afterwards<'c> {
    pub(super) fn of(traffic: &Traffic<'c>) -> Self {
        Self {
            exchanges: traffic.capture.exchanges.as_slice(),
            authorization: traffic.recording.authorization.coverage,
            callers: Callers::of(traffic),
            position: OnceCell::new(),
            tokens: OnceCell::new(),
            near: OnceCell::new(),
            own_pages: RefCell::new(None),
            successes: OnceCell::new(),
            redirected: OnceCell::new(),
            documents: OnceCell::new(),
            pages: OnceCell::new(),
            opened: OnceCell::new(),
            posts: OnceCell::new(),
            taken: OnceCell::new(),
            data: OnceCell::new(),
            answered: OnceCell::new(),
            end: OnceCell::new(),
            last_elsewhere: OnceCell::new(),
        }
    }

    fn tokens(&self) -> &Tokens<'c> {
        self.tokens.get_or_init(|| {
            let mut tokens = Tokens::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let asks = asks_to_send_token(exchange);
                if asks || carries_token(exchange) || lacks_token(exchange, self.authorization) {
                    tokens.calls.add(self.callers.caller(exchange), at);
                    tokens.all.push(at);
                }
                if asks && is_preflight(exchange) {
                    tokens.preflighted.insert(&exchange.request.url);
                }
            }
            tokens
        })
    }

    fn successes(&self) -> &Successes<'c> {
        self.successes.get_or_init(|| {
            let mut successes = Successes::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let is_preflighted = || self.tokens().preflighted.contains(&exchange.request.url);
                let carries = || !self.records_tokens() || carries_token(exchange) || is_preflighted();
                if worked(exchange) && carries() {
                    let caller = self.callers.caller(exchange);
                    if let Some(api) = exchange.request.url.origin() {
                        successes.of_api.entry(api).or_default().add(caller.clone(), at);
                    }
                    successes.of_address.entry(without_parameters(&exchange.request.url)).or_default().add(caller, at);
                }
            }
            successes
        })
    }

    /// The exchange that redirects to a position, if one does: each redirect leads to the next request for its address.
    fn leading_to(&self, at: usize) -> Option<usize> {
        let redirected = || {
            let mut leading: HashMap<usize, usize> = HashMap::new();
            let mut awaited: HashMap<String, usize> = HashMap::new();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                if !awaited.is_empty()
                    && let Some(from) = awaited.remove(exchange.request.url.without_fragment())
                {
                    leading.insert(at, from);
                }
                if exchange.response.status.is_some_and(|status| (300..400).contains(&status)) {
                    awaited.extend(redirect_target(exchange).map(|target| (target, at)));
                }
            }
            leading
        };
        self.redirected.get_or_init(redirected).get(&at).copied()
    }

    fn documents(&self) -> &Documents {
        self.documents.get_or_init(|| {
            let mut documents = Documents::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let document = is_document(exchange);
                if document && let Some(address) = Address::of(&exchange.request.url) {
                    documents.by_address.entry((address.origin(), address.path)).or_default().push(at);
                }
                if document || purpose(exchange) == Some(Resource::Fetch) {
                    documents.going_on.entry(exchange.request.url.origin()).or_default().push(at);
                }
            }
            documents
        })
    }

    fn pages(&self) -> &Pages {
        self.pages.get_or_init(|| {
            let mut pages = Pages::default();
            let mut unexplained = None;
            for (at, exchange) in self.exchanges.iter().enumerate() {
                if is_top_level(exchange) {
                    unexplained = None;
                    pages.top_level.push(at);
                }
                if is_asset_missing(exchange) {
                    // Without a reason it may have been under way still, until the page asks its other host for the same.
                    let host = exchange.request.url.host();
                    if tells_end(exchange) || unexplained.as_ref().is_some_and(|other| *other != host) {
                        pages.missing_assets.push(at);
                    }
                    unexplained = Some(host);
                }
            }
            pages
        })
    }

    fn opened(&self) -> &Opened {
        self.opened.get_or_init(|| {
            let mut opened = Opened::new();
            // The last page of each origin that was opened, and all of them.
            let mut last: HashMap<String, usize> = HashMap::new();
            let mut all = HashSet::new();
            for (at, exchange) in self.exchanges.iter().enumerate().filter(|(_, exchange)| is_top_level(exchange)) {
                let origin = exchange.request.url.origin();
                let leading = self.leading_to(at);
                let by_link = asking_page(exchange).and_then(|page| last.get(&page).copied());
                let mut from = leading.filter(|leading| all.contains(leading)).max(by_link);
                // What a redirect leads to has the site of what was opened.
                if leading.is_none() && is_opened_by_person(exchange) {
                    from = Some(at);
                    all.insert(at);
                    last.extend(origin.clone().map(|origin| (origin, at)));
                }
                if let Some((origin, from)) = origin.zip(from) {
                    let pages = opened.entry(origin).or_default();
                    let from = pages.last().map_or(from, |(_, last)| from.max(*last));
                    pages.push((at, from));
                }
            }
            opened
        })
    }

    /// When the last request of the capture began.
    pub(super) fn end(&self) -> Option<DateTime<Utc>> {
        *self.end.get_or_init(|| self.exchanges.iter().filter_map(|exchange| exchange.started).max())
    }

    /// Whether the application of an attempt sent a token somewhere after a step of it, and before the step `end`; `None` where
    /// the capture does not tell whose calls there are.
    pub(super) fn sends_token(&self, attempt: &Attempt, traffic: &Traffic<'c>, after: &Step<'c>, end: Option<&Step<'_>>) -> Option<bool> {
        let after_at = self.place(after)?;
        let end = end.and_then(|end| self.place(end)).filter(|&end| end > after_at);
        self.token_sent(attempt, traffic, after, |calls| next(calls, after_at).is_some_and(|call| end.is_none_or(|end| call < end)))
    }

    /// The same of whether it had sent one before the step.
    pub(super) fn sent_token_before(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>) -> Option<bool> {
        let at = self.place(step)?;
        self.token_sent(attempt, traffic, step, |calls| calls.first().is_some_and(|&first| first < at))
    }

    /// Whether one of the calls with a token in question was made by the application of an attempt; its pages may have several
    /// origins of a site.
    fn token_sent(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        let tokens = self.tokens();
        if !is_in(&tokens.all) {
            return Some(false);
        }
        let client = attempt.client.as_ref();
        let own = self.own_pages(attempt, traffic);
        let is_of = |page: Option<String>| tokens.calls.made_by(&self.callers.asking(step, page, client), &is_in);
        if own.origins.is_empty() {
            return is_of(None);
        }
        let near = self.near.get_or_init(|| NearPages::of(&tokens.calls, &self.callers));
        let by_page = own.origins.iter().map(|page| is_of(Some(page.clone())));
        let by_site = own.hosts.iter().map(|host| near.made(host, client, &self.callers, &is_in));
        any_told(by_page.chain(by_site).chain(own.has_more.then_some(None)))
    }

    fn own_pages(&self, attempt: &Attempt, traffic: &Traffic<'c>) -> Rc<OwnPages> {
        let mut known = self.own_pages.borrow_mut();
        if let Some((_, pages)) = known.as_ref().filter(|(begin, _)| *begin == attempt.begin) {
            return Rc::clone(pages);
        }
        let pages = Rc::new(OwnPages::of(attempt, traffic));
        *known = Some((attempt.begin, Rc::clone(&pages)));
        pages
    }

    /// Whether an application makes no use of a token that a step gives it; `None` also where the recording does not go on after
    /// it with anything but the sign-in service's own: it was stopped, or filtered by host.
    pub(super) fn leaves_unused(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>) -> Option<bool> {
        let sends = self.sends_token(attempt, traffic, step, None)?;
        (sends || self.goes_on_elsewhere(step)).then_some(!sends)
    }

    fn goes_on_elsewhere(&self, step: &Step<'_>) -> bool {
        let is_elsewhere = |exchange: &Exchange| exchange.request.url.host().is_some_and(|host| sign_in_host(&host).is_none());
        let last = self.last_elsewhere.get_or_init(|| self.exchanges.iter().rposition(is_elsewhere));
        self.place(step).is_some_and(|at| last.is_some_and(|last| last > at))
    }

    /// Whether the application of a host went on after a step: scripts got data of its own site.
    pub(super) fn gets_data(&self, after: &Step<'_>, host: &str) -> bool {
        let is_data = |exchange: &Exchange| exchange.response.mime.as_deref().is_some_and(|mime| mime.ends_with("json"));
        let is_file = |exchange: &Exchange| without_parameters(&exchange.request.url).ends_with(".json");
        let got = |exchange: &Exchange| worked(exchange) && is_data(exchange) && !is_document(exchange) && !is_file(exchange);
        let data = || {
            let mut data: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.exchanges.iter().enumerate().filter(|(_, exchange)| got(exchange)) {
                if let Some(host) = exchange.request.url.host() {
                    data.entry(site(&host).to_owned()).or_default().push(at);
                }
            }
            data
        };
        let data = self.data.get_or_init(data).get(site(host));
        self.place(after).zip(data).is_some_and(|(after, data)| next(data, after).is_some())
    }

    /// Whether a token may have been sent to the application's own site after a step, though nothing shows it: the recorder leaves
    /// `Authorization` out, and no preflight comes before such a call, or a while after another.
    pub(super) fn may_send_token_home(&self, after: &Step<'_>, host: &str) -> bool {
        !self.records_tokens() && self.gets_data(after, host)
    }

    /// Whether a call had a token that the recorder left out: a preflight asked to send one.
    pub(super) fn lacks_token_of(&self, step: &Step<'_>) -> bool {
        !self.records_tokens() && !step.exchange.request.headers.has("authorization") && self.is_preflighted(step)
    }

    /// Whether a request without `Authorization` had none.
    fn records_tokens(&self) -> bool {
        self.authorization == Coverage::Recorded
    }

    /// Whether `Authorization` may have held a token where the capture shows none in it.
    pub(super) fn loses_tokens(&self) -> bool {
        self.authorization == Coverage::Partly
    }

    /// Whether the very same request was made once more at once, and answered: the browser broke a navigation off and began it anew.
    pub(super) fn is_begun_anew(&self, step: &Step<'_>) -> bool {
        let answered = || {
            let mut answered: HashMap<&str, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let is_answered = exchange.response.status.is_some() && &*exchange.request.method == "GET";
                if is_answered && exchange.request.url.host().is_some_and(|host| sign_in_host(&host).is_some()) {
                    answered.entry(exchange.request.url.without_fragment()).or_default().push(at);
                }
            }
            answered
        };
        let again = || self.answered.get_or_init(answered).get(step.exchange.request.url.without_fragment());
        let next = || self.exchanges.get(next(again()?, self.place(step)?)?);
        step.method == "GET" && next().is_some_and(|next| next.started.is_some() && !is_later(step, next.started))
    }

    /// Whether the same call of the same program works after a step: one to the same address, with a token where the capture
    /// tells. Another application's success shows nothing, and neither does what an API tells everybody. `None` where the capture
    /// does not tell whose success it is.
    pub(super) fn works(&self, after: &Step<'c>) -> Option<bool> {
        let at = self.place(after)?;
        let calls = self.successes().of_address.get(without_parameters(&after.exchange.request.url));
        self.worked_for(after, calls, at)
    }

    /// Whether an API takes calls of the same program after the program got other tokens than the one that was refused.
    pub(super) fn takes_new_token(&self, refused: &Step<'c>, new: &Step<'_>) -> Option<bool> {
        let calls = self.successes().of_api.get(&refused.exchange.request.url.origin()?);
        self.worked_for(refused, calls, self.place(new)?)
    }

    /// Whether one of some calls came after a position and was made by the program that made the call `own`.
    fn worked_for(&self, own: &Step<'c>, calls: Option<&Calls<'c>>, after: usize) -> Option<bool> {
        let Some(calls) = calls else { return Some(false) };
        let told = calls.made_by(&self.callers.caller(own.exchange), |calls| calls.last().is_some_and(|&last| last > after));
        told.or(self.callers.are_one().then_some(true))
    }

    /// Whether a person opened a page after a step and before another, to which it may have led, or the page that led to the
    /// other began before the first was over: in another tab. What else a person opens there shows nothing.
    pub(super) fn is_begun_apart(&self, step: &Step<'_>, after: &Step<'_>) -> bool {
        let (Some(at), Some(after_at)) = (self.place(step), self.place(after)) else { return false };
        let own = [step.exchange.request.url.origin(), asking_page(step.exchange), step.reply_address().map(|address| address.origin())];
        let is_opened = |origin: &String| {
            let pages = self.opened().get(origin).map(Vec::as_slice).unwrap_or_default();
            let before = pages.get(..pages.partition_point(|(page, _)| *page < at)).unwrap_or_default();
            before.last().is_some_and(|(_, opened)| *opened > after_at)
        };
        let leading = self.leading_to(at).and_then(|leading| self.exchanges.get(leading)?.started);
        own.iter().flatten().any(is_opened) || leading.zip(after.started).is_some_and(|(leading, after)| leading < after)
    }

    /// Whether a preflight asked to send a token to the address of a step.
    pub(super) fn is_preflighted(&self, step: &Step<'_>) -> bool {
        self.tokens().preflighted.contains(&step.exchange.request.url)
    }

    /// Where scripts of a sign-in page did not come, and where tabs or windows went to another page, in the order of time.
    pub(super) fn missing_assets(&self) -> (&[usize], &[usize]) {
        let Pages { top_level, missing_assets, .. } = self.pages();
        (missing_assets, top_level)
    }

    /// The exchange at a position.
    pub(super) fn exchange(&self, at: usize) -> Option<&'c Exchange> {
        self.exchanges.get(at)
    }

    /// The document of an address that came after a step, and whether its application went on from there.
    pub(super) fn document(&self, after: &Step<'_>, target: &Address) -> Option<(&'c Exchange, bool)> {
        let after = self.place(after)?;
        let origin = Some(target.origin());
        let Documents { by_address, going_on } = self.documents();
        let documents = by_address.get(&(target.origin(), target.path.clone()))?;
        let later = documents.get(documents.partition_point(|&at| at <= after)..)?.iter();
        let mut loads =
            later.filter_map(|&at| Some((at, self.exchanges.get(at)?))).filter(|(_, exchange)| exchange.request.url.origin() == origin);
        let first = loads.next()?;
        // One that was not reached may be by and by.
        let (at, document) =
            if first.1.response.status.is_some() { first } else { loads.find(|(_, load)| load.response.status.is_some()).unwrap_or(first) };
        let went_on = going_on.get(&origin).is_some_and(|going_on| next(going_on, at).is_some());
        Some((document, went_on))
    }

    /// Whether the page that a step leads to was answered with a refusal or an error of its server, and never came.
    pub(super) fn page_fails(&self, after: &Step<'_>, target: &Address) -> bool {
        let Some(at) = self.place(after) else { return false };
        let loads = self.documents().by_address.get(&(target.origin(), target.path.clone())).map(Vec::as_slice).unwrap_or_default();
        let later = loads.get(loads.partition_point(|&load| load <= at)..).unwrap_or_default();
        let mut answers = later.iter().filter_map(|&load| self.exchanges.get(load)?.response.status).peekable();
        // What a gateway could not reach has failed on nothing.
        answers.peek().is_some() && answers.all(|status| matches!(status, 403 | 500))
    }

    /// Whether the application at the address of a step went on from there.
    pub(super) fn goes_on(&self, step: &Step<'_>) -> bool {
        let going_on = self.documents().going_on.get(&step.exchange.request.url.origin());
        self.place(step).is_some_and(|at| going_on.is_some_and(|going_on| next(going_on, at).is_some()))
    }

    /// What was posted to an origin after a step, and taken: the first of it.
    pub(super) fn first_post(&self, origin: &str, after: &Step<'_>) -> Option<&'c Exchange> {
        let is_ping = |exchange: &Exchange| purpose(exchange) == Some(Resource::Ping);
        let taken = |exchange: &Exchange| exchange.response.status.is_some_and(|status| status < 400);
        let is_post = |exchange: &Exchange| &*exchange.request.method == "POST" && taken(exchange) && !is_ping(exchange);
        let posts = self.posts.get_or_init(|| {
            let mut posts: HashMap<Option<String>, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.exchanges.iter().enumerate().filter(|(_, exchange)| is_post(exchange)) {
                posts.entry(exchange.request.url.origin()).or_default().push(at);
            }
            posts
        });
        self.exchanges.get(next(posts.get(&Some(origin.to_owned()))?, self.place(after)?)?)
    }

    /// Whether something was posted to the address of a step, and taken, after another.
    pub(super) fn takes_post(&self, after: &Step<'_>, step: &Step<'_>) -> bool {
        let taken = self.taken.get_or_init(|| {
            let taken = |exchange: &Exchange| exchange.response.status.is_some_and(|status| status < 400);
            let posts = self.exchanges.iter().enumerate().filter(|(_, exchange)| &*exchange.request.method == "POST" && taken(exchange));
            posts.map(|(at, exchange)| (without_parameters(&exchange.request.url), at)).collect()
        });
        let last = taken.get(without_parameters(&step.exchange.request.url));
        last.zip(self.place(after)).is_some_and(|(&last, after)| last > after)
    }

    /// The last that shows that the application of an origin went on.
    pub(super) fn last_of_origin(&self, origin: &str) -> Option<&'c Exchange> {
        self.exchanges.get(*self.documents().going_on.get(&Some(origin.to_owned()))?.last()?)
    }

    /// The position of a step.
    pub(super) fn place(&self, step: &Step<'_>) -> Option<usize> {
        let all = || self.exchanges.iter().enumerate().rev().map(|(at, exchange)| (exchange.entry, at)).collect();
        self.position.get_or_init(all).get(&step.entry).copied()
    }
}

/// The pages of an application that may use what an attempt gives it; none where it is a program without pages.
#[derive(Default)]
struct OwnPages {
    origins: Vec<String>,
    /// Their hosts.
    hosts: HashSet<String>,
    /// Whether there are more than are looked at.
    has_more: bool,
}

/// How many of them are looked at: whatever turns a code in has an origin, and each of its replies may ask who used it.
const OWN_PAGES: usize = 40;

impl OwnPages {
    fn of(attempt: &Attempt, traffic: &Traffic<'_>) -> Self {
        let redeeming = || attempt.steps(traffic).filter(|step| step.endpoint == Endpoint::Token);
        let mut own = Self::default();
        let mut known = HashSet::new();
        let asking = redeeming().filter_map(|step| asking_page(step.exchange));
        own.origins.extend(asking.filter(|page| known.insert(page.clone())).take(OWN_PAGES + 1));
        let has_none = |step: &Step<'_>| step.request_header("origin").loss().is_none() && step.request_header("referer").loss().is_none();
        // Who turns a code in without a page is a program, which may have let a browser show the sign-in page.
        if own.origins.is_empty() && redeeming().any(has_none) {
            return own;
        }
        own.has_more = own.origins.len() > OWN_PAGES;
        own.origins.truncate(OWN_PAGES);
        let received = attempt.begin(traffic).and_then(Step::redirect_address);
        let received = received.filter(|page| matches!(&*page.scheme, "http" | "https") && sign_in_host(&page.host).is_none());
        own.origins.extend(received.map(|page| page.origin()).filter(|page| !known.contains(page)));
        own.hosts = own.origins.iter().filter_map(|page| Address::parse(page)).map(|page| page.host).collect();
        own
    }
}

/// Whether the recorder says how a request ended.
fn tells_end(exchange: &Exchange) -> bool {
    exchange.response.status.is_some() || exchange.response.failure.is_some()
}

/// The address up to its query.
fn without_parameters(url: &RawUrl) -> &str {
    let url = url.without_fragment();
    url.split_once('?').map_or(url, |(address, _)| address)
}

/// A script of the sign-in page that did not come, though nobody left the page: no answer, a refusal, or somebody's page in its
/// place.
fn is_asset_missing(exchange: &Exchange) -> bool {
    let service = || exchange.request.url.host().and_then(|host| sign_in_host(&host)).map(|host| host.service);
    // What never left the browser has no headers that tell.
    let by_name = || exchange.request.url.without_fragment().split('?').next().is_some_and(|path| path.ends_with(".js"));
    let is_script = || purpose(exchange).map_or_else(by_name, |resource| resource == Resource::Script);
    let did_not_come = match exchange.response.status {
        None => NoAnswer::of(exchange) != Some(NoAnswer::Left),
        Some(status) => status >= 400 || exchange.response.mime.as_deref() == Some("text/html"),
    };
    did_not_come && service() == Some(Service::StaticAssets) && is_script()
}

/// The first of ascending positions after a place.
fn next(positions: &[usize], after: usize) -> Option<usize> {
    positions.get(positions.partition_point(|&at| at <= after)).copied()
}
