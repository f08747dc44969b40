//! Exports of long timelines, and of what the gateway itself wrote into them.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Entry, Event, Key, Phase, Place, Problem, ProblemKind, User, UserId, UserType},
    journal::{Batch, Folder, Journal, KeepDays, Kept, KeptStep},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    PATIENCE,
    export::{csv, objects},
    journal,
};
use crate::program::{Running, program};

/// An enrollment of id 1024 about which the gateway said a lot, in words of its own.
fn long(path: &Path, lines: u32) {
    let folder = Folder::claim(path).expect("it is free");
    let mut journal = Journal::start(folder, KeepDays::default(), |_| {}).expect("it starts");
    let user = User { id: UserId::new(1_024).expect("an id"), user_type: UserType::Individual };
    let kept = |seq| Kept {
        key: Key(1),
        environment: "=Test".to_owned(),
        user,
        label: String::new(),
        place: Place::Desk,
        step: KeptStep::PreSign,
        state: 1,
        since: Timestamp::UNIX_EPOCH,
        heard: None,
        statements: Vec::new(),
        generations: 0,
        confirmed: false,
        not_before: None,
        look: None,
        note: Box::default(),
        removed: None,
        seq,
    };
    for (number, seqs) in (1..=lines).collect::<Vec<_>>().chunks(1_000).enumerate() {
        let entries: Vec<Entry> = seqs.iter().map(|seq| said(*seq)).collect();
        let last = *seqs.last().expect("there is one");
        let kept = vec![(kept(last), entries)];
        journal.keep(Batch { number: number as u64 + 1, kept, ..Batch::default() });
        let end = Instant::now() + PATIENCE;
        while journal.owes() {
            assert!(Instant::now() < end, "it is not saved");
            journal.news();
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let (done, closed) = std::sync::mpsc::channel();
    journal.close(done);
    assert!(closed.recv_timeout(PATIENCE).expect("it closes"));
}

fn said(seq: u32) -> Entry {
    let phase = Phase::PreSign;
    let event = if seq.is_multiple_of(2) {
        let problem = Problem {
            detail: Some("\t=no user 1024 or 1025".to_owned()),
            trace_id: Some("00-1024-ab".to_owned()),
            ..Problem::with_http(ProblemKind::ServerError, 503)
        };
        Event::Problem { phase, problem: Box::new(problem), retry_ms: Some(2_500) }
    } else {
        let message = Some("1024: \u{202e}чака\u{1b}[2J".into());
        Event::Status { phase, status: Some("＝A".into()), message, backwards: true }
    };
    Entry { seq, at: Timestamp::UNIX_EPOCH, by: None, event }
}

#[test]
fn the_gateway_s_own_words_do_no_harm_and_name_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    long(&path, 2);
    let rows = csv(&journal("export --format csv", &path));
    let lines = objects(&journal("export --format json", &path));
    for (which, key, cell, value) in [
        (0, "environment", "'=Test", json!("=Test")),
        (0, "time", "1970-01-01T00:00:00.000Z", json!("1970-01-01T00:00:00.000Z")),
        (0, "status", "'＝A", json!("＝A")),
        (0, "message", "••24: \\u{202e}чака\\u{1b}[2J", json!("••24: \u{202e}чака\u{1b}[2J")),
        (0, "backwards", "true", json!(true)),
        (1, "problem", "server-error", json!("server-error")),
        (1, "http", "503", json!(503)),
        (1, "detail", "'\\u{9}=no user ••24 or 1025", json!("\t=no user ••24 or 1025")),
        (1, "trace_id", "00-1024-ab", json!("00-1024-ab")),
        (1, "retry_ms", "2500", json!(2_500)),
        (1, "backwards", "", Value::Null),
    ] {
        assert_eq!((&rows[which][key], &lines[which][key]), (&json!(cell), &value), "{key}");
    }
}

#[test]
fn a_reader_that_goes_away_or_stands_still_holds_nothing_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    long(&path, 3_000);
    let export = || {
        let mut command = program();
        command.args(["journal", "export", "--format", "json"]).arg(&path);
        Running::unread(command)
    };
    let mut gone = export();
    gone.close_output();
    let ran = gone.end();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(130), ""));

    let stands = export();
    // Far more than a pipe holds: by now it waits for its reader.
    std::thread::sleep(Duration::from_millis(500));
    stands.signal("INT");
    let at = Instant::now();
    let ran = stands.end();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(130), "error: interrupted\n"));
    assert!(at.elapsed() < Duration::from_secs(4), "{:?}", at.elapsed());
}
