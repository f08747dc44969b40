//! The journal on a disk that fails: it loses power, fills up, becomes read-only, stalls, breaks,
//! and damages what was written. One seed is one round.
//!
//! What the journal acknowledged must be there afterwards, whole and once; what is missing must
//! have been told; and nothing may be shown that was never handed over.

#[path = "../harness.rs"]
mod harness;

mod arguments;
mod author;
mod bases;
mod book;
mod crowded;
mod damage;
mod faults;
mod look;
mod power;
mod rounds;
mod slow;
mod speed;
mod stage;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    if arguments.wanted() { rounds::run(&arguments) } else { ExitCode::SUCCESS }
}
