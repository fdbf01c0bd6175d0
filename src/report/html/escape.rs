//! What text becomes on its way into a page.

use crate::report::words::steers;
use std::fmt::{self, Write};

/// Escapes markup, and writes `�` for what could steer a terminal or reorder what is read: control characters,
/// bidirectional marks, characters of no width. The templates use it for every value (`askama.toml`).
#[derive(Clone, Copy)]
pub(crate) struct Clean;

impl askama::filters::Escaper for Clean {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => page.write_str("&amp;")?,
                '<' => page.write_str("&lt;")?,
                '>' => page.write_str("&gt;")?,
                '"' => page.write_str("&quot;")?,
                '\'' => page.write_str("&#39;")?,
                '\n' => page.write_char(c)?,
                c if steers(c) => page.write_char('\u{fffd}')?,
                c => page.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use askama::filters::Escaper;

    fn written(text: &str) -> String {
        let mut page = String::new();
        Clean.write_escaped_str(&mut page, text).unwrap();
        page
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(written("<b a=\"1\" c='2'>&amp;"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
        assert_eq!(written("“Größe” – 東京 →"), "“Größe” – 東京 →");
    }

    #[test]
    fn what_steers_is_replaced() {
        assert_eq!(written("a\u{1b}[2J\u{202e}b\u{0}\r\u{feff}"), "a�[2J�b���");
        assert_eq!(written("two\nlines"), "two\nlines");
    }
}
