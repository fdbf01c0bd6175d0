//! Whether all ways of reading a file say the same of it, and whether what they say can be so: what the fuzzer asks of
//! arbitrary files, and a test of every sample.

use super::attachments::Attachments;
use super::source::Source;
use super::{Capture, CaptureError, Document, Found, Keep, Kind, Options, Warning, wrapper};
use crate::exchange::{Exchange, Headers, NotAnswered, RawText, RawUrl, Recorded};
use serde_json::{Value, json};
use std::io::{self, Read, Write};

/// The largest entry of a HAR that is held whole where this runs, with some room.
const LARGEST_ENTRY: usize = if cfg!(fuzzing) { 4 << 10 } else { 64 << 10 };

/// Reads a file of any format from memory, from the system, and as a stream that gives so many bytes at a time, and
/// compares. Then writes it as a HAR and reads that again.
///
/// # Errors
/// When two ways differ in what they say, when something is said that cannot be (a place outside of the file, a control
/// character), when a HAR that was made of it says something else, or when line feeds between the values of a JSON that
/// is whole change what is read.
pub fn check(bytes: &[u8], sizes: &[usize], options: &Options) -> Result<(), String> {
    let alone = opened(Source::Bytes(bytes.to_vec().into()), options);
    alone.iter().try_for_each(is_possible)?;
    let said = told_of(&alone);
    for sizes in [sizes, &[1]] {
        let stream = opened(Source::Stream(Box::new(Parts::new(bytes, sizes))), options);
        same(&said, &told_of(&stream), &format!("as a stream in parts of {sizes:?}"))?;
    }
    let file = || {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        io::Seek::rewind(&mut file)?;
        Ok(file)
    };
    let file = file().map_err(|error: io::Error| format!("no file could be made: {error}"))?;
    same(&said, &told_of(&opened(Source::File(file), options)), "as a file")?;

    let kind = Kind::of_beginning(bytes);
    if is_read_at_once(kind) {
        // Without the beginning that is looked at first, so that the reader itself meets the short reads.
        let capture = super::read(kind, Source::Stream(Box::new(Parts::new(bytes, &[1]))), options);
        same(&said, &told_of(&[Found { path: Vec::new(), capture, har: None }]), "by its reader, byte by byte")?;
    }
    if let ([Found { capture: Ok(capture), .. }], Kind::NetLog | Kind::CharlesJson | Kind::SamlTracer) = (alone.as_slice(), kind)
        && capture.warnings.is_empty()
    {
        let in_one_line: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
        same(&said, &told_of(&opened(Source::Bytes(in_one_line.into()), options)), "in one line")?;
    }
    written(bytes, options)
}

/// Kinds that are neither a wrapper nor a HAR.
fn is_read_at_once(kind: Kind) -> bool {
    matches!(kind, Kind::NetLog | Kind::MitmproxyFlow | Kind::CharlesJson | Kind::BurpXml | Kind::SamlTracer | Kind::MsalLog)
}

fn opened(source: Source<'_>, options: &Options) -> Vec<Found> {
    wrapper::open(source, &Attachments::nowhere(), options, Keep::Capture)
}

/// Gives so many bytes at a time, over and over.
pub(super) struct Parts<'b> {
    text: &'b [u8],
    sizes: &'b [usize],
    next: usize,
}

impl<'b> Parts<'b> {
    pub(super) fn new(text: &'b [u8], sizes: &'b [usize]) -> Self {
        Self { text, sizes, next: 0 }
    }
}

impl Read for Parts<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.iter().cycle().nth(self.next).copied().unwrap_or(1).clamp(1, into.len().max(1));
        self.next = (self.next + 1) % self.sizes.len().max(1);
        let (given, rest) = self.text.split_at(size.min(self.text.len()).min(into.len()));
        into.iter_mut().zip(given).for_each(|(byte, given)| *byte = *given);
        self.text = rest;
        Ok(given.len())
    }
}

