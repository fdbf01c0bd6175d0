//! Addresses: scheme, host and path stay, parameters are looked at one by one.

use super::Rewriter;
use super::context::Context;
use super::prose::scheme_end;
use super::spliced::Spliced;
use crate::entra::{Guid, key};
use crate::exchange::hosts::sign_in_host;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder::LEFT_OUT;
use std::borrow::Cow;
use url::form_urlencoded;

impl Rewriter<'_> {
    /// An address, absolute or not, or what stands where one is expected.
    pub(super) fn address(&mut self, text: &str) -> String {
        self.nested(|rewriter| rewriter.whole_address(text))
    }

    fn whole_address(&mut self, text: &str) -> String {
        if text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            return format!("data:{LEFT_OUT}");
        }
        let (rest, fragment) = split(text, '#');
        let (place, query) = split(rest, '?');
        let at_service = (query.is_some() || fragment.is_some()) && is_of_service(place);
        // A page for errors is asked with the code of one.
        let is_asking = (query.is_some() || fragment.is_some()) && !names_error(place);
        self.in_context(Context { at_service, is_asking, sends_numbers: is_asking, ..self.context }, |rewriter| {
            let mut out = rewriter.place(place);
            if let Some(query) = query {
                out.push('?');
                out.push_str(&rewriter.pairs(query));
            }
            if let Some(fragment) = fragment {
                out.push('#');
                out.push_str(&rewriter.fragment(fragment));
            }
            out
        })
    }

    /// A fragment: a reply of the sign-in service, a route with or without one, or a word.
    fn fragment(&mut self, fragment: &str) -> String {
        match (fragment.split_once('?'), fragment.contains('=')) {
            (Some((route, query)), _) => format!("{}?{}", self.path(route), self.pairs(query)),
            // msal-js issue 1287: a router puts a slash before the reply.
            (None, true) => match fragment.strip_prefix('/') {
                Some(pairs) => format!("/{}", self.pairs(pairs)),
                None => self.pairs(fragment),
            },
            (None, false) => self.path(fragment),
        }
    }

    /// Scheme, host and path.
    fn place(&mut self, text: &str) -> String {
        let end = scheme_end(text).unwrap_or_default();
        let (scheme, rest) = match text.strip_prefix("//") {
            // RFC 3986 §4.2: it has the scheme of what refers to it.
            Some(rest) => ("//", rest),
            None if end == 0 => return self.path(text),
            None => text.split_at(end + 3),
        };
        // Of a folder of a person's on this computer nothing is read.
        if scheme.eq_ignore_ascii_case("file://") {
            return format!("{scheme}/{LEFT_OUT}");
        }
        if let Some(name) = scheme.strip_suffix("://") {
            match name.char_indices().rfind(|(_, c)| !(c.is_ascii_alphanumeric() || "+-.:".contains(*c))) {
                None => {}
                // Somebody's address stands before it.
                Some((_, '@')) => return self.path(text),
                // One address in the path of another, or between quotation marks.
                Some((at, c)) => {
                    let (before, address) = text.split_at(at + c.len_utf8());
                    return format!("{}{}", self.path(before), self.address(address));
                }
            }
        }
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        // A name and password before the host are no part of the place.
        let host = match authority.rsplit_once('@') {
            Some((user, host)) => {
                self.credentials(&percent_decoded(user));
                host
            }
            None => authority,
        };
        let parsed = || url::Url::parse(&format!("https://{host}")).ok()?.host().map(|host| host.to_owned());
        let host = match if is_name(host) { None } else { parsed() } {
            Some(url::Host::Ipv4(ip)) if !ip.is_loopback() => {
                host.replacen(&ip.to_string(), &self.vault.replace(Kind::IpAddress, &ip.to_string()), 1)
            }
            Some(url::Host::Ipv6(ip)) if !ip.is_loopback() => {
                let port = host.rsplit_once("]:").map(|(_, port)| format!(":{port}")).unwrap_or_default();
                format!("[{}]{port}", self.vault.replace(Kind::IpAddress, &ip.to_string()))
            }
            _ => host.to_owned(),
        };
        if is_name(&host) && !self.hosts.contains(&*host) {
            self.hosts.insert(host.to_ascii_lowercase());
        }
        let host = self.tenant_host(&host);
        let path = self.tenant_path(&host, path);
        format!("{scheme}{host}{}", self.path(&path))
    }

    fn path(&mut self, path: &str) -> String {
        let mut out = String::with_capacity(path.len());
        let mut before = "";
        for (place, segment) in path.split('/').enumerate() {
            if place > 0 {
                out.push('/');
            }
            // RFC 3986 §3.3: parameters of a segment.
            let mut parts = segment.split(';');
            out.push_str(&self.segment_after(before, parts.next().unwrap_or_default()));
            for pair in parts {
                out.push(';');
                out.push_str(&self.pair(pair));
            }
            before = segment;
        }
        out
    }

    /// What follows the name of a collection of people or their things is one of them.
    fn segment_after<'s>(&mut self, before: &str, segment: &'s str) -> Cow<'s, str> {
        if let Some(name) = key::name_of_somebody(before, segment) {
            let placeholder = self.vault.replace(Kind::LoginHint, name);
            return format!("{placeholder}{}", segment.get(name.len()..).unwrap_or_default()).into();
        }
        if let Some(changed) = self.without_somebody(before, segment) {
            return changed.into();
        }
        if key::is_sent(before, segment) {
            let kind = if Guid::is_one(segment) { Kind::Id } else { Kind::Opaque };
            return self.vault.replace(kind, segment).into();
        }
        self.segment(before, segment)
    }

    /// A part of a path without the ids of people in it; `None` where there are none.
    fn without_somebody(&mut self, before: &str, segment: &str) -> Option<String> {
        let mut spliced = Spliced::new(segment);
        for place in key::places_of_somebody(before, segment) {
            let (Some(around), Some(id)) = (segment.get(..place.start), segment.get(place.clone())) else { continue };
            // `id@tenant`
            let is_of_tenant = around.ends_with('@') || around.ends_with("%40");
            let changed = if is_of_tenant { self.tenant(id) } else { self.vault.replace(Kind::Id, id) };
            spliced.put(place, &changed);
        }
        let changed = spliced.end()?;
        Some(self.changed_prose(&changed).unwrap_or(changed))
    }

    fn segment<'s>(&mut self, before: &str, segment: &'s str) -> Cow<'s, str> {
        let decoded = percent_decoded(segment);
        if decoded != segment {
            if let Some(changed) = self.without_somebody(before, &decoded) {
                return changed.into();
            }
            if let Some(name) = key::name_of_somebody_within(&decoded) {
                return decoded.replace(name, &self.vault.replace(Kind::LoginHint, name)).into();
            }
        }
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.~+=".contains(c);
        if key::is_segment_key(&decoded) && decoded.chars().all(is_key) && !is_file(&decoded) {
            return self.vault.replace(Kind::Opaque, &decoded).into();
        }
        // Sessions without cookies of ASP.NET: `(S(lit3py55t21z5v55vlm25s55))`.
        if let Some(inner) = decoded.strip_prefix('(').and_then(|rest| rest.strip_suffix("))")) {
            let (sort, id) = inner.split_once('(').unwrap_or_default();
            return format!("({sort}({}))", self.vault.replace(Kind::Id, id)).into();
        }
        match self.changed_prose(&decoded) {
            Some(swept) if *swept != *decoded => swept.into(),
            _ => segment.into(),
        }
    }

    /// `name=value` pairs as forms and queries have them.
    pub(super) fn pairs(&mut self, text: &str) -> String {
        let context = self.context.unless_error(|| text.split('&'));
        self.in_context(context, |rewriter| {
            let mut out = String::with_capacity(text.len());
            for (place, pair) in text.split('&').enumerate() {
                if rewriter.gives_up() {
                    break;
                }
                if place > 0 {
                    out.push('&');
                }
                out.push_str(&rewriter.pair(pair));
            }
            out
        })
    }

    fn pair(&mut self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            // A query without names is one value, unless it is a name by itself (`?error`).
            let decoded = form_decoded(pair);
            if names::of_field(&decoded) != Meaning::Unknown {
                return pair.to_owned();
            }
            let out = self.meaning(Meaning::Unknown, &decoded);
            return if *out == *decoded { pair.to_owned() } else { out };
        };
        // Semicolons between pairs, as older servers take them (HTML 4.01 §B.2.2).
        if value.contains(';') {
            for (name, value) in value.split(';').filter_map(|pair| pair.split_once('=')) {
                self.collect_member(&form_decoded(name), &form_decoded(value));
            }
        }
        let (decoded_name, decoded) = (form_decoded(name), form_decoded(value));
        let out = self.field(&decoded_name, &decoded);
        let name = self.name(name, &decoded_name);
        if *out == *decoded { format!("{name}={value}") } else { format!("{name}={}", encoded(&out)) }
    }

    /// The name of a field: it stays, unless it is no name.
    fn name(&mut self, name: &str, decoded: &str) -> String {
        let swept = if decoded.len() > 64 && names::of_field(decoded) == Meaning::Unknown {
            self.vault.replace(Kind::Opaque, decoded)
        } else {
            match self.changed_prose(decoded) {
                Some(changed) => changed,
                None => return name.to_owned(),
            }
        };
        if swept == decoded { name.to_owned() } else { encoded(&swept) }
    }
}

