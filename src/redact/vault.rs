//! Every value that does not leave, with what stands in its place.

use super::kind::Kind;
use super::placeholder;
use crate::entra::placeholder::{ALTERED, unaltered};
use crate::entra::{is_bare_mark, is_nothing_but_stand_in, is_stand_in};
use crate::exchange::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// How many codes are kept in mind: one that was altered comes soon after the one that it was.
const CODES: usize = 8;

/// How many values there are of each kind.
pub(super) type Counts = BTreeMap<Kind, usize>;

/// The collected values.
pub(super) struct Vault<'v> {
    strict: bool,
    /// Whether all that counts is whether it is asked anything.
    is_apart: bool,
    /// What was collected before, which is only looked up.
    known: Option<&'v Vault<'v>>,
    /// Whether an earlier redaction has put its placeholders there.
    has_placeholders: bool,
    /// Values that are written as placeholders are and are none: nothing else is replaced by what they are.
    taken: HashSet<Key>,
    /// The placeholders that somebody may be called as, too: a text is looked at again where they stand in it.
    issued: HashSet<Key>,
    numbers: HashMap<Key, usize>,
    found: Vec<Found>,
    counts: Counts,
    /// The codes that were met last: one of them may come once more, cut off.
    codes: VecDeque<usize>,
    /// Hashes of verifiers, with those of what stands in their place.
    challenges: HashMap<String, String>,
    /// Ids that stay, in lower case: a cookie that holds the application's id hides nothing.
    kept: HashSet<Key>,
    /// In how many places what was collected before was met.
    met: Vec<u32>,
    /// What was asked since it was told last.
    asked: Asked,
    /// How often something was asked of which the answer may change, or is counted.
    questions: usize,
}

/// What a vault was asked while an entry was rewritten.
#[derive(Default)]
pub(super) struct Asked {
    /// The numbers of the values, as often as they were met.
    pub(super) met: Vec<u32>,
    /// Whether the answers may be others when the vault is asked once more, whatever it has met by then.
    pub(super) is_provisional: bool,
}

/// A value that is looked up. Like [`Secret`] it cannot be printed.
#[derive(PartialEq, Eq, Hash)]
struct Key(String);

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// One value.
pub(super) struct Found {
    pub(super) value: Secret,
    pub(super) kind: Kind,
    pub(super) placeholder: String,
    /// In how many places its name told it.
    pub(super) places: usize,
}

impl<'v> Vault<'v> {
    pub(super) fn new(strict: bool) -> Self {
        Self {
            strict,
            is_apart: false,
            known: None,
            has_placeholders: true,
            taken: HashSet::new(),
            issued: HashSet::new(),
            numbers: HashMap::new(),
            found: Vec::new(),
            counts: Counts::new(),
            codes: VecDeque::new(),
            challenges: HashMap::new(),
            kept: HashSet::new(),
            met: Vec::new(),
            asked: Asked::default(),
            questions: 0,
        }
    }

    /// One that answers nothing, and tells whether it was asked.
    pub(super) fn apart(strict: bool) -> Self {
        Self { is_apart: true, ..Self::new(strict) }
    }

    /// One that answers what this one knows, and tells whether it was asked for more.
    pub(super) fn asking(&'v self) -> Self {
        Self { is_apart: true, known: Some(self), has_placeholders: self.has_placeholders, ..Self::new(self.strict) }
    }

