//! Header lines of a message, and what it means when one is not among them.

use super::json::Raw;
use super::parts::HeaderParts;
use crate::capture::Exporter;
use crate::capture::header_lines;
use crate::capture::header_name::Beginnings;
use crate::capture::selection;
use crate::exchange::{ArcStr, Header, Headers, Interner, Loss};

/// How much of an entry is kept.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    /// All of it.
    Whole,
    /// What a summary of a document needs.
    DocumentSummary,
    /// What any other summary needs.
    Summary,
}

/// The headers of a request.
pub(super) fn of_request(parts: Option<&HeaderParts<'_>>, exporter: Exporter, keep: Keep, interner: &mut Interner) -> Headers {
    let missing = exporter.missing_request_headers();
    let loss = || match parts {
        None => Some(missing.unwrap_or(Loss::Unknown)),
        Some(headers) if headers.is_empty() && missing.is_some() => missing,
        Some(headers) if headers.damaged => Some(Loss::Damaged),
        Some(headers) if is_provisional(headers) => Some(Loss::Provisional),
        Some(_) => None,
    };
    let summary = Summary { beginnings: selection::beginnings_of_request, keeps: selection::summary_keeps_of_request };
    collect(parts, loss, keep, interner, &summary)
}

/// The headers of a response.
pub(super) fn of_response(parts: Option<&HeaderParts<'_>>, arrived: bool, keep: Keep, interner: &mut Interner) -> Headers {
    let loss = || match parts {
        // No server answers without a single header: they were not exported.
        Some(headers) if !arrived || headers.is_empty() => Some(Loss::Unknown),
        Some(headers) if headers.damaged => Some(Loss::Damaged),
        Some(_) => None,
        None => Some(Loss::Unknown),
    };
    let summary = Summary { beginnings: selection::beginnings_of_response, keeps: selection::summary_keeps_of_response };
    collect(parts, loss, keep, interner, &summary)
}

/// A request that was sent has at least one of these. One that has none was answered from a cache or blocked
/// before its headers were complete ("provisional headers are shown").
fn is_provisional(headers: &HeaderParts<'_>) -> bool {
    let is = |name: &[u8], wanted: &[u8]| name.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted));
    let whole: [&[u8]; 3] = [b"host", b":authority", b"accept"];
    !headers.lines().any(|(name, _)| whole.iter().any(|whole| name.eq_ignore_ascii_case(whole)) || is(&name, b"sec-fetch-"))
}

/// What a summary keeps of a message's headers.
struct Summary {
    /// How their names begin.
    beginnings: fn(bool) -> Beginnings,
    /// Whether it keeps that of a name.
    keeps: fn(&[u8], bool) -> bool,
}

fn collect(
    parts: Option<&HeaderParts<'_>>,
    loss: impl FnOnce() -> Option<Loss>,
    keep: Keep,
    interner: &mut Interner,
    summary: &Summary,
) -> Headers {
    let none = HeaderParts::default();
    let parts = parts.unwrap_or(&none);
    let is_document = match keep {
        Keep::Whole => {
            // Pseudo headers of HTTP/2 repeat the method and the address.
            let lines = lines(parts.lines().filter(|(name, _)| !name.starts_with(b":")), interner);
            return match loss() {
                Some(loss) => Headers::partial(lines, loss),
                None => Headers::complete(lines),
            };
        }
        Keep::DocumentSummary => true,
        Keep::Summary => false,
    };
    let by_page = || parts.lines().any(|(name, _)| selection::names_page(&name));
    let mut written = Vec::with_capacity(16);
    for (name, value) in parts.lines_of((summary.beginnings)(is_document)).filter(|(name, _)| (summary.keeps)(name, is_document)) {
        let plain = value.plain();
        let keeps_only_name = selection::summary_keeps_only_name(&name, plain.unwrap_or(value.bytes()), by_page);
        let (value, plain) = if keeps_only_name { (Raw::EMPTY_STRING, Some(&b""[..])) } else { (value, plain) };
        written.push((name, value, plain));
    }
    let make = |interner: &mut Interner| lines(written.iter().map(|(name, value, _)| (name, *value)), interner);
    // There may be very many summaries, and most have the lines of another.
    let lines = if written.iter().all(|(.., plain)| plain.is_some()) {
        interner.headers(written.iter().map(|(name, _, plain)| (&**name, plain.unwrap_or_default())), make)
    } else {
        make(interner).into()
    };
    Headers::partial(lines, Loss::Summarised)
}

/// Header lines that are written so.
fn lines<'a>(written: impl Iterator<Item = (impl AsRef<[u8]>, Raw<'a>)>, interner: &mut Interner) -> Vec<Header> {
    let mut lines = Vec::with_capacity(16);
    for (name, value) in written {
        let name = interner.lower_case(name.as_ref());
        if &*name == "set-cookie" {
            // Older Chrome and Firebug join several cookies by a line feed.
            let value = value.text();
            let cookies = value.split('\n').map(str::trim_ascii).filter(|cookie| !cookie.is_empty());
            lines.extend(cookies.map(|cookie| Header::new(ArcStr::clone(&name), cookie)));
        } else {
            let value = value.shared(interner).unwrap_or_else(|| interner.text(&value.text()));
            lines.push(Header::new(name, value));
        }
    }
    header_lines::with_cookies_apart(lines)
}

