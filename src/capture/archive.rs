//! A zip, opened: its members one at a time, none of them written anywhere.
//!
//! A zip has its directory at the end. Of one that was cut off the members are found by their own headers.

use super::error::CaptureError;
use super::source::Seekable;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// What is read of a directory for each member that is allowed, in bytes. Fiddler's entries have about 60. It
/// holds time and memory down before the members can be counted.
const DIRECTORY_BYTES: u64 = 128;

/// The least that is read to open an archive, in bytes: where its end is, is searched for.
const LEAST_DIRECTORY: u64 = 1 << 20;

/// An archive, opened.
pub(super) struct Archive {
    members: Members,
    /// Whether the directory was lost.
    pub(super) is_cut_off: bool,
}

enum Members {
    /// By the directory.
    Listed(ZipArchive<BufReader<Shared>>),
    /// By their own headers.
    Found { bytes: BufReader<Shared>, headers: Vec<Header> },
}

/// What stands before a member.
struct Header {
    name: Vec<u8>,
    /// Where it is, in bytes.
    at: u64,
}

/// Why a member cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// It is encrypted, and the password is missing or wrong.
    Encrypted,
    /// It is packed by a method that is not read.
    Method,
    /// It is damaged.
    Damaged,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// When nothing of it can be read, or it has more members than `most`.
    pub(super) fn open(bytes: Box<dyn Seekable>, most: usize, what: &'static str) -> Result<Self, CaptureError> {
        let too_many = || CaptureError::TooManyMembers { most };
        let shared = Shared::new(bytes);
        shared.allow(Some((most as u64).saturating_mul(DIRECTORY_BYTES).max(LEAST_DIRECTORY)));
        let listed = ZipArchive::new(BufReader::new(shared.clone()));
        if shared.is_used_up() {
            return Err(too_many());
        }
        shared.allow(None);
        if let Ok(zip) = listed {
            return if zip.len() > most { Err(too_many()) } else { Ok(Self { members: Members::Listed(zip), is_cut_off: false }) };
        }
        let mut bytes = BufReader::new(shared);
        let headers = found(&mut bytes, most).map_err(CaptureError::of)?.ok_or_else(too_many)?;
        if headers.is_empty() {
            return Err(CaptureError::BrokenWrapper { what });
        }
        Ok(Self { members: Members::Found { bytes, headers }, is_cut_off: true })
    }

    /// The comment at its end.
    pub(super) fn comment(&self) -> String {
        match &self.members {
            Members::Listed(zip) => String::from_utf8_lossy(zip.comment()).into_owned(),
            Members::Found { .. } => String::new(),
        }
    }

    /// The names of its members as they are written: labels, never paths.
    pub(super) fn names(&self) -> Vec<&[u8]> {
        match &self.members {
            Members::Listed(zip) => zip.file_names_raw().collect(),
            Members::Found { headers, .. } => headers.iter().map(|header| header.name.as_slice()).collect(),
        }
    }

    /// Whether a member is encrypted, and how large it says to be; `None` where there is no such member.
    pub(super) fn is_encrypted(&mut self, index: usize) -> Option<(bool, u64)> {
        match &mut self.members {
            Members::Listed(zip) => zip.by_index_raw(index).ok().map(|member| (member.encrypted(), member.size())),
            // Those that are encrypted end the search.
            Members::Found { headers, .. } => headers.get(index).map(|_| (false, 0)),
        }
    }

    /// Unpacks a member, as far as `take` reads it.
    pub(super) fn member<T>(
        &mut self,
        index: usize,
        password: Option<&[u8]>,
        take: impl FnOnce(&mut ZipFile<'_, BufReader<Shared>>) -> T,
    ) -> Result<T, Closed> {
        let closed = |error| match error {
            ZipError::CompressionMethodNotSupported(_) => Closed::Method,
            ZipError::InvalidPassword => Closed::Encrypted,
            ZipError::UnsupportedArchive(_) => Closed::Encrypted,
            _ => Closed::Damaged,
        };
        match &mut self.members {
            Members::Listed(zip) => {
                let opened = match password {
                    Some(password) => zip.by_index_decrypt(index, password),
                    None => zip.by_index(index),
                };
                Ok(take(&mut readable(opened.map_err(closed)?)?))
            }
            Members::Found { bytes, headers } => {
                let header = headers.get(index).ok_or(Closed::Damaged)?;
                bytes.seek(SeekFrom::Start(header.at)).map_err(|_| Closed::Damaged)?;
                let member = read_zipfile_from_stream(bytes).map_err(closed)?.ok_or(Closed::Damaged)?;
                Ok(take(&mut readable(member)?))
            }
        }
    }
}

/// A member that can be unpacked: one of another method opens, and fails when it is read.
fn readable<R: Read>(member: ZipFile<'_, R>) -> Result<ZipFile<'_, R>, Closed> {
    match member.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated | CompressionMethod::AES => Ok(member),
        _ => Err(Closed::Method),
    }
}

