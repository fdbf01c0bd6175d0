//! The hop on which a browser presents the person's certificate: whether it could arrive at all.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, NoAnswer, Step};

/// The hop on which a browser presents the person's certificate.
pub(super) static CHECK: Check = Check { name: "certificate", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the program that recorded the sign-in stood between the browser and the host that asks for its certificate";

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "certificate.decrypted-by-recorder",
        seen: "The proxy that recorded the sign-in decrypted the request to the certificate host: it ended the TLS connection in which the \
           browser would have presented its certificate.",
        not_seen: "The browser itself recorded its request to the certificate host, and no recorder stood in between.",
        question: ABOUT,
        record: Record::Told("Record with the browser's own developer tools, from before the certificate is chosen."),
    },
    ClaimInfo {
        name: "certificate.handshake-failed",
        seen: "The connection failed over the certificate that the browser presented, or did not present.",
        not_seen: "It was not over a certificate of the browser that the connection failed.",
        question: "Whether the connection failed over the certificate of the browser",
        record: Record::BrowserError,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [decrypted, handshake_failed] = &CLAIMS;
    let asks = |step: &&Step<'_>| step.endpoint == Endpoint::Certificate && step.is_at_certificate_host();
    let observation = match scene.attempt.steps(scene.traffic).find(asks) {
        None => Observation::not_recorded("no request to the certificate host is in the capture"),
        Some(step) => match scene.traffic.capture.exporter {
            // What these show of an exchange in TLS they have decrypted.
            exporter if exporter.is_proxy() => Observation::seen(scene.names().step(step)),
            exporter if exporter.is_browser() => Observation::not_seen([Evidence::searched(step.entry, "request.url")]),
            _ => {
                Observation::not_recorded("nothing tells whether the program that recorded the sign-in stands between browser and service")
            }
        },
    };
    vec![decrypted.is(observation), handshake_failed.is(handshake(scene))]
}

fn handshake(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    match (&step.exchange.response.failure, step.status) {
        (Some(_), _) if NoAnswer::of(step.exchange) == Some(NoAnswer::ClientCertificate) && step.may_ask_for_certificate() => {
            scene.unanswered(step.exchange)
        }
        (None, None) if step.may_ask_for_certificate() => Observation::not_recorded("the recorder does not say why no answer came"),
        // No other host asks a browser for a certificate.
        _ => Observation::not_seen([Evidence::searched(step.entry, "response._error")]),
    }
}
