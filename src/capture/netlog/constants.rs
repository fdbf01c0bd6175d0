//! What the numbers of a log mean. They differ from version to version, so each log begins with a legend.

use super::json::{Fill, Into, Loose};
use crate::capture::creator;
use serde::de::{IgnoredAny, MapAccess};
use std::collections::HashMap;

/// The events that are read. All others are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A job begins or ends: one for the request and one for each redirect.
    Job,
    /// The request begins or ends.
    Alive,
    /// The headers as they were sent.
    Sent,
    /// The headers that came back.
    Received,
    /// Where the request is redirected to.
    Redirected,
    /// The request failed or was cancelled.
    Failed,
    /// The caller gave the request up.
    Cancelled,
    /// Whether one cookie was sent or stored, and why not.
    Cookie,
    /// The browser's settings forbid cookies for the request.
    CookiesBlocked,
    /// Whether cookies are looked up at all.
    Privacy,
    /// A piece of the decoded body.
    Body,
}

const EVENTS: &[(&str, What)] = &[
    ("URL_REQUEST_START_JOB", What::Job),
    ("REQUEST_ALIVE", What::Alive),
    ("HTTP_TRANSACTION_SEND_REQUEST_HEADERS", What::Sent),
    ("HTTP_TRANSACTION_HTTP2_SEND_REQUEST_HEADERS", What::Sent),
    ("HTTP_TRANSACTION_QUIC_SEND_REQUEST_HEADERS", What::Sent),
    ("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", What::Received),
    // The browser's own redirect, of HSTS for one.
    ("URL_REQUEST_FAKE_RESPONSE_HEADERS_CREATED", What::Received),
    ("URL_REQUEST_REDIRECTED", What::Redirected),
    ("FAILED", What::Failed),
    ("CANCELLED", What::Cancelled),
    ("COOKIE_INCLUSION_STATUS", What::Cookie),
    ("COOKIE_GET_BLOCKED_BY_NETWORK_DELEGATE", What::CookiesBlocked),
    ("COMPUTED_PRIVACY_MODE", What::Privacy),
    ("URL_REQUEST_JOB_FILTERED_BYTES_READ", What::Body),
];

/// A log's legend.
#[derive(Default)]
pub(super) struct Constants {
    events: HashMap<u64, What>,
    tells_of_cookies: bool,
    url_request: Option<u64>,
    phase_end: Option<u64>,
    errors: HashMap<i64, String>,
    tick_offset: Option<f64>,
    client: Client,
}

#[derive(Default)]
struct Client {
    name: String,
    version: String,
}

impl Constants {
    /// What an event of that number is, if it is read.
    pub(super) fn event(&self, number: u64) -> Option<What> {
        self.events.get(&number).copied()
    }

    /// Whether this browser logs a cookie's fate at all.
    pub(super) fn tells_of_cookies(&self) -> bool {
        self.tells_of_cookies
    }

    /// Whether events are named at all: without names nothing can be read.
    pub(super) fn names_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Whether a source of that kind is a request.
    pub(super) fn is_request(&self, source: Option<u64>) -> bool {
        self.url_request.is_none() || self.url_request == source
    }

    /// Whether that phase is an event's end.
    pub(super) fn is_end(&self, phase: Option<u64>) -> bool {
        phase == self.phase_end.or(Some(2))
    }

    /// An error in the browser's words; `None` for what is none, success and "not yet" among it.
    pub(super) fn error(&self, number: i64) -> Option<String> {
        // -1 is ERR_IO_PENDING: the answer comes later.
        (number < -1).then(|| self.errors.get(&number).map_or_else(|| format!("net error {number}"), |name| format!("net::{name}")))
    }

    /// Milliseconds since 1970 of a tick.
    pub(super) fn unix_ms(&self, tick: f64) -> Option<f64> {
        self.tick_offset.map(|offset| offset + tick)
    }

