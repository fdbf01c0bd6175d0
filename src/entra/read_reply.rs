//! Reads what came back: from the address that a response redirects to, its body and its headers, and from what the
//! application receives.

use super::carriers;
use super::challenge::{self, Challenge};
use super::complaint::{Complaint, ComplaintPlace};
use super::endpoint::Endpoint;
use super::failure::{Carrier, Failure};
use super::handed::Handed;
use super::markup::is_sealed_token;
use super::page::SignInPage;
use super::params::{self, Address, Params, Source};
use super::recording::Recording;
use super::reply::{DeviceCode, Handover, Reply, location, user_code};
use super::saml;
use super::step::Step;
use super::tenant::Guid;
use super::token::{Claims, TokenReply};
use super::ws_trust;
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Exchange, Secret, Written};
use serde_json::Value;

impl<'c> Step<'c> {
    /// Decodes an exchange.
    pub(super) fn read(exchange: &'c Exchange, recording: &Recording) -> Self {
        let mut step = Self::asked(exchange, recording);
        step.reply = Reply::read(&step);
        step
    }

    /// Takes the step for the one in which the application receives its reply, which nothing in the step itself tells.
    pub(super) fn becomes_callback(&mut self) {
        self.endpoint = Endpoint::AppCallback;
        self.reply = Reply::read(self);
    }
}

impl Reply {
    /// Reads what came back in a step.
    fn read(step: &Step<'_>) -> Self {
        let mut reply = Self::default();
        let exchange = step.exchange;
        let at_sign_in = !matches!(step.endpoint, Endpoint::App | Endpoint::AppCallback);
        if let Some((part, text)) = location(exchange) {
            reply.redirect = Address::parse(&exchange.request.url.join(text));
            if at_sign_in {
                reply.take_redirect(part);
            } else if let Some(target) = &reply.redirect {
                reply.failures.extend(carriers::passed_on(step, target, part));
            }
        }
        if let Some(body) = exchange.response.body.kept() {
            reply.take_body(step, body.raw(), at_sign_in);
        }
        if step.endpoint == Endpoint::AppCallback {
            reply.take_callback(step);
        }
        for header in exchange.response.headers.all("www-authenticate") {
            reply.challenge = reply.challenge.or_else(|| Challenge::of(header.raw()));
            reply.asks_device_proof |= challenge::asks_in(header.raw(), "PKeyAuth");
        }
        reply.complaint = reply.api_complaint(step);
        reply.provider_failed = carriers::provider_failed(step);
        reply.refusal = ws_trust::refusal(step);
        if reply.failures.is_empty() {
            reply.failures.extend(carriers::clitelem(step));
        }
        reply
    }

    fn api_complaint(&self, step: &Step<'_>) -> Option<(Complaint, ComplaintPlace)> {
        let in_header = self.challenge.as_ref().and_then(|challenge| challenge.complaint);
        let in_header = in_header.map(|complaint| (complaint, ComplaintPlace::Challenge));
        let body = step.exchange.response.body.kept();
        let body = body.filter(|_| step.endpoint == Endpoint::App && matches!(step.status, Some(401 | 403)));
        let in_body = body.and_then(|body| Complaint::in_body(body.raw()));
        match (in_header, in_body) {
            (Some((one, _)), Some((other, _))) if one != other => None,
            (in_header, in_body) => in_header.or(in_body),
        }
    }

    fn take_redirect(&mut self, part: &'static str) {
        let Some(target) = &self.redirect else { return };
        if target.scheme == "urn" && target.path.eq_ignore_ascii_case("http-auth:PKeyAuth") {
            self.asks_device_proof = true;
            self.device_proof = target.params.text("SubmitUrl").map(Written::new);
            return;
        }
        let instance = target.params.text("cloud_instance_host_name").and_then(sign_in_host);
        self.cloud = instance.map(|host| host.cloud);
        if !is_reply(&target.params) {
            return;
        }
        self.failures.extend(Failure::from_params(&target.params, Carrier::Redirect, part));
        self.failures.extend(carriers::fault(&target.params, part));
        self.take_handover(Handover { part, params: target.params.clone(), target: Some(target.clone()) });
    }

