//! Content codings, undone from the last to the first, within bounds.

use super::Decoded;
use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;
use std::borrow::Cow;
use std::io::Read;

/// The most that is kept of one decoded body. The largest pages of a sign-in are below 1 MiB.
pub(super) const LARGEST_BODY: usize = 16 << 20;

/// How many times larger than on the wire a body may become. Deflate reaches 1,032 with a body of one byte's
/// repetition, which no page is.
const LARGEST_RATIO: usize = 1000;

/// Up to here a body may grow at any ratio.
const SMALL_BODY: usize = 1 << 20;

/// The most codings that are undone; more than two have no use.
const MOST_CODINGS: usize = 4;

/// The most memory that a Zstandard body may ask for; browsers allow 8 MiB (RFC 9659).
const LARGEST_WINDOW: u64 = 8 << 20;

const UNKNOWN: &str = "a body has a content coding that is not known; it was read as it is";
const NOT_CODED: &str = "a body is marked as compressed and is not; it was read as it is";
const CUT_OFF: &str = "a compressed body breaks off or is damaged; what came before was read";
const TOO_LARGE: &str = "a body is larger than 16 MiB when decompressed; only its beginning was read";

/// Undoes the codings of a body. Where one can't be undone the bytes stay as they are before it.
pub(super) fn decode<'a>(body: Decoded<'a>, codings: &[String], limit: usize) -> Decoded<'a> {
    let Decoded { mut bytes, mut flaw } = body;
    let limit = limit.min(LARGEST_BODY);
    for (done, coding) in codings.iter().rev().filter(|coding| *coding != "identity").enumerate() {
        let known = if done < MOST_CODINGS { Coding::from_name(coding) } else { None };
        let Some(known) = known else {
            flaw = flaw.or(Some(UNKNOWN));
            break;
        };
        let (inflated, why) = known.inflate(&bytes, limit);
        flaw = flaw.or(why);
        match inflated {
            Some(inflated) => bytes = Cow::Owned(inflated),
            None => break,
        }
    }
    if bytes.len() > limit {
        flaw = flaw.or(Some(TOO_LARGE));
        match &mut bytes {
            Cow::Borrowed(whole) => bytes = Cow::Borrowed(whole.get(..limit).unwrap_or(whole)),
            Cow::Owned(whole) => whole.truncate(limit),
        }
    }
    Decoded { bytes, flaw }
}

/// How many times its size a body of a file may become that does not say that it is compressed: nothing bounds how many of
/// them there are. Pages come to ten times theirs.
const LARGEST_UNSAID_RATIO: usize = 32;

const GROWS: &str = "a compressed body grows so much that only its beginning was read";

/// The text that a recorder kept as it was on the wire, where its file says that nothing is coded: BrowserMob keeps brotli so,
/// Fiddler all that it does not take for text. The coding is what it begins with, or what its message names. `None` for what is
/// no text then either.
pub(in crate::capture) fn decode_unsaid(bytes: Vec<u8>, named: impl FnOnce() -> Vec<String>) -> Option<Decoded<'static>> {
    let as_it_is = |bytes| Some(Decoded { bytes: Cow::Owned(bytes), flaw: None });
    let codings = match Coding::by_beginning(&bytes) {
        // The message may name one below it.
        Some(name) => Some(named()).filter(|named| named.last().is_some_and(|last| last == name)).unwrap_or_else(|| vec![name.to_owned()]),
        None if is_text(&bytes) => return as_it_is(bytes),
        None => named(),
    };
    let limit = bytes.len().saturating_mul(LARGEST_UNSAID_RATIO);
    let decoded = decode(Decoded { bytes: Cow::Borrowed(&bytes), flaw: None }, &codings, limit);
    let flaw = match decoded.flaw {
        Some(TOO_LARGE) => Some(GROWS),
        flaw => flaw,
    };
    match decoded.bytes {
        Cow::Owned(inflated) if is_nearly_text(&inflated) => Some(Decoded { bytes: Cow::Owned(inflated), flaw }),
        // Text of an older encoding, or of UTF-16, is none in UTF-8, and has no control characters but the latter's.
        Cow::Borrowed(_) if is_nearly_text(&bytes) || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => as_it_is(bytes),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The name of the coding whose outcome begins so. What deflate and brotli write begins with anything.
    fn by_beginning(bytes: &[u8]) -> Option<&'static str> {
        match bytes {
            [0x1F, 0x8B, 0x08, ..] => Some("gzip"),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd"),
            _ => None,
        }
    }

    /// The bytes inflated as far as possible, and what is wrong with them.
    fn inflate(self, bytes: &[u8], limit: usize) -> (Option<Vec<u8>>, Option<&'static str>) {
        let limit = limit.min(bytes.len().saturating_mul(LARGEST_RATIO).max(SMALL_BODY));
        let read = match self {
            Self::Gzip => read(GzDecoder::new(bytes), limit),
            // By the book this is zlib; some servers send it bare.
            Self::Deflate => match read(ZlibDecoder::new(bytes), limit) {
                read if read.is_whole => read,
                zlib => {
                    let bare = self::read(DeflateDecoder::new(bytes), limit);
                    if bare.is_whole || bare.bytes.len() > zlib.bytes.len() { bare } else { zlib }
                }
            },
            Self::Brotli => read(Decompressor::new(bytes, 0), limit),
            Self::Zstd => match StreamingDecoder::new_with_max_window_size(bytes, LARGEST_WINDOW) {
                Ok(decoder) => read(decoder, limit),
                Err(_) => Inflated { bytes: Vec::new(), is_whole: false, is_cut: false },
            },
        };
        match read {
            Inflated { bytes, is_cut: true, .. } => (Some(bytes), Some(TOO_LARGE)),
            Inflated { bytes, is_whole: true, .. } => (Some(bytes), None),
            // Fiddler's Decode leaves text, and a proxy may leave the header: garbage inflates a little, too.
            Inflated { bytes: inflated, .. } if inflated.is_empty() || is_text(bytes) => (None, Some(NOT_CODED)),
            Inflated { bytes, .. } => (Some(bytes), Some(CUT_OFF)),
        }
    }
}

