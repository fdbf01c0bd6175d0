//! What a sign-in that works shows as well: part of how a failure came about, and never what explains it.

/// Claims, each with whether a sign-in that works shows it as seen (or as not there). Where a rule names one of them, it says
/// in which situation the rest of the rule means something.
static PREMISES: &[(&str, bool)] = &[
    // Somebody had signed in, and the session is there and sent.
    ("sign-in.earlier", true),
    ("session-cookie.set-earlier", true),
    ("session-cookie.sent", true),
    ("session-cookie.others-sent", true),
    ("session-cookie.sent-by-page", true),
    ("session-cookie.good-elsewhere", false),
    ("sign-out.seen", false),
    ("sign-out.cookie-sent", false),
    // In which window the request is made, and that it may use its cookies there.
    ("frame.inside-page", true),
    ("frame.inside-page", false),
    ("frame.top-level", true),
    ("frame.top-level", false),
    ("frame.same-site", true),
    ("frame.same-site", false),
    ("storage-access.active", true),
    ("storage-access.blocked", false),
    // What is asked for and typed in the ordinary way.
    ("login-hint.sent", false),
    ("password.typed", true),
];

/// Whether a sign-in that works shows a claim in the same way: seen, or looked for and not there.
pub fn is_premise(claim: &str, seen: bool) -> bool {
    PREMISES.contains(&(claim, seen))
}

#[cfg(test)]
mod tests {
    use super::super::ALL;
    use super::*;

    #[test]
    fn premises_are_claims_of_a_check() {
        let exists = |name: &str| ALL.iter().flat_map(|check| check.claims).any(|claim| claim.name == name);
        let missing: Vec<&str> = PREMISES.iter().map(|(claim, _)| *claim).filter(|claim| !exists(claim)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
