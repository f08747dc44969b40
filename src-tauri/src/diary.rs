//! What the console writes down of itself, for whoever helps later. A log that cannot be written is
//! no reason not to work: the bundle for support has none then.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use enrollment_core::{
    desk::view::Feed,
    support::{self, Chronicle, Line, LogFile, What},
};
use jiff::Timestamp;

/// The log of one run.
#[derive(Debug)]
pub struct Diary(Mutex<Option<(Chronicle, LogFile)>>);

impl Diary {
    /// Begins it in this folder, where there is one.
    pub fn begin(folder: Option<&Path>) -> Self {
        let log = folder.and_then(|folder| LogFile::open(folder).ok());
        let diary = Self(Mutex::new(log.map(|log| (Chronicle::default(), log))));
        diary.write(What::Started {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: support::system(),
            web_view: tauri::webview_version().ok(),
        });
        diary
    }

    /// Hears what the window is told.
    pub fn hear(&self, feed: &Feed) {
        if let Some((chronicle, log)) = &mut *self.open() {
            for line in chronicle.hear(feed, Timestamp::now()) {
                log.write(&line);
            }
        }
    }

    /// The console ends, and nothing is written any more.
    pub fn end(&self) {
        self.write(What::Ended);
        // What still waits for the disk is written now.
        *self.open() = None;
    }

    fn write(&self, what: What) {
        if let Some((_, log)) = &mut *self.open() {
            log.write(&Line { at: Timestamp::now(), what });
        }
    }

    fn open(&self) -> MutexGuard<'_, Option<(Chronicle, LogFile)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
