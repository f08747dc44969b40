//! Each fault as a connection meets it that was opened before, and the disk well again afterwards.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use enrollment_faulty_disk::{Disk, Fault, Plan, install};
use rusqlite::{Connection, ffi};
use tempfile::TempDir;

type Tested = Result<(), Box<dyn Error>>;

struct Journal {
    disk: Disk,
    folder: TempDir,
    connection: Connection,
}

impl Journal {
    fn open() -> Result<Self, Box<dyn Error>> {
        let disk = install();
        let folder = TempDir::new()?;
        let connection = connect(folder.path().join("journal.db"))?;
        connection.execute_batch("CREATE TABLE entry (text TEXT)")?;
        let journal = Self { disk, folder, connection };
        journal.insert()?;
        Ok(journal)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("journal.db")
    }

    fn insert(&self) -> rusqlite::Result<usize> {
        self.connection.execute("INSERT INTO entry VALUES ('text')", [])
    }

    fn count(&self) -> rusqlite::Result<u32> {
        count(&self.connection)
    }

    /// The fault spoils each insertion with this code, and none once it is off.
    fn insertions_fail(&self, plan: impl Into<Plan>, code: i32) -> Tested {
        let before = self.count()?;
        let fault = self.disk.inject(self.folder.path(), plan)?;
        assert_eq!(failure(self.insert()), Some(code));
        assert_eq!(failure(self.insert()), Some(code));
        assert!(fault.hits() >= 2);
        drop(fault);
        self.insert()?;
        assert_eq!(self.count()?, before + 1);
        Ok(())
    }
}

fn connect(path: PathBuf) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    Ok(connection)
}

fn count(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
}

/// The extended code of a failure, if it is one of `SQLite`'s.
fn failure<T>(result: rusqlite::Result<T>) -> Option<i32> {
    result.err()?.sqlite_error().map(|error| error.extended_code)
}

#[test]
fn a_full_disk_takes_nothing_more() -> Tested {
    Journal::open()?.insertions_fail(Fault::Full, ffi::SQLITE_FULL)
}

#[test]
fn a_dying_disk_fails_to_write() -> Tested {
    Journal::open()?.insertions_fail(Fault::Io, ffi::SQLITE_IOERR_WRITE)
}

#[test]
fn a_dying_disk_fails_to_sync() -> Tested {
    let journal = Journal::open()?;
    // An insertion here writes the head and the page of one frame, and syncs them.
    let fault = journal.disk.inject(journal.folder.path(), Fault::Io.after(2))?;
    assert_eq!(failure(journal.insert()), Some(ffi::SQLITE_IOERR_FSYNC));
    drop(fault);
    journal.insert()?;
    Ok(())
}

#[test]
fn a_sync_can_fail_alone() -> Tested {
    Journal::open()?.insertions_fail(Fault::SyncFails, ffi::SQLITE_IOERR_FSYNC)
}

#[test]
fn what_cannot_be_read_is_an_error() -> Tested {
    let journal = Journal::open()?;
    let reader = connect(journal.path())?;
    let fault = journal.disk.inject(journal.folder.path(), Fault::ReadFails)?;
    assert_eq!(failure(count(&reader)), Some(ffi::SQLITE_IOERR_READ));
    assert!(fault.hits() > 0);
    drop(fault);
    assert_eq!(count(&reader)?, 1);
    Ok(())
}

#[test]
fn a_file_system_that_turns_read_only_fails_whoever_writes_already() -> Tested {
    Journal::open()?.insertions_fail(Fault::ReadOnly, ffi::SQLITE_IOERR_WRITE)
}

#[test]
fn on_a_read_only_file_system_an_open_database_is_read_but_not_written() -> Tested {
    let journal = Journal::open()?;
    let fault = journal.disk.inject(journal.folder.path(), Fault::ReadOnly)?;
    let late = connect(journal.path())?;
    assert_eq!(count(&late)?, 1);
    let inserted = late.execute("INSERT INTO entry VALUES ('text')", []);
    assert_eq!(failure(inserted), Some(ffi::SQLITE_READONLY));
    drop(fault);
    drop(late);
    assert_eq!(count(&connect(journal.path())?)?, 1);
    Ok(())
}

