//! The lines of a message's head, as every format keeps them.

use crate::exchange::{ArcStr, Header, joined_by_commas};

/// The lines with a line for each cookie that is set. Safari, HTTP Toolkit and others join all `Set-Cookie` lines of a reply to
/// one, with commas as if it were any list (RFC 9110, 5.3). Where there are several lines the recorder joins none, and a comma
/// belongs to a value, as browsers read it.
pub(super) fn with_cookies_apart(mut lines: Vec<Header>) -> Vec<Header> {
    let mut cookies = lines.iter().enumerate().filter(|(_, line)| &*line.name == "set-cookie");
    let (Some((at, line)), None) = (cookies.next(), cookies.next()) else { return lines };
    let parts = joined_by_commas(line.written().raw()).map(str::trim_ascii).filter(|cookie| !cookie.is_empty());
    let apart: Vec<_> = parts.map(|part| Header::new(ArcStr::clone(&line.name), part)).collect();
    if apart.len() > 1 {
        lines.splice(at..=at, apart);
    }
    lines
}
