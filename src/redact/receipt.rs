//! What a redaction did: counts and kinds, never a value.

use super::Options;
use super::kind::Kind;
use super::vault::Vault;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What a redaction did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Receipt {
    /// `entrace/redact/1`.
    pub schema: &'static str,
    /// The version of entrace.
    pub version: &'static str,
    /// The format of the source.
    pub format: String,
    /// How many entries there are, before and after.
    pub entries: usize,
    /// What was replaced, by kind.
    pub replaced: BTreeMap<&'static str, Replaced>,
    /// How often a value was found in a place where its name had not told it.
    pub found_elsewhere: usize,
    /// How many bodies were dropped because they hold neither sign-in traffic nor evidence.
    pub dropped_bodies: usize,
    /// What stays, and why.
    pub kept: Vec<Kept>,
    /// The options that were chosen.
    pub options: Options,
    /// The SHA-256 of the output, in hex; `None` before it is written.
    pub sha256: Option<String>,
}

/// What was replaced of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Replaced {
    /// How many different values.
    pub values: usize,
    /// In how many places their names told them.
    pub places: usize,
}

/// Something that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Kept {
    /// What.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
}

const ALWAYS: &[Kept] = &[
    Kept { what: "error codes, correlation ids, trace ids, times", why: "support finds the sign-in by them" },
    Kept { what: "names of cookies, parameters and headers; attributes of cookies", why: "which were sent and set is the evidence" },
    Kept { what: "hosts, paths, prompt, scopes, redirect URIs without their parameters", why: "they say what was asked" },
];

const OWN_HOSTS: Kept = Kept {
    what: "hosts of applications, which may name the tenant",
    why: "they say what was asked; look whether they may leave the house",
};

const IDS: Kept = Kept { what: "ids of tenants and applications", why: "the failure belongs to them; --hide-tenant replaces them" };
const DOMAINS: Kept = Kept { what: "domains of e-mail addresses", why: "they tell home tenants apart; --strict replaces them" };

impl Receipt {
    pub(super) fn of(vault: &Vault<'_>, format: &str, entries: usize, options: &Options) -> Self {
        let mut replaced: BTreeMap<&'static str, Replaced> = BTreeMap::new();
        for found in vault.found() {
            let of_kind = replaced.entry(Kind::name(found.kind)).or_default();
            of_kind.values += 1;
            of_kind.places += found.places;
        }
        let mut kept = ALWAYS.to_vec();
        kept.push(if options.hide_tenant { OWN_HOSTS } else { IDS });
        kept.extend((!options.strict && !options.hide_tenant).then_some(DOMAINS));
        Self {
            schema: "entrace/redact/1",
            version: env!("CARGO_PKG_VERSION"),
            format: format.to_owned(),
            entries,
            replaced,
            found_elsewhere: 0,
            dropped_bodies: 0,
            kept,
            options: options.clone(),
            sha256: None,
        }
    }
}

/// A kind as people read it: `IP addresses`.
fn in_words(kind: &str, values: usize) -> String {
    let one = match kind {
        "authorization" => "Authorization value".to_owned(),
        "opaque" | "encoded" => format!("{kind} value"),
        "ip-address" => "IP address".to_owned(),
        "phone" => "phone number".to_owned(),
        "device" => "device name".to_owned(),
        other => other.replace('-', " "),
    };
    match values {
        1 => one,
        _ if one.ends_with('s') => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.replaced.values().map(|replaced| replaced.values).sum();
        let entries = count(self.entries, "entry", "entries");
        match total {
            0 => writeln!(f, "Nothing had to be replaced in {entries}")?,
            _ => writeln!(f, "{} replaced in {entries}:", count(total, "value", "values"))?,
        }
        for (kind, Replaced { values, places }) in &self.replaced {
            writeln!(f, "  {values:>6}  {:<19} in {}", in_words(kind, *values), count(*places, "place", "places"))?;
        }
        if self.found_elsewhere > 0 {
            let places = count(self.found_elsewhere, "further place", "further places");
            writeln!(f, "{places} held one of them under another name or in an encoding")?;
        }
        if self.dropped_bodies > 0 {
            writeln!(f, "{} without sign-in traffic dropped", count(self.dropped_bodies, "body", "bodies"))?;
        }
        writeln!(f, "Kept:")?;
        for kept in &self.kept {
            writeln!(f, "  {}: {}", kept.what, kept.why)?;
        }
        match &self.sha256 {
            Some(hash) => write!(f, "SHA-256 {hash}"),
            None => write!(f, "Nothing was written"),
        }
    }
}

/// A number with its noun.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
