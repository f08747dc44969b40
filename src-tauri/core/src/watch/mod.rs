//! The rules of one watch, as a pure state machine: given an answer or a moment, what next.
//!
//! It never sends, sleeps or reads a clock. Whoever drives it asks [`Watch::due`], sends when that
//! moment has come, says so with [`Watch::sent`], and hands every answer to [`reading::read`]
//! first and to one of [`Watch::waits`] and [`Watch::fails`] where it decided nothing.

pub mod reading;
mod rules;

use std::time::Duration;

use crate::{
    enrollment::{Phase, TimeoutCause},
    time::Mono,
};

pub use rules::{LONGEST_GAP, Pace, PaceError, SHORTEST_GAP, Shift, backoff};

/// After a clock jump, network failures decide nothing for this long: the network is only just
/// coming back itself.
pub(crate) const GRACE_AFTER_JUMP: Duration = Duration::from_secs(30);

/// One phase of one enrollment, being watched.
#[derive(Clone, Debug)]
pub struct Watch {
    phase: Phase,
    pace: Pace,
    clock: Clock,
    plan: Plan,
    /// An environment without token or connection holds its watches: nothing is planned.
    held: bool,
    /// The next poll, or the one that is out, is the one at the cap: its answer ends the watch.
    last: bool,
    polls: u32,
    failures: u32,
    /// The moment that the last poll was due, which the next gap counts from.
    slot: Mono,
    /// When the gateway was last asked, or last answered: the gateway saw the last request no
    /// later than it answered, so the shortest gap counts from here.
    spoke: Option<Mono>,
    /// Set by `Retry-After`; nothing is sent before.
    not_before: Mono,
    /// How far the rhythm is still to be moved, so that many watches are spread evenly.
    shift: Shift,
    grace_until: Mono,
    /// The clock jumped while a poll was out: its answer may be as old as the sleep was long.
    stale: bool,
}

/// How much of the cap is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The cap runs from the first send.
    Unstarted,
    Running {
        deadline: Mono,
    },
    /// Held, and not charged for it.
    Stopped {
        left: Duration,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Poll(Mono),
    InFlight,
    /// Held: waits for the environment, and would poll at this moment.
    Parked(Mono),
    /// `Retry-After` passes the deadline: nothing more is sent, and the watch ends there.
    Doomed,
}

/// What becomes of a watch after an answer that decided nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes on; `retry` is the time to the next try, where the answer was a failure and the
    /// watch is not held.
    Goes {
        retry: Option<Duration>,
    },
    TimedOut(TimeoutCause),
}

impl Watch {
    /// A watch that begins at `now`. The gateway was last asked for its enrollment, or last
    /// answered, at `spoke`, and `Retry-After` allows no poll before `not_before`: where that is
    /// later than a whole cap, nothing is sent and the watch ends there. `shift` spreads watches
    /// that start together.
    #[must_use]
    pub fn new(
        phase: Phase,
        pace: Pace,
        now: Mono,
        spoke: Option<Mono>,
        not_before: Mono,
        shift: Shift,
    ) -> Self {
        let mut watch = Self {
            phase,
            pace,
            clock: Clock::Unstarted,
            plan: Plan::Poll(now),
            held: false,
            last: false,
            polls: 0,
            failures: 0,
            slot: now,
            spoke,
            not_before,
            shift,
            grace_until: Mono::default(),
            stale: false,
        };
        let first = watch.earliest(now);
        watch.plan_at(first, now);
        watch
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    #[must_use]
    pub fn cap(&self) -> Duration {
        self.pace.cap()
    }

    /// Another interval holds from the next poll on. The time that the watch was given stands.
    pub fn change_interval(&mut self, pace: Pace) {
        self.pace = pace.with_cap_of(self.pace);
    }

    /// Whether the poll at the cap comes next; such polls go first when the budget is short.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.last
    }

    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// When this watch needs a poll or its end; `None` while a poll is out or the watch is held
    /// with its clock stopped.
    #[must_use]
    pub fn due(&self) -> Option<Mono> {
        match (self.plan, self.clock) {
            (Plan::Poll(at), _) => Some(at),
            (Plan::Doomed, Clock::Running { deadline }) => Some(deadline),
            (Plan::Parked(at), Clock::Running { deadline }) => Some(deadline.max(at)),
            (Plan::InFlight | Plan::Doomed | Plan::Parked(_), _) => None,
        }
    }

