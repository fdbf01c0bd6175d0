//! Proof Key for Code Exchange (RFC 7636): whether a verifier belongs to a challenge.

use crate::exchange::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Whether the verifier of a token request belongs to the challenge of its authorization request, by the
/// method S256: `challenge = BASE64URL(SHA256(verifier))`; `None` where one of them was taken out of the capture.
pub(crate) fn verifier_matches(challenge: &Secret, verifier: &Secret) -> Option<bool> {
    let recomputed = Secret::new(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes())));
    recomputed.is_same_as(challenge).filter(|_| !verifier.is_stand_in())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_matches() {
        // RFC 7636, appendix B.
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier_matches(&Secret::new("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), &verifier), Some(true));
        assert_eq!(verifier_matches(&Secret::new("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), &verifier), Some(false));
        for (challenge, verifier) in [(Secret::new("REDACTED"), &verifier), (verifier.clone(), &Secret::new("***"))] {
            assert_eq!(verifier_matches(&challenge, verifier), None);
        }
    }
}
