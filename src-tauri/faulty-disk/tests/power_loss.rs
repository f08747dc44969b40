//! Databases that lose power, as `SQLite` finds them again.

use std::error::Error;
use std::path::Path;
use std::{fs, iter};

use enrollment_faulty_disk::{Recording, install};
use rusqlite::{Connection, OptionalExtension, params};
use tempfile::TempDir;

type Tested = Result<(), Box<dyn Error>>;

const SEEDS: u64 = 200;
const CUTS: usize = 4;
const PARTS: u32 = 3;

fn open(folder: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
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
fn write(
    connection: &mut Connection,
    batches: impl Iterator<Item = u32>,
    recording: &Recording,
) -> rusqlite::Result<()> {
    for batch in batches {
        let transaction = connection.transaction()?;
        for part in 0..PARTS {
            let row = params![batch, part, text(batch, part)];
            transaction.execute("INSERT INTO entry VALUES (?, ?, ?)", row)?;
        }
        transaction.execute("DELETE FROM total", [])?;
        transaction.execute("INSERT INTO total VALUES (?)", [batch])?;
        transaction.commit()?;
        recording.mark(batch.into());
    }
    Ok(())
}

/// A database from its first byte on: written to, closed, opened again and written to.
fn life(folder: &Path, synchronous: &str) -> Result<Recording, Box<dyn Error>> {
    let recording = install().record(folder)?;
    for batches in [1..=20, 21..=40] {
        write(&mut open(folder, synchronous)?, batches, &recording)?;
    }
    Ok(recording)
}

/// How many batches a database holds, if it holds whole ones only and none is missing in between.
fn whole(folder: &Path) -> Result<u32, Box<dyn Error>> {
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
    let total = connection.query_row("SELECT batches FROM total", [], |row| row.get(0));
    let total = total.optional()?.unwrap_or(0);
    let expected = (1..=total).flat_map(|batch| (0..PARTS).map(move |part| (batch, part)));
    let mut rows = connection.prepare("SELECT batch, part, text FROM entry ORDER BY 1, 2")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(u32, u32, String)> = rows.collect::<Result<_, _>>()?;
    let expected: Vec<_> = expected.map(|(batch, part)| (batch, part, text(batch, part))).collect();
    if rows == expected { Ok(total) } else { Err("batches are not whole".into()) }
}

/// What came of many power losses.
#[derive(Default, Debug)]
struct Toll {
    unharmed: u64,
    unacknowledged_survived: u64,
    forgotten: Vec<String>,
    broken: Vec<String>,
}

impl Toll {
    fn of(recording: &Recording) -> Result<Self, Box<dyn Error>> {
        let mut toll = Self::default();
        for seed in 0..SEEDS {
            let mut rng = fastrand::Rng::with_seed(seed);
            for _ in 0..CUTS {
                toll.add(recording, seed, rng.usize(0..=recording.len()))?;
            }
        }
        Ok(toll)
    }

    fn add(&mut self, recording: &Recording, seed: u64, at: usize) -> Tested {
        let folder = TempDir::new()?;
        let survived = recording.power_loss(seed, at, folder.path())?;
        let acknowledged = survived.marks.last().copied().unwrap_or(0);
        match whole(folder.path()) {
            Ok(found) if u64::from(found) < acknowledged => {
                let less = format!("seed {seed}, cut {at}: {found} of {acknowledged} batches");
                self.forgotten.push(less);
            }
            Ok(found) => {
                self.unharmed += 1;
                self.unacknowledged_survived += u64::from(u64::from(found) > acknowledged);
            }
            Err(error) => self.broken.push(format!("seed {seed}, cut {at}: {error}")),
        }
        Ok(())
    }
}

#[test]
fn what_was_acknowledged_survives_every_power_loss() -> Tested {
    let folder = TempDir::new()?;
    let toll = Toll::of(&life(folder.path(), "FULL")?)?;
    assert!(toll.forgotten.is_empty() && toll.broken.is_empty(), "{toll:#?}");
    // Else the cuts were all too tame to mean anything.
    assert!(toll.unacknowledged_survived > 0, "{toll:?}");
    Ok(())
}

/// The control: without syncs the same losses do harm.
#[test]
fn a_database_that_never_syncs_is_found_broken_and_forgetful() -> Tested {
    let folder = TempDir::new()?;
    let toll = Toll::of(&life(folder.path(), "OFF")?)?;
    assert!(!toll.forgotten.is_empty(), "nothing was forgotten: {toll:?}");
    assert!(!toll.broken.is_empty(), "nothing was broken: {toll:?}");
    Ok(())
}

/// The finer control: a database that syncs only where it starts its WAL anew is always whole, and
/// may have forgotten the last.
#[test]
fn a_database_that_syncs_too_seldom_is_found_whole_but_forgetful() -> Tested {
    let folder = TempDir::new()?;
    let toll = Toll::of(&life(folder.path(), "NORMAL")?)?;
    assert!(!toll.forgotten.is_empty(), "nothing was forgotten: {toll:?}");
    assert!(toll.broken.is_empty(), "{toll:#?}");
    Ok(())
}

#[test]
fn a_power_loss_while_a_database_recovers_from_another_costs_nothing_more() -> Tested {
    let folder = TempDir::new()?;
    let first = life(folder.path(), "FULL")?;
    for seed in 0..SEEDS {
        let mut rng = fastrand::Rng::with_seed(seed);
        let after = TempDir::new()?;
        let cut = rng.usize(0..=first.len());
        let before = first.power_loss(seed, cut, after.path())?;
        let second = install().record(after.path())?;
        let mut connection = open(after.path(), "FULL")?;
        let next = connection
            .query_row("SELECT batches FROM total", [], |row| row.get::<_, u32>(0))
            .optional()?
            .map_or(1, |batches| batches + 1);
        write(&mut connection, next..next + 3, &second)?;
        drop(connection);

        let again = TempDir::new()?;
        let at = rng.usize(0..=second.len());
        let mut marks = before.marks;
        marks.extend(second.power_loss(seed, at, again.path())?.marks);
        let acknowledged = marks.last().copied().unwrap_or(0);
        let found = whole(again.path()).map_err(|error| format!("seed {seed}: {error}"))?;
        let found = u64::from(found);
        assert!(found >= acknowledged, "seed {seed}: {found} of {acknowledged} batches");
    }
    Ok(())
}

#[test]
fn the_same_seed_leaves_the_same_files() -> Tested {
    let folder = TempDir::new()?;
    let recording = life(folder.path(), "FULL")?;
    let at = recording.len() / 2;
    let (one, other) = (TempDir::new()?, TempDir::new()?);
    assert_eq!(
        recording.power_loss(7, at, one.path())?,
        recording.power_loss(7, at, other.path())?
    );
    let names = ["journal.db", "journal.db-wal"];
    for name in names {
        assert_eq!(fs::read(one.path().join(name))?, fs::read(other.path().join(name))?);
    }
    Ok(())
}

#[test]
fn the_shared_memory_is_no_part_of_what_survives() -> Tested {
    let folder = TempDir::new()?;
    let recording = install().record(folder.path())?;
    let connection = open(folder.path(), "FULL")?;
    assert!(folder.path().join("journal.db-shm").exists());
    let after = TempDir::new()?;
    recording.power_loss(1, recording.len(), after.path())?;
    assert!(!after.path().join("journal.db-shm").exists());
    drop(connection);
    Ok(())
}

#[test]
fn a_recording_of_files_that_are_open_is_refused() -> Tested {
    let folder = TempDir::new()?;
    let disk = install();
    let connection = open(folder.path(), "FULL")?;
    assert!(disk.record(folder.path()).is_err());
    drop(connection);
    assert!(disk.record(folder.path())?.is_empty());
    Ok(())
}

#[test]
fn a_power_loss_leaves_nothing_where_something_is() -> Tested {
    let folder = TempDir::new()?;
    let recording = install().record(folder.path())?;
    fs::write(folder.path().join("note"), "mine")?;
    assert!(recording.power_loss(1, 0, folder.path()).is_err());
    Ok(())
}
