//! What an API does not like about a token, read off its own words.
//!
//! APIs have no common codes. The .NET identity libraries number their validations (`IDX10214`), Azure Resource Manager and
//! Microsoft Graph name theirs in `error.code`; where such a name stands, it alone tells. All else is prose, in which the
//! nouns are no evidence by themselves (“Valid Issuer: 'True'”): only what is refused in the same breath is.

use crate::capture::parse_xml;
use serde_json::Value;

/// What an API does not like about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Complaint {
    /// The issuer.
    Issuer,
    /// The audience.
    Audience,
    /// It has expired, or is not valid yet.
    Lifetime,
    /// The signature or key.
    Signature,
    /// A scope or role is missing.
    Scope,
}

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComplaintPlace {
    /// In the challenge.
    Challenge,
    /// In the one sentence that is all of the body.
    Sentence,
    /// In a member of the error that the body holds in JSON: its part of the exchange.
    Member(&'static str),
    /// In an element of the error that the body holds in XML: its part of the exchange.
    Element(&'static str),
}

impl ComplaintPlace {
    /// The part of the exchange.
    pub fn part(self) -> &'static str {
        match self {
            Self::Challenge => "response.header.www-authenticate",
            Self::Sentence => "response.body",
            Self::Member(part) | Self::Element(part) => part,
        }
    }
}

impl Complaint {
    /// The same in our words.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Issuer => "complains about the issuer",
            Self::Audience => "complains about the audience",
            Self::Lifetime => "complains about the lifetime",
            Self::Signature => "complains about the signature",
            Self::Scope => "misses a permission",
        }
    }

    /// What the one sentence of a body complains of, in fixed words that are read the same.
    pub(super) fn in_fixed_words(body: &str) -> Option<String> {
        let (complaint, _) = Self::in_body(body).filter(|(_, place)| *place == ComplaintPlace::Sentence)?;
        Some(complaint.in_words_of(body))
    }

    /// The same of an error in XML, as one that is read the same.
    pub(super) fn in_fixed_xml(body: &str) -> Option<String> {
        let body = body.trim();
        let (complaint, Place { pointer: element, .. }) = in_xml(body).filter(|_| body.starts_with('<'))?;
        Some(format!("<Error><{element}>{}</{element}></Error>", complaint.in_words_of(body)))
    }

    /// The number of the validation that a text names, or our words for it.
    fn in_words_of(self, body: &str) -> String {
        let numbers = body.match_indices("IDX").filter_map(|(at, _)| body.get(at..at + 8));
        let number = numbers.into_iter().find(|number| number.get(3..).and_then(of_idx) == Some(self));
        let words = match self {
            Self::Issuer => "the issuer is invalid",
            Self::Audience => "the audience is invalid",
            Self::Lifetime => "the token has expired",
            Self::Signature => "the signature is invalid",
            Self::Scope => "insufficient scope",
        };
        number.unwrap_or(words).to_owned()
    }

    /// What a sentence complains of; `None` where it complains of nothing that is known, or of several things.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        let mut numbered = text.match_indices("IDX").filter_map(|(at, _)| text.get(at + 3..at + 8)).peekable();
        let names_a_number = numbered.peek().is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if names_a_number { only_one(numbered.filter_map(of_idx)) } else { in_prose(text) }
    }

    /// What the body of a refusal complains of, with its part: the error members of Microsoft's APIs, those of OAuth 2.0
    /// (RFC 6750) and of problem details (RFC 9457), the elements of Azure Storage and Service Bus, and the one sentence of an
    /// API that sends nothing else.
    pub(super) fn in_body(body: &str) -> Option<(Self, ComplaintPlace)> {
        let trimmed = body.trim_start_matches('\u{FEFF}').trim();
        if trimmed.starts_with('<') {
            return in_xml(trimmed).map(|(complaint, place)| (complaint, ComplaintPlace::Element(place.part)));
        }
        if !trimmed.starts_with('{') {
            let is_sentence = !trimmed.starts_with('[') && trimmed.len() <= LONGEST_SENTENCE;
            return is_sentence.then(|| Self::in_text(trimmed)).flatten().map(|complaint| (complaint, ComplaintPlace::Sentence));
        }
        let json: Value = serde_json::from_str(trimmed).ok()?;
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str);
        let codes = CODES.iter().filter_map(|place| Some((of_code(text(place.pointer)?)?, place.part)));
        let sentences = SENTENCES.iter().filter_map(|place| Some((Self::in_text(text(place.pointer)?)?, place.part)));
        let told: Vec<_> = codes.collect();
        let told = if told.is_empty() { sentences.collect() } else { told };
        let complaint = only_one(told.iter().map(|(complaint, _)| *complaint))?;
        Some((complaint, ComplaintPlace::Member(told.first()?.1)))
    }
}

