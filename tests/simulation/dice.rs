//! Chance, all of it from one seed.

use std::time::Duration;

/// Every draw of a run. The generator is the same on every machine, so a seed is a whole run.
pub struct Dice(fastrand::Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, in_a_thousand: u32) -> bool {
        self.0.u32(..1_000) < in_a_thousand
    }

    /// From 0 up to and without `end`, which is at least 1.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0.u32(..end)
    }

    pub fn within(&mut self, least: u32, most: u32) -> u32 {
        self.0.u32(least..=most)
    }

    /// A time between two, in milliseconds, down to the microsecond.
    pub fn millis(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_micros(self.0.u64(least * 1_000..=most * 1_000))
    }

    /// As [`Self::millis`], mostly near the least.
    pub fn mostly_short(&mut self, least: u64, most: u64) -> Duration {
        let part = u64::from(self.below(1_000));
        let most = least + (most - least) * part * part / 1_000_000;
        self.millis(least, most)
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.0.usize(..among.len())]
    }

    /// One of several, each as likely as its weight says.
    pub fn weighted<T: Copy>(&mut self, among: &[(u32, T)]) -> T {
        let mut left = self.below(among.iter().map(|(weight, _)| weight).sum());
        for (weight, it) in among {
            if left < *weight {
                return *it;
            }
            left -= weight;
        }
        among[0].1
    }
}
