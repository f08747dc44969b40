//! A disk that fails for a while.

use enrollment_faulty_disk::{Fault, install};

use super::*;
use crate::enrollment::Operator;

#[test]
fn trouble_that_has_passed_is_over_although_nothing_is_to_be_kept() {
    let disk = install();
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    let fault = disk.inject(folder.path(), Fault::ReadFails).expect("it fails");
    assert_eq!(journal.timeline(2), []);
    journal.wait("trouble", |told| {
        matches!(told, Report::Health(Health::Troubled { trouble: Trouble::Io }))
    });
    drop(fault);
    journal.told.clear();
    journal.wait("health", |told| matches!(told, Report::Health(Health::Well)));
    assert_eq!(journal.timeline(2), lines(1..=20));
}

#[test]
fn what_was_done_is_written_down_once_although_the_log_cannot_be_emptied() {
    let disk = install();
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    let deed = Deed {
        at: at(1),
        by: Operator::account("maria").into(),
        did: Did::HandedOn,
        environment: None,
        user: None,
    };
    // What is new goes to the log, which can be written.
    let fault = disk.inject(&folder.path().join("journal.db"), Fault::Full).expect("it is full");
    let deleted = vec![(Key(2), Deletion::Expired)];
    journal.keep_all(Batch { deleted, deeds: vec![deed], ..Batch::default() });
    journal.wait("trouble", |told| {
        matches!(told, Report::Health(Health::Troubled { trouble: Trouble::Full }))
    });
    drop(fault);
    journal.told.clear();
    journal.wait("health", |told| matches!(told, Report::Health(Health::Well)));
    assert!(journal.close());
    let reader = Reader::open(folder.path()).expect("it opens");
    assert_eq!(reader.deeds().expect("they can be read").len(), 1);
}

#[test]
fn a_first_journal_that_cannot_be_written_ahead_of_is_tried_again() {
    let disk = install();
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("journal.db");
    let fault = disk.inject(&database, Fault::SyncFails.times(1)).expect("it fails");
    let mut journal = Stage::open(folder.path());
    journal.keep(vec![(kept(1, 1), lines(1..=1))]);
    assert_eq!(fault.hits(), 1);
    let log = fs::metadata(folder.path().join("journal.db-wal")).expect("there is a log");
    assert!(log.len() > 0, "what is kept went there");
}
