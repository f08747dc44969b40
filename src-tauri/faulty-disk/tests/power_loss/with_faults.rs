//! Disks that fail before they lose power.

use std::error::Error;

use enrollment_faulty_disk::{Fault, Recording, install};
use fastrand::Rng;
use rusqlite::Connection;
use tempfile::TempDir;

use super::database::{commit, last, open};
use super::{Tested, Toll};

const LIVES: u64 = 20;
const BATCHES: u32 = 30;

/// Commits a batch until it is acknowledged. Gives how often it was not.
fn insist(
    connection: &mut Connection,
    batch: u32,
    recording: &Recording,
) -> Result<u32, rusqlite::Error> {
    for failures in 0..10 {
        if commit(connection, batch).is_ok() {
            recording.mark(batch.into());
            return Ok(failures);
        }
    }
    commit(connection, batch).map(|()| 10)
}

#[test]
fn what_was_acknowledged_between_failures_survives_a_power_loss() -> Tested {
    let mut failures = 0;
    let mut toll = Toll::default();
    for seed in 0..LIVES {
        let mut rng = Rng::with_seed(seed);
        let folder = TempDir::new()?;
        let recording = install().record(folder.path())?;
        let mut connection = open(folder.path(), "FULL")?;
        for batch in 1..=BATCHES {
            let fault = [Fault::Full, Fault::Io, Fault::SyncFails][rng.usize(0..3)];
            let plan = fault.after(rng.u64(0..12)).times(rng.u64(1..4));
            let spoilt = install().inject(folder.path(), plan)?;
            failures += insist(&mut connection, batch, &recording)?;
            drop(spoilt);
        }
        toll.count(&recording, seed)?;
    }
    assert!(failures > 100, "only {failures} commits failed");
    assert!(toll.forgotten.is_empty() && toll.broken.is_empty(), "{toll:#?}");
    Ok(())
}

/// A sync fails, and so does the checkpoint at closing. The database is opened again, shows a batch
/// that was never acknowledged, and goes on behind it.
fn going_on_after_a_failed_sync(first: &str) -> Result<Toll, Box<dyn Error>> {
    let mut toll = Toll::default();
    for seed in 0..LIVES {
        let folder = TempDir::new()?;
        let recording = install().record(folder.path())?;
        let mut connection = open(folder.path(), "FULL")?;
        commit(&mut connection, 1)?;
        recording.mark(1);
        let failing = install().inject(folder.path(), Fault::SyncFails)?;
        assert!(commit(&mut connection, 2).is_err());
        let dead = install().inject(folder.path(), Fault::Io)?;
        drop(connection);
        drop((failing, dead));

        let mut connection = open(folder.path(), "FULL")?;
        assert_eq!(last(&connection)?, 2);
        connection.execute_batch("PRAGMA wal_autocheckpoint = 0")?;
        connection.execute_batch(first)?;
        commit(&mut connection, 3)?;
        recording.mark(3);
        toll.add(&recording, seed, recording.len())?;
    }
    Ok(toll)
}

/// After a failed sync the system shows what the disk may not hold. Who reads that back and builds
/// on it may lose with it what was acknowledged since.
#[test]
fn a_wal_that_is_read_back_after_a_failed_sync_may_be_lost_with_what_follows() -> Tested {
    let toll = going_on_after_a_failed_sync("")?;
    assert!(!toll.forgotten.is_empty(), "nothing was forgotten: {toll:?}");
    assert!(toll.broken.is_empty(), "{toll:#?}");
    Ok(())
}

#[test]
fn a_checkpoint_before_anything_else_makes_up_for_a_failed_sync() -> Tested {
    let toll = going_on_after_a_failed_sync("PRAGMA wal_checkpoint(TRUNCATE)")?;
    assert!(toll.forgotten.is_empty() && toll.broken.is_empty(), "{toll:#?}");
    Ok(())
}
