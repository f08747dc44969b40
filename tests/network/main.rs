//! The client on a network that fails in every way: connections, TLS, proxies, answers. One seed is
//! one round.
//!
//! Each fault has its class of answer, in time; the token reaches the gateway over the right
//! channel or nobody at all; and the desk that hears of it does what the contract says.

#[path = "../harness.rs"]
mod harness;

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

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    if !arguments.wanted() {
        return ExitCode::SUCCESS;
    }
    match surroundings::here() {
        Some(surroundings) => rounds::run(&arguments, surroundings),
        None => surroundings::visit(&arguments),
    }
}