struct Inflated {
    bytes: Vec<u8>,
    /// Whether it was read to its end.
    is_whole: bool,
    /// Whether there was more than the limit.
    is_cut: bool,
}

fn read(decoder: impl Read, limit: usize) -> Inflated {
    let mut bytes = Vec::new();
    let is_whole = decoder.take(limit as u64 + 1).read_to_end(&mut bytes).is_ok();
    let is_cut = bytes.len() > limit;
    bytes.truncate(limit);
    Inflated { bytes, is_whole, is_cut }
}

/// Whether these bytes are text as they are.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|character| matches!(character, '\0'..='\u{8}')))
}

/// Whether these bytes may be text, in whatever encoding: what is compressed has control characters among its first ones.
fn is_nearly_text(bytes: &[u8]) -> bool {
    !bytes.iter().take(1 << 10).any(|byte| matches!(byte, 0..=8 | 14..=26))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    const TEXT: &[u8] = b"AADSTS50011: the redirect URI, again and again and again and again";
    /// `TEXT` by the brotli and zstd tools.
    const BROTLI: &[u8] = &[
        27, 65, 0, 248, 45, 14, 236, 198, 206, 39, 44, 146, 85, 232, 252, 135, 190, 81, 131, 4, 73, 149, 237, 42, 52, 57, 58, 9, 19, 163,
        83, 44, 68, 93, 147, 52, 69, 37, 103, 33, 166, 162, 84, 128, 10, 135, 70, 237, 160, 182, 87, 96, 242, 191, 6,
    ];
    const ZSTD: &[u8] = &[
        0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68, 0x7d, 0x01, 0x00, 0x84, 0x02, 0x41, 0x41, 0x44, 0x53, 0x54, 0x53, 0x35, 0x30, 0x30, 0x31, 0x31,
        0x3a, 0x20, 0x74, 0x68, 0x65, 0x20, 0x72, 0x65, 0x64, 0x69, 0x72, 0x65, 0x63, 0x74, 0x20, 0x55, 0x52, 0x49, 0x2c, 0x20, 0x61, 0x67,
        0x61, 0x69, 0x6e, 0x20, 0x61, 0x6e, 0x64, 0x01, 0x00, 0xa8, 0x5d, 0xca, 0x25, 0xe2, 0xfc, 0x3d,
    ];

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(bytes: &[u8], codings: &str) -> (Vec<u8>, Option<&'static str>) {
        let codings: Vec<_> = codings.split(", ").map(str::to_owned).collect();
        let decoded = decode(Decoded { bytes: Cow::Borrowed(bytes), flaw: None }, &codings, usize::MAX);
        (decoded.bytes.into_owned(), decoded.flaw)
    }

    #[test]
    fn every_coding() {
        for (bytes, coding) in [
            (gzip(TEXT), "gzip"),
            (gzip(TEXT), "x-gzip"),
            (zlib(TEXT), "deflate"),
            (bare(TEXT), "deflate"),
            (BROTLI.to_vec(), "br"),
            (ZSTD.to_vec(), "zstd"),
            (TEXT.to_vec(), "identity"),
            (gzip(&zlib(TEXT)), "deflate, gzip"),
            (gzip(&zlib(TEXT)), "deflate, identity, gzip"),
        ] {
            assert_eq!(decoded(&bytes, coding), (TEXT.to_vec(), None), "{coding}");
        }
    }

    #[test]
    fn what_is_decoded_already_stays() {
        for coding in ["gzip", "deflate", "br", "zstd", "deflate, gzip"] {
            assert_eq!(decoded(TEXT, coding), (TEXT.to_vec(), Some(NOT_CODED)), "{coding}");
        }
    }

    #[test]
    fn an_unknown_coding_stays() {
        assert_eq!(decoded(TEXT, "dcb"), (TEXT.to_vec(), Some(UNKNOWN)));
        assert_eq!(decoded(&gzip(TEXT), "dcb, gzip"), (TEXT.to_vec(), Some(UNKNOWN)));
    }

    #[test]
    fn there_is_an_end_to_codings() {
        let five = (0..5).fold(TEXT.to_vec(), |bytes, _| gzip(&bytes));
        assert_eq!(decoded(&five, "gzip, gzip, gzip, gzip, gzip"), (gzip(TEXT), Some(UNKNOWN)));
    }

    #[test]
    fn a_cut_body_is_read_as_far_as_it_goes() {
        let long: Vec<u8> = (0..20_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for (bytes, coding) in [(gzip(&long), "gzip"), (zlib(&long), "deflate"), (bare(&long), "deflate")] {
            let (inflated, flaw) = decoded(&bytes[..bytes.len() / 2], coding);
            assert!(inflated.len() > 1000 && long.starts_with(&inflated), "{coding}");
            assert_eq!(flaw, Some(CUT_OFF));
        }
    }

    #[test]
    fn a_cut_anywhere_is_no_panic() {
        for (bytes, coding) in [(gzip(TEXT), "gzip"), (zlib(TEXT), "deflate"), (BROTLI.to_vec(), "br"), (ZSTD.to_vec(), "zstd")] {
            for end in 1..bytes.len() {
                decoded(&bytes[..end], coding);
            }
        }
    }

    #[test]
    fn a_bomb_is_cut() {
        let bomb = gzip(&vec![0; LARGEST_BODY + 5]);
        let (inflated, flaw) = decoded(&bomb, "gzip");
        assert!(inflated.len() <= LARGEST_BODY && inflated.len() > SMALL_BODY);
        assert_eq!(flaw, Some(TOO_LARGE));
        let twice = gzip(&bomb);
        let (inflated, flaw) = decoded(&twice, "gzip, gzip");
        assert!(inflated.len() <= LARGEST_BODY && flaw == Some(TOO_LARGE));
    }

    #[test]
    fn a_body_that_is_not_said_to_be_coded() {
        let unsaid = |bytes: &[u8], named: &str| {
            let named = || named.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            decode_unsaid(bytes.to_vec(), named).map(|decoded| (decoded.bytes.into_owned(), decoded.flaw))
        };
        let text = Some((TEXT.to_vec(), None));
        for (bytes, named) in [
            (gzip(TEXT), ""),
            (gzip(TEXT), "gzip"),
            (ZSTD.to_vec(), ""),
            (BROTLI.to_vec(), "br"),
            (bare(TEXT), "deflate"),
            (gzip(&zlib(TEXT)), "deflate, gzip"),
            (TEXT.to_vec(), "br"),
        ] {
            assert_eq!(unsaid(&bytes, named), text, "{named} {bytes:?}");
        }
        assert_eq!(unsaid(b"caf\xE9", ""), Some((b"caf\xE9".to_vec(), None)));
        assert_eq!(unsaid(b"\xFF\xFEa\0", "gzip"), Some((b"\xFF\xFEa\0".to_vec(), None)));
        // What is no text and cannot be made one is not there.
        for (bytes, named) in [(BROTLI, ""), (BROTLI, "dcb"), (b"\x1F\x8B\x08\0\x01\x02", ""), (b"\x28\xB5\x2F\xFD\x01", "zstd")] {
            assert_eq!(unsaid(bytes, named), None, "{named} {bytes:?}");
        }
        let long: Vec<u8> = (0..20_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        let cut = gzip(&long);
        let (inflated, flaw) = unsaid(&cut[..cut.len() / 2], "").unwrap();
        assert!(long.starts_with(&inflated) && flaw == Some(CUT_OFF));
        let (inflated, flaw) = unsaid(&gzip(&vec![b'a'; 1 << 20]), "").unwrap();
        assert!(inflated.len() < 1 << 16 && flaw == Some(GROWS));
    }

    #[test]
    fn a_limit_below() {
        let body = || Decoded { bytes: Cow::Borrowed(TEXT), flaw: None };
        let limited = decode(body(), &[], 7);
        assert_eq!((&*limited.bytes, limited.flaw), (&TEXT[..7], Some(TOO_LARGE)));
    }
}
