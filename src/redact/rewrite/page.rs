//! Pages: of their markup only what is read stays: the page's configuration, forms, sentences with a code, and known words.

use super::Rewriter;
use super::xml::escaped;
use crate::entra;
use crate::redact::escapes::Unescaped;
use serde_json::Value;
use std::collections::HashSet;

/// The longest sentence that stays, in letters.
const LONGEST: usize = 4000;

impl Rewriter<'_> {
    /// A page, as short as it can be and still be read the same.
    pub(super) fn page(&mut self, html: &str) -> String {
        let mut out = String::from("<!DOCTYPE html><html><!-- shortened by entrace -->");
        let head = out.len();
        if let Some(id) = entra::page_id(html) {
            out.push_str(&format!("<meta name=\"PageID\" content=\"{}\">", escaped(&id)));
        }
        if let Some(configuration) = entra::page_configuration(html) {
            let configuration = self.page_configuration(configuration);
            // A sign of less would end the script.
            out.push_str(&format!("<script>$Config={};</script>", script(&configuration)));
        }
        // What it says by then would be found in it again.
        let mut sentences = entra::error_sentences(&out);
        if let Some(number) = entra::page_error_number(html) {
            out.push_str(&format!("<script>var ServerData={{sErrorCode:'{number}'}};</script>"));
        }
        if let Some(form) = entra::page_form(html) {
            let action = form.action.as_deref().map(|action| self.address(action)).unwrap_or_default();
            out.push_str(&format!("<form method=\"post\" action=\"{}\">", escaped(&action)));
            for (name, value) in form.inputs {
                let value = self.field(&name, &value);
                out.push_str(&format!("<input name=\"{}\" value=\"{}\">", escaped(&name), escaped(&value)));
            }
            out.push_str("</form>");
        }
        for name in entra::asked_passwords(html) {
            out.push_str(&format!("<input type=\"password\" name=\"{}\">", escaped(&name)));
        }
        sentences.extend(entra::error_sentences(html));
        let mut told = HashSet::new();
        for sentence in sentences {
            let sentence: String = sentence.chars().take(LONGEST).collect();
            let sentence = self.error_text(&plain(sentence));
            if told.insert(sentence.clone()) {
                out.push_str(&format!("<p>{}</p>", escaped(&sentence)));
            }
        }
        for words in entra::known_words(html) {
            out.push_str(&format!("<p>{}</p>", escaped(&words)));
        }
        let is_empty = out.len() == head;
        if let Some(words) = entra::words_in_place_of(html).filter(|_| is_empty) {
            out.push_str(&format!("<p>{words}</p>"));
        }
        out.push_str("</html>");
        out
    }
}

/// A sentence as it is read, where it is one of a script. Elsewhere a backslash is one.
fn plain(sentence: String) -> String {
    if !sentence.contains("\\u00") {
        return sentence;
    }
    let plain = Unescaped::of_backslashes(sentence.as_bytes()).and_then(|plain| String::from_utf8(plain.bytes).ok());
    plain.unwrap_or(sentence)
}

fn script(json: &Value) -> String {
    json.to_string().replace('<', "\\u003c")
}
