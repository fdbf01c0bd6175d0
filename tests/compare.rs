//! Where a working sign-in and a failing one part, from the outside.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

#[path = "compare/both_fail.rs"]
mod both_fail;
#[path = "compare/command.rs"]
mod command;
#[path = "compare/hidden.rs"]
mod hidden;
#[path = "compare/lessons.rs"]
mod lessons;
#[path = "compare/pairs.rs"]
mod pairs;
mod program;
#[path = "compare/rows.rs"]
mod rows;
#[path = "compare/subjects.rs"]
mod subjects;
mod support;
