//! A page on this machine for those who do not use a terminal: drop captures, read why the sign-in failed, save what
//! may leave.
//!
//! This is the one room that opens a socket, on loopback alone. `guard` decides who is let in, `upload` takes in what
//! is dropped, `store` keeps it, `work` reads it, `routes` says what is answered where, and `page` is what is looked
//! at. `docs/serve.md` says what protects whom.

mod bounds;
mod guard;
mod page;
mod problem;
mod routes;
mod store;
mod stumble;
mod token;
mod upload;
mod work;

use crate::capture::Limits;
use crate::knowledge::Knowledge;
use crate::redact;
use bounds::{Bounds, WORKING};
use guard::Guard;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{Notify, Semaphore};
use work::Worker;

/// How long an answer may still take once the end was asked for.
const FAREWELL: Duration = Duration::from_millis(200);

/// How the page is served.
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 for one that is free.
    pub(crate) port: u16,
    /// What is known of codes and causes.
    pub(crate) knowledge: Knowledge,
    /// How much is read of a capture.
    pub(crate) limits: Limits,
    /// How the page proposes to redact.
    pub(crate) redaction: redact::Options,
}

/// What all requests share.
struct Server {
    guard: Guard,
    store: Store,
    worker: Worker,
    /// What is chosen where the reader has chosen nothing.
    redaction: redact::Options,
    /// So many may work at once.
    turns: Arc<Semaphore>,
    /// Somebody asked for the end.
    ended: Notify,
}

/// Serves the page until it is ended there, or the program is interrupted (Ctrl-C) or asked to end. What was dropped
/// is gone then.
///
/// `started` gets the address that lets one browser in. A panic writes nothing from here on in this process: it is told
/// on the page.
///
/// # Errors
/// When the port cannot be had, or the system has no randomness; or when `started` fails.
pub(crate) fn run(options: Options, started: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    stumble::watch();
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(serve(options, started));
    // Work that goes on is not waited for: nobody is there for what it makes.
    runtime.shutdown_background();
    outcome
}

async fn serve(options: Options, started: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let told = |error: io::Error| io::Error::new(error.kind(), format!("{address} cannot be had: {error}; choose another with --port"));
    let listener = TcpListener::bind(address).await.map_err(told)?;
    let port = listener.local_addr()?.port();
    let server = Arc::new(Server {
        guard: Guard::new(port)?,
        store: Store::new(Bounds::default()),
        worker: Worker { knowledge: options.knowledge, limits: options.limits },
        redaction: options.redaction,
        turns: Arc::new(Semaphore::new(WORKING)),
        ended: Notify::new(),
    });
    // Heard from here on: whoever reads the address may end the program at once.
    let interrupted = interruption()?;
    started(&server.guard.entrance(port))?;
    tokio::select! {
        served = async { axum::serve(listener, routes::routes(Arc::clone(&server))).await } => served,
        () = interrupted => Ok(()),
        () = async {
            server.ended.notified().await;
            tokio::time::sleep(FAREWELL).await;
        } => Ok(()),
    }
}

/// Ctrl-C, or being asked to end.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where it cannot be heard, it ends the program as always.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
