//! Writes HAR files as Chromium's developer tools do: keys of an entry in alphabetical order, two spaces of
//! indentation, call stacks, some thirty headers, four fifths of all bytes in the bodies of scripts, data,
//! styles and pictures, one entry in a hundred a sign-in request. No real data; the same size gives the same
//! file.

use std::fmt::Write as _;
use std::path::PathBuf;

/// What a file is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// With response bodies, of up to 300 kB.
    Bodies,
    /// No response bodies, so that headers and timings fill the file.
    NoBodies,
}

impl Shape {
    /// The shape in a word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bodies => "bodies",
            Self::NoBodies => "no-bodies",
        }
    }
}

/// The file of a shape and size; it is written once and then kept in the build's folder.
pub(crate) fn file(shape: Shape, megabytes: usize) -> PathBuf {
    let name = format!("{}-{megabytes}MB.har", shape.name());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !path.exists() {
        std::fs::write(&path, har(shape, megabytes * 1_000_000)).expect("the build folder is writable");
    }
    path
}

/// A HAR of at least that many bytes.
fn har(shape: Shape, bytes: usize) -> String {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let pools = Pools::new(&mut random);
    let mut har = String::with_capacity(bytes + 1_000_000);
    har.push_str("{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\n      \"name\": \"WebInspector\",\n      \"version\": \"537.36\"\n    },\n    \"pages\": [],\n    \"entries\": [");
    let mut number = 0;
    while har.len() < bytes {
        har.push_str(if number == 0 { "\n" } else { ",\n" });
        entry(&mut har, number, shape, &pools, &mut random);
        number += 1;
    }
    har.push_str("\n    ]\n  }\n}");
    har
}

/// Kinds of resource: what DevTools calls them, their MIME type, how many of a hundred entries, the longest body.
const KINDS: &[(&str, &str, u64, u64)] = &[
    ("script", "application/javascript", 14, 300_000),
    ("fetch", "application/json", 40, 30_000),
    ("stylesheet", "text/css", 6, 120_000),
    ("image", "image/png", 16, 30_000),
    ("document", "text/html", 5, 90_000),
    ("preflight", "text/plain", 9, 0),
    ("ping", "text/plain", 10, 0),
];

fn entry(har: &mut String, number: u64, shape: Shape, pools: &Pools, random: &mut Random) {
    let sign_in = number % 100 == 42;
    let (resource, mime, longest) = if sign_in { ("document", "text/html", 40_000) } else { kind(random) };
    let url = if sign_in {
        let (state, challenge) = (random.word(36), random.word(43));
        format!(
            "https://login.microsoftonline.com/{}/oauth2/v2.0/authorize?client_id={}&response_type=code&response_mode=fragment&scope=openid%20profile&redirect_uri=https%3A%2F%2Fapp.contoso.example%2F&state={state}&code_challenge={challenge}&prompt=none",
            random.word(36),
            random.word(36)
        )
    } else {
        format!("https://cdn{}.contoso.example/{}/{}?v={}", random.below(9), random.word(8), random.word(12), random.below(9999))
    };
    let seconds = number / 20;
    let _ = write!(
        har,
        r#"      {{
        "_initiator": {{
          "type": "script",
          "stack": {{
            "callFrames": ["#
    );
    frames(har, random);
    let _ = write!(
        har,
        r#"]
          }}
        }},
        "_priority": "High",
        "_resourceType": "{resource}",
        "cache": {{}},
        "connection": "443",
        "pageref": "page_1",
        "request": {{
          "method": "GET",
          "url": "{url}",
          "httpVersion": "http/2.0",
          "headers": ["#
    );
    headers(har, REQUEST_HEADERS, number, random);
    har.push_str("],\n          \"queryString\": [],\n          \"cookies\": [],\n          \"headersSize\": -1,\n          \"bodySize\": 0\n        },\n        \"response\": {\n          \"status\": 200,\n          \"statusText\": \"\",\n          \"httpVersion\": \"http/2.0\",\n          \"headers\": [");
    headers(har, RESPONSE_HEADERS, number, random);
    // Most resources are small and a few are large: two draws, the smaller counts.
    let size = if longest == 0 { 0 } else { 200 + random.below(longest).min(random.below(longest)) };
    let _ = write!(
        har,
        r#"],
          "cookies": [],
          "content": {{
            "size": {size},
            "mimeType": "{mime}""#
    );
    if size > 0 && matches!(shape, Shape::Bodies) {
        har.push_str(",\n            \"text\": \"");
        pools.body(har, resource, size as usize, random);
        har.push('"');
        if resource == "image" {
            har.push_str(",\n            \"encoding\": \"base64\"");
        }
    }
    let _ = write!(
        har,
        r#"
          }},
          "redirectURL": "",
          "headersSize": -1,
          "bodySize": -1,
          "_transferSize": {size},
          "_error": null,
          "_fetchedViaServiceWorker": false
        }},
        "serverIPAddress": "203.0.113.{}",
        "startedDateTime": "2026-11-20T{:02}:{:02}:{:02}.{:03}Z",
        "time": {}.{:03},
        "timings": {{
          "blocked": 3.517,
          "dns": -1,
          "ssl": -1,
          "connect": -1,
          "send": 0.18,
          "wait": 41.21,
          "receive": 2.04,
          "_blocked_queueing": 1.62
        }}
      }}"#,
        random.below(250),
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        number % 20 * 50,
        random.below(900),
        random.below(1000),
    );
}

