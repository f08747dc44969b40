//! The kinds of rounds, and what they share.

mod backup;
mod first_start;
mod kill;
mod migration;
mod together;

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use enrollment_core::enrollment::Key;
use fastrand::Rng;

use crate::process::{Console, Start};

/// Whoever starts the console has the list after so long.
const RESTART: Duration = Duration::from_secs(2);

/// One kind of rounds.
pub struct Kind {
    pub name: &'static str,
    pub about: &'static str,
    /// How many rounds `cargo test` plays, and how many a soak.
    pub count: u32,
    pub soak: u32,
    /// So many of them are played in a row, from one seed.
    pub in_a_row: u32,
    pub run: fn(&mut Row<'_>) -> Result<()>,
}

pub const KINDS: [Kind; 5] = [
    Kind {
        name: "kill",
        about: "killed while people and the gateway are busy",
        count: 50,
        soak: 2_000,
        in_a_row: 25,
        run: kill::run,
    },
    Kind {
        name: "first-start",
        about: "killed as it makes its first journal",
        count: 10,
        soak: 250,
        in_a_row: 10,
        run: first_start::run,
    },
    Kind {
        name: "migration",
        about: "killed as it brings an older journal up to date",
        count: 10,
        soak: 250,
        in_a_row: 10,
        run: migration::run,
    },
    Kind {
        name: "backup",
        about: "killed as it makes the day's backup",
        count: 10,
        soak: 250,
        in_a_row: 10,
        run: backup::run,
    },
    Kind {
        name: "together",
        about: "three started at once",
        count: 20,
        soak: 500,
        in_a_row: 20,
        run: together::run,
    },
];

/// What the rounds of a kind add up to.
#[derive(Debug, Default)]
pub struct Tally {
    pub rounds: u32,
    pub starts: u32,
    pub slowest: Duration,
    /// Lines that were told to be saved, and were there; rows; and enrollments that were forgotten.
    pub lines: u64,
    pub rows: u64,
    pub forgotten: u64,
    pub answers: usize,
    /// What was under way when it was killed.
    pub met: BTreeMap<&'static str, u32>,
}

impl Tally {
    pub fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, starts, slowest, .. } = self;
        write!(
            f,
            "{rounds:>5} rounds, {starts:>5} starts, the slowest {} ms",
            slowest.as_millis()
        )?;
        if self.lines > 0 {
            let Self { lines, rows, forgotten, answers, .. } = self;
            write!(f, "; told to be saved and there: {lines} lines, {rows} rows; ")?;
            write!(f, "{forgotten} forgotten; {answers} answers served")?;
        }
        for (nth, (what, count)) in self.met.iter().enumerate() {
            write!(f, "{} {what} {count}", if nth == 0 { ";" } else { "," })?;
        }
        Ok(())
    }
}

/// Some rounds in a row, from one seed.
pub struct Row<'a> {
    pub seed: u64,
    pub rounds: u32,
    pub dice: Rng,
    pub tally: &'a mut Tally,
    /// Everything that these rounds write is in here.
    pub scratch: &'a Path,
}

impl Row<'_> {
    /// Starts a console in which nobody does anything, and waits for its list.
    pub fn start_quietly(&mut self, folder: &Path) -> Result<(Console, Vec<Key>)> {
        let mut console = start_idle(folder)?;
        let keys = self.list(&mut console)?;
        Ok((console, keys))
    }

    /// Waits for a list, which must not take long.
    pub fn list(&mut self, console: &mut Console) -> Result<Vec<Key>> {
        let (keys, took) = console.list()?;
        self.tally.starts += 1;
        self.tally.slowest = self.tally.slowest.max(took);
        ensure!(took <= RESTART, "the list took {took:?}");
        Ok(keys)
    }

    /// A moment within `span` for the nth round: all of the rounds are spread over it evenly.
    pub fn spread(&mut self, nth: u32, span: Duration) -> Duration {
        span.mul_f64((f64::from(nth) + self.dice.f64()) / f64::from(self.rounds))
    }
}

/// Starts a console in which nobody does anything.
pub fn start_idle(folder: &Path) -> Result<Console> {
    Console::start(&Start { folder, gateway: NOWHERE, seed: 0, users_from: None, waits: false })
}

/// The gateway of those who poll nothing.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The finished copies of a journal whose names begin so, and the unfinished ones.
pub fn copies(folder: &Path, prefix: &str) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    let entries = match fs::read_dir(folder.join("backups")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((whole, parts)),
        other => other?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|it| it == "part") {
            parts.push(path);
        } else if name.starts_with(prefix) && path.extension().is_some_and(|it| it == "db") {
            whole.push(path);
        }
    }
    Ok((whole, parts))
}

/// A backup that is older is made again on the same day.
const OLD: Duration = Duration::from_secs(5 * 3_600);

/// Waits until the backup of this day is there.
pub fn backed_up(folder: &Path) -> Result<()> {
    until("the day's backup", || {
        let (whole, parts) = copies(folder, "day-")?;
        let fresh = |path: &PathBuf| -> Result<bool> {
            let age = fs::metadata(path)?.modified()?.elapsed().unwrap_or_default();
            Ok(age < OLD / 2)
        };
        let fresh = whole.iter().map(fresh).collect::<Result<Vec<_>>>()?;
        Ok(parts.is_empty() && fresh.contains(&true))
    })
}

/// A folder of copies holds finished ones and nothing else, once one was made.
pub fn holds_copies_alone(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder.join("backups"))? {
        let path = entry?.path();
        let whole = path.extension().is_some_and(|it| it == "db");
        ensure!(whole, "{} is left over", path.display());
    }
    Ok(())
}

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    const PATIENCE: Duration = Duration::from_secs(20);
    let end = Instant::now() + PATIENCE;
    while !holds()? {
        ensure!(Instant::now() < end, "it never came about: {what}");
        sleep(Duration::from_millis(1));
    }
    Ok(())
}
