//! Tables and lists of a page, in which the label of a value stands in a cell of its own: `<th>Password</th><td>…</td>`,
//! `<dt>Phone</dt><dd>…</dd>`, and rows of values below a row of labels.

use super::Rewriter;
use super::json::is_certain;
use super::spliced::Spliced;
use crate::redact::escapes::Unescaped;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use memchr::memmem;
use std::ops::Range;

/// The longest label, in bytes.
const LONGEST_LABEL: usize = 64;

/// How many cells of a text are looked at.
const MOST_CELLS: usize = 1 << 20;

/// A cell.
struct Cell {
    is_label: bool,
    /// The table and the row that it stands in, by their numbers.
    table: usize,
    row: usize,
    /// Its contents, markup and all.
    place: Range<usize>,
}

impl Rewriter<'_> {
    /// Cells that a label names; `None` where nothing is replaced.
    pub(super) fn tables(&mut self, text: &str) -> Option<String> {
        // Most pages have neither.
        let has = |label: &[u8; 4]| memmem::find(text.as_bytes(), label).is_some();
        if ![b"</td", b"</TD", b"</dd", b"</DD"].into_iter().any(has) {
            return None;
        }
        let cells = cells(text);
        let mut spliced = Spliced::new(text);
        for table in cells.chunk_by(|one, other| one.table == other.table) {
            if self.gives_up() {
                break;
            }
            let tells_of_a_person = table.iter().any(|cell| is_of_a_person(names::of_field(&label(text, cell))));
            let meaning = |cell: &Cell| counts(names::of_field(&label(text, cell)), tells_of_a_person);
            // What the columns of the rows behind are.
            let mut columns: Vec<Option<Meaning>> = Vec::new();
            for row in table.chunk_by(|one, other| one.row == other.row) {
                if row.len() > 1 && row.iter().all(|cell| cell.is_label) {
                    columns = row.iter().map(meaning).collect();
                    continue;
                }
                let mut last = None;
                for (place, cell) in row.iter().enumerate() {
                    if cell.is_label {
                        last = meaning(cell);
                        continue;
                    }
                    let of_column = columns.get(place).copied().flatten();
                    // A cell beside another is named by it where nothing else can be.
                    let of_neighbour = || match row {
                        [name, _] if place == 1 && columns.is_empty() && !name.is_label => {
                            meaning(name).filter(|meaning| is_secret(*meaning))
                        }
                        _ => None,
                    };
                    if let Some(meaning) = last.or(of_column).or_else(of_neighbour) {
                        self.cell(text, cell, meaning, &mut spliced);
                    }
                }
            }
        }
        spliced.end()
    }

    /// The texts of a cell, each by itself.
    fn cell<'t>(&mut self, text: &'t str, cell: &Cell, meaning: Meaning, spliced: &mut Spliced<'t>) {
        for place in pieces(text, cell) {
            let piece = text.get(place.clone()).unwrap_or_default();
            let plain = Unescaped::of_references(piece.as_bytes()).and_then(|plain| String::from_utf8(plain.bytes).ok());
            let plain = plain.as_deref().unwrap_or(piece);
            // On a page stand words too, of which none is a secret.
            if is_secret(meaning) && (plain.contains(' ') || plain.chars().all(char::is_alphabetic)) {
                continue;
            }
            let changed = self.meaning(meaning, plain);
            if changed != plain {
                spliced.put(place, &changed);
            }
        }
    }
}

