//! Writes HAR files that hold nothing but sign-in traffic, as much of it as wanted: an application in a loop, or one that
//! fails again and again. No real data; the same size gives the same file.

use std::fmt::Write as _;
use std::path::PathBuf;

/// What happens again and again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Traffic {
    /// A page goes to the sign-in page, comes back with a code and goes there again: two entries a round.
    Loop,
    /// Hidden frames of one application, each refused.
    SilentFailures,
    /// The same, each of another application in another tenant.
    DifferentFailures,
    /// Refresh tokens turned in, each with success.
    Refreshes,
    /// Calls of an API, each refused.
    RefusedCalls,
}

impl Traffic {
    /// The kind of traffic in a word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::SilentFailures => "silent-failures",
            Self::DifferentFailures => "different-failures",
            Self::Refreshes => "refreshes",
            Self::RefusedCalls => "refused-calls",
        }
    }
}

/// The file of so many entries; it is written once and then kept in the build's folder.
pub(crate) fn file(traffic: Traffic, entries: usize) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{entries}.har", traffic.name()));
    if !path.exists() {
        std::fs::write(&path, har(traffic, entries)).expect("the build folder is writable");
    }
    path
}

const TENANT: &str = "c0c0c0c0-0000-4000-8000-000000000001";
const CLIENT: &str = "a0a0a0a0-0000-4000-8000-000000000001";

fn har(traffic: Traffic, entries: usize) -> String {
    let mut har = r#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":["#.to_owned();
    for number in 0..entries {
        har.push_str(if number == 0 { "\n" } else { ",\n" });
        match traffic {
            Traffic::Loop if number % 2 == 0 => authorize_in_loop(&mut har, number),
            Traffic::Loop => callback_in_loop(&mut har, number),
            Traffic::SilentFailures => silent_failure(&mut har, number, TENANT, CLIENT),
            Traffic::DifferentFailures => silent_failure(&mut har, number, &guid(0xc0, number), &guid(0xa0, number)),
            Traffic::Refreshes => refresh(&mut har, number),
            Traffic::RefusedCalls if number == 0 => refresh(&mut har, number),
            Traffic::RefusedCalls => refused_call(&mut har, number),
        }
    }
    har.push_str("\n]}}");
    har
}

/// A GUID that tells by its first digits what it is.
fn guid(kind: u32, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

/// The address of the authorization request in one round of the loop.
fn round_address(number: usize) -> String {
    let round = number / 2;
    format!(
        "https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize?client_id={CLIENT}&response_type=code&scope=openid%20profile&redirect_uri=https%3A%2F%2Fapp.example%2Fauth&state=state-{round}&nonce=nonce-{round}&client-request-id={}",
        guid(0x1d, round)
    )
}

fn authorize_in_loop(har: &mut String, number: usize) {
    let round = number / 2;
    let location = format!("https://app.example/auth?code=code-{round}&state=state-{round}");
    entry(har, number, &Message { url: &round_address(number), dest: "document", status: 302, location: &location, ..Message::default() });
}

fn callback_in_loop(har: &mut String, number: usize) {
    let (round, next) = (number / 2, round_address(number + 1));
    let url = format!("https://app.example/auth?code=code-{round}&state=state-{round}");
    entry(har, number, &Message { url: &url, dest: "document", status: 302, location: &next, ..Message::default() });
}

fn silent_failure(har: &mut String, number: usize, tenant: &str, client: &str) {
    let (sent, trace) = (guid(0x1d, number), guid(0x7a, number));
    let url = format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?client_id={client}&response_type=code&response_mode=fragment&scope=openid%20profile&redirect_uri=https%3A%2F%2Fapp.example%2F&state=state-{number}&nonce=nonce-{number}&prompt=none&x-client-SKU=msal.js.browser&client-request-id={sent}"
    );
    let location = format!(
        "https://app.example/#error=login_required&error_description=AADSTS50058%3A+A+silent+sign-in+request+was+sent+but+no+user+is+signed+in.+Trace+ID%3A+{trace}+Correlation+ID%3A+{sent}+Timestamp%3A+2026-11-20+12%3A00%3A00Z&state=state-{number}"
    );
    entry(har, number, &Message { url: &url, dest: "iframe", status: 302, location: &location, ..Message::default() });
}

