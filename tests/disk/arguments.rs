//! The arguments, and those of the standard test harness, which `cargo test` hands to every test.

use clap::{ArgAction, Args, Parser};

use crate::rounds::Round;

/// The name that filters of `cargo test` are compared with.
const NAME: &str = "disk";

/// Puts the journal on disks that fail.
#[derive(Parser)]
pub struct Arguments {
    /// Many more rounds, and a journal of a million lines.
    #[arg(long)]
    pub soak: bool,
    /// Plays these rounds alone.
    #[arg(long, value_enum)]
    pub only: Vec<Round>,
    /// Plays this seed alone, of each kind of round.
    #[arg(long)]
    pub seed: Option<u64>,
    #[command(flatten)]
    harness: Harness,
}

/// What the standard harness takes. Only the choice of tests means something here.
#[derive(Args)]
struct Harness {
    #[arg(hide = true)]
    filters: Vec<String>,
    #[arg(long, hide = true)]
    exact: bool,
    #[arg(long, hide = true)]
    skip: Vec<String>,
    /// This test has no list, no ignored part and no benchmark.
    #[arg(long, hide = true, aliases = ["ignored", "bench"], action = ArgAction::Count)]
    list: u8,
    #[arg(
        long,
        short = 'q',
        hide = true,
        aliases = [
            "exclude-should-panic", "include-ignored", "no-capture", "nocapture", "report-time",
            "show-output", "shuffle", "test",
        ],
        action = ArgAction::Count
    )]
    quiet: u8,
    #[arg(
        long,
        short = 'Z',
        hide = true,
        aliases = ["color", "logfile", "shuffle-seed", "test-threads"]
    )]
    format: Vec<String>,
}

impl Arguments {
    /// Whether `cargo test` means this test at all.
    pub fn wanted(&self) -> bool {
        let Harness { filters, exact, skip, list, .. } = &self.harness;
        let names = |filter: &String| {
            if *exact { filter == NAME } else { NAME.contains(filter.as_str()) }
        };
        let chosen = filters.is_empty() || filters.iter().any(names);
        chosen && !skip.iter().any(names) && *list == 0
    }
}
