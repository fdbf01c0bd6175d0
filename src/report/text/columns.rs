//! Tables without borders: columns as wide as their text where there is room, else wrapped.

use super::wrapping::wrapping;
use crate::report::words::printable;
use tabled::builder::Builder;
use tabled::settings::object::Columns as Column;
use tabled::settings::{Padding, Style, Width};
use textwrap::WordSeparator;
use textwrap::core::{Word, display_width};

/// Spaces between two columns.
const GAP: usize = 2;
/// A column narrower than this is hard to read, unless its text is short.
const COMFORTABLE: usize = 22;

/// The widths of the columns of one table, or of several that are to be aligned.
pub(super) struct Columns<const N: usize> {
    widths: [usize; N],
}

impl<const N: usize> Columns<N> {
    /// Widths for these rows; together no wider than `room`, if words allow.
    pub(super) fn fit<'r>(rows: impl IntoIterator<Item = &'r [String; N]>, room: usize) -> Self {
        let mut widths = [0; N];
        let mut words = [0; N];
        let mut parts = [0; N];
        for row in rows {
            let cells = row.iter().zip(&mut widths).zip(&mut words).zip(&mut parts);
            for (((cell, width), word), part) in cells {
                let cell = printable(cell);
                *width = display_width(&cell).max(*width);
                *word = longest(cell.split(' ')).max(*word);
                *part = longest(pieces(&cell).map(|piece| piece.word)).max(*part);
            }
        }
        let room = room.saturating_sub(GAP * N.saturating_sub(1));
        // Rather break a long name in two than squeeze what stands beside it.
        let comfortable = widths.map(|width| width.min(COMFORTABLE));
        for floors in [words, parts] {
            let floors: Vec<usize> = floors.iter().zip(comfortable).map(|(floor, comfortable)| comfortable.max(*floor)).collect();
            shrink(&mut widths, &floors, room);
        }
        shrink(&mut widths, &words, room);
        shrink(&mut widths, &parts, room);
        Self { widths }
    }

    /// Where a column begins.
    pub(super) fn start(&self, column: usize) -> usize {
        self.widths.iter().take(column).map(|width| width + GAP).sum()
    }

    /// The lines of some rows.
    pub(super) fn lines(&self, rows: &[[String; N]]) -> Vec<String> {
        let mut builder = Builder::default();
        for row in rows {
            builder.push_record(row.iter().zip(&self.widths).map(|(cell, width)| wrapped(&printable(cell), *width)));
        }
        let mut table = builder.build();
        table.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
        for (at, width) in self.widths.iter().enumerate() {
            table.modify(Column::one(at), Width::increase(*width));
        }
        table.to_string().lines().map(|line| line.trim_end().to_owned()).collect()
    }
}

/// Takes from the widest column what is too much, but no column below its floor.
fn shrink(widths: &mut [usize], floors: &[usize], room: usize) {
    let mut excess = widths.iter().sum::<usize>().saturating_sub(room);
    while excess > 0 {
        let widest = widths.iter_mut().zip(floors).filter(|(width, floor)| **width > **floor).max_by_key(|(width, _)| **width);
        let Some((width, _)) = widest else { return };
        *width -= 1;
        excess -= 1;
    }
}

fn longest<'w>(words: impl Iterator<Item = &'w str>) -> usize {
    words.map(display_width).max().unwrap_or(0)
}

fn wrapped(cell: &str, width: usize) -> String {
    let fits = longest(cell.split(' ')) <= width;
    let separator = if fits { WordSeparator::AsciiSpace } else { WordSeparator::Custom(pieces) };
    textwrap::wrap(cell, wrapping(width).word_separator(separator)).join("\n")
}

/// Where a cell may be broken at all: after a space, and after `/`, `.`, `?` and `&` inside a word.
fn pieces(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    let mut found = Vec::new();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let breaks = matches!(c, ' ' | '/' | '.' | '?' | '&');
        if next.is_none() || (breaks && next.is_some_and(|next| !matches!(next, ' ' | '/' | '.' | '?' | '&'))) {
            let end = at + c.len_utf8();
            found.extend(line.get(start..end).map(Word::from));
            start = end;
        }
    }
    Box::new(found.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<[String; N]> {
        rows.iter().map(|row| row.map(str::to_owned)).collect()
    }

    #[test]
    fn columns_are_aligned_and_end_in_no_space() {
        let rows = rows(&[["#3", "request.url", "a"], ["#12–20", "x", ""]]);
        let columns = Columns::fit(&rows, 80);
        assert_eq!(columns.lines(&rows), ["#3      request.url  a", "#12–20  x"]);
    }

    #[test]
    fn the_widest_column_is_wrapped_to_the_room() {
        let rows = rows(&[["#41", "request.header.sec-fetch-storage-access", "one two three four five six seven eight"]]);
        let lines = Columns::fit(&rows, 60).lines(&rows);
        assert!(lines.iter().all(|line| display_width(line) <= 60), "{lines:?}");
        assert!(lines[0].starts_with("#41  request.header.  "), "{lines:?}");
        assert_eq!(lines[1].trim_start().split(' ').next(), Some("sec-fetch-storage-access"), "{lines:?}");
    }

    #[test]
    fn addresses_break_at_slashes_and_ids_never() {
        let id = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        let address = format!("POST https://login.microsoftonline.com/{id}/oauth2/v2.0/authorize → 200");
        let rows = vec![["#41".to_owned(), "request.header.sec-fetch-storage-access".to_owned(), address]];
        let lines = Columns::fit(&rows, 70).lines(&rows);
        assert!(lines.iter().all(|line| display_width(line) <= 70), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains(id)), "{lines:?}");
    }

    #[test]
    fn several_tables_can_share_their_widths() {
        let all = rows(&[["a", "b"], ["long", "c"]]);
        let columns = Columns::fit(&all, 80);
        assert_eq!(columns.lines(&all[..1]), ["a     b"]);
        assert_eq!(columns.lines(&all[1..]), ["long  c"]);
    }

    #[test]
    fn cells_are_cleaned() {
        let rows = rows(&[["a\u{1b}[2J", "b\nc"]]);
        assert_eq!(Columns::fit(&rows, 80).lines(&rows), ["a[2J  b c"]);
    }
}
