//! Closing the window asks first: watches end with it, and something may not be saved yet.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use serde::Serialize;
use tauri::ipc::Channel;

/// What the page is told when somebody wants to close the window.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Question {
    pub watched: u32,
    /// Whether the console can go on without its window.
    pub tray: bool,
}

#[derive(Default)]
pub struct Closing {
    /// As the window was told last.
    pub watched: AtomicU32,
    page: Mutex<Page>,
}

/// The page that can be asked, and whether it owes an answer.
#[derive(Default)]
struct Page {
    channel: Option<Channel<Question>>,
    asked: bool,
}

impl Closing {
    /// The page has loaded, and can be asked from now on.
    pub fn begin(&self, channel: Channel<Question>) {
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) =
            Page { channel: Some(channel), asked: false };
    }

    /// Asks the page; `false` where the window may close as it is. A page that still owes an
    /// answer is not asked again: whoever closes the window twice means it.
    pub fn ask(&self, tray: bool) -> bool {
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut page.asked, true) {
            return false;
        }
        let question = Question { watched: self.watched.load(Ordering::Relaxed), tray };
        page.channel.as_ref().is_some_and(|channel| channel.send(question).is_ok())
    }

    /// The window stays.
    pub fn stay(&self) {
        self.page.lock().unwrap_or_else(PoisonError::into_inner).asked = false;
    }
}
