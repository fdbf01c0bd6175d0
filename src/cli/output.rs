//! Files that are written: whole or not at all.

use super::interruption::held_back;
use super::{Readable, shown};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{self, Path, PathBuf};
use tempfile::NamedTempFile;
use thiserror::Error;

/// Why a file cannot be written.
#[derive(Debug, Error)]
#[error("{}: {problem}", shown(.path))]
pub(super) struct OutputError {
    /// As it was named.
    path: PathBuf,
    problem: OutputProblem,
}

/// What is wrong with an output.
#[derive(Debug, Error)]
enum OutputProblem {
    /// A folder, where a file is wanted.
    #[error("this is a folder; name a file in it")]
    IsFolder,
    /// The name of a folder that is not there.
    #[error("this names a folder; name a file in it")]
    NamesFolder,
    /// A file in a folder that is not there.
    #[error("the folder that it would be in is not there")]
    NoFolder,
    /// What stands for a stream elsewhere.
    #[error("this is a stream; name a file (one that is called - is ./-)")]
    IsStream,
    /// A link to nothing.
    #[error("this is a link that leads nowhere; remove it or name another file")]
    LinkToNowhere,
    /// A file that is read.
    #[error("this is the capture itself, or another file that is read; name another file")]
    IsInput,
    /// The system does not write it.
    #[error("cannot be written: {}", words(.0))]
    Unwritten(io::Error),
    /// A folder that cannot be looked into.
    #[error("{0}")]
    Unlisted(io::Error),
}

/// What the system says, or where that is no word of its own, and would name the file that was to be moved, which nobody
/// knows, what kind of error it is.
fn words(error: &io::Error) -> String {
    if error.raw_os_error().is_some() { error.to_string() } else { error.kind().to_string() }
}

impl OutputError {
    fn new(path: &Path, problem: OutputProblem) -> Self {
        Self { path: path.to_owned(), problem }
    }

    /// A file that cannot be written, and what the system says.
    pub(super) fn unwritten(path: &Path, error: io::Error) -> Self {
        Self::new(path, OutputProblem::Unwritten(error))
    }

    /// A folder that cannot be looked into.
    pub(super) fn unlisted(path: &Path, error: io::Error) -> Self {
        Self::new(path, OutputProblem::Unlisted(error))
    }
}

/// A file that is to be written.
pub(super) struct OutputFile<'p> {
    /// As it was named.
    path: &'p Path,
    /// Where it is, behind links.
    place: PathBuf,
    /// Whether it is a pipe or device, which is written into and never replaced.
    is_special: bool,
}

impl<'p> OutputFile<'p> {
    /// Looks at what is there, so that nobody waits for a long run that cannot be written in the end.
    ///
    /// # Errors
    /// When no file can be written there.
    pub(super) fn at(path: &'p Path) -> Result<Self, OutputError> {
        let refused = |problem| Err(OutputError::new(path, problem));
        let ends_like_a_folder = path.to_string_lossy().ends_with(path::is_separator);
        match fs::metadata(path) {
            _ if path == Path::new("-") => refused(OutputProblem::IsStream),
            Ok(found) if found.is_dir() => refused(OutputProblem::IsFolder),
            Ok(found) if found.is_file() => {
                // What the link leads to is replaced, not the link.
                let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
                let place =
                    if is_link { fs::canonicalize(path).map_err(|error| OutputError::unwritten(path, error))? } else { path.to_owned() };
                Ok(Self { path, place, is_special: false })
            }
            Ok(_) => Ok(Self { path, place: path.to_owned(), is_special: true }),
            Err(error) if error.kind() != ErrorKind::NotFound => refused(OutputProblem::Unwritten(error)),
            Err(_) if path.symlink_metadata().is_ok() => refused(OutputProblem::LinkToNowhere),
            Err(_) if ends_like_a_folder => refused(OutputProblem::NamesFolder),
            Err(_) if !folder_of(path).is_dir() => refused(OutputProblem::NoFolder),
            Err(_) => Ok(Self { path, place: path.to_owned(), is_special: false }),
        }
    }