#[test]
fn on_a_read_only_file_system_what_a_crash_left_is_read_but_not_written() -> Tested {
    let journal = Journal::open()?;
    let left = TempDir::new()?;
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        fs::copy(journal.folder.path().join(name), left.path().join(name))?;
    }
    let _fault = journal.disk.inject(left.path(), Fault::ReadOnly)?;
    let connection = connect(left.path().join("journal.db"))?;
    assert_eq!(count(&connection)?, 1);
    let inserted = connection.execute("INSERT INTO entry VALUES ('text')", []);
    assert_eq!(failure(inserted), Some(ffi::SQLITE_READONLY));
    Ok(())
}

#[test]
fn on_a_read_only_file_system_a_closed_database_cannot_be_opened_nor_a_new_one_made() -> Tested {
    let Journal { disk, folder, connection } = Journal::open()?;
    connection.close().map_err(|(_, error)| error)?;
    let fault = disk.inject(folder.path(), Fault::ReadOnly)?;
    for name in ["journal.db", "new.db"] {
        let opened = connect(folder.path().join(name));
        assert_eq!(failure(opened), Some(ffi::SQLITE_CANTOPEN), "{name}");
        assert!(!folder.path().join(format!("{name}-shm")).exists());
    }
    assert!(!folder.path().join("new.db").exists());
    drop(fault);
    assert_eq!(count(&connect(folder.path().join("journal.db"))?)?, 1);
    Ok(())
}

#[test]
fn another_writer_keeps_writers_out_and_readers_in() -> Tested {
    let journal = Journal::open()?;
    journal.insertions_fail(Fault::Busy, ffi::SQLITE_BUSY)?;
    let fault = journal.disk.inject(journal.folder.path(), Fault::Busy)?;
    assert_eq!(journal.count()?, 2);
    assert_eq!(failure(connect(journal.path())), Some(ffi::SQLITE_BUSY));
    drop(fault);
    connect(journal.path())?;
    Ok(())
}

#[test]
fn what_cannot_be_opened_is_left_alone() -> Tested {
    let journal = Journal::open()?;
    let fault = journal.disk.inject(journal.folder.path(), Fault::CannotOpen)?;
    assert_eq!(failure(connect(journal.path())), Some(ffi::SQLITE_CANTOPEN));
    assert!(fault.hits() > 0);
    journal.insert()?;
    drop(fault);
    assert_eq!(count(&connect(journal.path())?)?, 2);
    Ok(())
}

#[test]
fn a_slow_sync_takes_its_time_and_works() -> Tested {
    let journal = Journal::open()?;
    let slow = Duration::from_millis(300);
    let fault = journal.disk.inject(journal.folder.path(), Fault::SlowSync(slow))?;
    let start = Instant::now();
    journal.insert()?;
    assert!(start.elapsed() >= slow);
    assert_eq!(fault.hits(), 1);
    drop(fault);
    journal.insert()?;
    assert_eq!(journal.count()?, 3);
    Ok(())
}

#[test]
fn a_fault_can_begin_late_and_end_by_itself() -> Tested {
    let journal = Journal::open()?;
    let plan = Fault::SyncFails.after(2).times(1);
    let fault = journal.disk.inject(journal.folder.path(), plan)?;
    journal.insert()?;
    journal.insert()?;
    assert_eq!(failure(journal.insert()), Some(ffi::SQLITE_IOERR_FSYNC));
    journal.insert()?;
    assert_eq!(fault.hits(), 1);
    assert_eq!(journal.count()?, 4);
    Ok(())
}

#[test]
fn a_fault_is_about_its_folder_or_its_file_only() -> Tested {
    let (here, elsewhere) = (Journal::open()?, Journal::open()?);
    let fault = here.disk.inject(here.folder.path(), Fault::Full)?;
    elsewhere.insert()?;
    assert_eq!(fault.hits(), 0);
    drop(fault);
    // Insertions go to the WAL.
    let fault = here.disk.inject(&here.path(), Fault::Full)?;
    here.insert()?;
    assert_eq!(fault.hits(), 0);
    let checkpoint = here.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    assert_eq!(failure(checkpoint), Some(ffi::SQLITE_FULL));
    Ok(())
}

#[test]
fn several_faults_are_met_at_once() -> Tested {
    let journal = Journal::open()?;
    let slow = Duration::from_millis(100);
    let slowly = journal.disk.inject(journal.folder.path(), Fault::SlowSync(slow))?;
    let failing = journal.disk.inject(journal.folder.path(), Fault::SyncFails)?;
    let start = Instant::now();
    assert_eq!(failure(journal.insert()), Some(ffi::SQLITE_IOERR_FSYNC));
    assert!(start.elapsed() >= slow);
    drop((slowly, failing));
    journal.insert()?;
    Ok(())
}
