//! Who was polled when, as the gateway saw it.

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use fastrand::Rng;
use hyper::body::Bytes;
use serde::{Deserialize, Serialize};

use super::flips::{Flips, wall_micros};
use crate::{
    args::GatewayArgs,
    statistics::{largest, median, number},
};

/// The gaps that the contract allows.
const CONTRACT: RangeInclusive<Duration> = Duration::from_secs(2)..=Duration::from_secs(5);

/// A user whose last poll is longer ago than this many median gaps is starved.
const STARVED: f64 = 1.2;

const PROCESSING: &str =
    r#"{"videoIdentificationUrl":null,"videoIdentificationStatus":"PROCESSING","message":null}"#;
const SIGNED: &str = r#"{"videoIdentificationUrl":null,"videoIdentificationStatus":"DOCUMENT_SIGN_SUCCESS","message":null}"#;

/// What the gateway has seen until now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub polls: u64,
    /// Polls of the user that was polled least.
    pub fewest: u32,
    /// Users who wait for a poll much longer than the others, or have had none.
    pub starved: u32,
    /// Open connections.
    pub connections: u32,
    pub answers: u64,
    /// From arrivals to answers, all together.
    pub answering_seconds: f64,
    pub gaps: Gaps,
}

/// The times between two polls of one user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gaps {
    pub count: u64,
    pub in_contract: u64,
    /// All together.
    pub seconds: f64,
    pub shortest: f64,
    pub median: f64,
    pub longest: f64,
}

#[derive(Debug)]
pub struct Ledger {
    users: Vec<User>,
    gaps: Vec<Duration>,
    rng: Rng,
    wait_millis: RangeInclusive<u64>,
    target_at: Option<u32>,
    polls: u64,
    answers: u64,
    answering: Duration,
    pub connections: u32,
}

#[derive(Debug)]
struct User {
    polls: u32,
    last: Option<Instant>,
    flips: Option<Flips>,
}

impl Ledger {
    pub fn new(args: &GatewayArgs) -> Self {
        let mut rng = Rng::with_seed(args.seed);
        let now = wall_micros();
        let user = |_| User {
            polls: 0,
            last: None,
            flips: args.flips.then(|| Flips::new(rng.u64(..), now)),
        };
        Self {
            users: (0..args.users).map(user).collect(),
            gaps: Vec::new(),
            rng,
            wait_millis: args.least_ms..=args.most_ms,
            target_at: args.target_at,
            polls: 0,
            answers: 0,
            answering: Duration::ZERO,
            connections: 0,
        }
    }

    /// Writes down a poll. Gives how long to wait and what to answer then; `None` for a user that
    /// nobody knows.
    pub fn arrived(&mut self, id: u32, at: Instant) -> Option<(Duration, Bytes)> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        let user = self.users.get_mut(index)?;
        user.polls += 1;
        self.polls += 1;
        if let Some(last) = user.last.replace(at) {
            self.gaps.push(at - last);
        }
        let signed = self.target_at.is_some_and(|nth| user.polls >= nth);
        let body = match &mut user.flips {
            _ if signed => Bytes::from_static(SIGNED.as_bytes()),
            Some(flips) => body(flips.at(wall_micros())),
            None => Bytes::from_static(PROCESSING.as_bytes()),
        };
        Some((Duration::from_millis(self.rng.u64(self.wait_millis.clone())), body))
    }

    /// Writes down an answer, and how long after the poll it was given.
    pub fn answered(&mut self, after: Duration) {
        self.answers += 1;
        self.answering += after;
    }

    pub fn report(&self, now: Instant) -> Report {
        let gaps = Gaps::of(&self.gaps);
        let patience = Duration::from_secs_f64(gaps.median * STARVED);
        let starved = self.users.iter().filter(|user| {
            user.last.is_none_or(|last| now.saturating_duration_since(last) > patience)
        });
        Report {
            polls: self.polls,
            fewest: self.users.iter().map(|user| user.polls).min().unwrap_or(0),
            starved: u32::try_from(starved.count()).unwrap_or(u32::MAX),
            connections: self.connections,
            answers: self.answers,
            answering_seconds: self.answering.as_secs_f64(),
            gaps,
        }
    }
}

fn body((flipped, at): (bool, Option<u64>)) -> Bytes {
    let Some(at) = at else { return Bytes::from_static(PROCESSING.as_bytes()) };
    let status = if flipped { "STARTED" } else { "PROCESSING" };
    Bytes::from(format!(
        r#"{{"videoIdentificationUrl":null,"videoIdentificationStatus":"{status}","message":"{at}"}}"#
    ))
}

impl Gaps {
    fn of(gaps: &[Duration]) -> Self {
        let seconds: Vec<f64> = gaps.iter().map(Duration::as_secs_f64).collect();
        let within = gaps.iter().filter(|gap| CONTRACT.contains(*gap)).count();
        Self {
            count: u64::try_from(gaps.len()).unwrap_or(u64::MAX),
            in_contract: u64::try_from(within).unwrap_or(u64::MAX),
            seconds: seconds.iter().sum(),
            shortest: seconds.iter().copied().min_by(f64::total_cmp).unwrap_or_default(),
            median: median(&seconds).unwrap_or_default(),
            longest: largest(&seconds).unwrap_or_default(),
        }
    }

    /// The share of gaps that the contract allows; `None` where there were none.
    pub fn in_contract_share(&self) -> Option<f64> {
        (self.count > 0).then(|| number(self.in_contract) / number(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(users: u32, target_at: Option<u32>) -> Ledger {
        Ledger::new(&GatewayArgs {
            certificate: "".into(),
            key: "".into(),
            users,
            least_ms: 40,
            most_ms: 100,
            seed: 1,
            flips: false,
            target_at,
        })
    }

    #[test]
    fn gaps_are_each_users_own() {
        let mut ledger = ledger(2, None);
        let start = Instant::now();
        let mut polled = |id, ms| ledger.arrived(id, start + Duration::from_millis(ms));
        for (id, ms) in [(1, 0), (2, 1_000), (1, 3_000), (2, 2_999), (1, 8_001), (1, 10_001)] {
            assert!(polled(id, ms).is_some());
        }
        assert_eq!(polled(0, 0), None);
        assert_eq!(polled(3, 0), None);
        let report = ledger.report(start + Duration::from_millis(10_001));
        assert_eq!((report.polls, report.fewest), (6, 2));
        assert_eq!(report.starved, 1, "the second user's last poll is 7 s ago, the median gap 2.5");
        let gaps = report.gaps;
        assert_eq!((gaps.count, gaps.in_contract), (4, 2), "1,999 and 5,001 ms are outside");
        assert_eq!(gaps.in_contract_share(), Some(0.5));
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(gaps.shortest, 1.999) && close(gaps.longest, 5.001));
        assert!(close(gaps.median, 2.5) && close(gaps.seconds, 12.0));
    }

    #[test]
    fn answers_wait_within_the_range_and_reach_the_target_at_the_nth() {
        let mut ledger = ledger(1, Some(3));
        let answers: Vec<_> = (0..200).filter_map(|_| ledger.arrived(1, Instant::now())).collect();
        let waits = answers.iter().map(|(wait, _)| wait.as_millis());
        assert_eq!((waits.clone().min(), waits.max()), (Some(40), Some(100)));
        let signed: Vec<bool> = answers.iter().map(|(_, body)| body == SIGNED).collect();
        assert_eq!(signed[..4], [false, false, true, true]);
    }
}
