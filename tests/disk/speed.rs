//! How fast it saves, and how fast a large journal is there again.

use std::{
    collections::VecDeque,
    path::Path,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Entry, Event, Key, Phase, Place, User, UserId, UserType},
    journal::{Batch, Kept, KeptStep},
};
use jiff::Timestamp;

use crate::{
    author::{Author, Shape},
    book::Held,
    look::RESTART,
    rounds::Outcome,
    stage::Stage,
};

const LINES: usize = 50_000;
/// So many lines a second must be saved.
const RATE: f64 = 5_000.0;
const LONG: Duration = Duration::from_secs(120);

/// On the disk that the test was built on: elsewhere may be none.
pub fn play(seed: u64, large: bool) -> Held<Outcome> {
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).map_err(|it| it.to_string())?;
    let rate = save(seed, &place.path().join("journal"))?;
    let mut restart = Duration::ZERO;
    if large {
        restart = restore(&place.path().join("large"))?;
    }
    let what = format!("{rate:.0} lines/s");
    Ok(Outcome { counts: vec![(what, "saved".to_owned())], restart })
}

fn save(seed: u64, folder: &Path) -> Held<f64> {
    let shape = Shape { rows: 1..=200, lines: 1..=3, newcomers: 8, deletions: 0 };
    let mut author = Author::new(seed);
    let (mut batches, mut lines) = (Vec::new(), 0);
    while lines < LINES {
        let batch = author.batch(&shape);
        lines += count(&batch);
        batches.push(batch);
    }
    let mut stage = Stage::opened(folder)?;
    let (mut commits, mut upto) = (0_u32, 0);
    let mut waiting: VecDeque<(u64, usize)> = VecDeque::new();
    let begin = Instant::now();
    let newest = batches.last().map_or(0, |batch| batch.number);
    let mut next = batches.into_iter().peekable();
    while upto < newest {
        // No more is on its way than what finds room.
        let room = 9_000 - waiting.iter().map(|(_, lines)| lines).sum::<usize>();
        if let Some(batch) = next.next_if(|batch| count(batch) <= room) {
            waiting.push_back((batch.number, count(&batch)));
            stage.keep(batch);
            continue;
        }
        stage.pump();
        if stage.saved() > upto {
            (commits, upto) = (commits + 1, stage.saved());
            waiting.retain(|(number, _)| *number > upto);
        }
        std::thread::sleep(Duration::from_micros(200));
        if begin.elapsed() > LONG {
            return Err("it never comes to an end".to_owned());
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    stage.close()?;
    let rate = f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) / seconds;
    println!(
        "{lines} lines in {seconds:.1} s: {rate:.0} lines/s, {:.1} commits/s (at least {RATE} \
         lines/s)",
        f64::from(commits) / seconds
    );
    if rate < RATE { Err(format!("{rate:.0} lines/s")) } else { Ok(rate) }
}

fn count(batch: &Batch) -> usize {
    batch.kept.iter().map(|(_, entries)| entries.len()).sum()
}

/// A million lines of 10,000 enrollments, as they come when all are watched at once.
fn restore(folder: &Path) -> Held<Duration> {
    const ENROLLMENTS: u32 = 10_000;
    const PASSES: u32 = 10;
    let mut stage = Stage::opened(folder)?;
    let mut number = 0;
    for pass in 0..PASSES {
        for first in (0..ENROLLMENTS).step_by(900) {
            number += 1;
            let keys = first + 1..=ENROLLMENTS.min(first + 900);
            let kept = keys.map(|key| lines_of(key, pass * 10)).collect();
            stage.keep(Batch { number, kept, ..Batch::default() });
            stage.until("saving", LONG, |it| it.saved() == number)?;
        }
    }
    stage.close()?;
    let size = std::fs::metadata(folder.join("journal.db")).map_or(0, |it| it.len());
    let mut stage = Stage::open(folder)?;
    let took = stage.restored()?;
    let here = stage.list().map_or(0, <[Kept]>::len);
    stage.close()?;
    println!("a million lines, {} MB: {here} enrollments in {took:.0?}", size / 1_000_000);
    if took > RESTART { Err(format!("the list took {took:?}")) } else { Ok(took) }
}

fn lines_of(key: u32, before: u32) -> (Kept, Vec<Entry>) {
    let at = Timestamp::from_second(1_790_000_000 + i64::from(before)).expect("a time");
    let seq = before + 10;
    let event = |seq| Event::Status {
        phase: Phase::PreSign,
        status: Some("PROCESSING".into()),
        message: Some(format!("answer {seq} of the gateway").into()),
        backwards: false,
    };
    let kept = Kept {
        key: Key(key.into()),
        environment: "Test".into(),
        user: User { id: UserId::new(key).expect("an id"), user_type: UserType::Individual },
        label: format!("Иванова, М. {key}"),
        place: Place::Desk,
        step: KeptStep::PreSign,
        state: 1,
        since: at,
        heard: None,
        statements: Vec::new(),
        generations: 0,
        confirmed: false,
        not_before: None,
        look: None,
        note: "".into(),
        removed: None,
        seq,
    };
    (kept, (before + 1..=seq).map(|seq| Entry { seq, at, by: None, event: event(seq) }).collect())
}
