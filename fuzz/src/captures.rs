//! Captures as the tests build them, and changes of any text in them.

use crate::input::Input;
use crate::support::{ADA, SESSION, capture, console, log, policies, words};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// A capture to begin with.
pub struct Seed {
    /// The HAR.
    pub har: Value,
    /// Where its texts are.
    pub texts: Vec<String>,
    /// A sign-in log of its last failure; empty where nothing fails.
    pub sign_in_log: String,
    /// A console of that failure.
    pub console: String,
}

/// Signed in and failing silently, refused, redeemed too late, an API, SAML, a sign-out.
pub static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let seeds = [
        capture()
            .app_page()
            .sign_in(|sign_in| sign_in.account(ADA))
            .silent_frame(|request| request.sid(SESSION).fails(160_021, words::SESSION_GONE)),
        capture().blocking_third_party_cookies().sign_in(|sign_in| sign_in).silent_frame(|request| request.fails(50058, words::NOBODY)),
        capture().sanitized().redirect(|request| request.fails(50011, "The redirect URI does not match.")),
        capture().sign_in(|sign_in| sign_in).refresh(|request| request.fails(700_084, "The refresh token has expired.")),
        capture().sign_in(|sign_in| sign_in).api_call(|call| call),
        capture().saml(|sign_in| sign_in),
        capture().keeping_fragments().sign_in(|sign_in| sign_in).sign_out().silent_page(|request| request),
        capture().sign_in(|sign_in| sign_in.account(ADA)),
    ];
    seeds.iter().map(|seed| Seed::of(&seed.bytes())).collect()
});

/// A few entries each, for what takes long.
pub static SMALL: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let seeds = [
        capture().silent_frame(|request| request.fails(50058, words::NOBODY)),
        capture().sanitized().redirect(|request| request.fails(50011, "The redirect URI does not match.")),
        capture().password_grant(|request| request.fails(50126, "Error validating credentials.")),
        capture().client_credentials(|request| request.fails(7_000_215, "Invalid client secret provided.")),
        capture().saml(|sign_in| sign_in),
    ];
    seeds.iter().map(|seed| Seed::of(&seed.bytes())).collect()
});

impl Seed {
    fn of(bytes: &[u8]) -> Self {
        let har: Value = serde_json::from_slice(bytes).unwrap();
        let mut texts = Vec::new();
        pointers(&har, String::new(), &mut texts);
        let fails = !crate::analysis(bytes).is_none_or(|analysis| analysis.diagnoses.is_empty());
        let sign_in_log = || log(policies([("Require a compliant device", "failure", "CompliantDevice")])).and(json!({})).json(bytes);
        let console = || console("timed_out").and("login_required").text(bytes);
        let (sign_in_log, console) = if fails { (sign_in_log(), console()) } else { Default::default() };
        Self { har, texts, sign_in_log, console }
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at),
        Value::Object(members) => members.iter().for_each(|(name, value)| pointers(value, format!("{at}/{name}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(number, value)| pointers(value, format!("{at}/{number}"), found)),
        _ => {}
    }
}

/// Puts a text into one of a capture's texts: in its place, behind it, before a mark in it, as an address writes it.
pub fn put(har: &mut Value, seed: &Seed, input: &mut Input<'_>, put_in: &str) {
    let pointer = &seed.texts[input.below(seed.texts.len())];
    let how = input.below(6);
    let Some(Value::String(text)) = har.pointer_mut(pointer) else { return };
    let encoded: String = url::form_urlencoded::byte_serialize(put_in.as_bytes()).collect();
    let before = |text: &str, mark: &[char], put_in: &str| match text.find(mark) {
        Some(at) => format!("{}{put_in}{}", &text[..=at], &text[at + 1..]),
        None => format!("{put_in}{text}"),
    };
    *text = match how {
        0 => put_in.to_owned(),
        1 => format!("{text}{put_in}"),
        2 => format!("{text}{encoded}"),
        3 => before(text, &['=', ':', '"', ' '], &encoded),
        4 => before(text, &['?', '#', '&', '>', '{'], put_in),
        _ => before(text, &[',', ';', '.', '/'], put_in),
    };
}
