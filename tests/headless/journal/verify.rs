//! `journal verify`.

use std::{fs, path::Path};

use enrollment_core::{desk::view::Action, enrollment::UserType};

use super::{Console, backup, forced, journal, kept, tamper, wait_for, work};
use crate::program::{Ran, Running, program};

fn line<'a>(ran: &'a Ran, begin: &str) -> &'a str {
    let mut lines = ran.stdout.lines();
    lines.find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("{begin}: {}", ran.stdout))
}

fn head(journal_folder: &Path) -> String {
    let ran = journal("verify", journal_folder);
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    line(&ran, "head").split_whitespace().nth(1).expect("a hash").to_owned()
}

#[test]
fn a_whole_journal_is_counted_and_its_head_told() {
    let (_folder, path) = kept();
    let ran = journal("verify", &path);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    assert_eq!(line(&ran, "audit"), "audit        5 lines, each follows from the one before");
    assert_eq!(line(&ran, "enrollments"), "enrollments  2 enrollments, all whole");
    assert_eq!(line(&ran, "timelines"), "timelines    11 lines, all whole");
    let head = line(&ran, "head").split_whitespace().nth(1).expect("a hash");
    assert!(head.len() == 64 && head.bytes().all(|b| b.is_ascii_hexdigit()), "{head}");
    assert_eq!(self::head(&path.join("journal.db")), head, "by its file");
}

#[test]
fn the_first_line_of_the_audit_that_was_touched_is_named() {
    let rename = "UPDATE audit SET body = replace(body, 'maria', 'peter') WHERE seq = ";
    let (second, last) = (format!("{rename}2"), format!("{rename}5"));
    for (change, named, why) in [
        (second.as_str(), "line 2 (20", ", peter, stopped): it was changed"),
        (last.as_str(), "line 5 (20", ", peter, restored): it was changed"),
        ("DELETE FROM audit WHERE seq = 3", "line 4 (20", ", maria, removed): its number"),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 1", "line 1 (20", "it was changed"),
        (
            "UPDATE audit SET body = 'scratched' WHERE seq = 3",
            "line 3 (it cannot be understood)",
            "it was changed",
        ),
    ] {
        let (_folder, path) = kept();
        tamper(&path, change);
        let ran = journal("verify", &path);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(9), "error: the journal is not whole\n"));
        let audit = line(&ran, "audit");
        assert!(audit.contains(&format!("broken at {named}")) && audit.contains(why), "{audit}");
        assert!(ran.stdout.contains("11 lines, all whole"), "the rest is: {}", ran.stdout);
        assert!(!ran.stdout.contains("head"), "a broken chain has none: {}", ran.stdout);
    }
}

#[test]
fn a_cut_at_the_end_of_the_audit_shows_by_the_head_that_was_noted() {
    let (_folder, path) = kept();
    let whole = head(&path);
    tamper(&path, "DELETE FROM audit WHERE seq > 3");
    let shorter = head(&path);
    let noted = |head: &str| journal(&format!("verify --head {head}"), &path);
    assert_eq!(noted(&whole).code, Some(9), "{}", noted(&whole).stdout);
    assert!(noted(&whole).stdout.contains("the noted head is not part of it"));
    assert_eq!(noted(&shorter.to_uppercase()).code, Some(0));

    let console = Console::start(&path);
    let key = console.add(1, UserType::Individual, "");
    console.act(key, 1, &Action::Remove);
    console.close();
    assert_ne!(head(&path), shorter, "it has grown since");
    assert_eq!(noted(&shorter).code, Some(0));
    for bad in ["abc", &"g".repeat(64)] {
        let ran = noted(bad);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    }
}

