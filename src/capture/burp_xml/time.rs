//! The times that Burp writes: `Fri Jan 06 10:00:00 CET 2023`, as Java's `Date.toString` does.
//!
//! The zone is a local abbreviation. Most of them stand for several zones (CST, IST, BST), so only those are
//! understood that say their distance from UTC.

use crate::exchange::writable;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time by the clock of the machine that ran Burp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocalTime {
    /// What the clock showed.
    pub(super) clock: NaiveDateTime,
    /// The zone, as written.
    pub(super) zone: String,
}

impl LocalTime {
    /// Reads a time; `None` for what is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (_weekday, month, day, clock) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let (zone, year) = (words.next()?, words.next()?);
        let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
        let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        let date = NaiveDate::from_ymd_opt(year.parse().ok()?, u32::try_from(month).ok()? + 1, day.parse().ok()?)?;
        let is_whole = parts.next().is_none() && words.next().is_none();
        is_whole.then_some(Self { clock: date.and_hms_opt(hour, minute, second)?, zone: zone.to_owned() })
    }

    /// The same moment in UTC, where the zone says how far from it the clock was.
    pub(super) fn utc(&self) -> Option<DateTime<Utc>> {
        let zone = self.zone.to_ascii_uppercase();
        let offset = match &*zone {
            "UTC" | "GMT" | "Z" => FixedOffset::east_opt(0),
            // Java writes so what has no abbreviation.
            other => offset(other.strip_prefix("GMT").or_else(|| other.strip_prefix("UTC"))?),
        };
        writable(self.clock.and_local_timezone(offset?).single()?.to_utc())
    }
}

/// `+05:30`.
fn offset(text: &str) -> Option<FixedOffset> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    let seconds = (hours < 24 && minutes < 60).then(|| i32::from(hours) * 3600 + i32::from(minutes) * 60)?;
    match text.as_bytes().first()? {
        b'+' => FixedOffset::east_opt(seconds),
        b'-' => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        LocalTime::read(text).unwrap().utc().map(|date| date.to_rfc3339())
    }

    #[test]
    fn zones_that_say_how_far_they_are_from_utc() {
        for (zone, expected) in [
            ("UTC", "10:00:00"),
            ("GMT", "10:00:00"),
            ("GMT+00:00", "10:00:00"),
            ("GMT+05:30", "04:30:00"),
            ("GMT-03:00", "13:00:00"),
            ("UTC+01:00", "09:00:00"),
        ] {
            assert_eq!(utc(&format!("Fri Jan 06 10:00:00 {zone} 2023")), Some(format!("2023-01-06T{expected}+00:00")), "{zone}");
        }
    }

    #[test]
    fn zones_that_do_not() {
        for zone in ["CET", "EST", "CST", "IST", "BST", "GMT+1", "GMT*01:00", "GMT+25:00", "GMT+é:00"] {
            assert_eq!(utc(&format!("Fri Jan 06 10:00:00 {zone} 2023")), None, "{zone}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for bad in [
            "",
            "yesterday",
            "Fri Jan 06 10:00:00 2023",
            "Fri Jan 32 10:00:00 UTC 2023",
            "Fri Foo 06 10:00:00 UTC 2023",
            "Fri Jan 06 10:00 UTC 2023",
            "Fri Jan 06 10:00:00:00 UTC 2023",
            "Fri Jan 06 10:00:61 UTC 2023",
            "Fri Jan 06 10:00:00 UTC 2023 x",
            "2023-01-06T10:00:00Z",
        ] {
            assert_eq!(LocalTime::read(bad), None, "{bad}");
        }
    }
}
