//! The token that an API refuses.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CONTOSO, CaptureBuilder, Entry, FABRIKAM, TokenRequest, capture};

use serde_json::json;

const HEADER: &str = "response.header.www-authenticate";
const GRAPH: &str = "https://graph.microsoft.com";

/// An API says what it does not like about the token.
fn complains(description: &'static str) -> CaptureBuilder {
    capture().sign_in(|s| s).api_call(move |c| c.complains(description))
}

/// The export has no Authorization: only the token reply tells what the token is.
fn made_for(audience: &'static str, url: &'static str) -> CaptureBuilder {
    capture().sanitized().sign_in(move |s| s.token(move |t| t.audience(audience))).api_call(move |c| c.url(url))
}

pub(crate) fn cases() -> Vec<Case> {
    let sanitized = || capture().sanitized().sign_in(|s| s).api_call(|c| c);
    let no_api = || capture().silent_frame(|r| r);
    let silent_api = || capture().sign_in(|s| s).api_call(|c| c);
    let of_audience = || complains("The audience 'x' is invalid");
    let late = || capture().sign_in(|s| s).wait(70).api_call(|c| c);
    let lost = || sanitized().edit("sign-in/token", Entry::losing_response_body);
    let granted = |scopes: &'static str| capture().sanitized().sign_in(move |s| s.token(move |t| t.param("scope", scopes))).api_call(|c| c);
    let asked_and_came = |asked: &'static str, came: &'static str| {
        capture().sanitized().sign_in(move |s| s.tenant(asked).token(move |t| t.tenant(came))).api_call(|c| c)
    };
    let at_graph = |host: &'static str, url: &'static str| {
        capture().sign_in(move |s| s.request(move |r| r.host(host))).api_call(move |c| c.url(url))
    };
    let graph_denies = |roles: &'static [&'static str]| {
        let denied = json!({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}});
        let token = capture().client_credentials(|t| t.succeeds().of_application(roles));
        token.api_call(|c| c.url("https://graph.microsoft.com/v1.0/users").refuses_in_body(denied).status(403))
    };
    vec![
        seen("token.carried", "the call shows its token", silent_api(), [at("api/call", "request.header.authorization")]),
        not_seen(
            "token.carried",
            "other requests show theirs, and the call has none",
            silent_api().api_call(|c| c.named("other")).edit("other/call", |entry| entry.without_header("authorization")),
            [at("other/call", "request.header.authorization")],
        ),
        not_recorded("token.carried", "the export removed it", sanitized(), "the token that was sent is not in the capture"),
        seen(
            "token.tenant-not-asked",
            "the token comes from another one",
            asked_and_came(CONTOSO, FABRIKAM),
            [at("sign-in/token", "response.body.access_token.tid")],
        ),
        not_seen(
            "token.tenant-not-asked",
            "the token is of the tenant that was asked",
            asked_and_came(CONTOSO, CONTOSO),
            [at("sign-in/token", "response.body.access_token.tid")],
        ),
        not_recorded("token.tenant-not-asked", "the application asked any tenant", asked_and_came("common", CONTOSO), "no tenant by its id"),
        seen(
            "token.issuer-refused",
            "the API speaks of the issuer",
            complains("The issuer 'x' is invalid"),
            [
                at("api/call", HEADER).shows("Bearer"),
                at("api/call", "request.header.authorization.iss").shows(CONTOSO),
            ],
        ),
        not_seen("token.issuer-refused", "the API speaks of the audience", of_audience(), [at("api/call", HEADER)]),
        not_seen(
            "token.issuer-refused",
            "the API says by number that it is the signature, and that the issuer is good",
            complains("IDX10516: Signature validation failed. Unable to match key. Valid Lifetime: 'True'. Valid Issuer: 'True'"),
            [at("api/call", HEADER)],
        ),
        not_seen(
            "token.issuer-refused",
            "the token lacks a scope that has the word tenant in it",
            capture()
                .sign_in(|s| s)
                .api_call(|c| c.challenges(r#"Bearer error="insufficient_scope", error_description="The tenant is not allowed without it""#)),
            [at("api/call", HEADER)],
        ),
        not_recorded("token.issuer-refused", "the API gives no reason", silent_api(), "does not say"),
        not_recorded(
            "token.issuer-refused",
            "the API names an issuer and refuses something else",
            complains("Unable to retrieve signing keys from issuer metadata"),
            "does not say",
        ),
        not_recorded(
            "token.issuer-refused",
            "the API complains of two things",
            complains("The issuer 'x' is invalid; The audience 'y' is invalid"),
            "does not say",
        ),
        not_recorded("token.issuer-refused", "what failed is no call of an API", no_api(), "no challenge of an API"),
        seen("token.audience-refused", "the API speaks of the audience", of_audience(), [at("api/call", HEADER).shows("Bearer")]),
        not_seen(
            "token.audience-refused",
            "the API speaks of the issuer",
            complains("The issuer 'x' is invalid"),
            [at("api/call", HEADER)],
        ),
        not_recorded("token.audience-refused", "the API gives no reason", silent_api(), "does not say"),
        seen(
            "token.audience-refused",
            "the body alone says so",
            capture().sign_in(|s| s).api_call(|c| c.refuses_in_body(json!({"message": "jwt audience invalid. expected: api://x"}))),
            [at("api/call", "response.body.message").shows("complains about the audience")],
        ),
        not_seen(
            "token.audience-refused",
            "the body speaks of the lifetime",
            capture().sign_in(|s| s).api_call(|c| {
                let graph = json!({"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed, the token is expired."}});
                c.refuses_in_body(graph)
            }),
            [at("api/call", "response.body.error.message")],
        ),
        not_recorded(
            "token.audience-refused",
            "the body says one thing, and the challenge another",
            complains("The issuer is invalid").edit("api/call", |entry| entry.json(&json!({"title": "Unauthorized", "detail": "Invalid audience"}))),
            "does not say",
        ),
        seen(
            "token.for-graph",
            "the token is for Graph, and another API gets it",
            made_for(GRAPH, "https://api.example/items"),
            [at("sign-in/token", "response.body.access_token.aud").shows(GRAPH)],
        ),
        not_seen(
            "token.for-graph",
            "the token is for Graph, and Graph gets it",
            made_for(GRAPH, "https://graph.microsoft.com/v1.0/me"),
            [at("sign-in/token", "response.body.access_token.aud")],
        ),
        not_seen(
            "token.for-graph",
            "the token is for Graph, and a test ring of Graph gets it",
            made_for(GRAPH, "https://canary.graph.microsoft.com/v1.0/me"),
            [at("sign-in/token", "response.body.access_token.aud")],
        ),
        not_seen(
            "token.for-graph",
            "the token is for the API that gets it",
            made_for("https://api.example", "https://api.example/items"),
            [at("sign-in/token", "response.body.access_token.aud")],
        ),
        seen(
            "token.for-graph",
            "the call carries a token for Graph",
            capture().sign_in(|s| s.token(|t| t.audience(GRAPH))).api_call(|c| c),
            [at("api/call", "request.header.authorization.aud").shows(GRAPH)],
        ),
        not_recorded(
            "token.for-graph",
            "no token is in the capture",
            sanitized().without_response_bodies(),
            "the token is not in the capture",
        ),
        seen(
            "token.lifetime-refused",
            "the API says that the token has expired",
            complains("The token expired at '11/20/2026'"),
            [at("api/call", HEADER).shows("Bearer")],
        ),
        not_seen("token.lifetime-refused", "the API speaks of the audience", of_audience(), [at("api/call", HEADER)]),
        not_recorded("token.lifetime-refused", "the API gives no reason", silent_api(), "does not say"),
        seen(
            "token.scope-refused",
            "the API says that the scope does not suffice",
            capture().sign_in(|s| s).api_call(|c| c.challenges(r#"Bearer error="insufficient_scope""#)),
            [at("api/call", HEADER).shows("Bearer")],
        ),
        not_seen("token.scope-refused", "the API speaks of the audience", of_audience(), [at("api/call", HEADER)]),
        not_recorded("token.scope-refused", "the API gives no reason", silent_api(), "does not say"),
        seen(
            "token.version-one",
            "its issuer is sts.windows.net",
            capture().sanitized().sign_in(|s| s.token(TokenRequest::version_one)).api_call(|c| c),
            [at("sign-in/token", "response.body.access_token.iss").shows("sts.windows.net")],
        ),
        not_seen(
            "token.version-one",
            "its issuer is login.microsoftonline.com",
            sanitized(),
            [at("sign-in/token", "response.body.access_token.iss")],
        ),
        not_recorded("token.version-one", "the token is lost", lost(), "the token is not in the capture"),
        seen(
            "token.for-microsoft",
            "Azure Resource Manager was called",
            capture().sanitized().sign_in(|s| s).api_call(|c| c.url("https://management.azure.com/x")),
            [at("api/call", "request.url")],
        ),
        not_seen("token.for-microsoft", "an API of somebody else's was called", sanitized(), [at("api/call", "request.url.host")]),
        not_recorded("token.for-microsoft", "no API was called", capture().silent_frame(|r| r), "nothing but the service"),
        seen(
            "token.audience-not-asked",
            "the scopes ask for one API, the token is for another",
            granted("https://other.example/read"),
            [at("sign-in/token", "response.body.access_token.aud").shows("https://api.example")],
        ),
        not_seen(
            "token.audience-not-asked",
            "the token is for what the scopes ask for",
            granted("https://api.example/User.Read"),
            [at("sign-in/token", "response.body.access_token.aud")],
        ),
        not_recorded(
            "token.audience-not-asked",
            "the scopes name an id, the token an address",
            granted("api://c0c0c0c0-0000-4000-8000-0000000000aa/read"),
            "cannot be compared",
        ),
        seen(
            "token.other-cloud",
            "a token of US Government at the worldwide Graph",
            at_graph("login.microsoftonline.us", "https://graph.microsoft.com/v1.0/me"),
            [at("api/call", "request.header.authorization.iss").shows("login.microsoftonline.us")],
        ),
        seen(
            "token.other-cloud",
            "a worldwide token of version 1 at the Graph of US Government: the reply's host tells its cloud",
            capture()
                .sanitized()
                .sign_in(|s| s.token(TokenRequest::version_one))
                .api_call(|c| c.url("https://graph.microsoft.us/v1.0/me")),
            [at("sign-in/token", "response.body.access_token.iss")],
        ),
        seen(
            "token.other-cloud",
            "the same, and the token that was sent is recorded",
            capture().sign_in(|s| s.token(TokenRequest::version_one)).api_call(|c| c.url("https://graph.microsoft.us/v1.0/me")),
            [at("api/call", "request.header.authorization.iss")],
        ),
        not_seen(
            "token.other-cloud",
            "a token of US Government at its own Graph",
            at_graph("login.microsoftonline.us", "https://graph.microsoft.us/v1.0/me"),
            [at("api/call", "request.header.authorization.iss")],
        ),
        not_seen(
            "token.other-cloud",
            "the API is none of Microsoft's",
            at_graph("login.microsoftonline.us", "https://api.example/items"),
            [at("api/call", "request.url.host")],
        ),
        not_recorded(
            "token.other-cloud",
            "the token is lost",
            at_graph("login.microsoftonline.us", "https://graph.microsoft.com/v1.0/me").sanitized().without_response_bodies(),
            "the token is not in the capture",
        ),
        seen(
            "token.scope-not-granted",
            "two were asked for, one was granted",
            granted("https://api.example/User.Read https://api.example/Mail.Read"),
            [at("sign-in/token", "response.body.access_token.scp").shows("User.Read")],
        ),
        not_seen(
            "token.scope-not-granted",
            "what was asked for was granted",
            granted("https://api.example/User.Read openid"),
            [at("sign-in/token", "response.body.access_token.scp")],
        ),
        not_recorded(
            "token.scope-not-granted",
            "an application's own token has none",
            graph_denies(&["User.Read.All"]),
            "roles in the place of scopes",
        ),
        not_recorded("token.scope-not-granted", "the token is lost", lost(), "the token is not in the capture"),
        seen(
            "token.operation-refused",
            "Microsoft Graph misses a permission",
            graph_denies(&["User.Read.All"]),
            [at("api/call", "request.url").shows("403")],
        ),
        not_seen("token.operation-refused", "the API wants another token", silent_api(), [at("api/call", "response.status")]),
        not_recorded("token.operation-refused", "no API was called", no_api(), "no call of an API failed"),
        seen(
            "token.without-roles",
            "the token says that it is an application's, and names none",
            graph_denies(&[]),
            [at("api/call", "request.header.authorization.idtyp").shows("app")],
        ),
        not_seen(
            "token.without-roles",
            "it has one",
            graph_denies(&["User.Read.All"]),
            [at("api/call", "request.header.authorization.roles")],
        ),
        not_seen("token.without-roles", "a person's has scopes", silent_api(), [at("api/call", "request.header.authorization.roles")]),
        not_recorded("token.without-roles", "the token is lost", lost(), "the token is not in the capture"),
        seen(
            "token.expired-when-sent",
            "it was sent once more after more than an hour",
            late().edit("api/call", |entry| entry.reply_header("date", "Fri, 20 Nov 2026 15:10:02 GMT")),
            [at("api/call", "request.header.authorization.exp").shows("2026-"), at("api/call", "response.header.date").shows("GMT")],
        ),
        seen(
            "token.expired-when-sent",
            "the call does not show its token, and the time of the last that was given out is over",
            late().sanitized(),
            [at("sign-in/token", "response.body.access_token.exp").shows("2026-11-20")],
        ),
        seen(
            "token.expired-when-sent",
            "the API does not tell its time: the other servers do",
            late(),
            [at("api/call", "request.header.authorization.exp")],
        ),
        not_seen(
            "token.expired-when-sent",
            "it was sent at once",
            silent_api(),
            [at("api/call", "request.header.authorization.exp")],
        ),
        not_recorded("token.expired-when-sent", "the export removed it: it may have been an older one", sanitized(), "not in the capture"),
        not_recorded("token.expired-when-sent", "the token is lost", late().sanitized().without_response_bodies(), "not in the capture"),
        not_recorded(
            "token.expired-when-sent",
            "the API's own clock is two hours ahead",
            silent_api().edit("api/call", |entry| entry.reply_header("date", "Mon, 20 Nov 2056 12:00:00 GMT")),
            "do not agree",
        ),
        not_recorded(
            "token.expired-when-sent",
            "no reply tells the time",
            late().everywhere(|entry| entry.without_reply_header("date")),
            "no reply tells the servers' time",
        ),
    ]
}
