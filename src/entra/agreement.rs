//! Whether the decoders of this room agree with those that are written for nothing else (`url`, `percent-encoding`,
//! `base64`, `serde_json`), and give back what was put in: what the fuzzer asks of arbitrary text.
//!
//! That a decoded secret cannot be printed is held by its type: [`Secret`] has neither `Debug` nor `Display`.

use super::page::{self, SignInPage};
use super::params::{self, Address, Params, Source};
use super::saml::{SamlRequest, SamlResponse, response_failure};
use super::stand_in;
use super::tenant::Guid;
use super::token::{Claims, TokenReply, base64url};
use crate::capture::decode_base64;
use crate::exchange::{RawText, RawUrl, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::{Compression, write::DeflateEncoder};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::io::Write as _;
use url::Url;

/// Names and values.
pub type Pairs = Vec<(String, String)>;

fn agree<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what}\n ours: {ours:?}\nwanted: {theirs:?}")) }
}

fn pairs(params: &Params, source: Source) -> Pairs {
    params.iter().filter(|param| param.source == source).map(|param| (param.name.clone(), param.value.expose().to_owned())).collect()
}

/// An address, and where a `Location` in its reply leads: as the URL standard has both.
///
/// # Errors
/// When a decoder differs.
pub fn check_address(text: &str, location: &str) -> Result<(), String> {
    let url = Url::parse(text).ok();
    let raw = RawUrl::new(text);
    agree("host", &raw.host(), &url.as_ref().and_then(Url::host_str).map(str::to_ascii_lowercase))?;
    let origin = url.as_ref().map(Url::origin).filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization());
    agree("origin", &raw.origin(), &origin)?;
    let Some(url) = url else {
        return agree("an address that is none", &Address::parse(text).is_none(), &true);
    };
    let address = Address::parse(text).ok_or("an address is not read")?;
    agree("scheme", &address.scheme.as_str(), &url.scheme())?;
    agree("port", &address.port, &url.port())?;
    agree("path", &address.path.as_str(), &url.path())?;
    agree("query", &pairs(&address.params, Source::Query), &decoded(url.query().unwrap_or_default()))?;
    if let Some(fragment) = url.fragment().filter(|fragment| !fragment.starts_with(['/', '?'])) {
        agree("fragment", &pairs(&address.params, Source::Fragment), &decoded(fragment))?;
    }
    if origin.is_some() {
        agree("the origin of an address", &Some(address.origin()), &origin)?;
    }
    // What `url` writes of other schemes it does not always read the same again, and only HTTP has such replies.
    if let ("http" | "https", Ok(led)) = (url.scheme(), url.join(location)) {
        let ours = Url::parse(&raw.join(location)).map(String::from).ok();
        agree("where a location leads", &ours, &Some(led.into()))?;
    }
    Ok(())
}

/// `application/x-www-form-urlencoded`, with a decoder for each pair.
fn decoded(text: &str) -> Pairs {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    text.split('&').map(pair).filter(|(name, _)| !name.is_empty()).collect()
}

/// Parameters in a query, a fragment, behind the routes of an application, in a form, and in a page that posts itself:
/// what was put in comes out.
///
/// # Errors
/// When something else comes out.
pub fn check_parameters(put_in: &[(String, String)]) -> Result<(), String> {
    let written = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(put_in).finish();
    let wanted: Pairs = put_in.iter().filter(|(name, _)| !name.is_empty()).cloned().collect();
    for (before, source) in [("?", Source::Query), ("#", Source::Fragment), ("#?", Source::Fragment), ("#/a?", Source::Fragment)] {
        let address = Address::parse(&format!("https://app.example/{before}{written}")).ok_or("an address is not read")?;
        agree(before, &pairs(&address.params, source), &wanted)?;
    }
    if params::looks_like_form(&written) {
        agree("form", &pairs(&params::form(&RawText::new(&*written)), Source::Form), &wanted)?;
    }
    // A tag without a name or value is no parameter; one whose name is empty is.
    for escape in [escaped_by_name as fn(&str) -> String, escaped_by_number] {
        let input =
            |(name, value): &(String, String)| format!("<INPUT type='hidden' name=\"{}\"\n value='{}' />", escape(name), escape(value));
        let page: String = put_in.iter().map(input).collect();
        let page = format!("<form method=\"post\" action=\"{}\">{page}</form>", escape(&written));
        agree("inputs", &pairs(&params::page_inputs(&page), Source::Page), &put_in.to_vec())?;
        agree("action", &params::form_action(&page), &Some(written.clone()))?;
    }
    Ok(())
}

