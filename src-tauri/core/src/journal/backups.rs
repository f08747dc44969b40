//! A copy of the journal for each of the last days on which the console ran.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{
    Trouble,
    fault::Fault,
    folder::{BACKUPS, DATABASE, private_folder, sync_folder, touch_private},
    labels::{self, Forget},
    row::{self, EntryRow},
    store,
};
use crate::enrollment::Key;

/// So many days are kept.
const DAYS: usize = 7;
/// A copy from before a change of the tables is kept for so long, and made once within a day.
const MIGRATION_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
const FRESH: Duration = Duration::from_secs(24 * 3_600);
static PARTS: AtomicU64 = AtomicU64::new(0);
const DAILY: &str = "day-";
const MIGRATION: &str = "before-";

/// The day, in UTC, that a backup made now belongs to.
pub(super) fn day(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d").to_string()
}

/// How old the backup of that day is; `None` where there is none.
pub(super) fn age(journal: &Path, day: &str) -> Option<Duration> {
    old(&daily(journal, day))
}

fn old(path: &Path) -> Option<Duration> {
    let made = fs::metadata(path).ok()?.modified().ok()?;
    // One from the future was made a moment ago, by a clock that has been set since.
    Some(made.elapsed().unwrap_or_default())
}

/// Makes the backup of a day, and lets go of those beyond the last seven. What it copies is read
/// to the last byte: damage shows here, if not before.
pub(super) fn make(journal: &Path, day: &str) -> Result<(), Fault> {
    copy(journal, &daily(journal, day))?;
    Ok(prune(journal)?)
}

/// Keeps the journal as it was, before its tables change.
pub(super) fn copy_before_migration(
    journal: &Path,
    version: usize,
    now: Timestamp,
) -> Result<(), Fault> {
    // What fails after its copy is tried again, and needs no other one.
    let suffix = format!("-{version}.db");
    let is_this = |path: &PathBuf| path.to_string_lossy().ends_with(&suffix);
    let fresh = |path: &PathBuf| old(path).is_some_and(|age| age < FRESH);
    if named(journal, MIGRATION).iter().any(|path| is_this(path) && fresh(path)) {
        return Ok(());
    }
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    copy(journal, &folder(journal).join(format!("{MIGRATION}{stamp}-{version}.db")))
}

/// The days' backups, the newest first.
pub(super) fn newest_first(journal: &Path) -> Vec<PathBuf> {
    let mut found = named(journal, DAILY);
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

/// The day of a backup, as its name tells it.
pub(super) fn day_of(backup: &Path) -> Option<String> {
    Some(backup.file_stem()?.to_str()?.strip_prefix(DAILY)?.to_owned())
}

/// Deletes enrollments or their labels from every copy, from each as a whole.
pub(super) fn forget(journal: &Path, whom: &[(Key, Forget)]) -> Result<(), Fault> {
    let copies = [DAILY, MIGRATION].into_iter().flat_map(|prefix| named(journal, prefix));
    for path in copies {
        match forget_in(&path, whom) {
            // It fills no gaps any more, and somebody might still be read in it.
            Err(Fault::Damaged(_)) => remove(&path)?,
            other => other?,
        }
    }
    Ok(())
}

fn forget_in(copy: &Path, whom: &[(Key, Forget)]) -> Result<(), Fault> {
    let mut db = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "synchronous", "full")?;
    let change = db.transaction()?;
    for (key, what) in whom {
        match what {
            Forget::Label => labels::wipe_one(&change, *key)?,
            Forget::All => {
                // Of the same customer it may have enrollments that the journal had no more.
                for other in store::of_same_customer(&change, *key)? {
                    store::delete(&change, other)?;
                }
                store::delete(&change, *key)?;
            }
        }
    }
    Ok(change.commit()?)
}

/// Reads all that is kept, and compares it with its checksums.
pub(super) fn check(db: &Connection) -> Result<(), Fault> {
    check_trees(db)?;
    row::all_kept(db)?;
    let mut entries = db.prepare(&format!("{} {}", row::SELECT_ENTRIES, row::IN_ORDER))?;
    for entry in entries.query_map([], EntryRow::read)? {
        if !entry?.is_whole() {
            return Err(Fault::Damaged("a line of a timeline".to_owned()));
        }
    }
    Ok(())
}

/// Whether every page is where it belongs: otherwise rows may be missing without any error.
pub(super) fn check_trees(db: &Connection) -> Result<(), Fault> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Fault::Damaged(verdict)) }
}

/// Opens a journal or a copy of one to read it. A console that was killed as it changed a copy
/// left half of that: it is undone first, which a connection that only reads cannot do.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, Fault> {
    if has_half_a_change(path) {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.busy_timeout(store::BUSY)?;
        // Whatever is read undoes it.
        let _: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(store::BUSY)?;
    Ok(db)
}

/// Whether somebody is changing a copy, or was when it was killed.
pub(super) fn has_half_a_change(path: &Path) -> bool {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-journal");
    Path::new(&beside).exists()
}

/// Removes what is left of copies that were never finished.
pub(super) fn clear_halves(journal: &Path) -> io::Result<()> {
    parts(&folder(journal)).iter().try_for_each(|half| remove(half))
}

fn copy(journal: &Path, into: &Path) -> Result<(), Fault> {
    let folder = folder(journal);
    match private_folder(&folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => other?,
    }
    clear_halves(journal)?;
    // No two write the same one.
    let nth = PARTS.fetch_add(1, Ordering::Relaxed);
    let part = into.with_extension(format!("{}-{nth}.part", std::process::id()));
    touch_private(&part)?;
    let source = journal.join(DATABASE);
    let copied = copy_into(&source, &part).and_then(|()| check(&open_to_read(&part)?));
    if copied.is_err() {
        // Half a copy is worth nothing; if it cannot be removed, the next one does it.
        let _ = remove(&part);
    }
    match copied {
        // Whether the journal is damaged or its copy, the journal tells.
        Err(Fault::Damaged(_)) => {
            check(&open_to_read(&source)?).and(Err(Fault::Trouble(Trouble::Io)))
        }
        other => other,
    }?;
    fs::rename(&part, into)?;
    Ok(sync_folder(&folder)?)
}

fn copy_into(source: &Path, part: &Path) -> Result<(), Fault> {
    let name = part.to_str().ok_or(Fault::Trouble(Trouble::CannotOpen))?;
    let journal = open_to_read(source)?;
    // The copy of a tree that lacks rows is whole itself.
    check_trees(&journal)?;
    journal.execute("VACUUM INTO ?1", [name])?;
    drop(journal);
    // SQLite does not wait for the disk here.
    Ok(File::open(part)?.sync_all()?)
}

fn prune(journal: &Path) -> io::Result<()> {
    for old in newest_first(journal).iter().skip(DAYS) {
        remove(old)?;
    }
    for path in named(journal, MIGRATION) {
        if old(&path).is_some_and(|age| age > MIGRATION_KEPT) {
            remove(&path)?;
        }
    }
    Ok(())
}

fn folder(journal: &Path) -> PathBuf {
    journal.join(BACKUPS)
}

fn daily(journal: &Path, day: &str) -> PathBuf {
    folder(journal).join(format!("{DAILY}{day}.db"))
}

/// Halves of copies that were never finished, and what SQLite kept beside them as it wrote.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let is_part = |path: &PathBuf| {
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        extension == "part" || extension.starts_with("part-")
    };
    paths.filter(is_part).collect()
}

/// The finished copies whose names begin so.
fn named(journal: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder(journal)) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(prefix) && path.extension().is_some_and(|it| it == "db")
        })
        .collect()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
