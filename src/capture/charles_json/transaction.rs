//! One transaction as an exchange.

use super::content::Content;
use super::parts::{Parts, Side};
use crate::capture::har::{Raw, date};
use crate::capture::http_message::{Body, Message, Transfer, address};
use crate::capture::json_entries::{status, word};
use crate::exchange::{Exchange, Loss, ProxyFailure, Recorded, Resource};
use std::borrow::Cow;
use std::cell::Cell;

/// Why a transaction has no response, by a part of Charles's own words.
const FAILURES: &[(&str, ProxyFailure)] = &[
    ("unknownhost", ProxyFailure::NoHost),
    ("unknown host", ProxyFailure::NoHost),
    ("resolve", ProxyFailure::NoHost),
    ("ssl", ProxyFailure::NoTls),
    ("tls", ProxyFailure::NoTls),
    ("certificate", ProxyFailure::NoTls),
    ("handshake", ProxyFailure::NoTls),
    ("client closed", ProxyFailure::ClientLeft),
    ("closed by client", ProxyFailure::ClientLeft),
    ("refused", ProxyFailure::NoConnection),
    ("unreachable", ProxyFailure::NoConnection),
    ("no route", ProxyFailure::NoConnection),
    ("connect timed out", ProxyFailure::NoConnection),
    ("timed out", ProxyFailure::NoResponse),
    ("timeout", ProxyFailure::NoResponse),
    ("reset", ProxyFailure::NoResponse),
    ("closed", ProxyFailure::NoResponse),
    ("eof", ProxyFailure::NoResponse),
    ("end of", ProxyFailure::NoResponse),
    ("block", ProxyFailure::Stopped),
];

/// How the words begin with which Charles tells that a transaction is still under way.
const UNDER_WAY: &[&str] = &["RECEIV", "SEND", "SENT", "CONNECTING", "WAIT", "UNKNOWN"];

/// Makes an exchange of a transaction; without an address, there is none. What `left` holds may still be decoded
/// of bodies.
pub(super) fn exchange(
    parts: Option<Parts<'_>>,
    entry: usize,
    left: &Cell<usize>,
    warn: &mut impl FnMut(&'static str),
) -> Result<Exchange, &'static str> {
    let parts = parts.ok_or("the entry is not a JSON object")?;
    let asked = parts.request.headers.message();
    let method = word(parts.method).ok_or("the request has no method")?.to_ascii_uppercase();
    // What is upgraded to web sockets is a tunnel too, with an address.
    let is_tunnel = method == "CONNECT" || (parts.tunnel && !parts.web_socket && word(parts.path).is_none());
    let method = if is_tunnel { "CONNECT".to_owned() } else { method };
    let url = address(&parts, &asked, is_tunnel).ok_or("the request has no URL")?;

    let status = status(parts.response.status);
    let arrived = status.is_some();
    let is_complete = parts.status.is_none() || word(parts.status).is_some_and(|status| status.eq_ignore_ascii_case("COMPLETE"));
    let failure = if arrived || is_complete { None } else { failure(&parts) };
    if arrived && !is_complete {
        warn("the response is not complete");
    }
    let answered = if arrived { parts.response.headers.message() } else { Message::parse(b"") };

    let posted = Content::of(&parts.request, !matches!(&*method, "POST" | "PUT" | "PATCH"));
    let received = Content::of(&parts.response, false);
    for content in [&posted, &received] {
        if content.is_damaged {
            warn("a body is marked as base64 and is none");
        }
    }
    let asked = Message { body: &posted.bytes, ..asked };
    // What goes through a web socket is no body, and no end of a body was seen before its last byte.
    let is_whole = is_complete && !parts.web_socket;
    let received_is_there = arrived && received.is_there && (is_whole || !received.bytes.is_empty());
    let (coded_request, coded_response) = (posted.coded(&asked), received.coded(&answered));
    let told = parts.times.start.or(parts.times.request_begin);
    let started = told.and_then(date);
    if told.is_some() && started.is_none() {
        warn("the start time is not a date");
    }
    let transfer = Transfer {
        entry,
        started,
        duration_ms: parts.duration.and_then(Raw::number).filter(|duration| *duration >= 0.0),
        resource: if parts.web_socket { Recorded::Kept(Resource::WebSocket) } else { Recorded::NotKept(Loss::NotRecorded) },
        method,
        url,
        request: &asked,
        posted: Body::new(&coded_request, posted.is_there, left),
        status,
        response: &answered,
        has_response: arrived,
        received: Body::new(&coded_response, received_is_there, left),
        mime: answered.mime().or_else(|| mime(&parts.response, arrived)),
        failure,
    };
    Ok(transfer.exchange(warn))
}

/// The address as the client meant it: of the `:authority` or the Host header, because the host beside them may be
/// that of a connection that was used again, or where a rule of Charles led to.
fn address(parts: &Parts<'_>, asked: &Message<'_>, is_tunnel: bool) -> Option<String> {
    let connected = || {
        let port = [parts.port, parts.actual_port].into_iter().flatten().find_map(Raw::number);
        // The cast is of a number of a port.
        address::authority(&word(parts.host)?, port.filter(|port| (1.0..65_536.0).contains(port)).map(|port| port as u16))
    };
    if is_tunnel {
        return address::tunnel(&connected().or_else(|| asked.header("host").map(str::to_owned))?);
    }
    let named = [":authority", "host"].iter().find_map(|name| asked.header(name).filter(|host| !host.is_empty()));
    let path = word(parts.path).filter(|path| path.starts_with('/')).unwrap_or(Cow::Borrowed("/"));
    let query = word(parts.query).map(|query| format!("?{query}")).unwrap_or_default();
    let scheme = address::scheme(word(parts.scheme).as_deref());
    Some(address::address(scheme, &named.map(str::to_owned).or_else(connected)?, Some(&format!("{path}{query}"))))
}

/// Why no response came. Nothing where it was only under way when the session was saved.
fn failure(parts: &Parts<'_>) -> Option<ProxyFailure> {
    let status = word(parts.status).unwrap_or_default().to_ascii_uppercase();
    let error = word(parts.error).unwrap_or_default();
    if error.is_empty() && UNDER_WAY.iter().any(|beginning| status.starts_with(beginning)) {
        return None;
    }
    let said = format!("{error} {status}").to_ascii_lowercase();
    Some(FAILURES.iter().find(|(part, _)| said.contains(part)).map_or(ProxyFailure::Untold, |(_, failure)| *failure))
}

/// The MIME type that Charles tells where no header does.
fn mime(side: &Side<'_>, arrived: bool) -> Option<String> {
    let told = word(side.mime).filter(|_| arrived)?;
    let mime = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!mime.is_empty()).then_some(mime)
}
