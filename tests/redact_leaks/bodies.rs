//! Bodies, in every notation, and what recorders add beside them.

use crate::{APP, LOGIN, REPLY, get, gone, gone_from, post, redact, remark, replied, stays};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

#[test]
fn what_a_second_factor_came_to() {
    let answered = |result: &str, code: u32| {
        let body = json!({"Success": false, "ResultValue": result, "ErrCode": code, "Retry": code == 0});
        replied("https://login.microsoftonline.com/common/SAS/EndAuth", &body.to_string())
    };
    let entries = [
        get("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=379a2321-4f24-4e45-81e9-85f7b492cbfe"),
        answered("AuthenticationPending", 0),
        answered("PhoneAppDenied", 500121),
    ];
    stays("second-factor", &entries, &["AuthenticationPending", "PhoneAppDenied", "500121"]);
}

#[test]
fn what_recorders_add() {
    let mut entry = get(APP);
    entry["timings"]["comment"] = json!("zelda@contoso.example");
    entry["_entrace"] = json!({"label": "zelda@contoso.example"});
    entry["_token"] = json!("hT96ENiVjg");
    entry["_otp"] = json!(493_817);
    entry["_extra"] = json!(r#"{"password":"hT9XjlK1u3"}"#);
    entry["_initiator"] =
        json!({"url": "blob:https://app.contoso.example/?access_token=DCp2ascjT362", "stack": "webpack-internal:///x?token=DCp2ascjT362"});
    gone("members", &[entry], &["zelda", "hT96ENiVjg", "493817", "hT9XjlK1u3", "DCp2ascjT362"]);
}

#[test]
fn keys_of_the_token_cache() {
    let account = "4b9ecba2-5e1a-43eb-a0df-a45f906126a0";
    let body = format!(
        r#"{{"{account}.9e315e98-45b8-42e2-a06a-343557ef6bb3-login.windows.net-accesstoken":1,"s":{{"9rHA8kfmOsyhkp0mF8LQA3YC":true}}}}"#
    );
    gone("cache", &[post(&format!("{APP}/t{REPLY}"), &body)], &[account, "9rHA8kfmOsyhkp0mF8LQA3YC"]);
}

#[test]
fn what_assertions_and_usernametokens_say_elsewhere() {
    let saml = r#"<Response><Assertion><AttributeStatement><Attribute Name="http://schemas.microsoft.com/identity/claims/displayname"><AttributeValue>Zelda Fihcpbcx</AttributeValue></Attribute></AttributeStatement></Assertion></Response>"#;
    let soap =
        "<Envelope><UsernameToken><Username>zelda.q@contoso.example</Username><Password>hT9NDUF2rZ</Password></UsernameToken></Envelope>";
    let url = format!("{APP}/acs{REPLY}");
    let saml = STANDARD.encode(saml).replace('+', "%2B").replace('=', "%3D");
    let entries = [post(&url, &format!("SAMLResponse={saml}")), post(&url, soap), remark("Zelda Fihcpbcx hT9NDUF2rZ")];
    gone("saml", &entries, &["Fihcpbcx", "hT9NDUF2rZ", "zelda.q"]);
}

#[test]
fn bodies_that_are_dropped_are_looked_into() {
    let entries = [
        post(&format!("{APP}/login"), "username=z&password=hT91TL8cfX"),
        replied("https://graph.microsoft.com/v1.0/me", r#"{"displayName":"Zelda Quxftybz"}"#),
        remark("hT91TL8cfX of Zelda Quxftybz"),
    ];
    gone("dropped", &entries, &["hT91TL8cfX", "Quxftybz"]);
}

#[test]
fn bodies_that_are_kept() {
    let mut wide = get(APP);
    let text: Vec<u8> = "zelda@contoso.example".encode_utf16().flat_map(u16::to_le_bytes).collect();
    wide["response"]["content"] = json!({"size": 0, "mimeType": "text/plain", "encoding": "base64", "text": STANDARD.encode(text)});
    let mut socket = get(APP);
    socket["_webSocketMessages"] =
        json!([{"type": "send", "time": 1, "opcode": 1, "data": "{\"password\":\"hT9gqqCK3y\"}\u{1e}{\"password\":\"hT9gqqCK3y\"}"}]);
    let entries = [
        wide,
        socket,
        replied(APP, r#"cb({"password":"hT99x6nwhB"})"#),
        replied(APP, r#"var _spPageContextInfo={"userDisplayName":"Zeldrina","webTitle":"Home"};"#),
        replied(APP, ")]}',\n{\"password\":\"hT9jw54xVc\"}"),
        replied(APP, r#"<form><input type="hidden" name="csrf_token" value="Vn74l1u6IUU8fwXn"></form>"#),
    ];
    gone_from(
        "bodies",
        &entries,
        &["--keep-bodies"],
        &["z\\u0000e\\u0000l", "Zeldrina", "hT9gqqCK3y", "hT99x6nwhB", "hT9jw54xVc", "Vn74l1u6IUU8fwXn"],
    );
}

#[test]
fn bodies_that_are_written_as_json_and_not_as_text() {
    let mut entry = get(&format!("{APP}/items"));
    entry["response"]["content"]["text"] = json!({"owner": "Zelda keeps wq8mPz", "list": ["wq8mPz"]});
    entry["request"]["postData"] = json!({"mimeType": "application/json", "text": {"note": "wq8mPz"}});
    gone("json", &[entry.clone()], &["wq8mPz"]);
    gone_from("json-kept", &[entry], &["--keep-bodies"], &["wq8mPz"]);
}

#[test]
fn members_of_exporters() {
    let mut entry = get(APP);
    entry["request"]["_trailers"] = json!([{"name": "x-session", "value": "k3jx9q2mzz81"}, {"name": "Cookie", "value": "s=k3jx9q2mzz82"}]);
    entry["request"]["_raw"] = json!(["GET / HTTP/1.1", "Cookie: s=k3jx9q2mzz83", "Authorization: Basic k3jx9q2mzz84"]);
    entry["request"]["_content"] = json!({"text": "AXB3PVJodWJhcmIhNzc=", "encoding": "base64"});
    entry["request"]["postData"] = json!("pin=4821&note=Zelda Quist");
    entry["_initiator"] = json!({"type": "script", "url": "file:///C:/Users/zquist/App/main.js"});
    entry["_user"] = json!({"name": "Zelda Quist", "phone": 4_917_155_501_999_i64, "userId": 7_788_990_011_i64});
    entry["_title"] = json!("app.contoso.example/verify?otc=493817");
    let values = ["k3jx9q2mzz8", "AXB3PVJodWJhcmIhNzc", "pin=4821", "Quist", "zquist", "4917155501999", "7788990011", "493817"];
    gone("exporters", &[entry], &values);
}

#[test]
fn bodies_that_are_kept_in_other_notations() {
    let soap = "<Envelope><o:Username>zquist</o:Username><o:Password Type=\"x\">hT9a!77</o:Password><access_token>q9x7Zk2LmN4pT6vB8</access_token><SessionId>k3jx9q2mzz81</SessionId><DisplayName>Zelda Quist</DisplayName></Envelope>";
    let page = r#"<div data-page="{&quot;user&quot;:{&quot;displayName&quot;:&quot;Zelda Quist&quot;,&quot;password&quot;:&quot;hT9b!77&quot;}}"></div><script>var s="{\"password\":\"hT9c!88\"}",c={"password":"Rose\"hT9d!99"};</script>"#;
    let parts = "--b1\n--b1\nContent-Disposition: form-data; name=password\n\nhT9e!88\n--b1\nContent-Disposition: form-data; name=\"name\"\n\nZelda Quist\n--b1\nContent-Disposition: form-data; name=\"code\"\n\n493817\n--b1--\n";
    let batch = "--b\r\nContent-Type: application/http\r\n\r\nGET /me HTTP/1.1\r\nAuthorization: Basic Z2hvcHBlcjpSaHViYXJi\r\nCookie: sess=k3jx9q2mzz82\r\n\r\n--b--";
    let entries = [
        replied(APP, soap),
        replied(APP, page),
        post(APP, parts),
        post(APP, &parts.replace('\n', "\r\n")),
        post(APP, batch),
        post(APP, "user[email]=q@contoso.example&user[password]=hT9f!99&user[otp]=493818"),
        replied(APP, ")]}',\n{\"name\":\"Zelda Quist\",\n\"deviceId\":\"k3jx9q2mzz83\"}"),
        replied(APP, "event: a\ndata: {\"oid\":\"7d2a9f10-3b1c-4c55-9f20-1a2b3c4d5e6f\",\"name\":\"Zelda Quist\"}\n\n"),
        replied(APP, "cb({\"name\":\"Zelda Quist\"});"),
        replied(APP, "user: x\npassword: hT9g!77pie\nclient_secret: W8~x7Q.kk21\n"),
        replied(APP, "\"k3jx9q2mzz84\""),
        replied(APP, r#"<meta name="csrf-token" content="9d8f7a6s5d4f"><input type="password" value="hT9h#44zz">"#),
    ];
    let values =
        ["zquist", "Quist", "hT9", "q9x7Zk2L", "k3jx9q2mzz8", "49381", "Z2hvcHBl", "q@contoso", "7d2a9f10", "W8~x7Q", "9d8f7a6s5d4f"];
    gone_from("notations", &entries, &["--keep-bodies"], &values);
}

/// A number that is replaced becomes a text, and what it stands in stays JSON.
#[test]
fn numbers_in_json_that_is_kept() {
    let entries = [post(LOGIN, "login=z&otc=493817"), replied(APP, r#"{"message":"{\"a\":493817}","expires_in":493817,"list":[493817]}"#)];
    let (output, text) = redact("json-numbers", &entries, &["--keep-bodies"]);
    assert!(output.status.success() && !text.contains("493817"));
    let har: Value = serde_json::from_str(&text).unwrap();
    let body = har["log"]["entries"].as_array().unwrap().last().unwrap()["response"]["content"]["text"].as_str().unwrap();
    let json: Value = serde_json::from_str(body).unwrap();
    assert_eq!(json["expires_in"], json!("redacted-one-time-code-1"));
}

/// A body that is no more must not read as one that was never there, nor as one that is.
#[test]
fn what_became_of_each_body_is_told() {
    let mut damaged = get(&format!("{LOGIN}{REPLY}"));
    damaged["response"]["content"] = json!({"size": 9, "mimeType": "text/html", "encoding": "base64", "text": "QUJDR"});
    let (output, text) = redact("parts", &[damaged, post(&format!("{APP}/a"), "x"), replied(&format!("{APP}/b"), "y")], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    let told: Vec<&Value> = entries.iter().rev().take(3).rev().map(|entry| &entry["_entrace"]["parts"]).collect();
    let expected = [json!({"response.body": "damaged"}), json!({"request.body": "stripped"}), json!({"response.body": "stripped"})];
    assert_eq!(told, expected.iter().collect::<Vec<_>>());
    assert!(entries.iter().rev().nth(2).unwrap()["response"]["content"].get("text").is_none());
}

#[test]
fn what_scripts_give_functions_under_a_name() {
    let script = r#"xhr.setRequestHeader("x-api-key", "hT9a77pie0");headers.set('Authorization','Bearer hT9b77pie0');h.append("Cookie",`s=hT9c77pie0`);localStorage.setItem("refreshToken", "hT9d77pie0");form.append("password", "hT9epie");var s="h.set(\"Authorization\",\"Bearer hT9f77pie0\")";"#;
    gone_from("calls", &[replied(APP, script)], &["--keep-bodies"], &["hT9"]);
    let harmless = r#"headers.set("Accept","application/json");t("password","Passwort");["password","Passwort"];x.set("theme","dark")"#;
    let (_, text) = redact("calls-kept", &[replied(APP, harmless)], &["--keep-bodies"]);
    assert!(text.contains(&Value::from(harmless).to_string()), "{text}");
}

#[test]
fn more_names_of_secrets_in_scripts() {
    let names = [
        "privateKey",
        "encryptionKey",
        "masterKey",
        "authKey",
        "recoveryCode",
        "otpCode",
        "loginCode",
        "securityAnswer",
        "creditCard",
        "smsCode",
        "jwt",
        "connectionString",
        "csrf",
        "samAccountName",
        "onPremisesSamAccountName",
        "emailAddress",
        "employeeId",
        "homePhone",
        "birthDate",
        "ssn",
        "iban",
    ];
    let mut entries: Vec<Value> =
        names.iter().map(|name| replied(APP, &format!("<script>window.x={{{name:?}:\"hT9x77kkPWq\",\"z\":1}}</script>"))).collect();
    for name in ["recoveryCodes", "tokens", "businessPhones"] {
        entries.push(replied(APP, &format!("<script>window.x={{{name}:[\"hT9x77kkPWq\",\"hT9y77kkPWq\"]}}</script>")));
    }
    gone_from("names-of-secrets", &entries, &["--keep-bodies"], &["hT9"]);
}

#[test]
fn json_in_the_parts_of_a_reply() {
    let part = "--b2\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"fullname\":\"Zelda Quist\",\"note\":\"geheim-Wort\"}\r\n--b2--";
    gone_from("parts-json", &[replied(APP, part)], &["--keep-bodies"], &["Quist", "geheim"]);
}

#[test]
fn tables_that_are_kept() {
    let entries = [
        replied(APP, "<table><tr><th>Password</th><td>hT9a!77</td></tr><tr><th>Display name</th><td><b>Zelda Quist</b></td></tr></table>"),
        replied(APP, "<dl><dt>One-time code</dt><dd>x</dd><dt>OTP:</dt><dd>493817</dd><dt>Mobile phone</dt><dd>0171 5550199</dd></dl>"),
        replied(
            APP,
            "<table><tr><th>User</th><th>Name</th><th>API key</th></tr>\n<tr><td>zquist</td><td>Zelda Quist</td><td>hT9b77</td></table>",
        ),
        replied(APP, "id,Name,Email,Password\r\n1,\"Quist, Zelda\",z@contoso.example,hT9c!77\r\n2,Bo,b@contoso.example,hT9d!77\r\n"),
        replied(APP, "login;refresh_token\nzquist;hT9e77\n"),
    ];
    gone_from("tables", &entries, &["--keep-bodies"], &["hT9", "Quist", "zquist", "493817", "5550199", "z@contoso", "Bo,"]);
    let harmless = "<table><tr><th>Name</th><th>Password</th></tr><tr><td>report.pdf</td><td>Expired</td></tr></table>";
    let (_, text) = redact("tables-kept", &[replied(APP, harmless), replied(APP, "name,size\nreport.pdf,12\n")], &["--keep-bodies"]);
    assert!(text.contains(harmless) && text.contains("name,size\\nreport.pdf,12"), "{text}");
}

#[test]
fn commands_that_are_kept() {
    let commands = "curl -u zquist:hT9a!77 -H \"Authorization: Basic aFQ5Yjc3OmhUOWI3Nw==\" \\\n  -H 'X-Api-Key: hT9c77' https://x.example\n\
        curl --user 'zquist:hT9d 77' x\naz login --service-principal -u 379a2321-4f24-4e45-81e9-85f7b492cbfe -p hT9e~77\n\
        ConvertTo-SecureString -String \"hT9f!77\" -AsPlainText\ntool --client-secret hT9g77\n";
    let script = format!("var c={};", Value::from(commands));
    let entries = [replied(APP, commands), replied(APP, &script)];
    gone_from("commands", &entries, &["--keep-bodies"], &["hT9", "zquist", "aFQ5Yjc3"]);
    gone("commands-told", &[crate::refused_by_api(commands)], &["hT9", "zquist", "aFQ5Yjc3"]);
}

/// The codes of Microsoft Entra's native authentication, and what passkeys and SAML artifacts are called.
#[test]
fn fields_of_newer_sign_ins() {
    let service = "https://contosoext.ciamlogin.com/contosoext.onmicrosoft.com/oauth2/v2.0/token";
    let mut refused = post(service, "continuation_token=AQk3jx9q2mzz81&grant_type=oob&oob=493817&scope=openid");
    refused["response"]["status"] = json!(400);
    refused["response"]["content"]["text"] =
        json!(r#"{"error":"invalid_grant","error_description":"AADSTS50181: Unable to validate 493817.","suberror":"invalid_oob_value"}"#);
    let soap = "<Envelope><ArtifactResolve><Artifact>AAQAAk3jx9q2mzz82</Artifact></ArtifactResolve></Envelope>";
    let passkey = r#"{"rawId":"k3jx9q2mzz83","response":{"userHandle":"k3jx9q2mzz84"}}"#;
    let graph = replied("https://graph.microsoft.com/v1.0/me", r#"{"temporaryAccessPass":"k3jx9q2mzz85","secretText":"k3jx9q2mzz86~Q"}"#);
    let told = remark("it was k3jx9q2mzz85 and k3jx9q2mzz86~Q");
    let entries =
        [graph, told, refused, post(&format!("{APP}/artifact"), soap), post(&format!("{APP}/verify"), passkey), remark("k3jx9q2mzz84")];
    gone_from("newer", &entries, &["--keep-bodies"], &["493817", "k3jx9q2mzz8"]);
}
