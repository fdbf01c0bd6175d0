//! Causes that lie in the authorization code and its proof.

use super::row::{Row, certain, less_sure, likely, lost, named_by_code, on_redeeming, on_refresh, sibling};
use crate::support::{CONTOSO, CaptureBuilder, Entry, FABRIKAM, TokenRequest, capture};

/// The code is refused, after this was changed in the request that turns it in.
fn refused(code: u32, change: impl FnOnce(TokenRequest) -> TokenRequest + 'static) -> CaptureBuilder {
    capture().sign_in(move |s| s.token(move |t| change(t).fails(code, "Refused.")))
}

/// The code is refused when it comes again.
fn again(code: u32) -> CaptureBuilder {
    capture().sign_in(|s| s).redeem_again(move |t| t.fails(code, "Refused."))
}

pub(crate) fn rows() -> Vec<Row> {
    const OVER: &str = "The token was issued on 2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00.";
    let too_late = || on_redeeming(70008, "Too late.").pause_before("sign-in/token", 900);
    let other_verifier = || refused(501481, |t| t.param("code_verifier", "another"));
    let fitting = || refused(501481, |t| t);
    let without_request = |capture: CaptureBuilder| capture.without("sign-in/authorize");
    let no_verifier = || refused(9002325, |t| t.without_param("code_verifier"));
    let secret_without_verifier = || refused(9002325, |t| t.by_server().without_param("code_verifier").param("client_secret", "a~secret~of~the~server"));
    let elsewhere = || refused(700005, |t| t.tenant(FABRIKAM));
    let by_page = |code| refused(code, |t| t);
    let by_server = |code| refused(code, |t| t.by_server());
    let headerless = |capture: CaptureBuilder| capture.edit("sign-in/token", Entry::losing_request_headers);
    let mut rows = named_by_code(
        on_redeeming,
        &[
            ("grant-not-accepted", 70000, "The grant is not accepted."),
            ("pkce-challenge-invalid", 501491, "The challenge is too short."),
        ],
    );
    rows.extend([
        likely("pkce-challenge-invalid", "the method is none", on_redeeming(50149, "No such method.")),
        certain("code-expired", "it is turned in a quarter of an hour later", too_late()),
        likely("code-expired", "it is turned in at once, by the recorder's clock", on_redeeming(70008, "Too late.")),
        likely("code-expired", "when it was handed over is not in the capture", too_late().without("sign-in/kmsi")),
        sibling("code-expired", "code-reused", "it was turned in before, and at once", again(70008)),
        lost("code-expired", "what was turned in is lost", on_refresh(70008, OVER).edit("refresh/token", Entry::losing_request_body)),
        sibling("code-expired", "refresh-token-expired-inactive", "a refresh token lay unused too long", on_refresh(70008, OVER)),
        certain("code-reused", "the code was turned in before", again(54005)),
        likely("code-reused", "the service calls it expired, and it was turned in before", again(70008)),
        less_sure("code-reused", "what was turned in before is lost", again(54005).edit("sign-in/token", Entry::losing_request_body)),
        sibling("code-reused", "grant-not-accepted", "the code comes for the first time, and is refused", refused(70000, |t| t)),
        certain("code-redeemed-at-other-tenant", "it was asked for elsewhere", elsewhere()),
        less_sure("code-redeemed-at-other-tenant", "where it was asked for is not in the capture", without_request(elsewhere())),
        sibling("code-redeemed-at-other-tenant", "code-reused", "the code was turned in before", again(70000)),
        certain("code-altered", "it is cut off", refused(70000, |t| t).edit("sign-in/token", |entry| entry.cutting("code", 40))),
        sibling("code-altered", "grant-not-accepted", "it is turned in as it came", refused(70000, |t| t)),
        lost("code-altered", "the reply that hands it over is not in the capture", refused(70000, |t| t).without("sign-in/kmsi").without("sign-in/callback")),
        sibling("grant-not-accepted", "code-reused", "the code was turned in before", again(70000)),
        sibling(
            "grant-not-accepted",
            "code-redeemed-at-other-tenant",
            "the code was asked for elsewhere",
            refused(70000, |t| t.tenant(FABRIKAM)),
        ),
        certain("pkce-verifier-mismatch", "the verifier is another one's", other_verifier()),
        less_sure("pkce-verifier-mismatch", "the challenge is not in the capture", without_request(other_verifier())),
        sibling("pkce-verifier-mismatch", "pkce-altered-on-the-way", "the verifier fits", fitting()),
        likely("pkce-altered-on-the-way", "the verifier fits", fitting()),
        sibling("pkce-altered-on-the-way", "pkce-verifier-mismatch", "the verifier is another one's", other_verifier()),
        lost("pkce-altered-on-the-way", "the challenge is not in the capture", without_request(fitting())),
        certain("pkce-missing", "the code comes without a verifier", no_verifier()),
        less_sure("pkce-missing", "what was turned in is lost", no_verifier().edit("sign-in/token", Entry::losing_request_body)),
        sibling("pkce-missing", "spa-code-redeemed-by-server", "a server turns the code in, with a secret", secret_without_verifier()),
        certain("spa-code-redeemed-by-server", "a server turns the code in, with a secret and without a verifier", secret_without_verifier()),
        certain("redirect-uri-not-spa", "a page turns the code in", by_page(9002326)),
        less_sure("redirect-uri-not-spa", "nothing tells who turns the code in", headerless(by_page(9002326))),
        sibling("redirect-uri-not-spa", "client-credential-missing", "the service asks for a credential", by_page(7000218)),
        sibling("server-request-carries-origin", "redirect-uri-not-spa", "a page turns the code in", by_page(9002326)),
        lost("server-request-carries-origin", "nothing tells who turns the code in", headerless(by_page(9002326))),
        certain("spa-code-redeemed-by-server", "a server turns the code in", by_server(9002327)),
        less_sure("spa-code-redeemed-by-server", "nothing tells who turns the code in", headerless(by_server(9002327))),
        sibling("spa-code-redeemed-by-server", "origin-header-removed", "a page turns the code in", by_page(9002327)),
        likely("origin-header-removed", "a page turns the code in", by_page(9002327)),
        sibling("origin-header-removed", "spa-code-redeemed-by-server", "a server turns the code in", by_server(9002327)),
        lost("origin-header-removed", "nothing tells who turns the code in", headerless(by_page(9002327))),
        less_sure(
            "code-redeemed-at-other-tenant",
            "one request names the tenant by domain",
            capture().sign_in(|s| s.tenant("contoso.example").token(|t| t.tenant(CONTOSO).fails(700005, "Refused."))),
        ),
    ]);
    rows
}
