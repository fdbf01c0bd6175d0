//! The times and sizes of HAR itself. A number there may be the same as a code that was sent to somebody, and says nothing of it.

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

/// Whether a number under a name is a time or a size of HAR.
pub(super) fn is_number(name: &str) -> bool {
    NUMBERS.contains(&name)
}

/// Whether a text under a name is the time at which an entry began, and nothing else.
pub(super) fn is_time(name: &str, text: &str) -> bool {
    let is_form = (16..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ ".contains(&byte));
    name == "startedDateTime" && is_form && text.get(10..11) == Some("T")
}
