//! `entrace bundle`, seen from outside: what is in the folder or zip, and that it is whole or not there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, fixture, fixtures, labelled, password};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

const CAPTURE: &str = "third-party-cookies-blocked.v4.devtools-full.har";
const LOCKED: &str = "redirect-uri-mismatch.v4.saz-aes.saz";
const MEMBERS: [&str; 6] = ["README.txt", "receipt.json", "redacted.har", "report.html", "report.json", "report.md"];

type Files = BTreeMap<String, Vec<u8>>;

fn bundle(capture: &str, output: &Path, options: &[&str]) -> Output {
    let mut command = entrace();
    if let Some(password) = Path::new(capture).file_name().and_then(|name| self::password(name.to_str().unwrap())) {
        command.env("ENTRACE_PASSWORD", password);
    }
    command.args(["bundle", capture, "--output"]).arg(output).args(options).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder(path: &Path) -> Files {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

fn zip(path: &Path) -> Files {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(archive.len(), MEMBERS.len());
    let member = |at| {
        let mut member = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        (member.name().unwrap().into_owned(), bytes)
    };
    (0..MEMBERS.len()).map(member).collect()
}

/// The files of a bundle that has to succeed.
fn files(capture: &str, options: &[&str]) -> Files {
    let place = TempDir::new().unwrap();
    let target = place.path().join("ticket");
    let output = bundle(capture, &target, options);
    assert_eq!(output.status.code(), Some(0), "{capture}: {}", said(&output));
    folder(&target)
}

fn text<'f>(files: &'f Files, name: &str) -> &'f str {
    std::str::from_utf8(&files[name]).unwrap()
}

fn json(files: &Files, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

/// The files in which a text stands, in any case of letters.
fn members_with(files: &Files, value: &str) -> Vec<String> {
    let holds = |bytes: &Vec<u8>| memchr::memmem::find(&bytes.to_ascii_lowercase(), value.to_ascii_lowercase().as_bytes()).is_some();
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name.clone()).collect()
}

/// A folder has nothing in it, hidden files included.
fn assert_empty(place: &Path) {
    assert_eq!(fs::read_dir(place).unwrap().count(), 0);
}

#[test]
fn a_folder_holds_the_reports_the_har_and_the_receipt() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("ticket");
    let path = fixtures().join(CAPTURE);
    let output = bundle(path.to_str().unwrap(), &target, &[]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    let files = folder(&target);
    assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), MEMBERS);
    assert!(said.contains("values replaced in 37 entries") && said.contains("Written to "), "{said}");
    for name in MEMBERS {
        let line = format!("  {name}  ");
        assert!(said.contains(&line), "{name}: {said}");
        assert_eq!(text(&files, "README.txt").contains(&line), name != "README.txt", "{name}");
    }
    // Each says the same of the capture, and calls it by its name alone.
    let report = json(&files, "report.json");
    assert_eq!(report["captures"][0]["path"], CAPTURE);
    assert_eq!(report["captures"][0]["diagnoses"][0]["causes"][0]["id"], "third-party-cookies-blocked");
    for name in ["report.html", "report.md", "README.txt"] {
        assert!(text(&files, name).contains(CAPTURE), "{name}");
    }
    for name in ["report.html", "report.md"] {
        assert!(text(&files, name).contains("AADSTS50058"), "{name}");
    }
    assert_eq!(members_with(&files, fixtures().to_str().unwrap()), Vec::<String>::new());
    assert_eq!(members_with(&files, place.path().to_str().unwrap()), Vec::<String>::new());
}

