//! The parts of a page that mean something, for who writes a shorter page that is read the same.

use super::code::ErrorCode;
use super::page;
use super::params::{self, Params};
use serde_json::Value;

/// The words, in lower case, by which sentences of an error are known.
const MARKS: &[&str] = &["aadsts", "aadb2c", "msis", "trace id:", "correlation id:", "request id:", "timestamp:"];

/// The longest sentence, in bytes: what is longer is a script, of which the text with the mark is taken.
const LONGEST: usize = 1000;

/// A form and its inputs.
pub(crate) struct Form {
    /// Where it posts to.
    pub(crate) action: Option<String>,
    /// Names and values of its inputs, with their escapes undone.
    pub(crate) inputs: Vec<(String, String)>,
}

/// The configuration object that a page of the sign-in service sets.
pub(crate) fn page_configuration(html: &str) -> Option<Value> {
    page::config(html)
}

/// The page's name in a `meta` element.
pub(crate) fn page_id(html: &str) -> Option<String> {
    page::meta_page_id(html).map(params::unescape_html)
}

/// The number of the error that a page of the Microsoft account service shows: it stands in a script's object that is no
/// JSON (`sErrorCode:'80041012'`), and is empty or absent where there is no error.
pub(crate) fn page_error_number(html: &str) -> Option<&str> {
    html.match_indices("sErrorCode").find_map(|(at, name)| {
        let value = html.get(at + name.len()..)?.trim_start_matches(['"', '\'', ' ', ':']);
        let end = value.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(value.len());
        value.get(..end).filter(|number| number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 10)
    })
}

