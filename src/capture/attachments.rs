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
    /// In the capture's archive: the members beside it by their names.
    Archive(Mutex<&'a mut Archive>, BTreeMap<String, usize>),
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
    pub(super) fn within(archive: &'a mut Archive, capture: &[u8], most: u64) -> Self {
        let folder = memchr::memrchr(b'/', capture).map_or(0, |slash| slash + 1);
        let folder = capture.get(..folder).unwrap_or_default();
        let beside = |name: &[u8]| name.strip_prefix(folder).and_then(|name| String::from_utf8(name.to_vec()).ok());
        let members = archive.names().into_iter().enumerate().filter_map(|(index, name)| Some((beside(name)?, index))).collect();
        Self { place: Place::Archive(Mutex::new(archive), members), most }
    }

    /// The body of that name, as far as it is read.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
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
                File::open(path).ok()?.take(self.most).read_to_end(&mut bytes).ok()?;
            }
            Place::Archive(archive, members) => {
                let index = *members.get(name)?;
                let mut archive = archive.lock().ok()?;
                archive.member(index, None, |member| member.take(self.most).read_to_end(&mut bytes)).ok()?.ok()?;
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
}
