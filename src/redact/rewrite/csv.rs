//! Values that a line of names stands above, parted by commas, semicolons, tabs or bars (RFC 4180).

use super::Rewriter;
use super::spliced::Spliced;
use super::tables::{counts, is_of_a_person};
use crate::redact::names::{self, Meaning};
use std::ops::Range;

/// The longest line of names, in bytes.
const LONGEST: usize = 8 << 10;

/// What parts the values.
const MARKS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Rewriter<'_> {
    /// The columns whose names say what they hold; `None` for what has none.
    pub(super) fn columns(&mut self, text: &str) -> Option<String> {
        let (mark, columns) = heading(text)?;
        let mut spliced = Spliced::new(text);
        let mut at = 0;
        let mut is_heading = true;
        while at < text.len() && !self.gives_up() {
            let (values, end) = record(text, at, mark);
            at = end;
            if std::mem::take(&mut is_heading) {
                continue;
            }
            for (place, meaning) in values.into_iter().zip(&columns) {
                let Some(meaning) = *meaning else { continue };
                let value = text.get(place.clone()).unwrap_or_default();
                let plain = value.replace("\"\"", "\"");
                let changed = self.meaning(meaning, &plain);
                if changed != plain {
                    spliced.put(place, &changed);
                }
            }
        }
        spliced.end()
    }
}

/// What parts the values of a text, and what its columns are by their names.
fn heading(text: &str) -> Option<(u8, Vec<Option<Meaning>>)> {
    let start = text.get(..LONGEST).unwrap_or(text);
    let line = start.get(..memchr::memchr2(b'\n', b'\r', start.as_bytes())?)?.trim_start_matches('\u{FEFF}');
    let is_of_name = |c: char| c.is_alphanumeric() || " _-./#:()@\"".contains(c);
    let mark = *MARKS.iter().max_by_key(|mark| memchr::memchr_iter(**mark, line.as_bytes()).count())?;
    if !line.chars().all(|c| is_of_name(c) || c == char::from(mark)) {
        return None;
    }
    let names: Vec<Meaning> = line.split(char::from(mark)).map(|name| names::of_field(name.trim().trim_matches('"'))).collect();
    let tells_of_a_person = names.iter().any(|meaning| is_of_a_person(*meaning));
    let columns: Vec<Option<Meaning>> = names.into_iter().map(|meaning| counts(meaning, tells_of_a_person)).collect();
    let is_one = columns.len() > 1 && columns.iter().any(Option::is_some);
    // Sentences have commas too.
    let (first, end) = record(text, 0, mark);
    is_one.then(|| record(text, end, mark).0.len() == first.len()).filter(|is_one| *is_one).map(|_| (mark, columns))
}

/// Where the values of a line stand, without the quotation marks around them, and where the next line begins.
fn record(text: &str, start: usize, mark: u8) -> (Vec<Range<usize>>, usize) {
    let bytes = text.as_bytes();
    let mut values = Vec::new();
    let mut at = start;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let place = match rest.strip_prefix(b"\"") {
            Some(quoted) => at + 1..at + 1 + closing(quoted),
            None => at..at + rest.iter().position(|byte| *byte == mark || matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len()),
        };
        let end = place.end;
        values.push(place);
        // Behind the closing quotation mark.
        let rest = bytes.get(end..).unwrap_or_default();
        let next = end + rest.iter().position(|byte| *byte == mark || matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        match bytes.get(next) {
            Some(byte) if *byte == mark => at = next + 1,
            Some(_) => {
                return (
                    values,
                    next + bytes
                        .get(next..)
                        .unwrap_or_default()
                        .iter()
                        .take_while(|byte| byte.is_ascii_whitespace() && **byte != mark)
                        .count(),
                );
            }
            None => return (values, bytes.len()),
        }
    }
}

/// Where the quotation mark stands that closes a value: two of them are one that is part of it.
fn closing(quoted: &[u8]) -> usize {
    let mut marks = memchr::memchr_iter(b'"', quoted).peekable();
    while let Some(at) = marks.next() {
        if marks.next_if_eq(&(at + 1)).is_none() {
            return at;
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn columns(text: &str) -> Option<String> {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).columns(text)
    }

    #[test]
    fn columns_by_their_names() {
        for (text, expected) in [
            (
                "id,Name,E-mail,Password\r\n1,Zelda,,hT9\r\n2,\"Q, \"\"Z\"\"\",,hT8\r\n",
                "id,Name,E-mail,Password\r\n1,redacted-name-1,,redacted-password-1\r\n2,\"redacted-name-2\",,redacted-password-2\r\n",
            ),
            (
                "\u{FEFF}\"Display name\";\"Mobile phone\"\n\"Zelda Q\";0171 55\n",
                "\u{FEFF}\"Display name\";\"Mobile phone\"\n\"redacted-name-1\";redacted-phone-1\n",
            ),
            ("user\ttoken\nzquist\tk3jx9q\n", "user\ttoken\nredacted-login-hint-1\tredacted-token-1\n"),
        ] {
            assert_eq!(columns(text).as_deref(), Some(expected), "{text}");
            assert_eq!(columns(expected), None, "{expected}");
        }
    }

    #[test]
    fn what_has_no_columns_stays() {
        for text in [
            "name,size\nreport.pdf,12\n",
            "Enter user, password\nand go\n",
            "if(user,password){\nx,y\n",
            "user,password",
            "password\nhT9\n",
            "",
            "\n\n",
        ] {
            assert_eq!(columns(text), None, "{text}");
        }
    }
}
