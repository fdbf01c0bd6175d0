//! What is answered at which address.

use super::bounds::SMALL_BODY;
use super::guard::{PAGE_POLICY, harden};
use super::problem::Problem;
use super::store::{Stored, Upload};
use super::token::Token;
use super::upload;
use super::work::{Made, Worker};
use super::{Server, page, stumble};
use crate::exchange::Secret;
use crate::redact;
use crate::report::{html, markdown};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;

/// Everything that is served.
pub(super) fn routes(server: Arc<Server>) -> Router {
    let folder = server.guard.folder();
    let at = |path: &str| format!("{folder}{path}");
    Router::new()
        .route("/", get(enter))
        .route(&folder, get(page))
        .route(&at("report.css"), get(async || styled(html::STYLE)))
        .route(&at("serve.css"), get(async || styled(page::STYLE)))
        .route(&at("serve.js"), get(async || ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], page::SCRIPT)))
        .route(&at("icon.svg"), get(async || ([(header::CONTENT_TYPE, "image/svg+xml")], page::ICON)))
        .route(&at("captures"), get(list).post(take))
        .route(&at("captures/{id}"), axum::routing::delete(remove))
        .route(&at("captures/{id}/password"), post(unlock))
        .route(&at("captures/{id}/report"), get(report))
        .route(&at("captures/{id}/markdown"), get(as_markdown))
        .route(&at("captures/{id}/redacted"), get(redacted))
        .route(&at("captures/{id}/bundle"), get(bundled))
        .route(&at("comparison"), get(comparison))
        .route(&at("end"), post(end))
        .fallback(async || Problem::gone())
        .layer(middleware::from_fn_with_state(Arc::clone(&server), guarded))
        .with_state(server)
}

/// Lets through what the guard lets through, and gives every answer what every answer carries.
async fn guarded(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let response = match server.guard.refusal(&request) {
        Some(problem) if wants_page(request.headers()) => problem.into_page(),
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    harden(response)
}

/// Whether somebody is to read the answer.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest == "document")
}

async fn enter(State(server): State<Arc<Server>>, request: Request) -> Response {
    server.guard.enter(&request)
}

async fn page(State(server): State<Arc<Server>>) -> Response {
    match page::rendered(&server.redaction) {
        Ok(page) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, PAGE_POLICY)], page).into_response()
        }
        Err(error) => Problem::here(&error).into_response(),
    }
}

fn styled(style: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style)
}

fn as_json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// Everything that is kept, and what the page has to know of what is taken.
async fn list(State(server): State<Arc<Server>>) -> Response {
    let uploads: Vec<Value> = server.store.all().iter().map(|upload| upload.shown()).collect();
    let bounds = server.store.bounds();
    as_json(StatusCode::OK, &json!({ "captures": uploads, "most": { "bytes": bounds.upload, "kept": bounds.kept } }))
}

/// Takes a capture in and reads it. Whoever goes away meanwhile leaves nothing behind.
async fn take(State(server): State<Arc<Server>>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let arrival = server.store.admit()?;
    if !headers.contains_key(upload::NAME_HEADER) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "the file has no name"));
    }
    let mut share = server.store.share();
    let file = upload::receive(body, &headers, &mut share, server.store.bounds()).await?;
    let stored = Arc::new(Stored::new(file, share));
    let id = Token::new().map_err(|error| Problem::here(&error))?.text().to_owned();
    let upload = read(&server, id, upload::name(&headers), stored, None).await?;
    server.store.keep(Arc::clone(&upload));
    drop(arrival);
    Ok(as_json(StatusCode::CREATED, &upload.shown()))
}

/// Reads an archive again with a password.
async fn unlock(State(server): State<Arc<Server>>, Path(id): Path<String>, body: Body) -> Result<Response, Problem> {
    let locked = server.store.get(&id)?;
    let password = to_bytes(body, SMALL_BODY).await.ok().and_then(|bytes| String::from_utf8(bytes.into()).ok());
    let password = password.ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "this is no password"))?;
    let (name, stored) = (locked.name.clone(), Arc::clone(&locked.stored));
    let upload = read(&server, id.clone(), name, stored, Some(Secret::new(password))).await?;
    // It may have been removed meanwhile.
    server.store.get(&id)?;
    server.store.keep(Arc::clone(&upload));
    Ok(as_json(StatusCode::OK, &upload.shown()))
}

