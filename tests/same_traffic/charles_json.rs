//! A session as Charles exports it, made up after the layout that programs which read it agree on: no file by
//! Charles itself was at hand.

use crate::Seen;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::Url;

pub(crate) fn write(traffic: &[Seen<'_>]) -> Vec<u8> {
    let transactions: Vec<Value> = traffic.iter().map(transaction).collect();
    serde_json::to_vec(&transactions).unwrap()
}

fn transaction(seen: &Seen<'_>) -> Value {
    let url = Url::parse(seen.url).unwrap();
    let posted = seen.posted.map(str::as_bytes);
    let request = side(&seen.request_headers, posted, Some(posted.map_or(0, <[u8]>::len)));
    let mut response = side(&seen.response_headers, seen.received.as_deref(), None);
    response.as_object_mut().unwrap().insert("status".into(), json!(seen.status));
    json!({
        "status": if seen.status.is_some() { "COMPLETE" } else { "FAILED" },
        "method": seen.method,
        "protocolVersion": "HTTP/2.0",
        "scheme": url.scheme(),
        "host": url.host_str(),
        "port": url.port(),
        "actualPort": url.port_or_known_default(),
        "path": url.path(),
        "query": url.query(),
        "tunnel": false,
        "keptAlive": true,
        "webSocket": false,
        "times": { "start": seen.started.to_rfc3339() },
        "durations": { "total": seen.duration.round() },
        "request": request,
        "response": response,
    })
}

fn side(headers: &[(&str, &str)], body: Option<&[u8]>, size: Option<usize>) -> Value {
    let headers: Vec<Value> = headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut side = json!({ "sizes": { "headers": 0, "body": size }, "header": { "headers": headers } });
    let body = body.filter(|body| !body.is_empty()).map(|body| match std::str::from_utf8(body) {
        Ok(text) => json!({ "text": text, "charset": "UTF-8", "decoded": true }),
        Err(_) => json!({ "encoding": "base64", "encoded": STANDARD.encode(body), "decoded": true }),
    });
    if let Some(body) = body {
        side.as_object_mut().unwrap().insert("body".into(), body);
    }
    side
}
