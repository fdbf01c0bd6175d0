//! Names every failure of a capture with its likeliest cause.
//!
//!     cargo run --example diagnose -- fixtures/third-party-cookies-blocked.v4.devtools-full.har

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use entrace::{Capture, Knowledge, analyze};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("name a capture")?;
    for line in failures(Path::new(&path))? {
        println!("{line}");
    }
    Ok(())
}

/// A line for each.
pub fn failures(path: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let capture = Capture::open(path)?;
    let analysis = analyze(&capture, &Knowledge::builtin());
    let mut lines = Vec::new();
    for diagnosis in &analysis.diagnoses {
        let code = diagnosis.code.map_or("no code".to_owned(), |code| code.to_string());
        if let Some(cause) = diagnosis.causes.first() {
            lines.push(format!("{code}: {} ({})", cause.id, cause.confidence));
        }
    }
    Ok(lines)
}
