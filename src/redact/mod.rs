//! Makes a capture that gives nothing away and is still diagnosed the same.
//!
//! Two passes (`passes`). The first rewrites each entry by what its names say (`names`, `rewrite`) and keeps every
//! value that must not leave in the vault. The second looks for all those values in what came of it (`draft`),
//! whatever they are encoded in (`search`), and rewrites an entry again where one is found or where something was met
//! later that changes it. At the end the output is read again (`check`): what was collected and is still there, an
//! entry that is lost, or another diagnosis is an error, and nothing is handed out.
//!
//! ```
//! use entrace::Knowledge;
//! use entrace::capture::{self, Document};
//! use entrace::redact::{Options, redact};
//!
//! let document = Document::open("fixtures/signed-out.v5.devtools-full.har".as_ref(), &capture::Options::default())?;
//! let redacted = redact(&document, &Knowledge::builtin(), &Options { hide_tenant: true, ..Options::default() })?;
//! assert!(redacted.receipt.replaced.contains_key("cookie"));
//! assert!(String::from_utf8(redacted.har)?.starts_with('{'));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod draft;
mod escapes;
mod kind;
mod measure;
mod names;
mod passes;
mod placeholder;
mod receipt;
mod rewrite;
mod search;
mod searched;
mod sweep;
mod turns;
mod vault;
mod writing;

pub use check::RedactError;
pub use kind::Kind;
pub use receipt::{Kept, Receipt, Replaced};

use crate::capture::Document;
use crate::knowledge::Knowledge;
use passes::Outcome;
use rewrite::Rewriter;
use search::Search;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::Arc;
use vault::Counts;

/// How a capture is redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// Also replace the domains of e-mail addresses.
    pub strict: bool,
    /// Also replace the ids and domains of tenants and the ids of applications.
    pub hide_tenant: bool,
    /// Keep bodies that hold neither sign-in traffic nor evidence, and look through them.
    pub keep_bodies: bool,
}

/// A redacted capture.
#[non_exhaustive]
pub struct Redacted {
    /// The HAR, as UTF-8.
    pub har: Vec<u8>,
    /// What was done.
    pub receipt: Receipt,
    search: Search,
    counts: Counts,
}

/// Tells what was done; the HAR by its length in bytes.
impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted").field("har", &self.har.len()).field("receipt", &self.receipt).finish_non_exhaustive()
    }
}

impl Redacted {
    /// A text that goes with the capture, such as the name of its file, with the values that were replaced in the
    /// capture replaced in it too, and what is plainly a person's or a secret.
    pub fn replaced_in(&self, text: &str) -> String {
        let text = self.search.replace(text).map_or_else(|| text.to_owned(), |(text, _)| text);
        let knowledge = Knowledge::builtin();
        let mut rewriter = Rewriter::new(&knowledge, &self.receipt.options);
        rewriter.vault.count_on(&self.counts);
        rewriter.prose(&text)
    }
}

/// Redacts a capture and checks the outcome. `docs/redaction.md` says what goes, what stays, and what that cannot promise.
///
/// # Errors
/// When the outcome still holds a value that was to be replaced, has lost an entry, or is diagnosed otherwise.
/// Nothing is handed out then.
pub fn redact(document: &Document, knowledge: &Knowledge, options: &Options) -> Result<Redacted, RedactError> {
    let mut rewriter = Rewriter::of_capture(&document.capture, knowledge, options);
    let drafts = passes::collect(document, &mut rewriter);
    let remains = rewriter.remains();
    let search = Search::of(rewriter.sought().chain(&remains)).ok_or(RedactError::TooManyValues)?;
    rewriter.dropped_bodies = 0;
    rewriter.vault.forget_places();
    let Outcome { har, found_elsewhere, searched } = passes::write(document, &mut rewriter, &search, drafts);
    // What only the second pass met was not searched for.
    if document.has_changed() {
        return Err(RedactError::Changed);
    }

    let har = Arc::new(har);
    let (checked, sha256) = rayon::join(
        || check::check(document, &har, &search, &searched, knowledge, options),
        || Sha256::digest(&*har).iter().map(|byte| format!("{byte:02x}")).collect(),
    );
    checked?;
    let mut receipt = Receipt::of(&rewriter.vault, &document.capture.format.to_string(), document.entries(), options);
    receipt.found_elsewhere = found_elsewhere;
    receipt.dropped_bodies = rewriter.dropped_bodies;
    receipt.sha256 = Some(sha256);
    let counts = rewriter.vault.counts().clone();
    Ok(Redacted { har: Arc::unwrap_or_clone(har), receipt, search, counts })
}
