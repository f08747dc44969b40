//! A damaged journal is moved aside, and never deleted.

use std::{
    fs,
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::folder::{DATABASE, SIDES, private_folder, sync_folder, touch_private};

const PREFIX: &str = "damaged-";
/// Stands in a folder from which everything was taken that could be.
const DONE: &str = "salvaged";

/// Moves the journal into a folder with the time in its name. Where it is gone already, the folder
/// that an earlier attempt began with; `None` where there is none.
pub(super) fn move_journal(folder: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let begun = (!folder.join(DATABASE).exists()).then(|| unfinished(folder)).flatten();
    let here: Vec<&str> = SIDES.into_iter().filter(|name| folder.join(name).exists()).collect();
    if here.is_empty() {
        return Ok(begun);
    }
    let aside = match begun {
        Some(aside) => aside,
        None => new_folder(folder, now)?,
    };
    for name in here {
        fs::rename(folder.join(name), aside.join(name))?;
    }
    sync_folder(&aside)?;
    sync_folder(folder)?;
    Ok(Some(aside))
}

/// Notes that nothing more is to be had from it, and what came of it.
pub(super) fn is_done(aside: &Path, figures: &str) -> io::Result<()> {
    touch_private(&aside.join(DONE))?;
    fs::write(aside.join(DONE), figures)?;
    sync_folder(aside)
}

/// Copies what was moved aside to a place where it may be changed: opening it already does. The
/// log is left out where it belongs to another database.
pub(super) fn working_copy(aside: &Path, with_log: bool, into: &Path) -> io::Result<PathBuf> {
    clear(into)?;
    private_folder(into)?;
    for name in SIDES.into_iter().take(if with_log { 2 } else { 1 }) {
        if aside.join(name).exists() {
            fs::copy(aside.join(name), into.join(name))?;
        }
    }
    Ok(into.join(DATABASE))
}

pub(super) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes the header of the file anew: without it nothing of a database can be read, and all that
/// matters in it is known (<https://www.sqlite.org/fileformat.html>, 1.3).
pub(super) fn mend_header(database: &Path, version: u32, application: i32) -> io::Result<()> {
    let mut header = [0_u8; 100];
    header[..16].copy_from_slice(b"SQLite format 3\0");
    header[16..18].copy_from_slice(&4_096_u16.to_be_bytes());
    // Written by way of a log.
    header[18..20].copy_from_slice(&[2, 2]);
    header[21..24].copy_from_slice(&[64, 32, 32]);
    // Unlike the counter at 92: so the number of pages is that of the file.
    header[24..28].copy_from_slice(&1_u32.to_be_bytes());
    // The format of the tables, UTF-8, and whose they are.
    header[44..48].copy_from_slice(&4_u32.to_be_bytes());
    header[56..60].copy_from_slice(&1_u32.to_be_bytes());
    header[60..64].copy_from_slice(&version.to_be_bytes());
    header[68..72].copy_from_slice(&application.to_be_bytes());
    let mut file = fs::OpenOptions::new().write(true).open(database)?;
    file.rewind()?;
    file.write_all(&header)
}

fn unfinished(folder: &Path) -> Option<PathBuf> {
    let all = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    all.filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(PREFIX) && !path.join(DONE).exists()
    })
    .max()
}

fn new_folder(folder: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stamp = now.strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
    let mut name = format!("{PREFIX}{stamp}");
    let mut more = 1;
    loop {
        let path = folder.join(&name);
        match private_folder(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                more += 1;
                name = format!("{PREFIX}{stamp}-{more}");
            }
            Err(error) => return Err(error),
        }
    }
}
