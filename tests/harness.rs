//! The arguments of the standard test harness, which `cargo test` hands to every test, also to those
//! that are their own harness.

use clap::{ArgAction, Args};

/// What the standard harness takes. Only the choice of tests means something here.
#[derive(Args)]
pub struct Harness {
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

impl Harness {
    /// Whether `cargo test` means the test of that name at all.
    pub fn wants(&self, name: &str) -> bool {
        let names = |filter: &String| {
            if self.exact { filter == name } else { name.contains(filter.as_str()) }
        };
        let chosen = self.filters.is_empty() || self.filters.iter().any(names);
        chosen && !self.skip.iter().any(names) && self.list == 0
    }
}
