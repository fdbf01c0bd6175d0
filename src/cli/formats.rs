//! `entrace formats`: which files are read, and what to do with those that are not.

use super::terminal::{columns, filled};
use crate::capture::Kind;
use std::io::{self, Write};
use std::process::ExitCode;

/// What is read: what it is called, and what makes such a file.
const READ: &[(&str, &str)] = &[
    ("HAR 1.1 to 1.3", "the network tools of Chrome, Edge, Firefox and Safari; Playwright, mitmproxy, Charles, Fiddler and others"),
    ("SAZ", "Fiddler Classic and Everywhere; encrypted ones with --password-file, ENTRACE_PASSWORD or the prompt"),
    ("NetLog", "chrome://net-export and edge://net-export; alone says which cookies the browser withheld, and why"),
    ("flow file", "mitmproxy and mitmdump"),
    ("Charles JSON", "Charles: File > Export Session > JSON Session File (.chlsj)"),
    ("Burp XML", "Burp Suite: Save items, with requests and responses in base64"),
    ("SAML-tracer", "the browser extension SAML-tracer: Export, best without its filters; it has no pages, which say why"),
    (
        "MSAL log",
        "the browser's console, an application's log or JSON errors of MSAL; errors without traffic, also beside a capture with --msal-log",
    ),
    ("in a wrapper", "zip (one capture or several), gzip, Zstandard, zlib (mitmproxy's .zhar), text in UTF-16; wrappers in wrappers too"),
];

/// What is recognised and not read.
const NOT_READ: &[Kind] = &[
    Kind::CharlesXml,
    Kind::CharlesSession,
    Kind::XmlHar,
    Kind::PacketCapture,
    Kind::SevenZip,
    Kind::SignInLog,
    Kind::Html,
    Kind::LfsPointer,
];

/// Writes both lists.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn run(stdout: &mut dyn Write) -> io::Result<ExitCode> {
    let columns = columns(&io::stdout());
    writeln!(stdout, "entrace reads these, whatever the file is called:")?;
    for (name, made_by) in READ {
        writeln!(stdout, "{}", filled(&format!("  {name:<15} {made_by}"), columns, 18))?;
    }
    writeln!(stdout, "\nIt knows these and says what to do instead:")?;
    for kind in NOT_READ {
        writeln!(stdout, "  {}", kind.name())?;
        writeln!(stdout, "{}", filled(&format!("      {}", kind.advice().unwrap_or_default()), columns, 6))?;
    }
    writeln!(stdout, "\nHow to record a good capture: docs/capturing.md.")?;
    Ok(ExitCode::SUCCESS)
}
