//! The desk as it ships, against everything that can happen to it at once: a simulated gateway,
//! network, clock, keyring, browser and people. One seed is one run, and replays exactly.
//!
//! An observer watches every step and knows the contract by heart; a run that breaks a rule names
//! the rule, the seed and the steps before.

#[path = "../harness.rs"]
mod harness;

mod archive;
mod arguments;
mod arrange;
mod census;
mod clock;
mod dice;
mod draw;
mod flights;
mod gateway;
mod network;
mod observer;
mod people;
mod run;
mod story;
mod tokens;
mod trace;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    if arguments.wanted() { run::run(&arguments) } else { ExitCode::SUCCESS }
}
