//! How a gateway answers.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::gateway::Answer;

/// Answers are taken ten times a second, so their times are known to a tenth.
const STEP: Duration = Duration::from_millis(100);
/// A tick does not begin to the millisecond.
const SLACK: Duration = Duration::from_millis(10);
/// The longest call, in steps; whatever lies beyond it counts there.
const STEPS: usize = 100;
/// Up to where a time counts in each bar, in steps.
const EDGES: [usize; 8] = [1, 2, 3, 5, 10, 20, 50, STEPS];

/// What one gateway has answered since it is asked. Of one size, whatever it is told.
#[derive(Clone, Debug)]
pub struct Asked {
    since: Timestamp,
    polls: u64,
    errors: u64,
    answered: u64,
    /// How many answers took so many steps, and one more.
    steps: [u32; STEPS],
}

/// How a gateway has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Answers {
    /// Since when it counts: epoch milliseconds.
    pub since: i64,
    pub polls: u64,
    /// Polls that brought no status: without an answer, or with one that said something else.
    pub errors: u64,
    /// Half of the answers took at most so long.
    pub median_ms: Option<u64>,
    /// Nineteen of twenty took at most so long.
    pub p95_ms: Option<u64>,
    pub bars: Vec<AnswerCount>,
}

/// How many answers took at most so long, and longer than the bar before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct AnswerCount {
    pub upto_ms: u64,
    pub answers: u64,
}

impl Asked {
    /// Nothing yet.
    #[must_use]
    pub fn since(since: Timestamp) -> Self {
        Self { since, polls: 0, errors: 0, answered: 0, steps: [0; STEPS] }
    }

    /// Takes what a poll brought, and how long that took from its sending on.
    pub fn add(&mut self, answer: &Answer, took: Duration) {
        self.polls += 1;
        match answer {
            Answer::Status(_) => {}
            Answer::Unauthorized | Answer::Refused(_) | Answer::Faulty { .. } => self.errors += 1,
            // There was no answer that could have taken a time.
            Answer::Silent(_) => {
                self.errors += 1;
                return;
            }
        }
        self.answered += 1;
        let steps = took.saturating_sub(SLACK).as_nanos().div_ceil(STEP.as_nanos());
        let step = usize::try_from(steps).unwrap_or(STEPS).clamp(1, STEPS) - 1;
        self.steps[step] = self.steps[step].saturating_add(1);
    }

    #[must_use]
    pub fn sum_up(&self) -> Answers {
        let mut from = 0;
        let bars = EDGES.map(|upto| {
            let within = &self.steps[std::mem::replace(&mut from, upto)..upto];
            let answers = within.iter().map(|count| u64::from(*count)).sum();
            AnswerCount { upto_ms: millis(upto), answers }
        });
        Answers {
            since: self.since.as_millisecond(),
            polls: self.polls,
            errors: self.errors,
            median_ms: self.at_most(50),
            p95_ms: self.at_most(95),
            bars: bars.to_vec(),
        }
    }

    /// What so many of a hundred answers took at the most.
    fn at_most(&self, percent: u64) -> Option<u64> {
        let wanted = (self.answered * percent).div_ceil(100).max(1);
        let mut so_far = 0;
        let step = self.steps.iter().position(|count| {
            so_far += u64::from(*count);
            so_far >= wanted
        })?;
        Some(millis(step + 1))
    }
}

fn millis(steps: usize) -> u64 {
    let step = u64::try_from(STEP.as_millis()).unwrap_or(u64::MAX);
    u64::try_from(steps).unwrap_or(u64::MAX).saturating_mul(step)
}
