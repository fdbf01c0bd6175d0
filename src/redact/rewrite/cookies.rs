//! Cookies: their names and attributes stay.

use super::Rewriter;
use super::address::percent_decoded;
use crate::capture::Json;
use crate::entra::{LONGEST_HEADER, cookies};
use crate::exchange::joined_by_commas;
use crate::redact::kind::Kind;
use crate::redact::placeholder;

/// From how many bytes on cookies keep their length: some servers take no more than twice as many.
const LONG: usize = LONGEST_HEADER / 2;

/// What stands between two cookies (RFC 6265 §4.2.1).
const BETWEEN: &str = "; ";

/// What stands for a value that is shorter than the name of what stands in its place.
const SHORT: &str = "***";

/// The shortest random part of a cookie's name that is replaced; the parts of one that is cut in pieces are numbered.
const SHORTEST_RANDOM: usize = 8;

impl Rewriter<'_> {
    /// What a `Cookie` header holds.
    pub(super) fn cookie_header(&mut self, value: &str) -> String {
        let cookies: Vec<String> = value.split(';').flat_map(joined_by_commas).map(|pair| self.cookie_pair(pair.trim())).collect();
        // How long they are may be what a server refuses them for.
        if value.len() > LONG { as_long(cookies, value.len()) } else { cookies.join(BETWEEN) }
    }

    fn cookie_pair(&mut self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) => format!("{}={}", self.cookie_name(name), self.cookie(value)),
            None => self.cookie(pair),
        }
    }

    /// Names of cookies stay, but for what is random in them and those that carry a person.
    pub(super) fn cookie_name(&mut self, name: &str) -> String {
        if let Some((beginning, random)) = cookies::beginning(name).filter(|(_, random)| random.len() >= SHORTEST_RANDOM) {
            return format!("{beginning}{}", self.vault.replace(Kind::Opaque, random));
        }
        if name.len() > 200 { self.vault.replace(Kind::Opaque, name) } else { self.prose(name) }
    }

    /// The value of a cookie.
    pub(super) fn cookie(&mut self, value: &str) -> String {
        let inner = value.trim().trim_matches('"');
        let decoded = percent_decoded(inner);
        if decoded.starts_with('{') {
            self.collect_from(&decoded);
        }
        // How many sessions a cookie lists has to be read still, and whether the one that a request asks for is among them.
        if cookies::sessions(inner).is_some() {
            return inner.split('+').skip(1).map(|id| format!("+{}", self.replaced(Kind::Id, id))).collect();
        }
        if inner.len() <= 2 { value.to_owned() } else { self.replaced(Kind::Cookie, inner) }
    }

    /// What a `Set-Cookie` header holds.
    pub(super) fn set_cookie(&mut self, line: &str) -> String {
        // Some exporters join repeated headers with commas.
        let cookies: Vec<String> = joined_by_commas(line).map(|cookie| self.one_cookie(cookie)).collect();
        cookies.join(", ")
    }

    fn one_cookie(&mut self, line: &str) -> String {
        let mut parts = line.split(';');
        let cookie = self.cookie_pair(parts.next().unwrap_or_default().trim());
        let mut out = vec![cookie];
        for attribute in parts {
            let attribute = attribute.trim();
            let name = attribute.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            let known = ["domain", "path", "expires", "max-age", "secure", "httponly", "samesite", "partitioned", "priority", "version"];
            out.push(if known.contains(&name.as_str()) { self.prose(attribute) } else { placeholder::LEFT_OUT.to_owned() });
        }
        out.join("; ")
    }

    /// `cookies`: a list of objects.
    pub(super) fn cookies<'t>(&mut self, cookies: Json<'t>) -> Json<'t> {
        let Json::Array(items) = cookies else { return Json::Array(Vec::new()) };
        let cookie = |item: Json<'t>| {
            let Json::Object(members) = item else { return Json::Null };
            Json::Object(members.each(|name, value| {
                let value = match (name, value) {
                    ("name", Json::String(text)) => Json::String(self.cookie_name(&text).into()),
                    ("value", Json::String(text)) => Json::String(self.cookie(&text).into()),
                    ("value", value) => Json::String(self.vault.replace(Kind::Cookie, &value.to_string()).into()),
                    ("path" | "domain" | "expires" | "sameSite", value) => self.other(value),
                    (name, value) => self.member(name, value),
                };
                (None, value)
            }))
        };
        Json::Array(items.into_iter().map(cookie).collect())
    }
}

/// Cookies in a header of so many bytes: of many short ones the last lose what tells them apart, and blanks fill the rest.
fn as_long(mut cookies: Vec<String>, length: usize) -> String {
    let written: usize = cookies.iter().map(|cookie| cookie.len() + BETWEEN.len()).sum();
    let mut over = written.saturating_sub(BETWEEN.len() + length);
    for cookie in cookies.iter_mut().rev() {
        if over == 0 {
            break;
        }
        // A list of sessions begins with the mark of one, and is read.
        let Some((name, _)) = cookie.split_once('=').filter(|(_, value)| value.len() > SHORT.len() && !value.starts_with('+')) else {
            continue;
        };
        let short = format!("{name}={SHORT}");
        over = over.saturating_sub(cookie.len() - short.len());
        *cookie = short;
    }
    let mut header = cookies.join(BETWEEN);
    header.extend(std::iter::repeat_n(' ', length.saturating_sub(header.len())));
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    #[test]
    fn a_long_header_keeps_its_length() {
        let knowledge = Knowledge::builtin();
        let mut rewriter = Rewriter::new(&knowledge, &Options::default());
        let many = |count: usize| (0..count).map(|number| format!("c{number}=ab{number}yz")).collect::<Vec<_>>().join("; ");
        for value in
            [many(600), many(20_000), format!("session={}", "ab1".repeat(40_000)), format!("{}; last={}", many(500), "x".repeat(9_000))]
        {
            let header = rewriter.cookie_header(&value);
            assert_eq!(header.len(), value.len());
            assert!(!header.contains("=ab"));
        }
        assert!(rewriter.cookie_header(&many(10)).len() > many(10).len());
    }
}
