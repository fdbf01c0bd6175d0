//! What somebody pastes: an error message, a JSON body, an address, a line of a log, whole or cut short.
//!
//! It is searched and not parsed, because half of a message is as welcome as all of it. What it names beside codes,
//! ids and a time is left where it is.

use super::code::ErrorCode;
use super::failure::{service_time, suberror};
use super::labels_elsewhere::{self, CODE_WORDS};
use super::params::unescape_html;
use super::protocol_error::{OAuthError, SamlStatus};
use super::tenant::Guid;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

/// How often an address may be encoded within another one.
const LAYERS: usize = 3;
/// How many codes, and how many numbers, are taken from one text: an error names a few.
const MOST: usize = 100;

/// What a pasted text says of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pasted {
    /// The codes it names, in order, each once.
    pub codes: Vec<ErrorCode>,
    /// Numbers that stand alone, each once.
    pub numbers: Vec<u32>,
    /// Those of them that are meant as codes without their prefix: the text says so before them, begins with one and a colon, or
    /// holds nothing else.
    pub meant: Vec<u32>,
    /// OAuth's `error`, where it is one of the known values.
    pub error: Option<OAuthError>,
    /// `suberror`, where it is one of the known values.
    pub suberror: Option<&'static str>,
    /// The status of SAML, where it is one of the known values and says what failed.
    pub status: Option<SamlStatus>,
    /// The correlation id: the first, where the text holds several messages.
    pub correlation_id: Option<Guid>,
    /// The trace id (request id), likewise.
    pub trace_id: Option<Guid>,
    /// The time that the service names, UTC, likewise.
    pub timestamp: Option<DateTime<Utc>>,
    /// Every correlation id, each once.
    pub correlation_ids: Vec<Guid>,
    /// Every trace id, each once.
    pub trace_ids: Vec<Guid>,
    /// Every time that the service names, UTC, each once.
    pub timestamps: Vec<DateTime<Utc>>,
}

impl Pasted {
    /// Searches a text.
    pub fn read(text: &str) -> Self {
        let mut found = Self::default();
        let mut layer = text.to_owned();
        for _ in 0..LAYERS {
            found.search(&layer);
            let inner = decoded(&layer);
            if inner == layer {
                break;
            }
            layer = inner;
        }
        found
    }

    /// Whether anything was found but numbers that nothing is called.
    pub fn says_something(&self) -> bool {
        let Self { codes, error, suberror, status, .. } = self;
        !codes.is_empty() || error.is_some() || suberror.is_some() || status.is_some() || self.has_ids()
    }

    /// Whether it names a sign-in by an id.
    pub fn has_ids(&self) -> bool {
        !self.correlation_ids.is_empty() || !self.trace_ids.is_empty()
    }

    fn search(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let named = ErrorCode::all_in(text);
        let listed = ["error_codes", "error?code", "errorno"].into_iter().flat_map(|label| behind(text, &lower, label)).flat_map(listed);
        let listed = listed.map(|number| ErrorCode::of_number(number, &named));
        for code in named.iter().copied().chain(apart(&lower)).chain(listed) {
            if self.codes.len() < MOST && !self.codes.contains(&code) {
                self.codes.push(code);
            }
        }
        let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.')).map(|word| word.trim_matches('.'));
        for number in words.filter(|word| (4..=9).contains(&word.len())).filter_map(|word| word.parse().ok()) {
            if self.numbers.len() < MOST && !self.numbers.contains(&number) {
                self.numbers.push(number);
            }
        }
        for number in meant(text) {
            if self.numbers.contains(&number) && !self.meant.contains(&number) {
                self.meant.push(number);
            }
        }
        let guids = |labels: &[&str]| {
            let places = labels.iter().flat_map(|label| behind(text, &lower, label));
            in_order(text, places.filter_map(|rest| Some((rest, Guid::parse(rest.get(..36)?)?))))
        };
        add(
            &mut self.correlation_ids,
            guids(&["correlation id", "correlation_id", "correlationid", "correlation-id", "client-request-id"]),
            || labels_elsewhere::correlation_ids(text),
        );
        add(&mut self.trace_ids, guids(&["trace id", "trace_id", "traceid", "trace-id", "request id", "x-ms-request-id"]), || {
            labels_elsewhere::trace_ids(text)
        });
        add(&mut self.timestamps, behind(text, &lower, "timestamp").filter_map(service_time).collect(), || labels_elsewhere::times(text));
        self.correlation_id = self.correlation_ids.first().cloned();
        self.trace_id = self.trace_ids.first().cloned();
        self.timestamp = self.timestamps.first().copied();
        let words = |label| behind(text, &lower, label).map(first_word);
        self.status = self.status.or_else(|| status(text));
        self.error = self.error.or_else(|| ["error", "errorcode"].into_iter().flat_map(words).find_map(OAuthError::of));
        self.suberror = self.suberror.or_else(|| words("suberror").find_map(suberror));
    }
}

