//! Gaps between polls, as the gateway sees them, beside a process that eats a core.

use std::{thread, time::Duration};

use anyhow::{Context, Result};

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Scene, Stage, Subject},
};

const USERS: u32 = 1_000;
/// How often it is said how it goes.
const SAY: Duration = Duration::from_secs(60);

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    let _eater = stage.spin()?;
    let mut play = stage.play(Subject::Engine, Scene::of(USERS))?;
    let mut left = extent.gap_window;
    while !left.is_zero() {
        let now = left.min(SAY);
        thread::sleep(now);
        left -= now;
        play.subject.must_run()?;
        let gaps = play.gateway.report()?.gaps;
        progress.say(&format!(
            "beside a process that eats a core: {} of {} gaps in the contract, {:.3} to {:.3} s",
            gaps.in_contract, gaps.count, gaps.shortest, gaps.longest,
        ));
    }
    let gaps = play.gateway.report()?.gaps;
    figures.put("gaps_in_contract_share", gaps.in_contract_share().context("no gaps")?);
    figures.put("gap_shortest_s", gaps.shortest);
    figures.put("gap_median_s", gaps.median);
    figures.put("gap_longest_s", gaps.longest);
    Ok(())
}
