//! Finds collected values wherever they stand: as they are, under layers of escapes, in base64, deflated.

use super::escapes::Unescaped;
use super::kind::Kind;
use super::vault::{Found, Vault};
use crate::capture::decode_base64;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::cell::Cell;
use std::io::Read;

/// How many layers of escapes are taken off: twice percent-encoded in JSON is three.
const MOST_LAYERS: usize = 4;

/// How deep base64 is opened in base64.
const MOST_DEPTH: usize = 3;

/// The shortest run of letters that is taken for base64: shorter ones hold no value that is sought.
const SHORTEST_RUN: usize = 8;

/// What is inflated of one value, in bytes.
const MOST_INFLATED: u64 = 4 << 20;

/// How long all values together may be that are sought, in bytes.
const MOST_SOUGHT: usize = 32 << 20;

/// What is inflated of all values of one text, in bytes.
const MOST_GROWN: usize = 64 << 20;

/// The values that are sought, made ready.
pub(super) struct Search {
    /// Values that are the same in any case of letters, and those that are not.
    groups: Vec<Group>,
    /// How many bytes have been inflated of the text at hand.
    grown: Cell<usize>,
}

struct Group {
    automaton: AhoCorasick,
    needles: Vec<Needle>,
}

struct Needle {
    kind: Kind,
    placeholder: String,
}

/// Finds the place in a text of a part of what it is under its escapes.
type Place<'p> = dyn Fn(usize, usize) -> Option<(usize, usize)> + 'p;

/// A value that was found.
struct Hit<'s> {
    start: usize,
    end: usize,
    needle: &'s Needle,
}

impl Search {
    /// Makes the vault's values ready; `None` where one of the two automata would be too large.
    pub(super) fn of(vault: &Vault) -> Option<Self> {
        let group = |personal: bool| {
            let found: Vec<&Found> = vault.sought().filter(|found| found.kind.is_personal() == personal).collect();
            let mut needles = Vec::new();
            let mut patterns: Vec<Vec<u8>> = Vec::new();
            for found in found {
                for form in forms(found) {
                    patterns.push(form);
                    needles.push(Needle { kind: found.kind, placeholder: found.placeholder.clone() });
                }
            }
            if patterns.iter().map(Vec::len).sum::<usize>() > MOST_SOUGHT {
                return None;
            }
            // Making a DFA takes time that is quadratic in the length of a value that repeats itself.
            let automaton = AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .match_kind(MatchKind::LeftmostLongest)
                .ascii_case_insensitive(personal)
                .build(patterns);
            automaton.ok().map(|automaton| Group { automaton, needles })
        };
        Some(Self { groups: vec![group(false)?, group(true)?], grown: Cell::new(0) })
    }

    /// A text with every value replaced, and how many there were.
    pub(super) fn replace(&self, text: &str) -> (String, usize) {
        self.grown.set(0);
        let mut text = text.to_owned();
        let mut replaced = 0;
        // What stands under fewer layers is replaced first; then nothing is left to be found under more of them
        // but what stands there.
        for layers in 0..MOST_LAYERS {
            let mut spans = Vec::new();
            if !under(text.as_bytes(), layers, &mut |bytes, place| self.spans(bytes, place, &mut spans)) {
                break;
            }
            replaced += spans.len();
            text = spliced(&text, spans);
        }
        (text, replaced)
    }

    /// Whether a value stands in a text in any form.
    pub(super) fn finds(&self, text: &str) -> Option<Kind> {
        self.grown.set(0);
        self.finds_in(text.as_bytes(), MOST_DEPTH)
    }