/// Adds what is read, each once; where that is nothing, what is read otherwise.
fn add<T: PartialEq>(known: &mut Vec<T>, read: Vec<T>, otherwise: impl FnOnce() -> Vec<T>) {
    let read = if read.is_empty() { otherwise() } else { read };
    for value in read {
        if known.len() < MOST && !known.contains(&value) {
            known.push(value);
        }
    }
}

/// What was read of rests of a text, in the order of the text.
fn in_order<'t, T>(text: &str, read: impl Iterator<Item = (&'t str, T)>) -> Vec<T> {
    let mut read: Vec<(usize, T)> = read.map(|(rest, value)| (text.len() - rest.len(), value)).collect();
    read.sort_by_key(|(at, _)| *at);
    read.into_iter().map(|(_, value)| value).collect()
}

/// The number with which a text begins, or those of the list.
fn listed(rest: &str) -> Vec<u32> {
    let (list, most) = match rest.strip_prefix('[') {
        Some(list) => (list.split(']').next().unwrap_or_default(), MOST),
        None => (rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default(), 1),
    };
    list.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).take(most).collect()
}

/// The status of SAML that says most: the inner one, or where there is only one, that.
fn status(text: &str) -> Option<SamlStatus> {
    const PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:status:";
    let value = |at: usize| text.get(at..)?.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '.')).next();
    text.match_indices(PREFIX).filter_map(|(at, _)| SamlStatus::of(value(at)?)).last()
}

/// Numbers that are meant as codes.
fn meant(text: &str) -> Vec<u32> {
    let words = words(text);
    let number = |word: &str| word.trim_matches('.').parse::<u32>().ok();
    if words.iter().all(|(word, _)| number(word).is_some()) {
        return words.into_iter().filter_map(|(word, _)| number(word)).collect();
    }
    let mut meant: Vec<u32> = text.trim_start().split_once(':').and_then(|(first, _)| number(first.trim())).into_iter().collect();
    let mut words = words.into_iter().peekable();
    while let Some((word, _)) = words.next() {
        if !CODE_WORDS.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        // `error 50058, 50076 and 65001`: what else is listed is meant as well.
        while let Some((code, rest)) = words.next_if(|(word, _)| number(word).is_some()) {
            meant.extend(number(code));
            let is_and = |word: &str| AND.contains(&word.to_lowercase().as_str());
            if words.next_if(|(word, _)| is_and(word)).is_none() && !rest.trim_start().starts_with(COMMAS) {
                break;
            }
        }
    }
    meant
}

/// Words between the last two of a list.
const AND: [&str; 14] = ["and", "or", "und", "oder", "et", "ou", "y", "e", "o", "en", "och", "og", "i", "и"];

/// What stands between those of a list.
const COMMAS: [char; 7] = [',', ';', '/', '&', '+', '、', '，'];

/// The words of a text, each with what follows it.
fn words(text: &str) -> Vec<(&str, &str)> {
    let separates = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '\'');
    let mut at = 0;
    let pieces = text.split_inclusive(separates).filter_map(|piece| {
        let word = piece.trim_end_matches(separates);
        let rest = text.get(at + word.len()..)?;
        at += piece.len();
        (!word.is_empty()).then_some((word, rest))
    });
    pieces.collect()
}

/// The letters, digits and underscores with which a text begins.
fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// What follows each time that a label stands there, behind what separates the two.
fn behind<'t>(text: &'t str, lower: &'t str, label: &'t str) -> impl Iterator<Item = &'t str> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '=' | '"' | '\'' | '\\' | '*');
    lower.match_indices(label).filter_map(move |(at, _)| Some(text.get(at + label.len()..)?.trim_start_matches(separates)))
}

/// Codes with a blank or the like behind the prefix.
fn apart(lower: &str) -> impl Iterator<Item = ErrorCode> {
    ["aadsts", "aadb2c"].into_iter().flat_map(move |prefix| {
        lower.match_indices(prefix).filter_map(move |(at, _)| {
            let rest = lower.get(at + prefix.len()..)?;
            let number = rest.trim_start_matches([' ', ':', '-', '_', '#']);
            let digits = number.get(..number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len()))?;
            (number.len() < rest.len()).then(|| ErrorCode::parse(&format!("{prefix}{digits}"))).flatten()
        })
    })
}

