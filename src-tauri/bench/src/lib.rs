//! Measures what watching costs, beside the ways it could have been done. `docs/benchmark.md` has
//! the method.
//!
//! One program plays every part: without arguments it runs the benchmark, and starts itself anew
//! for the gateway and for each subject.

mod args;
mod certificate;
mod child;
mod contract;
mod gateway;
mod process;
mod run;
mod statistics;
mod subjects;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Cli, Command, RunArgs};

/// Plays the part that the arguments name. `heap` tells how many bytes of heap are in use, where
/// they are counted.
#[must_use]
pub fn main(heap: Option<fn() -> usize>) -> ExitCode {
    match play(Cli::parse().command, heap) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn play(command: Option<Command>, heap: Option<fn() -> usize>) -> Result<()> {
    match command.unwrap_or_else(|| Command::Run(RunArgs::parse_from(["run"]))) {
        Command::Run(args) => run::run(&args),
        Command::Gateway(args) => gateway::run(&args),
        Command::Engine(args) => subjects::engine::run(&args, heap),
        Command::TaskPerWatch(args) => subjects::task_per_watch::run(&args),
        Command::RawHyper(args) => subjects::raw_hyper::run(&args),
        Command::BareClient(args) => subjects::bare_client::run(&args),
        Command::Spin => {
            subjects::spin();
            Ok(())
        }
    }
}
