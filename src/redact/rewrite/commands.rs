//! Commands of a shell that are given secrets: `curl -u name:password`, `az login --password …`, `ConvertTo-SecureString '…'`.

use super::Rewriter;
use super::json::is_certain;
use super::lines::SHORTEST_WORD;
use super::named::{LONGEST_NAME, value_behind};
use super::spliced::Spliced;
use crate::entra::Guid;
use crate::redact::kind::{Kind, mixes};
use crate::redact::names::{self, Meaning};

/// Options that are given a name and a password, wherever they stand.
const CREDENTIALS: [&str; 2] = ["user", "proxy-user"];

/// The programs that are given them with one letter, as their commands begin, and what they are given.
const SHORT: [(&str, &str, Given); 8] = [
    ("curl", "u", Given::Credentials),
    ("curl", "U", Given::Credentials),
    ("http ", "a", Given::Credentials),
    ("az login", "p", Given::Password),
    ("docker login", "p", Given::Password),
    ("podman login", "p", Given::Password),
    ("sshpass", "p", Given::Password),
    ("sqlcmd", "P", Given::Password),
];

/// How far before an option its command is looked for, in bytes.
const LONGEST_COMMAND: usize = 1024;

/// What an option is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// `name:password`.
    Credentials,
    Password,
    Of(Meaning),
}

impl Rewriter<'_> {
    /// The values of options; `None` where nothing is replaced.
    pub(super) fn commands(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for hyphen in memchr::memchr_iter(b'-', text.as_bytes()) {
            let of_option = || option_at(text, hyphen).and_then(|(name, at)| Some((given(text, hyphen, name)?, at)));
            let found = of_option().or_else(|| made_of_password(text, hyphen).map(|at| (Given::Password, at)));
            let Some((given, at)) = found.filter(|_| hyphen >= spliced.written()) else { continue };
            let (start, value) = value_at(text, at);
            let Some(changed) = self.given_value(given, value) else { continue };
            spliced.put(start..start + value.len(), &changed);
        }
        spliced.end()
    }

    /// What the value of an option comes to; `None` for one that is none.
    fn given_value(&mut self, given: Given, value: &str) -> Option<String> {
        let is_variable = value.starts_with(['$', '%', '<', '{', '-', '(']);
        match given {
            Given::Credentials => {
                let (name, password) = value.split_once(':').filter(|(_, password)| !password.is_empty() && !password.starts_with("//"))?;
                let name = if Guid::is_one(name) { self.meaning(Meaning::Tenant, name) } else { self.meaning(Meaning::Account, name) };
                Some(format!("{name}:{}", self.meaning(Meaning::Secret(Kind::Password), password)))
            }
            Given::Password if value.len() >= SHORTEST_WORD && !is_variable => Some(self.meaning(Meaning::Secret(Kind::Password), value)),
            Given::Of(meaning) if value.len() >= SHORTEST_WORD && !is_variable && mixes(value) => Some(self.meaning(meaning, value)),
            Given::Password | Given::Of(_) => None,
        }
    }
}

/// The name of the option that begins with a hyphen, and where its value begins.
fn option_at(text: &str, hyphen: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let before = bytes.get(..hyphen)?;
    // `\n` in the text of a script.
    let begins = before.last().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'`') || before.ends_with(b"\\n");
    let start = hyphen + 1 + usize::from(bytes.get(hyphen + 1) == Some(&b'-'));
    if !begins || !bytes.get(start)?.is_ascii_alphabetic() {
        return None;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let length = bytes.get(start..)?.iter().take(LONGEST_NAME + 1).take_while(is_name).count();
    let behind = bytes.get(start + length)?;
    let is_option = length <= LONGEST_NAME && (*behind == b' ' || *behind == b'=');
    Some((text.get(start..start + length)?, start + length + 1)).filter(|_| is_option)
}

/// What an option is given, by its name and the command before it.
fn given(text: &str, hyphen: usize, name: &str) -> Option<Given> {
    if CREDENTIALS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Some(Given::Credentials);
    }
    if name.len() == 1 {
        let (_, _, given) = SHORT.into_iter().find(|(program, letter, _)| *letter == name && is_command(text, hyphen, program))?;
        return Some(given);
    }
    if name.eq_ignore_ascii_case("string") && is_command(text, hyphen, "convertto-securestring") {
        return Some(Given::Password);
    }
    match names::of_field(name) {
        Meaning::Account => None,
        meaning if is_certain(meaning) => Some(Given::Of(meaning)),
        _ => None,
    }
}

