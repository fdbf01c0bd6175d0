//! `entrace/diagnose/1`: the frozen contract, apart from internal types. Changes here are additive only.
//!
//! Every field is described in `docs/json.md`.

use crate::analysis::{Analysis, AttemptSummary, Inconclusive, MsalLogSummary, SignInLogSummary, UnmatchedError};
use crate::capture::Warning;
use crate::diagnosis::{Diagnosis, Finding, Logged, LoggedError, LoggedRow, Occurrence, RankedCause, RuledOut, Unknown};
use crate::entra::{Evidence, LogKind, Part, Recording};
use crate::knowledge::Fix;
use crate::msal_log::{self, MsalLogFile};
use crate::report::CaptureReport;
use crate::sign_in_log::{self, SignInLogFile};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use std::borrow::Cow;

pub(super) const SCHEMA: &str = "entrace/diagnose/1";

#[derive(Serialize)]
pub(in crate::report) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// What a capture is and came to as a whole, before its attempts: the same in `diagnose` and `timeline`.
#[derive(Serialize)]
pub(super) struct HeadV1<'a> {
    path: &'a str,
    format: Option<&'static str>,
    creator: Option<&'a str>,
    redacted: bool,
    error: Option<String>,
    exchanges: usize,
    entra_exchanges: usize,
    recording: Option<RecordingV1>,
    verdict: Option<&'static str>,
    inconclusive: Option<Cow<'static, str>>,
    warnings: Vec<WarningV1<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct CaptureV1<'a> {
    #[serde(flatten)]
    head: HeadV1<'a>,
    attempts: Vec<AttemptV1<'a>>,
    diagnoses: Vec<DiagnosisV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_log: Option<SignInLogV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    msal_log: Option<MsalLogV1<'a>>,
}

#[derive(Serialize)]
struct MsalLogV1<'a> {
    logs: Vec<MsalLogFileV1<'a>>,
    joined: usize,
    ambiguous: usize,
    not_found: usize,
    unmatched: Vec<UnmatchedErrorV1<'a>>,
}

#[derive(Serialize)]
struct MsalLogFileV1<'a> {
    path: &'a str,
    library: Option<&'static str>,
    version: Option<&'a str>,
    errors: usize,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct UnmatchedErrorV1<'a> {
    code: Option<String>,
    error: Option<&'static str>,
    count: usize,
    log: &'a str,
    row: usize,
    correlation_id: Option<&'a str>,
    trace_id: Option<&'a str>,
    timestamp: Option<String>,
}

#[derive(Serialize)]
struct SignInLogV1<'a> {
    logs: Vec<LogV1<'a>>,
    joined: usize,
    ambiguous: usize,
    not_found: usize,
    unmatched: Vec<UnmatchedV1>,
}

#[derive(Serialize)]
struct LogV1<'a> {
    path: &'a str,
    format: &'static str,
    rows: usize,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct UnmatchedV1 {
    code: String,
    count: usize,
}

#[derive(Serialize)]
struct RecordingV1 {
    cookies: &'static str,
    response_bodies: &'static str,
    request_bodies: &'static str,
    fragments: &'static str,
    frames: &'static str,
    because: BecauseV1,
}

#[derive(Serialize)]
struct BecauseV1 {
    request_cookies: ReasonV1,
    response_cookies: ReasonV1,
    authorization: ReasonV1,
    response_bodies: ReasonV1,
    request_bodies: ReasonV1,
    fragments: ReasonV1,
    frames: ReasonV1,
}

#[derive(Serialize)]
struct ReasonV1 {
    coverage: &'static str,
    reason: &'static str,
    entry: Option<usize>,
}

#[derive(Serialize)]
struct WarningV1<'a> {
    entry: Option<usize>,
    message: &'a str,
}

#[derive(Serialize)]
struct AttemptV1<'a> {
    id: usize,
    kind: &'static str,
    tenant: Option<&'a str>,
    client_id: Option<&'a str>,
    client: Option<&'a str>,
    outcome: &'static str,
    entries: &'a [usize],
}

