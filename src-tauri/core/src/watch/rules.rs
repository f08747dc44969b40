//! The numbers of the contract.

use std::time::Duration;

/// No two polls of one enrollment are sent closer together.
pub const SHORTEST_GAP: Duration = Duration::from_secs(2);
/// While answers are good no gap is longer.
pub const LONGEST_GAP: Duration = Duration::from_secs(5);
/// The longest interval that is planned: five seconds, less a tick for polls that leave late.
const LONGEST_STEADY: Duration = Duration::from_millis(4_900);
/// The longest gap of another length that is planned. It ends anywhere within a tick, so it may be
/// a whole one longer, and a busy machine adds to that.
const LONGEST_UNEVEN: Duration = Duration::from_millis(4_700);
/// Polls leave in ticks of this part of the shortest gap: of 100 ms, where the contract holds.
const TICKS_PER_GAP: u32 = 20;

const SHORTEST_CAP: Duration = Duration::from_secs(120);
const LONGEST_CAP: Duration = Duration::from_secs(300);
/// What a gateway on this machine may be asked for, so that tests need not wait for minutes.
const LOOPBACK_INTERVAL: (Duration, Duration) =
    (Duration::from_millis(10), Duration::from_secs(3_600));
const LOOPBACK_CAP: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(86_400));

/// How often and how long a watch polls. In milliseconds: every watch carries its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    interval_ms: u32,
    cap_ms: u32,
}

/// Why a pace is refused. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PaceError {
    #[error("interval: {0} s is not within 2 to 5 s (only a gateway on this machine may differ)")]
    Interval(f64),
    #[error("cap: {0} s is not within 120 to 300 s (only a gateway on this machine may differ)")]
    Cap(f64),
    #[error("interval: {0} s is not within 0.01 to 3600 s")]
    LoopbackInterval(f64),
    #[error("cap: {0} s is not within 0.01 to 86400 s")]
    LoopbackCap(f64),
}

impl Default for Pace {
    fn default() -> Self {
        Self::of(Duration::from_secs(3), LONGEST_CAP)
    }
}

impl Pace {
    /// The pace with this interval and cap, in seconds.
    ///
    /// # Errors
    /// Outside 2 to 5 s and 120 to 300 s; where the gateway is on this machine, outside the wider
    /// ranges that tests and training use.
    pub fn new(interval: f64, cap: f64, loopback: bool) -> Result<Self, PaceError> {
        let within = |seconds: f64, (least, most): (Duration, Duration)| {
            Duration::try_from_secs_f64(seconds).ok().filter(|d| (least..=most).contains(d))
        };
        let (intervals, caps) = if loopback {
            (LOOPBACK_INTERVAL, LOOPBACK_CAP)
        } else {
            ((SHORTEST_GAP, LONGEST_GAP), (SHORTEST_CAP, LONGEST_CAP))
        };
        let interval = within(interval, intervals).ok_or(if loopback {
            PaceError::LoopbackInterval(interval)
        } else {
            PaceError::Interval(interval)
        })?;
        let cap = within(cap, caps).ok_or(if loopback {
            PaceError::LoopbackCap(cap)
        } else {
            PaceError::Cap(cap)
        })?;
        Ok(Self::of(interval, cap))
    }

    fn of(interval: Duration, cap: Duration) -> Self {
        let millis = |d: Duration| u32::try_from(d.as_millis()).unwrap_or(u32::MAX);
        Self { interval_ms: millis(interval), cap_ms: millis(cap) }
    }

    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_millis(self.interval_ms.into())
    }

    #[must_use]
    pub fn cap(self) -> Duration {
        Duration::from_millis(self.cap_ms.into())
    }

    /// The contract's two seconds; less only where a loopback gateway is polled faster than that.
    #[must_use]
    pub fn shortest(self) -> Duration {
        self.interval().min(SHORTEST_GAP)
    }

    /// What falls due within one tick leaves together.
    #[must_use]
    pub fn tick(self) -> Duration {
        self.shortest() / TICKS_PER_GAP
    }

    /// The gap that is planned from poll to poll.
    pub(super) fn steady(self) -> Duration {
        let interval = self.interval();
        if interval <= LONGEST_GAP { interval.min(LONGEST_STEADY) } else { interval }
    }

    /// The longest gap that may be planned instead, once.
    pub(super) fn longest_uneven(self) -> Duration {
        let interval = self.interval();
        if interval <= LONGEST_GAP { LONGEST_UNEVEN } else { interval }
    }

    /// The gap that follows the first poll of the `nth` watch, so that watches which start
    /// together spread evenly over the interval. The first keeps to the interval.
    ///
    /// Multiples of the golden ratio fill a circle evenly at every count.
    #[must_use]
    pub fn spread(self, nth: u32) -> Duration {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let (shortest, interval) = (self.shortest(), self.interval());
        let longest = (shortest + interval).min(self.longest_uneven());
        let range = longest.saturating_sub(shortest);
        if nth == 0 || range.is_zero() {
            return self.steady();
        }
        let start = interval.saturating_sub(shortest).div_duration_f64(range);
        let turn = (start + f64::from(nth) * GOLDEN).fract();
        shortest + range.mul_f64(turn)
    }
}

/// The delay after the `nth` failure in a row, counted from 0: it doubles from 2 s to 30 s.
#[must_use]
pub fn backoff(nth: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(30);
    SHORTEST_GAP.saturating_mul(1 << nth.min(4)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_ranges_hold_but_for_loopback() {
        assert!(Pace::new(2.0, 120.0, false).is_ok());
        assert!(Pace::new(5.0, 300.0, false).is_ok());
        assert_eq!(Pace::new(1.9, 120.0, false), Err(PaceError::Interval(1.9)));
        assert_eq!(Pace::new(3.0, 301.0, false), Err(PaceError::Cap(301.0)));
        assert!(Pace::new(0.2, 3.0, true).is_ok());
        for nonsense in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert!(Pace::new(nonsense, 120.0, true).is_err());
            assert!(Pace::new(3.0, nonsense, true).is_err());
        }
    }

    #[test]
    fn delays_double_up_to_half_a_minute() {
        let delays: Vec<u64> = (0..7).map(|n| backoff(n).as_secs()).collect();
        assert_eq!(delays, [2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(backoff(u32::MAX).as_secs(), 30);
    }

    #[test]
    fn a_spread_stays_within_the_contract_and_fills_the_interval() {
        for interval in [2.0, 3.0, 4.0, 5.0] {
            let pace = Pace::new(interval, 300.0, false).expect("in range");
            assert_eq!(pace.spread(0), pace.steady());
            let mut gaps: Vec<_> = (0..1_000).map(|n| pace.spread(n)).collect();
            gaps.sort_unstable();
            assert!(gaps[0] >= SHORTEST_GAP && gaps[999] <= LONGEST_GAP);
            let widest = gaps.windows(2).map(|w| w[1].saturating_sub(w[0])).max().expect("many");
            assert!(
                widest < Duration::from_millis(210),
                "{interval} s leaves a hole of {widest:?}"
            );
        }
    }
}
