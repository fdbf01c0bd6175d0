//! Finds collected values wherever they stand: as they are, under layers of escapes, in base64, deflated.

mod inflate;
mod needles;
mod runs;

use super::escapes::Unescaped;
use super::kind::Kind;
use super::placeholder;
use super::vault::Found;
use crate::capture::{decode_base64, unescape_text};
use crate::exchange::hosts::{sharepoint_suffixes, tenant_suffixes};
use inflate::{Glance, MOST_INFLATED, glance, inflated};
use needles::{Needle, Needles, REACH};
use runs::{Harmless, SHORTEST_RUN, is_letter, may_hold, runs};

/// How many layers of escapes are taken off: twice percent-encoded in JSON is three.
const MOST_ESCAPES: usize = 3;

/// How deep base64 is opened in base64.
const MOST_DEPTH: usize = 3;

/// How long all values together may be that are sought, in bytes.
const MOST_SOUGHT: usize = 32 << 20;

/// What is inflated of all values of one text, in bytes.
const MOST_GROWN: usize = 64 << 20;

/// The values that are sought, made ready.
pub(super) struct Search {
    needles: Needles,
}

/// What the look at a text needs, and leaves for the next.
#[derive(Default)]
pub(super) struct Looking {
    /// How many bytes have been inflated of it.
    grown: usize,
    /// What the run at hand inflates to.
    glanced: Vec<u8>,
    /// What was looked into before.
    harmless: Harmless,
}

/// A part of a text, and what takes its place.
type Span = (usize, usize, String);