/// The inputs and the action that a page is read by, for a comparison with a parser of HTML.
pub fn inputs(html: &str) -> (Pairs, Option<String>) {
    (pairs(&params::page_inputs(html), Source::Page), params::form_action(html))
}

fn escaped_by_name(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}

fn escaped_by_number(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("&#x{:X};", u32::from(c)) }).collect()
}

/// A token with these claims, in both alphabets, padded or not; and whatever this text may be as a token.
///
/// # Errors
/// When a claim is not what was put in, or the text is a token for one decoder only.
pub fn check_token(put_in: &[(String, String)], number: i64, text: &str) -> Result<(), String> {
    let mut claims: Map<String, Value> = put_in.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    for name in ["iat", "nbf", "exp", "auth_time", "acct"] {
        claims.insert(name.to_owned(), json!(number));
    }
    let json = Value::Object(claims.clone()).to_string();
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT"}"#);
    for engine in [&URL_SAFE_NO_PAD, &URL_SAFE, &STANDARD_NO_PAD, &STANDARD] {
        let token = format!("{header}.{}.{}", engine.encode(&json), engine.encode(text));
        let read = Claims::of(&token).ok_or("a token is not read")?;
        agree_on_claims(&read, &claims)?;
        let reply = TokenReply::of_json(&json!({"id_token": token, "refresh_token": text, "client_info": engine.encode(&json)}));
        let reply = reply.ok_or("a reply is not read")?;
        reply.claims().try_for_each(|read| agree_on_claims(read, &claims))?;
        agree("refresh token", &reply.refresh_token.as_ref().map(Secret::expose), &Some(text))?;
        let uid = claims.get("uid").and_then(Value::as_str).filter(|uid| !stand_in::is_one(uid));
        agree("uid", &reply.home_account.as_ref().map(Secret::expose), &uid)?;
    }
    for engine in [&URL_SAFE_NO_PAD, &URL_SAFE, &STANDARD_NO_PAD, &STANDARD] {
        if let Ok(bytes) = engine.decode(text) {
            agree("base64", &decode_base64(text.as_bytes()), &Some(bytes.clone()))?;
            agree("base64 of tokens", &base64url(text), &Some(bytes))?;
        }
    }
    let payload = || {
        let payload = text.split('.').nth(1)?.trim_end_matches('=');
        let bytes = URL_SAFE_NO_PAD.decode(payload).or_else(|_| STANDARD_NO_PAD.decode(payload)).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()?.as_object().cloned()
    };
    match (Claims::of(text), text.starts_with("eyJ").then(payload).flatten()) {
        (Some(read), Some(claims)) => agree_on_claims(&read, &claims),
        (ours, theirs) => agree("a token", &ours.is_some(), &theirs.is_some()),
    }
}

fn agree_on_claims(read: &Claims, claims: &Map<String, Value>) -> Result<(), String> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let first = |names: &[&str]| names.iter().find_map(|name| text(name));
    // What was written in the place of a value is none.
    let told = |name: &&str| text(name).filter(|value| !stand_in::is_one(value));
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let tenant = told(&"tid").map(str::to_ascii_lowercase).filter(|tid| Guid::is_one(tid));
    agree("tid", &read.tenant.as_ref().map(Guid::as_str), &tenant.as_deref())?;
    for (ours, names) in [
        (&read.issuer, &["iss"] as &[&str]),
        (&read.audience, &["aud"]),
        (&read.client, &["azp", "appid"]),
        (&read.scopes, &["scp"]),
        (&read.identity_provider, &["idp"]),
        (&read.version, &["ver"]),
    ] {
        agree("a claim", &ours.as_deref(), &first(names))?;
    }
    for (ours, names) in [
        (&read.object_id, &["oid"] as &[&str]),
        (&read.session, &["sid"]),
        (&read.nonce, &["nonce"]),
        (&read.username, &["preferred_username", "upn", "unique_name", "email"]),
    ] {
        agree("a secret claim", &ours.as_ref().map(Secret::expose), &names.iter().find_map(told))?;
    }
    let times = (read.issued_at, read.not_before, read.expires, read.authenticated_at);
    agree("times", &times, &(number("iat"), number("nbf"), number("exp"), number("auth_time")))
}