    /// One for a capture in which no earlier redaction has put placeholders.
    pub(super) fn without_placeholders(self) -> Self {
        Self { has_placeholders: false, ..self }
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Numbers values as if there had been so many before.
    pub(super) fn count_on(&mut self, counts: &Counts) {
        self.counts.clone_from(counts);
    }

    /// Whether the domains of addresses are replaced too.
    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    /// A vault in which all of this one is known.
    pub(super) fn over(&'v self) -> Self {
        Self { known: Some(self), has_placeholders: self.has_placeholders, met: vec![0; self.found.len()], ..Self::new(self.strict) }
    }

    /// In how many places what was known was met; `None` where something was not known, or would have been counted.
    pub(super) fn met(self) -> Option<Vec<u32>> {
        (self.found.is_empty() && self.counts.is_empty() && self.kept.is_empty()).then_some(self.met)
    }

    /// Adds what was counted over this vault.
    pub(super) fn add(&mut self, met: &[u32]) {
        for (found, met) in self.found.iter_mut().zip(met) {
            found.places += *met as usize;
        }
    }

    /// Counts a place in which a value was met, by its number.
    pub(super) fn count(&mut self, number: u32) {
        if let Some(found) = self.found.get_mut(number as usize) {
            found.places += 1;
        }
    }

    /// Whether nothing was asked of it that it would have had to know or keep.
    pub(super) fn is_untouched(&self) -> bool {
        self.found.is_empty() && self.counts.is_empty() && self.kept.is_empty() && !self.asked.is_provisional
    }

    /// What was asked since it was told last.
    pub(super) fn take_asked(&mut self) -> Asked {
        std::mem::take(&mut self.asked)
    }

    /// How often something was asked of which the answer may change, or is counted. What comes to the same without a question
    /// always will.
    pub(super) fn questions(&self) -> usize {
        self.questions
    }

    /// For each value, whether it is an id that stays: that was not known when it was met, and it was replaced.
    pub(super) fn contested(&self) -> Vec<bool> {
        let mut contested = vec![false; self.found.len()];
        for (key, number) in &self.numbers {
            if let Some(contested) = contested.get_mut(*number) {
                *contested = self.is_kept(&key.0);
            }
        }
        contested
    }

    /// Remembers an id that stays.
    pub(super) fn keep(&mut self, id: &str) {
        if id.len() >= 8 && !self.is_kept(id) {
            self.kept.insert(Key(id.to_ascii_lowercase()));
        }
    }

    fn is_kept(&self, value: &str) -> bool {
        let is_kept = |value: &str| self.kept.contains(value) || self.known.is_some_and(|known| known.kept.contains(value));
        // Ids that are shorter are not kept.
        value.len() >= 8
            && match value.bytes().any(|byte| byte.is_ascii_uppercase()) {
                true => is_kept(&value.to_ascii_lowercase()),
                false => is_kept(value),
            }
    }

    /// What stands in the place of a value. The first kind under which it was met stays.
    pub(super) fn replace(&mut self, kind: Kind, value: &str) -> String {
        let strict = self.strict;
        self.replace_with(kind, value, |number| placeholder::of(kind, value, number, strict))
    }

    /// The same, for a placeholder that is made in another way.
    pub(super) fn replace_with(&mut self, kind: Kind, value: &str, make: impl Fn(usize) -> String) -> String {
        // An earlier redaction that was less strict has left the domain.
        let has_domain = self.strict && kind == Kind::Account && placeholder::has_domain(value);
        if value.is_empty()
            || is_bare_mark(value)
            || (self.is_placeholder(value) && !has_domain)
            || kind.gives_way_to_ids(value) && self.is_kept(value)
        {
            return value.to_owned();
        }
        // What somebody wrote in the place of a value may also be one that is words in brackets.
        let is_left_out = kind.is_compared() && is_nothing_but_stand_in(value);
        if is_left_out && !kind.is_sought(value) {
            return placeholder::LEFT_OUT.to_owned();
        }
        self.questions += 1;
        let key: Cow<'_, str> = match kind.is_personal() && value.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) {
            true => Cow::Owned(value.to_lowercase()),
            false => Cow::Borrowed(value),
        };
        if let Some(known) = self.known
            && let Some(index) = known.numbers.get(&*key)
            && let Some(found) = known.found.get(*index)
        {
            if let Some(met) = self.met.get_mut(*index) {
                *met += 1;
            }
            return found.placeholder.clone();
        }
        if self.is_apart {
            self.asked.is_provisional = true;
            return String::new();
        }
        if let Some((index, found)) = self.numbers.get(&*key).and_then(|index| Some((*index, self.found.get_mut(*index)?))) {
            found.places += 1;
            self.asked.met.push(number(index));
            return found.placeholder.clone();
        }
        if !self.has_placeholders && placeholder::is_one(value) {
            self.taken.insert(Key(value.to_owned()));
        }
        let altered = self.altered(kind, value);
        let count = self.counts.entry(kind).or_default();
        let mut made = || {
            *count += 1;
            make(*count)
        };
        let mut placeholder = match altered {
            _ if is_left_out => placeholder::LEFT_OUT.to_owned(),
            altered => {
                let numbered = made();
                altered.unwrap_or(numbered)
            }
        };
        while self.taken.contains(&*placeholder) {
            placeholder = made();
        }
        // A number would tell it from another that may stand for the same.
        if !is_left_out && kind.is_compared() && is_stand_in(value) {
            placeholder = placeholder::of_cut(&placeholder);
        }
        // What an earlier redaction put there is no secret.
        if placeholder == value {
            self.asked.is_provisional = true;
            return placeholder;
        }
        if !self.has_placeholders && placeholder::may_be_a_name(&placeholder) {
            self.issued.insert(Key(placeholder.clone()));
        }
        if kind == Kind::CodeVerifier {
            self.challenges.insert(hash(value), hash(&placeholder));
        }
        if kind == Kind::Code {
            if self.codes.len() == CODES {
                self.codes.pop_front();
            }
            self.codes.push_back(self.found.len());
        }
        self.asked.met.push(number(self.found.len()));
        self.numbers.insert(Key(key.into_owned()), self.found.len());
        self.found.push(Found { value: Secret::new(value), kind, placeholder: placeholder.clone(), places: 1 });
        placeholder
    }

