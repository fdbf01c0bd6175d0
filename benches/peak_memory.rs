//! How much memory reading a HAR takes: each way in a process of its own, by the peak that Linux keeps.
//!
//! `cargo bench --bench peak_memory`. See `docs/performance.md`.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that can't run should say so and stop")]
#![allow(clippy::print_stdout, reason = "its output is the result")]

mod generator;

use entrace::capture::Capture;
use generator::Shape;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

const MEGABYTES: usize = 100;
const WAYS: [&str; 3] = ["a_plain_read", "entrace", "serde_json_value"];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, way, file] = &*arguments
        && WAYS.contains(&&**way)
    {
        read(way, Path::new(file));
        println!("{}", peak_mebibytes().map_or("unknown on this system".to_owned(), |peak| format!("{peak:>7.1} MiB")));
        return;
    }
    for shape in [Shape::Bodies, Shape::NoBodies] {
        let file = generator::file(shape, MEGABYTES);
        let size = fs::metadata(&file).expect("the file is there").len();
        println!("{}: a file of {:.1} MiB", shape.name(), mebibytes(size));
        for way in WAYS {
            let program = env::current_exe().expect("this program has a path");
            let output = Command::new(program).arg(way).arg(&file).output().expect("this program runs");
            println!("  {way:<18}{}", String::from_utf8_lossy(&output.stdout).trim_end());
        }
    }
}

fn read(way: &str, file: &Path) {
    match way {
        "entrace" => {
            std::hint::black_box(Capture::open(file).map(|capture| capture.exchanges.len()).expect("the file is a HAR"));
        }
        "serde_json_value" => {
            let bytes = fs::read(file).expect("the file is readable");
            std::hint::black_box(serde_json::from_slice::<serde_json::Value>(&bytes).expect("the file is JSON"));
        }
        _ => {
            std::hint::black_box(fs::read(file).expect("the file is readable"));
        }
    }
}

/// The most memory this process ever had resident.
fn peak_mebibytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(mebibytes(kibibytes * 1024))
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
