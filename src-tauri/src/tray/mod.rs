//! The console in the desktop's tray: how many wait for a hand, and the way back to a window that
//! was closed while watching goes on.

#[cfg(target_os = "linux")]
mod badge;
#[cfg(target_os = "linux")]
mod item;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, Sender, channel},
};

use enrollment_core::enrollment::{shortened, visible};
use serde::Deserialize;
use tauri::{AppHandle, Manager, Runtime};

use crate::Console;
#[cfg(target_os = "linux")]
use crate::window;

/// The longest of the words, in characters.
const LONGEST: usize = 80;

/// What the tray says, in the language of the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrayWords {
    /// How many need a hand.
    pub waiting: u32,
    pub title: String,
    pub show: String,
    pub quit: String,
}

/// Where no tray takes the console in, closing its window quits it as ever. That is so wherever
/// there is no `StatusNotifierWatcher` on the session's D-Bus, and on systems without one.
pub struct Tray {
    shown: Arc<AtomicBool>,
    words: Sender<TrayWords>,
}

impl Tray {
    /// On a thread of its own: a desktop that does not answer holds up nobody.
    pub fn start<R: Runtime>(app: &AppHandle<R>) -> Self {
        let shown = Arc::new(AtomicBool::new(false));
        let (sender, words) = channel();
        run(app.clone(), Arc::clone(&shown), words);
        Self { shown, words: sender }
    }

    /// Whether somebody who closes the window finds the console there.
    pub fn is_shown(&self) -> bool {
        self.shown.load(Ordering::Relaxed)
    }

    pub fn tell(&self, words: &TrayWords) {
        let short = |text: &str| shortened(&visible(text), LONGEST);
        let words = TrayWords {
            waiting: words.waiting,
            title: short(&words.title),
            show: short(&words.show),
            quit: short(&words.quit),
        };
        // Nobody listens where there is no tray.
        let _ = self.words.send(words);
    }
}

#[cfg(target_os = "linux")]
fn run<R: Runtime>(app: AppHandle<R>, shown: Arc<AtomicBool>, words: Receiver<TrayWords>) {
    let thread = std::thread::Builder::new().name("tray".into());
    // Without a thread there is no tray.
    let _ = thread.spawn(move || item::show(app, &shown, &words));
}

#[cfg(not(target_os = "linux"))]
fn run<R: Runtime>(app: AppHandle<R>, shown: Arc<AtomicBool>, words: Receiver<TrayWords>) {
    drop((app, shown, words));
}

/// Closes the window and goes on. Says whether there is a way back.
pub fn hide_window<R: Runtime>(app: &AppHandle<R>) -> bool {
    let console = app.state::<Console>();
    console.closing.stay();
    let Some(window) = app.get_webview_window("main") else { return false };
    console.tray.is_shown() && window.hide().is_ok()
}

/// As closing the window does: asks where something would end or be lost.
#[cfg(target_os = "linux")]
fn quit<R: Runtime>(app: &AppHandle<R>) {
    window::bring_forward(app);
    // Whoever says so here does not mean the tray.
    if !app.state::<Console>().closing.ask(false) {
        app.exit(0);
    }
}

/// The way back is gone: the window must not be.
#[cfg(target_os = "linux")]
fn is_gone<R: Runtime>(app: &AppHandle<R>) {
    let window = app.get_webview_window("main");
    if window.is_some_and(|window| !window.is_visible().unwrap_or(true)) {
        window::bring_forward(app);
    }
}
