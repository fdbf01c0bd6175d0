//! The zip of a SAZ: members by session, unpacked one at a time, in memory and within bounds.
//!
//! Names of members are only looked at for their numbers; nothing is written anywhere.

use crate::capture::archive::{Archive as Zip, Closed};
use crate::capture::{CaptureError, Options};
use std::collections::BTreeMap;
use std::io::Read;

/// The most that is unpacked of one session's metadata, which has a few kilobytes.
const LARGEST_METADATA: u64 = 1 << 20;

/// How many times larger than packed a member may be. Deflate reaches 1,032 with one byte's repetition.
const LARGEST_RATIO: u64 = 1000;

/// Up to here a member may grow at any ratio: a session that carried zeros is no attack.
const SMALL_MEMBER: u64 = 16 << 20;

/// How many members a password is tried on before it is called wrong: one of them may be damaged.
const PROOFS: usize = 4;

pub(super) const DAMAGED: &str = "a part of the session is damaged; what came before the damage was read";
const UNREADABLE: &str = "a part of the session could not be unpacked";
const PACKING: &str = "a part of the session is packed by a method that entrace does not read";
const CUT: &str = "a part of the session is larger than any that matters; only its beginning was read";
pub(super) const BOMB: &str = "a part of the session grows more than 1,000 times when unpacked; only its beginning was read";

/// Where the parts of a session are in the archive.
#[derive(Clone, Copy, Default)]
pub(super) struct Places {
    /// `N_c.txt`: what the client sent.
    pub(super) request: Option<usize>,
    /// `N_s.txt`: what the server sent.
    pub(super) response: Option<usize>,
    /// `N_m.xml`: the metadata.
    pub(super) metadata: Option<usize>,
    /// Whether a part is there twice.
    pub(super) twice: bool,
}

/// An unpacked part.
#[derive(Default)]
pub(super) struct Part {
    /// Its bytes, as far as they could be unpacked.
    pub(super) bytes: Vec<u8>,
    /// What is wrong with it, as a warning.
    pub(super) flaw: Option<&'static str>,
}

/// An archive, opened.
pub(super) struct Archive<'a> {
    zip: Zip,
    options: &'a Options,
    /// What may still be unpacked.
    left: u64,
}

impl<'a> Archive<'a> {
    /// Takes an archive.
    pub(super) fn new(zip: Zip, options: &'a Options) -> Self {
        Self { zip, options, left: options.limits.unpacked }
    }

    /// The comment, in which Fiddler leaves its version.
    pub(super) fn comment(&self) -> String {
        self.zip.comment()
    }

    /// Whether its end is lost, and with it the sessions that came there.
    pub(super) fn is_cut_off(&self) -> bool {
        self.zip.is_cut_off
    }

    /// The sessions by their numbers.
    pub(super) fn sessions(&self) -> BTreeMap<u64, Places> {
        let mut sessions = BTreeMap::<u64, Places>::new();
        for (index, name) in self.zip.names().into_iter().enumerate() {
            let Some((number, kind)) = session_part(name) else {
                continue;
            };
            let session = sessions.entry(number).or_default();
            let place = match kind {
                PartKind::Request => &mut session.request,
                PartKind::Response => &mut session.response,
                PartKind::Metadata => &mut session.metadata,
            };
            session.twice |= place.is_some();
            place.get_or_insert(index);
        }
        sessions
    }

    /// Makes sure that the password opens the sessions, if they need one.
    pub(super) fn unlock(&mut self, sessions: &BTreeMap<u64, Places>) -> Result<(), CaptureError> {
        let indices = sessions.values().flat_map(|session| [session.request, session.response, session.metadata]).flatten();
        let indices: Vec<usize> = indices.collect();
        let mut encrypted: Vec<(u64, usize)> = Vec::new();
        for index in indices {
            if let Some((true, size)) = self.zip.is_encrypted(index) {
                encrypted.push((size, index));
            }
        }
        if encrypted.is_empty() {
            return Ok(());
        }
        if self.options.password.is_none() {
            return Err(CaptureError::PasswordNeeded);
        }
        // An empty member proves nothing: it has no checksum to speak of.
        encrypted.retain(|(size, _)| *size > 0);
        encrypted.sort_unstable();
        for (_, index) in encrypted.iter().take(PROOFS) {
            // What ZipCrypto takes for right once in 256 times shows as damage.
            if self.message(*index)?.flaw.is_none_or(|flaw| matches!(flaw, PACKING | CUT | BOMB)) {
                return Ok(());
            }
        }
        if encrypted.is_empty() { Ok(()) } else { Err(CaptureError::WrongPassword) }
    }

