//! Which names are nearly the one that was written.

/// How many letters have to be added, dropped, changed or exchanged with their neighbour to make one word of another.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // The row of the last letter, and the one before it.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, &letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, &against) in other.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, column) + usize::from(letter != against);
            let mut least = changed.min(at(&last, column + 1) + 1).min(at(&next, column) + 1);
            let exchanged = row > 0 && column > 0 && one.get(row - 1) == Some(&against) && other.get(column - 1) == Some(&letter);
            if exchanged {
                least = least.min(at(&before, column - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or_default()
}

/// The names that are nearly this one, the nearest first; at most `most`. A third of the letters may differ.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<&'n str> {
    let farthest = (written.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(written.len()) <= farthest)
        .map(|name| (distance(written, name), name))
        .filter(|(distance, _)| *distance <= farthest)
        .collect();
    near.sort_unstable();
    near.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_of_a_finger_counts_once() {
        for (one, other, expected) in [
            ("50058", "50058", 0),
            ("50085", "50058", 1),
            ("5058", "50058", 1),
            ("500588", "50058", 1),
            ("50059", "50058", 1),
            ("", "ab", 2),
        ] {
            assert_eq!((distance(one, other), distance(other, one)), (expected, expected), "{one} {other}");
        }
    }

    #[test]
    fn the_nearest_comes_first_and_the_far_not_at_all() {
        let names = ["session-expired", "session-cookies-lost", "signed-out", "sessions-expired"];
        assert_eq!(nearest("sesion-expired", names, 5), ["session-expired", "sessions-expired"]);
        assert_eq!(nearest("sesion-expired", names, 1), ["session-expired"]);
        assert!(nearest("consent", names, 5).is_empty());
    }
}
