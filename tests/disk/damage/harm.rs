//! What can happen to the files of a journal.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use fastrand::Rng;
use rusqlite::Connection;

use crate::bases::Bases;

const DATABASE: &str = "journal.db";
const LOG: &str = "journal.db-wal";
const PAGE: usize = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    Flips,
    /// In the first pages, where it matters most.
    FlipsAhead,
    FlipsInLog,
    Zeros,
    Garbage,
    Cut,
    LogCut,
    Empty,
    Missing,
    ForeignLog,
    Foreign,
    Text,
    /// A word of somebody's row or line is another one.
    Scratched,
    /// A leaf of a tree says that it has one row less.
    RowLost,
    /// What tells whose journal it is, in it or beside it.
    Identity,
    /// One of the above, and the backup as well.
    BackupToo(Worse),
    /// Lines of the audit were changed by somebody who knows how.
    Forged,
    Newer,
}

/// What goes with a damaged backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    Flips,
    Zeros,
    Missing,
}

const ALL: [Harm; 20] = [
    Harm::Flips,
    Harm::FlipsAhead,
    Harm::FlipsInLog,
    Harm::Zeros,
    Harm::Garbage,
    Harm::Cut,
    Harm::LogCut,
    Harm::Empty,
    Harm::Missing,
    Harm::ForeignLog,
    Harm::Foreign,
    Harm::Text,
    Harm::Scratched,
    Harm::RowLost,
    Harm::Identity,
    Harm::BackupToo(Worse::Flips),
    Harm::BackupToo(Worse::Zeros),
    Harm::BackupToo(Worse::Missing),
    Harm::Forged,
    Harm::Newer,
];

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flips => "1 to 8 bits",
            Self::FlipsAhead => "1 to 8 bits of the first pages",
            Self::FlipsInLog => "1 to 8 bits of the log",
            Self::Zeros => "a page of zeros",
            Self::Garbage => "a page of garbage",
            Self::Cut => "cut short",
            Self::LogCut => "the log cut short",
            Self::Empty => "empty",
            Self::Missing => "gone",
            Self::ForeignLog => "another journal's log",
            Self::Foreign => "another journal",
            Self::Text => "a text",
            Self::Scratched => "a word",
            Self::RowLost => "a row less",
            Self::Identity => "the identity",
            Self::BackupToo(Worse::Flips) => "bits, and the backup",
            Self::BackupToo(Worse::Zeros) => "a page, and the backup",
            Self::BackupToo(Worse::Missing) => "gone, and the backup is damaged",
            Self::Forged => "a line of the audit",
            Self::Newer => "newer",
        })
    }
}

impl Harm {
    /// Each kind in its turn.
    pub fn draw(seed: u64) -> Self {
        let kinds = u64::try_from(ALL.len()).unwrap_or(1);
        ALL[usize::try_from(seed % kinds).unwrap_or(0)]
    }

    pub fn needs_log(self) -> bool {
        matches!(self, Self::FlipsInLog | Self::LogCut)
    }

    /// Whether it befalls the log, whose end nobody can miss.
    pub fn is_of_log(self) -> bool {
        matches!(self, Self::FlipsInLog | Self::LogCut | Self::ForeignLog)
    }

    pub fn inflict(self, folder: &Path, bases: &Bases, dice: &mut Rng) -> io::Result<()> {
        let database = folder.join(DATABASE);
        match self {
            Self::Flips => flip(&database, usize::MAX, dice),
            Self::FlipsAhead => flip(&database, 3 * PAGE, dice),
            Self::FlipsInLog => flip(&folder.join(LOG), usize::MAX, dice),
            Self::Zeros => fill_page(&database, false, dice),
            Self::Garbage => fill_page(&database, true, dice),
            Self::Cut => cut(&database, dice),
            Self::LogCut => cut(&folder.join(LOG), dice),
            Self::Empty => fs::write(&database, []),
            Self::Missing => fs::remove_file(&database),
            Self::ForeignLog => put(&foreign(bases).join(LOG), &folder.join(LOG)),
            Self::Foreign => {
                put(&bases.large().folder.join(DATABASE), &database)?;
                remove(&folder.join(LOG))
            }
            Self::Text => fs::write(&database, "Enrollments\n===========\n".repeat(300)),
            Self::Scratched => scratch(&database, dice),
            Self::RowLost => lose_a_row(&database, dice),
            Self::Identity => turn_identity(folder, dice),
            Self::BackupToo(worse) => {
                harm_backup(folder, dice)?;
                match worse {
                    Worse::Flips => flip(&database, usize::MAX, dice),
                    Worse::Zeros => fill_page(&database, false, dice),
                    Worse::Missing => fs::remove_file(&database),
                }
            }
            Self::Forged if dice.bool() => forge(&database, dice),
            Self::Forged => scratch_audit(&database, dice),
            Self::Newer => change(
                &database,
                "UPDATE meta SET version = 99; PRAGMA user_version = 99;
                 PRAGMA wal_checkpoint(TRUNCATE);",
            ),
        }
    }
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
    let mut bytes = fs::read(path)?;
    change(&mut bytes);
    fs::write(path, bytes)
}

