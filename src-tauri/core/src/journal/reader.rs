//! Reads a journal beside the console that keeps it, to verify and to export it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use url::Url;

use super::{
    Chain, Deed, Kept, Trouble,
    audit::{self, AuditRow},
    backups,
    fault::Fault,
    folder::DATABASE,
    row::{self, EntryRow},
    salvage, schema, store,
};
use crate::enrollment::{Entry, Key};

/// Why a journal could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{0}: there is no journal")]
    Missing(PathBuf),
    #[error("{path}: {trouble}")]
    Trouble { path: PathBuf, trouble: Trouble },
    #[error("{path} is damaged: {why}")]
    Damaged { path: PathBuf, why: String },
    #[error("{0}: a newer console wrote this journal")]
    Newer(PathBuf),
    #[error("{0}: an older console wrote this journal; start this one once")]
    Older(PathBuf),
    #[error("{0} is a copy: nothing is added to its audit")]
    Copy(PathBuf),
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub seq: i64,
    /// What was done; where it cannot be understood, as it was written.
    pub deed: Result<Deed, String>,
}

/// How much a journal holds, and what it is known to have lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub enrollments: u32,
    pub lines: u32,
    /// Enrollments of which there are only lines.
    pub lost_enrollments: u32,
    /// Lines of the enrollments that are there.
    pub lost_lines: u32,
}

/// A journal, or a backup of one, that is open for reading. All of it is read as it stood at the
/// moment of the first reading.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    path: PathBuf,
    audit: Audit,
}

/// Whether a line can be added to the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audit {
    Open,
    /// A backup's, which nobody would look at.
    Copied,
    ReadOnly,
}

impl Reader {
    /// Opens a journal's folder, or a backup's file.
    ///
    /// # Errors
    /// Where there is none, or none that can be read.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let is_copy = !path.is_dir();
        let path = if is_copy { path.to_owned() } else { path.join(DATABASE) };
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Err(ReadError::Missing(path)),
            Err(_) => return Err(ReadError::Trouble { path, trouble: Trouble::CannotOpen }),
        }
        match open_journal(&path) {
            Ok((schema::VERSION, db, audit)) => {
                let audit = if is_copy { Audit::Copied } else { audit };
                Ok(Self { db, path, audit })
            }
            Ok(_) => Err(ReadError::Older(path)),
            Err(fault) => Err(explain(&path, fault)),
        }
    }

    /// Reads all of it, and compares it with its checksums.
    ///
    /// # Errors
    /// Where something is damaged or cannot be read.
    pub fn check(&self) -> Result<Counts, ReadError> {
        let read = || -> Result<_, Fault> {
            backups::check(&self.db)?;
            let count = |table: &str| {
                let all = format!("SELECT count(*) FROM {table}");
                self.db.query_row(&all, [], |row| row.get(0))
            };
            let (lost_enrollments, lost_lines) = salvage::missing(&self.db)?;
            let (enrollments, lines) = (count("enrollment")?, count("entry")?);
            Ok(Counts { enrollments, lines, lost_enrollments, lost_lines })
        };
        read().map_err(|fault| explain(&self.path, fault))
    }

    /// Follows the chain of the audit.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn chain(&self) -> Result<Chain, ReadError> {
        audit::verify(&self.db).map_err(|fault| explain(&self.path, fault))
    }

    /// Whether the audit has, or once had, this head.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn holds(&self, head: &str) -> Result<bool, ReadError> {
        audit::holds(&self.db, head).map_err(|fault| explain(&self.path, fault))
    }

    /// Every enrollment, those that were taken off the list included.
    ///
    /// # Errors
    /// Where one is damaged or cannot be read.
    pub fn enrollments(&self) -> Result<Vec<Kept>, ReadError> {
        row::all_kept(&self.db).map_err(|fault| explain(&self.path, fault))
    }

    /// Every line of every timeline, one enrollment after the other.
    ///
    /// # Errors
    /// Where one is damaged or cannot be read, or what `each` comes back with.
    pub fn entries<E: From<ReadError>>(
        &self,
        mut each: impl FnMut(Key, Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |fault: Fault| E::from(explain(&self.path, fault));
        let all = format!("{} {}", row::SELECT_ENTRIES, row::IN_ORDER);
        let mut query = self.db.prepare(&all).map_err(|e| failed(e.into()))?;
        let rows = query.query_map([], EntryRow::read).map_err(|e| failed(e.into()))?;
        for row in rows {
            let row = row.map_err(|e| failed(e.into()))?;
            let Some(entry) = row.entry() else {
                return Err(failed(Fault::Damaged("a line of a timeline".to_owned())));
            };
            each(Key(row.enrollment), entry)?;
        }
        Ok(())
    }

    /// What people did, in order.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn deeds(&self) -> Result<Vec<AuditLine>, ReadError> {
        let read = || -> Result<_, Fault> {
            let mut query = self.db.prepare(&format!("{} ORDER BY seq", audit::SELECT))?;
            let rows = query.query_map([], AuditRow::read)?;
            rows.map(|row| Ok(row?.line())).collect()
        };
        read().map_err(|fault| explain(&self.path, fault))
    }

    /// Puts something that was done from outside of the console in the audit.
    ///
    /// # Errors
    /// Where it could not be saved; then it should not be done.
    pub fn record(&self, deed: Deed) -> Result<(), ReadError> {
        let path = self.path.clone();
        match self.audit {
            Audit::Open => {}
            Audit::Copied => return Err(ReadError::Copy(path)),
            Audit::ReadOnly => return Err(explain(&path, Trouble::ReadOnly.into())),
        }
        let write = || -> Result<(), Fault> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut db = Connection::open_with_flags(&self.path, flags)?;
            store::settle(&db)?;
            let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            audit::append(&change, &[deed])?;
            change.commit()?;
            // What stays in the log would look as if a console had crashed. It is saved already.
            let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            Ok(())
        };
        write().map_err(|fault| explain(&self.path, fault))
    }
}

/// The version of a journal's tables, and the journal.
fn open_journal(path: &Path) -> Result<(usize, Connection, Audit), Fault> {
    match backups::open_to_read(path).and_then(begin) {
        Ok((version, db)) => Ok((version, db, Audit::Open)),
        // Where nothing can be written, the log and its index cannot be made. Without a log all of
        // the journal stands in its file.
        Err(Fault::Trouble(Trouble::CannotOpen | Trouble::ReadOnly))
            if !log_of(path).exists() && !backups::has_half_a_change(path) =>
        {
            let (version, db) = begin(open_unchanging(path)?)?;
            Ok((version, db, Audit::ReadOnly))
        }
        Err(fault) => Err(fault),
    }
}

fn begin(db: Connection) -> Result<(usize, Connection), Fault> {
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != schema::APPLICATION {
        return Err(Fault::Damaged("not the database of a journal".to_owned()));
    }
    let version = schema::version(&db)?;
    db.execute_batch("BEGIN")?;
    Ok((version, db))
}

fn open_unchanging(path: &Path) -> Result<Connection, Fault> {
    let mut url = Url::from_file_path(path.canonicalize()?)
        .map_err(|()| Fault::Trouble(Trouble::CannotOpen))?;
    url.set_query(Some("immutable=1"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(url.as_str(), flags)?)
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn explain(path: &Path, fault: Fault) -> ReadError {
    let path = path.to_owned();
    match fault {
        Fault::Trouble(trouble) => ReadError::Trouble { path, trouble },
        Fault::Damaged(why) => ReadError::Damaged { path, why },
        Fault::Newer => ReadError::Newer(path),
    }
}