/// The longest body, in bytes, that is read as one sentence.
const LONGEST_SENTENCE: usize = 2048;

/// A member of an error reply.
struct Place {
    pointer: &'static str,
    part: &'static str,
}

const fn place(pointer: &'static str, part: &'static str) -> Place {
    Place { pointer, part }
}

const CODES: &[Place] = &[
    place("/error/code", "response.body.error.code"),
    place("/odata.error/code", "response.body.odata.error.code"),
    place("/error", "response.body.error"),
    place("/code", "response.body.code"),
];

const SENTENCES: &[Place] = &[
    place("/error/message", "response.body.error.message"),
    place("/odata.error/message/value", "response.body.odata.error.message"),
    place("/error_description", "response.body.error_description"),
    place("/error", "response.body.error"),
    place("/detail", "response.body.detail"),
    place("/title", "response.body.title"),
    place("/message", "response.body.message"),
    place("/Message", "response.body.Message"),
];

/// The elements of an error in XML that say it, the plainest first: a message tells every refusal in the same sentence.
const ELEMENTS: &[Place] = &[
    place("AuthenticationErrorDetail", "response.body.Error.AuthenticationErrorDetail"),
    place("Detail", "response.body.Error.Detail"),
    place("Message", "response.body.Error.Message"),
];

/// How many nodes an error in XML may have.
const MOST_NODES: u32 = 64;

/// What an error in XML complains of: `<Error><Code>…</Code><Message>…</Message><AuthenticationErrorDetail>…`.
fn in_xml(body: &str) -> Option<(Complaint, &'static Place)> {
    if body.len() > LONGEST_SENTENCE {
        return None;
    }
    let document = parse_xml(body, MOST_NODES)?;
    let error = Some(document.root_element()).filter(|root| root.tag_name().name() == "Error")?;
    let text = |name: &str| error.children().find(|child| child.tag_name().name() == name)?.text();
    ELEMENTS.iter().find_map(|place| Some((Complaint::in_text(text(place.pointer)?)?, place)))
}

/// The complaint, where it is one alone.
fn only_one(mut complaints: impl Iterator<Item = Complaint>) -> Option<Complaint> {
    let first = complaints.next()?;
    complaints.all(|other| other == first).then_some(first)
}

/// The validations of Microsoft.IdentityModel by their numbers; those of the API's own settings say nothing of the token.
fn of_idx(number: &str) -> Option<Complaint> {
    match number.parse::<u32>().ok()? {
        10205 | 10211 | 40001 => Some(Complaint::Issuer),
        10206 | 10214 => Some(Complaint::Audience),
        10222..=10225 => Some(Complaint::Lifetime),
        10500..=10518 => Some(Complaint::Signature),
        _ => None,
    }
}

/// `error.code` of Azure Resource Manager and Microsoft Graph, and `error` of RFC 6750.
fn of_code(code: &str) -> Option<Complaint> {
    match code {
        "InvalidAuthenticationTokenTenant" => Some(Complaint::Issuer),
        "InvalidAuthenticationTokenAudience" => Some(Complaint::Audience),
        "ExpiredAuthenticationToken" => Some(Complaint::Lifetime),
        "Authorization_RequestDenied" | "insufficient_scope" => Some(Complaint::Scope),
        _ => None,
    }
}

const NOUNS: &[(Complaint, &[&str])] = &[
    (Complaint::Issuer, &["issuer", "iss", "tenant", "tid"]),
    (Complaint::Audience, &["audience", "audiences", "aud"]),
    (Complaint::Lifetime, &["lifetime", "exp", "nbf", "expiration", "expiry"]),
    (Complaint::Signature, &["signature", "signing"]),
    (Complaint::Scope, &["scope", "scopes", "scp", "role", "roles", "permission", "permissions", "privilege", "privileges"]),
];

/// What may stand between a noun and what is said of it.
const BETWEEN: &[&str] = &[
    "a",
    "access",
    "an",
    "and",
    "are",
    "be",
    "been",
    "bearer",
    "check",
    "claim",
    "claims",
    "could",
    "did",
    "do",
    "does",
    "has",
    "have",
    "in",
    "is",
    "jwt",
    "key",
    "keys",
    "of",
    "or",
    "required",
    "security",
    "the",
    "this",
    "time",
    "timestamp",
    "token",
    "tokens",
    "utc",
    "validation",
    "value",
    "values",
    "verification",
    "was",
    "were",
    "your",
];

