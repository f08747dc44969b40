//! A disk under `SQLite` that fails on demand and loses power. For tests only.
//!
//! [`install`] puts a layer between `SQLite` and the platform's files, for the whole process.
//! Nothing else has to know of it: every connection opened afterwards goes through it, and files
//! that no fault and no recording is about are passed on untouched.
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! # let folder = std::path::Path::new("/tmp/journal");
//! use enrollment_faulty_disk::{Fault, install};
//!
//! let disk = install();
//! let full = disk.inject(folder, Fault::Full.after(3))?;
//! // The fourth write fails, and all that follow…
//! drop(full); // …until here.
//!
//! let recording = disk.record(folder)?;
//! // What happens here can be cut off by a power loss at any point of it.
//! recording.mark(7);
//! let survived = recording.power_loss(42, recording.len(), &folder.join("after"))?;
//! assert_eq!(survived.marks, [7]);
//! # Ok(())
//! # }
//! ```
//!
//! Only what goes through `SQLite` is seen. A file that got there by other means belongs to a
//! recording as `SQLite` finds it when it first opens it: what is in it by then counts as safe, its
//! name does not. One that is renamed, copied or written by other means later stays as it was. The
//! shared memory (`-shm`) is no part of a recording: it never outlives a power loss.

mod faults;
mod file;
mod power;
mod recording;
mod vfs;

use std::io;
use std::path::{Path, PathBuf};

pub use faults::{Fault, Injected, Plan};
pub use recording::{Recording, Survived};

/// What all connections of the process go through.
static STATE: State = State { faults: faults::Faults::new(), tapes: recording::Tapes::new() };

struct State {
    faults: faults::Faults,
    tapes: recording::Tapes,
}

/// The disk as a test sees it. There is one, however often it is installed.
#[derive(Clone, Copy, Debug)]
pub struct Disk(());

/// Puts the disk under every connection that this process opens from now on.
///
/// # Panics
/// When `SQLite` does not take it, which means that it has no files of its own either.
#[must_use]
pub fn install() -> Disk {
    vfs::register();
    Disk(())
}

impl Disk {
    /// Switches a fault on for one file, or for all files in a folder and below it. Connections
    /// that are open meet it too. It is switched off when the answer is dropped.
    ///
    /// # Errors
    /// When there is no such folder (a file need not be there yet).
    pub fn inject(self, place: &Path, plan: impl Into<Plan>) -> io::Result<Injected> {
        Ok(STATE.faults.inject(resolved(place)?, plan.into()))
    }

    /// Records what `SQLite` does to the files of a folder from now on. What is there already
    /// counts as safely on the disk.
    ///
    /// # Errors
    /// When the folder cannot be read, or a connection holds one of its files open: what that one
    /// has not synced yet would count as safe.
    pub fn record(self, folder: &Path) -> io::Result<Recording> {
        STATE.tapes.record(resolved(folder)?)
    }
}

/// The path as `SQLite` will name it, without symbolic links.
fn resolved(place: &Path) -> io::Result<PathBuf> {
    match (place.canonicalize(), place.parent(), place.file_name()) {
        (Err(_), Some(parent), Some(name)) => Ok(parent.canonicalize()?.join(name)),
        (found, ..) => found,
    }
}
