//! A redacted copy, checked, against a plain one.

use super::{Aim, Comparison, ENTRACE, Measure, Settings};
use crate::generator::{self, Shape};
use crate::processes::{Cores, Way};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) const MEASURES: &[Measure] = &[
    Measure { name: "redact-dropped", prepare: |settings| redaction(settings, &[], Aim::AtMost(1.0)) },
    Measure { name: "redact-kept", prepare: |settings| redaction(settings, &["--keep-bodies"], Aim::AtMost(3.0)) },
];

/// `entrace redact FILE --output COPY` and `dd if=FILE of=COPY bs=256K`, which reads and writes: `cp` may only note that
/// two files are the same.
fn redaction(settings: &Settings, options: &[&str], aim: Aim) -> Result<Comparison, String> {
    let file = generator::file(Shape::Bodies, settings.megabytes).path;
    let folder = fast_folder();
    let process = std::process::id();
    let (redacted, plain) = (folder.join(format!("entrace-{process}-redacted.har")), folder.join(format!("entrace-{process}-plain.har")));
    let mut redact: Vec<OsString> = [ENTRACE, "redact", "--output"].map(OsString::from).into();
    redact.extend([redacted.clone().into(), file.clone().into()]);
    redact.extend(options.iter().map(OsString::from));
    let copy = ["dd".into(), named("if=", &file), named("of=", &plain), "bs=256K".into()];
    let cores = Cores::any();
    Ok(Comparison {
        ours: Way::of(&cores, redact).leaving(redacted),
        theirs: Way::of(&cores, copy).leaving(plain),
        aim,
        rounds: settings.rounds,
    })
}

fn named(name: &str, file: &Path) -> OsString {
    let mut argument = OsString::from(name);
    argument.push(file);
    argument
}

/// A folder in memory, where there is one, so that no disk is measured.
fn fast_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { env::temp_dir() }
}
