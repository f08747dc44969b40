//! A disk that takes seconds to sync: nothing counts as saved before, and nobody waits for it.

use std::time::{Duration, Instant};

use enrollment_core::journal::Health;
use enrollment_faulty_disk::{Fault, install};
use fastrand::Rng;

use crate::{
    author::{Author, Shape},
    bases::Bases,
    book::Held,
    faults::AT_ONCE,
    look,
    rounds::Outcome,
    stage::{PATIENCE, Stage},
};

pub fn play(seed: u64, bases: &Bases) -> Held<Outcome> {
    let mut dice = Rng::with_seed(seed);
    let slow = Duration::from_secs(if seed.is_multiple_of(3) { 1 } else { 5 });
    let (_place, folder) = look::placed(&bases.closed().folder)?;
    let mut stage = Stage::opened(&folder)?;
    let base = bases.closed().book();
    let shape = Shape { deletions: 0, ..Shape::default() };
    let batches = Author::after(seed, &base).batches(dice.usize(3..20), &shape);
    let fault = install().inject(&folder, Fault::SlowSync(slow)).map_err(|it| it.to_string())?;
    let begin = Instant::now();
    let mut early = None;
    let mut watch = |it: &Stage| {
        if it.saved() > 0 {
            early.get_or_insert(begin.elapsed());
        }
    };
    for batch in &batches {
        let took = stage.keep(batch.clone());
        if took > AT_ONCE {
            return Err(format!("handing over took {took:?}"));
        }
        stage.during(Duration::from_millis(dice.u64(..20)), &mut watch);
    }
    stage.during(slow.saturating_sub(begin.elapsed()), &mut watch);
    if let Some(early) = early {
        return Err(format!("told to be saved after {early:?}, and the sync takes {slow:?}"));
    }
    let hits = fault.hits();
    drop(fault);
    let newest = batches.last().map_or(0, |batch| batch.number);
    stage.until("saving", PATIENCE, |it| it.saved() == newest)?;
    if hits == 0 {
        return Err("nothing was synced".to_owned());
    }
    if stage.health() != Some(Health::Well) {
        return Err(format!("slow is no trouble, and told is {:?}", stage.health()));
    }
    stage.close()?;
    let (found, _) = look::at_whole(&folder)?;
    let book = base.with(&batches);
    if found != book {
        return Err(book.difference(&found));
    }
    let what = format!("a sync of {slow:?}");
    Ok(Outcome { counts: vec![(what, "waited for".to_owned())], restart: Duration::ZERO })
}
