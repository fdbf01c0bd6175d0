//! One HTTP flow as an exchange.

use super::failure::meant;
use super::tnetstring::Value;
use crate::capture::http_message::{Body, MOST_HEADERS, Message, Transfer, address, lossy};
use crate::exchange::{Exchange, Loss, ProxyFailure, Recorded, writable};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::cell::Cell;

/// Makes an exchange of a flow; without a request that has an address, there is none. What `left` holds may
/// still be decoded of bodies.
pub(super) fn exchange(
    flow: Value<'_>,
    entry: usize,
    left: &Cell<usize>,
    warn: &mut impl FnMut(&'static str),
) -> Result<Exchange, &'static str> {
    let asked = flow.get("request").filter(|request| request.is_dict()).ok_or("the flow has no request")?;
    let request = message(asked);
    let method = asked.get("method").and_then(Value::bytes).map(lossy).filter(|method| !method.is_empty());
    let method = method.ok_or("the request has no method")?.to_ascii_uppercase();
    let is_tunnel = method == "CONNECT";
    let url = address(asked, &request, is_tunnel).ok_or("the request has no URL")?;

    let answer = flow.get("response").filter(|response| response.is_dict());
    let status = answer.and_then(|answer| answer.get("status_code")?.whole()).filter(|status| (100..1000).contains(status));
    if answer.is_some() && status.is_none() {
        warn("the response has no status");
    }
    let arrived = status.is_some();
    let response = answer.filter(|_| arrived).map_or_else(|| Message::parse(b""), message);
    let error = flow.get("error").filter(|error| error.is_dict());
    let failure = if arrived { None } else { Some(failure(error)) };
    if arrived && error.is_some() {
        warn("the response came with an error; it may be incomplete");
    }
    let started = asked.get("timestamp_start").filter(|start| !start.is_null());
    let start = started.and_then(Value::number);
    let date = start.and_then(date);
    if started.is_some() && date.is_none() {
        warn("the start time is not a date");
    }
    let end = match failure {
        None => answer.and_then(|answer| answer.get("timestamp_end")?.number()),
        Some(_) => error.and_then(|error| error.get("timestamp")?.number()),
    };
    let duration = start.zip(end).map(|(start, end)| (end - start) * 1000.0);

    let (posted, received) = (joined(&request), joined(&response));
    let transfer = Transfer {
        entry,
        started: date,
        duration_ms: duration.filter(|duration| duration.is_finite() && *duration >= 0.0),
        resource: Recorded::NotKept(Loss::NotRecorded),
        method,
        url,
        request: &request,
        posted: Body::new(&posted, has_content(asked), left),
        status,
        response: &response,
        has_response: arrived,
        received: Body::new(&received, arrived && answer.is_some_and(has_content), left),
        mime: response.mime(),
        failure,
    };
    Ok(transfer.exchange(warn))
}

/// The head and the body of one side.
fn message(side: Value<'_>) -> Message<'_> {
    let (mut headers, mut damaged) = (Vec::new(), true);
    if let Some(list) = side.get("headers") {
        let mut items = list.items();
        damaged = false;
        for pair in items.by_ref() {
            let mut parts = pair.items().map(|part| part.bytes().map(|bytes| lossy(bytes.trim_ascii())));
            match (parts.next().flatten(), parts.next().flatten()) {
                (Some(name), Some(value)) if !name.is_empty() && headers.len() < MOST_HEADERS => headers.push((name, value)),
                _ => damaged = true,
            }
        }
        damaged |= items.broken;
    }
    let body = side.get("content").and_then(Value::bytes).unwrap_or_default();
    Message { start: Cow::Borrowed(""), headers, damaged, body }
}

/// Whether the body was kept. mitmproxy has null where it streamed one through or lost it.
fn has_content(side: Value<'_>) -> bool {
    side.get("content").and_then(Value::bytes).is_some()
}

/// The address as the client meant it: of the `:authority` or the Host header, because the host beside them is
/// where mitmproxy connected to. In reverse and transparent mode that may be no more than an IP address.
fn address(asked: Value<'_>, request: &Message<'_>, is_tunnel: bool) -> Option<String> {
    let word = |key: &str| asked.get(key).and_then(Value::bytes).map(|bytes| lossy(bytes.trim_ascii())).filter(|word| !word.is_empty());
    let connected = || {
        let port = asked.get("port").and_then(Value::whole);
        address::authority(&word("host")?, port)
    };
    let named = || request.header("host").map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned);
    let authority = word("authority").map(Cow::into_owned);
    if is_tunnel {
        return address::tunnel(&authority.or_else(connected)?);
    }
    let authority = authority.or_else(named).or_else(connected)?;
    Some(address::address(address::scheme(word("scheme").as_deref()), &authority, word("path").as_deref()))
}

/// Why no response came.
fn failure(error: Option<Value<'_>>) -> ProxyFailure {
    let said = error.and_then(|error| error.get("msg")?.bytes()).map(lossy).unwrap_or_default();
    meant(&said)
}

/// A date of seconds since 1970.
fn date(seconds: f64) -> Option<DateTime<Utc>> {
    let micros = (seconds * 1e6).round();
    // The cast saturates, and what is beyond the calendar is no date. Zero is what was never set.
    if micros > 0.0 { DateTime::from_timestamp_micros(micros as i64).and_then(writable) } else { None }
}

/// A message with what mitmproxy stores of its coding: it has joined the chunks, and leaves the header that
/// speaks of them.
fn joined<'a>(message: &'a Message<'_>) -> Message<'a> {
    let says_how = |name: &str| ["content-encoding", "content-type"].iter().any(|known| name.eq_ignore_ascii_case(known));
    let how = message.headers.iter().filter(|(name, _)| says_how(name));
    let headers = how.map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value))).collect();
    Message { start: Cow::Borrowed(""), headers, damaged: false, body: message.body }
}
