//! Signals while a file is made. (`many.rs` has those of a run over a folder.)

use super::Place;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SIGNALS: [(&str, i32); 3] = [("INT", 2), ("TERM", 15), ("HUP", 1)];

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn whoever_ends_a_redaction_finds_all_of_it_or_nothing() {
    let place = Place::new();
    let inside = place.path("out");
    for (arguments, output, wanted) in [
        (&["redact", "login.har", "--output", "out/safe.har"][..], "safe.har", None),
        (&["bundle", "login.har", "--output", "out/ticket.zip"], "ticket.zip", None),
        // A folder is there with all of its files.
        (&["bundle", "login.har", "--output", "out/ticket"], "ticket", Some(4)),
    ] {
        for (signal, number) in SIGNALS {
            for further in [0, 1, 3] {
                fs::create_dir(&inside).unwrap();
                let mut child = place.entrace().args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                // As soon as anything is there, and a little later.
                let begun = Instant::now();
                while super::names(&inside).is_empty() && begun.elapsed() < Duration::from_secs(20) {
                    sleep(Duration::from_micros(200));
                }
                sleep(Duration::from_millis(further));
                // It may have ended meanwhile.
                let _ = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).stderr(Stdio::null()).status();
                let status = child.wait().unwrap();
                assert!(status.code() == Some(0) || status.signal() == Some(number), "{status:?}");
                // What had begun was ended, and what it was made in is gone.
                assert_eq!(super::names(&inside), [output], "{arguments:?} {signal}");
                if let Some(least) = wanted {
                    assert!(super::names(&inside.join(output)).len() >= least);
                }
                fs::remove_dir_all(&inside).unwrap();
            }
        }
    }
}

#[test]
fn what_was_started_to_outlive_its_terminal_does() {
    let place = Place::new();
    let mut program = Command::new("sh");
    program.env("E", env!("CARGO_BIN_EXE_entrace")).current_dir(place.0.path());
    // As `nohup` does it. The first capture is answered, the second waited for.
    let line = "trap '' HUP; mkfifo later; exec \"$E\" diagnose --format ndjson login.har - < later";
    let mut child = program.args(["-c", line]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !place.path("later").exists() && begun.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(5));
    }
    let later = fs::OpenOptions::new().write(true).open(place.path("later")).unwrap();
    for _ in 0..5 {
        send("HUP", &child);
        sleep(Duration::from_millis(60));
    }
    assert_eq!(child.try_wait().unwrap(), None, "it ended with its terminal");
    drop(later);
    // The second capture is empty.
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