    /// Unpacks a request or a response.
    pub(super) fn message(&mut self, index: usize) -> Result<Part, CaptureError> {
        self.unpack(index, self.options.limits.part)
    }

    /// Unpacks a session's metadata.
    pub(super) fn metadata(&mut self, index: usize) -> Result<Part, CaptureError> {
        self.unpack(index, LARGEST_METADATA)
    }

    fn unpack(&mut self, index: usize, limit: u64) -> Result<Part, CaptureError> {
        let password = self.options.password.as_ref().map(|password| password.expose().as_bytes());
        let left = self.left;
        let unpacked = self.zip.member(index, password, |member| {
            let by_ratio = member.compressed_size().saturating_mul(LARGEST_RATIO).max(SMALL_MEMBER);
            let most = limit.min(by_ratio).min(left);
            let mut bytes = Vec::new();
            // The declared size is nothing to go by: memory grows with what comes.
            let read = member.take(most + 1).read_to_end(&mut bytes);
            (bytes, read, most)
        });
        let (mut bytes, read, most) = match unpacked {
            Ok(unpacked) => unpacked,
            Err(Closed::Method) => return Ok(Part { flaw: Some(PACKING), ..Part::default() }),
            Err(_) => return Ok(Part { flaw: Some(UNREADABLE), ..Part::default() }),
        };
        let flaw = if bytes.len() as u64 > most {
            if most == self.left {
                return Err(CaptureError::TooLarge { most: self.options.limits.unpacked });
            }
            bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            Some(if most < limit { BOMB } else { CUT })
        } else {
            read.err().map(|_| DAMAGED)
        };
        self.left -= bytes.len() as u64;
        Ok(Part { bytes, flaw })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartKind {
    Request,
    Response,
    Metadata,
}

/// Whether an archive is Fiddler's: by the names of its members, or by the comment it leaves at the end.
pub(in crate::capture) fn is_one(zip: &Zip) -> bool {
    zip.comment().starts_with("Fiddler (v") || zip.names().into_iter().any(|name| session_part(name).is_some())
}

/// The session's number and the part, of a name such as `raw/07_c.txt`.
fn session_part(name: &[u8]) -> Option<(u64, PartKind)> {
    let name = std::str::from_utf8(name).ok()?;
    let (folder, file) = name.rsplit_once(['/', '\\'])?;
    let folder = folder.rsplit(['/', '\\']).next()?;
    let (number, part) = file.split_once('_')?;
    let kind = match part.to_ascii_lowercase().as_str() {
        "c.txt" => PartKind::Request,
        "s.txt" => PartKind::Response,
        "m.xml" => PartKind::Metadata,
        _ => return None,
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (folder.eq_ignore_ascii_case("raw") && is_number).then_some(())?;
    Some((number.parse().ok()?, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts() {
        assert_eq!(session_part(b"raw/1_c.txt"), Some((1, PartKind::Request)));
        assert_eq!(session_part(b"raw\\007_s.txt"), Some((7, PartKind::Response)));
        assert_eq!(session_part(b"export/Raw/0012_M.XML"), Some((12, PartKind::Metadata)));
        for other in ["raw/", "raw/1_w.txt", "raw/_c.txt", "raw/+1_c.txt", "1_c.txt", "_index.htm", "raw/1_c.xml", "other/1_c.txt"] {
            assert_eq!(session_part(other.as_bytes()), None, "{other}");
        }
        assert_eq!(session_part(b"raw/99999999999999999999999_c.txt"), None);
        assert_eq!(session_part(b"raw/\xFF_c.txt"), None);
    }
}
