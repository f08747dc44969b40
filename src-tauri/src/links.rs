//! Links into the console on their way to the page.

use std::sync::{Mutex, PoisonError};

use enrollment_core::deep_link::DeepLink;
use tauri::ipc::Channel;

/// More than these at once are nobody's doing.
const MOST_WAITING: usize = 8;

/// Links wait for the page to have loaded, and then go to it at once.
#[derive(Default)]
pub struct Links(Mutex<State>);

#[derive(Default)]
struct State {
    page: Option<Channel<DeepLink>>,
    waiting: Vec<DeepLink>,
}

impl Links {
    /// The page has loaded, and takes links from now on.
    pub fn begin(&self, page: Channel<DeepLink>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for link in state.waiting.drain(..) {
            // A page that is gone again has nobody to show it to.
            let _ = page.send(link);
        }
        state.page = Some(page);
    }

    /// Takes the links among the arguments of a program that was just started. What is none of the
    /// console's is left alone: nobody could be told that sent it.
    pub fn take(&self, arguments: impl IntoIterator<Item = String>) {
        let links = arguments.into_iter().filter_map(|argument| argument.parse().ok());
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for link in links {
            let State { page, waiting } = &mut *state;
            match page {
                Some(page) => drop(page.send(link)),
                None if waiting.len() < MOST_WAITING => waiting.push(link),
                None => {}
            }
        }
    }
}
