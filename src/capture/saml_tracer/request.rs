//! One request as an exchange.

use crate::capture::har::{Break, Cursor, Raw};
use crate::capture::http_message::{Body, Message, Transfer};
use crate::capture::json_entries::{Lines, status, word};
use crate::exchange::{Exchange, Loss, Recorded};
use std::cell::Cell;

/// What a request's parts are, none of them decoded or copied yet.
#[derive(Default)]
pub(super) struct Parts<'a> {
    method: Option<Raw<'a>>,
    url: Option<Raw<'a>>,
    status: Option<Raw<'a>>,
    request: Lines<'a>,
    response: Lines<'a>,
    /// The posted form as pairs of a name and a value.
    post: Option<Raw<'a>>,
}

impl<'a> Parts<'a> {
    /// Takes one member.
    pub(super) fn take(&mut self, key: &[u8], cursor: &mut Cursor<'a>) -> Result<(), Break> {
        match key {
            b"method" => self.method = cursor.present()?,
            b"url" => self.url = cursor.present()?,
            b"responseStatus" => self.status = cursor.present()?,
            b"requestHeaders" => self.request.take(cursor)?,
            b"responseHeaders" => self.response.take(cursor)?,
            b"post" => self.post = cursor.present()?,
            // What else there is repeats these, decoded.
            _ => {
                cursor.value()?;
            }
        }
        Ok(())
    }
}

/// How the stand-ins begin that the export puts in the place of values.
const STAND_INS: [&str; 2] = ["{hash:", "{obf:"];

/// What was posted.
enum Posted {
    /// A form.
    Form(String),
    /// A form whose values were replaced.
    Replaced,
    /// Something else, or nothing that is told.
    Untold,
}

impl Posted {
    /// A form is written as forms are, because the pairs are decoded.
    fn of(parts: &Parts<'_>, asked: &Message<'_>) -> Self {
        let is_form = asked.mime().is_none_or(|mime| mime == "application/x-www-form-urlencoded");
        let text = |pair: &Raw<'_>| pair.string().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let pairs = parts.post.map(Raw::items).unwrap_or_default().into_iter().filter_map(|pair| {
            let pair = pair.items();
            Some((text(pair.first()?), pair.get(1).map(text).unwrap_or_default()))
        });
        let pairs: Vec<(String, String)> = pairs.collect();
        if pairs.is_empty() || !is_form {
            return Self::Untold;
        }
        // Who has no value has the stand-in for a name.
        let replaced = |text: &String| STAND_INS.iter().any(|stand_in| text.starts_with(stand_in));
        if pairs.iter().any(|(name, value)| replaced(name) || replaced(value)) {
            return Self::Replaced;
        }
        Self::Form(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

/// Makes an exchange of a request; without an address, there is none. What `left` holds may still be decoded of bodies.
pub(super) fn exchange(
    parts: &Parts<'_>,
    entry: usize,
    left: &Cell<usize>,
    mut warn: &mut dyn FnMut(&'static str),
) -> Result<Exchange, &'static str> {
    let method = word(parts.method).ok_or("the request has no method")?.to_ascii_uppercase();
    let url = word(parts.url).filter(|url| url.contains("://")).ok_or("the request has no URL")?.into_owned();
    let asked = parts.request.message();
    let mut answered = parts.response.message();
    // With its values a cookie's attributes are replaced too, and nothing tells any more whether it is set or deleted.
    answered
        .headers
        .retain(|(name, value)| !name.eq_ignore_ascii_case("set-cookie") || !STAND_INS.iter().any(|stand_in| value.contains(stand_in)));
    let status = status(parts.status);
    let may_post = matches!(&*method, "POST" | "PUT" | "PATCH");
    let posted = if may_post { Posted::of(parts, &asked) } else { Posted::Untold };
    let form = match &posted {
        Posted::Form(form) => form.as_str(),
        Posted::Replaced | Posted::Untold => "",
    };
    let asked = Message { body: form.as_bytes(), ..asked };
    let transfer = Transfer {
        entry,
        started: None,
        duration_ms: None,
        resource: Recorded::NotKept(Loss::NotRecorded),
        method,
        url,
        request: &asked,
        posted: Body::new(&asked, !may_post || !form.is_empty(), left),
        status,
        response: &answered,
        has_response: status.is_some(),
        received: Body::new(&answered, false, left),
        mime: answered.mime(),
        failure: None,
    };
    let mut exchange = transfer.exchange(&mut warn);
    if exchange.kept_whole {
        exchange.response.body = Recorded::NotKept(Loss::NotRecorded);
        match posted {
            Posted::Replaced => exchange.request.body = Recorded::NotKept(Loss::Stripped),
            Posted::Untold if may_post => exchange.request.body = Recorded::NotKept(Loss::NotRecorded),
            Posted::Form(_) | Posted::Untold => {}
        }
    }
    Ok(exchange)
}
