//! The arguments, and those of the standard test harness, which `cargo test` hands to every test.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser};

/// The name that filters of `cargo test` are compared with.
const NAME: &str = "crash";

/// Kills the console again and again, and looks whether anything is lost that it showed as saved.
#[derive(Parser)]
pub struct Arguments {
    /// Many more rounds.
    #[arg(long)]
    pub soak: bool,
    /// Only rounds of this kind.
    #[arg(long)]
    pub only: Option<String>,
    /// So many rounds of each kind.
    #[arg(long)]
    pub rounds: Option<u32>,
    /// The first seed; another one every time where nothing is said.
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

/// What the test gives to itself as a child. Its first argument is one that no filter can be.
pub const AS_CHILD: &str = "--as-child";

/// The console that is killed.
#[derive(Parser)]
pub struct ChildArguments {
    /// Where the journal is.
    #[arg(long)]
    pub folder: PathBuf,
    /// Where the gateway is.
    #[arg(long)]
    pub gateway: String,
    /// What people do is drawn from it.
    #[arg(long)]
    pub seed: u64,
    /// New users are numbered from here; nobody does anything where nothing is said.
    #[arg(long)]
    pub users_from: Option<u32>,
    /// Claims the folder only once it is told so.
    #[arg(long)]
    pub waits: bool,
}
