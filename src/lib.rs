//! Reads a recorded network trace, finds the Microsoft Entra ID sign-in traffic in it, and says why the
//! sign-in failed: which error, which of its possible causes, on what evidence, who can fix it and how.

pub mod analysis;
pub mod capture;
pub mod checks;
pub mod cli;
pub mod diagnosis;
pub mod entra;
pub mod exchange;
pub mod knowledge;
pub mod report;
pub mod signin;

pub use analysis::{Analysis, analyze};
pub use capture::Capture;
pub use knowledge::Knowledge;
