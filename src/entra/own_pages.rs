//! The pages of its own to which an application sends people after a sign-in: where it says that it could not sign them in, or
//! signs them in anew. They are known by their names, as frameworks and people commonly give them.

use super::cookies::SetCookie;
use super::params::{Address, Source};
use super::step::Step;
use crate::exchange::hosts::sign_in_host;
use crate::exchange::{Recorded, Secret};

/// Names of pages for errors, lower case.
const ERROR_PAGES: [&str; 6] = ["error", "errors", "accessdenied", "access_denied", "unauthorized", "forbidden"];

/// Names of pages where people sign in, lower case.
const SIGN_IN_PAGES: [&str; 6] = ["login", "logon", "signin", "sign-in", "sign_in", "wp-login"];

/// What names and addresses have in them that are about signing in.
const OF_SIGN_IN: [&str; 13] =
    ["auth", "login", "logon", "signin", "sign-in", "sign_in", "sso", "oidc", "openid", "saml", "access", "identity", "session"];

/// What the last word of a name ends with that tells of an error.
const ERRORS: [&str; 5] = ["error", "failed", "failure", "fail", "denied"];

/// What follows the word in the name of a parameter that tells more of the error.
const OF_ERROR: [&str; 11] = ["code", "message", "msg", "description", "desc", "reason", "type", "text", "title", "detail", "details"];

/// What comes before the word in the name of a parameter that says what is to be done with errors.
const RULES: [&str; 8] = ["on", "show", "hide", "ignore", "log", "report", "throw", "skip"];

/// Values that tell of no error.
const NONE: [&str; 6] = ["", "0", "false", "no", "none", "null"];

/// Whether the application answers the reply with a redirect to a page of its own for errors.
pub(crate) fn leads_to_error_page(step: &Step<'_>) -> bool {
    leads_to(step, is_error_page)
}

/// Whether the application answers the reply with a redirect to a page of its own that signs people in.
pub(crate) fn leads_to_sign_in_page(step: &Step<'_>) -> bool {
    leads_to(step, is_sign_in_page)
}

fn leads_to(step: &Step<'_>, page: fn(&Address) -> bool) -> bool {
    step.reply.redirect.as_ref().is_some_and(|target| sign_in_host(&target.host).is_none() && page(target))
}

/// Whether an application keeps the error that it met in a cookie, for the page that it leads on to.
pub(crate) fn keeps_error_in_cookie(step: &Step<'_>) -> bool {
    matches!(&step.cookies_set, Recorded::Kept(lines) if lines.iter().any(holds_error))
}

/// Whether a cookie holds an error that an application met (`login_error`).
pub(crate) fn holds_error(cookie: &SetCookie) -> bool {
    !cookie.deletes && is_told(&cookie.value) && words(&cookie.name).last().is_some_and(|word| word.ends_with("error"))
}

pub(super) fn is_error_page(address: &Address) -> bool {
    let is_of_sign_in = || {
        let path = address.path.to_ascii_lowercase();
        OF_SIGN_IN.iter().any(|part| path.contains(part))
    };
    let is_named = |name: &str| {
        let words = words(name);
        let page = |word: &String| word == "page";
        let Some(last) = words.iter().rev().find(|word| !page(word)) else { return false };
        let is_one = words.iter().filter(|word| !page(word)).count() == 1;
        let of_sign_in = || is_of_sign_in() || OF_SIGN_IN.iter().any(|part| name.to_ascii_lowercase().contains(part));
        is_called(name, &ERROR_PAGES)
            || (is_one && (last == "error" || (last.starts_with("error") && last != "errors")))
            || (ERRORS.iter().any(|end| last.ends_with(end)) && of_sign_in())
    };
    is_named(last_segment(address)) || route(address).is_some_and(is_named) || names_error(address)
}

/// Whether the parameters of an address tell of an error.
pub(crate) fn names_error(address: &Address) -> bool {
    // `?error` alone, and not the empty value of a form.
    let is_flag = || address.params.iter().map(|param| (param.name.as_str(), param.value.is_empty())).eq([("error", true)]);
    address.params.iter().any(|param| is_told(&param.value) && is_name_of_error(&param.name)) || is_flag()
}

