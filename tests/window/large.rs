//! A journal of a million lines, and how long its list takes to be there.

use std::{
    sync::mpsc::channel,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Entry, Event, Key, Phase, Place, User, UserId, UserType},
    environment::Environment,
    journal::{Batch, Folder, Heard, Journal, KeepDays, Kept, KeptStep},
};
use jiff::Timestamp;

use super::stage::Stage;

const ENROLLMENTS: u32 = 10_000;
/// Numbers up to this one are nobody's.
const FIRST: u32 = 1_000;
/// Lines of each.
const LINES: u32 = 100;
/// So many are not finished, as on a busy day after a month of them.
const OPEN: u32 = 60;
const GOAL: Duration = Duration::from_secs(2);

#[tokio::test]
#[ignore = "writes a million lines first: make soak"]
async fn a_million_lines_are_no_wait() {
    let stage = Stage::set();
    let empty = painted(&stage, "#empty").await;
    stage.is_free().await;
    let (enrollments, lines) = (ENROLLMENTS, LINES);
    fill(&stage, Filling { enrollments, lines, open: OPEN, environment: Environment::SANDBOX });
    let full = painted(&stage, ".row").await;
    println!("{ENROLLMENTS} enrollments with {LINES} lines each: {full:.0?}");
    println!("an empty journal: {empty:.0?}");
    assert!(full.iter().max() <= Some(&GOAL), "{full:?}");
}

/// From the start of the program to the painted list, by the driver's clock: what it takes to
/// begin and to look is in it.
async fn painted(stage: &Stage, what: &str) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..5 {
        stage.is_free().await;
        let begin = Instant::now();
        let console = stage.start().await;
        console.shows(what).await;
        times.push(begin.elapsed());
        console.close().await;
    }
    times
}

/// What a journal holds before a console finds it.
#[derive(Clone, Copy)]
pub struct Filling {
    pub enrollments: u32,
    /// Lines of each.
    pub lines: u32,
    /// So many are ready to sign; the others are handed on.
    pub open: u32,
    pub environment: &'static str,
}

pub fn fill(stage: &Stage, filling: Filling) {
    let folder = Folder::claim(&stage.journal()).expect("a folder");
    let mut journal = Journal::start(folder, KeepDays::default(), |_| {}).expect("a journal");
    for number in 1..=filling.enrollments {
        let kept = vec![enrollment(number, filling)];
        journal.keep(Batch { number: number.into(), kept, ..Batch::default() });
        while number % 50 == 0 && journal.owes() {
            journal.news();
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let (done, closed) = channel();
    journal.close(done);
    assert_eq!(closed.recv_timeout(Duration::from_secs(60)), Ok(true), "all of it is kept");
}

fn enrollment(number: u32, filling: Filling) -> (Kept, Vec<Entry>) {
    let step = if number <= filling.open { KeptStep::Ready } else { KeptStep::HandedOn };
    let now = Timestamp::now();
    let kept = Kept {
        key: Key(number.into()),
        environment: filling.environment.to_owned(),
        user: User {
            id: UserId::new(number + FIRST).expect("an id"),
            user_type: UserType::Individual,
        },
        label: format!("Иванова, Мария {number}"),
        place: Place::Desk,
        step,
        state: 3,
        since: now,
        heard: Some(Heard { status: Some("PROCESSING".into()), message: None }),
        statements: Vec::new(),
        generations: 1,
        confirmed: true,
        not_before: None,
        look: None,
        note: Box::default(),
        removed: None,
        seq: filling.lines,
    };
    let line = |seq| {
        let message = Some(format!("The identification is being checked, step {seq}.").into());
        let status = Some("PROCESSING".into());
        let event = Event::Status { phase: Phase::PreSign, status, message, backwards: false };
        Entry { seq, at: now, by: None, event }
    };
    (kept, (1..=filling.lines).map(line).collect())
}
