//! Memory per watch.

use std::{thread, time::Duration};

use anyhow::{Context, Result};
use enrollment_core::environment::Budget;

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Play, Program, Scene, Stage},
};
use crate::{
    child::Child,
    process::proportional_set_size,
    statistics::{median, number},
    subjects::engine::Report,
};

/// Many watches take the environment's whole budget for a while.
const PATIENCE: Duration = Duration::from_secs(180);
/// Requests come and go; the middle of a few looks counts.
const LOOKS: u32 = 9;
const APART: Duration = Duration::from_millis(350);

/// About how long it takes: two polls of everybody, as fast as the budget of an environment lets
/// them out, and one watch for comparison.
pub fn estimate(extent: &Extent) -> Duration {
    let per_second = u32::from(Budget::default().per_second());
    let polling = Duration::from_secs(u64::from(2 * extent.many / per_second));
    polling + 2 * (LOOKS * APART + Duration::from_secs(4))
}

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    let one = look(stage, 1)?;
    let many = look(stage, extent.many)?;
    let watches = f64::from(extent.many - 1);
    let heap = (many.heap - one.heap) / watches;
    let pss = (many.pss - one.pss) / watches;
    progress.say(&format!("{} watches: {heap:.0} bytes of heap each", extent.many));
    figures.put("bytes_per_watch", heap);
    figures.put("pss_per_watch", pss);
    figures.put("heap_bytes_with_1_watch", one.heap);
    Ok(())
}

/// Bytes in use.
#[derive(Clone, Copy, Debug)]
struct InUse {
    heap: f64,
    pss: f64,
}

fn look(stage: &Stage, users: u32) -> Result<InUse> {
    let gateway = stage.gateway(Scene::of(users))?;
    let users = users.to_string();
    let args = ["engine", "--users", &users, "--gateway", &gateway.url];
    let subject = Child::start(stage.subject(&[], Program::CountingHeap, &args))?;
    let mut play = Play { subject, gateway };
    play.until_polled(2, PATIENCE)?;
    let (mut heaps, mut sets) = (Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        let Report { heap, .. } = play.subject.ask()?;
        let heap = heap.context("this build does not count its heap")?;
        heaps.push(number(u64::try_from(heap)?));
        sets.push(number(proportional_set_size(play.subject.id())?));
        thread::sleep(APART);
    }
    let middle = |values: &[f64]| median(values).context("no looks");
    Ok(InUse { heap: middle(&heaps)?, pss: middle(&sets)? })
}
