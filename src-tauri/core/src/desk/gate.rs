//! One environment on the desk: its token, whether polls may go out, and its budget.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use super::{
    RequestId,
    fetch::Fetching,
    view::{EnvironmentView, Key, TokenState, TokenView},
};
use crate::{
    enrollment::Pause,
    environment::{Budget, Environment},
    time::Mono,
    tokens::AccessToken,
    watch::backoff,
};

/// Attempts in a row without any HTTP answer that make an environment offline.
const OFFLINE_AFTER: u32 = 3;
const OFFLINE_PROBES: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(30),
];
/// After so long without a connection nobody is still waiting for these watches.
pub(super) const OFFLINE_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Whether an environment's polls may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// There is no token, or the gateway refused it. Nothing goes out.
    NeedsToken,
    /// A token came after a pause; one poll at a time finds out whether it is accepted.
    Probing {
        next: Mono,
        tries: u32,
        out: Option<RequestId>,
    },
    /// Three attempts in a row went without an HTTP answer; one slow poll at a time.
    Offline {
        since: Mono,
        next: Mono,
        tries: u32,
        out: Option<RequestId>,
    },
}

#[derive(Debug)]
pub(super) struct Token {
    pub value: Option<AccessToken>,
    /// Counts the tokens of this environment: a 401 to an older one says nothing of the newest.
    pub generation: u32,
    pub state: TokenState,
    pub session_only: bool,
}

#[derive(Debug)]
pub(super) struct Site {
    pub environment: Environment,
    pub token: Token,
    pub fetching: Fetching,
    pub gate: Gate,
    pub budget: Allowance,
    pub queue: Queue,
    /// Attempts in a row without an HTTP answer.
    pub silent: u32,
    /// Until then silence says nothing of the network: the machine has only just woken up.
    pub forgiving_until: Mono,
    /// Live watches, and how many were started since there were none.
    pub live: u32,
    pub started: u32,
    pub behind: bool,
    /// When the connections were last given up for new ones.
    pub renewed: Option<Mono>,
    pub standing: Standing,
}

/// Whether an environment is one that the console works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Here,
    /// The managed policy has taken it away. It keeps its place, since rows name it.
    Withdrawn {
        /// There were rows of it, which can still be read.
        listed: bool,
    },
}

impl Site {
    pub fn new(environment: Environment) -> Self {
        let budget = Allowance::new(environment.budget);
        let token =
            Token { value: None, generation: 0, state: TokenState::Reading, session_only: false };
        Self {
            fetching: Fetching::new(environment.token_command.is_some()),
            environment,
            token,
            gate: Gate::NeedsToken,
            budget,
            queue: Queue::default(),
            silent: 0,
            forgiving_until: Mono::default(),
            live: 0,
            started: 0,
            behind: false,
            renewed: None,
            standing: Standing::Here,
        }
    }

    pub fn pause(&self) -> Option<Pause> {
        match self.gate {
            Gate::Open => None,
            Gate::NeedsToken | Gate::Probing { .. } => Some(Pause::NeedsToken),
            Gate::Offline { .. } => Some(Pause::Offline),
        }
    }

    /// Whether that many attempts without an answer mean that there is no connection.
    pub fn is_silent_enough(&self) -> bool {
        // With nothing watched there would be nobody to probe the way back with.
        self.silent >= OFFLINE_AFTER && self.gate == Gate::Open && self.live > 0
    }

    pub fn go_offline(&mut self, now: Mono) {
        self.gate =
            Gate::Offline { since: now, next: now + OFFLINE_PROBES[0], tries: 1, out: None };
    }

    /// A probe came back without deciding: when the next one goes out. `Retry-After` holds for the
    /// enrollment that was asked; another one may be the next probe.
    pub fn probe_again(&mut self, now: Mono) {
        match &mut self.gate {
            Gate::Probing { next, tries, out } => {
                *next = now + backoff(*tries);
                *tries += 1;
                *out = None;
            }
            Gate::Offline { next, tries, out, .. } => {
                let nth = usize::try_from(*tries).unwrap_or(usize::MAX);
                *next = now + OFFLINE_PROBES[nth.min(OFFLINE_PROBES.len() - 1)];
                *tries += 1;
                *out = None;
            }
            Gate::Open | Gate::NeedsToken => {}
        }
    }

    /// With no watch left there is nobody to probe with: the next poll finds out anew.
    /// Says whether that opened the gate.
    pub fn settle(&mut self) -> bool {
        let settles =
            self.live == 0 && matches!(self.gate, Gate::Probing { .. } | Gate::Offline { .. });
        if settles {
            self.gate = Gate::Open;
            self.silent = 0;
        }
        settles
    }

    /// When a probe may go out; `None` where none is wanted or one is out.
    pub fn probe_due(&self) -> Option<Mono> {
        match self.gate {
            Gate::Probing { next, out: None, .. } | Gate::Offline { next, out: None, .. } => {
                (self.live > 0).then_some(next)
            }
            Gate::Open | Gate::NeedsToken | Gate::Probing { .. } | Gate::Offline { .. } => None,
        }
    }

    /// Nobody can be asked just now.
    pub fn put_off_probe(&mut self, now: Mono) {
        if let Gate::Probing { next, .. } | Gate::Offline { next, .. } = &mut self.gate {
            *next = now + crate::watch::SHORTEST_GAP;
        }
    }

    pub fn probe_out(&mut self) -> Option<&mut Option<RequestId>> {
        match &mut self.gate {
            Gate::Probing { out, .. } | Gate::Offline { out, .. } => Some(out),
            Gate::Open | Gate::NeedsToken => None,
        }
    }

