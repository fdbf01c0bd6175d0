//! Reports as those read them who look at them: a terminal, a browser, a reader of Markdown.

use crate::page::{faults, shapes};
use crate::unsteered::steers;
use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::Html;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// In every text of a capture that the fuzzer writes stands this word, so that it is found wherever it comes out.
pub const MARK: &str = "zqxmark";

/// The colours of the text report: all that a terminal may be told.
const COLOURS: &[&str] = &["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[1;32m", "\u{1b}[36m"];

/// Whether no character of a report steers what shows it.
pub fn unsteered(what: &str, text: &str) -> Result<(), String> {
    match text.char_indices().find(|(_, c)| *c != '\n' && steers(*c)) {
        Some((at, c)) => Err(format!("{what}: {c:?} in {:?}", text[at..].chars().take(60).collect::<String>())),
        None => Ok(()),
    }
}

/// A text without the report's own colours.
pub fn without_colours(text: &str) -> String {
    COLOURS.iter().fold(text.to_owned(), |text, colour| text.replace(colour, ""))
}

/// The names of elements and attributes in the templates.
static NAMES: LazyLock<(BTreeSet<String>, BTreeSet<String>)> = LazyLock::new(|| {
    let mut names: (BTreeSet<String>, BTreeSet<String>) = Default::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/report/html");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let template = std::fs::read_to_string(path).unwrap();
            let word =
                |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>().to_ascii_lowercase();
            names.0.extend(template.split('<').skip(1).map(word));
            names.1.extend(template.split([' ', '\n', '}', '"']).map(word));
        }
    }
    // What a parser adds.
    names.0.extend(["html", "head", "body", "tbody"].map(str::to_owned));
    names
});

/// Whether a page holds no element and no attribute that the templates lack, and is built as it should be.
pub fn is_page(source: &str) -> Result<(), String> {
    for shape in shapes(&Html::parse_document(source)) {
        let (element, attributes) = shape.split_once(' ').unwrap_or((&shape, ""));
        let is_known = NAMES.0.contains(element) && attributes.split_whitespace().all(|name| NAMES.1.contains(&name.to_ascii_lowercase()));
        if !is_known {
            return Err(format!("an element that the templates lack: {shape}"));
        }
    }
    match faults(source).first() {
        Some(fault) => Err(fault.clone()),
        None => Ok(()),
    }
}

/// Whether nothing of a capture is more than code in Markdown: no tag, no link, no text that is looked through for mentions.
pub fn is_markdown(report: &str) -> Result<(), String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let mut in_code = false;
    for event in Parser::new_ext(report, options) {
        match event {
            Event::InlineHtml(tag) | Event::Html(tag) if ["<code>", "</code>", "</details>\n"].contains(&&*tag) => {
                in_code = &*tag == "<code>"
            }
            Event::Html(tag) if tag.starts_with("<details><summary>") && tag.matches('<').count() == 3 && !tag.contains(MARK) => {}
            Event::InlineHtml(tag) | Event::Html(tag) => return Err(format!("a tag: {tag}")),
            Event::Text(text) if !in_code && text.contains(MARK) => return Err(format!("text: {text} in {report}")),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if dest_url.contains(MARK) => {
                return Err(format!("a link: {dest_url}"));
            }
            Event::Start(Tag::FootnoteDefinition(_) | Tag::BlockQuote(_)) => return Err("a block".to_owned()),
            _ => {}
        }
    }
    Ok(())
}
