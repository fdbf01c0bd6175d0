//! Pairs of captures of one failure: the full export, and what is left of it when the browser's default
//! export takes the cookies out, or when an older browser does not say whether a frame may use cookies.
//!
//! The twins are made here from the full captures. Less recorded may never make entrace surer.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use entrace::diagnosis::{Confidence, Diagnosis, Finding};
use entrace::entra::Coverage;
use entrace::{Analysis, Capture, Knowledge, analyze};
use program::{fixture, labelled};
use serde_json::{Value, json};
use std::fmt;

/// What comes first, and how sure it is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Top(&'static str, Confidence);

const fn certain(cause: &'static str) -> Top {
    Top(cause, Confidence::Certain)
}

const fn likely(cause: &'static str) -> Top {
    Top(cause, Confidence::Likely)
}

const UNDETERMINED: Top = Top("undetermined", Confidence::Possible);

/// What each capture must come to.
struct Row {
    /// The capture: a full export of Chromium's tools.
    capture: &'static str,
    /// All of it.
    full: Top,
    /// Without cookies, as "Export HAR (sanitized)" writes it.
    sanitized: Top,
    /// Without Sec-Fetch-Storage-Access, as from a browser that does not send it.
    older: Top,
    /// Without both.
    older_sanitized: Top,
}

const PAIRS: &[Row] = &[
    // The browser itself says that it withholds the cookies, and an export does not remove that. Without its
    // word there is the service's: no cookie arrived, in a frame, although somebody had signed in.
    Row {
        capture: "third-party-cookies-blocked.v4.devtools-full.har",
        full: certain("third-party-cookies-blocked"),
        sanitized: certain("third-party-cookies-blocked"),
        older: likely("third-party-cookies-blocked"),
        older_sanitized: likely("third-party-cookies-blocked"),
    },
    // Cookies are withheld, but nobody may have signed in ever.
    Row {
        capture: "no-session-cookies-blocked.v5.devtools-full.har",
        full: likely("third-party-cookies-blocked"),
        sanitized: likely("third-party-cookies-blocked"),
        older: UNDETERMINED,
        older_sanitized: UNDETERMINED,
    },
    // Cookies would be sent, and none was there; or nothing says that they would be.
    Row {
        capture: "no-session-iframe.v2.devtools-full.har",
        full: likely("no-session"),
        sanitized: likely("no-session"),
        older: UNDETERMINED,
        older_sanitized: UNDETERMINED,
    },
    // A sign-out is seen by its address, whatever else is lost.
    Row {
        capture: "signed-out.v5.devtools-full.har",
        full: certain("signed-out"),
        sanitized: certain("signed-out"),
        older: certain("signed-out"),
        older_sanitized: certain("signed-out"),
    },
    // A session cookie that was sent is all that tells an expired session from one that was never sent.
    Row {
        capture: "session-expired.v4.devtools-full.har",
        full: certain("session-expired"),
        sanitized: UNDETERMINED,
        older: certain("session-expired"),
        older_sanitized: UNDETERMINED,
    },
    // The service says it in words.
    Row {
        capture: "login-hint-mismatch.v2.devtools-full.har",
        full: certain("login-hint-mismatch"),
        sanitized: certain("login-hint-mismatch"),
        older: certain("login-hint-mismatch"),
        older_sanitized: certain("login-hint-mismatch"),
    },
    // That the cookies were set is lost with the cookies; that somebody signed in is not. The page itself asked,
    // so the frame's header does not matter.
    Row {
        capture: "session-cookies-lost.v4.devtools-full.har",
        full: certain("session-cookies-lost"),
        sanitized: likely("session-cookies-lost"),
        older: certain("session-cookies-lost"),
        older_sanitized: likely("session-cookies-lost"),
    },
    // A dead session id and withheld cookies get the same answer: with neither the cookies nor the browser's word
    // on them, nothing tells the two apart.
    Row {
        capture: "requested-session-missing.v4.devtools-full.har",
        full: likely("requested-session-missing"),
        sanitized: likely("requested-session-missing"),
        older: likely("requested-session-missing"),
        older_sanitized: UNDETERMINED,
    },
    // Who is signed in shows in what was posted and in tokens. Without a session id in the request, withheld cookies
    // would have got another code.
    Row {
        capture: "conflicting-sessions.v4.devtools-full.har",
        full: certain("conflicting-sessions"),
        sanitized: certain("conflicting-sessions"),
        older: certain("conflicting-sessions"),
        older_sanitized: certain("conflicting-sessions"),
    },
    // Where the account is at home shows in its tokens; in the tenant asked it has no session, with cookies or without.
    Row {
        capture: "personal-account-in-work-tenant.v4.devtools-full.har",
        full: certain("personal-account-in-work-tenant"),
        sanitized: certain("personal-account-in-work-tenant"),
        older: certain("personal-account-in-work-tenant"),
        older_sanitized: certain("personal-account-in-work-tenant"),
    },
    // The code itself says it, and no capture says more.
    Row {
        capture: "external-refresh-token-missing.v4.devtools-full.har",
        full: likely("external-refresh-token-missing"),
        sanitized: likely("external-refresh-token-missing"),
        older: likely("external-refresh-token-missing"),
        older_sanitized: likely("external-refresh-token-missing"),
    },
    // What these rest on is in no cookie: the service's words, the application's page, the API's challenge.
    unmoved("account-not-in-tenant-50020.v4.devtools-full.har", certain("account-not-in-tenant")),
    unmoved("wrong-password.v4.devtools-full.har", likely("wrong-password")),
    unmoved("redirect-uri-not-spa.v4.devtools-full.har", certain("redirect-uri-not-spa")),
    unmoved("redirect-response-unhandled.v4.devtools-full.har", likely("redirect-response-unhandled")),
    unmoved("claims-challenge-unhandled.v5.devtools-full.har", certain("claims-challenge-unhandled")),
    unmoved("wrong-tenant-token.v2.devtools-full.har", likely("wrong-tenant-token")),
];

