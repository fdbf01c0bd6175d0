//! JSON: members by their names, the grammar as it is.

use super::Rewriter;
use super::field::of_value;
use crate::entra::Guid;
use crate::redact::kind::{Kind, holds_key};
use crate::redact::names::{self, Meaning};
use serde_json::{Map, Number, Value};

/// How deep JSON is followed; what is deeper is left out.
const DEEPEST: usize = 64;

/// The largest number under a name that nobody knows: one-time codes, phone numbers and ids are larger.
const LARGEST_NUMBER: f64 = 99_999.0;

/// The largest number that is too short for a secret.
const LARGEST_SECRET: f64 = 999.0;

impl Rewriter<'_> {
    /// A text that is JSON; `None` where it is none.
    pub(super) fn json_text(&mut self, text: &str) -> Option<String> {
        let json: Value = serde_json::from_str(text).ok()?;
        Some(self.json_members(json).to_string())
    }

    /// Every member of a value by its name.
    pub(super) fn json_members(&mut self, json: Value) -> Value {
        self.json(json, Meaning::Unknown, DEEPEST)
    }

    fn json(&mut self, json: Value, meaning: Meaning, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1).filter(|_| !self.gives_up()) else { return Value::Null };
        match json {
            Value::String(text) => Value::String(self.meaning(meaning, &text)),
            Value::Number(number) if !stays(meaning) && self.is_too_large(meaning, &number) => {
                // Counted like any other value, so that it is sought elsewhere.
                let kind = match meaning {
                    Meaning::Secret(Kind::Code) if self.is_sent_number(&number.to_string()) => Kind::OneTimeCode,
                    Meaning::Secret(kind) => kind,
                    _ => Kind::Parameter,
                };
                Value::String(self.vault.replace(kind, &number.to_string()))
            }
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.json(item, meaning, depth)).collect()),
            Value::Object(members) => Value::Object(self.object(members, meaning, depth)),
            other => other,
        }
    }

    fn object(&mut self, members: Map<String, Value>, outer: Meaning, depth: usize) -> Map<String, Value> {
        let is_problem = is_problem(&members);
        let is_realm = is_realm(&members);
        let of_member = |name: &str, value: &Value| match value.as_str().map_or_else(|| names::of_field(name), |text| of_value(name, text))
        {
            Meaning::Unknown if is_problem && name == "title" => Meaning::Text,
            Meaning::Unknown if is_realm && OF_REALM.contains(&name) => Meaning::OfTenant,
            // A claims request names the value that it asks for of a claim (OpenID Connect Core §5.5.1).
            Meaning::Unknown if name == "value" || name == "values" => outer,
            meaning => meaning,
        };
        let context = self.context.unless_error(|| members.keys().map(String::as_str));
        self.in_context(context, |rewriter| {
            let mut out = Map::new();
            for (name, value) in members {
                let meaning = of_member(&name, &value);
                let value = rewriter.json(value, meaning, depth);
                out.insert(rewriter.name_of_member(name), value);
            }
            out
        })
    }

    /// The name of a member: it stays, unless it is a key.
    fn name_of_member(&mut self, name: String) -> String {
        // In a list of people's things each has the id of somebody for a name.
        if Guid::is_one(&name) {
            return self.vault.replace(Kind::Id, &name);
        }
        match name.len() < 200 && holds_key(&name) && !name.contains('.') {
            true => self.vault.replace(Kind::Opaque, &name),
            false => self.prose_of(name.into()).into_owned(),
        }
    }

    /// Whether a number may be more than an amount.
    fn is_too_large(&self, meaning: Meaning, number: &Number) -> bool {
        let is_sent = || meaning == Meaning::Secret(Kind::Code) && self.is_sent_number(&number.to_string());
        number.as_f64().is_none_or(|value| value.abs() > LARGEST_SECRET && is_sent() || value.abs() > largest(meaning))
    }

    /// The configuration object of a page: most of it are texts and addresses of the page, which are left out.
    pub(super) fn page_configuration(&mut self, json: Value) -> Value {
        self.configuration(json, DEEPEST)
    }

    /// What is left out may hold what stands elsewhere too.
    fn collect(&mut self, name: &str, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match (names::of_field(name), value) {
            (meaning, Value::String(_)) if meaning == Meaning::Url || meaning.says_little() => {}
            (meaning, Value::String(text)) => drop(self.meaning(meaning, text)),
            (_, Value::Array(items)) => items.iter().for_each(|item| self.collect(name, item, depth)),
            (_, Value::Object(members)) => members.iter().for_each(|(name, value)| self.collect(name, value, depth)),
            _ => {}
        }
    }

    /// Collects a value if its name leaves no doubt.
    pub(super) fn collect_member(&mut self, name: &str, value: &str) {
        if let Some(meaning) = certain(name, value) {
            self.meaning(meaning, value);
        }
    }

    fn configuration(&mut self, json: Value, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return Value::Null };
        match json {
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.configuration(item, depth)).collect()),
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, value) in members {
                    let Some(meaning) = names::of_page_field(&name) else {
                        self.collect(&name, &value, depth);
                        continue;
                    };
                    let value = match value {
                        Value::Array(_) | Value::Object(_) => self.configuration(value, depth),
                        scalar => self.json(scalar, meaning, depth),
                    };
                    out.insert(name, value);
                }
                Value::Object(out)
            }
            // An item of a list.
            scalar => self.json(scalar, Meaning::Unknown, depth),
        }
    }
}

