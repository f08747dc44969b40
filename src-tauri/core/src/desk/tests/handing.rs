//! A shift that goes from one desk to another.

use super::*;
use crate::{
    desk::Person,
    enrollment::{GaveUp, Interruption},
    shift::{Shift, Stands, Verdict},
};

const HANDED_OVER: Miss = Miss::Interrupted { why: Interruption::HandedOver };

impl Stage {
    fn hands_over(&mut self) -> Shift {
        let (shift, keys) = self.desk.shift(self.now).expect("somebody is here");
        let does = Person::HandsOver { keys };
        let ticket = Ticket(9_000);
        self.turn([Arrival::Person { ticket, does }]);
        assert!(matches!(self.reply(ticket), Some(Ok(Done::HandedOver { .. }))));
        Shift::from_json(&shift.to_json()).expect("it was written by us")
    }

    fn takes_in(&mut self, shift: &Shift) -> Reply {
        let ticket = Ticket(9_001);
        self.turn([Arrival::TakeIn { ticket, shift: Box::new(shift.clone()) }]);
        self.reply(ticket).expect("at once")
    }

    /// The row of this user, which has another key at each desk.
    fn row_of(&self, id: u32) -> Key {
        self.rows.values().find(|row| row.id == id).expect("it is listed").key
    }
}

/// One in each step that somebody has to go on with, and some that are over.
fn busy_desk() -> Stage {
    let mut stage = Stage::new();
    stage.add(1, Customer::StillIdentifying);
    stage.add(2, Customer::IdentificationFinished);
    let ready_one = stage.add(3, Customer::IdentificationFinished);
    stage.pass(5.0);
    while !stage.sent.is_empty() {
        let asked = stage.sent[0].user.id.get();
        stage.answer(if asked == 3 { ready() } else { status("PROCESSING") });
    }
    assert_eq!(stage.step(ready_one), StepView::Ready);
    stage.add(4, Customer::SigningFinished);
    let gave_up = stage.add(5, Customer::StillIdentifying);
    stage.act(gave_up, Action::GaveUp { reason: GaveUp::SaidSo });
    let removed = stage.add(6, Customer::StillIdentifying);
    stage.act(removed, Action::Remove);
    let note = Action::Note { note: "обади се\nкаса 3".into() };
    stage.act(ready_one, note);
    stage
}

#[test]
fn another_desk_goes_on_where_this_one_stopped_and_nothing_is_polled_in_between() {
    let mut here = busy_desk();
    let shift = here.hands_over();
    let stands: Vec<_> = shift.enrollments.iter().map(|it| (it.user.id.get(), it.stands)).collect();
    let expected =
        [(1, Stands::Expected), (2, Stands::PreSign), (3, Stands::PreSign), (4, Stands::PostSign)];
    assert_eq!(stands, expected);
    for id in [2, 3] {
        let ended = StepView::Ended { phase: Phase::PreSign, miss: HANDED_OVER };
        assert_eq!(here.step(here.row_of(id)), ended, "{id}");
    }
    here.sent.clear();
    here.pass(30.0);
    assert!(here.sent.is_empty(), "watched here no longer");
    let again = here.desk.shift(here.now).expect("somebody is here").0;
    assert_eq!(again.enrollments, [], "all of it is somebody else's");

    let mut there = Stage::new();
    assert_eq!(there.desk.judge(&shift), [Verdict::Good; 4]);
    assert_eq!(there.takes_in(&shift), Ok(Done::TakenIn { enrollments: 4 }));
    there.pass(30.0);
    assert!(there.sent.is_empty(), "nobody has said so yet");
    assert_eq!(there.rows[&there.row_of(3)].note, "обади се\nкаса 3");
    assert_eq!(there.rows[&there.row_of(3)].label, "Иванова, М.");
    let resumed = there.row_of(4);
    assert_eq!(there.act(resumed, Action::WatchAgain), Some(Ok(Done::Done)));
    assert!(matches!(there.step(resumed), StepView::PostSign { .. }), "by what was stated there");

    assert_eq!(there.desk.judge(&shift), [Verdict::AlreadyHere; 4]);
    assert_eq!(there.takes_in(&shift), Ok(Done::TakenIn { enrollments: 0 }), "once is enough");
}

fn ids(shift: &Shift) -> Vec<u32> {
    shift.enrollments.iter().map(|it| it.user.id.get()).collect()
}

#[test]
fn what_was_taken_in_and_not_resumed_goes_on_to_the_next_desk_and_comes_back_to_the_first() {
    let mut first = busy_desk();
    let shift = first.hands_over();
    let mut second = Stage::new();
    assert_eq!(second.takes_in(&shift), Ok(Done::TakenIn { enrollments: 4 }));
    let next = second.hands_over();
    assert_eq!(ids(&next), ids(&shift));
    assert_eq!(second.desk.shift(second.now).expect("somebody is here").0.enrollments, []);

    assert_eq!(first.desk.judge(&next), [Verdict::Good; 4], "it handed them over itself");
    assert_eq!(first.takes_in(&next), Ok(Done::TakenIn { enrollments: 4 }));
    assert_eq!(first.rows.values().filter(|row| ids(&shift).contains(&row.id)).count(), 4);
    let back = first.row_of(3);
    assert_eq!(first.act(back, Action::WatchAgain), Some(Ok(Done::Done)));
    assert_eq!(first.desk.judge(&next)[2], Verdict::AlreadyHere, "it is this desk's again");
}

#[test]
fn what_an_ended_shift_interrupted_is_handed_over_once() {
    let mut stage = busy_desk();
    stage.turn([Arrival::Person { ticket: Ticket(9_002), does: Person::EndsShift }]);
    let shift = stage.hands_over();
    assert_eq!(ids(&shift), [1, 2, 3, 4]);
    assert_eq!(stage.desk.shift(stage.now).expect("somebody is here").0.enrollments, []);
}

#[test]
fn a_label_that_had_to_be_written_out_does_not_spoil_the_file() {
    let mut stage = Stage::new();
    let label = format!("{}\u{200b}", "x".repeat(79));
    let add = Add { label, ..new("7", Customer::StillIdentifying) };
    assert!(stage.try_add(add).is_ok());
    assert_eq!(ids(&stage.hands_over()), [7]);
}

#[test]
fn what_this_desk_cannot_take_is_told_and_left_out() {
    let mut shift = busy_desk().hands_over();
    shift.enrollments[0].environment = "Nowhere".to_owned();
    let twice = shift.enrollments[1].clone();
    shift.enrollments.push(twice);
    let mut there = Stage::new();
    there.add(3, Customer::StillIdentifying);
    let verdicts = [
        Verdict::UnknownEnvironment,
        Verdict::Good,
        Verdict::AlreadyHere,
        Verdict::Good,
        Verdict::Twice,
    ];
    assert_eq!(there.desk.judge(&shift), verdicts);
    assert_eq!(there.takes_in(&shift), Ok(Done::TakenIn { enrollments: 2 }));
    assert_eq!(there.rows.len(), 3);
}