/// A SAML message of these parts in both bindings, with line breaks in its base64 or without; and whatever this text may
/// be as XML: both bindings have to be read the same.
///
/// # Errors
/// When something is not what was put in, or the bindings differ.
pub fn check_saml(put_in: &[&str; 4], xml: &str) -> Result<(), String> {
    let [id, issuer, address, context] = *put_in;
    // Of a text in an element, the reader leaves out the space around it, and XML makes one character of a line's end.
    let wanted = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    if put_in.iter().any(|text| text.chars().any(|c| !is_xml(c) || c.is_whitespace())) {
        return both_bindings(xml);
    }
    let [id_in, issuer_in, address_in, context_in] = put_in.map(escaped_by_name);
    let request = format!(
        r#"<p:AuthnRequest xmlns:p="urn:p" xmlns="urn:a" ID="{id_in}" IsPassive="1" AssertionConsumerServiceURL="{address_in}"><Issuer> {issuer_in}
</Issuer><p:RequestedAuthnContext><AuthnContextClassRef>{context_in}</AuthnContextClassRef></p:RequestedAuthnContext></p:AuthnRequest>"#
    );
    for value in bindings(&request) {
        let read = SamlRequest::read(&value).ok_or("a request is not read")?;
        agree("ID", &read.id.as_deref(), &Some(&*wanted(id)))?;
        // An element without text has none.
        agree("Issuer", &read.issuer.unwrap_or_default(), &wanted(issuer))?;
        agree("address", &read.reply_url.as_ref().map(Secret::expose), &Some(&*wanted(address)))?;
        agree("context", &read.requested_contexts.concat(), &wanted(context))?;
        agree("flags", &(read.passive, read.force_authn, read.is_logout), &(true, false, false))?;
    }
    let status = |code: &str| {
        format!(
            r#"<p:Response xmlns:p="urn:p" InResponseTo="{id_in}"><p:Issuer>{issuer_in}</p:Issuer><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{code}"/><p:StatusMessage>AADSTS50011: {context_in}</p:StatusMessage></p:Status></p:Response>"#
        )
    };
    for (code, fails) in [("Success", false), ("Responder", true)] {
        for value in bindings(&status(code)) {
            let read = SamlResponse::read(&value).ok_or("a response is not read")?;
            agree("InResponseTo", &read.answers.as_deref(), &Some(&*wanted(id)))?;
            agree("Issuer", &read.issuer.unwrap_or_default(), &wanted(issuer))?;
            let failure = response_failure(&value, String::new());
            let number = failure.as_ref().and_then(|failure| failure.codes.iter().find(|code| code.number == 50011));
            agree("failure", &(failure.is_some(), number.is_some()), &(fails, fails))?;
        }
    }
    both_bindings(xml)
}

/// Whether XML 1.0 allows a character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn bindings(xml: &str) -> [String; 3] {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let _ = deflated.write_all(xml.as_bytes());
    let plain = STANDARD.encode(xml);
    let middle = plain.len() / 2;
    let in_lines = format!("{}\r\n {}", plain.get(..middle).unwrap_or_default(), plain.get(middle..).unwrap_or_default());
    [plain, in_lines, STANDARD.encode(deflated.finish().unwrap_or_default())]
}

fn both_bindings(xml: &str) -> Result<(), String> {
    let told = |value: &String| {
        let request = SamlRequest::read(value).map(|request| {
            let SamlRequest { id, issuer, passive, force_authn, is_logout, requested_contexts, reply_url } = request;
            let reply_url = reply_url.map(|url| url.expose().to_owned());
            format!("{id:?} {issuer:?} {passive} {force_authn} {is_logout} {requested_contexts:?} {reply_url:?}")
        });
        let response = SamlResponse::read(value).map(|response| {
            let SamlResponse { answers, issuer, issued, authenticated, audience } = response;
            format!("{answers:?} {issuer:?} {issued:?} {authenticated:?} {audience:?}")
        });
        let failure = response_failure(value, String::new()).map(|failure| format!("{:?} {:?}", failure.codes, failure.error));
        (request, response, failure)
    };
    if !xml.starts_with('<') {
        return Ok(());
    }
    let [plain, in_lines, deflated] = bindings(xml).map(|value| told(&value));
    agree("in lines", &in_lines, &plain)?;
    agree("deflated", &deflated, &plain)
}