/// What may stand between a refusal and the noun behind it.
const BEFORE: &[&str] =
    &["a", "access", "an", "any", "bearer", "claim", "json", "jwt", "of", "or", "required", "security", "the", "this", "token", "your"];

const REFUSALS: &[&str] = &[
    "bad",
    "failed",
    "failure",
    "incorrect",
    "invalid",
    "mismatch",
    "mismatched",
    "rejected",
    "unacceptable",
    "unexpected",
    "unknown",
    "unrecognized",
    "untrusted",
    "wrong",
];

/// What is refused where it is denied.
const AFFIRMATIONS: &[&str] = &[
    "accepted",
    "allowed",
    "authorized",
    "expected",
    "found",
    "known",
    "match",
    "permitted",
    "recognized",
    "supported",
    "trusted",
    "valid",
    "validated",
    "verified",
];

const DENIALS: &[&str] = &["not", "cannot", "isn't", "wasn't", "doesn't", "didn't", "couldn't", "can't"];

/// What is said of permissions alone.
const LACKS: &[&str] = &["insufficient", "lack", "lacking", "lacks", "missing", "without"];

/// Sentences that take the refusal and its noun apart, lower case: Spring Cloud Azure.
const FIXED: &[(Complaint, &str)] = &[(Complaint::Issuer, "is not registered in trusted issuer repository")];

fn in_prose(text: &str) -> Option<Complaint> {
    let lower = without_quotations(text).to_ascii_lowercase();
    if let Some((complaint, _)) = FIXED.iter().find(|(_, sentence)| lower.contains(sentence)) {
        return Some(*complaint);
    }
    let found = clauses(&lower).flat_map(|clause| in_clause(&clause));
    only_one(found.collect::<Vec<_>>().into_iter())
}

/// What a clause complains of.
fn in_clause(words: &[&str]) -> Vec<Complaint> {
    let mut found = Vec::new();
    // Nouns that stand together have the same behind them, which is looked for once: there is no end to what a clause may hold.
    let mut end = 0;
    let mut said = None;
    for (at, word) in words.iter().enumerate() {
        let behind = words.get(at + 1..).unwrap_or_default();
        if at >= end {
            end = at + 1 + behind.iter().take_while(|word| is_between(word)).count();
            said = words.get(end..).and_then(Said::by);
        }
        found.extend(noun(word).filter(|complaint| said.is_some_and(|said| said.refuses(*complaint))));
        let refusal = if REFUSALS.contains(word) {
            Some(behind)
        } else if DENIALS.contains(word) {
            denied(behind)
        } else {
            None
        };
        let lacks = LACKS.contains(word).then_some(behind);
        found.extend(refusal.into_iter().flat_map(nouns_behind));
        found.extend(lacks.into_iter().flat_map(nouns_behind).filter(|complaint| *complaint == Complaint::Scope));
    }
    if is_not_in_its_time(words) {
        found.push(Complaint::Lifetime);
    }
    found
}

fn noun(word: &str) -> Option<Complaint> {
    NOUNS.iter().find(|(_, nouns)| nouns.contains(&word)).map(|(complaint, _)| *complaint)
}

/// What is said of the nouns before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// They are refused.
    Refused,
    /// They are missing, which is said of permissions alone.
    Lacking,
    /// They are too early, which is said of times alone.
    Earlier,
}

impl Said {
    /// What the first of some words says, or it and what it denies.
    fn by(words: &[&str]) -> Option<Self> {
        let (word, behind) = words.split_first()?;
        match *word {
            "earlier" => Some(Self::Earlier),
            word if REFUSALS.contains(&word) => Some(Self::Refused),
            word if LACKS.contains(&word) => Some(Self::Lacking),
            word if DENIALS.contains(&word) => denied(behind).map(|_| Self::Refused),
            _ => None,
        }
    }

    fn refuses(self, complaint: Complaint) -> bool {
        match self {
            Self::Refused => true,
            Self::Lacking => complaint == Complaint::Scope,
            Self::Earlier => complaint == Complaint::Lifetime,
        }
    }
}

/// What may stand between a noun and what is said of it: other nouns too.
fn is_between(word: &str) -> bool {
    BETWEEN.contains(&word) || noun(word).is_some() || is_value(word)
}