    pub fn view(&self) -> EnvironmentView {
        let environment = &self.environment;
        EnvironmentView {
            name: environment.name.clone(),
            kind: environment.kind,
            gateway: environment.gateway.to_string(),
            allow: environment.allowlist.entries().iter().map(ToString::to_string).collect(),
            next_step: environment.next_step.clone(),
            token: TokenView {
                state: self.token.state,
                expires: self
                    .token
                    .value
                    .as_ref()
                    .and_then(AccessToken::expires)
                    .map(jiff::Timestamp::as_millisecond),
                session_only: self.token.session_only,
                command: environment.token_command.as_ref().map(|_| self.fetching.view()),
            },
            offline: matches!(self.gate, Gate::Offline { .. }),
            behind: self.behind,
            withdrawn: self.standing != Standing::Here,
        }
    }
}

/// What is left of an environment's budget.
#[derive(Debug)]
pub(super) struct Allowance {
    limits: Budget,
    in_flight: u16,
    /// Requests that may go out.
    saved: f64,
    counted: Mono,
}

/// What rounding leaves out must not make the desk wake up for nothing.
const ROUNDING: Duration = Duration::from_nanos(2);

impl Allowance {
    pub fn new(limits: Budget) -> Self {
        Self { limits, in_flight: 0, saved: most_saved(limits), counted: Mono::default() }
    }

    /// Other limits hold from now on; what is out counts.
    pub fn limit(&mut self, limits: Budget) {
        self.limits = limits;
        self.saved = self.saved.min(most_saved(limits));
    }

    /// Takes one request out of the budget, if there is one.
    pub fn take(&mut self, now: Mono) -> bool {
        let earned = now.since(self.counted).as_secs_f64() * f64::from(self.limits.per_second());
        self.saved = (self.saved + earned).min(most_saved(self.limits));
        self.counted = self.counted.max(now);
        let granted = self.in_flight < self.limits.in_flight() && self.saved >= 1.0;
        if granted {
            self.in_flight += 1;
            self.saved -= 1.0;
        }
        granted
    }

    pub fn give_back(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// When the next request may go out; `None` where one has to come back first.
    pub fn ready_at(&self, now: Mono) -> Option<Mono> {
        if self.in_flight >= self.limits.in_flight() {
            return None;
        }
        let missing = (1.0 - self.saved).max(0.0) / f64::from(self.limits.per_second());
        Some(now.max(self.counted + Duration::from_secs_f64(missing) + ROUNDING))
    }
}

/// What may go out at once after a quiet moment: what a tick of the driver earns, and one that it
/// had begun to earn before, so that nothing is lost from tick to tick.
fn most_saved(limits: Budget) -> f64 {
    f64::from(limits.per_second()) / 10.0 + 1.0
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// A watch that ends without another poll.
    End,
    /// The poll at the cap.
    LastPoll,
    Poll,
}

/// Who is due when. Ends cost nothing and go first, last polls before the others; among those,
/// whoever has waited longest.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ends: BTreeSet<(Mono, Key)>,
    last: BTreeSet<(Mono, Key)>,
    ordinary: BTreeSet<(Mono, Key)>,
}

impl Queue {
    pub fn insert(&mut self, due: Due, at: Mono, key: Key) {
        self.of(due).insert((at, key));
    }

    pub fn remove(&mut self, due: Due, at: Mono, key: Key) {
        self.of(due).remove(&(at, key));
    }

    /// The enrollment whose turn it is, where one is due.
    pub fn next(&self, now: Mono) -> Option<Key> {
        let due = |queue: &BTreeSet<(Mono, Key)>| {
            queue.first().filter(|(at, _)| *at <= now).map(|(_, key)| *key)
        };
        due(&self.ends).or_else(|| due(&self.last)).or_else(|| due(&self.ordinary))
    }

    /// Which poll is due first, and when.
    pub fn first(&self) -> Option<(Mono, Key)> {
        [self.last.first(), self.ordinary.first()].into_iter().flatten().min().copied()
    }

    /// When the first watch ends that is not polled again.
    pub fn first_end(&self) -> Option<Mono> {
        self.ends.first().map(|(at, _)| *at)
    }

    fn of(&mut self, due: Due) -> &mut BTreeSet<(Mono, Key)> {
        match due {
            Due::End => &mut self.ends,
            Due::LastPoll => &mut self.last,
            Due::Poll => &mut self.ordinary,
        }
    }
}

/// Counts polls over the last ten seconds, for the honest line.
#[derive(Debug, Default)]
pub(super) struct Rate(VecDeque<Mono>);

impl Rate {
    const WINDOW: Duration = Duration::from_secs(10);

    pub fn count(&mut self, now: Mono) {
        self.0.push_back(now);
        self.forget(now);
    }

    pub fn per_second(&mut self, now: Mono) -> f32 {
        self.forget(now);
        let polls = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        f32::from(polls) / Self::WINDOW.as_secs_f32()
    }

    fn forget(&mut self, now: Mono) {
        while self.0.front().is_some_and(|at| now.since(*at) > Self::WINDOW) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_moment_that_it_names_the_budget_has_a_request() {
        let mut budget = Allowance::new(Budget::default());
        let mut now = Mono::since_start(Duration::from_nanos(1_234_567_891));
        for _ in 0..5_000 {
            while budget.take(now) {
                budget.give_back();
            }
            now = budget.ready_at(now).expect("none is out");
            assert!(budget.take(now), "{now:?}");
            budget.give_back();
        }
    }
}
