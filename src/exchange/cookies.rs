//! Cookies that somebody wrote into one line.

/// The parts of a line in which some recorders and proxies join several header lines by commas. A comma ends a part where a
/// name and an equals sign follow: in a cookie no comma is allowed (RFC 6265, 4.1.1), and in a date of `Expires` a day follows.
pub(crate) fn joined_by_commas(line: &str) -> impl Iterator<Item = &str> {
    let begins_one = |text: &str| {
        let text = text.trim_start();
        let name = text.find(['=', ';', ',', ' ', '"']).map_or("", |end| text.get(..end).unwrap_or_default());
        !name.is_empty() && text.get(name.len()..).is_some_and(|rest| rest.starts_with('='))
    };
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let end = memchr::memchr_iter(b',', text.as_bytes()).find(|at| text.get(at + 1..).is_some_and(begins_one));
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_date_or_before_no_name_parts_nothing() {
        let parts = |line: &'static str| joined_by_commas(line).map(str::trim).collect::<Vec<_>>();
        assert_eq!(
            parts("a=1; expires=Thu, 19-Nov-2026 12:00:00 GMT; path=/, b=2; Expires=Fri, 01 Jan 2027 00:00:00 GMT,c="),
            ["a=1; expires=Thu, 19-Nov-2026 12:00:00 GMT; path=/", "b=2; Expires=Fri, 01 Jan 2027 00:00:00 GMT", "c="]
        );
        for whole in ["", "a", "a=1", "a=1,2,3", "a={\"b\",\"c\"=1}", "a=1, b; c=2", "a=1,,=2"] {
            assert_eq!(parts(whole), [whole]);
        }
    }
}
