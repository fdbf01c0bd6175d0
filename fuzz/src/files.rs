//! Bytes as a file of one format.

use crate::holds;
use entrace::capture::{Kind, Limits, Options, check_file_for_fuzzing};
use libfuzzer_sys::Corpus;
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A few bytes may unpack to gigabytes, as they are allowed to: that would only be slow.
pub fn options() -> Options {
    let limits = Limits { unpacked: 4 << 20, part: 1 << 20, bodies: 4 << 20, ..Limits::default() };
    Options { limits, ..Options::default() }
}

/// How a stream is cut: it depends on the bytes, so that a finding can be repeated.
pub fn sizes(bytes: &[u8]) -> Vec<usize> {
    let mut state = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3));
    let size = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (state >> 33) as usize % 300
    };
    (0..8).map(size).collect()
}

/// Reads bytes in every way, if they begin like a file of that kind.
pub fn read_as(kind: Kind, bytes: &[u8]) -> Corpus {
    if Kind::of_beginning(bytes) != kind {
        return Corpus::Reject;
    }
    match check_file_for_fuzzing(bytes, &sizes(bytes), &options()) {
        // The fuzzer's build holds less of an entry of a HAR than other formats hold of one.
        Err(found) if found.contains("too large to be held") => return Corpus::Reject,
        checked => holds(checked),
    }
    Corpus::Keep
}

/// What separates the members of an archive that is written as text: this, the name, a line feed, the bytes.
const MEMBER: &[u8] = b"\n=== ";

/// The members of an archive that is written as text: a fuzzer does not keep up with checksums.
pub fn members(text: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut members = Vec::new();
    let mut rest = text.strip_prefix(&MEMBER[1..]).unwrap_or(text);
    loop {
        let next = rest.windows(MEMBER.len()).position(|window| window == MEMBER);
        let member = &rest[..next.unwrap_or(rest.len())];
        let line = member.iter().position(|byte| *byte == b'\n').unwrap_or(member.len());
        members.push((String::from_utf8_lossy(&member[..line]).into_owned(), member.get(line + 1..).unwrap_or_default().to_vec()));
        match next {
            Some(next) => rest = &rest[next + MEMBER.len()..],
            None => return members,
        }
    }
}

/// A zip of members; those whose name cannot be written, or was already, are left out.
pub fn zipped(members: &[(String, Vec<u8>)], comment: &str, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A comment that is too long is none.
    let _ = zip.set_comment(comment);
    for (name, bytes) in members {
        if zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method)).is_ok() {
            zip.write_all(bytes).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}