fn flip(path: &Path, within: usize, dice: &mut Rng) -> io::Result<()> {
    edit(path, |bytes| {
        for _ in 0..dice.usize(1..=8) {
            let at = dice.usize(..bytes.len().min(within));
            bytes[at] ^= 1 << dice.u8(..8);
        }
    })
}

/// Changes a letter in a row or a line: the JSON stays one.
fn scratch(database: &Path, dice: &mut Rng) -> io::Result<()> {
    let places =
        [b"\"note\":\"".as_slice(), b"\"environment\":\"", b"\"message\":\"", b"\"status\":\""];
    let before = places[dice.usize(..places.len())];
    edit(database, |bytes| {
        let found = bytes.windows(before.len() + 1).enumerate();
        let letters = found
            .filter(|(_, it)| it.starts_with(before) && it[before.len()].is_ascii_alphabetic())
            .map(|(at, _)| at + before.len());
        if let Some(at) = dice.choice(letters.collect::<Vec<_>>()) {
            bytes[at] ^= 1;
        }
    })
}

/// What is left is no text any more.
fn scratch_audit(database: &Path, dice: &mut Rng) -> io::Result<()> {
    edit(database, |bytes| {
        let deeds = bytes.windows(7).enumerate().filter(|(_, it)| *it == b"\"did\":\"");
        if let Some((at, _)) = dice.choice(deeds.collect::<Vec<_>>()) {
            bytes[at + 7] |= 0x80;
        }
    })
}

fn lose_a_row(database: &Path, dice: &mut Rng) -> io::Result<()> {
    // Leaves of tables and of indexes, which a table without row numbers is.
    const LEAVES: [u8; 2] = [0x0d, 0x0a];
    edit(database, |bytes| {
        let pages = (PAGE..bytes.len()).step_by(PAGE);
        let leaves = pages.filter(|at| LEAVES.contains(&bytes[*at]) && bytes[at + 4] > 1);
        if let Some(at) = dice.choice(leaves.collect::<Vec<_>>()) {
            bytes[at + 4] -= 1;
        }
    })
}

fn turn_identity(folder: &Path, dice: &mut Rng) -> io::Result<()> {
    let identity = fs::read(folder.join("lock"))?;
    let name = if dice.bool() { "lock" } else { DATABASE };
    edit(&folder.join(name), |bytes| {
        let at = bytes.windows(identity.len()).position(|it| it == identity);
        for _ in 0..dice.usize(1..=4) {
            let digit = dice.usize(..identity.len());
            if let Some(at) = at {
                bytes[at + digit] ^= 1 << dice.u8(..8);
            }
        }
    })
}

fn fill_page(path: &Path, garbage: bool, dice: &mut Rng) -> io::Result<()> {
    edit(path, |bytes| {
        let at = dice.usize(..bytes.len() / PAGE) * PAGE;
        let page = &mut bytes[at..at + PAGE];
        if garbage { dice.fill(page) } else { page.fill(0) }
    })
}

fn cut(path: &Path, dice: &mut Rng) -> io::Result<()> {
    edit(path, |bytes| bytes.truncate(dice.usize(..bytes.len())))
}

fn put(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(drop)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Somebody else's journal, with a log.
fn foreign(bases: &Bases) -> PathBuf {
    bases.stranger().folder.clone()
}

fn harm_backup(folder: &Path, dice: &mut Rng) -> io::Result<()> {
    let Ok(backups) = fs::read_dir(folder.join("backups")) else { return Ok(()) };
    for backup in backups.flatten() {
        match dice.u8(..3) {
            0 => flip(&backup.path(), usize::MAX, dice)?,
            1 => fill_page(&backup.path(), true, dice)?,
            _ => cut(&backup.path(), dice)?,
        }
    }
    Ok(())
}

/// What protects the audit is put back afterwards.
fn forge(database: &Path, dice: &mut Rng) -> io::Result<()> {
    let nth = dice.u32(..20);
    change(
        database,
        &format!(
            "DROP TRIGGER audit_stands;
             UPDATE audit SET body = replace(body, 'maria', 'peter')
                 WHERE seq = (SELECT seq FROM audit LIMIT 1 OFFSET {nth});
             CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
                 BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
             PRAGMA wal_checkpoint(TRUNCATE);"
        ),
    )
}

fn change(database: &Path, statements: &str) -> io::Result<()> {
    let change = || Connection::open(database)?.execute_batch(statements);
    change().map_err(io::Error::other)
}
