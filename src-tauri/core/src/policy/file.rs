//! The policy's file: where it is, who may have written it, and what stands in it.

use std::{
    fmt,
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{Policy, parse::parse};
use crate::owned::{self, OwnedError, Trust};

/// More than thousands of environments take.
const LARGEST: u64 = 256 * 1024;

/// Where a managed policy is looked for, and who may have written it.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    path: PathBuf,
    trust: Trust,
}

/// Why a policy does not hold: its file, the line where it has one, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("managed policy {}: {why}", path.display())]
pub struct PolicyError {
    pub path: PathBuf,
    pub why: String,
}

impl PolicyFile {
    /// The machine's own: the administrator's, at the one place of each system. Nothing in a
    /// user's surroundings can name another one.
    #[must_use]
    pub fn usual() -> Self {
        Self { path: usual_path(), trust: owned::by_administrator }
    }

    /// A file that anybody may have written: a draft that is not in force, or a test's own.
    #[must_use]
    pub fn draft(path: &Path) -> Self {
        Self { path: path.to_owned(), trust: |_| Ok(()) }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the policy; `None` where there is none.
    ///
    /// What is checked is what is read: the file is opened once, and must be the one that stands at
    /// the end of a way on which the administrator alone can put anything.
    ///
    /// # Errors
    /// Where somebody else can write it, where it cannot be read, or breaks a rule.
    pub fn read(&self) -> Result<Option<Policy>, PolicyError> {
        self.read_as_it_is().map_err(|why| PolicyError { path: self.path.clone(), why })
    }

    fn read_as_it_is(&self) -> Result<Option<Policy>, String> {
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
            Ok(_) => {}
        }
        (self.trust)(&self.path).map_err(|error| self.named_once(&error))?;
        let file = File::open(&self.path).map_err(|error| error.to_string())?;
        let opened = file.metadata().map_err(|error| error.to_string())?;
        let named = fs::metadata(&self.path).map_err(|error| error.to_string())?;
        if !opened.is_file() {
            return Err("is not a file".to_owned());
        }
        if Stamp::of(&opened) != Stamp::of(&named) {
            return Err("was replaced while it was being read".to_owned());
        }
        let text = text(file)?;
        let rules = parse(&text, self.trust)?;
        Ok(Some(Policy { file: self.path.clone(), digest: digest(&text), rules }))
    }

    /// The file stands in front of every reason already; another place on the way to it does not.
    fn named_once(&self, error: &OwnedError) -> String {
        let told = error.to_string();
        let here = format!("{}: ", self.path.display());
        told.strip_prefix(&here).map(str::to_owned).unwrap_or(told)
    }

    /// What tells a changed file from the one that was read; `None` where there is none.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        fs::metadata(&self.path).ok().map(|found| Stamp::of(&found))
    }
}

fn text(file: File) -> Result<String, String> {
    let mut text = String::new();
    match file.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 > LARGEST => Err("is larger than 256 KiB".to_owned()),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err("is not UTF-8 text".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn digest(text: &str) -> String {
    use fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Which file it is, who may write it, and when it changed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<std::time::SystemTime>,
    #[cfg(unix)]
    place: (u64, u64, u32, u32, i64, i64),
}

impl Stamp {
    fn of(found: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            length: found.len(),
            modified: found.modified().ok(),
            #[cfg(unix)]
            place: (
                found.dev(),
                found.ino(),
                found.uid(),
                found.mode(),
                found.ctime(),
                found.ctime_nsec(),
            ),
        }
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn usual_path() -> PathBuf {
    "/etc/enrollment-console/policy.toml".into()
}

#[cfg(target_os = "macos")]
fn usual_path() -> PathBuf {
    "/Library/Application Support/Enrollment Console/policy.toml".into()
}

/// The folder is asked of the system: the variable that also names it is the user's to change.
#[cfg(windows)]
fn usual_path() -> PathBuf {
    known_folders::get_known_folder_path(known_folders::KnownFolder::ProgramData)
        .unwrap_or_else(|| r"C:\ProgramData".into())
        .join("Enrollment Console")
        .join("policy.toml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::owned::OwnedError;

    fn written(text: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        fs::write(&path, text).expect("written");
        (folder, path)
    }

    #[test]
    fn a_policy_is_read_with_its_digest_and_none_is_none() {
        let (folder, path) = written(b"keep-days = 7\n");
        let policy = PolicyFile::draft(&path).read().expect("good").expect("there");
        assert_eq!(policy.rules.keep_days.map(u16::from), Some(7));
        // As `sha256sum` says it.
        assert_eq!(
            policy.digest,
            "f5c00389119cb02e3bb15ecb1f7a32a594aa734287db6c9da5dc6cabb57ca075"
        );
        let none = PolicyFile::draft(&folder.path().join("none.toml"));
        assert!(none.read().expect("no trouble").is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_the_file_and_the_line() {
        for (bytes, why) in [
            (b"\nkeep-days = 0".as_slice(), "line 2"),
            (b"keep-days = \xff", "is not UTF-8 text"),
            (&vec![b'#'; 256 * 1024 + 1], "is larger than 256 KiB"),
        ] {
            let (_folder, path) = written(bytes);
            let error = PolicyFile::draft(&path).read().expect_err(why);
            let words = error.to_string();
            assert!(words.contains(&path.display().to_string()) && words.contains(why), "{words}");
        }
        let (folder, _) = written(b"");
        let error = PolicyFile::draft(folder.path()).read().expect_err("a folder");
        assert!(error.to_string().contains("is not a file"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_no_missing_policy() {
        let (folder, _) = written(b"");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink("gone.toml", &link).expect("a link");
        PolicyFile::draft(&link).read().expect_err("somebody meant a policy to be there");
    }

    #[test]
    fn what_somebody_else_may_have_written_is_not_read_at_all() {
        let (_folder, path) = written(b"this is no TOML");
        let distrusted = |path: &Path| Err(OwnedError::Writable(path.to_owned()));
        let file = PolicyFile { path: path.clone(), trust: distrusted };
        let error = file.read().expect_err("not the administrator's");
        assert_eq!(error.why, "can be written by others than its owner");
        let above = |path: &Path| Err(OwnedError::Writable(path.parent().expect("one").to_owned()));
        let folder = path.parent().expect("one").display().to_string();
        let error = PolicyFile { path, trust: above }.read().expect_err("nor is its folder");
        assert!(error.why.starts_with(&folder), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_machines_own_policy_is_the_administrators_wherever_its_user_points() {
        let usual = PolicyFile::usual();
        assert_eq!(usual.path(), Path::new("/etc/enrollment-console/policy.toml"));
        let (_folder, path) = written(b"keep-days = 7");
        let file = PolicyFile { path, ..usual };
        let error = file.read().expect_err("anybody can write below /tmp");
        assert!(error.why.contains("can be written by others"), "{error}");
    }
}
