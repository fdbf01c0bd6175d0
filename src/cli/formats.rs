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
    for kind in Kind::known_and_not_read() {
        writeln!(stdout, "  {}", kind.name())?;
        writeln!(stdout, "{}", filled(&format!("      {}", kind.advice().unwrap_or_default()), columns, 6))?;
    }
    writeln!(stdout, "\nHow to record a good capture: docs/capturing.md.")?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_refused_by_its_name_is_listed() {
        let mut list = Vec::new();
        run(&mut list).unwrap();
        let list = String::from_utf8(list).unwrap();
        let lines: Vec<&str> = list.lines().map(str::trim).collect();
        let missing: Vec<&str> = Kind::known_and_not_read().map(Kind::name).filter(|name| !lines.contains(name)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(lines.contains(&"Proxyman log") && lines.contains(&"Playwright trace"), "{list}");
    }
}
