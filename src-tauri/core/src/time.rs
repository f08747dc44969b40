//! Moments are arguments here: nothing that decides reads a clock.

use std::{
    ops::{Add, Sub},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

/// A reading of the monotonic clock: the time since some start that only this process knows.
/// Intervals, delays and deadlines are kept on it.
///
/// In nanoseconds, which reach for 584 years: every watched enrollment holds several of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(u64);

impl Mono {
    #[must_use]
    pub fn since_start(elapsed: Duration) -> Self {
        Self(nanos(elapsed))
    }

    /// The time from `earlier` to here; zero where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Add<Duration> for Mono {
    type Output = Self;

    fn add(self, rest: Duration) -> Self {
        Self(self.0.saturating_add(nanos(rest)))
    }
}

impl Sub<Duration> for Mono {
    type Output = Self;

    fn sub(self, rest: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(rest)))
    }
}

/// One moment on both clocks. The wall clock is for people, and tells that the machine slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub mono: Mono,
    pub wall: Timestamp,
}

impl Moment {
    /// How far the wall clock ran ahead of the monotonic one between two moments: the time that
    /// the machine slept, or that somebody set the clock forward by.
    #[must_use]
    pub fn jump_since(self, earlier: Self) -> Duration {
        let wall = self.wall.duration_since(earlier.wall);
        Duration::try_from(wall).unwrap_or_default().saturating_sub(self.mono.since(earlier.mono))
    }

    /// How far the two clocks have moved apart since, in either direction.
    #[must_use]
    pub fn drift_since(self, earlier: Self) -> Duration {
        let wall = self.wall.duration_since(earlier.wall);
        let mono = SignedDuration::try_from(self.mono.since(earlier.mono)).unwrap_or_default();
        wall.saturating_sub(mono).unsigned_abs()
    }

    /// What the monotonic clock will read at that time, or read then; its start for what was
    /// before it.
    #[must_use]
    pub fn mono_at(self, then: Timestamp) -> Mono {
        let ahead = then.duration_since(self.wall);
        let by = ahead.unsigned_abs();
        if ahead.is_positive() { self.mono + by } else { self.mono - by }
    }

    /// The wall-clock time at which the monotonic clock will read `then`, or read it.
    #[must_use]
    pub fn wall_at(self, then: Mono) -> Timestamp {
        let ahead = then.since(self.mono);
        let behind = self.mono.since(then);
        self.wall.saturating_add(ahead).and_then(|t| t.saturating_sub(behind)).unwrap_or(self.wall)
    }
}
