//! HTML: one file with everything in it, readable without its script, which fetches nothing.
//!
//! The files below put an analysis into the words and numbers of a page; the templates beside them (`page.html` and
//! what it includes) lay it out. Text is cleaned and escaped by `escape`, whoever writes it.

mod attempts;
mod capture;
mod escape;
mod exchange;
mod failure;
mod findings;
mod picture;
mod ticket;

use super::words::code;
use super::words::verdict::{told, word};
use super::{CaptureReport, labels};
use crate::analysis::{Analysis, Verdict};
use crate::diagnosis::Diagnosis;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use capture::CaptureView;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    version: &'static str,
    policy: String,
    style: &'static str,
    script: &'static str,
    contents: Vec<Content<'a>>,
    captures: Vec<CaptureView<'a>>,
}

/// A capture in the list of contents.
struct Content<'a> {
    anchor: String,
    path: &'a str,
    tone: &'static str,
    verdict: &'static str,
    failures: Vec<String>,
}

/// Renders the report, with a final line break.
///
/// # Errors
///
/// None is known: every part of the report can be written as text.
pub fn render(captures: &[CaptureReport<'_>]) -> Result<String, askama::Error> {
    let page = Page {
        title: title(captures),
        version: env!("CARGO_PKG_VERSION"),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        contents: captures.iter().enumerate().map(|(at, capture)| content(at, capture)).collect(),
        captures: captures.iter().enumerate().map(|(at, capture)| CaptureView::new(at, capture)).collect(),
    };
    let mut html = page.render()?;
    html.truncate(html.trim_end().len());
    html.push('\n');
    Ok(html)
}

/// Nothing may be fetched, sent or run but what stands in the file itself (Content Security Policy Level 3, §6.1 and
/// §8.4 for the hashes).
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!("default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'")
}

/// The page's title: what a tab or bookmark of it has to say.
fn title(captures: &[CaptureReport<'_>]) -> String {
    match captures {
        [only] => match &only.outcome {
            Ok(analysis) => format!("{}: {} · entrace", word(analysis.verdict), only.path),
            Err(_) => format!("not read: {} · entrace", only.path),
        },
        several => format!("{} captures · entrace", several.len()),
    }
}

fn content<'a>(at: usize, capture: &CaptureReport<'a>) -> Content<'a> {
    let (tone, verdict, failures) = match &capture.outcome {
        Ok(analysis) => (tone(analysis.verdict), word(analysis.verdict), failures(analysis)),
        Err(_) => ("bad", "not read", Vec::new()),
    };
    Content { anchor: anchor(at), path: capture.path, tone, verdict, failures }
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

/// The class that colours a verdict.
fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failing => "bad",
        Verdict::Handled | Verdict::Healthy => "good",
        Verdict::Inconclusive | Verdict::NoEntraTraffic => "doubtful",
    }
}
