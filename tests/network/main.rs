//! The client on a network that fails in every way: connections, TLS, proxies, answers. One seed is
//! one round.
//!
//! Each fault has its class of answer, in time; the token reaches the gateway over the right
//! channel or nobody at all; and the desk that hears of it does what the contract says.

#[path = "../harness.rs"]
mod harness;
#[path = "../listening.rs"]
mod listening;

mod arguments;
mod faults;
mod papers;
mod peer;
mod proxy;
mod round;
mod rounds;
mod script;
mod surroundings;
mod tap;
mod watching;

use std::{
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    if !arguments.wanted() {
        return ExitCode::SUCCESS;
    }
    match surroundings::here() {
        Some(surroundings) => while_all_is_heard(|| rounds::run(&arguments, surroundings)),
        None => surroundings::visit(&arguments),
    }
}

/// No library says a token, however much it is asked to log and whatever goes wrong.
fn while_all_is_heard(play: impl FnOnce() -> ExitCode) -> ExitCode {
    let said = Arc::<Mutex<Option<String>>>::default();
    let lines = Arc::<AtomicUsize>::default();
    let (hears, counts) = (Arc::clone(&said), Arc::clone(&lines));
    listening::to_everything(move |words| {
        counts.fetch_add(1, Ordering::Relaxed);
        if words.contains(round::TOKEN) {
            *hears.lock().unwrap_or_else(PoisonError::into_inner) = Some(words.to_owned());
        }
    });
    let end = play();
    match &*said.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(words) => {
            println!("a token was logged: {words}");
            ExitCode::FAILURE
        }
        None if lines.load(Ordering::Relaxed) == 0 => {
            println!("nothing was logged: nobody listened");
            ExitCode::FAILURE
        }
        None => end,
    }
}
