//! Tokens: a JWT stays one, with the claims that tell of a sign-in and not of a person.

use super::Rewriter;
use crate::entra::base64url;
use crate::redact::kind::Kind;
use crate::redact::placeholder;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

impl Rewriter<'_> {
    /// A token, JWT or opaque.
    pub(super) fn token(&mut self, token: &str) -> String {
        let mut parts = token.split('.');
        let (Some(header_part), Some(payload_part), signature) = (parts.next(), parts.next(), parts.next()) else {
            return self.replaced(Kind::Token, token);
        };
        let object = |part: &str| base64url(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()).filter(Value::is_object);
        let (Some(header), Some(payload)) = (object(header_part), object(payload_part)) else {
            return self.replaced(Kind::Token, token);
        };
        let header = URL_SAFE_NO_PAD.encode(self.json_members(header).to_string());
        let payload = URL_SAFE_NO_PAD.encode(self.json_members(payload).to_string());
        // One that an earlier redaction left has its number.
        if header == header_part && payload == payload_part && signature.is_none_or(placeholder::is_one) {
            return token.to_owned();
        }
        // The number keeps apart what was different and is now the same.
        let sign = |number| signature.map_or_else(String::new, |_| format!(".{}", placeholder::of_kind(Kind::Token, number)));
        self.vault.replace_with(Kind::Token, token, |number| format!("{header}.{payload}{}", sign(number)))
    }
}
