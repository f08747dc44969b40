//! A journal is damaged while nobody has it, and opened.

mod harm;
mod judge;

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::Key,
    journal::{Batch, Health, ReadError, Reader},
};
use fastrand::Rng;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use crate::{
    author::{self, Author, Shape},
    bases::{Base, Bases, backup_of},
    book::{Book, Held},
    look,
    rounds::Outcome,
    stage::{PATIENCE, Stage},
};
use harm::Harm;
use judge::Verdict;

/// The files of a journal, as they were found.
pub struct Found {
    pub database: Option<Vec<u8>>,
    pub log: Option<Vec<u8>>,
}

impl Found {
    fn at(folder: &Path) -> Self {
        let read = |name: &str| fs::read(folder.join(name)).ok();
        let log = read("journal.db-wal").filter(|log| !log.is_empty());
        Self { database: read("journal.db"), log }
    }
}

pub fn play(seed: u64, bases: &Bases) -> Held<Outcome> {
    let mut dice = Rng::with_seed(seed);
    let harm = Harm::draw(seed);
    let base = match dice.u8(..10) {
        _ if harm.needs_log() => bases.crashed(),
        0..4 => bases.closed(),
        4..7 => bases.crashed(),
        _ => bases.bare(),
    };
    let (_place, folder) = look::placed(&base.folder)?;
    let what = harm.to_string();
    harm.inflict(&folder, bases, &mut dice).map_err(|error| format!("{what}: {error}"))?;
    let found = Found::at(&folder);
    let opened = if harm == Harm::Newer {
        newer(base, &folder, &found)
    } else {
        open(base, &folder, &found, harm)
    };
    let (verdict, restart) =
        opened.map_err(|wrong| format!("{what}, {}: {wrong}", kind_of(base)))?;
    Ok(Outcome { counts: vec![(what, verdict.to_string())], restart })
}

fn kind_of(base: &Base) -> &'static str {
    match (base.has_log(), base.folder.join("backups").exists()) {
        (true, _) => "with a log and a backup",
        (false, true) => "with a backup",
        (false, false) => "without a backup",
    }
}

/// Opens it, reads everything, waits for the check and the backup, goes on, and opens it again.
fn open(base: &Base, folder: &Path, found: &Found, harm: Harm) -> Held<(Verdict, Duration)> {
    let mut stage = Stage::open(folder)?;
    let restart = stage.restored()?;
    let past = judge::Past::of(base);
    past.shows_only_what_was_written(&mut stage)?;
    let book = settled(&mut stage, folder)?;
    let verdict = past.judge(&stage, folder, &book, found, harm)?;
    goes_on(stage, folder, &book)?;
    Ok((verdict, restart))
}

/// Waits until all that runs beside the list has had its say. What a reader finds then.
fn settled(stage: &mut Stage, folder: &Path) -> Held<Book> {
    let end = Instant::now() + PATIENCE;
    let backup = backup_of(folder, Timestamp::now());
    loop {
        stage.pump();
        let is_empty = stage.list().is_some_and(<[_]>::is_empty);
        let well = stage.health() == Some(Health::Well);
        let looked_at = stage.salvaged().is_some() || backup.exists() || is_empty;
        let read = Reader::open(folder).and_then(|reader| {
            reader.check()?;
            look::read(&reader)
        });
        let wrong = match read {
            Ok(book) if looked_at && well => return Ok(book),
            Ok(_) | Err(ReadError::Missing(_)) => None,
            Err(error) => Some(error.to_string()),
        };
        if Instant::now() >= end {
            let told = stage.brief();
            return Err(format!("it never settles: {wrong:?}; told: {told:?}"));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// It still takes what is handed over, forgets whom it is told to, and is whole for the next
/// console.
fn goes_on(mut stage: Stage, folder: &Path, book: &Book) -> Held {
    let mut author = Author::after(7, book);
    let mut batch = author.batch(&Shape { deletions: 0, newcomers: 1, ..Shape::default() });
    let row = book.rows.values().next();
    batch.deleted = row.map(|row| (row.key, author::forgotten(row))).into_iter().collect();
    let forgotten = row.map(|row| row.key);
    let notices = look::set_aside(folder).len();
    stage.keep(batch.clone());
    stage.until("saving", PATIENCE, |it| it.saved() == batch.number)?;
    if let Some(key) = forgotten {
        stage.until("forgetting", PATIENCE, |_| backups_forgot(folder, key))?;
    }
    if !stage.close()? {
        return Err("it closes with something unsaved".to_owned());
    }
    let mut stage = Stage::opened(folder)?;
    let found = read_again(folder)?;
    look::shown(&mut stage, &found)?;
    let ours = book.with(&[batch]);
    if found != ours {
        return Err(format!("opened again: {}", ours.difference(&found)));
    }
    stage.close()?;
    if look::set_aside(folder).len() > notices {
        return Err("opened again it was damaged again".to_owned());
    }
    Ok(())
}

/// Whoever is forgotten is in no backup, nor in one that nobody can read.
fn backups_forgot(folder: &Path, key: Key) -> bool {
    let Ok(backups) = fs::read_dir(folder.join("backups")) else { return true };
    let finished = backups.flatten().map(|it| it.path());
    finished.filter(|path| path.extension().is_some_and(|it| it == "db")).all(|path| {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let count = "SELECT count(*) FROM enrollment WHERE key = ?1";
        let knows = Connection::open_with_flags(&path, flags)
            .and_then(|db| db.query_row(count, [key.0], |row| row.get::<_, u32>(0)));
        knows == Ok(0)
    })
}

fn read_again(folder: &Path) -> Held<Book> {
    let reader = Reader::open(folder).map_err(|error| format!("opened again: {error}"))?;
    reader.check().map_err(|error| format!("opened again: {error}"))?;
    look::read(&reader).map_err(|error| format!("opened again: {error}"))
}

/// A newer console's journal is shown and left alone.
fn newer(base: &Base, folder: &Path, found: &Found) -> Held<(Verdict, Duration)> {
    let mut stage = Stage::open(folder)?;
    let restart = stage.restored()?;
    if stage.health() != Some(Health::Newer) {
        return Err(format!("told is {:?}", stage.brief()));
    }
    look::shown(&mut stage, &base.book())?;
    stage.keep(Batch { number: 1, ..Author::new(5).batch(&Shape::default()) });
    stage.during(Duration::from_millis(120), |_| {});
    if stage.saved() > 0 {
        return Err("something was saved".to_owned());
    }
    stage.idles()?;
    stage.close()?;
    let now = Found::at(folder);
    if now.database != found.database || now.log != found.log {
        return Err("its files were changed".to_owned());
    }
    look::nothing_aside(folder)?;
    Ok((Verdict::Newer, restart))
}
