//! What captures come wrapped in: UTF-16 text, gzip, zlib, Zstandard, zip archives, one inside the other.
//!
//! Wrappers are recognised by content like everything else, and come off while the capture in them is read:
//! none is unpacked whole, but for what has to be read in any order.

use super::archive::{Archive, Closed};
use super::attachments::{Attachments, Names};
use super::error::CaptureError;
use super::har::Input;
use super::sniff::{Kind, byte_order_mark, sniff};
use super::source::{BEGINNING, Budget, Source};
use super::warnings::{EarlyEnd, Warning};
use super::{Capture, Format, Found, Keep, Options, har, read, saz};
use encoding_rs::{UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

const DAMAGED: &str = "the archive or compression around the capture is damaged; what came before the damage was read";
const DIRECTORY_LOST: &str = "the archive is cut off; what came before the end was read";

/// Reads every capture of a source.
pub(super) fn open(source: Source<'_>, beside: &Attachments<'_>, options: &Options, keep: Keep) -> Vec<Found> {
    let mut opening = Opening {
        options,
        keep,
        budget: Budget::new(options.limits.unpacked),
        damaged: Rc::default(),
        path: Vec::new(),
        found: Vec::new(),
    };
    if let Err(error) = opening.open(source, beside, options.limits.layers) {
        opening.put(Err(error), None);
    }
    opening.found
}

struct Opening<'o> {
    options: &'o Options,
    keep: Keep,
    budget: Budget,
    /// Whether a wrapper around what is read now is damaged.
    damaged: Rc<Cell<bool>>,
    /// Names in the archives around what is read now, outermost first.
    path: Vec<String>,
    found: Vec<Found>,
}

