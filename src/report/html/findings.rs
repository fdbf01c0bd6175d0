//! Evidence: statements with the places that show them, and the exchanges behind the places.
//!
//! Within one failure every statement stands once, under a number; later mentions are links to it.

use super::exchange::{Exchange, Exchanges};
use crate::diagnosis::Finding;
use crate::report::words::evidence::{Numbers, places};

/// How many exchanges of one statement can be unfolded.
const EXCHANGES: usize = 3;

/// Statements under one title.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// The statements that were told before.
    pub(super) known: Vec<Mark>,
    /// Those that are told here.
    pub(super) new: Vec<Statement>,
}

/// The number of a statement, with its place on the page.
#[derive(PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) number: usize,
    pub(super) anchor: String,
}

/// A statement that is told for the first time.
pub(super) struct Statement {
    pub(super) mark: Mark,
    pub(super) text: &'static str,
    /// Entries, part, and what it shows.
    pub(super) places: Vec<[String; 3]>,
    pub(super) more: usize,
    pub(super) exchanges: Vec<Exchange>,
}

/// The statements of one failure by number.
pub(super) struct Told<'e, 'a> {
    anchor: String,
    exchanges: Option<&'e Exchanges<'a>>,
    numbers: Numbers,
}

impl<'e, 'a> Told<'e, 'a> {
    /// Without exchanges, nothing unfolds.
    pub(super) fn new(anchor: &str, exchanges: Option<&'e Exchanges<'a>>) -> Self {
        Self { anchor: anchor.to_owned(), exchanges, numbers: Numbers::default() }
    }

    /// Tells some statements; `None` where there are none.
    pub(super) fn tell<'f>(&mut self, title: &'static str, findings: impl IntoIterator<Item = &'f Finding>) -> Option<Block> {
        let mut block = Block { title, known: Vec::new(), new: Vec::new() };
        for finding in findings {
            let (number, is_new) = self.numbers.of(finding.statement);
            let mark = Mark { number, anchor: format!("{}-s{number}", self.anchor) };
            if is_new {
                block.new.push(self.statement(mark, finding));
            } else if !block.known.contains(&mark) && block.new.iter().all(|new| new.mark != mark) {
                block.known.push(mark);
            }
        }
        (!block.known.is_empty() || !block.new.is_empty()).then_some(block)
    }

    fn statement(&self, mark: Mark, finding: &Finding) -> Statement {
        let mut entries: Vec<usize> = Vec::new();
        for evidence in &finding.evidence {
            if evidence.row().is_none() && !entries.contains(&evidence.entry()) && entries.len() < EXCHANGES {
                entries.push(evidence.entry());
            }
        }
        let places = places(&finding.evidence);
        Statement {
            mark,
            text: finding.statement,
            places: places.rows,
            more: places.more,
            exchanges: entries.into_iter().filter_map(|entry| self.exchanges?.at(entry)).collect(),
        }
    }
}
