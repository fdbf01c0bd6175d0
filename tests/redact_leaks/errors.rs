//! Errors, whose text stays while what it names goes.

use crate::{APP, REPLY, get, gone, gone_from, post, redact, refused_by_api, remark, replied, stays};
use serde_json::{Value, json};

#[test]
fn a_code_that_holds_the_letters_of_an_error() {
    let code = "Zqv7xT3m_AADSTS50058_Kx29ZjQw81Lp";
    gone("code", &[get(&format!("{APP}/cb?code={code}&state=abc123def")), remark(&format!("it is {code}"))], &["Zqv7xT3m", "Kx29ZjQw81Lp"]);
    // A member of that name may hold the message of an error as well.
    let message = "AADSTS50058: no user is signed in";
    let (output, text) = redact("message", &[replied(&format!("{APP}/t{REPLY}"), &json!({"code": message}).to_string())], &[]);
    assert!(output.status.success() && text.contains(message));
}

/// What a program knew when an error came up.
const KNOWN: &str = r#""user":{"name":"Zelda Quist","phone":"0171 5550199"},"sessionId":"k3jx9q2mzz81","pin":482177,"refresh_token":"rtAAbb1122","x":"AADSTS50105: no""#;
const KNOWN_VALUES: &[&str] = &["Zelda Quist", "0171 5550199", "k3jx9q2mzz81", "482177", "rtAAbb1122"];

#[test]
fn the_state_of_a_program_beside_an_error() {
    let page = |script: &str| {
        let mut entry = replied(&format!("{APP}/cb?error=access_denied&state=abc12345678"), "");
        entry["response"]["status"] = json!(500);
        entry["response"]["content"] = json!({"size": 0, "mimeType": "text/html", "text": format!("<html><h1>Sorry</h1>{script}</html>")});
        entry
    };
    let plain = |text: &str| {
        let mut entry = refused_by_api("");
        entry["response"]["content"]["text"] = json!(text);
        entry
    };
    let entries = [
        page(&format!("<script>window.__STATE__={{\"error\":\"AADSTS50105: blocked\",{KNOWN}}}</script>")),
        page("<script>var s={error:'AADSTS50105: can\\'t',sessionId:'k3jx9q2mzz81',name:'Zelda Quist'}</script>"),
        page(&format!("<script>var s={}</script>", Value::from(format!("{{\"error\":\"AADSTS50105: blocked\",{KNOWN}}}")))),
        plain(&format!(")]}}',\n{{\"error\":\"AADSTS50105: no\",{KNOWN}}}")),
        plain(&format!("{{\"error\":\"AADSTS50105: no\",{KNOWN}")),
        plain(&format!("data: {{\"error\":\"AADSTS50105: no\",{KNOWN}}}\n\n")),
        plain(&format!("2026-11-20 ERROR AADSTS50105: no {{{KNOWN}}}")),
        plain("2026-11-20 ERROR sessionId=k3jx9q2mzz81 AADSTS50105: no"),
    ];
    let (output, text) = redact("state", &entries, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!KNOWN_VALUES.iter().any(|value| text.contains(value)));
    // The errors stay.
    assert!(text.contains("AADSTS50105: blocked") && text.contains("AADSTS50105: can"));
}

#[test]
fn secrets_in_the_text_of_an_error() {
    let nested = Value::from(format!("{{{KNOWN}}}")).to_string();
    let entries = [
        refused_by_api(&format!("AADSTS50126: upstream {{{KNOWN}}}")),
        refused_by_api(&format!("AADSTS50126: upstream {nested}")),
        refused_by_api(
            "AADSTS50126: Authorization: Basic Z2hvcHBlcjpSaHVi; Cookie: s=k3jx9q2mzz82; AccountKey=Eby8vdM02xNO/PLlmEtlCDX/J1OUzFT==",
        ),
        refused_by_api("AADSTS50126: {'password': 'hT9r!77pie', \"token\":\"rtAAbb1133"),
        refused_by_api("AADSTS50126: got\npassword: hT9s!88pie\nx-api-key: k3jx9q2mzz83\n"),
    ];
    gone("text", &entries, KNOWN_VALUES);
    gone("lines", &entries, &["Z2hvcHBlcjpSaHVi", "k3jx9q2mzz8", "PLlmEtlCDX", "hT9r", "hT9s", "rtAAbb1133"]);
}

