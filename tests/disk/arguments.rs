//! The arguments.

use clap::Parser;

use crate::{harness::Harness, rounds::Round};

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

impl Arguments {
    /// Whether `cargo test` means this test at all.
    pub fn wanted(&self) -> bool {
        self.harness.wants(NAME)
    }
}
