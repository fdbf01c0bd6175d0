//! Wraps a HAR as people send them (zip, gzip, Zstandard, UTF-16, one in the other), damages it, and reads it in every
//! way: from memory, as a file, as a stream. All have to say the same. What was not damaged is read as if it had no
//! wrapper, up to as many of them as are taken off.

#![no_main]

use entrace::Capture;
use entrace::capture::{CaptureError, check_file_for_fuzzing};
use entrace_fuzz::files::{options, sizes, zipped};
use entrace_fuzz::holds;
use entrace_fuzz::input::Input;
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;
use zip::CompressionMethod;

const HAR: &str = r#"{"log":{"creator":{"name":"WebInspector"},"entries":[{"startedDateTime":"2026-11-20T12:00:00Z","request":{"method":"GET","url":"https://login.live.com/é"},"response":{"status":200}}]}}"#;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let (mut layers, mut damaged, mut is_text) = (0, false, true);
    let mut file = HAR.as_bytes().to_vec();
    while !input.is_over() {
        match input.below(10) {
            0 => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&file).unwrap();
                file = encoder.finish().unwrap();
            }
            1 => file = compress_to_vec(file.as_slice(), CompressionLevel::Fastest),
            2 if is_text => file = String::from_utf8_lossy(&file).encode_utf16().flat_map(u16::to_le_bytes).collect(),
            3 if is_text => {
                file = std::iter::once(0xFEFF).chain(String::from_utf8_lossy(&file).encode_utf16()).flat_map(u16::to_be_bytes).collect()
            }
            choice @ 4..6 => {
                let method = if choice == 4 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
                let name = input.text();
                // A member beside the capture, which may be its body or another capture.
                let beside = (input.text(), input.bytes().to_vec());
                damaged |= !beside.1.is_empty() || name.ends_with('/') || name.contains('\\') || name.starts_with("raw");
                let members = [(format!("{name}a.har"), file), beside];
                file = zipped(&members[..if members[1].0.is_empty() { 1 } else { 2 }], "", method);
            }
            6 => {
                let at = input.below(file.len().min(65_536));
                file.truncate(at);
                damaged = true;
                continue;
            }
            7 => {
                let at = input.below(file.len().min(65_536));
                let byte = input.below(256) as u8;
                if let Some(place) = file.get_mut(at) {
                    *place = byte;
                }
                damaged = true;
                continue;
            }
            8 => {
                file.extend(input.bytes());
                damaged = true;
                continue;
            }
            _ => continue,
        }
        is_text = false;
        layers += 1;
        if layers > 8 || file.len() > 1 << 16 {
            break;
        }
    }
    let options = options();
    holds(check_file_for_fuzzing(&file, &sizes(bytes), &options));
    if damaged {
        return;
    }
    let [found] = Capture::all_from_bytes(file, &options).try_into().unwrap_or_else(|_| panic!("not one capture"));
    match found.capture {
        Ok(capture) => assert_eq!((capture.entries, capture.exchanges.len(), capture.warnings.len()), (1, 1, 0), "{:?}", capture.warnings),
        Err(CaptureError::TooManyLayers { most }) => assert!(layers > most, "{layers} layers"),
        Err(error) => panic!("{error}"),
    }
});