/// The cells of the tables and lists of a text, in their order.
fn cells(text: &str) -> Vec<Cell> {
    let bytes = text.as_bytes();
    let mut cells: Vec<Cell> = Vec::new();
    let (mut table, mut row) = (0, 0);
    // The cell that has begun.
    let mut open: Option<Cell> = None;
    for at in memchr::memchr_iter(b'<', bytes) {
        let Some(tag) = bytes.get(at + 1..) else { break };
        let (is_end, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
        // All of them begin so.
        if !matches!(tag.first(), Some(b't' | b'T' | b'd' | b'D')) {
            continue;
        }
        let length = tag.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = tag.get(..length).unwrap_or_default().to_ascii_lowercase();
        if !matches!(&*name, b"table" | b"dl" | b"tr" | b"th" | b"td" | b"dt" | b"dd") {
            continue;
        }
        if let Some(mut cell) = open.take() {
            cell.place.end = at;
            cells.push(cell);
        }
        if cells.len() >= MOST_CELLS {
            break;
        }
        match &*name {
            b"table" | b"dl" => (table, row) = (table + 1, row + 1),
            b"tr" => row += 1,
            _ if is_end => {}
            name => {
                // A list has a row for each of its labels.
                row += usize::from(name == b"dt");
                let start = memchr::memchr(b'>', tag).map_or(bytes.len(), |end| bytes.len() - tag.len() + end + 1);
                open = Some(Cell { is_label: matches!(name, b"th" | b"dt"), table, row, place: start..start });
            }
        }
    }
    cells
}

/// Where the texts of a cell stand, between its tags.
fn pieces(text: &str, cell: &Cell) -> impl Iterator<Item = Range<usize>> {
    let contents = text.get(cell.place.clone()).unwrap_or_default();
    let mut at = cell.place.start;
    contents.split_inclusive(['<', '>']).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        // What ends so is a tag.
        let inner = piece.strip_suffix('<').or_else(|| (!piece.ends_with('>')).then_some(piece))?;
        let blanks = inner.len() - inner.trim_ascii_start().len();
        let inner = inner.trim_ascii();
        (!inner.is_empty()).then(|| start + blanks..start + blanks + inner.len())
    })
}

/// What a cell says, where it is short.
fn label(text: &str, cell: &Cell) -> String {
    let mut label = String::new();
    for place in pieces(text, cell) {
        label.push_str(text.get(place).unwrap_or_default());
        if label.len() > LONGEST_LABEL {
            return String::new();
        }
    }
    label
}

/// Whether a label is that of a person.
pub(super) fn is_of_a_person(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Account | Meaning::Secret(Kind::Name | Kind::Phone))
}

/// What a label says of its values, where that leaves no doubt. Beside others of a person a name is that of one.
pub(super) fn counts(meaning: Meaning, tells_of_a_person: bool) -> Option<Meaning> {
    match meaning {
        Meaning::Named if tells_of_a_person => Some(Meaning::Secret(Kind::Name)),
        Meaning::Secret(Kind::Id) => Some(meaning),
        meaning => is_certain(meaning).then_some(meaning),
    }
}

/// Whether a label is that of a secret, and not of a person.
fn is_secret(meaning: Meaning) -> bool {
    use Kind::{ClientSecret, CodeVerifier, FlowToken, OneTimeCode, Password};
    matches!(meaning, Meaning::Token | Meaning::Secret(Password | OneTimeCode | ClientSecret | CodeVerifier | FlowToken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn tables(text: &str) -> Option<String> {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).tables(text)
    }

    #[test]
    fn cells_by_their_labels() {
        for (text, expected) in [
            ("<tr><th>Password:</th><td>hT9!a</td></tr>", "<tr><th>Password:</th><td>redacted-password-1</td></tr>"),
            (
                "<TR><TD><b>API key</b><TD class=x><code>k3jx9</code></TD>",
                "<TR><TD><b>API key</b><TD class=x><code>redacted-client-secret-1</code></TD>",
            ),
            ("<dl><dt>Display name</dt><dd> Zelda&nbsp;Q </dd></dl>", "<dl><dt>Display name</dt><dd> redacted-name-1 </dd></dl>"),
            (
                "<table><tr><th>No</th><th>Name</th><th>Phone</th></tr><tr><td>1</td><td>Zelda</td><td>0171 55</td></tr></table>",
                "<table><tr><th>No</th><th>Name</th><th>Phone</th></tr><tr><td>1</td><td>redacted-name-1</td><td>redacted-phone-1</td></tr></table>",
            ),
        ] {
            assert_eq!(tables(text).as_deref(), Some(expected), "{text}");
            assert_eq!(tables(expected), None);
        }
    }

    #[test]
    fn what_is_no_value_stays() {
        for text in [
            "<tr><th>Password</th><td>Expired</td><td>Last changed 3 days ago</td></tr>",
            "<tr><td>Login</td><td>Register</td></tr>",
            "<table><tr><th>Name</th><th>Size</th></tr><tr><td>report.pdf</td><td>12</td></tr></table>",
            "<td>Password</td>",
            "</td><td",
        ] {
            assert_eq!(tables(text), None, "{text}");
        }
    }
}
