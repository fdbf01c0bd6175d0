//! Values under escapes and codings.

use crate::{APP, LOGIN, get, gone, post, refused_by_api, remark};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[test]
fn what_stands_behind_an_ampersand_in_escaped_text() {
    let entries = [
        get(&format!("{APP}/a%20b&zelda@contoso.example/x")),
        get("https://x%20y&hT9vo2QiM7@app.contoso.example/"),
        remark("x%20y&ada.q@contoso.example, and x%20y=1&nora@contoso.example"),
        remark("it is x y&hT9vo2QiM7"),
    ];
    gone("ampersand", &entries, &["zelda@", "ada.q@", "nora@", "hT9vo2QiM7"]);
}

#[test]
fn escaped_text_outside_addresses() {
    let token = format!("eyJhbGciOiJub25lIn0.{}.c2lnbmF0dXJlMDEyMzQ1Njc4OQ", STANDARD.encode(r#"{"upn":"zelda"}"#).trim_end_matches('='));
    let entries = [
        remark(&format!("Bearer%20{token}")),
        remark("https%3A%2F%2Fapp.contoso.example%2F%3Faccess_token%3DQ9Cm1CkBfrne%26x%3D1"),
        remark("call %2B14255557942"),
    ];
    gone("escaped", &entries, &["c2lnbmF0dXJlMDEyMzQ1Njc4OQ", "Q9Cm1CkBfrne", "5557942"]);
}

#[test]
fn wide_letters_in_base64() {
    let wide: Vec<u8> = "hT92VVgq4K".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let coded = STANDARD.encode(wide);
    gone("wide", &[post(LOGIN, "login=z&passwd=hT92VVgq4K"), remark(&format!("v {coded}"))], &[coded.as_str()]);
}

#[test]
fn phones_beside_escapes() {
    gone("phones", &[refused_by_api(r"AADSTS50105: call\n+49 171 5550199\n or \u003c+49 171 5550198\u003e")], &["5550199", "5550198"]);
}
