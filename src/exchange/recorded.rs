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
#[non_exhaustive]
pub enum Loss {
    /// The exporter removed it ("Export HAR (sanitized)").
    Stripped,
    /// The recorder had let go of it (the body of a page that the browser has left).
    Evicted,
    /// It is in a file of its own that did not come with the capture.
    Apart,
    /// The recorder never keeps this part.
    NotRecorded,
    /// The entry holds provisional headers only (served from a cache, blocked early).
    Provisional,
    /// The entry did not concern sign-in, so only a summary of it was kept in memory.
    Summarised,
    /// The part was larger than is held in memory of one entry.
    TooLarge,
    /// The entry was damaged at this part.
    Damaged,
    /// Nothing in the file says whether it was there.
    Unknown,
}

impl Loss {
    /// Why a part is missing, as a clause: `the exporter removed the request's cookies`.
    pub fn explain(self, what: &str) -> String {
        match self {
            Self::Stripped => format!("the exporter removed {what}"),
            Self::Evicted => format!("the recorder no longer had {what} when the file was saved"),
            Self::Apart => format!("{what} is in a file of its own that did not come with the capture"),
            Self::NotRecorded => format!("this recorder does not keep {what}"),
            Self::Provisional => format!("the entry holds only provisional headers, without {what}"),
            Self::Summarised => format!("the entry did not look like sign-in traffic and was read without {what}"),
            Self::TooLarge => format!("the entry is too large to be held whole and was read without {what}"),
            Self::Damaged => format!("the entry is damaged at {what}"),
            Self::Unknown => format!("the file does not tell whether it leaves out {what} or there were none"),
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
