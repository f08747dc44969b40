//! Opens a journal, reads all of it in every way there is, and closes it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Entry, Key},
    journal::{Chain, Counts, ReadError, Reader},
};

use crate::{
    book::{Book, Held},
    stage::{PATIENCE, Stage},
};

/// The list must be there again within so long.
pub const RESTART: Duration = Duration::from_secs(2);

/// Opens a journal that nothing is wrong with. Gives what is in it, and how long the list took.
pub fn at_whole(path: &Path) -> Held<(Book, Duration)> {
    at_stage(path, Stage::open(path)?)
}

/// The same of a journal that is being opened.
pub fn at_stage(path: &Path, mut stage: Stage) -> Held<(Book, Duration)> {
    let took = stage.restored()?;
    let (book, counts) = whole(path)?;
    if (counts.lost_enrollments, counts.lost_lines) != (0, 0) {
        return Err(format!("gaps: {counts:?}"));
    }
    shown(&mut stage, &book)?;
    stage.pump();
    let told = stage.brief();
    if stage.salvaged().is_some() {
        return Err(format!("it was taken for damaged: {told:?}"));
    }
    if !stage.close()? {
        return Err(format!("it closes with something unsaved; told: {told:?}"));
    }
    nothing_aside(path)?;
    Ok((book, took))
}

/// What the window shows is what is kept: the list, and each timeline.
pub fn shown(stage: &mut Stage, book: &Book) -> Held {
    let list: Vec<_> = stage.list().unwrap_or_default().to_vec();
    if list.iter().collect::<Vec<_>>() != book.list() {
        return Err("the list is not what the journal holds".to_owned());
    }
    for kept in &list {
        let lines = stage.timeline(kept.key)?;
        if !lines.iter().eq(book.timeline(kept.key)) {
            return Err(format!("the timeline of {:?} is not what is kept", kept.key));
        }
    }
    Ok(())
}

/// All that a reader beside the console finds in a journal that must be whole.
pub fn whole(path: &Path) -> Held<(Book, Counts)> {
    let reader = Reader::open(path).map_err(|error| format!("a reader: {error}"))?;
    let counts = reader.check().map_err(|error| format!("the check: {error}"))?;
    let book = read(&reader).map_err(|error| format!("a reader: {error}"))?;
    let lines = match reader.chain().map_err(|error| format!("the chain: {error}"))? {
        Chain::Whole { lines, .. } => lines,
        Chain::Broken { line, why } => return Err(format!("the audit at {}: {why}", line.seq)),
    };
    if usize::try_from(lines) != Ok(book.deeds.len()) {
        return Err(format!("a chain of {lines} lines and {} deeds", book.deeds.len()));
    }
    Ok((book, counts))
}

/// Rows, lines and those deeds that can be understood.
pub fn read(reader: &Reader) -> Result<Book, ReadError> {
    let rows = reader.enrollments()?.into_iter().map(|kept| (kept.key, kept)).collect();
    let mut book = Book { rows, ..Book::default() };
    reader.entries(|key: Key, entry: Entry| {
        book.lines.insert((key, entry.seq), entry);
        Ok::<_, ReadError>(())
    })?;
    book.deeds = reader.deeds()?.into_iter().filter_map(|line| line.deed.ok()).collect();
    Ok(book)
}

/// The folders of damaged journals.
pub fn set_aside(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let is_aside = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("damaged-"))
    };
    entries.flatten().map(|entry| entry.path()).filter(is_aside).collect()
}

pub fn nothing_aside(path: &Path) -> Held {
    let aside = set_aside(path);
    if aside.is_empty() { Ok(()) } else { Err(format!("moved aside: {aside:?}")) }
}

/// Waits for a backup that was begun before a journal was closed. Another process would write one
/// of its own; this one would write the same twice.
pub fn backup_is_made(path: &Path) -> Held {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let entries = fs::read_dir(path.join("backups")).into_iter().flatten().flatten();
        if !entries.map(|it| it.path()).any(|it| it.extension().is_some_and(|it| it == "part")) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err("a backup is never made".to_owned())
}

/// Copies a journal's folder that nobody has open.
pub fn copy(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if !target.to_string_lossy().ends_with("-shm") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A place for a round, and the journal's folder in it, which is not there yet.
pub fn place() -> Held<(tempfile::TempDir, PathBuf)> {
    let place = tempfile::tempdir().map_err(|error| format!("no place: {error}"))?;
    let folder = place.path().join("journal");
    Ok((place, folder))
}

/// A copy of a journal, in a place of its own.
pub fn placed(from: &Path) -> Held<(tempfile::TempDir, PathBuf)> {
    let (place, folder) = place()?;
    copy(from, &folder).map_err(|error| format!("no copy: {error}"))?;
    Ok((place, folder))
}
