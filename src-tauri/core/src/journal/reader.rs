//! Reads a journal beside the console that keeps it, to verify and to export it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{
    Chain, Deed, Kept,
    audit::{self, AuditRow},
    backups,
    fault::Fault,
    folder::DATABASE,
    row::{self, EntryRow},
    schema, store,
};
use crate::enrollment::{Entry, Key};

/// Why a journal could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{0}: there is no journal")]
    Missing(PathBuf),
    #[error("{path}: {trouble}")]
    Trouble { path: PathBuf, trouble: super::Trouble },
    #[error("{path} is damaged: {why}")]
    Damaged { path: PathBuf, why: String },
    #[error("{0}: a newer console wrote this journal")]
    Newer(PathBuf),
    #[error("{0}: an older console wrote this journal; start this one once")]
    Older(PathBuf),
}

/// A line of the audit.
#[derive(Clone, Debug)]
pub struct AuditLine {
    pub seq: i64,
    /// What was done; where it cannot be understood, as it was written.
    pub deed: Result<Deed, String>,
}

/// A journal, or a backup of one, that is open for reading.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens a journal's folder, or a backup's file.
    ///
    /// # Errors
    /// Where there is none, or none that can be read.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let path = if path.is_dir() { path.join(DATABASE) } else { path.to_owned() };
        if !path.exists() {
            return Err(ReadError::Missing(path));
        }
        let opened = backups::open_to_read(&path).and_then(|db| Ok((schema::version(&db)?, db)));
        match opened {
            Ok((schema::VERSION, db)) => Ok(Self { db, path }),
            Ok(_) => Err(ReadError::Older(path)),
            Err(fault) => Err(explain(&path, fault)),
        }
    }

    /// Reads all of it, and compares it with its checksums.
    ///
    /// # Errors
    /// Where something is damaged or cannot be read.
    pub fn check(&self) -> Result<(), ReadError> {
        backups::check(&self.db).map_err(|fault| explain(&self.path, fault))
    }

    /// Follows the chain of the audit.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn chain(&self) -> Result<Chain, ReadError> {
        audit::verify(&self.db).map_err(|fault| explain(&self.path, fault))
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
        let mut query = self.db.prepare(row::SELECT_ENTRIES).map_err(|e| failed(e.into()))?;
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
            let mut query = self.db.prepare("SELECT seq, body, hash FROM audit ORDER BY seq")?;
            let rows = query.query_map([], AuditRow::read)?;
            rows.map(|row| {
                let AuditRow { seq, body, .. } = row?;
                Ok(AuditLine { seq, deed: serde_json::from_str(&body).map_err(|_| body) })
            })
            .collect()
        };
        read().map_err(|fault| explain(&self.path, fault))
    }

    /// Puts something that was done from outside of the console in the audit.
    ///
    /// # Errors
    /// Where it could not be saved; then it should not be done.
    pub fn record(&self, deed: Deed) -> Result<(), ReadError> {
        let write = || -> Result<(), Fault> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut db = Connection::open_with_flags(&self.path, flags)?;
            store::settle(&db)?;
            let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            audit::append(&change, &[deed])?;
            Ok(change.commit()?)
        };
        write().map_err(|fault| explain(&self.path, fault))
    }
}

fn explain(path: &Path, fault: Fault) -> ReadError {
    let path = path.to_owned();
    match fault {
        Fault::Trouble(trouble) => ReadError::Trouble { path, trouble },
        Fault::Damaged(why) => ReadError::Damaged { path, why },
        Fault::Newer => ReadError::Newer(path),
    }
}
