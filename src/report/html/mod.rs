//! HTML: one file with everything in it, readable without its script, which fetches nothing.
//!
//! The files below put an analysis into the words and numbers of a page; the templates beside them (`page.html` and
//! what it includes) lay it out. Text is cleaned and escaped by `escape`, whoever writes it.

mod attempts;
mod capture;
mod compare;
pub(crate) mod escape;
mod exchange;
mod failure;
mod findings;
mod picture;
mod ticket;

pub use compare::render_comparison;

use super::words::code;
use super::words::verdict::{NOT_READ, told, word};
use super::{CaptureReport, Frame, Growing, labels};
use crate::analysis::{Analysis, Verdict};
use crate::diagnosis::Diagnosis;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use capture::CaptureView;
use sha2::{Digest, Sha256};
use std::io;

pub(crate) const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page up to its captures.
#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    title: String,
    policy: String,
    style: &'static str,
    contents: Vec<Content>,
}

/// The page from behind its captures.
#[derive(Template)]
#[template(path = "foot.html")]
struct Foot {
    version: &'static str,
    script: &'static str,
}

/// One capture of it.
#[derive(Template)]
#[template(source = "\n{% include \"capture.html\" %}\n", ext = "html")]
struct Article<'a> {
    capture: CaptureView<'a>,
}

/// A capture in the list of contents.
struct Content {
    anchor: String,
    path: String,
    tone: &'static str,
    verdict: &'static str,
    failures: Vec<String>,
}

/// Renders the report, with a final line break.
///
/// # Errors
/// None is known: every part of the report can be written as text.
pub fn render(captures: &[CaptureReport<'_>]) -> io::Result<String> {
    let mut articles = Articles::default();
    let html = captures.iter().map(|capture| articles.written(capture)).collect::<io::Result<String>>()?;
    let frame = articles.around()?;
    Ok(frame.before + &html + &frame.after)
}

/// The report as it grows. A list of all captures comes first, if there are several.
#[derive(Default)]
pub struct Articles {
    contents: Vec<Content>,
}

impl Articles {
    fn written(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        let at = self.contents.len();
        self.contents.push(content(at, capture));
        Ok(Article { capture: CaptureView::new(at, capture) }.render()?)
    }

    fn around(&mut self) -> io::Result<Frame> {
        let contents = std::mem::take(&mut self.contents);
        let page = Page { title: title(&contents), policy: policy(), style: STYLE, contents }.render()?;
        let foot = Foot { version: env!("CARGO_PKG_VERSION"), script: SCRIPT }.render()?;
        Ok(Frame { before: format!("{page}\n"), after: format!("\n{foot}\n") })
    }
}

impl Growing for Articles {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        self.written(capture)
    }

    fn finish(&mut self) -> io::Result<Frame> {
        self.around()
    }

    fn begins_with_captures(&self) -> bool {
        false
    }
}

/// Nothing may be fetched, sent or run but what stands in the file itself (Content Security Policy Level 3, §6.1 and
/// §8.4 for the hashes).
pub(crate) fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!("default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'")
}

/// The facts of a failure as plain text, to be pasted into a ticket.
#[cfg(feature = "cli")]
pub(in crate::report) fn ticket(analysis: &Analysis, diagnosis: &Diagnosis) -> String {
    ticket::write(analysis, diagnosis, &super::words::failure::fields(analysis, diagnosis))
}

/// The page's title: what a tab or bookmark of it has to say.
fn title(captures: &[Content]) -> String {
    match captures {
        [only] => format!("{}: {} · entrace", only.verdict, only.path),
        several => format!("{} captures · entrace", several.len()),
    }
}

fn content(at: usize, capture: &CaptureReport<'_>) -> Content {
    let (tone, verdict, failures) = match &capture.outcome {
        Ok(analysis) => (tone(analysis.verdict), word(analysis.verdict), failures(analysis)),
        Err(_) => (BAD, NOT_READ, Vec::new()),
    };
    Content { anchor: anchor(at), path: capture.path.to_owned(), tone, verdict, failures }
}

/// The failures that make the verdict what it is, by code and cause.
fn failures(analysis: &Analysis) -> Vec<String> {
    let cause = |diagnosis: &Diagnosis| diagnosis.causes.first().map(|cause| cause.id.clone()).unwrap_or_default();
    told(analysis).into_iter().map(|diagnosis| format!("{} {}", code(diagnosis), cause(diagnosis))).collect()
}

/// The id of a capture's part of the page.
fn anchor(at: usize) -> String {
    format!("c{}", at + 1)
}

/// The tone of what fails, or could not be read.
pub(in crate::report) const BAD: &str = "bad";

/// The class that colours a verdict.
pub(in crate::report) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failing => BAD,
        Verdict::Handled | Verdict::Healthy => "good",
        Verdict::Inconclusive(_) | Verdict::NoEntraTraffic => "doubtful",
    }
}