/// Whether what is said of a file can be so.
fn is_possible(found: &Found) -> Result<(), String> {
    if found.path.iter().any(|name| name.contains(char::is_control)) {
        return Err("a name in an archive would steer a terminal".to_owned());
    }
    let capture = match &found.capture {
        Ok(capture) => capture,
        Err(error) => return is_readable(&error.to_string()),
    };
    let mut seen = vec![false; capture.entries];
    for exchange in &capture.exchanges {
        match seen.get_mut(exchange.entry) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(format!("entry {} of {} is there twice or not at all", exchange.entry, capture.entries)),
        }
    }
    for Warning { entry, message, .. } in &capture.warnings {
        if entry.is_some_and(|entry| entry >= capture.entries) {
            return Err(format!("a warning of entry {entry:?} of {}: {message}", capture.entries));
        }
        is_readable(message)?;
    }
    let is_told = |entry: usize| capture.warnings.iter().any(|warning| warning.entry == Some(entry));
    let is_counted = capture.warnings.iter().any(|warning| warning.message.ends_with(" more"));
    if let Some(lost) = seen.iter().enumerate().find_map(|(entry, seen)| (!seen && !is_told(entry) && !is_counted).then_some(entry)) {
        return Err(format!("entry {lost} of {} is not there, and no warning says so", capture.entries));
    }
    match &capture.creator {
        Some(creator) if creator.chars().count() > 80 || creator.contains(char::is_control) => Err(format!("the creator {creator:?}")),
        _ => Ok(()),
    }
}

/// Messages are our own words, which are ASCII but for quotation marks.
fn is_readable(message: &str) -> Result<(), String> {
    let is_ours = |c: char| (c.is_ascii() && !c.is_control()) || matches!(c, '“' | '”');
    if message.len() > 10 && message.len() < 400 && message.chars().all(is_ours) { Ok(()) } else { Err(format!("the message {message:?}")) }
}

/// Whether a HAR that is made of a file that is none says the same.
fn written(bytes: &[u8], options: &Options) -> Result<(), String> {
    let Ok(first) = Document::from_bytes(bytes.to_vec(), options) else { return Ok(()) };
    if first.is_har() {
        return Ok(());
    }
    let har = as_har(&first);
    let again = match Document::from_bytes(har.clone().into_bytes(), &Options::default()) {
        Ok(again) => again,
        // Where there is no entry there is no HAR.
        Err(_) if first.capture.exchanges.is_empty() => return Ok(()),
        Err(error) => return Err(format!("written as a HAR: {error}\n{har}")),
    };
    // Of an entry that is larger than is held, the reader leaves long values out, and under a fuzzer most are long.
    let longest = (0..first.entries()).map(|entry| first.entry(entry).to_string().len()).max();
    if longest.is_some_and(|longest| longest > LARGEST_ENTRY) {
        return Ok(());
    }
    same(&entries(&first), &entries(&again), "written as a HAR")?;
    let ends = |document: &Document| document.capture.warnings.iter().any(Warning::ends_the_reading);
    if ends(&first) != ends(&again) {
        return Err(format!("the reading was ended: {}; written as a HAR: {}", ends(&first), ends(&again)));
    }
    if as_har(&again) == har { Ok(()) } else { Err(format!("written again:\n{har}\n{}", as_har(&again))) }
}

fn as_har(document: &Document) -> String {
    let mut log = document.log().clone();
    let entries: Vec<Value> = (0..document.entries()).map(|entry| document.entry(entry)).collect();
    log.insert("entries".to_owned(), entries.into());
    json!({"log": log}).to_string()
}

fn entries(document: &Document) -> Vec<String> {
    let mut said = Vec::new();
    for exchange in &document.capture.exchanges {
        tell_exchange(exchange, &mut said);
    }
    said
}

/// Whether two readings say the same.
pub(super) fn same(one: &[String], other: &[String], way: &str) -> Result<(), String> {
    let longer = one.len().max(other.len());
    let differs = (0..longer).find(|line| one.get(*line) != other.get(*line));
    differs.map_or(Ok(()), |line| Err(format!("from memory: {:?}\n{way}: {:?}", one.get(line), other.get(line))))
}

