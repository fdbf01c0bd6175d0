//! Whether all ways of reading a HAR say the same of it, and whether what they take for JSON is JSON: what the fuzzer
//! asks of arbitrary bytes, and a test of many small ones.

use super::document::{self, End};
use super::scan::{Input, PORTABLY, ReadAt, Scanner};
use super::visitor::Shared;
use super::{Reading, place};
use crate::capture::agreement::{self, Parts};
use crate::capture::attachments::Attachments;
use crate::capture::{Keep, sniff};
use serde::de::IgnoredAny;
use std::sync::Arc;

/// In how many stretches bytes are read.
const STRETCHES: [usize; 3] = [2, 3, 5];

/// Reads bytes in every way: from memory, in one stretch or several, as a stream that gives so many bytes at a time, and
/// with the portable vector step.
///
/// # Errors
/// When two ways differ in what they say, or when the bytes are read as JSON and are none, or the other way round.
pub fn check(bytes: &[u8], sizes: &[usize]) -> Result<(), String> {
    let alone = from_memory(bytes, 1);
    for stretches in STRETCHES {
        same(&alone, &from_memory(bytes, stretches), &format!("in {stretches} stretches"))?;
    }
    same(&alone, &as_stream(bytes, sizes), &format!("as a stream in parts of {sizes:?}"))?;
    PORTABLY.set(true);
    let portably = from_memory(bytes, 1);
    PORTABLY.set(false);
    same(&alone, &portably, "in the portable way")?;

    let text = bytes.get(sniff::byte_order_mark(bytes)..).unwrap_or_default();
    // Several documents behind each other are sound where they are entries.
    let documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>().collect::<Result<Vec<_>, _>>();
    let documents = documents.ok().filter(|_| std::str::from_utf8(text).is_ok()).map_or(0, |documents| documents.len());
    let is_json = documents == 1;
    if alone.is_sound == is_json || alone.is_sound && documents > 1 {
        return Ok(());
    }
    Err(format!("read as JSON: {}; is JSON: {is_json}\n{}", alone.is_sound, alone.said.join("\n")))
}

/// What a reading came to.
struct Outcome {
    /// Whether there was nothing to repair and the document ends as it should.
    is_sound: bool,
    /// Everything that was said, line by line.
    said: Vec<String>,
}

fn same(one: &Outcome, other: &Outcome, way: &str) -> Result<(), String> {
    if one.is_sound != other.is_sound {
        return Err(format!("sound from memory: {}; {way}: {}", one.is_sound, other.is_sound));
    }
    agreement::same(&one.said, &other.said, way)
}

fn from_memory(bytes: &[u8], stretches: usize) -> Outcome {
    let bytes: Arc<dyn ReadAt> = Arc::new(bytes.to_vec());
    read(Input::Places(Arc::clone(&bytes)), sniff_mark(&*bytes), &Some((bytes, stretches)))
}

fn as_stream(bytes: &[u8], sizes: &[usize]) -> Outcome {
    let first = sniff::byte_order_mark(bytes);
    let text = bytes.get(first..).unwrap_or_default();
    read(Input::Stream(Box::new(Parts::new(text, sizes))), first as u64, &None)
}

fn sniff_mark(bytes: &dyn ReadAt) -> u64 {
    let mut beginning = [0; 4];
    let count = bytes.read_at(0, &mut beginning).unwrap_or_default();
    sniff::byte_order_mark(beginning.get(..count).unwrap_or_default()) as u64
}

