//! Puts together what the program knows by itself and what its user adds.

use super::model::{SUBJECTS, no_code};
use super::near::nearest;
use super::source::{Files, Mistake};
use super::table::{Shelf, Table};
use super::{Fix, Knowledge};
use crate::checks;
use crate::entra::{ErrorCode, Guid};
use std::path::Path;

/// How many names are suggested where one is not known.
const SUGGESTED: usize = 3;

/// The files beside this one, as the build script leaves them.
const CODES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/codes.table")));
const SYMPTOMS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/symptoms.table")));
const CAUSES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/causes.table")));
const APPS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/apps.table")));
const NAMED: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/named.table")));
const FAMILIES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/families.table")));
const WEIGHED: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/weighed.table")));
const WORDS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/words.table")));

/// Whether a word, in lower case, stands in what the program's own files say: sign-in traffic and its errors are written
/// in such words.
pub(crate) fn is_word_of_sign_in(word: &str) -> bool {
    WORDS.has(word)
}

impl Knowledge {
    /// What the program knows by itself. Entries are decoded when they are asked for, so this costs nothing.
    #[must_use]
    pub fn builtin() -> Self {
        Self {
            codes: Shelf::of(CODES),
            symptoms: Shelf::of(SYMPTOMS),
            causes: Shelf::of(CAUSES),
            apps: Shelf::of(APPS),
            named: Shelf::of(NAMED),
            weighed: Shelf::of(WEIGHED),
            families: Shelf::of(FAMILIES),
        }
    }

    /// Adds what the files of a folder say. An entry that is known already is replaced as a whole.
    ///
    /// # Errors
    /// When something in them is wrong; nothing is added then.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), Mistake> {
        let files = Files::read(folder)?;
        if files.is_empty() {
            let problem = "holds no file that ends in .toml".to_owned();
            return Err(Mistake { file: folder.display().to_string(), place: None, problem });
        }
        self.add(files)
    }

    fn add(&mut self, files: Files) -> Result<(), Mistake> {
        files.check(|cause| self.causes.has(cause))?;
        self.check_names(&files)?;
        files.codes.into_iter().for_each(|(key, code)| self.codes.put(key, code.entry));
        files.symptoms.into_iter().for_each(|(key, symptom)| self.symptoms.put(key, symptom.entry));
        files.causes.into_iter().for_each(|(key, cause)| self.causes.put(key, cause.entry));
        files.apps.into_iter().for_each(|(key, app)| self.apps.put(key, app.entry));
        Ok(())
    }

    /// Whether codes, symptoms, claims and applications are what the program can meet.
    fn check_names(&self, files: &Files) -> Result<(), Mistake> {
        for (name, code) in &files.codes {
            for written in std::iter::once(name).chain(&code.entry.echoes) {
                if ErrorCode::parse_exactly(written).is_none() {
                    return Err(files.mistake(code, written, no_code(written)));
                }
            }
        }
        for (id, symptom) in &files.symptoms {
            if !self.symptoms.has(id) {
                let problem = format!("no failure without a code is called {id}{}", or_one_of(id, self.symptoms.keys()));
                return Err(files.mistake(symptom, id, problem));
            }
        }
        for cause in files.causes.values() {
            if let Some(claim) = cause.entry.fixes.iter().flat_map(Fix::claims).find(|claim| !is_claim(claim)) {
                let problem = format!("no check publishes the claim {claim}{}", or_one_of(claim, claims()));
                return Err(files.mistake(cause, claim, problem));
            }
            if let Some(subject) = cause.entry.about.iter().find(|subject| !SUBJECTS.contains(&subject.as_str())) {
                let problem = format!("no comparison tells {subject} apart{}", or_one_of(subject, SUBJECTS.into_iter()));
                return Err(files.mistake(cause, subject, problem));
            }
            for rule in &cause.entry.rules {
                if rule.claims().next().is_none() {
                    let problem = format!("{} has a rule without a condition", cause.entry.id);
                    return Err(files.mistake(cause, "[[cause.rule]]", problem));
                }
                if let Some(claim) = rule.claims().find(|claim| !is_claim(claim)) {
                    let problem = format!("no check publishes the claim {claim}{}", or_one_of(claim, claims()));
                    return Err(files.mistake(cause, claim, problem));
                }
            }
        }
        match files.apps.iter().find(|(id, _)| Guid::parse(id).is_none()) {
            Some((id, app)) => Err(files.mistake(app, id, format!("{id} is no application id"))),
            None => Ok(()),
        }
    }
}

fn claims() -> impl Iterator<Item = &'static str> {
    checks::ALL.iter().flat_map(|check| check.claims).map(|claim| claim.name)
}

fn is_claim(name: &str) -> bool {
    claims().any(|claim| claim == name)
}

