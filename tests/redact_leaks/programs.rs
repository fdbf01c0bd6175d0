//! What programs print into the texts of errors: the headers and settings that they worked with.

use crate::{APP, get, gone, redact, refused_by_api};
use serde_json::{Value, json};

/// An error of a library with the request that failed, as servers send it on.
const DUMP: &str = r#"AADSTS7000215: Invalid client secret provided. {"config":{"headers":{"Authorization":"Basic c3ZjLW9yZGVyczpXaW50","x-functions-key":"3nbqnsGpWLuqIA1id6Vw","Cookie":"ASPXAUTH=9F2C7A11D0"},"data":{"client_secret":"hT9r!77pie"}}} password: hT9s!88pie"#;
const OF_DUMP: &[&str] = &["c3ZjLW9yZGVyczpXaW50", "3nbqnsGpWLuqIA1id6Vw", "9F2C7A11D0", "hT9r!77pie", "hT9s!88pie"];

fn refused_with(body: &Value) -> Value {
    let mut entry = refused_by_api("");
    entry["response"]["content"]["text"] = json!(body.to_string());
    entry
}

#[test]
fn the_text_of_an_error_under_the_name_of_its_code() {
    for name in ["error", "errorCode", "suberror", "message", "error_description"] {
        let query: String = url::form_urlencoded::byte_serialize(DUMP.as_bytes()).collect();
        let entries = [refused_with(&json!({ name: DUMP })), get(&format!("{APP}/signin-error?{name}={query}"))];
        gone(&format!("named-{name}"), &entries, OF_DUMP);
        let (_, text) = redact(&format!("kept-{name}"), &entries, &[]);
        assert!(text.contains("AADSTS7000215: Invalid client secret provided."), "{name}");
    }
}

#[test]
fn a_sentence_under_the_name_of_a_word() {
    let token = |claims: Value| {
        use base64::Engine as _;
        let part = |json: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims))
    };
    let claims = json!({"acr": "Zelda Quist may", "amr": ["pwd", "of Zelda Quist"], "ver": "for Zelda Quist", "roles": ["Zelda Quist's"]});
    let entries = [
        refused_with(
            &json!({"error": "AADSTS50105", "timestamp": "Zelda Quist, 3 May", "token_type": "for Zelda Quist", "claims": claims}),
        ),
        get(&format!("{APP}/cb?id_token={}&state=abc123def", token(claims))),
    ];
    let (output, text) = redact("sentence", &entries, &[]);
    assert!(output.status.success() && !text.contains("Zelda Quist"));
    let (_, claims) = text.split_once("id_token=").unwrap();
    let payload = claims.split('.').nth(1).unwrap();
    let payload = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
    assert!(!String::from_utf8_lossy(&payload).contains("Zelda"));
    // Times stay, however they are written.
    for time in ["2026-11-20 14:42:29Z", "2026-11-20T14:42:29.000+00:00", "Fri, 20 Nov 2026 14:42:29 GMT", "11/20/2026 2:42:29 PM +00:00"] {
        let (_, text) = redact("time", &[refused_with(&json!({"error": "AADSTS50105", "timestamp": time}))], &[]);
        assert!(text.contains(time), "{time}");
    }
}

#[test]
fn headers_as_members_of_any_language() {
    const BEARER: &str = "k3jx9q2mzz81";
    let texts = [
        r#"{"Authorization": "Bearer k3jx9q2mzz81", "Proxy-Authorization": "Basic azNqeDlxMm16ejgx"}"#,
        r#"{"Authorization": ["Bearer k3jx9q2mzz81"], "Set-Cookie": ["a=k3jx9q2mzz81; Path=/", "b=k3jx9q2mzz82; HttpOnly"]}"#,
        "{'Authorization': 'Bearer k3jx9q2mzz81', 'Cookie': 'connect.sid=k3jx9q2mzz81'}",
        "map[Authorization:[Bearer k3jx9q2mzz81] Cookie:[a=k3jx9q2mzz81] X-Api-Key:[k3jx9q2mzz81]]",
        r#"{"HTTP_AUTHORIZATION"=>"Basic azNqeDlxMm16ejgx", "HTTP_COOKIE"=>"laravel_session=k3jx9q2mzz81", :password=>"k3jx9q2mzz81"}"#,
        "Array\n(\n    [HTTP_AUTHORIZATION] => Bearer k3jx9q2mzz81\n    [HTTP_X_API_KEY] => k3jx9q2mzz81\n    [password] => k3jx9q2mzz81\n)\n",
        "array(2) {\n  [\"PHP_AUTH_PW\"]=>\n  string(12) \"k3jx9q2mzz81\"\n  ['DB_PASSWORD' => 'k3jx9q2mzz81']\n}",
    ];
    for (number, text) in texts.iter().enumerate() {
        let text = format!("AADSTS50013: upstream failed {text}");
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let entries = [refused_by_api(&text), get(&format!("{APP}/cb?error=x&error_description={query}&state=abc123def"))];
        gone(&format!("members-{number}"), &entries, &[BEARER, "k3jx9q2mzz82", "azNqeDlxMm16ejgx"]);
    }
}

#[test]
fn words_under_the_names_of_headers_stay() {
    let text =
        r#"AADSTS50013: set {"authorization": "none", "cookie": "necessary"} and Authorization: none, x => y, Cookie policy: strict"#;
    let (output, out) = redact("words-of-headers", &[refused_by_api(text)], &[]);
    let har: Value = serde_json::from_str(&out).unwrap();
    let body = har["log"]["entries"].as_array().unwrap().last().unwrap()["response"]["content"]["text"].as_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(output.status.success());
    assert_eq!(body["error"]["message"], text);
}
