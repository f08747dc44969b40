//! Says how far the benchmark is.

use std::time::{Duration, Instant};

pub struct Progress {
    begun: Instant,
    total: Duration,
}

impl Progress {
    pub fn begin(total: Duration) -> Self {
        Self { begun: Instant::now(), total }
    }

    pub fn say(&self, words: &str) {
        println!("[{} of about {}] {words}", clock(self.begun.elapsed()), clock(self.total));
    }
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
