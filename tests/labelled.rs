//! Every labelled capture, held to its truth file through the real program: what failed, why, where, whether
//! it was handled, and that nothing else is reported; and that no report shows one of its secrets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what is wrong by stopping")]

mod program;

#[allow(dead_code, unreachable_pub, reason = "its main is for cargo run")]
#[path = "../examples/diagnose.rs"]
mod example;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use program::{FORMATS, fixture, labelled};
use serde::Deserialize;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Every report: its subcommand, and how it is written.
fn reports() -> impl Iterator<Item = (&'static str, &'static str)> {
    let timelines = ["text", "json", "markdown"].map(|format| ("timeline", format));
    FORMATS.map(|format| ("diagnose", format)).into_iter().chain(timelines)
}

/// The label of a failure that an interactive sign-in was expected to follow, and did.
const HANDLED: &str = "handled-interaction-required";

/// What is known of a capture.
#[derive(Deserialize)]
struct Truth {
    expected: Vec<Expected>,
    healthy: bool,
    #[serde(default)]
    recovered: bool,
    #[serde(default)]
    also_seen: Vec<AlsoSeen>,
    #[serde(default)]
    also_causes: Vec<String>,
    #[serde(default)]
    secrets: Vec<Planted>,
}

#[derive(Deserialize)]
struct Expected {
    code: Option<String>,
    cause: String,
    #[serde(default)]
    accept: Vec<String>,
    tenant: Option<String>,
    client_id: Option<String>,
    correlation_id: Option<String>,
    #[serde(default)]
    recovered: bool,
}

#[derive(Deserialize)]
struct AlsoSeen {
    code: String,
}

#[derive(Deserialize)]
struct Planted {
    kind: String,
    value: String,
}

/// What a report says of a capture, as far as it can be right or wrong.
#[derive(Clone, Deserialize)]
struct Told {
    verdict: String,
    diagnoses: Vec<Diagnosis>,
}

#[derive(Clone, Deserialize)]
struct Diagnosis {
    code: Option<String>,
    handled: bool,
    tenant: Option<String>,
    client_id: Option<String>,
    correlation_id: Option<String>,
    occurrences: Vec<Occurrence>,
    causes: Vec<Cause>,
}

#[derive(Clone, Deserialize)]
struct Occurrence {
    correlation_id: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Cause {
    id: String,
}

impl Truth {
    fn of(file: &str) -> Self {
        serde_json::from_slice(&fixture(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// What must be reported.
    fn failures(&self) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(|expected| !matches!(&*expected.cause, "healthy" | "no-entra-traffic"))
    }

    fn verdict(&self) -> &'static str {
        let is = |label: &str| self.expected.iter().any(|expected| expected.cause == label);
        match () {
            () if is("no-entra-traffic") => "no-entra-traffic",
            () if is(HANDLED) || (self.recovered && !self.healthy) => "handled",
            () if self.healthy => "healthy",
            () => "failing",
        }
    }
}

impl Expected {
    fn accepts(&self, cause: &str) -> bool {
        self.cause == HANDLED || self.cause == cause || self.accept.iter().any(|accepted| accepted == cause)
    }

    /// Whether the tenant, the application and the correlation id are those of this one diagnosis. A failure
    /// that was tried again lists its occurrences.
    fn is_at(&self, diagnosis: &Diagnosis) -> bool {
        let same = |wanted: &Option<String>, told: &Option<String>| match (wanted, told) {
            (Some(wanted), Some(told)) => wanted.eq_ignore_ascii_case(told),
            (Some(wanted), None) => wanted.is_empty(),
            (None, _) => true,
        };
        let mut correlation_ids = diagnosis.occurrences.iter().map(|occurrence| &occurrence.correlation_id);
        same(&self.tenant, &diagnosis.tenant)
            && same(&self.client_id, &diagnosis.client_id)
            && (same(&self.correlation_id, &diagnosis.correlation_id) || correlation_ids.any(|id| same(&self.correlation_id, id)))
    }
}

impl Diagnosis {
    fn top(&self) -> &str {
        &self.causes.first().unwrap_or_else(|| panic!("a diagnosis of {:?} has no cause", self.code)).id
    }

