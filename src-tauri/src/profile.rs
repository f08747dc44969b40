//! The web view's own folder: what the engine writes down of the page lives as long as the console.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

const PREFIX: &str = "enrollment-console-web-";
/// Held by the console whose folder it is.
const LOCK: &str = "lock";
/// A folder without a lock is one that was just made, or one that was cut off as it was made.
const YOUNG: Duration = Duration::from_secs(600);
/// The engine's processes end a little later than the window, and write until then.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(50);

/// A folder for one run of the console, for this user alone.
///
/// Not the engine's private mode: that shuts out who drives the window from outside, and the test
/// of the real window would be one of another window.
#[derive(Debug)]
pub struct Profile {
    folder: TempDir,
    _lock: File,
}

impl Profile {
    /// Makes a folder, and deletes those that killed consoles have left behind.
    ///
    /// # Errors
    /// Where no private folder can be made.
    pub fn make() -> io::Result<Self> {
        Self::make_in(&place())
    }

    fn make_in(place: &Path) -> io::Result<Self> {
        loop {
            let folder = private_folder(place)?;
            let path = folder.path().join(LOCK);
            let lock = File::create_new(&path)?;
            // Somebody who clears away may have been faster; then this one is theirs.
            if lock.try_lock().is_ok() && path.exists() {
                clear_away(place, folder.path());
                return Ok(Self { folder, _lock: lock });
            }
        }
    }

    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Deletes the folder. What cannot be deleted now is deleted at the next start.
    pub fn end(self) {
        for _ in 0..TRIES {
            if matches!(fs::remove_dir_all(self.folder.path()), Err(e) if !is_gone(&e)) {
                std::thread::sleep(BETWEEN);
            } else {
                break;
            }
        }
    }
}

fn private_folder(place: &Path) -> io::Result<TempDir> {
    let mut folder = tempfile::Builder::new();
    folder.prefix(PREFIX);
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    folder.tempdir_in(place)
}

/// In memory where the system has such a place for its users, or else where temporary files go.
fn place() -> PathBuf {
    let runtime = directories::BaseDirs::new().and_then(|it| it.runtime_dir().map(Path::to_owned));
    runtime.filter(|path| path.is_dir()).unwrap_or_else(std::env::temp_dir)
}

/// Deletes what nobody uses any more. What cannot be deleted stays: the console starts all the same.
fn clear_away(place: &Path, own: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_one = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_one && path != own && is_ours(&path, own) && is_left_over(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// In a place that users share, the folders of others are theirs.
#[cfg(unix)]
fn is_ours(path: &Path, own: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_dir);
    owner(path).zip(owner(own)).is_some_and(|(it, own)| it.uid() == own.uid())
}

#[cfg(not(unix))]
fn is_ours(path: &Path, _: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_dir())
}

fn is_left_over(path: &Path) -> bool {
    match File::open(path.join(LOCK)) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        Err(error) if is_gone(&error) => fs::metadata(path)
            .and_then(|it| it.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > YOUNG)),
        Err(_) => false,
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_private_and_gone_afterwards() {
        let place = tempfile::tempdir().expect("a folder");
        let profile = Profile::make_in(place.path()).expect("made");
        let path = profile.path();
        fs::create_dir_all(path.join("storage/deeper")).expect("a folder");
        fs::write(path.join("storage/deeper/x"), "x").expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o700);
        }
        profile.end();
        assert!(!path.exists());
        assert_eq!(fs::read_dir(place.path()).expect("there").count(), 0);
    }

    #[test]
    fn what_a_killed_console_left_goes_at_the_next_start_and_that_of_a_running_one_stays() {
        let place = tempfile::tempdir().expect("a folder");
        let running = Profile::make_in(place.path()).expect("made");
        let killed = place.path().join(format!("{PREFIX}killed"));
        fs::create_dir(&killed).expect("a folder");
        fs::write(killed.join(LOCK), "").expect("written");
        let just_made = place.path().join(format!("{PREFIX}young"));
        fs::create_dir(&just_made).expect("a folder");
        let somebody_else = place.path().join("somebody-else");
        fs::create_dir(&somebody_else).expect("a folder");

        let next = Profile::make_in(place.path()).expect("made");
        assert!(!killed.exists(), "left over");
        for stays in [&running.path(), &next.path(), &just_made, &somebody_else] {
            assert!(stays.exists(), "{}", stays.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_somebody_laid_in_the_way_is_not_followed() {
        let place = tempfile::tempdir().expect("a folder");
        let elsewhere = tempfile::tempdir().expect("a folder");
        fs::write(elsewhere.path().join(LOCK), "").expect("written");
        let link = place.path().join(format!("{PREFIX}link"));
        std::os::unix::fs::symlink(elsewhere.path(), &link).expect("a link");
        drop(Profile::make_in(place.path()).expect("made"));
        assert!(elsewhere.path().join(LOCK).exists());
    }
}
