//! Why a request got no usable answer.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Entry, Window, capture, get};

const ERROR: &str = "response._error";
/// A filter answers in the place of the service.
fn filtered() -> CaptureBuilder {
    let page = |entry: Entry| ["x-ms-request-id", "x-ms-ests-server"].into_iter().fold(entry.html("<h1>No</h1>"), Entry::without_reply_header);
    capture().silent_frame(|r| r.gets_status(403)).edit("silent/authorize", page)
}

const NOT_SHOWN: &str = "net::ERR_BLOCKED_BY_RESPONSE";
const NOT_EMBEDDED: &str = "net::ERR_BLOCKED_BY_RESPONSE.CoepFrameResourceNeedsCoepHeader";
const CSP: &str = "net::ERR_BLOCKED_BY_CSP";
/// What stands in a HAR that entrace made of a proxy's file.
const PROXY_UNTOLD: &str = "proxy: no response";
const PROXY_NO_HOST: &str = "proxy: the host name could not be resolved";

pub(crate) fn cases() -> Vec<Case> {
    let no_answer = |error: &'static str| capture().silent_frame(move |r| r.gets_no_answer(error));
    let blocked = || no_answer("net::ERR_BLOCKED_BY_CLIENT");
    let unreachable = || no_answer("net::ERR_NAME_NOT_RESOLVED");
    let untold = || no_answer("");
    let script = || {
        let script = get("https://aadcdn.msauth.net/shared/1.0/content/js/ConvergedLogin_PCore.js");
        script.in_window(Window::Script, "cross-site").kind("script").no_response("net::ERR_BLOCKED_BY_CLIENT")
    };
    let page = || capture().silent_frame(|r| r.gets_sign_in_page());
    let shows = |what: &'static str| at("silent/authorize", "request.url").shows(what);
    let told = |why: &'static str| [at("silent/authorize", ERROR).shows(why), at("silent/authorize", "request.url").shows("no response")];
    let kinds = [
        ("transport.blocked-from-local-network", "it leads into the local network", "net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS"),
        ("transport.certificate-not-trusted", "the certificate is not trusted", "net::ERR_CERT_AUTHORITY_INVALID"),
        ("transport.certificate-date", "the certificate is out of date", "net::ERR_CERT_DATE_INVALID"),
        ("transport.offline", "there is no network", "net::ERR_INTERNET_DISCONNECTED"),
        ("transport.network-changed", "the network changed", "net::ERR_NETWORK_CHANGED"),
    ];
    let of_kinds = kinds.into_iter().flat_map(|(claim, when, why)| {
        let wider = if claim == "transport.blocked-from-local-network" { "transport.blocked-by-client" } else { "transport.unreachable" };
        [
            seen(claim, "the browser says so", no_answer(why), told(why)),
            seen(wider, when, no_answer(why), told(why)),
            not_seen(claim, "the browser says something else", no_answer("net::ERR_CONNECTION_RESET"), [at("silent/authorize", ERROR)]),
            not_recorded(claim, "the recorder does not say why", untold(), "does not say why"),
        ]
    });
    let of_kinds: Vec<Case> = of_kinds.collect();
    let cases = vec![
        seen("transport.blocked-by-client", "the browser says blocked by client", blocked(), told("net::ERR_BLOCKED_BY_CLIENT")),
        not_seen("transport.blocked-by-client", "the browser says name not resolved", unreachable(), [at("silent/authorize", ERROR)]),
        not_seen("transport.blocked-by-client", "an answer came", page(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.blocked-by-client", "the browser only says failed", no_answer("net::ERR_FAILED"), "does not say why"),
        not_recorded("transport.blocked-by-client", "the recorder does not say why", untold(), "does not say why"),
        seen("transport.blocked-by-client", "the page's policy stopped it", no_answer(CSP), told(CSP)),
        seen("transport.blocked-by-page-policy", "Chromium says so", no_answer(CSP), told(CSP)),
        seen(
            "transport.page-script-missing",
            "an extension stopped it",
            capture().sign_in(|s| s.abandoned()).exchange("script", script()),
            [at("script", "request.url").shows("no response"), at("script", ERROR).shows("net::ERR_BLOCKED_BY_CLIENT")],
        ),
        not_seen(
            "transport.page-script-missing",
            "nothing that the page loads failed",
            capture().sign_in(|s| s.refused(50126)),
            [at("sign-in/login", "response.body")],
        ),
        not_recorded("transport.page-script-missing", "no page came", blocked(), "no sign-in page came"),
        not_seen("transport.blocked-by-page-policy", "an extension did", blocked(), [at("silent/authorize", ERROR)]),
        not_seen("transport.blocked-by-page-policy", "an answer came", page(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.blocked-by-page-policy", "the browser names no reason", no_answer("net::ERR_FAILED"), "does not say why"),
        not_recorded("transport.blocked-by-page-policy", "the proxy names no reason", no_answer(PROXY_UNTOLD), "does not say why"),
        seen("transport.unreachable", "the browser says name not resolved", unreachable(), told("net::ERR_NAME_NOT_RESOLVED")),
        not_seen("transport.unreachable", "the browser says blocked by client", blocked(), [at("silent/authorize", ERROR)]),
        seen("transport.unreachable", "the network did not answer in time", no_answer("net::ERR_TIMED_OUT"), told("net::ERR_TIMED_OUT")),
        not_recorded(
            "transport.unreachable",
            "nothing came in time, and a frame waited for it",
            no_answer("net::ERR_TIMED_OUT").edit("silent/authorize", |entry| entry.lasting_ms(10_000)),
            "nothing came in time",
        ),
        seen(
            "transport.unreachable",
            "nothing came in time, and a page waited for it",
            capture().redirect(|r| r.gets_no_answer("net::ERR_TIMED_OUT")).edit("redirect/authorize", |entry| entry.lasting_ms(10_000)),
            [at("redirect/authorize", ERROR), at("redirect/authorize", "request.url")],
        ),
        not_seen("transport.unreachable", "an answer came", page(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.unreachable", "the frame was taken away", no_answer("net::ERR_ABORTED"), "gave up before the network told"),
        not_recorded("transport.unreachable", "the browser only says failed", no_answer("net::ERR_FAILED"), "does not say why"),
        not_recorded("transport.unreachable", "the recorder does not say why", untold(), "does not say why"),
        seen("transport.unreachable", "the proxy could not resolve the name", no_answer(PROXY_NO_HOST), told("could not be resolved")),
        not_recorded("transport.unreachable", "the proxy does not say why", no_answer(PROXY_UNTOLD), "the proxy does not say why"),
        seen("transport.answered-in-its-place", "a filter answers with a page of its own", filtered(), [shows("403")]),
        not_seen(
            "transport.answered-in-its-place",
            "the service answers with an error",
            capture().silent_frame(|r| r.gets_status(503)),
            [at("silent/authorize", "response.header.x-ms-request-id")],
        ),
        not_seen("transport.answered-in-its-place", "no answer came", blocked(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.answered-in-its-place", "nothing tells how it ended", untold(), "does not say how the request ended"),
        seen(
            "transport.framing-refused",
            "the page says DENY",
            page(),
            [at("silent/authorize", "response.header.x-frame-options").shows("DENY")],
        ),
        not_seen(
            "transport.framing-refused",
            "the answer is a redirect",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "response.header.x-frame-options")],
        ),
        not_recorded("transport.framing-refused", "no answer came", blocked(), "no answer is recorded"),
        seen("transport.not-shown-in-frame", "Chromium says so", no_answer(NOT_SHOWN), told(NOT_SHOWN)),
        seen("transport.not-shown-in-frame", "Chromium says more", no_answer(NOT_EMBEDDED), told("ERR_BLOCKED_BY_RESPONSE.Coep")),
        not_seen("transport.not-shown-in-frame", "an extension stopped it", blocked(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.not-shown-in-frame", "the recorder does not say why", untold(), "does not say why"),
        seen("transport.embedding-refused", "Chromium says so", no_answer(NOT_EMBEDDED), told("ERR_BLOCKED_BY_RESPONSE.Coep")),
        not_seen("transport.embedding-refused", "an extension stopped it", blocked(), [at("silent/authorize", ERROR)]),
        not_recorded("transport.embedding-refused", "Chromium does not say what is lacking", no_answer(NOT_SHOWN), "does not say"),
        seen("transport.given-up", "the frame was taken away", no_answer("net::ERR_ABORTED"), told("net::ERR_ABORTED")),
        seen(
            "transport.given-up",
            "nothing came in time, and a frame waited for it",
            no_answer("net::ERR_TIMED_OUT").edit("silent/authorize", |entry| entry.lasting_ms(10_000)),
            told("net::ERR_TIMED_OUT"),
        ),
        seen(
            "transport.given-up",
            "nothing tells why no answer came, and the request lasted for six seconds",
            untold().edit("silent/authorize", |entry| entry.lasting_ms(6000)),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded("transport.given-up", "nothing tells why no answer came, and the request ended at once", untold(), "does not say why"),
        not_seen("transport.given-up", "the browser says blocked by client", blocked(), [at("silent/authorize", ERROR)]),
        seen("transport.error-status", "the service answers with 503", capture().silent_frame(|r| r.gets_status(503)), [shows("503")]),
        not_seen("transport.error-status", "the service answers with a page", page(), [at("silent/authorize", "response.status")]),
        not_recorded("transport.error-status", "no answer came", blocked(), "no answer came"),
    ];
    cases.into_iter().chain(of_kinds).collect()
}
