//! The subscriber, and when it may be told next.

use std::time::{Duration, Instant};

use super::Subscriber;
use crate::desk::view::{Feed, Pulse};

/// Changes are told at most this often; what comes closer together goes in one feed.
const COALESCE: Duration = Duration::from_millis(100);
/// How often the pulse is told where nothing else changes.
const PULSE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct FeedLine {
    subscriber: Option<Box<dyn Subscriber>>,
    seq: u64,
    not_before: Option<Instant>,
    /// Something changed that could not be told yet.
    pending: bool,
    /// The pulse as it was last told. It beats until it has come to rest.
    pulse: Pulse,
}

impl FeedLine {
    pub fn new(subscriber: Box<dyn Subscriber>) -> Self {
        Self { subscriber: Some(subscriber), ..Self::default() }
    }

    /// When there will be something to tell without anything happening.
    pub fn due(&self) -> Option<Instant> {
        if self.pending {
            self.not_before
        } else {
            self.not_before.filter(|_| self.pulse.polls_per_second > 0.0).map(|at| at + PULSE)
        }
    }

    pub fn beats(&self, now: Instant) -> bool {
        !self.pending && self.due().is_some_and(|at| now >= at)
    }

    /// Whether the subscriber may be told now; where not, it will be later. Without a subscriber
    /// whatever is told is dropped: the next one begins with everything.
    pub fn may_tell(&mut self, now: Instant) -> bool {
        let may = self.subscriber.is_none() || self.not_before.is_none_or(|at| now >= at);
        self.pending = !may;
        may
    }

    /// Tells the subscriber, in the tick that began at `tick`.
    pub fn tell(&mut self, feed: Feed, tick: Instant) {
        let Some(subscriber) = &mut self.subscriber else { return };
        self.seq += 1;
        self.not_before = Some(tick + COALESCE);
        self.pulse = feed.pulse;
        if !subscriber.tell(Feed { seq: self.seq, ..feed }) {
            *self = Self::default();
        }
    }
}
