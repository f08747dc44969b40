//! What is kept over a restart: enrollments and their timelines, and what people did.
//!
//! Never a token, and of a link nothing but its host: no type that gets here can hold either.

mod aside;
mod audit;
mod backups;
mod deed;
mod fault;
mod folder;
mod health;
mod keep_days;
mod kept;
mod labels;
mod line;
mod mend;
mod pending;
mod reader;
mod rounds;
mod row;
mod salvage;
mod schema;
mod store;
mod writer;

pub use audit::{Break, Chain};
pub use deed::{Deed, Did};
pub use folder::{Folder, FolderError};
pub use health::{Health, Notice, Trouble};
pub use keep_days::{KeepDays, KeepDaysError};
pub use kept::{Heard, Kept, KeptStep};
pub use line::{Found, Journal, Place};
pub use pending::Deletion;
pub use reader::{AuditLine, Counts, ReadError, Reader};

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::enrollment::{Entry, Key};

/// What changed in one turn of the desk. It is kept as a whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Counts from 1 for each run of the console.
    pub number: u64,
    /// Enrollments as they stand now, each with what is new in its timeline.
    pub kept: Vec<(Kept, Vec<Entry>)>,
    /// Enrollments of which something is not kept any more.
    pub deleted: Vec<(Key, Deletion)>,
    pub deeds: Vec<Deed>,
    /// Whether the labels of everything that is over go, in the backups as well.
    pub wipes_labels: bool,
    /// Whether anything is watched.
    pub live: bool,
    /// Its lines were handed over before, and may have found no room or been lost since.
    pub again: bool,
}

/// What the journal tells the desk.
#[derive(Debug)]
pub enum Report {
    /// The list as it was kept. `seen`: when the console that kept it was last known to run.
    Restored {
        kept: Vec<Kept>,
        seen: Option<Timestamp>,
    },
    /// Every batch up to this one is on the disk.
    Saved {
        upto: u64,
        at: Timestamp,
    },
    Health(Health),
    /// How many changes wait, and how many lines of timelines will never be saved.
    Waiting {
        waiting: u32,
        lost: u32,
    },
    Notice(Notice),
    /// Kept for as long as finished enrollments are: since when each is finished.
    Due(Vec<(Key, Timestamp)>),
}
