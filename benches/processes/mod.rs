//! Whole processes, from start to exit.

mod cores;
mod pairs;

pub(crate) use cores::Cores;
pub(crate) use pairs::Pairs;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

/// One way to do something: a program, or several of which each reads what the one before it writes. What the last one
/// writes goes nowhere.
pub(crate) struct Way {
    programs: Vec<Vec<OsString>>,
    cores: Cores,
    leaves: Option<PathBuf>,
}

impl Way {
    /// One program, with its arguments.
    pub(crate) fn of<A: Into<OsString>>(cores: &Cores, program: impl IntoIterator<Item = A>) -> Self {
        Self { programs: Vec::new(), cores: cores.clone(), leaves: None }.then(program)
    }

    /// A further program that reads what the last one writes.
    pub(crate) fn then<A: Into<OsString>>(mut self, program: impl IntoIterator<Item = A>) -> Self {
        self.programs.push(program.into_iter().map(Into::into).collect());
        self
    }

    /// The file that it writes: removed before each run, and at the end.
    pub(crate) fn leaving(mut self, file: PathBuf) -> Self {
        self.leaves = Some(file);
        self
    }

    /// How long it takes, from the start of the first program to the exit of the last; or which one fails.
    pub(crate) fn time(&self) -> Result<Duration, String> {
        self.clean_up();
        let begin = Instant::now();
        let ends: Vec<_> = self.start()?.into_iter().map(|mut child| child.wait()).collect();
        let time = begin.elapsed();
        // 1 is how entrace says that a sign-in failed.
        let is_done = |end: &io::Result<ExitStatus>| end.as_ref().is_ok_and(|end| matches!(end.code(), Some(0 | 1)));
        match ends.iter().zip(&self.programs).find(|(end, _)| !is_done(end)) {
            Some((_, program)) => Err(format!("`{}` fails", shown(program))),
            None => Ok(time),
        }
    }

    /// Removes the file that it writes.
    pub(crate) fn clean_up(&self) {
        if let Some(file) = &self.leaves {
            // It is not there before the first run.
            let _ = fs::remove_file(file);
        }
    }

    fn start(&self) -> Result<Vec<Child>, String> {
        let mut children: Vec<Child> = Vec::new();
        for (index, program) in self.programs.iter().enumerate() {
            let mut words = self.cores.prefix().iter().chain(program);
            let mut command = Command::new(words.next().expect("a program has a name"));
            let is_last = index + 1 == self.programs.len();
            let input = children.last_mut().and_then(|before| before.stdout.take()).map_or(Stdio::null(), Stdio::from);
            command.args(words).stdin(input).stdout(if is_last { Stdio::null() } else { Stdio::piped() }).stderr(Stdio::null());
            children.push(command.spawn().map_err(|error| format!("`{}` does not start: {error}", shown(program)))?);
        }
        Ok(children)
    }
}

fn shown(program: &[OsString]) -> String {
    program.join(" ".as_ref()).to_string_lossy().into_owned()
}