    /// What to do at [`Self::due`]: end, with the cause, or poll.
    #[must_use]
    pub fn ends_unasked(&self) -> Option<TimeoutCause> {
        match self.plan {
            Plan::Doomed => Some(TimeoutCause::RetryAfter),
            Plan::Poll(_) | Plan::InFlight | Plan::Parked(_) => None,
        }
    }

    /// A poll went out. One that left within a tick of its moment was on time: the next gap counts
    /// from that moment, so that ticks do not stretch the rhythm.
    pub fn sent(&mut self, now: Mono) {
        self.slot = match self.plan {
            Plan::Poll(due) if now.since(due) <= self.pace.tick() => due,
            Plan::Poll(_) | Plan::InFlight | Plan::Parked(_) | Plan::Doomed => now,
        };
        let cap = self.pace.cap();
        self.clock = match self.clock {
            // The poll of a held watch is a probe: its time stands still.
            Clock::Unstarted if self.held => Clock::Stopped { left: cap },
            Clock::Unstarted => Clock::Running { deadline: now + cap },
            same @ (Clock::Running { .. } | Clock::Stopped { .. }) => same,
        };
        self.last = match self.clock {
            Clock::Running { deadline } => now >= deadline,
            Clock::Stopped { left } => left.is_zero(),
            Clock::Unstarted => false,
        };
        self.polls += 1;
        self.spoke = Some(now);
        self.stale = false;
        self.plan = Plan::InFlight;
    }

    /// The answer was good and not the target.
    pub fn waits(&mut self, now: Mono) -> Next {
        self.failures = 0;
        self.not_before = Mono::default();
        self.spoke = Some(now);
        if self.is_over(now) {
            return Next::TimedOut(TimeoutCause::Cap);
        }
        if self.stale {
            self.plan_at(now, now);
            return Next::Goes { retry: None };
        }
        let gap = self.pace.shifted(&mut self.shift);
        self.plan_gap(gap, now);
        Next::Goes { retry: None }
    }

    /// There was no answer, or none that says anything. `silent`: the network failed, no HTTP
    /// answer arrived.
    pub fn fails(&mut self, now: Mono, retry_after: Option<Duration>, silent: bool) -> Next {
        self.spoke = Some(now);
        let forgiven = silent && now < self.grace_until;
        if self.is_over(now) && !forgiven {
            return Next::TimedOut(TimeoutCause::Cap);
        }
        let delay = backoff(self.failures);
        self.failures = self.failures.saturating_add(1);
        if let Some(wait) = retry_after {
            self.not_before = now + wait;
        }
        self.plan_at((now + delay).max(self.not_before), now);
        let retry = match self.plan {
            Plan::Poll(at) => Some(at.since(now)),
            Plan::InFlight | Plan::Parked(_) | Plan::Doomed => None,
        };
        Next::Goes { retry }
    }

    /// The answer does not count, as with a 401: the poll is due again.
    pub fn unanswered(&mut self, now: Mono) {
        self.spoke = Some(now);
        let earliest = self.earliest(now);
        self.plan_at(earliest, now);
    }

    /// The environment has no token or no connection. `charged`: the cap goes on running, and the
    /// poll at the cap still goes out.
    pub fn hold(&mut self, now: Mono, charged: bool) {
        self.held = true;
        self.clock = match self.clock {
            Clock::Unstarted if charged => Clock::Running { deadline: now + self.pace.cap() },
            Clock::Running { deadline } if !charged => Clock::Stopped { left: deadline.since(now) },
            same @ (Clock::Unstarted | Clock::Running { .. } | Clock::Stopped { .. }) => same,
        };
        if let Plan::Poll(at) = self.plan {
            self.plan = Plan::Parked(at);
            self.last = false;
        }
    }

    /// The environment is back: the watch goes on with the time it had left.
    pub fn resume(&mut self, now: Mono, shift: Shift) {
        self.held = false;
        self.shift = shift;
        self.failures = 0;
        if let Clock::Stopped { left } = self.clock {
            self.clock = Clock::Running { deadline: now + left };
        }
        // What `Retry-After` had ruled out may be possible again: its wait went on meanwhile.
        if matches!(self.plan, Plan::Parked(_) | Plan::Doomed) {
            let earliest = self.earliest(now);
            self.plan_at(earliest, now);
        }
    }

    /// Whether `Retry-After` rules out every poll in the time that is left.
    #[must_use]
    pub fn is_ruled_out(&self, now: Mono) -> bool {
        let end = match self.clock {
            Clock::Unstarted => now + self.pace.cap(),
            Clock::Running { deadline } => deadline.max(now),
            Clock::Stopped { left } => now + left,
        };
        self.not_before > end
    }

