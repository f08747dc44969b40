//! One environment as the observer knows it: its token, its gate, its budget.

use std::{collections::BTreeSet, time::Duration};

use enrollment_core::{
    desk::{RequestId, view::Key},
    environment::Environment,
    time::Mono,
    tokens::AccessToken,
};

use super::rules;
use crate::draw::{Limits, SitePlan};

/// One poll at a time that finds out whether the others can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Not before.
    pub from: Mono,
    pub tries: u32,
    pub out: Option<RequestId>,
    /// Polls at the cap went out beside it, so that nobody can tell any more which one it is.
    pub blurred: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Open,
    NeedsToken,
    Probing(Probe),
    Offline { since: Mono, probe: Probe },
}

pub struct Site {
    pub environment: Environment,
    limits: Limits,
    pub gate: Gate,
    pub token: Option<AccessToken>,
    /// Counts the tokens.
    pub generation: u32,
    /// Attempts in a row without an HTTP answer.
    pub silent: u32,
    pub forgiving_until: Mono,
    pub live: BTreeSet<Key>,
    pub in_flight: usize,
    /// Sends of the near past, as a bucket that runs empty.
    sent: f64,
    counted: Mono,
    /// When the budget was last used up.
    pub short: Option<Mono>,
}

impl Site {
    pub fn new(plan: &SitePlan) -> Self {
        Self {
            environment: plan.environment.clone(),
            limits: plan.limits,
            gate: Gate::NeedsToken,
            token: None,
            generation: 0,
            silent: 0,
            forgiving_until: Mono::default(),
            live: BTreeSet::new(),
            in_flight: 0,
            sent: 0.0,
            counted: Mono::default(),
            short: None,
        }
    }

    /// The probe that this gate waits for.
    pub fn probe(&mut self) -> Option<&mut Probe> {
        match &mut self.gate {
            Gate::Probing(probe) | Gate::Offline { probe, .. } => Some(probe),
            Gate::Open | Gate::NeedsToken => None,
        }
    }

    /// A probe decided nothing.
    pub fn probe_again(&mut self, now: Mono) {
        let offline = matches!(self.gate, Gate::Offline { .. });
        if let Some(probe) = self.probe() {
            let wait = if offline {
                rules::offline_probe(probe.tries)
            } else {
                rules::back_off(probe.tries)
            };
            let from = now + wait;
            *probe = Probe { from, tries: probe.tries + 1, out: None, ..*probe };
        }
    }

    pub fn goes_offline(&mut self, now: Mono) {
        let probe =
            Probe { from: now + rules::offline_probe(0), tries: 1, out: None, blurred: false };
        self.gate = Gate::Offline { since: now, probe };
    }

    /// A token came. It is probed, where watches wait for it.
    pub fn gets(&mut self, token: AccessToken, now: Mono) {
        self.token = Some(token);
        self.generation += 1;
        // Another token is another question.
        self.gate = match self.gate {
            Gate::NeedsToken | Gate::Probing(_) if !self.live.is_empty() => {
                Gate::Probing(Probe { from: now, tries: 0, out: None, blurred: false })
            }
            Gate::NeedsToken | Gate::Probing(_) | Gate::Open => Gate::Open,
            offline @ Gate::Offline { .. } => offline,
        };
    }

    /// With no watch left there is nobody to probe with.
    pub fn settles(&mut self) {
        if self.live.is_empty() && self.probe().is_some() {
            self.gate = Gate::Open;
            self.silent = 0;
        }
    }

    /// All its watches end, before anything else is heard of it.
    pub fn is_left(&mut self) {
        if self.probe().is_some() {
            self.silent = 0;
        }
    }

    pub fn jumps(&mut self, now: Mono) {
        self.forgiving_until = now + rules::GRACE_AFTER_JUMP;
        self.silent = 0;
        // A sleep says something of the network, and nothing of a token.
        if let Gate::Offline { probe, .. } = &mut self.gate {
            probe.from = now;
        }
    }

    /// Counts a send; false where the budget did not allow it.
    pub fn spends(&mut self, now: Mono) -> bool {
        /// Sums of many fractions.
        const ROUNDING: f64 = 1e-3;
        self.drains(now);
        self.sent += 1.0;
        self.in_flight += 1;
        self.in_flight <= self.limits.in_flight && self.sent <= self.limits.burst + ROUNDING
    }

    /// Notes whether another poll could not go out just now, and says so.
    pub fn note_short(&mut self, now: Mono) -> bool {
        /// Sums of many fractions.
        const ROUNDING: f64 = 1e-6;
        self.drains(now);
        let missing = (self.sent + 1.0 - self.limits.burst + ROUNDING).max(0.0);
        let short = missing > 0.0 || self.in_flight >= self.limits.in_flight;
        if short {
            // Nothing tells when the next request may leave, but for the budget itself.
            self.short = Some(now + Duration::from_secs_f64(missing / self.limits.per_second));
        }
        short
    }

    fn drains(&mut self, now: Mono) {
        let drained = now.since(self.counted).as_secs_f64() * self.limits.per_second;
        self.sent = (self.sent - drained).max(0.0);
        self.counted = now;
    }
}
