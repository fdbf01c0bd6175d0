//! A bundle as a zip.

use super::Member;
use std::io::{self, Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

/// The files in a zip with nothing in it that differs from run to run: all have the first date that a zip can hold.
///
/// # Errors
/// When it is larger than memory can hold.
pub(crate) fn zipped(members: &[Member]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for member in members {
        // Sizes beyond 32 bits are written in another form, which has to be said before.
        zip.start_file(member.name, options.large_file(u32::try_from(member.bytes.len()).is_err()))?;
        zip.write_all(&member.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