async fn read(
    server: &Arc<Server>,
    id: String,
    name: String,
    stored: Arc<Stored>,
    password: Option<Secret>,
) -> Result<Arc<Upload>, Problem> {
    Ok(Arc::new(work(server, move |worker| worker.read(id, name, stored, password)).await?))
}

/// Works beside the server's own threads, when it is this work's turn.
async fn work<T: Send + 'static>(server: &Arc<Server>, job: impl FnOnce(&Worker) -> T + Send + 'static) -> Result<T, Problem> {
    let turn = Arc::clone(&server.turns).acquire_owned().await.map_err(|error| Problem::here(&error))?;
    let server = Arc::clone(server);
    let done = tokio::task::spawn_blocking(move || {
        // Whoever goes away does not end the work, which goes on holding its turn.
        let _turn = turn;
        stumble::caught(|| job(&server.worker))
    });
    let told = done.await.unwrap_or_else(|_| Err(stumble::told(None)));
    told.map_err(|told| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, told))
}

async fn remove(State(server): State<Arc<Server>>, Path(id): Path<String>) -> StatusCode {
    server.store.remove(&id);
    StatusCode::NO_CONTENT
}

/// The whole report, as `diagnose --format html` writes it.
async fn report(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Response {
    let upload = match server.store.get(&id) {
        Ok(upload) => upload,
        Err(problem) => return problem.into_page(),
    };
    match html::render(&upload.reports()) {
        Ok(page) => as_report(page),
        Err(error) => Problem::here(&error).into_page(),
    }
}

/// A report is of no site, so that even one that could run something could reach nothing here.
fn as_report(page: String) -> Response {
    let sandbox = "frame-ancestors 'none'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox";
    let policy = format!("{}; {sandbox}", html::policy());
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy.as_str())];
    (headers, page).into_response()
}

/// Where two captures part, as `compare --format html` writes it.
async fn comparison(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    match compared(&server, &uri).await {
        Ok(page) => as_report(page),
        Err(problem) => problem.into_page(),
    }
}

async fn compared(server: &Arc<Server>, uri: &Uri) -> Result<String, Problem> {
    let chosen = |name: &str| server.store.get(&value(uri, name).unwrap_or_default());
    let (working, failing) = (chosen("working")?, chosen("failing")?);
    work(server, move |worker| worker.compared(&working, &failing)).await?
}

async fn as_markdown(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let upload = server.store.get(&id)?;
    let text = markdown::render(&upload.reports());
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn redacted(State(server): State<Arc<Server>>, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let (upload, options) = (server.store.get(&id)?, options(&uri));
    work(&server, move |worker| worker.redacted(&upload, &options)).await?.map(saved)
}

async fn bundled(State(server): State<Arc<Server>>, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let (upload, options) = (server.store.get(&id)?, options(&uri));
    work(&server, move |worker| worker.bundled(&upload, &options)).await?.map(saved)
}

/// How a capture is to be redacted: the names of the options of `entrace redact`.
fn options(uri: &Uri) -> redact::Options {
    let has = |name: &str| value(uri, name).is_some();
    redact::Options { strict: has("strict"), hide_tenant: has("hide-tenant"), keep_bodies: has("keep-bodies") }
}

/// The value of a parameter of the address.
fn value(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A file to be saved.
fn saved(made: Made) -> Response {
    let mut response = made.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.kind));
    let named = format!("attachment; filename=\"{}\"", made.name);
    // The name holds nothing that a header could not.
    headers.extend(HeaderValue::from_str(&named).map(|named| (header::CONTENT_DISPOSITION, named)));
    headers.insert("entrace-replaced", made.replaced.into());
    response
}

/// Ends entrace, after the answer.
async fn end(State(server): State<Arc<Server>>) -> StatusCode {
    server.ended.notify_one();
    StatusCode::NO_CONTENT
}
