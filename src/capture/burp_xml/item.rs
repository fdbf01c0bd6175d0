//! One item as an exchange.

use super::items::Item;
use super::time::LocalTime;
use crate::capture::http_message::{Body, Message, Transfer, address, decode_base64};
use crate::capture::parse_xml;
use crate::exchange::{Exchange, Loss, Recorded};
use roxmltree::Node;
use std::borrow::Cow;
use std::cell::Cell;

/// The most XML nodes of an item; Burp writes some thirty.
const MOST_NODES: u32 = 1000;

/// Makes an exchange of an item, and tells when it was by Burp's clock; without a request that has an address,
/// there is none. What `left` holds may still be decoded of bodies.
pub(super) fn exchange(
    item: &Item<'_>,
    entry: usize,
    left: &Cell<usize>,
    warn: &mut impl FnMut(&'static str),
) -> Result<(Exchange, Option<LocalTime>), &'static str> {
    let xml = readable(&item.xml);
    let document = parse_xml(&xml, MOST_NODES).ok_or("the item is no sound XML")?;
    let fields = Fields(document.root_element());

    let asked = Stored::of(&fields, "request", item.request);
    let answered = Stored::of(&fields, "response", item.response);
    for stored in [&asked, &answered] {
        if stored.is_damaged {
            warn("a message is marked as base64 and is none");
        }
    }
    if asked.bytes.is_empty() {
        return Err("the item has no request");
    }
    let request = Message::parse(&asked.bytes);
    let line = request.request_line();
    let method = line.as_ref().map_or_else(|| fields.text("method"), |line| line.method.to_owned()).trim().to_ascii_uppercase();
    if method.is_empty() {
        return Err("the request does not begin as HTTP");
    }
    let is_tunnel = method == "CONNECT";
    let target = line.as_ref().map_or("", |line| line.target);
    let url = if is_tunnel { tunnel(target, &fields) } else { address(&fields, target, request.header("host")) };
    let url = url.ok_or("the request has no URL")?;

    let response = Message::parse_response(&answered.bytes);
    let line = response.status_line();
    if line.is_none() && !answered.bytes.is_empty() {
        warn("the response does not begin as HTTP");
    }
    let has_line = line.is_some();
    // Of a response that was not saved, Burp still tells the status.
    let told = || fields.text("status").trim().parse().ok().filter(|status| (100..1000).contains(status));
    let status = line.map(|line| line.status).or_else(told);
    let nothing = Message::parse(b"");
    let response = if has_line { &response } else { &nothing };
    let length = fields.text("responselength").trim().parse::<usize>().ok();
    let is_cut = has_line && answered.is_base64 && length.is_some_and(|length| length > answered.bytes.len());
    if is_cut {
        warn("the response is shorter than Burp says that it was");
    }

    let posted_is_there = asked.has_body(&request, warn);
    let received_is_there = has_line && answered.has_body(response, warn) && !(is_cut && response.body.is_empty());
    let time = fields.text("time");
    let time = (!time.trim().is_empty()).then(|| LocalTime::read(&time));
    if let Some(None) = time {
        warn("the start time is not a date");
    }
    let time = time.flatten();
    let transfer = Transfer {
        entry,
        started: time.as_ref().and_then(LocalTime::utc),
        duration_ms: None,
        resource: Recorded::NotKept(Loss::NotRecorded),
        method,
        url,
        request: &request,
        posted: Body::new(&request, posted_is_there, left),
        status,
        response,
        has_response: has_line,
        received: Body::new(response, received_is_there, left),
        mime: response.mime(),
        failure: None,
    };
    Ok((transfer.exchange(warn), time))
}

/// The elements of an item.
struct Fields<'d>(Node<'d, 'd>);

impl<'d> Fields<'d> {
    fn node(&self, name: &str) -> Option<Node<'d, 'd>> {
        self.0.children().find(|node| node.has_tag_name(name))
    }

