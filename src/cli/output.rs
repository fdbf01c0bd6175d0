//! Files that are written: whole or not at all.

use super::interruption::held_back;
use crate::report::printable;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a file beside its place and then moves it there, so that nobody ever sees half of it, and
/// whoever interrupts leaves nothing beside it.
///
/// # Errors
/// When it cannot be written; nothing is left behind then.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is written piece by piece.
///
/// # Errors
/// When it cannot be written; nothing is left behind then.
pub(super) fn write_with(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    held_back(|| {
        let written = beside(path, write)?.persist(path);
        written.map(drop).map_err(|error| named(path, error.error))
    })
}

/// The same for a file that must not be there yet.
///
/// # Errors
/// When it is there, or cannot be written; nothing is changed then.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    held_back(|| {
        let written = beside(path, |file| file.write_all(bytes))?.persist_noclobber(path);
        written.map(drop).map_err(|error| named(path, error.error))
    })
}

/// A file with a name that nobody looks for, on the same disk.
fn beside(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder_of(path)).map_err(|error| named(path, of_folder(error)))?;
    write(&mut file).and_then(|()| file.as_file().sync_all()).map_err(|error| named(path, error))?;
    Ok(file)
}

/// Why no file could be made: the system's words name a file that nobody asked for.
fn of_folder(error: io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "the folder that it should be in does not exist; make it, or name another",
        io::ErrorKind::NotADirectory => "what should be its folder is a file; name another place",
        io::ErrorKind::PermissionDenied => "its folder may not be written to; name another place",
        io::ErrorKind::ReadOnlyFilesystem => "its folder is on a disk that is read-only; name another place",
        _ => return error,
    };
    io::Error::new(error.kind(), why)
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An error with the path that it is about.
pub(super) fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", printable(&path.display().to_string())))
}

/// Whether two paths are one file.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.har");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        let error = write_new(&path, b"three").unwrap_err();
        assert_eq!((error.kind(), fs::read(&path).unwrap()), (io::ErrorKind::AlreadyExists, b"two".to_vec()));
        assert!(is_same_file(&path, &folder.path().join(".").join("out.har")));
        assert!(!is_same_file(&path, &folder.path().join("other.har")));
        let error = write(&folder.path().join("none/out.har"), b"x").unwrap_err();
        assert!(error.to_string().contains("out.har"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
