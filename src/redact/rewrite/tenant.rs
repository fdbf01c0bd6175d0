//! Ids and domains of tenants, and ids of applications: they stay, unless they are to be hidden.

use super::Rewriter;
use super::spliced::Spliced;
use crate::entra::key::is_like_a_word;
use crate::entra::{CONSUMERS_TENANT, Guid, Tenant, TenantName, is_personal_domain};
use crate::exchange::hosts::{Service, is_of_microsoft, sign_in_host, tenant_in_host};
use crate::redact::kind::{Kind, holds_key};
use crate::redact::names::Meaning;
use std::borrow::Cow;

/// Tenants of Microsoft's own, which issue its services' tokens.
const MICROSOFT_TENANTS: &[&str] = &[CONSUMERS_TENANT, "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];

/// The end of the ids that Microsoft gave its first applications.
const MICROSOFT_APPLICATIONS: &str = "-0000-0000-c000-000000000000";

impl Rewriter<'_> {
    /// The id or domain of a tenant, or the id of an application, as its name says.
    pub(super) fn tenant_named(&mut self, value: &str) -> String {
        match form(value) {
            Form::Name => self.tenant(value),
            Form::Names => value.split_inclusive(SEPARATORS).map(|part| self.listed_tenant(part)).collect(),
            Form::Address => self.address(value),
            // What the sign-in service is asked for is a name to it, in whatever form. It may be anything elsewhere.
            Form::Other if self.context.at_service && is_short_name(value) => match self.hide_tenant {
                true => self.vault.replace(Kind::Tenant, value),
                false => value.to_owned(),
            },
            Form::Other => self.meaning(Meaning::Unknown, value),
        }
    }

    /// An item of a list, with what parts it from the next.
    fn listed_tenant(&mut self, part: &str) -> String {
        let name = part.trim_end_matches(SEPARATORS);
        let name = if name.is_empty() || is_policy(name) { name.to_owned() } else { self.tenant(name) };
        format!("{name}{}", part.get(part.trim_end_matches(SEPARATORS).len()..).unwrap_or_default())
    }

    /// What has the form of the id or domain of a tenant, or of the id of an application.
    pub(super) fn tenant(&mut self, value: &str) -> String {
        if !self.hide_tenant {
            return self.id(value);
        }
        let lower = value.to_ascii_lowercase();
        let is_alias = matches!(Tenant::parse(value).name(), TenantName::Common | TenantName::Organizations | TenantName::Consumers);
        let is_microsofts = MICROSOFT_TENANTS.contains(&lower.as_str())
            || lower.ends_with(MICROSOFT_APPLICATIONS)
            || Guid::parse(value).is_some_and(|id| self.knowledge.app(&id).is_some());
        if is_alias || is_microsofts || is_of_microsoft(&lower) || is_personal_domain(&lower) {
            return value.to_owned();
        }
        match value.contains("://") {
            true => self.address(value),
            false => self.vault.replace(Kind::Tenant, value),
        }
    }

    /// A host, whose first label may be a tenant's name (`contoso.b2clogin.com`), or which is an application's id
    /// (`api://id`).
    pub(super) fn tenant_host(&mut self, host: &str) -> String {
        if Guid::is_one(host) {
            return self.tenant(host);
        }
        if !self.hide_tenant {
            return host.to_owned();
        }
        if let Some((name, rest)) = tenant_in_host(host).and_then(|end| host.split_at_checked(end)) {
            return format!("{}{rest}", self.vault.replace(Kind::Tenant, name));
        }
        let service = sign_in_host(&host.to_ascii_lowercase()).map(|host| host.service);
        match host.split_once('.') {
            Some((label, rest)) if matches!(service, Some(Service::B2c | Service::ExternalId)) => {
                format!("{}.{rest}", self.vault.replace(Kind::Tenant, label))
            }
            // The identifier of an application (`https://contoso.onmicrosoft.com/api`).
            Some((label, _)) if domain_around(host, label.len()) == Some((0, host.len())) => self.tenant(host),
            _ => host.to_owned(),
        }
    }

    /// A path, which begins with a tenant at the sign-in service, and may name ids elsewhere.
    pub(super) fn tenant_path(&mut self, host: &str, path: &str) -> String {
        if !self.hide_tenant && !path.split('/').any(Guid::is_one) {
            return path.to_owned();
        }
        let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let at_service = sign_in_host(&name).is_some();
        let is_protocol = ["/oauth2/", "/saml2", "/wsfed", "/v2.0"].iter().any(|part| path.contains(part));
        let mut out: Vec<String> = Vec::new();
        let mut segments = path.split('/').peekable();
        let mut before = "";
        while let Some(segment) = segments.next() {
            // Azure AD B2C has a policy behind it, on any host, and may have `tfp` or `te` before it (trust framework).
            let is_of_a_journey = is_one_of(&["tfp", "te"], before) || segments.peek().is_some_and(|next| names_policy(next));
            // At the account service it is a page (`/Me.htm`).
            let is_named = is_of_a_journey || out.len() == 1 && at_service && is_protocol;
            let is_name = self.hide_tenant && is_named && segment.contains('.');
            // Elsewhere what follows may name a session or a person.
            let is_named = at_service || out.len() == 1 && is_protocol || self.hide_tenant && is_one_of(COLLECTIONS, before);
            let is_id = is_named && Guid::is_one(segment);
            out.push(if is_name || is_id { self.tenant(segment) } else { segment.to_owned() });
            before = segment;
        }
        out.join("/")
    }

    /// A text without the ids and domains of tenants and ids of applications that it names; `None` where it names none, or they
    /// stay. What follows a label that says so is the id of a request.
    pub(super) fn without_tenants(&mut self, text: &str) -> Option<String> {
        if !self.hide_tenant {
            return None;
        }
        let text = self.without_names(text).map_or(Cow::Borrowed(text), Cow::Owned);
        let changed = matches!(text, Cow::Owned(_));
        self.without_ids(&text).or_else(|| changed.then(|| text.into_owned()))
    }

    fn without_ids(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        // Every GUID has hyphens, and every domain dots.
        for mark in memchr::memchr2_iter(b'-', b'.', text.as_bytes()) {
            let found = if text.as_bytes().get(mark) == Some(&b'.') { domain_around(text, mark) } else { id_around(text, mark) };
            let Some((start, end)) = found.filter(|(start, _)| *start >= spliced.written()) else { continue };
            let name = text.get(start..end).unwrap_or_default();
            let changed = if tenant_in_host(name).is_some() { self.tenant_host(name) } else { self.tenant(name) };
            let is_of_application = changed != name && Guid::is_one(name);
            if is_of_application {
                self.put_name_before(text, start, &mut spliced);
            }
            spliced.put(start..end, &changed);
            if is_of_application {
                self.put_name_behind(text, end, &mut spliced);
            }
        }
        spliced.end()
    }
}

