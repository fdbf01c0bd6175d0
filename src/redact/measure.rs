//! Times, and the sizes of HAR itself. A number there may be the same as a code that was sent to somebody, and says nothing of it.

/// Members of HAR 1.2 that hold numbers, and those that browsers add.
const NUMBERS: [&str; 15] = [
    "time",
    "status",
    "size",
    "compression",
    "headersSize",
    "bodySize",
    "_transferSize",
    "blocked",
    "dns",
    "connect",
    "send",
    "wait",
    "receive",
    "ssl",
    "_blocked_queueing",
];

/// Whether what stands under a name is a time or a size of HAR, and nothing else: a number, or a text.
pub(super) fn is_one(name: &str, is_number: bool, text: Option<&str>) -> bool {
    is_number && NUMBERS.contains(&name) || name == "startedDateTime" && text.is_some_and(is_date)
}

/// Whether a text is a day, with a time of that day or without (RFC 3339).
pub(super) fn is_date(text: &str) -> bool {
    let is_form = (10..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ ".contains(&byte));
    let mut parts = text.get(..10).unwrap_or_default().split('-').map(str::len);
    is_form
        && matches!(text.get(10..11), None | Some("T" | " "))
        && (parts.next(), parts.next(), parts.next(), parts.next()) == (Some(4), Some(2), Some(2), None)
}
