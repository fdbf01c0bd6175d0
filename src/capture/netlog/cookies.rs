//! Which cookies the browser held back, in its own words.
//!
//! For every cookie of the site that is asked, Chromium logs whether it was sent with a request and why not.

use super::event::Params;
use crate::exchange::{Loss, Recorded, WithheldCookie};

/// The longest reason that is told, in characters: it is put together of words, and the known ones are shorter.
const LONGEST_REASON: usize = 200;

/// The cookie would not have been sent to this address by anyone: it belongs elsewhere or is gone.
const NOT_MEANT: &[&str] = &["EXCLUDE_DOMAIN_MISMATCH", "EXCLUDE_NOT_ON_PATH", "EXCLUDE_EXPIRED"];

/// The browser names the third party.
const THIRD_PARTY: &[&str] = &["EXCLUDE_THIRD_PARTY_PHASEOUT", "EXCLUDE_THIRD_PARTY_BLOCKED_WITHIN_FIRST_PARTY_SET"];

/// A setting forbids the cookie: in a request to another site than the page's, that of third parties.
const BY_SETTING: &str = "EXCLUDE_USER_PREFERENCES";

/// The setting's own event, which names no cookie.
const BLOCKED: &str = "COOKIE_GET_BLOCKED_BY_NETWORK_DELEGATE";

/// What the log says of a request's cookies.
#[derive(Default)]
pub(super) struct Cookies {
    withheld: Vec<WithheldCookie>,
    /// Whether some cookie's fate was told.
    told: bool,
    /// Whether the browser's settings forbade cookies.
    blocked: bool,
    /// Whether cookies are looked up for the request, if told.
    looked_up: Option<bool>,
}

impl Cookies {
    /// Takes what the browser computed of the request's privacy: "disabled", "enabled", "enabled partitioned
    /// state allowed". Fully enabled, no cookie is looked up, and none is told of.
    pub(super) fn privacy(&mut self, mode: &str) {
        self.looked_up = Some(mode != "enabled");
    }

    /// Takes that the settings forbid cookies.
    pub(super) fn blocked(&mut self) {
        self.blocked = true;
    }

    /// Takes one cookie's fate.
    pub(super) fn status(&mut self, params: &Params<'_>, cross_site: bool) {
        if params.operation.text() != Some("send") {
            return;
        }
        self.told = true;
        let status = params.status.text().unwrap_or_default();
        let reasons = || status.split(',').map(str::trim).filter(|word| is_reason(word));
        if reasons().next().is_none() || reasons().any(|word| NOT_MEANT.contains(&word)) {
            return;
        }
        self.withheld.push(WithheldCookie {
            name: params.name.text().filter(|name| !name.is_empty()).map(str::to_owned),
            reason: reasons().collect::<Vec<_>>().join(", ").chars().take(LONGEST_REASON).collect(),
            as_third_party: reasons().any(|word| THIRD_PARTY.contains(&word) || (word == BY_SETTING && cross_site)),
        });
    }

    /// What is known in the end. `sent` is whether the request came so far that its cookies were chosen;
    /// `tells` is whether this browser tells of each cookie.
    pub(super) fn finish(self, cross_site: bool, sent: bool, tells: bool) -> Recorded<Vec<WithheldCookie>> {
        if !self.withheld.is_empty() {
            return Recorded::Kept(self.withheld);
        }
        // Where each cookie's fate is told, a block without a cookie means that the browser held none.
        if self.blocked && !self.told && !tells {
            return Recorded::Kept(vec![WithheldCookie { name: None, reason: BLOCKED.to_owned(), as_third_party: cross_site }]);
        }
        let all_told = sent && tells && self.looked_up == Some(true);
        if self.told || all_told { Recorded::Empty } else { Recorded::NotKept(Loss::NotRecorded) }
    }
}

