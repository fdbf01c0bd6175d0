//! What may have been meant where nothing is known of what was written.

use crate::checks;
use crate::entra::{ErrorCode, Pasted};
use crate::knowledge::{Knowledge, nearest};
use std::collections::HashSet;
use strsim::osa_distance;

/// How much is suggested.
const MOST: usize = 5;

/// Something that is known and written nearly like what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion<'k> {
    /// The code or id.
    pub id: &'k str,
    /// What it is.
    pub title: &'k str,
}

/// What is written nearly like what was asked: codes whose number is one slip away, or ids; five at most.
#[must_use]
pub fn suggestions<'k>(asked: &str, knowledge: &'k Knowledge) -> Vec<Suggestion<'k>> {
    let message = Pasted::read(asked);
    if message.codes.is_empty() && message.numbers.is_empty() {
        let misspelt = misspelt(asked, knowledge);
        return if misspelt.is_empty() { ids(&asked.trim().to_ascii_lowercase(), knowledge) } else { misspelt };
    }
    let mut near: Vec<(usize, &str)> = Vec::new();
    for written in message.codes.iter().map(ToString::to_string).chain(message.numbers.iter().map(ToString::to_string)) {
        // A number without a prefix may be of either family.
        let part = |code: &'k str| if written.starts_with("AAD") { code } else { code.get(6..).unwrap_or(code) };
        let slips = |code: &&'k str| may_be_one_slip(&written, part(code));
        near.extend(
            knowledge
                .code_names()
                .filter(slips)
                .map(|code| (osa_distance(&written, part(code)), code))
                .filter(|(distance, _)| *distance <= 1),
        );
    }
    titled(near, knowledge)
}

/// The nearest of some codes, each with how far it is, with their titles.
fn titled<'k>(mut near: Vec<(usize, &'k str)>, knowledge: &'k Knowledge) -> Vec<Suggestion<'k>> {
    near.sort_unstable();
    near.dedup();
    // Where a code is written as it is, none is nearly so.
    if near.first().is_some_and(|(far, _)| *far == 0) {
        near.retain(|(far, _)| *far == 0);
    }
    let title = |code: &'k str| Some(Suggestion { id: code, title: &knowledge.code(ErrorCode::parse(code)?)?.title });
    near.into_iter().take(MOST).filter_map(|(_, code)| title(code)).collect()
}

/// How many letters of a code, prefix included, may be wrong.
const SLIPS: usize = 2;

/// The codes that a word with a mistake in its prefix, or with letters for digits, is nearly like: those that are nearest.
fn misspelt<'k>(asked: &str, knowledge: &'k Knowledge) -> Vec<Suggestion<'k>> {
    let words = asked.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| (7..=16).contains(&word.len()));
    let written = words.map(str::to_ascii_uppercase).find(|word| word.starts_with('A') && word.bytes().any(|byte| byte.is_ascii_digit()));
    let Some(written) = written else { return Vec::new() };
    let as_digits = digits_for_letters(&written);
    let far = |code: &'k str| osa_distance(&written, code).min(osa_distance(&as_digits, code) + usize::from(as_digits != written));
    let all: Vec<(usize, &str)> = knowledge
        .code_names()
        .filter(|code| code.len().abs_diff(written.len()) <= SLIPS)
        .map(|code| (far(code), code))
        .filter(|(far, _)| *far <= SLIPS)
        .collect();
    let least = all.iter().map(|(far, _)| *far).min();
    titled(all.into_iter().filter(|(far, _)| Some(*far) == least).collect(), knowledge)
}

/// A code whose number was written with letters that look like digits: from its first digit on they are taken for those.
fn digits_for_letters(written: &str) -> String {
    let number = if written.starts_with("AADB2C") { 6 } else { written.find(|c: char| c.is_ascii_digit()).unwrap_or(written.len()) };
    let digit = |(at, letter): (usize, char)| match letter {
        _ if at < number => letter,
        'O' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        other => other,
    };
    written.char_indices().map(digit).collect()
}

/// Whether one may be made of the other by one slip: seen at once, where the distance takes time.
fn may_be_one_slip(one: &str, other: &str) -> bool {
    let before = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let behind = one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count();
    one.len().abs_diff(other.len()) <= 1 && before + behind + 2 >= one.len().max(other.len())
}

/// What may be a part of ids: words as they have them, without what OAuth's errors have behind it.
fn part_of_id(asked: &str) -> Option<&str> {
    let part = asked.strip_suffix("_required").unwrap_or(asked);
    (part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')).then_some(part)
}

/// Whether an id has these words in it, each of them whole.
fn has_part(id: &str, part: &str) -> bool {
    format!("-{id}-").contains(&format!("-{part}-"))
}

fn ids<'k>(asked: &str, knowledge: &'k Knowledge) -> Vec<Suggestion<'k>> {
    let claims = || checks::ALL.iter().flat_map(|check| check.claims);
    let checks = || checks::ALL.iter().map(|check| check.name);
    let names = || knowledge.cause_names().chain(knowledge.symptoms().map(|symptom| symptom.id.as_str())).chain(checks());
    // Claims are long, and much in them is alike: who means a claim writes its dot.
    let near = match asked.contains('.') {
        true => nearest(asked, claims().map(|claim| claim.name), MOST),
        false => {
            let part = part_of_id(asked);
            let mut near: Vec<&str> = names().filter(|name| part.is_some_and(|part| has_part(name, part))).collect();
            near.extend(nearest(asked, names(), MOST));
            let mut told = HashSet::new();
            near.retain(|name| told.insert(*name));
            near.truncate(MOST);
            near
        }
    };
    let title = |id: &'k str| {
        let cause = knowledge.cause(id).map(|cause| cause.summary.as_str());
        let check = checks::ALL.iter().find(|check| check.name == id).map(|check| check.about);
        let claim = claims().find(|claim| claim.name == id).map(|claim| claim.seen);
        let symptom = knowledge.symptom(id).map(|symptom| symptom.title.as_str());
        Suggestion { id, title: cause.or(check).or(claim).or(symptom).unwrap_or_default() }
    };
    near.into_iter().map(title).collect()
}
