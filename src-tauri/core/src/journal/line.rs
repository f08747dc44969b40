//! The way to the journal's thread.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
        mpsc,
    },
    thread,
};

use jiff::Timestamp;

use super::{Batch, Folder, Health, KeepDays, Report, Trouble, fault::Fault, writer::Writer};
use crate::enrollment::{Entry, Key};

pub(super) enum Request {
    Keep(Batch),
    Timeline {
        key: Key,
        before: u32,
        reply: Box<dyn FnOnce(Vec<Entry>) + Send>,
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
    /// Opens the journal of a folder on a thread of its own, and tells what it kept.
    ///
    /// # Errors
    /// Where no thread is to be had.
    pub fn start(
        folder: Folder,
        keep_days: KeepDays,
        tell: impl Fn(Report) + Send + 'static,
    ) -> io::Result<Self> {
        let (requests, taken) = mpsc::channel();
        let saved = Arc::new(Saved::default());
        let own = requests.clone();
        let writer = Writer::new(folder, keep_days, Box::new(tell), taken, own, Arc::clone(&saved));
        thread::Builder::new().name("journal".into()).spawn(move || writer.run())?;
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

    /// Reads the lines of a timeline before number `before`.
    pub fn timeline(&self, key: Key, before: u32, reply: Box<dyn FnOnce(Vec<Entry>) + Send>) {
        // Where the thread is gone the reply is dropped, which tells as much.
        let _ = self.requests.send(Request::Timeline { key, before, reply });
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
