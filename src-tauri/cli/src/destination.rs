//! Where an export goes: a new file, or standard output.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::exit::{Exit, Stop};

pub enum Destination {
    Output,
    /// Written beside and renamed in the end, so that nobody takes half of it for all of it.
    File {
        half: NamedTempFile,
        path: PathBuf,
    },
}

impl Destination {
    /// Sees to it that something can be written there; nothing is yet.
    ///
    /// # Errors
    /// Where the file is there already, or cannot be made.
    pub fn open(output: Option<&Path>) -> Result<Self, Stop> {
        let Some(path) = output else { return Ok(Self::Output) };
        if fs::symlink_metadata(path).is_ok() {
            return Err(taken(path));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        // For its owner alone, as these files are.
        let half = tempfile::Builder::new()
            .prefix(".export-")
            .suffix(".part")
            .tempfile_in(parent.unwrap_or(Path::new(".")))
            .map_err(|error| {
                // Its own words name the half.
                let why = io::Error::from(error.kind());
                Stop::bad_argument(format!("--output: {}: {why}", path.display()))
            })?;
        Ok(Self::File { half, path: path.to_owned() })
    }

    pub fn writer(&mut self) -> Box<dyn Write + '_> {
        match self {
            Self::Output => Box::new(io::stdout().lock()),
            Self::File { half, .. } => Box::new(half.as_file_mut()),
        }
    }

    pub fn is_output(&self) -> bool {
        matches!(self, Self::Output)
    }

    /// What could not be written; an output that nobody reads any more is no fault.
    pub fn broke(&self, error: &io::Error) -> Option<Stop> {
        match self {
            Self::Output if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Output => Some(Stop::new(Exit::Interrupted, format!("standard output: {error}"))),
            Self::File { path, .. } => {
                Some(Stop::new(Exit::Unable, format!("--output: {}: {error}", path.display())))
            }
        }
    }

    /// All of it was written: from now on the file is there.
    ///
    /// # Errors
    /// Where it cannot be, or somebody else's is there meanwhile.
    pub fn finish(self) -> Result<(), Stop> {
        let Self::File { half, path } = self else { return Ok(()) };
        let failed = |error: &io::Error| {
            Stop::new(Exit::Unable, format!("--output: {}: {error}", path.display()))
        };
        half.as_file().sync_all().map_err(|error| failed(&error))?;
        match half.persist_noclobber(&path) {
            Ok(_) => Ok(()),
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(&path)),
            Err(e) => Err(failed(&e.error)),
        }
    }
}

fn taken(path: &Path) -> Stop {
    Stop::bad_argument(format!("--output: {} is there already", path.display()))
}
