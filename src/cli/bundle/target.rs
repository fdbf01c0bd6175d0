//! Where a bundle goes: a folder or a zip, whole or not at all, and never over something that is there.

use crate::bundle::{Member, zipped};
use crate::cli::error::CliError;
use crate::cli::interruption::held_back;
use crate::cli::output::{self, OutputError};
use std::fs;
use std::path::Path;

/// What is written, by the output's name.
pub(super) enum Target<'p> {
    Folder(&'p Path),
    Zip(&'p Path),
}

impl<'p> Target<'p> {
    /// A zip if the name ends in `.zip`, in any case of letters; else a folder.
    pub(super) fn of(path: &'p Path) -> Self {
        let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if is_zip { Self::Zip(path) } else { Self::Folder(path) }
    }

    /// Why nothing is written there, if so.
    ///
    /// # Errors
    /// When a folder that is there cannot be looked into.
    pub(super) fn refusal(&self) -> Result<Option<&'static str>, OutputError> {
        let (Self::Folder(path) | Self::Zip(path)) = self;
        if *path == Path::new("-") {
            return Ok(Some("this is a stream; name a folder or a zip (one that is called - is ./-)"));
        }
        // A link that leads nowhere is there too.
        if path.symlink_metadata().is_err() {
            return Ok((!output::folder_of(path).is_dir()).then_some("the folder that it would be in is not there"));
        }
        Ok(match self {
            Self::Zip(_) => Some("this exists already; name a zip that does not"),
            Self::Folder(_) if !path.is_dir() => Some("this exists already and is no folder; name a new folder or a zip"),
            Self::Folder(_) => {
                let is_empty = fs::read_dir(path).map_err(|error| OutputError::unlisted(path, error))?.next().is_none();
                (!is_empty).then_some("the folder is not empty; name a new one")
            }
        })
    }

    /// Writes the files.
    ///
    /// # Errors
    /// When they cannot all be written; nothing is left behind then.
    pub(super) fn write(&self, members: &[Member]) -> Result<(), CliError> {
        held_back(|| match self {
            Self::Zip(path) => Ok(output::write_new(path, path, &zipped(members)?)?),
            Self::Folder(path) if path.is_dir() => Ok(fill(path, path, members)?),
            Self::Folder(path) => Ok(write_folder(path, members)?),
        })
    }
}

/// Writes a folder beside its place and then moves it there.
fn write_folder(path: &Path, members: &[Member]) -> Result<(), OutputError> {
    let folder = tempfile::tempdir_in(output::folder_of(path)).map_err(|error| OutputError::unwritten(path, error))?;
    fill(folder.path(), path, members)?;
    fs::rename(folder.path(), path).map_err(|error| OutputError::unwritten(path, error))?;
    // Nothing is left at its first place that would have to be removed.
    let _ = folder.keep();
    Ok(())
}

/// Writes the files into an empty folder, or none of them. A folder that was there stays the same one, because it
/// may be where somebody is working, or another disk. Errors name the folder that is `told`.
fn fill(folder: &Path, told: &Path, members: &[Member]) -> Result<(), OutputError> {
    for (written, member) in members.iter().enumerate() {
        if let Err(error) = output::write_new(&folder.join(member.name), &told.join(member.name), &member.bytes) {
            for member in members.iter().take(written) {
                // The error that led here is the one to be told.
                let _ = fs::remove_file(folder.join(member.name));
            }
            return Err(error);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The third cannot be written.
    fn members() -> Vec<Member> {
        ["a.txt", "b.txt", "none/c.txt"].map(|name| Member { name, what: "", bytes: b"x".to_vec() }).into()
    }

    #[test]
    fn where_one_file_cannot_be_written_none_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let count = || fs::read_dir(folder.path()).unwrap().count();
        assert!(Target::of(folder.path()).write(&members()).is_err());
        assert_eq!(count(), 0);
        assert!(Target::of(&folder.path().join("new")).write(&members()).is_err());
        assert_eq!(count(), 0);
    }

    #[test]
    fn a_file_that_came_in_between_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.txt"), "mine").unwrap();
        assert!(Target::of(folder.path()).write(&members()).is_err());
        assert_eq!(fs::read(folder.path().join("b.txt")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_name_says_whether_it_is_a_zip() {
        for name in ["x.zip", "a/x.y.ZIP"] {
            assert!(matches!(Target::of(Path::new(name)), Target::Zip(_)), "{name}");
        }
        for name in ["x", "zip", "x.zip.d", "x.zips"] {
            assert!(matches!(Target::of(Path::new(name)), Target::Folder(_)), "{name}");
        }
    }
}
