//! What kind of file this is, by its first bytes and never by its name: captures are attached, renamed,
//! zipped and re-saved before they reach anyone.

use memchr::memmem;
use std::fmt;

/// How far into a text the telling names are looked for.
const HEAD: usize = 4096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing, or white space only.
    Empty,
    /// JSON that may be a HAR.
    Json,
    /// Text in UTF-16, as Windows PowerShell 5.1 writes.
    Utf16,
    /// A zip, a Fiddler archive among them.
    Zip,
    /// gzip.
    Gzip,
    /// zlib, in which mitmproxy saves a HAR that is called `.zhar`.
    Zlib,
    /// Zstandard.
    Zstd,
    /// 7-Zip.
    SevenZip,
    /// A log of Chromium's net-export.
    NetLog,
    /// A Charles session as JSON.
    CharlesJson,
    /// A Charles session as XML.
    CharlesXml,
    /// A Charles session in its own form (serialised Java).
    CharlesSession,
    /// Burp's saved items.
    BurpXml,
    /// Internet Explorer's network capture, a HAR in XML.
    XmlHar,
    /// mitmproxy's flow file.
    MitmproxyFlow,
    /// A log of Proxyman, a zip of its requests.
    ProxymanLog,
    /// A trace of Playwright, a zip of what its viewer shows.
    PlaywrightTrace,
    /// What SAML-tracer exports.
    SamlTracer,
    /// A packet capture.
    PacketCapture,
    /// What a library of the MSAL family logged: errors without traffic.
    MsalLog,
    /// An export of Entra's sign-in logs: no traffic, but it goes beside a capture.
    SignInLog,
    /// The stand-in that git-LFS leaves for a file.
    LfsPointer,
    /// A saved web page.
    Html,
    /// Other text.
    Text,
    /// Other bytes. It stands last: the list of all kinds is as long as its place says.
    Binary,
}

impl Kind {
    /// Every kind, in the order of their declaration.
    const ALL: [Self; Self::Binary as usize + 1] = [
        Self::Empty,
        Self::Json,
        Self::Utf16,
        Self::Zip,
        Self::Gzip,
        Self::Zlib,
        Self::Zstd,
        Self::SevenZip,
        Self::NetLog,
        Self::CharlesJson,
        Self::CharlesXml,
        Self::CharlesSession,
        Self::BurpXml,
        Self::XmlHar,
        Self::MitmproxyFlow,
        Self::ProxymanLog,
        Self::PlaywrightTrace,
        Self::SamlTracer,
        Self::PacketCapture,
        Self::MsalLog,
        Self::SignInLog,
        Self::LfsPointer,
        Self::Html,
        Self::Text,
        Self::Binary,
    ];

