//! A comparison as a page: the two captures side by side.

use super::failure::fixes;
use super::{STYLE, policy};
use crate::compare::{Difference, Outcome, Pair};
use crate::entra::Evidence;
use crate::report::ComparisonReport;
use crate::report::words::compare::{
    CONTEXT, attempts, basis, by_role, capture, cause, caution, diagnosis, difference, explains_heading, heading, headline, left_out,
    not_shown, parting, shows_its_end, teaches_nothing,
};
use crate::report::words::confidence;
use crate::report::words::evidence::places;
use askama::Template;
use std::io;

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage<'a> {
    title: String,
    version: &'static str,
    policy: String,
    style: &'static str,
    script: &'static str,
    working: &'a str,
    failing: &'a str,
    working_is: String,
    failing_is: String,
    tone: &'static str,
    outcome: &'static str,
    headline: String,
    caution: Option<String>,
    pairs: Vec<PairView<'a>>,
    left_out: Vec<String>,
    context: Option<Table>,
}

/// One failure beside its counterpart.
struct PairView<'a> {
    heading: String,
    attempts: String,
    parting: Option<String>,
    working_fails: Option<String>,
    explains: Option<Explained>,
    cause: Option<CauseView<'a>>,
    tables: Vec<Table>,
    unknown: Vec<String>,
}

struct Explained {
    heading: String,
    statement: String,
    basis: Option<&'static str>,
    working: Vec<[String; 3]>,
    failing: Vec<[String; 3]>,
}

struct CauseView<'a> {
    id: &'a str,
    confidence: Option<&'static str>,
    summary: &'a str,
    fixes: Vec<(&'static str, Vec<&'a str>)>,
}

/// Differences of one role.
struct Table {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    statement: String,
    working: Vec<[String; 3]>,
    failing: Vec<[String; 3]>,
}

/// Renders a comparison, with a final line break.
///
/// # Errors
/// None is known: every part of the report can be written as text.
pub fn render_comparison(report: &ComparisonReport<'_>) -> io::Result<String> {
    let comparison = report.comparison;
    let outcome = comparison.outcome.name();
    let page = ComparePage {
        title: format!("{outcome}: {} and {} compared · entrace", report.working, report.failing),
        version: env!("CARGO_PKG_VERSION"),
        policy: policy(),
        style: STYLE,
        script: super::SCRIPT,
        working: report.working,
        failing: report.failing,
        working_is: capture(&comparison.working).to_string(),
        failing_is: capture(&comparison.failing).to_string(),
        tone: match comparison.outcome {
            Outcome::NothingFails if !shows_its_end(&comparison.failing) => "doubtful",
            Outcome::Explained | Outcome::NothingFails => "good",
            Outcome::NotExplained | Outcome::SameFailure | Outcome::BothFail | Outcome::Unrelated => "doubtful",
        },
        outcome,
        headline: headline(report),
        caution: caution(comparison),
        pairs: comparison.pairs.iter().filter_map(|pair| view(report, pair)).collect(),
        left_out: left_out(comparison),
        context: table(CONTEXT, &comparison.context),
    };
    Ok(format!("{}\n", page.render()?.trim_end()))
}

fn view<'a>(report: &ComparisonReport<'a>, pair: &'a Pair) -> Option<PairView<'a>> {
    let comparison = report.comparison;
    let explains = pair.explains.as_ref().map(|explains| Explained {
        heading: explains_heading(explains),
        statement: explains.statement.clone(),
        basis: basis(pair),
        working: places(&explains.working).rows,
        failing: places(&explains.failing).rows,
    });
    let cause = cause(comparison, pair).map(|cause| CauseView {
        id: &cause.id,
        confidence: confidence(cause),
        summary: &cause.summary,
        fixes: fixes(&cause.fixes),
    });
    Some(PairView {
        heading: heading(diagnosis(comparison, pair)?),
        attempts: attempts(comparison, pair),
        parting: parting(pair),
        working_fails: teaches_nothing(comparison, pair),
        explains,
        cause,
        tables: by_role(pair).into_iter().filter_map(|(title, differences)| table(title, &differences)).collect(),
        unknown: pair.unknown.iter().map(not_shown).collect(),
    })
}

fn table(title: &'static str, differences: &[Difference]) -> Option<Table> {
    let rows: Vec<Row> = differences.iter().map(row).collect();
    (!rows.is_empty()).then_some(Table { title, rows })
}

fn row(one: &Difference) -> Row {
    let rows = |evidence: &[Evidence]| places(evidence).rows;
    Row { statement: difference(one), working: rows(&one.working), failing: rows(&one.failing) }
}
