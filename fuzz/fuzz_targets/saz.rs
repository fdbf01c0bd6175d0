//! Makes a Fiddler archive of members that are written as text, and reads it in every way: from memory, as a file, as a
//! stream. All have to say the same, and so has a HAR that is made of it.

#![no_main]

use entrace::capture::Kind;
use entrace_fuzz::files::{members, read_as, zipped};
use libfuzzer_sys::{Corpus, fuzz_target};
use zip::CompressionMethod;

fuzz_target!(|text: &[u8]| -> Corpus {
    let members = members(text);
    // What the first member says where its name is empty is the archive's comment.
    let comment = members.iter().find(|(name, _)| name.is_empty()).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let named: Vec<_> = members.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    if named.is_empty() {
        return Corpus::Reject;
    }
    read_as(Kind::Zip, &zipped(&named, &comment.unwrap_or_default(), CompressionMethod::Stored))
});
