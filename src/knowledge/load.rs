//! Reads the knowledge files.

use super::{Cause, Code, Knowledge, Symptom};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is wrong with a knowledge file.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The file is no TOML, or holds something that is not asked for.
    #[error("{file}: {problem}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What is wrong and where.
        problem: String,
    },
    /// Two causes or codes have one name.
    #[error("{file}: {name} stands twice")]
    Twice {
        /// The file's name.
        file: String,
        /// The code or cause.
        name: String,
    },
    /// A code or symptom names a cause that is nowhere.
    #[error("{code} names the cause {cause}, which no file defines")]
    UnknownCause {
        /// The code or symptom.
        code: String,
        /// The cause.
        cause: String,
    },
}

/// The files that are part of the program.
const BUILTIN: &[(&str, &str)] = &[
    ("codes.toml", include_str!("codes.toml")),
    ("codes/account.toml", include_str!("codes/account.toml")),
    ("codes/application.toml", include_str!("codes/application.toml")),
    ("codes/authorization-code.toml", include_str!("codes/authorization-code.toml")),
    ("codes/client.toml", include_str!("codes/client.toml")),
    ("codes/conditional-access.toml", include_str!("codes/conditional-access.toml")),
    ("codes/consent.toml", include_str!("codes/consent.toml")),
    ("codes/credentials.toml", include_str!("codes/credentials.toml")),
    ("codes/device.toml", include_str!("codes/device.toml")),
    ("codes/flow.toml", include_str!("codes/flow.toml")),
    ("codes/redirect.toml", include_str!("codes/redirect.toml")),
    ("codes/saml.toml", include_str!("codes/saml.toml")),
    ("codes/second-factor.toml", include_str!("codes/second-factor.toml")),
    ("codes/service.toml", include_str!("codes/service.toml")),
    ("codes/tenant.toml", include_str!("codes/tenant.toml")),
    ("codes/tokens.toml", include_str!("codes/tokens.toml")),
    ("symptoms.toml", include_str!("symptoms.toml")),
    ("causes/account.toml", include_str!("causes/account.toml")),
    ("causes/application.toml", include_str!("causes/application.toml")),
    ("causes/authorization-code.toml", include_str!("causes/authorization-code.toml")),
    ("causes/client.toml", include_str!("causes/client.toml")),
    ("causes/conditional-access.toml", include_str!("causes/conditional-access.toml")),
    ("causes/consent.toml", include_str!("causes/consent.toml")),
    ("causes/credentials.toml", include_str!("causes/credentials.toml")),
    ("causes/device.toml", include_str!("causes/device.toml")),
    ("causes/flow.toml", include_str!("causes/flow.toml")),
    ("causes/redirect.toml", include_str!("causes/redirect.toml")),
    ("causes/saml.toml", include_str!("causes/saml.toml")),
    ("causes/second-factor.toml", include_str!("causes/second-factor.toml")),
    ("causes/service.toml", include_str!("causes/service.toml")),
    ("causes/session.toml", include_str!("causes/session.toml")),
    ("causes/silence.toml", include_str!("causes/silence.toml")),
    ("causes/tenant.toml", include_str!("causes/tenant.toml")),
    ("causes/tokens.toml", include_str!("causes/tokens.toml")),
    ("apps.toml", include_str!("apps.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "code")]
    codes: Vec<Code>,
    #[serde(default, rename = "symptom")]
    symptoms: Vec<Symptom>,
    #[serde(default, rename = "cause")]
    causes: Vec<Cause>,
    #[serde(default)]
    apps: BTreeMap<String, String>,
}

impl Knowledge {
    /// What the program knows by itself. A test holds that its files are sound.
    pub fn builtin() -> Self {
        Self::load_builtin().unwrap_or_default()
    }

    fn load_builtin() -> Result<Self, KnowledgeError> {
        let mut knowledge = Self::default();
        for (name, text) in BUILTIN {
            knowledge.add(name, text)?;
        }
        knowledge.check()?;
        Ok(knowledge)
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), KnowledgeError> {
        let file: File =
            toml::from_str(text).map_err(|error| KnowledgeError::Unreadable { file: name.to_owned(), problem: error.to_string() })?;
        let twice = |what: &str| KnowledgeError::Twice { file: name.to_owned(), name: what.to_owned() };
        for code in file.codes {
            let key = code.code.clone();
            if self.codes.insert(key.clone(), code).is_some() {
                return Err(twice(&key));
            }
        }
        for symptom in file.symptoms {
            let key = symptom.id.clone();
            if self.symptoms.insert(key.clone(), symptom).is_some() {
                return Err(twice(&key));
            }
        }
        for cause in file.causes {
            let key = cause.id.clone();
            if self.causes.insert(key.clone(), cause).is_some() {
                return Err(twice(&key));
            }
        }
        self.apps.extend(file.apps);
        Ok(())
    }

    fn check(&self) -> Result<(), KnowledgeError> {
        let codes = self.codes.values().map(|code| (&code.code, &code.causes));
        let symptoms = self.symptoms.values().map(|symptom| (&symptom.id, &symptom.causes));
        for (name, causes) in codes.chain(symptoms) {
            if let Some(cause) = causes.iter().find(|cause| !self.causes.contains_key(*cause)) {
                return Err(KnowledgeError::UnknownCause { code: name.clone(), cause: cause.clone() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::entra::{ErrorCode, Guid};
    use std::collections::BTreeSet;

    #[test]
    fn the_files_are_sound() {
        let knowledge = Knowledge::load_builtin().unwrap();
        let claims: BTreeSet<&str> = checks::ALL.iter().flat_map(|check| check.claims).map(|claim| claim.name).collect();
        for cause in knowledge.causes() {
            for rule in &cause.rules {
                assert!(rule.claims().next().is_some(), "{}: a rule without a condition", cause.id);
                for claim in rule.claims() {
                    assert!(claims.contains(claim), "{}: no check publishes {claim}", cause.id);
                }
                for code in &rule.codes {
                    assert!(ErrorCode::parse(code).is_some(), "{}: {code} is no code", cause.id);
                }
            }
            assert!(!cause.fixes.is_empty(), "{} has no fix", cause.id);
        }
        for code in knowledge.codes() {
            assert!(ErrorCode::parse(&code.code).is_some(), "{} is no code", code.code);
        }
        assert!(knowledge.apps.keys().all(|id| Guid::parse(id).is_some()));
    }

    #[test]
    fn every_cause_belongs_to_a_code() {
        let knowledge = Knowledge::load_builtin().unwrap();
        let of_codes = knowledge.codes().flat_map(|code| &code.causes);
        let of_symptoms = knowledge.symptoms().flat_map(|symptom| &symptom.causes);
        let used: BTreeSet<&str> = of_codes.chain(of_symptoms).map(String::as_str).collect();
        for cause in knowledge.causes() {
            assert!(used.contains(cause.id.as_str()), "no code names {}", cause.id);
        }
    }

    #[test]
    fn a_code_that_names_an_unknown_cause_is_refused() {
        let mut knowledge = Knowledge::default();
        knowledge.add("x.toml", "[[code]]\ncode='AADSTS1'\ntitle='t'\nseverity='error'\ncauses=['nowhere']\nnext='n'").unwrap();
        assert!(matches!(knowledge.check(), Err(KnowledgeError::UnknownCause { .. })));
    }
}
