//! Every way in which a reply says that something failed.

use super::code::ErrorCode;
use super::params::{Params, Source};
use super::protocol_error::{OAuthError, ProtocolError};
use super::tenant::Guid;
use crate::exchange::{Secret, writable};
use chrono::{DateTime, NaiveDateTime, Utc};
use memchr::memmem;

/// Where an error was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Carrier {
    /// A redirect to the application.
    Redirect,
    /// A page that posts itself to the application.
    FormPost,
    /// The address or posted form that the application received.
    Callback,
    /// The JSON of the token endpoint.
    TokenReply,
    /// The `x-ms-clitelem` header, where the body is missing.
    Telemetry,
    /// A page of the sign-in service.
    SignInPage,
    /// `WWW-Authenticate` of an API.
    Challenge,
    /// The status of a SAML response.
    SamlStatus,
    /// A SOAP fault.
    SoapFault,
    /// A page of the application that repeats the error.
    AppPage,
    /// No message: something that should have come did not.
    Silence,
}

/// One error as one message told it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failure {
    /// Where it was found.
    pub carrier: Carrier,
    /// Its place in the exchange, as evidence writes it.
    pub part: String,
    /// The codes it names, in the order of the text: wrappers first, the innermost last.
    pub codes: Vec<ErrorCode>,
    /// OAuth's `error` or SAML's status, where it is one of the known values.
    pub error: Option<ProtocolError>,
    /// `suberror` or `error_subcode`, where it is one of the known values.
    pub suberror: Option<&'static str>,
    /// Whether a claims challenge came with it.
    pub claims: bool,
    /// What the sentence says beyond its code.
    pub words: Words,
    /// The trace id (request id) of the reply.
    pub trace_id: Option<Guid>,
    /// The correlation id that the reply names.
    pub correlation_id: Option<Guid>,
    /// The reply's own time, UTC.
    pub timestamp: Option<DateTime<Utc>>,
    /// The `state` that came with it.
    pub state: Option<Secret>,
    /// The sentence. It may name accounts, so only decoders may look at it.
    pub text: Option<Secret>,
}

/// What the text of AADSTS50058 says of the cookies: the best discriminator there is. The words are
/// matched as prose, because they carry what the code does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Words {
    /// "The cookies used to represent the user's session were not sent": no session cookie arrived.
    CookiesNotSent,
    /// "None of the currently signed in users match the requested login hint": cookies arrived.
    HintMatchesNobody,
    /// "No user is signed in", and the text is complete without a word on cookies.
    NobodySignedIn,
    /// "Session information is not sufficient for single-sign-on".
    SessionNotSufficient,
    /// Any other text, or one cut short.
    Other,
}

impl Words {
    /// Reads the variant off a message.
    pub fn of(text: &str) -> Self {
        Self::of_lower(&text.to_ascii_lowercase())
    }

    fn of_lower(text: &str) -> Self {
        let has = |phrase: &str| memmem::find(text.as_bytes(), phrase.as_bytes()).is_some();
        if has("session were not sent") {
            Self::CookiesNotSent
        } else if has("match the requested login hint") || has("match the requested login_hint") {
            Self::HintMatchesNobody
        } else if has("session information is not sufficient") {
            Self::SessionNotSufficient
        } else if has("no user is signed in") && has("trace id") {
            // An app may have cut the text before the sentence on cookies; the trace id shows it is whole.
            Self::NobodySignedIn
        } else {
            Self::Other
        }
    }

    /// What its sentence says, in our words: a constant, nothing from the capture.
    pub fn phrase(self) -> Option<&'static str> {
        match self {
            Self::CookiesNotSent => Some("the session's cookies were not sent"),
            Self::HintMatchesNobody => Some("no signed-in user matches the login hint"),
            Self::NobodySignedIn => Some("no user is signed in"),
            Self::SessionNotSufficient => Some("session information not sufficient for single sign-on"),
            Self::Other => None,
        }
    }
}

