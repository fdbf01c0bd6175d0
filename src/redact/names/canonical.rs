//! Names in one way of writing.

/// The longest name that is known, in letters.
const LONGEST: usize = 32;

/// A name as it is looked up: `client_id`, `clientId` and `client-id` are one. Of a long name only the end counts.
pub(super) struct Canonical {
    pub(super) letters: [u8; LONGEST],
    length: usize,
    /// Whether there are more letters before these.
    pub(super) is_cut: bool,
}

impl Canonical {
    pub(super) fn of(name: &str) -> Self {
        let mut canonical = Self { letters: [0; LONGEST], length: 0, is_cut: false };
        if name.len() <= LONGEST {
            for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
                if let Some(place) = canonical.letters.get_mut(canonical.length) {
                    *place = byte.to_ascii_lowercase();
                    canonical.length += 1;
                }
            }
            return canonical;
        }
        let count = name.bytes().filter(u8::is_ascii_alphanumeric).count();
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).skip(count.saturating_sub(LONGEST));
        for (place, letter) in canonical.letters.iter_mut().zip(letters) {
            *place = letter.to_ascii_lowercase();
        }
        (canonical.length, canonical.is_cut) = (count.min(LONGEST), count > LONGEST);
        canonical
    }

    pub(super) fn as_str(&self) -> &str {
        self.letters.get(..self.length).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

/// Whether a name is another, in whatever way it is written.
pub(in crate::redact) fn is_called(name: &str, canonical: &str) -> bool {
    // Most are shorter.
    name.len() >= canonical.len() && {
        let written = Canonical::of(name);
        !written.is_cut && written.as_str() == canonical
    }
}
