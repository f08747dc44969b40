//! The open database: what is read from it, and the one way in which it is written.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior,
    config::DbConfig, ffi,
};

pub(super) use super::labels::Forget;
use super::{
    Kept, Trouble, audit,
    fault::Fault,
    folder::{FileId, Folder, file_of, touch_private},
    labels,
    pending::{Deletion, Pending},
    row::{self, EntryRow},
    schema,
};
use crate::enrollment::{Entry, Key, User};

// Before 3.51.3 a log could be reset while another connection still needed it.
const _: () = assert!(ffi::SQLITE_VERSION_NUMBER >= 3_051_003);

/// Another program that reads the journal holds it for moments only.
pub(super) const BUSY: Duration = Duration::from_secs(2);
/// 2026-01-01.
const BEGINNING_MS: i64 = 1_767_225_600_000;
/// So many lines of a timeline are read at once.
const LONGEST_TIMELINE: u32 = 1_000;

pub(super) struct Store {
    db: Connection,
    /// Which file it is.
    file: FileId,
}

/// An open journal, and what was found on the way.
pub(super) struct Opened {
    pub store: Store,
    /// The console that had it before did not close it.
    pub unclean: bool,
}

impl Store {
    /// Opens the journal of a folder, or makes the first one.
    pub fn open(folder: &mut Folder, now: Timestamp) -> Result<Opened, Fault> {
        let path = folder.database();
        let identity = folder.identity()?;
        let size = std::fs::metadata(&path).map_or(0, |it| it.len());
        let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |it| it.len());
        if identity.is_some() && size == 0 {
            return Err(Fault::Damaged("the journal is gone or empty".to_owned()));
        }
        if !path.exists() {
            touch_private(&path)?;
        }
        let mut db = connect(&path)?;
        let version = recognise(&db, identity.as_deref())?;
        if version > 0 && version < schema::VERSION {
            super::backups::copy_before_migration(folder.path(), version, now)?;
        }
        schema::migrate(&mut db, None, now.as_millisecond())?;
        let store = Self { db, file: file_of(&path)? };
        // What the log held may never have reached the disk. From here on it is shown as saved,
        // and the file is there for good.
        store.empty_log()?;
        if log > 0 {
            store.begin_log()?;
        }
        if identity.is_none() {
            folder.set_identity(&identity_of(&store.db)?)?;
        }
        Ok(Opened { store, unclean: log > 0 })
    }

    /// Closes the journal with nothing left in its log.
    pub fn close(self) -> Result<(), Fault> {
        self.empty_log().map(drop)
    }

    /// Opens a newer console's journal to read what can be read.
    pub fn open_newer(folder: &Folder) -> Result<Self, Fault> {
        let path = folder.database();
        let db = connect(&path)?;
        db.pragma_update(None, "query_only", true)?;
        Ok(Self { db, file: file_of(&path)? })
    }

    /// When the console that kept this was last known to run.
    pub fn seen(&self) -> Result<Timestamp, Fault> {
        seen(&self.db)
    }

    /// Every enrollment of the list. All that are kept are looked at: one that is damaged must
    /// not be taken for one that was removed.
    pub fn list(&self) -> Result<Vec<Kept>, Fault> {
        let mut all = row::all_kept(&self.db)?;
        all.retain(|kept| kept.removed.is_none());
        Ok(all)
    }

    /// The same of a newer console's journal, as far as it can be understood.
    pub fn list_what_can_be_read(&self) -> Vec<Kept> {
        let Ok(mut query) = self.db.prepare(&format!("{} ORDER BY key", row::SELECT_KEPT)) else {
            return Vec::new();
        };
        let Ok(rows) = query.query_map([], row::kept) else { return Vec::new() };
        rows.flatten().flatten().filter(|kept| kept.removed.is_none()).collect()
    }

    /// The lines of a timeline before number `before`, oldest first.
    pub fn timeline(&self, key: Key, before: u32) -> Result<Vec<Entry>, Fault> {
        let mut query = self.db.prepare(&format!(
            "{} WHERE enrollment = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
            row::SELECT_ENTRIES
        ))?;
        let rows = query.query_map((key.0, before, LONGEST_TIMELINE), EntryRow::read)?;
        let mut entries = rows
            .map(|row| {
                row?.entry().ok_or_else(|| Fault::Damaged("a line of a timeline".to_owned()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        entries.reverse();
        Ok(entries)
    }

    /// Keeps all that is pending, or nothing of it.
    pub fn commit(&mut self, pending: &Pending, now: Timestamp) -> Result<(), Fault> {
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write(&change, pending, now)?;
        Ok(change.commit()?)
    }

    /// Notes that the console still runs.
    pub fn beat(&self, now: Timestamp) -> Result<(), Fault> {
        self.db.execute("UPDATE meta SET seen = ?1", [now.as_millisecond()])?;
        Ok(())
    }

    /// Enrollments that were finished before `cutoff`.
    pub fn due(&self, cutoff: Timestamp) -> Result<Vec<(Key, Timestamp)>, Fault> {
        // What ended before there was this product, ended by a clock that was wrong.
        let mut query = self
            .db
            .prepare("SELECT key, finished FROM enrollment WHERE finished BETWEEN ?1 AND ?2")?;
        let rows = query.query_map([BEGINNING_MS, cutoff.as_millisecond()], |row| {
            Ok((Key(row.get(0)?), Timestamp::from_millisecond(row.get(1)?).unwrap_or_default()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Deletes lines that a damaged journal left without their enrollments, once they are old.
    pub fn delete_orphans(&self, cutoff: Timestamp) -> Result<(), Fault> {
        self.db.execute(
            "DELETE FROM entry WHERE at < ?1 AND enrollment NOT IN (SELECT key FROM enrollment)",
            [cutoff.as_millisecond()],
        )?;
        Ok(())
    }

    /// Whether nobody is kept.
    pub fn is_empty(&self) -> Result<bool, Fault> {
        let nobody = "SELECT NOT EXISTS (SELECT 1 FROM enrollment)";
        Ok(self.db.query_row(nobody, [], |row| row.get(0))?)
    }

    /// Whom the backups have still to forget, and of whom the label alone.
    pub fn forgotten(&self) -> Result<Vec<(Key, Forget)>, Fault> {
        let mut query = self.db.prepare("SELECT enrollment FROM forgotten")?;
        let rows = query.query_map([], |row| row.get(0).map(Key))?;
        let keys = rows.collect::<Result<Vec<_>, _>>()?;
        keys.into_iter().map(|key| Ok((key, labels::forget(&self.db, key)?))).collect()
    }

    pub fn backups_forgot(&self, whom: &[(Key, Forget)]) -> Result<(), Fault> {
        for (key, _) in whom {
            self.db.execute("DELETE FROM forgotten WHERE enrollment = ?1", [key.0])?;
        }
        Ok(())
    }

    /// Writes the log back to the database, and leaves nothing in it: what was deleted must not
    /// live on there. `false` where somebody who reads keeps it from being emptied for now.
    pub fn empty_log(&self) -> Result<bool, Fault> {
        let busy: i64 =
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Whether what is written here can still be found: somebody may have deleted the file, which
    /// an open one does not notice.
    pub fn is_still_there(&self, path: &Path) -> bool {
        file_of(path).is_ok_and(|found| found == self.file)
    }

    /// Writes something into an empty log. SQLite does not wait for an emptied one to be empty on
    /// the disk: after a power loss the old one would be there again, without what never reached
    /// the disk, and its pages would take the places of newer ones.
    fn begin_log(&self) -> Result<(), Fault> {
        let version = i64::try_from(schema::VERSION).unwrap_or(i64::MAX);
        Ok(self.db.pragma_update(None, "user_version", version)?)
    }
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let db = Connection::open_with_flags(path, flags)?;
    settle(&db)?;
    Ok(db)
}

/// How a connection to a journal behaves, whoever opens it.
pub(super) fn settle(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(BUSY)?;
    // A log that may be another database's must not get into this one on the way out.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "secure_delete", true)?;
    log_ahead(db)?;
    db.pragma_update(None, "synchronous", "full")?;
    // On macOS fsync does not reach the disk's own memory; elsewhere these do nothing.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    Ok(())
}

/// Has changes go to a log first. In SQLite's other modes a power loss can undo what was committed.
fn log_ahead(db: &Connection) -> Result<(), Fault> {
    let mut change = db.prepare("PRAGMA journal_mode = wal")?;
    let mut rows = change.query([])?;
    let mut mode = String::new();
    // Only behind its last row it tells whether the change was written.
    while let Some(row) = rows.next()? {
        mode = row.get(0)?;
    }
    if mode == "wal" { Ok(()) } else { Err(Fault::Trouble(Trouble::Io)) }
}

pub(super) fn seen(db: &Connection) -> Result<Timestamp, Fault> {
    let ms: i64 = db.query_row("SELECT seen FROM meta", [], |row| row.get(0))?;
    Timestamp::from_millisecond(ms).map_err(|error| Fault::Damaged(error.to_string()))
}

/// Finds out what was opened before anything is written to it: its version, 0 for an empty file.
fn recognise(db: &Connection, identity: Option<&str>) -> Result<usize, Fault> {
    let version = schema::version(db)?;
    if version > 0 {
        let found = identity_of(db)?;
        if identity.is_some_and(|ours| ours != found) {
            return Err(Fault::Damaged("the journal of another console".to_owned()));
        }
    } else if identity.is_some() {
        return Err(Fault::Damaged("the journal is empty".to_owned()));
    } else if has_tables(db)? {
        return Err(Fault::Damaged("another program's database".to_owned()));
    }
    Ok(version)
}

pub(super) fn identity_of(db: &Connection) -> Result<String, Fault> {
    Ok(db.query_row("SELECT identity FROM meta", [], |row| row.get(0))?)
}

fn has_tables(db: &Connection) -> Result<bool, Fault> {
    Ok(db.query_row("SELECT count(*) > 0 FROM sqlite_schema", [], |row| row.get(0))?)
}

fn write(change: &Transaction<'_>, pending: &Pending, now: Timestamp) -> Result<(), Fault> {
    if pending.wipes_labels {
        labels::wipe(change)?;
    }
    let mut enrollment = change.prepare(row::KEEP)?;
    for kept in pending.rows.values() {
        row::write_kept(&mut enrollment, kept)?;
    }
    let mut entry = change.prepare(row::INSERT_ENTRY)?;
    for (key, line) in &pending.entries {
        EntryRow::of(*key, line).write(&mut entry)?;
    }
    for (key, deletion) in &pending.deleted {
        match deletion {
            Deletion::Expired => delete(change, *key)?,
            Deletion::FromBackups | Deletion::Label => backups_are_to_forget(change, *key)?,
            Deletion::Forgotten { environment, user } => {
                for key in of_customer(change, environment, *user)?.into_iter().chain([*key]) {
                    delete(change, key)?;
                    backups_are_to_forget(change, key)?;
                }
            }
        }
    }
    audit::append(change, &pending.deeds)?;
    change.execute("UPDATE meta SET seen = ?1", [now.as_millisecond()])?;
    Ok(())
}

pub(super) fn backups_are_to_forget(change: &Connection, key: Key) -> Result<(), Fault> {
    change.execute("INSERT OR IGNORE INTO forgotten VALUES (?1)", [key.0])?;
    Ok(())
}

/// Every enrollment of one customer, those that were taken off the list included.
pub(super) fn of_customer(
    db: &Connection,
    environment: &str,
    user: User,
) -> Result<Vec<Key>, Fault> {
    let mut query = db.prepare(
        "SELECT key FROM enrollment WHERE body ->> '$.environment' = ?1
            AND body ->> '$.user.id' = ?2 AND body ->> '$.user.user_type' = ?3",
    )?;
    let who = (environment, user.id.get(), user.user_type.word());
    let keys = query.query_map(who, |row| row.get(0).map(Key))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The same by one of them, where it is there.
pub(super) fn of_same_customer(db: &Connection, key: Key) -> Result<Vec<Key>, Fault> {
    let one = format!("{} WHERE key = ?1", row::SELECT_KEPT);
    let kept = db.query_row(&one, [key.0], row::kept).optional()?.flatten();
    kept.map_or(Ok(Vec::new()), |kept| of_customer(db, &kept.environment, kept.user))
}

/// Deletes an enrollment and its timeline; also from a backup.
pub(super) fn delete(db: &Connection, key: Key) -> Result<(), Fault> {
    db.execute("DELETE FROM entry WHERE enrollment = ?1", [key.0])?;
    db.execute("DELETE FROM enrollment WHERE key = ?1", [key.0])?;
    Ok(())
}