    /// Whether a redaction has put a value there, this one or an earlier one. Accounts and tenants are called as their placeholders
    /// are too.
    fn is_placeholder(&self, value: &str) -> bool {
        let is_issued = || self.issued.contains(value) || self.known.is_some_and(|known| known.issued.contains(value));
        placeholder::is_one(value) && (self.has_placeholders || !placeholder::may_be_a_name(value) || is_issued())
    }

    /// What stands in the place of a code that is another one, cut off or changed in a part: that a code was altered on its way
    /// stays to be told.
    fn altered(&self, kind: Kind, value: &str) -> Option<String> {
        let value = Some(Secret::new(value)).filter(|_| kind == Kind::Code)?;
        let known = || self.codes.iter().rev().filter_map(|&index| self.found.get(index));
        let whole = known().find(|found| value.is_altered_from(&found.value) == Some(true))?;
        let of_same = known().filter(|found| unaltered(&found.placeholder) == unaltered(&whole.placeholder));
        let longest = of_same.map(|found| &found.placeholder).max_by_key(|placeholder| placeholder.len())?;
        Some(format!("{longest}{ALTERED}"))
    }

    /// The hash of the verifier's placeholder, for the hash of a verifier that is known; any other stays, for it
    /// gives nothing away (RFC 7636 §7.3).
    pub(super) fn challenge(&mut self, challenge: &str) -> String {
        let challenges = self.known.map_or(&self.challenges, |known| &known.challenges);
        let known = challenges.get(challenge);
        self.questions += 1;
        // The verifier comes later.
        self.asked.is_provisional |= known.is_none();
        known.map_or(challenge, String::as_str).to_owned()
    }

    /// A text without the tenants that are known, by their ids and domains: as the search finds them.
    pub(super) fn without_tenants(&self, text: String) -> String {
        let found = self.found.iter().chain(self.known.iter().flat_map(|known| &known.found));
        let is_found_anywhere = |value: &str| value.contains('.') || value.len() > 8 && !Kind::Tenant.is_plain_word(value);
        let mut tenants: Vec<&Found> =
            found.filter(|found| found.kind == Kind::Tenant && is_found_anywhere(found.value.expose())).collect();
        tenants.sort_by_key(|found| std::cmp::Reverse(found.value.expose().len()));
        tenants.iter().fold(text, |text, found| {
            let value = found.value.expose().to_ascii_lowercase();
            let lower = text.to_ascii_lowercase();
            let mut out = String::new();
            let mut from = 0;
            for (at, _) in lower.match_indices(&value) {
                out.extend([text.get(from..at).unwrap_or_default(), &found.placeholder]);
                from = at + value.len();
            }
            if from == 0 {
                return text;
            }
            out.push_str(text.get(from..).unwrap_or_default());
            out
        })
    }

    /// Begins to count anew: the first pass only collects.
    pub(super) fn forget_places(&mut self) {
        self.found.iter_mut().for_each(|found| found.places = 0);
    }

    /// Every value, in the order in which it was met.
    pub(super) fn found(&self) -> impl Iterator<Item = &Found> {
        self.found.iter()
    }

    /// The values that are sought everywhere.
    pub(super) fn sought(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|found| found.kind.is_sought(found.value.expose()) && !self.is_kept(found.value.expose()))
    }
}

/// The number of a value.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A verifier's challenge by the method S256.
fn hash(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}
