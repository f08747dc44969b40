//! The arguments.

use std::path::PathBuf;

use clap::Parser;

use crate::harness::Harness;

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

impl Arguments {
    /// Whether `cargo test` means this test at all.
    pub fn wanted(&self) -> bool {
        self.harness.wants(NAME)
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