/// A failure whose evidence neither twin loses.
const fn unmoved(capture: &'static str, top: Top) -> Row {
    Row { capture, full: top, sanitized: top, older: top, older_sanitized: top }
}

/// Captures that there is no full export of: as they are, and as from a browser that does not send
/// Sec-Fetch-Storage-Access.
const WITHOUT_A_FULL_EXPORT: &[(&str, Top, Top)] = &[
    // Firefox sends the header too, and exports cookies always.
    ("third-party-cookies-blocked.v4.firefox.har", certain("third-party-cookies-blocked"), likely("third-party-cookies-blocked")),
    // The service's words are cut off here, so the browser's are all there is.
    ("third-party-cookies-blocked.v5.devtools-sanitized.har", certain("third-party-cookies-blocked"), UNDETERMINED),
    ("third-party-cookies-blocked-earlier-sign-in.v4.devtools-sanitized.har", likely("third-party-cookies-blocked"), UNDETERMINED),
    // Where the account is at home stands in the request itself (X-AnchorMailbox).
    ("account-not-in-tenant-silent.v2.devtools-sanitized.har", likely("account-not-in-tenant"), likely("account-not-in-tenant")),
    // The same session came back after credentials were asked: it was there, and withheld cookies would not have
    // made the service ask.
    ("fresh-interaction-required.v5.devtools-sanitized.har", certain("fresh-interaction-required"), certain("fresh-interaction-required")),
];

/// AADSTS160021 in a frame whose cookies are withheld: no labelled capture has it, so it is made of one where the
/// session was gone.
const WITHHELD_WITH_A_SESSION_ID: Row = Row {
    capture: "requested-session-missing.v4.devtools-full.har",
    full: certain("third-party-cookies-blocked"),
    sanitized: certain("third-party-cookies-blocked"),
    older: likely("third-party-cookies-blocked"),
    older_sanitized: UNDETERMINED,
};

