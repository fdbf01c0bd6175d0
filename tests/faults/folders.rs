//! Folders in which not everything is a file that can be read, and names that no one would give.

use super::program::needs;
use super::{Answer, Place, answer};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

#[test]
fn nothing_in_a_folder_is_waited_for() {
    let place = Place::new();
    fs::create_dir(place.path("in")).unwrap();
    fs::copy(place.path("login.har"), place.path("in/a.har")).unwrap();
    let made = place.shell("cd in && mkfifo pipe.har pipe.json pipe.xml && ln -s /dev/zero zero.har && ln -s /dev/zero zero.json");
    assert_eq!(made.code, Some(0), "{made:?}");
    symlink("circle.har", place.path("in/circle.har")).unwrap();
    symlink("none", place.path("in/nowhere.har")).unwrap();
    symlink("..", place.path("in/up.har")).unwrap();
    symlink("..", place.path("in/up")).unwrap();
    let alone = place.run(&["diagnose", "--format", "json", "in/a.har"]);
    for folder in ["in", "in/*.[hj]*", "**/[!u]*.har"] {
        let answer = place.run(&["diagnose", "--format", "ndjson", folder]);
        assert_eq!(answer.code, Some(2), "{answer:?}");
        let about = |name: &str, says: &str| {
            let told = answer.stderr.lines().any(|line| line.contains(&format!("/{name}: ")) && line.contains(says));
            assert!(told, "{name} in {answer:?}");
        };
        about("pipe.har", "pipe or device");
        about("zero.har", "pipe or device");
        about("circle.har", "symbolic links");
        about("nowhere.har", "No such file");
        assert!(answer.stdout.contains("third-party-cookies-blocked") && alone.stdout.contains("third-party-cookies-blocked"), "{folder}");
    }
    let told = place.run(&["in"]).stderr;
    assert!(!told.contains("up") && !told.contains(".json"), "{told}");
}

/// Who has no rights, where the tests may read everything.
const NOBODY: u32 = 65534;

/// The program where whoever has no rights may run it: a copy, because it may lie in a folder that is closed to them.
struct OpenToAll(TempDir);

impl OpenToAll {
    /// `None` where nobody can be anybody else.
    fn new() -> Option<Self> {
        let copy = Self(TempDir::new().unwrap());
        fs::set_permissions(copy.0.path(), Permissions::from_mode(0o755)).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_entrace"), copy.program()).unwrap();
        let may_run = Command::new(copy.program()).arg("--version").uid(NOBODY).gid(NOBODY).output();
        needs("a folder for temporary files that is open to all", may_run.is_ok_and(|output| output.status.success())).then_some(copy)
    }

    fn program(&self) -> PathBuf {
        self.0.path().join("entrace")
    }
}

/// What somebody without rights gets: whoever runs the tests, unless they may read everything, as `root` may.
fn without_rights(place: &Place, program: Option<&OpenToAll>, arguments: &[&str]) -> Answer {
    let mut command = match program {
        Some(copy) => Command::new(copy.program()),
        None => return place.run(arguments),
    };
    command.env_clear().env("ENTRACE_CONFIG", "").current_dir(place.0.path()).uid(NOBODY).gid(NOBODY);
    answer(command.args(arguments))
}