    fn finds_in(&self, bytes: &[u8], depth: usize) -> Option<Kind> {
        let mut found = None;
        for layers in 0..MOST_LAYERS {
            let mut look = |bytes: &[u8], _: &Place<'_>| {
                found = found.or_else(|| self.hits(bytes).next().map(|hit| hit.needle.kind)).or_else(|| self.coded(bytes, depth));
            };
            if !under(bytes, layers, &mut look) || found.is_some() {
                break;
            }
        }
        found
    }

    /// The parts of a text, by their places in it, that hold a value, with what takes their place.
    fn spans(&self, bytes: &[u8], place: &Place<'_>, spans: &mut Vec<(usize, usize, String)>) {
        for hit in self.hits(bytes) {
            spans.extend(place(hit.start, hit.end).map(|(start, end)| (start, end, hit.needle.placeholder.clone())));
        }
        for (start, end) in runs(bytes) {
            if let Some(run) = bytes.get(start..end)
                && self.run(run, MOST_DEPTH).is_some()
            {
                spans.extend(place(start, end).map(|(start, end)| (start, end, format!("redacted-{}", Kind::Encoded.name()))));
            }
        }
    }

    fn hits<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = Hit<'s>> {
        self.groups.iter().flat_map(move |group| {
            group.automaton.find_iter(bytes).filter_map(move |found| {
                let needle = group.needles.get(found.pattern().as_usize())?;
                let hit = Hit { start: found.start(), end: found.end(), needle };
                stands_alone(bytes, &hit).then_some(hit)
            })
        })
    }

    /// What a run of base64 in some bytes holds.
    fn coded(&self, bytes: &[u8], depth: usize) -> Option<Kind> {
        runs(bytes).find_map(|(start, end)| self.run(bytes.get(start..end)?, depth))
    }

    fn run(&self, run: &[u8], depth: usize) -> Option<Kind> {
        let depth = depth.checked_sub(1)?;
        // Letters before the code shift it; the first of four readings that are tried is nearly always right.
        (0..4).find_map(|shift| {
            let code = run.get(shift..)?;
            // The last letter alone stands for no byte.
            let code = if code.len() % 4 == 1 { code.get(..code.len() - 1)? } else { code };
            let decoded = decode_base64(code)?;
            self.decoded(&decoded, depth)
                .or_else(|| wide(&decoded).and_then(|narrow| self.decoded(&narrow, depth)))
                .or_else(|| (shift == 0).then(|| self.inflated(&decoded, depth)).flatten())
        })
    }

    /// What some bytes hold that were deflated. What grows too much is not looked through, and does not stay.
    fn inflated(&self, bytes: &[u8], depth: usize) -> Option<Kind> {
        let inner = inflated(bytes)?;
        let grown = self.grown.get().saturating_add(inner.len());
        self.grown.set(grown);
        if inner.len() as u64 >= MOST_INFLATED || grown > MOST_GROWN {
            return Some(Kind::Encoded);
        }
        self.decoded(&inner, depth)
    }

    fn decoded(&self, bytes: &[u8], depth: usize) -> Option<Kind> {
        self.finds_in(bytes, depth)
    }
}

/// The shortest form of a value besides its own, in bytes.
const SHORTEST_FORM: usize = 6;

/// The forms in which a value is sought besides those that escapes and base64 give it.
fn forms(found: &Found) -> Vec<Vec<u8>> {
    let value = found.value.expose();
    let mut forms = vec![value.to_owned()];
    // A form's way to write a space.
    if value.contains(' ') {
        forms.push(value.replace(' ', "+"));
    }
    // Tokens are handed on in pieces.
    if found.kind == Kind::Token {
        forms.extend(value.split('.').skip(1).filter(|part| part.len() >= 24).map(str::to_owned));
    }
    match found.kind {
        Kind::Name => {
            if let Some((given, family)) = value.rsplit_once(' ') {
                forms.push(format!("{family}, {given}"));
            }
        }
        // As a folder of SharePoint and OneDrive.
        Kind::Account => forms.push(value.replace(['@', '.'], "_")),
        _ => {}
    }
    let mut out: Vec<Vec<u8>> = Vec::new();
    // What looks like an escape in the value itself goes when those around it are taken off.
    let mut inner = value.as_bytes().to_vec();
    for _ in 0..MOST_LAYERS {
        let Some(next) = Unescaped::of(&inner).filter(|next| next.bytes.len() >= SHORTEST_FORM) else { break };
        out.push(next.bytes.clone());
        inner = next.bytes;
    }
    for form in forms {
        if found.kind.is_personal() && !form.is_ascii() {
            // The automaton knows the cases of ASCII only.
            for cased in [form.to_lowercase(), form.to_uppercase()] {
                out.push(cased.into_bytes());
            }
            // ISO 8859-1, percent-encoded by older programs.
            out.extend(form.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>());
        }
        out.push(form.into_bytes());
    }
    out
}

/// Whether a value is not just a part of a longer number or word, for values that are short.
fn stands_alone(bytes: &[u8], hit: &Hit<'_>) -> bool {
    if hit.end - hit.start > 8 && !matches!(hit.needle.kind, Kind::IpAddress) {
        return true;
    }
    let joins = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let before = hit.start.checked_sub(1).and_then(|before| bytes.get(before));
    !joins(before) && !joins(bytes.get(hit.end))
}

/// Calls `look` with what a text is under so many layers, and with a function that finds places in the text;
/// whether there are that many.
fn under(text: &[u8], layers: usize, look: &mut dyn FnMut(&[u8], &Place<'_>)) -> bool {
    let mut stack: Vec<Unescaped> = Vec::new();
    for _ in 0..layers {
        let Some(next) = Unescaped::of(stack.last().map_or(text, |last| &last.bytes)) else {
            return false;
        };
        stack.push(next);
    }
    let place = |start, end| stack.iter().rev().try_fold((start, end), |(start, end), layer| layer.place(start, end));
    look(stack.last().map_or(text, |last| &last.bytes), &place);
    true
}

/// Runs of letters that may be base64, of either alphabet.
fn runs(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(is_code)?;
        let rest = bytes.get(start..)?;
        at = start + rest.iter().position(|byte| !is_code(byte)).unwrap_or(rest.len());
        Some((start, at))
    })
    .filter(|(start, end)| end - start >= SHORTEST_RUN)
}

