//! Where a capture's bytes come from: a file, memory, or a stream that passes once.

use super::error::CaptureError;
use super::har::{Input, ReadAt};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

/// How much of a source is looked at to tell what it is, in bytes.
pub(super) const BEGINNING: usize = 64 << 10;

/// Bytes that can be gone back in.
pub(super) trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

/// Where bytes come from.
pub(super) enum Source<'s> {
    /// A file of the system.
    File(File),
    /// Memory.
    Bytes(Arc<Vec<u8>>),
    /// Something that passes once.
    Stream(Box<dyn Read + 's>),
}

impl<'s> Source<'s> {
    /// Its first bytes, and the source as it was.
    pub(super) fn beginning(self) -> Result<(Vec<u8>, Self), CaptureError> {
        let mut beginning = Vec::new();
        match self {
            Self::Bytes(bytes) => {
                beginning.extend(bytes.iter().take(BEGINNING));
                Ok((beginning, Self::Bytes(bytes)))
            }
            Self::File(mut file) => {
                (&mut file).take(BEGINNING as u64).read_to_end(&mut beginning).map_err(CaptureError::of)?;
                match file.rewind() {
                    Ok(()) => Ok((beginning, Self::File(file))),
                    // A pipe has a path too (`/dev/stdin`, `<(…)`).
                    Err(_) => Ok((beginning.clone(), Self::Stream(before(beginning, file)))),
                }
            }
            Self::Stream(mut stream) => {
                (&mut stream).take(BEGINNING as u64).read_to_end(&mut beginning).map_err(CaptureError::of)?;
                Ok((beginning.clone(), Self::Stream(before(beginning, stream))))
            }
        }
    }

    /// To be read from front to back.
    pub(super) fn into_reader(self) -> Box<dyn Read + 's> {
        match self {
            Self::File(file) => Box::new(BufReader::with_capacity(BEGINNING, file)),
            Self::Bytes(bytes) => Box::new(Cursor::new(Arc::unwrap_or_clone(bytes))),
            Self::Stream(stream) => stream,
        }
    }

    /// To be read as a HAR is, from behind its first `first` bytes.
    pub(super) fn into_input(self, first: usize) -> Result<Input<'s>, CaptureError> {
        match self {
            Self::Stream(mut stream) => {
                io::copy(&mut (&mut stream).take(first as u64), &mut io::sink()).map_err(CaptureError::of)?;
                Ok(Input::Stream(stream))
            }
            other => other.into_places().map(Input::Places),
        }
    }

    /// To be read at any place, by several threads at once. Of a stream that takes holding all of it.
    pub(super) fn into_places(self) -> Result<Arc<dyn ReadAt>, CaptureError> {
        match self {
            Self::File(file) => Ok(Arc::new(file)),
            Self::Bytes(bytes) => Ok(bytes),
            Self::Stream(_) => Ok(Arc::new(self.into_bytes()?)),
        }
    }

    /// To be read in any order. Of a stream that takes holding all of it.
    pub(super) fn into_seekable(self) -> Result<Box<dyn Seekable>, CaptureError> {
        match self {
            Self::File(file) => Ok(Box::new(file)),
            other => Ok(Box::new(Cursor::new(other.into_bytes()?))),
        }
    }

    /// All of it.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, CaptureError> {
        let mut all = Vec::new();
        match self {
            Self::Bytes(bytes) => return Ok(Arc::unwrap_or_clone(bytes)),
            Self::File(mut file) => {
                // The length is a hint: special files have none, and a file may grow while it is read.
                let length = file.seek(SeekFrom::End(0)).and_then(|length| file.rewind().map(|()| length)).unwrap_or_default();
                all.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX)).map_err(|_| CaptureError::TooLargeForMemory)?;
                file.read_to_end(&mut all).map_err(CaptureError::of)?;
            }
            Self::Stream(mut stream) => {
                stream.read_to_end(&mut all).map_err(CaptureError::of)?;
            }
        }
        Ok(all)
    }
}

