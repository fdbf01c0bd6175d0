//! Where things are: the capture as an artifact, its entries and their parts as logical locations.
//!
//! A capture has no lines that mean anything to a person, so no region is given.

use super::{message, properties};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use serde_sarif::sarif::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation};
use std::path::is_separator;

/// What stands for itself in a segment of a path: RFC 3986's `pchar`, but for the colon, which in the first
/// segment of a relative reference would end a scheme.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b'=')
    .remove(b'@');

/// One capture.
pub(super) struct File {
    uri: String,
    index: i64,
}

impl File {
    /// The capture of that path, at that place among the artifacts.
    pub(super) fn new(path: &str, index: usize) -> Self {
        Self { uri: uri(path), index: number(index) }
    }

    /// The artifact's own location.
    pub(super) fn location(&self) -> ArtifactLocation {
        ArtifactLocation::builder().uri(&self.uri).index(self.index).build()
    }

    /// The capture as a whole.
    pub(super) fn whole(&self) -> Location {
        Location::builder().physical_location(self.physical()).build()
    }

    /// One entry.
    pub(super) fn entry(&self, entry: usize) -> Location {
        let logical = LogicalLocation::builder().kind("entry").name(format!("entry {entry}")).fully_qualified_name(entry.to_string());
        Location::builder().physical_location(self.physical()).logical_locations(vec![logical.build()]).build()
    }

    /// A part of an entry.
    pub(super) fn part(&self, entry: usize, part: &str) -> Location {
        let logical =
            LogicalLocation::builder().kind("part").name(format!("entry {entry}, {part}")).fully_qualified_name(format!("{entry}/{part}"));
        let properties = properties([("entry", json!(entry)), ("part", json!(part))]);
        Location::builder().physical_location(self.physical()).logical_locations(vec![logical.build()]).properties(properties).build()
    }

    fn physical(&self) -> PhysicalLocation {
        PhysicalLocation::builder().artifact_location(self.location()).build()
    }
}

/// A location with what it shows.
pub(super) fn telling(mut place: Location, id: usize, text: &str) -> Location {
    place.id = Some(number(id));
    place.message = Some(message(text));
    place
}

/// A number as SARIF's types have it.
pub(super) fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A path as a reference: relative as it was given, absolute as a `file:` address. The member of an archive keeps
/// the `!` behind the archive's name.
fn uri(path: &str) -> String {
    let segments: Vec<&str> = path.split(is_separator).collect();
    let encoded = |segments: &[&str]| {
        let kept: Vec<String> = segments.iter().map(|segment| utf8_percent_encode(segment, SEGMENT).to_string()).collect();
        kept.join("/")
    };
    match segments.as_slice() {
        // Windows: a server's share, and a drive.
        ["", "", rest @ ..] if cfg!(windows) => format!("file://{}", encoded(rest)),
        [drive, rest @ ..] if cfg!(windows) && drive.len() == 2 && drive.ends_with(':') => format!("file:///{drive}/{}", encoded(rest)),
        ["", rest @ ..] if !rest.is_empty() => format!("file:///{}", encoded(rest)),
        relative => {
            let begins = relative.iter().position(|segment| *segment != ".").unwrap_or(0);
            encoded(relative.get(begins..).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("captures/login 1.har"), "captures/login%201.har");
        assert_eq!(uri("./a.har"), "a.har");
        assert_eq!(uri("../a.har"), "../a.har");
        assert_eq!(uri("a.zip!in/b.har"), "a.zip!in/b.har");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert(1)");
        assert_eq!(uri("a?b#c%d.har"), "a%3Fb%23c%25d.har");
        assert_eq!(uri("<\u{202e}\n|`\"größe.har"), "%3C%E2%80%AE%0A%7C%60%22gr%C3%B6%C3%9Fe.har");
        assert_eq!(uri("/var/a b.har"), "file:///var/a%20b.har");
        assert_eq!(uri("-"), "-");
    }
}
