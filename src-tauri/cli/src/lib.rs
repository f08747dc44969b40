//! `enrollment-watch`: the console's core without a window. A library, so that its manual and its
//! completions are made from the very arguments that it reads.

mod args;
mod check_url;
mod customer;
mod demo;
mod destination;
mod environments;
mod exit;
mod interrupts;
mod journal;
mod json;
mod output;
mod plan;
mod policy;
mod sandbox;
mod support;
mod table;
mod tally;
mod token;
mod token_input;
mod view;
mod watch;
mod words;

use std::process::ExitCode;

use clap::Parser;

pub use args::Cli;

use args::{Command, JournalCommand};
use exit::{Exit, Stop, say};

/// Does what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    enrollment_core::process::keep_to_itself();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help, version or a complaint; where nobody reads it the code still tells.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match carry_out(cli.command) {
        Ok(exit) => exit.into(),
        Err(Stop { exit, words }) => {
            say(&format!("error: {words}"));
            exit.into()
        }
    }
}

fn carry_out(command: Command) -> Result<Exit, Stop> {
    match command {
        Command::Watch(args) => {
            // Everything that can be wrong with the arguments is found before the token is read.
            let policy = policy::in_force()?;
            let plan = plan::plan(&args, policy.as_ref(), environments::load)?;
            for note in &plan.notes {
                say(&format!("note: {note}"));
            }
            on_runtime(watch::run(plan))?
        }
        Command::CheckUrl(args) => check_url::run(&args),
        Command::Sandbox(args) => on_runtime(sandbox::run(&args))?,
        Command::Token(command) => {
            let (errand, name) = command.errand();
            let policy = policy::in_force()?;
            let environment = environments::find(name, policy.as_ref(), environments::load)?;
            on_runtime(token::run(errand, environment))?
        }
        Command::Policy(command) => policy::run(&command),
        Command::SupportBundle(args) => support::run(&args),
        Command::Journal(JournalCommand::Verify(args)) => journal::verify(&args),
        Command::Journal(JournalCommand::Export(args)) => on_runtime(journal::export(args))?,
        Command::Demo => on_runtime(demo::run())?,
    }
}

/// One thread is plenty: polls are few and wait for the network.
fn on_runtime<F: Future>(work: F) -> Result<F::Output, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Stop::new(Exit::Unable, format!("cannot start: {e}")))?;
    let output = runtime.block_on(work);
    // A name that is still being resolved, or a prompt nobody answers, must not hold up the exit.
    runtime.shutdown_background();
    Ok(output)
}