#[test]
fn the_har_and_the_receipt_are_those_of_redact() {
    for options in [&[][..], &["--strict", "--keep-bodies"]] {
        let place = TempDir::new().unwrap();
        let [har, receipt] = ["a.har", "a.json"].map(|name| place.path().join(name));
        let mut command = entrace();
        command.args(["redact", CAPTURE, "--output"]).arg(&har).arg("--receipt").arg(&receipt).args(options);
        assert_eq!(command.output().unwrap().status.code(), Some(0));
        let files = files(CAPTURE, options);
        assert!(files["redacted.har"] == fs::read(har).unwrap());
        assert_eq!(text(&files, "receipt.json"), fs::read_to_string(receipt).unwrap());
        let hash: String = Sha256::digest(&files["redacted.har"]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(text(&files, "README.txt").contains(&hash));
    }
}

#[test]
fn a_zip_holds_the_same_and_both_are_the_same_each_time() {
    let place = TempDir::new().unwrap();
    let [first, second] = ["one.zip", "Two.ZIP"].map(|name| place.path().join(name));
    for target in [&first, &second] {
        let output = bundle(CAPTURE, target, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap());
    let members = zip(&first);
    assert!(members == files(CAPTURE, &[]));
    assert!(members == files(CAPTURE, &[]));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
}

#[test]
fn an_encrypted_archive_is_opened_with_its_password() {
    let files = files(LOCKED, &[]);
    assert_eq!(json(&files, "report.json")["captures"][0]["diagnoses"][0]["code"], "AADSTS50011");
    assert_eq!(json(&files, "receipt.json")["format"], "saz");
    assert_eq!(members_with(&files, &password(LOCKED).unwrap()), Vec::<String>::new());
    // Without it, and with a wrong one, nothing is written.
    let place = TempDir::new().unwrap();
    for given in ["", "not this one"] {
        for name in ["ticket", "ticket.zip"] {
            let mut command = entrace();
            command.env("ENTRACE_PASSWORD", given).args(["bundle", LOCKED, "-o"]).arg(place.path().join(name));
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            assert!(said(&output).contains("password"), "{}", said(&output));
            assert_empty(place.path());
        }
    }
}

#[test]
fn no_file_shows_a_secret() {
    let mut looked_for = 0;
    for (capture, truth) in labelled().iter().filter(|(capture, _)| [CAPTURE, LOCKED, "wrong-password.v4.utf16.har"].contains(&&**capture))
    {
        let truth: Value = serde_json::from_slice(&fixture(truth)).unwrap();
        let files = files(capture, &[]);
        for secret in truth["secrets"].as_array().unwrap() {
            looked_for += 1;
            assert_eq!(members_with(&files, secret["value"].as_str().unwrap()), Vec::<String>::new(), "{capture}: {secret}");
        }
    }
    assert!(looked_for > 20);
}

#[test]
fn hidden_tenants_are_in_no_file() {
    let truth: Value = serde_json::from_slice(&fixture(&CAPTURE.replace(".har", ".truth.json"))).unwrap();
    let ids = ["tenant", "client_id"].map(|field| truth["expected"][0][field].as_str().unwrap());
    let (shown, hidden) = (files(CAPTURE, &[]), files(CAPTURE, &["--hide-tenant"]));
    for id in ids {
        assert!(members_with(&shown, id).len() >= 4, "{id}");
        assert_eq!(members_with(&hidden, id), Vec::<String>::new());
    }
    assert_eq!(json(&hidden, "report.json")["captures"][0]["diagnoses"][0]["code"], "AADSTS50058");
}

#[test]
fn a_secret_in_the_name_of_the_capture_is_replaced_too() {
    let place = TempDir::new().unwrap();
    let truth: Value = serde_json::from_slice(&fixture(&CAPTURE.replace(".har", ".truth.json"))).unwrap();
    let is_account = |secret: &&Value| secret["value"].as_str().unwrap().contains('@');
    let account = truth["secrets"].as_array().unwrap().iter().find(is_account).unwrap()["value"].as_str().unwrap();
    let capture = place.path().join(format!("login of {account} in May.har"));
    fs::copy(fixtures().join(CAPTURE), &capture).unwrap();
    let files = files(capture.to_str().unwrap(), &[]);
    assert_eq!(members_with(&files, account), Vec::<String>::new());
    let name = json(&files, "report.json")["captures"][0]["path"].as_str().unwrap().to_owned();
    assert!(name.starts_with("login of account-1@") && name.ends_with(" in May.har"), "{name}");
}

#[test]
fn a_person_in_the_name_of_the_capture_who_is_not_in_it_is_replaced_too() {
    for (options, shown) in [(&[][..], "@fabrikam.example"), (&["--strict"][..], "@redacted.example")] {
        let place = TempDir::new().unwrap();
        let capture = place.path().join("zelda.quist@fabrikam.example login.har");
        fs::copy(fixtures().join(CAPTURE), &capture).unwrap();
        let files = files(capture.to_str().unwrap(), options);
        assert_eq!(members_with(&files, "zelda.quist"), Vec::<String>::new());
        let name = json(&files, "report.json")["captures"][0]["path"].as_str().unwrap().to_owned();
        assert!(name.starts_with("account-") && name.ends_with(&format!("{shown} login.har")), "{name}");
        // None that stands in the capture has its number.
        let account = name.split_once('@').unwrap().0;
        assert!(!text(&files, "redacted.har").contains(&format!("{account}@")), "{name}");
    }
}

#[test]
fn what_is_there_already_stays() {
    let place = TempDir::new().unwrap();
    let at = |name: &str| place.path().join(name);
    fs::create_dir(at("full")).unwrap();
    for name in ["full/mine.txt", "file", "there.zip"] {
        fs::write(at(name), name).unwrap();
    }
    for (name, why) in [("full", "not empty"), ("file", "no folder"), ("there.zip", "exists already")] {
        let output = bundle(CAPTURE, &at(name), &[]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(said(&output).contains(why), "{}", said(&output));
    }
    for name in ["full/mine.txt", "file", "there.zip"] {
        assert_eq!(fs::read_to_string(at(name)).unwrap(), name);
    }
    assert_eq!((fs::read_dir(place.path()).unwrap().count(), fs::read_dir(at("full")).unwrap().count()), (3, 1));
}

#[test]
fn an_empty_folder_is_filled() {
    let place = TempDir::new().unwrap();
    assert_eq!(bundle(CAPTURE, place.path(), &[]).status.code(), Some(0));
    assert!(folder(place.path()) == files(CAPTURE, &[]));
}

#[test]
fn the_capture_itself_is_no_place_to_write() {
    let place = TempDir::new().unwrap();
    for name in ["capture.har", "capture.zip"] {
        let capture = place.path().join(name);
        fs::copy(fixtures().join(CAPTURE), &capture).unwrap();
        let output = bundle(capture.to_str().unwrap(), &capture, &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("is the capture itself"), "{}", said(&output));
        assert!(fs::read(&capture).unwrap() == fixture(CAPTURE));
    }
}

#[test]
fn of_a_capture_that_cannot_be_read_nothing_is_written() {
    let place = TempDir::new().unwrap();
    for capture in ["no-such.har", ".", "../Cargo.toml"] {
        for name in ["ticket", "ticket.zip"] {
            let output = bundle(capture, &place.path().join(name), &[]);
            assert_eq!(output.status.code(), Some(2), "{capture}");
            assert!(said(&output).starts_with(&format!("entrace: {capture}: ")), "{}", said(&output));
            assert_empty(place.path());
        }
    }
}

#[test]
fn where_the_place_is_missing_nothing_is_written() {
    let place = TempDir::new().unwrap();
    for name in ["none/ticket", "none/ticket.zip"] {
        let output = bundle(CAPTURE, &place.path().join(name), &[]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(said(&output).contains("ticket"), "{}", said(&output));
        assert_empty(place.path());
    }
    assert_eq!(entrace().args(["bundle", CAPTURE]).output().unwrap().status.code(), Some(2));
}

#[test]
fn a_stream_and_a_folder_that_is_not_there_are_no_place_for_a_bundle() {
    let here = tempfile::tempdir().unwrap();
    let capture = fixtures().join(CAPTURE);
    let run = |output: &str| entrace().current_dir(here.path()).arg("bundle").arg(&capture).args(["--output", output]).output().unwrap();
    for (output, told) in [
        ("-", "entrace: -: this is a stream; name a folder or a zip (one that is called - is ./-)"),
        ("none/x.zip", "entrace: none/x.zip: the folder that it would be in is not there"),
        ("none/x", "entrace: none/x: the folder that it would be in is not there"),
    ] {
        let refused = run(output);
        assert_eq!((refused.status.code(), said(&refused).trim()), (Some(2), told));
    }
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 0);
    assert_eq!(run("./-").status.code(), Some(0));
}