/// A page of the sign-in service with this configuration, and whatever this text may be as a page: a configuration is
/// what `serde_json` reads in its place, and a page that is made of it is read the same.
///
/// # Errors
/// When it is not.
pub fn check_page(put_in: &[(String, String)], number: u32, html: &str) -> Result<(), String> {
    let mut config: Map<String, Value> = put_in.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    config.insert("iErrorCode".to_owned(), json!(number));
    config.insert("arrSessions".to_owned(), put_in.iter().map(|(name, _)| json!({"isSignedIn": name.len() % 2 == 1})).collect());
    let config = Value::Object(config);
    for page in [format!("<html><script>$Config={config};</script>"), format!("<script>//<![CDATA[\n$Config \t=\n{config}\n//]]>")] {
        agree("configuration", &page::config(&page), &Some(config.clone()))?;
        let read = SignInPage::read(&page).ok_or("a page is not read")?;
        let text = |name: &str| config.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let id = text("pgid").filter(|id| id.len() <= 60 && id.chars().all(|c| c.is_ascii_alphanumeric()));
        agree("pgid", &read.id.as_deref().unwrap_or_default(), &id.unwrap_or_default())?;
        agree("sessions", &read.sessions, &Some(put_in.len()))?;
        agree("signed in", &read.signed_in, &Some(put_in.iter().filter(|(name, _)| name.len() % 2 == 1).count()))?;
        agree("ctx", &read.ctx.as_ref().map(Secret::expose), &text("sCtx"))?;
        let name = text("sPOST_Username").or_else(|| text("sPrefillUsername"));
        agree("username", &read.username.as_ref().map(Secret::expose), &name)?;
        if let Some(failure) = &read.failure {
            agree("a failure without a code", &failure.codes.is_empty(), &false)?;
        } else {
            agree("a code without a failure", &(number > 1000), &false)?;
        }
    }
    // The last digits of a number with a fraction may not survive being written, and no such number is read.
    let Some(config) = page::config(html).filter(|config| !has_fraction(config)) else { return Ok(()) };
    let again = format!("<script>$Config={config};</script>");
    agree("configuration again", &page::config(&again), &Some(config))?;
    // The page's name in its markup is not in the configuration.
    let told = |page: Option<SignInPage>| {
        page.map(|page| {
            let failure = page
                .failure
                .map(|failure| format!("{:?} {:?} {:?} {:?}", failure.codes, failure.part, failure.trace_id, failure.timestamp));
            let secrets = [page.username, page.ctx].map(|secret| secret.map(|secret| secret.expose().to_owned()));
            format!("{failure:?} {:?} {:?} {:?} {:?} {secrets:?}", page.sessions, page.signed_in, page.correlation_id, page.tenant)
        })
    };
    agree("page", &told(SignInPage::read(&again)), &told(SignInPage::read(html)))
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const NAMES: &str = "[a-z&=+%é ]{0,4}|tid|iss|oid|upn|sid|azp|pgid|sCtx|sErrorCode|uid|code";
    const VALUES: &str = "\\PC{0,9}|[*]{1,3}|\\[redacted\\]|0{8}(-0{4}){3}-0{12}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn addresses_are_read_as_the_standard_says(
            text in "(https?|HTTPS|app)://([a-z]{1,3}@)?[a-zA-Z.]{1,6}(:[0-9]{1,4})?(/[a-z%é]{0,3}){0,2}([?#][a-z=&+%/é]{0,9}){0,2}",
            location in "(https://b.example|//b.example)?/?[a-z.:?#=&/]{0,9}(https://c.example/)?",
        ) {
            prop_assert_eq!(check_address(&text, &location), Ok(()));
        }

        #[test]
        fn what_is_put_in_comes_out(put_in in vec((NAMES, VALUES), 0..5), text in "(eyJ)?[a-zA-Z0-9._=+/-]{0,20}", number: u32) {
            prop_assert_eq!(check_parameters(&put_in), Ok(()));
            prop_assert_eq!(check_token(&put_in, i64::from(number), &text), Ok(()));
            prop_assert_eq!(check_page(&put_in, number, &text), Ok(()));
            let parts: Vec<&str> = put_in.iter().map(|(_, value)| &**value).chain(["a", "b", "c", "d"]).take(4).collect();
            prop_assert_eq!(check_saml(&[parts[0], parts[1], parts[2], parts[3]], &text), Ok(()));
        }
    }
}
