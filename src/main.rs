//! The command `entrace`.

use std::process::ExitCode;

fn main() -> ExitCode {
    entrace::cli::main()
}