/// What a value is that is named as a tenant or an application.
enum Form {
    /// The id or domain of one, or an alias of tenants.
    Name,
    /// Several.
    Names,
    /// An address, or the identifier of an application.
    Address,
    Other,
}

/// What stands between tenants that a proxy lets through, and between one and its policy.
const SEPARATORS: [char; 4] = [',', ';', ':', ' '];

fn form(value: &str) -> Form {
    if is_tenant(value) {
        return Form::Name;
    }
    if value.contains("://") || ["urn:", "api:", "spn:"].iter().any(|start| value.starts_with(start)) {
        return Form::Address;
    }
    let mut names = value.split(SEPARATORS).filter(|name| !name.is_empty()).peekable();
    if names.peek().is_some() && names.all(|name| is_tenant(name) || is_policy(name)) { Form::Names } else { Form::Other }
}

/// Whether a text has the form of the id or the domain of a tenant, or is an alias.
pub(super) fn is_tenant(text: &str) -> bool {
    let text = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    match Tenant::parse(text).name() {
        TenantName::Unusable => false,
        TenantName::Hidden => Guid::is_one(text),
        TenantName::Domain => {
            let last = text.rsplit('.').next().unwrap_or_default();
            last.len() >= 2 && !last.bytes().any(|byte| byte.is_ascii_digit()) && text.split(['.', '-']).all(is_like_a_word)
        }
        _ => true,
    }
}

