//! What a seed draws before anything happens.

use std::time::Duration;

use enrollment_core::{
    desk::Attendance,
    environment::{Budget, Environment, EnvironmentKind},
    signing_url::Allowlist,
    watch::Pace,
};

use crate::{clock::Style, dice::Dice};

/// The hosts that may be opened; the gateway's good links are on them.
pub const ALLOWED: [&str; 2] = ["sign.example.bg", "portal.b-trust.bg"];
const ENTRIES: [&str; 2] = ["sign.example.bg", "*.b-trust.bg"];

/// What an environment's gateway may be asked for at the most.
#[derive(Clone, Copy)]
pub struct Limits {
    pub in_flight: usize,
    pub per_second: f64,
    /// What may go out at once after a quiet moment.
    pub burst: f64,
}

impl Limits {
    fn of(budget: Budget) -> Self {
        let per_second = f64::from(budget.per_second());
        let burst = per_second / 10.0 + 1.0;
        Self { in_flight: budget.in_flight().into(), per_second, burst }
    }
}

pub struct SitePlan {
    pub environment: Environment,
    pub limits: Limits,
}

/// One run.
pub struct Plan {
    pub attendance: Attendance,
    pub style: Style,
    /// How often in a thousand the driver wakes up late.
    pub often_late: u32,
    pub sites: Vec<SitePlan>,
    /// How many enrollments people mean to add.
    pub crowd: u32,
    /// From then on nothing fails any more, nobody does anything, and every token is good.
    pub calm: Duration,
    /// How often in a thousand an answer is slow: seconds, or none within ten of them.
    pub often_slow: u32,
    /// How often in a thousand a poll meets a fault of its own.
    pub often_faulty: u32,
    /// How often in a thousand the browser never answers.
    pub never_opens: u32,
}

impl Plan {
    pub fn draw(dice: &mut Dice) -> Self {
        let crowd = match dice.weighted(&[(10, 0), (60, 1), (26, 2), (4, 3)]) {
            0 => dice.within(1, 3),
            1 => dice.within(4, 30),
            2 => dice.within(31, 100),
            _ => dice.within(200, 500),
        };
        // Many people, or much time: not both, so that every seed is played in a moment.
        let calm = match dice.weighted(&[(90, 0), (10, 1)]) {
            1 if crowd <= 30 => dice.millis(46 * 60_000, 90 * 60_000),
            _ if crowd > 100 => dice.millis(20_000, 200_000),
            _ => dice.millis(60_000, 15 * 60_000),
        };
        Self {
            attendance: dice.weighted(&[(75, Attendance::Attended), (25, Attendance::Unattended)]),
            style: dice.weighted(&[(50, Style::Exact), (50, Style::Ticks)]),
            often_late: dice.weighted(&[(50, 0), (40, 3), (10, 50)]),
            sites: (0..dice.within(1, 3)).map(|nth| site(dice, nth, crowd)).collect(),
            crowd,
            calm,
            often_slow: dice.weighted(&[(40, 0), (30, 30), (20, 200), (10, 900)]),
            often_faulty: dice.weighted(&[(40, 0), (40, 30), (20, 250)]),
            never_opens: dice.weighted(&[(80, 0), (20, 100)]),
        }
    }
}

fn site(dice: &mut Dice, nth: u32, crowd: u32) -> SitePlan {
    let loopback = dice.chance(200);
    let gateway = if loopback { "http://127.0.0.1:8080" } else { "https://crm.example.bg" };
    let allow = ENTRIES.iter().map(|entry| entry.parse().expect("an entry")).collect();
    let mut environment = Environment::new(
        &format!("Environment {nth}"),
        EnvironmentKind::Test,
        gateway.parse().expect("a gateway"),
        Allowlist::new(allow),
    );
    let interval = if loopback {
        // Faster than the contract, or slower; a crowd at ten polls a second would take all day.
        f64::from(*dice.pick(if crowd > 100 { &[1_000, 7_000] } else { &[200, 500, 7_000] })) / 1e3
    } else {
        f64::from(dice.within(20, 50)) / 10.0
    };
    let mut pace = || {
        let cap = if loopback { dice.within(2, 60) } else { dice.within(120, 300) };
        Pace::new(interval, f64::from(cap), loopback).expect("within the ranges")
    };
    (environment.pre_sign, environment.post_sign) = (pace(), pace());
    if dice.chance(200) {
        // Too little for the crowd, as often as not.
        let mut most = |most: u32| u16::try_from(dice.within(1, most)).expect("a small number");
        let (in_flight, per_second) = (most(10), most(crowd.clamp(2, 60)));
        environment.budget = Budget::new(in_flight, per_second).expect("in range");
    }
    let limits = Limits::of(environment.budget);
    SitePlan { environment, limits }
}
