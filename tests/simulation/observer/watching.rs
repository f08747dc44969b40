//! One live watch as the observer knows it: when its next poll may leave, when it must have left,
//! and how much of its cap is used.

use std::time::Duration;

use enrollment_core::{enrollment::Phase, time::Mono, watch::Pace};

use super::rules::{self, GRACE_AFTER_JUMP, SHORTEST_GAP, TICK};

/// A rhythm is moved within so many gaps.
const SPREAD: u32 = 3;

/// The cap runs from the first send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    Unstarted,
    Running(Mono),
    /// Held and not charged: what is left of it.
    Stopped(Duration),
}

/// When the next poll may leave at the earliest, and when it is late.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub from: Mono,
    pub until: Mono,
}

#[derive(Clone, Debug)]
pub struct Watching {
    pub phase: Phase,
    pub pace: Pace,
    pub cap: Cap,
    pub window: Window,
    /// After a good answer, how long the gap may be that began with its poll, the cap or no cap:
    /// where a poll two seconds after the answer leaves room for the one at the cap.
    pub limit: Option<Window>,
    pub held: bool,
    pub failures: u32,
    pub polls: u32,
    /// The gaps after so many good answers may be any that the contract allows: watches are spread.
    pub uneven: u32,
    /// The clock jumped while a poll was out: another one is owed before anything is decided.
    pub stale: bool,
    /// Since the last jump; network failures decide nothing for a while.
    pub grace_until: Mono,
}

/// What outlives a watch: the last words exchanged about an enrollment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contact {
    pub sent: Option<Mono>,
    pub answered: Option<Mono>,
    /// Set by `Retry-After`.
    pub not_before: Mono,
}

impl Contact {
    /// As soon as the rules allow: between the shortest gap after the last send and the shortest
    /// gap after the last answer.
    pub fn soon(&self, now: Mono, shortest: Duration) -> Window {
        let after = |moment: Option<Mono>| moment.map_or(now, |at| now.max(at + shortest));
        let from = after(self.sent).max(self.not_before);
        Window { from, until: from.max(after(self.answered)) }
    }
}

impl Watching {
    pub fn new(phase: Phase, pace: Pace, contact: &Contact, now: Mono) -> Self {
        let window = contact.soon(now, rules::shortest(pace));
        let end = now + pace.cap();
        Self {
            phase,
            pace,
            // A wait that is longer than the whole cap is waited for no longer than that.
            cap: if contact.not_before > end { Cap::Running(end) } else { Cap::Unstarted },
            window,
            limit: None,
            held: false,
            failures: 0,
            polls: 0,
            uneven: SPREAD,
            stale: false,
            grace_until: Mono::default(),
        }
    }

    pub fn deadline(&self) -> Option<Mono> {
        match self.cap {
            Cap::Running(deadline) => Some(deadline),
            Cap::Unstarted | Cap::Stopped(_) => None,
        }
    }

    /// What is left of the cap.
    pub fn left(&self, now: Mono) -> Duration {
        match self.cap {
            Cap::Unstarted => self.pace.cap(),
            Cap::Running(deadline) => deadline.since(now),
            Cap::Stopped(left) => left,
        }
    }

    /// Whether the time is up, as far as anybody may say so.
    pub fn is_used_up(&self, now: Mono) -> bool {
        match self.cap {
            Cap::Running(deadline) => now >= deadline,
            Cap::Stopped(left) => left.is_zero(),
            Cap::Unstarted => false,
        }
    }

    /// Whether `Retry-After` reaches beyond all that is left: nothing more is asked.
    pub fn is_doomed(&self, contact: &Contact, now: Mono) -> bool {
        self.deadline().is_some_and(|deadline| contact.not_before > deadline.max(now))
    }

    /// When the next poll may leave: as planned, or at the cap where that comes too near.
    pub fn earliest(&self, contact: &Contact) -> Mono {
        let shortest = rules::shortest(self.pace);
        match self.deadline() {
            // After a jump the cap may have been reached before the last answer.
            Some(deadline)
                if self.window.from + shortest > deadline && contact.answered < Some(deadline) =>
            {
                let gap = contact.sent.map_or(deadline, |sent| deadline.max(sent + shortest));
                self.window.from.min(gap)
            }
            Some(_) | None => self.window.from,
        }
    }

    /// When the next poll is late. One that comes too near to the cap waits for it, but for no
    /// longer than a gap may be where another one fits before.
    pub fn latest(&self) -> Mono {
        let shortest = rules::shortest(self.pace);
        let until = self.window.until;
        let Some(deadline) = self.deadline().filter(|it| until + shortest > *it) else {
            return until;
        };
        let at_cap = until.max(deadline);
        match self.limit {
            Some(limit) if limit.from + shortest <= deadline => at_cap.min(limit.until.max(until)),
            Some(_) | None => at_cap,
        }
    }

    /// Whether its next poll may be the one at the cap, which goes before all others.
    pub fn may_be_last(&self) -> bool {
        let near = self.window.until + rules::shortest(self.pace) + TICK;
        self.deadline().is_some_and(|deadline| deadline <= near)
    }

