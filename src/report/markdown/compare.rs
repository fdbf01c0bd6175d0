//! A comparison for tickets and wikis: what explains the failure first, then what else differs.

use super::document::Document;
use super::escape::{code, prose, told};
use crate::analysis::Analysis;
use crate::compare::{Difference, Pair};
use crate::entra::Evidence;
use crate::report::words::compare::{
    CONTEXT, NOT_SHOWN, attempts, basis, by_role, capture, cause, caution, diagnosis, difference, explains_heading, heading, headline,
    left_out, not_shown, parting, teaches_nothing,
};
use crate::report::words::evidence::joined;
use crate::report::words::{audience, confidence, runs};
use crate::report::{ComparisonReport, labels};

/// Renders a comparison, with a final line break.
pub fn render_comparison(report: &ComparisonReport<'_>) -> String {
    let comparison = report.comparison;
    let mut document = Document::default();
    document.heading(1, "Sign-ins compared");
    let row = |side: &str, path: &str, about: &Analysis| [side.to_owned(), code(path), told(&capture(about))];
    document.table(
        ["Side", "Capture", "What it is"],
        [row("works", report.working, &comparison.working), row("fails", report.failing, &comparison.failing)],
    );
    document.block(&format!("**{}:** {}", comparison.outcome.name(), prose(&headline(report))));
    if let Some(caution) = caution(comparison) {
        document.block(&prose(&caution));
    }
    for pair in &comparison.pairs {
        write_pair(&mut document, report, pair);
    }
    let left_out: Vec<String> = left_out(comparison).iter().map(|line| prose(line)).collect();
    if !left_out.is_empty() {
        document.label("Without a counterpart");
        document.list(&left_out);
    }
    if !comparison.context.is_empty() {
        document.label(CONTEXT);
        write_differences(&mut document, &comparison.context);
    }
    document.block(concat!("entrace ", env!("CARGO_PKG_VERSION"), " · entries are counted from 0, in the order of each capture"));
    document.finish()
}

fn write_pair(document: &mut Document, report: &ComparisonReport<'_>, pair: &Pair) {
    let comparison = report.comparison;
    let Some(diagnosis) = diagnosis(comparison, pair) else { return };
    document.heading(2, &prose(&heading(diagnosis)));
    let parting = parting(pair).map(|parting| format!(" {}.", parting.replace('#', "entry "))).unwrap_or_default();
    document.block(&prose(&format!("{}.{parting}", attempts(comparison, pair))));
    if let Some(fails) = teaches_nothing(comparison, pair) {
        document.block(&prose(&format!("{fails}.")));
    }
    if let Some(explains) = &pair.explains {
        document.label(&prose(&explains_heading(explains)));
        document.block(&prose(&explains.statement));
        document.table(["Works", "Fails"], [[cell(&explains.working), cell(&explains.failing)]]);
        if let Some(basis) = basis(pair) {
            document.block(&prose(basis));
        }
    }
    if let Some(cause) = cause(comparison, pair) {
        let sure = confidence(cause).map(|word| format!(" ({word} by the failing capture)")).unwrap_or_default();
        document.block(&format!("**Cause:** {}{sure}: {}", code(&cause.id), prose(&cause.summary)));
        let fixes: Vec<String> = cause.fixes.iter().map(|fix| format!("**{}:** {}", audience(fix.who), prose(&fix.action))).collect();
        if !fixes.is_empty() {
            document.label(labels::TO_DO);
            document.list(&fixes);
        }
    }
    for (label, differences) in by_role(pair) {
        document.folded(label, |inner| write_differences(inner, &differences));
    }
    document.folded(NOT_SHOWN, |inner| {
        let lines: Vec<String> = pair.unknown.iter().map(|unknown| prose(&not_shown(unknown))).collect();
        inner.list(&lines);
    });
}

fn write_differences(document: &mut Document, differences: &[Difference]) {
    let row = |one: &Difference| [prose(&difference(one)), cell(&one.working), cell(&one.failing)];
    document.table(["Difference", "Works", "Fails"], differences.iter().map(row));
}

/// Places in a cell of a table.
fn cell(evidence: &[Evidence]) -> String {
    let place = |place: &crate::report::words::evidence::Place<'_>| {
        let shown = place.excerpt.map_or_else(|| "not there".to_owned(), code);
        format!("entry {}, {}: {shown}", runs(3, &place.entries), code(place.part))
    };
    joined(evidence).iter().take(3).map(place).collect::<Vec<_>>().join("; ")
}
