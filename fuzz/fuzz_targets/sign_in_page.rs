//! A page of the sign-in service with some configuration: it is read as it was put in. And whatever a text may be as a
//! page: a page that is made of its configuration is read the same.

#![no_main]

use entrace::entra::agreement::check_page;
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 12] = [
    "pgid",
    "sErrorCode",
    "sErrTxt",
    "strServiceExceptionMessage",
    "sPOST_Username",
    "sPrefillUsername",
    "correlationId",
    "sessionId",
    "strTraceId",
    "strTimestamp",
    "sTenantId",
    "sCtx",
];

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let number = input.below(65_536) as u32 * 31;
    let mut config = Vec::new();
    for _ in 0..input.below(16) {
        let known = input.below(NAMES.len() + 1);
        let name = NAMES.get(known).map_or_else(|| input.text(), |name| (*name).to_owned());
        config.push((name, input.text()));
    }
    holds(check_page(&config, number, &String::from_utf8_lossy(input.0)));
});