/// The members of an archive without a directory, from its front; `None` where there are more than `most`.
fn found(bytes: &mut BufReader<Shared>, most: usize) -> io::Result<Option<Vec<Header>>> {
    let mut headers = Vec::new();
    bytes.rewind()?;
    loop {
        let at = bytes.stream_position()?;
        // What has its length behind its bytes cannot be told from what follows. What is encrypted can: its
        // name is there, and that is all.
        let Ok(Some(member)) = read_zipfile_from_stream(bytes) else { break };
        if headers.len() == most {
            return Ok(None);
        }
        headers.push(Header { name: member.name_raw().to_vec(), at });
        // Dropping it moves to the next.
    }
    Ok(Some(headers))
}

/// The archive's bytes, for more than one reader of them.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Counted>>);

struct Counted {
    bytes: Box<dyn Seekable>,
    /// How many bytes may still be read.
    allowed: Option<u64>,
    used_up: bool,
}

impl Shared {
    fn new(bytes: Box<dyn Seekable>) -> Self {
        Self(Arc::new(Mutex::new(Counted { bytes, allowed: None, used_up: false })))
    }

    /// Lets so many bytes be read from now on; `None` for any number.
    fn allow(&self, allowed: Option<u64>) {
        self.with(|counted| counted.allowed = allowed);
    }

    /// Whether more was asked for than was allowed.
    fn is_used_up(&self) -> bool {
        self.with(|counted| counted.used_up)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counted) -> T) -> T {
        // A thread that stopped while it read has left nothing half done: every read begins with a seek.
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Read for Shared {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.with(|counted| {
            let read = counted.bytes.read(into)?;
            if let Some(allowed) = &mut counted.allowed {
                let Some(left) = allowed.checked_sub(read as u64) else {
                    counted.used_up = true;
                    return Err(io::ErrorKind::FileTooLarge.into());
                };
                *allowed = left;
            }
            Ok(read)
        })
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.with(|counted| counted.bytes.seek(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn zipped(members: usize) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..members {
            zip.start_file(format!("{number}"), SimpleFileOptions::default()).unwrap();
            zip.write_all(format!("member {number}").as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn open(bytes: &[u8], most: usize) -> Result<Archive, CaptureError> {
        Archive::open(Box::new(Cursor::new(bytes.to_vec())), most, "zip archive")
    }

    fn text(archive: &mut Archive, index: usize) -> String {
        let mut text = String::new();
        archive.member(index, None, |member| member.read_to_string(&mut text)).ok().unwrap().unwrap();
        text
    }

    #[test]
    fn an_archive_without_its_end_is_read_from_its_front() {
        let whole = zipped(3);
        let directory = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
        for (end, members) in [(directory, 3), (directory + 20, 3), (directory - 3, 2), (directory - 30, 2)] {
            let mut archive = open(&whole[..end], 10).ok().unwrap();
            assert!(archive.is_cut_off && archive.comment().is_empty());
            assert!(archive.names().len() >= members);
            assert_eq!(text(&mut archive, members - 1), format!("member {}", members - 1));
            assert_eq!(text(&mut archive, 0), "member 0");
        }
        let mut archive = open(&whole, 10).ok().unwrap();
        assert!(!archive.is_cut_off);
        assert_eq!((archive.names().len(), text(&mut archive, 1).as_str()), (3, "member 1"));
    }

    #[test]
    fn members_are_counted_with_and_without_a_directory() {
        let whole = zipped(4);
        let cut = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
        for bytes in [&whole[..], &whole[..cut]] {
            assert!(matches!(open(bytes, 3), Err(CaptureError::TooManyMembers { most: 3 })));
        }
    }

    #[test]
    fn a_directory_without_end_is_not_read_to_its_end() {
        // A directory of a million members, 47 bytes each, of which every one points at the same header.
        let mut bytes = zipped(1);
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        let end = memchr::memmem::find(&bytes, b"PK\x05\x06").unwrap();
        let entry = bytes[directory..end].to_vec();
        let mut record = bytes.split_off(end);
        let count = 60_000_u32;
        bytes.extend(entry.repeat(count as usize - 1));
        record[8..10].copy_from_slice(&(count as u16).to_le_bytes());
        record[10..12].copy_from_slice(&(count as u16).to_le_bytes());
        record[12..16].copy_from_slice(&(count * entry.len() as u32).to_le_bytes());
        bytes.extend(record);
        assert!(matches!(open(&bytes, 100), Err(CaptureError::TooManyMembers { most: 100 })));
    }

    #[test]
    fn cutting_an_archive_anywhere_never_panics() {
        let whole = zipped(3);
        for end in 0..whole.len() {
            if let Ok(mut archive) = open(&whole[..end], 10) {
                for index in 0..archive.names().len() {
                    let _ = archive.member(index, None, |member| member.read_to_end(&mut Vec::new()));
                }
            }
        }
    }
}