#[test]
fn what_may_not_be_read_costs_nothing_else() {
    let place = Place::new();
    fs::create_dir_all(place.path("a/closed")).unwrap();
    fs::copy(place.path("login.har"), place.path("a/b.har")).unwrap();
    for name in ["closed.har", "a/a.har", "a/log.json"] {
        fs::copy(place.path("login.har"), place.path(name)).unwrap();
        fs::set_permissions(place.path(name), Permissions::from_mode(0o000)).unwrap();
    }
    fs::set_permissions(place.path("a/closed"), Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(place.0.path(), Permissions::from_mode(0o755)).unwrap();
    let copy = match fs::File::open(place.path("closed.har")) {
        Err(_) => None,
        Ok(_) => match OpenToAll::new() {
            None => return,
            copy => copy,
        },
    };
    let run = |arguments: &[&str]| without_rights(&place, copy.as_ref(), arguments);
    for arguments in [&["diagnose", "a"][..], &["timeline", "a"], &["diagnose", "**/*.*[rn]"]] {
        let answer = run(arguments);
        assert!(answer.code == Some(2) && answer.stdout.contains("a/b.har"), "{answer:?}");
        answer.says(&["a/a.har: the file cannot be read: Permission denied", "a/closed: the folder cannot be read: Permission denied"]);
        answer.says(&["a/log.json: the file cannot be read: Permission denied"]);
    }
    for command in [&["redact", "--output", "out"][..], &["bundle", "--output", "out"], &["compare", "a/b.har"]] {
        let answer = run(&[command, &["closed.har"]].concat());
        answer.refused(&["closed.har", "Permission denied"]);
    }
    let answer = run(&["redact", "a/b.har", "--output", "out"]);
    // Where the tests have no rights of their own, the folder is theirs.
    if answer.code != Some(0) {
        answer.refused(&["out", "cannot be written: permission denied"]);
        assert_eq!(place.names(), ["a", "closed.har", "login.har"]);
    }
    // So that the folder can be removed again.
    fs::set_permissions(place.path("a/closed"), Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn no_name_steers_a_terminal() {
    let place = Place::new();
    let name = OsStr::from_bytes(b"a\xFF\x1B[31mred\x07\n\xC2\x9B.har");
    fs::create_dir(place.path("in")).unwrap();
    // A system whose names are text has no such files.
    if fs::copy(place.path("login.har"), place.path("in").join(name)).is_err() {
        return;
    }
    let name = OsStr::from_bytes(b"in/a\xFF\x1B[31mred\x07\n\xC2\x9B.har");
    let bad = OsStr::from_bytes(b"none\xFF\x1B[31m/x");
    let [folder, har, output] = ["in", "login.har", "--output"].map(OsStr::new);
    let runs: &[(&[&str], &[&OsStr])] = &[
        (&["diagnose"], &[folder]),
        (&["diagnose", "--format", "markdown"], &[name]),
        (&["diagnose", "--format", "json"], &[name]),
        (&["diagnose", "--format", "sarif"], &[name]),
        (&["diagnose", "--format", "html"], &[name]),
        (&["timeline"], &[name]),
        (&["compare"], &[name, name]),
        (&["redact"], &[name, output, OsStr::new("safe.har")]),
        (&["bundle"], &[name, output, OsStr::new("bundle")]),
        (&["diagnose"], &[bad]),
        (&["redact"], &[bad, output, bad]),
        (&["bundle"], &[bad, output, bad]),
        (&["compare"], &[bad, bad]),
        (&["diagnose"], &[har, output, bad]),
        (&["diagnose", "--sign-in-logs"], &[bad, har]),
        (&["diagnose", "--msal-log"], &[bad, har]),
        (&["diagnose", "--knowledge"], &[bad, har]),
        (&["diagnose", "--password-file"], &[bad, har]),
        (&["man", "--output"], &[OsStr::from_bytes(b"login.har/\x1B[31m")]),
    ];
    for (arguments, names) in runs {
        let answer = answer(place.entrace().args(*arguments).args(*names));
        let steers = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        assert!(!steers(&answer.stdout) && !steers(&answer.stderr), "{arguments:?}: {answer:?}");
        let refused = names.iter().any(|name| *name == bad || name.as_bytes().starts_with(b"login.har/"));
        assert_eq!(
            (answer.code == Some(2), answer.stderr.lines().any(|line| line.starts_with("entrace: "))),
            (refused, refused),
            "{answer:?}"
        );
    }
    for file in super::names(&place.path("bundle")) {
        let bytes = fs::read(place.path("bundle").join(file)).unwrap();
        assert!(!bytes.contains(&0x1B));
    }
}