    /// The kinds that are known by name and not read: for each there is an [`advice`](Self::advice).
    pub fn known_and_not_read() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| kind.is_known_and_not_read())
    }

    /// Whether it is a kind of its own that is not read: neither a capture, nor a wrapper around one, nor something of which
    /// no more is known than that.
    fn is_known_and_not_read(self) -> bool {
        match self {
            Self::Json | Self::NetLog | Self::CharlesJson | Self::BurpXml | Self::MitmproxyFlow | Self::SamlTracer | Self::MsalLog => false,
            Self::Utf16 | Self::Zip | Self::Gzip | Self::Zlib | Self::Zstd => false,
            Self::Empty | Self::Text | Self::Binary => false,
            Self::SevenZip
            | Self::CharlesXml
            | Self::CharlesSession
            | Self::XmlHar
            | Self::ProxymanLog
            | Self::PlaywrightTrace
            | Self::PacketCapture
            | Self::SignInLog
            | Self::LfsPointer
            | Self::Html => true,
        }
    }

    /// What such a file is called, for lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty file",
            Self::Json => "JSON",
            Self::Utf16 => "text in UTF-16",
            Self::Zip => "zip archive",
            Self::Gzip => "gzip file",
            Self::Zlib => "zlib file",
            Self::Zstd => "Zstandard file",
            Self::SevenZip => "7-Zip archive",
            Self::NetLog => "NetLog (net-export)",
            Self::CharlesJson => "Charles session as JSON",
            Self::CharlesXml => "Charles session as XML",
            Self::CharlesSession => "Charles session (.chls)",
            Self::BurpXml => "items saved by Burp",
            Self::XmlHar => "Internet Explorer's network capture in XML",
            Self::MitmproxyFlow => "mitmproxy flow file",
            Self::ProxymanLog => "Proxyman log",
            Self::PlaywrightTrace => "Playwright trace",
            Self::SamlTracer => "export of SAML-tracer",
            Self::PacketCapture => "packet capture",
            Self::MsalLog => "log of MSAL",
            Self::SignInLog => "export of Entra's sign-in logs",
            Self::LfsPointer => "git-LFS pointer",
            Self::Html => "saved web page",
            Self::Text => "text",
            Self::Binary => "other bytes",
        }
    }

    /// What to do with a file that is not read as a capture; `None` where it is read, or nothing is known of it.
    pub fn advice(self) -> Option<&'static str> {
        const EXPORT_FROM_CHARLES: &str = "in Charles use File > Export Session > HTTP Archive";
        const EXPORT_FROM_BROWSER: &str = "in the browser's network tools use Export HAR";
        Some(match self {
            Self::Empty => "export the capture again (DevTools leaves an empty file when a log grows over 512 MB)",
            Self::Utf16 => "save it as UTF-8 first",
            Self::Zip | Self::Gzip | Self::Zlib | Self::Zstd | Self::SevenZip => "unpack it first",
            Self::CharlesXml | Self::CharlesSession => EXPORT_FROM_CHARLES,
            Self::ProxymanLog => "in Proxyman use File > Export > HAR",
            Self::PlaywrightTrace => "record the sign-in with Playwright's recordHar, or --save-har, and name the HAR",
            Self::XmlHar => "record the sign-in in Edge and use Export HAR",
            Self::PacketCapture => "record the sign-in, which is encrypted in it, in the browser's network tools and use Export HAR",
            Self::SignInLog => "give it beside a capture, with --sign-in-logs",
            Self::LfsPointer => "run git lfs pull",
            Self::Html | Self::Text | Self::Binary => EXPORT_FROM_BROWSER,
            Self::Json | Self::NetLog | Self::CharlesJson | Self::BurpXml | Self::MitmproxyFlow | Self::SamlTracer | Self::MsalLog => {
                return None;
            }
        })
    }
}

/// A refusal: what the file is, and what to do with it. For lists there is [`Kind::name`].
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "this file is empty",
            Self::Json => "this is JSON",
            Self::Utf16 => "this is text in UTF-16 inside too many wrappers",
            Self::Zip => "this is a zip archive inside too many wrappers",
            Self::Gzip => "this is a gzip file inside too many wrappers",
            Self::Zlib => "this is a zlib file inside too many wrappers",
            Self::Zstd => "this is a Zstandard file inside too many wrappers",
            Self::SevenZip => "this is a 7-Zip archive, which entrace does not read",
            Self::NetLog => "this is a NetLog (net-export)",
            Self::CharlesJson => "this is a Charles session as JSON",
            Self::CharlesXml => "this is a Charles session as XML, which entrace does not read",
            Self::CharlesSession => "this is a Charles session (.chls), which entrace does not read",
            Self::BurpXml => "these are items saved by Burp",
            Self::XmlHar => "this is Internet Explorer's network capture in XML, which entrace does not read",
            Self::MitmproxyFlow => "this is a mitmproxy flow file",
            Self::ProxymanLog => "this is a log of Proxyman, which entrace does not read",
            Self::PlaywrightTrace => "this is a trace of Playwright, which entrace does not read",
            Self::SamlTracer => "this is an export of SAML-tracer",
            Self::PacketCapture => "this is a packet capture",
            Self::MsalLog => "this is a log of MSAL",
            Self::SignInLog => "this is an export of Entra's sign-in logs, which holds no traffic",
            Self::LfsPointer => "this is a git-LFS pointer, not the capture itself",
            Self::Html => "this is a saved web page, not a capture",
            Self::Text => "this is text, but not a capture that entrace knows",
            Self::Binary => "this is not a capture that entrace knows",
        })?;
        self.advice().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