    /// When a poll could go out, were it asked for now: at once where one is out; `None` where
    /// none will.
    #[must_use]
    pub fn could_poll(&self, now: Mono) -> Option<Mono> {
        match self.plan {
            Plan::Poll(_) => Some(self.earliest(now)),
            Plan::InFlight => Some(now),
            Plan::Parked(_) | Plan::Doomed => None,
        }
    }

    /// Brings the next poll forward to the earliest moment that the rules allow. One that is
    /// overdue keeps its place among those that wait for the budget.
    pub fn hasten(&mut self, now: Mono) {
        if let Plan::Poll(at) = self.plan {
            let earliest = self.earliest(now).min(at);
            self.plan_at(earliest, now);
        }
    }

    /// The wall clock ran `by` ahead of the monotonic one: that time counts too, and one poll
    /// goes out at once before anything is decided.
    pub fn jumped(&mut self, now: Mono, by: Duration) {
        if let Clock::Running { deadline } = &mut self.clock {
            *deadline = *deadline - by;
        }
        self.grace_until = now + GRACE_AFTER_JUMP;
        match self.plan {
            Plan::Poll(_) => self.hasten(now),
            Plan::InFlight => self.stale = true,
            Plan::Parked(_) => self.plan_at(self.earliest(now), now),
            Plan::Doomed => {}
        }
    }

    /// Whether the time is up and no further poll is owed.
    fn is_over(&self, now: Mono) -> bool {
        if self.stale {
            return false;
        }
        self.last || matches!(self.clock, Clock::Running { deadline } if now >= deadline)
    }

    /// The earliest moment for another poll: the shortest gap after the last one, and never before
    /// `Retry-After`.
    fn earliest(&self, now: Mono) -> Mono {
        now.max(self.soonest())
    }

    fn soonest(&self) -> Mono {
        let after_gap = |spoke| self.not_before.max(spoke + self.pace.shortest());
        self.spoke.map_or(self.not_before, after_gap)
    }

    /// Plans the next poll one `gap` after the last one, after a good answer at `now`.
    ///
    /// The gap is measured from send to send. It counts from the answer where that outlasted it,
    /// and never falls below the shortest gap after an answer: a gateway that got the request
    /// late, over a connection that had to be opened first, sees the contract's gap all the same.
    fn plan_gap(&mut self, gap: Duration, now: Mono) {
        let from = if now.since(self.slot) >= gap { now } else { self.slot };
        let earliest = now + self.pace.shortest();
        let at = (from + gap).max(earliest);
        let Clock::Running { deadline } = self.clock else { return self.plan_at(at, now) };
        let rest = deadline.since(from);
        let ends = rest < at.since(from) + self.pace.shortest();
        if ends && rest > self.pace.longest_uneven() {
            // One gap of the whole rest would be too long: two halves reach the cap exactly.
            let half = from + rest / 2;
            let fits = |at: &Mono| *at >= now && *at + self.pace.shortest() <= deadline;
            return self
                .plan_at([half.max(earliest), half].into_iter().find(fits).unwrap_or(at), now);
        }
        self.plan_at(at, now);
    }

    /// Plans the next poll at `at`, or at the cap where `at` comes too near to it.
    fn plan_at(&mut self, at: Mono, now: Mono) {
        // What was out while the clock jumped is answered: poll once more before deciding.
        let at = if std::mem::take(&mut self.stale) { self.earliest(now) } else { at };
        let ruled_out = self.is_ruled_out(now);
        if self.clock == Clock::Unstarted && ruled_out {
            self.clock = Clock::Running { deadline: now + self.pace.cap() };
        }
        self.last = false;
        let plan = match self.clock {
            Clock::Running { .. } if ruled_out => Plan::Doomed,
            Clock::Running { deadline } if at + self.pace.shortest() > deadline => {
                self.last = true;
                // Past the deadline only after a clock jump, where one poll is still owed.
                Plan::Poll(if deadline <= now { at } else { deadline.max(self.soonest()) })
            }
            Clock::Running { .. } | Clock::Unstarted | Clock::Stopped { .. } => Plan::Poll(at),
        };
        self.plan = match plan {
            Plan::Poll(at) if self.held => Plan::Parked(at),
            same @ (Plan::Poll(_) | Plan::InFlight | Plan::Parked(_) | Plan::Doomed) => same,
        };
    }
}

#[cfg(test)]
mod tests;
