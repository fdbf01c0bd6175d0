//! Many captures in one run: patterns in the place of paths, where the report goes, and what an interruption leaves.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, fixture};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A small capture that can be read.
const CAPTURE: &str = "no-entra-traffic.devtools-sanitized.har";

/// A folder with a capture at each of these paths.
fn folder(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let capture = fixture(CAPTURE);
    for path in paths {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &capture).unwrap();
    }
    folder
}

/// The exit status, the paths of the captures in the report, with `/`, and what is said on standard error.
fn read(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let output = entrace().current_dir(folder).args(["diagnose", "--format", "ndjson"]).args(arguments).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let path = |line: &str| serde_json::from_str::<Value>(line).unwrap()["path"].as_str().unwrap().replace('\\', "/");
    (output.status.code().unwrap(), lines.lines().map(path).collect(), String::from_utf8(output.stderr).unwrap())
}

/// Holds that a pattern gives these captures, in this order.
#[track_caller]
fn gives(folder: &Path, pattern: &str, captures: &[&str]) {
    assert_eq!(read(folder, &[pattern]), (0, captures.iter().map(|&path| path.to_owned()).collect(), String::new()), "{pattern}");
}

#[test]
fn a_pattern_gives_what_it_matches_in_order() {
    let folder = folder(&["b.har", "a.har", "in/c.har", "in/deep/er/d.har", "in/deep/saved.txt", ".hidden/e.har", "in/.f.har"]);
    let folder = folder.path();
    fs::write(folder.join("in/deep/notes.txt"), "log: {}").unwrap();
    gives(folder, "*.har", &["a.har", "b.har"]);
    gives(folder, "./[a-b].har", &["./a.har", "./b.har"]);
    gives(folder, "?n/*.har", &["in/c.har"]);
    gives(folder, "**/*.har", &["a.har", "b.har", "in/c.har", "in/deep/er/d.har"]);
    gives(folder, "**/**/deep/**/*.har", &["in/deep/er/d.har"]);
    gives(folder, "in/../*/c.har", &["in/../in/c.har"]);
    gives(folder, ".*/*.har", &[".hidden/e.har"]);
    // A file that is matched is read whatever it is; of a folder that is matched, what is a capture.
    gives(folder, "in/deep/s*", &["in/deep/saved.txt"]);
    assert_eq!(read(folder, &["in/deep/n*"]).1, ["in/deep/notes.txt"]);
    gives(folder, "in/d*", &["in/deep/er/d.har", "in/deep/saved.txt"]);
    // What is matched twice is read once.
    gives(folder, "in/deep/**", &["in/deep/er/d.har", "in/deep/saved.txt"]);
    let absolute = folder.join("in").join("*.har");
    let (status, captures, _) = read(folder, &[absolute.to_str().unwrap()]);
    assert_eq!((status, captures.len()), (0, 1));
}

