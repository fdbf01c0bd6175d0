//! Dates as exporters write them.

use super::json::Raw;
use crate::exchange::writable;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// What we write where a time is not known: the zero of Unix.
pub(super) const NO_TIME: &str = "1970-01-01T00:00:00.000Z";

/// Whether a value stands where a time is not known.
pub(super) fn is_no_time(raw: Raw<'_>) -> bool {
    raw.string().is_some_and(|text| text == NO_TIME)
}

/// A date in RFC 3339 with any number of fraction digits; the colon of the offset may be missing, and a space may stand for
/// the T. A number is that of the seconds or milliseconds since 1970.
pub(in crate::capture) fn date(raw: Raw<'_>) -> Option<DateTime<Utc>> {
    let Some(text) = raw.string() else { return since_1970(raw.number()?) };
    let text = text.trim();
    if let Some(date) = plain_date(text.as_bytes()) {
        return Some(date);
    }
    let known = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z"];
    let otherwise = || known.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    match DateTime::parse_from_rfc3339(text).ok().or_else(otherwise) {
        Some(date) => writable(date.to_utc()),
        None => text.parse().ok().and_then(since_1970),
    }
}

/// A date by the seconds since 1970, or the milliseconds, which are more than seconds will be for thousands of years.
fn since_1970(count: f64) -> Option<DateTime<Utc>> {
    const FIRST_OF_MILLISECONDS: f64 = 1e11;
    let milliseconds = if count.abs() < FIRST_OF_MILLISECONDS { count * 1000.0 } else { count };
    let is_one = count.is_finite() && count > 0.0;
    is_one.then(|| DateTime::from_timestamp_micros((milliseconds * 1000.0) as i64)).flatten().and_then(writable)
}

/// Whether a text is a date without a zone.
pub(super) fn is_without_zone(text: &str) -> bool {
    let text = text.trim();
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"].iter().any(|form| NaiveDateTime::parse_from_str(text, form).is_ok())
}

/// A date as browsers write it, in UTC; any other may be as good.
fn plain_date(text: &[u8]) -> Option<DateTime<Utc>> {
    let [y, e, a, r, b'-', m, o, b'-', d, f, b'T', h, u, b':', i, n, b':', s, c, rest @ ..] = text else {
        return None;
    };
    let number = |digits: &[u8]| {
        let is_one = digits.iter().all(u8::is_ascii_digit);
        is_one.then(|| digits.iter().fold(0, |number: u32, digit| 10 * number + u32::from(digit - b'0')))
    };
    let nanoseconds = match rest {
        [b'Z'] => 0,
        [b'.', fraction @ .., b'Z'] if (1..=9).contains(&fraction.len()) => {
            (fraction.len()..9).fold(number(fraction)?, |number, _| 10 * number)
        }
        _ => return None,
    };
    let day = NaiveDate::from_ymd_opt(number(&[*y, *e, *a, *r])?.try_into().ok()?, number(&[*m, *o])?, number(&[*d, *f])?)?;
    Some(day.and_hms_nano_opt(number(&[*h, *u])?, number(&[*i, *n])?, number(&[*s, *c])?, nanoseconds)?.and_utc())
}
