//! Text that means nothing to Markdown, nor to HTML.
//!
//! What comes from a capture is always written as [`code`]: GitHub and Azure DevOps look for mentions, issue
//! numbers and addresses in the *rendered* text, where no backslash helps, but not inside code.

use crate::report::words::printable;
use crate::report::words::told::Told;
use std::fmt::Write;

/// What stands in a code span for itself, everywhere. Not here: backticks, which end it; bars, which end a cell;
/// angle brackets and ampersands, in case the span is not recognised; backslashes, which tables and spans disagree
/// about; brackets and other marks of Markdown, for the same reason as angle brackets.
const PLAIN: &str = " -_./:,;=+?%'\"()@#$…–—→“”·{}";

/// A value as code. One with unusual characters becomes an HTML element in which they are spelled as references:
/// these never structure Markdown (CommonMark 0.31, section 2.5), and HTML reads them the same.
pub(super) fn code(value: &str) -> String {
    let value = printable(value);
    let value = value.trim();
    if value.is_empty() {
        return "(empty)".to_owned();
    }
    if value.chars().all(|c| c.is_alphanumeric() || PLAIN.contains(c)) {
        return format!("`{value}`");
    }
    let mut text = String::from("<code>");
    for c in value.chars() {
        if c.is_ascii_punctuation() {
            // Writing to a string cannot fail.
            let _ = write!(text, "&#{};", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text + "</code>"
}

/// Our own words, and those of the knowledge files. Underscores inside words mean nothing in CommonMark.
pub(super) fn prose(text: &str) -> String {
    let text = printable(text);
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let within_word = before.is_some_and(char::is_alphanumeric) && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '#' | '$' => escaped.extend(['\\', c]),
            '_' if !within_word => escaped.extend(['\\', c]),
            // At the beginning of a block these begin a list or a rule.
            '-' | '+' | '=' if before.is_none() => escaped.extend(['\\', c]),
            '.' | ')' if escaped.bytes().all(|byte| byte.is_ascii_digit()) => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
        before = Some(c);
    }
    escaped
}

/// A sentence of our own, with the name in it as code.
pub(super) fn told(told: &Told<'_>) -> String {
    let Some(name) = told.name else { return prose(&told.before) };
    // The prose loses the spaces around it.
    let before = if told.before.ends_with(' ') { " " } else { "" };
    let after = if told.after.starts_with(' ') { " " } else { "" };
    format!("{}{before}{}{after}{}", prose(&told.before), code(name), prose(&told.after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_values_are_code_spans() {
        assert_eq!(code("007ec9a0-8507-4322-b326-ea4ff5b75ea8"), "`007ec9a0-8507-4322-b326-ea4ff5b75ea8`");
        assert_eq!(code("account 1 (…@contoso.example)"), "`account 1 (…@contoso.example)`");
        assert_eq!(code("Größe #2"), "`Größe #2`");
        assert_eq!(code(" \n"), "(empty)");
    }

    #[test]
    fn unusual_values_hold_no_mark_at_all() {
        let value = "a`b|c<script>&amp;[x](javascript:1)*_~!@team#1\\\u{202e}\n\u{1b}";
        let written = code(value);
        let inner = written.strip_prefix("<code>").and_then(|rest| rest.strip_suffix("</code>")).unwrap();
        let marks = inner.chars().filter(|c| c.is_ascii_punctuation()).filter(|c| !"&#;".contains(*c)).count();
        assert_eq!(marks, 0, "{written}");
        assert!(inner.split('&').skip(1).all(|part| part.starts_with('#')), "{written}");
        assert!(written.starts_with("<code>a&#96;b&#124;c&#60;script&#62;"), "{written}");
        assert!(!written.contains(|c: char| c.is_control() || c == '\u{202e}'), "{written}");
    }

    #[test]
    fn prose_keeps_its_words_and_loses_its_marks() {
        assert_eq!(prose("login_required, *bold* and _this_"), "login_required, \\*bold\\* and \\_this\\_");
        assert_eq!(prose("Tools > Options & <b>"), "Tools &gt; Options &amp; &lt;b&gt;");
        assert_eq!(prose("[x](javascript:1) | @me #1"), "\\[x\\](javascript:1) \\| &#64;me \\#1");
        assert_eq!(prose("- no list"), "\\- no list");
        assert_eq!(prose("12. no list. 3."), "12\\. no list. 3.");
    }
}
