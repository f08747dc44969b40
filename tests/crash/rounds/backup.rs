//! Killed as it makes the day's backup.

use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, ensure};

use super::{OLD, Row, backed_up, copies, holds_copies_alone, start_idle, until};
use crate::{book::Book, claims::Claims, template};

const ENROLLMENTS: u32 = 50;

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let template = row.scratch.join("template");
    template::write(&template, ENROLLMENTS)?;
    let whole = Book::read(&template)?;
    let span = clean(row, &template)?;
    for round in 0..row.rounds {
        let folder = row.scratch.join("journal");
        template::copy(&template, &folder)?;
        // Longer than it takes, so that some end just after it.
        let wait = row.spread(round, span * 2);
        once(row, &folder, wait, &whole)
            .with_context(|| format!("in round {}, at {wait:?}", round + 1))?;
        fs::remove_dir_all(&folder)?;
        row.tally.rounds += 1;
    }
    Ok(())
}

/// How long a backup takes.
fn clean(row: &mut Row<'_>, template: &Path) -> Result<Duration> {
    let folder = row.scratch.join("clean");
    template::copy(template, &folder)?;
    let console = start_idle(&folder)?;
    begun(&folder)?;
    let begun = Instant::now();
    backed_up(&folder)?;
    let span = begun.elapsed();
    console.close()?;
    Ok(span)
}

fn begun(folder: &Path) -> Result<()> {
    until("a backup", || {
        let (whole, parts) = copies(folder, "day-")?;
        Ok(!whole.is_empty() || !parts.is_empty())
    })
}

fn once(row: &mut Row<'_>, folder: &Path, wait: Duration, whole: &Book) -> Result<()> {
    let console = start_idle(folder)?;
    begun(folder)?;
    sleep(wait);
    Claims::of(&console.kill()?.facts)?;
    let (days, parts) = copies(folder, "day-")?;
    row.tally.meet(if parts.is_empty() { "finished" } else { "half a backup" });
    for day in &days {
        is_whole(day, whole)?;
        // So that another one is made today.
        fs::File::options().write(true).open(day)?.set_modified(SystemTime::now() - OLD)?;
    }
    let (console, _) = row.start_quietly(folder)?;
    backed_up(folder)?;
    Claims::of(&console.close()?.facts)?;
    let book = Book::read(folder)?;
    ensure!(book.kept == whole.kept && book.lines == whole.lines, "it is not all there");
    holds_copies_alone(folder)?;
    let (days, _) = copies(folder, "day-")?;
    ensure!(days.len() == 1, "of one day there are {days:?}");
    is_whole(&days[0], whole)
}

fn is_whole(day: &Path, whole: &Book) -> Result<()> {
    let copy = Book::read_file(day).with_context(|| day.display().to_string())?;
    let same = copy.kept == whole.kept && copy.lines == whole.lines;
    ensure!(same, "{} does not hold all that was there", day.display());
    Ok(())
}
