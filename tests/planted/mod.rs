//! A value planted in a made-up capture: under its own name, and once more where nobody would look for it.

#![allow(dead_code, reason = "the fuzzer has captures of its own")]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::{Compression, write::DeflateEncoder};
use serde_json::{Value, json};
use std::io::Write;

/// How many kinds of values there are, places for the second, and codings of it.
pub(crate) const KINDS: usize = 10;
pub(crate) const PLACES: usize = 15;
pub(crate) const CODINGS: usize = 8;

/// A capture of two entries, in the first of which the value stands under its own name.
pub(crate) fn with_planted(kind: usize, place: usize, coding: usize, value: &str) -> Value {
    let mut entry = named(kind, value);
    let mut page = json!({ "id": "page_1", "title": "https://app.example/", "startedDateTime": "2026-11-20T10:00:00.000Z" });
    let other = elsewhere(place, &coded(coding, value), &mut entry, &mut page);
    json!({ "log": { "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" }, "pages": [page], "entries": [entry, other] } })
}

/// An entry in which a name tells what the value is.
pub(crate) fn named(kind: usize, value: &str) -> Value {
    let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let named = |name: &str| json!({ "name": name, "value": value });
    let jwt = |claims: Value| {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(&json!({ "alg": "RS256" })), part(&claims))
    };
    let mut entry = json!({
        "startedDateTime": "2026-11-20T10:00:00.000Z", "time": 12,
        "request": { "method": "GET", "url": "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize?client_id=b87e04b8-5ecf-4811-b233-e938801b9b31&prompt=none", "headers": [], "cookies": [], "queryString": [] },
        "response": { "status": 302, "headers": [], "cookies": [], "content": { "size": 0, "mimeType": "text/html" }, "redirectURL": "https://app.example/cb#error=login_required&state=1" },
    });
    match kind {
        0 => entry["request"]["headers"] = json!([{ "name": "Cookie", "value": format!("ESTSAUTH={value}; x=1") }]),
        1 => entry["request"]["headers"] = json!([{ "name": "Authorization", "value": format!("Bearer {value}") }]),
        2 => {
            entry["request"]["postData"] =
                json!({ "mimeType": "application/x-www-form-urlencoded", "text": format!("passwd={form}&login=a") })
        }
        3 => entry["response"]["content"]["text"] = json!(json!({ "token_type": "Bearer", "refresh_token": value }).to_string()),
        4 => entry["response"]["redirectURL"] = json!(format!("https://app.example/cb#code={form}&state=1")),
        5 => {
            entry["response"]["content"]["text"] =
                json!(format!("<script>$Config={};</script>", json!({ "pgid": "ConvergedSignIn", "sFT": value })))
        }
        6 => {
            entry["response"]["content"]["text"] =
                json!(json!({ "token_type": "Bearer", "id_token": jwt(json!({ "aud": "x", "name": value })) }).to_string())
        }
        7 => entry["request"]["cookies"] = json!([named("ESTSAUTHPERSISTENT")]),
        8 => entry["request"]["headers"] = json!([named("x-ms-RefreshTokenCredential")]),
        _ => entry["request"]["postData"] = json!({ "mimeType": "application/x-www-form-urlencoded", "params": [named("client_secret")] }),
    }
    entry
}

/// A value as it may stand elsewhere.
pub(crate) fn coded(coding: usize, value: &str) -> String {
    let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let json = json!({ "inner": value }).to_string();
    match coding {
        0 => value.to_owned(),
        1 => form.clone(),
        2 => url::form_urlencoded::byte_serialize(form.as_bytes()).collect(),
        3 => value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;"),
        4 => json.trim_start_matches("{\"inner\":\"").trim_end_matches("\"}").to_owned(),
        5 => STANDARD.encode(&json),
        6 => URL_SAFE_NO_PAD.encode(&json),
        _ => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(json.as_bytes()).unwrap();
            STANDARD.encode(encoder.finish().unwrap())
        }
    }
}

/// Another entry, in which no name tells what the value is; or it stands so in the first entry or in the page.
pub(crate) fn elsewhere(place: usize, coded: &str, entry: &mut Value, page: &mut Value) -> Value {
    let mut other = json!({
        "startedDateTime": "2026-11-20T10:00:01.000Z", "time": 12,
        "request": { "method": "GET", "url": "https://app.example/", "headers": [], "cookies": [], "queryString": [] },
        "response": { "status": 200, "headers": [], "cookies": [], "content": { "size": 0, "mimeType": "text/html" }, "redirectURL": "" },
    });
    match place {
        0 => other["request"]["url"] = json!(format!("https://app.example/{coded}/x")),
        1 => other["request"]["url"] = json!(format!("https://app.example/?scope={coded}")),
        2 => other["request"]["url"] = json!(format!("https://app.example/#{coded}")),
        3 => other["request"]["headers"] = json!([{ "name": "Referer", "value": format!("https://app.example/?prompt={coded}") }]),
        4 => other["request"]["headers"] = json!([{ "name": "User-Agent", "value": format!("App/1.0 ({coded})") }]),
        5 => other["response"]["redirectURL"] = json!(format!("/next?mkt={coded}")),
        6 => {
            other["_initiator"] = json!({ "type": "script", "stack": { "callFrames": [{ "functionName": coded, "url": format!("https://app.example/a.js?{coded}"), "lineNumber": 3 }] } })
        }
        7 => page["title"] = json!(coded),
        8 => other["_webSocketMessages"] = json!([{ "type": "send", "data": coded }]),
        9 => other["comment"] = json!(coded),
        10 => other["response"]["statusText"] = json!(coded),
        11 => other["response"]["content"] = json!({ "size": 9, "mimeType": "text/html", "text": format!("<p>{coded}</p>") }),
        12 => entry["response"]["headers"] = json!([{ "name": "Set-Cookie", "value": format!("a=1; path=/{coded}") }]),
        13 => entry["request"]["headers"].as_array_mut().unwrap().push(json!({ "name": "Origin", "value": format!("https://{coded}") })),
        _ => other["_odd"] = json!({ coded: [coded] }),
    }
    other
}
