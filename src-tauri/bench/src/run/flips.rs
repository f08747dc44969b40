//! From a change at the gateway to the subscriber.

use std::{thread, time::Duration};

use anyhow::{Result, ensure};

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Scene, Stage, Subject},
};
use crate::{statistics::number, subjects::engine::Report};

const USERS: u32 = 1_000;
const PATIENCE: Duration = Duration::from_secs(60);

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    let scene = Scene { flips: true, ..Scene::of(USERS) };
    let mut play = stage.play(Subject::Engine, scene)?;
    let before = play.until_polled(2, PATIENCE)?;
    let seen_before: Report = play.subject.ask()?;
    thread::sleep(extent.flip_window);
    let seen: Report = play.subject.ask()?;
    let after = play.gateway.report()?;

    let flips = seen.flips - seen_before.flips;
    ensure!(flips > 0, "no change was seen");
    let late = number(seen.flip_micros - seen_before.flip_micros) / 1e6 / number(flips);
    let gap =
        (after.gaps.seconds - before.gaps.seconds) / number(after.gaps.count - before.gaps.count);
    let answering = (after.answering_seconds - before.answering_seconds)
        / number(after.answers - before.answers);
    let ratio = late / (gap / 2.0 + answering);
    progress.say(&format!(
        "{flips} changes reached the subscriber {:.0} ms later on average (gaps of {:.0} ms, \
         answers after {:.0} ms)",
        late * 1e3,
        gap * 1e3,
        answering * 1e3,
    ));
    figures.put("flip_to_subscriber_ratio", ratio);
    figures.put("flip_to_subscriber_ms", late * 1e3);
    Ok(())
}
