//! Journals as a console keeps them, read by the real program.

mod export;
mod long;
mod verify;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping, NoWayOut},
        view::{Action, Add, Done, Key},
    },
    enrollment::{Customer, GaveUp, How, Operator, Place, UserType},
    environment::{Environment, EnvironmentKind},
    journal::{Folder, KeepDays, Reader},
    signing_url::Allowlist,
};
use rusqlite::Connection;

use crate::program::{Ran, Running, program};

/// What must not show where ids are masked.
const LABELS: [&str; 2] = ["=HYPERLINK(\"http://x.example\")", "Иванова, Мария"];
const NOTES: [&str; 2] = ["+359 2 12 34 56 ;=1", "обади се\nпак \u{202e}утре"];
const IDS: [u32; 2] = [51_024, 7_731];

const PATIENCE: Duration = Duration::from_secs(20);

/// A console without a window that keeps its journal in a folder.
struct Console(Handle);

impl Console {
    fn start(folder: &Path) -> Self {
        let gateway = "https://crm.example.bg".parse().expect("a gateway");
        let test =
            Environment::new("Test", EnvironmentKind::Test, gateway, Allowlist::new(Vec::new()));
        let operator = Operator { account: "maria".into(), name: Some("@Мария".into()) };
        // A console that has closed lets go of it a moment later.
        let folder = soon("nobody else has it", || Folder::claim(folder).ok());
        let keeping = Keeping::In { place: folder.into(), keep_days: KeepDays::default() };
        let attended = Attendance::Attended;
        let handle = driver::start(vec![test], operator, attended, Arc::new(NoWayOut), keeping);
        Self(handle.expect("it starts"))
    }

    fn add(&self, id: u32, user_type: UserType, label: &str) -> Key {
        let add = Add {
            environment: "Test".to_owned(),
            id: id.to_string(),
            user_type,
            label: label.to_owned(),
            place: Place::Remote,
            customer: Customer::StillIdentifying,
            both_types: false,
        };
        match on_runtime(self.0.add(add, How::Adding)) {
            Ok(Done::Added { key, .. }) => key,
            other => panic!("{id} was not added: {other:?}"),
        }
    }

    fn act(&self, key: Key, state: u32, action: &Action) {
        let done = on_runtime(self.0.act(key, state, action.clone()));
        assert_eq!(done, Ok(Done::Done), "{action:?}");
    }

    fn close(self) {
        assert!(self.0.close(PATIENCE), "not all of it was saved");
    }
}

/// Two customers, and a day's work on them: eleven lines of timelines, and five of the audit.
fn work(console: &Console) {
    let first = console.add(IDS[0], UserType::Individual, LABELS[0]);
    let second = console.add(IDS[1], UserType::Merchant, LABELS[1]);
    console.act(first, 1, &Action::Note { note: NOTES[0].to_owned() });
    console.act(second, 1, &Action::Note { note: NOTES[1].to_owned() });
    // No token: it is held, and nothing is ever sent.
    console.act(first, 1, &Action::IdentificationFinished);
    console.act(first, 2, &Action::Stop);
    console.act(second, 1, &Action::GaveUp { reason: GaveUp::SaidSo });
    console.act(second, 2, &Action::Remove);
    console.act(second, 2, &Action::Restore);
}

/// A journal that was kept and closed.
fn kept() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal");
    let console = Console::start(&journal);
    work(&console);
    console.close();
    (folder, journal)
}

/// The journal's database, with nothing in the way of changing it.
fn forced(journal: &Path) -> Connection {
    let db = Connection::open(journal.join("journal.db")).expect("it opens");
    db.execute_batch("DROP TRIGGER audit_stands; DROP TRIGGER audit_stays").expect("dropped");
    db
}

fn tamper(journal: &Path, change: &str) {
    forced(journal).execute_batch(change).expect(change);
}

/// `journal` with these words, and behind them a journal.
fn journal(words: &str, journal: &Path) -> Ran {
    let mut command = program();
    command.arg("journal").args(words.split_whitespace()).arg(journal);
    Running::start(command).end()
}

/// A backup of all that is kept.
fn backup(journal: &Path) -> PathBuf {
    let folder = journal.join("backups");
    let made = || {
        let files = fs::read_dir(&folder).ok()?.flatten();
        let mut paths = files.map(|file| file.path());
        paths.find(|path| path.extension().is_some_and(|it| it == "db"))
    };
    // Whoever began the journal had nothing to back up, or made a copy of less than there is now.
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("it is removed");
    }
    let console = Console::start(journal);
    let backup = soon("there is a backup", made);
    console.close();
    backup
}

/// Waits until the console has saved so many enrollments.
fn wait_for(journal: &Path, enrollments: usize) {
    soon("it is saved", || {
        let kept = Reader::open(journal).ok()?.enrollments().ok()?;
        (kept.len() >= enrollments).then_some(())
    });
}

fn soon<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn on_runtime<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    runtime.block_on(work)
}
