//! What captures come wrapped in: UTF-16 text, gzip, Zstandard, zip archives, one inside the other.
//!
//! Wrappers are recognised by content like everything else. What comes out is bounded: a few kilobytes may
//! claim to be terabytes.

use super::error::CaptureError;
use super::sniff::{Kind, sniff};
use encoding_rs::{UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What one wrapper may hold once it is taken off, in bytes. DevTools itself fails above 512 MB.
pub const MOST_UNWRAPPED: u64 = 2 << 30;
/// How many wrappers may lie in each other: a gzipped HAR in a zip in a zip is three.
pub const MOST_LAYERS: usize = 4;
/// How many members of an archive are looked at.
pub const MOST_MEMBERS: usize = 10_000;

/// A capture out of its wrappers.
pub(super) struct Unwrapped {
    /// Its name in the archives around it, outermost first; empty for a file that is no archive.
    pub(super) path: Vec<String>,
    /// What it is, or why it could not be taken out.
    pub(super) content: Result<Content, CaptureError>,
}

/// Bytes of a kind that is no wrapper.
pub(super) struct Content {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

/// Takes the wrappers off; of an archive with several captures come several.
pub(super) fn unwrap(bytes: Vec<u8>) -> Vec<Unwrapped> {
    let mut found = Vec::new();
    open(bytes, &[], MOST_LAYERS, &mut found);
    found
}

fn open(bytes: Vec<u8>, path: &[String], layers: usize, found: &mut Vec<Unwrapped>) {
    let kind = sniff(&bytes);
    let wrapped = matches!(kind, Kind::Utf16 | Kind::Gzip | Kind::Zstd | Kind::Zip);
    let mut put = |content| found.push(Unwrapped { path: path.to_vec(), content });
    match kind {
        _ if wrapped && layers == 0 => put(Err(CaptureError::TooManyLayers { most: MOST_LAYERS })),
        Kind::Utf16 => open(from_utf16(&bytes), path, layers - 1, found),
        Kind::Gzip => match limited(MultiGzDecoder::new(bytes.as_slice())) {
            Ok(inner) => open(inner, path, layers - 1, found),
            Err(error) => put(Err(error)),
        },
        Kind::Zstd => match ruzstd::decoding::StreamingDecoder::new(bytes.as_slice()) {
            Ok(decoder) => match limited(decoder) {
                Ok(inner) => open(inner, path, layers - 1, found),
                Err(error) => put(Err(error)),
            },
            Err(_) => put(Err(CaptureError::BrokenWrapper { what: "Zstandard file" })),
        },
        Kind::Zip => open_zip(&bytes, path, layers, found),
        kind => put(Ok(Content { kind, bytes })),
    }
}

/// Text in UTF-8; what is no UTF-16 becomes U+FFFD.
fn from_utf16(bytes: &[u8]) -> Vec<u8> {
    let big_endian = bytes.starts_with(b"\xFE\xFF") || bytes.first() == Some(&0);
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    encoding.decode(bytes).0.into_owned().into_bytes()
}

/// Everything that a decoder gives, unless that is too much. What came before the data breaks is kept: a file
/// that was cut off is still worth reading.
fn limited(decoder: impl Read) -> Result<Vec<u8>, CaptureError> {
    let mut bytes = Vec::new();
    let outcome = decoder.take(MOST_UNWRAPPED + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > MOST_UNWRAPPED {
        return Err(CaptureError::TooLarge { most: MOST_UNWRAPPED });
    }
    match outcome {
        Err(_) if bytes.is_empty() => Err(CaptureError::BrokenWrapper { what: "compressed file" }),
        _ => Ok(bytes),
    }
}

fn open_zip(bytes: &[u8], path: &[String], layers: usize, found: &mut Vec<Unwrapped>) {
    let before = found.len();
    let mut put = |path: Vec<String>, content| found.push(Unwrapped { path, content });
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return put(path.to_vec(), Err(CaptureError::BrokenWrapper { what: "zip archive" }));
    };
    if archive.len() > MOST_MEMBERS {
        return put(path.to_vec(), Err(CaptureError::TooManyMembers { most: MOST_MEMBERS }));
    }
    // Playwright's archive: one HAR, and the bodies it refers to.
    let playwright = archive.file_names().any(|name| name.is_ok_and(|name| name == "har.har"));
    let mut encrypted = false;
    for index in 0..archive.len() {
        let (name, bytes) = match archive.by_index(index) {
            Ok(member) if member.is_dir() => continue,
            Ok(member) => (shown(&member.name().unwrap_or_default()), limited(member)),
            Err(zip::result::ZipError::UnsupportedArchive(_)) => {
                encrypted = true;
                continue;
            }
            Err(_) => continue,
        };
        if playwright && name != "har.har" {
            continue;
        }
        let mut inside = path.to_vec();
        inside.push(name);
        match bytes {
            // What lies beside a capture in an archive (pictures, notes) is no failed capture.
            Ok(bytes) if is_capture(sniff(&bytes)) => open(bytes, &inside, layers - 1, found),
            Ok(_) => {}
            Err(error) => found.push(Unwrapped { path: inside, content: Err(error) }),
        }
    }
    if found.len() == before {
        let error = if encrypted { CaptureError::EncryptedArchive } else { CaptureError::EmptyArchive };
        found.push(Unwrapped { path: path.to_vec(), content: Err(error) });
    }
}

fn is_capture(kind: Kind) -> bool {
    !matches!(kind, Kind::Empty | Kind::Text | Kind::Binary | Kind::Html | Kind::LfsPointer)
}

/// A member's name as it may be shown: it is a label, never a path to write to.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;
    use zip::write::{SimpleFileOptions, ZipWriter};

    const HAR: &str = r#"{"log":{"entries":[]}}"#;

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn utf16(text: &str, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn unwrapped(bytes: Vec<u8>) -> Vec<(String, Kind)> {
        unwrap(bytes).into_iter().map(|found| (found.path.join("!"), found.content.map(|content| content.kind).ok().unwrap())).collect()
    }

    #[test]
    fn every_wrapper_comes_off() {
        let bare = vec![(String::new(), Kind::Json)];
        assert_eq!(unwrapped(HAR.into()), bare);
        assert_eq!(unwrapped(utf16(HAR, true)), bare);
        assert_eq!(unwrapped(utf16(HAR, false)), bare);
        assert_eq!(unwrapped(gzipped(HAR.as_bytes())), bare);
        assert_eq!(unwrapped(gzipped(&utf16(HAR, true))), bare);
    }

    #[test]
    fn a_zip_of_several_captures_is_several_captures() {
        let inner = zipped(&[("c.har", HAR.as_bytes())]);
        let members: &[(&str, &[u8])] =
            &[("a.har", HAR.as_bytes()), ("notes.txt", b"hello"), ("b.har.gz", &gzipped(HAR.as_bytes())), ("in.zip", &inner)];
        let names: Vec<String> = unwrapped(zipped(members)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.har", "b.har.gz", "in.zip!c.har"]);
    }

    #[test]
    fn of_a_playwright_archive_only_the_har_is_read() {
        let members: &[(&str, &[u8])] = &[("0a1b.json", br#"{"a":1}"#), ("har.har", HAR.as_bytes())];
        assert_eq!(unwrapped(zipped(members)), [("har.har".to_owned(), Kind::Json)]);
    }

    #[test]
    fn layers_have_an_end() {
        let mut bytes = HAR.as_bytes().to_vec();
        for _ in 0..=MOST_LAYERS {
            bytes = gzipped(&bytes);
        }
        let error = unwrap(bytes).remove(0).content.err().unwrap();
        assert!(matches!(error, CaptureError::TooManyLayers { .. }));
    }

    #[test]
    fn an_archive_without_a_capture_is_told() {
        let error = unwrap(zipped(&[("notes.txt", b"hello")])).remove(0).content.err().unwrap();
        assert!(matches!(error, CaptureError::EmptyArchive));
    }

    #[test]
    fn cutting_a_wrapper_anywhere_never_panics() {
        for whole in [gzipped(HAR.as_bytes()), zipped(&[("a.har", HAR.as_bytes())]), utf16(HAR, true)] {
            for end in 0..whole.len() {
                unwrap(whole[..end].to_vec());
            }
        }
    }
}
