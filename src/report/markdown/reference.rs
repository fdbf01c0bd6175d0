//! The pages of `docs/reference`: all that `explain` knows, for reading and for search engines.

use super::document::Document;
use super::escape::{code, prose};
use super::explain::{Links, write_cause, write_check, write_code};
use crate::checks;
use crate::explain::{of_cause, of_check, of_code};
use crate::knowledge::{Code, Knowledge};

/// One page.
pub struct Page {
    /// Its path below the folder of the reference, with `/`.
    pub path: String,
    /// Its text, with a final line break.
    pub text: String,
}

/// Every page of the reference.
pub fn reference(knowledge: &Knowledge) -> Vec<Page> {
    let mut pages = vec![codes(knowledge), causes(knowledge), checks_page(knowledge)];
    pages.extend(knowledge.families().map(|(family, codes)| of_family(family, &codes, knowledge)));
    pages
}

/// The list of all codes, which leads to the pages of the families.
fn codes(knowledge: &Knowledge) -> Page {
    let mut document = Document::default();
    let number = knowledge.codes().count();
    document.heading(1, "Error codes");
    document.block(&format!(
        "The {number} codes that entrace explains, by family. `entrace explain CODE` says the same at a terminal, also for a whole error message."
    ));
    for (family, codes) in knowledge.families() {
        document.heading(2, &format!("[{}](codes/{family}.md)", prose(&title(family))));
        let row = |about: &&Code| [format!("[{}](codes/{family}.md#{})", about.code, about.code.to_ascii_lowercase()), prose(&about.title)];
        document.table(["Code", "What happened"], codes.iter().map(row));
    }
    finish("codes.md", document)
}

fn of_family(family: &str, codes: &[&Code], knowledge: &Knowledge) -> Page {
    let mut document = Document::default();
    document.heading(1, &format!("Error codes: {}", prose(&title(family))));
    document.block("[All codes](../codes.md) · [causes](../causes.md) · [checks](../checks.md)");
    for code in codes {
        write_code(&mut document, &of_code(code, knowledge), Links::Pages("../"));
    }
    finish(&format!("codes/{family}.md"), document)
}

fn causes(knowledge: &Knowledge) -> Page {
    let mut document = Document::default();
    document.heading(1, "Causes");
    document.block(&format!(
        "The {} causes that entrace tells apart, each with what to do, and with the [claims of checks](checks.md) that speak for and against it.",
        knowledge.causes().count()
    ));
    for cause in knowledge.causes() {
        write_cause(&mut document, &of_cause(cause, knowledge), Links::Pages(""));
    }
    finish("causes.md", document)
}

fn checks_page(knowledge: &Knowledge) -> Page {
    let mut document = Document::default();
    document.heading(1, "Checks");
    document.block(&format!(
        "What entrace looks at in a capture: {} checks, each with its claims. A claim is seen, looked for and not seen, or not recorded; only the first two weigh for or against [causes](causes.md).",
        checks::ALL.len()
    ));
    for subject in checks::ALL.iter().filter_map(|check| of_check(check.name, knowledge)) {
        write_check(&mut document, &subject, Links::Pages(""));
    }
    finish("checks.md", document)
}

/// The name of a family in words.
fn title(family: &str) -> String {
    let words = family.replace('-', " ");
    match words.strip_prefix("b2c ") {
        Some(rest) => format!("Azure AD B2C, {rest}"),
        None => words,
    }
}

fn finish(path: &str, mut document: Document) -> Page {
    document.block(&format!("*Made from the files in {}; see {} to write it anew.*", code("src/knowledge"), code("tests/reference.rs")));
    Page { path: path.to_owned(), text: document.finish() }
}
