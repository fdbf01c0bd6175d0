//! What a key looks like, whatever its name: long, random, no word; and what is somebody's in a path.

use std::ops::Range;

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
const COLLECTIONS: [&str; 21] = [
    "users",
    "user",
    "members",
    "owners",
    "guests",
    "people",
    "persons",
    "contacts",
    "employees",
    "customers",
    "profiles",
    "mailboxes",
    "devices",
    "managedDevices",
    "registeredDevices",
    "sessions",
    "session",
    "accounts",
    "directoryObjects",
    // As Dataverse calls its users.
    "systemusers",
    "identities",
];

fn is_collection(name: &str) -> bool {
    COLLECTIONS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a part of a path is a key.
pub(crate) fn is_segment_key(segment: &str) -> bool {
    let is_long = || segment.len() >= SHORTEST_SEGMENT && is_opaque(segment);
    (holds_key(segment) || is_long()) && !super::Guid::is_one(segment)
}

/// Where ids stand in a part of a path that are those of a person, or of what is theirs, or stand beside one, by the part before it
/// (`users/id`, `users/8:orgid:id`, `users/id@tenant`) or by itself, as OData writes it: `users('id')`, `devices(deviceId='id')`
/// (OData 4.01, URL conventions §4.3.1).
pub(crate) fn places_of_somebody(before: &str, segment: &str) -> Vec<Range<usize>> {
    // Every id has a hyphen behind its eighth letter.
    let mut ids = memchr::memchr_iter(b'-', segment.as_bytes())
        .filter_map(|hyphen| hyphen.checked_sub(8).map(|start| start..start + 36))
        .filter(|place| segment.get(place.clone()).is_some_and(super::Guid::is_one))
        .peekable();
    let is_of_collection = || is_collection(before) || segment.split_once('(').is_some_and(|(name, _)| is_collection(name));
    if ids.peek().is_some() && is_of_collection() { ids.collect() } else { Vec::new() }
}

/// The name of a person in a part of a path, by the part before it: of OneDrive, an address with its dots and at sign as underscores.
pub(crate) fn name_of_somebody<'s>(before: &str, segment: &'s str) -> Option<&'s str> {
    // A function of SharePoint's takes a path between quotation marks.
    let name = segment.get(..segment.find(['\'', '/']).unwrap_or(segment.len()))?;
    (before.eq_ignore_ascii_case("personal") && name.contains('_')).then_some(name)
}

/// The same of a path that stands in one part of another, with its slashes encoded there.
pub(crate) fn name_of_somebody_within(decoded: &str) -> Option<&str> {
    let (before, _) = decoded.split_once('/')?;
    let rest = decoded.get(before.len() + 1..)?;
    let mut parts = rest.split('/');
    let mut before = before.rsplit('\'').next()?;
    parts.find_map(|part| name_of_somebody(std::mem::replace(&mut before, part), part))
}

/// How names begin, and how they end, of parts of a path behind which a secret stands that somebody was sent: in small letters, and
/// nothing between the words.
const SENT_START: [&str; 10] = ["invit", "verif", "confirm", "activat", "reset", "unsubscribe", "onetime", "otp", "magiclink", "recover"];
const SENT_END: [&str; 10] =
    ["invite", "invitation", "verify", "verification", "confirm", "confirmation", "activation", "reset", "otp", "token"];
const SENT: [&str; 5] = ["magic", "join", "tokens", "otc", "passcode"];

/// Whether a part of a path is called as what somebody was sent: `reset_password`, `confirm-email`, `verifyOtp`.
fn is_called_sent(name: &str) -> bool {
    const LONGEST: usize = 40;
    if name.len() > LONGEST {
        return false;
    }
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SENT.contains(&&*letters)
        || SENT_START.iter().any(|start| letters.starts_with(start))
        || SENT_END.iter().any(|end| letters.ends_with(end))
}

/// Whether a part of a path is a secret that somebody was sent, or the id of a person or of what is theirs, by the part before it and by
/// itself: a number, a GUID, or what mixes letters and digits as no word does.
pub(crate) fn is_sent(before: &str, segment: &str) -> bool {
    let is_number = || segment.len() >= 4 && segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_key = || segment.len() >= 6 && is_opaque(segment) && !is_like_a_word(segment) && !segment.contains('.');
    let is_one = is_number() || super::Guid::is_one(segment) || is_key();
    is_one && (is_called_sent(before) || is_collection(before))
}

/// Whether a part of a path is any of these.
pub(crate) fn is_somebodys(before: &str, segment: &str) -> bool {
    is_segment_key(segment)
        || is_sent(before, segment)
        || !places_of_somebody(before, segment).is_empty()
        || name_of_somebody(before, segment).is_some()
}
