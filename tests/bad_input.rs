//! What the real program makes of files that are no captures, of damaged ones, and of streams that go away.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, fixture, fixtures};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

/// A capture of AADSTS50058 by blocked third-party cookies, which entry 35 shows.
const CAPTURE: &str = "third-party-cookies-blocked.v4.devtools-full.har";

/// A secret that stands where input is bad, and must not stand in what is said of it.
const SECRET: &str = "Marble-Lantern449";

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bad-input-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    /// What the program answers there, as JSON and in words.
    fn diagnose(&self, arguments: &[&str]) -> Answer {
        let run = |format| entrace().current_dir(&self.0).args(["diagnose", "--format", format]).args(arguments).output().unwrap();
        let (json, text) = (Answer::of(&run("json")), Answer::of(&run("text")));
        assert_eq!((&json.stderr, json.status), (&text.stderr, text.status));
        Answer { text: text.text, ..json }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the target folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Answer {
    status: Option<i32>,
    stderr: String,
    text: String,
    captures: Vec<Value>,
}

impl Answer {
    fn of(output: &Output) -> Self {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let stderr = String::from_utf8(output.stderr.clone()).unwrap();
        for stream in [&text, &stderr] {
            assert!(!stream.contains("panicked"), "{stream}");
            assert!(!stream.contains(SECRET), "{stream}");
        }
        let mut report: Value = serde_json::from_str(&text).unwrap_or_default();
        let captures = report["captures"].as_array_mut().map(std::mem::take).unwrap_or_default();
        Self { status: output.status.code(), stderr, text, captures }
    }
}

/// Holds that a file is refused, and what is said of it.
#[track_caller]
fn refused(answer: &Answer, path: &str, says: &[&str]) {
    assert_eq!(answer.status, Some(2), "{path}: {}", answer.stderr);
    let [line] = &*answer.stderr.lines().collect::<Vec<_>>() else {
        panic!("{path}: not one line on stderr: {}", answer.stderr);
    };
    assert!(line.starts_with(&format!("entrace: {path}: ")), "{path}: {line}");
    assert_eq!(line.matches(path).count(), 1, "{path}: {line}");
    for part in says {
        assert!(line.contains(part), "{path}: “{part}” is not in: {line}");
    }
    let [capture] = &*answer.captures else {
        panic!("{path}: {} captures in the JSON report", answer.captures.len());
    };
    assert_eq!(capture["path"], path);
    let error = capture["error"].as_str().unwrap_or_else(|| panic!("{path}: no error in the JSON report"));
    assert!(line.ends_with(error), "{path}: JSON says: {error}, stderr: {line}");
    assert_eq!((&capture["verdict"], &capture["format"], &capture["recording"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!((&capture["diagnoses"], &capture["attempts"], &capture["warnings"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn what_is_no_capture_is_refused_with_what_to_do() {
    let deep = 100_000;
    let first_entry = format!("{{\"log\":\n{{\"entries\":[{{\"request\":{{\"url\":\"https://app.example/?{SECRET}");
    let place = format!("at byte {} (line 2, column {})", first_entry.len(), first_entry.len() - "{\"log\":\n".len() + 1);
    let with_secret = |start: &[u8]| [start, b" ", SECRET.as_bytes()].concat();
    let files: &[(&str, Vec<u8>, &[&str])] = &[
        ("empty.har", Vec::new(), &["empty", "export the capture again"]),
        ("blank.har", b" \r\n\t".to_vec(), &["empty", "export the capture again"]),
        ("other.json", format!("{{\"openapi\":\"{SECRET}\"}}").into(), &["not a HAR", "log.entries", "Export HAR"]),
        ("list.json", format!("[\"{SECRET}\"]").into(), &["Export HAR"]),
        ("page.har", with_secret(b"<!DOCTYPE html><html><body>"), &["web page", "Export HAR"]),
        ("lfs.har", with_secret(b"version https://git-lfs.github.com/spec/v1\noid sha256:"), &["git-LFS pointer", "git lfs pull"]),
        ("login.pcap", with_secret(b"\xD4\xC3\xB2\xA1\x02\0\x04\0"), &["packet capture", "encrypted", "Export HAR"]),
        ("login.pcapng", with_secret(b"\x0A\x0D\x0D\x0A\x1C\0\0\0"), &["packet capture", "encrypted", "Export HAR"]),
        ("login.saz", with_secret(b"PK\x03\x04\x14\0\0\0\x08\0raw/001_c.txt"), &["damaged", "send it again"]),
        ("cut.chlsj", format!("[{{\"actualPort\":443,\"host\":\"{SECRET}").into(), &["no entry could be read", "ends too early"]),
        ("bad.chlsj", format!("[{{\"actualPort\":443,\"host\":\"{SECRET}\"}}]").into(), &["none of the 1 entries", "no method"]),
        ("cut.xml", with_secret(b"<items burpVersion=\"1\"><item>"), &["Burp", "damaged", "send it again"]),
        ("bad.xml", with_secret(b"<items burpVersion=\"1\"><item></item>"), &["none of the 1 entries", "no request"]),
        ("log.json", with_secret(b"{\"constants\":{},\"events\":[{"), &["no entry could be read", "is broken", "export the capture again"]),
        ("login.zip", with_secret(b"PK\x03\x04\x14\0\0\0\x08\0login.har"), &["zip archive", "damaged", "send it again"]),
        ("notes.txt", with_secret(b"the password is"), &["text", "Export HAR"]),
        ("picture.png", with_secret(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), &["not a capture", "Export HAR"]),
        ("lists.har", "[".repeat(deep).into(), &["at byte 100000", "export the capture again"]),
        ("objects.har", "{\"a\":".repeat(deep).into(), &["at byte 500000", "export the capture again"]),
        ("closed.har", ("[".repeat(deep) + &"]".repeat(deep)).into(), &["not a HAR", "Export HAR"]),
        ("first-entry.har", first_entry.into(), &["no entry could be read", "ends too early", &place, "export the capture again"]),
        ("broken.har", format!("{{\"log\":{{\"entries\":[{{{SECRET}").into(), &["is broken", "at byte 20", "export the capture again"]),
        ("bad-entries.har", format!("{{\"log\":{{\"entries\":[7,\"{SECRET}\"]}}}}").into(), &["none of the 2 entries", "entry 0"]),
    ];
    for (name, content, says) in files {
        let folder = Folder::new(name).with(name, content);
        refused(&folder.diagnose(&[name]), name, says);
    }
}

/// A zip of these members.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_other_tools_keep_is_refused_by_its_name() {
    let request = format!(r#"{{"id":0,"request":{{"fullPath":"https://{SECRET}.example/"}}}}"#);
    let snapshot = format!(r#"{{"type":"resource-snapshot","snapshot":{{"_monotonicTime":1,"x":"{SECRET}"}}}}"#);
    // The method of a member is bzip2, in its own header and in the directory.
    let mut bzip2 = zipped(&[("login.har", &fixture(CAPTURE))]);
    let directory = memchr::memmem::rfind(&bzip2, b"PK\x01\x02").unwrap();
    (bzip2[8], bzip2[directory + 10]) = (12, 12);
    let proxyman = zipped(&[("request_0_abc", request.as_bytes()), ("request_1_def", request.as_bytes())]);
    let trace = zipped(&[("trace.trace", b"{}\n{}"), ("trace.network", snapshot.as_bytes()), ("resources/a.html", b"<p>")]);
    let files: [(&str, Vec<u8>, &[&str]); 3] = [
        ("bzip2.zip", bzip2, &["packed by a method", "unpack it"]),
        ("a.proxymanlogv2", proxyman, &["Proxyman", "File > Export > HAR"]),
        ("trace.zip", trace, &["trace of Playwright", "recordHar"]),
    ];
    for (name, content, says) in files {
        let folder = Folder::new(name).with(name, content);
        refused(&folder.diagnose(&[name]), name, says);
    }
}

#[test]
fn json_beside_a_capture_in_an_archive_is_no_failed_capture() {
    let members: [(&str, &[u8]); 3] = [("readme.json", br#"{"by":"support"}"#), ("login.har", &fixture(CAPTURE)), ("notes.txt", b"hello")];
    let answer = Folder::new("beside").with("a.zip", zipped(&members)).diagnose(&["a.zip"]);
    assert_eq!((answer.status, &*answer.stderr, answer.captures.len()), (Some(1), "", 1));
    // A capture that is broken is one.
    let members: [(&str, &[u8]); 2] = [("cut.har", b"{\"log\":{\"entries\":[{"), ("login.har", &fixture(CAPTURE))];
    let answer = Folder::new("beside-broken").with("a.zip", zipped(&members)).diagnose(&["a.zip"]);
    assert_eq!((answer.status, answer.captures.len()), (Some(2), 2));
}

#[test]
fn a_capture_in_zlib_and_one_of_an_entry_a_line_are_read() {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(&fixture(CAPTURE)).unwrap();
    survives("zlib", zlib.finish().unwrap(), 35, &[]);
    let lines: Vec<String> = parsed()["log"]["entries"].as_array().unwrap().iter().map(Value::to_string).collect();
    survives("lines", lines.join("\n"), 35, &[]);
    let cut = lines.join("\n");
    survives("cut lines", &cut.as_bytes()[..cut.len() - 9], 35, &[(None, "the file is cut off after entry 35")]);
}

#[test]
fn dates_and_addresses_in_other_forms_are_read() {
    let dated = |form: fn(chrono::DateTime<chrono::Utc>) -> Value| {
        with(|entries| {
            for entry in entries.iter_mut() {
                let date = entry["startedDateTime"].as_str().unwrap().parse().unwrap();
                entry["startedDateTime"] = form(date);
            }
            // Only a date can tell.
            entries.reverse();
        })
    };
    let entries = parsed()["log"]["entries"].as_array().unwrap().len();
    let failing = (entries - 1 - 35) as u64;
    survives("milliseconds", dated(|date| json!(date.timestamp_millis())), failing, &[]);
    survives("seconds", dated(|date| json!(date.timestamp_micros() as f64 / 1e6)), failing, &[]);
    survives("as text", dated(|date| json!(date.timestamp_millis().to_string())), failing, &[]);
    survives("a space", dated(|date| json!(date.format("%Y-%m-%d %H:%M:%S%.fZ").to_string())), failing, &[]);
    let zoneless = with(|entries| {
        for entry in entries.iter_mut() {
            entry["startedDateTime"] = json!(entry["startedDateTime"].as_str().unwrap().trim_end_matches('Z'));
        }
    });
    survives("no zone", zoneless, 35, &[(None, &format!("{entries} start times do not say their zone"))]);
    let relative = with(|entries| {
        for entry in entries.iter_mut() {
            let url = entry["request"]["url"].as_str().unwrap().to_owned();
            let (host, path) = url.split_once("://").unwrap().1.split_once('/').unwrap();
            entry["request"]["headers"].as_array_mut().unwrap().push(json!({"name": "Host", "value": host}));
            entry["request"]["url"] = json!(format!("/{path}"));
        }
    });
    survives("paths alone", relative, 35, &[]);
}

#[test]
fn what_is_not_there_is_refused() {
    let folder = Folder::new("not-there").with("readme.md", "no capture");
    refused(&folder.diagnose(&["missing.har"]), "missing.har", &["cannot be read"]);
    fs::create_dir(folder.0.join("notes")).unwrap();
    fs::write(folder.0.join("notes/readme.txt"), "").unwrap();
    refused(&folder.diagnose(&["notes"]), "notes", &["no captures", ".har", "Name the capture"]);
}

#[test]
fn a_file_name_cannot_write_to_the_terminal() {
    let output = entrace().args(["\u{1B}[31mlogin\n.har"]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.lines().count()), (Some(2), 1), "{stderr:?}");
    assert!(!stderr.contains('\u{1B}'), "{stderr:?}");
}

#[test]
fn a_bad_file_does_not_keep_the_good_one_from_being_reported() {
    let folder = Folder::new("beside").with("bad.har", "").with("good.har", fixture(CAPTURE));
    for (arguments, order) in [(["bad.har", "good.har"], ["bad.har", "good.har"]), (["good.har", "bad.har"], ["good.har", "bad.har"])] {
        let answer = folder.diagnose(&arguments);
        assert_eq!(answer.status, Some(2));
        assert!(answer.stderr.starts_with("entrace: bad.har: ") && answer.stderr.lines().count() == 1, "{}", answer.stderr);
        let paths: Vec<&str> = answer.captures.iter().map(|capture| capture["path"].as_str().unwrap()).collect();
        assert_eq!(paths, order);
        for capture in &answer.captures {
            match capture["path"] == "good.har" {
                true => assert_eq!(failure(capture), ("AADSTS50058".into(), "third-party-cookies-blocked".into(), 35)),
                false => assert!(capture["error"].is_string()),
            }
        }
        assert!(answer.text.contains("AADSTS50058"), "{}", answer.text);
    }
    // The same by the folder that holds both.
    let by_folder = folder.diagnose(&["."]);
    let verdicts: Vec<&Value> = by_folder.captures.iter().map(|capture| &capture["verdict"]).collect();
    assert_eq!((by_folder.status, verdicts), (Some(2), vec![&Value::Null, &json!("failing")]));
}

/// The code of a capture's one diagnosis, its first cause, and the entry that shows it.
#[track_caller]
fn failure(capture: &Value) -> (String, String, u64) {
    let [diagnosis] = &**capture["diagnoses"].as_array().unwrap() else { panic!("not one diagnosis: {capture}") };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    (word(&diagnosis["code"]), word(&diagnosis["causes"][0]["id"]), diagnosis["occurrences"][0]["entry"].as_u64().unwrap())
}

/// Holds that a damaged capture is still diagnosed, and what is warned of: entry and words.
#[track_caller]
fn survives(damage: &str, content: impl AsRef<[u8]>, failing: u64, warnings: &[(Option<u64>, &str)]) {
    let answer = Folder::new(&damage.replace(' ', "-")).with("login.har", content).diagnose(&["login.har"]);
    assert_eq!((answer.status, &*answer.stderr), (Some(1), ""), "{damage}");
    let [capture] = &*answer.captures else { panic!("{damage}: {} captures", answer.captures.len()) };
    let wanted = ("AADSTS50058".to_owned(), "third-party-cookies-blocked".to_owned(), failing);
    assert_eq!((failure(capture), &capture["error"]), (wanted, &Value::Null), "{damage}");
    let warned = capture["warnings"].as_array().unwrap();
    assert_eq!(warned.len(), warnings.len(), "{damage}: {warned:?}");
    for ((entry, message), warning) in warnings.iter().zip(warned) {
        let told = warning["message"].as_str().unwrap();
        assert_eq!(warning["entry"].as_u64(), *entry, "{damage}: {told}");
        assert!(told.contains(message), "{damage}: {told}");
        let in_words: String = answer.text.split_whitespace().collect();
        let first_words: String = message.split_whitespace().collect();
        assert!(in_words.contains(&first_words), "{damage}: the text report does not warn: {}", answer.text);
    }
}

fn parsed() -> Value {
    serde_json::from_slice(&fixture(CAPTURE)).unwrap()
}

/// The capture with something done to it.
fn with(damage: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut capture = parsed();
    damage(capture["log"]["entries"].as_array_mut().unwrap());
    capture.to_string()
}

/// The capture with a script whose body holds these bytes as they are.
fn with_script(bytes: &[u8]) -> Vec<u8> {
    let text = with(|entries| {
        assert_eq!(entries[4]["response"]["content"]["mimeType"], "text/javascript");
        entries[4]["response"]["content"]["text"] = json!("PLACE");
    });
    let (before, after) = text.split_once("PLACE").unwrap();
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

#[test]
fn a_damaged_entry_costs_no_other() {
    survives("a string", with(|entries| entries.insert(2, json!(SECRET))), 36, &[(Some(2), "not a JSON object")]);
    survives("null", with(|entries| entries.insert(0, Value::Null)), 36, &[(Some(0), "not a JSON object")]);
    survives("no request", with(|entries| entries[1]["request"] = Value::Null), 35, &[(Some(1), "has no request")]);
    survives("no url", with(|entries| remove(&mut entries[1]["request"], "url")), 35, &[(Some(1), "has no URL")]);
    survives("no method", with(|entries| remove(&mut entries[1]["request"], "method")), 35, &[(Some(1), "has no method")]);
    survives("no response", with(|entries| remove(&mut entries[1], "response")), 35, &[(Some(1), "has no response")]);
    survives("status null", with(|entries| entries[1]["response"]["status"] = Value::Null), 35, &[(Some(1), "no usable status")]);
    survives("status a word", with(|entries| entries[1]["response"]["status"] = json!(SECRET)), 35, &[(Some(1), "no usable status")]);
    survives("a bad date", with(|entries| entries[1]["startedDateTime"] = json!(SECRET)), 35, &[(Some(1), "not a date")]);
}

#[test]
fn a_damaged_failing_entry_still_tells() {
    survives("its bad date", with(|entries| entries[35]["startedDateTime"] = json!("yesterday")), 35, &[(Some(35), "not a date")]);
    survives("its status null", with(|entries| entries[35]["response"]["status"] = Value::Null), 35, &[(Some(35), "no usable status")]);
    survives("its method", with(|entries| remove(&mut entries[35]["request"], "method")), 35, &[(Some(35), "has no method")]);
}

#[test]
fn a_date_that_cannot_be_right_is_none() {
    let warning = |wrong, of| format!("years away from the others and cannot be right ({wrong} of {of})");
    let dated = |damage: &str, entries: &[usize], date: &str| {
        let count = entries.len();
        let damaged = with(|all| entries.iter().for_each(|entry| all[*entry]["startedDateTime"] = json!(date)));
        survives(damage, damaged, 35, &[(None, &warning(count, parsed()["log"]["entries"].as_array().unwrap().len()))]);
    };
    // What Chromium's time since its start comes to, and what .NET has for no date.
    dated("1970 on the failing entry", &[35], "1970-01-01T00:03:20.000Z");
    dated("the year 1 on some", &[1, 20, 35], "0001-01-01T00:00:00Z");
    dated("the year 9999", &[34], "9999-12-31T23:59:59Z");
}

#[test]
fn a_device_without_a_clock_is_read_in_its_order() {
    let turned = with(|all| {
        for (second, entry) in all.iter_mut().enumerate() {
            entry["startedDateTime"] = json!(format!("1970-01-01T00:00:{second:02}.000Z"));
        }
        all.reverse();
    });
    survives("all in 1970", turned, 1, &[]);
}

#[test]
fn what_exporters_leave_out_is_no_damage() {
    for field in ["cookies", "queryString", "headersSize", "bodySize", "httpVersion"] {
        survives(field, with(|entries| entries.iter_mut().for_each(|entry| remove(&mut entry["request"], field))), 35, &[]);
    }
    for field in ["time", "timings", "cache", "pageref", "connection"] {
        survives(field, with(|entries| entries.iter_mut().for_each(|entry| remove(entry, field))), 35, &[]);
    }
}

fn remove(object: &mut Value, field: &str) {
    object.as_object_mut().unwrap().remove(field);
}

#[test]
fn a_truncated_capture_is_read_up_to_there() {
    let whole = fixture(CAPTURE);
    let last = memchr::memmem::rfind(&whole, b"\"startedDateTime\"").unwrap();
    survives("cut in the last entry", &whole[..last], 35, &[(None, "the file is cut off after entry 35, at byte")]);
    survives("cut at the end", &whole[..whole.trim_ascii_end().len() - 1], 35, &[(None, "the file is cut off after entry 36, at byte")]);
}

#[test]
fn a_capture_may_be_cut_anywhere() {
    let whole = fixture(CAPTURE);
    for at in (0..20).map(|part| whole.len() * part / 20) {
        let answer = Folder::new("cut").with("login.har", &whole[..at]).diagnose(&["login.har"]);
        let [capture] = &*answer.captures else { panic!("cut at {at}: {} captures", answer.captures.len()) };
        match capture["error"].is_null() {
            true => assert!(matches!(answer.status, Some(0 | 1)) && !capture["warnings"].as_array().unwrap().is_empty(), "cut at {at}"),
            false => assert_eq!(answer.status, Some(2), "cut at {at}"),
        }
    }
}

#[test]
fn bad_text_in_strings_is_repaired() {
    survives("not UTF-8", with_script(b"a\xFFb"), 35, &[(Some(4), "not UTF-8")]);
    survives("a line break", with_script(b"a\nb"), 35, &[(Some(4), "control character")]);
    survives("no escape", with_script(b"a\\xb"), 35, &[(Some(4), "escape")]);
    // Legal JSON, of which nothing is lost that was ever text.
    survives("a lone surrogate", with_script(b"/[\\ud83d]/"), 35, &[]);
    survives("its other half", with_script(b"/[\\ude00\\ud83d]/"), 35, &[]);
}

#[test]
fn nesting_in_an_entry_is_no_danger() {
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    let text = with(|entries| entries[1]["response"]["status"] = json!("PLACE")).replace("\"PLACE\"", &deep);
    survives("a deep status", text, 35, &[(Some(1), "no usable status")]);
}

#[test]
fn standard_input_gets_the_report_of_the_file() {
    for format in ["text", "json"] {
        let from_file = entrace().args(["--format", format, CAPTURE]).output().unwrap();
        let mut program = entrace();
        let file = fs::File::open(fixtures().join(CAPTURE)).unwrap();
        let from_stdin = program.args(["diagnose", "--format", format, "-"]).stdin(file).output().unwrap();
        assert_eq!((from_stdin.status.code(), &*from_stdin.stderr), (Some(1), &b""[..]));
        let stdin = String::from_utf8(from_stdin.stdout).unwrap();
        let file = String::from_utf8(from_file.stdout).unwrap();
        assert!(file.contains(CAPTURE), "{file}");
        match format {
            "json" => assert_eq!(stdin, file.replace(CAPTURE, "-")),
            // The path may be wrapped or padded, so only the lines without it are compared.
            _ => {
                let others = |text: &str| text.lines().filter(|line| !line.contains(CAPTURE)).map(str::to_owned).collect::<Vec<_>>();
                let (stdin, file) = (others(&stdin), others(&file));
                let missing: Vec<&String> = file.iter().filter(|line| !stdin.contains(line)).collect();
                assert_eq!(missing, Vec::<&String>::new());
            }
        }
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    for format in ["text", "json"] {
        let mut program = entrace();
        let piped = program.args(["diagnose", "--format", format, "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // Gone before the program can have written: it still waits for its input.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(&fixture(CAPTURE)).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}", output.status);
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let folder = Folder::new("no-such-folder");
    let mut program = entrace();
    let output = program.arg(OsStr::new(CAPTURE)).arg("--output").arg(folder.0.join("none/report.txt")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("report.txt"), "{stderr}");
}
