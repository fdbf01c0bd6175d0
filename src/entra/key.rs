//! What a key looks like, whatever its name: long, random, no word.

/// Whether a value is drawn from the letters of keys, small and large and digits.
pub(crate) fn is_random(value: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|c| is(&c));
    let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=".contains(c);
    value.chars().all(is_key) && has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
}

/// The shortest run of letters and digits that is taken for a key.
const SHORTEST_KEY: usize = 20;

/// The shortest run of hexadecimal digits that is.
const SHORTEST_HEX_KEY: usize = 24;

/// Whether a value is one long hexadecimal number.
pub(crate) fn is_hex_key(value: &str) -> bool {
    value.len() >= SHORTEST_HEX_KEY && value.bytes().all(|byte| byte.is_ascii_hexdigit()) && is_opaque(value)
}

/// Whether a text has a run of letters and digits in it that no word is. Names that are put together from words
/// have shorter runs and fewer digits.
pub(crate) fn holds_key(text: &str) -> bool {
    text.len() >= SHORTEST_KEY.min(SHORTEST_HEX_KEY)
        && text.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
            let digits = run.bytes().filter(u8::is_ascii_digit).count();
            is_hex_key(run) || run.len() >= SHORTEST_KEY && digits >= 2 && is_random(run)
        })
}

/// Whether a value is no word: letters and digits in one.
pub(crate) fn is_opaque(value: &str) -> bool {
    !value.contains(' ') && mixes(value)
}

/// Whether there are both letters and digits in a value.
pub(crate) fn mixes(value: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|c| is(&c));
    has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
}

/// Whether letters and digits are put together as in words and numbered words, and not as in keys.
pub(crate) fn is_like_a_word(text: &str) -> bool {
    let sort = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let pairs = text.bytes().zip(text.bytes().skip(1));
    // Where a digit stands beside a letter, or a word begins within the word.
    let changes = pairs.filter(|(before, after)| sort(*before).0 != sort(*after).0 || sort(*after).1 && !sort(*before).1).count();
    changes <= 2 + text.len() / 8
}

/// The shortest part of a path that is taken for a key by its letters and digits alone, in letters.
const SHORTEST_SEGMENT: usize = 32;

/// Names of collections of people and of what is theirs: what follows one in a path is one of them.
const COLLECTIONS: [&str; 9] = ["users", "user", "members", "people", "devices", "sessions", "session", "accounts", "directoryObjects"];

/// Whether a part of a path is a key.
pub(crate) fn is_segment_key(segment: &str) -> bool {
    let is_long = || segment.len() >= SHORTEST_SEGMENT && is_opaque(segment);
    (holds_key(segment) || is_long()) && !super::Guid::is_one(segment)
}

/// Whether a part of a path is the id of a person, or of what is theirs, by the part before it.
pub(crate) fn is_id_of_somebody(before: &str, segment: &str) -> bool {
    COLLECTIONS.iter().any(|name| name.eq_ignore_ascii_case(before)) && super::Guid::is_one(segment)
}

/// Where the id of a person, or of what is theirs, stands in a part of a path as OData writes it: `users('id')`,
/// `devices(deviceId='id')` (OData 4.01, URL conventions §4.3.1).
pub(crate) fn place_of_somebody(segment: &str) -> Option<std::ops::Range<usize>> {
    let (name, rest) = segment.split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    if !COLLECTIONS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let id = inner.rsplit('=').next().unwrap_or(inner);
    let start = segment.len() - 1 - id.len() + (id.len() - id.trim_start_matches('\'').len());
    let id = id.trim_matches('\'');
    super::Guid::is_one(id).then(|| start..start + id.len())
}

/// Whether a part of a path is the name of a person, by the part before it: of OneDrive, an address with its dots and at sign as
/// underscores.
pub(crate) fn is_name_of_somebody(before: &str, segment: &str) -> bool {
    before.eq_ignore_ascii_case("personal") && segment.contains('_')
}

/// Parts of paths behind which a secret stands that somebody was sent.
const SENT: [&str; 16] = [
    "invite",
    "invitation",
    "invitations",
    "otp",
    "magic",
    "magic-link",
    "verify",
    "verify-email",
    "verification",
    "confirm",
    "activate",
    "reset",
    "reset-password",
    "password-reset",
    "unsubscribe",
    "one-time",
];

/// Whether a part of a path is a secret that somebody was sent, by the part before it and by itself: a number, or what mixes letters
/// and digits as no word does.
pub(crate) fn is_sent(before: &str, segment: &str) -> bool {
    let is_number = || segment.len() >= 4 && segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_key = || segment.len() >= 8 && is_opaque(segment) && !is_like_a_word(segment) && !segment.contains('.');
    SENT.iter().any(|name| name.eq_ignore_ascii_case(before)) && (is_number() || is_key()) && !super::Guid::is_one(segment)
}

/// Whether a part of a path is any of these.
pub(crate) fn is_somebodys(before: &str, segment: &str) -> bool {
    is_segment_key(segment)
        || is_sent(before, segment)
        || place_of_somebody(segment).is_some()
        || is_id_of_somebody(before, segment)
        || is_name_of_somebody(before, segment)
}
