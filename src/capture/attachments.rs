//! Bodies that lie beside a HAR instead of in it: Playwright's `content: "attach"` names a file for each.
//!
//! The names come from the capture, so they are looked up among what is there and never followed as paths.

use super::archive::Archive;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The longest name, in bytes; Playwright writes a SHA-1 and an extension.
const LONGEST_NAME: usize = 128;

/// Where bodies may lie.
pub(super) struct Attachments<'a> {
    place: Place<'a>,
    /// What is read of one, in bytes.
    most: u64,
}

enum Place<'a> {
    /// Nowhere: the capture came through a pipe, or out of memory.
    Nowhere,
    /// In the capture's folder.
    Folder(PathBuf),
    /// In the capture's archive: all of its members, and the capture's folder in it with its slash.
    Archive(Mutex<&'a mut Archive>, &'a Names, Vec<u8>),
}

/// The members of an archive by their names, for all the captures in it.
pub(super) struct Names {
    members: BTreeMap<Vec<u8>, usize>,
    /// Whether there is anything that may be a body.
    pub(super) have_bodies: bool,
}

impl Names {
    pub(super) fn of(archive: &Archive) -> Self {
        let names = archive.names();
        let have_bodies = names.iter().any(|name| !name.ends_with(b".har") && !name.ends_with(b"/"));
        Self { members: names.into_iter().enumerate().map(|(index, name)| (name.to_vec(), index)).collect(), have_bodies }
    }
}

impl<'a> Attachments<'a> {
    /// No place to look at.
    pub(super) fn nowhere() -> Self {
        Self { place: Place::Nowhere, most: 0 }
    }

    /// The folder of a capture.
    pub(super) fn beside(capture: &Path, most: u64) -> Self {
        let folder = capture.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self { place: Place::Folder(folder.to_owned()), most }
    }

    /// The archive in which a capture of that name lies.
    pub(super) fn within(archive: &'a mut Archive, names: &'a Names, capture: &[u8], most: u64) -> Self {
        let folder = memchr::memrchr(b'/', capture).map_or(0, |slash| slash + 1);
        let folder = capture.get(..folder).unwrap_or_default().to_vec();
        Self { place: Place::Archive(Mutex::new(archive), names, folder), most }
    }

    /// The body of that name, as far as it is read.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.read_up_to(self.most, name)
    }

    /// Whether a body of which so much is there may have been cut. To read lossily never shortens it.
    pub(super) fn may_have_cut(&self, length: usize) -> bool {
        length as u64 >= self.most
    }

    /// Whether there is more of a body than is read. It is read once more for that.
    pub(super) fn has_cut(&self, name: &str) -> bool {
        self.read_up_to(self.most.saturating_add(1), name).is_some_and(|bytes| bytes.len() as u64 > self.most)
    }

    fn read_up_to(&self, most: u64, name: &str) -> Option<Vec<u8>> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if name.len() > LONGEST_NAME || name.starts_with('.') || !name.bytes().all(is_plain) {
            return None;
        }
        let mut bytes = Vec::new();
        match &self.place {
            Place::Nowhere => return None,
            Place::Folder(folder) => {
                let path = folder.join(name);
                // A link may lead anywhere, and a device may never end.
                fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
                File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
            }
            Place::Archive(archive, names, folder) => {
                let index = *names.members.get(&[folder, name.as_bytes()].concat())?;
                let mut archive = archive.lock().ok()?;
                archive.member(index, None, |member| member.take(most).read_to_end(&mut bytes)).ok()?.ok()?;
            }
        }
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_paths() {
        let folder = std::env::temp_dir().join(format!("entrace-attachments-{}", std::process::id()));
        fs::create_dir_all(folder.join("in")).unwrap();
        fs::write(folder.join("secret.txt"), "outside").unwrap();
        fs::write(folder.join("in/0a1b.html"), "inside").unwrap();
        let attachments = Attachments::beside(&folder.join("in/login.har"), 4);
        assert_eq!(attachments.read("0a1b.html").as_deref(), Some(&b"insi"[..]));
        let absolute = folder.join("secret.txt").display().to_string();
        for name in ["../secret.txt", "..", ".", "", "in/0a1b.html", "none.html", absolute.as_str(), "..\\secret.txt", "0a1b.html\0"] {
            assert_eq!(attachments.read(name), None, "{name}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.join("secret.txt"), folder.join("in/link.html")).unwrap();
            assert_eq!(attachments.read("link.html"), None);
        }
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(Attachments::nowhere().read("0a1b.html"), None);
    }

    #[test]
    fn a_name_has_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let longest = "a".repeat(LONGEST_NAME);
        for name in [&longest, &format!("{longest}a")] {
            fs::write(folder.path().join(name), "there").unwrap();
        }
        let attachments = Attachments::beside(&folder.path().join("login.har"), 100);
        assert_eq!(attachments.read(&longest).as_deref(), Some(&b"there"[..]));
        assert_eq!(attachments.read(&format!("{longest}a")), None);
    }

    #[test]
    fn what_is_cut_is_known() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.html"), "12345").unwrap();
        for (most, cut) in [(4, true), (5, false), (6, false)] {
            assert_eq!(Attachments::beside(&folder.path().join("login.har"), most).has_cut("a.html"), cut, "{most}");
        }
    }
}
