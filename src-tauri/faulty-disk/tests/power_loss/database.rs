//! A database whose every commit can be told whole from broken.

use std::error::Error;
use std::iter;
use std::path::Path;

use enrollment_faulty_disk::{Recording, install};
use rusqlite::{Connection, OptionalExtension, params};

const PARTS: u32 = 3;

pub fn open(folder: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(folder.join("journal.db"))?;
    // A small WAL begins anew often, so every stage of that is cut through.
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};
         PRAGMA wal_autocheckpoint = 12;
         CREATE TABLE IF NOT EXISTS entry (batch INTEGER, part INTEGER, text TEXT);
         CREATE INDEX IF NOT EXISTS by_text ON entry (text);
         CREATE TABLE IF NOT EXISTS total (batches INTEGER);",
    ))?;
    Ok(connection)
}

/// What a part of a batch says: one line, or some pages full.
fn text(batch: u32, part: u32) -> String {
    let lines = if (batch + part).is_multiple_of(5) { 400 } else { 2 };
    iter::repeat_n(format!("batch {batch}, part {part}\n"), lines).collect()
}

/// Commits batches, each in one transaction, and marks those that are acknowledged.
pub fn write(
    connection: &mut Connection,
    batches: impl Iterator<Item = u32>,
    recording: &Recording,
) -> rusqlite::Result<()> {
    for batch in batches {
        commit(connection, batch)?;
        recording.mark(batch.into());
    }
    Ok(())
}

pub fn commit(connection: &mut Connection, batch: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for part in 0..PARTS {
        let row = params![batch, part, text(batch, part)];
        transaction.execute("INSERT INTO entry VALUES (?, ?, ?)", row)?;
    }
    transaction.execute("DELETE FROM total", [])?;
    transaction.execute("INSERT INTO total VALUES (?)", [batch])?;
    transaction.commit()
}

/// The last batch that a database holds, or zero.
pub fn last(connection: &Connection) -> rusqlite::Result<u32> {
    let batches = connection.query_row("SELECT batches FROM total", [], |row| row.get(0));
    Ok(batches.optional()?.unwrap_or(0))
}

/// A database from its first byte on: written to, closed, opened again and written to.
pub fn life(folder: &Path, synchronous: &str) -> Result<Recording, Box<dyn Error>> {
    let recording = install().record(folder)?;
    for batches in [1..=20, 21..=40] {
        write(&mut open(folder, synchronous)?, batches, &recording)?;
    }
    Ok(recording)
}

/// How many batches a database holds, if it holds whole ones only and none is missing in between.
pub fn whole(folder: &Path) -> Result<u32, Box<dyn Error>> {
    let connection = Connection::open(folder.join("journal.db"))?;
    // This one is only looked at.
    connection.execute_batch("PRAGMA synchronous = OFF")?;
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(verdict.into());
    }
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('entry', 'total')";
    if connection.query_row(tables, [], |row| row.get::<_, u32>(0))? < 2 {
        return Ok(0);
    }
    let total = last(&connection)?;
    let expected = (1..=total).flat_map(|batch| (0..PARTS).map(move |part| (batch, part)));
    let mut rows = connection.prepare("SELECT batch, part, text FROM entry ORDER BY 1, 2")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(u32, u32, String)> = rows.collect::<Result<_, _>>()?;
    let expected: Vec<_> = expected.map(|(batch, part)| (batch, part, text(batch, part))).collect();
    if rows == expected { Ok(total) } else { Err("batches are not whole".into()) }
}