fn is_told(value: &Secret) -> bool {
    let value = value.expose();
    // Where to go in case of an error.
    !NONE.contains(&value) && !value.starts_with('/') && !value.contains("://")
}

/// `error`, `err`, `login_errors`, `errorCode`, `error_message`.
fn is_name_of_error(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_error = |word: &str| matches!(word, "error" | "errors" | "err") || word.ends_with("error");
    let is_rule = words.first().is_some_and(|first| RULES.contains(first));
    match words.as_slice() {
        [.., last] if is_error(last) => !is_rule,
        [.., error, more] if is_error(error) && OF_ERROR.contains(more) => !is_rule,
        [.., last] => last.strip_prefix("error").is_some_and(|more| OF_ERROR.contains(&more)),
        [] => false,
    }
}

pub(super) fn is_sign_in_page(address: &Address) -> bool {
    let segments: Vec<&str> = address.segments().collect();
    // `/login/index.php`
    let page = match segments.as_slice() {
        [.., folder, last] if is_called(last, &["index"]) => folder,
        [.., last] => last,
        [] => return false,
    };
    is_called(page, &SIGN_IN_PAGES)
}

fn last_segment(address: &Address) -> &str {
    address.segments().next_back().unwrap_or_default()
}

/// The last part of the route that a page's own router reads from the fragment: `#/auth-error`.
fn route(address: &Address) -> Option<&str> {
    let route = address.params.iter().find(|param| param.source == Source::Fragment && param.value.is_empty())?;
    route.name.split('?').next()?.rsplit('/').find(|part| !part.is_empty())
}

fn without_extension(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn is_called(name: &str, names: &[&str]) -> bool {
    names.contains(&without_extension(name).to_ascii_lowercase().as_str())
}

/// The words of a name, lower case: `AuthorizationError`, `openid-connect-error`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in without_extension(name).chars() {
        if c.is_alphanumeric() {
            let begins = !before.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> Address {
        Address::parse(&format!("https://app.example{path}")).unwrap()
    }

    #[test]
    fn pages_for_errors_are_known_by_their_names() {
        for path in [
            "/error",
            "/Home/Error.aspx",
            "/errors",
            "/error-page",
            "/errorfe.aspx",
            "/auth/failure?message=csrf_detected&strategy=openid_connect",
            "/login-failed",
            "/sso/AuthorizationError",
            "/autherror",
            "/access-denied",
            "/Account/AccessDenied",
            "/#/auth-error",
            "/#/login/sso-error",
            "/?error",
            "/?error=x",
            "/?err=sso_failed",
            "/login?errorMessage=Unauthorized",
            "/login/index.php?errorcode=4",
            "/wp-login.php?login_errors=1",
            "/x?openid-connect-error=missing-state",
        ] {
            assert!(is_error_page(&page(path)), "{path}");
        }
        for path in [
            "/",
            "/home",
            "/orders/failed",
            "/payments/payment-denied",
            "/dashboard/errors-overview",
            "/failover",
            "/mirror",
            "/?error=false",
            "/?a=1&error=",
            "/?on_error=stop",
            "/?error_url=x",
            "/?errorPage=/oops",
            "/?errorDescription=https://app.example/help",
            "/?errorless=1",
            "/#/home",
            "/#home",
        ] {
            assert!(!is_error_page(&page(path)), "{path}");
        }
    }

    #[test]
    fn pages_where_people_sign_in_are_known_by_their_names() {
        for path in ["/login", "/login/", "/users/sign_in", "/Account/Login.aspx", "/login/index.php", "/wp-login.php"] {
            assert!(is_sign_in_page(&page(path)), "{path}");
        }
        for path in ["/", "/index.php", "/login/complete", "/blog/in"] {
            assert!(!is_sign_in_page(&page(path)), "{path}");
        }
    }
}
