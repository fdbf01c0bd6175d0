//! Puts blocks together, so that every renderer of Markdown takes them for what they are.

use std::iter;

/// The report as it grows.
#[derive(Default)]
pub(super) struct Document {
    text: String,
}

impl Document {
    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A block between empty lines.
    pub(super) fn block(&mut self, markdown: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(markdown);
        self.text.push('\n');
    }

    /// A heading.
    pub(super) fn heading(&mut self, level: usize, markdown: &str) {
        self.block(&format!("{} {markdown}", "#".repeat(level)));
    }

    /// A bold line over a list; headings of their own would crowd the table of contents of a wiki.
    pub(super) fn label(&mut self, label: &str) {
        self.block(&format!("**{label}**"));
    }

    /// A list, if there is anything in it.
    pub(super) fn list(&mut self, items: &[String]) {
        if !items.is_empty() {
            self.block(&items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"));
        }
    }

    /// A table, if it has rows.
    pub(super) fn table<const N: usize>(&mut self, head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let rows: Vec<String> = rows.into_iter().map(|row| line(&row)).collect();
        if rows.is_empty() {
            return;
        }
        let lines = [line(&head.map(str::to_owned)), line(&["---"; N].map(str::to_owned))];
        self.block(&lines.into_iter().chain(rows).collect::<Vec<_>>().join("\n"));
    }

    /// What is folded away until somebody asks, if there is anything.
    pub(super) fn folded(&mut self, summary: &str, write: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        write(&mut inner);
        if inner.text.is_empty() {
            return;
        }
        self.block(&format!("<details><summary>{summary}</summary>"));
        self.block(inner.text.trim_end());
        self.block("</details>");
    }

    /// A numbered item with places under it, indented to its text.
    pub(super) fn numbered(&mut self, items: &[(usize, String, Vec<String>)]) {
        let lines = items.iter().flat_map(|(number, text, places)| {
            let mark = format!("{number}. ");
            let indent = " ".repeat(mark.len());
            let places = places.iter().map(move |place| format!("{indent}- {place}")).collect::<Vec<_>>();
            iter::once(format!("{mark}{text}")).chain(places)
        });
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            self.block(&lines.join("\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_stand_between_empty_lines() {
        let mut document = Document::default();
        document.heading(2, "A");
        document.list(&[]);
        document.table::<1>(["x"], []);
        document.folded("nothing", |_| {});
        document.folded("More", |inner| inner.block("text"));
        document.numbered(&[(9, "nine".to_owned(), vec!["here".to_owned()]), (10, "ten".to_owned(), vec!["there".to_owned()])]);
        let expected = "## A\n\n<details><summary>More</summary>\n\ntext\n\n</details>\n\n9. nine\n   - here\n10. ten\n    - there\n";
        assert_eq!(document.finish(), expected);
    }
}