fn read(input: Input<'_>, first: u64, shared: &Shared) -> Outcome {
    let nowhere = Attachments::nowhere();
    let mut reading = Reading::new(&nowhere, Keep::Har);
    let mut scanner = Scanner::new(input, first);
    let walked = document::walk(&mut scanner, &mut reading, shared);
    let is_sound = walked.end == End::Whole && !reading.was_repaired;
    let mut said = vec![format!("{walked:?}, repaired: {}", reading.was_repaired)];
    match reading.finish(&walked, |at| place(&scanner, shared, first, at)) {
        Ok((capture, places)) => {
            said.push(format!("{places:?}"));
            agreement::tell(&capture, &mut said);
        }
        Err(error) => said.push(agreement::told(&error)),
    }
    Outcome { is_sound, said }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// What mutations put in: what the grammar, the repairs and the edges of blocks turn on.
    const PIECES: &[&[u8]] = &[
        b"\"",
        b"\\",
        b"\\\"",
        b"\\\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b" ",
        b"\0",
        b"\\u",
        b"\\u00e",
        b"\\ud83d",
        b"\\x",
        b"\xFF",
        b"\xC3",
        b"\xE2\x82",
        b"\xF0\x9F\x94\x91",
        b"\xED\xA0\x80",
        b"NaN",
        b"-Infinity",
        b"Infinity,",
        b"-",
        b"0",
        b"1e+",
        b"true",
        b"nul",
        b"},{",
        b"},\n{\"request\":{\"url\":\"https://app.example/\"}},{",
        b"\"entries\":[",
        b"                ",
    ];

    fn har(filler: usize) -> Vec<u8> {
        let (x, s) = ("x".repeat(filler), " ".repeat(filler));
        let entry = |host: &str, number: usize| {
            format!(
                r#"{{"startedDateTime":"2026-11-20T12:00:0{number}Z","time":1.5e2,"request":{{"method":"GET","url":"https://{host}/{x}?é=\u00e9","headers":[{{"name":"A\"","value":"\\{x}"}},["B","中"]],{s}"cookies":[]}},"response":{{"status":200,"content":{{"size":{filler},"text":"<p>\n{x}\ud83d\udd11"}}}},"_x":[[],{{}},[{{"a":[null,true,-0.5]}}]]}}"#
            )
        };
        let (kept, other) = (entry("login.live.com", 1), entry("app.example", 2));
        let pages = r#"[{"id":"p","title":"\/"}]"#;
        format!(
            "{{\"log\":{{\"creator\":{{\"name\":\"WebInspector\"}},\n\"pages\":{pages},{s}\"entries\":[{kept},\n{other},{other}\n]}}}}\n"
        )
        .into_bytes()
    }

    #[track_caller]
    fn agree(bytes: &[u8]) {
        for sizes in [&[1_usize] as &[usize], &[63, 1, 200], &[64], &[255, 300], &[256], &[7]] {
            if let Err(difference) = check(bytes, sizes) {
                panic!("{}\n{difference}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn all_ways_agree_on_a_whole_file() {
        agree(b"");
        (0..130).step_by(3).for_each(|filler| agree(&har(filler)));
    }

    #[test]
    fn all_ways_agree_with_a_byte_order_mark() {
        agree(&[b"\xEF\xBB\xBF", &*har(9)].concat());
        agree(&[b"\xEF\xBB\xBF", &*har(9), b"x"].concat());
    }

    #[test]
    fn a_backslash_outside_of_strings_costs_nothing_before_it() {
        let entry = r#"{"request":{"url":"https://app.example/"}}"#;
        for broken in ["\\\"  \" \n", "\\\" \"\n\"", "\\u12\"\n\"", "\\\\\"\n\"", " \\"] {
            let text = format!("[{entry},{entry}{broken}");
            agree(text.as_bytes());
            let said = from_memory(text.as_bytes(), 1).said;
            assert!(said.iter().any(|line| line.starts_with("entry 1 ")), "{text}\n{said:?}");
            // At every place of a block.
            (0..70).for_each(|before| agree(format!("{}{text}", " ".repeat(before)).as_bytes()));
        }
    }

    #[test]
    fn an_object_has_no_second_bracket_behind_its_members() {
        let entry = r#"{"request":{"url":"https://app.example/"}}"#;
        for members in [r#""entries":[]"#, r#""a":1"#, r#""a":"b","c":{}"#, r#""request":{"url":"x"}"#] {
            for behind in [r#"{"b":2}"#, "{}", "{},"] {
                agree(format!("[{entry},{{{members}{behind}]").as_bytes());
                agree(format!("[{entry},{{{members}{behind},{entry},{entry}").as_bytes());
                agree(format!(r#"[{{"request":{{{members}{behind}}}}}]"#).as_bytes());
            }
        }
    }

    #[test]
    fn line_feeds_in_strings_count_as_lines() {
        let text = "[{\"request\":{\"url\":\"https://app.example/\n\n\"}},\n{\"request\":{\"url\":\"a\nb\"},;}]";
        agree(text.as_bytes());
        let said = as_stream(text.as_bytes(), &[5]).said;
        assert!(said.iter().any(|line| line.contains("(line 5, column 5)")), "{said:?}");
    }

    #[test]
    fn what_only_begins_like_a_constant_is_a_break() {
        for word in ["NaNx", "NaN1", "Infinity\\", "-Infinityy", "Na", "-NaN", "nulll"] {
            let text = format!(r#"[{{"request":{{"url":"https://app.example/"}}}},{{"time":{word}}}]"#);
            agree(text.as_bytes());
            let said = from_memory(text.as_bytes(), 1).said;
            assert!(said.iter().any(|line| line.contains("the JSON is broken after entry 0")), "{said:?}");
        }
    }

    #[test]
    fn a_number_has_an_end() {
        let longest = "1".repeat(64 << 10);
        for (number, ends) in [(longest.clone(), true), (longest.clone() + "1", false), (longest.clone() + "x", false)] {
            for behind in ["", "]"] {
                let said = from_memory(format!("[{number}{behind}").as_bytes(), 1).said;
                let streamed = as_stream(format!("[{number}{behind}").as_bytes(), &[9999]).said;
                assert_eq!(said, streamed);
                assert!(
                    said[0].contains(if ends { "Whole" } else { "Broken(Break { at: 65537, cut: false })" }) || behind.is_empty(),
                    "{}",
                    said[0]
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn all_ways_agree_on_damage(
            filler in 0_usize..150,
            edits in vec((0_usize..3000, 0_usize..4, 0..PIECES.len(), any::<Option<u8>>()), 0..4),
            cut in proptest::option::of(0_usize..3000),
            sizes in vec(1_usize..300, 1..6),
        ) {
            let mut bytes = har(filler);
            for (at, removed, piece, byte) in edits {
                let at = at % bytes.len();
                let byte = byte.map(|byte| [byte]);
                let piece = byte.as_ref().map_or(PIECES[piece], |byte| byte);
                bytes.splice(at..(at + removed).min(bytes.len()), piece.iter().copied());
            }
            if let Some(cut) = cut {
                bytes.truncate(cut);
            }
            prop_assert_eq!(check(&bytes, &sizes), Ok(()));
        }

        #[test]
        fn all_ways_agree_on_what_is_almost_json(
            pieces in vec(0..PIECES.len(), 0..60),
            before in 0_usize..70,
            sizes in vec(1_usize..300, 1..6),
        ) {
            let pieces: Vec<u8> = pieces.into_iter().flat_map(|piece| PIECES[piece]).copied().collect();
            let mut bytes = " ".repeat(before).into_bytes();
            bytes.extend(br#"[{"request":{"url":"https://app.example/"}},{"#);
            bytes.extend(pieces);
            prop_assert_eq!(check(&bytes, &sizes), Ok(()));
        }
    }
}