#[derive(Serialize)]
struct DiagnosisV1<'a> {
    id: usize,
    code: Option<String>,
    symptom: Option<&'static str>,
    also: Vec<String>,
    error: Option<&'static str>,
    title: &'a str,
    meaning: Option<&'a str>,
    usual: &'a [String],
    severity: &'static str,
    handled: bool,
    attempts: &'a [usize],
    triggered_by: Option<usize>,
    tenant: Option<&'a str>,
    resolved_tenant: Option<&'a str>,
    client_id: Option<&'a str>,
    client: Option<&'a str>,
    correlation_id: Option<&'a str>,
    trace_id: Option<&'a str>,
    timestamp: Option<String>,
    occurrences: Vec<OccurrenceV1<'a>>,
    causes: Vec<CauseV1<'a>>,
    ruled_out: Vec<RuledOutV1<'a>>,
    next: &'a str,
}

#[derive(Serialize)]
struct OccurrenceV1<'a> {
    entry: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    part: &'a str,
    correlation_id: Option<&'a str>,
    trace_id: Option<&'a str>,
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_log: Option<LoggedV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    msal_log: Option<LoggedByMsalV1<'a>>,
}

#[derive(Serialize)]
struct LoggedByMsalV1<'a> {
    joined: &'static str,
    by: Option<&'static str>,
    log: Option<&'a str>,
    row: Option<usize>,
    rows: Option<usize>,
    code: Option<String>,
    error: Option<&'static str>,
}

#[derive(Serialize)]
struct LoggedV1<'a> {
    joined: &'static str,
    by: Option<&'static str>,
    log: Option<&'a str>,
    row: Option<usize>,
    rows: Option<usize>,
    code: Option<String>,
}

#[derive(Serialize)]
struct CauseV1<'a> {
    id: &'a str,
    confidence: &'static str,
    summary: &'a str,
    #[serde(rename = "for")]
    supporting: Vec<FindingV1<'a>>,
    against: Vec<FindingV1<'a>>,
    unknown: Vec<UnknownV1<'a>>,
    fixes: Vec<FixV1<'a>>,
    references: &'a [String],
}

#[derive(Serialize)]
struct RuledOutV1<'a> {
    id: &'a str,
    because: Vec<FindingV1<'a>>,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    check: &'static str,
    claim: &'static str,
    seen: bool,
    statement: &'a str,
    evidence: Vec<EvidenceV1<'a>>,
}

#[derive(Serialize)]
pub(super) struct EvidenceV1<'a> {
    entry: usize,
    part: &'a str,
    excerpt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
}

#[derive(Serialize)]
struct UnknownV1<'a> {
    check: &'static str,
    claim: &'static str,
    why: &'a str,
}

#[derive(Serialize)]
pub(super) struct FixV1<'a> {
    who: &'static str,
    #[serde(rename = "do")]
    action: &'a str,
}

impl Tool {
    /// The program as it is.
    pub(in crate::report) fn this() -> Self {
        Self { name: "entrace", version: env!("CARGO_PKG_VERSION") }
    }
}

impl<'a> HeadV1<'a> {
    pub(super) fn new(report: &'a CaptureReport<'a>) -> Self {
        match &report.outcome {
            Ok(analysis) => Self::read(report.path, analysis),
            Err(error) => Self::unreadable(report.path, error.to_string()),
        }
    }

    fn read(path: &'a str, analysis: &'a Analysis) -> Self {
        Self {
            path,
            format: Some(analysis.format.name()),
            creator: analysis.creator.as_deref(),
            redacted: analysis.redacted,
            error: None,
            exchanges: analysis.entries,
            entra_exchanges: analysis.sign_in_exchanges,
            recording: Some(RecordingV1::new(&analysis.recording)),
            verdict: Some(analysis.verdict.name()),
            inconclusive: analysis.verdict.inconclusive().map(Inconclusive::sentence),
            warnings: analysis.warnings.iter().map(WarningV1::new).collect(),
        }
    }

    fn unreadable(path: &'a str, error: String) -> Self {
        Self {
            path,
            format: None,
            creator: None,
            redacted: false,
            error: Some(error),
            exchanges: 0,
            entra_exchanges: 0,
            recording: None,
            verdict: None,
            inconclusive: None,
            warnings: Vec::new(),
        }
    }
}

impl<'a> CaptureV1<'a> {
    pub(in crate::report) fn new(report: &'a CaptureReport<'a>) -> Self {
        let analysis = report.outcome.as_ref().ok();
        Self {
            head: HeadV1::new(report),
            attempts: analysis.map(|analysis| analysis.attempts.iter().map(AttemptV1::new).collect()).unwrap_or_default(),
            diagnoses: analysis.map(|analysis| analysis.diagnoses.iter().map(DiagnosisV1::new).collect()).unwrap_or_default(),
            sign_in_log: analysis.and_then(|analysis| analysis.sign_in_log.as_ref()).map(SignInLogV1::new),
            msal_log: analysis.and_then(|analysis| analysis.msal_log.as_ref()).map(MsalLogV1::new),
        }
    }
}

