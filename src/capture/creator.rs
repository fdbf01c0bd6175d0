//! The program that wrote a file, as it names itself.

/// The longest creator that is told, in characters.
pub(super) const LONGEST: usize = 80;

/// What is told of a name: its beginning, without what steers a terminal. Nothing where nothing is left.
pub(super) fn told(name: &str) -> Option<String> {
    let told: String = name.trim().chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    (!told.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creator_has_an_end_and_nothing_that_steers() {
        assert_eq!(told(" Fiddler v\n5 ").as_deref(), Some("Fiddler v5"));
        assert_eq!(told(&"1".repeat(200)).map(|told| told.len()), Some(LONGEST));
        assert_eq!((told(" "), told("\u{1b}\0")), (None, None));
    }
}
