//! `entrace explain`, seen from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use entrace::Knowledge;
use program::{entrace, run};
use serde_json::Value;
use std::io::Write;
use std::process::{Output, Stdio};

const CORRELATION: &str = "01a1f968-aca4-798d-b874-efc7124221c2";
const TRACE: &str = "1d4efcd6-1128-475b-a69b-34026272cf00";

fn explain(what: &[&str]) -> Output {
    run(&[&["explain"], what].concat())
}

#[track_caller]
fn text(what: &[&str]) -> String {
    let output = explain(what);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(what: &[&str]) -> Value {
    serde_json::from_str(&text(&[what, &["--format", "json"]].concat())).unwrap()
}

/// What is said of something that is not known.
#[track_caller]
fn refusal(what: &[&str]) -> String {
    let output = explain(what);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn from_stdin(text: &[u8]) -> Output {
    let mut child = entrace().args(["explain", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    child.wait_with_output().unwrap()
}

fn codes(explanation: &Value) -> Vec<&str> {
    explanation["codes"].as_array().unwrap().iter().map(|code| code["code"].as_str().unwrap()).collect()
}

#[test]
fn a_code_is_known_however_it_is_written() {
    let expected = text(&["AADSTS50058"]);
    assert!(expected.starts_with("AADSTS50058 · error\nA silent sign-in found nobody signed in\n"), "{expected}");
    for written in ["50058", "aadsts50058", "AadSts50058", " 50058 "] {
        assert_eq!(text(&[written]), expected, "{written}");
    }
    assert!(text(&["aadb2c90077"]).starts_with("AADB2C90077 · "));
    assert!(text(&["AADSTS", "50058"]).contains(&expected));
}

#[test]
fn every_code_and_cause_is_explained_in_every_format() {
    let knowledge = Knowledge::builtin();
    let ids: Vec<&str> = knowledge.code_names().chain(knowledge.cause_names()).collect();
    for id in ids {
        let explanation = entrace::explain::explain(id, &knowledge).unwrap_or_else(|| panic!("{id}"));
        let options = entrace::report::text::Options { width: 80, color: false, links: false };
        let text = entrace::report::text::render_explanation(&explanation, &options);
        assert!(text.starts_with(&format!("{id} · ")) && text.len() > 100, "{text}");
        let unbreakable = |line: &str| line.trim_start().starts_with("https://");
        let wide = text.lines().find(|line| line.chars().count() > 80 && !unbreakable(line));
        assert_eq!(wide, None, "{id}");
        assert!(entrace::report::markdown::render_explanation(&explanation).starts_with(&format!("## {id}\n")), "{id}");
        assert!(entrace::report::json::render_explanation(&explanation).unwrap().contains(&format!("\"{id}\"")), "{id}");
    }
}

#[test]
fn a_number_of_both_families_is_explained_twice() {
    let knowledge = Knowledge::builtin();
    let both = knowledge
        .code_names()
        .filter_map(|name| name.strip_prefix("AADB2C"))
        .find(|number| knowledge.code_names().any(|name| name.strip_prefix("AADSTS") == Some(number)));
    let number = both.expect("a number that both services use");
    assert_eq!(codes(&json(&[number])), [format!("AADSTS{number}"), format!("AADB2C{number}")]);
}

#[test]
fn causes_checks_claims_and_failures_without_a_code_are_known_by_their_ids() {
    let cause = json(&["third-party-cookies-blocked"]);
    let named: Vec<&str> = cause["causes"][0]["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert!(named.contains(&"AADSTS50058") && named.contains(&"AADB2C90077"), "{named:?}");
    assert_eq!(cause["causes"][0]["rules"][0]["side"], "requires");
    let check = json(&["session-cookie"]);
    assert_eq!(check["checks"][0]["check"], "session-cookie");
    assert!(check["checks"][0]["claims"].as_array().unwrap().len() > 1);
    let claim = json(&["session-cookie.sent"]);
    assert_eq!(claim["checks"][0]["claims"].as_array().unwrap().len(), 1);
    assert!(claim["checks"][0]["claims"][0]["causes"].as_array().unwrap().contains(&"session-expired".into()));
    for open in ["undetermined", "not-modelled"] {
        assert!(text(&[open]).starts_with(&format!("{open} · a cause\n")), "{open}");
    }
    assert_eq!(json(&["page-in-frame"])["symptoms"][0]["causes"][0]["id"], "iframe-refused-to-load");
}

#[test]
fn ids_and_time_are_read_out_of_a_message_and_nothing_else() {
    let sentence = format!(
        "AADSTS50020: User account 'ada@contoso.example' from identity provider 'https://sts.windows.net/x/' is not there; AADSTS1234567. \
         Trace ID: {TRACE} Correlation ID: {CORRELATION} Timestamp: 2026-11-20 14:42:29Z"
    );
    let message =
        format!(r#"{{"error":"invalid_grant","error_description":"{sentence}","error_codes":[50020],"access_token":"eyJhbGciOi.secret"}}"#);
    let encoded = message.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let address = format!("https://app.example/callback?code=0.AbCdEf&session_state=grace#{encoded}");
    for what in [message.as_str(), address.as_str()] {
        let found = json(&[what]);
        assert_eq!((codes(&found), &found["unknown"]), (vec!["AADSTS50020"], &serde_json::json!(["AADSTS1234567"])));
        let read = &found["message"];
        assert_eq!(read["codes"], serde_json::json!(["AADSTS50020", "AADSTS1234567"]));
        assert_eq!((&read["error"], &read["correlation_id"]), (&"invalid_grant".into(), &CORRELATION.into()));
        assert_eq!((&read["trace_id"], &read["timestamp"]), (&TRACE.into(), &"2026-11-20T14:42:29Z".into()));
        for format in ["text", "json", "markdown"] {
            let shown = text(&[what, "--format", format]);
            assert!(shown.contains(CORRELATION) && shown.contains("AADSTS1234567"), "{shown}");
            for secret in ["ada@", "contoso", "eyJ", "secret", "0.AbCdEf", "grace", "app.example"] {
                assert!(!shown.contains(secret), "{secret} is in\n{shown}");
            }
        }
    }
    let words: Vec<&str> = sentence.split(' ').collect();
    assert_eq!(json(&words)["message"]["trace_id"], TRACE);
    let piped = from_stdin(message.as_bytes());
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), text(&[&message]));
}

#[test]
fn several_codes_are_explained_in_their_order() {
    assert_eq!(codes(&json(&["50011", "50058"])), ["AADSTS50011", "AADSTS50058"]);
    let text = text(&["50011", "50058"]);
    assert!(text.starts_with("AADSTS50011 · ") && text.contains("\n\nAADSTS50058 · "), "{text}");
}

#[test]
fn a_line_of_a_log_needs_no_prefix() {
    let found = json(&["Sign-in error code: 53003 Failure reason: blocked, 2026-11-20"]);
    assert_eq!(codes(&found), ["AADSTS53003"]);
}

#[test]
fn a_number_that_is_called_nothing_is_no_code() {
    for text in [
        "Listening on http://localhost:50011",
        "at main.js line 50058 column 3",
        "Process 16000 exited with status 1",
        "the request took 50126 ms",
        "Los Angeles, CA 90002",
    ] {
        let said = refusal(&[text]);
        assert!(said.starts_with("entrace: the text names no code") && said.contains("\n  AADSTS"), "{text}: {said}");
    }
    for (text, code) in [
        ("Error: 50126", "AADSTS50126"),
        ("Fehlercode 50058", "AADSTS50058"),
        ("code d'erreur : 50105", "AADSTS50105"),
        ("50011: The redirect URI does not match", "AADSTS50011"),
    ] {
        assert_eq!(codes(&json(&[text])), [code], "{text}");
        assert!(self::text(&[text]).starts_with(&format!("Read from the text:\n  Codes           {code}\n")), "{text}");
    }
}

#[test]
fn a_message_that_powershell_or_notepad_saved_is_read() {
    let message = "AADSTS50058: Nobody";
    let little: Vec<u8> = message.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = message.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for wide in [little.clone(), big.clone(), [b"\xff\xfe".as_slice(), &little].concat(), [b"\xfe\xff".as_slice(), &big].concat()] {
        let output = from_stdin(&wide);
        assert!(output.status.success() && output.stdout.starts_with(b"Read from the text:\n  Codes           AADSTS50058\n"));
    }
}

/// Without a capture nobody knows whether a step fits that is for some cases only.
#[test]
fn a_step_says_for_which_cases_it_is() {
    let secret = text(&["AADSTS7000215", "--width", "120"]);
    assert!(secret.contains("If Azure AD B2C passes this error on: Put the Value"), "{secret}");
    assert!(secret.contains("If a browser sent the secret: Delete this secret"), "{secret}");
    let cookies = text(&["third-party-cookies-blocked", "--width", "120"]);
    assert!(cookies.contains("In Chrome, Edge and the like: Sign in again") && !cookies.contains("Unless"), "{cookies}");
    let fixes = json(&["client-secret-invalid"])["causes"][0]["fixes"].clone();
    let of_b2c = fixes.as_array().unwrap().iter().find(|fix| fix["who"] == "admin").unwrap().clone();
    assert_eq!(of_b2c["condition"], "if Azure AD B2C passes this error on");
    assert_eq!(of_b2c["when"], serde_json::json!(["reply.of-identity-provider"]));
}

#[test]
fn steps_for_another_code_are_left_out() {
    let told = text(&["AADSTS75011"]);
    assert!(told.contains("RequestedAuthnContext out of") && !told.contains("SAMLRequest in the query"), "{told}");
    let cause = text(&["saml-request-invalid", "--width", "120"]);
    assert!(cause.contains("With AADSTS75011 or AADSTS75005: Leave RequestedAuthnContext"), "{cause}");
}

#[test]
fn signing_in_again_with_an_account_that_does_not_exist_helps_nobody() {
    for code in ["AADSTS50020", "AADSTS90072", "AADSTS50034", "AADSTS51004", "AADSTS16003"] {
        assert!(text(&[code]).contains("Sign in again   helps with another account only\n"), "{code}");
    }
    assert!(text(&["AADSTS50014"]).contains("Sign in again   does not help\n"));
}

#[test]
fn an_error_of_msal_without_a_code_is_explained_as_what_it_looks_like() {
    let symptoms = |what: &str| -> Vec<String> {
        let told = json(&[what])["symptoms"].clone();
        told.as_array().unwrap().iter().map(|symptom| symptom["symptom"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(symptoms("monitor_window_timeout"), ["page-in-frame", "code-not-used", "no-answer"], "the usual one first");
    assert_eq!(symptoms("timed_out"), ["code-not-used", "page-in-frame", "no-answer"], "in version 5 the redirect page comes first");
    assert_eq!(symptoms("post_request_failed"), ["no-answer", "token-reply-blocked"]);
    assert_eq!(symptoms("endpoints_resolution_error"), ["metadata-refused", "no-answer"]);
    assert_eq!(symptoms("untrusted_authority"), ["authority-untrusted"]);
    assert_eq!(symptoms("ClientAuthError: state_not_found"), ["reply-mismatch"]);
    assert_eq!(symptoms("BrowserAuthError: hash_empty_error: Hash value cannot be processed"), ["code-not-used"]);
    let line =
        format!("[Fri, 20 Nov 2026 14:00:00 GMT] : [{CORRELATION}] : @azure/msal-browser@4.12.0 : Error - AADSTS50058 login_required");
    let explained = json(&[&line]);
    assert_eq!(codes(&explained), ["AADSTS50058"]);
    assert_eq!(explained["symptoms"], Value::Array(Vec::new()));
}

/// Whatever a log of MSAL is read for, `explain` knows too; errors of OAuth among them are the service's, and have a code.
#[test]
fn every_error_that_a_log_of_msal_is_read_for_is_explained() {
    for written in [
        "no_tokens_found",
        "BrowserAuthError: crypto_nonexistent: The crypto object or function is not available.",
        "native_handshake_timeout: Timed out while attempting to establish connection",
        "multiple_matching_appMetadata",
    ] {
        let told = json(&[written]);
        let symptom = &told["symptoms"][0];
        let name = symptom["symptom"].as_str().unwrap();
        assert!(written.contains(name) && symptom["title"].as_str().unwrap().contains(name), "{told}");
        let cause = &symptom["causes"][0];
        assert_eq!((&cause["id"], &cause["fixes"][0]["who"]), (&"not-modelled".into(), &"developer".into()));
        assert!(cause["references"][0].as_str().unwrap().starts_with("https://learn.microsoft.com/"));
        assert!(symptom["next"].as_str().unwrap().contains("--msal-log"));
    }
    assert_eq!(json(&["BROWSERAUTHERROR: POPUP_WINDOW_ERROR"])["symptoms"][0]["symptom"], "popup-not-opened");
    refusal(&["the column user_null of the table not_defined is empty"]);
}

/// What the library refuses by itself has causes: nothing of it is ever on the wire.
#[test]
fn what_msal_refuses_by_itself_has_its_causes() {
    for (written, symptom, cause) in [
        (
            "BrowserAuthError: interaction_in_progress: Interaction is currently in progress. Please ensure that it has been completed.",
            "interaction-in-progress",
            "interaction-not-finished",
        ),
        (
            "block_iframe_reload: Request was blocked inside an iframe because MSAL detected an authentication response.",
            "sign-in-in-hidden-frame",
            "redirect-page-signs-in",
        ),
        (
            "popup_window_error: Error opening popup window. Details: BrowserAuthError: empty_window_error: window.open returned null",
            "popup-not-opened",
            "popup-blocked",
        ),
        ("no_token_request_cache_error: No token request found in cache.", "reply-without-request", "request-forgotten"),
    ] {
        let told = json(&[written]);
        let symptoms = told["symptoms"].as_array().unwrap();
        let causes: Vec<&Value> = symptoms.iter().map(|symptom| &symptom["causes"][0]["id"]).collect();
        assert_eq!((symptoms[0]["symptom"].as_str(), causes), (Some(symptom), vec![&cause.into()]), "{written}");
    }
}

#[test]
fn a_time_out_names_the_redirect_page() {
    for error in ["timed_out", "monitor_window_timeout"] {
        let told = text(&[error]);
        assert!(told.contains("redirect-response-unhandled") && told.contains("redirect-page-not-reached"), "{told}");
    }
}

/// Numbers that public threads show: each is told with what those threads found out.
#[test]
fn codes_of_public_threads_are_known() {
    for (message, title) in [
        ("AADSTS7000471: A reply address scheme starting with 'brk-' was seen", "without a broker"),
        (
            "AADSTS7002137: No matching federated identity record found for presented assertion subject 'x'",
            "subject that the message names",
        ),
        ("AADSTS7002131: No matching federated identity record found for presented assertion subject 'x' or no expression", "expression"),
        ("AADSTS550022: Confidential Client is not supported in Native Authentication API flow", "confidential client"),
        ("AADSTS550024: Configuring multi-factor authentication method is blocked", "is blocked"),
        ("AADSTS399266: Blob grant token received with wrong issuer type", "issuer of the wrong kind"),
        ("AADSTS399249", "banned"),
        ("AADSTS399218", "confirm the sign-in"),
        ("AADSTS500210: Domain name does not match with the tenant identifier", "do not belong together"),
        ("AADSTS9001011: Device policy contains unsupported required device state: domain_joined", "device state"),
        ("AADSTS1000108", "restriction policy"),
        ("AADB2C99001: This user already exists", "exists already"),
    ] {
        let told = json(&[message]);
        assert!(told["codes"][0]["title"].as_str().unwrap().contains(title), "{message}: {told}");
        assert_eq!(told["unknown"], serde_json::json!([]), "{message}");
    }
}

/// Whoever has no number has the sentence of a console, a log or a library.
#[test]
fn sentences_of_consoles_and_libraries_are_explained() {
    for (written, symptom, cause) in [
        (
            "Refused to display 'https://login.microsoftonline.com/' in a frame because it set 'X-Frame-Options' to 'deny'.",
            "page-in-frame",
            "iframe-refused-to-load",
        ),
        (
            "Access to fetch at 'https://login.microsoftonline.com/common/oauth2/v2.0/token' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present",
            "token-reply-blocked",
            "token-request-cors-blocked",
        ),
        (
            "Access to XMLHttpRequest at 'https://login.microsoftonline.com/x/oauth2/v2.0/authorize?client_id=1' (redirected from 'https://app.example/api') from origin 'https://app.example' has been blocked by CORS policy",
            "call-redirected",
            "api-asks-for-sign-in-cookie",
        ),
        (
            "POST https://login.microsoftonline.com/common/oauth2/v2.0/token net::ERR_BLOCKED_BY_CLIENT",
            "no-answer",
            "request-blocked-by-client",
        ),
        (
            "GET https://login.microsoftonline.com/common/oauth2/v2.0/authorize net::ERR_NAME_NOT_RESOLVED",
            "no-answer",
            "sign-in-host-unreachable",
        ),
        (
            "GET https://login.microsoftonline.com/common/oauth2/v2.0/authorize net::ERR_BLOCKED_BY_RESPONSE",
            "page-in-frame",
            "iframe-refused-to-load",
        ),
        ("net::ERR_UNKNOWN_URL_SCHEME msauth://com.example/x?code=1", "code-not-used", "popup-closed"),
        ("An error was encountered while handling the remote login. Correlation failed.", "callback-failed", "app-cookie-lost"),
        ("'.AspNetCore.Correlation.xyz' cookie not found.", "callback-failed", "app-cookie-lost"),
        ("[next-auth][error][OAUTH_CALLBACK_ERROR] State cookie was missing.", "callback-failed", "app-cookie-lost"),
        ("InvalidCheck: pkceCodeVerifier value could not be parsed", "callback-failed", "app-cookie-lost"),
        ("In collectInfoFromReq: invalid state received in the request", "callback-failed", "app-cookie-lost"),
        ("IDX21323: RequireNonce is 'True'. OpenIdConnectProtocolValidationContext.Nonce was null", "callback-failed", "app-cookie-lost"),
        ("RuntimeError: 0. The ID token is not yet valid. Current epoch = 1.", "token-not-usable", "clock-skew"),
        ("Error: Frame window timed out", "page-in-frame", "iframe-refused-to-load"),
        (
            "Authentication statement is too old to be used with value 2026-11-01T00:00:00Z",
            "saml-sign-in-too-old",
            "saml-authentication-too-old",
        ),
        ("Invalid audience for this Response (expected 'x', got 'spn:x')", "saml-audience-refused", "saml-audience-differs"),
        (
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies",
            "api-refused",
            "claims-challenge-unhandled",
        ),
        ("ClientAuthError: Token calls are blocked in hidden iframes", "sign-in-in-hidden-frame", "redirect-page-signs-in"),
        ("App resource defined in manifest and iframe origin do not match", "teams-resource-differs", "teams-resource-not-of-host"),
        ("untrusted_origin: The origin is not valid for Nested App Auth.", "add-in-origin-untrusted", "add-in-origin-not-registered"),
        ("400 Bad Request: Request Header Or Cookie Too Large", "request-too-long", "cookies-too-large"),
    ] {
        let told = json(&[written]);
        let symptom_told = &told["symptoms"][0];
        let told = (symptom_told["symptom"].as_str(), symptom_told["causes"][0]["id"].as_str());
        assert_eq!(told, (Some(symptom), Some(cause)), "{written}");
    }
    for else_ in [
        "GET https://ads.example/x.js net::ERR_BLOCKED_BY_CLIENT",
        "Access to fetch at 'https://cdn.example/x.js' has been blocked by CORS policy",
    ] {
        refusal(&[else_]);
    }
}

/// Of what an API refuses, the causes are those that its sentence speaks for, weighed as in a capture.
#[test]
fn an_apis_sentence_is_weighed_as_in_a_capture() {
    let causes = |written: &str| -> Vec<String> {
        let told = json(&[written])["symptoms"].clone();
        assert_eq!(told[0]["symptom"], "api-refused", "{written}");
        told[0]["causes"].as_array().unwrap().iter().map(|cause| cause["id"].as_str().unwrap().to_owned()).collect()
    };
    for written in [
        r#"WWW-Authenticate: Bearer error="invalid_token", error_description="Invalid Issuer (iss) claim: https://sts.windows.net/x/""#,
        "IDX10205: Issuer validation failed. Issuer: 'x'. Did not match",
        "The issuer: 'https://x.b2clogin.com/y/v2.0/' is not registered in trusted issuer repository, so cannot create JWSKeySelector.",
    ] {
        let told = causes(written);
        assert_eq!(told[0], "wrong-tenant-token", "{written}");
        assert!(told.contains(&"token-of-other-version".to_owned()), "{written}");
        let out = [
            "claims-challenge-unhandled",
            "claims-challenge-not-met",
            "api-consent-missing",
            "access-token-expired",
            "token-lacks-permission",
        ];
        assert!(!told.iter().any(|cause| out.contains(&cause.as_str())), "{told:?}");
    }
    assert_eq!(causes("IDX10214: Audience validation failed. Audiences: 'x'.")[0], "token-for-another-api");
    assert_eq!(
        causes(r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}}"#)[0],
        "token-lacks-permission"
    );
    assert_eq!(causes(r#"Bearer error="insufficient_claims", claims="eyJ""#)[0], "claims-challenge-unhandled");
    refusal(&["Missing required role in the form"]);
}

/// The service's sentence alone is enough, and that of a family where the number is a new one.
#[test]
fn a_code_is_known_by_its_sentence() {
    let redirect = "The redirect URI 'https://app.example/' specified in the request does not match the redirect URIs configured for the application 'x'.";
    assert_eq!(codes(&json(&[redirect])), ["AADSTS50011"]);
    let unknown = "AADSTS7002139: No matching federated identity record found for presented assertion subject 'x'.";
    let told = json(&[unknown]);
    assert_eq!((codes(&told), &told["unknown"]), (vec!["AADSTS70021"], &serde_json::json!(["AADSTS7002139"])));
}

#[test]
fn an_error_in_the_quotation_marks_of_javascript_is_read() {
    for written in ["{ error: 'invalid_token', statusCode: 401 }", "OPError: expected 200 OK { error: 'authorization_pending' }"] {
        assert_eq!(json(&[written])["symptoms"].as_array().unwrap().len(), 1, "{written}");
    }
}

#[test]
fn errors_of_oauth_that_one_thing_alone_causes_are_explained_as_that() {
    for (error, symptom, severity) in [
        ("authorization_pending", "device-code-waits", "info"),
        ("slow_down", "device-asks-too-often", "info"),
        ("expired_token", "device-code-over", "error"),
        ("bad_verification_code", "device-code-unknown", "error"),
        ("authorization_declined", "declined", "error"),
        ("insufficient_claims", "api-refused", "error"),
        ("insufficient_scope", "api-refused", "error"),
        ("invalid_token", "api-refused", "error"),
    ] {
        let header = format!(r#"Bearer realm="api", error="{error}", error_description="The audience is invalid""#);
        for written in [error, &error.to_uppercase(), &header] {
            let told = json(&[written]);
            let told = (&told["symptoms"][0]["symptom"], &told["symptoms"][0]["severity"]);
            assert_eq!(told, (&symptom.into(), &severity.into()), "{written}");
        }
    }
}

#[test]
fn the_status_of_a_saml_response_is_explained() {
    let whole = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
    let response = format!(
        r#"<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="{whole}"/></samlp:StatusCode></samlp:Status>"#
    );
    for written in ["NoPassive", "nopassive", whole, &response] {
        let told = json(&[written]);
        let told = (&told["message"]["status"], &told["symptoms"][0]["symptom"]);
        assert_eq!(told, (&"NoPassive".into(), &"saml-status".into()), "{written}");
    }
    let causes = |status: &str| json(&[status])["symptoms"][0]["causes"].as_array().unwrap().len();
    assert_eq!((causes("InvalidNameIDPolicy"), causes("NoPassive")), (1, 0));
    let told = text(&["RequestDenied"]);
    assert!(told.contains("  SAML status     RequestDenied: the identity provider will not answer"), "{told}");
    refusal(&["urn:oasis:names:tc:SAML:2.0:status:Success"]);
}

#[test]
fn several_things_are_explained_each_by_itself() {
    let told = json(&["50058", "third-party-cookies-blocked", "session-cookie"]);
    assert_eq!((codes(&told), &told["message"], &told["unknown"]), (vec!["AADSTS50058"], &Value::Null, &serde_json::json!([])));
    assert_eq!((&told["causes"][0]["id"], &told["checks"][0]["check"]), (&"third-party-cookies-blocked".into(), &"session-cookie".into()));
    let two = text(&["third-party-cookies-blocked", "no-session"]);
    assert!(two.starts_with("third-party-cookies-blocked · a cause\n") && two.contains("\n\nno-session · a cause\n"), "{two}");
    assert_eq!(codes(&json(&["AADSTS50058,", "no-session"])), ["AADSTS50058"]);
    // What is not known among it is told.
    for (written, code, unknown) in [(["50058", "zzz"], "AADSTS50058", "zzz"), (["50058", "99999"], "AADSTS50058", "99999")] {
        let told = json(&written);
        assert_eq!((codes(&told), &told["unknown"]), (vec![code], &serde_json::json!([unknown])));
        let shown = text(&written);
        assert!(shown.starts_with("Read from the text:\n  Not known") && shown.contains(unknown), "{shown}");
    }
    refusal(&["zzz", "50058"]);
}

#[test]
fn ids_of_several_messages_are_not_told_as_those_of_one() {
    let message = |code: &str, digit: char| {
        let id = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxx".replace('x', &digit.to_string());
        format!("{code}: x. Trace ID: {id}1 Correlation ID: {id}2 Timestamp: 2026-11-20 14:42:2{digit}Z\n")
    };
    let two = message("AADSTS50058", '3') + &message("AADSTS65001", '4');
    let told = json(&[&two]);
    let read = &told["message"];
    for field in ["correlation_id", "trace_id", "timestamp"] {
        assert_eq!((&read[field], read[format!("{field}s")].as_array().unwrap().len()), (&Value::Null, 2), "{field}");
    }
    let shown = text(&[&two, "--width", "120"]);
    assert!(shown.contains("Correlation ids") && shown.contains("33333332, 44444444-"), "{shown}");
    let one = json(&[&message("AADSTS50058", '3')]);
    assert_eq!(one["message"]["correlation_ids"][0], one["message"]["correlation_id"]);
}

#[test]
fn a_capture_on_standard_input_is_not_taken_for_a_message() {
    for capture in ["two-failures.v4.devtools-sanitized.har", "no-entra-traffic.devtools-sanitized.har"] {
        let output = from_stdin(&program::fixture(capture));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
        assert!(said.contains("standard input holds a capture") && said.contains("entrace diagnose -"), "{said}");
    }
    let named = refusal(&["two-failures.v4.devtools-sanitized.har"]);
    assert!(named.contains("is a file") && named.contains("entrace two-failures.v4.devtools-sanitized.har"), "{named}");
}

#[test]
fn all_codes_of_a_list_are_explained() {
    for written in [
        r#"{"error_codes":[50058,16000]}"#,
        "{\"error_codes\": [ 50058,\n 16000 ]}",
        "error 50058, 16000",
        "Error code 50058 and 16000 were seen 70000 times",
        "Fehler 50058 und 16000",
    ] {
        assert_eq!(codes(&json(&[written])), ["AADSTS50058", "AADSTS16000"], "{written}");
    }
    assert_eq!(codes(&json(&["error 50058 16000 times"])), ["AADSTS50058"]);
}

#[test]
fn ids_and_time_of_a_page_in_another_language_are_read() {
    for (code, trace, correlation, time) in [
        ("Fehlercode: 50105", "Anforderungs-ID", "Korrelations-ID", "Zeitstempel"),
        ("Code d'erreur : 50105", "ID de la demande\u{a0}", "ID de corrélation\u{a0}", "Horodatage\u{a0}"),
        ("Código de error: 50105", "Id. de solicitud", "Id. de correlación", "Marca de tiempo"),
        ("エラー コード: 50105", "要求 ID", "相関 ID", "タイムスタンプ"),
        ("错误代码：50105", "请求 ID", "相关 ID", "时间戳"),
        ("오류 코드: 50105", "요청 ID", "상관 관계 ID", "타임스탬프"),
        ("Kod błędu: 50105", "Identyfikator żądania", "Identyfikator korelacji", "Znacznik czasu"),
        ("Код ошибки: 50105", "Идентификатор запроса", "Идентификатор корреляции", "Метка времени"),
        ("Felkod: 50105", "ID för begäran", "Korrelations-ID", "Tidsstämpel"),
        ("Hata kodu: 50105", "istek kimliği", "Bağıntı Kimliği", "Zaman damgası"),
    ] {
        let page = format!("{code}\n{trace}: {TRACE}\n{correlation}: {CORRELATION}\n{time}: 2026-11-20T14:42:29Z\n");
        let told = json(&[&page]);
        let read = &told["message"];
        assert_eq!(codes(&told), ["AADSTS50105"], "{page}");
        assert_eq!((&read["correlation_id"], &read["trace_id"]), (&CORRELATION.into(), &TRACE.into()), "{page}");
        assert_eq!(read["timestamp"], "2026-11-20T14:42:29Z", "{page}");
    }
    let other = json(&[&format!("Fehlercode: 50105\nAnwendung: {TRACE}\nGerät {CORRELATION}\nAblauf: 2026-11-20T14:42:29Z")]);
    for field in ["correlation_ids", "trace_ids", "timestamps"] {
        assert_eq!(other["message"][field], serde_json::json!([]), "{field}");
    }
}

#[test]
fn an_id_alone_and_a_code_that_nobody_knows_have_a_next_step() {
    for what in [CORRELATION.to_owned(), format!("Correlation ID: {CORRELATION}")] {
        let told = refusal(&[&what]);
        assert!(told.contains("Sign-in logs") && !told.contains("A code is written as"), "{told}");
        assert_eq!(told.contains(CORRELATION), what.len() > 36, "{told}");
    }
    let told = refusal(&["00000003-0000-0000-c000-000000000000"]);
    assert!(told.contains("Microsoft Graph"), "{told}");
    let told = refusal(&[&format!("Error Code: AADSTS99999999 Request Id: {TRACE} Timestamp: 2026-11-20T14:42:29Z")]);
    assert!(told.contains("error?code=99999999") && told.contains("Sign-in logs") && told.contains(TRACE), "{told}");
    assert!(told.contains("nothing is known of “AADSTS99999999”"), "{told}");
}

#[test]
fn what_is_nearly_right_is_suggested() {
    // Two digits exchanged, one missing, one too many, one wrong.
    for (written, meant) in
        [("AADSTS50508", "AADSTS50058"), ("5011", "AADSTS50011"), ("AADB2C990077", "AADB2C90077"), ("70083", "AADSTS70043")]
    {
        let said = refusal(&[written]);
        assert!(said.contains(meant) && said.contains(written), "{said}");
    }
    assert!(refusal(&["third-party-cookie-blocked"]).contains("\n  third-party-cookies-blocked  "));
    assert!(refusal(&["session-cookie.send"]).contains("\n  session-cookie.sent  "));
    assert!(refusal(&["sesion-cookie"]).contains("\n  session-cookie  "));
    for slip in ["AADST50058", "ADSTS50058", "AADSTS5OO58", "aadsts5oo58"] {
        let told = refusal(&[slip]);
        assert_eq!(told.matches("AADSTS50058  ").count(), 1, "{slip}: {told}");
        assert_eq!(told.lines().filter(|line| line.starts_with("  AAD")).count(), 1, "{slip}: {told}");
    }
    for part in ["third-party-cookies", "cookies-blocked"] {
        assert!(refusal(&[part]).contains("\n  third-party-cookies-blocked  "), "{part}");
    }
    assert!(refusal(&["conditional-access"]).contains("\n  blocked-by-conditional-access  "));
    assert!(refusal(&["consent_required"]).contains("\n  consent-missing  "));
    assert!(!refusal(&["quite-another-thing-altogether"]).contains("Nearly"));
}

#[test]
fn what_is_not_known_is_not_repeated_where_it_may_be_a_secret() {
    for what in [
        "the password of ada@contoso.example is wrong",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl-c2lnbmF0dXJl",
        "\u{1b}[2Jred",
        "",
    ] {
        let said = refusal(&[what]);
        assert!(!said.contains("ada") && !said.contains("eyJ") && !said.contains('\u{1b}'), "{said}");
    }
    for error in ["interaction_required", "https://app.example/#error=interaction_required&state=x"] {
        let told = refusal(&[error]);
        assert!(told.starts_with("entrace: interaction_required is an error of OAuth") && told.contains("AADSTS code"), "{told}");
    }
    assert!(refusal(&["AADSTS99999999"]).starts_with("entrace: nothing is known of “AADSTS99999999”."));
}

#[test]
fn nothing_that_steers_a_terminal_comes_out() {
    for hostile in ["\u{1b}]0;evil\u{7} AADSTS50058 \u{202e}\u{9b}2J", "error=\u{1b}[31m&error_description=AADSTS50058 %1b%5b2J"] {
        for format in ["text", "json", "markdown"] {
            let shown = text(&[hostile, "--format", format]);
            assert!(!shown.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown}");
            assert!(!shown.contains("evil"), "{shown}");
        }
    }
    let binary = from_stdin(b"\xff\xfe\0AADSTS50058\x1b[2J\xff");
    assert!(binary.status.success() && !binary.stdout.contains(&0x1b));
}

#[test]
fn too_much_on_standard_input_is_refused() {
    let output = from_stdin(&vec![b'a'; (4 << 20) + 1]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("longer than 4 MiB"), "{said}");
}

/// Fields that `docs/json.md` does not name.
#[test]
fn the_contract_describes_every_field() {
    let contract = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let (_, part) = contract.split_once("entrace/explain/1").unwrap();
    for what in ["AADSTS50058: x", "AADSTS50140", "NoPassive", "page-in-frame", "third-party-cookies-blocked", "session-cookie"] {
        let mut fields = Vec::new();
        keys(&json(&[what]), &mut fields);
        let missing: Vec<&String> = fields.iter().filter(|key| !part.contains(&format!("`{key}`"))).collect();
        assert_eq!(missing, Vec::<&String>::new(), "not described in docs/json.md");
    }
}

fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            found.push(key.clone());
            keys(field, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}