#[test]
fn each_twin_gets_the_cause_and_confidence_that_it_deserves() {
    let mut wrong: Vec<String> = PAIRS.iter().flat_map(|row| wrong_in(row, &parsed(row.capture))).collect();
    wrong.extend(wrong_in(&WITHHELD_WITH_A_SESSION_ID, &withheld(&parsed(WITHHELD_WITH_A_SESSION_ID.capture))));
    for (name, as_it_is, older) in WITHOUT_A_FULL_EXPORT {
        let capture = parsed(name);
        wrong.extend(wrong_of(name, "as it is", *as_it_is, &capture));
        wrong.extend(wrong_of(name, "older browser", *older, &of_older_browser(&capture)));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_table_has_every_full_capture_of_a_failure() {
    let full = labelled().into_iter().map(|(capture, _)| capture).filter(|capture| capture.contains("devtools-full"));
    let failing = full.filter(|capture| plain(capture).is_some_and(|capture| analyzed(&capture).diagnoses.len() == 1));
    let missing: Vec<String> = failing.filter(|capture| PAIRS.iter().all(|row| row.capture != capture)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn less_recorded_is_never_surer_and_never_another_failure() {
    let mut wrong = Vec::new();
    for (name, _) in labelled() {
        let Some(capture) = plain(&name) else { continue };
        let full = analyzed(&capture);
        let twins = [
            ("sanitized", sanitized(&capture)),
            ("older browser", of_older_browser(&capture)),
            ("older browser, sanitized", sanitized(&of_older_browser(&capture))),
        ];
        for (twin, capture) in twins {
            let less = analyzed(&capture);
            if failures(&less) != failures(&full) {
                wrong.push(format!("{name} ({twin}): {:?} is {:?}", failures(&full), failures(&less)));
                continue;
            }
            for (with, without) in full.diagnoses.iter().zip(&less.diagnoses) {
                for cause in without.causes.iter().filter(|cause| cause.confidence > Confidence::Possible) {
                    let known = with.causes.iter().find(|known| known.id == cause.id);
                    if known.is_none_or(|known| known.confidence < cause.confidence) {
                        let before = known.map_or("ruled out", |known| known.confidence.name());
                        wrong.push(format!("{name} ({twin}): {} was {before}, is {}", cause.id, cause.confidence.name()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn nothing_is_concluded_from_cookies_that_the_export_removed() {
    for row in PAIRS {
        let capture = parsed(row.capture);
        assert_eq!(analyzed(&capture).recording.cookies(), Coverage::Recorded, "{}", row.capture);
        let sanitized = analyzed(&sanitized(&capture));
        assert_eq!(sanitized.recording.cookies(), Coverage::Stripped, "{}", row.capture);
        for finding in sanitized.diagnoses.iter().flat_map(findings) {
            let place = finding.evidence.iter().find(|evidence| evidence.part().contains("cookie"));
            assert!(place.is_none(), "{}: {} of {}", row.capture, finding.statement, place.map_or("", |place| place.part()));
        }
    }
}

#[test]
fn what_the_cookies_told_is_said_to_be_unknown() {
    let mut unknown = 0;
    for row in PAIRS {
        let capture = parsed(row.capture);
        let full = analyzed(&capture);
        let sanitized = analyzed(&sanitized(&capture));
        for finding in full.diagnoses.iter().flat_map(findings) {
            if !finding.evidence.iter().any(|evidence| evidence.part().contains("cookie")) {
                continue;
            }
            let still_found = sanitized.diagnoses.iter().flat_map(findings).find(|still| still.claim == finding.claim);
            // The one other witness of cookies: the browser's own word that it withholds them.
            let by_header =
                |finding: &Finding| finding.evidence.iter().all(|evidence| evidence.part().contains("sec-fetch-storage-access"));
            match still_found {
                Some(still) => assert!(by_header(still), "{}: {} is still found", row.capture, finding.claim),
                None => {
                    let causes = sanitized.diagnoses.iter().flat_map(|diagnosis| &diagnosis.causes);
                    unknown += causes.flat_map(|cause| &cause.unknown).filter(|unknown| unknown.claim == finding.claim).count();
                }
            }
        }
    }
    assert!(unknown > 0, "no cookie claim became unknown");
}

fn wrong_in(row: &Row, capture: &Value) -> Vec<String> {
    let twins = [
        ("full", row.full, capture.clone()),
        ("sanitized", row.sanitized, sanitized(capture)),
        ("older browser", row.older, of_older_browser(capture)),
        ("older browser, sanitized", row.older_sanitized, sanitized(&of_older_browser(capture))),
    ];
    twins.iter().filter_map(|(twin, expected, capture)| wrong_of(row.capture, twin, *expected, capture)).collect()
}

/// What is wrong with the first cause of a capture's one diagnosis, if anything.
fn wrong_of(name: &str, twin: &str, expected: Top, capture: &Value) -> Option<String> {
    let analysis = analyzed(capture);
    let [diagnosis] = &*analysis.diagnoses else {
        return Some(format!("{name} ({twin}): {} diagnoses instead of one", analysis.diagnoses.len()));
    };
    let first = diagnosis.causes.first().unwrap();
    let right = (&*first.id, first.confidence) == (expected.0, expected.1);
    (!right).then(|| format!("{name} ({twin}): {} {}, deserves {expected}", first.id, first.confidence.name()))
}

impl fmt::Display for Top {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1.name())
    }
}

/// The verdict, and what failed: the code, the place and whether it was handled, without the cause.
fn failures(analysis: &Analysis) -> Vec<String> {
    let one = |diagnosis: &Diagnosis| {
        let code = diagnosis.code.map_or("no code".to_owned(), |code| code.to_string());
        format!("{code} handled {} at {:?} {:?}", diagnosis.is_handled(), diagnosis.tenant, diagnosis.client_id)
    };
    let verdict = analysis.verdict.name().to_owned();
    std::iter::once(verdict).chain(analysis.diagnoses.iter().map(one)).collect()
}

/// Everything that a diagnosis argues with.
fn findings(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    let of_causes = diagnosis.causes.iter().flat_map(|cause| cause.supporting.iter().chain(&cause.opposing));
    of_causes.chain(diagnosis.ruled_out.iter().flat_map(|out| &out.because))
}

/// A capture as JSON, if that is what it is.
fn plain(capture: &str) -> Option<Value> {
    serde_json::from_slice(&fixture(capture)).ok().filter(|capture: &Value| capture["log"]["entries"].is_array())
}

fn parsed(capture: &str) -> Value {
    plain(capture).unwrap_or_else(|| panic!("{capture} is no plain HAR"))
}

fn analyzed(capture: &Value) -> Analysis {
    match Capture::from_bytes(capture.to_string().into_bytes()) {
        Ok(capture) => analyze(&capture, &Knowledge::builtin()),
        Err(error) => panic!("{error}"),
    }
}

/// What Chrome and Edge write by default: without the cookies of either direction, as headers and as lists, and
/// without Authorization. Everything else stays.
fn sanitized(capture: &Value) -> Value {
    let mut capture = without_headers(capture, &["cookie", "authorization", "set-cookie"]);
    for message in messages(&mut capture) {
        message["cookies"] = json!([]);
    }
    capture
}

/// What a browser records that does not send Sec-Fetch-Storage-Access (Chromium before 133, Safari).
fn of_older_browser(capture: &Value) -> Value {
    without_headers(capture, &["sec-fetch-storage-access"])
}

/// The same with the cookies of every request withheld that a frame made across sites.
fn withheld(capture: &Value) -> Value {
    let mut capture = capture.clone();
    for request in messages(&mut capture) {
        let Some(headers) = request["headers"].as_array_mut() else { continue };
        let Some(access) = headers.iter_mut().find(|header| header["name"] == "sec-fetch-storage-access") else { continue };
        access["value"] = json!("none");
        headers.retain(|header| header["name"] != "cookie");
        request["cookies"] = json!([]);
    }
    capture
}

fn without_headers(capture: &Value, names: &[&str]) -> Value {
    let mut capture = capture.clone();
    for headers in messages(&mut capture).filter_map(|message| message["headers"].as_array_mut()) {
        headers.retain(|header| !names.iter().any(|name| header["name"].as_str().is_some_and(|is| is.eq_ignore_ascii_case(name))));
    }
    capture
}

/// Every request and every response.
fn messages(capture: &mut Value) -> impl Iterator<Item = &mut Value> {
    let entries = capture["log"]["entries"].as_array_mut().unwrap();
    let halves = entries.iter_mut().filter_map(Value::as_object_mut).flat_map(|entry| entry.iter_mut());
    halves.filter(|(name, _)| matches!(&***name, "request" | "response")).map(|(_, message)| message)
}
