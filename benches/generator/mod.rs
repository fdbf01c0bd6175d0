//! Writes HAR files as Chromium's developer tools do: keys of an entry in alphabetical order, two spaces of
//! indentation, call stacks, some thirty headers, four fifths of all bytes in the bodies of scripts, data,
//! styles and pictures, one entry in a hundred a sign-in request. Other layouts are made of it. No real data;
//! the same size gives the same file.

mod bodies;
mod entry;
mod headers;
mod random;

use bodies::Pools;
use entry::Layout;
use random::Random;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a file is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// With response bodies, of up to 300 kB.
    Bodies,
    /// No response bodies, so that headers and timings fill the file.
    NoBodies,
    /// On one line, without a space between two values.
    Minified,
    /// The response and its body before the address of the request, and every other member in the opposite order too.
    ResponseFirst,
    /// Who wrote the file stands behind the entries.
    CreatorLast,
    /// One body of 200 MB, or four fifths of a smaller file.
    LargeBody,
    /// The same body, before the address of its request.
    LargeBodyFirst,
}

impl Shape {
    /// Every shape.
    pub(crate) const ALL: [Self; 7] =
        [Self::Bodies, Self::NoBodies, Self::Minified, Self::ResponseFirst, Self::CreatorLast, Self::LargeBody, Self::LargeBodyFirst];

    /// The shape in a word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bodies => "bodies",
            Self::NoBodies => "no-bodies",
            Self::Minified => "minified",
            Self::ResponseFirst => "response-first",
            Self::CreatorLast => "creator-last",
            Self::LargeBody => "large-body",
            Self::LargeBodyFirst => "large-body-first",
        }
    }

    fn layout(self) -> Layout {
        Layout { has_bodies: self != Self::NoBodies, is_reversed: matches!(self, Self::ResponseFirst | Self::LargeBodyFirst) }
    }
}

/// A file, and what is known about it.
pub(crate) struct Generated {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) entries: u64,
    /// The bytes of the entries that are part of a sign-in.
    pub(crate) sign_in_bytes: u64,
}

/// The path of the file of a shape and size, whether it was written already or not.
pub(crate) fn path(shape: Shape, megabytes: u64) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{megabytes}MB.har", shape.name()))
}

/// The file of a shape and size; it is written once and then kept in the build's folder.
pub(crate) fn file(shape: Shape, megabytes: u64) -> Generated {
    let path = path(shape, megabytes);
    let notes = path.with_extension("txt");
    if let Some(known) = read_notes(&path, &notes) {
        return known;
    }
    // Under another name until it is complete.
    let unfinished = path.with_extension("unfinished");
    let generated = write(&unfinished, shape, megabytes * 1_000_000).expect("the build folder is writable");
    fs::rename(&unfinished, &path).expect("the build folder is writable");
    let Generated { entries, sign_in_bytes, .. } = generated;
    fs::write(notes, format!("{entries} {sign_in_bytes}\n")).expect("the build folder is writable");
    Generated { path, ..generated }
}

/// Removes the file of a shape and size.
pub(crate) fn remove(shape: Shape, megabytes: u64) {
    let path = path(shape, megabytes);
    for file in [path.with_extension("txt"), path] {
        fs::remove_file(file).expect("the file is there");
    }
}

fn read_notes(path: &Path, notes: &Path) -> Option<Generated> {
    let bytes = fs::metadata(path).ok()?.len();
    let notes = fs::read_to_string(notes).ok()?;
    let (entries, sign_in_bytes) = notes.trim().split_once(' ')?;
    Some(Generated { path: path.to_owned(), bytes, entries: entries.parse().ok()?, sign_in_bytes: sign_in_bytes.parse().ok()? })
}

/// Writes a HAR of at least that many bytes.
fn write(path: &Path, shape: Shape, bytes: u64) -> std::io::Result<Generated> {
    let mut random = Random::new();
    let pools = Pools::new(&mut random);
    let layout = shape.layout();
    let mut out =
        Output { file: BufWriter::with_capacity(1 << 20, File::create(path)?), written: 0, is_minified: shape == Shape::Minified };
    let creator = "    \"creator\": {\n      \"name\": \"WebInspector\",\n      \"version\": \"537.36\"\n    }";
    let (before, after) =
        if shape == Shape::CreatorLast { (String::new(), format!(",\n{creator}")) } else { (format!("{creator},\n"), String::new()) };
    out.write(&format!("{{\n  \"log\": {{\n    \"version\": \"1.2\",\n{before}    \"pages\": [],\n    \"entries\": ["))?;
    let large = match shape {
        Shape::LargeBody | Shape::LargeBodyFirst => Some((bytes * 4 / 5).min(200_000_000)),
        _ => None,
    };
    // The large body stands in the middle.
    let mut large_one_due = large.map(|size| ((bytes - size) / 2, size));
    let (mut entries, mut sign_in_bytes) = (0, 0);
    while out.written < bytes {
        out.write(if entries == 0 { "\n" } else { ",\n" })?;
        let (text, sign_in) = match large_one_due {
            Some((from, size)) if out.written >= from => {
                large_one_due = None;
                (entry::large_entry(entries, size, layout, &pools, &mut random), false)
            }
            _ => entry::entry(entries, layout, &pools, &mut random),
        };
        let length = out.write(&text)?;
        sign_in_bytes += if sign_in { length } else { 0 };
        entries += 1;
    }
    out.write(&format!("\n    ]{after}\n  }}\n}}"))?;
    out.file.flush()?;
    Ok(Generated { path: path.to_owned(), bytes: out.written, entries, sign_in_bytes })
}

/// The file that is being written.
struct Output {
    file: BufWriter<File>,
    written: u64,
    is_minified: bool,
}

impl Output {
    /// Writes JSON whose strings are whole; how many bytes it became.
    fn write(&mut self, json: &str) -> std::io::Result<u64> {
        let length = if self.is_minified {
            let minified = without_white_space(json);
            self.file.write_all(&minified)?;
            minified.len()
        } else {
            self.file.write_all(json.as_bytes())?;
            json.len()
        } as u64;
        self.written += length;
        Ok(length)
    }
}

/// JSON without what stands between its values.
fn without_white_space(json: &str) -> Vec<u8> {
    let (mut in_string, mut is_escaped) = (false, false);
    let stays = |byte: &u8| {
        let stays = in_string || !byte.is_ascii_whitespace();
        in_string ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        stays
    };
    json.bytes().filter(stays).collect()
}
