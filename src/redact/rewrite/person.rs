//! A person's address with what else stands there: `Ada Lovelace <ada@contoso.example>`.

use super::Rewriter;
use super::prose::is_letter;
use crate::redact::kind::Kind;
use crate::redact::placeholder;

/// What directories and mail servers write before an address, in small letters.
const PREFIXES: [&str; 9] =
    ["mailto:", "smtp:", "sip:", "live.com#", "upn:", "ext#", "i:0#.f|membership|", "i:0h.f|membership|", "i:05.t|"];

/// What stands between the addresses of a list, and around one behind a name (RFC 5322 §3.4).
const MARKS: [char; 13] = [' ', ',', ';', '<', '>', '(', ')', '[', ']', '"', '\'', '\n', '\t'];

/// The longest value that is taken apart, in bytes.
const LONGEST: usize = 4096;

impl Rewriter<'_> {
    /// A value in which addresses of people stand: these and nothing else, but for names, of which the letters are replaced.
    /// `None` where there is no address.
    pub(super) fn address_with_name(&mut self, value: &str) -> Option<String> {
        if value.len() > LONGEST {
            return None;
        }
        // A record of a person's, with whatever is in it.
        if value.starts_with(['{', '['])
            && let Some(json) = self.json_text(value)
        {
            return Some(json);
        }
        let mut out = String::with_capacity(value.len());
        // What stands before an address: a name, of several words maybe.
        let mut name = String::new();
        let mut is_found = false;
        for part in value.split_inclusive(MARKS) {
            let word = part.trim_end_matches(MARKS);
            match self.one_address(word) {
                Some(address) => {
                    is_found = true;
                    self.put_name(&name, &mut out);
                    name.clear();
                    out.push_str(&address);
                    name.push_str(part.get(word.len()..).unwrap_or_default());
                }
                None => name.push_str(part),
            }
        }
        self.put_name(&name, &mut out);
        is_found.then_some(out)
    }

    /// A word that is an address, with what directories write before it; `None` for any other.
    fn one_address(&mut self, word: &str) -> Option<String> {
        let (prefix, address) = word.split_at(prefix_length(word));
        if !address.contains('@') {
            return None;
        }
        let changed = if placeholder::is_one(address) { self.vault.replace(Kind::Account, address) } else { self.prose(address) };
        let is_domain = |(_, domain): (&str, &str)| domain.chars().all(|c| is_letter(c) || c == '.' || c == '-');
        (placeholder::is_one(&changed) && changed.split_once('@').is_some_and(is_domain)).then(|| format!("{prefix}{changed}"))
    }

    /// Adds what stands between addresses: of a name the letters are replaced, and the marks around it stay.
    fn put_name(&mut self, text: &str, out: &mut String) {
        let name = text.trim_matches(MARKS);
        let start = text.len() - text.trim_start_matches(MARKS).len();
        if name.is_empty() {
            out.push_str(text);
            return;
        }
        let behind = text.get(start + name.len()..).unwrap_or_default();
        // One that was opened within the name.
        let behind = if name.contains('(') { behind.strip_prefix(')').unwrap_or(behind) } else { behind };
        out.extend([text.get(..start).unwrap_or_default(), &self.vault.replace(Kind::Name, name), behind]);
    }
}

/// How long what stands before the address is, as far as it says nothing of anybody.
fn prefix_length(word: &str) -> usize {
    let begins = |prefix: &&&str| word.get(..prefix.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(prefix));
    PREFIXES.iter().find(begins).map_or(0, |prefix| prefix.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn account(value: &str) -> String {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).account(value)
    }

    #[test]
    fn of_a_name_around_the_address_nothing_stays() {
        for (value, expected) in [
            ("ada@contoso.example", "account-1@contoso.example"),
            ("live.com#ada@contoso.example", "live.com#account-1@contoso.example"),
            ("SMTP:ada@contoso.example;zoe@contoso.example", "SMTP:account-1@contoso.example;account-2@contoso.example"),
            ("Ada Lovelace <ada@contoso.example>", "redacted-name-1 <account-1@contoso.example>"),
            ("\"Lovelace, Ada\" <ada@contoso.example>", "\"redacted-name-1\" <account-1@contoso.example>"),
            ("Lovelace, Ada (EXT, Engines) <ada@contoso.example>", "redacted-name-1 <account-1@contoso.example>"),
            ("ada@contoso.example (Ada Lovelace)", "account-1@contoso.example (redacted-name-1)"),
            ("ada@contoso.example|Lovelace", "redacted-login-hint-1"),
            (r#"{"key":"x1y2z3","email":"ada@contoso.example"}"#, r#"{"key":"redacted-parameter-1","email":"account-1@contoso.example"}"#),
        ] {
            assert_eq!(account(value), expected, "{value}");
            assert_eq!(account(expected), expected);
        }
    }
}
