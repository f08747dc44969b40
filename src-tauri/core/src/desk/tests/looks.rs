//! *Look again at half past two.*

use super::*;
use crate::{
    desk::Person,
    journal::{KeepDays, Report},
};

impl Stage {
    fn in_seconds(&self, seconds: i64) -> i64 {
        self.now.wall.as_millisecond() + seconds * 1_000
    }

    fn plan(&mut self, key: Key, seconds: i64) -> Option<Reply> {
        let at = Some(self.in_seconds(seconds));
        self.act(key, Action::LookAgain { at })
    }

    fn look_of(&self, key: Key) -> Option<i64> {
        self.rows[&key].look_at
    }
}

/// A desk with one enrollment that nobody watches any more.
fn stopped() -> (Stage, Key) {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.act(key, Action::Stop);
    stage.sent.clear();
    (stage, key)
}

const DONE: Option<Reply> = Some(Ok(Done::Done));

#[test]
fn the_gateway_is_asked_once_at_that_moment_and_not_before_or_after() {
    let (mut stage, key) = stopped();
    assert_eq!(stage.plan(key, 1_800), DONE);
    assert_eq!(stage.look_of(key), Some(stage.in_seconds(1_800)));
    stage.pass(1_799.0);
    assert!(stage.sent.is_empty());
    stage.pass(1.0);
    assert_eq!((stage.sent.len(), stage.look_of(key)), (1, None));
    stage.answer(status("PROCESSING"));
    assert!(matches!(stage.happened(key).last(), Some(Event::Checked { .. })));
    stage.pass(7_200.0);
    assert!(stage.sent.is_empty(), "one single poll");
}

#[test]
fn what_the_look_finds_counts() {
    let (mut stage, key) = stopped();
    stage.plan(key, 60);
    stage.pass(60.0);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn a_look_lies_within_the_next_day_and_where_a_single_poll_is_allowed() {
    let (mut stage, key) = stopped();
    for seconds in [-1, 0, 24 * 3_600 + 1] {
        assert_eq!(stage.plan(key, seconds), Some(Err(Refused::BadTime)), "{seconds}");
    }
    let beyond = Action::LookAgain { at: Some(i64::MAX) };
    assert_eq!(stage.act(key, beyond), Some(Err(Refused::BadTime)));
    let expected = stage.add(2, Customer::StillIdentifying);
    let watched = stage.add(3, Customer::IdentificationFinished);
    for key in [expected, watched] {
        assert_eq!(stage.plan(key, 60), Some(Err(Refused::NotNow)));
    }
    stage.act(key, Action::WrongId);
    assert_eq!(stage.plan(key, 60), Some(Err(Refused::NotNow)));
}

#[test]
fn another_time_takes_the_place_of_the_first_and_none_takes_it_back() {
    let (mut stage, key) = stopped();
    stage.plan(key, 60);
    stage.plan(key, 600);
    stage.pass(120.0);
    assert!(stage.sent.is_empty());
    assert_eq!(stage.act(key, Action::LookAgain { at: None }), DONE);
    assert_eq!(stage.act(key, Action::LookAgain { at: None }), DONE, "there is none, and no line");
    let taken_back = |event: &&&Event| matches!(event, Event::LookPlanned { at: None });
    assert_eq!(stage.happened(key).iter().filter(taken_back).count(), 1);
    stage.pass(3_600.0);
    assert!(stage.sent.is_empty());
}

#[test]
fn whoever_goes_on_or_ends_it_has_no_look_any_more() {
    type End = (&'static str, fn(&mut Stage, Key));
    let ends: [End; 5] = [
        ("watched again", |stage, key| drop(stage.act(key, Action::WatchAgain))),
        ("a wrong id", |stage, key| drop(stage.act(key, Action::WrongId))),
        ("gave up", |stage, key| {
            let reason = crate::enrollment::GaveUp::SaidSo;
            stage.act(key, Action::GaveUp { reason });
        }),
        ("removed", |stage, key| {
            stage.act(key, Action::Remove);
            stage.act_on(key, 0, Action::Restore);
        }),
        ("the end of the shift", |stage, _| {
            stage.turn([Arrival::Person { ticket: Ticket(9_002), does: Person::EndsShift }]);
        }),
    ];
    for (what, end) in ends {
        let (mut stage, key) = stopped();
        stage.plan(key, 60);
        end(&mut stage, key);
        assert_eq!(stage.look_of(key), None, "{what}");
        assert!(stage.desk.looks.is_empty(), "{what}");
    }
}

#[test]
fn opening_the_link_keeps_it() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.plan(key, 600);
    stage.act(key, open(1));
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    assert_eq!(stage.step(key), StepView::Signing);
    stage.pass(600.0);
    assert_eq!(stage.sent.len(), 1);
    stage.answer(signed());
    assert_eq!(stage.step(key), StepView::Signed);
}

#[test]
fn without_a_token_it_waits_for_one_and_does_not_spin() {
    let (mut stage, key) = stopped();
    stage.plan(key, 60);
    stage.turn([Arrival::TokenForgotten { environment: "Test".into() }]);
    stage.pass(600.0);
    assert!(stage.sent.is_empty() && stage.look_of(key).is_some());
    assert!(stage.wake.is_none_or(|at| at > stage.now.mono), "nothing is due");
    stage.token("second");
    stage.pass(0.0);
    assert_eq!((stage.sent.len(), stage.look_of(key)), (1, None));
}

#[test]
fn what_the_gateway_asked_to_wait_puts_it_off() {
    let (mut stage, key) = stopped();
    stage.plan(key, 60);
    stage.pass(5.0);
    stage.act(key, Action::CheckNow);
    let problem = Problem::with_http(ProblemKind::Busy, 429);
    stage.answer(Answer::Faulty { problem, retry_after: Some(Duration::from_secs(300)) });
    stage.pass(60.0);
    assert!(stage.sent.is_empty());
    stage.pass(240.0);
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn it_outlives_the_console_and_one_that_was_missed_comes_at_the_start() {
    let (mut stage, key) = stopped();
    stage.plan(key, 600);
    let record = stage.desk.table.get(&key).expect("a record");
    let kept = record.kept("Test", stage.now);

    let mut next = Stage::without_token(Attendance::Attended);
    next.desk = next.desk.with_journal(Key(100), KeepDays::default());
    next.now.wall = stage.now.wall + Duration::from_secs(3_600);
    next.turn([Arrival::Journal(Report::Restored { kept: vec![kept], seen: None })]);
    assert_eq!(next.look_of(key), stage.look_of(key));
    assert!(next.sent.is_empty());
    next.token("first");
    next.pass(0.0);
    assert_eq!((next.sent.len(), next.look_of(key)), (1, None));
}
