//! What is kept comes back, once and whole.

use super::*;
use crate::enrollment::{Operator, Says};

#[test]
fn several_timelines_come_at_once_in_the_order_they_were_asked_for_each_up_to_its_own_line() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let journal = Stage::open(folder.path());
    let (sender, found) = channel();
    let reply = move |found| {
        let _ = sender.send(found);
    };
    let asked = vec![(Key(3), 21), (Key(9), 21), (Key(1), 4)];
    let journal = journal.journal.as_ref().expect("it is open");
    journal.timelines(asked, Box::new(reply));
    let found = found.recv_timeout(PATIENCE).expect("they come").expect("they can be read");
    assert_eq!(found, [lines(1..=20), Vec::new(), lines(1..=3)]);
}

#[test]
fn what_was_kept_comes_back_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let mut journal = Stage::open(&path);
    assert_eq!(journal.list(), [], "the first time there is nothing");
    let every_event = every_event();
    let seq = u32::try_from(every_event.len()).expect("few");
    let first = Kept { removed: None, ..kept(1, seq) };
    journal.keep(vec![(first.clone(), every_event.clone())]);
    let gone = Kept { removed: Some(at(9)), ..kept(2, 0) };
    journal.keep(vec![(gone, Vec::new())]);
    assert_eq!(journal.timeline(1), every_event);
    assert!(journal.close());

    let journal = Stage::open(&path);
    assert_eq!(journal.list(), [first], "whoever was taken off the list stays off it");
    assert_eq!(journal.timeline(1), every_event);
    assert!(!journal.told.iter().any(|told| matches!(told, Report::Notice(_))));
}

#[test]
fn the_same_line_twice_is_one_line_and_the_newest_row_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Stage::open(folder.path());
    journal.keep(vec![(kept(1, 3), lines(1..=3))]);
    let newer = Kept { step: KeptStep::Signed, seq: 4, ..kept(1, 4) };
    journal.keep(vec![(newer.clone(), lines(2..=4))]);
    assert_eq!(journal.timeline(1), lines(1..=4));
    drop(journal);
    // Dropped, it closes by itself, a moment later.
    let end = Instant::now() + PATIENCE;
    while Folder::claim(folder.path()).is_err() {
        assert!(Instant::now() < end, "it never lets go of its folder");
    }
    assert_eq!(Stage::open(folder.path()).list(), [newer]);
}

#[test]
fn whoever_is_forgotten_is_in_no_file_any_more_and_the_fact_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    let backups = folder.path().join("backups");
    wait_for(|| fs::read_dir(&backups).is_ok_and(|mut it| it.any(|file| is_database(&file))));
    assert!(holds(folder.path(), "Иванова, М. 2"), "it is there before");
    let deed = Deed {
        at: at(1),
        by: Operator::account("maria").into(),
        did: Did::Forgot,
        environment: Some("Test".into()),
        user: Some(kept(2, 0).user),
    };
    let deleted = vec![(Key(2), forgotten(2))];
    journal.keep_all(Batch { deleted, deeds: vec![deed.clone()], ..Batch::default() });
    wait_for(|| !holds(folder.path(), "Иванова, М. 2"));
    assert!(holds(folder.path(), "Иванова, М. 3"), "nobody else is forgotten");
    assert!(journal.close());
    assert!(!holds(folder.path(), "Иванова, М. 2"));
    let reader = Reader::open(folder.path()).expect("it opens");
    reader.check().expect("it is whole");
    let deeds = reader.deeds().expect("they can be read");
    assert_eq!(deeds.iter().map(|line| line.deed.clone()).collect::<Vec<_>>(), [Ok(deed)]);
}

#[test]
fn after_a_day_s_backup_finished_enrollments_are_asked_for_by_age() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Stage::open(folder.path());
    let days_ago = |days: i64| Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    let signed = |key: u64, days: i64| {
        (Kept { step: KeptStep::Signed, since: days_ago(days), ..kept(key, 0) }, Vec::new())
    };
    let waiting = (Kept { since: days_ago(90), ..kept(3, 0) }, Vec::new());
    journal.keep(vec![signed(1, 31), signed(2, 29), waiting]);
    journal.journal.as_ref().expect("open").set_keep_days(KeepDays::default());
    journal.wait("what is due", |told| matches!(told, Report::Due(_)));
    let due: Vec<Key> = journal
        .told
        .iter()
        .filter_map(|it| if let Report::Due(due) = it { Some(due) } else { None })
        .flatten()
        .map(|(key, _)| *key)
        .collect();
    assert_eq!(due, [Key(1)]);
}

#[test]
fn days_that_are_chosen_before_the_folder_can_be_had_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let long_ago = Timestamp::now() - jiff::SignedDuration::from_hours(24 * 60);
    let mut journal = Stage::open(folder.path());
    let old = Kept { step: KeptStep::Signed, since: long_ago, ..kept(1, 0) };
    journal.keep(vec![(old, Vec::new())]);
    assert!(journal.close());
    backups::make(folder.path(), &backups::day(Timestamp::now())).expect("a backup");
    let other = Folder::claim(folder.path()).expect("it is free");
    let (sender, reports) = channel();
    let place = Place::NotYet(folder.path().to_owned());
    let journal = Journal::start(place, KeepDays::default(), move |report| {
        let _ = sender.send(report);
    })
    .expect("a thread");
    let days = |days: u16| KeepDays::try_from(days).expect("days");
    journal.set_keep_days(days(3_650));
    let told = |wanted: fn(&Report) -> bool| {
        let next = || reports.recv_timeout(PATIENCE).expect("it is told");
        std::iter::repeat_with(next).position(|report| wanted(&report))
    };
    told(|report| matches!(report, Report::Notice(Notice::NoFolder { .. })));
    drop(other);
    told(|report| matches!(report, Report::Health(Health::Well)));
    journal.set_keep_days(days(30));
    told(|report| matches!(report, Report::Due(_)));
    let (done, closed) = channel();
    journal.close(done);
    closed.recv_timeout(PATIENCE).expect("it closes");
    let again = reports.try_iter().filter(|report| matches!(report, Report::Due(_))).count();
    assert_eq!(again, 0, "by the days of before nothing was due");
}