    /// What stands in an element; nothing where there is none.
    fn text(&self, name: &str) -> String {
        let texts = self.node(name).into_iter().flat_map(|node| node.children()).filter_map(|node| node.text());
        texts.collect()
    }
}

/// A message as the file has it.
struct Stored<'a> {
    bytes: Cow<'a, [u8]>,
    is_base64: bool,
    /// Whether it is marked as base64 and is none.
    is_damaged: bool,
}

impl<'a> Stored<'a> {
    fn of(fields: &Fields<'_>, name: &str, section: Option<&'a [u8]>) -> Self {
        let is_base64 = fields.node(name).and_then(|node| node.attribute("base64")).is_some_and(|value| value.trim() == "true");
        // Other programs write the same without CDATA.
        let bytes = section.map_or_else(|| Cow::Owned(fields.text(name).into_bytes()), whole);
        if !is_base64 {
            return Self { bytes, is_base64, is_damaged: false };
        }
        let decoded = decode_base64(&bytes);
        Self { is_base64, is_damaged: decoded.is_none(), bytes: Cow::Owned(decoded.unwrap_or_default()) }
    }

    /// Whether the body is there as it was sent. XML cannot carry every byte: of what is no text, too little is left
    /// where the message was saved as text.
    fn has_body(&self, message: &Message<'_>, warn: &mut impl FnMut(&'static str)) -> bool {
        let is_coded = message.header("content-encoding").is_some();
        let is_sound = self.is_base64 || is_text(message.body, is_coded);
        if !is_sound {
            warn("a body that is no text was saved as text; save the items with the messages in base64");
        }
        is_sound
    }
}

/// Whether bytes are text: in any charset, or surely in UTF-8 where it may as well be compressed.
fn is_text(bytes: &[u8], may_be_compressed: bool) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0B | 0x0E..=0x1F);
    let is_utf8 = || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\u{FFFD}'));
    !bytes.iter().any(is_control) && (!may_be_compressed || is_utf8())
}

/// A CDATA section without the seams where one was divided because its text has what ends a section.
fn whole(section: &[u8]) -> Cow<'_, [u8]> {
    const SEAM: &[u8] = b"]]><![CDATA[";
    if memchr::memmem::find(section, SEAM).is_none() {
        return Cow::Borrowed(section);
    }
    let mut bytes = Vec::with_capacity(section.len());
    let mut rest = section;
    while let Some((before, after)) = memchr::memmem::find(rest, SEAM).and_then(|at| rest.split_at_checked(at)) {
        bytes.extend_from_slice(before);
        rest = after.get(SEAM.len()..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest);
    Cow::Owned(bytes)
}

/// XML as text without the characters that no XML may have, which Burp writes into addresses all the same.
fn readable(xml: &[u8]) -> String {
    let is_allowed = |character: &char| matches!(character, '\t' | '\n' | '\r' | ' '..);
    String::from_utf8_lossy(xml).chars().map(|character| if is_allowed(&character) { character } else { '\u{FFFD}' }).collect()
}

/// The address of a tunnel: of its target, else of what Burp connected to.
fn tunnel(target: &str, fields: &Fields<'_>) -> Option<String> {
    address::tunnel(target).or_else(|| address::tunnel(&connected(fields)?))
}

/// The address of a request: as Burp tells it, else put together from the elements beside it.
fn address(fields: &Fields<'_>, target: &str, host: Option<&str>) -> Option<String> {
    let told = fields.text("url");
    if let Some(told) = address::absolute(told.trim()) {
        return Some(told.to_owned());
    }
    let host = host.map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned);
    let authority = host.or_else(|| connected(fields))?;
    let path = fields.text("path");
    let path = [path.trim(), target].into_iter().find(|path| path.starts_with('/'));
    Some(address::address(address::scheme(Some(fields.text("protocol").trim())), &authority, path))
}

/// The host and the port that Burp connected to.
fn connected(fields: &Fields<'_>) -> Option<String> {
    address::authority(&fields.text("host"), fields.text("port").trim().parse().ok())
}
