//! What the targets share. Each target is a file of `fuzz_targets`; what it asks for is told there.

pub mod captures;
pub mod files;
pub mod input;
pub mod planting;
pub mod reading;

#[path = "../../tests/page/mod.rs"]
mod page;
#[path = "../../tests/planted/mod.rs"]
mod planted;
#[path = "../../tests/support/mod.rs"]
mod support;
#[path = "../../tests/unsteered/mod.rs"]
mod unsteered;
#[path = "../../tests/unwrapped/mod.rs"]
mod unwrapped;

use entrace::{Analysis, Capture, Knowledge, analyze};
use std::sync::LazyLock;

/// What entrace knows, read once.
pub static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

/// What a capture comes to; `None` where it cannot be read.
pub fn analysis(bytes: &[u8]) -> Option<Analysis> {
    Capture::from_bytes(bytes.to_vec()).ok().map(|capture| analyze(&capture, &KNOWLEDGE))
}

/// Stops with what was found to be wrong.
#[track_caller]
pub fn holds(outcome: Result<(), String>) {
    if let Err(wrong) = outcome {
        panic!("{wrong}");
    }
}
