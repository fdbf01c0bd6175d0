//! Lays text out: indents, wraps, colours, and lets nothing unprintable through.
//!
//! Everything that a report says goes through a [`Page`], so no caller can forget to clean or to wrap.

use super::columns::Columns;
use super::wrapping::wrapping;
use crate::report::words::printable;
use std::borrow::Cow;
use std::iter;
use textwrap::core::display_width;

/// The least room for a label beside its value, so that blocks of fields line up.
const FIELD: usize = 14;

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Running text.
    Plain,
    /// What a section is about.
    Heading,
    /// The name of a field or list.
    Label,
    /// What went wrong.
    Bad,
    /// What needs a look.
    Doubtful,
    /// What went well.
    Good,
    /// The id of a cause.
    Id,
}

impl Tone {
    /// The parameters of the ANSI sequence that begins it; "" for none.
    fn sgr(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading | Self::Label => "1",
            Self::Bad => "1;31",
            Self::Doubtful => "1;33",
            Self::Good => "1;32",
            Self::Id => "36",
        }
    }
}

/// The report as it grows.
pub(super) struct Page {
    text: String,
    /// The line breaks at the end of what was taken before.
    taken: &'static str,
    width: usize,
    color: bool,
    links: bool,
}

impl Page {
    pub(super) fn new(width: usize, color: bool) -> Self {
        Self { text: String::new(), taken: "", width, color, links: false }
    }

    /// The same for a terminal that has links.
    pub(super) fn with_links(self, links: bool) -> Self {
        Self { links, ..self }
    }

    /// What was written since the last time; what follows is laid out as if it were still there.
    pub(super) fn take(&mut self) -> String {
        self.taken = match self.text.as_str() {
            "" => self.taken,
            "\n" if !self.taken.is_empty() => "\n\n",
            text if text.ends_with("\n\n") => "\n\n",
            _ => "\n",
        };
        std::mem::take(&mut self.text)
    }