/// What stands behind a denial and what it denies.
fn denied<'a, 't>(behind: &'a [&'t str]) -> Option<&'a [&'t str]> {
    let at = behind.iter().position(|word| !BETWEEN.contains(word))?;
    AFFIRMATIONS.contains(behind.get(at)?).then(|| behind.get(at + 1..)).flatten()
}

fn nouns_behind<'a>(behind: &'a [&str]) -> impl Iterator<Item = Complaint> + use<'a> {
    behind.iter().take_while(|word| BEFORE.contains(word) || noun(word).is_some()).filter_map(|word| noun(word))
}

/// Whether a clause says that a token has expired or is not valid yet. One that counts up what may be wrong says nothing.
fn is_not_in_its_time(words: &[&str]) -> bool {
    let has = |wanted: &str| words.contains(&wanted);
    let is_of_token = ["token", "jwt", "signature", "assertion"].iter().any(|noun| has(noun));
    let denies = DENIALS.iter().any(|denial| has(denial));
    let yet = denies && has("yet") && (has("valid") || has("active"));
    let before = denies && has("valid") && has("before");
    let inactive = has("jwt") && denies && has("active");
    let counts_up = has("or") && ["invalid", "malformed", "missing", "revoked"].iter().any(|word| has(word));
    is_of_token && !counts_up && (yet || before || inactive || (has("expired") && !denies))
}

/// Whether a word is what somebody's token or API has in it: an id, an address.
fn is_value(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'/' | b'.' | b'@'))
}

/// The text without what stands in quotation marks: values, in which any word may stand. What is nothing but a noun stays.
fn without_quotations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut quoted = String::new();
    let mut before = ' ';
    // Headers escape quotation marks.
    for c in text.chars().filter(|c| *c != '\\') {
        match quote {
            Some(end) if c == end => {
                quote = None;
                if noun(&quoted.to_ascii_lowercase()).is_some() {
                    out.push_str(&quoted);
                }
                quoted.clear();
            }
            Some(_) => quoted.push(c),
            // Within a word it is an apostrophe.
            None if matches!(c, '\'' | '"' | '`' | '“' | '‘') && !before.is_alphanumeric() => {
                quote = Some(match c {
                    '“' => '”',
                    '‘' => '’',
                    c => c,
                });
                out.push(' ');
            }
            None => out.push(c),
        }
        before = c;
    }
    out
}

