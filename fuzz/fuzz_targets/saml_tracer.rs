//! Reads bytes as an export of SAML-tracer from memory, as a file and as a stream, whatever its pieces: all have to say the same, and so
//! has a HAR that is made of it.

#![no_main]

use entrace::capture::Kind;
use entrace_fuzz::files::read_as;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus { read_as(Kind::SamlTracer, bytes) });
