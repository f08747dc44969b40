//! The log on the disk: a file a day, the last fourteen of them, in a folder of this user's alone.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use tracing_appender::{
    non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};

use super::Line;

/// So many days are kept.
const DAYS: usize = 14;
/// So many lines wait for a slow disk; what comes then is dropped: nothing waits for the log.
const WAITING: usize = 1_000;

/// Where the log of this user's console is; `None` where the system names no such place.
#[must_use]
pub fn log_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "enrollment-console")?;
    Some(folders.data_local_dir().join("log"))
}

/// A log that is written to. What still waits is written when it is dropped.
#[derive(Debug)]
pub struct LogFile {
    lines: NonBlocking,
    _rest: WorkerGuard,
}

impl LogFile {
    /// Opens the log in a folder, which is made where there is none.
    ///
    /// # Errors
    /// Where it cannot be made or written to.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        #[cfg(unix)]
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let file = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("console")
            .filename_suffix("log")
            .max_log_files(DAYS)
            .build(folder)
            .map_err(io::Error::other)?;
        let (lines, rest) = NonBlockingBuilder::default()
            .buffered_lines_limit(WAITING)
            .lossy(true)
            .thread_name("log")
            .finish(file);
        Ok(Self { lines, _rest: rest })
    }

    /// Hands a line to the log's own thread.
    pub fn write(&mut self, line: &Line) {
        if let Ok(mut json) = serde_json::to_vec(line) {
            json.push(b'\n');
            // It never fails: what finds no room is dropped.
            let _ = self.lines.write_all(&json);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::support::What;

    #[test]
    fn what_was_written_is_there_in_a_private_folder_when_the_console_ends() {
        let folder = tempfile::tempdir().expect("a folder").path().join("log");
        let mut log = LogFile::open(&folder).expect("opened");
        for _ in 0..3 {
            log.write(&Line { at: Timestamp::UNIX_EPOCH, what: What::Ended });
        }
        drop(log);
        let files: Vec<_> = fs::read_dir(&folder).expect("there").flatten().collect();
        assert_eq!(files.len(), 1);
        let text = fs::read_to_string(files[0].path()).expect("text");
        assert_eq!(text, "{\"at\":\"1970-01-01T00:00:00Z\",\"what\":\"ended\"}\n".repeat(3));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&folder).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o700);
        }
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn days_that_are_too_old_go() {
        let folder = tempfile::tempdir().expect("a folder");
        for day in 1..=20 {
            let old = folder.path().join(format!("console.2020-01-{day:02}.log"));
            fs::write(old, "{}\n").expect("written");
        }
        drop(LogFile::open(folder.path()).expect("opened"));
        let left = fs::read_dir(folder.path()).expect("there").count();
        assert!(left <= DAYS, "{left}");
    }
}
