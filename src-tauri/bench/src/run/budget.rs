//! Fairness where a budget is far too short.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Play, Program, Scene, Stage},
};
use crate::{child::Child, statistics::number, subjects::engine::Report};

/// Requests a second, where 10,000 watches would need 2,000 for the longest gap.
const PER_SECOND: u32 = 200;
/// How often everybody is polled.
const ROUNDS: u32 = 4;

/// How long it takes: a little more than the rounds.
pub fn time(extent: &Extent) -> Duration {
    const MORE: Duration = Duration::from_secs(5);
    Duration::from_secs(u64::from(extent.many / PER_SECOND)) * ROUNDS + MORE
}

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    let scene = Scene::of(extent.many);
    let gateway = stage.gateway(scene)?;
    let (users, per_second) = (scene.users.to_string(), PER_SECOND.to_string());
    let args =
        ["engine", "--users", &users, "--gateway", &gateway.url, "--per-second", &per_second];
    let subject = Child::start(stage.subject(&[], Program::Plain, &args))?;
    let mut play = Play { subject, gateway };
    let begun = Instant::now();
    thread::sleep(time(extent));
    let engine: Report = play.subject.ask()?;
    let report = play.gateway.report()?;
    ensure!(report.gaps.count > 0, "nobody was polled twice");
    let ratio = report.gaps.longest / report.gaps.median;
    progress.say(&format!(
        "{users} watches in a budget of {PER_SECOND} a second: {} polls, gaps of {:.1} s, {:.1} s \
         at the most, {} starved",
        report.polls, report.gaps.median, report.gaps.longest, report.starved,
    ));
    let allowed = f64::from(PER_SECOND) * begun.elapsed().as_secs_f64();
    figures.put("budget_10000_used_share", number(report.polls) / allowed);
    figures.put("budget_10000_largest_gap_over_median", ratio);
    figures.put("budget_10000_behind", if engine.behind { 1.0 } else { 0.0 });
    figures.put("budget_10000_starved", f64::from(report.starved));
    Ok(())
}