#[test]
fn migrations_keep_what_is_there_and_a_copy_of_what_was() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let db = database(folder.path());
    db.execute_batch(
        "DROP TABLE audit; DROP TABLE forgotten; UPDATE meta SET version = 1;
         PRAGMA user_version = 1;",
    )
    .expect("back to the first version");
    drop(db);
    let journal = Stage::open(folder.path());
    assert_eq!(journal.list().len(), 3);
    assert_eq!(journal.timeline(2), lines(1..=20));
    let copies = fs::read_dir(folder.path().join("backups")).expect("it is there").flatten();
    let names: Vec<_> = copies.map(|it| it.file_name().into_string().expect("a name")).collect();
    assert!(names.iter().any(|name| name.starts_with("before-") && name.ends_with("-1.db")));
}

#[test]
fn a_newer_journal_is_read_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let db = database(folder.path());
    db.execute_batch("UPDATE meta SET version = 99; PRAGMA user_version = 99;").expect("newer");
    drop(db);
    let journal = Stage::open(folder.path());
    assert!(journal.told.iter().any(|told| matches!(told, Report::Health(Health::Newer))));
    assert_eq!(journal.list().len(), 3);
    assert_eq!(journal.timeline(1), lines(1..=20));
}

#[test]
fn what_is_left_of_a_copy_that_was_never_finished_goes_with_the_next_one() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let backups = folder.path().join("backups");
    fs::remove_dir_all(&backups).ok();
    fs::create_dir(&backups).expect("a folder");
    for left in ["day-2026-01-01.7.part", "day-2026-01-01.7.part-journal"] {
        fs::write(backups.join(left), "a customer").expect("it is written");
    }
    let journal = Stage::open(folder.path());
    wait_for(|| fs::read_dir(&backups).is_ok_and(|mut it| it.any(|file| is_database(&file))));
    assert!(journal.close());
    let left: Vec<_> = fs::read_dir(&backups).expect("it is there").flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

fn is_database(file: &std::io::Result<fs::DirEntry>) -> bool {
    file.as_ref().is_ok_and(|it| it.path().extension().is_some_and(|it| it == "db"))
}

/// One line of each kind, as the gateway and people make them.
fn every_event() -> Vec<Entry> {
    use crate::enrollment::{
        Customer, GaveUp, How, Interruption, Miss, Outcome, Pause, Problem, ProblemKind,
        TimeoutCause,
    };
    let phase = Phase::PostSign;
    let problem = || Problem {
        kind: ProblemKind::Refused,
        http: Some(404),
        detail: Some("няма такъв потребител".into()),
        trace_id: Some("00-ab-01".into()),
    };
    let ended = |outcome: Outcome| Event::Ended { phase, result: Box::new(outcome), polls: 3 };
    let events = vec![
        Event::Added { customer: Customer::StillIdentifying },
        Event::Stated { says: Says::IdentificationFinished, how: How::Button },
        Event::Started { phase },
        Event::Status { phase, status: None, message: Some("\u{202e}".into()), backwards: true },
        Event::Problem { phase, problem: Box::new(problem()), retry_ms: Some(2_000) },
        Event::Paused { phase, why: Pause::Offline },
        Event::Resumed { phase },
        Event::Link { host: "sign.example.bg".into(), generation: 1 },
        Event::LinkRefused { rule: "host".into(), host: Some("evil.example".into()) },
        Event::Opened { host: "sign.example.bg".into() },
        Event::Copied { host: "sign.example.bg".into() },
        Event::Shown { host: "sign.example.bg".into() },
        Event::NotOpened { code: "no-browser".into() },
        Event::Checked { status: Some("STARTED".into()), message: None },
        ended(Outcome::ReadyToSign { host: "sign.example.bg".into() }),
        ended(Outcome::Signed),
        ended(Outcome::Missed(Miss::TimedOut { cause: TimeoutCause::RetryAfter })),
        ended(Outcome::Missed(Miss::Failed { status: "ERROR".into() })),
        ended(Outcome::Missed(Miss::Rejected { problem: problem() })),
        ended(Outcome::Missed(Miss::BlockedUrl { rule: "host".into(), host: None })),
        ended(Outcome::Missed(Miss::Unauthorized)),
        ended(Outcome::Missed(Miss::GaveUp { reason: GaveUp::FailPage })),
        ended(Outcome::Missed(Miss::Stopped)),
        ended(Outcome::Missed(Miss::WrongId)),
        ended(Outcome::Missed(Miss::Interrupted { why: Interruption::Closed })),
        Event::HandedOn,
        Event::Noted { note: "ще се обади".into() },
        Event::Removed,
        Event::Restored,
    ];
    let by = std::sync::Arc::new(Operator {
        account: "branch7".into(),
        name: Some("Мария Петрова".into()),
    });
    let numbered = (1..).zip(events);
    numbered
        .map(|(seq, event)| Entry {
            seq,
            at: at(i64::from(seq)),
            by: event.is_deed().then(|| by.clone()),
            event,
        })
        .collect()
}
