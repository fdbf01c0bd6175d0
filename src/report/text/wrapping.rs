//! How text is wrapped.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// How text is wrapped: between words only, so that ids and addresses stay whole.
pub(super) fn wrapping<'o>(width: usize) -> Options<'o> {
    Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}
