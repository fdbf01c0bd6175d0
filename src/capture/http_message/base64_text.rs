//! Base64 as recorders write it.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, PAD_INDIFFERENT};
use std::borrow::Cow;

/// Exporters pad as they like.
const LENIENT: GeneralPurposeConfig = PAD_INDIFFERENT.with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes that a text in either alphabet of RFC 4648 stands for; `None` where it is neither.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    // Some exporters wrap lines as MIME does.
    let is_wrapped = text.iter().any(u8::is_ascii_whitespace);
    let text: Cow<'_, [u8]> =
        if is_wrapped { text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect() } else { text.into() };
    BASE64.decode(&*text).or_else(|_| BASE64_URL.decode(&*text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_with_and_without_padding_and_lines() {
        for text in ["aGk=", "aGk", " aG\r\nk= "] {
            assert_eq!(decode_base64(text.as_bytes()).as_deref(), Some(b"hi" as &[u8]), "{text:?}");
        }
        assert_eq!(decode_base64(b"_-8").as_deref(), Some(b"\xFF\xEF" as &[u8]));
        assert_eq!(decode_base64(b"/+8=").as_deref(), Some(b"\xFF\xEF" as &[u8]));
        assert_eq!(decode_base64(b"").as_deref(), Some(b"" as &[u8]));
        for bad in ["%", "a", "aGk\u{e9}"] {
            assert_eq!(decode_base64(bad.as_bytes()), None, "{bad}");
        }
    }
}
