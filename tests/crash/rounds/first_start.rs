//! Killed as it makes its first journal.

use std::{fs, path::Path, thread::sleep};

use anyhow::{Context as _, Result, ensure};

use super::{Row, start_idle, until};
use crate::{book::Book, claims::Claims};

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let clean = row.scratch.join("clean");
    let mut console = start_idle(&clean)?;
    until("an identity", || Ok(phase(&clean, &Claims::default()) == "identity"))?;
    // A little longer than it takes.
    let span = console.age().mul_f64(1.2);
    row.list(&mut console)?;
    console.close()?;
    for round in 0..row.rounds {
        let folder = row.scratch.join(format!("journal-{round}"));
        let wait = row.spread(round, span);
        once(row, &folder, wait).with_context(|| format!("in round {}, at {wait:?}", round + 1))?;
        row.tally.rounds += 1;
    }
    Ok(())
}

fn once(row: &mut Row<'_>, folder: &Path, wait: std::time::Duration) -> Result<()> {
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
