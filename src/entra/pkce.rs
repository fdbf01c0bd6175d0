//! Proof Key for Code Exchange (RFC 7636): whether a verifier belongs to a challenge.

use crate::exchange::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Whether the verifier of a token request belongs to the challenge of its authorization request, by the
/// method S256: `challenge = BASE64URL(SHA256(verifier))`.
pub(crate) fn verifier_matches(challenge: &Secret, verifier: &Secret) -> bool {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes())) == challenge.expose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_matches() {
        // RFC 7636, appendix B.
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert!(verifier_matches(&Secret::new("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), &verifier));
        assert!(!verifier_matches(&Secret::new("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), &verifier));
    }
}
