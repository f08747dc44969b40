//! Killed as it makes its first journal.

use std::{fs, path::Path, thread::sleep, time::Duration};

use anyhow::{Context as _, Result, ensure};

use super::{Row, start_idle, until};
use crate::{book::Book, claims::Claims};

pub fn run(row: &mut Row<'_>) -> Result<()> {
    // The first one has the program read from the disk.
    let spans = [clean(row, "first")?, clean(row, "second")?, clean(row, "third")?];
    let span = spans.into_iter().min().unwrap_or_default().mul_f64(1.2);
    for round in 0..row.rounds {
        let folder = row.scratch.join(format!("journal-{round}"));
        let wait = row.spread(round, span);
        once(row, &folder, wait).with_context(|| format!("in round {}, at {wait:?}", round + 1))?;
        row.tally.rounds += 1;
    }
    Ok(())
}

/// How long it takes until the journal has its identity.
fn clean(row: &mut Row<'_>, name: &str) -> Result<Duration> {
    let folder = row.scratch.join(name);
    let mut console = start_idle(&folder)?;
    until("an identity", || Ok(phase(&folder, &Claims::default()) == "identity"))?;
    let span = console.age();
    row.list(&mut console)?;
    console.close()?;
    Ok(span)
}

fn once(row: &mut Row<'_>, folder: &Path, wait: Duration) -> Result<()> {
    let console = start_idle(folder)?;
    sleep(wait);
    let claims = Claims::of(&console.kill()?.facts)?;
    row.tally.meet(phase(folder, &claims));
    let (console, keys) = row.start_quietly(folder)?;
    ensure!(keys.is_empty(), "a first list holds {keys:?}");
    Claims::of(&console.close()?.facts)?;
    let book = Book::read(folder)?;
    ensure!(
        book.kept.is_empty() && book.lines.is_empty(),
        "nobody was added, and there is {book:?}"
    );
    Ok(())
}

/// How far it had come.
fn phase(folder: &Path, claims: &Claims) -> &'static str {
    let size = |name: &str| fs::metadata(folder.join(name)).map(|it| it.len()).ok();
    if claims.listed.is_some() {
        return "listed";
    }
    match (size("lock"), size("journal.db"), size("journal.db-wal")) {
        (None, _, _) => "nothing",
        (Some(0), None, _) => "lock",
        (Some(0), Some(0), _) => "empty file",
        (Some(0), Some(_), Some(1..)) => "log",
        (Some(0), Some(_), _) => "tables",
        (Some(_), _, _) => "identity",
    }
}
