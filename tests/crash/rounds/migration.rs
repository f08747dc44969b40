//! Killed as it brings an older journal up to date.

use std::{fs, path::Path, thread::sleep, time::Duration};

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};

use super::{Row, backed_up, copies, holds_copies_alone, start_idle, until};
use crate::{book::Book, claims::Claims, template};

const ENROLLMENTS: u32 = 20;
/// The new tables are made within this, once what was before is copied.
const AFTER_THE_COPY: Duration = Duration::from_millis(8);

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let template = row.scratch.join("template");
    template::write(&template, ENROLLMENTS)?;
    let whole = Book::read(&template)?;
    template::make_older(&template)?;
    let clean = row.scratch.join("clean");
    template::copy(&template, &clean)?;
    let mut console = start_idle(&clean)?;
    copied(&clean)?;
    let span = console.age();
    row.list(&mut console)?;
    console.close()?;
    for round in 0..row.rounds {
        let folder = row.scratch.join("journal");
        template::copy(&template, &folder)?;
        // The copy takes most of the time, and the little that comes after it deserves as much.
        let late = round % 2 == 1;
        let wait = row.spread(round, if late { AFTER_THE_COPY } else { span });
        once(row, &folder, late, wait, &whole)
            .with_context(|| format!("in round {}, at {wait:?}", round + 1))?;
        fs::remove_dir_all(&folder)?;
        row.tally.rounds += 1;
    }
    Ok(())
}

fn copied(folder: &Path) -> Result<()> {
    until("a copy", || Ok(!copies(folder, "before-")?.0.is_empty()))
}

fn once(row: &mut Row<'_>, folder: &Path, late: bool, wait: Duration, whole: &Book) -> Result<()> {
    let console = start_idle(folder)?;
    if late {
        copied(folder)?;
    }
    sleep(wait);
    let claims = Claims::of(&console.kill()?.facts)?;
    row.tally.meet(phase(row.scratch, folder, &claims)?);
    copies_are_whole(folder)?;
    let (console, keys) = row.start_quietly(folder)?;
    ensure!(keys.len() == whole.kept.len(), "{} are on the list", keys.len());
    // Its halves would stay until the next one.
    backed_up(folder)?;
    Claims::of(&console.close()?.facts)?;
    let book = Book::read(folder)?;
    ensure!(book.kept == whole.kept && book.lines == whole.lines, "it is not all there");
    holds_copies_alone(folder)?;
    ensure!(copies_are_whole(folder)? > 0, "there is no copy of what was before");
    Ok(())
}

/// Every copy of what was before holds all of it. How many there are. The product reads no older
/// journal, so this does.
fn copies_are_whole(folder: &Path) -> Result<usize> {
    let (older, _) = copies(folder, "before-")?;
    for copy in &older {
        let db = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let (enrollments, lines): (u32, u32) = db.query_row(
            "SELECT (SELECT count(*) FROM enrollment), count(*) FROM entry",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let all = (enrollments, lines) == (ENROLLMENTS, ENROLLMENTS * template::LINES_EACH);
        ensure!(verdict == "ok" && version == 1 && all, "{}: {verdict}", copy.display());
    }
    Ok(older.len())
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
