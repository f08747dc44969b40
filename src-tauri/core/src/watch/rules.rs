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

    /// The same interval with another one's cap.
    pub(super) fn with_cap_of(self, other: Self) -> Self {
        Self { cap_ms: other.cap_ms, ..self }
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

    /// How far the rhythm of the `nth` watch is moved after its first polls, so that watches which
    /// start together spread evenly over the interval. The first keeps to the interval.
    ///
    /// Multiples of the golden ratio fill a circle evenly at every count.
    #[must_use]
    pub fn spread(self, nth: u32) -> Shift {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let steady = self.steady();
        let later = steady.mul_f64((f64::from(nth) * GOLDEN).fract());
        let sooner = steady.saturating_sub(later);
        let (longer, shorter) = self.leeway();
        // In as few gaps as possible, and rather in longer ones: those ask for less.
        if gaps(later, longer) <= gaps(sooner, shorter) {
            Shift::Later(later)
        } else {
            Shift::Sooner(sooner)
        }
    }

    /// The gap that comes next, which takes off the shift as much as the contract allows.
    pub(super) fn shifted(self, shift: &mut Shift) -> Duration {
        let (longer, shorter) = self.leeway();
        match shift {
            Shift::Later(left) => {
                let by = longer.min(*left);
                *left = left.saturating_sub(by);
                self.steady() + by
            }
            Shift::Sooner(left) => {
                let by = shorter.min(*left);
                *left = left.saturating_sub(by);
                self.steady().saturating_sub(by)
            }
        }
    }

    /// By how much a gap may be longer, or shorter, than the steady one.
    fn leeway(self) -> (Duration, Duration) {
        let steady = self.steady();
        let longest = self.longest_uneven();
        (longest.saturating_sub(steady), steady.saturating_sub(self.shortest()))
    }
}

/// In how many gaps a rhythm is moved so far, where each has so much room.
fn gaps(shift: Duration, room: Duration) -> u128 {
    match (shift.as_nanos(), room.as_nanos()) {
        (0, _) => 0,
        (_, 0) => u128::MAX,
        (shift, room) => shift.div_ceil(room),
    }
}

/// How far a rhythm is still to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Later(Duration),
    Sooner(Duration),
}

impl Shift {
    pub const NONE: Self = Self::Later(Duration::ZERO);
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
    fn a_rhythm_is_moved_in_as_few_gaps_as_possible_and_rather_in_longer_ones() {
        for interval in [2.0, 2.5, 3.0, 4.0, 5.0] {
            let pace = Pace::new(interval, 300.0, false).expect("in range");
            let uneven = |mut shift: Shift| {
                let gaps = (0..100).map(|_| pace.shifted(&mut shift));
                gaps.filter(|gap| *gap != pace.steady()).count()
            };
            for nth in 0..1_000 {
                let (later, sooner, chosen) = match pace.spread(nth) {
                    Shift::Later(by) => (by, pace.steady().saturating_sub(by), "later"),
                    Shift::Sooner(by) => (pace.steady().saturating_sub(by), by, "sooner"),
                };
                // Without any room it would take for ever.
                let (longer, shorter) = pace.leeway();
                let by = |shift, by: Duration, room: Duration| {
                    if room.is_zero() && !by.is_zero() { usize::MAX } else { uneven(shift) }
                };
                let by_later = by(Shift::Later(later), later, longer);
                let by_sooner = by(Shift::Sooner(sooner), sooner, shorter);
                let best = if by_later <= by_sooner { "later" } else { "sooner" };
                assert_eq!(chosen, best, "{interval} s, {nth}: {by_later} or {by_sooner} gaps");
            }
        }
    }

    #[test]
    fn a_spread_stays_within_the_contract_and_fills_the_interval() {
        for interval in [2.0, 2.5, 3.0, 4.0, 5.0] {
            let pace = Pace::new(interval, 300.0, false).expect("in range");
            assert_eq!(pace.spread(0), Shift::NONE);
            let mut moments: Vec<_> = (0..1_000)
                .map(|nth| {
                    let mut shift = pace.spread(nth);
                    let gaps = [(); 3].map(|()| pace.shifted(&mut shift));
                    assert!(gaps.iter().all(|gap| (SHORTEST_GAP..LONGEST_GAP).contains(gap)));
                    assert_eq!(pace.shifted(&mut shift), pace.steady(), "three gaps are enough");
                    let phase = gaps.iter().sum::<Duration>().as_nanos() % pace.steady().as_nanos();
                    u64::try_from(phase).expect("less than five seconds")
                })
                .collect();
            moments.sort_unstable();
            let around = u64::try_from(pace.steady().as_nanos()).expect("five seconds");
            moments.push(moments[0] + around);
            let widest = moments.windows(2).map(|w| w[1] - w[0]).max().expect("many");
            assert!(widest < around / 300, "{interval} s leaves a hole of {widest} ns");
        }
    }
}