/// Whether an object says what went wrong (RFC 9457 §3.1): its title is no page's.
fn is_problem(members: &Map<String, Value>) -> bool {
    let has = |name: &str| members.contains_key(name);
    has("title") && (has("detail") || has("status") && has("type"))
}

/// What the sign-in service says of a user's domain: that, and the name of whom it belongs to.
const OF_REALM: [&str; 3] = ["DomainName", "FederationBrandName", "domain_name"];

/// Whether an object says where the users of a domain sign in (`GetUserRealm`).
fn is_realm(members: &Map<String, Value>) -> bool {
    members.contains_key("NameSpaceType") || members.contains_key("account_type") && members.contains_key("domain_name")
}

/// The largest number that stays.
pub(super) fn largest(meaning: Meaning) -> f64 {
    match meaning {
        // The codes of errors stand under that name too.
        Meaning::Secret(Kind::Code) => LARGEST_NUMBER,
        Meaning::Secret(Kind::Password | Kind::OneTimeCode) => 0.0,
        // A short one may be all that somebody has to know.
        Meaning::Secret(_) | Meaning::Account | Meaning::Token => LARGEST_SECRET,
        _ => LARGEST_NUMBER,
    }
}

/// Adds the values of JSON whose names leave no doubt.
pub(super) fn add_certain(json: Value, found: &mut Vec<(Meaning, String)>) {
    // The parser follows no more than 128 levels.
    match json {
        Value::Array(items) => items.into_iter().for_each(|item| add_certain(item, found)),
        Value::Object(members) => {
            let names_one = || members.keys().any(|name| names::is_called(name, "displayname"));
            let is_of_nobody = names_one() && !names::tell_of_a_person(members.keys().map(String::as_str));
            for (name, value) in members {
                match value {
                    Value::String(_) if is_of_nobody && names::is_called(&name, "displayname") => {}
                    Value::String(text) => found.extend(certain(&name, &text).map(|meaning| (meaning, text))),
                    other => add_certain(other, found),
                }
            }
        }
        _ => {}
    }
}

/// What a value is, where its name leaves no doubt.
pub(super) fn certain(name: &str, value: &str) -> Option<Meaning> {
    Some(of_value(name, value)).filter(|meaning| is_certain(*meaning))
}

/// Whether a name tells that its value is a secret or a person, whoever uses it.
pub(super) fn is_certain(meaning: Meaning) -> bool {
    use Kind::{ClientSecret, CodeVerifier, Device, FlowToken, Name, OneTimeCode, Password, Phone};
    matches!(
        meaning,
        Meaning::Account
            | Meaning::Token
            | Meaning::Secret(Name | Password | OneTimeCode | ClientSecret | CodeVerifier | FlowToken | Phone | Device)
    )
}

/// Whether a number under a name stays, however large it is.
pub(super) fn stays(meaning: Meaning) -> bool {
    use Meaning::{Complaint, Keep, KeepId, Moment, Products, Protocol, Text, Versions, Word};
    matches!(meaning, Keep | Protocol | Word | Moment | Complaint | Versions | Products | KeepId | Text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn json(text: &str) -> String {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).json_text(text).unwrap()
    }

    #[test]
    fn members_by_name() {
        assert_eq!(
            json(
                r#"{"token_type":"Bearer","expires_in":3599,"refresh_token":"0.AbCd","odd":"word","phone":4930123456,"list":[{"upn":"a@b.example"}]}"#
            ),
            r#"{"token_type":"Bearer","expires_in":3599,"refresh_token":"redacted-token-1","odd":"redacted-parameter-1","phone":"redacted-phone-1","list":[{"upn":"account-1@b.example"}]}"#
        );
    }

    #[test]
    fn what_is_too_deep_is_left_out() {
        let deep = |depth: usize| "{\"list\":".repeat(depth) + "true" + &"}".repeat(depth);
        assert!(json(&deep(DEEPEST - 1)).contains("true"));
        assert!(!json(&deep(DEEPEST)).contains("true"));
        // One text in another, each of them percent-encoded.
        let nested = (0..DEEPEST).fold("ada%40contoso.example".to_owned(), |text, _| format!("a=https://app.example/?b=\"{text}\""));
        assert!(!Rewriter::new(&Knowledge::builtin(), &Options::default()).prose(&nested).contains("ada"));
    }

    #[test]
    fn a_claims_request_stays() {
        let request = r#"{"access_token":{"nbf":{"essential":true,"value":"1795177519"},"acrs":{"essential":true,"values":["urn:x:c1"]}}}"#;
        assert_eq!(json(request), request);
        assert_eq!(json(r#"{"id_token":{"sub":{"value":"abcdef123"}}}"#), r#"{"id_token":{"sub":{"value":"redacted-id-1"}}}"#);
    }
}
