//! What is left of a secret that stands in a text that stays, where prose takes a part of it for something of its own: an address of
//! a person or a machine, a key.

use super::Rewriter;
use super::commonplace::holds_addresses;
use super::prose::SHORTEST_KEY;
use crate::entra::key::is_like_a_word;
use crate::entra::placeholder;
use crate::exchange::Secret;
use crate::redact::escapes::Unescaped;
use crate::redact::kind::{Kind, mixes};
use crate::redact::vault::Found;
use std::borrow::Cow;

/// The shortest part of a value by which it is known.
const SHORTEST: usize = 3;

impl Rewriter<'_> {
    /// What texts hold in the place of values that are sought, where it is not their placeholder alone: it is sought as they are.
    pub(in crate::redact) fn remains(&self) -> Vec<Found> {
        let mut asking = self.asking();
        let mut remains = Vec::new();
        let may_be_parted = |found: &&Found| !found.kind.is_personal() && is_more_than_a_word(found.value.expose());
        for found in self.sought().filter(may_be_parted) {
            // Where applications write pairs, what is left of them may stand in addresses too.
            if holds_addresses(found.kind) && names_values(found.value.expose()) {
                continue;
            }
            // A token stays one, and its claims are what it is replaced by.
            for text in asking.texts_with(found.value.expose()).into_iter().filter(|text| !text.contains(&found.placeholder)) {
                remains.push(Found { value: Secret::new(&text), kind: Kind::Opaque, placeholder: found.placeholder.clone(), places: 0 });
            }
        }
        remains
    }

    /// What a value comes to in prose, in the text of an error and in a program. What the vault has not met stood in none of these.
    fn texts_with(&mut self, value: &str) -> Vec<String> {
        let rewrites: [fn(&mut Self, &str) -> String; 3] =
            [Self::prose, Self::error_text, |rewriter, text| rewriter.text_with_members(Cow::Borrowed(text)).into_owned()];
        let mut texts: Vec<String> = Vec::new();
        for rewrite in rewrites {
            let text = rewrite(self, value);
            let is_known = !self.vault.take_asked().is_provisional;
            if is_known && text != value && tells_something(&text) && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }
}

/// Whether prose may take a part of a value for something: most are short, and have no mark of it.
fn is_more_than_a_word(value: &str) -> bool {
    value.len() >= SHORTEST_KEY
        || value.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'~' | b'!' | b'*'))
}

/// Whether a value is written as pairs are.
fn names_values(value: &str) -> bool {
    value.trim_end_matches('=').contains('=')
}

/// Whether there is more in a text than placeholders and words, once its escapes are taken off.
fn tells_something(text: &str) -> bool {
    if let Some(plain) = Unescaped::of(text.as_bytes()).and_then(|plain| String::from_utf8(plain.bytes).ok()) {
        return tells_something(&plain);
    }
    let is_part = |c: char| c.is_alphanumeric() || "-@.".contains(c);
    let words = text.split(|c: char| !is_part(c)).filter(|word| !placeholder::is_one(word.trim_end_matches('.')));
    let mut runs = words.flat_map(|word| word.split(|c: char| !c.is_alphanumeric())).filter(|run| run.len() >= SHORTEST);
    runs.any(|run| mixes(run) || !is_like_a_word(run))
}