    /// The browser, as "name version".
    pub(super) fn creator(&self) -> Option<String> {
        creator::told(&format!("{} {}", self.client.name.trim(), self.client.version.trim()))
    }
}

impl<'de> Fill<'de> for Constants {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "logEventTypes" => map.next_value_seed(Into(&mut Names(|name: &str, number| {
                if let Some((_, what)) = EVENTS.iter().find(|(known, _)| *known == name) {
                    self.events.insert(number as u64, *what);
                    self.tells_of_cookies |= *what == What::Cookie;
                }
            }))),
            "logSourceType" => map.next_value_seed(Into(&mut Names(|name: &str, number| {
                if name == "URL_REQUEST" {
                    self.url_request = Some(number as u64);
                }
            }))),
            "logEventPhase" => map.next_value_seed(Into(&mut Names(|name: &str, number| {
                if name == "PHASE_END" {
                    self.phase_end = Some(number as u64);
                }
            }))),
            "netError" => map.next_value_seed(Into(&mut Names(|name: &str, number| {
                // A name is repeated by every failure: what is none is not taken.
                if is_error_name(name) {
                    self.errors.insert(number as i64, name.to_owned());
                }
            }))),
            "timeTickOffset" => {
                self.tick_offset = map.next_value::<Loose<'de>>()?.number();
                Ok(())
            }
            "clientInfo" => map.next_value_seed(Into(&mut self.client)),
            _ => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }
}

impl<'de> Fill<'de> for Client {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value::<Loose<'de>>()?;
        let text = || value.text().unwrap_or_default().chars().take(creator::LONGEST).collect();
        match name {
            "name" => self.name = text(),
            "version" => self.version = text(),
            _ => {}
        }
        Ok(())
    }
}

fn is_error_name(name: &str) -> bool {
    name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// An object of names with numbers.
struct Names<F>(F);

impl<'de, F: FnMut(&str, f64)> Fill<'de> for Names<F> {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if let Some(number) = map.next_value::<Loose<'de>>()?.number() {
            (self.0)(name, number);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeSeed;

    fn constants(json: &str) -> Constants {
        let mut constants = Constants::default();
        Into(&mut constants).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
        constants
    }

    #[test]
    fn numbers_have_the_meaning_that_the_log_gives_them() {
        let constants = constants(
            r#"{"logEventTypes":{"URL_REQUEST_START_JOB":117,"FAILED":"3","X":4},"logSourceType":{"URL_REQUEST":1},
            "logEventPhase":{"PHASE_END":7},"netError":{"ERR_ABORTED":-3,"<b>":-4},"timeTickOffset":"1000","other":[[{}]]}"#,
        );
        assert_eq!((constants.event(117), constants.event(3), constants.event(4)), (Some(What::Job), Some(What::Failed), None));
        assert!(constants.is_request(Some(1)) && !constants.is_request(Some(2)));
        assert!(constants.is_end(Some(7)) && !constants.is_end(Some(2)));
        assert_eq!(constants.error(-3).as_deref(), Some("net::ERR_ABORTED"));
        assert_eq!(constants.error(-4).as_deref(), Some("net error -4"));
        assert_eq!((constants.error(-1), constants.error(0)), (None, None));
        assert_eq!(constants.unix_ms(5.0), Some(1005.0));
        assert!(!constants.tells_of_cookies());
    }

    #[test]
    fn the_creator_is_the_browser() {
        let creator = |json: &str| constants(json).creator();
        assert_eq!(creator(r#"{"clientInfo":{"name":"Chromium","version":"156.0","cl":["x"]}}"#).as_deref(), Some("Chromium 156.0"));
        assert_eq!(creator(r#"{"clientInfo":{"name":"a\u001b[31m","version":7}}"#).as_deref(), Some("a[31m"));
        assert_eq!(creator(r#"{"clientInfo":7}"#), None);
        assert_eq!(creator(&format!(r#"{{"clientInfo":{{"name":"{}"}}}}"#, "x".repeat(500))).unwrap().len(), 80);
    }
}
