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
