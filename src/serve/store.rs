//! What is kept: the files that were dropped, and what they came to.

use super::bounds::Bounds;
use super::problem::Problem;
use super::upload::Room;
use crate::analysis::Analysis;
use crate::capture::CaptureError;
use crate::exchange::Secret;
use crate::report::{CaptureReport, Card};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fs::File;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file that was dropped, and its share of the room for all of them.
pub(super) struct Stored {
    /// One at a time reads it, because it has one position.
    pub(super) file: Mutex<File>,
    _share: Share,
}

impl Stored {
    pub(super) fn new(file: File, share: Share) -> Self {
        Self { file: Mutex::new(file), _share: share }
    }
}

/// A capture of a file: its name, and what it came to.
pub(super) type Read = (String, Result<Analysis, CaptureError>);

/// What was dropped, and what it came to.
pub(super) struct Upload {
    /// Nobody can guess it.
    pub(super) id: String,
    /// As it was called where it came from.
    pub(super) name: String,
    pub(super) stored: Arc<Stored>,
    pub(super) password: Option<Secret>,
    pub(super) captures: Vec<Read>,
}

impl Upload {
    /// What the page shows of it.
    pub(super) fn shown(&self) -> Value {
        let cards: Vec<Card> = self.reports().iter().map(Card::of).collect();
        json!({
            "id": self.id,
            "name": self.name,
            "locked": self.locked(),
            "readable": self.captures.iter().any(|(_, outcome)| outcome.is_ok()),
            "captures": cards,
        })
    }

    /// The captures as reports take them.
    pub(super) fn reports(&self) -> Vec<CaptureReport<'_>> {
        self.captures.iter().map(|(path, outcome)| CaptureReport::of(path, outcome)).collect()
    }

    /// Why a password is needed, if it is.
    fn locked(&self) -> Option<String> {
        self.captures.iter().find_map(|(_, outcome)| match outcome {
            Err(CaptureError::PasswordNeeded) => Some("This archive is encrypted.".to_owned()),
            Err(error @ CaptureError::WrongPassword) => Some(error.to_string()),
            _ => None,
        })
    }
}

/// Everything that is kept, in the order in which it came.
pub(super) struct Store {
    bounds: Bounds,
    uploads: Mutex<Vec<Arc<Upload>>>,
    bytes: Arc<AtomicU64>,
    arriving: Arc<AtomicUsize>,
}

impl Store {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, uploads: Mutex::default(), bytes: Arc::default(), arriving: Arc::default() }
    }

    pub(super) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Leave for one more upload to arrive.
    ///
    /// # Errors
    /// When too many are arriving, or kept.
    pub(super) fn admit(&self) -> Result<Arrival, Problem> {
        let arrival = Arrival::new(&self.arriving);
        if arrival.number > self.bounds.arriving {
            let most = self.bounds.arriving;
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, format!("{most} captures are arriving already; wait for one of them")));
        }
        // Those that are arriving will be kept.
        if self.uploads().len() + arrival.number > self.bounds.kept {
            let most = self.bounds.kept;
            return Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, format!("{most} captures are kept already; remove some first")));
        }
        Ok(arrival)
    }

    /// A share of the room for all uploads, empty yet.
    pub(super) fn share(&self) -> Share {
        Share { all: Arc::clone(&self.bytes), most: self.bounds.all, taken: 0 }
    }

    /// Keeps an upload; one of the same id gives way to it.
    pub(super) fn keep(&self, upload: Arc<Upload>) {
        let mut uploads = self.uploads();
        match uploads.iter_mut().find(|kept| kept.id == upload.id) {
            Some(kept) => *kept = upload,
            None => uploads.push(upload),
        }
    }

    /// All uploads.
    pub(super) fn all(&self) -> Vec<Arc<Upload>> {
        self.uploads().clone()
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none of this id.
    pub(super) fn get(&self, id: &str) -> Result<Arc<Upload>, Problem> {
        self.uploads().iter().find(|upload| upload.id == id).cloned().ok_or_else(Problem::gone)
    }

    /// Lets one go.
    pub(super) fn remove(&self, id: &str) {
        self.uploads().retain(|upload| upload.id != id);
    }

    fn uploads(&self) -> MutexGuard<'_, Vec<Arc<Upload>>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An upload that is arriving.
pub(super) struct Arrival {
    arriving: Arc<AtomicUsize>,
    /// How many there are with it.
    number: usize,
}

impl Arrival {
    fn new(arriving: &Arc<AtomicUsize>) -> Self {
        Self { number: arriving.fetch_add(1, Ordering::SeqCst) + 1, arriving: Arc::clone(arriving) }
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.arriving.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What one upload takes of the room for all.
pub(super) struct Share {
    all: Arc<AtomicU64>,
    most: u64,
    taken: u64,
}

impl Room for Share {
    fn take(&mut self, bytes: u64) -> bool {
        self.taken = self.taken.saturating_add(bytes);
        self.all.fetch_add(bytes, Ordering::SeqCst).saturating_add(bytes) <= self.most
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.fetch_sub(self.taken, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> Store {
        Store::new(Bounds { all: 10, kept: 3, arriving: 2, ..Bounds::default() })
    }

    #[test]
    fn what_goes_gives_its_room_back() {
        let store = store();
        let (mut one, mut other) = (store.share(), store.share());
        assert!(one.take(6) && !other.take(5));
        drop(other);
        let mut third = store.share();
        assert!(third.take(4) && !one.take(1));
        drop((one, third));
        assert!(store.share().take(10));
    }

    #[test]
    fn so_many_arrive_at_once_and_so_many_are_kept() {
        let store = store();
        let (one, two) = (store.admit().ok().unwrap(), store.admit().ok().unwrap());
        assert!(format!("{:?}", store.admit().err().unwrap()).contains("429"));
        drop((one, two));
        for id in ["a", "b", "c", "c"] {
            let stored = Arc::new(Stored::new(tempfile::tempfile().unwrap(), store.share()));
            let upload = Upload { id: id.to_owned(), name: String::new(), stored, password: None, captures: Vec::new() };
            store.keep(Arc::new(upload));
        }
        assert_eq!(store.all().len(), 3);
        assert!(format!("{:?}", store.admit().err().unwrap()).contains("remove some first"));
        store.remove("b");
        assert!(store.admit().is_ok() && store.get("b").is_err() && store.get("c").is_ok());
    }
}