    fn is_like(&self, other: &Self) -> bool {
        (&self.code, self.top(), &self.tenant, &self.client_id) == (&other.code, other.top(), &other.tenant, &other.client_id)
    }
}

/// Holds a report to the truth.
fn discrepancies(told: &Told, truth: &Truth) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut left: Vec<&Diagnosis> = told.diagnoses.iter().collect();
    let mut matched: Vec<&Diagnosis> = Vec::new();
    for expected in truth.failures() {
        let code = expected.code.as_deref().unwrap_or("no code");
        let right = |diagnosis: &Diagnosis| expected.accepts(diagnosis.top());
        // Without a code only the causes tell which failure is meant.
        let is_meant = |diagnosis: &Diagnosis| {
            diagnosis.code == expected.code && (expected.code.is_some() || diagnosis.causes.iter().any(|cause| expected.accepts(&cause.id)))
        };
        let best = left.iter().enumerate().filter(|(_, diagnosis)| is_meant(diagnosis)).min_by_key(|(_, diagnosis)| {
            let (right, placed) = (right(diagnosis), expected.is_at(diagnosis));
            Reverse((right && placed, right, placed))
        });
        let Some((at, _)) = best else {
            wrong.push(format!("misses {code} {}", expected.cause));
            continue;
        };
        let diagnosis = left.remove(at);
        matched.push(diagnosis);
        if !right(diagnosis) {
            wrong.push(format!("{code}: says {}, is {}", diagnosis.top(), expected.cause));
        }
        if !expected.is_at(diagnosis) {
            let Diagnosis { tenant, client_id, correlation_id, .. } = diagnosis;
            let wanted = (&expected.tenant, &expected.client_id, &expected.correlation_id);
            wrong.push(format!("{code}: is at {wanted:?}, said to be at {:?}", (tenant, client_id, correlation_id)));
        }
        let handled = expected.cause == HANDLED || expected.recovered || truth.recovered;
        if diagnosis.handled != handled {
            wrong.push(format!("{code}: handled is {handled}, said {}", diagnosis.handled));
        }
    }
    for diagnosis in left {
        let code = diagnosis.code.as_deref();
        let allowed = match code {
            Some(code) => truth.also_seen.iter().any(|seen| seen.code == code),
            None => truth.also_causes.iter().any(|cause| cause == diagnosis.top()),
        };
        let what = format!("{} {}", code.unwrap_or("no code"), diagnosis.top());
        match matched.iter().any(|known| diagnosis.is_like(known)) {
            true => wrong.push(format!("told twice: {what}")),
            false if !allowed => wrong.push(format!("false alarm: {what}")),
            false => {}
        }
    }
    if told.verdict != truth.verdict() {
        wrong.push(format!("verdict {}, is {}", told.verdict, truth.verdict()));
    }
    wrong
}

/// What the JSON report says of a capture, and the exit status.
fn diagnose(capture: &str) -> (Told, Option<i32>) {
    let output = program::diagnose(capture, &["--format", "json"]);
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{capture}: {error}"));
    let told = report.pointer_mut("/captures/0").map(Value::take).unwrap_or_default();
    (serde_json::from_value(told).unwrap_or_else(|error| panic!("{capture}: {error}")), output.status.code())
}

#[test]
fn every_labelled_capture_is_diagnosed_as_it_was() {
    let captures = labelled();
    assert!(!captures.is_empty(), "there are no labelled captures");
    let mut wrong = Vec::new();
    for (capture, truth) in captures {
        let (told, status) = diagnose(&capture);
        let mut here = discrepancies(&told, &Truth::of(&truth));
        if status != Some(i32::from(told.verdict == "failing")) {
            here.push(format!("verdict {} with exit status {status:?}", told.verdict));
        }
        wrong.extend(here.iter().map(|what| format!("{capture}: {what}")));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_report_names_what_failed() {
    let mut wrong = Vec::new();
    for (capture, truth) in labelled() {
        let truth = Truth::of(&truth);
        for (subcommand, format) in reports() {
            let report = String::from_utf8(program::report(subcommand, &capture, &["--format", format]).stdout).unwrap();
            let mut lacks = |what: &str| wrong.push(format!("{capture}: {subcommand} as {format} does not name {what}"));
            for expected in truth.failures() {
                let mut causes = std::iter::once(&expected.cause).chain(&expected.accept);
                if expected.cause != HANDLED && !causes.any(|cause| report.contains(cause)) {
                    lacks(&expected.cause);
                }
                if let Some(code) = expected.code.as_ref().filter(|code| !report.contains(*code)) {
                    lacks(code);
                }
            }
            let verdict = truth.verdict();
            if truth.failures().next().is_none() && !report.to_lowercase().replace('-', " ").contains(&verdict.replace('-', " ")) {
                lacks(verdict);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_report_shows_a_secret() {
    let mut shown = Vec::new();
    let mut planted = 0;
    for (capture, truth) in labelled() {
        let secrets = Truth::of(&truth).secrets;
        planted += secrets.len();
        for (subcommand, format) in reports() {
            let output = program::report(subcommand, &capture, &["--format", format]);
            let report = Report::new(&[output.stdout, output.stderr].concat());
            let found = secrets.iter().filter(|secret| report.shows(secret));
            shown.extend(
                found.map(|secret| format!("{capture}: {subcommand} as {format} shows a {} of {} bytes", secret.kind, secret.value.len())),
            );
        }
    }
    assert!(planted > 0, "no capture has a secret planted in it");
    assert!(shown.is_empty(), "\n{}\n", shown.join("\n"));
}

/// A report in the forms in which a secret could be read from it.
struct Report {
    /// As it is; the strings of JSON without their escapes, what a browser makes of a page, and all without the character
    /// references of HTML.
    plain: String,
    /// Without the line breaks and borders that a table may have put into a long value.
    joined: String,
}

impl Report {
    fn new(output: &[u8]) -> Self {
        let mut plain = String::from_utf8_lossy(output).into_owned();
        if let Ok(value) = serde_json::from_str::<Value>(&plain) {
            strings(&value, &mut plain);
        }
        if plain.starts_with("<!DOCTYPE html>") {
            read_page(&mut plain);
        }
        let unreferenced = without_references(&plain);
        plain.push_str(&unreferenced);
        Self { joined: joined(&plain), plain }
    }

    /// Short values, such as "7", stand in every report.
    fn shows(&self, secret: &Planted) -> bool {
        let value = &*secret.value;
        if value.len() < 6 {
            return false;
        }
        // A one-time code is only one where it stands by itself.
        if value.len() <= 8 && value.bytes().all(|byte| byte.is_ascii_digit()) {
            let part_of_a_number = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            return self.plain.match_indices(value).any(|(at, _)| {
                let (before, after) = (&self.plain.split_at(at).0, &self.plain.split_at(at + value.len()).1);
                !before.ends_with(part_of_a_number) && !after.starts_with(part_of_a_number)
            });
        }
        let person = secret.kind == "personal";
        let holds = |report: &str, form: &str| match person {
            true => report.to_lowercase().contains(&form.to_lowercase()),
            false => report.contains(form),
        };
        encodings(value).iter().any(|form| holds(&self.plain, form) || holds(&self.joined, &joined(form)))
    }
}

fn strings(value: &Value, found: &mut String) {
    match value {
        Value::String(text) => {
            found.push('\n');
            found.push_str(text);
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Adds what a browser makes of a page.
fn read_page(plain: &mut String) {
    let page = scraper::Html::parse_document(plain);
    for node in page.tree.nodes() {
        match node.value() {
            scraper::Node::Text(text) => plain.push_str(text),
            scraper::Node::Element(element) => element.attrs().for_each(|(_, value)| plain.push_str(value)),
            _ => {}
        }
    }
}

/// The text with `&#64;` read as what it stands for.
fn without_references(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let referred = part.split_once(';').and_then(|(number, rest)| Some((char::from_u32(number.parse().ok()?)?, rest)));
        match referred {
            Some((c, rest)) => {
                read.push(c);
                read.push_str(rest);
            }
            None => read.extend(["&#", part]),
        }
    }
    read
}

fn joined(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !('\u{2500}'..='\u{257F}').contains(c) && *c != '|').collect()
}

/// A value as it is, percent-encoded, and in base64 at each of the three places where it may begin there.
fn encodings(value: &str) -> BTreeSet<String> {
    let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let mut all = BTreeSet::from([value.to_owned(), form.replace('+', "%20"), form.to_lowercase(), form]);
    for before in 0..3_usize {
        let bytes = [vec![0; before], value.as_bytes().to_vec()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&bytes);
            // Characters that hold bits of the neighbours too differ from place to place.
            let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            all.insert(encoded.chars().take(last).skip(first).collect());
        }
    }
    all
}

#[test]
fn the_measure_finds_what_is_wrong() {
    let capture = "third-party-cookies-blocked.v4.devtools-full";
    let truth = Truth::of(&format!("{capture}.truth.json"));
    let (right, _) = diagnose(&format!("{capture}.har"));
    let finds = |doctor: &dyn Fn(&mut Told), wanted: &str| {
        let mut told = right.clone();
        doctor(&mut told);
        let found = discrepancies(&told, &truth).join("; ");
        assert!(found.contains(wanted), "wanted “{wanted}”, found “{found}”");
    };
    let extra = |code: &str| Diagnosis { code: Some(code.to_owned()), ..right.diagnoses.first().unwrap().clone() };
    finds(&|told| told.diagnoses.clear(), "misses AADSTS50058");
    finds(&|told| told.diagnoses[0].code = Some("AADSTS50059".to_owned()), "false alarm: AADSTS50059");
    finds(&|told| told.diagnoses[0].causes.swap(0, 1), "says no-session, is third-party-cookies-blocked");
    finds(&|told| told.diagnoses[0].handled = true, "handled is false");
    finds(&|told| told.diagnoses[0].tenant = None, "is at");
    finds(&|told| told.diagnoses[0].client_id = Some("other".to_owned()), "is at");
    finds(&|told| told.diagnoses.push(extra("AADSTS50058")), "told twice: AADSTS50058");
    finds(&|told| told.diagnoses.push(extra("AADSTS65001")), "false alarm: AADSTS65001");
    finds(&|told| told.verdict = "healthy".to_owned(), "verdict healthy, is failing");
    finds(
        &|told| {
            told.diagnoses[0].correlation_id = None;
            told.diagnoses[0].occurrences.clear();
        },
        "is at",
    );
}

#[test]
fn the_search_finds_secrets() {
    let secret = |kind: &str, value: &str| Planted { kind: kind.to_owned(), value: value.to_owned() };
    let shows = |report: &str, secret: &Planted| Report::new(report.as_bytes()).shows(secret);
    let password = secret("credential", "Marble-Lantern/449!");
    for report in [
        "was Marble-Lantern/449! here",
        "p=Marble-Lantern%2F449%21",
        "p=marble-lantern%2f449%21",
        "{\"p\":\"Marble-Lantern\\/449!\"}",
        "<code>Marble&#45;Lantern&#47;449&#33;</code>",
        "│ Marble-Lant │ │\n│ ern/449!    │ │",
    ] {
        assert!(shows(report, &password), "{report}");
    }
    for before in ["", "a", "ab"] {
        assert!(shows(&STANDARD_NO_PAD.encode(format!("{before}Marble-Lantern/449! and more")), &password), "after {before:?}");
    }
    assert!(shows("ADA.BYRON@contoso.example", &secret("personal", "ada.byron@contoso.example")));
    assert!(shows("code 123456, sent", &secret("credential", "123456")));
    assert!(!shows("1234567", &secret("credential", "123456")));
    assert!(!shows("marble-lantern", &password));
}

#[test]
fn the_example_runs() {
    let lines = example::failures(&program::fixtures().join("third-party-cookies-blocked.v4.devtools-full.har"));
    assert_eq!(lines.unwrap(), ["AADSTS50058: third-party-cookies-blocked (certain)"]);
}
