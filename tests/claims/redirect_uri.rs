//! The redirect URI: the one sent, the one refused, the one of a request that worked.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, capture};

const SENT: &str = "request.url.query.redirect_uri";
const HERE: &str = "https://app.example/signin";
const REFUSED: &str = "The redirect URI 'https://app.example/signin' specified in the request does not match.";

fn refused(capture: CaptureBuilder, uri: &'static str) -> CaptureBuilder {
    capture.redirect(move |r| r.redirect_uri(uri).fails_on_a_page(50011, REFUSED))
}

pub(crate) fn cases() -> Vec<Case> {
    let worked_with = |uri: &'static str| capture().sign_in(move |s| s.request(move |r| r.redirect_uri(uri)));
    let redeemed_with = |uri: &'static str| {
        capture().sign_in(move |s| s.request(|r| r.redirect_uri(HERE)).token(move |t| t.param("redirect_uri", uri).fails(50011, REFUSED)))
    };
    vec![
        seen(
            "redirect-uri.refused",
            "the text names the one that was sent",
            refused(capture(), HERE),
            [at("redirect/authorize", SENT).shows(HERE)],
        ),
        seen(
            "redirect-uri.refused",
            "the text names the one that a SAML request sent",
            capture().saml(|s| s.replying_to(r#" AssertionConsumerServiceURL="https://app.example/signin""#).fails(50011, REFUSED)),
            [at("saml/request", "request.url.query.SAMLRequest.AssertionConsumerServiceURL").shows(HERE)],
        ),
        not_seen(
            "redirect-uri.refused",
            "the text names another",
            refused(capture(), "https://app.example/elsewhere"),
            [at("redirect/authorize", SENT)],
        ),
        not_recorded(
            "redirect-uri.refused",
            "somebody took out the one that was sent",
            refused(capture(), "[REDACTED]"),
            "took the redirect URI out",
        ),
        not_recorded(
            "redirect-uri.altered",
            "somebody took out the one that was sent",
            refused(capture(), "REDACTED"),
            "took the redirect URI out",
        ),
        not_recorded("redirect-uri.refused", "the text names none", capture().redirect(|r| r), "names no redirect URI"),
        seen(
            "redirect-uri.near-miss",
            "another sign-in worked with a slash at the end",
            refused(worked_with("https://app.example/signin/"), HERE),
            [at("redirect/authorize", SENT).shows(HERE), at("sign-in/authorize", SENT).shows("https://app.example/signin/")],
        ),
        not_seen(
            "redirect-uri.near-miss",
            "another sign-in worked with quite another",
            refused(worked_with("https://other.example/elsewhere"), HERE),
            [at("sign-in/authorize", SENT)],
        ),
        not_recorded(
            "redirect-uri.near-miss",
            "more worked with others than the service registers",
            refused(
                (0..257).fold(capture(), |capture, number| {
                    capture.sign_in(move |s| s.request(move |r| r.redirect_uri(&format!("https://other.example/{number}"))))
                }),
                HERE,
            ),
            "not all were compared",
        ),
        not_recorded("redirect-uri.near-miss", "no sign-in worked", refused(capture(), HERE), "no sign-in of this application"),
        seen(
            "redirect-uri.plain-http",
            "the page is secure and the redirect URI is not",
            refused(capture(), "http://app.example/signin"),
            [at("redirect/authorize", SENT).shows("http://app.example/signin")],
        ),
        not_seen("redirect-uri.plain-http", "both are secure", refused(capture(), HERE), [at("redirect/authorize", SENT)]),
        not_recorded(
            "redirect-uri.plain-http",
            "nothing tells the page",
            capture().redirect(|r| r.redirect_uri("http://app.example/signin").without_header("referer").fails_on_a_page(50011, REFUSED)),
            "the page that the sign-in came from",
        ),
        seen(
            "redirect-uri.says-http",
            "the redirect URI is not secure",
            refused(capture(), "http://app.example/signin"),
            [at("redirect/authorize", SENT).shows("http://app.example/signin")],
        ),
        not_seen("redirect-uri.says-http", "it is secure", refused(capture(), HERE), [at("redirect/authorize", SENT)]),
        not_seen(
            "redirect-uri.says-http",
            "it is on the computer itself",
            refused(capture(), "http://localhost:3000/signin"),
            [at("redirect/authorize", SENT)],
        ),
        seen(
            "redirect-uri.loopback",
            "it is on the computer itself",
            refused(capture(), "http://localhost:3000/signin"),
            [at("redirect/authorize", SENT).shows("http://localhost:3000/signin")],
        ),
        not_seen("redirect-uri.loopback", "it is elsewhere", refused(capture(), HERE), [at("redirect/authorize", SENT)]),
        not_recorded("redirect-uri.loopback", "it is no web address", refused(capture(), "urn:ietf:wg:oauth:2.0:oob"), "no web address"),
        not_recorded("redirect-uri.says-http", "it is no web address", refused(capture(), "urn:ietf:wg:oauth:2.0:oob"), "no web address"),
        seen(
            "redirect-uri.changed",
            "the token request names another",
            redeemed_with("https://app.example/elsewhere"),
            [
                at("sign-in/authorize", SENT).shows(HERE),
                at("sign-in/token", "request.body.redirect_uri").shows("https://app.example/elsewhere"),
            ],
        ),
        not_seen(
            "redirect-uri.changed",
            "the token request names the same",
            redeemed_with(HERE),
            [at("sign-in/token", "request.body.redirect_uri")],
        ),
        not_recorded("redirect-uri.changed", "there is no token request", capture().redirect(|r| r), "not both in the capture"),
        seen(
            "redirect-uri.altered",
            "the service names it with another scheme",
            capture().redirect(|r| r.redirect_uri(HERE).fails_on_a_page(50011, "The redirect URI 'http://app.example/signin' does not match.")),
            [at("redirect/authorize", SENT).shows("differs in the scheme")],
        ),
        not_seen("redirect-uri.altered", "the service names the one that was sent", refused(capture(), HERE), [at("redirect/authorize", SENT)]),
        not_recorded("redirect-uri.altered", "the text names none", capture().redirect(|r| r), "names no redirect URI"),
    ]
}
