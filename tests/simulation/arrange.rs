//! What will happen in a run whatever the desk does: when people come, tokens change, the machine
//! sleeps and somebody sets its clock.

use std::time::Duration;

use enrollment_core::{
    desk::{Arrival, Attendance},
    time::Mono,
};
use jiff::SignedDuration;

use crate::{
    people::Deed,
    tokens::{self, EMPTY_HANDED, Kind},
    world::{Happening, World},
};

impl World {
    /// Everything that will happen whatever the desk does.
    pub fn arrange(&mut self) {
        let length = u64::try_from(self.plan.calm.as_millis()).unwrap_or(u64::MAX);
        for site in 0..self.plan.sites.len() {
            self.arrange_tokens(site, length);
        }
        let import = self.dice.chance(500);
        for _ in 0..self.plan.crowd {
            let at = if import { self.dice.millis(0, 2_000) } else { self.dice.millis(0, length) };
            self.later(at, Happening::Does(Deed::Add));
        }
        for _ in 0..self.dice.within(5, 10 + self.plan.crowd * 10) {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Anything));
        }
        for _ in 0..self.dice.weighted(&[(60, 0), (30, 1), (10, 4)]) {
            let at = self.dice.millis(0, length);
            let lasts = match self.dice.below(3) {
                0 => self.dice.millis(5_000, 60_000),
                1 => self.dice.millis(60_000, 600_000),
                _ => self.dice.millis(600_000, 6 * 3_600_000),
            };
            self.later(at, Happening::Sleeps(lasts));
        }
        for _ in 0..self.dice.weighted(&[(70, 0), (20, 1), (10, 3)]) {
            let at = self.dice.millis(0, length);
            let by = self.dice.mostly_short(2_000, 3 * 86_400_000);
            let by = SignedDuration::try_from(by).unwrap_or_default();
            let forward = self.dice.chance(500);
            self.later(at, Happening::SetsClock(if forward { by } else { -by }));
        }
        self.later(self.plan.calm, Happening::Calm);
    }

    fn arrange_tokens(&mut self, site: usize, length: u64) {
        let environment = self.plan.sites[site].environment.name.clone();
        let dice = &mut self.dice;
        let asked = dice.mostly_short(0, 6_000);
        let read = if dice.chance(700) {
            self.observer.census.count("keyring: a token");
            let life = tokens::life(dice);
            Ok(self.gateways[site].tokens.issue(Kind::Good, Mono::default(), life))
        } else {
            let (state, what) = *dice.pick(&EMPTY_HANDED);
            self.observer.census.count(what);
            Err(state)
        };
        // The command line has its token before it begins; a window does not wait for one.
        let at_once = self.plan.attendance == Attendance::Unattended && dice.chance(900);
        let tokens = dice.weighted(&[(50, 0), (30, 1), (20, 4)]);
        self.later(
            if at_once { Duration::ZERO } else { asked },
            Happening::Posts(Arrival::TokenRead { environment, read }),
        );
        for _ in 0..tokens {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Token(site)));
        }
        if self.dice.chance(200) {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Revoke(site)));
        }
    }
}
