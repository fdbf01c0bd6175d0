//! Parameters in a query, a fragment, a form and a page that posts itself: what was put in comes out. And pages that
//! people's servers write: a parser of HTML finds the same inputs.

#![no_main]

use entrace::entra::agreement::{check_parameters, inputs};
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use libfuzzer_sys::fuzz_target;
use scraper::{Html, Selector};

/// A tag with its attributes, as servers write them.
fn tag(input: &mut Input<'_>, element: &str, names: [&str; 2]) -> String {
    let mut tag = format!("<{element}");
    for name in names {
        let value = input.text().replace(['<', '>', '\r', '&'], "");
        let (before, equals) = (input.one_of(&[" ", "\n", "  ", "\t", " type=hidden ", " id='x' "]), input.one_of(&["=", " = ", "= "]));
        let (quote, value) = match input.below(3) {
            0 => ("\"", value.replace('"', "")),
            1 => ("'", value.replace('\'', "")),
            _ => ("", value.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>() + "x"),
        };
        tag += &format!("{before}{name}{equals}{quote}{value}{quote}");
    }
    tag + input.one_of(&[">", " />", " autofocus>", "\n>"])
}

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let number = input.below(6);
    let pairs: Vec<(String, String)> = (0..number).map(|_| (input.text(), input.text())).collect();
    holds(check_parameters(&pairs));

    let mut page = String::from("<html><body>");
    page += &tag(&mut input, "form", ["method", "action"]);
    for _ in 0..input.below(5) {
        let (element, names) = input.one_of(&[
            ("input", ["name", "value"]),
            ("INPUT", ["value", "name"]),
            ("Input", ["NAME", "VALUE"]),
            ("p", ["title", "id"]),
        ]);
        page += &tag(&mut input, element, names);
    }
    page += "</form></body></html>";
    // HTML knows no zero, and a tag whose end is lost is text.
    if page.contains(['\0', '\u{c}']) {
        return;
    }
    let parsed = Html::parse_document(&page);
    let select = |selector: &str| Selector::parse(selector).unwrap();
    let wanted: Vec<(String, String)> = parsed
        .select(&select("input[name][value]"))
        .filter_map(|input| Some((input.attr("name")?.to_owned(), input.attr("value")?.to_owned())))
        .collect();
    let (found, action) = inputs(&page);
    assert_eq!(found, wanted, "{page:?}");
    let wanted = parsed.select(&select("form")).next().and_then(|form| form.attr("action").map(str::to_owned));
    assert_eq!(action, wanted, "{page:?}");
});