/// The words of each clause.
fn clauses(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let ends = |word: &str| word.ends_with(['.', ';', ':', ',', '!', '?', ')']);
    let mut words = text.split_whitespace().peekable();
    std::iter::from_fn(move || {
        words.peek()?;
        let mut clause = Vec::new();
        for word in words.by_ref() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if !bare.is_empty() {
                clause.push(bare);
            }
            if ends(word) {
                break;
            }
        }
        Some(clause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, complaint: Option<Complaint>) {
        assert_eq!(Complaint::in_text(text), complaint, "{text}");
    }

    #[test]
    fn a_number_tells_alone() {
        for (text, complaint) in [
            (
                "IDX10516: Signature validation failed. Unable to match key. Valid Lifetime: 'True'. Valid Issuer: 'True'",
                Complaint::Signature,
            ),
            ("IDX10205: Issuer validation failed. Issuer: 'x'. Did not match the audience", Complaint::Issuer),
            ("IDX10214: Audience validation failed. Audiences: 'x'.", Complaint::Audience),
            ("IDX10223: Lifetime validation failed. The token is expired.", Complaint::Lifetime),
            ("IDX10501: x, IDX10503: y", Complaint::Signature),
        ] {
            reads(text, Some(complaint));
        }
        reads("IDX20803: Unable to obtain configuration of the wrong issuer", None);
        reads("IDX10205: Issuer validation failed. IDX10214: Audience validation failed.", None);
    }

    #[test]
    fn what_is_refused_beside_its_noun_is_complained_of() {
        for (text, complaint) in [
            ("The issuer 'https://sts.windows.net/x/' is invalid", Complaint::Issuer),
            ("The iss claim is not valid", Complaint::Issuer),
            ("jwt issuer invalid. expected: https://x.example/tenant", Complaint::Issuer),
            ("The access token is from the wrong issuer. It must match the tenant of this subscription.", Complaint::Issuer),
            ("Tenant 9a1b is not allowed", Complaint::Issuer),
            (
                "The issuer: 'https://x.example/' is not registered in trusted issuer repository, so cannot create JWSKeySelector.",
                Complaint::Issuer,
            ),
            ("Invalid Issuer (iss) claim: https://sts.example/9188", Complaint::Issuer),
            ("The token's issuer does not match the issuer expected", Complaint::Issuer),
            ("The audience 'api://other' is invalid for tenant x", Complaint::Audience),
            ("jwt audience invalid. expected: api://x", Complaint::Audience),
            ("Access token validation failure. Invalid audience.", Complaint::Audience),
            ("The aud claim is not valid", Complaint::Audience),
            (r#"unexpected "aud" claim value"#, Complaint::Audience),
            ("The token is expired; issued by issuer https://x.example", Complaint::Lifetime),
            ("The token expired at '11/20/2026 10:00:00'", Complaint::Lifetime),
            ("Lifetime validation failed, the token is expired.", Complaint::Lifetime),
            ("Access token has expired or is not yet valid.", Complaint::Lifetime),
            ("The token is not valid before '11/20/2026'", Complaint::Lifetime),
            ("jwt not active", Complaint::Lifetime),
            ("Signature has expired", Complaint::Lifetime),
            ("The access token expiry UTC time '1' is earlier than current UTC time '2'.", Complaint::Lifetime),
            ("The signature key was not found", Complaint::Signature),
            ("Signed JWT rejected: Invalid signature", Complaint::Signature),
            ("Signature verification failed", Complaint::Signature),
            ("Insufficient privileges to complete the operation.", Complaint::Scope),
            ("The token lacks the role Tenant.Read.All", Complaint::Scope),
            ("Missing required scope", Complaint::Scope),
        ] {
            reads(text, Some(complaint));
        }
    }

    #[test]
    fn a_noun_alone_is_no_complaint_and_two_are_none() {
        for text in [
            "",
            "Unable to retrieve signing keys from issuer metadata",
            "Tenant subscription 12 is not active",
            "Missing header X-Tenant",
            "Valid Issuer: 'True'. Valid Lifetime: 'True'",
            "The issuer or audience is invalid",
            "The audience 'x' is invalid; The issuer 'y' is invalid",
            "The token is invalid or has expired",
            "The session expired",
            "The application is not registered in tenant x",
            "The token has not expired",
            "Unauthorized",
            "'the issuer is invalid'",
            "\"",
        ] {
            reads(text, None);
        }
    }

    #[test]
    fn bodies_are_read_by_their_error_members() {
        for (body, expected) in [
            (
                r#"{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}"#,
                Some((Complaint::Lifetime, ComplaintPlace::Member("response.body.error.message"))),
            ),
            (
                r#"{"error":{"code":"InvalidAuthenticationTokenTenant","message":"The audience is invalid"}}"#,
                Some((Complaint::Issuer, ComplaintPlace::Member("response.body.error.code"))),
            ),
            (
                r#"{"type":"about:blank","title":"Unauthorized","detail":"IDX10214: Audience validation failed."}"#,
                Some((Complaint::Audience, ComplaintPlace::Member("response.body.detail"))),
            ),
            (
                r#"{"error":"invalid_token","error_description":"The issuer is invalid"}"#,
                Some((Complaint::Issuer, ComplaintPlace::Member("response.body.error_description"))),
            ),
            (
                r#"{"message":"jwt audience invalid. expected: api://x"}"#,
                Some((Complaint::Audience, ComplaintPlace::Member("response.body.message"))),
            ),
            ("IDX10214: Audience validation failed.", Some((Complaint::Audience, ComplaintPlace::Sentence))),
            (r#"{"title":"Invalid issuer","detail":"Invalid audience"}"#, None),
            (r#"{"items":[{"message":"The issuer is invalid"}]}"#, None),
            ("<p>The issuer is invalid</p>", None),
            (
                "<?xml version=\"1.0\"?><Error><Code>InvalidAuthenticationInfo</Code><Message>Server failed to authenticate the request. \
                 Make sure the value of Authorization header is formed correctly including the signature.</Message>\
                 <AuthenticationErrorDetail>Audience validation failed. Audience did not match.</AuthenticationErrorDetail></Error>",
                Some((Complaint::Audience, ComplaintPlace::Element("response.body.Error.AuthenticationErrorDetail"))),
            ),
            (
                "<Error><Code>401</Code><Detail>InvalidIssuer: Token issuer is invalid. TrackingId:x</Detail></Error>",
                Some((Complaint::Issuer, ComplaintPlace::Element("response.body.Error.Detail"))),
            ),
            ("<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message></Error>", None),
            ("<Issues><Detail>The issuer is invalid</Detail></Issues>", None),
            ("{", None),
        ] {
            assert_eq!(Complaint::in_body(body), expected, "{body}");
        }
    }
}
