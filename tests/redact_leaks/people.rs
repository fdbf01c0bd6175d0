//! People: their names, ids, addresses and phones.

use crate::{APP, LOGIN, REPLY, SURROUNDINGS, get, gone, gone_from, post, redact, refused_by_api, remark, replied, stays};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

#[test]
fn ids_and_names_of_people_in_paths() {
    let id = "8a6ca22b-35cb-4708-a508-68720136b9d6";
    let entries = [
        get(&format!("https://graph.microsoft.com/v1.0/users/{id}/memberOf")),
        get(&format!("{APP}/v2.0/users/{id}/oauth2/x")),
        get("https://contoso-my.sharepoint.com/personal/zelda_q_contoso_example/Documents"),
    ];
    gone("people", &entries, &[id, "zelda_q"]);
}

#[test]
fn names_in_other_letters() {
    let token = format!("e30.{}.x", STANDARD.encode("{\"name\":\"J\u{fc}rgen M\u{fc}lvuyw\"}").trim_end_matches('='));
    let entries = [
        post(LOGIN, &format!("id_token={token}")),
        remark("JÜRGEN MÜLVUYW"),
        remark("M\u{fc}lvuyw, Jürgen"),
        get(&format!("{APP}/J%FCrgen%20M%FClvuyw")),
    ];
    gone("names", &entries, &["MÜLVUYW", "M\u{fc}lvuyw", "lvuyw"]);
}

#[test]
fn addresses_of_version_six_and_phones_with_other_separators() {
    let entries = [
        get("http://[2a02:8109:f9bb:1::77]:8080/x"),
        remark("+1.425.555.7813"),
        remark("+49/30/552835"),
        remark("o'zgcue@contoso.example"),
    ];
    gone("machines", &entries, &["2a02:8109", "7813", "2835", "o'"]);
}

#[test]
fn people_beside_any_letter() {
    let text = |name: &str| SURROUNDINGS.iter().map(|around| around.replace('¤', name)).collect::<Vec<_>>().join(" and ");
    let accounts =
        format!("AADSTS50105: no {} mailto:zelda.q@contoso.example?subject=x zelda.q&#64;contoso.example", text("zelda.q@contoso.example"));
    let addresses =
        format!("AADSTS53003: from {} 203.0.113.77-443 203.0.113.77#53 203.0.113.77_4711 203.0.113.77:443", text("203.0.113.77"));
    let sixes = format!("AADSTS53003: from {} 2a02:8109:f9bb:1::77/64 2a02:8109:f9bb:1::77%en0", text("2a02:8109:f9bb:1::77"));
    let paths = ["/zelda.q@contoso.example_1", "/to:zelda.q@contoso.example", "/*zelda.q@contoso.example*"];
    let mut entries: Vec<Value> = [accounts, addresses, sixes].iter().map(|text| refused_by_api(text)).collect();
    entries.extend(paths.iter().map(|path| get(&format!("{APP}{path}"))));
    gone("beside", &entries, &["zelda", "203.0.113", "2a02:8109"]);
}

#[test]
fn names_around_an_address_under_the_name_of_a_person() {
    let values = [
        "Zelda Quist <zelda.q@contoso.example>",
        "Quist, Zelda (EXT, Analytics) <zelda.q@contoso.example>",
        "zelda.q@contoso.example (Zelda Quist)",
    ];
    for (number, value) in values.iter().enumerate() {
        let query: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let claims = STANDARD.encode(json!({"upn": value, "exp": 1}).to_string());
        let entries = [
            get(&format!("{APP}/session?user={query}")),
            post(LOGIN, &format!("login={query}&passwd=x")),
            replied(&format!("{APP}/t{REPLY}"), &json!({"email": value, "username": value}).to_string()),
            post(LOGIN, &format!("id_token=e30.{}.x", claims.trim_end_matches('='))),
        ];
        gone(&format!("named-address-{number}"), &entries, &["Zelda", "Quist", "zelda.q", "Analytics"]);
    }
    let flags = r#"{"key":"5b1f6f1c-71e5-44c8-9c1d-2d7b7a6c0f11","email":"zelda.q@contoso.example","custom":{"team":"Payroll-Zenvora"}}"#;
    let query: String = url::form_urlencoded::byte_serialize(flags.as_bytes()).collect();
    let (output, text) = redact("flags", &[get(&format!("{APP}/flags?user={query}"))], &[]);
    assert!(output.status.success());
    assert!(!["zelda", "5b1f6f1c", "Zenvora"].iter().any(|value| text.contains(value)));
}

#[test]
fn names_of_two_letters() {
    let claims = STANDARD.encode(r#"{"given_name":"Bo","family_name":"Ng","exp":1}"#);
    let profile =
        r#"{"givenName":"Bo","surname":"Ng","displayName":"Ng","name":"Ng","username":"bo","password":"x7","pin":"123","otp":77}"#;
    let entries = [
        post(LOGIN, &format!("id_token=e30.{}.x", claims.trim_end_matches('='))),
        replied(&format!("{APP}/t{REPLY}"), profile),
        refused_by_api("AADSTS50105: not for {'surname': 'Ng'}, surname: Ng, givenName: Bo"),
        post(LOGIN, "login=bo&passwd=x7&otc=123"),
    ];
    let (output, text) = redact("two-letters", &entries, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let added = har["log"]["entries"].as_array().unwrap();
    let added = &added[added.len() - entries.len()..];
    let token = added[0]["request"]["postData"]["text"].as_str().unwrap();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    for text in [claims, json!(added).to_string()] {
        for value in ["Ng", "Bo", "bo\\", "=bo&", "x7", "123", ":77"] {
            assert!(!text.contains(value), "{value} is left: {text}");
        }
    }
}

#[test]
fn ids_of_people_within_a_part_of_a_path() {
    let id = "8a6ca22b-35cb-4708-a508-68720136b9d6";
    let tenant = "ec98250f-d258-4b5a-80b9-798ac22c5670";
    let paths = [
        format!("/v1/users/8:orgid:{id}/conversations"),
        format!("/v1/users/8%3Aorgid%3A{id}/conversations"),
        format!("/api/v2.0/Users('OID:{id}@{tenant}')/messages"),
        format!("/api/v2.0/Users(%27OID%3A{id}%40{tenant}%27)/messages"),
        format!("/users/{id}@{tenant}/photo"),
        format!("/deviceManagement/managedDevices/{id}"),
        format!("/api/data/v9.2/systemusers({id})?$select=fullname"),
        format!("/api/data/v9.2/contacts({id})"),
    ];
    for (number, path) in paths.iter().enumerate() {
        let entries = [get(&format!("{APP}{path}"))];
        gone(&format!("within-{number}"), &entries, &[id]);
        gone_from(&format!("within-hidden-{number}"), &entries, &["--hide-tenant"], &[id, tenant]);
    }
    stays("within-tenant", &[get(&format!("{APP}/users/{id}@{tenant}/photo"))], &[tenant]);
}

#[test]
fn the_name_of_somebody_in_a_function_of_sharepoint() {
    let start = "https://contoso-my.sharepoint.com/_api/web/GetFolderByServerRelative";
    let entries = [
        get(&format!("{start}Path(DecodedUrl='%2Fpersonal%2Fzelda_q_contoso_example%2FDocuments')?$expand=Files")),
        get(&format!("{start}Url('/personal/zelda_q_contoso_example')/Files")),
    ];
    gone("onedrive", &entries, &["zelda_q"]);
    stays("onedrive-function", &entries, &["GetFolderByServerRelativePath(DecodedUrl='", "')/Files"]);
}