    /// Whether nothing is written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How many columns are left at an indent.
    pub(super) fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent)
    }

    /// An empty line; never two, and none at the top.
    pub(super) fn blank(&mut self) {
        let needless = match self.text.as_str() {
            "" => self.taken != "\n",
            "\n" => !self.taken.is_empty(),
            text => text.ends_with("\n\n"),
        };
        if !needless {
            self.text.push('\n');
        }
    }

    /// A line across, between captures.
    pub(super) fn rule(&mut self) {
        self.blank();
        self.text.extend(iter::repeat_n('─', self.width));
        self.text.push('\n');
        self.blank();
    }

    /// One line that is not wrapped.
    pub(super) fn line(&mut self, indent: usize, spans: &[(Tone, &str)]) {
        self.indent(indent);
        for (tone, span) in spans {
            self.paint(*tone, &printable(span));
        }
        self.text.push('\n');
    }

    /// A wrapped heading.
    pub(super) fn heading(&mut self, indent: usize, text: &str) {
        for line in wrap(&printable(text), self.room(indent), "", "") {
            self.line(indent, &[(Tone::Heading, &line)]);
        }
    }

    /// A wrapped paragraph.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(indent, 0, (Tone::Plain, ""), text);
    }

    /// What the knowledge says to read. Nothing that a capture says may come here: it could lead anywhere.
    pub(super) fn reference(&mut self, indent: usize, reference: &str) {
        if !self.links || !is_address(reference) {
            return self.paragraph(indent, reference);
        }
        // An address is one word, which is never wrapped, so the link takes no room and needs no counting. Where the
        // terminal itself breaks a long one, all of it stays one link.
        self.indent(indent);
        self.text.extend(["\u{1b}]8;;", reference, "\u{1b}\\", reference, "\u{1b}]8;;\u{1b}\\\n"]);
    }

    /// A wrapped paragraph that begins with a label; what follows stands two columns further in.
    pub(super) fn entry(&mut self, indent: usize, label: (Tone, &str), text: &str) {
        self.hanging(indent, 2, label, text);
    }

    /// A wrapped item of a list, behind its mark.
    pub(super) fn item(&mut self, indent: usize, mark: &str, text: &str) {
        self.marked(indent, (Tone::Plain, mark), text);
    }

    /// The same behind a mark of any colour.
    pub(super) fn marked(&mut self, indent: usize, (tone, mark): (Tone, &str), text: &str) {
        self.hanging(indent, display_width(mark) + 1, (tone, mark), text);
    }

    /// Labels with their values in one column, wrapped; a label that repeats stands once.
    pub(super) fn fields<'f>(&mut self, indent: usize, fields: impl IntoIterator<Item = (&'f str, &'f str)>) {
        let fields: Vec<(&str, &str)> = fields.into_iter().collect();
        let widest = fields.iter().map(|(label, _)| display_width(label)).max().unwrap_or(0).max(FIELD);
        let mut last = "";
        for (label, value) in fields {
            let shown = if label == last { "" } else { label };
            let padded = format!("{shown}{}", " ".repeat(widest + 1 - display_width(shown)));
            self.hanging(indent, widest + 2, (Tone::Label, &padded), value);
            last = label;
        }
    }

    /// Rows of an aligned table.
    pub(super) fn rows<const N: usize>(&mut self, indent: usize, columns: &Columns<N>, rows: &[[String; N]]) {
        for line in columns.lines(rows) {
            self.indent(indent);
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn hanging(&mut self, indent: usize, hang: usize, (tone, label): (Tone, &str), text: &str) {
        let label = printable(label);
        let text = printable(text);
        // Spaces stand for the label while wrapping, so that its colour does not count.
        let space = if label.is_empty() { String::new() } else { " ".repeat(display_width(&label) + 1) };
        let hanging = " ".repeat(hang);
        for (at, line) in wrap(&text, self.room(indent), &space, &hanging).iter().enumerate() {
            self.indent(indent);
            match line.strip_prefix(space.as_str()).filter(|_| at == 0 && !label.is_empty()) {
                Some(rest) => {
                    self.paint(tone, label.trim_end());
                    self.text.push_str(space.get(display_width(label.trim_end())..).unwrap_or(" "));
                    self.text.push_str(rest);
                }
                None => self.text.push_str(line),
            }
            let kept = self.text.trim_end_matches(' ').len();
            self.text.truncate(kept);
            self.text.push('\n');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(iter::repeat_n(' ', indent));
    }

    fn paint(&mut self, tone: Tone, text: &str) {
        if !self.color || tone.sgr().is_empty() || text.is_empty() {
            self.text.push_str(text);
        } else {
            self.text.extend(["\u{1b}[", tone.sgr(), "m", text, "\u{1b}[0m"]);
        }
    }
}

/// Whether a text is an address that can be made a link: of the web, and without anything that could end the link.
fn is_address(text: &str) -> bool {
    text.starts_with("https://") && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The lines of a text, each with its indent, which is of spaces. Plain text is most text, and needs no table of how
/// wide characters are.
fn wrap(text: &str, width: usize, first: &str, others: &str) -> Vec<String> {
    let is_plain = text.is_ascii() && !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if !is_plain {
        let options = wrapping(width).initial_indent(first).subsequent_indent(others);
        return textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect();
    }
    let mut lines = Vec::new();
    let (mut rest, mut indent) = (text, first);
    loop {
        let room = width.saturating_sub(indent.len());
        // A word that is longer than a line stays whole.
        let end = match rest.as_bytes().get(..=room) {
            Some(line) => memchr::memrchr(b' ', line).or_else(|| memchr::memchr(b' ', rest.as_bytes())).unwrap_or(rest.len()),
            None => rest.len(),
        };
        lines.push([indent, rest.get(..end).unwrap_or_default()].concat());
        let Some(further) = rest.get(end + 1..) else { return lines };
        (rest, indent) = (further, others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONG: &str = "The application asks for one particular session, by the id in a cached token, and that session is gone: it ended, or a \
                        new sign-in replaced it; see 72f988bf-86f1-41af-91ab-2d7cd011db47.";

    #[test]
    fn no_line_is_wider_than_the_page() {
        let mut page = Page::new(80, false);
        page.paragraph(3, LONG);
        page.entry(3, (Tone::Label, "Cause:"), LONG);
        page.item(5, "-", LONG);
        page.fields(3, [("Developer", LONG), ("Developer", LONG), ("User", LONG)]);
        let text = page.take();
        assert!(text.lines().all(|line| display_width(line) <= 80), "{text}");
        assert!(!text.lines().any(|line| line.ends_with(' ')), "{text}");
        assert_eq!(text.matches("72f988bf-86f1-41af-91ab-2d7cd011db47").count(), 6);
        assert_eq!(text.matches("Developer").count(), 1);
    }

    proptest! {
        #[test]
        fn plain_text_is_wrapped_like_any_other(text in "([a-z.,-]{1,14} ){0,20}[a-z]{0,30}", width in 0usize..90, first in 0usize..20, hang in 0usize..20) {
            let (first, hang) = (" ".repeat(first), " ".repeat(hang));
            let options = wrapping(width).initial_indent(&first).subsequent_indent(&hang);
            let expected: Vec<String> = textwrap::wrap(&text, options).into_iter().map(Cow::into_owned).collect();
            prop_assert_eq!(wrap(&text, width, &first, &hang), expected);
        }
    }

    #[test]
    fn an_unbreakable_word_stays_whole() {
        let address = format!("https://login.microsoftonline.com/{}", "a".repeat(90));
        let mut page = Page::new(80, false);
        page.paragraph(0, &format!("See {address} for more."));
        assert!(page.take().lines().any(|line| line == address));
    }

    #[test]
    fn labels_hang_and_colours_take_no_room() {
        let layout = |color| {
            let mut page = Page::new(20, color);
            page.entry(1, (Tone::Bad, "No:"), "one two three four");
            page.fields(0, [("a", "x"), ("fourteen words", "y")]);
            page.take()
        };
        assert_eq!(layout(false), " No: one two three\n   four\na               x\nfourteen words  y\n");
        assert_eq!(layout(true).replace("\u{1b}[1;31m", "").replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), layout(false));
    }

    #[test]
    fn an_address_is_a_link_and_nothing_else_is() {
        let layout = |links, reference: &str| {
            let mut page = Page::new(60, false).with_links(links);
            page.reference(2, reference);
            page.take()
        };
        let address = "https://learn.example/entra?view=a&b#c";
        assert_eq!(layout(true, address), format!("  \u{1b}]8;;{address}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\\n"));
        assert_eq!(layout(false, address), format!("  {address}\n"));
        for other in [
            "The help desk's binder, page 5",
            "http://plain.example/",
            "file:///x",
            "https://two words.example/",
            "https://x.example/\u{1b}\\",
            "https://exämple/",
        ] {
            assert_eq!(layout(true, other), layout(false, other));
            assert!(!layout(true, other).contains('\u{1b}'));
        }
    }

    #[test]
    fn empty_lines_never_double() {
        let mut page = Page::new(60, false);
        page.blank();
        page.line(0, &[(Tone::Plain, "a")]);
        page.blank();
        page.blank();
        page.line(0, &[(Tone::Plain, "b")]);
        assert_eq!(page.take(), "a\n\nb\n");
    }

    #[test]
    fn what_is_taken_in_between_changes_nothing() {
        let layout = |taken: bool| {
            let mut page = Page::new(60, false);
            let mut text = String::new();
            for part in ["", "a", "", "", "b", "c", ""] {
                match part {
                    "" => page.blank(),
                    word => page.line(0, &[(Tone::Plain, word)]),
                }
                if taken {
                    text.push_str(&page.take());
                }
            }
            text + &page.take()
        };
        assert_eq!(layout(true), "a\n\nb\nc\n\n");
        assert_eq!(layout(false), layout(true));
    }
}
