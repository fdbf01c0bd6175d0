//! `entrace diagnose`: the default.

use super::args::DiagnoseArgs;
use super::report::Report;
use super::{batch, inputs};
use crate::analysis::{Verdict, analyze_beside};
use crate::capture::Capture;
use crate::checks::{Beside, Expectation};
use crate::report::printable;
use crate::sign_in_log::{SignInLogError, SignInLogs};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn run(options: &DiagnoseArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let knowledge = options.knowledge.load()?;
    let expectation = Expectation { tenant: options.expect_tenant.clone(), client: options.expect_client.clone() };
    let beside = Beside { expectation, sign_in_logs: sign_in_logs(&options.sign_in_logs)? };
    let inputs = inputs::inputs(&options.captures);
    let mut report = Report::begin(options, stdout)?;
    let (mut problems, mut fails) = (Vec::new(), false);
    let analyse = |capture: &Capture| analyze_beside(capture, &knowledge, &beside);
    batch::each(&inputs, &options.reading.options()?, analyse, |path, outcome| {
        fails |= outcome.as_ref().is_ok_and(|analysis| analysis.verdict == Verdict::Failing);
        problems.extend(outcome.as_ref().err().map(|problem| (path.clone(), problem.clone())));
        report.add(path, outcome)
    })?;
    report.finish()?;
    for (path, problem) in &problems {
        writeln!(stderr, "entrace: {}: {problem}", printable(path))?;
    }
    Ok(ExitCode::from(if problems.is_empty() { u8::from(fails) } else { 2 }))
}

/// The logs that were given; one that cannot be read ends the run before any capture is read.
fn sign_in_logs(paths: &[PathBuf]) -> io::Result<SignInLogs> {
    let mut logs = SignInLogs::default();
    for path in paths {
        let told = |error: SignInLogError| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", printable(&path.display().to_string())))
        };
        logs.add(path).map_err(told)?;
    }
    Ok(logs)
}
