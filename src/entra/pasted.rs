//! What somebody pastes: an error message, a JSON body, an address, a line of a log, whole or cut short.
//!
//! It is searched and not parsed, because half of a message is as welcome as all of it. What it names beside codes,
//! ids and a time is left where it is.

use super::code::ErrorCode;
use super::failure::{service_time, suberror};
use super::params::unescape_html;
use super::protocol_error::OAuthError;
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
    /// The correlation id.
    pub correlation_id: Option<Guid>,
    /// The trace id (request id).
    pub trace_id: Option<Guid>,
    /// The time that the service names, UTC.
    pub timestamp: Option<DateTime<Utc>>,
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

    fn search(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let named = ErrorCode::all_in(text);
        let listed =
            ["error_codes", "error?code", "errorno"].into_iter().flat_map(|label| behind(text, &lower, label)).filter_map(|rest| {
                let digits = rest.trim_start_matches('[').split(|c: char| !c.is_ascii_digit()).next()?;
                digits.parse().ok().map(|number| ErrorCode::of_number(number, &named))
            });
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
        let guid = |labels: &[&str]| {
            let places = labels.iter().flat_map(|label| behind(text, &lower, label));
            places.filter_map(|rest| Guid::parse(rest.get(..36)?)).next()
        };
        let words = |label| behind(text, &lower, label).map(first_word);
        self.correlation_id = self
            .correlation_id
            .take()
            .or_else(|| guid(&["correlation id", "correlation_id", "correlationid", "correlation-id", "client-request-id"]));
        self.trace_id =
            self.trace_id.take().or_else(|| guid(&["trace id", "trace_id", "traceid", "trace-id", "request id", "x-ms-request-id"]));
        self.timestamp = self.timestamp.or_else(|| behind(text, &lower, "timestamp").find_map(service_time));
        self.error = self.error.or_else(|| ["error", "errorcode"].into_iter().flat_map(words).find_map(OAuthError::of));
        self.suberror = self.suberror.or_else(|| words("suberror").find_map(suberror));
    }
}

/// Words before a number that is a code, in the languages of Azure's portal that have one of their own.
const CODE_WORDS: [&str; 13] = [
    "error",
    "code",
    "errorcode",
    "fehler",
    "fehlercode",
    "erreur",
    "d'erreur",
    "código",
    "codigo",
    "errore",
    "codice",
    "fout",
    "foutcode",
];

/// Numbers that are meant as codes.
fn meant(text: &str) -> Vec<u32> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '\'')).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.trim_matches('.').parse::<u32>().ok();
    if words.iter().all(|word| number(word).is_some()) {
        return words.into_iter().filter_map(number).collect();
    }
    let first = text.trim_start().split_once(':').and_then(|(first, _)| number(first.trim()));
    let is_label = |word: &str| CODE_WORDS.contains(&word.to_lowercase().as_str());
    let labelled = words.windows(2).filter_map(|pair| match pair {
        [label, word] if is_label(label) => number(word),
        _ => None,
    });
    first.into_iter().chain(labelled).collect()
}

/// The letters, digits and underscores with which a text begins.
fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// What follows each time that a label stands there, behind what separates the two.
fn behind<'t>(text: &'t str, lower: &'t str, label: &'t str) -> impl Iterator<Item = &'t str> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\'' | '\\' | '*');
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
