//! Requests on their way there and back, and links on their way out.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use enrollment_core::{
    desk::{
        Arrival, Leaving, Left, RequestId, Send,
        view::{QrCode, Way},
    },
    enrollment::{Problem, ProblemKind},
    gateway::Answer,
};

use crate::{
    gateway::Spoken,
    network,
    people::Deed,
    world::{Happening, Post, World},
};

/// A request on its way there and back.
struct Flight {
    request: RequestId,
    spoken: Spoken,
}

#[derive(Default)]
pub struct Flights {
    under_way: BTreeMap<u64, Flight>,
    of: HashMap<RequestId, u64>,
}

impl Flights {
    /// The answer of that flight, unless the driver has given it up.
    pub fn lands(&mut self, flight: u64) -> Option<Post> {
        let Flight { request, spoken } = self.under_way.remove(&flight)?;
        self.of.remove(&request);
        Some(Post::Answer { request, spoken })
    }
}

impl World {
    /// The machine sleeps. Some of what was out is lost, the rest is there when it wakes up.
    pub fn sleeps(&mut self, lasts: Duration) {
        self.observer.census.count("clock: sleep");
        if lasts > Duration::from_secs(300) {
            self.observer.census.count("clock: sleep beyond a cap");
        }
        self.clock.sleep(lasts);
        for flight in self.flights.under_way.values_mut() {
            if self.dice.chance(500) {
                let answer = Answer::Silent(Problem::new(ProblemKind::Reset));
                flight.spoken = Spoken { answer, said: None };
            }
        }
    }

    /// The driver gives a request up. Half of the answers are on their way into its inbox already.
    pub fn aborts(&mut self, request: RequestId) {
        let Some(flight) = self.flights.of.remove(&request) else { return };
        if self.dice.chance(500) {
            self.flights.under_way.remove(&flight);
        }
    }

    pub fn flies(&mut self, send: &Send) {
        let (now, elapsed) = (self.clock.now().mono, self.clock.elapsed());
        let dice = &mut self.dice;
        let own = (!self.calm && dice.chance(self.plan.often_faulty / 2))
            .then(|| *dice.pick(&network::SILENCES));
        let silence = self
            .network
            .fails(send.environment, now, dice)
            .or_else(|| own.map(|kind| (kind, network::silence_lasts(kind, dice))));
        let latency = self.network.latency(now, dice);
        let (spoken, lasts) = match silence {
            None if latency >= network::TIMEOUT => (silent(ProblemKind::Timeout), latency),
            None => {
                let gateway = &mut self.gateways[send.environment];
                (gateway.answer(send.user, &send.token, now, elapsed, dice), latency)
            }
            Some((kind, lasts)) => (silent(kind), lasts),
        };
        self.happenings += 1;
        let flight = self.happenings;
        self.flights.under_way.insert(flight, Flight { request: send.request, spoken });
        self.flights.of.insert(send.request, flight);
        self.later(lasts, Happening::Lands(flight));
        // A probe is rare, and what is done meanwhile matters.
        let often = if self.observer.is_probing(send.environment) { 200 } else { 5 };
        if self.dice.chance(often) {
            let after = lasts.mul_f64(f64::from(self.dice.below(100)) / 100.0);
            let deed = Deed::Interfere(send.environment, send.user);
            self.later(after, Happening::Does(deed));
        }
    }

    pub fn leaves(&mut self, leaving: &Leaving) {
        let key = leaving.key;
        if self.dice.chance(self.plan.never_opens) {
            self.observer.census.count("opening: it is never told what came of it");
            self.observer.unanswered_openings.insert(key);
            return;
        }
        let lasts = self.dice.mostly_short(20, 20_000);
        let left = match leaving.way {
            Way::Browser => Ok(Left::Opened),
            Way::Clipboard => Ok(Left::Copied),
            Way::QrCode => {
                QrCode::of(&leaving.url).map(Left::Shown).map_err(|error| error.to_string())
            }
        };
        let result = if self.dice.chance(850) { left } else { Err("no-browser".to_owned()) };
        self.later(lasts, Happening::Posts(Arrival::Left { key, result }));
    }
}

fn silent(kind: ProblemKind) -> Spoken {
    Spoken { answer: Answer::Silent(Problem::new(kind)), said: None }
}