impl Opening<'_> {
    fn put(&mut self, mut capture: Result<Capture, CaptureError>, har: Option<har::HarFile>) {
        if let Ok(capture) = &mut capture
            && self.damaged.replace(false)
            // A capture whose end is missing has said so itself.
            && !capture.warnings.iter().any(Warning::ends_the_reading)
        {
            // Only flow files do not say where they end: of another capture nothing is missing that ended as it should.
            let early_end = (capture.format == Format::MitmproxyFlow).then_some(EarlyEnd::CutOff);
            capture.warnings.push(Warning { early_end, ..Warning::of_file(DAMAGED) });
        }
        self.found.push(Found { path: self.path.clone(), capture, har });
    }

    fn open(&mut self, source: Source<'_>, beside: &Attachments<'_>, layers: usize) -> Result<(), CaptureError> {
        let (beginning, source) = source.beginning()?;
        let kind = sniff(&beginning);
        let first = byte_order_mark(&beginning);
        drop(beginning);
        let is_wrapper = matches!(kind, Kind::Utf16 | Kind::Gzip | Kind::Zlib | Kind::Zstd | Kind::Zip);
        let inside = layers.checked_sub(1).filter(|_| is_wrapper);
        match (kind, inside) {
            (_, None) if is_wrapper => Err(CaptureError::TooManyLayers { most: self.options.limits.layers }),
            (Kind::Utf16, Some(layers)) => self.open(from_utf16(source)?, beside, layers),
            (Kind::Gzip, Some(layers)) => {
                let decoder = MultiGzDecoder::new(source.into_reader());
                self.open(Source::Stream(Box::new(self.budget.reader(decoder, &self.damaged))), beside, layers)
            }
            (Kind::Zlib, Some(layers)) => {
                let decoder = ZlibDecoder::new(source.into_reader());
                self.open(Source::Stream(Box::new(self.budget.reader(decoder, &self.damaged))), beside, layers)
            }
            (Kind::Zstd, Some(layers)) => {
                let decoder = ruzstd::decoding::StreamingDecoder::new(source.into_reader());
                let decoder = decoder.map_err(|error| match CaptureError::behind(&error) {
                    Some(error) => CaptureError::of(error),
                    None => CaptureError::BrokenWrapper { what: "Zstandard file" },
                })?;
                self.open(Source::Stream(Box::new(self.budget.reader(decoder, &self.damaged))), beside, layers)
            }
            (Kind::Zip, Some(layers)) => self.open_zip(source, layers),
            (Kind::Json, _) => {
                self.put_har(source, first, beside);
                Ok(())
            }
            (kind, _) => {
                let capture = read(kind, source, self.options)?;
                self.put(Ok(capture), None);
                Ok(())
            }
        }
    }

    fn put_har(&mut self, source: Source<'_>, first: usize, beside: &Attachments<'_>) {
        let input = match self.keep {
            // What passes once can't be asked for an entry again.
            Keep::Har => source.into_places().map(Input::Places),
            Keep::Capture => source.into_input(first),
        };
        match input.and_then(|input| har::read(input, first as u64, beside, self.keep)) {
            Ok((capture, file)) => self.put(Ok(capture), file),
            Err(error) => self.put(Err(error), None),
        }
    }

    fn open_zip(&mut self, source: Source<'_>, layers: usize) -> Result<(), CaptureError> {
        let mut archive = Archive::open(source.into_seekable()?, self.options.limits.members, "zip archive")?;
        if saz::is_one(&archive) {
            let capture = saz::read(archive, self.options)?;
            self.put(Ok(capture), None);
            return Ok(());
        }
        if let Some(kind) = kind_by_names(&archive) {
            return Err(CaptureError::NotReadable(kind));
        }
        let before = self.found.len();
        let (mut encrypted, mut packed_otherwise) = (false, false);
        let names = Names::of(&archive);
        for (index, name) in wanted(&archive) {
            self.path.push(shown(&name));
            match self.open_member(&mut archive, &names, (index, &name), layers) {
                Ok(()) => {}
                Err(Trouble::Closed(closed)) => {
                    encrypted |= closed == Closed::Encrypted;
                    packed_otherwise |= closed == Closed::Method;
                }
                Err(Trouble::Inside(error)) => self.put(Err(error), None),
            }
            self.path.pop();
        }
        if self.found.len() == before {
            return Err(match (encrypted, packed_otherwise) {
                (true, _) => CaptureError::EncryptedArchive,
                (false, true) => CaptureError::PackedOtherwise,
                (false, false) => CaptureError::EmptyArchive,
            });
        }
        self.leave_out_other_json(before);
        if archive.is_cut_off
            && let Some(Ok(last)) = self.found.last_mut().map(|found| &mut found.capture)
            && !last.warnings.iter().any(Warning::ends_the_reading)
        {
            last.warnings.push(Warning::of_file(DIRECTORY_LOST));
        }
        Ok(())
    }

    /// Beside a capture, JSON that is none is like a picture or notes beside it, and no failed capture. Alone it may be what was
    /// meant to be one.
    fn leave_out_other_json(&mut self, first: usize) {
        let found = self.found.split_off(first);
        let has_capture = found.iter().any(|found| found.capture.is_ok());
        let is_other = |found: &Found| has_capture && matches!(found.capture, Err(CaptureError::NotHar));
        self.found.extend(found.into_iter().filter(|found| !is_other(found)));
    }

    fn open_member(&mut self, archive: &mut Archive, names: &Names, (index, name): (usize, &[u8]), layers: usize) -> Result<(), Trouble> {
        let (budget, damaged) = (self.budget.clone(), Rc::clone(&self.damaged));
        damaged.set(false);
        let har = archive.member(index, None, |member| {
            let mut beginning = Vec::new();
            let mut member = budget.reader(member, &damaged);
            (&mut member).take(BEGINNING as u64).read_to_end(&mut beginning).map_err(CaptureError::of)?;
            let kind = sniff(&beginning);
            // What lies beside a capture in an archive (pictures, notes) is no failed capture.
            if !is_capture(kind) {
                return Ok(None);
            }
            let source = Source::Stream(Box::new(std::io::Cursor::new(beginning).chain(member)));
            // The bodies beside a HAR are read out of the same archive, which is free once the HAR is held.
            if kind == Kind::Json && names.have_bodies {
                return source.into_bytes().map(Some);
            }
            self.open(source, &Attachments::nowhere(), layers).map(|()| None)
        });
        if let Some(har) = har.map_err(Trouble::Closed)?.map_err(Trouble::Inside)? {
            let beside = Attachments::within(archive, names, name, self.options.limits.part);
            let first = byte_order_mark(&har);
            self.put_har(Source::Bytes(har.into()), first, &beside);
        }
        Ok(())
    }
}