/// Whether a text is what a proxy says of personal accounts.
fn is_policy(text: &str) -> bool {
    text.eq_ignore_ascii_case("restrict-msa")
}

/// Whether a text is short and no key.
fn is_short_name(text: &str) -> bool {
    text.len() <= 80 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._{}".contains(&byte)) && !holds_key(text)
}

/// Collections of which an item is a tenant or an application.
const COLLECTIONS: &[&str] = &["applications", "servicePrincipals", "tenants", "organization", "organizations"];

fn is_one_of(names: &[&str], segment: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(segment))
}

/// Whether a part of a path is a user flow or custom policy of Azure AD B2C.
fn names_policy(segment: &str) -> bool {
    segment.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("b2c_1"))
}

/// Where a GUID stands whose first hyphen is at a place, unless it is the id of a request: one that stands behind a label that
/// says so, or in a list without spaces, as MSAL's telemetry is.
fn id_around(text: &str, hyphen: usize) -> Option<(usize, usize)> {
    const LABELS: [&str; 4] = ["correlation", "trace", "requestid", "session"];
    const LONGEST_LABEL: usize = 24;
    let start = hyphen.checked_sub(8)?;
    let end = start + 36;
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || b"-,|".contains(byte);
    let before = text.as_bytes().get(..start)?;
    if !Guid::is_one(text.get(start..end)?) || before.last().is_some_and(joins) {
        return None;
    }
    let letters = before.get(before.len().saturating_sub(LONGEST_LABEL)..)?.iter().filter(|byte| byte.is_ascii_alphabetic());
    let label: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    (!LABELS.iter().any(|name| label.contains(name))).then_some((start, end))
}

/// Where a tenant's domain stands whose first dot is at a place: one that Microsoft gave it, or any that is quoted behind the
/// word.
fn domain_around(text: &str, dot: usize) -> Option<(usize, usize)> {
    const LONGEST_LABEL: usize = 63;
    const LONGEST: usize = 253;
    let bytes = text.as_bytes();
    let is_of_label = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let first = bytes.get(dot.saturating_sub(LONGEST_LABEL)..dot)?.iter().rev().take_while(is_of_label).count();
    let start = dot - first;
    let is_microsofts = || bytes.get(dot + 1..dot + 13).is_some_and(|label| label.eq_ignore_ascii_case(b"onmicrosoft."));
    let is_quoted = || {
        let before = text.get(..start)?.strip_suffix(['\'', '"'])?.trim_end();
        Some(before.get(before.len().checked_sub(6)?..)?.eq_ignore_ascii_case("tenant"))
    };
    // Every other domain stands in sentences too.
    let is_of_directory = || {
        let rest = bytes.get(dot..)?.iter().take(LONGEST).take_while(|byte| is_of_label(byte) || **byte == b'.').count();
        text.get(dot + rest..).map(|behind| behind.starts_with(" directory"))
    };
    let names_tenant = || {
        let begins = |label: &[u8]| bytes.get(dot + 1..dot + 1 + label.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(label));
        if ![&b"sharepoint"[..], b"crm", b"api.crm", b"operations."].iter().any(|label| begins(label)) {
            return false;
        }
        let rest = bytes.get(dot..).unwrap_or_default().iter().take(LONGEST).take_while(|byte| is_of_label(byte) || **byte == b'.').count();
        text.get(start..dot + rest).is_some_and(|host| tenant_in_host(host.trim_end_matches('.')).is_some())
    };
    if first == 0 || !is_microsofts() && !is_quoted().unwrap_or_default() && !names_tenant() && !is_of_directory().unwrap_or_default() {
        return None;
    }
    let rest = bytes.get(dot..)?.iter().take(LONGEST).take_while(|byte| is_of_label(byte) || **byte == b'.').count();
    let domain = text.get(start..dot + rest)?.trim_end_matches('.');
    Some((start, start + domain.len()))
}