/// Whether a page of AD FS names one of its events (`MSIS7065`).
pub(super) fn names_adfs_event(html: &str) -> bool {
    html.match_indices("MSIS")
        .any(|(at, name)| html.get(at + name.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// Whether a text is an encrypted token in compact form (JWE, RFC 7516): five parts.
pub(crate) fn is_sealed_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 4 && !text.contains(char::is_whitespace)
}

/// The page's form, if it has inputs: that is what a self-posting page is read by.
pub(crate) fn page_form(html: &str) -> Option<Form> {
    let inputs: Params = params::page_inputs(html);
    let inputs: Vec<(String, String)> = inputs.iter().map(|input| (input.name.clone(), input.value.expose().to_owned())).collect();
    let action = params::form_action(html);
    (action.is_some() || !inputs.is_empty()).then_some(Form { action, inputs })
}

/// Names and values that a page gives in its markup: of its inputs, where those without a name count by their type, and of its
/// `meta` elements.
pub(crate) fn page_values(html: &str) -> Vec<(String, String)> {
    let inputs = params::elements(html, "input").filter_map(|tag| {
        let name = params::attribute(tag, "name").or_else(|| params::attribute(tag, "type"))?;
        Some((name, params::attribute(tag, "value")?))
    });
    let metas =
        params::elements(html, "meta").filter_map(|tag| Some((params::attribute(tag, "name")?, params::attribute(tag, "content")?)));
    inputs.chain(metas).map(|(name, value)| (params::unescape_html(name), params::unescape_html(value))).collect()
}

/// The names of the inputs in which a page asks for a password.
pub(crate) fn asked_passwords(html: &str) -> Vec<String> {
    let is_password = |tag: &&str| params::attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
    let names = params::elements(html, "input").filter(is_password).filter_map(|tag| params::attribute(tag, "name"));
    names.map(params::unescape_html).collect()
}

/// A page without its scripts and styles.
pub(super) fn without_scripts(html: &str) -> String {
    const LEFT_OUT: [(&str, &str); 2] = [("<script", "</script"), ("<style", "</style")];
    let lower = html.to_ascii_lowercase();
    let mut text = String::new();
    // Up to where the page is told, and up to where it is looked through: each byte once.
    let (mut told, mut seen) = (0, 0);
    while let Some(at) = lower.get(seen..).and_then(|rest| rest.find('<')).map(|at| seen + at) {
        seen = at + 1;
        let Some((_, end)) = LEFT_OUT.iter().find(|(begin, _)| lower.get(at..).is_some_and(|tag| tag.starts_with(begin))) else { continue };
        text.push_str(html.get(told..at).unwrap_or_default());
        seen = lower.get(at..).and_then(|script| script.find(end)).map_or(html.len(), |length| at + length + end.len());
        told = seen;
    }
    text.push_str(html.get(told..).unwrap_or_default());
    text
}

/// The sentences of a text that name an error or its ids.
pub(crate) fn error_sentences(text: &str) -> Vec<String> {
    // A page without markup is one sentence a line.
    let separators: &[char] = if text.trim_start().starts_with('<') { &['<', '>'] } else { &['\n'] };
    let mut sentences = Vec::new();
    for segment in text.split(separators) {
        let segment = params::unescape_html(segment);
        // Lower case in ASCII, so that places are the same in both.
        let lower = segment.to_ascii_lowercase();
        if !MARKS.iter().any(|mark| lower.contains(mark)) {
            continue;
        }
        if segment.len() <= LONGEST && !names_values(&segment) {
            sentences.push(segment.trim().to_owned());
            continue;
        }
        let next = |mark: &str, from: usize| Some(lower.get(from..)?.find(mark)? + from);
        // Where each mark stands next, so that none is sought twice over the same text.
        let mut places: Vec<_> = MARKS.iter().map(|mark| (*mark, next(mark, 0))).collect();
        let mut from = 0;
        while let Some(mark) = places.iter().filter_map(|(_, place)| *place).min() {
            // The text that the mark stands in, as far as it is not too long for one.
            let quote = segment.get(from..mark).and_then(opening_quote).map(|at| from + at).filter(|at| mark - at < LONGEST);
            let start = quote.map_or(mark, |quote| quote + 1);
            let rest = beginning(segment.get(start..).unwrap_or_default());
            let end = match quote {
                Some(quote) => {
                    let (before, quoted) = segment.split_at_checked(quote).unwrap_or_default();
                    quoted_length(beginning(quoted), before.len() - before.trim_end_matches('\\').len())
                }
                None => rest.find(['"', '\n', '<']),
            };
            let end = end.unwrap_or(rest.len());
            sentences.push(rest.get(..end).unwrap_or_default().to_owned());
            from = start + end.max(mark - start + 1);
            for (mark, place) in places.iter_mut().filter(|(_, place)| place.is_some_and(|place| place < from)) {
                *place = next(mark, from);
            }
        }
    }
    sentences
}

/// As much of a text as a sentence may be long.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().map(|(place, _)| place).find(|place| *place >= LONGEST).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether a text gives values names in the way of JSON and scripts, such as `"error": "…"`.
fn names_values(text: &str) -> bool {
    memchr::memchr2_iter(b':', b'=', text.as_bytes())
        .any(|at| text.get(at + 1..).is_some_and(|rest| rest.trim_start_matches([' ', '\\']).starts_with(['"', '\'', '`'])))
}

/// Where the quotation mark stands that opens what a text ends with.
fn opening_quote(before: &str) -> Option<usize> {
    let at = before.rfind(['"', '\'', '`'])?;
    let opens = before.get(..at)?.trim_end_matches('\\').ends_with([':', '=', '(', '[', '{', ',', '+', ' ']);
    opens.then_some(at)
}

/// How long the text is that begins with a quotation mark and so many backslashes before it, up to where it is closed in the
/// same way or what it stands in is.
pub(crate) fn quoted_length(quoted: &str, backslashes: usize) -> Option<usize> {
    let (quote, text) = quoted.as_bytes().split_first()?;
    memchr::memchr_iter(*quote, text).find_map(|at| {
        let count = text.get(..at)?.iter().rev().take_while(|byte| **byte == b'\\').count();
        // Each layer of escapes doubles those that are there and adds one.
        (count < backslashes || count % (2 * backslashes + 2) == backslashes).then(|| at - count.min(backslashes))
    })
}

/// Whether a text is a form as it is posted.
pub(crate) fn is_form(text: &str) -> bool {
    params::looks_like_form(text)
}

/// Whether a text names an error code.
pub(crate) fn names_code(text: &str) -> bool {
    !ErrorCode::all_in(text).is_empty()
}

/// Whether the result of a WS-Federation sign-in is a SOAP fault and no token.
pub(super) fn is_fault(result: &str) -> bool {
    result.contains("Fault>") && !result.contains("RequestedSecurityToken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_those_with_a_code_or_an_id() {
        let html = "<html><p>Hello Ada</p><p>AADSTS50011: no &amp; never</p><pre>Trace ID: x</pre><p>bye</p>";
        assert_eq!(error_sentences(html), ["AADSTS50011: no & never", "Trace ID: x"]);
        assert_eq!(error_sentences("all well\nAADSTS50011: no\n"), ["AADSTS50011: no"]);
        let script = format!("<script>{}\"m\":\"AADSTS50011: no\",{}</script>", "x".repeat(2000), "y".repeat(2000));
        assert_eq!(error_sentences(&script), ["AADSTS50011: no"]);
    }

    #[test]
    fn scripts_and_styles_are_no_text_of_a_page() {
        let page = "<p>a</p><SCRIPT src=x>AADSTS1</script><b>b<style>AADSTS2</style></b><script>AADSTS3";
        assert_eq!(without_scripts(page), "<p>a</p>><b>b></b>");
        // Many of them are looked through once.
        assert_eq!(without_scripts(&"<script></script".repeat(200_000)), "");
    }

    #[test]
    fn a_sentence_of_a_script_ends_where_its_text_does() {
        for (script, sentence) in [
            (r#"{"error":"x: AADSTS50011: 'a' no","sid":"y"}"#, "x: AADSTS50011: 'a' no"),
            (r#"s="{\"error\":\"AADSTS50011: \\\"a\\\" no\",\"sid\":\"y\"}""#, r#"AADSTS50011: \\\"a\\\" no"#),
            (r"{error:'AADSTS50011: can\'t',sid:'y'}", r"AADSTS50011: can\'t"),
            (r#"AADSTS50011: no {"sid":"y"}"#, "AADSTS50011: no {"),
            (r#"{"error":"AADSTS50011: cut o"#, "AADSTS50011: cut o"),
        ] {
            assert_eq!(error_sentences(script), [sentence]);
        }
        let long = format!("{{\"error\":\"AADSTS50011: {}\"}}", "é".repeat(LONGEST));
        assert!(error_sentences(&long).first().is_some_and(|sentence| sentence.len() <= LONGEST + 2));
    }

    #[test]
    fn the_error_of_a_microsoft_account_page() {
        assert_eq!(page_error_number("<script>var ServerData = {sErrorCode:'80041012',x:1};"), Some("80041012"));
        assert_eq!(page_error_number(r#"$Config={"sErrorCode":"80041012"}"#), Some("80041012"));
        assert_eq!(page_error_number("<script>var ServerData = {sErrorCode:'',sErrTxt:''};"), None);
        assert_eq!(page_error_number("<script>if(d.sErrorCode=='80041012'){}"), None);
    }

    #[test]
    fn a_form_has_its_inputs_unescaped() {
        let form = page_form(r#"<form action="https://app.example/cb&#47;"><input name="code" value="a&amp;b"></form>"#).unwrap();
        assert_eq!(form.action.as_deref(), Some("https://app.example/cb/"));
        assert_eq!(form.inputs, [("code".to_owned(), "a&b".to_owned())]);
        assert!(page_form("<p>nothing</p>").is_none());
    }
}
