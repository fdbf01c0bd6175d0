//! The same file on one core, read by others. The readers in Rust are a package of their own (`benches/peers`), so that
//! the build of entrace needs none of their crates.

use super::{Aim, Comparison, ENTRACE, Measure, Settings, command};
use crate::generator::{self, Shape};
use crate::processes::{Cores, Way};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const MEASURES: &[Measure] = &[
    Measure { name: "peer-serde_json", prepare: |settings| package(settings, "typed_serde_json") },
    Measure { name: "peer-sonic-rs", prepare: |settings| package(settings, "typed_sonic_rs") },
    Measure { name: "peer-jq", prepare: jq },
];

/// What jq is asked: how many requests went to the sign-in service.
const FILTER: &str = r#"[.log.entries[]|select(.request.url|test("login.microsoftonline"))]|length"#;

/// jq takes half a minute for what the others read in one second.
const FEWER_ROUNDS: usize = 3;

fn package(settings: &Settings, program: &str) -> Result<Comparison, String> {
    let program = build()?.join(program);
    comparison(settings, |one, file| Way::of(one, [&*program, file]), 1.8)
}

fn jq(settings: &Settings) -> Result<Comparison, String> {
    if !Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_ok_and(|end| end.success()) {
        return Err("takes the command jq".to_owned());
    }
    let comparison = comparison(settings, |one, file| Way::of(one, command(["jq", FILTER], file)), 20.0)?;
    Ok(Comparison { rounds: settings.rounds.min(FEWER_ROUNDS), ..comparison })
}

fn comparison(settings: &Settings, theirs: impl Fn(&Cores, &Path) -> Way, times: f64) -> Result<Comparison, String> {
    let one = Cores::first(1)?;
    let file = generator::file(Shape::Bodies, settings.megabytes).path;
    let ours = Way::of(&one, command([ENTRACE], &file));
    Ok(Comparison { ours, theirs: theirs(&one, &file), aim: Aim::TimesAsFast(times), rounds: settings.rounds })
}

/// Builds the package; the folder of its programs.
fn build() -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(&target);
    if cargo.status().is_ok_and(|end| end.success()) { Ok(target.join("release")) } else { Err("benches/peers does not build".to_owned()) }
}