    pub fn sends(&mut self, now: Mono) {
        if self.cap == Cap::Unstarted {
            let cap = self.pace.cap();
            self.cap = if self.held { Cap::Stopped(cap) } else { Cap::Running(now + cap) };
        }
        self.polls += 1;
        self.stale = false;
    }

    /// A good answer that is not the target, to a poll that left at `sent`.
    pub fn waits(&mut self, contact: &Contact, sent: Mono, now: Mono) {
        self.failures = 0;
        let shortest = rules::shortest(self.pace);
        if std::mem::take(&mut self.stale) {
            return self.is_due_soon(contact, now);
        }
        let (interval, longest) = (rules::usual(self.pace), rules::longest(self.pace));
        let uneven = self.uneven > 0;
        self.uneven = self.uneven.saturating_sub(1);
        let took = now.since(sent);
        let room = longest.max(took + shortest) + shortest + TICK * 2;
        let near = self.deadline().is_some_and(|deadline| deadline.since(sent) <= room);
        let earliest = now + shortest;
        let outlasts = took + TICK * 2 >= interval;
        let begins = if outlasts { now } else { sent };
        self.limit = Some(Window { from: earliest, until: begins + longest + TICK });
        self.window = if uneven || near {
            let outlasts = took >= shortest.saturating_sub(TICK);
            let until = if outlasts { now + longest } else { earliest.max(sent + longest) };
            // The two gaps before the cap are the contract's from send to send.
            let from = if near { now.max(sent + shortest) } else { earliest };
            Window { from, until }
        } else {
            let outlasts = took + TICK * 2 >= interval;
            let begins = if outlasts { now } else { sent };
            let until = (begins + interval + TICK).min(begins + longest);
            let from = earliest.max((sent + interval) - TICK);
            Window { from, until: until.max(earliest + TICK) }
        };
    }

    /// The answer was none, or said nothing.
    pub fn fails(&mut self, contact: &Contact, now: Mono) {
        self.limit = None;
        let at = (now + rules::back_off(self.failures)).max(contact.not_before);
        self.failures += 1;
        self.window = if std::mem::take(&mut self.stale) {
            let soon = contact.soon(now, rules::shortest(self.pace));
            Window { until: at.max(soon.until), ..soon }
        } else {
            Window { from: at, until: at }
        };
    }

    /// The next poll goes out as soon as it may: an answer that did not count, a resumption.
    pub fn is_due_soon(&mut self, contact: &Contact, now: Mono) {
        self.limit = None;
        self.stale = false;
        self.window = contact.soon(now, rules::shortest(self.pace));
    }

    /// Somebody asked: the next poll comes sooner, if it can.
    pub fn hurries(&mut self, contact: &Contact, now: Mono, at_once: bool) {
        let soon = contact.soon(now, rules::shortest(self.pace));
        self.window.from = self.window.from.min(soon.from);
        if at_once {
            self.window.until = soon.until;
        }
    }

    pub fn is_held(&mut self, now: Mono, charged: bool) {
        self.held = true;
        self.cap = match self.cap {
            Cap::Unstarted if charged => Cap::Running(now + self.pace.cap()),
            Cap::Running(deadline) if !charged => Cap::Stopped(deadline.since(now)),
            same @ (Cap::Unstarted | Cap::Running(_) | Cap::Stopped(_)) => same,
        };
    }

    pub fn resumes(&mut self, contact: &Contact, now: Mono) {
        self.limit = None;
        self.held = false;
        self.failures = 0;
        self.uneven = SPREAD;
        let end = now + self.pace.cap();
        self.cap = match self.cap {
            Cap::Stopped(left) => Cap::Running(now + left),
            Cap::Unstarted if contact.not_before > end => Cap::Running(end),
            same @ (Cap::Unstarted | Cap::Running(_)) => same,
        };
        self.window = contact.soon(now, rules::shortest(self.pace));
    }

    /// The wall clock ran `by` ahead: that is charged, and one poll goes out at once.
    pub fn jumps(&mut self, contact: &Contact, now: Mono, by: Duration, is_out: bool) {
        if let Cap::Running(deadline) = &mut self.cap {
            *deadline = *deadline - by;
        }
        self.grace_until = now + GRACE_AFTER_JUMP;
        self.stale |= is_out;
        self.limit = None;
        if !is_out {
            let soon = contact.soon(now, rules::shortest(self.pace));
            self.window = Window { from: self.window.from.min(soon.from), until: soon.until };
        }
    }

    /// By when it must have ended, whatever happened, unless the budget was short.
    pub fn overtime(&self) -> Option<Mono> {
        let forgiven = self.grace_until + rules::back_off(u32::MAX);
        let shortest = rules::shortest(self.pace).max(SHORTEST_GAP);
        self.deadline().map(|deadline| deadline.max(forgiven) + shortest + rules::REQUEST)
    }
}