impl Search {
    /// Makes values ready; `None` where they are too much.
    pub(super) fn of<'f>(sought: impl Iterator<Item = &'f Found>) -> Option<Self> {
        let mut needles = Vec::new();
        let mut sizes = [0, 0];
        let [size, personal_size] = &mut sizes;
        for found in sought {
            let size = if found.kind.is_personal() { &mut *personal_size } else { &mut *size };
            let is_word = found.kind.is_plain_word(found.value.expose());
            // The name of a tenant begins its hosts, and is sought as that of one there.
            if found.kind == Kind::Tenant && is_word {
                for suffix in tenant_suffixes() {
                    let (form, placeholder) = (format!("{}{suffix}", found.value.expose()), format!("{}{suffix}", found.placeholder));
                    *size += form.len();
                    needles.push(Needle::new(found.kind, &placeholder, form.into_bytes(), false));
                }
            }
            // The hosts of SharePoint begin as the domain does that Microsoft gave it.
            for (form, placeholder) in hosts_of(found) {
                *size += form.len();
                needles.push(Needle::new(found.kind, &placeholder, form.into_bytes(), false));
            }
            for form in forms(found) {
                *size += form.len();
                needles.push(Needle::new(found.kind, &found.placeholder, form, is_word));
            }
        }
        (sizes.iter().all(|size| *size <= MOST_SOUGHT)).then(|| Self { needles: Needles::new(needles) })
    }

    /// A text with every value replaced, and how many there were; `None` where there is none.
    pub(super) fn replace(&self, text: &str) -> Option<(String, usize)> {
        // Most texts hold nothing.
        self.finds(text)?;
        let mut looking = Looking::default();
        let mut text = text.to_owned();
        let mut replaced = 0;
        // What stands under fewer layers is replaced first; then nothing is left to be found under more of them
        // but what stands there.
        for layers in 0..=MOST_ESCAPES {
            let Some(unescaped) = under(text.as_bytes(), layers) else { break };
            let spans = self.spans(text.as_bytes(), &unescaped, &mut looking);
            replaced += spans.len();
            text = spliced(&text, spans);
        }
        Some((text, replaced))
    }

    /// Whether a value stands in a text in any form.
    pub(super) fn finds(&self, text: &str) -> Option<Kind> {
        self.finds_in(text.as_bytes(), MOST_DEPTH, &mut Looking::default())
    }

    /// Whether a value may stand in the texts, names and numbers of JSON that was written without white space. What
    /// looks like one across the bounds of texts is taken for one too.
    pub(super) fn may_find_in_json(&self, json: &[u8], looking: &mut Looking) -> bool {
        looking.grown = 0;
        let plain = |stretch: &[u8], looking: &mut Looking| {
            let holds = |(start, end)| stretch.get(start..end).is_some_and(|run| self.run(run, MOST_DEPTH, looking).is_some());
            self.needles.may_hit(stretch) || runs(stretch).any(holds)
        };
        // Texts without escapes stand in it as they are, so those between two with escapes are looked through at once.
        // The others are read, and looked through under all layers.
        let mut from = 0;
        while let Some(rest) = json.get(from..).filter(|rest| !rest.is_empty()) {
            let Some(escape) = memchr::memchr3(b'%', b'&', b'\\', rest) else { return plain(rest, looking) };
            // No backslash stands before it in its text, so that no quotation mark does.
            let start = memchr::memrchr(b'"', rest.get(..escape).unwrap_or_default()).unwrap_or_default();
            let Some(end) = rest.get(start + 1..).and_then(string_length).map(|length| start + 1 + length) else { return true };
            let (before, text) = (rest.get(..start).unwrap_or_default(), rest.get(start + 1..end).unwrap_or_default());
            let text = simdutf8::basic::from_utf8(text).ok().map(unescape_text);
            if plain(before, looking) || text.is_none_or(|text| self.finds_in(text.as_bytes(), MOST_DEPTH, looking).is_some()) {
                return true;
            }
            from += end + 1;
        }
        false
    }

    fn finds_in(&self, text: &[u8], depth: usize, looking: &mut Looking) -> Option<Kind> {
        // Taking escapes off makes nothing longer.
        if text.len() < SHORTEST_RUN.min(self.needles.grams.shortest()) {
            return None;
        }
        let mut unescaped: Option<Unescaped> = None;
        let mut is_known = false;
        for layer in 0..=MOST_ESCAPES {
            let bytes = unescaped.as_ref().map_or(text, |unescaped| &unescaped.bytes);
            // A value of which nothing was known under more escapes is known by where one was.
            is_known = match unescaped.as_ref().filter(|_| !is_known) {
                Some(unescaped) => {
                    unescaped.parts(REACH, is_letter).any(|part| bytes.get(part).is_some_and(|part| self.needles.grams.know(part)))
                }
                None => self.needles.grams.know(bytes),
            };
            let hit = if is_known { self.needles.hits(bytes).into_iter().next().map(|hit| hit.needle.kind) } else { None };
            let mut run = |start, end| self.run(bytes.get(start..end)?, depth, looking);
            let kind = hit.or_else(|| match &unescaped {
                None => runs(bytes).find_map(|(start, end)| run(start, end)),
                // What no escape touches was looked at before.
                Some(unescaped) => unescaped.parts(0, is_letter).find_map(|part| {
                    let mut places = runs(bytes.get(part.clone())?).map(|(start, end)| (part.start + start, part.start + end));
                    places.find_map(|(start, end)| if unescaped.touches(start, end) { run(start, end) } else { None })
                }),
            });
            if kind.is_some() {
                return kind;
            }
            if layer < MOST_ESCAPES {
                unescaped = Some(Unescaped::of(bytes)?);
            }
        }
        None
    }

    /// The parts of a text, by their places in it, that hold a value, with what takes their place.
    fn spans(&self, text: &[u8], layers: &[Unescaped], looking: &mut Looking) -> Vec<Span> {
        let bytes = layers.last().map_or(text, |last| &last.bytes);
        let place = |start, end| layers.iter().rev().try_fold((start, end), |(start, end), layer| layer.place(start, end));
        let mut spans = Vec::new();
        for hit in self.needles.hits(bytes) {
            spans.extend(place(hit.start, hit.end).map(|(start, end)| (start, end, hit.needle.placeholder.clone())));
        }
        for (start, end) in runs(bytes) {
            if let Some(run) = bytes.get(start..end)
                && self.run(run, MOST_DEPTH, looking).is_some()
            {
                spans.extend(place(start, end).map(|(start, end)| (start, end, placeholder::of_encoded())));
            }
        }
        spans
    }

    /// What a run of base64 holds.
    fn run(&self, run: &[u8], depth: usize, looking: &mut Looking) -> Option<Kind> {
        if looking.harmless.has(run) {
            return None;
        }
        let found = self.run_opened(run, depth, looking);
        // What is deeper was not looked into as far.
        if found.is_none() && depth == MOST_DEPTH {
            looking.harmless.add(run);
        }
        found
    }

    fn run_opened(&self, run: &[u8], depth: usize, looking: &mut Looking) -> Option<Kind> {
        let depth = depth.checked_sub(1)?;
        let deflated = self.deflated(run, depth, looking);
        if let Some(kind) = behind_others(run).find_map(|code| self.code_behind_others(code, depth, looking)) {
            return Some(kind);
        }
        if !deflated && !may_hold(run, &self.needles.grams) {
            return None;
        }
        // Letters before the code shift it; the first of four readings that are tried is nearly always right.
        (0..4).find_map(|shift| {
            let code = run.get(shift..)?;
            // The last letter alone stands for no byte.
            let code = if code.len() % 4 == 1 { code.get(..code.len() - 1)? } else { code };
            let decoded = decode_base64(code)?;
            self.finds_in(&decoded, depth, looking)
                .or_else(|| wide(&decoded).and_then(|narrow| self.finds_in(&narrow, depth, looking)))
                .or_else(|| (shift == 0 && deflated).then(|| self.inflated(&decoded, depth, looking)).flatten())
        })
    }

    /// What deflated bytes hold that begin within a run. Letters before base64 shift it, but no shift finds what was deflated.
    fn code_behind_others(&self, code: &[u8], depth: usize, looking: &mut Looking) -> Option<Kind> {
        if !self.deflated(code, depth, looking) {
            return None;
        }
        let code = code.get(..LONGEST_BEHIND).unwrap_or(code);
        let code = if code.len() % 4 == 1 { code.get(..code.len() - 1)? } else { code };
        self.inflated(&decode_base64(code)?, depth, looking)
    }

    /// Whether what a run inflates to has to be looked at.
    fn deflated(&self, run: &[u8], depth: usize, looking: &mut Looking) -> bool {
        let mut out = std::mem::take(&mut looking.glanced);
        let deflated = match glance(run, &mut out) {
            Glance::Nothing => false,
            Glance::Unsure => true,
            Glance::Bytes => {
                looking.grown = looking.grown.saturating_add(out.len());
                looking.grown > MOST_GROWN || self.finds_in(&out, depth, looking).is_some()
            }
        };
        looking.glanced = out;
        deflated
    }

    /// What some bytes hold that were deflated. What grows too much is not looked through, and does not stay.
    fn inflated(&self, bytes: &[u8], depth: usize, looking: &mut Looking) -> Option<Kind> {
        let inner = inflated(bytes)?;
        looking.grown = looking.grown.saturating_add(inner.len());
        if inner.len() as u64 >= MOST_INFLATED || looking.grown > MOST_GROWN {
            return Some(Kind::Encoded);
        }
        self.finds_in(&inner, depth, looking)
    }
}

