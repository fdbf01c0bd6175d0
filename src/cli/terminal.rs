//! What the terminal that a text goes to can show.

use super::args::{Color, OutputArgs};
use crate::report::text;
use std::env;
use std::io::{self, IsTerminal};

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