    /// The same, unless it is one of the files that are read, under whatever name.
    ///
    /// # Errors
    /// When no file can be written there, or it is read.
    pub(super) fn beside_inputs<'i>(path: &'p Path, inputs: impl IntoIterator<Item = &'i Path>) -> Result<Self, OutputError> {
        let output = Self::at(path)?;
        // Nothing can be the same as what is not there yet.
        if fs::metadata(path).is_ok() && inputs.into_iter().any(|input| is_same_file(path, input)) {
            return Err(OutputError::new(path, OutputProblem::IsInput));
        }
        Ok(output)
    }

    /// Whether another one is the same file, be it there or not.
    pub(super) fn is(&self, other: &OutputFile<'_>) -> bool {
        let whole = |place: &Path| Some((fs::canonicalize(folder_of(place)).ok()?, place.file_name()?.to_owned()));
        is_same_file(&self.place, &other.place) || (!self.is_special && whole(&self.place) == whole(&other.place))
    }

    /// Where what is not ready yet may wait.
    pub(super) fn folder(&self) -> PathBuf {
        if self.is_special { std::env::temp_dir() } else { folder_of(&self.place).to_owned() }
    }

    /// An error that is about this file.
    pub(super) fn error(&self, error: io::Error) -> OutputError {
        OutputError::unwritten(self.path, error)
    }

    /// Writes it.
    ///
    /// # Errors
    /// When it cannot be written; nothing is changed then.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), OutputError> {
        self.write_with(|file| file.write_all(bytes))
    }

    /// The same for what is written piece by piece.
    ///
    /// # Errors
    /// When it cannot be written; nothing is changed then.
    pub(super) fn write_with(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), OutputError> {
        if self.is_special {
            return self.write_into(write);
        }
        held_back(|| self.put(beside(&self.place, write).map_err(|error| self.error(error))?))
    }

    /// Writes several files, all or none: the contents are on the disk before any of them gets its name.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub(super) fn write_together(files: &[(&OutputFile<'_>, &[u8])]) -> Result<(), OutputError> {
        held_back(|| {
            let regular = files.iter().filter(|(file, _)| !file.is_special);
            let written: Vec<_> = regular
                .map(|(file, bytes)| Ok((file, beside(&file.place, |out| out.write_all(bytes)).map_err(|error| file.error(error))?)))
                .collect::<Result<_, OutputError>>()?;
            written.into_iter().try_for_each(|(file, written)| file.put(written))
        })?;
        files.iter().filter(|(file, _)| file.is_special).try_for_each(|(file, bytes)| file.write(bytes))
    }

    /// Moves what was written to its place.
    fn put(&self, written: NamedTempFile) -> Result<(), OutputError> {
        // Whoever could read the former file reads this one.
        if let Ok(former) = fs::metadata(&self.place) {
            written.as_file().set_permissions(former.permissions()).map_err(|error| self.error(error))?;
        }
        written.persist(&self.place).map(drop).map_err(|error| self.error(error.error))
    }

    /// Writes into what is there. Whoever reads it sees what comes, so nothing has to be held back.
    fn write_into(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), OutputError> {
        let file = fs::OpenOptions::new().write(true).open(&self.place).map_err(|error| self.error(error))?;
        write(&mut Readable::new(file)).map_err(|error| self.error(error))
    }
}

/// Writes a file beside its place and then moves it there, so that nobody ever sees half of it, and whoever interrupts
/// leaves nothing beside it. It must not be there yet. An error is about the path that is `told`.
///
/// # Errors
/// When it is there, or cannot be written; nothing is changed then.
pub(super) fn write_new(path: &Path, told: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    held_back(|| {
        let written = beside(path, |file| file.write_all(bytes)).map_err(|error| OutputError::unwritten(told, error))?;
        written.persist_noclobber(path).map(drop).map_err(|error| OutputError::unwritten(told, error.error))
    })
}

/// A file with a name that nobody looks for, on the same disk.
fn beside(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder_of(path))?;
    write(&mut file).and_then(|()| file.as_file().sync_all())?;
    Ok(file)
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether two paths are one file, whatever they are called.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Whoever reads from a terminal and writes to it means the same device and no file.
        let file = |path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|found| (found.dev(), found.ino()));
        file(one).is_some() && file(one) == file(other)
    }
    #[cfg(not(unix))]
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
        OutputFile::at(path)?.write(bytes)
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.har");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        let error = write_new(&path, &path, b"three").unwrap_err();
        assert!(matches!(&error.problem, OutputProblem::Unwritten(error) if error.kind() == ErrorKind::AlreadyExists), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(is_same_file(&path, &folder.path().join(".").join("out.har")));
        assert!(!is_same_file(&path, &folder.path().join("other.har")));
        let error = write(&folder.path().join("none/out.har"), b"x").unwrap_err();
        assert!(error.to_string().contains("out.har"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_names_of_one_file_are_known_before_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "./a", "b"].map(|name| folder.path().join(name));
        let [one, same, other] = paths.each_ref().map(|path| OutputFile::at(path).unwrap());
        assert_eq!((one.is(&same), one.is(&other)), (true, false));
    }

    #[test]
    fn of_several_files_all_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b"].map(|name| folder.path().join(name));
        let [one, two] = paths.each_ref().map(|path| OutputFile::at(path).unwrap());
        OutputFile::write_together(&[(&one, b"1"), (&two, b"2")]).unwrap();
        assert_eq!(paths.each_ref().map(|path| fs::read(path).unwrap()), [b"1".to_vec(), b"2".to_vec()]);
        let gone = folder.path().join("gone/c");
        fs::create_dir(folder.path().join("gone")).unwrap();
        let three = OutputFile::at(&gone).unwrap();
        fs::remove_dir(folder.path().join("gone")).unwrap();
        let error = OutputFile::write_together(&[(&one, b"3"), (&three, b"4")]).unwrap_err();
        assert!(error.to_string().contains("gone") && !error.to_string().contains("gone/.tmp"), "{error}");
        assert_eq!((fs::read(&paths[0]).unwrap(), fs::read_dir(folder.path()).unwrap().count()), (b"1".to_vec(), 2));
    }
}