fn told_of(found: &[Found]) -> Vec<String> {
    let mut said = Vec::new();
    for Found { path, capture, .. } in found {
        said.push(format!("{path:?}"));
        match capture {
            Ok(capture) => tell(capture, &mut said),
            Err(error) => said.push(told(error)),
        }
    }
    said
}

/// What is said where nothing could be read.
pub(super) fn told(error: &CaptureError) -> String {
    format!("{error}")
}

/// Everything that a capture says, line by line.
pub(super) fn tell(capture: &Capture, said: &mut Vec<String>) {
    let Capture { format, creator, exporter, pages, exchanges, entries, warnings, redacted, library_log } = capture;
    let library_log = library_log.as_ref().map(RawText::raw);
    said.push(format!("{format} {creator:?} {exporter:?} {entries} {redacted} {library_log:?}"));
    said.extend(warnings.iter().map(|warning| format!("{warning:?}")));
    said.extend(pages.iter().map(|page| format!("page {:?} {:?} {:?}", page.id, page.title.raw(), page.started)));
    exchanges.iter().for_each(|exchange| tell_exchange(exchange, said));
}

fn tell_exchange(exchange: &Exchange, said: &mut Vec<String>) {
    let Exchange { entry, label, started, duration_ms, page, initiator, resource, request, response, kept_whole } = exchange;
    said.push(format!("entry {entry} {label:?} {started:?} {duration_ms:?} {page:?} {resource:?} {kept_whole}"));
    let initiator = initiator.as_ref().map(|initiator| (&initiator.kind, initiator.url.as_ref().map(RawUrl::raw)));
    said.push(format!("{initiator:?}"));
    said.push(format!("{} {:?} {:?} {:?}", request.method, request.url.raw(), request.listed_cookies, request.withheld_cookies));
    tell_headers(&request.headers, said);
    tell_body(&request.body, said);
    let texts = (response.redirect.as_ref().map(RawText::raw), response.failure.as_ref().map(tell_failure));
    said.push(format!("{:?} {:?} {:?} {:?} {texts:?}", response.status, response.listed_cookies, response.mime, response.size));
    tell_headers(&response.headers, said);
    tell_body(&response.body, said);
}

fn tell_failure(failure: &NotAnswered) -> String {
    match failure {
        NotAnswered::Browser(words) => format!("in words: {}", words.raw()),
        NotAnswered::Proxy(why) => format!("{why:?}"),
    }
}

fn tell_headers(headers: &Headers, said: &mut Vec<String>) {
    said.push(format!("headers, without: {:?}", headers.absent()));
    said.extend(headers.lines().iter().map(|line| format!("{:?}: {:?}", line.name, line.written().raw())));
}

fn tell_body(body: &Recorded<RawText>, said: &mut Vec<String>) {
    said.push(format!("body {:?}", body.as_ref().map(RawText::raw)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::path::Path;

    fn sample(name: &str) -> Vec<u8> {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
    }

    const SAMPLES: [&str; 6] = [
        "samples/mitm.flow",
        "samples/netlog-default.truncated.json",
        "samples/pw-attach.har.zip",
        "consent-missing.v4.gzipped.har.gz",
        "wrong-password.v4.utf16.har",
        "third-party-cookies-blocked.v4.saz.saz",
    ];

    #[test]
    fn all_ways_agree_on_every_kind_of_file() {
        for name in SAMPLES {
            assert_eq!(check(&sample(name), &[1000, 1, 63], &Options::default()), Ok(()), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn all_ways_agree_on_damage(name in 0..2_usize, at: proptest::sample::Index, byte: u8, cut: proptest::sample::Index) {
            let mut bytes = sample(SAMPLES[name]);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len()).max(at));
            prop_assert_eq!(check(&bytes, &[777], &Options::default()), Ok(()));
        }
    }
}
