//! Journals to begin a round with. Each is written once, by the journal itself.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use enrollment_core::journal::Batch;
use enrollment_faulty_disk::{Recording, install};
use jiff::{Timestamp, ToSpan as _};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{
    author::{Author, Shape},
    book::{Book, Held},
    look,
    stage::{PATIENCE, Stage},
};

/// A journal's folder, and how it came to be.
pub struct Base {
    _place: TempDir,
    pub folder: PathBuf,
    pub batches: Vec<Batch>,
    /// So many of the batches are in the database itself for sure.
    pub settled: usize,
}

impl Base {
    pub fn book(&self) -> Book {
        Book::default().with(&self.batches)
    }

    pub fn has_log(&self) -> bool {
        self.settled < self.batches.len()
    }
}

#[derive(Default)]
pub struct Bases {
    closed: OnceLock<Base>,
    crashed: OnceLock<Base>,
    older: OnceLock<Base>,
    bare: OnceLock<Base>,
    large: OnceLock<Base>,
    stranger: OnceLock<Base>,
}

impl Bases {
    /// Closed as it should be; a backup of yesterday knows half of it.
    pub fn closed(&self) -> &Base {
        self.closed.get_or_init(|| begun(1, true).expect("a journal is written"))
    }

    /// The same, with what came last in its log: the console that had it crashed.
    pub fn crashed(&self) -> &Base {
        self.crashed.get_or_init(|| crashed(self.closed()).expect("a journal is written"))
    }

    /// The tables are those of the first version.
    pub fn older(&self) -> &Base {
        self.older.get_or_init(|| older(self.closed()).expect("a journal is written"))
    }

    /// Without any backup.
    pub fn bare(&self) -> &Base {
        self.bare.get_or_init(|| begun(2, false).expect("a journal is written"))
    }

    /// Another console's, with a log.
    pub fn stranger(&self) -> &Base {
        self.stranger.get_or_init(|| {
            let other = begun(5, false).expect("a journal is written");
            crashed(&other).expect("a journal is written")
        })
    }

    /// More than what SQLite keeps in memory.
    pub fn large(&self) -> &Base {
        self.large.get_or_init(|| large().expect("a journal is written"))
    }
}

/// A journal as it is closed, and with it the batches in it.
fn written(folder: &Path, batches: &[Batch]) -> Held {
    let mut stage = Stage::opened(folder)?;
    // More than a few at once may find no room.
    for some in batches.chunks(4) {
        for batch in some {
            stage.keep(batch.clone());
        }
        let newest = some.last().map_or(0, |batch| batch.number);
        stage.until("saving", PATIENCE, |it| it.saved() == newest)?;
    }
    stage.close().map(drop)
}

fn begun(seed: u64, has_backup: bool) -> Held<Base> {
    let (place, folder) = look::place()?;
    let shape = Shape { rows: 3..=8, lines: 1..=5, newcomers: 4, deletions: 0 };
    let mut author = Author::new(seed);
    let mut batches = author.batches(16, &shape);
    written(&folder, &batches)?;
    let backup = backup_of(&folder, Timestamp::now());
    // The first opening of a journal that holds something makes it.
    let mut stage = Stage::opened(&folder)?;
    stage.until("a backup", PATIENCE, |_| backup.exists())?;
    stage.close()?;
    move_to_yesterday(&backup)?;
    let later = author.batches(24, &Shape { deletions: 4, ..shape });
    written(&folder, &later)?;
    batches.extend(later);
    drop_backups(&folder, !has_backup, &backup)?;
    Ok(Base { _place: place, folder, settled: batches.len(), batches })
}

pub fn backup_of(folder: &Path, now: Timestamp) -> PathBuf {
    folder.join("backups").join(now.strftime("day-%Y-%m-%d.db").to_string())
}

fn move_to_yesterday(backup: &Path) -> Held {
    let yesterday = Timestamp::now() - 24.hours();
    let journal = backup.parent().and_then(Path::parent).ok_or("a backup stands in a folder")?;
    fs::rename(backup, backup_of(journal, yesterday)).map_err(|error| error.to_string())
}

/// The second opening may have made today's backup as well.
fn drop_backups(folder: &Path, all: bool, today: &Path) -> Held {
    // One that is being made as the journal closes is finished first.
    let end = std::time::Instant::now() + Duration::from_secs(5);
    while !today.exists() && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
    }
    let dropped =
        if all { fs::remove_dir_all(folder.join("backups")) } else { fs::remove_file(today) };
    dropped.map_err(|error| format!("dropping backups: {error}"))
}

fn crashed(closed: &Base) -> Held<Base> {
    let (place, folder) = look::placed(&closed.folder)?;
    let recording = record(&folder)?;
    // Deletions would empty the log.
    let shape = Shape { rows: 2..=5, lines: 1..=3, newcomers: 6, deletions: 0 };
    let later = Author::after(3, &closed.book()).batches(8, &shape);
    let mut stage = Stage::opened(&folder)?;
    for batch in &later {
        let number = batch.number;
        stage.keep(batch.clone());
        stage.until("saving", PATIENCE, |it| it.saved() == number)?;
    }
    let after = place.path().join("crashed");
    recording.power_loss(1, recording.len(), &after).map_err(|error| error.to_string())?;
    stage.close()?;
    // What the recorded journal backed up meanwhile is not wanted.
    let _ = fs::remove_file(backup_of(&after, Timestamp::now()));
    let mut batches = closed.batches.clone();
    batches.extend(later);
    Ok(Base { _place: place, folder: after, settled: closed.batches.len(), batches })
}

pub fn record(folder: &Path) -> Held<Recording> {
    install().record(folder).map_err(|error| format!("recording: {error}"))
}

fn older(closed: &Base) -> Held<Base> {
    let (place, folder) = look::placed(&closed.folder)?;
    let back = || -> rusqlite::Result<()> {
        let db = Connection::open(folder.join("journal.db"))?;
        db.execute_batch(
            "DROP TABLE audit; DROP TABLE forgotten; UPDATE meta SET version = 1;
             PRAGMA user_version = 1;",
        )?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    };
    back().map_err(|error| format!("back to the first version: {error}"))?;
    let mut batches = closed.batches.clone();
    for batch in &mut batches {
        batch.deeds.clear();
    }
    Ok(Base { _place: place, folder, settled: batches.len(), batches })
}

fn large() -> Held<Base> {
    let (place, folder) = look::place()?;
    let shape = Shape { rows: 150..=200, lines: 3..=8, newcomers: 3, deletions: 0 };
    let batches = Author::new(4).batches(16, &shape);
    written(&folder, &batches)?;
    Ok(Base { _place: place, folder, settled: batches.len(), batches })
}
