//! Fiddler's archives (SAZ): a zip with the raw bytes of every request and response.
//!
//! Members are unpacked one session at a time ([`archive`]), in the order of their numbers; the messages are
//! taken apart by [`crate::capture::http_message`] and what Fiddler noted beside them by [`metadata`].
//! Fiddler's window shows the session number of the metadata and not that of the member, so that one is the
//! exchange's label.

mod archive;
mod metadata;
mod session;

use super::archive::Archive as Zip;
use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Options, creator, sorted_by_start};
use crate::exchange::Exchange;
pub(super) use archive::is_one;
use archive::{Archive, Part, Places};
use metadata::Metadata;
use session::Parts;
use std::cell::Cell;

/// Reads a SAZ.
pub(super) fn read(zip: Zip, options: &Options) -> Result<Capture, CaptureError> {
    let mut archive = Archive::new(zip, options);
    let sessions = archive.sessions();
    archive.unlock(&sessions)?;
    let mut warnings = Warnings::default();
    let mut exchanges = Vec::new();
    let mut first_bad = None;
    let left = Cell::new(usize::try_from(options.limits.bodies).unwrap_or(usize::MAX));
    for (entry, (number, places)) in sessions.iter().enumerate() {
        let mut warn = |kind| warnings.add(Some(entry), kind);
        match session(&mut archive, *number, *places, entry, &left, &mut warn)? {
            Ok(exchange) => exchanges.push(exchange),
            Err(why) => {
                warn(why);
                first_bad.get_or_insert((entry, why));
            }
        }
    }
    if exchanges.is_empty() {
        if let Some((entry, why)) = first_bad {
            return Err(CaptureError::NoUsableEntry { entries: sessions.len(), entry, why });
        }
        warnings.add(None, "the archive has no sessions");
    }
    if archive.is_cut_off() {
        let after = sessions.keys().next_back().map_or(String::new(), |last| format!(" after session file {last}"));
        warnings.add_early_end(EarlyEnd::CutOff, format!("{after}; the rest was not read"));
    }
    Ok(Capture {
        format: Format::Saz,
        creator: creator(&archive.comment()),
        exporter: Exporter::Fiddler,
        pages: Vec::new(),
        exchanges: sorted_by_start(exchanges, &mut warnings),
        entries: sessions.len(),
        warnings: warnings.finish(),
        redacted: false,
        library_log: None,
    })
}

/// Unpacks a session and makes an exchange of it, or says why there is none.
fn session(
    archive: &mut Archive<'_>,
    number: u64,
    places: Places,
    entry: usize,
    left: &Cell<usize>,
    warn: &mut impl FnMut(&'static str),
) -> Result<Result<Exchange, &'static str>, CaptureError> {
    if places.twice {
        warn("a part of the session is in the archive twice; the first was read");
    }
    let Some(request) = places.request else {
        return Ok(Err("the session has no request (N_c.txt)"));
    };
    let mut sound = |part: Part| {
        part.flaw.into_iter().for_each(&mut *warn);
        part.bytes
    };
    let request = sound(archive.message(request)?);
    let response = match places.response {
        Some(response) => sound(archive.message(response)?),
        None => Vec::new(),
    };
    let metadata = match places.metadata {
        Some(metadata) => Some(sound(archive.metadata(metadata)?)),
        None => None,
    };
    if places.response.is_none() {
        warn("the session has no response (N_s.txt)");
    }
    // Hand-made archives have no metadata, and little is lost without it.
    let metadata = match metadata {
        None => Metadata::default(),
        Some(xml) => Metadata::read(&xml).unwrap_or_else(|| {
            warn("the session's metadata (N_m.xml) could not be understood");
            Metadata::default()
        }),
    };
    Ok(session::exchange(Parts { request: &request, response: &response, metadata, number }, entry, left, warn))
}