#[cfg(test)]
mod tests {
    use super::super::parts::parts_of;
    use super::*;
    use crate::exchange::RawText;

    type Lines = [(&'static str, &'static str)];

    fn request(lines: &Lines) -> Headers {
        with_parts(lines, |parts| of_request(Some(parts), Exporter::ChromiumDevTools, Keep::Whole, &mut Interner::new()))
    }

    fn response(lines: &Lines, arrived: bool) -> Headers {
        with_parts(lines, |parts| of_response(Some(parts), arrived, Keep::Whole, &mut Interner::new()))
    }

    fn with_parts(lines: &Lines, read: impl Fn(&HeaderParts<'_>) -> Headers) -> Headers {
        let headers = serde_json::to_string(lines).unwrap();
        let json = format!(r#"{{"request":{{"headers":{headers}}}}}"#);
        let entry = parts_of(&json);
        read(entry.request.unwrap().headers.as_ref().unwrap())
    }

    fn names(headers: &Headers) -> Vec<&str> {
        headers.lines().iter().map(|line| &*line.name).collect()
    }

    #[test]
    fn names_are_lower_case_and_pseudo_headers_are_skipped() {
        let headers = request(&[(":authority", "a"), (":path", "/"), ("X-Client-SKU", "msal")]);
        assert_eq!(names(&headers), ["x-client-sku"]);
        assert_eq!(headers.absent(), None);
    }

    #[test]
    fn provisional_headers() {
        for sent in ["Host", ":authority", "Accept", "Sec-Fetch-Dest"] {
            assert_eq!(request(&[(sent, "x")]).absent(), None, "{sent}");
        }
        assert_eq!(request(&[("Referer", "x"), ("User-Agent", "x")]).absent(), Some(Loss::Provisional));
        assert_eq!(request(&[]).absent(), Some(Loss::Provisional));
    }

    #[test]
    fn exporters_without_request_headers() {
        for exporter in [Exporter::Safari, Exporter::Insomnia] {
            let empty = with_parts(&[], |parts| of_request(Some(parts), exporter, Keep::Whole, &mut Interner::new()));
            assert_eq!(empty.absent(), Some(Loss::NotRecorded));
            assert_eq!(of_request(None, exporter, Keep::Whole, &mut Interner::new()).absent(), Some(Loss::NotRecorded));
        }
        assert_eq!(of_request(None, Exporter::Other, Keep::Whole, &mut Interner::new()).absent(), Some(Loss::Unknown));
    }

    #[test]
    fn a_response_that_did_not_arrive_tells_nothing() {
        assert_eq!(response(&[("Date", "x")], true).absent(), None);
        assert_eq!(response(&[("Date", "x")], false).absent(), Some(Loss::Unknown));
        assert_eq!(response(&[], true).absent(), Some(Loss::Unknown));
        assert_eq!(of_response(None, true, Keep::Whole, &mut Interner::new()).absent(), Some(Loss::Unknown));
    }

    #[test]
    fn cookies_joined_by_a_line_feed_are_parted() {
        let headers = response(&[("Set-Cookie", "a=1; path=/\nb=2\r\n"), ("Link", "x\ny")], true);
        let cookies: Vec<_> = headers.all("set-cookie").map(RawText::raw).collect();
        assert_eq!(cookies, ["a=1; path=/", "b=2"]);
        assert_eq!(headers.all("link").count(), 1);
    }

    #[test]
    fn cookies_joined_by_a_comma_are_parted() {
        let joined = "a=1; expires=Thu, 19-Nov-2026 12:00:00 GMT, b=2; path=/,c=3";
        let cookies = |lines: &Lines| response(lines, true).all("set-cookie").map(|line| line.raw().to_owned()).collect::<Vec<_>>();
        assert_eq!(cookies(&[("Date", "x"), ("Set-Cookie", joined)]), ["a=1; expires=Thu, 19-Nov-2026 12:00:00 GMT", "b=2; path=/", "c=3"]);
        // Who keeps lines apart joins none, and browsers take a comma in a value.
        assert_eq!(cookies(&[("Set-Cookie", "a=1,b=2"), ("Set-Cookie", "c=3")]), ["a=1,b=2", "c=3"]);
    }

    #[test]
    fn summaries_keep_little_and_say_so() {
        let all = [("Host", "a"), ("Cookie", "x=1"), ("Referer", "https://app.example/"), ("Sec-Fetch-Dest", "iframe")];
        let keep = |keep| with_parts(&all, |parts| of_request(Some(parts), Exporter::Other, keep, &mut Interner::new()));
        assert_eq!(names(&keep(Keep::Summary)), ["referer", "sec-fetch-dest"]);
        assert_eq!(keep(Keep::Summary).absent(), Some(Loss::Summarised));
        assert_eq!(names(&keep(Keep::DocumentSummary)), ["cookie", "referer", "sec-fetch-dest"]);
    }
}
