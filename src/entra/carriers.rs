//! Where errors stand: pages, replies of JSON and SOAP, headers, and what other identity providers say.

use super::code::{ErrorCode, Family};
use super::document::is_document;
use super::endpoint::Endpoint;
use super::failure::{self, Carrier, Failure};
use super::markup::{self, page_error_number};
use super::no_answer::NoAnswer;
use super::own_pages::{is_error_page, is_sign_in_page};
use super::params::{self, Address, Params, Source};
use super::protocol_error::{OAuthError, ProtocolError};
use super::saml;
use super::step::Step;
use super::tenant::Guid;
use crate::exchange::Secret;
use serde_json::Value;

/// The failure that a WS-Federation result tells in place of a token.
pub(super) fn fault(params: &Params, part: &'static str) -> Option<Failure> {
    let result = params.text("wresult").filter(|result| markup::is_fault(result))?;
    Some(Failure::from_text(&params::unescape_html(result), Carrier::SoapFault, part.to_owned()))
}

/// What a page of a B2C user journey is answered with: `{"status":"400","errorCode":"AADB2C90225", …}`.
pub(super) fn journey_failure(step: &Step<'_>, json: &Value) -> Option<Failure> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    if step.endpoint != Endpoint::B2cJourney || text("status") == Some("200") {
        return None;
    }
    let code = ErrorCode::parse(text("errorCode")?)?;
    let mut failure = Failure::from_text(text("message").unwrap_or_default(), Carrier::SignInPage, "response.body.errorCode".to_owned());
    failure.codes = vec![code];
    Some(failure)
}

/// What a page is answered whose second factor was denied, wrong or not given in time: `{"Success": false, "ResultValue":
/// "PhoneAppDenied", "ErrCode": 500121}`. Nothing else may tell it, for the page says it by itself.
pub(super) fn second_factor_failure(step: &Step<'_>, json: &Value) -> Option<Failure> {
    const NOT_PASSED: u32 = 500121;
    let is_over = json.get("ResultValue")?.as_str()? != "AuthenticationPending" && json.get("Success")? == false;
    if step.endpoint != Endpoint::Mfa || !is_over {
        return None;
    }
    let number = json.get("ErrCode").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let mut failure = Failure::from_text("", Carrier::SignInPage, "response.body.ErrCode".to_owned());
    failure.codes.push(ErrorCode::aadsts(number.filter(|number| *number > 0).unwrap_or(NOT_PASSED)));
    failure.correlation_id = json.get("CorrelationId").and_then(Value::as_str).and_then(Guid::parse);
    Some(failure)
}

pub(super) fn names_code_in(text: &Secret) -> bool {
    !ErrorCode::all_in(text.expose()).is_empty()
}

/// The part of a page of another identity provider that asks for the password again, which had been posted just then.
pub(crate) const PASSWORD_ASKED_AGAIN: &str = "response.body.input";

/// Whether a page asks for the very password that was posted to it: whatever it says, it did not take it.
fn asks_password_again(step: &Step<'_>, page: &str) -> bool {
    let is_posted = |name: &String| step.params.get(name).is_some_and(|value| !value.is_empty());
    step.method == "POST" && step.status == Some(200) && markup::asked_passwords(page).iter().any(is_posted)
}

