//! What an operation on the journal can come back with instead of its result.

use std::io;

use rusqlite::{Error, ErrorCode, ffi};

use super::Trouble;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is wrong with what is kept; it is tried again.
    Trouble(Trouble),
    /// What is kept cannot be trusted, and why.
    Damaged(String),
    /// A newer console wrote it.
    Newer,
}

/// Kinds of trouble that mean damage. The file that has moved was deleted under an open journal.
const DAMAGE: [i32; 4] = [
    ffi::SQLITE_IOERR_CORRUPTFS,
    ffi::SQLITE_IOERR_DATA,
    ffi::SQLITE_IOERR_SHORT_READ,
    SQLITE_READONLY_DBMOVED,
];

/// `SQLITE_READONLY | (4 << 8)`, which the bindings do not name.
const SQLITE_READONLY_DBMOVED: i32 = ffi::SQLITE_READONLY | (4 << 8);

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let Error::SqliteFailure(failure, _) = &error else {
            // A column of another type than it was written with.
            return Self::Damaged(error.to_string());
        };
        match trouble_of(failure.code) {
            Some(trouble) if !DAMAGE.contains(&failure.extended_code) => Self::Trouble(trouble),
            Some(_) | None => Self::Damaged(error.to_string()),
        }
    }
}

/// `None` for what means damage: among others `SQLITE_ERROR`, which here can only tell that a
/// table or a column is missing.
fn trouble_of(code: ErrorCode) -> Option<Trouble> {
    if matches!(code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
        Some(Trouble::Busy)
    } else if code == ErrorCode::DiskFull {
        Some(Trouble::Full)
    } else if code == ErrorCode::SystemIoFailure {
        Some(Trouble::Io)
    } else if code == ErrorCode::ReadOnly {
        Some(Trouble::ReadOnly)
    } else if matches!(code, ErrorCode::CannotOpen | ErrorCode::PermissionDenied) {
        Some(Trouble::CannotOpen)
    } else if matches!(
        code,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
    ) {
        None
    } else {
        Some(Trouble::Other)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        // The rest of a kind that grows means no more than that the disk failed.
        let kind = error.kind();
        Self::Trouble(
            if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                Trouble::Full
            } else if kind == io::ErrorKind::ReadOnlyFilesystem {
                Trouble::ReadOnly
            } else if matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound) {
                Trouble::CannotOpen
            } else {
                Trouble::Io
            },
        )
    }
}

impl Fault {
    /// What to tell of it where nothing can be mended.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Trouble(trouble) => *trouble,
            Self::Damaged(_) | Self::Newer => Trouble::Other,
        }
    }
}
