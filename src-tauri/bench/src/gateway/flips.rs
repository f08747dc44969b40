//! The moments at which a user's status changes, chosen by a seed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fastrand::Rng;

/// Further apart than any two polls, so that every change is seen by a poll of its own.
const APART_MICROS: std::ops::Range<u64> = 6_000_000..14_000_000;

/// One user's changes between two statuses. Times are microseconds since 1970.
#[derive(Debug)]
pub struct Flips {
    rng: Rng,
    next: u64,
    last: Option<u64>,
    flipped: bool,
}

impl Flips {
    pub fn new(seed: u64, now: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let next = now + rng.u64(APART_MICROS);
        Self { rng, next, last: None, flipped: false }
    }

    /// Whether the status is the other one at `now`, and when it last changed.
    pub fn at(&mut self, now: u64) -> (bool, Option<u64>) {
        while self.next <= now {
            self.last = Some(self.next);
            self.flipped = !self.flipped;
            self.next += self.rng.u64(APART_MICROS);
        }
        (self.flipped, self.last)
    }
}

/// Microseconds since 1970 on the wall clock, which gateway and subjects share.
pub fn wall_micros() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_alternate_and_no_two_come_within_one_gap() {
        let begin = 1_000_000;
        let mut flips = Flips::new(7, begin);
        assert_eq!(flips.at(begin), (false, None));
        let mut changes = Vec::new();
        for step in 0..100_u64 {
            let now = begin + step * 1_000_000;
            if let (flipped, Some(at)) = flips.at(now)
                && changes.last().is_none_or(|(_, last)| *last != at)
            {
                assert!(at <= now && at > now - 1_000_000, "told in the second it happened");
                changes.push((flipped, at));
            }
        }
        assert!(changes.len() > 100 / 14 - 1, "{} changes", changes.len());
        assert!(changes.windows(2).all(|w| w[0].0 != w[1].0 && w[1].1 - w[0].1 >= 6_000_000));
    }
}
