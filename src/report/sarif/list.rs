//! A list of the log that grows item by item, as it stands there.

use crate::report::json::{harmless, indented};
use serde::Serialize;
use std::io;

/// The items, each as deep as it stands.
pub(super) struct List {
    name: &'static str,
    depth: usize,
    is_begun: bool,
    /// What was not taken yet.
    items: String,
}

impl List {
    /// The empty list of that name, whose items stand so deep in the log.
    pub(super) fn new(name: &'static str, depth: usize) -> Self {
        Self { name, depth, is_begun: false, items: String::new() }
    }

    pub(super) fn add(&mut self, item: &impl Serialize) -> io::Result<()> {
        if self.is_begun {
            self.items.push(',');
        }
        let json = format!("\n{}", harmless(serde_json::to_string_pretty(item)?));
        self.items.push_str(&indented(self.depth, &json));
        self.is_begun = true;
        Ok(())
    }

    /// The items since the last time.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.items)
    }

    /// A log in which this list is empty, before and behind the items. Quotation marks in strings have escapes, so nothing else
    /// is the name of a field.
    pub(super) fn around(&self, log: &str) -> io::Result<(String, String)> {
        let name = format!("\"{}\": [", self.name);
        let (before, behind) = log.split_once(&format!("{name}]")).ok_or_else(|| io::Error::other(format!("no list {}", self.name)))?;
        let end = if self.is_begun { indented(self.depth - 1, "\n") } else { String::new() };
        Ok((format!("{before}{name}"), format!("{end}]{behind}")))
    }
}
