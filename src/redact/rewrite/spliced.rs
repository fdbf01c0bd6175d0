//! A text of which parts are replaced, from its beginning to its end.

use std::ops::Range;

/// The text, and what has come of it so far. As long as nothing was replaced nothing is copied.
pub(super) struct Spliced<'t> {
    text: &'t str,
    out: String,
    written: usize,
}

impl<'t> Spliced<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, out: String::new(), written: 0 }
    }

    /// Up to where the text is done with: the end of what was replaced last.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// Puts something in the place of a part. What stands between the last part and this one stays.
    pub(super) fn put(&mut self, place: Range<usize>, replacement: &str) {
        self.out.push_str(self.text.get(self.written..place.start).unwrap_or_default());
        self.out.push_str(replacement);
        self.written = place.end;
    }

    /// What has come of all of the text; `None` where nothing was replaced.
    pub(super) fn end(mut self) -> Option<String> {
        if self.written == 0 && self.out.is_empty() {
            return None;
        }
        self.out.push_str(self.text.get(self.written..).unwrap_or_default());
        Some(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(text: &str, parts: &[(Range<usize>, &str)]) -> Option<String> {
        let mut spliced = Spliced::new(text);
        parts.iter().for_each(|(place, replacement)| spliced.put(place.clone(), replacement));
        spliced.end()
    }

    #[test]
    fn what_stands_between_the_parts_stays() {
        assert_eq!(spliced("one two three", &[(4..7, "2"), (8..13, "3")]).as_deref(), Some("one 2 3"));
        assert_eq!(spliced("one two", &[(0..3, ""), (4..7, "2")]).as_deref(), Some(" 2"));
    }

    #[test]
    fn of_nothing_replaced_nothing_comes() {
        assert_eq!(spliced("one two", &[]), None);
        assert_eq!(spliced(" two", &[(0..0, "one")]).as_deref(), Some("one two"));
    }
}
