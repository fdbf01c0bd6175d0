//! Times that can be written.

use chrono::{DateTime, Datelike, Utc};

/// A time that RFC 3339 can write, which knows the years 0 to 9999 and no others. What a recorder or server names beyond
/// them could be put into no report and no HAR, and is taken for no time.
pub(crate) fn writable(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (0..=9999).contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_four_digits() {
        let of = |seconds| DateTime::from_timestamp(seconds, 0).and_then(writable).map(|time| time.to_rfc3339());
        assert_eq!(of(253_402_300_799).as_deref(), Some("9999-12-31T23:59:59+00:00"));
        assert_eq!((of(253_402_300_800), of(-62_167_219_201)), (None, None));
        assert_eq!(of(-62_167_219_200).as_deref(), Some("0000-01-01T00:00:00+00:00"));
    }
}