/// The kinds that begin with fixed bytes.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\xFF\xFE", Kind::Utf16),
    (b"\xFE\xFF", Kind::Utf16),
    (b"\x1F\x8B", Kind::Gzip),
    (b"\x78\x01", Kind::Zlib),
    (b"\x78\x9C", Kind::Zlib),
    (b"\x78\xDA", Kind::Zlib),
    (b"\x28\xB5\x2F\xFD", Kind::Zstd),
    (b"7z\xBC\xAF\x27\x1C", Kind::SevenZip),
    (b"\xD4\xC3\xB2\xA1", Kind::PacketCapture),
    (b"\xA1\xB2\xC3\xD4", Kind::PacketCapture),
    (b"\x4D\x3C\xB2\xA1", Kind::PacketCapture),
    (b"\xA1\xB2\x3C\x4D", Kind::PacketCapture),
    (b"\x0A\x0D\x0D\x0A", Kind::PacketCapture),
    (b"\xAC\xED\x00\x05", Kind::CharlesSession),
    (b"version https://git-lfs", Kind::LfsPointer),
];

/// The length of a UTF-8 byte order mark at the start; Fiddler writes one, and so does PowerShell.
pub(super) fn byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

impl Kind {
    /// What a file is, as far as its beginning tells.
    pub fn of_beginning(bytes: &[u8]) -> Self {
        sniff(bytes)
    }
}

/// Whether a file that begins so is a recording of traffic, whatever it is called. In doubt it is none: JSON has to
/// begin like a HAR, and what is packed does not tell what is in it.
pub fn begins_like_a_capture(bytes: &[u8]) -> bool {
    match sniff(bytes) {
        Kind::NetLog | Kind::CharlesJson | Kind::BurpXml | Kind::MitmproxyFlow | Kind::SamlTracer => true,
        Kind::Json => is_har(bytes),
        // What tells a HAR is ASCII, of which every other byte is zero.
        Kind::Utf16 => {
            let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF)).collect();
            sniff(&narrow) == Kind::Json && is_har(&narrow)
        }
        _ => false,
    }
}

/// The names that a HAR has first. Settings may have a `log` too.
fn is_har(text: &[u8]) -> bool {
    let has = |name: &str| begins_with_names(text, &[name]);
    (has("\"log\"") && ["\"creator\"", "\"entries\"", "\"pages\""].into_iter().any(has))
        || begins_with_names(text, &["\"startedDateTime\"", "\"request\""])
}

/// What a file is.
pub(super) fn sniff(bytes: &[u8]) -> Kind {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *kind;
    }
    let text = bytes.get(byte_order_mark(bytes)..).unwrap_or_default().trim_ascii_start();
    match text {
        [] => Kind::Empty,
        [_, 0, ..] | [0, b'{' | b'[' | b'<', ..] => utf16_without_mark(text),
        [b'{', inner @ ..] if inner.trim_ascii_start().starts_with(b"\"constants\"") => Kind::NetLog,
        [b'[', ..] if is_charles(text) => Kind::CharlesJson,
        // A line of msal-js begins with its date, which no JSON does.
        [b'[', b'A'..=b'Z', ..] if is_msal_log(text) => Kind::MsalLog,
        [b'{' | b'[', ..] if is_sign_in_log(text) => Kind::SignInLog,
        [b'{' | b'[', ..] if is_msal_error(text) => Kind::MsalLog,
        [b'{', ..] if is_saml_tracer(text) => Kind::SamlTracer,
        [b'{' | b'[', ..] => Kind::Json,
        [b'<', ..] => markup(text),
        [b'0'..=b'9', ..] if is_flow(text) => Kind::MitmproxyFlow,
        _ if text.iter().take(HEAD).any(|byte| matches!(byte, 0..=8 | 14..=26)) => Kind::Binary,
        _ if is_msal_log(text) => Kind::MsalLog,
        _ if is_sign_in_table(text) => Kind::SignInLog,
        _ => Kind::Text,
    }
}

