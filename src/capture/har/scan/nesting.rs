//! What the current value stands in, without recursion: a hundred thousand brackets are a hundred thousand bits.

/// What a value may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Object,
}

/// What the current value stands in, from the outside to the inside: one bit each.
#[derive(Default)]
pub(super) struct Nesting {
    depth: usize,
    /// The innermost up to 64.
    inner: u64,
    /// The others, 64 at a time.
    outer: Vec<u64>,
}

impl Nesting {
    /// Goes into a container.
    pub(super) fn push(&mut self, container: Container) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.inner);
        }
        self.inner = self.inner << 1 | u64::from(container == Container::Object);
        self.depth += 1;
    }

    /// Leaves the innermost container.
    pub(super) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.inner >>= 1;
        if self.depth.is_multiple_of(64) {
            self.inner = self.outer.pop().unwrap_or_default();
        }
    }

    /// Whether the innermost container is an item of an array, as far as is easily told.
    #[inline(always)]
    pub(super) fn is_item(&self) -> bool {
        self.depth % 64 > 1 && self.inner & 0b10 == 0
    }

    /// The innermost container.
    pub(super) fn top(&self) -> Option<Container> {
        (self.depth > 0).then_some(if self.inner & 1 == 1 { Container::Object } else { Container::Array })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_last_is_left_first() {
        let mut nesting = Nesting::default();
        let kind = |depth: usize| if depth.is_multiple_of(3) { Container::Object } else { Container::Array };
        (0..1000).for_each(|depth| nesting.push(kind(depth)));
        for depth in (0..1000).rev() {
            assert_eq!(nesting.top(), Some(kind(depth)));
            nesting.pop();
        }
        assert_eq!(nesting.top(), None);
        nesting.pop();
        assert_eq!(nesting.top(), None);
    }
}
