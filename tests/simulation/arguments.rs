//! The arguments.

use clap::Parser;

use crate::harness::Harness;

/// The name that filters of `cargo test` are compared with.
const NAME: &str = "simulation";
/// How many seeds `cargo test` plays.
pub const SEEDS: u64 = 2_000;

/// Plays the desk against a simulated gateway, network, clock, keyring, browser and people.
#[derive(Parser)]
pub struct Arguments {
    /// How many seeds to play.
    #[arg(long, default_value_t = SEEDS)]
    pub seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    pub from: u64,
    /// Plays this seed alone, and shows its last steps where it breaks a rule.
    #[arg(long)]
    pub seed: Option<u64>,
    /// How many seeds to play at once; as many as there are cores where nothing is said.
    #[arg(long)]
    pub jobs: Option<usize>,
    #[command(flatten)]
    harness: Harness,
}

impl Arguments {
    /// Whether `cargo test` means this test at all.
    pub fn wanted(&self) -> bool {
        self.harness.wants(NAME)
    }
}
