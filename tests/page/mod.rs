//! A page of the HTML report as a browser reads it.

#![allow(dead_code, reason = "no test needs all of it")]

use crate::unsteered::steers;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeSet;

/// The elements that a selector finds.
pub(crate) fn select<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// The words of an element, with single spaces.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of every element that a selector finds.
pub(crate) fn texts(page: &Html, selector: &str) -> Vec<String> {
    select(page, selector).into_iter().map(text).collect()
}

/// Every kind of element on a page with the names of its attributes.
pub(crate) fn shapes(page: &Html) -> BTreeSet<String> {
    let one = |element: ElementRef<'_>| {
        let names: BTreeSet<&str> = element.value().attrs().map(|(name, _)| name).collect();
        format!("{} {}", element.value().name(), names.into_iter().collect::<Vec<_>>().join(" "))
    };
    select(page, "*").into_iter().map(one).collect()
}

/// What is wrong with the build of a page.
pub(crate) fn faults(source: &str) -> Vec<String> {
    let page = Html::parse_document(source);
    let mut wrong = Vec::new();
    let mut level = 0;
    for heading in select(&page, "h1, h2, h3, h4, h5, h6") {
        let own = usize::from(heading.value().name().as_bytes()[1] - b'0');
        if own > level + 1 {
            wrong.push(format!("“{}” of level {own} follows level {level}", text(heading)));
        }
        level = own;
    }
    for once in ["h1", "main", "title", "script", "style", "meta[http-equiv]", "html[lang]"] {
        if select(&page, once).len() != 1 {
            wrong.push(format!("{once} is there {} times", select(&page, once).len()));
        }
    }
    let ids: Vec<&str> = select(&page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    if known.len() < ids.len() {
        wrong.push("an id is there twice".to_owned());
    }
    let refers = |attribute: &str| {
        let elements = select(&page, &format!("[{attribute}]"));
        elements.into_iter().filter_map(|element| element.attr(attribute).map(str::to_owned)).collect::<Vec<_>>()
    };
    for reference in refers("href")
        .iter()
        .filter_map(|address| address.strip_prefix('#'))
        .map(str::to_owned)
        .chain(refers("aria-labelledby"))
        .chain(refers("data-copy"))
    {
        if !known.contains(&*reference) {
            wrong.push(format!("nothing is called {reference}"));
        }
    }
    wrong.extend(refers("href").into_iter().filter(|address| !address.starts_with(['#']) && !address.starts_with("https://")));
    for element in select(&page, "*") {
        let fetches =
            |name: &str| name.starts_with("on") || ["style", "src", "srcset", "action", "formaction", "background"].contains(&name);
        wrong.extend(element.value().attrs().filter(|(name, _)| fetches(name)).map(|(name, _)| format!("an attribute {name}")));
    }
    if source.chars().any(|c| c != '\n' && steers(c)) {
        wrong.push("a character that steers".to_owned());
    }
    wrong
}
