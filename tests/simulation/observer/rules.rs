//! The contract's numbers, written down a second time: the desk is not asked whether it is right.

use std::time::Duration;

use enrollment_core::watch::Pace;

pub const SHORTEST_GAP: Duration = Duration::from_secs(2);
pub const LONGEST_GAP: Duration = Duration::from_secs(5);
/// Intervals are kept this exactly.
pub const TICK: Duration = Duration::from_millis(100);
/// What rounding may cost.
pub const ROUNDING: Duration = Duration::from_millis(1);
/// A wall clock that runs ahead by more than this between two turns has jumped.
pub const JUMP: Duration = Duration::from_secs(10);
pub const GRACE_AFTER_JUMP: Duration = Duration::from_secs(30);
/// After so long a request has an answer, or none.
pub const REQUEST: Duration = Duration::from_secs(10);
pub const OFFLINE_AFTER: u32 = 3;
pub const OFFLINE_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long a removal can be undone.
pub const UNDO: Duration = Duration::from_secs(60);
/// A timeline keeps this many entries.
pub const LONGEST_TIMELINE: usize = 1_000;

const BACK_OFF: [u64; 5] = [2, 4, 8, 16, 30];
const OFFLINE_PROBES: [u64; 4] = [5, 10, 20, 30];

/// The delay after the `nth` failure in a row, counted from 0.
pub fn back_off(nth: u32) -> Duration {
    Duration::from_secs(nth_of(&BACK_OFF, nth))
}

/// The wait before the `nth` probe of the network, counted from 0.
pub fn offline_probe(nth: u32) -> Duration {
    Duration::from_secs(nth_of(&OFFLINE_PROBES, nth))
}

fn nth_of(delays: &[u64], nth: u32) -> u64 {
    delays[(nth as usize).min(delays.len() - 1)]
}

/// Two seconds, or less where a gateway on this machine is polled faster than that.
pub fn shortest(pace: Pace) -> Duration {
    pace.interval().min(SHORTEST_GAP)
}

/// The interval, which leaves room for a tick below the longest gap.
pub fn usual(pace: Pace) -> Duration {
    let interval = pace.interval();
    if interval <= LONGEST_GAP { interval.min(LONGEST_GAP.saturating_sub(TICK)) } else { interval }
}

/// Five seconds, or more where a gateway on this machine is polled more slowly than that.
pub fn longest(pace: Pace) -> Duration {
    pace.interval().max(LONGEST_GAP)
}
