//! Databases that lose power, as `SQLite` finds them again.

mod database;
mod with_faults;

use std::collections::HashSet;
use std::error::Error;
use std::{fs, thread};

use enrollment_faulty_disk::{Recording, install};
use tempfile::TempDir;

use database::{last, life, open, whole, write};

type Tested = Result<(), Box<dyn Error>>;

const SEEDS: u64 = 200;
const CUTS: usize = 4;

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
            toll.count(recording, seed)?;
        }
        Ok(toll)
    }

    fn count(&mut self, recording: &Recording, seed: u64) -> Tested {
        let mut rng = fastrand::Rng::with_seed(seed);
        for _ in 0..CUTS {
            self.add(recording, seed, rng.usize(0..=recording.len()))?;
        }
        Ok(())
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
        let next = last(&connection)? + 1;
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
fn what_several_connections_were_told_survives_as_well() -> Tested {
    let folder = TempDir::new()?;
    let recording = install().record(folder.path())?;
    drop(open(folder.path(), "FULL")?);
    thread::scope(|scope| {
        let writers = [1_u32, 2].map(|writer| {
            let (recording, folder) = (&recording, folder.path());
            scope.spawn(move || -> rusqlite::Result<()> {
                let connection = open(folder, "FULL")?;
                for nth in 0..20 {
                    let batch = writer * 100 + nth;
                    connection.execute("INSERT INTO entry VALUES (?, 0, '')", [batch])?;
                    recording.mark(batch.into());
                }
                Ok(())
            })
        });
        writers.map(|writer| writer.join().map_err(|_| "a writer panicked"))
    })
    .into_iter()
    .try_for_each(|wrote| Tested::Ok(wrote??))?;
    assert_eq!(
        recording.power_loss(0, recording.len(), &folder.path().join("all"))?.marks.len(),
        40
    );
    for seed in 0..SEEDS {
        let at = fastrand::Rng::with_seed(seed).usize(0..=recording.len());
        let after = TempDir::new()?;
        let marks = recording.power_loss(seed, at, after.path())?.marks;
        let connection = open(after.path(), "OFF")?;
        let mut found = connection.prepare("SELECT batch FROM entry")?;
        let found: HashSet<u64> = found
            .query_map([], |row| row.get::<_, u32>(0))?
            .map(|batch| batch.map(u64::from))
            .collect::<Result<_, _>>()?;
        assert!(marks.iter().all(|batch| found.contains(batch)), "seed {seed}, cut {at}");
    }
    Ok(())
}

#[test]
fn a_database_that_was_synced_at_last_is_left_byte_for_byte() -> Tested {
    let folder = TempDir::new()?;
    let recording = install().record(folder.path())?;
    let mut connection = open(folder.path(), "FULL")?;
    write(&mut connection, 1..=20, &recording)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let long = fs::metadata(folder.path().join("journal.db"))?.len();
    connection.execute_batch("DELETE FROM entry; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
    let bytes = fs::read(folder.path().join("journal.db"))?;
    assert!((bytes.len() as u64) < long, "it never got shorter");
    for seed in 0..SEEDS {
        let after = TempDir::new()?;
        recording.power_loss(seed, recording.len(), after.path())?;
        assert!(fs::read(after.path().join("journal.db"))? == bytes, "seed {seed}");
    }
    drop(connection);
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
fn a_file_that_got_there_by_other_means_is_as_it_was_found() -> Tested {
    let (folder, other) = (TempDir::new()?, TempDir::new()?);
    drop(life(other.path(), "FULL")?);
    let recording = install().record(folder.path())?;
    fs::copy(other.path().join("journal.db"), folder.path().join("journal.db"))?;
    let mut connection = open(folder.path(), "FULL")?;
    write(&mut connection, 41..=45, &recording)?;
    for seed in 0..SEEDS {
        let after = TempDir::new()?;
        recording.power_loss(seed, recording.len(), after.path())?;
        assert_eq!(whole(after.path())?, 45, "seed {seed}");
    }
    let before = TempDir::new()?;
    recording.power_loss(1, 0, before.path())?;
    assert!(!before.path().join("journal.db").exists(), "it was not there yet");
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
