//! Why a capture could not be read. Messages name the kind of trouble, the place and what to do; they never
//! quote the capture, whose every word may be secret.

use super::Kind;
use std::error::Error;
use std::fmt;
use std::io;

/// Why a capture could not be read.
///
/// No message names the file, which may have come through a pipe or out of an archive: whoever shows one puts
/// the name before it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The system would not give the file out.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// A folder was named where a file is needed.
    #[error("this is a folder, not a capture; name a file in it")]
    Folder,
    /// The file is of a kind that is not read.
    #[error("{0}")]
    NotReadable(Kind),
    /// A log of MSAL where traffic is needed.
    #[error(
        "this is a log of MSAL, which holds errors and no traffic: entrace diagnose tells what they mean. For anything else record a HAR of the \
             same sign-in; to a ticket attach the report of diagnose and not the log, which may hold names"
    )]
    NoTraffic,
    /// JSON, but without anything that a HAR has.
    #[error("this is JSON but not a HAR: it has no `log.entries`; in the browser's network tools use Export HAR")]
    NotHar,
    /// The JSON breaks before the first entry is complete.
    #[error("no entry could be read: the JSON {} at {place}; export the capture again", if *.cut { "ends too early" } else { "is broken" })]
    Broken {
        /// Where.
        place: Place,
        /// Whether the text just ends, as a file does that was cut off.
        cut: bool,
    },
    /// Wrappers in wrappers without end.
    #[error("more than {most} archives or compressions lie in each other; unpack the file and name the capture inside")]
    TooManyLayers {
        /// How many are taken off.
        most: usize,
    },
    /// What is inside is larger than is read.
    #[error("unpacked it is larger than {}; cut it down to the sign-in, or allow more with --limit unpacked=SIZE", size(*.most))]
    TooLarge {
        /// How many bytes are read.
        most: u64,
    },
    /// A file that has to be held whole and does not fit.
    #[error("the file is larger than the free memory; cut it down to the sign-in")]
    TooLargeForMemory,
    /// An archive of more members than are looked at.
    #[error(
        "the archive has more members than the {most} that are looked at; unpack it and name the capture inside, or allow more with --limit members=NUMBER"
    )]
    TooManyMembers {
        /// How many are looked at.
        most: usize,
    },
    /// A wrapper that does not open.
    #[error("this {what} is damaged and nothing of it can be read; send it again")]
    BrokenWrapper {
        /// What kind.
        what: &'static str,
    },
    /// A SAZ that is encrypted, and no password was given.
    #[error("this archive is encrypted: give its password with --password-file FILE or in the variable ENTRACE_PASSWORD")]
    PasswordNeeded,
    /// A SAZ that is encrypted with another password than the one given.
    #[error("the password does not open this archive; ask whoever made it for the right one")]
    WrongPassword,
    /// An archive that is encrypted and no SAZ.
    #[error("this archive is encrypted; unpack it and name the capture inside")]
    EncryptedArchive,
    /// An archive whose members are packed by a method that is not read.
    #[error("this archive is packed by a method that entrace does not read (not Deflate); unpack it and name the capture inside")]
    PackedOtherwise,
    /// An archive in which no capture is.
    #[error("this archive holds no capture; name an archive with a HAR in it")]
    EmptyArchive,
    /// Several captures where one was asked for.
    #[error("this archive holds {count} captures; unpack it and name one")]
    SeveralCaptures {
        /// How many.
        count: usize,
    },
    /// There are entries, and not one has a request with an address.
    #[error("none of the {entries} entries could be read: {why} (entry {entry}); export the capture again")]
    NoUsableEntry {
        /// How many there are.
        entries: usize,
        /// The first that is bad.
        entry: usize,
        /// What is wrong with that one.
        why: &'static str,
    },
}

impl CaptureError {
    /// What an error in reading stands for: one of ours that came through a reader, or the system's own.
    pub(super) fn of(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(inside) => inside,
            Err(error) => Self::Unreadable(error),
        }
    }

    /// What a decoder was told when it read, where that is why it stopped: the system's own error, or one of ours. Some
    /// decoders hand it on inside one of theirs.
    pub(super) fn behind(error: &(dyn Error + 'static)) -> Option<io::Error> {
        let mut next = Some(error);
        while let Some(error) = next {
            let system = error.downcast_ref::<io::Error>();
            if let Some(number) = system.and_then(io::Error::raw_os_error) {
                return Some(io::Error::from_raw_os_error(number));
            }
            // What an `io::Error` was made of is no source of it.
            let inside = system.and_then(io::Error::get_ref).map(|inside| inside as &(dyn Error + 'static));
            match inside.unwrap_or(error).downcast_ref::<Self>() {
                Some(Self::TooLarge { most }) => return Some(io::Error::other(Self::TooLarge { most: *most })),
                Some(Self::BrokenWrapper { what }) => return Some(io::Error::other(Self::BrokenWrapper { what })),
                _ => next = inside.or_else(|| error.source()),
            }
        }
        None
    }
}

/// A number of bytes for people: exactly, in the largest unit of which it is a whole number.
fn size(bytes: u64) -> String {
    let is_whole = |unit: u32| bytes > 0 && bytes.trailing_zeros() >= unit;
    let (unit, name) = [(30, "GiB"), (20, "MiB"), (10, "KiB")].into_iter().find(|(unit, _)| is_whole(*unit)).unwrap_or((0, "bytes"));
    format!("{} {name}", bytes >> unit)
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub byte: u64,
    /// The line, counted from 1.
    pub line: u64,
    /// The byte in its line, counted from 1.
    pub column: u64,
}

impl Place {
    /// The place of a byte in a text that begins `skipped` bytes after the file's start.
    pub(super) fn of(text: &[u8], at: u64, skipped: usize) -> Self {
        let before = usize::try_from(at).ok().and_then(|at| text.get(..at)).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Self {
            byte: (before.len() + skipped) as u64,
            line: memchr::memchr_iter(b'\n', before).count() as u64 + 1,
            column: (before.len() - line_start) as u64 + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} (line {}, column {})", self.byte, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_bytes_lines_and_columns() {
        assert_eq!(Place::of(b"ab\ncd\nef", 7, 0), Place { byte: 7, line: 3, column: 2 });
        assert_eq!(Place::of(b"ab\n", 3, 3), Place { byte: 6, line: 2, column: 1 });
        assert_eq!(Place::of(b"", 0, 0).to_string(), "byte 0 (line 1, column 1)");
    }

    #[test]
    fn a_limit_is_told_as_it_is() {
        let told = [
            (2 << 30, "2 GiB"),
            (1536 << 20, "1536 MiB"),
            (3 << 9, "1536 bytes"),
            (5 << 10, "5 KiB"),
            (1_000_000, "1000000 bytes"),
            (0, "0 bytes"),
        ];
        for (bytes, told) in told {
            assert_eq!(size(bytes), told);
        }
    }

    #[test]
    fn a_cut_and_a_break_read_differently() {
        let place = Place { byte: 9, line: 1, column: 10 };
        let cut = CaptureError::Broken { place, cut: true }.to_string();
        let broken = CaptureError::Broken { place, cut: false }.to_string();
        assert!(cut.contains("ends too early at byte 9"), "{cut}");
        assert!(broken.contains("is broken at byte 9"), "{broken}");
    }
}
