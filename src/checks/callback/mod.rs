//! What the application did with the reply of the sign-in: what became of its redirect page stands in `page`, what of the reply
//! itself in `reply`, and whether the hosting takes it in the application's place in `platform`.

mod page;
mod platform;
mod reply;

pub(super) use page::searched_reply_place;

use super::{Check, Claim, ClaimInfo, LooksAt, Record, Scene, Start};
use page::RedirectPage;

/// What the application did with the reply of the sign-in.
pub(super) static CHECK: Check = Check {
    name: "callback",
    about: "Whether the application received the reply, kept it, and turned its code in",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 14] = [
    ClaimInfo {
        name: "callback.code-not-used",
        seen: "The application was handed a code and sent no token request.",
        not_seen: "The application turned its code in.",
        question: "Whether the application turned its code in",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.refuses-framing",
        seen: "The application's own redirect page forbids to be shown in a frame.",
        not_seen: "The application's redirect page does not forbid to be shown in a frame.",
        question: "Whether the application's redirect page forbids to be shown in a frame",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.cuts-opener",
        seen: "The application's redirect page cuts itself off from the window that opened it (Cross-Origin-Opener-Policy).",
        not_seen: "The application's redirect page keeps its link to the window that opened it.",
        question: "Whether the application's redirect page cuts itself off from the window that opened it",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.error-status",
        seen: "The application answered the reply with an error status of its own.",
        not_seen: "The application did not answer the reply with an error status.",
        question: "How the application's server answered the reply",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.not-reached",
        seen: "The browser could not load the application's redirect page.",
        not_seen: "The browser loaded the application's redirect page.",
        question: "Whether the browser could load the application's redirect page",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.private-address",
        seen: "The redirect page lies at an address of a local network, while the application's page is on a public one.",
        not_seen: "The redirect page lies no deeper in a local network than the application's page.",
        question: "Whether the redirect page lies in a local network",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the authorization request with its redirect URI is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.nobody-answers",
        seen: "Nothing answers at the redirect page's address: the connection was refused, or the name is not known.",
        not_seen: "It is not for want of somebody to answer that the redirect page did not load.",
        question: "Whether anything answers at the redirect page's address",
        record: Record::BrowserError,
    },
    ClaimInfo {
        name: "callback.reserved-path",
        seen: "The redirect URI is one of those that Azure App Service keeps for its own sign-in (/.auth/), and something else began the \
               sign-in.",
        not_seen: "The redirect URI is none of those that Azure App Service keeps for its own sign-in, or that is what began the sign-in.",
        question: "Whether the redirect URI is one that Azure App Service keeps for its own sign-in",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the authorization request with its redirect URI is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.of-platform",
        seen: "The hosting itself signs people in here (Azure App Service or Static Web Apps, /.auth/): it began the sign-in and takes the reply.",
        not_seen: "It is not the hosting itself that began the sign-in.",
        question: "Whether the hosting itself began the sign-in",
        record: Record::Earlier { before: Start::Page, with: "so that what began the sign-in is in the capture", shows: "" },
    },
    ClaimInfo {
        name: "callback.other-nonce",
        seen: "The ID token names another nonce than the request had sent: it belongs to another sign-in.",
        not_seen: "The ID token names the nonce that the request had sent.",
        question: "Whether the ID token names the nonce that the request had sent",
        record: Record::Told("Record the token reply with its body."),
    },
    ClaimInfo {
        name: "callback.other-state",
        seen: "The reply came back with a state that no request in this capture had sent.",
        not_seen: "The reply came back with the state that the request had sent.",
        question: "Whether the reply came back with the state that the request had sent",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the request with its state is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.at-server",
        seen: "The reply goes to a server of the application, not to a library in its page.",
        not_seen: "The reply goes to a library in the application's page.",
        question: "Whether the reply goes to a server of the application",
        record: Record::Earlier {
            before: Start::Step("the sign-in begins"),
            with: "so that the authorization request is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.person-refused",
        seen: "The application received the reply and keeps the person out (401 or 403).",
        not_seen: "The application does not say that it keeps the person out.",
        question: "Whether the application keeps the person out",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.broker-refuses",
        seen: "Whoever got the service's reply sent the browser on to another application, with an error of its own.",
        not_seen: "Whoever got the service's reply did not send the browser on with an error of its own.",
        question: "Whether whoever got the reply sent the browser on with an error of its own",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Keep recording, with Preserve log on, until the application has loaded after the sign-in.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [
        not_used,
        framing,
        opener,
        error_status,
        not_reached,
        private_address,
        nobody_answers,
        reserved_path,
        of_platform,
        nonce_differs,
        state_differs,
        at_server,
        person_refused,
        broker_refuses,
    ] = &CLAIMS;
    let handed = reply::handed(scene);
    let page = RedirectPage::of(scene, handed);
    vec![
        not_used.is(reply::is_code_unused(scene, handed)),
        framing.is(page.refuses_framing()),
        opener.is(page.cuts_opener()),
        error_status.is(page.fails()),
        not_reached.is(page.is_not_reached()),
        private_address.is(page::leads_into_local_network(scene)),
        nobody_answers.is(page.has_no_server()),
        reserved_path.is(platform::is_reserved(scene)),
        of_platform.is(platform::is_at_work(scene)),
        nonce_differs.is(reply::has_other_nonce(scene)),
        state_differs.is(reply::has_other_state(scene)),
        at_server.is(reply::goes_to_server(scene)),
        person_refused.is(page.refuses_person()),
        broker_refuses.is(page.refuses_as_broker()),
    ]
}
