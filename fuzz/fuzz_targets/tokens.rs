//! A token with some claims, in either alphabet of base64, padded or not: every claim is read as it was put in. And
//! whatever a text may be as a token: it is one for `base64` and `serde_json` too.

#![no_main]

use entrace::entra::agreement::check_token;
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use libfuzzer_sys::fuzz_target;

const CLAIMS: [&str; 18] = [
    "tid",
    "iss",
    "aud",
    "azp",
    "appid",
    "scp",
    "idp",
    "oid",
    "sid",
    "nonce",
    "preferred_username",
    "upn",
    "unique_name",
    "email",
    "ver",
    "uid",
    "utid",
    "tid",
];

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let text = input.text();
    let number = i64::from(input.below(65_536) as u16 as i16) << (input.below(4) * 16);
    let mut claims = Vec::new();
    while !input.is_over() && claims.len() < 20 {
        let known = input.below(CLAIMS.len() + 1);
        let name = CLAIMS.get(known).map_or_else(|| input.text(), |name| (*name).to_owned());
        // Numbers and this are put in by the check.
        if !["iat", "nbf", "exp", "auth_time", "acct"].contains(&&*name) {
            claims.push((name, input.text()));
        }
    }
    holds(check_token(&claims, number, &text));
});
