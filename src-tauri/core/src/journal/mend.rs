//! Puts a journal in place of one that is damaged: what can be read of it, then the backups.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction};

use super::{
    Notice, aside, backups,
    fault::Fault,
    folder::{Folder, SIDES, sync_folder, touch_private},
    row,
    salvage::{self, Read},
    schema, store,
};

/// Moves the damaged journal aside, and salvages it. Begun again after a crash, it goes on from
/// where it was.
pub(super) fn mend(folder: &mut Folder, now: Timestamp) -> Result<Notice, Fault> {
    let journal = folder.path().to_owned();
    let identity = folder.identity()?;
    let aside = aside::move_journal(&journal, now)?;
    let work = journal.join("salvage");
    let result = build(&journal, &work, aside.as_deref(), identity.as_deref(), now);
    // What is left of the attempt is a copy.
    let _ = aside::clear(&work);
    let (draft, notice) = result?;
    fs::rename(draft, folder.database())?;
    sync_folder(&journal)?;
    if let Some(aside) = &aside {
        // The journal is there again, whatever becomes of this.
        let _ = aside::is_done(aside, &row::json(&notice));
    }
    Ok(notice)
}

fn build(
    journal: &Path,
    work: &Path,
    aside: Option<&Path>,
    identity: Option<&str>,
    now: Timestamp,
) -> Result<(PathBuf, Notice), Fault> {
    let draft = journal.join("journal.new");
    let source = match aside {
        Some(aside) => open_source(aside, work, identity)?,
        None => None,
    };
    let mut db = begin_draft(&draft)?;
    let identity =
        identity.map(str::to_owned).or_else(|| store::identity_of(source.as_ref()?).ok());
    let seen = source.as_ref().and_then(|source| store::seen(source).ok()).unwrap_or(now);
    schema::migrate(&mut db, identity.as_deref(), seen.as_millisecond())?;
    let change = db.transaction()?;
    let read = match &source {
        Some(source) => salvage::copy(source, &change)?,
        None => Read::default(),
    };
    let backup = if read.all { None } else { fill_from_backups(journal, &change, read)? };
    let (enrollments, entries) = salvage::missing(&change)?;
    let here = salvage::count(&change)?;
    change.commit()?;
    db.close().map_err(|(_, error)| error)?;
    File::open(&draft)?.sync_all()?;
    let aside = aside.unwrap_or(journal).display().to_string();
    Ok((draft, Notice::Salvaged { aside, here, enrollments, entries, backup }))
}

fn begin_draft(path: &Path) -> Result<Connection, Fault> {
    for side in ["", "-wal", "-shm", "-journal"] {
        let mut left = path.as_os_str().to_owned();
        left.push(side);
        if Path::new(&left).exists() {
            fs::remove_file(&left)?;
        }
    }
    touch_private(path)?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Nobody else has it, and a crash begins it anew.
    db.pragma_update_and_check(None, "journal_mode", "off", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "off")?;
    Ok(db)
}

/// A copy of what was moved aside, to read from; `None` where it is not a journal any more, or
/// was never ours. A log of another database is left out.
fn open_source(
    aside: &Path,
    work: &Path,
    identity: Option<&str>,
) -> Result<Option<Connection>, Fault> {
    if !aside.join(SIDES[0]).exists() {
        return Ok(None);
    }
    for (with_log, mends_header) in [(true, false), (false, false), (true, true), (false, true)] {
        let copy = aside::working_copy(aside, with_log, work)?;
        if mends_header {
            let version = u32::try_from(schema::VERSION).unwrap_or(u32::MAX);
            aside::mend_header(&copy, version, schema::APPLICATION)?;
        }
        let Ok(source) = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)
        else {
            continue;
        };
        if store::settle(&source).is_err() || !is_readable(&source) {
            continue;
        }
        // One whose identity cannot be read is taken for ours: it lies in our folder.
        let found = store::identity_of(&source);
        if identity.is_none_or(|ours| found.as_ref().map_or(true, |found| is_same(ours, found))) {
            return Ok(Some(source));
        }
    }
    Ok(None)
}

/// A few bits that the disk has turned make no other journal of it: of another's 32 digits two are
/// the same.
fn is_same(ours: &str, found: &str) -> bool {
    let same = ours.bytes().zip(found.bytes()).filter(|(ours, found)| ours == found).count();
    found.len() == ours.len() && 4 * same >= 3 * ours.len()
}

fn is_readable(source: &Connection) -> bool {
    let begins = |table: &str| {
        source.query_row(
            &format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1)"),
            [],
            |row| row.get::<_, u32>(0),
        )
    };
    begins("enrollment").is_ok() || begins("entry").is_ok()
}

/// Fills gaps from every backup that can be read, the newest first. The day of the first one that
/// had something to give.
fn fill_from_backups(
    journal: &Path,
    draft: &Transaction<'_>,
    read: Read,
) -> Result<Option<String>, Fault> {
    let mut day = None;
    for path in backups::newest_first(journal) {
        let Ok(backup) = backups::open_to_read(&path) else { continue };
        if backups::check(&backup).is_ok()
            && salvage::fill(&backup, draft, read.all_enrollments)?
            && day.is_none()
        {
            day = backups::day_of(&path);
        }
        if read.all_enrollments && salvage::missing(draft)? == (0, 0) {
            break;
        }
    }
    Ok(day)
}
