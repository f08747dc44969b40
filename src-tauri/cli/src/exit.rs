//! The exit codes of the headless contract.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

/// Every way in which this program ends. The numbers are a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Every target was reached.
    Reached = 0,
    /// This computer does not allow what was asked for.
    Unable = 1,
    BadArguments = 2,
    TimedOut = 3,
    Failed = 4,
    Rejected = 5,
    /// No token, or one that was refused.
    NoToken = 6,
    UrlRefused = 7,
    /// Misses of several kinds.
    SeveralKinds = 8,
    /// The journal is not whole: it is damaged, or its audit broken.
    NotWhole = 9,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended before it did what it was asked for, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub exit: Exit,
    pub words: String,
}

impl Stop {
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self { exit, words: words.into() }
    }

    pub fn bad_argument(words: impl Into<String>) -> Self {
        Self::new(Exit::BadArguments, words)
    }
}

/// Writes a line to standard error. Where nobody listens it is dropped.
pub fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Writes to standard output, whole lines at once.
///
/// # Errors
/// As the stream does; a closed pipe is one of them.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
