//! The machine's two clocks, and when its driver wakes up.

use std::time::Duration;

use enrollment_core::time::{Moment, Mono};
use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;

/// The tick of a driver that works in ticks.
pub const TICK: Duration = Duration::from_millis(100);
/// The longest that a driver is kept from working, by whatever else the machine has to do.
pub const LONGEST_STARVATION: Duration = Duration::from_secs(4);

/// Where every run begins: 1 January 2026, UTC.
const BEGIN: i64 = 1_767_225_600;

/// The monotonic clock and the wall clock.
pub struct Clock {
    mono: Mono,
    /// How far the wall clock runs ahead, by sleep and by being set.
    ahead: SignedDuration,
    slept: Duration,
}

impl Clock {
    pub fn new() -> Self {
        Self { mono: Mono::default(), ahead: SignedDuration::ZERO, slept: Duration::ZERO }
    }

    pub fn now(&self) -> Moment {
        let wall = Timestamp::from_second(BEGIN).unwrap_or_default();
        let elapsed = self.mono.since(Mono::default());
        Moment { mono: self.mono, wall: wall + elapsed + self.ahead }
    }

    pub fn run_to(&mut self, then: Mono) {
        self.mono = self.mono.max(then);
    }

    /// What has passed in the world outside, sleep included.
    pub fn elapsed(&self) -> Duration {
        self.mono.since(Mono::default()) + self.slept
    }

    /// The machine sleeps: the monotonic clock stands still.
    pub fn sleep(&mut self, by: Duration) {
        self.slept += by;
        self.ahead += SignedDuration::try_from(by).unwrap_or_default();
    }

    /// Somebody sets the wall clock.
    pub fn set(&mut self, by: SignedDuration) {
        self.ahead += by;
    }
}

/// How a driver wakes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Exactly when the desk asked for it, or something arrived.
    Exact,
    /// At the next tick.
    Ticks,
}

/// A driver that wakes up, now and then late.
pub struct Waking {
    style: Style,
    /// How often in a thousand it is late.
    often_late: u32,
    /// How late the next time.
    late: Duration,
}

impl Waking {
    pub fn new(style: Style, often_late: u32) -> Self {
        Self { style, often_late, late: Duration::ZERO }
    }

    /// When the driver works, having been asked to at `alarm`.
    pub fn at(&self, alarm: Mono) -> Mono {
        let on_time = match self.style {
            Style::Exact => alarm,
            Style::Ticks => {
                let passed = alarm.since(Mono::default());
                let nanos = passed.as_nanos().div_ceil(TICK.as_nanos()) * TICK.as_nanos();
                Mono::since_start(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
            }
        };
        on_time + self.late
    }

    /// Draws how late it will be the next time; true where that is starvation.
    pub fn draw(&mut self, dice: &mut Dice, calm: bool) -> bool {
        self.late = Duration::ZERO;
        if !calm && dice.chance(self.often_late) {
            let most = u64::try_from(LONGEST_STARVATION.as_millis()).unwrap_or(u64::MAX);
            self.late = dice.mostly_short(1, most);
        }
        self.late > TICK
    }
}
