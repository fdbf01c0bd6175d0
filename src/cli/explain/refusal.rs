//! What is said where nothing is known of what was asked: what may have been meant, and what to do with it instead.

use super::WIDTH;
use crate::entra::{ErrorCode, Family, Guid, OAuthError, Pasted};
use crate::explain::suggestions;
use crate::knowledge::Knowledge;
use crate::report::{printable, read_of_message};
use std::path::Path;

/// How much of what was asked is repeated in a message: longer than any code or id.
const LONGEST_ID: usize = 48;

/// Where a sign-in is found by what a message names.
const SIGN_IN_LOG: &str = "the sign-in log tells what failed: Entra admin centre > Monitoring > Sign-in logs, filtered by Correlation ID or Request ID (the trace id)";

/// How codes and ids are written.
const HOW_TO_ASK: &str = "A code is written as AADSTS50058, AADB2C90077 or 50058; the ids of causes and checks are in docs/reference. A capture with other codes is diagnosed all the same: entrace CAPTURE.";

/// That nothing is known, and what may have been meant. A message may hold names and tokens, so only what is written like an id,
/// or names a file that is there, is repeated.
pub(super) fn not_known(asked: &str, knowledge: &Knowledge) -> String {
    let asked = asked.trim();
    let message = Pasted::read(asked);
    let (what, next) = told(asked, &message, knowledge);
    let mut text = textwrap::fill(&format!("entrace: {what}."), WIDTH);
    text.push('\n');
    for (label, value) in read_of_message(&message) {
        text.push_str(&format!("  {label:<16}{value}\n"));
    }
    let near = suggestions(asked, knowledge);
    if !near.is_empty() {
        text.push_str("Nearly the same:\n");
    }
    let layout = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("      ");
    for suggestion in near {
        text.push_str(&textwrap::fill(&format!("{}  {}", suggestion.id, suggestion.title), &layout));
        text.push('\n');
    }
    text.push_str(&textwrap::fill(&next, textwrap::Options::new(WIDTH).break_words(false)));
    text.push('\n');
    text
}

/// What was asked, as far as that can be told, and what to do next.
fn told(asked: &str, message: &Pasted, knowledge: &Knowledge) -> (String, String) {
    // The name of an error alone is read as what stands in an address.
    let error = message.error.or_else(|| OAuthError::of(asked));
    if asked.is_empty() {
        return ("there is nothing to explain".to_owned(), HOW_TO_ASK.to_owned());
    }
    if let Some(file) = file(asked) {
        return (
            format!("“{file}” is a file, and explain is asked for codes and messages"),
            format!("A capture is diagnosed: entrace {file}. A message in a file is explained by: entrace explain - < {file}"),
        );
    }
    if let Some(error) = error.filter(|_| message.codes.is_empty()) {
        return (
            format!("{error} is an error of OAuth that many causes share; the AADSTS code in its error_description tells more"),
            HOW_TO_ASK.to_owned(),
        );
    }
    if !message.codes.is_empty() {
        let names: Vec<String> = message.codes.iter().map(ToString::to_string).collect();
        return (format!("nothing is known of “{}”", names.join(", ")), next_to_code(message));
    }
    if let Some(id) = Guid::parse(asked) {
        return match knowledge.app(&id) {
            Some(name) => {
                (format!("this is the id of {name}, an application or resource, and tells nothing of a failure"), HOW_TO_ASK.to_owned())
            }
            None => ("an id alone tells nothing of a failure".to_owned(), next_to_id()),
        };
    }
    if message.has_ids() {
        return ("the text names a sign-in by its ids, and no code, cause or check".to_owned(), next_to_id());
    }
    let is_id = asked.len() <= LONGEST_ID && asked.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let what = match is_id {
        true => format!("nothing is known of “{}”", printable(asked)),
        false => "the text names no code, cause or check that is known".to_owned(),
    };
    (what, HOW_TO_ASK.to_owned())
}

/// The name of a file that is there.
fn file(asked: &str) -> Option<String> {
    (!asked.contains('\n') && Path::new(asked).is_file()).then(|| printable(asked))
}

fn next_to_code(message: &Pasted) -> String {
    let number = |code: &&ErrorCode| code.family == Family::Aadsts;
    let own_page = message.codes.iter().find(number).map(|code| {
        format!("Microsoft's own page may have a sentence for it: https://login.microsoftonline.com/error?code={}. ", code.number)
    });
    format!(
        "{}With the ids of the message {SIGN_IN_LOG}. A capture of the sign-in is diagnosed all the same: entrace CAPTURE.",
        own_page.unwrap_or_default()
    )
}

fn next_to_id() -> String {
    format!(
        "If it is that of a sign-in, {SIGN_IN_LOG}. The whole message, with its code, can be explained; and a capture of the sign-in diagnosed: entrace CAPTURE."
    )
}
