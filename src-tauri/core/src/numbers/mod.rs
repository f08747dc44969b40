//! What is counted, for whoever wants to know how the day goes: from the timelines' lines to
//! figures. No clock, no I/O.

mod answers;

use jiff::Timestamp;
use serde::Serialize;

use crate::enrollment::{Entry, Event, Miss, Outcome, Phase, Says};
pub use answers::{AnswerCount, Answers, Asked};

const HOUR_MS: u64 = 3_600_000;
/// The day on which clocks are set back has one more than the others.
const LONGEST_DAY: usize = 25;
/// Up to where a time counts in each bar, in milliseconds; the last bar takes what took longer.
/// Within five minutes a watch has to be done, so most of the bars lie there.
const TIME_EDGES_MS: [u64; 6] = [30_000, 60_000, 120_000, 180_000, 300_000, 600_000];

/// One environment in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    pub day: Day,
    pub answers: Answers,
    /// Whether the lines from before the console started could be read. Otherwise only what
    /// happened since counts.
    pub whole: bool,
}

/// One day of the enrollments that are on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// Customers who have signed.
    pub signed: u32,
    /// The same by the hours since the day began, up to the last one in which somebody did.
    pub hours: Vec<u32>,
    pub pre_sign: Times,
    pub post_sign: Times,
}

/// How long a phase took those who reached its target: from the statement that it begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Times {
    pub median_ms: Option<u64>,
    pub bars: Vec<TimeCount>,
    /// Watches that ran out of time, each time that one did.
    pub timed_out: u32,
}

/// How many took at most so long, and longer than the bar before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TimeCount {
    /// None for whatever took longer.
    pub upto_ms: Option<u64>,
    pub customers: u32,
}

/// Adds up a day, one enrollment after the other.
#[derive(Debug)]
pub struct Tally {
    since: Timestamp,
    hours: Vec<u32>,
    pre_sign: Took,
    post_sign: Took,
}

#[derive(Debug, Default)]
struct Took {
    ms: Vec<u64>,
    timed_out: u32,
}

impl Tally {
    /// Of a day that began at `since`.
    #[must_use]
    pub fn since(since: Timestamp) -> Self {
        Self { since, hours: Vec::new(), pre_sign: Took::default(), post_sign: Took::default() }
    }

    /// Takes one enrollment's timeline, oldest line first. Each target counts once, however often
    /// it was watched again, and its time runs from the statement on.
    pub fn add<'a>(&mut self, timeline: impl IntoIterator<Item = &'a Entry>) {
        let mut one = One::default();
        for Entry { at, event, .. } in timeline {
            if let Event::Stated { says, .. } = event {
                one.stated(*says).get_or_insert(*at);
            } else if let Event::Ended { phase, result, .. } = event {
                self.ended(&mut one, *phase, result, *at);
            }
        }
    }

    /// The figures of all that were added.
    #[must_use]
    pub fn sum_up(self) -> Day {
        Day {
            signed: self.hours.iter().sum(),
            hours: self.hours,
            pre_sign: self.pre_sign.sum_up(),
            post_sign: self.post_sign.sum_up(),
        }
    }

    fn ended(&mut self, one: &mut One, phase: Phase, result: &Outcome, at: Timestamp) {
        let today = at >= self.since;
        match result {
            Outcome::ReadyToSign { .. } => {
                if !std::mem::replace(&mut one.ready, true) && today {
                    self.pre_sign.add(one.identified, at);
                }
            }
            Outcome::Signed => {
                if !std::mem::replace(&mut one.signed, true) && today {
                    self.signed_at(at);
                    self.post_sign.add(one.signing, at);
                }
            }
            Outcome::Missed(Miss::TimedOut { .. }) if today => match phase {
                Phase::PreSign => self.pre_sign.timed_out += 1,
                Phase::PostSign => self.post_sign.timed_out += 1,
            },
            Outcome::Missed(_) => {}
        }
    }

    fn signed_at(&mut self, at: Timestamp) {
        let hour = usize::try_from(millis_between(self.since, at) / HOUR_MS).unwrap_or(usize::MAX);
        // What a clock that was wrong has put beyond the day's end still counts.
        let hour = hour.min(LONGEST_DAY - 1);
        if self.hours.len() <= hour {
            self.hours.resize(hour + 1, 0);
        }
        self.hours[hour] += 1;
    }
}

/// What one enrollment's lines have told so far.
#[derive(Default)]
struct One {
    identified: Option<Timestamp>,
    signing: Option<Timestamp>,
    ready: bool,
    signed: bool,
}

impl One {
    fn stated(&mut self, says: Says) -> &mut Option<Timestamp> {
        match says {
            Says::IdentificationFinished => &mut self.identified,
            Says::SigningFinished => &mut self.signing,
        }
    }
}

impl Took {
    /// Where nobody stated anything, a single poll has found it out: that tells no time.
    fn add(&mut self, stated: Option<Timestamp>, at: Timestamp) {
        self.ms.extend(stated.map(|stated| millis_between(stated, at)));
    }

    fn sum_up(mut self) -> Times {
        self.ms.sort_unstable();
        let upto = |edge: u64| self.ms.partition_point(|ms| *ms <= edge);
        let edges = TIME_EDGES_MS.into_iter().map(|edge| (Some(edge), upto(edge)));
        let mut before = 0;
        let bars = edges.chain([(None, self.ms.len())]).map(|(upto_ms, all)| {
            let customers = u32::try_from(all - std::mem::replace(&mut before, all));
            TimeCount { upto_ms, customers: customers.unwrap_or(u32::MAX) }
        });
        Times { bars: bars.collect(), median_ms: median(&self.ms), timed_out: self.timed_out }
    }
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(sorted: &[u64]) -> Option<u64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(lower.midpoint(upper))
}

/// Zero where the clock was set back meanwhile.
fn millis_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
