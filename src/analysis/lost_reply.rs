//! What is said of a sign-in whose last reply is not in the capture: which one it is, and how to record it.

use crate::capture::Exporter;
use crate::signin::LostReply;

/// Which reply is missing, and how to record it with the program that wrote the capture.
pub(super) fn sentence(lost: LostReply, exporter: Exporter) -> String {
    let entry = lost.entry;
    let missing = match lost.answers_password {
        true => format!(
            "A password was posted in entry {entry}, and the body of the reply to it is not in the capture, so it cannot tell whether the password was taken."
        ),
        false => {
            format!("The body of the reply to entry {entry} is not in the capture, so it cannot tell whether it was a page or an error.")
        }
    };
    format!("{missing} {}", how(exporter))
}

/// How to record bodies.
fn how(exporter: Exporter) -> &'static str {
    match exporter {
        // Its HAR export has a preference for the longest text, which is low unless somebody raised it.
        Exporter::Fiddler => "Save the sessions in Fiddler as SAZ: its HAR export leaves out texts above a length.",
        Exporter::ChromiumNetLog => "Record the log again with “Include raw bytes” chosen on the net-export page.",
        Exporter::ChromiumDevTools => {
            "Chromium drops the body of a page when its tab goes on: export while the page is still shown, or record a NetLog with “Include raw \
             bytes”, or with a proxy, which keep every body."
        }
        Exporter::Playwright => "Record with content: 'embed' or 'attach', and without mode: 'minimal'.",
        _ => "Record the sign-in again with the bodies of replies; docs/capturing.md says which programs keep them.",
    }
}