/// Whether a text's beginning has names.
fn begins_with_names(text: &[u8], all: &[&str]) -> bool {
    let head = text.get(..HEAD).unwrap_or(text);
    all.iter().all(|name| memmem::find(head, name.as_bytes()).is_some())
}

/// Microsoft Graph's names, which no capture has so early.
fn is_sign_in_log(text: &[u8]) -> bool {
    begins_with_names(text, &["\"createdDateTime\"", "\"correlationId\"", "\"userPrincipalName\""])
        && !begins_with_names(text, &["\"log\""])
}

/// The headings of the portal's CSV.
fn is_sign_in_table(text: &[u8]) -> bool {
    let headings = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    begins_with_names(headings, &["Request ID", "Correlation ID", "Date (UTC)"])
}

/// An error of msal-js as JSON. Inside of a capture's bodies these names have escapes before their quotation marks.
fn is_msal_error(text: &[u8]) -> bool {
    begins_with_names(text, &["\"errorCode\"", "\"errorMessage\""]) && !begins_with_names(text, &["\"log\""])
}

/// SAML-tracer lists requests by names that no HAR has (SAMLTraceIO.js).
fn is_saml_tracer(text: &[u8]) -> bool {
    begins_with_names(text, &["\"requests\"", "\"requestId\"", "\"requestHeaders\""]) && !begins_with_names(text, &["\"log\""])
}

/// Lines of msal-js, as the browser's console saves them, and of MSAL.NET, Java and Python.
fn is_msal_log(text: &[u8]) -> bool {
    // A console has other lines before MSAL's.
    const NAMES: [&str; 16] = [
        ": @azure/msal-",
        ": msal.js.",
        "BrowserAuthError: ",
        "ClientAuthError: ",
        "InteractionRequiredAuthError: ",
        "MSAL.NetCore",
        "MSAL.Desktop",
        "MSAL.CoreCLR",
        "MsalUiRequiredException",
        "MsalServiceException",
        "MsalClientException",
        "com.microsoft.aad.msal4j",
        "msal.application",
        "msal.oauth2cli",
        "msal.token_cache",
        "msal.telemetry",
    ];
    let has = |name: &str| memmem::find(text, name.as_bytes()).is_some();
    // Other programs have server errors too, without a code of the service.
    NAMES.iter().any(|name| has(name)) || (has("ServerError: ") && has(": AADSTS"))
}

/// Text whose every other byte is zero. Anything else with a zero byte so early is no text.
fn utf16_without_mark(text: &[u8]) -> Kind {
    match text {
        [b'\t'..=b'~', 0, b'\t'..=b'~', 0, ..] | [0, b'\t'..=b'~', 0, b'\t'..=b'~', ..] => Kind::Utf16,
        [b'{' | b'[' | b'<', 0] | [0, b'{' | b'[' | b'<'] => Kind::Utf16,
        _ => Kind::Binary,
    }
}

/// Charles exports an array of transactions; an array of HAR entries has none of these names.
fn is_charles(text: &[u8]) -> bool {
    let head = text.get(..HEAD).unwrap_or(text);
    let has = |name: &[u8]| memmem::find(head, name).is_some();
    has(b"\"requestBegin\"") || has(b"\"actualPort\"") || (has(b"\"scheme\"") && has(b"\"host\"") && !has(b"\"startedDateTime\""))
}

/// A flow file is a row of netstrings: a length, a colon, the rest.
fn is_flow(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits <= 12 && text.get(digits) == Some(&b':')
}