fn refresh(har: &mut String, number: usize) {
    let url = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    let form = format!(
        "client_id={CLIENT}&grant_type=refresh_token&refresh_token=refresh-{number}&scope=openid%20profile&client-request-id={}",
        guid(0x1d, number)
    );
    let body = format!(
        r#"{{\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"openid profile\",\"access_token\":\"access-{number}\",\"refresh_token\":\"refresh-{}\"}}"#,
        number + 1
    );
    entry(har, number, &Message { method: "POST", url: &url, dest: "empty", form: &form, status: 200, body: &body, ..Message::default() });
}

fn refused_call(har: &mut String, number: usize) {
    let url = format!("https://api.example/items/{number}");
    entry(har, number, &Message { url: &url, dest: "empty", bearer: "access-0", status: 401, ..Message::default() });
}

/// What differs from entry to entry; empty where there is none.
struct Message<'m> {
    method: &'m str,
    url: &'m str,
    /// `Sec-Fetch-Dest`.
    dest: &'m str,
    bearer: &'m str,
    form: &'m str,
    status: u16,
    location: &'m str,
    body: &'m str,
}

impl Default for Message<'_> {
    fn default() -> Self {
        Self { method: "GET", url: "", dest: "", bearer: "", form: "", status: 200, location: "", body: "" }
    }
}

fn entry(har: &mut String, number: usize, message: &Message<'_>) {
    let Message { method, url, dest, bearer, form, status, location, body } = message;
    let seconds = number / 20;
    let _ = write!(
        har,
        r#"{{"startedDateTime":"2026-11-{:02}T{:02}:{:02}:{:02}.{:03}Z","time":41.2,"request":{{"method":"{method}","url":"{url}","httpVersion":"http/2.0","headers":[{{"name":"sec-fetch-dest","value":"{dest}"}},{{"name":"user-agent","value":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"}}"#,
        20 + seconds / 86_400 % 10,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        number % 20 * 50,
    );
    if !bearer.is_empty() {
        let _ = write!(har, r#",{{"name":"authorization","value":"Bearer {bearer}"}}"#);
    }
    if *method == "POST" {
        har.push_str(r#",{"name":"origin","value":"https://app.example"}"#);
    }
    har.push_str(r#"],"queryString":[],"cookies":[]"#);
    if !form.is_empty() {
        let _ = write!(har, r#","postData":{{"mimeType":"application/x-www-form-urlencoded","text":"{form}"}}"#);
    }
    let _ = write!(
        har,
        r#","headersSize":-1,"bodySize":0}},"response":{{"status":{status},"statusText":"","httpVersion":"http/2.0","headers":[{{"name":"date","value":"Fri, 20 Nov 2026 12:00:00 GMT"}}"#
    );
    if url.starts_with("https://login.") {
        let _ = write!(
            har,
            r#",{{"name":"x-ms-request-id","value":"{}"}},{{"name":"set-cookie","value":"fpc=made-up; path=/; secure; HttpOnly"}},{{"name":"access-control-allow-origin","value":"https://app.example"}}"#,
            guid(0x7a, number)
        );
    }
    if !location.is_empty() {
        let _ = write!(har, r#",{{"name":"location","value":"{location}"}}"#);
    }
    if *status == 401 {
        har.push_str(
            r#",{"name":"www-authenticate","value":"Bearer error=\"invalid_token\", error_description=\"The audience is invalid\""}"#,
        );
    }
    let mime = if body.is_empty() { "text/html" } else { "application/json" };
    let _ = write!(
        har,
        r#"],"cookies":[],"content":{{"size":{},"mimeType":"{mime}","text":"{body}"}},"redirectURL":"{location}","headersSize":-1,"bodySize":-1}},"cache":{{}},"timings":{{"send":0.1,"wait":41.0,"receive":0.1}}}}"#,
        body.len()
    );
}
