//! Where the bytes of a HAR come from.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::SystemTime;

/// Bytes that can be read at any place, by several threads at once.
pub(in crate::capture) trait ReadAt: Send + Sync {
    /// Reads from a place on, as much as comes at once; nothing at the end.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// When they were last changed, where that is known.
    fn changed(&self) -> Option<SystemTime> {
        None
    }

    /// So many bytes from a place on, or as many as there are.
    fn stretch(&self, at: u64, length: usize) -> Vec<u8> {
        let mut stretch = vec![0; length];
        let count = self.fill(at, &mut stretch);
        stretch.truncate(count);
        stretch
    }

    /// Reads all bytes from a place on that there is room for, or as many as there are: how many.
    fn fill(&self, at: u64, into: &mut [u8]) -> usize {
        let mut read = 0;
        while let Some(room) = into.get_mut(read..).filter(|room| !room.is_empty()) {
            match self.read_at(at + read as u64, room) {
                Ok(count @ 1..) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => break,
            }
        }
        read
    }
}

/// The bytes of a HAR.
pub(in crate::capture) enum Input<'s> {
    /// That can be gone back to.
    Places(Arc<dyn ReadAt>),
    /// That pass once.
    Stream(Box<dyn Read + 's>),
}

impl Input<'_> {
    /// Reads the bytes that begin at a place, the one after those that were read last.
    pub(super) fn read(&mut self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match self {
                Self::Places(places) => places.read_at(at, into),
                Self::Stream(stream) => stream.read(into),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(from);
        }
        Ok(count)
    }

    fn length(&self) -> u64 {
        self.len() as u64
    }
}

impl ReadAt for File {
    #[cfg(unix)]
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, into, at)
    }

    #[cfg(windows)]
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, into, at)
    }

    fn length(&self) -> u64 {
        self.metadata().map_or(0, |metadata| metadata.len())
    }

    fn changed(&self) -> Option<SystemTime> {
        self.metadata().ok()?.modified().ok()
    }
}