/// Whether an address is one of the sign-in service.
pub(super) fn is_of_service(address: &str) -> bool {
    let start = scheme_end(address).map(|end| end + 3);
    let authority = start.and_then(|start| address.get(start..)).and_then(|rest| rest.split(['/', '?', '#', ':']).next());
    authority.is_some_and(|host| sign_in_host(&host.to_ascii_lowercase()).is_some())
}

/// Whether a place is called as one for errors is: `/error`, `/Home/Error.aspx`.
fn names_error(place: &str) -> bool {
    memchr::memchr2_iter(b'e', b'E', place.as_bytes())
        .any(|at| place.as_bytes().get(at..at + 5).is_some_and(|letters| letters.eq_ignore_ascii_case(b"error")))
}

/// Whether a host is plainly a name and no IP address in any of its forms: its last label begins with a letter.
fn is_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// A name with a digest in it and an extension is a file of the application's.
fn is_file(segment: &str) -> bool {
    let extension = segment.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| {
        ["js", "css", "html", "png", "svg", "woff", "woff2", "ico", "map", "jpg", "gif", "json"].contains(&extension.as_str())
    })
}

/// Without percent-encoding, all of it: an ampersand or equals sign in a path parts nothing. A plus there is a plus.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// A name or value of a form or a query.
pub(super) fn form_decoded(text: &str) -> Cow<'_, str> {
    match memchr::memchr2(b'%', b'+', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(percent_decoded(&text.replace('+', " ")).into_owned()),
    }
}

pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
