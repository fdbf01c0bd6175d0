//! What was taken for granted of an exchange while the file had not said yet who wrote it.
//!
//! What a missing part means depends on the exporter, and JSON may name it behind the entries. A file that passes
//! once can't be asked first.

use super::body::{self, Around, Body};
use super::parts::HeaderParts;
use super::visitor::Entry;
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::exchange::{Exchange, Headers, Loss, RawText, Recorded};

/// The parts of an exchange that another exporter would have meant otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assumed {
    page: bool,
    request_headers: bool,
    response_body: bool,
    /// The posted form as it was sent, if the exporter keeps its fields encoded.
    form: Option<String>,
}

impl Assumed {
    /// What was assumed of an entry, if anything was.
    pub(super) fn of(entry: &Entry<'_>, exchange: &Exchange) -> Option<Self> {
        // An entry that entrace has written says itself what it means.
        let parts = entry.parts.as_ref().filter(|parts| parts.note.is_none())?;
        let request = parts.request.as_ref()?;
        let content = parts.response.as_ref().and_then(|response| response.body.as_ref());
        let whole = exchange.kept_whole;
        let encoded = Exporter::ChromiumDevTools;
        let form = match body::of_request(request, &exchange.request.method, encoded) {
            form @ Body::Params(..) if whole => {
                let around = Around { beside: &Attachments::nowhere(), headers: &HeaderParts::default(), mime: None };
                form.decode(around).body.kept().map(ToString::to_string)
            }
            _ => None,
        };
        let assumed = Self {
            page: exchange.page.kept().is_none(),
            request_headers: whole && request.headers.as_ref().is_none_or(|headers| headers.is_empty()),
            response_body: whole && matches!(body::of_response(content, encoded), Body::Lost(Loss::Evicted)),
            form,
        };
        let nothing = Self { page: false, request_headers: false, response_body: false, form: None };
        (assumed != nothing).then_some(assumed)
    }

    /// Says of an exchange what it means with the exporter known.
    pub(super) fn settle(self, exchange: &mut Exchange, exporter: Exporter) {
        if self.page {
            exchange.page = Recorded::NotKept(exporter.missing_page());
        }
        if let Some(loss) = exporter.missing_request_headers().filter(|_| self.request_headers) {
            exchange.request.headers = Headers::partial(Vec::new(), loss);
        }
        if self.response_body {
            exchange.response.body = Recorded::NotKept(exporter.missing_body());
        }
        if let Some(form) = self.form.filter(|_| exporter.keeps_params_encoded()) {
            exchange.request.body = Recorded::Kept(RawText::new(form));
        }
    }
}
