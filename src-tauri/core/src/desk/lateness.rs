//! How late polls leave, counted in steps of five milliseconds.

use std::time::Duration;

const STEP: Duration = Duration::from_millis(5);
/// Up to a second; whatever is later counts as that.
const STEPS: usize = 200;

/// How far behind their due moments polls left, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lateness {
    pub polls: u64,
    pub p50_ms: u64,
    pub p99_ms: u64,
    pub most_ms: u64,
}

#[derive(Debug)]
pub(super) struct Delays {
    steps: [u64; STEPS + 1],
    most: Duration,
}

impl Default for Delays {
    fn default() -> Self {
        Self { steps: [0; STEPS + 1], most: Duration::ZERO }
    }
}

impl Delays {
    pub fn count(&mut self, delay: Duration) {
        let step = usize::try_from(delay.as_nanos() / STEP.as_nanos()).unwrap_or(STEPS).min(STEPS);
        self.steps[step] += 1;
        self.most = self.most.max(delay);
    }

    pub fn sum_up(&self) -> Lateness {
        let polls = self.steps.iter().sum();
        Lateness {
            polls,
            p50_ms: self.at_most(polls.div_ceil(2)),
            p99_ms: self.at_most(polls - polls / 100),
            most_ms: super::record::millis(self.most),
        }
    }

    /// The upper end of the step within which so many polls had left.
    fn at_most(&self, polls: u64) -> u64 {
        let mut counted = 0;
        let reached = self.steps.iter().position(|step| {
            counted += step;
            counted >= polls
        });
        match reached {
            Some(step) if polls > 0 => super::record::millis(STEP) * (step as u64 + 1),
            Some(_) | None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_summed_up_in_steps() {
        assert_eq!(Delays::default().sum_up(), Lateness::default());
        let mut delays = Delays::default();
        for ms in 0..100 {
            delays.count(Duration::from_millis(ms));
        }
        let lateness = Lateness { polls: 100, p50_ms: 50, p99_ms: 100, most_ms: 99 };
        assert_eq!(delays.sum_up(), lateness);
        delays.count(Duration::from_secs(60));
        assert_eq!(delays.sum_up().most_ms, 60_000);
    }
}