impl RecordingV1 {
    pub(super) fn new(recording: &Recording) -> Self {
        let reason = |part: &Part| ReasonV1 { coverage: part.coverage.name(), reason: part.because, entry: part.entry };
        Self {
            cookies: recording.cookies().name(),
            response_bodies: recording.response_bodies.coverage.name(),
            request_bodies: recording.request_bodies.coverage.name(),
            fragments: recording.fragments.coverage.name(),
            frames: recording.frames.coverage.name(),
            because: BecauseV1 {
                request_cookies: reason(&recording.request_cookies),
                response_cookies: reason(&recording.response_cookies),
                authorization: reason(&recording.authorization),
                response_bodies: reason(&recording.response_bodies),
                request_bodies: reason(&recording.request_bodies),
                fragments: reason(&recording.fragments),
                frames: reason(&recording.frames),
            },
        }
    }
}

impl<'a> WarningV1<'a> {
    pub(super) fn new(warning: &'a Warning) -> Self {
        Self { entry: warning.entry, message: &warning.message }
    }
}

pub(in crate::report) fn time(time: Option<DateTime<Utc>>) -> Option<String> {
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

impl<'a> AttemptV1<'a> {
    fn new(attempt: &'a AttemptSummary) -> Self {
        Self {
            id: attempt.id,
            kind: attempt.kind.name(),
            tenant: attempt.tenant.as_deref(),
            client_id: attempt.client_id.as_deref(),
            client: attempt.client.as_deref(),
            outcome: attempt.outcome.name(),
            entries: &attempt.entries,
        }
    }
}

impl<'a> DiagnosisV1<'a> {
    fn new(diagnosis: &'a Diagnosis) -> Self {
        let first = diagnosis.occurrences.first();
        Self {
            id: diagnosis.id,
            code: diagnosis.code.map(|code| code.to_string()),
            symptom: diagnosis.symptom.map(|symptom| symptom.id()),
            also: diagnosis.also.iter().map(ToString::to_string).collect(),
            error: diagnosis.error,
            title: &diagnosis.title,
            meaning: diagnosis.meaning.as_deref(),
            usual: &diagnosis.usual,
            severity: diagnosis.severity.name(),
            handled: diagnosis.is_handled(),
            attempts: &diagnosis.attempts,
            triggered_by: diagnosis.triggered_by,
            tenant: diagnosis.tenant.as_deref(),
            resolved_tenant: diagnosis.resolved_tenant.as_ref().map(|id| id.as_str()),
            client_id: diagnosis.client_id.as_deref(),
            client: diagnosis.client.as_deref(),
            correlation_id: first.and_then(|first| first.correlation_id.as_ref()).map(|id| id.as_str()),
            trace_id: first.and_then(|first| first.trace_id.as_ref()).map(|id| id.as_str()),
            timestamp: time(first.and_then(|first| first.timestamp)),
            occurrences: diagnosis.occurrences.iter().map(OccurrenceV1::new).collect(),
            causes: diagnosis.causes.iter().map(CauseV1::new).collect(),
            ruled_out: diagnosis.ruled_out.iter().map(RuledOutV1::new).collect(),
            next: &diagnosis.next,
        }
    }
}

impl<'a> OccurrenceV1<'a> {
    fn new(occurrence: &'a Occurrence) -> Self {
        Self {
            entry: occurrence.entry,
            label: occurrence.label.as_deref(),
            part: &occurrence.part,
            correlation_id: occurrence.correlation_id.as_ref().map(|id| id.as_str()),
            trace_id: occurrence.trace_id.as_ref().map(|id| id.as_str()),
            timestamp: time(occurrence.timestamp),
            sign_in_log: occurrence.logged.as_ref().map(LoggedV1::new),
            msal_log: occurrence.logged_by_msal.as_ref().map(LoggedByMsalV1::new),
        }
    }
}

impl<'a> LoggedV1<'a> {
    fn new(logged: &'a Logged<LoggedRow, sign_in_log::By>) -> Self {
        let none = Self { joined: "no", by: None, log: None, row: None, rows: None, code: None };
        match logged {
            Logged::At { by, log, place } => Self {
                joined: "yes",
                by: Some(by.name()),
                log: Some(log),
                row: Some(place.row),
                code: place.code.map(|code| code.to_string()),
                ..none
            },
            Logged::Several { count, by } => Self { joined: "ambiguous", by: Some(by.name()), rows: Some(*count), ..none },
            Logged::Nowhere => none,
        }
    }
}

impl<'a> LoggedByMsalV1<'a> {
    fn new(logged: &'a Logged<LoggedError, msal_log::By>) -> Self {
        let none = Self { joined: "no", by: None, log: None, row: None, rows: None, code: None, error: None };
        match logged {
            Logged::At { by, log, place } => Self {
                joined: "yes",
                by: Some(by.name()),
                log: Some(log),
                row: Some(place.number),
                code: place.code.map(|code| code.to_string()),
                error: place.error,
                ..none
            },
            Logged::Several { count, by } => Self { joined: "ambiguous", by: Some(by.name()), rows: Some(*count), ..none },
            Logged::Nowhere => none,
        }
    }
}

impl<'a> MsalLogV1<'a> {
    fn new(summary: &'a MsalLogSummary) -> Self {
        let log = |log: &'a MsalLogFile| MsalLogFileV1 {
            path: &log.path,
            library: log.library.as_ref().map(|library| library.name),
            version: log.library.as_ref().and_then(|library| library.version.as_deref()),
            errors: log.errors,
            warnings: &log.warnings,
        };
        let unmatched = |error: &'a UnmatchedError| UnmatchedErrorV1 {
            code: error.code.map(|code| code.to_string()),
            error: error.error,
            count: error.count,
            log: &error.log,
            row: error.row,
            correlation_id: error.correlation_id.as_ref().map(|id| id.as_str()),
            trace_id: error.trace_id.as_ref().map(|id| id.as_str()),
            timestamp: time(error.timestamp),
        };
        Self {
            logs: summary.logs.iter().map(log).collect(),
            joined: summary.tally.joined,
            ambiguous: summary.tally.ambiguous,
            not_found: summary.tally.not_found,
            unmatched: summary.unmatched.iter().map(unmatched).collect(),
        }
    }
}