/// Why nothing came of a member.
enum Trouble {
    Closed(Closed),
    Inside(CaptureError),
}

/// The members that are looked at, with their names: of Playwright's archive the HAR, of any other all.
fn wanted(archive: &Archive) -> Vec<(usize, Vec<u8>)> {
    let names = archive.names();
    let is_folder = |name: &[u8]| name.ends_with(b"/");
    let hars = names.iter().filter(|name| name.ends_with(b".har")).count();
    let is_playwright = hars == 1 && names.iter().all(|name| name.ends_with(b".har") || is_digest(name));
    let is_wanted = |name: &[u8]| !is_folder(name) && (!is_playwright || name.ends_with(b".har"));
    names.into_iter().enumerate().filter(|(_, name)| is_wanted(name)).map(|(index, name)| (index, name.to_vec())).collect()
}

/// What a zip is that holds no capture as a file, by the names in it.
fn kind_by_names(archive: &Archive) -> Option<Kind> {
    let names = archive.names();
    let mut files = names.iter().filter(|name| !name.ends_with(b"/")).peekable();
    let ends = |with: &[u8]| names.iter().any(|name| name.ends_with(with));
    let is_request = |name: &[u8]| {
        let rest = name.strip_prefix(b"request_").unwrap_or_default();
        rest.first().is_some_and(u8::is_ascii_digit) && rest.iter().find(|byte| !byte.is_ascii_digit()) == Some(&b'_')
    };
    if files.peek().is_some() && files.all(|name| is_request(name)) {
        Some(Kind::ProxymanLog)
    } else if ends(b".trace") && ends(b".network") && !ends(b".har") {
        Some(Kind::PlaywrightTrace)
    } else {
        None
    }
}

/// Whether a name is a SHA-1 with an extension, as Playwright calls the bodies.
fn is_digest(name: &[u8]) -> bool {
    let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    stem.len() == 40 && stem.iter().all(u8::is_ascii_hexdigit)
}

/// Text in UTF-8; what is no UTF-16 becomes U+FFFD.
fn from_utf16(source: Source<'_>) -> Result<Source<'_>, CaptureError> {
    let (beginning, source) = source.beginning()?;
    let big_endian = beginning.starts_with(b"\xFE\xFF") || beginning.first() == Some(&0);
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    Ok(Source::Stream(Box::new(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).strip_bom(true).build(source.into_reader()))))
}

fn is_capture(kind: Kind) -> bool {
    !matches!(kind, Kind::Empty | Kind::Text | Kind::Binary | Kind::Html | Kind::LfsPointer | Kind::MsalLog | Kind::SignInLog)
}

