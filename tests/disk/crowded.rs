//! The disk fails for so long that not all lines find room in memory.

use std::time::Duration;

use enrollment_core::journal::{Batch, Health};
use enrollment_faulty_disk::{Fault, install};

use crate::{
    author::{Author, Shape},
    bases::Bases,
    book::{Book, Held},
    look,
    rounds::Outcome,
    stage::{PATIENCE, Stage},
};

/// So many lines wait at the most.
const MOST: usize = 10_000;

pub fn play(seed: u64, bases: &Bases) -> Held<Outcome> {
    let fault = [Fault::Full, Fault::Io, Fault::CannotOpen, Fault::ReadOnly]
        [usize::try_from(seed % 4).unwrap_or(0)];
    let (_place, folder) = look::placed(&bases.closed().folder)?;
    let base = bases.closed().book();
    let on = install().inject(&folder, fault).map_err(|error| error.to_string())?;
    let mut stage = Stage::open(&folder)?;
    let shape = Shape { rows: 100..=200, lines: 1..=3, newcomers: 3, deletions: 0 };
    let mut author = Author::after(seed, &base);
    let (mut batches, mut lines) = (Vec::new(), 0);
    while lines < MOST + 2_000 {
        let batch = author.batch(&shape);
        lines += batch.kept.iter().map(|(_, entries)| entries.len()).sum::<usize>();
        stage.keep(batch.clone());
        batches.push(batch);
    }
    let lost = u32::try_from(lines - MOST).unwrap_or(u32::MAX);
    stage.until("what is lost", PATIENCE, |it| it.waiting().1 == lost)?;
    if !matches!(stage.health(), Some(Health::Troubled { .. })) {
        return Err(format!("told is {:?}", stage.health()));
    }
    let deeds: usize = batches.iter().map(|batch| batch.deeds.len()).sum();
    let waiting = usize::try_from(stage.waiting().0).unwrap_or(0);
    if waiting != MOST + deeds {
        return Err(format!("{waiting} wait"));
    }
    drop(on);
    let newest = batches.last().map_or(0, |batch| batch.number);
    stage.until("saving", PATIENCE, |it| it.saved() == newest)?;
    stage.until("health", PATIENCE, |it| it.health() == Some(Health::Well))?;
    stage.until("that nothing waits", PATIENCE, |it| it.waiting() == (0, lost))?;
    stage.close()?;
    check(&base, &batches, lost, &folder)?;
    let what = format!("{fault:?}");
    Ok(Outcome {
        counts: vec![(what, "no more lost than told".to_owned())],
        restart: Duration::ZERO,
    })
}

/// The first lines found room; of the enrollments all do, as they are now.
fn check(base: &Book, batches: &[Batch], lost: u32, folder: &std::path::Path) -> Held {
    let (found, counts) = look::whole(folder)?;
    let mut book = base.with(batches);
    let handed = batches.iter().flat_map(|batch| &batch.kept);
    let handed = handed.flat_map(|(kept, entries)| entries.iter().map(|it| (kept.key, it.seq)));
    for late in handed.skip(MOST) {
        book.lines.remove(&late);
    }
    if book != found {
        return Err(book.difference(&found));
    }
    if (counts.lost_enrollments, counts.lost_lines) != (0, lost) {
        return Err(format!("{counts:?}, and {lost} were lost"));
    }
    look::nothing_aside(folder)
}