fn or_one_of<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    match nearest(written, names, SUGGESTED).as_slice() {
        [] => String::new(),
        near => format!("; is {} meant?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Excuse, Said};
    use super::*;
    use std::collections::BTreeSet;

    fn added(text: &str) -> Result<Knowledge, String> {
        let mut files = Files::default();
        let mut knowledge = Knowledge::builtin();
        let outcome = files.add("own.toml".to_owned(), text.to_owned()).and_then(|()| knowledge.add(files));
        outcome.map(|()| knowledge).map_err(|mistake| mistake.to_string())
    }

    const CODE: &str =
        "[[code]]\ncode = \"AADSTS50058\"\ntitle = \"Own\"\nmeaning = \"Own words.\"\nseverity = \"info\"\nnext = \"Nothing.\"\n";
    const FIX: &str = "[[code.fix]]\nwho = \"admin\"\ndo = \"Nothing.\"\n";

    #[test]
    fn every_builtin_entry_can_be_decoded() {
        let knowledge = Knowledge::builtin();
        assert_eq!(knowledge.codes().count(), knowledge.codes.keys().count());
        assert_eq!(knowledge.causes().count(), knowledge.causes.keys().count());
        assert_eq!(knowledge.symptoms().count(), knowledge.symptoms.keys().count());
        assert_eq!(knowledge.apps.iter().count(), knowledge.apps.keys().count());
        assert!(knowledge.codes().count() > 600 && knowledge.apps.iter().count() > 50);
    }

    #[test]
    fn the_files_name_what_exists() {
        let files = Files::read(Path::new("src/knowledge")).unwrap();
        files.check(|_| false).unwrap();
        Knowledge::builtin().check_names(&files).unwrap();
    }

    #[test]
    fn every_cause_belongs_to_a_code() {
        let knowledge = Knowledge::builtin();
        let of_codes = knowledge.codes().flat_map(|code| &code.causes);
        let of_symptoms = knowledge.symptoms().flat_map(|symptom| &symptom.causes);
        let used: BTreeSet<&str> = of_codes.chain(of_symptoms).map(String::as_str).collect();
        for cause in knowledge.causes() {
            assert!(used.contains(cause.id.as_str()), "no code names {}", cause.id);
        }
    }

    #[test]
    fn a_code_says_what_excuses_it_and_what_it_means_for_the_session() {
        let knowledge = Knowledge::builtin();
        let of = |number| {
            let code = knowledge.code(ErrorCode::aadsts(number)).unwrap();
            (code.excused_by, code.says.as_slice())
        };
        assert_eq!(of(53003), (Excuse::SameResource, [].as_slice()));
        assert_eq!(of(50058), (Excuse::SameAuthority, [Said::NobodySignedIn].as_slice()));
        assert_eq!(of(16002), (Excuse::SameAuthority, [Said::SessionOver].as_slice()));
        assert_eq!(of(160021).1, [Said::NobodySignedIn, Said::SessionOver]);
        let own = added(&format!("{CODE}excused_by = \"same-resource\"\nsays = [\"session-over\"]\n{FIX}")).unwrap();
        let own = own.code(ErrorCode::aadsts(50058)).unwrap();
        assert_eq!((own.excused_by, own.says.as_slice()), (Excuse::SameResource, [Said::SessionOver].as_slice()));
    }

    #[test]
    fn an_own_entry_replaces_the_whole() {
        let knowledge = added(&format!("\u{feff}{CODE}{FIX}")).unwrap();
        let code = knowledge.code(ErrorCode::aadsts(50058)).unwrap();
        assert_eq!((code.title.as_str(), code.causes.len(), code.references.len()), ("Own", 0, 0));
        assert_eq!((code.excused_by, code.says.len()), (Excuse::SameAuthority, 0), "what is decided by, too: docs/knowledge.md says so");
        assert!(knowledge.code(ErrorCode::aadsts(50011)).is_some());
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (text, expected) in [
            ("[[code]\n".to_owned(), "own.toml:1:8: "),
            (format!("{CODE}cuases = []\n"), "own.toml:7:1: unknown field `cuases`, expected one of "),
            (CODE.replace("info", "bad"), "own.toml:5:12: unknown variant `bad`, expected one of "),
            (format!("{CODE}says = [\"nobody\"]\n"), "own.toml:7:9: unknown variant `nobody`, expected "),
            (CODE.replace("title = \"Own\"\n", ""), "own.toml:1:1: missing field `title`"),
            (CODE.to_owned(), "own.toml:2:8: AADSTS50058 has neither a cause nor a fix"),
            (format!("{CODE}causes = [\n  \"signed-out\",\n  \"nowhere\",\n]\n"), "own.toml:9:3: AADSTS50058 names the cause nowhere, which no file defines"),
            (format!("{CODE}{FIX}{CODE}{FIX}"), "own.toml:10:1: AADSTS50058 stands twice; it is in own.toml, line 1, already"),
            (format!("{CODE}{FIX}").replace("AADSTS", "aadsts"), "own.toml:2:8: aadsts50058 is no error code"),
            ("[apps]\n\"1\" = \"One\"\n".to_owned(), "own.toml:2:7: 1 is no application id"),
            (
                "[[cause]]\nid = \"own\"\nsummary = \"s\"\n[[cause.rule]]\nside = \"for\"\nall = [\"sign-out.sene\"]\n[[cause.fix]]\nwho = \"user\"\ndo = \"d\"\n"
                    .to_owned(),
                "own.toml:6:8: no check publishes the claim sign-out.sene; is sign-out.seen meant?",
            ),
            (
                "[[cause]]\nid = \"own\"\nsummary = \"s\"\n[[cause.fix]]\nwho = \"user\"\ndo = \"d\"\nunless = [\"sign-out.sene\"]\n".to_owned(),
                "own.toml:7:11: no check publishes the claim sign-out.sene; is sign-out.seen meant?",
            ),
            (
                "[[cause]]\nid = \"own\"\nsummary = \"s\"\n[[cause.fix]]\nwho = \"user\"\ndo = \"d\"\ncodes = [\"aadsts50058\"]\n".to_owned(),
                "own.toml:7:10: aadsts50058 is no error code",
            ),
            (
                "[[symptom]]\nid = \"no-anser\"\ntitle = \"t\"\nseverity = \"info\"\ncauses = [\"signed-out\"]\nnext = \"n\"\n".to_owned(),
                "own.toml:2:6: no failure without a code is called no-anser; is no-answer meant?",
            ),
        ] {
            let told = added(&text).map(|_| ()).unwrap_err();
            assert!(told.starts_with(expected), "{told}\ninstead of\n{expected}");
        }
    }
}
