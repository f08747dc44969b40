//! Files for somebody outside the console: a list, a shift, a bundle for support.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use enrollment_core::desk::view::Refused;
use jiff::ZonedDateTime;
use serde::Serialize;
use tauri::async_runtime;

/// What the file's name is tried with, where it is taken already.
const MOST_NAMES: u32 = 100;

/// Why a file could not be written. The window translates the code, and shows the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum HandoutProblem {
    /// The system names no folder of this user's.
    #[error("there is no folder to write to")]
    NoFolder,
    #[error("{why}")]
    NotWritten { why: String },
    #[error("there is nothing to write")]
    Nothing,
    #[error("it is more than a list can have")]
    TooLarge,
    #[error("{why}")]
    Refused { why: Refused },
}

/// Makes a file that was not there before in the user's downloads, for this user alone, and answers
/// where it is. `stem` is the beginning of its name, which goes on with day and time. What is in it
/// may take a while to be made.
///
/// # Errors
/// Where it cannot be made, there is no such folder, or that cannot be written to.
pub async fn hand_out(
    stem: &'static str,
    extension: &'static str,
    content: impl FnOnce() -> Result<Vec<u8>, HandoutProblem> + Send + 'static,
) -> Result<String, HandoutProblem> {
    let written = async_runtime::spawn_blocking(move || write(stem, extension, &content()?));
    let path = written.await.map_err(|error| HandoutProblem::not_written(&error))??;
    Ok(path.display().to_string())
}

impl From<Refused> for HandoutProblem {
    fn from(why: Refused) -> Self {
        Self::Refused { why }
    }
}

impl HandoutProblem {
    pub fn not_written(error: &impl ToString) -> Self {
        Self::NotWritten { why: error.to_string() }
    }
}

fn write(stem: &str, extension: &str, content: &[u8]) -> Result<PathBuf, HandoutProblem> {
    let folder = folder().ok_or(HandoutProblem::NoFolder)?;
    let name = format!("{stem}-{}", ZonedDateTime::now().strftime("%Y-%m-%d-%H%M"));
    write_in(&folder, &name, extension, content).map_err(|error| HandoutProblem::NotWritten {
        why: format!("{}: {error}", folder.display()),
    })
}

fn folder() -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    let places = [user.download_dir(), user.document_dir(), Some(user.home_dir())];
    places.into_iter().flatten().find(|place| place.is_dir()).map(Path::to_owned)
}

fn write_in(folder: &Path, name: &str, extension: &str, content: &[u8]) -> io::Result<PathBuf> {
    for nth in 1..=MOST_NAMES {
        let again = if nth == 1 { String::new() } else { format!("-{nth}") };
        let path = folder.join(format!("{name}{again}.{extension}"));
        match create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                let written = file.write_all(content).and_then(|()| file.sync_all());
                if written.is_err() {
                    // Half a file would pass for a whole one.
                    let _ = fs::remove_file(&path);
                }
                return written.map(|()| path);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_private_and_never_written_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = write_in(folder.path(), "list", "csv", b"one").expect("written");
        let second = write_in(folder.path(), "list", "csv", b"two").expect("written");
        assert_eq!(fs::read(&first).expect("there"), b"one");
        assert_eq!(fs::read(&second).expect("there"), b"two");
        assert!(second.ends_with("list-2.csv"), "{}", second.display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&first).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().expect("a folder").path().join("gone");
        let error = write_in(&folder, "list", "csv", b"one").expect_err("no folder");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
