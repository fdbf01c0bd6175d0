//! Encrypted archives: where the password may come from, and what is said without it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, password};
use std::fs;
use std::process::Output;

const LOCKED: &str = "redirect-uri-mismatch.v4.saz-aes.saz";

fn said(output: &Output) -> String {
    String::from_utf8([&*output.stdout, &*output.stderr].concat()).unwrap()
}

#[test]
fn the_password_may_come_from_an_argument_a_file_or_the_environment() {
    let password = password(LOCKED).unwrap();
    let file = std::env::temp_dir().join(format!("entrace-password-{}.txt", std::process::id()));
    fs::write(&file, format!("{password}\r\n")).unwrap();
    let outputs = [
        entrace().args(["--password", &password, LOCKED]).output().unwrap(),
        entrace().arg("--password-file").arg(&file).arg(LOCKED).output().unwrap(),
        entrace().env("ENTRACE_PASSWORD", &password).arg(LOCKED).output().unwrap(),
    ];
    fs::remove_file(&file).unwrap();
    for output in outputs {
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("AADSTS50011") && !said.contains(&password));
    }
}

#[test]
fn without_the_right_password_the_program_says_what_is_wrong() {
    let none = entrace().arg(LOCKED).output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).contains("this archive is encrypted: give its password with --password-file FILE"), "{}", said(&none));
    let wrong = entrace().env("ENTRACE_PASSWORD", "not this one").arg(LOCKED).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said(&wrong).contains("the password does not open this archive"), "{}", said(&wrong));
    assert!(!said(&wrong).contains("not this one"));
}

#[test]
fn a_password_is_not_needed_for_what_is_open() {
    let output = entrace().env("ENTRACE_PASSWORD", "for another file").arg("third-party-cookies-blocked.v4.saz.saz").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}

/// Notepad writes a mark before the text, and PowerShell 5 redirects as UTF-16.
#[test]
fn a_password_file_of_windows_is_read() {
    let password = password(LOCKED).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password.txt");
    let line = format!("{password}\r\nanother line\r\n");
    let wide = |bytes: fn(u16) -> [u8; 2]| line.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
    let marked = |mark: &[u8], text: &[u8]| [mark, text].concat();
    for written in [
        marked(b"\xEF\xBB\xBF", line.as_bytes()),
        marked(b"\xFF\xFE", &little),
        marked(b"\xFE\xFF", &big),
        little.clone(),
        marked(b"", password.as_bytes()),
    ] {
        fs::write(&file, written).unwrap();
        let output = entrace().arg("--password-file").arg(&file).arg(LOCKED).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    }
}

#[test]
fn a_password_file_without_a_password_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password.txt");
    for (written, told) in [
        (&b""[..], "password.txt holds no password: its first line is empty"),
        (b"\r\nsecret", "its first line is empty"),
        (b"\xEF\xBB\xBF\n", "its first line is empty"),
        (b"\xFF\xFE", "its first line is empty"),
        (b"gr\xFC\xDFe", "it is neither UTF-8 nor UTF-16; save it as UTF-8"),
        (&[b'x'; 5000], "longer than 4 KiB"),
    ] {
        fs::write(&file, written).unwrap();
        let output = entrace().arg("--password-file").arg(&file).arg(LOCKED).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(told) && !said(&output).contains("secret"), "{}", said(&output));
    }
}