impl Failure {
    /// Whether a better recording of the same message says no more. In addresses and on pages of applications a sentence may have
    /// been cut, and the ids with which the service ends one show that it was not; a page of the service may have none.
    pub fn has_whole_text(&self) -> bool {
        let text = || self.text.as_ref().map(|text| text.expose().to_ascii_lowercase());
        let names = |text: &str| ["trace id", "correlation id"].iter().any(|id| memmem::find(text.as_bytes(), id.as_bytes()).is_some());
        match self.carrier {
            Carrier::SignInPage => true,
            Carrier::TokenReply | Carrier::SamlStatus | Carrier::SoapFault => self.text.is_some(),
            Carrier::Redirect | Carrier::FormPost | Carrier::Callback | Carrier::Challenge | Carrier::AppPage => {
                text().is_some_and(|text| names(&text))
            }
            Carrier::Telemetry | Carrier::Silence => false,
        }
    }

    /// Whether its sentence says that the account does not exist in the tenant; `None` where the words are not understood: they
    /// have changed over the years, and pages are localized.
    pub fn says_account_not_in_tenant(&self) -> Option<bool> {
        let lower = self.text.as_ref()?.expose().to_ascii_lowercase();
        let has = |phrase: &str| memmem::find(lower.as_bytes(), phrase.as_bytes()).is_some();
        if has("does not exist in tenant") || has("does not exist in the tenant") {
            Some(true)
        } else {
            has("multiple user identities are available").then_some(false)
        }
    }

    /// The code that says what happened: the innermost one.
    pub fn code(&self) -> Option<ErrorCode> {
        self.codes.last().copied()
    }

    /// A failure that no message tells.
    pub fn without_code(carrier: Carrier, part: &str) -> Self {
        Self::from_text("", carrier, part.to_owned())
    }

    /// An error read from the parameters of a reply (`error`, `error_description` …); `None` where they
    /// tell of none.
    pub(super) fn from_params(params: &Params, carrier: Carrier, message: &str) -> Option<Self> {
        let named = params.find("error")?;
        // Applications that pass an error on to a page of their own call the sentence what they like.
        let in_error = || Some(named.value.expose()).filter(|error| !ErrorCode::all_in(error).is_empty());
        let text = params.text("error_description").filter(|text| !text.is_empty());
        let told_by = if text.is_some() { "error_description" } else { "error" };
        let text = text.or_else(in_error).unwrap_or_default();
        let mut failure = Self::from_text(text, carrier, String::new());
        failure.error = OAuthError::of(named.value.expose()).map(ProtocolError::OAuth);
        failure.suberror = params.text("suberror").or(params.text("error_subcode")).and_then(suberror);
        failure.claims = params.has("claims");
        failure.state = params.get("state").cloned();
        failure.trace_id = params.text("trace_id").and_then(Guid::parse).or(failure.trace_id);
        failure.correlation_id = params.text("correlation_id").and_then(Guid::parse).or(failure.correlation_id);
        failure.timestamp = params.text("timestamp").and_then(service_time).or(failure.timestamp);
        if failure.codes.is_empty() {
            failure.codes = params.text("error_uri").and_then(code_of_error_uri).into_iter().collect();
        }
        failure.part = match named.source {
            Source::Query | Source::Fragment => format!("{message}.{}.{told_by}", named.source.part()),
            Source::Form | Source::Page => format!("{message}.{}", told_by),
        };
        // `error=` is also what ordinary applications call their own parameters.
        (failure.error.is_some() || !failure.codes.is_empty()).then_some(failure)
    }

