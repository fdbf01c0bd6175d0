//! Whether the code verifier belongs to the code challenge.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

const VERIFIER: &str = "request.body.code_verifier";
const REFUSED: &str = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";

pub(crate) fn cases() -> Vec<Case> {
    let fitting = || capture().sign_in(|s| s.token(|t| t.fails(501481, REFUSED)));
    let other = || capture().sign_in(|s| s.token(|t| t.param("code_verifier", "another-verifier").fails(501481, REFUSED)));
    let missing = || capture().sign_in(|s| s.token(|t| t.without_param("code_verifier").fails(50148, REFUSED)));
    vec![
        seen(
            "pkce.mismatch",
            "the verifier is another one's",
            other(),
            [at("sign-in/authorize", "request.url.query.code_challenge"), at("sign-in/token", VERIFIER).shows("(not shown)")],
        ),
        not_seen("pkce.mismatch", "the verifier fits", fitting(), [at("sign-in/token", VERIFIER)]),
        not_recorded("pkce.mismatch", "the challenge is not in the capture", other().without("sign-in/authorize"), "with its challenge"),
        not_recorded("pkce.mismatch", "there is no verifier", missing(), "no code verifier"),
        not_recorded("pkce.mismatch", "what failed is no token request", capture().silent_frame(|r| r), "token request is not"),
        seen("pkce.verifier-missing", "the code comes without", missing(), [at("sign-in/token", "request.url")]),
        not_seen("pkce.verifier-missing", "the code comes with one", fitting(), [at("sign-in/token", VERIFIER)]),
        seen(
            "pkce.challenge-sent",
            "the request carries one",
            fitting(),
            [at("sign-in/authorize", "request.url.query.code_challenge")],
        ),
        not_seen(
            "pkce.challenge-sent",
            "the request asks for a token itself",
            capture().redirect(|r| r.without_param("code_challenge")),
            [at("redirect/authorize", "request.url.query.code_challenge")],
        ),
        not_recorded("pkce.challenge-sent", "the request is not in the capture", only_the_callback(), "not in the capture"),
        not_recorded("pkce.verifier-missing", "no code is turned in", capture().refresh(|t| t), "redeems no authorization code"),
    ]
}
