//! The way to the gateways: outages, silence, and how long an answer takes.

use std::time::Duration;

use enrollment_core::{enrollment::ProblemKind, time::Mono};

use crate::{census::Census, dice::Dice, draw::Plan};

/// After so long a client gives up.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// A run that is long enough for an outage that interrupts watches, in milliseconds.
const HOURS: u64 = 45 * 60_000;

struct Outage {
    from: Mono,
    until: Mono,
    /// One environment, or all of them.
    site: Option<usize>,
    kind: ProblemKind,
}

pub struct Network {
    outages: Vec<Outage>,
    often_slow: u32,
    calm: Mono,
}

impl Network {
    pub fn draw(dice: &mut Dice, plan: &Plan, census: &mut Census) -> Self {
        let calm = Mono::default() + plan.calm;
        let length = u64::try_from(plan.calm.as_millis()).unwrap_or(u64::MAX);
        let long = length > HOURS && dice.chance(700);
        let mut outages: Vec<Outage> = (0..dice.weighted(&[(40, 0), (40, 1), (15, 2), (5, 4)]))
            .map(|_| {
                let from = Mono::default() + dice.millis(0, length);
                let lasts = if dice.chance(650) {
                    dice.millis(1_000, 30_000)
                } else {
                    dice.millis(30_000, 600_000)
                };
                census.count("network: outage");
                let site = dice.chance(500).then(|| dice.below(3) as usize);
                Outage { from, until: from + lasts, site, kind: *dice.pick(&SILENCES) }
            })
            .collect();
        if long {
            census.count("network: outage of more than 30 minutes");
            let from = Mono::default() + dice.millis(0, 300_000);
            let until = from + dice.millis(31 * 60_000, 40 * 60_000);
            outages.push(Outage { from, until, site: None, kind: *dice.pick(&SILENCES) });
        }
        Self { outages, often_slow: plan.often_slow, calm }
    }

    /// How the way to a gateway fails just now, if it does, and after how long the client knows.
    pub fn fails(
        &self,
        site: usize,
        now: Mono,
        dice: &mut Dice,
    ) -> Option<(ProblemKind, Duration)> {
        let here = |outage: &&Outage| outage.site.is_none_or(|s| s == site);
        let outage = self
            .outages
            .iter()
            .filter(here)
            .find(|outage| now < self.calm && (outage.from..outage.until).contains(&now))?;
        Some((outage.kind, silence_lasts(outage.kind, dice)))
    }

    /// How long the gateway takes to answer; [`TIMEOUT`] where that is too long.
    pub fn latency(&self, now: Mono, dice: &mut Dice) -> Duration {
        if now < self.calm && dice.chance(self.often_slow) {
            // A tenth of the slow ones is too slow.
            return dice.millis(0, 11_000).min(TIMEOUT);
        }
        dice.mostly_short(0, 400)
    }
}

pub const SILENCES: [ProblemKind; 5] = [
    ProblemKind::Name,
    ProblemKind::Connect,
    ProblemKind::Tls,
    ProblemKind::Reset,
    ProblemKind::Timeout,
];

/// After how long a client knows that no answer comes.
pub fn silence_lasts(kind: ProblemKind, dice: &mut Dice) -> Duration {
    if kind == ProblemKind::Timeout { TIMEOUT } else { dice.mostly_short(0, 5_000) }
}
