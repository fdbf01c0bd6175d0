//! Secrets that can be compared. The type sees to it that what somebody wrote in the place of a value is taken for none: two
//! codes that read `REDACTED` are not one.

use super::{placeholder, stand_in};
use crate::exchange::Secret;

/// A secret that the capture tells: two of them are equal where the values are. Like [`Secret`] it cannot be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Known(Box<str>);

impl Known {
    /// `None` where somebody took the value out of the capture, and where there is none.
    pub(in crate::entra) fn of(value: &str) -> Option<Self> {
        (!value.is_empty() && !stand_in::is_one(value)).then(|| Self(value.into()))
    }

    /// The text, for what is compared in any case.
    pub(super) fn lower_case(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl Secret {
    /// The value, to be compared or looked up; `None` where somebody took it out of the capture, and where there is none.
    pub(crate) fn told(&self) -> Option<Known> {
        Known::of(self.expose())
    }

    /// Whether it stands for a value that was taken out of the capture.
    pub(crate) fn is_stand_in(&self) -> bool {
        stand_in::is_one(self.expose())
    }

    /// Whether one value is the other, cut off or changed in a part; `None` where one of them was taken out of the capture. Codes of
    /// one application begin alike, with what tells the application, and are as long as each other.
    pub(crate) fn is_altered_from(&self, other: &Self) -> Option<bool> {
        const LEAST: usize = 32;
        let (one, other) = (self.told()?, other.told()?);
        if placeholder::is_one(&one.0) && placeholder::is_one(&other.0) {
            return Some(one != other && placeholder::unaltered(&one.0) == placeholder::unaltered(&other.0));
        }
        let alike = one.0.bytes().zip(other.0.bytes()).take_while(|(one, other)| one == other).count();
        let shorter = one.0.len().min(other.0.len());
        Some(one.0.len() != other.0.len() && alike >= LEAST && alike * 2 >= shorter)
    }

    /// Whether two values are the same; `None` where one of them was taken out of the capture.
    pub(crate) fn is_same_as(&self, other: &Self) -> Option<bool> {
        (!self.is_stand_in() && !other.is_stand_in()).then(|| self.is_written_as(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_was_cut_or_changed_is_known_by_how_it_begins() {
        let code = format!("1.{}", "AbC4".repeat(60));
        let altered = |text: &str| Secret::new(text).is_altered_from(&Secret::new(code.as_str()));
        let first = |characters: usize| code.chars().take(characters).collect::<String>();
        assert_eq!(altered(&code), Some(false));
        assert_eq!(altered(&first(100)), Some(true));
        assert_eq!(altered(&format!("{}%3d", first(200))), Some(true));
        assert_eq!(altered(&first(20)), Some(false), "too little is left");
        assert_eq!(altered(&format!("{}{}", first(60), "xyz".repeat(60))), Some(false), "another of the same application");
        assert_eq!(altered("REDACTED"), None);
        let placeholders = |one: &str, other: &str| Secret::new(one).is_altered_from(&Secret::new(other));
        assert_eq!(placeholders("redacted-code-1-", "redacted-code-1"), Some(true));
        assert_eq!(placeholders("redacted-code-2", "redacted-code-1"), Some(false));
    }

    #[test]
    fn what_stands_for_a_value_is_not_known() {
        for text in ["", "REDACTED", "[REDACTED]", "***", "eyJ0eXAi..."] {
            assert!(Secret::new(text).told().is_none(), "{text}");
        }
        let told = |text: &str| Secret::new(text).told().unwrap();
        assert!(told("0.AXc") == told("0.AXc") && told("0.AXc") != told("0.AXd"));
        assert!(told("redacted-code-1") == told("redacted-code-1") && told("redacted-code-1") != told("redacted-code-2"));
        assert_eq!(Secret::new("REDACTED").is_same_as(&Secret::new("REDACTED")), None);
    }
}