/// How long the inside of a JSON string is that begins here.
fn string_length(json: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', json.get(from..)?)?;
        if json.get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

/// How many places of a run may be where deflated bytes begin, and how far these are looked at, so that a long run takes
/// time by its length.
const MOST_BEHIND: usize = 16;
const LONGEST_BEHIND: usize = 64 << 10;

/// The parts of a run behind what may end a word: a plus sign is a space in a form, and a slash parts a path.
fn behind_others(run: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = memchr::memchr2_iter(b'+', b'/', run).take(MOST_BEHIND).filter_map(|at| run.get(at + 1..));
    parts.filter(|part| part.len() >= SHORTEST_RUN)
}

/// The hosts of SharePoint that belong to a tenant, by the domain that Microsoft gave it, and what stands in their place.
fn hosts_of(found: &Found) -> Vec<(String, String)> {
    let name = |domain: &str| domain.split_once(".onmicrosoft.").filter(|(name, _)| !name.is_empty()).map(|(name, _)| name.to_owned());
    let Some(name) = Some(found).filter(|found| found.kind == Kind::Tenant).and_then(|found| name(found.value.expose())) else {
        return Vec::new();
    };
    let placeholder = placeholder::name_of_domain(&found.placeholder);
    sharepoint_suffixes().map(|suffix| (format!("{name}{suffix}"), format!("{placeholder}{suffix}"))).collect()
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
    // Tokens are handed on in pieces. One whose claims all stay has the same payload as before.
    if found.kind == Kind::Token {
        let stays = |part: &str| found.placeholder.split('.').any(|kept| kept == part);
        forms.extend(value.split('.').skip(1).filter(|part| part.len() >= 24 && !stays(part)).map(str::to_owned));
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
    for _ in 0..MOST_ESCAPES {
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

/// A text under so many layers of escapes; `None` where there are fewer.
fn under(text: &[u8], layers: usize) -> Option<Vec<Unescaped>> {
    let mut stack: Vec<Unescaped> = Vec::new();
    for _ in 0..layers {
        stack.push(Unescaped::of(stack.last().map_or(text, |last| &last.bytes))?);
    }
    Some(stack)
}

/// Text of two bytes a letter, as Windows encodes it, with one.
fn wide(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.contains(&0).then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// A text with parts of it replaced; of parts that overlap the first, and of those the longest.
fn spliced(text: &str, mut spans: Vec<Span>) -> String {
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
    use crate::redact::vault::Vault;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use flate2::{Compression, write::DeflateEncoder};
    use proptest::prelude::*;
    use std::io::Write as _;

    const SECRET: &str = "S3cr3t&\"Value<äé";

    fn search() -> Search {
        let mut vault = Vault::new(false);
        vault.replace(Kind::Password, SECRET);
        vault.replace(Kind::Name, "Ada Q. Lovelace");
        vault.replace(Kind::OneTimeCode, "493817");
        vault.replace(Kind::IpAddress, "203.0.113.9");
        Search::of(vault.sought()).unwrap()
    }

    fn replaced(text: &str) -> String {
        let search = search();
        let out = search.replace(text).map_or_else(|| text.to_owned(), |(out, _)| out);
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
    fn values_without_end_are_not_sought() {
        let mut vault = Vault::new(false);
        for number in 0..=MOST_SOUGHT >> 20 {
            vault.replace(Kind::Password, &format!("{number}{}", "x".repeat(1 << 20)));
        }
        assert!(Search::of(vault.sought()).is_none());
    }

    #[test]
    fn escapes_and_base64_are_taken_off_so_often() {
        let search = search();
        let layers = |coding: fn(&str) -> String, count: usize| (0..count).fold(SECRET.to_owned(), |text, _| coding(&text));
        let base64 = |text: &str| STANDARD.encode(text);
        assert!(search.finds(&layers(percent, MOST_ESCAPES)).is_some() && search.finds(&layers(percent, MOST_ESCAPES + 1)).is_none());
        assert!(search.finds(&layers(base64, MOST_DEPTH)).is_some() && search.finds(&layers(base64, MOST_DEPTH + 1)).is_none());
    }

    #[test]
    fn what_inflates_without_end_does_not_stay() {
        let deflated = |length: u64| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&b"harmless ".repeat(length as usize / 9 + 1)).unwrap();
            STANDARD.encode(encoder.finish().unwrap())
        };
        assert_eq!(search().finds(&deflated(MOST_INFLATED / 2)), None);
        assert_eq!(search().finds(&deflated(MOST_INFLATED)), Some(Kind::Encoded));
        // Many that are small enough one by one.
        let count = MOST_GROWN / (MOST_INFLATED as usize / 2);
        let text = |count: usize| vec![deflated(MOST_INFLATED / 2); count].join(" ");
        assert_eq!((search().finds(&text(2)), search().finds(&text(count + 2))), (None, Some(Kind::Encoded)));
    }

    proptest! {
        #[test]
        fn what_is_found_in_a_text_is_found_in_its_json(
            pieces in prop::collection::vec(prop_oneof![
                "[a-zA-Z0-9+/]{0,12}",
                r#"[%&\\"'<ä/ ]{0,3}"#,
                Just(SECRET.to_owned()),
                Just(percent(SECRET)),
                Just(percent(&percent(SECRET))),
                Just(STANDARD.encode(SECRET)),
                Just(STANDARD.encode(serde_json::to_string(SECRET).unwrap())),
                Just(serde_json::to_string(SECRET).unwrap()),
                Just("ada q. LOVELACE".to_owned()),
                Just("493817".to_owned()),
                Just("203.0.113.9".to_owned()),
            ], 0..6),
            before in r#"[a%"\\]{0,4}"#,
        ) {
            let search = search();
            let text = pieces.concat();
            let json = serde_json::json!({"x": before, text.clone(): 1.5, "y": [text.clone(), "z"]}).to_string();
            prop_assert!(search.finds(&text).is_none() || search.may_find_in_json(json.as_bytes(), &mut Looking::default()), "{}", json);
        }
    }

    #[test]
    fn json_without_values_holds_none() {
        for text in
            ["", "https://login.microsoftonline.com/common?prompt=none&x=%20", "a \"quoted\" \\ text\n", "eyJhbGciOiJub25lIn0.e30.", "ÄÖ%"]
        {
            assert!(
                !search().may_find_in_json(serde_json::json!({"a": [text, 17, null]}).to_string().as_bytes(), &mut Looking::default()),
                "{text}"
            );
        }
        let number = serde_json::json!({"a": 493817}).to_string();
        assert!(search().may_find_in_json(number.as_bytes(), &mut Looking::default()));
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
    fn deflated_behind_other_letters_of_base64() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(format!(r#"{{"inner":"{}"}}"#, SECRET.replace('"', "\\\"")).as_bytes()).unwrap();
        let code = STANDARD.encode(encoder.finish().unwrap());
        for before in ["see+", "pA+", "saml/", "/a/bc/def/", "a+b/c+"] {
            let out = replaced(&format!("#{before}{code}&b=c"));
            assert!(out.starts_with("#redacted-encoded") && out.ends_with("&b=c"), "{before}: {out}");
        }
    }

    #[test]
    fn places_where_deflated_bytes_may_begin_have_an_end() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(format!("{SECRET} {SECRET}").as_bytes()).unwrap();
        let code = STANDARD.encode(encoder.finish().unwrap());
        let found = |places: usize| search().finds(&format!("{}{code}", "ab+".repeat(places))).is_some();
        assert_eq!([found(MOST_BEHIND), found(MOST_BEHIND + 1), found(500_000)], [true, false, false]);
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
            assert_eq!(search().replace(text), None);
        }
    }
}
