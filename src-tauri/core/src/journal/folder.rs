//! The journal's folder: private, on a disk of this computer, and of one console at a time.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

/// What is kept, and beside it what SQLite keeps of it for a while.
pub(super) const DATABASE: &str = "journal.db";
pub(super) const SIDES: [&str; 3] = ["journal.db", "journal.db-wal", "journal.db-shm"];
const LOCK: &str = "lock";
pub(super) const BACKUPS: &str = "backups";
/// The length of a journal's identity, in hexadecimal digits.
const IDENTITY: usize = 32;

/// Why a folder cannot hold a journal.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{0}: another console is using this journal")]
    InUse(PathBuf),
    #[error("{0} is a symbolic link: a journal is kept in a folder of its own")]
    Link(PathBuf),
    #[error("{0} is on a network drive: a journal needs a disk of this computer")]
    Network(PathBuf),
    #[error("{path}: {error}")]
    Io { path: PathBuf, error: io::Error },
}

/// A folder that no other console can use for as long as this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Where the journal of this user is kept; `None` where the system names no such place.
    #[must_use]
    pub fn usual() -> Option<PathBuf> {
        let folders = directories::ProjectDirs::from("", "", "enrollment-console")?;
        Some(folders.data_local_dir().join("journal"))
    }

    /// Takes a folder, made where there is none, for this console alone.
    ///
    /// # Errors
    /// Where another console has it, or it is no private folder of this computer.
    pub fn claim(path: &Path) -> Result<Self, FolderError> {
        let failed = |error| FolderError::Io { path: path.to_owned(), error };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        refuse_link(path)?;
        if !path.exists() {
            match private_folder(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => other.map_err(failed)?,
            }
        }
        // Above it there may be links: a home may be anywhere. SQLite follows none.
        let path = path.canonicalize().map_err(failed)?;
        if on_network(&path).map_err(failed)? {
            return Err(FolderError::Network(path));
        }
        make_private(&path, 0o700).map_err(failed)?;
        let lock = lock(&path)?;
        for name in SIDES {
            let file = path.join(name);
            refuse_link(&file)?;
            if file.exists() {
                make_private(&file, 0o600).map_err(failed)?;
            }
        }
        let backups = path.join(BACKUPS);
        refuse_link(&backups)?;
        if backups.exists() {
            make_private(&backups, 0o700).map_err(failed)?;
        }
        Ok(Self { path, lock })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// The identity of the journal that is kept here; `None` before there was one.
    pub(super) fn identity(&mut self) -> io::Result<Option<String>> {
        let mut text = String::new();
        self.lock.rewind()?;
        // One that was torn as it was written was never relied on.
        if (&self.lock).take(1_024).read_to_string(&mut text).is_err() {
            return Ok(None);
        }
        let digits = text.trim_end();
        let whole = digits.len() == IDENTITY && digits.bytes().all(|b| b.is_ascii_hexdigit());
        Ok(whole.then(|| digits.to_owned()))
    }

    /// Notes which journal is kept here: from now on its absence is a loss.
    pub(super) fn set_identity(&mut self, identity: &str) -> io::Result<()> {
        self.lock.rewind()?;
        self.lock.set_len(0)?;
        self.lock.write_all(identity.as_bytes())?;
        self.lock.sync_all()?;
        sync_folder(&self.path)
    }
}

fn lock(folder: &Path) -> Result<File, FolderError> {
    let path = folder.join(LOCK);
    refuse_link(&path)?;
    let file = private_file(OpenOptions::new().read(true).write(true).create(true), &path)
        .map_err(|error| FolderError::Io { path: path.clone(), error })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(FolderError::Io { path, error }),
    }
}

fn refuse_link(path: &Path) -> Result<(), FolderError> {
    match fs::symlink_metadata(path) {
        Ok(it) if it.is_symlink() => Err(FolderError::Link(path.to_owned())),
        // What cannot be looked at cannot be opened either, which tells more.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Makes an empty file that only its owner can read, where there is none.
pub(super) fn touch_private(path: &Path) -> io::Result<()> {
    private_file(OpenOptions::new().write(true).create_new(true), path).map(drop)
}

/// Which file stands at a path, whatever its name.
#[cfg(unix)]
pub(super) type FileId = (u64, u64);

#[cfg(unix)]
pub(super) fn file_of(path: &Path) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path)?;
    Ok((found.dev(), found.ino()))
}

// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
pub(super) type FileId = ();

#[cfg(not(unix))]
pub(super) fn file_of(path: &Path) -> io::Result<FileId> {
    fs::metadata(path).map(drop)
}

/// Makes an entry of a folder last: a new name of a file, or its absence.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    DirBuilder::new().mode(0o700).create(path)
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600).open(path)
}

#[cfg(unix)]
fn make_private(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = fs::metadata(path)?.permissions().mode() & 0o777;
    // On a disk that is mounted read-only it may stay as it is, where it is private already.
    if found & !mode == 0 {
        Ok(())
    } else {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }
}

// Elsewhere the user's own data folder is private by what it inherits.
#[cfg(not(unix))]
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().create(path)
}

#[cfg(not(unix))]
fn private_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

#[cfg(not(unix))]
fn make_private(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Locks and the shared memory of SQLite's log do not work across a network.
#[cfg(target_os = "linux")]
fn on_network(path: &Path) -> io::Result<bool> {
    /// The kernel's magic numbers of NFS, SMB 1 to 3, AFS, Coda, Ceph, 9P and NCP (statfs(2)).
    const NETWORKS: [u32; 10] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x5346_414f,
        0x6b41_4653,
        0x7375_7245,
        0x00c3_6400,
        0x0102_1997,
        0x564c,
    ];
    let kind = rustix::fs::statfs(path)?.f_type;
    Ok(u32::try_from(kind & 0xffff_ffff).is_ok_and(|kind| NETWORKS.contains(&kind)))
}

#[cfg(windows)]
fn on_network(path: &Path) -> io::Result<bool> {
    use std::path::{Component, Prefix};
    // A share that has a letter looks like a disk here.
    Ok(matches!(path.components().next(), Some(Component::Prefix(prefix))
        if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))))
}

#[cfg(not(any(target_os = "linux", windows)))]
fn on_network(_: &Path) -> io::Result<bool> {
    Ok(false)
}
