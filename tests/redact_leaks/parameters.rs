//! Parameters of OAuth's names under which other applications have something else.

use crate::{APP, LOGIN, REPLY, get, gone, gone_from, post, refused_silently, replied, stays};
use serde_json::{Value, json};

#[test]
fn codes_under_the_name_of_an_errors() {
    let codes = ["4821", "48213", "QKZVBWMT", "BlueHorse"];
    let entries = codes.map(|code| get(&format!("{APP}/verify?code={code}")));
    gone("codes", &entries, &codes.map(|code| format!("code={code}")).each_ref().map(String::as_str));
    let mut led = get(APP);
    led["response"]["headers"] = json!([{"name": "Location", "value": "/join?x=1&code=BlueHorse"}]);
    gone("codes-led", &[led], &["BlueHorse"]);
    let body = r#"{"message":"x","code":"48213","also":{"message":"y","code":48214}}"#;
    gone_from("codes-posted", &[post(&format!("{APP}/verify"), body)], &["--keep-bodies"], &["48213", "48214"]);
}

#[test]
fn codes_of_errors_stay() {
    let queries = [
        "/error?code=50058",
        "/Home/Error.aspx?code=AccessBlocked",
        "/cb?error=server_error&code=50196",
        "/cb?message=it+failed&code=ServerBusy",
        "/cb?code=interaction_required",
        "/cb?code=AADSTS50105%3A+no",
    ];
    let entries = queries.map(|query| get(&format!("{APP}{query}")));
    stays("codes-of-errors", &entries, &queries);
    let body = r#"{"error":"x","code":48213}"#;
    let entry = replied(&format!("{APP}/t{REPLY}"), body);
    stays("codes-of-errors-in-json", &[entry], &["48213"]);
}

#[test]
fn sentences_under_names_of_oauth() {
    let sentence = "Write to Ada Plantagenet about her dismissal";
    let query: String = url::form_urlencoded::byte_serialize(sentence.as_bytes()).collect();
    let mut entries: Vec<Value> = ["prompt", "scope", "resource", "reply", "issuer", "authority", "broker"]
        .iter()
        .map(|name| get(&format!("{APP}/complete?{name}={query}")))
        .collect();
    let names = json!({"prompt": sentence, "scope": "Ada Plantagenet", "reply": sentence, "issuer": "Ada Plantagenet"});
    entries.push(post(&format!("{APP}/complete"), &names.to_string()));
    entries.push(replied(&format!("{APP}/t{REPLY}"), &names.to_string()));
    entries.push(get(&format!("{APP}/x?feature=hunterTWO22x&slice=hunterTWO22x")));
    entries.push(get(&format!("{APP}/x?reply=%E5%AF%86%E7%A0%81%E6%98%AF%E9%A9%AC")));
    let values = ["Plantagenet", "dismissal", "hunterTWO", "%E5%AF%86", "密码"];
    gone_from("sentences", &entries, &["--keep-bodies"], &values);
    gone("sentences-dropped", &entries, &values);
}

#[test]
fn what_oauth_has_under_its_names_stays() {
    let values = [
        "prompt=select_account+login",
        "scope=openid+profile+email+offline_access",
        "scope=User.Read+api%3A%2F%2F379a2321-4f24-4e45-81e9-85f7b492cbfe%2Faccess_as_user",
        "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
        "response_type=code+id_token",
        "response_mode=form_post",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code",
        "ui_locales=de-DE+en",
        "max_age=86400",
        "code_challenge_method=S256",
        "resource=https%3A%2F%2Fgraph.microsoft.com",
        "resource=spn%3Aapi",
        "wtrealm=urn%3Afederation%3AMicrosoftOnline",
        "wct=2026-11-20T14%3A42%3A29Z",
        "redirect_uri=https%3A%2F%2Fapp.contoso.example%2Fmy+page",
        "returnUrl=%2Fhome",
    ];
    let entries: Vec<Value> = values.iter().map(|value| get(&format!("{APP}/start?{value}"))).collect();
    stays("protocol", &entries, &values);
    // The sign-in service is asked with whatever an application sends it: that may be what is wrong.
    let asked = ["scope=Zelda+Quist", "prompt=whatever", "response_type=kode"];
    let entries: Vec<Value> = asked.iter().map(|value| get(&format!("{LOGIN}?{value}"))).collect();
    stays("protocol-asked", &entries, &asked);
    stays("protocol-silent", &[refused_silently("common", "app.contoso.example")], &["prompt=none"]);
}

#[test]
fn the_name_of_a_file_in_a_media_type() {
    let mut entry = get(APP);
    entry["response"]["headers"] = json!([{"name": "Content-Type", "value": "application/pdf; charset=binary; name=\"Zelda Quist.pdf\""}]);
    entry["response"]["content"]["mimeType"] = json!("application/pdf; name=\"Zelda Quist.pdf\"");
    let mut posted = post(&format!("{APP}/upload"), "x");
    posted["request"]["postData"]["mimeType"] = json!("application/pdf; name=\"Zelda Quist.pdf\"");
    let entries = [entry, posted];
    gone("media-type", &entries, &["Zelda", "Quist"]);
    gone_from("media-type-kept", &entries, &["--keep-bodies"], &["Zelda", "Quist"]);
    stays("media-type-coding", &entries, &["application/pdf; charset=binary; name="]);
}