#[test]
fn a_pattern_that_matches_nothing_is_told() {
    let folder = folder(&["a.har", "empty/x"]);
    fs::remove_file(folder.path().join("empty/x")).unwrap();
    for pattern in ["*.saz", "none/**/*.har", "a[.har", "empty/*", "empt*", "a.har*/b"] {
        let (status, captures, stderr) = read(folder.path(), &[pattern, "a.har"]);
        assert_eq!((status, captures), (2, vec![pattern.to_owned(), "a.har".to_owned()]), "{stderr}");
        assert!(stderr.starts_with(&format!("entrace: {pattern}: ")) && stderr.contains("as a pattern"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    // What is no pattern is told as ever.
    let (status, _, stderr) = read(folder.path(), &["none.har"]);
    assert!(status == 2 && !stderr.contains("pattern"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn a_name_that_is_there_is_no_pattern() {
    let folder = folder(&["[ab].har", "a.har", "*.har", "day [1]/x.har", "day 1/y.har"]);
    let folder = folder.path();
    gives(folder, "[ab].har", &["[ab].har"]);
    gives(folder, "*.har", &["*.har"]);
    gives(folder, "day [1]", &["day [1]/x.har"]);
    gives(folder, "day [1]/*.har", &["day [1]/x.har"]);
    gives(folder, "[a].har", &["a.har"]);
}

#[test]
#[cfg(unix)]
fn a_circle_of_links_has_an_end() {
    let folder = folder(&["in/a.har"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("in/circle")).unwrap();
    gives(folder.path(), "**/*.har", &["in/a.har"]);
    gives(folder.path(), "in/*/in/*.har", &["in/circle/in/a.har"]);
}

#[test]
fn a_report_is_the_same_on_standard_output_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report");
    let (one, two) = ("two-failures.v4.devtools-sanitized.har", "no-session-iframe.v4.zipped.zip");
    for format in program::FORMATS {
        for captures in [&[one] as &[&str], &[one, two, CAPTURE]] {
            let diagnose = || [&["diagnose", "--format", format], captures].concat();
            let shown = entrace().args(diagnose()).output().unwrap();
            let written = entrace().args(diagnose()).arg("--output").arg(&file).output().unwrap();
            assert_eq!((shown.status, written.stdout.len()), (written.status, 0), "{format}");
            assert!(!shown.stdout.is_empty() && shown.stdout == fs::read(&file).unwrap(), "{format}");
        }
    }
}

#[test]
fn a_report_without_a_place_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none/report");
    let output = entrace().args(["diagnose", CAPTURE, "--output"]).arg(&file).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("report: ") && stderr.lines().count() == 1, "{stderr}");
}

/// Whether the reader goes before the last word or after it is chance, and the status must not be.
#[test]
fn the_exit_status_is_the_same_whether_or_not_somebody_reads_to_the_end() {
    const FAILING: &str = "two-failures.v4.devtools-sanitized.har";
    let mut runs: Vec<Vec<&str>> = program::FORMATS.iter().map(|format| vec!["diagnose", "--format", format, FAILING]).collect();
    runs.extend(program::FORMATS.iter().map(|format| vec!["diagnose", "--format", format, CAPTURE, "none.har", FAILING]));
    runs.push(vec!["timeline", "--format", "json", FAILING]);
    runs.push(vec!["explain", "AADSTS50058"]);
    runs.push(vec!["explain", "AADSTS99999999"]);
    runs.push(vec!["formats"]);
    if cfg!(target_os = "linux") {
        runs.push(vec!["diagnose", "--output", "/dev/stdout", FAILING]);
    }
    for run in runs {
        let read = entrace().args(&run).output().unwrap().status;
        // Nobody reads from the beginning.
        let closed = || std::io::pipe().unwrap().1;
        let unread = entrace().args(&run).stdout(closed()).stderr(closed()).status().unwrap();
        assert_eq!(unread, read, "{run:?}");
    }
}

#[test]
fn text_tells_what_could_not_be_read_wherever_it_is_written() {
    let folder = folder(&["a.har", "b.har"]);
    fs::write(folder.path().join("empty.har"), "").unwrap();
    let file = tempfile::tempdir().unwrap();
    let file = file.path().join("report");
    for subcommand in ["diagnose", "timeline"] {
        let run = || {
            let mut command = entrace();
            command.current_dir(folder.path()).args([subcommand, "."]);
            command
        };
        let shown = run().output().unwrap();
        let written = run().arg("--output").arg(&file).output().unwrap();
        let text = String::from_utf8(shown.stdout).unwrap();
        assert_eq!(text, fs::read_to_string(&file).unwrap());
        assert_eq!((shown.status, &shown.stderr), (written.status, &written.stderr));
        assert!(text.contains("empty.har\nNot read: this file is empty"), "{text}");
        if subcommand == "diagnose" {
            assert!(text.contains("3 captures, 2 different outcomes") && text.contains("1  not read"), "{text}");
        }
    }
}

/// Others who could read the report before it was written anew can read it still.
#[cfg(unix)]
#[test]
fn a_file_that_is_written_anew_keeps_who_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report");
    fs::write(&file, "the former").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(entrace().args(["diagnose", CAPTURE, "--output"]).arg(&file).status().unwrap().success());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    assert!(fs::read_to_string(&file).unwrap().contains("Verdict"));
}

#[cfg(unix)]
mod interrupted {
    use super::*;
    use std::io::Read;
    use std::os::fd::AsFd;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    /// How many captures are read: more than anybody waits for here.
    const MANY: usize = 1500;
    const SIGINT: i32 = 2;
    /// A pipe holds this many bytes on Linux, and no more elsewhere.
    const PIPE: usize = 64 << 10;
    /// Whatever is waited for is there long before, also where the computer has much else to do.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn many() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("0000.har");
        fs::write(&first, fixture("two-failures.v4.devtools-sanitized.har")).unwrap();
        for number in 1..MANY {
            fs::hard_link(&first, folder.path().join(format!("{number:04}.har"))).unwrap();
        }
        folder
    }

    /// The program. A test that fails does not leave it behind, waiting for a reader.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            // It has ended, or it ends now.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    impl Running {
        fn start(captures: &TempDir, arguments: &[&str], stdout: Stdio) -> Self {
            let mut command = entrace();
            command.arg("diagnose").args(arguments).arg(captures.path()).stdout(stdout).stderr(Stdio::null());
            Self(command.spawn().unwrap())
        }

        fn interrupt(&self) {
            assert!(Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().unwrap().success());
        }

        /// How it ended, if it has.
        fn end(&mut self) -> Option<ExitStatus> {
            self.0.try_wait().unwrap()
        }

        /// How it ends. Until then this is done again and again.
        fn ends(&mut self, meanwhile: impl Fn(&Self)) -> ExitStatus {
            within_patience("the end of the program", || {
                meanwhile(self);
                self.end()
            })
        }
    }

    /// What is there at last.
    fn within_patience<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a pipe that nobody reads takes no more, so that whoever writes into it waits in the middle of a line.
    fn is_full(pipe: &impl AsFd) {
        let (mut before, mut since) = (0, Instant::now());
        within_patience("a pipe that is full", || {
            let waiting = usize::try_from(rustix::io::ioctl_fionread(pipe).unwrap()).unwrap();
            if waiting != before {
                (before, since) = (waiting, Instant::now());
            }
            (waiting > PIPE / 2 && since.elapsed() > Duration::from_millis(300)).then_some(())
        });
    }

    #[test]
    fn lines_are_whole() {
        let captures = many();
        let mut program = Running::start(&captures, &["--format", "ndjson"], Stdio::piped());
        let mut stdout = program.0.stdout.take().unwrap();
        let mut text = vec![0; 1];
        stdout.read_exact(&mut text).unwrap();
        is_full(&stdout);
        program.interrupt();
        stdout.read_to_end(&mut text).unwrap();
        assert_eq!(program.ends(|_| ()).signal(), Some(SIGINT));
        assert!(text.len() > PIPE / 2, "{} bytes", text.len());
        assert_eq!(text.last(), Some(&b'\n'), "the last line is not whole");
        let lines: Vec<&str> = std::str::from_utf8(&text).unwrap().lines().collect();
        for line in &lines {
            serde_json::from_str::<Value>(line).unwrap();
        }
        assert!(lines.len() < MANY);
    }

    #[test]
    fn who_insists_is_not_kept_waiting() {
        let captures = many();
        let mut program = Running::start(&captures, &["--format", "ndjson"], Stdio::piped());
        let mut stdout = program.0.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        is_full(&stdout);
        program.interrupt();
        sleep(Duration::from_millis(50));
        assert_eq!(program.end(), None, "it waits for its reader");
        // Signals that come before the program has seen the first one are one with it.
        assert_eq!(program.ends(Running::interrupt).signal(), Some(SIGINT));
    }

    #[test]
    fn a_file_is_the_former_or_whole_and_nothing_lies_beside_it() {
        let captures = many();
        let mut interrupted = 0;
        for (format, wait) in [("text", 0), ("json", 40), ("ndjson", 80), ("markdown", 120), ("html", 160), ("sarif", 200)] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("report");
            fs::write(&file, "the former").unwrap();
            let mut program = Running::start(&captures, &["--format", format, "--output", file.to_str().unwrap()], Stdio::null());
            sleep(Duration::from_millis(wait));
            program.interrupt();
            interrupted += usize::from(program.ends(|_| ()).signal() == Some(SIGINT));
            let content = fs::read_to_string(&file).unwrap();
            assert!(content == "the former" || content.contains(&format!("{:04}.har", MANY - 1)), "{format}: {} bytes", content.len());
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{format}");
        }
        assert!(interrupted > 0);
    }
}
