//! Kills the console in every way that a process can be killed, and proves that nothing is lost
//! that it showed as saved: nothing twice, nothing torn, nothing deleted, and a list within two
//! seconds.
//!
//! The test is its own console: it starts itself anew with the desk as it ships, reads what that
//! shows, kills it, and holds what was shown, what the gateway served and what is on the disk
//! against each other.

#[path = "../harness.rs"]
mod harness;

mod actor;
mod agree;
mod arguments;
mod book;
mod child;
mod claims;
mod compare;
mod facts;
mod oracle;
mod process;
mod rounds;
mod template;

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Result, ensure};
use arguments::{AS_CHILD, Arguments, ChildArguments};
use clap::Parser as _;
use fastrand::Rng;
use rounds::{KINDS, Kind, Row, Tally};

fn main() -> ExitCode {
    if env::args().nth(1).is_some_and(|first| first == AS_CHILD) {
        let arguments = ChildArguments::parse_from(env::args().skip(1));
        return child::run(&arguments).unwrap_or_else(|error| {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        });
    }
    let arguments = Arguments::parse();
    if !arguments.wanted() {
        return ExitCode::SUCCESS;
    }
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all rounds that were asked for went well.
fn run(arguments: &Arguments) -> Result<bool> {
    let begun = Instant::now();
    let seed = arguments.seed.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.as_ref().map_or(0, Duration::as_secs)
    });
    let only = |kind: &&Kind| arguments.only.as_ref().is_none_or(|name| name == kind.name);
    let kinds: Vec<&Kind> = KINDS.iter().filter(only).collect();
    ensure!(!kinds.is_empty(), "there are no such rounds; there are {:?}", KINDS.map(|it| it.name));
    let mut well = true;
    for kind in kinds {
        let count = if arguments.soak { kind.soak } else { kind.count };
        well &= play(kind, seed, arguments.rounds.unwrap_or(count))?;
    }
    println!("all of it in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(well)
}

/// Plays the rounds of a kind and says how they went.
fn play(kind: &Kind, first: u64, count: u32) -> Result<bool> {
    let mut tally = Tally::default();
    let begun = Instant::now();
    let mut seed = first;
    while tally.rounds < count {
        let rounds = kind.in_a_row.min(count - tally.rounds);
        let scratch = tempfile::tempdir()?;
        let dice = Rng::with_seed(seed);
        let mut row = Row { seed, rounds, dice, tally: &mut tally, scratch: scratch.path() };
        if let Err(error) = (kind.run)(&mut row) {
            println!("{:<12} {}: FAILED after {tally}\n  {error:#}", kind.name, kind.about);
            println!("What is left of it: {}", scratch.keep().display());
            println!(
                "Replay: cargo test --locked -p enrollment-core --test crash -- --only {} --seed {seed} --rounds {rounds}",
                kind.name
            );
            return Ok(false);
        }
        seed += 1;
    }
    println!("{:<12} {}: {tally}; {:.1} s", kind.name, kind.about, begun.elapsed().as_secs_f64());
    Ok(true)
}
