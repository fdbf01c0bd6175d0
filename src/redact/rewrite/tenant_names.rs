//! The names for people that texts of the sign-in service give tenants and applications. Its wordings are few and fixed.

use super::Rewriter;
use super::spliced::Spliced;
use super::tenant::is_tenant;
use crate::entra::is_of_services;
use crate::redact::kind::Kind;
use crate::redact::placeholder;
use memchr::memmem;
use std::ops::Range;

/// What stands before the name of a tenant, and a quotation mark: `tenant 'Contoso'`, `the directory 'Contoso'`,
/// `your organization "Contoso"`.
const TENANTS: [&[u8]; 3] = [b"enant ", b"irectory ", b"rganization "];

/// The same of an application, behind its id or not: `'id' named 'Payroll'`, `Using application 'Payroll' is …`.
const APPLICATIONS: [&[u8]; 2] = [b"' named ", b"sing application "];

/// What stands before the name of a tenant that is not quoted, and what may follow the sentence.
const NAMED: &[u8] = b"enant named ";
const NEXT_SENTENCES: [&str; 5] = [". This ", ". Trace ID", ". Timestamp", ".\r", ".\n"];

/// What stands before the name of an application that its id follows: `the application Payroll ('id')`.
const APPLICATION: &str = "pplication ";

/// The longest name, in bytes.
const LONGEST: usize = 120;

impl Rewriter<'_> {
    /// A text without the names that it gives tenants and applications; `None` where it gives none.
    pub(super) fn without_names(&mut self, text: &str) -> Option<String> {
        let mut places: Vec<(Range<usize>, bool)> = Vec::new();
        for (labels, is_tenants) in [(&TENANTS[..], true), (&APPLICATIONS[..], false)] {
            for label in labels {
                let quoted = memmem::find_iter(text.as_bytes(), label).filter_map(|at| quoted(text, at + label.len()));
                places.extend(quoted.map(|place| (place, is_tenants)));
            }
        }
        let named = memmem::find_iter(text.as_bytes(), NAMED).filter_map(|at| sentence(text, at + NAMED.len()));
        places.extend(named.map(|place| (place, true)));
        places.sort_unstable_by_key(|(place, _)| place.start);
        let mut spliced = Spliced::new(text);
        for (place, is_tenants) in places {
            if place.start >= spliced.written() {
                self.put_name_of(is_tenants, text, place, &mut spliced);
            }
        }
        spliced.end()
    }

    /// Puts something in the place of a name. An application may be called as anything is, by one word: that is not sought.
    fn put_name_of<'t>(&mut self, is_tenants: bool, text: &'t str, place: Range<usize>, spliced: &mut Spliced<'t>) {
        let name = text.get(place.clone()).unwrap_or_default();
        let is_other = is_tenant(name) || is_of_services(name) || placeholder::is_one(name);
        if is_other || name.contains(['\n', '<', '@']) || name.contains("://") {
            return;
        }
        let kind = if is_tenants || name.contains(' ') { Kind::Tenant } else { Kind::Parameter };
        spliced.put(place, &self.vault.replace(kind, name));
    }

    /// Puts the name of the application whose id was replaced that stands before the id.
    pub(super) fn put_name_before<'t>(&mut self, text: &'t str, id: usize, spliced: &mut Spliced<'t>) {
        let Some(before) = text.get(spliced.written()..id).and_then(|before| before.strip_suffix("('")) else { return };
        let name = before.trim_end();
        let Some(start) = name.rfind(APPLICATION).map(|at| at + APPLICATION.len()) else { return };
        if name.len() > start && name.len() - start <= LONGEST {
            let from = spliced.written();
            self.put_name_of(false, text, from + start..from + name.len(), spliced);
        }
    }

    /// The same of one that stands behind the id: `'id'(Payroll)`.
    pub(super) fn put_name_behind<'t>(&mut self, text: &'t str, id: usize, spliced: &mut Spliced<'t>) {
        let Some(behind) = text.get(id..) else { return };
        let Some(inner) = behind.trim_start_matches('\'').trim_start_matches(' ').strip_prefix('(') else { return };
        let mut open = 1;
        let end = inner.char_indices().take(LONGEST).find(|(_, c)| {
            open += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            open == 0
        });
        if let Some((length, _)) = end.filter(|(length, _)| *length > 0) {
            let start = text.len() - inner.len();
            self.put_name_of(false, text, start..start + length, spliced);
        }
    }
}

/// Where a name stands that begins with a quotation mark, as it is written there.
fn quoted(text: &str, at: usize) -> Option<Range<usize>> {
    let (mark, rest) =
        ["'", "\"", "\\\"", "\\u0027", "&#39;", "&quot;"].into_iter().find_map(|mark| Some((mark, text.get(at..)?.strip_prefix(mark)?)))?;
    let start = at + mark.len();
    let length = rest.find(mark).filter(|length| (1..=LONGEST).contains(length))?;
    Some(start..start + length)
}

/// Where a name stands that is not quoted, and ends with its sentence. It may have full stops in it.
fn sentence(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let near = rest.get(..rest.char_indices().nth(LONGEST).map_or(rest.len(), |(end, _)| end))?;
    let end = NEXT_SENTENCES.iter().filter_map(|next| near.find(next)).min();
    let end =
        end.or_else(|| near.find(". ")).or_else(|| (near.len() == rest.len()).then(|| near.trim_end().trim_end_matches('.').len()))?;
    (end > 0).then_some(start..start + end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn hidden(text: &str) -> String {
        let options = Options { hide_tenant: true, ..Options::default() };
        let text = text.replace("ID", "379a2321-4f24-4e45-81e9-85f7b492cbfe");
        Rewriter::new(&Knowledge::builtin(), &options).prose(&text)
    }

    #[test]
    fn names_in_the_wordings_of_the_service() {
        for (text, expected) in [
            ("with 'ID' was not found in the directory 'Zen Vora'. This", "with 'ID2' was not found in the directory '¤1'. This"),
            ("in the tenant named St. Zen Vora Ltd. This can happen", "in the tenant named ¤1. This can happen"),
            ("in the tenant named Zen Vora.", "in the tenant named ¤1."),
            ("that your organization \"Zen Vora\" has not", "that your organization \"¤1\" has not"),
            ("does not exist in tenant 'Zen Vora' and", "does not exist in tenant '¤1' and"),
            ("with 'ID' named 'Zen Pay'.", "with 'ID2' named '¤1'."),
            ("Application 'ID'(Zen Pay (EU)) is not", "Application 'ID1'(¤2) is not"),
            ("Client app: ID(Zen Pay). Resource", "Client app: ID1(¤2). Resource"),
            ("configured the application Zen Pay ('ID') to block", "configured the application ¤2 ('ID1') to block"),
        ] {
            let number = |text: String, number: &str| {
                let id = format!("00000000-0000-4000-8017-00000000000{number}");
                text.replace(&format!("¤{number}"), &format!("redacted-tenant-{number}")).replace(&format!("ID{number}"), &id)
            };
            let expected = number(number(expected.to_owned(), "1"), "2");
            assert_eq!(hidden(text), expected);
            assert_eq!(hidden(&expected), expected);
        }
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in [
            "does not exist in tenant 'Microsoft Services' and",
            "the application 00000003-0000-0000-c000-000000000000(Microsoft Graph)",
            "no such directory '' and no tenant named",
        ] {
            assert_eq!(hidden(text), text);
        }
    }
}
