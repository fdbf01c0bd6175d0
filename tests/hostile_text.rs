//! Captures whose words would steer a terminal, a Markdown page or a viewer of findings, in every format.
//!
//! **A new format** needs a test of its own here: it reads the report on [`hostile`] as those will who get it, finds that
//! nothing took effect, and that something hostile was told at all.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod unsteered;

use program::{FORMATS, entrace, fixture};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use unsteered::steers;

/// The capture, and its entries that are sign-in traffic; the last one fails.
const CAPTURE: &str = "third-party-cookies-blocked.v4.devtools-full.har";
const KEPT: [usize; 6] = [8, 13, 14, 18, 24, 35];

/// What would be a tag, a cell, code, a link, a mention, an issue, a heading, a colour, and text that runs backwards.
const HOSTILE: &str =
    "<script>alert(1)</script>|`x`[y](javascript:alert)@octocat #1 **shouted** &lt; {0}\n# h\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{200b}z";

/// The same where it is read: nothing that steers, and in one line.
const SEEN: &str = "<script>alert(1)</script>|`x`[y](javascript:alert)@octocat #1 **shouted** &lt; {0} # h[31m2Jz";

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The diagnosis of the folder's only capture, or of all of them.
    fn report(&self, format: &str, capture: &str) -> String {
        self.answer("diagnose", format, capture)
    }

    /// The same of any subcommand.
    fn answer(&self, subcommand: &str, format: &str, capture: &str) -> String {
        let output = entrace().current_dir(&self.0).args([subcommand, "--format", format, capture]).output().unwrap();
        assert_unsteered("stderr", &String::from_utf8(output.stderr).unwrap());
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the target folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The capture without the entries that are no sign-in traffic.
fn capture() -> Value {
    let mut capture: Value = serde_json::from_slice(&fixture(CAPTURE)).unwrap();
    let entries = capture["log"]["entries"].as_array().unwrap();
    let kept: Vec<Value> = KEPT.iter().map(|entry| entries[*entry].clone()).collect();
    capture["log"]["entries"] = json!(kept);
    capture
}

/// A capture that is hostile wherever a report repeats it without asking: its name, its writer, its methods.
fn hostile() -> (Folder, String) {
    let mut capture = capture();
    capture["log"]["creator"] = json!({"name": HOSTILE.split(" &lt;").next().unwrap(), "version": "\u{202e}1"});
    for page in capture["log"]["pages"].as_array_mut().unwrap() {
        page["title"] = json!(HOSTILE);
    }
    for entry in capture["log"]["entries"].as_array_mut().unwrap().iter_mut().skip(3) {
        entry["request"]["method"] = json!(format!("{}{HOSTILE}", entry["request"]["method"].as_str().unwrap()));
    }
    // A slash ends a file's name everywhere, and Windows knows more that no name may have.
    let name = if cfg!(unix) { format!("{}.har", HOSTILE.replace('/', "")) } else { "[y](javascript) @octocat #1.har".to_owned() };
    let folder = Folder::new("whole");
    fs::write(folder.0.join(&name), capture.to_string()).unwrap();
    (folder, name)
}

#[track_caller]
fn assert_unsteered(what: &str, text: &str) {
    assert_eq!(text.chars().find(|c| *c != '\n' && steers(*c)), None, "{what}: {text:?}");
}

/// The subcommands that report on captures as text, JSON and Markdown.
const SUBCOMMANDS: [&str; 2] = ["diagnose", "timeline"];

#[test]
fn text_for_terminals() {
    let (folder, name) = hostile();
    for subcommand in SUBCOMMANDS {
        let report = folder.answer(subcommand, "text", &name);
        assert_unsteered("text", &report);
        assert!(report.starts_with("<script>alert(1)") && report.contains("by <script>alert(1)"), "{report}");
        assert!(report.lines().next().unwrap().ends_with("h[31m2Jz.har"), "{report}");
    }
}

/// What a reader of Markdown makes of a report: the text inside of code, and all that would be more than text.
fn read_markdown(report: &str) -> (String, Vec<String>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let ours = ["<code>", "</code>", "</details>\n"];
    let (mut code, mut wrong, mut in_code, mut heading, mut strong) = (String::new(), Vec::new(), false, None, false);
    for event in Parser::new_ext(report, options) {
        match event {
            Event::Code(text) => code.extend(["\n", &*text]),
            Event::InlineHtml(tag) | Event::Html(tag) if ours.contains(&&*tag) => {
                in_code = &*tag == "<code>";
                code.push('\n');
            }
            Event::Html(tag) if tag.starts_with("<details><summary>") && tag.matches('<').count() == 3 => {}
            Event::InlineHtml(tag) | Event::Html(tag) => wrong.push(format!("a tag: {tag}")),
            Event::Text(text) if in_code => code.push_str(&text),
            Event::Text(text) => {
                let marks = ["@octocat", "#1", "javascript", "script>", "shouted", "alert"];
                wrong.extend(marks.into_iter().filter(|mark| text.contains(mark)).map(|mark| format!("{mark} in: {text}")));
                if let Some(heading) = heading.as_mut() {
                    *heading += &*text;
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => wrong.push(format!("a link: {dest_url}")),
            Event::Start(Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)) => wrong.push("a block".to_owned()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let text = heading.take().unwrap_or_default();
                // The heading of one capture among several is its path alone, which is code.
                let known = [
                    "Sign-in report",
                    "Sign-ins compared",
                    "AADSTS50058: ",
                    "Failure ",
                    "The capture",
                    "Sign-in timeline",
                    "Attempt ",
                    "Outside the attempts",
                ]
                .iter()
                .any(|start| text.starts_with(start))
                    || text.is_empty();
                wrong.extend((!known).then(|| format!("a heading: {text}")));
            }
            Event::Start(Tag::Strong) => strong = true,
            Event::End(TagEnd::Strong) => strong = false,
            Event::Start(Tag::Emphasis | Tag::Strikethrough) => wrong.push(format!("emphasis, strong: {strong}")),
            _ => {}
        }
    }
    (code, wrong)
}

#[test]
fn markdown() {
    let (folder, name) = hostile();
    let seen = if cfg!(unix) { SEEN.replace('/', "") + ".har" } else { name.clone() };
    for subcommand in SUBCOMMANDS {
        let report = folder.answer(subcommand, "markdown", &name);
        assert_unsteered("markdown", &report);
        for mark in ["<script", "](javascript", "`x`", "@octocat", "**shouted"] {
            assert!(!report.contains(mark), "{mark} in {report}");
        }
        let (code, wrong) = read_markdown(&report);
        assert_eq!(wrong, Vec::<String>::new(), "{report}");
        // And still it says what it read, in one piece.
        assert!(code.contains(&seen), "{code}");
        assert!(code.contains("<script>alert(1)</script>|`x`[y](javascript:alert)@octocat #1 **shouted**"), "{code}");
    }
}

#[test]
fn comparisons_in_markdown() {
    let (folder, name) = hostile();
    let output = entrace().current_dir(&folder.0).args(["compare", "--format", "markdown", &name, &name]).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert_unsteered("markdown", &report);
    let (code, wrong) = read_markdown(&report);
    assert_eq!(wrong, Vec::<String>::new(), "{report}");
    assert!(code.matches("@octocat #1 **shouted**").count() >= 4, "{code}");
}

#[test]
fn the_reader_of_markdown_reads_right() {
    for (markdown, wanted) in [
        ("a <script>b</script>", "a tag"),
        ("[x](javascript:1)", "a link"),
        ("thanks to @octocat", "@octocat"),
        ("# Other", "a heading"),
        ("> quoted", "a block"),
        ("~~gone~~", "emphasis"),
    ] {
        let (_, wrong) = read_markdown(markdown);
        assert!(wrong.iter().any(|wrong| wrong.starts_with(wanted)), "{markdown}: {wrong:?}");
    }
    let (code, wrong) = read_markdown("| a |\n| --- |\n| `@octocat` <code>&#35;1&#124;</code> |");
    assert_eq!((code.split('\n').collect::<Vec<_>>(), wrong), (vec!["", "@octocat", "#1|", ""], vec![]));
}

#[test]
fn json_and_ndjson() {
    let (folder, name) = hostile();
    let json = folder.report("json", &name);
    assert_unsteered("json", &json);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["captures"][0]["path"], *name);
    assert!(json["captures"][0]["creator"].as_str().unwrap().starts_with("<script>"));
    let ndjson = folder.report("ndjson", &name);
    assert_unsteered("ndjson", &ndjson);
    assert_eq!(ndjson.lines().count(), 1);
    let mut line: Value = serde_json::from_str(&ndjson).unwrap();
    let own = |line: &mut Value, field: &str| line.as_object_mut().unwrap().remove(field).unwrap();
    assert_eq!(own(&mut line, "schema"), "entrace/diagnose-capture/1");
    assert_eq!(own(&mut line, "tool"), json["tool"]);
    assert_eq!(line, json["captures"][0]);
    let timeline = folder.answer("timeline", "json", &name);
    assert_unsteered("timeline", &timeline);
    let timeline: Value = serde_json::from_str(&timeline).unwrap();
    assert_eq!(timeline["captures"][0]["path"], *name);
}

#[test]
fn sarif() {
    let (folder, name) = hostile();
    let report = folder.report("sarif", &name);
    assert_unsteered("sarif", &report);
    let report: Value = serde_json::from_str(&report).unwrap();
    let run = &report["runs"][0];
    let uri = run["artifacts"][0]["location"]["uri"].as_str().unwrap();
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>|`\"[]{}#:\\".contains(&byte)), "{uri}");
    let mut messages = Vec::new();
    collect_messages(&report, &mut messages);
    assert!(messages.len() > 10);
    for message in messages {
        for mark in ["script", "octocat", "javascript", "shouted"] {
            assert!(!message.contains(mark), "{message}");
        }
    }
    assert!(report.to_string().contains("<script>"), "nothing hostile was told at all");
}

fn collect_messages(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| match (key.as_str(), value.as_str()) {
            ("text" | "markdown", Some(text)) => found.push(text.to_owned()),
            _ => collect_messages(value, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_messages(item, found)),
        _ => {}
    }
}

/// The pointers to all strings of a value.
fn strings(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(pointer.to_owned()),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| strings(value, &format!("{pointer}/{key}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| strings(value, &format!("{pointer}/{at}"), found)),
        _ => {}
    }
}

#[test]
fn any_string_of_the_failing_entry() {
    let whole = capture();
    let failing = KEPT.len() - 1;
    let mut pointers = Vec::new();
    strings(&whole["log"]["entries"][failing], &format!("/log/entries/{failing}"), &mut pointers);
    assert!(pointers.len() > 100);
    let folder = Folder::new("each");
    let encoded: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    for (at, pointer) in pointers.iter().enumerate() {
        let mut one = whole.clone();
        let value = one.pointer_mut(pointer).unwrap();
        let text = value.as_str().unwrap();
        // Addresses hold it encoded, and behind their first slash and question mark as well as at the end.
        *value = match text.starts_with("http") {
            true => json!(format!(
                "{}{encoded}",
                text.replacen(".com/", &format!(".com/{encoded}"), at % 2).replacen("?", &format!("?{encoded}={encoded}&"), 1)
            )),
            false => json!(format!("{text}{HOSTILE}")),
        };
        fs::write(folder.0.join(format!("{at:03}.har")), one.to_string()).unwrap();
    }
    // What a page holds is looked at in tests/html.rs.
    let diagnoses = FORMATS.into_iter().filter(|format| *format != "html").map(|format| ("diagnose", format));
    let timelines = ["text", "json", "markdown"].map(|format| ("timeline", format));
    for (subcommand, format) in diagnoses.chain(timelines) {
        let report = folder.answer(subcommand, format, ".");
        assert_unsteered(format, &report);
        assert!(report.matches("AADSTS50058").count() > pointers.len(), "{subcommand} as {format}: hardly any failure is left");
        if format == "markdown" {
            let (_, wrong) = read_markdown(&report);
            assert_eq!(wrong, Vec::<String>::new());
        }
    }
}