    fn take_body(&mut self, step: &Step<'_>, body: &str, at_sign_in: bool) {
        let trimmed = body.trim_start();
        if trimmed.starts_with('{') {
            if at_sign_in && let Ok(json) = serde_json::from_str::<Value>(trimmed) {
                self.tokens = TokenReply::of_json(&json);
                self.failures.extend(carriers::json_failure(&json));
                self.failures.extend(carriers::journey_failure(step, &json));
                self.failures.extend(carriers::second_factor_failure(step, &json));
                self.named_provider = ws_trust::named_provider(step, &json);
                self.device = device_code(&json).filter(|_| step.endpoint == Endpoint::DeviceCode);
                let issuer = issuer(&json).filter(|_| step.endpoint == Endpoint::Metadata);
                self.directory = issuer.as_ref().and_then(|issuer| issuer.segments().next().and_then(Guid::parse));
                self.issuer_host = issuer.map(|issuer| issuer.host);
                let instance = json.get("cloud_instance_name").and_then(Value::as_str);
                self.cloud = instance.and_then(|name| sign_in_host(&format!("login.{name}"))).map(|host| host.cloud);
                return;
            }
        } else if at_sign_in && trimmed.starts_with('<') {
            self.page = SignInPage::read(body);
            // The Microsoft account service numbers its errors otherwise.
            if step.host.is_some_and(|host| host.service == Service::MicrosoftAccount)
                && let Some(page) = &mut self.page
            {
                page.failure = page.failure.take().filter(|failure| failure.text.as_ref().is_some_and(carriers::names_code_in));
            }
            if let Some(page) = &self.page {
                self.failures.extend(page.failure.clone());
                return;
            }
            let inputs = params::page_inputs(body);
            if is_reply(&inputs) {
                self.failures.extend(Failure::from_params(&inputs, Carrier::FormPost, "response.body.input"));
                if let Some(response) = inputs.text("SAMLResponse") {
                    self.failures.extend(saml::response_failure(response, "response.body.input.SAMLResponse".to_owned()));
                }
                self.failures.extend(carriers::fault(&inputs, "response.body.input.wresult"));
                let target = params::form_action(body).and_then(|action| Address::parse(&action));
                self.take_handover(Handover { part: Handover::IN_PAGE, target, params: inputs });
                return;
            }
        }
        self.sealed_token = match step.endpoint {
            Endpoint::WsTrust => body.contains("RequestedSecurityToken"),
            Endpoint::Token => step.status == Some(200) && is_sealed_token(trimmed.trim_end()),
            _ => false,
        };
        let failure = carriers::prose_failure(step, body, at_sign_in);
        if failure.is_none() {
            self.told_by_page = carriers::told_by_page(step, body);
        }
        self.failures.extend(failure);
    }

    fn take_callback(&mut self, step: &Step<'_>) {
        self.failures.extend(Failure::from_params(&step.params, Carrier::Callback, "request.url").map(|mut failure| {
            if step.params.find("error").is_some_and(|param| param.source == Source::Form) {
                failure.part = failure.part.replace("request.url", "request.body");
            }
            failure
        }));
        if let Some(response) = step.params.text("SAMLResponse") {
            self.failures.extend(saml::response_failure(response, "request.body.SAMLResponse".to_owned()));
        }
        self.failures.extend(carriers::fault(&step.params, "request.body.wresult"));
    }

    fn take_handover(&mut self, handover: Handover) {
        let id_token = handover.params.text("id_token").and_then(Claims::of);
        let access_token = handover.params.text("access_token");
        if id_token.is_some() || access_token.is_some() {
            let reply = TokenReply {
                id_token,
                access_token: access_token.and_then(Claims::of),
                access_token_value: access_token.map(Secret::new),
                ..TokenReply::default().with_client_info(handover.params.text("client_info"))
            };
            self.tokens = Some(reply);
        }
        self.handover = Some(handover);
    }
}

/// Whether parameters on their way to an application are a reply to it: what it asked for, or an error.
fn is_reply(params: &Params) -> bool {
    params.has("error") || Handed::of(params).next().is_some()
}

/// `https://login.microsoftonline.com/{id}/v2.0`; for `common` and its like no id stands there.
fn issuer(json: &Value) -> Option<Address> {
    Address::parse(json.get("issuer")?.as_str()?)
}

fn device_code(json: &Value) -> Option<DeviceCode> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    Some(DeviceCode { device_code: text("device_code").map(Secret::new)?, user_code: text("user_code").map(user_code) })
}