/// The program by the comment that it leaves: `Fiddler (v5.0.20253.3311) Session Archive. See …`.
fn creator(comment: &str) -> Option<String> {
    let (_, version) = comment.split_once("Fiddler (")?;
    let (version, _) = version.split_once(')')?;
    creator::told(&format!("Fiddler {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Secret;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};
    use zip::unstable::write::FileOptionsExt;
    use zip::write::{FullFileOptions, SimpleFileOptions};
    use zip::{AesMode, CompressionMethod, ZipWriter};

    const REQUEST: &[u8] = b"GET https://login.live.com/x HTTP/1.1\r\nHost: login.live.com\r\n\r\n";
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>AADSTS50011";

    fn metadata(id: u32, started: &str) -> Vec<u8> {
        format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session SID=\"{id}\" BitFlags=\"9\">\
             <SessionTimers ClientBeginRequest=\"{started}\"/></Session>"
        )
        .into_bytes()
    }

    fn archive_with(comment: &str, options: FullFileOptions<'_, '_>, members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.set_comment(comment).unwrap();
        for (name, bytes) in members {
            zip.start_file(*name, options.clone()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        archive_with("", SimpleFileOptions::default().into_full_options(), members)
    }

    fn read_with(bytes: &[u8], password: Option<&str>) -> Result<Capture, CaptureError> {
        let zip = Zip::open(Box::new(Cursor::new(bytes.to_vec())), 1000, "zip archive")?;
        super::read(zip, &Options { password: password.map(Secret::new), ..Options::default() })
    }

    fn read(bytes: &[u8]) -> Capture {
        match read_with(bytes, None) {
            Ok(capture) => capture,
            Err(error) => panic!("{error}"),
        }
    }

    fn error(bytes: &[u8], password: Option<&str>) -> CaptureError {
        read_with(bytes, password).err().unwrap()
    }

    fn warnings(capture: &Capture) -> Vec<(Option<usize>, &str)> {
        capture.warnings.iter().map(|warning| (warning.entry, &*warning.message)).collect()
    }

    fn labels(capture: &Capture) -> Vec<(usize, &str)> {
        capture.exchanges.iter().map(|exchange| (exchange.entry, exchange.label.as_deref().unwrap())).collect()
    }

    #[test]
    fn an_archive_of_fiddlers() {
        let metadata = metadata(5, "2026-11-20T12:00:00.0000000+01:00");
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).into_full_options();
        let bytes = archive_with(
            "Fiddler (v5.0.20253.3311) Session Archive. See https://www.telerik.com/fiddler",
            options,
            &[
                ("[Content_Types].xml", b"<x/>"),
                ("_index.htm", b"<html>"),
                ("raw/1_c.txt", REQUEST),
                ("raw/1_m.xml", &metadata),
                ("raw/1_s.txt", RESPONSE),
                ("raw/1_w.txt", b"websocket"),
            ],
        );
        let capture = read(&bytes);
        assert_eq!((capture.format, capture.exporter, capture.entries), (Format::Saz, Exporter::Fiddler, 1));
        assert_eq!(capture.creator.as_deref(), Some("Fiddler v5.0.20253.3311"));
        assert!(warnings(&capture).is_empty());
        assert_eq!(labels(&capture), [(0, "5")]);
        let exchange = &capture.exchanges[0];
        assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T11:00:00+00:00");
        assert_eq!((exchange.response.status, exchange.response.body.kept().unwrap().raw()), (Some(200), "<p>AADSTS50011"));
    }

    #[test]
    fn numbers_are_numbers() {
        let members: [(&str, &[u8]); 6] = [
            ("raw\\10_c.txt", REQUEST),
            ("raw\\10_s.txt", RESPONSE),
            ("raw/002_s.txt", RESPONSE),
            ("raw/2_c.txt", REQUEST),
            ("raw/1_s.txt", RESPONSE),
            ("raw/01_c.txt", REQUEST),
        ];
        let capture = read(&archive(&members));
        assert_eq!(labels(&capture), [(0, "1"), (1, "2"), (2, "10")]);
        assert!(warnings(&capture).is_empty(), "{:?}", warnings(&capture));
        assert_eq!((capture.creator, capture.exporter), (None, Exporter::Fiddler));
    }

    #[test]
    fn sessions_are_sorted_by_start() {
        let (early, late) = (metadata(9, "2026-11-20T12:00:00Z"), metadata(8, "2026-11-20T12:00:01Z"));
        let members: [(&str, &[u8]); 8] = [
            ("raw/1_c.txt", REQUEST),
            ("raw/1_s.txt", RESPONSE),
            ("raw/1_m.xml", &late),
            ("raw/2_c.txt", REQUEST),
            ("raw/2_s.txt", RESPONSE),
            ("raw/3_c.txt", REQUEST),
            ("raw/3_s.txt", RESPONSE),
            ("raw/3_m.xml", &early),
        ];
        assert_eq!(labels(&read(&archive(&members))), [(2, "9"), (0, "8"), (1, "2")]);
    }

    #[test]
    fn missing_and_broken_parts_are_warnings() {
        let members: [(&str, &[u8]); 10] = [
            ("raw/1_s.txt", RESPONSE),
            ("raw/2_c.txt", REQUEST),
            ("raw/3_c.txt", REQUEST),
            ("raw/3_s.txt", b""),
            ("raw/4_c.txt", REQUEST),
            ("raw/04_c.txt", b"x"),
            ("raw/4_s.txt", RESPONSE),
            ("raw/5_c.txt", b"\x00\x01"),
            ("raw/6_c.txt", REQUEST),
            ("raw/6_m.xml", b"<Sess"),
        ];
        let capture = read(&archive(&members));
        assert_eq!((capture.entries, capture.exchanges.len()), (6, 4));
        let given = warnings(&capture);
        assert_eq!(given.len(), 7, "{given:?}");
        assert_eq!(given[0], (Some(0), "the session has no request (N_c.txt)"));
        assert_eq!(given[1], (Some(1), "the session has no response (N_s.txt)"));
        assert_eq!(given[2], (Some(3), "a part of the session is in the archive twice; the first was read"));
        assert_eq!(given[3].0, Some(4));
        assert_eq!(given[6], (Some(5), "the session's metadata (N_m.xml) could not be understood"));
        assert!(capture.exchanges.iter().filter(|exchange| exchange.response.status.is_none()).count() == 3);
    }

    #[test]
    fn damage_inside_an_archive() {
        let mut bytes = archive_with(
            "",
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored).into_full_options(),
            &[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE)],
        );
        let at = memchr::memmem::find(&bytes, b"<p>AADSTS").unwrap();
        bytes[at + 1] = b'q';
        let capture = read(&bytes);
        assert_eq!(warnings(&capture), [(Some(0), archive::DAMAGED)]);
        assert_eq!(capture.exchanges[0].response.body.kept().unwrap().raw(), "<q>AADSTS50011");
    }

    #[test]
    fn nothing_usable() {
        assert!(matches!(error(&archive(&[("raw/1_s.txt", RESPONSE)]), None), CaptureError::NoUsableEntry { entries: 1, entry: 0, .. }));
        let capture = read(&archive(&[("_index.htm", b"x")]));
        assert_eq!((capture.entries, warnings(&capture)), (0, vec![(None, "the archive has no sessions")]));
        for broken in [b"" as &[u8], b"PK\x03\x04", b"PK\x03\x04 and no directory at all, wherever one may look for it"] {
            assert!(matches!(error(broken, None), CaptureError::BrokenWrapper { .. }));
        }
    }

    #[test]
    fn encrypted_archives() {
        let members: [(&str, &[u8]); 4] =
            [("_index.htm", b"x"), ("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/1_m.xml", b"<Session SID='4'/>")];
        let plain = || SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).into_full_options();
        for options in [
            plain().with_aes_encryption(AesMode::Aes128, "Wiese 7"),
            plain().with_aes_encryption(AesMode::Aes256, "Wiese 7"),
            plain().with_deprecated_encryption(b"Wiese 7").unwrap(),
        ] {
            let bytes = archive_with("", options, &members);
            assert!(matches!(error(&bytes, None), CaptureError::PasswordNeeded));
            // ZipCrypto takes about one of 256 wrong passwords for right.
            for wrong in 0..300 {
                if wrong < 3 || memchr::memmem::find(&bytes, b"\x01\x99").is_none() {
                    assert!(matches!(error(&bytes, Some(&format!("wrong {wrong}"))), CaptureError::WrongPassword), "{wrong}");
                }
            }
            let capture = read_with(&bytes, Some("Wiese 7")).ok().unwrap();
            assert_eq!((labels(&capture), warnings(&capture).len()), (vec![(0, "4")], 0));
        }
        let capture = read_with(&archive(&members), Some("of no use")).ok().unwrap();
        assert_eq!(capture.exchanges.len(), 1);
    }

    #[test]
    fn bombs() {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).into_full_options();
        let zeros = vec![0; 40 << 20];
        let bytes = archive_with("", options.clone(), &[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", &zeros)]);
        assert!(warnings(&read(&bytes)).contains(&(Some(0), archive::BOMB)));
        let xml = [b"<Session>" as &[u8], &vec![b' '; 2 << 20]].concat();
        let bytes = archive_with("", options, &[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/1_m.xml", &xml)]);
        assert_eq!(warnings(&read(&bytes)).len(), 2);
    }

    #[test]
    fn a_part_and_all_parts_have_an_end() {
        let response = [RESPONSE, &[b' '; 5000]].concat();
        let members: [(&str, &[u8]); 4] =
            [("raw/1_c.txt", REQUEST), ("raw/1_s.txt", &response), ("raw/2_c.txt", REQUEST), ("raw/2_s.txt", RESPONSE)];
        let within = |limits: crate::capture::Limits| {
            let zip = Zip::open(Box::new(Cursor::new(archive(&members))), 1000, "zip archive").ok().unwrap();
            super::read(zip, &Options { limits, ..Options::default() })
        };
        let capture = within(crate::capture::Limits { part: 1000, ..Default::default() }).ok().unwrap();
        assert!(warnings(&capture).iter().all(|(entry, told)| *entry == Some(0) && told.contains("only its beginning was read")));
        assert_eq!((capture.exchanges.len(), warnings(&capture).len()), (2, 1));
        assert!(within(crate::capture::Limits { unpacked: 1000, ..Default::default() }).is_err());
    }

    #[test]
    fn all_bodies_together_have_an_end() {
        let packed = |text: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text).unwrap();
            [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", encoder.finish().unwrap().as_slice()].concat()
        };
        let response = packed(&[b'a'; 1000]);
        let members: [(&str, &[u8]); 4] =
            [("raw/1_c.txt", REQUEST), ("raw/1_s.txt", &response), ("raw/2_c.txt", REQUEST), ("raw/2_s.txt", &response)];
        let zip = Zip::open(Box::new(Cursor::new(archive(&members))), 1000, "zip archive").ok().unwrap();
        let limits = crate::capture::Limits { bodies: 1500, ..Default::default() };
        let capture = super::read(zip, &Options { limits, ..Options::default() }).ok().unwrap();
        let lengths: Vec<usize> = capture.exchanges.iter().map(|exchange| exchange.response.body.kept().unwrap().raw().len()).collect();
        assert_eq!((lengths, warnings(&capture).len()), (vec![1000, 500], 1));
    }

    #[test]
    fn creators() {
        assert_eq!(creator("Fiddler (v5.0) Session Archive.").as_deref(), Some("Fiddler v5.0"));
        assert_eq!(creator("Fiddler (v5.0"), None);
        assert_eq!(creator(""), None);
        assert_eq!(creator(&format!("Fiddler (v\n{})", "1".repeat(200))).unwrap().len(), creator::LONGEST);
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_no_panic(at in 0_usize..700, byte: u8) {
            let metadata = metadata(5, "2026-11-20T12:00:00Z");
            let mut bytes = archive(&[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/1_m.xml", &metadata)]);
            if let Some(changed) = bytes.get_mut(at) {
                *changed = byte;
            }
            let _ = read_with(&bytes, None);
        }

        #[test]
        fn a_cut_message_is_no_panic(end in 0_usize..200) {
            let request = REQUEST.get(..end).unwrap_or(REQUEST);
            let response = RESPONSE.get(..end).unwrap_or(RESPONSE);
            let _ = read_with(&archive(&[("raw/1_c.txt", request), ("raw/1_s.txt", response)]), None);
        }
    }

    #[test]
    fn a_cut_at_every_byte_is_told_once_or_a_clear_error() {
        let bytes = archive(&[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/2_c.txt", REQUEST), ("raw/2_s.txt", RESPONSE)]);
        let mut read = 0;
        for end in 0..bytes.len() {
            match read_with(&bytes[..end], None) {
                Ok(capture) => {
                    read += 1;
                    assert_eq!(capture.warnings.iter().filter(|warning| warning.ends_the_reading()).count(), 1, "{end}");
                }
                Err(error) => assert!(matches!(error, CaptureError::BrokenWrapper { .. } | CaptureError::NoUsableEntry { .. }), "{end}"),
            }
        }
        assert!(read > 300, "{read}");
    }

    #[test]
    fn what_came_before_a_lost_end_is_read() {
        let bytes = archive(&[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/2_c.txt", REQUEST), ("raw/2_s.txt", RESPONSE)]);
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        let capture = read(&bytes[..directory]);
        assert_eq!((capture.entries, capture.exchanges.len()), (2, 2));
        assert_eq!(warnings(&capture), [(None, "the file is cut off after session file 2; the rest was not read")]);
    }
}
