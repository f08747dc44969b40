//! The journal on a real disk, without a desk.

use std::{
    fs,
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{Place, *};
use crate::enrollment::{self, Event, Interruption, Miss, Phase, User, UserId, UserType};

mod damage;
mod forgetting;
mod keeping;
mod private;
mod trouble;

const PATIENCE: Duration = Duration::from_secs(10);

/// A journal under test, and all that it told.
struct Stage {
    journal: Option<Journal>,
    reports: Receiver<Report>,
    told: Vec<Report>,
    batches: u64,
}

impl Stage {
    fn open(path: &Path) -> Self {
        let folder = Folder::claim(path).expect("the folder is free");
        let (sender, reports) = channel();
        let journal = Journal::start(folder, KeepDays::default(), move |report| {
            let _ = sender.send(report);
        });
        let mut kept = Self { journal: journal.ok(), reports, told: Vec::new(), batches: 0 };
        kept.wait("the list", |told| matches!(told, Report::Restored { .. }));
        kept.wait("health", |told| matches!(told, Report::Health(_)));
        kept
    }

    fn wait(&mut self, what: &str, wanted: impl Fn(&Report) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !self.told.iter().any(&wanted) {
            let left = end.saturating_duration_since(Instant::now());
            let told = self.reports.recv_timeout(left);
            self.told.push(told.unwrap_or_else(|_| panic!("{what} never came: {:?}", self.told)));
        }
    }

    fn keep(&mut self, kept: Vec<(Kept, Vec<Entry>)>) {
        self.keep_all(Batch { kept, ..Batch::default() });
    }

    /// Hands a batch over, and waits until it is saved.
    fn keep_all(&mut self, batch: Batch) {
        self.batches += 1;
        let journal = self.journal.as_mut().expect("it is open");
        journal.keep(Batch { number: self.batches, ..batch });
        let end = Instant::now() + PATIENCE;
        while journal.owes() {
            if Instant::now() >= end {
                self.told.extend(self.reports.try_iter());
                panic!("never saved: {:?}", self.told);
            }
            journal.news();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn list(&self) -> Vec<Kept> {
        let lists = self.told.iter();
        let mut lists = lists.filter_map(|it| {
            if let Report::Restored { kept, .. } = it { Some(kept) } else { None }
        });
        lists.next().expect("the list came").clone()
    }

    fn timeline(&self, key: u32) -> Vec<Entry> {
        let (sender, lines) = channel();
        let journal = self.journal.as_ref().expect("it is open");
        let reply = move |found| {
            let _ = sender.send(found);
        };
        journal.timeline(Key(key.into()), u32::MAX, Box::new(reply));
        lines.recv_timeout(PATIENCE).expect("the timeline comes").unwrap_or_default()
    }

    fn close(mut self) -> bool {
        let (done, closed) = channel();
        self.journal.take().expect("it is open").close(done);
        closed.recv_timeout(PATIENCE).expect("it closes")
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("a time")
}

fn kept(key: u64, seq: u32) -> Kept {
    let id = u32::try_from(key).expect("a small key");
    Kept {
        key: Key(key),
        environment: "Test".into(),
        user: User { id: UserId::new(id).expect("an id"), user_type: UserType::Individual },
        label: format!("Иванова, М. {key}"),
        place: enrollment::Place::Desk,
        step: KeptStep::PreSign,
        state: 1,
        since: at(0),
        heard: Some(Heard { status: Some("PROCESSING".into()), message: None }),
        statements: Vec::new(),
        generations: 0,
        confirmed: false,
        not_before: None,
        look: None,
        note: "called back".into(),
        removed: None,
        seq,
    }
}

fn forgotten(key: u64) -> Deletion {
    Deletion::Forgotten { environment: "Test".into(), user: kept(key, 0).user }
}

fn line(seq: u32) -> Entry {
    let event = Event::Status {
        phase: Phase::PreSign,
        status: Some("PROCESSING".into()),
        message: Some(format!("line {seq}").into()),
        backwards: false,
    };
    Entry { seq, at: at(i64::from(seq)), by: None, event }
}

fn lines(numbers: std::ops::RangeInclusive<u32>) -> Vec<Entry> {
    numbers.map(line).collect()
}

/// A journal with three enrollments of twenty lines each, closed.
fn written(path: &Path) {
    let mut journal = Stage::open(path);
    for key in 1..=3 {
        journal.keep(vec![(kept(key, 20), lines(1..=20))]);
    }
    assert!(journal.close(), "all of it is saved");
}

fn database(path: &Path) -> Connection {
    Connection::open(path.join("journal.db")).expect("it opens")
}

fn wait_for(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "it never came about");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether any file below holds these bytes.
fn holds(path: &Path, text: &str) -> bool {
    fs::read_dir(path).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}
