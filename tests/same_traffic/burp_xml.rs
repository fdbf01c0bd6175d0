//! Items as Burp Suite saves them, made up after files that it wrote and others published: none was at hand.

use crate::Seen;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;
use url::Url;

/// With the messages in base64.
pub(crate) fn write(traffic: &[Seen<'_>]) -> Vec<u8> {
    file(traffic, |message| ("true", STANDARD.encode(message).into_bytes()))
}

/// With the messages as they are, and nothing done about what ends a CDATA section.
pub(crate) fn write_as_text(traffic: &[Seen<'_>]) -> Vec<u8> {
    file(traffic, |message| match std::str::from_utf8(&message) {
        Ok(text) if !text.contains('\0') => ("false", message),
        _ => ("true", STANDARD.encode(message).into_bytes()),
    })
}

fn file(traffic: &[Seen<'_>], encode: fn(Vec<u8>) -> (&'static str, Vec<u8>)) -> Vec<u8> {
    let mut file = b"<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n<!ATTLIST items burpVersion CDATA \"\">\n\
        <!ATTLIST request base64 (true|false) \"false\">\n]>\n<items burpVersion=\"2026.1\" exportTime=\"Sat Nov 21 10:00:00 UTC 2026\">\n"
        .to_vec();
    for seen in traffic {
        let url = Url::parse(seen.url).unwrap();
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let request =
            message(&format!("{} {target} HTTP/2", seen.method), &seen.request_headers, seen.posted.unwrap_or_default().as_bytes());
        let start = |status: u64| format!("HTTP/2 {status} Made-Up");
        let response =
            seen.status.map(|status| message(&start(status), &seen.response_headers, seen.received.as_deref().unwrap_or_default()));
        let time = seen.started.format("%a %b %d %H:%M:%S UTC %Y");
        let mut put = |text: &str| file.extend_from_slice(text.as_bytes());
        put(&format!("  <item>\n    <time>{time}</time>\n    <url><![CDATA[{}]]></url>\n", seen.url));
        put(&format!("    <host ip=\"192.0.2.7\">{}</host>\n    <port>443</port>\n", url.host_str().unwrap()));
        put(&format!("    <protocol>{}</protocol>\n    <method><![CDATA[{}]]></method>\n", url.scheme(), seen.method));
        put(&format!("    <path><![CDATA[{target}]]></path>\n    <extension>null</extension>\n"));
        let (base64, bytes) = encode(request);
        file.extend_from_slice(&[format!("    <request base64=\"{base64}\"><![CDATA[").as_bytes(), &bytes, b"]]></request>\n"].concat());
        match response {
            Some(response) => {
                let length = response.len();
                let (base64, bytes) = encode(response);
                let status = seen.status.unwrap_or_default();
                let head = format!(
                    "    <status>{status}</status>\n    <responselength>{length}</responselength>\n    <mimetype></mimetype>\n    \
                     <response base64=\"{base64}\"><![CDATA["
                );
                file.extend_from_slice(&[head.as_bytes(), &bytes, b"]]></response>\n"].concat());
            }
            None => file.extend_from_slice(b"    <status></status>\n    <responselength></responselength>\n    <mimetype></mimetype>\n    <response base64=\"true\"></response>\n"),
        }
        file.extend_from_slice(b"    <comment></comment>\n  </item>\n");
    }
    file.extend_from_slice(b"</items>\n");
    file
}

/// A message whose body Burp has unpacked, and so taken the headers out that say how it was packed.
fn message(start: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut message = format!("{start}\r\n");
    for (name, value) in headers {
        let packing = ["content-encoding", "transfer-encoding", "content-length"].iter().any(|packing| name.eq_ignore_ascii_case(packing));
        if !packing && !name.starts_with(':') {
            write!(message, "{name}: {value}\r\n").unwrap();
        }
    }
    message.push_str("\r\n");
    [message.as_bytes(), body].concat()
}
