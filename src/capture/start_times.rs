//! When entries began: which dates can be right, and the order that follows.

use super::warnings::Warnings;
use crate::exchange::Exchange;
use chrono::{DateTime, TimeDelta, Utc};

/// 1990-01-01 in Unix seconds: nobody recorded HTTP before, so a date before it is the zero of somebody's calendar (1601 of
/// Windows, 1904 of old Macs, 1970 of Unix, the year 1 of .NET), or the time since a start that was taken for one.
const FIRST: i64 = 631_152_000;

/// How far a date may be from the others. No recording goes over years, and the zeros that may come after [`FIRST`] (2000 of
/// clocks without a battery, 2001 of Apple) are farther away.
const FARTHEST: TimeDelta = TimeDelta::days(5 * 366);

/// Sorts by start; what has none stays after the one that precedes it in the file. Chrome HAR Capturer, Playwright and others
/// write entries in the order in which they ended. A date that cannot be right is taken away and counted: by one alone the
/// reply to a request would come before it.
pub(super) fn sorted_by_start(mut exchanges: Vec<Exchange>, warnings: &mut Warnings) -> Vec<Exchange> {
    let dates = || exchanges.iter().filter_map(|exchange| exchange.started);
    let can_be_right = Possible::of(dates);
    let wrong = dates().filter(|date| !can_be_right.has(*date)).count();
    if wrong > 0 {
        let of_them = format!(" ({wrong} of {}); these entries stay where they are in the file", dates().count());
        warnings.add_at(None, "some start times are years away from the others and cannot be right", of_them);
        for exchange in &mut exchanges {
            exchange.started = exchange.started.filter(|date| can_be_right.has(*date));
        }
    }
    sorted_by(exchanges, |exchange| exchange.started)
}

/// The dates that can be right beside each other.
struct Possible {
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Possible {
    /// Those of a capture. Where all are alike they are kept, however early: a device without a clock counts from a zero, and
    /// the order is right.
    fn of<Dates: Iterator<Item = DateTime<Utc>>>(dates: impl Fn() -> Dates) -> Self {
        let all = Self { first: DateTime::<Utc>::MIN_UTC, last: DateTime::<Utc>::MAX_UTC };
        // Nearly always they are minutes apart, and there may be many.
        let (Some(earliest), Some(latest)) = (dates().min(), dates().max()) else { return all };
        if latest - earliest <= FARTHEST {
            return all;
        }
        let mut dates: Vec<_> = dates().filter(|date| latest.timestamp() < FIRST || date.timestamp() >= FIRST).collect();
        let middle = dates.len() / 2;
        if middle >= dates.len() {
            return all;
        }
        let (_, middle, _) = dates.select_nth_unstable(middle);
        let bound = |date: Option<DateTime<Utc>>, otherwise| date.unwrap_or(otherwise);
        Self { first: bound(middle.checked_sub_signed(FARTHEST), all.first), last: bound(middle.checked_add_signed(FARTHEST), all.last) }
    }

    fn has(&self, date: DateTime<Utc>) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// Sorts by a start that not all have.
pub(super) fn sorted_by<T>(mut entries: Vec<T>, start: impl Fn(&T) -> Option<DateTime<Utc>>) -> Vec<T> {
    // Nearly always they are in order, and there may be many.
    if entries.iter().filter_map(&start).is_sorted() {
        return entries;
    }
    let mut last: Option<DateTime<Utc>> = None;
    let mut dated: Vec<_> = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            last = start(entry).or(last);
            (last, number)
        })
        .collect();
    dated.sort();
    let mut places = vec![0; entries.len()];
    for (place, (_, number)) in dated.into_iter().enumerate() {
        if let Some(its) = places.get_mut(number) {
            *its = place;
        }
    }
    // They change places where they are: a second list of them would take as much memory as the first.
    for number in 0..entries.len() {
        while let Some(place) = places.get(number).copied().filter(|place| *place != number) {
            entries.swap(number, place);
            places.swap(number, place);
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_in_order_and_those_without_a_date_behind_the_one_before_them(
            seconds in prop::collection::vec(prop::option::of(0_i64..6), 0..30),
        ) {
            let date = |second: Option<i64>| second.and_then(|second| DateTime::from_timestamp(second, 0));
            let entries: Vec<_> = seconds.iter().copied().map(date).enumerate().collect();
            let mut last = None;
            let mut expected: Vec<_> = entries.iter().map(|(number, start)| { last = start.or(last); (last, *number) }).collect();
            if seconds.iter().flatten().is_sorted() {
                expected = entries.iter().map(|(number, start)| (*start, *number)).collect();
            } else {
                expected.sort_by_key(|(start, _)| *start);
            }
            let sorted = sorted_by(entries, |(_, start)| *start);
            prop_assert_eq!(numbers(sorted), expected.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
        }
    }

    fn numbers<T>(entries: Vec<(usize, T)>) -> Vec<usize> {
        entries.into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn a_date_that_is_years_away_from_the_others_is_none() {
        let date = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let wrong = |dates: &[&'static str]| {
            let possible = Possible::of(|| dates.iter().map(|text| date(text)));
            dates.iter().copied().filter(|text| !possible.has(date(text))).collect::<Vec<_>>()
        };
        let (now, later) = ("2026-11-20T12:00:00Z", "2026-11-20T12:00:09Z");
        for zero in ["0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2001-01-01T00:03:20Z", "9999-12-31T23:59:59Z"]
        {
            assert_eq!(wrong(&[now, zero, later]), [zero]);
        }
        // Also where they are most: only the other can be a date.
        assert_eq!(wrong(&["1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z", now]), ["1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z"]);
        // A device without a clock, and a project of years.
        assert!(wrong(&["1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z"]).is_empty());
        assert!(wrong(&["2023-11-20T12:00:00Z", now]).is_empty());
        assert!(wrong(&["1970-01-01T00:00:01Z", "1980-01-01T00:00:00Z", "1980-01-01T00:00:09Z"]) == ["1970-01-01T00:00:01Z"]);
        assert!(wrong(&[]).is_empty());
    }
}