fn before<'s>(beginning: Vec<u8>, rest: impl Read + 's) -> Box<dyn Read + 's> {
    let chain: Chain<Cursor<Vec<u8>>, _> = Cursor::new(beginning).chain(rest);
    Box::new(BufReader::with_capacity(BEGINNING, chain))
}

/// What may still be unpacked of one file, however many wrappers it has.
#[derive(Clone)]
pub(super) struct Budget {
    most: u64,
    left: Rc<Cell<u64>>,
}

impl Budget {
    pub(super) fn new(most: u64) -> Self {
        Self { most, left: Rc::new(Cell::new(most)) }
    }

    /// What a decoder gives, up to the budget's end.
    pub(super) fn reader<R: Read>(&self, decoder: R, damaged: &Rc<Cell<bool>>) -> Unpacked<R> {
        Unpacked { decoder, budget: self.clone(), damaged: Rc::clone(damaged), came: false, over: false }
    }
}

/// A decoder whose damage is an end: a file that was cut off is still worth reading up to there.
pub(super) struct Unpacked<R> {
    decoder: R,
    budget: Budget,
    damaged: Rc<Cell<bool>>,
    /// Whether a byte came.
    came: bool,
    /// Whether the end was reached.
    over: bool,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.over || into.is_empty() {
            return Ok(0);
        }
        match self.decoder.read(into) {
            Ok(read) => {
                self.over = read == 0;
                self.came |= read > 0;
                let left = self.budget.left.get().checked_sub(read as u64);
                let left = left.ok_or_else(|| io::Error::other(CaptureError::TooLarge { most: self.budget.most }))?;
                self.budget.left.set(left);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => match CaptureError::behind(&error) {
                // What the system or another wrapper could not read is no damage of this one.
                Some(error) => Err(error),
                None if self.came => {
                    self.damaged.set(true);
                    self.over = true;
                    Ok(0)
                }
                None => Err(io::Error::other(CaptureError::BrokenWrapper { what: "compressed file" })),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes and then fails.
    struct Failing(usize, io::ErrorKind);

    impl Read for Failing {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some(left) = self.0.checked_sub(1) else { return Err(self.1.into()) };
            self.0 = left;
            into.fill(b'x');
            Ok(1)
        }
    }

    fn unpacked(decoder: Failing, most: u64) -> (Result<Vec<u8>, CaptureError>, bool) {
        let damaged = Rc::default();
        let stream = Budget::new(most).reader(decoder, &damaged);
        (Source::Stream(Box::new(stream)).into_bytes(), damaged.get())
    }

    #[test]
    fn damage_is_an_end_and_is_remembered() {
        let (bytes, damaged) = unpacked(Failing(3, io::ErrorKind::InvalidData), 10);
        assert_eq!((bytes.ok().unwrap(), damaged), (b"xxx".to_vec(), true));
        let (bytes, _) = unpacked(Failing(0, io::ErrorKind::InvalidData), 10);
        assert!(matches!(bytes, Err(CaptureError::BrokenWrapper { .. })));
    }

    #[test]
    fn a_budget_has_an_end() {
        let (bytes, _) = unpacked(Failing(11, io::ErrorKind::InvalidData), 10);
        assert!(matches!(bytes, Err(CaptureError::TooLarge { most: 10 })));
    }

    #[test]
    fn the_beginning_is_not_lost() {
        let long: Vec<u8> = (0..BEGINNING + 10).map(|at| (at % 251) as u8).collect();
        for source in [Source::Bytes(long.clone().into()), Source::Stream(Box::new(Cursor::new(long.clone())))] {
            let (beginning, source) = source.beginning().ok().unwrap();
            assert_eq!(beginning.len(), BEGINNING);
            assert_eq!(source.into_bytes().ok().unwrap(), long);
        }
    }
}
