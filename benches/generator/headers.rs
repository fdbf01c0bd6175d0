//! The headers of a request and of its response, seventeen each.

use super::random::Random;
use std::fmt::Write as _;

/// Header names, and the values of which one is taken; a random word where there is none.
pub(super) const REQUEST: &[(&str, &[&str])] = &[
    (":authority", &["cdn.contoso.example"]),
    (":method", &["GET"]),
    (":path", &[]),
    (":scheme", &["https"]),
    ("accept", &["*/*", "application/json, text/plain, */*"]),
    ("accept-encoding", &["gzip, deflate, br, zstd"]),
    ("accept-language", &["en-US,en;q=0.9", "de-DE,de;q=0.9"]),
    ("priority", &["u=1, i"]),
    ("referer", &["https://app.contoso.example/"]),
    ("sec-ch-ua", &[r#"\"Chromium\";v=\"156\", \"Not?A_Brand\";v=\"99\""#]),
    ("sec-ch-ua-mobile", &["?0"]),
    ("sec-ch-ua-platform", &[r#"\"Windows\""#]),
    ("sec-fetch-dest", &["script", "empty", "style", "image"]),
    ("sec-fetch-mode", &["cors", "no-cors"]),
    ("sec-fetch-site", &["cross-site", "same-origin"]),
    ("user-agent", &["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"]),
    ("x-correlation-id", &[]),
];
pub(super) const RESPONSE: &[(&str, &[&str])] = &[
    ("access-control-allow-origin", &["*"]),
    ("access-control-expose-headers", &["x-request-id"]),
    ("alt-svc", &[r#"h3=\":443\"; ma=86400"#]),
    ("cache-control", &["max-age=31536000", "no-cache"]),
    ("content-encoding", &["br", "gzip"]),
    ("content-length", &["12345"]),
    ("content-type", &["application/javascript; charset=utf-8"]),
    ("date", &["Fri, 20 Nov 2026 12:46:47 GMT"]),
    ("etag", &[]),
    ("last-modified", &["Thu, 19 Nov 2026 08:00:00 GMT"]),
    ("server", &["nginx"]),
    ("strict-transport-security", &["max-age=31536000; includeSubDomains"]),
    ("timing-allow-origin", &["*"]),
    ("vary", &["Accept-Encoding"]),
    ("x-cache", &["HIT", "MISS"]),
    ("x-content-type-options", &["nosniff"]),
    ("x-request-id", &[]),
];

/// The list of some headers, as it stands in an entry.
pub(super) fn list(headers: &[(&str, &[&str])], number: u64, random: &mut Random) -> String {
    let mut list = "[".to_owned();
    for (index, (name, values)) in headers.iter().enumerate() {
        let word = random.word(36);
        let value = values.get(number as usize % values.len().max(1)).copied().unwrap_or(&word);
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            list,
            "{comma}\n            {{\n              \"name\": \"{name}\",\n              \"value\": \"{value}\"\n            }}"
        );
    }
    list.push_str("\n          ]");
    list
}
