//! What arrives is written to a file without a name, piece by piece: nobody else can open it, and it is gone with the
//! last who holds it, however the program ends.

use super::bounds::{Bounds, NAME};
use super::problem::Problem;
use crate::report::printable;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, StatusCode, header};
use percent_encoding::percent_decode_str;
use std::fs::File;
use std::future::poll_fn;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

/// The header with the name of the file that was dropped, percent-encoded. A page of another site cannot send it
/// without being asked first.
pub(super) const NAME_HEADER: &str = "entrace-name";

/// Counts the bytes of everything that is kept or arriving. Gives back what it was given when it goes.
pub(super) trait Room {
    /// Takes so many more bytes, if there is room for them.
    fn take(&mut self, bytes: u64) -> bool;
}

/// Takes in what is sent.
///
/// # Errors
/// When it is larger or slower than is allowed, ends too early, or cannot be written. Nothing is left of it then.
pub(super) async fn receive(body: Body, headers: &HeaderMap, room: &mut impl Room, bounds: &Bounds) -> Result<File, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > bounds.upload) {
        return Err(too_large(bounds));
    }
    match timeout(bounds.whole, written(body, room, bounds)).await {
        Ok(received) => received,
        Err(_) => {
            let minutes = bounds.whole.as_secs() / 60;
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, format!("it took longer than {minutes} minutes to arrive")))
        }
    }
}

async fn written(mut body: Body, room: &mut impl Room, bounds: &Bounds) -> Result<File, Problem> {
    let failed = |error: io::Error| Problem::new(StatusCode::INSUFFICIENT_STORAGE, format!("it cannot be put down: {error}"));
    let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(folder()).map_err(failed)?);
    let mut size: u64 = 0;
    loop {
        let frame = timeout(bounds.idle, poll_fn(|context| Pin::new(&mut body).poll_frame(context))).await;
        let Ok(frame) = frame else {
            let seconds = bounds.idle.as_secs();
            return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, format!("nothing of it came for {seconds} seconds")));
        };
        let data = match frame {
            None => break,
            Some(Err(_)) => return Err(Problem::new(StatusCode::BAD_REQUEST, "it broke off before it was here")),
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        size = size.saturating_add(data.len() as u64);
        if size > bounds.upload {
            return Err(too_large(bounds));
        }
        if !room.take(data.len() as u64) {
            let most = bounds.all >> 30;
            return Err(Problem::new(
                StatusCode::INSUFFICIENT_STORAGE,
                format!("more than {most} GiB would be kept; remove captures first"),
            ));
        }
        file.write_all(&data).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(file.into_std().await)
}

fn too_large(bounds: &Bounds) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("it is larger than {} GiB; cut it down to the sign-in", bounds.upload >> 30))
}

/// The name of the file that was dropped, without folders and without what could steer whoever shows it.
pub(super) fn name(headers: &HeaderMap) -> String {
    let sent = headers.get(NAME_HEADER).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let decoded = percent_decode_str(sent).decode_utf8_lossy();
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = printable(last).trim().chars().take(NAME).collect();
    if name.is_empty() { "capture".to_owned() } else { name }
}

/// Where the files without a name lie: where TMPDIR says, else where the system keeps large files. `/tmp` may be
/// memory.
fn folder() -> PathBuf {
    let large = PathBuf::from("/var/tmp");
    if cfg!(unix) && std::env::var_os("TMPDIR").is_none() && large.is_dir() { large } else { std::env::temp_dir() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use std::io::{Read, Seek};
    use std::task::{Context, Poll};
    use std::time::Duration;

    /// Room for everything.
    struct Endless;

    impl Room for Endless {
        fn take(&mut self, _: u64) -> bool {
            true
        }
    }

    /// Room for so many bytes.
    struct Narrow(u64);

    impl Room for Narrow {
        fn take(&mut self, bytes: u64) -> bool {
            let fits = bytes <= self.0;
            self.0 = self.0.saturating_sub(bytes);
            fits
        }
    }

    /// A sender who never sends.
    struct Silent;

    impl HttpBody for Silent {
        type Data = axum::body::Bytes;
        type Error = io::Error;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            Poll::Pending
        }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
    }

    fn small() -> Bounds {
        Bounds { upload: 10, idle: Duration::from_millis(20), ..Bounds::default() }
    }

    fn refused(body: Body, room: &mut impl Room, bounds: &Bounds) -> String {
        run(receive(body, &HeaderMap::new(), room, bounds)).err().map(|problem| format!("{problem:?}")).unwrap()
    }

    #[test]
    fn what_arrives_is_what_is_in_the_file() {
        let mut file = run(receive(Body::from("0123456789"), &HeaderMap::new(), &mut Endless, &small())).unwrap();
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "0123456789");
    }

    #[test]
    fn what_is_too_large_is_refused_before_and_while_it_comes() {
        assert!(refused(Body::from("0123456789a"), &mut Endless, &small()).contains("413"));
        let headers = HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static("11"))]);
        let problem = run(receive(Body::new(Silent), &headers, &mut Endless, &small())).err().unwrap();
        assert!(format!("{problem:?}").contains("413"));
    }

    #[test]
    fn all_uploads_together_have_an_end() {
        assert!(refused(Body::from("0123456789"), &mut Narrow(9), &small()).contains("remove captures first"));
    }

    #[test]
    fn who_sends_nothing_is_not_waited_for() {
        assert!(refused(Body::new(Silent), &mut Endless, &small()).contains("nothing of it came"));
        let hurried = Bounds { idle: Duration::from_secs(9), whole: Duration::from_millis(20), ..small() };
        assert!(refused(Body::new(Silent), &mut Endless, &hurried).contains("to arrive"));
    }

    #[test]
    fn a_name_is_a_name_and_no_path() {
        let named = |sent: &'static str| name(&HeaderMap::from_iter([(NAME_HEADER.parse().unwrap(), HeaderValue::from_static(sent))]));
        assert_eq!(named("..%2F..%2Fetc%2Flogin.har"), "login.har");
        assert_eq!(named("C%3A%5CUsers%5Clogin.har"), "login.har");
        assert_eq!(named("gr%C3%BC%C3%9Fe%E2%80%AE%0D%0A.har"), "grüße  .har");
        assert_eq!(named("%FF%00"), "\u{fffd}");
        assert_eq!((named("%2F"), name(&HeaderMap::new())), ("capture".to_owned(), "capture".to_owned()));
        assert_eq!(
            run(async { name(&HeaderMap::from_iter([(NAME_HEADER.parse().unwrap(), "a".repeat(999).parse().unwrap())])) }).len(),
            NAME
        );
    }
}
