//! Damage is told, mended as far as it goes, and nothing is thrown away.

use super::*;

fn notice(journal: &Stage) -> &Notice {
    let told = journal.told.iter();
    let mut notices =
        told.filter_map(|it| if let Report::Notice(notice) = it { Some(notice) } else { None });
    notices.next().expect("it is told")
}

fn open_damaged(path: &Path) -> Stage {
    let mut journal = Stage::open(path);
    journal.wait("a notice", |told| matches!(told, Report::Notice(_)));
    journal
}

/// What a folder of damaged files holds.
fn set_aside(path: &Path) -> Vec<String> {
    let aside = fs::read_dir(path)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            path.file_name().is_some_and(|it| it.to_string_lossy().starts_with("damaged-"))
        })
        .expect("it was moved aside");
    let files = fs::read_dir(aside).expect("a folder").flatten();
    files.map(|file| file.file_name().into_string().expect("a name")).collect()
}

#[test]
fn a_changed_row_is_found_and_told_and_the_rest_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let db = database(folder.path());
    db.execute("UPDATE enrollment SET body = replace(body, 'called', 'colled') WHERE key = 2", [])
        .expect("changed");
    drop(db);
    let journal = open_damaged(folder.path());
    let Notice::Salvaged { here, enrollments, entries, .. } = notice(&journal) else {
        panic!("another notice")
    };
    assert_eq!((*here, *enrollments, *entries), (2, 1, 0));
    assert_eq!(journal.list().iter().map(|it| it.key).collect::<Vec<_>>(), [Key(1), Key(3)]);
    assert_eq!(journal.timeline(3), lines(1..=20));
    assert!(set_aside(folder.path()).contains(&"journal.db".to_owned()));
}

#[test]
fn a_header_that_is_gone_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let path = folder.path().join("journal.db");
    let mut bytes = fs::read(&path).expect("read");
    bytes[..100].fill(0x55);
    fs::write(&path, bytes).expect("written");
    let journal = open_damaged(folder.path());
    assert_eq!(journal.list().len(), 3);
    assert!((1..=3).all(|key| journal.timeline(key) == lines(1..=20)));
}

#[test]
fn an_empty_file_in_place_of_a_journal_is_a_loss_and_the_backup_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    fs::write(folder.path().join("journal.db"), []).expect("emptied");
    let journal = open_damaged(folder.path());
    let Notice::Salvaged { here, backup, .. } = notice(&journal) else { panic!("another notice") };
    assert_eq!((*here, backup.as_deref()), (3, Some("2026-01-02")));
    assert_eq!(journal.timeline(1), lines(1..=20));
}

#[test]
fn the_log_of_another_journal_is_not_taken_for_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
    written(&ours);
    let mut stranger = Stage::open(&other);
    stranger.keep(vec![(kept(77, 1), lines(1..=1))]);
    fs::copy(other.join("journal.db-wal"), ours.join("journal.db-wal")).expect("copied");
    drop(stranger);
    let journal = open_damaged(&ours);
    assert_eq!(journal.list().iter().map(|it| it.key.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(set_aside(&ours).contains(&"journal.db-wal".to_owned()), "it is kept as well");
}

#[test]
fn a_digit_of_the_identity_that_was_turned_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let db = database(folder.path());
    db.execute("UPDATE meta SET identity = 'x' || substr(identity, 2)", []).expect("changed");
    drop(db);
    let journal = open_damaged(folder.path());
    assert_eq!(journal.list().len(), 3);
    assert!((1..=3).all(|key| journal.timeline(key) == lines(1..=20)));
}

#[test]
fn a_journal_that_is_gone_is_told_and_comes_back_from_its_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    fs::remove_file(folder.path().join("journal.db")).expect("removed");
    assert_eq!(open_damaged(folder.path()).list().len(), 3);
}

#[test]
fn a_backup_that_was_being_changed_as_the_console_was_killed_is_whole_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Stage::open(folder.path());
    journal.keep(vec![(kept(1, 500), lines(1..=500))]);
    assert!(journal.close());
    let journal = Stage::open(folder.path());
    let backups = folder.path().join("backups");
    wait_for(|| !backups::newest_first(folder.path()).is_empty());
    assert!(journal.close());
    let backup = backups::newest_first(folder.path()).remove(0);
    let db = Connection::open(&backup).expect("it opens");
    // So that half of the change gets to the disk, as it does with more to delete.
    db.execute_batch("PRAGMA cache_size = 2; BEGIN; DELETE FROM entry WHERE seq % 2 = 0;")
        .expect("begun");
    let files = [".db", ".db-journal"].map(|end| backup.with_extension(&end[1..]));
    let killed = files.clone().map(|file| fs::read(file).expect("it is there"));
    drop(db);
    for (file, bytes) in files.iter().zip(killed) {
        fs::write(file, bytes).expect("written");
    }
    fs::remove_file(folder.path().join("journal.db")).expect("removed");

    let counts = Reader::open(&backup).and_then(|it| it.check()).expect("it can be read");
    assert_eq!((counts.lines, counts.lost_lines), (500, 0));
    let journal = open_damaged(folder.path());
    assert_eq!(journal.timeline(1), lines(1..=500));
    assert!(fs::read_dir(backups).expect("it is there").flatten().count() == 1);
}

