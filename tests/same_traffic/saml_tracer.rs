//! An export as SAML-tracer writes it, after its own code (`SAMLTrace.js`, `SAMLTraceIO.js`).

use crate::Seen;
use serde_json::{Value, json};

pub(crate) fn write(traffic: &[Seen<'_>]) -> Vec<u8> {
    let requests: Vec<Value> = traffic.iter().enumerate().map(|(number, seen)| request(number, seen)).collect();
    serde_json::to_vec_pretty(&json!({"requests": requests, "timestamp": "2026-11-20T14:00:00.000Z"})).unwrap()
}

fn request(number: usize, seen: &Seen<'_>) -> Value {
    let mut request = json!({
        "method": seen.method,
        "url": seen.url,
        "requestId": number.to_string(),
        "requestHeaders": headers(&seen.request_headers),
        "responseStatus": seen.status,
        "responseStatusText": "HTTP/1.1",
        "responseHeaders": headers(&seen.response_headers),
    });
    let is_form = seen.request_headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("form"));
    if let Some(posted) = seen.posted.filter(|_| is_form) {
        let pairs: Vec<Value> = url::form_urlencoded::parse(posted.as_bytes()).map(|(name, value)| json!([name, value])).collect();
        request.as_object_mut().unwrap().insert("post".into(), pairs.into());
    }
    request
}

fn headers(lines: &[(&str, &str)]) -> Value {
    let lines = lines.iter().filter(|(name, _)| !name.starts_with(':'));
    lines.map(|(name, value)| json!({"name": name, "value": value})).collect()
}