impl<'a> SignInLogV1<'a> {
    fn new(summary: &'a SignInLogSummary) -> Self {
        let log = |log: &'a SignInLogFile| LogV1 { path: &log.path, format: log.format.name(), rows: log.rows, warnings: &log.warnings };
        Self {
            logs: summary.logs.iter().map(log).collect(),
            joined: summary.tally.joined,
            ambiguous: summary.tally.ambiguous,
            not_found: summary.tally.not_found,
            unmatched: summary.unmatched.iter().map(|(code, count)| UnmatchedV1 { code: code.to_string(), count: *count }).collect(),
        }
    }
}

impl<'a> CauseV1<'a> {
    fn new(cause: &'a RankedCause) -> Self {
        Self {
            id: &cause.id,
            confidence: cause.confidence.name(),
            summary: &cause.summary,
            supporting: cause.supporting.iter().map(FindingV1::new).collect(),
            against: cause.opposing.iter().map(FindingV1::new).collect(),
            unknown: cause.unknown.iter().map(UnknownV1::new).collect(),
            fixes: cause.fixes.iter().map(FixV1::new).collect(),
            references: &cause.references,
        }
    }
}

impl<'a> RuledOutV1<'a> {
    fn new(out: &'a RuledOut) -> Self {
        Self { id: &out.id, because: out.because.iter().map(FindingV1::new).collect() }
    }
}

impl<'a> FindingV1<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            check: finding.check,
            claim: finding.claim,
            seen: finding.seen,
            statement: finding.statement,
            evidence: finding.evidence.iter().map(EvidenceV1::new).collect(),
        }
    }
}

impl<'a> EvidenceV1<'a> {
    pub(super) fn new(evidence: &'a Evidence) -> Self {
        let row = evidence.row();
        Self { entry: evidence.entry(), part: evidence.part(), excerpt: evidence.excerpt(), source: evidence.log().map(LogKind::name), row }
    }
}

impl<'a> UnknownV1<'a> {
    fn new(unknown: &'a Unknown) -> Self {
        Self { check: unknown.check, claim: unknown.claim, why: &unknown.why }
    }
}

impl<'a> FixV1<'a> {
    pub(super) fn new(fix: &'a Fix) -> Self {
        Self { who: fix.who.name(), action: &fix.action }
    }
}
