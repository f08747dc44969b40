//! What is to be gone is gone, from every file, and what is to be missed is missed.

use super::*;

#[test]
fn everything_of_a_customer_is_forgotten_what_left_the_list_before_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Stage::open(folder.path());
    let whose = kept(7, 0).user;
    for (key, label) in [(217_000_000_000_001, "Първа"), (217_000_000_000_002, "Втора")] {
        let removed = (label == "Първа").then(|| at(5));
        let one = Kept { key: Key(key), user: whose, label: label.into(), removed, ..kept(7, 1) };
        journal.keep(vec![(one, lines(1..=1))]);
    }
    journal.keep(vec![(kept(8, 1), lines(1..=1))]);
    let deletion = Deletion::Forgotten { environment: "Test".into(), user: whose };
    let deleted = vec![(Key(217_000_000_000_002), deletion)];
    journal.keep_all(Batch { deleted, ..Batch::default() });
    wait_for(|| !holds(folder.path(), "Първа") && !holds(folder.path(), "Втора"));
    assert!(holds(folder.path(), "Иванова, М. 8"), "nobody else is");
}

#[test]
fn the_log_is_emptied_of_the_forgotten_once_whoever_reads_it_has_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    let reader = database(folder.path());
    reader.execute_batch("BEGIN; SELECT count(*) FROM entry").expect("it reads");
    let deleted = vec![(Key(2), forgotten(2))];
    journal.keep_all(Batch { deleted, ..Batch::default() });
    drop(reader);
    // By itself, with nothing else to save.
    wait_for(|| !holds(folder.path(), "Иванова, М. 2"));
}

#[test]
fn a_file_that_somebody_deletes_is_missed_before_anything_counts_as_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        fs::remove_file(folder.path().join(name)).expect("removed");
    }
    journal.keep(vec![(kept(9, 1), lines(1..=1))]);
    journal.wait("a notice", |told| matches!(told, Report::Notice(Notice::Salvaged { .. })));
    assert!(journal.close());
    let list = Stage::open(folder.path()).list();
    assert!(list.iter().any(|kept| kept.key == Key(9)), "{list:?}");
}

#[test]
fn whoever_was_somebody_else_is_forgotten_by_the_backups_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    let mut journal = Stage::open(folder.path());
    let cleared = Kept { label: String::new(), ..kept(2, 20) };
    let deleted = vec![(Key(2), Deletion::FromBackups)];
    let kept = vec![(cleared.clone(), Vec::new())];
    journal.keep_all(Batch { kept, deleted, ..Batch::default() });
    wait_for(|| !holds(folder.path(), "Иванова, М. 2"));
    assert!(journal.close());
    let journal = Stage::open(folder.path());
    assert!(journal.list().contains(&cleared), "the fact stays");
    assert_eq!(journal.timeline(2), lines(1..=20));
}

/// One that is over, of which a backup has the label as well.
fn over(key: u64) -> Kept {
    Kept { step: KeptStep::Signed, ..kept(key, 20) }
}

#[test]
fn the_end_of_a_shift_wipes_the_labels_of_what_is_over_from_every_file_and_keeps_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Stage::open(folder.path());
    let gone = Kept { removed: Some(at(9)), ..kept(4, 1) };
    let interrupted = Miss::Interrupted { why: Interruption::ShiftEnded };
    let resumed = KeptStep::Ended { phase: Phase::PreSign, miss: interrupted };
    let waits = Kept { step: resumed, ..kept(5, 1) };
    journal.keep(vec![(kept(6, 20), lines(1..=20)), (over(7), lines(1..=20))]);
    journal.keep(vec![(gone, lines(1..=1)), (waits.clone(), lines(1..=1))]);
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    // It has ended since the backup was made, and is handed over with the end of the shift.
    let ended = Kept { label: String::new(), ..over(6) };
    let kept = vec![(ended, Vec::new())];
    journal.keep_all(Batch { kept, wipes_labels: true, ..Batch::default() });
    let label = |key: u32| format!("Иванова, М. {key}");
    for key in [4, 6, 7] {
        wait_for(|| !holds(folder.path(), &label(key)));
    }
    assert!(holds(folder.path(), &label(5)), "it waits to be resumed");
    assert!(journal.close());
    let list = backups::newest_first(folder.path());
    let copy = Connection::open(&list[0]).expect("the backup opens");
    let of_seven = "SELECT count(*) FROM entry WHERE enrollment = 7";
    let lines_kept: u32 = copy.query_row(of_seven, [], |row| row.get(0)).expect("a number");
    assert_eq!(lines_kept, 20, "the backup has forgotten the label alone");
    let journal = Stage::open(folder.path());
    assert_eq!(journal.timeline(7), lines(1..=20));
    let seven = Kept { label: String::new(), ..over(7) };
    assert!(journal.list().contains(&seven) && journal.list().contains(&waits));
}

#[test]
fn labels_that_wait_to_be_saved_when_a_shift_ends_are_never_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    fs::write(&path, "no folder").expect("written");
    let mut journal =
        Journal::start(Place::NotYet(path.clone()), KeepDays::default(), |_| {}).expect("a thread");
    // One that is over left the table long ago, the other one ends only after the shift has.
    let before = vec![(over(1), lines(1..=20)), (kept(2, 20), lines(1..=20))];
    journal.keep(Batch { number: 1, kept: before, ..Batch::default() });
    journal.keep(Batch { number: 2, wipes_labels: true, ..Batch::default() });
    journal.keep(Batch { number: 3, kept: vec![(over(2), Vec::new())], ..Batch::default() });
    fs::remove_file(&path).expect("removed");
    let end = Instant::now() + PATIENCE;
    while journal.owes() {
        assert!(Instant::now() < end, "never saved");
        journal.news();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(!holds(&path, "Иванова, М. 1"));
    assert!(holds(&path, "Иванова, М. 2"), "the next shift's is its own");
}

#[test]
fn a_folder_that_cannot_be_had_yet_is_had_later_and_nothing_is_lost_until_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    fs::write(&path, "no folder").expect("written");
    let (sender, reports) = channel();
    let place = Place::NotYet(path.clone());
    let mut journal = Journal::start(place, KeepDays::default(), move |report| {
        let _ = sender.send(report);
    })
    .expect("a thread");
    let first = reports.recv_timeout(PATIENCE).expect("a report");
    assert!(matches!(first, Report::Health(Health::Troubled { trouble: Trouble::CannotOpen })));
    journal.keep(Batch { number: 1, kept: vec![(kept(1, 1), lines(1..=1))], ..Batch::default() });
    fs::remove_file(&path).expect("removed");
    let end = Instant::now() + PATIENCE;
    while journal.owes() {
        assert!(Instant::now() < end, "never saved");
        journal.news();
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(journal);
    wait_for(|| Folder::claim(&path).is_ok());
    assert_eq!(Stage::open(&path).list(), [kept(1, 1)]);
}
