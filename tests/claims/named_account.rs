//! The account that the error's own text names, and where it is at home.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const TEXT: &str = "response.header.location.fragment.error_description";

pub(crate) fn cases() -> Vec<Case> {
    let says = |sentence: &'static str| capture().silent_frame(move |r| r.fails(50020, sentence));
    let personal = || says("User account 'grace@outlook.example' from identity provider 'live.com' does not exist in tenant 'Contoso'.");
    let of_fabrikam = || {
        says(
            "User account 'eve@fabrikam.example' from identity provider \
             'https://sts.windows.net/fafafafa-0000-4000-8000-000000000002/' does not exist in tenant 'Contoso'.",
        )
    };
    let of_neither = || says("User account 'hal@gmail.example' from identity provider 'google.com' does not exist in tenant 'Contoso'.");
    let selected = |sentence: &'static str| capture().silent_frame(move |r| r.fails(16000, sentence));
    let untold = || says("The user account does not exist in the tenant.");
    vec![
        seen(
            "named-account.personal",
            "its identity provider is live.com",
            personal(),
            [at("silent/authorize", TEXT).shows("interaction_required, AADSTS50020")],
        ),
        not_seen("named-account.personal", "its identity provider is another directory", of_fabrikam(), [at("silent/authorize", TEXT)]),
        not_recorded("named-account.personal", "the text names no identity provider", untold(), "names no identity provider"),
        seen(
            "named-account.of-other-directory",
            "its identity provider is another directory",
            of_fabrikam(),
            [at("silent/authorize", TEXT).shows("interaction_required, AADSTS50020")],
        ),
        not_seen("named-account.of-other-directory", "its identity provider is live.com", personal(), [at("silent/authorize", TEXT)]),
        not_seen("named-account.of-other-directory", "its identity provider is a third one", of_neither(), [at("silent/authorize", TEXT)]),
        not_recorded("named-account.of-other-directory", "the text names no identity provider", untold(), "names no identity provider"),
        seen(
            "named-account.sent-to-services",
            "the tenant is that of Microsoft's services",
            says("User account 'grace@outlook.example' from identity provider 'live.com' does not exist in tenant 'Microsoft Services'."),
            [at("silent/authorize", TEXT).shows("AADSTS50020")],
        ),
        not_seen("named-account.sent-to-services", "the tenant is another", personal(), [at("silent/authorize", TEXT)]),
        not_recorded("named-account.sent-to-services", "the text names no tenant", untold(), "names no tenant"),
        seen(
            "named-account.not-in-tenant",
            "the text says so, whoever's the account is",
            selected("Selected user account does not exist in tenant 'Contoso' and has no access there."),
            [at("silent/authorize", TEXT).shows("AADSTS16000")],
        ),
        not_seen(
            "named-account.not-in-tenant",
            "the text says that several accounts may be meant",
            selected("Either multiple user identities are available for the current request or the account is not supported."),
            [at("silent/authorize", TEXT)],
        ),
        not_recorded(
            "named-account.not-in-tenant",
            "the text is in another language",
            selected("Das ausgewählte Benutzerkonto ist im Mandanten 'Contoso' nicht vorhanden."),
            "of an unknown wording",
        ),
    ]
}
