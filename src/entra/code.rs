//! Error codes in text.
//!
//! The build script reads the codes of the knowledge files with this type too, so nothing here may use the rest of the program.

use memchr::memmem;
use std::collections::HashSet;
use std::fmt;

/// Which service's numbering a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Entra ID.
    Aadsts,
    /// Azure AD B2C.
    Aadb2c,
}

/// An error code, as `AADSTS50058` or `AADB2C90077`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ErrorCode {
    /// The numbering.
    pub family: Family,
    /// The number.
    pub number: u32,
}

impl ErrorCode {
    /// A wrong user name or password.
    pub const WRONG_PASSWORD: Self = Self::aadsts(50126);
    /// The person has to register a second factor before the sign-in goes on.
    pub const SECOND_FACTOR_TO_REGISTER: Self = Self::aadsts(50072);
    /// What polling for a device code is answered with until the person has typed it in.
    pub const AUTHORIZATION_PENDING: Self = Self::aadsts(70016);
    /// By which the service itself ends a loop of one client.
    pub const CLIENT_LOOP: Self = Self::aadsts(50196);

    /// By which the service refuses refresh tokens alone: one that is too old or lay unused too long, that of a page after its
    /// day, and one that a sign-in frequency policy ended.
    const OF_REFRESH_TOKENS: [Self; 4] = [Self::aadsts(700_081), Self::aadsts(700_082), Self::aadsts(700_084), Self::aadsts(70043)];

    /// Whether it says that what was turned in is a refresh token.
    pub fn is_of_refresh_token(self) -> bool {
        Self::OF_REFRESH_TOKENS.contains(&self)
    }

    /// An Entra ID code.
    pub const fn aadsts(number: u32) -> Self {
        Self { family: Family::Aadsts, number }
    }

    /// Reads a code with its prefix and nothing else around it.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self::all_in(text);
        found.first().copied().filter(|code| code.to_string().eq_ignore_ascii_case(text))
    }

    /// Reads a code that is written as reports write it, in capitals.
    pub fn parse_exactly(text: &str) -> Option<Self> {
        Self::parse(text).filter(|code| code.to_string() == text)
    }

    /// Every code that a text names, in order, each once. Upper and lower case are both read.
    pub fn all_in(text: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let upper = text.to_ascii_uppercase();
        for (prefix, family) in [("AADSTS", Family::Aadsts), ("AADB2C", Family::Aadb2c)] {
            for at in memmem::find_iter(upper.as_bytes(), prefix) {
                let start = at + prefix.len();
                let digits: String = upper.get(start..).unwrap_or_default().chars().take_while(char::is_ascii_digit).take(10).collect();
                if let (4..=9, Ok(number)) = (digits.len(), digits.parse()) {
                    found.push((start, Self { family, number }));
                }
            }
        }
        found.sort_by_key(|(start, _)| *start);
        let mut seen = HashSet::new();
        found.into_iter().map(|(_, code)| code).filter(|code| seen.insert(*code)).collect()
    }
}

impl ErrorCode {
    /// The code that a number stands for which is told without its family, as in `error_codes`: the one of that number among those
    /// that the text beside it names, else one of the family that the text speaks of.
    pub(super) fn of_number(number: u32, named: &[Self]) -> Self {
        let is_of_b2c = !named.is_empty() && named.iter().all(|code| code.family == Family::Aadb2c);
        let family = if is_of_b2c { Family::Aadb2c } else { Family::Aadsts };
        named.iter().copied().find(|code| code.number == number).unwrap_or(Self { family, number })
    }

    /// Whether a page of the sign-in service carries this code in the course of an ordinary sign-in: the
    /// page that asks for an account says 50058, "stay signed in?" says 50140, and so on. On such a page the
    /// code is a step and no failure (public recordings; Android's and Apple's common libraries list them
    /// as non-blocking).
    pub fn is_step_of_a_page(self) -> bool {
        self.family == Family::Aadsts && PAGE_STEPS.contains(&self.number)
    }
}

/// Codes that pages carry while everything is in order: sign-in prompt, device authentication, second factor
/// asked or to be registered, session chosen, "stay signed in?", "is this your app?", Seamless SSO.
const PAGE_STEPS: &[u32] = &[50058, 50072, 50074, 50076, 50097, 50125, 50136, 50140, 50168, 50199, 51005, 65001, 81012];

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.family {
            Family::Aadsts => write!(f, "AADSTS{}", self.number),
            Family::Aadb2c => write!(f, "AADB2C{}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_the_order_of_the_text() {
        let text = "AADSTS70002: Error validating credentials. aadsts50132: session. AADB2C90273 AADSTS70002 AADSTS12";
        let codes: Vec<String> = ErrorCode::all_in(text).iter().map(ToString::to_string).collect();
        assert_eq!(codes, ["AADSTS70002", "AADSTS50132", "AADB2C90273"]);
    }

    #[test]
    fn a_number_without_its_family_is_of_the_one_that_the_text_speaks_of() {
        let of = |number, text: &str| ErrorCode::of_number(number, &ErrorCode::all_in(text)).to_string();
        assert_eq!(of(90118, ""), "AADSTS90118");
        assert_eq!(of(90118, "AADB2C90118: The password was forgotten."), "AADB2C90118");
        assert_eq!(of(90091, "AADB2C90118: The password was forgotten."), "AADB2C90091");
        assert_eq!(of(90118, "AADSTS50058: Nobody is signed in."), "AADSTS90118");
        assert_eq!(of(90273, "AADB2C90273: An answer was refused: AADSTS16000"), "AADB2C90273");
        assert_eq!(of(50058, "AADB2C90273: An answer was refused: AADSTS16000"), "AADSTS50058");
    }

    #[test]
    fn a_code_alone_is_read_whole() {
        assert_eq!(ErrorCode::parse("AADSTS50058"), Some(ErrorCode::aadsts(50058)));
        assert_eq!(ErrorCode::parse("AADSTS50058:"), None);
        assert_eq!(ErrorCode::parse("50058"), None);
    }
}
