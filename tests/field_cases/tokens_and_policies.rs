//! Tokens, codes and policies. Rows 92 to 107.

use super::case::{Case, case};
use crate::support::{CLAIMS, CaptureBuilder, OTHER_SESSION, TokenRequest, capture};
use entrace::analysis::Verdict;
use entrace::diagnosis::Confidence::{Certain, Likely};

const INACTIVE: &str = "The refresh token has expired due to inactivity. The token was issued on 2026-06-01T08:00:00.0000000Z and was inactive for 90.00:00:00.";
const REVOKED: &str = "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was \
                       issued on '2026-10-01T08:00:00.0000000Z' and the TokensValidFrom date (before which tokens are not valid) for this user is '2026-11-01T08:00:00.0000000Z'.";
const WRONG_METHOD: &str = "Authentication method 'X509, MultiFactor' by which the user authenticated with the service doesn't match requested authentication method \
                            'Password, ProtectedTransport'.";
const CHALLENGE: &str = r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==""#;
const ELECTRON: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) desk/2.1.0 Chrome/120.0.6099.291 Electron/28.2.1 Safari/537.36";
const CHROME_ON_WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const PROTECTED_TRANSPORT: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// A program with nothing but a console asks whether its code was confirmed.
fn by_device_code(tell: impl FnOnce(TokenRequest) -> TokenRequest) -> CaptureBuilder {
    let grant = |t: TokenRequest| t.param("grant_type", "urn:ietf:params:oauth:grant-type:device_code").without_param("refresh_token").param("device_code", "D-1").by_server();
    capture().refresh(|t| tell(grant(t)))
}

fn challenged() -> CaptureBuilder {
    capture().sign_in(|s| s).api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").challenges(CHALLENGE))
}

fn blocked_device(user_agent: &'static str, code: u32, text: &str) -> CaptureBuilder {
    capture().user_agent(user_agent).redirect(|r| r.without_cookies().fails_on_a_page(code, text)).everywhere(|entry| entry.header("cookie", "fpc=a"))
}

pub(crate) fn cases() -> Vec<Case> {
    let passwordless = |capture: CaptureBuilder| capture.saml(|s| s.insisting_on(PROTECTED_TRANSPORT).fails(75011, WRONG_METHOD));
    vec![
        case(92, "nobody used the application for months", capture().refresh(|t| t.fails(700082, INACTIVE).suberror("bad_token")))
            .finds("AADSTS700082", "refresh-token-expired-inactive", Likely)
            .says("lifetime.over"),
        case(93, "the password was changed", capture().refresh(|t| t.by_server().fails(50173, REVOKED).suberror("bad_token")))
            .finds("AADSTS50173", "session-revoked", Certain)
            .says("lifetime.revoked"),
        case(
            94,
            "two servers turn the same code in",
            capture().sign_in(|s| s.session(OTHER_SESSION).token(TokenRequest::by_server)).redeem_again(|t| t.by_server().fails(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")),
        )
        .finds("AADSTS54005", "code-reused", Certain)
        .says("authorization-code.used-before"),
        case(
            95,
            "the verifier is not that of the challenge",
            capture().sign_in(|s| s.token(|t| t.param("code_verifier", "another-verifier-that-has-the-length-that-is-needed").fails(501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request."))),
        )
        .finds("AADSTS501481", "pkce-verifier-mismatch", Certain)
        .says("pkce.mismatch"),
        case(96, "a second factor is wanted, and the reply says by which claims", capture().refresh(|t| t.fails(50076, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication.").suberror("basic_action").asking_for_claims()))
            .finds("AADSTS50076", "mfa-required", Likely)
            .not_certain("AADSTS50076")
            .says("reply.claims-requested")
            .advises("pass on the claims"),
        case(97, "a second factor has to be registered", capture().refresh(|t| t.by_server().fails(50079, "Due to a configuration change made by your administrator, you must enroll in multi-factor authentication.").error("interaction_required").asking_for_claims()))
            .finds("AADSTS50079", "mfa-enrolment-required", Likely),
        case(98, "a person at risk, which the reply does not say", capture().client_credentials(|t| t.param("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer").param("assertion", "e30.e30.e30").fails(50076, "You must use multi-factor authentication.")))
            .finds("AADSTS50076", "mfa-required", Likely)
            .not_certain("AADSTS50076"),
        case(99, "a policy blocks the device code", by_device_code(|t| t.fails(53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.").suberror("message_only")))
            .finds("AADSTS53003", "blocked-by-conditional-access", Likely)
            .not_certain("AADSTS53003")
            .says("grant.device-code")
            .advises("device code"),
        case(100, "a policy wants tokens that are bound to the device", by_device_code(|t| t.fails(530084, "Access has been blocked by conditional access token protection policy.")))
            .finds("AADSTS530084", "token-protection-required", Likely),
        case(101, "a program with a browser of its own shows no device", blocked_device(ELECTRON, 53000, "Device is not in required device state: compliant."))
            .finds("AADSTS53000", "device-not-presented", Likely)
            .not_certain("AADSTS53000")
            .says("browser.embedded")
            .advises("system browser"),
        case(101, "the same where a joined device is wanted", blocked_device(ELECTRON, 53001, "Device is not in required device state: domain_joined."))
            .finds("AADSTS53001", "device-not-presented", Likely)
            .not_certain("AADSTS53001"),
        case(102, "Chrome on Windows, whose extension for the device is blocked", blocked_device(CHROME_ON_WINDOWS, 53001, "Device is not in required device state: domain_joined."))
            .unresolved("AADSTS53001")
            .lists("device-not-presented")
            .lists("device-not-joined"),
        case(103, "Graph asks for claims, and nobody answers", challenged().wait(1).app_page())
            .finds("api-refused", "claims-challenge-unhandled", Certain)
            .says("api.claims-challenge"),
        case(
            103,
            "Graph asks for claims, and the application brings them",
            challenged()
                .sign_in(|s| s.named("again").without_credentials().request(|r| r.param("claims", CLAIMS)))
                .api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").succeeds()),
        )
        .does_not_tell("api-refused")
        .verdict(Verdict::Healthy),
        case(
            104,
            "the address of the client has changed",
            capture().sign_in(|s| s).api_call(|c| {
                let reason = r#"Bearer error="insufficient_claims", error_description="Continuous access evaluation resulted in challenge with result: InteractionRequired and code: LocationConditionEvaluationSatisfied", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==""#;
                c.url("https://graph.microsoft.com/v1.0/groups").challenges(reason)
            }),
        )
        .finds("api-refused", "claims-challenge-unhandled", Likely)
        .advises("another network"),
        case(
            105,
            "the application renews silently without the claims, and is refused again",
            challenged().silent_frame(|r| r.succeeds()).api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").challenges(CHALLENGE)),
        )
        .finds("api-refused", "claims-challenge-unhandled", Certain)
        .says("api.called-again"),
        case(106, "an application insists on a password, and the person signs in without one", passwordless(capture()))
            .finds("AADSTS75011", "saml-request-invalid", Certain)
            .says("saml-request.insists-on-method")
            .advises("RequestedAuthnContext out of the SAML request"),
        case(
            107,
            "the same where the device signs the person in; in a private window it works",
            passwordless(capture()).edit("saml/request", |entry| entry.header("x-ms-refreshtokencredential", "e30.e30.e30")),
        )
        .finds("AADSTS75011", "saml-request-invalid", Likely)
        .says("device.vouches")
        .advises("through the device"),
    ]
}