/// Whether a server refuses what a round of Kerberos or NTLM brought it (RFC 4559 §5): it begins anew, and says nothing that would
/// go on with it.
fn refuses_round(step: &Step<'_>) -> bool {
    let is_of_windows = |scheme: &str| ["negotiate", "ntlm", "kerberos"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    let brought = step.exchange.request.headers.value("authorization").and_then(|sent| sent.raw().trim().split_once(' '));
    let mut asked = step.exchange.response.headers.all("www-authenticate").map(|asked| asked.raw().trim()).peekable();
    let goes_on = |asked: &str| asked.split(',').any(|one| one.trim().split_once(' ').is_some_and(|(scheme, _)| is_of_windows(scheme)));
    brought.is_some_and(|(scheme, _)| is_of_windows(scheme)) && asked.peek().is_some() && !asked.any(goes_on)
}

/// Where an exchange shows that another identity provider failed or refused: AD FS or another federated one, or the Microsoft
/// account service, in its own reply or in what it sent back to Entra ID.
pub(super) fn provider_failed(step: &Step<'_>) -> Option<&'static str> {
    let response = &step.exchange.response;
    match step.endpoint {
        _ if !step.is_at_provider() => None,
        Endpoint::FederatedProvider | Endpoint::MicrosoftAccount | Endpoint::MicrosoftAccountAuthorize => {
            // Kerberos and NTLM begin with a refusal.
            let asks = || response.headers.value("www-authenticate").is_some();
            match step.status {
                Some(401) if asks() && !refuses_round(step) => None,
                Some(status) if status >= 400 => Some("response.status"),
                None if NoAnswer::of(step.exchange).is_some_and(|why| why != NoAnswer::Left) => Some("response"),
                _ => {
                    let at_adfs = step.endpoint == Endpoint::FederatedProvider;
                    if at_adfs && response.body.kept().is_some_and(|body| asks_password_again(step, body.raw())) {
                        return Some(PASSWORD_ASKED_AGAIN);
                    }
                    let shows = |page: &str| if at_adfs { markup::names_adfs_event(page) } else { page_error_number(page).is_some() };
                    response
                        .body
                        .kept()
                        .filter(|body| shows(body.raw()) || (step.is_ws_trust() && markup::is_fault(body.raw())))
                        .map(|_| "response.body")
                }
            }
        }
        Endpoint::WsFederation | Endpoint::Federation => {
            let refused = |response: &str| saml::response_failure(response, String::new()).is_some();
            if step.params.text("SAMLResponse").is_some_and(refused) {
                Some("request.body.SAMLResponse")
            } else if step.params.text("wresult").is_some_and(markup::is_fault) {
                Some("request.body.wresult")
            } else {
                step.params.find("error").map(|error| match error.source {
                    Source::Query => "request.url.query.error",
                    Source::Fragment => "request.url.fragment.error",
                    Source::Form | Source::Page => "request.body.error",
                })
            }
        }
        _ => None,
    }
}

/// The JSON of the token endpoint and of discovery.
pub(super) fn json_failure(json: &Value) -> Option<Failure> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let error = text("error")?;
    let description = text("error_description").unwrap_or_default();
    let mut failure = Failure::from_text(description, Carrier::TokenReply, "response.body.error_description".to_owned());
    let numbers = json.get("error_codes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
    let named = failure.codes.clone();
    for code in numbers.filter_map(|number| u32::try_from(number).ok()).map(|number| ErrorCode::of_number(number, &named)) {
        if !failure.codes.contains(&code) {
            failure.codes.insert(0, code);
        }
    }
    if description.is_empty() {
        failure.part = "response.body.error".to_owned();
    }
    let guid = |name: &str| text(name).and_then(Guid::parse);
    failure.error = OAuthError::of(error).map(ProtocolError::OAuth);
    failure.suberror = text("suberror").and_then(failure::suberror);
    failure.claims = text("claims").is_some();
    failure.trace_id = guid("trace_id").or(failure.trace_id);
    failure.correlation_id = guid("correlation_id").or(failure.correlation_id);
    failure.timestamp = text("timestamp").and_then(failure::service_time).or(failure.timestamp);
    (failure.error.is_some() || !failure.codes.is_empty()).then_some(failure)
}

/// A SOAP fault of WS-Trust, or an application's page that repeats the error.
///
/// A page that merely writes about errors names codes too, so one is only believed with an error status or
/// with the ids that the service puts behind its text.
pub(super) fn prose_failure(step: &Step<'_>, body: &str, at_sign_in: bool) -> Option<Failure> {
    let html = body.trim_start().starts_with('<');
    let text = if html { params::unescape_html(body) } else { body.to_owned() };
    let carrier = if at_sign_in { Carrier::SoapFault } else { Carrier::AppPage };
    let failure = Failure::from_text(&text, carrier, "response.body".to_owned());
    let failed = step.status.is_some_and(|status| status >= 400);
    let names_ids = failure.trace_id.is_some() || failure.correlation_id.is_some();
    // Error pages of the service whose configuration is lost or cut off, and those without one, which come with any status in
    // the course of a sign-in: the service also has a page where codes can be looked up (`/error?code=`).
    let in_sign_in = step.endpoint.begins_attempt() || step.endpoint.continues_interactively();
    let shows_code = || html && in_sign_in && markup::names_code(&markup::without_scripts(body));
    let by_entra = step.at_entra() && (failed || shows_code());
    let believable = failed || names_ids || by_entra;
    // Pages of B2C have no configuration that could be read.
    let by_b2c = failed && failure.codes.iter().all(|code| code.family == Family::Aadb2c);
    let from_here =
        !at_sign_in || by_b2c || by_entra || matches!(step.endpoint, Endpoint::WsTrust | Endpoint::WsFederation | Endpoint::Token);
    (!failure.codes.is_empty() && failure.codes.len() <= MOST_CODES && believable && from_here).then_some(failure)
}

/// What an application that failed on the reply passes on to its own page for errors, in the address that it redirects to.
pub(super) fn passed_on(step: &Step<'_>, target: &Address, part: &'static str) -> Option<Failure> {
    let told = target.params.iter().find(|param| step.endpoint == Endpoint::AppCallback && names_code_in(&param.value))?;
    let by_name = Failure::from_params(&target.params, Carrier::AppPage, part).filter(|failure| !failure.codes.is_empty());
    by_name.or_else(|| Some(Failure::from_text(told.value.expose(), Carrier::AppPage, part.to_owned())))
}

/// How many codes a page may name that tells of one error: wrapper and innermost, and the number once more.
const MOST_CODES: usize = 3;

/// The error that people read on a page of an application which came as any other page does: on the one that receives the reply,
/// or on one for errors or for signing in anew. Any other may write about errors, as a page of help or of a ticket does to which
/// the person was let in; so the code has to begin the service's own sentence, and what stands in scripts may be there for
/// another day.
pub(super) fn told_by_page(step: &Step<'_>, body: &str) -> Option<Failure> {
    let is_for_errors = match step.endpoint {
        Endpoint::AppCallback => true,
        Endpoint::App => step.address.as_ref().is_some_and(|address| is_error_page(address) || is_sign_in_page(address)),
        _ => false,
    };
    if !is_for_errors || !is_document(step.exchange) || !markup::names_code(body) {
        return None;
    }
    let text = params::unescape_html(&markup::without_scripts(body));
    let failure = Failure::from_text(&text, Carrier::AppPage, "response.body".to_owned());
    let begins_sentence = failure.code().is_some_and(|code| text.contains(&format!("{code}:")));
    (begins_sentence && failure.codes.len() <= MOST_CODES).then_some(failure)
}

/// `x-ms-clitelem`: `1,<error>,<suberror>,<age>,<ring>`; the code where the body is missing.
pub(super) fn clitelem(step: &Step<'_>) -> Option<Failure> {
    let header = step.exchange.response.headers.get("x-ms-clitelem").kept()?.raw();
    if step.exchange.response.body.kept().is_some() {
        return None;
    }
    let mut fields = header.split(',');
    let (_version, number) = (fields.next()?, fields.next()?.trim().parse::<u32>().ok()?);
    if number < 1000 {
        return None;
    }
    let mut failure = Failure::from_text("", Carrier::Telemetry, "response.header.x-ms-clitelem".to_owned());
    failure.codes.push(ErrorCode::aadsts(number));
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_token_reply_are_of_the_family_of_its_text() {
        let codes = |description: &str, numbers: &[u32]| {
            let json = serde_json::json!({"error": "invalid_grant", "error_description": description, "error_codes": numbers});
            let codes = json_failure(&json).unwrap().codes;
            codes.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(codes("AADB2C90080: The grant has expired.", &[90080]), ["AADB2C90080"]);
        assert_eq!(codes("AADB2C90080: The grant has expired.", &[90085]), ["AADB2C90085", "AADB2C90080"]);
        assert_eq!(codes("AADSTS70008: The grant has expired.", &[90080, 70008]), ["AADSTS90080", "AADSTS70008"]);
        assert_eq!(codes("The grant has expired.", &[70008]), ["AADSTS70008"]);
    }
}