#[test]
fn the_text_of_an_error_stays() {
    let message = "AADSTS50056: Invalid or null password: password does not exist for 'client_id': 'x'. Authorization: none.                    invalid_token: The token expired. Trace ID: 1d4efcd6-1128-475b-a69b-34026272cf00 Timestamp: 2026-11-20 14:42:29Z";
    let (output, text) = redact("stays", &[refused_by_api(message)], &[]);
    assert!(output.status.success() && text.contains(message));
}

#[test]
fn ids_of_objects_in_messages_of_graph() {
    let id = "8a6ca22b-35cb-4708-a508-68720136b9d6";
    let entries = [
        refused_by_api(&format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.")),
        refused_by_api(&format!("AADSTS50034: The user with id {id} was not found")),
        refused_by_api(&format!("AADSTS50097: Device identifier: {id}")),
        refused_by_api(&format!("AADSTS90094: object id '{id}'")),
        refused_by_api(&format!(r#"AADSTS50013 {{"userId": "{id}"}}"#)),
        replied(&format!("{APP}/t{REPLY}"), &json!({ id: {"isOwner": true} }).to_string()),
    ];
    for (number, entry) in entries.iter().enumerate() {
        gone(&format!("graph-{number}"), std::slice::from_ref(entry), &[id]);
    }
}

/// Prose takes a part of each for an address or a key, and what is left of it is a secret too.
#[test]
fn secrets_with_an_address_or_a_key_inside_stand_in_texts_that_stay() {
    let token = "M.C555_BAY.0.U.-Cq3xZk9LmN4pT6vB8sD1fG5hJ7kQ2wE4rT6yU8iO0pA2s!Dx9Fz3hJkL*q7RtZ2wNv5$$";
    let password = "Kx81!zelda.q@contoso.example!qZ77rT";
    let key = "Wv63/203.0.113.77/Bn29Lp";
    let body = format!("grant_type=refresh_token&refresh_token={token}&password={}&client_secret={key}", password.replace('@', "%40"));
    let posted = post("https://login.microsoftonline.com/common/oauth2/v2.0/token", &body);
    let text = format!("it is {token}, '{password}' or \"{key}\".");
    let told = [
        refused_by_api(&text),
        remark(&text),
        get(&format!(
            "{APP}/cb?error=access_denied&error_description={}&state=abc123def",
            text.replace('%', "%25").replace([' ', '"'], "%20")
        )),
        replied(APP, &format!("<script>say('{}')</script>", text.replace('\'', ""))),
    ];
    let left = ["Dx9Fz3h", "q7RtZ2", "Kx81", "qZ77", "Wv63", "Bn29"];
    for (number, entry) in told.into_iter().enumerate() {
        for (order, entries) in [[posted.clone(), entry.clone()], [entry, posted.clone()]].iter().enumerate() {
            gone_from(&format!("inside-{number}-{order}"), entries, &["--keep-bodies"], &left);
        }
    }
}

#[test]
fn secrets_that_a_sentence_tells_by_the_word_before_them() {
    let texts = [
        "Failed to exchange code 'k3jx9q2mzz81'",
        "The token k3jx9q2mzz82 is bad.",
        "API key k3jx9q2mzz83 is not valid",
        "Bearer k3jx9q2mzz84 rejected",
        "user of session k3jx9q2mzz85",
        "Invalid password \"Sommer2024\"",
        "wrong OTP 493817",
        "session_identifier=k3jx9q2mzz86",
        "credentialId: k3jx9q2mzz87",
        "Your verification code is 493817",
        "input {User:zquist Password:k3jx9q2mzz88 Token:k3jx9q2mzz89}",
        "at /.auth/login/done#token=%7B%22authenticationToken%22%3A%22k3jx9q2mzz80%22%7D",
        "CONNECT\npasscode:k3jx9q2mzz8",
    ];
    for (number, text) in texts.into_iter().enumerate() {
        gone(&format!("said-{number}"), &[refused_by_api(text)], &["k3jx9q2mzz8", "Sommer2024", "493817", "zquist"]);
    }
    let harmless = "AADSTS50011: error code 80070005, the status code is 500113, token v2.0 of RS256, key SHA256, code AADSTS50011, session 00aa0000-1111-4222-8333-444455556666";
    stays("said", &[refused_by_api(harmless)], &[harmless]);
}
