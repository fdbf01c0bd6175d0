//! XML of a capture, parsed in a time that grows with its length.
//!
//! The parser compares every attribute of an element with each other one, and carries the namespaces of an element into
//! all that are in it. So both have a limit, which is looked at before anything is parsed.

use memchr::memmem;
use roxmltree::{Document, ParsingOptions};

/// How many attributes an element may have; Fiddler and SAML write some ten.
const MOST_ATTRIBUTES: usize = 256;

/// How many namespaces may be declared; some write both of XML Schema's with every value.
const MOST_NAMESPACES: usize = 1000;

/// A document of at most so many nodes; `None` for what is none, or is more.
pub(crate) fn parse_xml(text: &str, most_nodes: u32) -> Option<Document<'_>> {
    if !is_within_limits(text) {
        return None;
    }
    // Without a DTD nothing can be expanded but the five entities that XML itself has.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: most_nodes, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).ok()
}

fn is_within_limits(text: &str) -> bool {
    let namespaces = memmem::find_iter(text.as_bytes(), b"xmlns").take(MOST_NAMESPACES + 1).count();
    // No attribute may hold the sign that begins a tag, so each part has one tag at most.
    namespaces <= MOST_NAMESPACES && text.split('<').all(|part| attributes(part) <= MOST_ATTRIBUTES)
}

/// How many quoted values stand in a tag.
fn attributes(tag: &str) -> usize {
    let mut count = 0;
    let mut quote = None;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'>') => break,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                count += 1;
            }
            (Some(end), byte) if byte == end => quote = None,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read(text: &str) -> bool {
        parse_xml(text, 100).is_some()
    }

    #[test]
    fn attributes_and_namespaces_have_an_end() {
        let attributes = |count: usize| (0..count).map(|number| format!(" a{number}='>'")).collect::<String>();
        assert!(is_read(&format!("<a{}/>", attributes(MOST_ATTRIBUTES))));
        assert!(!is_read(&format!("<a{}/>", attributes(MOST_ATTRIBUTES + 1))));
        assert!(!is_read(&format!("<a>\"<b c=\"d\"{}/></a>", attributes(MOST_ATTRIBUTES))));
        let namespaces = |count: usize| (0..count).map(|number| format!("<b xmlns:n{number}='u'/>")).collect::<String>();
        assert!(parse_xml(&format!("<a>{}</a>", namespaces(MOST_NAMESPACES)), 9000).is_some());
        assert!(parse_xml(&format!("<a>{}</a>", namespaces(MOST_NAMESPACES + 1)), 9000).is_none());
    }

    #[test]
    fn text_has_as_many_quotes_as_it_likes() {
        assert!(is_read(&format!("<a b=\"c\">{}</a>", "\"it's\" ".repeat(1000))));
        assert!(!is_read(&"<b/>".repeat(200)));
        assert!(!is_read("<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>"));
    }

    #[test]
    fn no_attribute_holds_the_sign_that_begins_a_tag() {
        assert!(Document::parse("<a b='<'/>").is_err());
    }
}
