//! How it goes with saving, and what people have to know of it.

use serde::Serialize;

/// Whether changes can be saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "JournalHealth"))]
#[serde(tag = "health", rename_all = "kebab-case")]
pub enum Health {
    /// Nothing is kept: there is no journal.
    #[default]
    Absent,
    /// The list of before is not there yet.
    Opening,
    /// What is shown is saved, or will be in a moment.
    Well,
    /// Nothing can be read or saved just now; it is tried again and again.
    Troubled { trouble: Trouble },
    /// A newer console wrote it: it can be read, and nothing can be changed.
    Newer,
}

/// Why the journal cannot be read or written. None of these is damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "JournalTrouble"))]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// Another program holds the file.
    #[error("another program is using the journal")]
    Busy,
    #[error("the disk is full")]
    Full,
    #[error("the disk fails to read or write")]
    Io,
    #[error("the journal or its disk is read-only")]
    ReadOnly,
    /// The folder is gone, or access is refused.
    #[error("the journal's file cannot be opened")]
    CannotOpen,
    #[error("the database failed in an unknown way")]
    Other,
}

/// Something that happened to the journal and that people have to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "JournalNotice"))]
#[serde(tag = "notice", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Notice {
    /// The journal was damaged. It was moved to `aside`; what could be read is here.
    Salvaged {
        aside: String,
        /// Enrollments that are on the list again.
        here: u32,
        /// Enrollments that are known to be missing.
        enrollments: u32,
        /// Lines of timelines that are known to be missing.
        entries: u32,
        /// The day of the backup that filled gaps, where one did.
        backup: Option<String>,
    },
    /// These were kept for an environment that is not set up here any more. They stay kept.
    UnknownEnvironment { environment: String, enrollments: u32 },
    /// There is no folder that a journal could be kept in.
    NoFolder { why: String },
    /// The last backup did not succeed.
    NoBackup { trouble: Trouble },
}