fn kind(random: &mut Random) -> (&'static str, &'static str, u64) {
    let mut draw = random.below(100);
    for (resource, mime, share, longest) in KINDS {
        if draw < *share {
            return (resource, mime, *longest);
        }
        draw -= share;
    }
    ("ping", "text/plain", 0)
}

fn frames(har: &mut String, random: &mut Random) {
    for index in 0..4 + random.below(8) {
        let _ = write!(
            har,
            r#"{}
              {{
                "functionName": "{}",
                "scriptId": "{}",
                "url": "https://app.contoso.example/static/main.{}.js",
                "lineNumber": 1,
                "columnNumber": {}
              }}"#,
            if index == 0 { "" } else { "," },
            random.word(6),
            random.below(300),
            random.word(8),
            random.below(90_000),
        );
    }
    har.push_str("\n            ");
}

/// Header names, and the values of which one is taken; a random word where there is none.
const REQUEST_HEADERS: &[(&str, &[&str])] = &[
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
const RESPONSE_HEADERS: &[(&str, &[&str])] = &[
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

fn headers(har: &mut String, headers: &[(&str, &[&str])], number: u64, random: &mut Random) {
    for (index, (name, values)) in headers.iter().enumerate() {
        let word = random.word(36);
        let value = values.get(number as usize % values.len().max(1)).copied().unwrap_or(&word);
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            har,
            "{comma}\n            {{\n              \"name\": \"{name}\",\n              \"value\": \"{value}\"\n            }}"
        );
    }
    har.push_str("\n          ");
}

/// Text to cut bodies from, by resource kind, already as JSON writes it.
struct Pools(Vec<(&'static str, String)>);

const POOL: usize = 1 << 20;

impl Pools {
    fn new(random: &mut Random) -> Self {
        let mut pool = |resource, piece: fn(&mut Random) -> String| {
            let mut text = String::new();
            while text.len() < POOL {
                let written = serde_json::to_string(&piece(random)).expect("a string is always JSON");
                // Each piece is whole, so that a cut between two never parts an escape.
                text.push_str(written.trim_matches('"').trim_end_matches('\\'));
                text.push('\u{1}');
            }
            (resource, text)
        };
        Self(vec![
            pool("script", |random| {
                // One name in eight is not ASCII, as in translated texts.
                let text = if random.below(8) == 0 { "é中…" } else { "Error" };
                format!(
                    "function {}({},t){{var {}=this.{}(t,\"{}\");return {}.{}&&!{}.disabled||{{}}}}/{}\\d+/.test(e)?\"<div class=\\\"{}\\\">\":'{text}';\n",
                    random.word(2),
                    random.word(1),
                    random.word(2),
                    random.word(9),
                    random.word(9),
                    random.word(3),
                    random.word(7),
                    random.word(3),
                    random.word(4),
                    random.word(5)
                )
            }),
            pool("fetch", |random| {
                format!(
                    "{{\"id\":\"{}\",\"displayName\":\"{} {}\",\"enabled\":true,\"note\":\"line\\n\\\"quoted\\\" ü\",\"n\":{}}},",
                    random.word(22),
                    random.word(7),
                    random.word(9),
                    random.below(1_000_000)
                )
            }),
            pool("stylesheet", |random| {
                format!(".{}{{margin:{}px;background:url(\"{}.svg\")}}\n", random.word(5), random.below(99), random.word(6))
            }),
            pool("document", |random| {
                format!(
                    "<div class=\"{}\">\r\n\t<a href=\"/{}?x=1&amp;y=2\">{}</a>\r\n</div>\n",
                    random.word(6),
                    random.word(9),
                    random.word(8)
                )
            }),
            pool("image", |random| random.word(76)),
        ])
    }

    /// Appends a body of about that size.
    fn body(&self, har: &mut String, resource: &str, size: usize, random: &mut Random) {
        let (_, pool) = self.0.iter().find(|(name, _)| *name == resource).expect("every kind has a pool");
        let mut pieces = pool.split('\u{1}').cycle().skip(random.below(500) as usize);
        let end = har.len() + size;
        while har.len() < end {
            har.push_str(pieces.next().unwrap_or_default());
        }
    }
}

/// xorshift64*: enough for data that should only look random.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        (0..length).map(|_| char::from(LETTERS[(self.next() >> 58) as usize])).collect()
    }
}
