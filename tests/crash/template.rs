//! Journals with much in them, written by the product.

use std::{
    fs,
    path::Path,
    sync::mpsc,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use enrollment_core::{
    enrollment::{Entry, Event, Key, Operator, Place, User, UserId, UserType},
    journal::{Batch, Folder, Journal, KeepDays, Kept, KeptStep, Report},
};
use jiff::Timestamp;

use crate::child::ENVIRONMENT;

pub const LINES_EACH: u32 = 1_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// A journal of so many enrollments, with a thousand lines each. It has no backup.
pub fn write(folder: &Path, enrollments: u32) -> Result<()> {
    let (sender, reports) = mpsc::channel();
    let tell = move |report| drop(sender.send(report));
    let mut journal = Journal::start(Folder::claim(folder)?, KeepDays::default(), tell)?;
    for number in 1..=enrollments {
        let kept = vec![enrollment(number)?];
        journal.keep(Batch { number: number.into(), kept, ..Batch::default() });
        let end = Instant::now() + PATIENCE;
        while journal.owes() {
            ensure!(Instant::now() < end, "it is never saved");
            sleep(Duration::from_millis(1));
            journal.news();
        }
    }
    let (done, closed) = mpsc::channel();
    journal.close(done);
    ensure!(closed.recv_timeout(PATIENCE)?, "not all of it was saved");
    let notices = reports.try_iter().filter(|it| matches!(it, Report::Notice(_))).count();
    ensure!(notices == 0, "it told of {notices} faults");
    match fs::remove_dir_all(folder.join("backups")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Takes a journal back to the first version of its tables.
pub fn make_older(folder: &Path) -> Result<()> {
    let db = rusqlite::Connection::open(folder.join("journal.db"))?;
    db.execute_batch(
        "DROP TABLE audit; DROP TABLE forgotten; UPDATE meta SET version = 1;
         PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE);",
    )?;
    Ok(())
}

/// Another journal that is the same.
pub fn copy(template: &Path, folder: &Path) -> Result<()> {
    fs::create_dir(folder)?;
    for name in ["journal.db", "lock"] {
        fs::copy(template.join(name), folder.join(name)).context(name)?;
    }
    Ok(())
}

fn enrollment(number: u32) -> Result<(Kept, Vec<Entry>)> {
    let by = std::sync::Arc::new(Operator::account("crash"));
    let since = Timestamp::now();
    let note = |seq: u32| format!("line {seq} of {number}: ще се обади след обед").into_boxed_str();
    let lines = (1..=LINES_EACH).map(|seq| Entry {
        seq,
        at: since,
        by: Some(by.clone()),
        event: Event::Noted { note: note(seq) },
    });
    let kept = Kept {
        key: Key(number.into()),
        environment: ENVIRONMENT.to_owned(),
        user: User { id: UserId::new(number)?, user_type: UserType::Individual },
        label: format!("Иванова {number}"),
        place: Place::Desk,
        step: KeptStep::Expected,
        state: 1,
        since,
        heard: None,
        statements: Vec::new(),
        generations: 0,
        confirmed: false,
        not_before: None,
        look: None,
        note: note(LINES_EACH),
        removed: None,
        seq: LINES_EACH,
    };
    Ok((kept, lines.collect()))
}