#[test]
fn damage_to_what_is_kept_of_customers_is_found() {
    for (change, part, said) in [
        ("UPDATE entry SET body = replace(body, 'added', 'noted')", "the rest", "damaged: "),
        ("UPDATE entry SET at = at + 1 WHERE seq = 2", "the rest", "damaged: "),
        ("UPDATE enrollment SET body = replace(body, 'Test', 'Live')", "the rest", "damaged: "),
        ("UPDATE enrollment SET removed = 1", "the rest", "damaged: "),
        ("DELETE FROM entry WHERE seq = 2", "timelines", "9 lines, 2 missing"),
        ("DELETE FROM enrollment WHERE key % 2 = 0", "enrollments", "1 enrollment, 1 missing"),
    ] {
        let (_folder, path) = kept();
        tamper(&path, change);
        let ran = journal("verify", &path);
        assert_eq!(ran.code, Some(9), "{change}: {}", ran.stdout);
        assert!(line(&ran, part).contains(said), "{change}: {}", ran.stdout);
        assert!(ran.stdout.contains("audit        5 lines"), "{change}: {}", ran.stdout);
    }
}

#[test]
fn a_page_that_the_disk_has_turned_is_found() {
    let (_folder, path) = kept();
    // A console's backup may have kept the log from being emptied.
    let emptied = forced(&path).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    assert_eq!(emptied, Ok(0));
    let file = path.join("journal.db");
    let mut bytes = fs::read(&file).expect("it is there");
    let at = bytes.windows(5).position(|five| five == b"maria").expect("it stands there");
    bytes[at] = b'M';
    fs::write(&file, bytes).expect("written");
    assert_eq!(journal("verify", &path).code, Some(9));
}

#[test]
fn what_is_no_journal_that_can_be_read_has_a_code_of_its_own() {
    let (folder, path) = kept();
    let said = |code: i32, words: &str, path: &Path| {
        let ran = journal("verify", path);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    };
    said(2, "there is no journal", &folder.path().join("elsewhere"));
    said(2, "there is no journal", folder.path());
    let text = folder.path().join("text.db");
    fs::write(&text, "nothing that SQLite knows. ".repeat(100)).expect("written");
    said(9, "is damaged", &text);
    forced_version(&path, 99);
    said(1, "a newer console", &path);
    forced_version(&path, 1);
    said(1, "an older console", &path);
    let db = rusqlite::Connection::open(path.join("journal.db")).expect("it opens");
    db.execute_batch("PRAGMA application_id = 7").expect("changed");
    said(9, "not the database of a journal", &path);
}

fn forced_version(journal: &Path, version: i32) {
    let db = rusqlite::Connection::open(journal.join("journal.db")).expect("it opens");
    db.execute("UPDATE meta SET version = ?1", [version]).expect("changed");
    db.pragma_update(None, "user_version", version).expect("changed");
}

#[test]
fn a_backup_can_be_verified_and_stays_as_it_is() {
    let (_folder, path) = kept();
    let backup = backup(&path);
    let before = fs::read(&backup).expect("it is there");
    let ran = journal("verify", &backup);
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("timelines    11 lines, all whole"), "{}", ran.stdout);
    assert_eq!(fs::read(&backup).expect("it is there"), before);
    let beside = fs::read_dir(backup.parent().expect("a folder")).expect("it is there").count();
    assert_eq!(beside, 1, "nothing is left beside it");
}

#[test]
fn without_a_name_it_is_this_user_s_own_journal() {
    let home = tempfile::tempdir().expect("a folder");
    let verify = || {
        let mut command = program();
        command.args(["journal", "verify"]).env("HOME", home.path());
        Running::start(command).end()
    };
    assert_eq!(verify().code, Some(2), "there is none yet");
    let path = home.path().join(".local/share/enrollment-console/journal");
    Console::start(&path).close();
    let ran = verify();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(line(&ran, "audit"), "audit        no lines yet");
    assert_eq!(line(&ran, "enrollments"), "enrollments  0 enrollments, all whole");
}

#[test]
fn a_console_may_have_the_journal_open_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let console = Console::start(&path);
    work(&console);
    wait_for(&path, 2);
    let noted = head(&path);
    console.add(1, UserType::Individual, "later");
    console.close();
    let ran = journal(&format!("verify --head {noted}"), &path);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("3 enrollments, all whole"), "{}", ran.stdout);
}