    /// An error read from prose.
    pub(super) fn from_text(text: &str, carrier: Carrier, part: String) -> Self {
        let lower = text.to_ascii_lowercase();
        let after = |label: &str| {
            // All of a page may have to be looked through.
            let at = memmem::find(lower.as_bytes(), label.as_bytes())?;
            text.get(at + label.len()..).map(str::trim_start)
        };
        let guid_after = |labels: &[&str]| labels.iter().find_map(|label| after(label)?.get(..36).and_then(Guid::parse));
        Self {
            carrier,
            part,
            codes: ErrorCode::all_in(text),
            error: None,
            suberror: None,
            claims: false,
            words: Words::of_lower(&lower),
            trace_id: guid_after(&["trace id:", "request id:"]),
            correlation_id: guid_after(&["correlation id:"]),
            timestamp: after("timestamp:").and_then(service_time),
            state: None,
            text: (!text.is_empty()).then(|| Secret::new(text)),
        }
    }
}

/// Values of `suberror` (msal-net, Android's common library) and of the Microsoft account service's
/// `error_subcode`.
const SUBERRORS: &[&str] = &[
    "additional_action",
    "bad_token",
    "basic_action",
    "cancel",
    "client_mismatch",
    "consent_required",
    "device_authentication_failed",
    "message_only",
    "protection_policy_required",
    "token_expired",
    "user_password_expired",
];

/// `suberror` where it is one of the known values: what is shown is the constant, never the text.
pub(super) fn suberror(text: &str) -> Option<&'static str> {
    SUBERRORS.iter().find(|known| text.eq_ignore_ascii_case(known)).copied()
}

/// MSAL takes the number from the end of `error_uri` too (msal-js, ResponseHandler).
fn code_of_error_uri(uri: &str) -> Option<ErrorCode> {
    let (_, number) = uri.rsplit_once("code=")?;
    number.parse().ok().map(ErrorCode::aadsts)
}

/// A time as the service writes it: `2026-11-20 14:42:15Z`, with or without `T`.
pub(super) fn service_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.get(..19)?.replacen('T', " ", 1);
    NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok().and_then(|time| writable(time.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::super::params::Address;
    use super::*;

    const IDS: &str = "Trace ID: 1d4efcd6-1128-475b-a69b-34026272cf00 Correlation ID: 01a1f968-aca4-798d-b874-efc7124221c2 Timestamp: 2026-11-20 14:42:29Z";

    #[test]
    fn both_layouts_of_a_description_are_read() {
        for separator in ["\r\n", " "] {
            let text = format!("AADSTS50058: A silent sign-in request was sent but no user is signed in. {IDS}")
                .replace(" Correlation", &format!("{separator}Correlation"))
                .replace(" Timestamp", &format!("{separator}Timestamp"));
            let failure = Failure::from_text(&text, Carrier::Redirect, String::new());
            assert_eq!(failure.code(), Some(ErrorCode::aadsts(50058)));
            assert_eq!(failure.trace_id.unwrap().as_str(), "1d4efcd6-1128-475b-a69b-34026272cf00");
            assert_eq!(failure.correlation_id.unwrap().as_str(), "01a1f968-aca4-798d-b874-efc7124221c2");
            assert_eq!(failure.timestamp.unwrap().to_rfc3339(), "2026-11-20T14:42:29+00:00");
            assert_eq!(failure.words, Words::NobodySignedIn);
        }
    }

    #[test]
    fn a_text_cut_before_the_trace_id_tells_nothing_of_cookies() {
        assert_eq!(Words::of("AADSTS50058: A silent sign-in request was sent but no user is signed in."), Words::Other);
    }

    #[test]
    fn the_number_of_error_uri_is_a_code() {
        let address = Address::parse(
            "https://app.example/#error=login_required&error_uri=https%3A%2F%2Flogin.microsoftonline.com%2Ferror%3Fcode%3D50058",
        )
        .unwrap();
        let failure = Failure::from_params(&address.params, Carrier::Redirect, "response.header.location").unwrap();
        assert_eq!(failure.code(), Some(ErrorCode::aadsts(50058)));
        assert_eq!(failure.part, "response.header.location.fragment.error");
    }

    #[test]
    fn an_application_may_call_its_own_parameter_error() {
        let address = Address::parse("https://shop.example/?error=out-of-stock").unwrap();
        assert!(Failure::from_params(&address.params, Carrier::Callback, "request.url").is_none());
    }
}
