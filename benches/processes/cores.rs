//! On which cores a process may run.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};

/// Some of the cores that this process may use.
#[derive(Clone)]
pub(crate) struct Cores(Vec<OsString>);

impl Cores {
    /// Whatever the system gives.
    pub(crate) fn any() -> Self {
        Self(Vec::new())
    }

    /// The first `count` cores; why not, where they are too few or `taskset` is missing.
    pub(crate) fn first(count: usize) -> Result<Self, String> {
        let allowed = allowed();
        let cores: Vec<String> = allowed.iter().take(count).map(ToString::to_string).collect();
        if cores.len() < count {
            return Err(format!("takes {count} cores and Linux"));
        }
        let taskset = ["taskset", "-c", &cores.join(",")].map(OsString::from);
        let [program, arguments @ ..] = &taskset;
        let works = Command::new(program).args(arguments).arg("true").stderr(Stdio::null()).status().is_ok_and(|end| end.success());
        if works { Ok(Self(taskset.into())) } else { Err("takes the command taskset".to_owned()) }
    }

    /// What stands before a command to keep it on these cores.
    pub(super) fn prefix(&self) -> &[OsString] {
        &self.0
    }
}

/// The numbers of the cores that this process may use, as Linux tells them: `0-3,8`.
fn allowed() -> Vec<u32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or_default();
    let ranges = list.trim().split(',').filter_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse::<u32>().ok()?..=last.parse::<u32>().ok()?)
    });
    ranges.flatten().collect()
}
