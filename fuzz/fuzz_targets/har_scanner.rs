//! Reads bytes as a HAR in every way there is: all have to say the same, and take for JSON what is JSON.

#![no_main]

use entrace::capture::check_for_fuzzing;
use entrace_fuzz::files::sizes;
use entrace_fuzz::holds;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| holds(check_for_fuzzing(bytes, &sizes(bytes))));
