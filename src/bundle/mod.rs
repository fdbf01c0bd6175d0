//! What a ticket needs, put together: the reports and the redacted capture. All of it is made from the redacted
//! capture, so that the reports show nothing that the capture beside them does not.

mod archive;

pub(crate) use archive::zipped;

use crate::analysis::analyze;
use crate::capture::Capture;
use crate::knowledge::Knowledge;
use crate::redact::{Receipt, Redacted};
use crate::report::{CaptureReport, html, json, markdown, printable};
use std::io;

/// A file of the bundle.
pub(crate) struct Member {
    /// Its name. None is taken from the capture's, so none can say anything about it.
    pub(crate) name: &'static str,
    /// What it is, in a few words.
    pub(crate) what: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The files, the one to be read first at the beginning.
///
/// # Errors
/// When the redacted capture cannot be read or a report not be rendered. Neither is known to happen.
pub(crate) fn members(redacted: Redacted, capture: &str, knowledge: &Knowledge) -> io::Result<Vec<Member>> {
    let name = redacted.replaced_in(capture);
    let Redacted { har, receipt, .. } = redacted;
    let analysis = analyze(&Capture::from_bytes(har.clone()).map_err(io::Error::other)?, knowledge);
    let reports = [CaptureReport::new(&name, Ok(&analysis))];
    let mut members = vec![
        Member { name: "report.html", what: "the report, for a browser", bytes: html::render(&reports)?.into() },
        Member { name: "report.md", what: "the same, to be pasted into a ticket", bytes: markdown::render(&reports).into() },
        Member { name: "report.json", what: "the same, for programs", bytes: json::render(&reports)?.into() },
        Member { name: HAR, what: "the recorded traffic, redacted", bytes: har },
        Member { name: "receipt.json", what: "what was replaced in it, and what was kept", bytes: serde_json::to_vec_pretty(&receipt)? },
    ];
    let readme = readme(&name, &receipt, &members);
    members.insert(0, Member { name: "README.txt", what: "what each file is", bytes: readme.into() });
    Ok(members)
}

/// The redacted capture.
const HAR: &str = "redacted.har";

/// The files, a line each.
pub(crate) fn list(members: &[Member]) -> impl Iterator<Item = String> {
    members.iter().map(|member| format!("{:<14}{}", member.name, member.what))
}

fn readme(capture: &str, receipt: &Receipt, members: &[Member]) -> String {
    let files: String = list(members).map(|line| format!("  {line}\n")).collect();
    format!(
        "A recorded sign-in and what entrace {version} says of it
Capture: {capture}

{files}
In redacted.har placeholders stand for what must not leave: passwords, codes, tokens, values
of cookies, names and addresses of people. The same value has the same placeholder everywhere.
receipt.json counts them by kind, and says which options were chosen and what was kept.

The reports were made from redacted.har, not from the original, so they show nothing that is
not in it. Entry numbers are those of redacted.har, counted from 0.

SHA-256 of redacted.har:
{hash}
",
        version = receipt.version,
        capture = printable(capture),
        hash = receipt.sha256.as_deref().unwrap_or_default(),
    )
}