/// A member's name as it may be shown: it is a label, never a path to write to.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Limits;
    use flate2::{Compression, write::GzEncoder};
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    const HAR: &str = r#"{"log":{"entries":[{"request":{"method":"GET","url":"https://app.example/"},"response":{"status":200}}]}}"#;

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zipped_by(method: zip::CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        zipped_by(zip::CompressionMethod::Stored, members)
    }

    fn utf16(text: &str, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn open_with(bytes: Vec<u8>, limits: Limits) -> Vec<Found> {
        open(Source::Bytes(bytes.into()), &Attachments::nowhere(), &Options { limits, ..Options::default() }, Keep::Capture)
    }

    /// The captures of a file: the name of each, and how many entries it has.
    fn captures(bytes: Vec<u8>) -> Vec<(String, usize)> {
        open_with(bytes, Limits::default()).into_iter().map(|found| (found.path.join("!"), found.capture.ok().unwrap().entries)).collect()
    }

    fn error(bytes: Vec<u8>, limits: Limits) -> CaptureError {
        open_with(bytes, limits).remove(0).capture.err().unwrap()
    }

    #[test]
    fn every_wrapper_comes_off() {
        let bare = vec![(String::new(), 1)];
        assert_eq!(captures(HAR.into()), bare);
        assert_eq!(captures(utf16(HAR, true)), bare);
        assert_eq!(captures(utf16(HAR, false)), bare);
        assert_eq!(captures(gzipped(HAR.as_bytes())), bare);
        assert_eq!(captures(gzipped(&utf16(HAR, true))), bare);
    }

    #[test]
    fn a_zip_of_several_captures_is_several_captures() {
        let inner = zipped(&[("c.har", HAR.as_bytes())]);
        let members: &[(&str, &[u8])] =
            &[("a.har", HAR.as_bytes()), ("notes.txt", b"hello"), ("b.har.gz", &gzipped(HAR.as_bytes())), ("in.zip", &inner)];
        let names: Vec<String> = captures(zipped(members)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.har", "b.har.gz", "in.zip!c.har"]);
    }

    #[test]
    fn the_bodies_beside_a_har_in_an_archive_are_read() {
        let har = r#"{"log":{"creator":{"name":"Playwright","version":"1.64"},"entries":[{"request":{"method":"GET","url":"https://login.live.com/x"},
            "response":{"status":200,"headers":[],"content":{"size":12,"mimeType":"text/html","_file":"0123456789abcdef0123456789abcdef01234567.html"}}}]}}"#;
        let body = b"<p>AADSTS50011</p>";
        let name = "0123456789abcdef0123456789abcdef01234567.html";
        for (folder, har_name) in [("", "har.har"), ("", "login.har"), ("run/", "run/login.har")] {
            let bytes = zipped(&[(&format!("{folder}{name}"), body), (har_name, har.as_bytes())]);
            let found = open_with(bytes, Limits::default()).remove(0);
            assert_eq!(found.path, [har_name]);
            let capture = found.capture.ok().unwrap();
            assert_eq!(capture.exchanges[0].response.body.kept().unwrap().raw(), "<p>AADSTS50011</p>");
        }
        let alone = open_with(zipped(&[("har.har", har.as_bytes())]), Limits::default()).remove(0).capture.ok().unwrap();
        assert_eq!(alone.exchanges[0].response.body.loss(), Some(crate::exchange::Loss::Apart));
    }

    #[test]
    fn of_a_playwright_archive_only_the_har_is_read() {
        let members: &[(&str, &[u8])] = &[("0123456789abcdef0123456789abcdef01234567.json", br#"{"a":1}"#), ("har.har", HAR.as_bytes())];
        assert_eq!(captures(zipped(members)), [("har.har".to_owned(), 1)]);
    }

    #[test]
    fn layers_have_an_end() {
        let mut bytes = HAR.as_bytes().to_vec();
        for _ in 0..=Limits::default().layers {
            bytes = gzipped(&bytes);
        }
        assert!(matches!(error(bytes.clone(), Limits::default()), CaptureError::TooManyLayers { most: 4 }));
        let more = Limits { layers: 5, ..Limits::default() };
        assert_eq!(open_with(bytes, more).remove(0).capture.ok().unwrap().entries, 1);
    }

    #[test]
    fn bombs_go_off_in_a_box() {
        let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
        let zeros = vec![b' '; 3 << 20];
        let deflated = zip::CompressionMethod::Deflated;
        let many: Vec<(String, &[u8])> = (0..40).map(|number| (format!("{number}.har"), zeros.get(..(64 << 10)).unwrap())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let har = [b"{\"log\":" as &[u8], &zeros].concat();
        for bomb in
            [gzipped(&har), zipped_by(deflated, &[("a.har", &har)]), gzipped(&gzipped(&har)), zipped(&[("a.har.gz", &gzipped(&har))])]
        {
            assert!(matches!(error(bomb, limits.clone()), CaptureError::TooLarge { most: 1_048_576 }));
        }
        // Many that are small each are too large together.
        assert!(matches!(error(zipped_by(deflated, &many), limits), CaptureError::TooLarge { .. }));
    }

    #[test]
    fn a_declared_size_is_nothing_to_go_by() {
        let mut bytes = zipped(&[("a.har", HAR.as_bytes())]);
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        for at in [directory + 24, 22] {
            bytes[at..at + 4].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
        }
        let found = open_with(bytes, Limits::default());
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn names_that_lead_elsewhere_are_labels() {
        let hostile =
            zipped(&[("../../../../var/a.har", HAR.as_bytes()), ("/etc/b.har", HAR.as_bytes()), ("C:\\c\u{1b}[2J.har", HAR.as_bytes())]);
        let names: Vec<String> = captures(hostile).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["../../../../var/a.har", "/etc/b.har", "C:\\c[2J.har"]);
        assert!(!std::path::Path::new("../../../../var/a.har").exists());
    }

    #[test]
    fn an_archive_without_a_capture_is_told() {
        assert!(matches!(error(zipped(&[("notes.txt", b"hello")]), Limits::default()), CaptureError::EmptyArchive));
    }

    #[test]
    fn a_fiddler_archive_is_one_by_its_names_or_its_comment() {
        let format = |bytes| open_with(bytes, Limits::default()).remove(0).capture.map(|capture| capture.format);
        let request: &[u8] = b"GET https://app.example/ HTTP/1.1\r\n\r\n";
        assert_eq!(format(zipped(&[("raw/01_c.txt", request)])).ok(), Some(Format::Saz));
        assert_eq!(format(zipped(&[("raw\\1_c.txt", request), ("a.har", HAR.as_bytes())])).ok(), Some(Format::Saz));
        assert_eq!(format(zipped(&[("raw/x_c.txt", request), ("a.har", HAR.as_bytes())])).ok(), Some(Format::Har));
        assert_eq!(format(zipped(&[("data/1_c.txt", request), ("a.har", HAR.as_bytes())])).ok(), Some(Format::Har));
    }

    #[test]
    fn damage_around_a_capture_is_told_once() {
        let whole = gzipped(HAR.as_bytes());
        let warnings = |bytes: Vec<u8>| -> Vec<String> {
            let capture = open_with(bytes, Limits::default()).remove(0).capture.ok().unwrap();
            capture.warnings.into_iter().map(|warning| warning.message).collect()
        };
        assert_eq!(warnings(whole.clone()), Vec::<String>::new());
        // The checksum is lost, the HAR is whole.
        assert_eq!(warnings(whole[..whole.len() - 4].to_vec()), [DAMAGED]);
        let two = HAR.replace("}]}}", r#"},{"request":{"method":"GET","url":"https://app.example/"},"response":{"status":200}}]}}"#);
        let zip = zipped(&[("a.har", two.as_bytes())]);
        let directory = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
        assert_eq!(warnings(zip[..directory].to_vec()), [DIRECTORY_LOST]);
        let cut = warnings(zip[..directory - 5].to_vec());
        assert_eq!((cut.len(), cut[0].starts_with("the file is cut off")), (1, true), "{cut:?}");
    }

    #[test]
    fn compression_that_breaks_off_between_two_flows_ends_the_reading() {
        let flow = |host: &str| {
            let request = format!("4:host,{}:{host},4:port,3:443#6:method,3:GET,6:scheme,5:https,4:path,1:/,", host.len());
            let http = format!("4:type,4:http,7:request,{}:{request}}}", request.len());
            format!("{}:{http}}}", http.len())
        };
        let [one, two] = ["a.example", "b.example"].map(flow);
        // Compressed in two members, of which the second is lost but for its head.
        let cut = [&gzipped(one.as_bytes())[..], &gzipped(two.as_bytes())[..12]].concat();
        let capture = open_with(cut, Limits::default()).remove(0).capture.ok().unwrap();
        assert_eq!((capture.format, capture.entries), (Format::MitmproxyFlow, 1));
        assert!(capture.warnings.iter().any(Warning::ends_the_reading), "{:?}", capture.warnings);
    }

    #[test]
    fn cutting_a_wrapper_anywhere_never_panics() {
        for whole in [gzipped(HAR.as_bytes()), zipped(&[("a.har", HAR.as_bytes())]), utf16(HAR, true)] {
            for end in 0..whole.len() {
                assert_eq!(open_with(whole[..end].to_vec(), Limits::default()).len(), 1);
            }
        }
    }
}