/// The text with one layer of encoding taken off: escapes of JSON, of addresses, of HTML.
fn decoded(text: &str) -> String {
    let mut plain = text.replace("\\r", " ").replace("\\n", " ").replace("\\\"", "\"").replace("\\/", "/");
    if plain.contains('%') {
        plain = percent_decode_str(&plain.replace('+', " ")).decode_utf8_lossy().into_owned();
    }
    if plain.contains('&') { unescape_html(&plain) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "1d4efcd6-1128-475b-a69b-34026272cf00";
    const CORRELATION: &str = "01a1f968-aca4-798d-b874-efc7124221c2";

    #[track_caller]
    fn whole(text: &str) {
        let found = Pasted::read(text);
        assert_eq!(found.codes, [ErrorCode::aadsts(50058)], "{text}");
        assert_eq!(found.error, Some(OAuthError::LoginRequired), "{text}");
        assert_eq!(found.trace_id.unwrap().as_str(), TRACE, "{text}");
        assert_eq!(found.correlation_id.unwrap().as_str(), CORRELATION, "{text}");
        assert_eq!(found.timestamp.unwrap().to_rfc3339(), "2026-11-20T14:42:29+00:00", "{text}");
    }

    #[test]
    fn every_shape_is_read() {
        let sentence = format!("AADSTS50058: Nobody. Trace ID: {TRACE} Correlation ID: {CORRELATION} Timestamp: 2026-11-20 14:42:29Z");
        whole(&format!("error=login_required, {sentence}"));
        let broken = sentence.replace(" Correlation", "\\r\\nCorrelation");
        whole(&format!(r#"{{"error":"login_required","error_description":"{broken}","error_codes":[50058]}}"#));
        whole(&format!(
            r#"{{\"error\":\"login_required\",\"error_codes\":[50058],\"timestamp\":\"2026-11-20 14:42:29Z\",\"trace_id\":\"{TRACE}\",\"correlation_id\":\"{CORRELATION}\"}}"#
        ));
        let encoded: String = url::form_urlencoded::byte_serialize(sentence.as_bytes()).collect();
        whole(&format!("https://app.example/#error=login_required&error_description={encoded}&state=x"));
        let twice: String =
            url::form_urlencoded::byte_serialize(format!("error=login_required&error_description={encoded}").as_bytes()).collect();
        whole(&format!("https://app.example/?continue={twice}"));
        whole(&format!(
            "login_required: error=login_required Request Id: {TRACE} Correlation Id: {CORRELATION} Timestamp: 2026-11-20T14:42:29Z Message: AADSTS50058: Nobody."
        ));
    }

    #[test]
    fn errors_of_msal_are_read() {
        let error = format!(
            r#"{{"errorCode":"login_required","errorMessage":"","errorNo":"50058","subError":"","correlationId":"{CORRELATION}","timestamp":"2026-11-20 14:42:29Z","traceId":"{TRACE}"}}"#
        );
        whole(&error);
        let found =
            Pasted::read(&format!("MsalUiRequiredException: \n\tErrorCode: invalid_grant\nAADSTS50076: x\nCorrelationId: {CORRELATION}"));
        assert_eq!((found.error, found.codes), (Some(OAuthError::InvalidGrant), vec![ErrorCode::aadsts(50076)]));
        assert_eq!(found.correlation_id.unwrap().as_str(), CORRELATION);
    }

    #[test]
    fn codes_are_found_without_their_usual_form() {
        let codes = |text| Pasted::read(text).codes;
        assert_eq!(codes("AADSTS 50058"), [ErrorCode::aadsts(50058)]);
        assert_eq!(codes("aadsts-50058: 2026"), [ErrorCode::aadsts(50058)]);
        assert_eq!(codes("https://login.microsoftonline.com/error?code=50058"), [ErrorCode::aadsts(50058)]);
        assert_eq!(codes("AADB2C90077 and AADSTS50058 and AADB2C90077").len(), 2);
        assert_eq!(codes("AADSTS"), []);
    }

    #[test]
    fn only_numbers_that_stand_alone_may_be_codes() {
        assert_eq!(Pasted::read("Sign-in error code: 53003. Seen 2026-11-20, 12345678-0000 v1.50058").numbers, [53003]);
    }

    #[test]
    fn half_a_message_is_half_an_answer() {
        let found = Pasted::read("%E0%A4 timestamp: 2026 Trace ID: 1d4e \u{e4}\u{f6} Correlation ID: ü");
        assert_eq!(found, Pasted { numbers: found.numbers.clone(), ..Pasted::default() });
    }

    #[test]
    fn a_number_in_a_list_is_of_the_family_of_the_text_beside_it() {
        let of_b2c = Pasted::read(r#"{"error_description":"AADB2C90118: The password was forgotten.","error_codes":[90118]}"#);
        assert_eq!(of_b2c.codes, [ErrorCode::parse("AADB2C90118").unwrap()]);
    }
}
