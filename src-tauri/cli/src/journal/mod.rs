//! `journal verify|export`: what the console keeps over a restart, read from outside of it.

mod audit;
mod cell;
mod columns;
mod enrollments;
mod export;
mod facts;
mod ids;
mod sink;
mod timeline;
mod verify;

use std::path::PathBuf;

use enrollment_core::journal::{Folder, ReadError};

use crate::exit::{Exit, Stop};

pub use columns::column_table;
pub use export::export;
pub use verify::verify;

/// The journal that was named, or this user's own.
fn named(journal: Option<&PathBuf>) -> Result<PathBuf, Stop> {
    journal.cloned().or_else(Folder::usual).ok_or_else(|| {
        Stop::bad_argument("JOURNAL: this system names no place for a journal; name its folder")
    })
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        let exit = match error {
            ReadError::Missing(_) | ReadError::Copy(_) => Exit::BadArguments,
            ReadError::Damaged { .. } => Exit::NotWhole,
            ReadError::Trouble { .. } | ReadError::Newer(_) | ReadError::Older(_) => Exit::Unable,
        };
        Self::new(exit, error.to_string())
    }
}
