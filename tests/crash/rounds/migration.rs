//! Killed as it brings an older journal up to date.

use std::{fs, path::Path, thread::sleep, time::Duration};

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;

use super::{Row, backed_up, copies, holds_copies_alone, start_idle, until};
use crate::{book::Book, claims::Claims, template};

const ENROLLMENTS: u32 = 20;

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let template = row.scratch.join("template");
    template::write(&template, ENROLLMENTS)?;
    let whole = Book::read(&template)?;
    template::make_older(&template)?;
    let clean = row.scratch.join("clean");
    template::copy(&template, &clean)?;
    let mut console = start_idle(&clean)?;
    until("the new tables", || Ok(!copies(&clean, "before-")?.0.is_empty()))?;
    // The copy takes most of the time, and what comes after it deserves as much.
    let span = console.age() * 2;
    row.list(&mut console)?;
    console.close()?;
    for round in 0..row.rounds {
        let folder = row.scratch.join("journal");
        template::copy(&template, &folder)?;
        let wait = row.spread(round, span);
        once(row, &folder, wait, &whole)
            .with_context(|| format!("in round {}, at {wait:?}", round + 1))?;
        fs::remove_dir_all(&folder)?;
        row.tally.rounds += 1;
    }
    Ok(())
}

fn once(row: &mut Row<'_>, folder: &Path, wait: Duration, whole: &Book) -> Result<()> {
    let console = start_idle(folder)?;
    sleep(wait);
    let claims = Claims::of(&console.kill()?.facts)?;
    row.tally.meet(phase(row.scratch, folder, &claims)?);
    let (console, keys) = row.start_quietly(folder)?;
    ensure!(keys.len() == whole.kept.len(), "{} are on the list", keys.len());
    // Its halves would stay until the next one.
    backed_up(folder)?;
    Claims::of(&console.close()?.facts)?;
    let book = Book::read(folder)?;
    ensure!(book.kept == whole.kept && book.lines == whole.lines, "it is not all there");
    holds_copies_alone(folder)?;
    let (older, _) = copies(folder, "before-")?;
    ensure!(!older.is_empty(), "there is no copy of what was before");
    for copy in older {
        // The product reads no older journal; what it copied is all here.
        let db = Connection::open(&copy)?;
        let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let sums = |db: &Connection| -> Result<(i64, i64, i64), rusqlite::Error> {
            db.query_row(
                "SELECT (SELECT count(*) FROM enrollment), count(*), sum(sum) FROM entry",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        };
        let here = sums(&Connection::open(folder.join("journal.db"))?)?;
        let same = sums(&db)? == here;
        ensure!(verdict == "ok" && version == 1 && same, "{}: {verdict}", copy.display());
    }
    Ok(())
}

/// How far it had come.
fn phase(scratch: &Path, folder: &Path, claims: &Claims) -> Result<&'static str> {
    if claims.listed.is_some() {
        return Ok("listed");
    }
    let (older, parts) = copies(folder, "before-")?;
    if !parts.is_empty() {
        return Ok("half a copy");
    }
    if older.is_empty() {
        return Ok("untouched");
    }
    // Opening it changes it, so this one stays as it is.
    let look = scratch.join("look");
    fs::create_dir(&look)?;
    for name in ["journal.db", "journal.db-wal"] {
        if folder.join(name).exists() {
            fs::copy(folder.join(name), look.join(name))?;
        }
    }
    let db = Connection::open(look.join("journal.db"))?;
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    drop(db);
    fs::remove_dir_all(&look)?;
    Ok(if version == 1 { "copied" } else { "migrated" })
}
