//! A SAML message of some parts, deflated or not: they are read as they were put in. And whatever a text may be as XML:
//! both bindings are read the same.

#![no_main]

use entrace::entra::agreement::check_saml;
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let [id, issuer, address, context] = [input.text(), input.text(), input.text(), input.text()];
    let xml = String::from_utf8_lossy(input.0);
    holds(check_saml(&[&id, &issuer, &address, &context], &xml));
});