/// Text of two bytes a letter, as Windows encodes it, with one.
fn wide(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.contains(&0).then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// Bytes that were deflated, zlib-wrapped or gzipped.
fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    fn read(decoder: impl Read) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        // What came before damage is looked at too.
        let _ = decoder.take(MOST_INFLATED).read_to_end(&mut out);
        (out.len() >= 4).then_some(out)
    }
    match bytes {
        [0x1F, 0x8B, ..] => read(MultiGzDecoder::new(bytes)),
        [0x78, ..] => read(ZlibDecoder::new(bytes)).or_else(|| read(DeflateDecoder::new(bytes))),
        _ => read(DeflateDecoder::new(bytes)),
    }
}

/// A text with parts of it replaced; of parts that overlap the first, and of those the longest.
fn spliced(text: &str, mut spans: Vec<(usize, usize, String)>) -> String {
    spans.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, placeholder) in spans {
        // A part that begins inside the one before and goes further takes the rest with it.
        if start < at {
            at = at.max(end);
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&placeholder);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write as _;

    const SECRET: &str = "S3cr3t&\"Value<äé";

    fn search() -> Search {
        let mut vault = Vault::new(false);
        vault.replace(Kind::Password, SECRET);
        vault.replace(Kind::Name, "Ada Q. Lovelace");
        vault.replace(Kind::OneTimeCode, "493817");
        vault.replace(Kind::IpAddress, "203.0.113.9");
        Search::of(&vault).unwrap()
    }

    fn replaced(text: &str) -> String {
        let search = search();
        let (out, _) = search.replace(text);
        assert!(search.finds(&out).is_none(), "{text} → {out}");
        out
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    #[test]
    fn in_every_escape() {
        let json = serde_json::to_string(SECRET).unwrap();
        let forms = [
            SECRET.to_owned(),
            percent(SECRET),
            percent(&percent(SECRET)),
            percent(&percent(&percent(SECRET))),
            url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect(),
            "S3cr3t&amp;&quot;Value&lt;&#228;&#xE9;".to_owned(),
            json.trim_matches('"').to_owned(),
            r#"S3cr3t\u0026\u0022Value\u003c\u00e4\u00E9"#.to_owned(),
            percent(json.trim_matches('"')),
        ];
        for form in forms {
            assert_eq!(replaced(&format!("a={form}&b=c")), "a=redacted-password-1&b=c", "{form}");
        }
    }

    #[test]
    fn in_base64_and_deflated() {
        let inner = format!(r#"{{"p":"{}","q":1}}"#, SECRET.replace('"', "\\\""));
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(inner.as_bytes()).unwrap();
        let forms = [
            STANDARD.encode(&inner),
            URL_SAFE_NO_PAD.encode(&inner),
            STANDARD.encode(URL_SAFE_NO_PAD.encode(&inner)),
            STANDARD.encode(encoder.finish().unwrap()),
            format!("x{}", STANDARD.encode(&inner)),
            STANDARD.encode(SECRET),
        ];
        for form in forms {
            let out = replaced(&format!("state={form}&b=c"));
            assert!(out.starts_with("state=redacted-encoded") && out.ends_with("&b=c"), "{out}");
            let out = replaced(&format!("state={}&b=c", percent(&form)));
            assert!(out.starts_with("state=redacted-encoded") && out.ends_with("&b=c"), "{out}");
        }
    }

    #[test]
    fn people_in_any_case() {
        assert_eq!(replaced("Hi ADA q. lovelace!"), "Hi redacted-name-1!");
        assert_eq!(replaced("name=Ada+Q.+Lovelace"), "name=redacted-name-1");
        assert_eq!(replaced("name=Ada%20Q.%20Lovelace"), "name=redacted-name-1");
    }

    #[test]
    fn short_values_stand_alone() {
        assert_eq!(replaced("otc=493817&x=1493817"), "otc=redacted-one-time-code-1&x=1493817");
        assert_eq!(replaced("from 203.0.113.9, not 203.0.113.99"), "from 198.18.0.1, not 203.0.113.99");
    }

    #[test]
    fn what_holds_nothing_stays() {
        for text in ["", "https://login.microsoftonline.com/common?prompt=none", "%%%&&&\\\\", "eyJhbGciOiJub25lIn0.e30.", "ÄÖ%"] {
            assert_eq!(search().replace(text), (text.to_owned(), 0));
        }
    }
}
