//! `entrace.toml`: where defaults come from, what they change, and what a file may not say that merely lies there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{fixtures, labelled, run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const FAILING: &str = "third-party-cookies-blocked.v4.devtools-full.har";

/// A name of a tenant that no capture asks for.
const CONTOSO: &str = "contoso.example";

/// A folder of somebody's own settings, and `work/ticket`, where they are.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("work/ticket")).unwrap();
        Self { folder }
    }

    /// The desk, as the program sees the way to it.
    fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn file(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Somebody's own file.
    fn own(&self, text: &str) {
        self.file("settings/entrace/entrace.toml", text);
    }

    /// A file that lies around: `work/entrace.toml`.
    fn above(&self, text: &str) {
        self.file("work/entrace.toml", text);
    }

    /// One that lies nearer: `work/ticket/entrace.toml`.
    fn near(&self, text: &str) {
        self.file("work/ticket/entrace.toml", text);
    }

    /// The program, run in `work/ticket`.
    fn entrace(&self) -> Command {
        let mut command = program::entrace();
        command.env_remove("ENTRACE_CONFIG").current_dir(self.path().join("work/ticket"));
        let settings = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
        command.env(settings, self.path().join("settings"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.entrace().args(arguments).output().unwrap()
    }

    /// How a capture is redacted: strict, hide-tenant, keep-bodies.
    fn redaction(&self, options: &[&str]) -> [bool; 3] {
        let receipt = self.path().join("receipt.json");
        let output = self.entrace().args(["redact", "--dry-run", "--receipt"]).arg(&receipt).args(options).arg(capture()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let receipt: Value = serde_json::from_slice(&fs::read(receipt).unwrap()).unwrap();
        ["strict", "hide_tenant", "keep_bodies"].map(|option| receipt["options"][option].as_bool().unwrap())
    }
}

fn capture() -> PathBuf {
    fixtures().join(FAILING)
}

/// What the program said on standard error.
fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn shown(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", told(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Whether a diagnosis says that another tenant was asked than was expected.
fn with_expectation(output: &Output) -> bool {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report.to_string().contains("expectation.other-tenant\",\"seen\":true")
}

/// A capture whose causes are weighed by what is expected.
fn weighed() -> PathBuf {
    let of_tenant = |name: &str| name.starts_with("app-not-in-tenant.");
    fixtures().join(labelled().into_iter().find(|(name, _)| of_tenant(name)).unwrap().0)
}

#[test]
fn options_win_over_the_file() {
    let desk = Desk::new();
    desk.own("[redact]\nstrict = true\nkeep-bodies = true\n");
    assert_eq!(desk.redaction(&[]), [true, false, true]);
    assert_eq!(desk.redaction(&["--hide-tenant"]), [true, true, true]);
    assert_eq!(desk.redaction(&["--no-strict", "--no-keep-bodies"]), [false; 3]);
    assert_eq!(desk.redaction(&["--no-strict", "--strict"]), [true, false, true]);
    assert_eq!(desk.redaction(&["--no-config"]), [false; 3]);
}

#[test]
fn what_is_expected_is_weighed_as_if_it_had_been_an_option() {
    let desk = Desk::new();
    desk.own(&format!("[expect]\ntenant = \"{CONTOSO}\"\n"));
    let capture = weighed();
    let diagnose = |options: &[&str]| desk.entrace().args(["diagnose", "--format", "json"]).args(options).arg(&capture).output().unwrap();
    let by_file = diagnose(&[]);
    let by_option = diagnose(&["--no-config", "--expect-tenant", CONTOSO]);
    let by_neither = diagnose(&["--no-config"]);
    assert_eq!(by_file.stdout, by_option.stdout);
    assert_eq!((told(&by_file), with_expectation(&by_file)), (String::new(), true));
    assert!(!with_expectation(&by_neither));
    let by_both = diagnose(&["--expect-tenant", "common"]);
    assert_eq!(by_both.stdout, diagnose(&["--no-config", "--expect-tenant", "common"]).stdout);
}

#[test]
fn knowledge_lies_beside_the_file_and_that_of_an_option_counts_more() {
    let desk = Desk::new();
    let code = |title: &str| {
        format!(
            "[[code]]\ncode = \"AADSTS50008\"\ntitle = \"{title}\"\nmeaning = \"M\"\nseverity = \"error\"\nnext = \"N\"\ncauses = [\"no-session\"]\n"
        )
    };
    desk.file("team/known/a.toml", &code("Of the file"));
    desk.file("work/ticket/mine/a.toml", &code("Of the option"));
    let config = desk.file("team/entrace.toml", "knowledge = [\"known\"]\n");
    let explain = |options: &[&str]| shown(&desk.entrace().arg("explain").args(options).arg("50008").output().unwrap());
    let config = config.to_str().unwrap();
    assert!(explain(&["--config", config]).contains("Of the file"));
    assert!(explain(&["--config", config, "--knowledge", "mine"]).contains("Of the option"));
    // Relative to the file, not to where one is.
    assert!(explain(&["--config", "../../team/entrace.toml"]).contains("Of the file"));
    let elsewhere = desk.file("work/entrace.toml.txt", "knowledge = [\"known\"]\n");
    let missing = desk.entrace().args(["explain", "50008", "--config"]).arg(&elsewhere).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(told(&missing).contains(desk.path().join("work/known").to_str().unwrap()), "{}", told(&missing));
}

#[test]
fn files_are_looked_for_above_and_among_ones_own_settings_and_never_beside_the_capture() {
    let desk = Desk::new();
    let tenant = |output: &Output| shown(output).lines().find_map(|line| line.strip_prefix("tenant = ").map(str::to_owned));
    let says = |name: &str| format!("[expect]\ntenant = \"{name}.example\"\n");
    assert_eq!(tenant(&desk.run(&["config"])), None);
    desk.own(&says("own"));
    assert_eq!(tenant(&desk.run(&["config"])).unwrap(), "\"own.example\"");
    desk.above(&says("above"));
    assert_eq!(tenant(&desk.run(&["config"])).unwrap(), "\"above.example\"");
    desk.near(&says("near"));
    assert_eq!(tenant(&desk.run(&["config"])).unwrap(), "\"near.example\"");
    let named = desk.file("named.toml", &says("named"));
    assert_eq!(tenant(&desk.run(&["config", "--config", named.to_str().unwrap()])).unwrap(), "\"named.example\"");
    assert_eq!(tenant(&desk.entrace().arg("config").env("ENTRACE_CONFIG", &named).output().unwrap()).unwrap(), "\"named.example\"");
    for none in [desk.entrace().arg("config").env("ENTRACE_CONFIG", "").output().unwrap(), desk.run(&["config", "--no-config"])] {
        assert_eq!(tenant(&none), None);
    }
    let beside = Desk::new();
    beside.file("there/entrace.toml", "no TOML");
    fs::copy(capture(), beside.path().join("there/login.har")).unwrap();
    let output = beside.entrace().arg(beside.path().join("there/login.har")).output().unwrap();
    assert_eq!((output.status.code(), told(&output)), (Some(1), String::new()));
}

#[test]
fn a_file_that_lies_around_makes_redaction_stricter_and_never_weaker() {
    let desk = Desk::new();
    desk.own("[redact]\nstrict = true\n");
    desk.above("[redact]\nhide-tenant = true\n");
    desk.near("[redact]\nstrict = false\nhide-tenant = false\nkeep-bodies = true\n");
    assert_eq!(desk.redaction(&[]), [true, true, false]);
    let output = desk.entrace().args(["redact", "--dry-run"]).arg(capture()).output().unwrap();
    let (above, near) = (desk.path().join("work/entrace.toml"), desk.path().join("work/ticket/entrace.toml"));
    let lines: Vec<String> = told(&output).lines().take(2).map(str::to_owned).collect();
    let expected = [
        format!("entrace: {} was found and sets redact.hide-tenant = true", above.display()),
        format!(
            "entrace: {} was found and may not set redact.strict = false, redact.hide-tenant = false, redact.keep-bodies = true; name it with --config if you trust it",
            near.display()
        ),
    ];
    assert_eq!(lines, expected);
    // Whoever names it means it.
    assert_eq!(desk.redaction(&["--config", "entrace.toml"]), [false, false, true]);
}

#[test]
fn a_file_that_lies_around_brings_no_knowledge_and_changes_no_limit() {
    let desk = Desk::new();
    desk.near("knowledge = [\"lies\", \"more\"]\n[limits]\nunpacked = 1\n");
    desk.file(
        "work/ticket/lies/a.toml",
        "[[code]]\ncode = \"AADSTS50058\"\ntitle = \"A lie\"\nmeaning = \"M\"\nseverity = \"error\"\nnext = \"N\"\ncauses = [\"no-session\"]\n",
    );
    let zipped = fixtures().join("no-session-iframe.v4.zipped.zip");
    for capture in [capture(), zipped] {
        let with = desk.entrace().arg("diagnose").arg(&capture).output().unwrap();
        let without = desk.entrace().args(["diagnose", "--no-config"]).arg(&capture).output().unwrap();
        assert_eq!((with.status, &with.stdout), (without.status, &without.stdout));
        assert!(told(&with).contains("may not set knowledge, limits.unpacked; name it"), "{}", told(&with));
    }
    // Only what matters to the subcommand is told.
    let explained = told(&desk.run(&["explain", "50058"]));
    assert!(explained.contains("knowledge") && !explained.contains("limits"), "{explained}");
}

#[test]
fn a_report_never_says_that_a_file_was_there() {
    let desk = Desk::new();
    desk.near("# Nothing yet.\n");
    let plain = desk.entrace().args(["diagnose", "--no-config", "--format", "json"]).arg(capture()).output().unwrap();
    let beside = desk.entrace().args(["diagnose", "--format", "json"]).arg(capture()).output().unwrap();
    assert_eq!((&beside.stdout, told(&beside)), (&plain.stdout, String::new()));
    desk.near("[redact]\nstrict = true\n[expect]\nclient = \"00000000-0000-0000-0000-000000000001\"\n");
    let found = desk.entrace().args(["diagnose", "--format", "json"]).arg(capture()).output().unwrap();
    assert!(!String::from_utf8(found.stdout.clone()).unwrap().contains("entrace.toml"));
    assert!(told(&found).ends_with("was found and sets expect.client = \"00000000-0000-0000-0000-000000000001\"\n"), "{}", told(&found));
}

#[test]
fn a_mistake_is_told_with_file_line_and_column_and_what_there_is() {
    let desk = Desk::new();
    let cases = [
        ("knowlege = []", "1:1: there is no key knowlege; there are knowledge, expect, redact, limits; is knowledge meant?"),
        (
            "\n[redact]\nstric = true",
            "3:1: there is no key redact.stric; there are redact.strict, redact.hide-tenant, redact.keep-bodies; is redact.strict meant?",
        ),
        (
            "hide-tenant = true",
            "1:1: there is no key hide-tenant; there are knowledge, expect, redact, limits; is redact.hide-tenant meant?",
        ),
        ("[expect]\ndomain = \"x\"", "2:1: there is no key expect.domain; there are expect.tenant, expect.client"),
        ("[redact]\nstrict = \"yes\"", "2:10: strict is true or false, without quotation marks"),
        ("knowledge = \"x\"", "1:13: knowledge is a list of folders: [\"knowledge\"]"),
        ("knowledge = [\"a\", 5]", "1:19: knowledge is a list of folders: [\"knowledge\"]"),
        ("expect = 1", "1:10: expect is a table: write [expect] on a line of its own"),
        ("[expect]\ntenant = \"two words\"", "2:10: tenant is an id, a domain or an alias such as common, in quotation marks"),
        ("[expect]\nclient = 5", "2:10: client is the id of an application, in quotation marks"),
        (&format!("[expect]\nclient = \"{}\"", "a".repeat(101)), "2:10: client is the id of an application, in quotation marks"),
        ("[limits]\nunpakced = 5", "2:1: no such limit; there are unpacked, layers, "),
        ("[limits]\npart = \"8GB\"", "2:8: part is a whole number above 0, or text with KiB, MiB or GiB: \"8GiB\""),
        ("# é\n[redact]\nstrict = ", "3:"),
        ("a\u{1b}[2Jb = 1", "1:"),
    ];
    for (text, expected) in cases {
        for text in [text.to_owned(), format!("\u{feff}{}", text.replace('\n', "\r\n"))] {
            desk.near(&text);
            let output = desk.entrace().arg(capture()).output().unwrap();
            let told = told(&output);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
            let file = desk.path().join("work/ticket/entrace.toml");
            assert!(told.starts_with(&format!("entrace: {}:{expected}", file.display())), "{told}\ninstead of\n{expected}");
            assert!(told.lines().count() == 1 && told.ends_with(" (--no-config does without it)\n"), "{told}");
            assert!(!told.contains('\u{1b}'));
        }
    }
}

#[test]
fn what_is_no_file_of_defaults_is_told_or_left_alone() {
    let desk = Desk::new();
    let near = desk.path().join("work/ticket/entrace.toml");
    let named = |path: &Path| desk.entrace().arg("config").arg("--config").arg(path).output().unwrap();
    let missing = named(&near);
    assert_eq!(missing.status.code(), Some(2));
    assert!(told(&missing).contains("entrace.toml cannot be read: "), "{}", told(&missing));
    // Nobody meant a folder of that name.
    fs::create_dir(&near).unwrap();
    assert!(shown(&desk.run(&["config"])).contains("There is no entrace.toml here"));
    assert_eq!(named(&near).status.code(), Some(2));
    fs::remove_dir(&near).unwrap();
    fs::write(&near, [0xff, 0xfe, b'#', 0]).unwrap();
    assert!(told(&desk.run(&["config"])).contains("is not written in UTF-8; save it as that"));
}

#[test]
fn a_file_of_defaults_has_an_end() {
    let desk = Desk::new();
    desk.near(&"#\n".repeat(1 << 19));
    assert_eq!(desk.run(&["config"]).status.code(), Some(0));
    desk.near(&format!("{}#", "#\n".repeat(1 << 19)));
    let output = desk.run(&["config"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("is longer than 1 MiB; an entrace.toml is a few lines"), "{}", told(&output));
}

#[cfg(unix)]
#[test]
fn a_pipe_that_lies_around_is_not_waited_for() {
    let desk = Desk::new();
    if !program::needs("mkfifo", program::works("mkfifo", &[desk.path().join("work/ticket/entrace.toml")])) {
        return;
    }
    assert!(shown(&desk.run(&["config"])).contains("There is no entrace.toml here"));
}

#[test]
fn what_config_shows_is_a_file_that_says_the_same() {
    let desk = Desk::new();
    desk.own("knowledge = [\"known\"]\n[expect]\nclient = \"an \\\"odd\\\" id\"\n[limits]\nunpacked = \"8GiB\"\nmembers = 12\n");
    desk.near("[expect]\ntenant = \"contoso.example\"\n[redact]\nstrict = true\n");
    let first = shown(&desk.run(&["config"]));
    let settings = |text: &str| text.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
    for said in
        ["unpacked = 8589934592", "members = 12", "layers = 4", "tenant = \"contoso.example\"", "strict = true", "(your own)", "(found"]
    {
        assert!(first.contains(said), "{said} is missing in\n{first}");
    }
    let copy = desk.file("copy.toml", &first);
    let second = shown(&desk.run(&["config", "--config", copy.to_str().unwrap()]));
    assert_eq!(settings(&second), settings(&first));
    assert!(second.contains("copy.toml (named)"), "{second}");
}

#[test]
fn the_documentation_shows_every_key_and_its_example_can_be_used() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")).unwrap();
    let (_, after) = page.split_once("```toml\n").unwrap();
    let (example, _) = after.split_once("```").unwrap();
    let desk = Desk::new();
    let file = desk.file("example/entrace.toml", example);
    let shown = shown(&desk.run(&["config", "--config", file.to_str().unwrap()]));
    let mut table = String::new();
    let mut keys = 0;
    for line in shown.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            assert!(page.contains(&format!("`{table}{key}`")) || table == "limits.", "{table}{key}");
            assert!(example.contains(key) || table == "limits.", "{key} is not in the example");
            keys += 1;
        }
    }
    assert!(keys >= 6, "{shown}");
    assert!(run(&["diagnose", "--help"]).stdout.windows(21).any(|text| text == b"docs/configuration.md"));
}
