//! Running a token command.
//!
//! No shell reads it, nothing is written to it, and what it writes to its standard error is thrown
//! away: it may hold secrets. It gets ten seconds, and then it is killed with everything that it
//! started.

use std::{
    env, io,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;
use zeroize::Zeroizing;

use super::{AccessToken, TokenCommand, TokenError};
use crate::owned::{self, OwnedError};

/// How long a token command may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often somebody looks whether it has ended.
const LOOK: Duration = Duration::from_millis(20);
/// The longest token, and what may stand around it.
const MOST: usize = 16 * 1024 + 256;

/// What a token command finds in its environment, of what the console found in its own: who runs
/// it, which language and time zone they use, their session, and the way out of the network. What
/// decides which code runs (`PATH`, `LD_…`, `PYTHON…`) is not among it.
#[cfg(not(windows))]
const PASSED_ON: [&str; 19] = [
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "KRB5CCNAME",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "HTTP_PROXY",
];
#[cfg(windows)]
const PASSED_ON: [&str; 15] = [
    "SystemRoot",
    "SystemDrive",
    "windir",
    "ProgramData",
    "ProgramFiles",
    "USERPROFILE",
    "USERNAME",
    "USERDOMAIN",
    "APPDATA",
    "LOCALAPPDATA",
    "TEMP",
    "TMP",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];
/// Where a script finds the system's own programs, whatever the console's own path says.
#[cfg(not(windows))]
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Why a token command brought no token. The window translates the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum FetchError {
    #[error("token command: its program does not exist")]
    NotFound,
    /// `why` is for the administrator; it holds paths.
    #[error("token command: its program is not the administrator's alone: {why}")]
    NotOwned { why: String },
    #[error("token command: its program could not be started")]
    NotStarted,
    #[error("token command: it did not end within ten seconds")]
    TimedOut,
    /// `status` is null where a signal ended it.
    #[error("token command: it failed, exit status {}", status.map_or("unknown".to_owned(), |s| s.to_string()))]
    Failed { status: Option<i32> },
    #[error("token command: it wrote nothing")]
    Empty,
    #[error("token command: it wrote more than a token of 16 KiB")]
    TooLong,
    #[error("token command: what it wrote is no token")]
    NoToken,
}

impl From<TokenError> for FetchError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Empty => Self::Empty,
            TokenError::TooLong => Self::TooLong,
            TokenError::InnerBlank | TokenError::BadCharacter => Self::NoToken,
        }
    }
}

impl TokenCommand {
    /// Runs the program, and takes what it writes to its standard output as a token. Blocks for
    /// ten seconds at the most.
    ///
    /// # Errors
    /// As [`FetchError`] says. Nothing that the program wrote is in it.
    pub fn fetch(&self) -> Result<AccessToken, FetchError> {
        self.fetch_if(&owned::by_administrator, PATIENCE)
    }

    fn fetch_if(
        &self,
        is_owned: &dyn Fn(&Path) -> Result<(), OwnedError>,
        patience: Duration,
    ) -> Result<AccessToken, FetchError> {
        let deadline = Instant::now() + patience;
        is_owned(self.program()).map_err(|error| not_owned(&error))?;
        let mut run = Run::start(self)?;
        let output = run.output(deadline)?;
        let text = str::from_utf8(&output).map_err(|_| FetchError::NoToken)?;
        Ok(AccessToken::from_pasted(text)?)
    }
}

fn not_owned(error: &OwnedError) -> FetchError {
    match error {
        OwnedError::Missing(_) => FetchError::NotFound,
        OwnedError::NotAbsolute(_)
        | OwnedError::Unreadable { .. }
        | OwnedError::NotAFile(_)
        | OwnedError::Owner { .. }
        | OwnedError::Writable(_)
        | OwnedError::Circle(_) => FetchError::NotOwned { why: error.to_string() },
    }
}

/// A program that runs. Dropped, it and whatever it started is killed.
struct Run {
    child: Child,
    output: mpsc::Receiver<Option<Zeroizing<Vec<u8>>>>,
}

impl Run {
    fn start(command: &TokenCommand) -> Result<Self, FetchError> {
        let mut child = prepared(command).spawn().map_err(|error| not_started(&error))?;
        let (sender, output) = mpsc::channel();
        // Somebody further down may keep the pipe open: the reader is left behind then.
        if let Some(mut pipe) = child.stdout.take() {
            let read = move || drop(sender.send(read_all(&mut pipe)));
            let reader = thread::Builder::new().name("token-command".into()).spawn(read);
            if reader.is_err() {
                end(&mut child);
                return Err(FetchError::NotStarted);
            }
        }
        Ok(Self { child, output })
    }

    /// What it wrote, once it has ended well.
    fn output(&mut self, deadline: Instant) -> Result<Zeroizing<Vec<u8>>, FetchError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let output = self.output.recv_timeout(left).map_err(|_| FetchError::TimedOut)?;
        let output = output.ok_or(FetchError::TooLong)?;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(output),
                Ok(Some(status)) => return Err(FetchError::Failed { status: status.code() }),
                Ok(None) if Instant::now() < deadline => thread::sleep(LOOK),
                Ok(None) => return Err(FetchError::TimedOut),
                Err(_) => return Err(FetchError::Failed { status: None }),
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn not_started(error: &io::Error) -> FetchError {
    if error.kind() == io::ErrorKind::NotFound {
        FetchError::NotFound
    } else {
        FetchError::NotStarted
    }
}

fn prepared(command: &TokenCommand) -> Command {
    let mut prepared = Command::new(command.program());
    prepared
        .args(command.arguments())
        .env_clear()
        .envs(PASSED_ON.iter().filter_map(|name| Some((name, env::var_os(name)?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[cfg(not(windows))]
    prepared.env("PATH", PATH);
    // A folder of the administrator's: nothing is found in it that somebody else put there.
    if let Some(folder) = command.program().parent() {
        prepared.current_dir(folder);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut prepared, 0);
    #[cfg(windows)]
    {
        /// No console window flashes up.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(&mut prepared, CREATE_NO_WINDOW);
    }
    prepared
}

/// All that comes, or `None` where that is more than a token. The memory is taken once, so that
/// nothing is copied and left behind.
fn read_all(pipe: &mut impl io::Read) -> Option<Zeroizing<Vec<u8>>> {
    let mut output = Zeroizing::new(vec![0; MOST + 1]);
    let mut length = 0;
    // A full memory takes nothing more, which reads as the end.
    loop {
        match pipe.read(&mut output[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    output.truncate(length);
    (length <= MOST).then_some(output)
}

/// Kills it where it still runs, with its group where there are groups.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        // The group may have more in it than the program, which may have ended.
        if let Some(group) = rustix::process::Pid::from_raw(group) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests;
