//! The catalogue: complete, in order, and nothing said twice.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "tests say what is wrong by stopping")]

use entrace::Knowledge;
use entrace::entra::ErrorCode;
use entrace::knowledge::{Code, Grade};
use std::collections::{BTreeMap, BTreeSet};

/// Codes that public documentation and libraries of Microsoft name, one a line.
const KNOWN: &str = include_str!("known-codes.txt");

/// Every text of an entry that people read.
fn texts(code: &Code) -> impl Iterator<Item = &str> {
    let one = [&code.title, &code.meaning, &code.next];
    one.into_iter().chain(&code.usual).chain(code.fixes.iter().map(|fix| &fix.action)).map(String::as_str)
}

fn sentences(text: &str) -> impl Iterator<Item = String> {
    let ends: Vec<usize> = text.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).filter(|at| text[*at..].starts_with(' ')).collect();
    let starts = std::iter::once(0).chain(ends.clone());
    let pieces: Vec<String> =
        starts.zip(ends.into_iter().chain([text.len()])).map(|(start, end)| text[start..end].trim().to_lowercase()).collect();
    pieces.into_iter()
}

#[track_caller]
fn nothing_is_wrong(wrong: &[String], what_to_do: &str) {
    assert!(wrong.is_empty(), "{} are wrong:\n{}\n{what_to_do}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_code_of_the_public_lists_has_an_entry() {
    let knowledge = Knowledge::builtin();
    let names: BTreeSet<&str> = knowledge.code_names().collect();
    let missing: Vec<String> = KNOWN.lines().filter(|code| !names.contains(code)).map(str::to_owned).collect();
    nothing_is_wrong(&missing, "tests/known-codes.txt names them, and no file of src/knowledge/codes has a [[code]] for them.");
    assert!(KNOWN.lines().count() >= 547);
}

#[test]
fn every_code_has_a_meaning_a_place_and_a_fix() {
    let knowledge = Knowledge::builtin();
    let mut wrong = Vec::new();
    for code in knowledge.codes() {
        let fixes =
            code.fixes.len() + code.causes.iter().filter_map(|id| knowledge.cause(id)).map(|cause| cause.fixes.len()).sum::<usize>();
        let told = [
            (fixes == 0, "has no fix: a [[code.fix]] says who can do what"),
            (code.meaning.chars().count() < 50, "has a meaning that says little: write 50 characters at least"),
            (
                code.title.chars().count() > 70 || code.title.ends_with('.'),
                "has a title that is a text: write 70 characters at most and no full stop",
            ),
            (
                code.sign_in_again.is_none() || code.retry.is_none(),
                "does not say whether trying again helps: sign_in_again and retry are true or false",
            ),
            (
                code.causes.is_empty() && code.usual.is_empty() && code.grade != Grade::Unsure,
                "says nothing of its causes: it needs causes, or the usual ones in words as usual",
            ),
            (
                !code.causes.is_empty() && !code.usual.is_empty(),
                "has causes, and tells the usual ones in words too: with causes there is no usual",
            ),
            (
                code.references.is_empty() && code.grade == Grade::Sourced,
                "is sourced and has no source: give one under references, or another grade",
            ),
            (code.references.iter().any(|reference| !reference.starts_with("https://")), "has a reference that is no address"),
        ];
        wrong.extend(told.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, what)| format!("{} {what}", code.code)));
    }
    nothing_is_wrong(&wrong, "What the keys mean stands at the head of src/knowledge/codes.toml.");
}

/// Steps may be for some codes only; a cause must not be left without any at another of its codes.
#[test]
fn every_cause_has_a_step_at_each_of_its_codes() {
    let knowledge = Knowledge::builtin();
    let of_codes =
        knowledge.codes().flat_map(|code| code.causes.iter().map(move |cause| (ErrorCode::parse(&code.code), code.code.as_str(), cause)));
    let of_symptoms = knowledge.symptoms().flat_map(|symptom| symptom.causes.iter().map(move |cause| (None, symptom.id.as_str(), cause)));
    let has_none = |code, cause: &String| !knowledge.cause(cause).unwrap().fixes.iter().any(|fix| fix.applies_to(code));
    let bare = of_codes.chain(of_symptoms).filter(|(code, _, cause)| has_none(*code, cause));
    let bare: Vec<String> = bare.map(|(_, name, cause)| format!("{cause} at {name}")).collect();
    nothing_is_wrong(&bare, "Name the code under codes of one of its steps.");
}

#[test]
fn no_sentence_stands_twice() {
    let knowledge = Knowledge::builtin();
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in knowledge.codes() {
        texts(code).flat_map(sentences).for_each(|sentence| places.entry(sentence).or_default().push(&code.code));
    }
    for cause in knowledge.causes() {
        let texts = std::iter::once(&cause.summary).chain(cause.fixes.iter().map(|fix| &fix.action));
        texts.flat_map(|text| sentences(text)).for_each(|sentence| places.entry(sentence).or_default().push(&cause.id));
    }
    let twice = places.into_iter().filter(|(_, of)| of.len() > 1).map(|(sentence, of)| format!("“{sentence}” in {}", of.join(", ")));
    nothing_is_wrong(&twice.collect::<Vec<_>>(), "Say in one of them what is particular to it.");
}

#[test]
fn every_family_has_a_name_and_every_code_a_family() {
    let knowledge = Knowledge::builtin();
    let in_families: usize = knowledge.families().map(|(_, codes)| codes.len()).sum();
    assert_eq!(in_families, knowledge.codes().count());
    assert!(knowledge.families().all(|(family, codes)| !family.is_empty() && !codes.is_empty() && family != "codes"));
}