/// Whether a word of the status is a reason not to send; the file's other words are not repeated.
fn is_reason(word: &str) -> bool {
    word.starts_with("EXCLUDE_") && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a request goes to another site than that of the page it is made in.
///
/// The network isolation key begins with the page's site. Where it is missing, a navigation of a tab is at its
/// own site, and of anything else nothing is known: it counts as another's.
pub(super) fn is_cross_site(url: &str, isolation_key: Option<&str>, request_type: Option<&str>) -> bool {
    if request_type == Some("main frame") {
        return false;
    }
    let site = isolation_key.and_then(|key| key.split(' ').next()).and_then(|site| site.split_once("://"));
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    match (site, host) {
        (Some((_, site)), Some(host)) => {
            let site = site.split(':').next().unwrap_or_default();
            host != site && host.strip_suffix(site).is_none_or(|before| !before.ends_with('.'))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::{Into, Loose};
    use super::*;
    use serde::de::DeserializeSeed;

    fn after(statuses: &[&str], cross_site: bool) -> Recorded<Vec<WithheldCookie>> {
        let mut cookies = Cookies::default();
        for status in statuses {
            let params = Params { operation: Loose::Text("send".into()), status: Loose::Text((*status).into()), ..Params::default() };
            cookies.status(&params, cross_site);
        }
        cookies.finish(cross_site, true, true)
    }

    #[track_caller]
    fn one(status: &str, cross_site: bool, reason: &str, as_third_party: bool) {
        let expected = WithheldCookie { name: None, reason: reason.to_owned(), as_third_party };
        assert_eq!(after(&[status], cross_site), Recorded::Kept(vec![expected]));
    }

    #[test]
    fn reasons_in_the_browsers_words() {
        one("EXCLUDE_USER_PREFERENCES, DO_NOT_WARN, NO_EXEMPTION", true, "EXCLUDE_USER_PREFERENCES", true);
        one("EXCLUDE_USER_PREFERENCES, DO_NOT_WARN", false, "EXCLUDE_USER_PREFERENCES", false);
        one("EXCLUDE_THIRD_PARTY_PHASEOUT", false, "EXCLUDE_THIRD_PARTY_PHASEOUT", true);
        one(
            "EXCLUDE_SAMESITE_LAX, EXCLUDE_THIRD_PARTY_BLOCKED_WITHIN_FIRST_PARTY_SET",
            true,
            "EXCLUDE_SAMESITE_LAX, EXCLUDE_THIRD_PARTY_BLOCKED_WITHIN_FIRST_PARTY_SET",
            true,
        );
        one("EXCLUDE_SAMESITE_UNSPECIFIED_TREATED_AS_LAX, WARN_X", true, "EXCLUDE_SAMESITE_UNSPECIFIED_TREATED_AS_LAX", false);
    }

    #[test]
    fn what_was_sent_or_not_meant_is_not_withheld() {
        assert_eq!(after(&["INCLUDE, DO_NOT_WARN"], true), Recorded::Empty);
        assert_eq!(after(&["EXCLUDE_DOMAIN_MISMATCH, EXCLUDE_USER_PREFERENCES", "EXCLUDE_NOT_ON_PATH"], true), Recorded::Empty);
        assert_eq!(after(&["EXCLUDE_<b>", "x"], true), Recorded::Empty);
    }

    #[test]
    fn a_name_is_told_where_recorded_and_what_is_stored_is_not_sent() {
        let mut cookies = Cookies::default();
        let json = r#"{"operation":"send","name":"ESTSAUTH","status":"EXCLUDE_USER_PREFERENCES"}"#;
        for json in [json, &json.replace("send", "store"), &json.replace("send", "expire")] {
            let mut params = Params::default();
            Into(&mut params).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
            cookies.status(&params, true);
        }
        let withheld = cookies.finish(true, true, true);
        assert_eq!(withheld.kept().unwrap().len(), 1);
        assert_eq!(withheld.kept().unwrap()[0].name.as_deref(), Some("ESTSAUTH"));
    }

    #[test]
    fn without_a_cookie_told() {
        let after = |mode: Option<&str>, blocked: bool, sent, tells| {
            let mut cookies = Cookies { blocked, ..Cookies::default() };
            mode.into_iter().for_each(|mode| cookies.privacy(mode));
            cookies.finish(true, sent, tells)
        };
        let not_told = Recorded::NotKept(Loss::NotRecorded);
        assert_eq!(after(Some("disabled"), false, true, true), Recorded::Empty);
        assert_eq!(after(Some("enabled partitioned state allowed"), true, true, true), Recorded::Empty);
        assert_eq!(after(Some("enabled"), false, true, true), not_told);
        assert_eq!(after(Some("disabled"), false, false, true), not_told);
        assert_eq!(after(Some("disabled"), false, true, false), not_told);
        assert_eq!(after(None, false, true, true), not_told);
        let old = after(None, true, true, false);
        assert!(old.kept().is_some_and(|all| all.iter().all(|one| one.as_third_party && one.reason == BLOCKED)));
    }

    #[test]
    fn another_site_than_the_pages() {
        let key = Some("https://contoso.example https://microsoftonline.com");
        assert!(is_cross_site("https://login.microsoftonline.com/x", key, Some("subframe")));
        assert!(!is_cross_site("https://login.microsoftonline.com/x", key, Some("main frame")));
        assert!(!is_cross_site("https://login.contoso.example/x", key, Some("subframe")));
        assert!(!is_cross_site("https://contoso.example/x", key, None));
        assert!(is_cross_site("https://evilcontoso.example/x", key, None));
        assert!(is_cross_site("https://contoso.example/x", None, None));
        assert!(is_cross_site("https://contoso.example/x", Some("null null"), None));
    }
}
