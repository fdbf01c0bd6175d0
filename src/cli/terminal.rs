//! What the terminal that a text goes to can show.

use super::args::{Color, OutputArgs};
use super::report::WIDTH;
use crate::report::text;
use std::env;
use std::io::{self, IsTerminal};
use terminal_size::Width;
use textwrap::{Options, WordSplitter};

/// How a text is laid out: as wide as it was asked for, else as the terminal that it goes to; coloured where that was
/// asked for, else in a terminal; and with links where the terminal has them.
///
/// Unasked, a file or a pipe gets neither colours nor links, whatever the environment says: somebody else reads it.
pub(super) fn text_options(output: &OutputArgs, color: Color, width: usize) -> text::Options {
    let to_terminal = output.file.is_none() && io::stdout().is_terminal();
    let terminal = terminal_size::terminal_size().filter(|_| to_terminal).map(|(width, _)| usize::from(width.0));
    // A terminal that knows no sequences shows them as text.
    let is_dumb = env::var_os("TERM").is_some_and(|name| name == "dumb");
    // https://no-color.org: any value but the empty one turns colours off.
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    text::Options {
        width: output.width.or(terminal).unwrap_or(width),
        color: match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => to_terminal && !is_dumb && !no_color,
        },
        // `FORCE_HYPERLINK` decides for a terminal that is not known, and against one that is.
        links: to_terminal && !is_dumb && supports_hyperlinks::supports_hyperlinks(),
    }
}

/// How many columns a stream shows: those of its terminal, else as many as a report has in a file.
#[cfg(unix)]
pub(super) fn columns(stream: &(impl IsTerminal + std::os::fd::AsFd)) -> usize {
    let terminal = stream.is_terminal().then(|| terminal_size::terminal_size_of(stream)).flatten();
    terminal.map_or(WIDTH, |(Width(columns), _)| usize::from(columns))
}

/// How many columns a stream shows: those of the terminal, else as many as a report has in a file.
#[cfg(not(unix))]
pub(super) fn columns(stream: &impl IsTerminal) -> usize {
    let terminal = stream.is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(Width(columns), _)| usize::from(columns))
}

/// Lines that fit into so many columns: what does not is continued below, so far in.
pub(super) fn filled(line: &str, columns: usize, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let options = Options::new(columns).subsequent_indent(&indent).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(line, options)
}

/// A text of several lines, each of which fits.
pub(super) fn filled_lines(text: &str, columns: usize, indent: usize) -> String {
    text.lines().map(|line| filled(line, columns, indent)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_filled_and_words_stay_whole() {
        assert_eq!(filled("  name   a few words", 14, 9), "  name   a few\n         words");
        assert_eq!(filled("  name   short", 14, 9), "  name   short");
        assert_eq!(filled("a-rather-long-word", 6, 2), "a-rather-long-word");
    }
}
