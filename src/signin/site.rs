//! Which hosts may be of one application.

/// Hosts under which everybody may have one, each another's (the private part of publicsuffix.org's list: of it those on which
/// applications of Entra ID are put; the whole list would be larger than all that is known of sign-ins).
const SHARED: [&str; 17] = [
    "amplifyapp.com",
    "azurecontainerapps.io",
    "azurefd.net",
    "azurestaticapps.net",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudfront.net",
    "firebaseapp.com",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok.io",
    "pages.dev",
    "vercel.app",
    "web.app",
];

/// What hosts of one application may have in common: the last two labels, where they are a name and not, as in `co.uk`, an ending;
/// else all of it.
pub(super) fn site(host: &str) -> &str {
    let ending = host.rmatch_indices('.').nth(1).and_then(|(dot, _)| host.get(dot + 1..)).unwrap_or(host);
    // Only countries have endings of two labels (`co.uk`, `com.au`).
    let is_name = |(name, ending): (&str, &str)| name.len() > 3 || ending.len() > 2;
    match ending.split_once('.').is_some_and(is_name) && !SHARED.contains(&ending) {
        true => ending,
        false => host,
    }
}

#[cfg(test)]
mod tests {
    use super::site;

    #[test]
    fn hosts_of_one_owner_have_one_site() {
        for (host, expected) in [
            ("api.contoso.example", "contoso.example"),
            ("app.hp.com", "hp.com"),
            ("contoso.example", "contoso.example"),
            ("app.contoso.co.uk", "app.contoso.co.uk"),
            ("contoso.azurewebsites.net", "contoso.azurewebsites.net"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(site(host), expected);
        }
    }
}