fn markup(text: &[u8]) -> Kind {
    let head = text.get(..HEAD).unwrap_or(text).to_ascii_lowercase();
    let has = |name: &[u8]| memmem::find(&head, name).is_some();
    if has(b"<charles-session") {
        Kind::CharlesXml
    } else if has(b"<items burpversion") || has(b"<!doctype items") {
        Kind::BurpXml
    } else if head.starts_with(b"<!doctype html") || has(b"<html") {
        Kind::Html
    } else if has(b"<log>") || has(b"<log ") {
        Kind::XmlHar
    } else {
        Kind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(bytes: impl AsRef<[u8]>, kind: Kind) {
        assert_eq!(sniff(bytes.as_ref()), kind);
    }

    #[test]
    fn nothing() {
        is("", Kind::Empty);
        is(" \r\n\t", Kind::Empty);
        is("\u{FEFF}", Kind::Empty);
    }

    #[test]
    fn json() {
        is(r#"{"log":{}}"#, Kind::Json);
        is("\u{FEFF}\n {\"log\":{}}", Kind::Json);
        is(r#"[{"startedDateTime":"","request":{}}]"#, Kind::Json);
        is(r#"{"hello":"world"}"#, Kind::Json);
    }

    #[test]
    fn utf_16_with_and_without_a_mark() {
        is(b"\xFF\xFE{\0\"\0", Kind::Utf16);
        is(b"\xFE\xFF\0{\0\"", Kind::Utf16);
        is(b"{\0\"\0l\0o\0g\0", Kind::Utf16);
        is(b"\0{\0\"\0l\0o\0g", Kind::Utf16);
    }

    #[test]
    fn archives() {
        is(b"PK\x05\x06\0\0\0\0", Kind::Zip);
        is(b"PK\x03\x04....login.har....", Kind::Zip);
        is(b"\x1F\x8B\x08\0", Kind::Gzip);
        is(b"\x28\xB5\x2F\xFD\0", Kind::Zstd);
        is(b"\x78\x9C\xED\xBD", Kind::Zlib);
        is("x = 1", Kind::Text);
        is(b"7z\xBC\xAF\x27\x1C\0\x04", Kind::SevenZip);
    }

    #[test]
    fn net_log() {
        is("{\"constants\":{\"logEventTypes\":{}},\n\"events\": [\n", Kind::NetLog);
        is("{ \"constants\": {", Kind::NetLog);
    }

    #[test]
    fn charles() {
        is(r#"[{"status":"COMPLETE","method":"GET","scheme":"https","host":"app.example"}]"#, Kind::CharlesJson);
        is(r#"[{"times":{"requestBegin":"x"}}]"#, Kind::CharlesJson);
        is(r#"[{"actualPort":443,"durations":{"total":1}}]"#, Kind::CharlesJson);
        is("<?xml version='1.0'?><charles-session>", Kind::CharlesXml);
        is(b"\xAC\xED\0\x05sr", Kind::CharlesSession);
    }

    #[test]
    fn other_tools() {
        is("<?xml version=\"1.0\"?>\n<!DOCTYPE items [", Kind::BurpXml);
        is("<items burpVersion=\"2023.1\">", Kind::BurpXml);
        is("<?xml version=\"1.0\"?><log><version>1.1</version>", Kind::XmlHar);
        is("3985:9:websocket;", Kind::MitmproxyFlow);
        is(r#"{"requests":[{"method":"GET","url":"x","requestId":"1","requestHeaders":[]}]}"#, Kind::SamlTracer);
    }

    #[test]
    fn packets() {
        for magic in [b"\xD4\xC3\xB2\xA1", b"\xA1\xB2\xC3\xD4", b"\x4D\x3C\xB2\xA1", b"\xA1\xB2\x3C\x4D", b"\x0A\x0D\x0D\x0A"] {
            is(magic, Kind::PacketCapture);
        }
    }

    #[test]
    fn logs_of_libraries_and_of_the_service() {
        is("[Fri, 20 Nov 2026 14:00:00 GMT] : [] : @azure/msal-browser@4.12.0 : Error - x", Kind::MsalLog);
        is("app.js:7 [Fri, 20 Nov 2026 14:00:00 GMT] : [] : @azure/msal-common@15.1.0 : Info - x", Kind::MsalLog);
        is(r#"{"errorCode":"login_required","errorMessage":"AADSTS50058: x","subError":""}"#, Kind::MsalLog);
        is("DEBUG:msal.application:Refresh failed. invalid_grant: AADSTS50076: x", Kind::MsalLog);
        is(format!("{}Uncaught BrowserAuthError: x", "app.js:1 hello\n".repeat(900)), Kind::MsalLog);
        is("False MSAL 4.61.3.0 MSAL.NetCore .NET 8.0 [2026-11-20 14:00:00Z] x", Kind::MsalLog);
        is(r#"{"value":[{"id":"x","createdDateTime":"x","userPrincipalName":"x","correlationId":"x"}]}"#, Kind::SignInLog);
        is("\u{FEFF}\"Date (UTC)\",Request ID,User agent,Correlation ID\n", Kind::SignInLog);
        is(r#"{"log":{"entries":[{"_error":{"errorCode":"x","errorMessage":"x"}}]}}"#, Kind::Json);
        is(r#"[{"url":"https://login.example/?x-client-SKU=MSAL.NetCore: @azure/msal-"}]"#, Kind::Json);
        is(r#"{"log":{"createdDateTime":"","correlationId":"","userPrincipalName":""}}"#, Kind::Json);
    }

    #[test]
    fn what_is_no_capture() {
        is("version https://git-lfs.github.com/spec/v1\n", Kind::LfsPointer);
        is("<!DOCTYPE html><title>", Kind::Html);
        is("<HTML>", Kind::Html);
        is("curl 'https://app.example'", Kind::Text);
        is("12 monkeys", Kind::Text);
        is(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Kind::Binary);
        is(b"\0\0\0\0", Kind::Binary);
    }

    #[test]
    fn recordings_are_told_from_what_lies_beside_them() {
        let har = "\u{FEFF}{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\"name\": \"x\"}";
        let wide: Vec<u8> = har.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let others = [r#"{"log":{"entries":[]}}"#, r#"[{"startedDateTime":"","request":{}}]"#, "{\"constants\":{", "3985:9:websocket;"];
        for capture in [har.as_bytes(), &wide].into_iter().chain(others.map(str::as_bytes)) {
            assert!(begins_like_a_capture(capture), "{}", String::from_utf8_lossy(capture));
        }
        for other in [
            "",
            "hello",
            "2026-11-20: hello",
            r#"{"log":{"level":"debug"}}"#,
            r#"{"name":"app","creator":"me"}"#,
            r#"{"schema":"entrace/diagnose/1","captures":[{"format":"har","creator":"x"}]}"#,
            r#"{"value":[{"id":"x","createdDateTime":"x","userPrincipalName":"x","correlationId":"x"}]}"#,
            "DEBUG:msal.application:Refresh failed. invalid_grant: AADSTS50076: x",
            "<project/>",
            "PK\x05\x06\0\0\0\0",
            "\u{89}PNG",
        ] {
            assert!(!begins_like_a_capture(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn every_kind_is_listed_at_its_place() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{}", kind.name());
        }
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        for kind in Kind::ALL {
            let advice = kind.advice().unwrap_or_default();
            assert!(!advice.is_empty() || !kind.is_known_and_not_read(), "{kind}");
            assert!(kind.to_string().ends_with(advice), "{kind}");
            // What a refusal calls unread by its name is one of those that are listed.
            assert!(!kind.to_string().contains("does not read") || kind.is_known_and_not_read(), "{kind}");
            assert!(!kind.name().contains("this") && !kind.name().contains(';'), "{}", kind.name());
        }
    }
}
