//! Seen, not seen, not recorded: the difference that the whole diagnosis rests on.

/// A part of an exchange that a recorder may or may not have kept.
///
/// "Empty" means that the recorder would have kept the part and there was none. "Not kept" means that
/// nothing follows from the part being missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded<T> {
    /// The part was there and is here.
    Kept(T),
    /// The recorder keeps this part, and there was none.
    Empty,
    /// The part is missing from the file, whatever was on the wire.
    NotKept(Loss),
}

/// Why a part is missing from a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Loss {
    /// The exporter removed it ("Export HAR (sanitized)").
    Stripped,
    /// The recorder had let go of it (the body of a page that the browser has left).
    Evicted,
    /// The recorder never keeps this part.
    NotRecorded,
    /// The entry holds provisional headers only (served from a cache, blocked early).
    Provisional,
    /// The entry did not concern sign-in, so only a summary of it was kept in memory.
    Summarised,
    /// The entry was damaged at this part.
    Damaged,
    /// Nothing in the file says whether it was there.
    Unknown,
}

impl Loss {
    /// A sentence fragment that completes "not recorded: …".
    pub fn reason(self) -> &'static str {
        match self {
            Self::Stripped => "the exporter removed it",
            Self::Evicted => "the recorder no longer had it when the file was saved",
            Self::NotRecorded => "this recorder does not keep it",
            Self::Provisional => "the entry holds only provisional headers",
            Self::Summarised => "the entry did not look like sign-in traffic and was read as a summary",
            Self::Damaged => "the entry is damaged here",
            Self::Unknown => "nothing in the file tells whether it was there",
        }
    }
}

impl<T> Recorded<T> {
    /// The part, if it was kept.
    pub fn kept(&self) -> Option<&T> {
        match self {
            Self::Kept(value) => Some(value),
            Self::Empty | Self::NotKept(_) => None,
        }
    }

    /// Why the part is missing, if it is not recorded.
    pub fn loss(&self) -> Option<Loss> {
        match self {
            Self::NotKept(loss) => Some(*loss),
            Self::Kept(_) | Self::Empty => None,
        }
    }

    /// The same knowledge of a borrowed part.
    pub fn as_ref(&self) -> Recorded<&T> {
        match self {
            Self::Kept(value) => Recorded::Kept(value),
            Self::Empty => Recorded::Empty,
            Self::NotKept(loss) => Recorded::NotKept(*loss),
        }
    }

    /// The same knowledge of a derived value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Recorded<U> {
        match self {
            Self::Kept(value) => Recorded::Kept(f(value)),
            Self::Empty => Recorded::Empty,
            Self::NotKept(loss) => Recorded::NotKept(loss),
        }
    }
}
