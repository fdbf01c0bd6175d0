//! A comparison for people: what explains the failure first, then what else differs.

use super::columns::Columns;
use super::page::{Page, Tone};
use super::{NARROWEST, Options, WIDEST};
use crate::compare::{Difference, Outcome, Pair};
use crate::entra::Evidence;
use crate::report::words::compare::{
    CONTEXT, FAILS, NOT_SHOWN, WORKS, attempts, basis, by_role, capture, cause, caution, diagnosis, difference, explains_heading, heading,
    headline, left_out, not_shown, parting, shows_its_end, teaches_nothing,
};
use crate::report::words::evidence::places;
use crate::report::words::{audience, confidence};
use crate::report::{ComparisonReport, labels};

/// How far a pair stands in from its number.
const INDENT: usize = 3;

/// Renders a comparison, with a final line break.
pub fn render_comparison(report: &ComparisonReport<'_>, options: &Options) -> String {
    let mut page = Page::new(options.width.clamp(NARROWEST, WIDEST), options.color);
    let comparison = report.comparison;
    let working = format!("{} ({})", report.working, capture(&comparison.working));
    let failing = format!("{} ({})", report.failing, capture(&comparison.failing));
    page.fields(0, [("Works:", working.as_str()), ("Fails:", failing.as_str())]);
    page.blank();
    let tone = match comparison.outcome {
        Outcome::NothingFails if !shows_its_end(&comparison.failing) => Tone::Doubtful,
        Outcome::Explained | Outcome::NothingFails => Tone::Good,
        Outcome::NotExplained | Outcome::SameFailure | Outcome::BothFail | Outcome::Unrelated => Tone::Doubtful,
    };
    page.entry(0, (tone, &format!("{}:", comparison.outcome.name())), &headline(report));
    if let Some(caution) = caution(comparison) {
        page.paragraph(0, &caution);
    }
    for (at, pair) in comparison.pairs.iter().enumerate() {
        page.blank();
        write_pair(&mut page, report, at + 1, pair);
    }
    let left_out = left_out(comparison);
    if !left_out.is_empty() {
        page.blank();
        page.line(0, &[(Tone::Label, "Without a counterpart")]);
        left_out.iter().for_each(|line| page.item(2, "-", line));
    }
    if !comparison.context.is_empty() {
        page.blank();
        page.line(0, &[(Tone::Label, CONTEXT)]);
        write_differences(&mut page, 2, &comparison.context);
    }
    page.take()
}

fn write_pair(page: &mut Page, report: &ComparisonReport<'_>, number: usize, pair: &Pair) {
    let comparison = report.comparison;
    let Some(diagnosis) = diagnosis(comparison, pair) else { return };
    page.entry(0, (Tone::Bad, &format!("{number}.")), &heading(diagnosis));
    page.paragraph(INDENT, &format!("{}.", attempts(comparison, pair)));
    for told in [parting(pair), teaches_nothing(comparison, pair)].into_iter().flatten() {
        page.paragraph(INDENT, &format!("{told}."));
    }
    page.blank();
    if let Some(explains) = &pair.explains {
        page.line(INDENT, &[(Tone::Label, &explains_heading(explains))]);
        page.paragraph(INDENT + 2, &explains.statement);
        write_places(page, INDENT + 4, &explains.working, &explains.failing);
        if let Some(basis) = basis(pair) {
            page.paragraph(INDENT + 2, basis);
        }
        page.blank();
    }
    if let Some(cause) = cause(comparison, pair) {
        let sure = confidence(cause).map(|word| format!(" ({word} by the failing capture)")).unwrap_or_default();
        page.line(INDENT, &[(Tone::Label, "Cause: "), (Tone::Id, &cause.id), (Tone::Plain, &sure)]);
        page.paragraph(INDENT + 2, &cause.summary);
        if !cause.fixes.is_empty() {
            page.blank();
            page.line(INDENT, &[(Tone::Label, labels::TO_DO)]);
            page.fields(INDENT + 2, cause.fixes.iter().map(|fix| (audience(fix.who), fix.action.as_str())));
        }
    }
    for (label, differences) in by_role(pair) {
        page.blank();
        page.line(INDENT, &[(Tone::Label, label)]);
        write_differences(page, INDENT + 2, &differences);
    }
    if !pair.unknown.is_empty() {
        page.blank();
        page.line(INDENT, &[(Tone::Label, NOT_SHOWN)]);
        pair.unknown.iter().for_each(|unknown| page.item(INDENT + 2, "-", &not_shown(unknown)));
    }
}

fn write_differences(page: &mut Page, indent: usize, differences: &[Difference]) {
    for one in differences {
        page.item(indent, "-", &difference(one));
        write_places(page, indent + 2, &one.working, &one.failing);
    }
}

fn write_places(page: &mut Page, indent: usize, working: &[Evidence], failing: &[Evidence]) {
    let of_side = |side: &str, evidence: &[Evidence]| -> Vec<[String; 4]> {
        places(evidence).rows.into_iter().map(|[entry, part, shown]| [side.to_owned(), entry, part, shown]).collect()
    };
    let rows = [of_side(WORKS, working), of_side(FAILS, failing)].concat();
    let columns = Columns::fit(&rows, page.room(indent));
    page.rows(indent, &columns, &rows);
}
