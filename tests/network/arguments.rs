//! The arguments.

use clap::Parser;

use crate::{faults::Fault, harness::Harness};

/// The name that filters of `cargo test` are compared with.
const NAME: &str = "network";

/// Has the client ask gateways on a network that fails.
#[derive(Parser)]
pub struct Arguments {
    /// How often each fault is played.
    #[arg(long, default_value_t = 20)]
    pub rounds: u64,
    /// Plays these faults alone.
    #[arg(long)]
    pub only: Vec<Fault>,
    /// Plays this seed alone, of each fault.
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

    pub fn wants(&self, fault: Fault) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.name() == fault.name())
    }
}
