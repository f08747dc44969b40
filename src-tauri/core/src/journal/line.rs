//! The way to the journal's thread.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Batch, Folder, Health, KeepDays, Notice, Report, Trouble, fault::Fault, pending::Pending,
    writer::Writer,
};
use crate::enrollment::{Entry, Key};

/// Takes the lines that were found; `None` where they cannot be read now.
pub type Found = Box<dyn FnOnce(Option<Vec<Entry>>) + Send>;

/// The same of several timelines, one after the other.
pub type AllFound = Box<dyn FnOnce(Option<Vec<Vec<Entry>>>) + Send>;

/// Where a journal is kept.
#[derive(Debug)]
pub enum Place {
    Here(Folder),
    /// The folder cannot be had yet, which is tried again and again.
    NotYet(PathBuf),
}

impl From<Folder> for Place {
    fn from(folder: Folder) -> Self {
        Self::Here(folder)
    }
}

pub(super) enum Request {
    Keep(Batch),
    Timeline {
        key: Key,
        before: u32,
        reply: Found,
    },
    Timelines {
        of: Vec<(Key, u32)>,
        reply: AllFound,
    },
    KeepDays(KeepDays),
    /// A copy of it was made, or could not be. It had been mended so many times as that began.
    BackedUp {
        day: String,
        mends: u32,
        result: Result<(), Fault>,
    },
    /// All of it was read.
    Checked {
        mends: u32,
        result: Result<(), Fault>,
    },
    Close(Option<mpsc::Sender<bool>>),
}

/// How far it is on the disk. Read at the desk's ticks, so that saving wakes nobody.
#[derive(Debug, Default)]
pub(super) struct Saved {
    upto: AtomicU64,
    at: AtomicI64,
}

impl Saved {
    pub fn set(&self, upto: u64, at: Timestamp) {
        self.at.store(at.as_millisecond(), Ordering::Relaxed);
        self.upto.store(upto, Ordering::Release);
    }

    fn get(&self) -> (u64, Timestamp) {
        let upto = self.upto.load(Ordering::Acquire);
        let at = self.at.load(Ordering::Relaxed);
        (upto, Timestamp::from_millisecond(at).unwrap_or_default())
    }
}

/// A journal that is being kept, on a thread of its own. Dropped, it saves what waits and closes.
#[derive(Debug)]
pub struct Journal {
    requests: mpsc::Sender<Request>,
    saved: Arc<Saved>,
    /// The newest batch that was handed over, and the newest that was told to be saved.
    given: u64,
    told: u64,
    /// Its thread has ended, which it never should: nothing is saved any more.
    is_gone: bool,
}

impl Journal {
    /// Opens the journal of a place on a thread of its own, and tells what it kept.
    ///
    /// # Errors
    /// Where no thread is to be had.
    pub fn start(
        place: impl Into<Place>,
        keep_days: KeepDays,
        tell: impl Fn(Report) + Send + 'static,
    ) -> io::Result<Self> {
        let (requests, taken) = mpsc::channel();
        let saved = Arc::new(Saved::default());
        let own = requests.clone();
        let (place, told) = (place.into(), Arc::clone(&saved));
        let work = move || {
            let (mut pending, mut days) = (Pending::default(), keep_days);
            if let Some(folder) = wait_for_folder(place, &taken, &tell, &mut pending, &mut days) {
                Writer::new(folder, days, Box::new(tell), taken, own, told, pending).run();
            }
        };
        thread::Builder::new().name("journal".into()).spawn(work)?;
        Ok(Self { requests, saved, given: 0, told: 0, is_gone: false })
    }

    /// Hands over what is to be kept.
    pub fn keep(&mut self, batch: Batch) {
        self.given = batch.number;
        self.is_gone = self.requests.send(Request::Keep(batch)).is_err();
    }

    /// What was saved since this was last asked.
    pub fn news(&mut self) -> Option<Report> {
        if std::mem::take(&mut self.is_gone) {
            return Some(Report::Health(Health::Troubled { trouble: Trouble::Other }));
        }
        let (upto, at) = self.saved.get();
        if upto == self.told {
            return None;
        }
        self.told = upto;
        Some(Report::Saved { upto, at })
    }

    /// Whether something that was handed over has not been told to be saved.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.told < self.given
    }

    /// Reads the lines of a timeline before number `before`, at most the last thousand of them.
    pub fn timeline(&self, key: Key, before: u32, reply: Found) {
        // Where the thread is gone the reply is dropped, which tells as much.
        let _ = self.requests.send(Request::Timeline { key, before, reply });
    }

    /// The same of several, each with the number of a line of its own.
    pub fn timelines(&self, of: Vec<(Key, u32)>, reply: AllFound) {
        let _ = self.requests.send(Request::Timelines { of, reply });
    }

    pub fn set_keep_days(&self, days: KeepDays) {
        let _ = self.requests.send(Request::KeepDays(days));
    }

    /// Saves what waits and closes the journal; `done` is told whether all is saved.
    pub fn close(self, done: mpsc::Sender<bool>) {
        let _ = self.requests.send(Request::Close(Some(done)));
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.requests.send(Request::Close(None));
    }
}

/// How often it is tried to get the folder.
const AGAIN: Duration = Duration::from_secs(5);

/// Takes the folder, whenever it can be had; what is to be kept waits until then. `None` where the
/// console closes before.
fn wait_for_folder(
    place: Place,
    requests: &mpsc::Receiver<Request>,
    tell: &impl Fn(Report),
    pending: &mut Pending,
    keep_days: &mut KeepDays,
) -> Option<Folder> {
    let path = match place {
        Place::Here(folder) => return Some(folder),
        Place::NotYet(path) => path,
    };
    tell(Report::Health(Health::Troubled { trouble: Trouble::CannotOpen }));
    let mut told = false;
    loop {
        match Folder::claim(&path) {
            Ok(folder) => return Some(folder),
            Err(error) if !told => {
                told = true;
                tell(Report::Notice(Notice::NoFolder { why: error.to_string() }));
            }
            Err(_) => {}
        }
        let end = Instant::now() + AGAIN;
        let left = || end.saturating_duration_since(Instant::now());
        while let Ok(request) = requests.recv_timeout(left()) {
            match request {
                Request::Keep(batch) => pending.take(batch),
                Request::Timeline { reply, .. } => reply(None),
                Request::Timelines { reply, .. } => reply(None),
                // Whoever closes has seen that nothing is saved.
                Request::Close(done) => {
                    let _ = done.map(|done| done.send(pending.is_empty()));
                    return None;
                }
                Request::KeepDays(days) => *keep_days = days,
                Request::BackedUp { .. } | Request::Checked { .. } => {}
            }
            tell(Report::Waiting { waiting: pending.waiting(), lost: pending.lost });
        }
    }
}
