//! Secrets that can be compared. The type sees to it that what somebody wrote in the place of a value is taken for none: two
//! codes that read `REDACTED` are not one.

use super::stand_in;
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

    /// Whether two values are the same; `None` where one of them was taken out of the capture.
    pub(crate) fn is_same_as(&self, other: &Self) -> Option<bool> {
        (!self.is_stand_in() && !other.is_stand_in()).then(|| self.is_written_as(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
