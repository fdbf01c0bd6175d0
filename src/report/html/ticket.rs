//! The facts of one failure as plain text, to be pasted into a ticket.

use crate::analysis::Analysis;
use crate::diagnosis::Diagnosis;
use crate::report::words::verdict::{in_one_sentence, recorder};
use crate::report::words::{audience, handled, printable, sentence};

/// One fact a line, then what to do.
pub(super) fn write(analysis: &Analysis, diagnosis: &Diagnosis, facts: &[(&'static str, String)]) -> String {
    let mut lines = vec![sentence(&in_one_sentence(diagnosis))];
    lines.extend(handled::told(diagnosis).map(str::to_owned));
    lines.push(String::new());
    lines.extend(diagnosis.error.map(|error| format!("Error: {error}")));
    lines.extend(facts.iter().map(|(label, value)| format!("{label}: {value}")));
    lines.push(format!("Capture: {}", recorder(analysis)));
    let fixes = diagnosis.causes.first().map(|cause| cause.fixes.as_slice()).unwrap_or_default();
    if !fixes.is_empty() {
        lines.push(String::new());
        lines.extend(fixes.iter().map(|fix| format!("{}: {}", audience(fix.who), fix.action)));
    }
    // A value must not look like a line of its own.
    lines.iter().map(|line| printable(line)).collect::<Vec<_>>().join("\n")
}
