//! Which names are nearly the one that was written: by how many letters have to be added, dropped, changed or exchanged
//! with their neighbour to make one of the other (optimal string alignment).

use strsim::osa_distance;

/// The names that are nearly this one, the nearest first; at most `most`. A third of the letters may differ.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<&'n str> {
    let farthest = (written.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(written.len()) <= farthest)
        .map(|name| (osa_distance(written, name), name))
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
        for slip in ["508", "085", "0588", "059"] {
            assert_eq!(nearest(slip, ["058"], 1), ["058"], "{slip}");
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
