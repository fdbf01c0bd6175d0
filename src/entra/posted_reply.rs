//! Replies that pages of the sign-in service post to applications. What is posted is often not recorded (a NetLog never keeps
//! it); that it was posted shows by where it goes and where it comes from.

use super::endpoint::Endpoint;
use super::handed::Handed;
use super::params::Address;
use super::step::Step;
use crate::exchange::hosts::sign_in_host;
use std::collections::HashSet;

/// Where an application takes replies: origin and path.
pub(crate) type Receiver = (String, String);

/// The receivers that the steps so far named.
#[derive(Default)]
pub(super) struct PostedReplies {
    receivers: HashSet<Receiver>,
}

impl PostedReplies {
    /// Takes in a step; one that brings a reply which was not recorded to a known receiver becomes the application's callback, and so
    /// does any reply to an application that lives on a host of the sign-in service's own pages.
    pub(super) fn follow(&mut self, step: &mut Step<'_>) {
        if (step.brings_unread_reply() || step.brings_reply_to_account_pages())
            && place(step.address.as_ref()).is_some_and(|place| self.receivers.contains(&place))
        {
            step.becomes_callback();
        }
        self.receivers.extend(step.receivers());
    }
}

impl Step<'_> {
    /// Whether a page of the sign-in service posted something to an application, and the capture does not have it.
    fn brings_unread_reply(&self) -> bool {
        let is_sign_in = |name: &'static str| {
            let page = self.request_header(name).kept().and_then(|header| Address::parse(header.raw()));
            page.is_some_and(|page| sign_in_host(&page.host).is_some())
        };
        let may_be_app = matches!(self.endpoint, Endpoint::App | Endpoint::AccountPages);
        may_be_app && self.is_body_unread() && (is_sign_in("origin") || is_sign_in("referer"))
    }

    /// Whether it brings the pages around accounts (invitations, My Apps) what an application gets from the service.
    fn brings_reply_to_account_pages(&self) -> bool {
        let is_given = || self.params.has("error") || Handed::of(&self.params).next().is_some();
        self.endpoint == Endpoint::AccountPages && self.params.has("state") && is_given()
    }

    /// Where the reply to this request, or the reply that this page holds, goes: as the page says and as the request does.
    pub(crate) fn receivers(&self) -> impl Iterator<Item = Receiver> {
        let by_page = self.reply.handover.as_ref().filter(|handover| handover.is_in_page());
        let by_page = place(by_page.and_then(|handover| handover.target.as_ref()));
        let asked = self.reply_address().filter(|_| self.at_entra());
        by_page.into_iter().chain(place(asked.as_ref()))
    }

    /// Where an application receives this step.
    pub(crate) fn receiver(&self) -> Option<Receiver> {
        place(self.address.as_ref().filter(|_| self.endpoint == Endpoint::AppCallback))
    }

    /// Where the sign-in service receives this step, as an application at another tenant, with what was asked for there.
    pub(crate) fn returns_to_service(&self) -> Option<Receiver> {
        let is_given = ["code", "id_token", "SAMLResponse", "wresult"].iter().any(|name| self.params.has(name));
        place(self.address.as_ref().filter(|_| self.endpoint == Endpoint::Federation && is_given))
    }

    /// Where the request wants its reply to go: OAuth 2.0, SAML, WS-Federation.
    pub(crate) fn reply_address(&self) -> Option<Address> {
        let (value, _) = self.reply_place()?;
        Address::parse(value.expose()).filter(|address| !address.host.is_empty())
    }
}

fn place(address: Option<&Address>) -> Option<Receiver> {
    address.map(|address| (address.origin(), address.path.clone()))
}