/// Where the password begins that PowerShell is given alone, behind the hyphen of `ConvertTo-SecureString`.
fn made_of_password(text: &str, hyphen: usize) -> Option<usize> {
    const BEFORE: &str = "ConvertTo";
    const BEHIND: &str = "-SecureString ";
    let is_it = |start: usize, word: &str| text.get(start..start + word.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(word));
    (is_it(hyphen, BEHIND) && is_it(hyphen.checked_sub(BEFORE.len())?, BEFORE)).then(|| hyphen + BEHIND.len())
}

/// Whether a program is called before a place in its line, or in the lines that it goes on with.
fn is_command(text: &str, place: usize, program: &str) -> bool {
    let before = text.as_bytes().get(place.saturating_sub(LONGEST_COMMAND)..place).unwrap_or_default();
    let ends = memchr::memrchr_iter(b'\n', before).find(|end| {
        let line = before.get(..*end).unwrap_or_default().trim_ascii_end();
        !line.ends_with(b"\\") && !line.ends_with(b"`") && !line.ends_with(b"^")
    });
    let line = before.get(ends.map_or(0, |end| end + 1)..).unwrap_or_default();
    line.windows(program.len()).any(|letters| letters.eq_ignore_ascii_case(program.as_bytes()))
}

/// Where a value begins, and the value: without the quotation marks around it.
fn value_at(text: &str, at: usize) -> (usize, &str) {
    let rest = text.get(at..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    let escapes = rest.get(blanks..).unwrap_or_default();
    let quote = escapes.len() - escapes.trim_start_matches('\\').len();
    let start = at + blanks + quote;
    let (before, quoted) = text.split_at_checked(start).unwrap_or((text, ""));
    if quoted.starts_with(['"', '\'']) {
        return (start + 1, value_behind(before, quoted));
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '<' | '>' | '`' | '|' | ')');
    let value = rest.get(blanks..).unwrap_or_default();
    (at + blanks, value.get(..value.find(is_end).unwrap_or(value.len())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    fn commands(text: &str) -> Option<String> {
        Rewriter::new(&Knowledge::builtin(), &Options::default()).commands(text)
    }

    #[test]
    fn what_programs_are_given_goes() {
        for (text, expected) in [
            ("curl -u zquist:hT9a!77 https://x.example", "curl -u redacted-login-hint-1:redacted-password-1 https://x.example"),
            ("curl \\\n  -s -u \"zquist:hT9a 77\" x", "curl \\\n  -s -u \"redacted-login-hint-1:redacted-password-1\" x"),
            (r#"run("curl -U \"zquist:hT9a!77\" x")"#, r#"run("curl -U \"redacted-login-hint-1:redacted-password-1\" x")"#),
            ("curl --user zquist:hT9a", "curl --user redacted-login-hint-1:redacted-password-1"),
            ("wget --proxy-user='zquist:hT9a'", "wget --proxy-user='redacted-login-hint-1:redacted-password-1'"),
            ("az login --service-principal -u x -p hT9a~77", "az login --service-principal -u x -p redacted-password-1"),
            ("tool --client-secret hT9a~77 --go", "tool --client-secret redacted-client-secret-1 --go"),
            ("Connect -AccessToken 'hT9a77'", "Connect -AccessToken 'redacted-token-1'"),
            ("ConvertTo-SecureString 'geheim' -Force", "ConvertTo-SecureString 'redacted-password-1' -Force"),
            ("docker login -u x -p hT9a77 y", "docker login -u x -p redacted-password-1 y"),
            ("ConvertTo-SecureString -String 'geheim' -Force", "ConvertTo-SecureString -String 'redacted-password-1' -Force"),
        ] {
            assert_eq!(commands(text).as_deref(), Some(expected), "{text}");
            assert!(commands(expected).is_none_or(|again| again == expected), "{expected}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "sudo -u www:data x",
            "date -u 10:30",
            "git push -u origin main",
            "curl -u https://x.example",
            "use -password or --token to sign in",
            "tool --password $PASSWORD1 --token <token1>",
            "a --password-file x1",
            "i--token 1",
        ] {
            assert_eq!(commands(text), None, "{text}");
        }
    }
}
