//! Whether a file is the administrator's: nobody else can have written it, or put another in its
//! place.
//!
//! On Unix that is read from owners and permissions; an access list that lets somebody write shows
//! in them. On Windows nothing is checked: there the folder's own permissions are all there is.

#[cfg(unix)]
mod walk;

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a file does not count as the administrator's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnedError {
    #[error("{0}: is not an absolute path")]
    NotAbsolute(PathBuf),
    #[error("{0}: does not exist")]
    Missing(PathBuf),
    #[error("{path}: cannot be looked at: {kind}")]
    Unreadable { path: PathBuf, kind: io::ErrorKind },
    #[error("{0}: is not a file")]
    NotAFile(PathBuf),
    #[error("{path}: belongs to user {owner}, and not to the administrator")]
    Owner { path: PathBuf, owner: u32 },
    #[error("{0}: can be written by others than its owner")]
    Writable(PathBuf),
    #[error("{0}: its links lead in a circle")]
    Circle(PathBuf),
}

/// Whether the administrator alone may have written a file.
pub type Trust = fn(&Path) -> Result<(), OwnedError>;

/// Passes a file that belongs to root, and that root alone can write or replace: so do all folders
/// above it, and whatever links lead to it.
///
/// It holds for as long as the administrator changes nothing: whoever opens the file afterwards
/// opens what was looked at.
///
/// # Errors
/// The first thing on the way to the file that is not so.
#[cfg(unix)]
pub fn by_administrator(path: &Path) -> Result<(), OwnedError> {
    walk::check(path, &walk::look)
}

/// Passes every file that is there: who may write it is not known.
///
/// # Errors
/// Where it is none, or its path is not absolute.
#[cfg(not(unix))]
pub fn by_administrator(path: &Path) -> Result<(), OwnedError> {
    if !path.is_absolute() {
        return Err(OwnedError::NotAbsolute(path.to_owned()));
    }
    match path.metadata() {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(OwnedError::NotAFile(path.to_owned())),
        Err(error) => Err(unseen(path, error.kind())),
    }
}

fn unseen(path: &Path, kind: io::ErrorKind) -> OwnedError {
    let path = path.to_owned();
    if kind == io::ErrorKind::NotFound {
        OwnedError::Missing(path)
    } else {
        OwnedError::Unreadable { path, kind }
    }
}