#[test]
fn seven_backups_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    for day in 1..=9 {
        backups::make(folder.path(), &format!("2026-01-{day:02}")).expect("a backup");
    }
    let days: Vec<_> =
        backups::newest_first(folder.path()).iter().filter_map(|it| backups::day_of(it)).collect();
    let wanted: Vec<_> = (3..=9).rev().map(|day| format!("2026-01-{day:02}")).collect();
    assert_eq!(days, wanted);
}

#[test]
fn damage_that_shows_while_it_is_open_is_mended_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    let mut journal = Stage::open(folder.path());
    let db = database(folder.path());
    db.execute(
        "UPDATE entry SET body = replace(body, 'line 7', 'line 8') WHERE enrollment = 2",
        [],
    )
    .expect("changed");
    drop(db);
    assert_eq!(journal.timeline(2), [], "nothing is shown that was not written");
    journal.wait("a notice", |told| matches!(told, Report::Notice(_)));
    let Notice::Salvaged { entries, enrollments, .. } = notice(&journal) else {
        panic!("another notice")
    };
    // The day's backup may have been made before.
    let back = journal.timeline(2);
    assert_eq!((*enrollments, *entries as usize), (0, 20 - back.len()));
    assert!(back.iter().all(|entry| *entry == line(entry.seq)));
    journal.keep(vec![(kept(4, 1), lines(1..=1))]);
    assert_eq!(journal.timeline(4), lines(1..=1), "and it goes on");
}

/// A page of a database in which the newest row of its tree has been lost.
fn lose_a_row(path: &Path, page: usize) {
    let database = path.join("journal.db");
    let mut bytes = fs::read(&database).expect("read");
    let rows = &mut bytes[(page - 1) * 4_096 + 4];
    *rows -= 1;
    fs::write(&database, bytes).expect("written");
}

#[test]
fn a_tree_that_lacks_a_row_is_told_although_nothing_fails_to_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    // Enrollments have the third page.
    lose_a_row(folder.path(), 3);
    let mut journal = Stage::open(folder.path());
    assert_eq!(journal.list().len(), 2, "one is lost");
    journal.wait("a notice", |told| matches!(told, Report::Notice(_)));
    let Notice::Salvaged { here, backup, .. } = notice(&journal) else { panic!("another notice") };
    assert_eq!((*here, backup.as_deref()), (3, Some("2026-01-02")));
    assert_eq!(journal.timeline(3), lines(1..=20));
}

#[test]
fn whoever_the_backups_have_still_to_forget_does_not_come_back_from_them() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    backups::make(folder.path(), "2026-01-02").expect("a backup");
    let db = database(folder.path());
    db.execute_batch(
        "DELETE FROM entry WHERE enrollment = 2; DELETE FROM enrollment WHERE key = 2;
         INSERT INTO forgotten VALUES (2); UPDATE enrollment SET sum = sum + 1 WHERE key = 3;",
    )
    .expect("changed");
    drop(db);
    let journal = open_damaged(folder.path());
    assert_eq!(journal.list().iter().map(|it| it.key).collect::<Vec<_>>(), [Key(1), Key(3)]);
    let backup = &backups::newest_first(folder.path())[0];
    wait_for(|| {
        let all = Reader::open(backup).and_then(|reader| reader.enrollments());
        all.is_ok_and(|all| all.len() == 2)
    });
}

#[test]
fn a_backup_that_is_damaged_harms_nobody_but_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path());
    for day in ["2026-01-01", "2026-01-02"] {
        backups::make(folder.path(), day).expect("a backup");
    }
    let [newer, older] = &backups::newest_first(folder.path())[..] else { panic!("two backups") };
    fs::write(newer, "scratched, with the words of somebody").expect("written");
    let mut journal = Stage::open(folder.path());
    journal.keep_all(Batch { deleted: vec![(Key(2), forgotten(2))], ..Batch::default() });
    wait_for(|| !newer.exists());
    let knows = Reader::open(older).and_then(|reader| reader.enrollments()).expect("read");
    assert_eq!(knows.iter().map(|it| it.key).collect::<Vec<_>>(), [Key(1), Key(3)]);
    assert!(!journal.told.iter().any(|told| matches!(told, Report::Notice(_))));
    assert!(journal.close());
    let names = fs::read_dir(folder.path()).expect("a folder").flatten();
    assert!(names.map(|it| it.file_name()).all(|it| !it.to_string_lossy().starts_with("damaged")));
}
