//! What is said when something is refused or goes wrong, with the status that belongs to it.

use crate::report::printable;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A sentence for the reader. It holds nothing that was not written here or cleaned.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    sentence: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, sentence: impl AsRef<str>) -> Self {
        Self { status, sentence: printable(sentence.as_ref()) }
    }

    /// Something that cannot be done with a capture.
    pub(super) fn of_capture(error: &dyn std::error::Error) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
    }

    /// Something that went wrong here.
    pub(super) fn here(error: &dyn std::error::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }

    pub(super) fn gone() -> Self {
        Self::new(StatusCode::NOT_FOUND, "this is not here, or no longer")
    }

    /// The same as a page, for what is opened by itself.
    pub(super) fn into_page(self) -> Response {
        let text = self.sentence.replace('&', "&amp;").replace('<', "&lt;");
        let page =
            format!("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>entrace</title><p>entrace: {text}.</p></html>\n");
        (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "problem": self.sentence }).to_string();
        (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
