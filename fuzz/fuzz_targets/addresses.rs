//! Takes an address and a `Location` apart: host, origin, path, parameters and where it leads are as the crates `url` and
//! `percent-encoding` have them.

#![no_main]

use entrace::entra::agreement::check_address;
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    holds(check_address(&input.text(), &input.text()));
});
