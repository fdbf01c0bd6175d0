//! What somebody sees who waits at a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};
use std::time::Duration;

/// How often a sign of life moves, and after how long the first comes: what is done sooner shows none.
const TICK: Duration = Duration::from_millis(250);

/// A bar for somebody who waits for many captures and does not see them go by.
pub(super) fn of_captures(count: usize) -> ProgressBar {
    if count < 2 || io::stdout().is_terminal() || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} captures, {per_sec}, {eta} left");
    ProgressBar::new(count as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A sign of life while one thing is done, of which nobody knows how long it takes.
pub(super) fn of_one(what: String) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed} so far");
    let progress = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner())).with_message(what);
    progress.enable_steady_tick(TICK);
    progress
}
