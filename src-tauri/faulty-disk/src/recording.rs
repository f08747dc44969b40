//! What `SQLite` did to the files of a folder, in the order in which the disk was told.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{STATE, power};

/// The files of a folder and what is in them.
pub(crate) type Image = BTreeMap<PathBuf, Vec<u8>>;

/// One entry of the log. Files are named relative to the recorded folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// `bytes`: what other programs had put there before.
    Create {
        file: PathBuf,
        bytes: Vec<u8>,
    },
    Write {
        file: PathBuf,
        offset: usize,
        data: Vec<u8>,
    },
    Truncate {
        file: PathBuf,
        size: usize,
    },
    /// A sync that has come back. It is about what was done before it began; what came between
    /// may have been too late for it.
    Sync {
        file: PathBuf,
        began: usize,
        directory: bool,
    },
    /// A sync that failed.
    SyncFailed {
        file: PathBuf,
        began: usize,
    },
    Delete {
        file: PathBuf,
        directory: bool,
    },
    Mark(u64),
}

/// One recording as the file layer sees it.
pub(crate) struct Tape {
    folder: PathBuf,
    start: Image,
    log: Mutex<Vec<Event>>,
}

impl Tape {
    fn log(&self) -> MutexGuard<'_, Vec<Event>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is such a file, as far as is known here.
    fn has(&self, name: &Path) -> bool {
        let log = self.log();
        let newest = log.iter().rev().find_map(|event| match event {
            Event::Create { file, .. } => (file == name).then_some(true),
            Event::Delete { file, .. } => (file == name).then_some(false),
            Event::Write { .. }
            | Event::Truncate { .. }
            | Event::Sync { .. }
            | Event::SyncFailed { .. }
            | Event::Mark(_) => None,
        });
        newest.unwrap_or_else(|| self.start.contains_key(name))
    }
}

#[derive(Default)]
struct Running {
    tapes: Vec<Arc<Tape>>,
    open: Vec<PathBuf>,
}

pub(crate) struct Tapes {
    running: Mutex<Running>,
    entries: Mutex<()>,
}

impl Tapes {
    pub const fn new() -> Self {
        let running = Running { tapes: Vec::new(), open: Vec::new() };
        Self { running: Mutex::new(running), entries: Mutex::new(()) }
    }

    pub fn record(&self, folder: PathBuf) -> io::Result<Recording> {
        let mut running = self.running();
        if running.open.iter().any(|path| path.starts_with(&folder)) {
            return Err(io::Error::new(ErrorKind::ResourceBusy, "a file there is open"));
        }
        let mut start = Image::new();
        read_into(&mut start, &folder, Path::new(""))?;
        let tape = Arc::new(Tape { folder, start, log: Mutex::default() });
        running.tapes.push(Arc::clone(&tape));
        Ok(Recording { tape })
    }

    /// Held while a name comes or goes, so that the log has it in the order of the disk.
    pub fn entries(&self) -> MutexGuard<'_, ()> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn opened(&self, path: &Path) {
        self.running().open.push(path.to_path_buf());
    }

    pub fn closed(&self, path: &Path) {
        let mut running = self.running();
        if let Some(found) = running.open.iter().position(|open| open == path) {
            running.open.swap_remove(found);
        }
    }

    pub fn note(&self, path: &Path, event: impl Fn(PathBuf) -> Event) {
        for tape in self.about(path) {
            let file = relative(&tape, path);
            tape.log().push(event(file));
        }
    }

    /// A file is about to be opened. One that got there by other means than `SQLite` is taken as it
    /// is found.
    pub fn opening(&self, path: &Path) {
        for tape in self.about(path) {
            let file = relative(&tape, path);
            if tape.has(&file) {
                continue;
            }
            if let Ok(bytes) = fs::read(path) {
                tape.log().push(Event::Create { file, bytes });
            }
        }
    }

    /// A sync of the file begins.
    pub fn syncing(&self, path: &Path) -> Syncing {
        let tapes = self.about(path).into_iter();
        let begun = tapes.map(|tape| {
            let began = tape.log().len();
            (tape, began)
        });
        Syncing { path: path.to_path_buf(), begun: begun.collect() }
    }

    fn about(&self, path: &Path) -> Vec<Arc<Tape>> {
        let running = self.running();
        running.tapes.iter().filter(|tape| path.starts_with(&tape.folder)).cloned().collect()
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sync on its way.
pub(crate) struct Syncing {
    path: PathBuf,
    begun: Vec<(Arc<Tape>, usize)>,
}

impl Syncing {
    pub fn done(self, directory: bool) {
        self.end(|file, began| Event::Sync { file, began, directory });
    }

    pub fn failed(self) {
        self.end(|file, began| Event::SyncFailed { file, began });
    }

    fn end(self, event: impl Fn(PathBuf, usize) -> Event) {
        for (tape, began) in self.begun {
            let file = relative(&tape, &self.path);
            tape.log().push(event(file, began));
        }
    }
}

fn relative(tape: &Tape, path: &Path) -> PathBuf {
    path.strip_prefix(&tape.folder).unwrap_or(path).to_path_buf()
}

fn read_into(image: &mut Image, folder: &Path, below: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read_into(image, folder, &name)?;
        } else if !name.to_string_lossy().ends_with("-shm") {
            image.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// A recording, running for as long as this lives.
#[must_use = "the recording ends when this is dropped"]
pub struct Recording {
    tape: Arc<Tape>,
}

impl Recording {
    /// Adds a mark of the caller's to the log, as "this has been acknowledged".
    pub fn mark(&self, mark: u64) {
        self.tape.log().push(Event::Mark(mark));
    }

    /// How long the log is: the last position at which the power can be lost.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tape.log().len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills an empty or new folder with what may be found on the disk after the power was lost
    /// when the log was `at` long; it is never longer than [`len`](Self::len). The same seed always
    /// finds the same.
    ///
    /// # Errors
    /// When `into` is not empty or cannot be written, or when a file was changed that was never
    /// seen to be made.
    pub fn power_loss(&self, seed: u64, at: usize, into: &Path) -> io::Result<Survived> {
        fs::create_dir_all(into)?;
        if fs::read_dir(into)?.next().is_some() {
            return Err(io::Error::new(ErrorKind::DirectoryNotEmpty, "something is there already"));
        }
        let log = self.tape.log();
        let events = log.get(..at).unwrap_or(&log);
        let image = power::lost(&self.tape.start, events, &mut fastrand::Rng::with_seed(seed))
            .map_err(|file| io::Error::other(format!("{} was never made", file.display())))?;
        for (name, bytes) in image {
            let path = into.join(name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, bytes)?;
        }
        let marks = events.iter().filter_map(|event| match event {
            Event::Mark(mark) => Some(*mark),
            Event::Create { .. }
            | Event::Write { .. }
            | Event::Truncate { .. }
            | Event::Sync { .. }
            | Event::SyncFailed { .. }
            | Event::Delete { .. } => None,
        });
        Ok(Survived { marks: marks.collect() })
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        STATE.tapes.running().tapes.retain(|tape| !Arc::ptr_eq(tape, &self.tape));
    }
}

/// What was promised before the power was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survived {
    /// The marks set by then, in their order.
    pub marks: Vec<u64>,
}
