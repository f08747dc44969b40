//! Who sits at the console, and what stays when they go.

use super::*;
use crate::{
    desk::{Person, view::PolicyView},
    enrollment::{Interruption, NameError},
    journal::{Batch, Did, Health, KeepDays, Report},
};

impl Stage {
    /// A desk with a journal, whose policy asks for a name; of these where there are any.
    fn asking(operators: &[&str]) -> Self {
        let mut stage = Self::new();
        let operators = operators.iter().map(|name| (*name).to_owned()).collect();
        let policy = PolicyView { asks_operator: true, operators, ..PolicyView::default() };
        stage.desk = stage.desk.with_policy(policy).with_journal(Key(1), KeepDays::default());
        stage.turn([Arrival::Journal(Report::Health(Health::Well))]);
        stage
    }

    fn person(&mut self, does: Person) -> (Reply, Option<Batch>) {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let turn = self.desk.turn(self.now, [Arrival::Person { ticket, does }]);
        self.replies.extend(turn.replies);
        self.turn([]);
        (self.reply(ticket).expect("people are answered at once"), turn.journal)
    }

    fn comes(&mut self, name: &str) -> (Reply, Vec<Did>) {
        let (reply, batch) = self.person(Person::Comes { name: name.into() });
        (reply, batch.unwrap_or_default().deeds.into_iter().map(|deed| deed.did).collect())
    }
}

#[test]
fn nothing_can_be_done_until_somebody_said_who_is_there_and_then_their_name_stands_by_it() {
    let mut stage = Stage::asking(&[]);
    let add = || new("1", Customer::IdentificationFinished);
    assert_eq!(stage.try_add(add()), Err(Refused::WhoIsThere));
    assert_eq!(stage.person(Person::Knocks).0, Err(Refused::WhoIsThere));
    assert_eq!(stage.person(Person::EndsShift).0, Err(Refused::WhoIsThere));

    assert_eq!(stage.comes(" Мария Петрова ").0, Ok(Done::Done));
    assert_eq!(stage.person(Person::Knocks).0, Ok(Done::Done));
    let Ok(Done::Added { key, .. }) = stage.try_add(add()) else { panic!("not added") };
    let by = stage.desk.timeline(key).expect("a timeline")[0].by.clone().expect("a deed");
    assert_eq!((&*by.account, by.name.as_deref()), ("maria", Some("Мария Петрова")));

    assert_eq!(stage.person(Person::Leaves).0, Ok(Done::Done));
    assert_eq!(stage.act(key, Action::Stop), Some(Err(Refused::WhoIsThere)));
    assert_eq!(stage.act(key, Action::Note { note: "x".into() }), Some(Err(Refused::WhoIsThere)));
    assert!(matches!(stage.step(key), StepView::PreSign { .. }), "and watching goes on");
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn a_name_is_checked_and_where_there_are_names_to_choose_from_it_is_one_of_them() {
    let mut stage = Stage::asking(&["Мария Петрова", "Иван Колев"]);
    let bad = |rule| Err(Refused::BadName { rule });
    assert_eq!(stage.comes("").0, bad(NameError::Empty));
    assert_eq!(stage.comes(&"я".repeat(61)).0, bad(NameError::TooLong));
    assert_eq!(stage.comes("Мария\u{202e}").0, bad(NameError::Unseen));
    assert_eq!(stage.comes("Мария").0, Err(Refused::UnknownName));
    assert_eq!(stage.person(Person::Knocks).0, Err(Refused::WhoIsThere), "nobody came");
    assert_eq!(stage.comes("Иван Колев").0, Ok(Done::Done));
}

#[test]
fn the_audit_has_a_line_where_another_person_takes_over_and_none_where_the_same_one_comes_back() {
    let mut stage = Stage::asking(&[]);
    let took_over = |from: Option<&str>| vec![Did::TookOver { from: from.map(Into::into) }];
    assert_eq!(stage.comes("Мария").1, took_over(None));
    stage.person(Person::Leaves).0.expect("they go");
    assert_eq!(stage.comes("Мария").1, []);
    stage.person(Person::Leaves).0.expect("they go");
    assert_eq!(stage.comes("Иван").1, took_over(Some("Мария")));
}

#[test]
fn where_no_policy_asks_nobody_has_to_say_who_they_are_after_the_list_was_covered() {
    let mut stage = Stage::new();
    assert_eq!(stage.comes("Мария").0, Err(Refused::NotNow));
    assert_eq!(stage.person(Person::Leaves).0, Ok(Done::Done));
    stage.add(1, Customer::StillIdentifying);
}

#[test]
fn the_end_of_a_shift_takes_tokens_links_and_the_labels_of_what_is_over_and_nothing_else() {
    let mut stage = Stage::asking(&[]);
    assert_eq!(stage.comes("Мария").0, Ok(Done::Done));
    let over = stage.add(1, Customer::SigningFinished);
    stage.answer(signed());
    let with_link = stage.add(2, Customer::IdentificationFinished);
    stage.answer(ready());
    let live = stage.add(3, Customer::IdentificationFinished);
    let waits = stage.add(4, Customer::StillIdentifying);
    let removed = stage.add(5, Customer::StillIdentifying);
    stage.act(removed, Action::Remove);
    let note = Action::Note { note: "ще се обади".into() };
    assert_eq!(stage.act(over, note), Some(Ok(Done::Done)));

    let (reply, batch) = stage.person(Person::EndsShift);
    assert_eq!(reply, Ok(Done::ShiftEnded { interrupted: 1 }));
    let label = |stage: &Stage, key: Key| stage.rows[&key].label.clone();
    assert_eq!(label(&stage, over), "");
    assert_eq!(stage.rows[&over].note, "ще се обади", "a note says what is left to do");
    for key in [with_link, live, waits] {
        assert_eq!(label(&stage, key), "Иванова, М.");
    }
    assert_eq!(stage.step(with_link), StepView::NewLinkNeeded);
    let why = Interruption::ShiftEnded;
    let miss = Miss::Interrupted { why };
    assert_eq!(stage.step(live), StepView::Ended { phase: Phase::PreSign, miss });
    assert_eq!(stage.token_state(), TokenState::Missing);

    let batch = batch.expect("it is kept");
    assert!(batch.wipes_labels);
    let blank: Vec<_> = batch.kept.iter().filter(|(it, _)| it.label.is_empty()).collect();
    let blank: Vec<_> = blank.iter().map(|(it, _)| it.key).collect();
    assert_eq!(blank, [over, removed], "what left the list is over");
    let ended: Vec<_> = batch.deeds.iter().filter(|it| it.did == Did::EndedShift).collect();
    assert_eq!(ended[0].by.name.as_deref(), Some("Мария"));
    assert_eq!(stage.person(Person::Knocks).0, Err(Refused::WhoIsThere));
    assert_eq!(stage.comes("Мария").1, [Did::TookOver { from: None }], "a shift has its own");
}

#[test]
fn what_a_shift_left_unfinished_the_next_one_resumes() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.person(Person::EndsShift).0.expect("it ends");
    stage.sent.clear();
    stage.pass(10.0);
    assert!(stage.sent.is_empty(), "nothing is polled without a token");
    stage.token("second");
    assert_eq!(stage.act(key, Action::WatchAgain), Some(Ok(Done::Done)));
    stage.pass(3.0);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn what_comes_back_late_stands_under_the_name_of_whoever_asked() {
    let mut stage = Stage::asking(&[]);
    assert_eq!(stage.comes("Мария").0, Ok(Done::Done));
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.pass(61.0);
    let press =
        Action::HandOver { way: Way::Clipboard, generation: 1, confirmed: true, here: false };
    assert_eq!(stage.act(key, press), None, "a fresh link is fetched first");
    stage.person(Person::Leaves).0.expect("they go");
    assert_eq!(stage.comes("Иван").0, Ok(Done::Done));
    stage.answer(ready());
    let left = Arrival::Left { key, result: Ok(Left::Copied) };
    let batch = stage.desk.turn(stage.now, [left]).journal.expect("it is kept");
    let named = |by: &Operator| by.name.clone();
    let deed = batch.deeds.iter().find(|deed| matches!(deed.did, Did::Copied { .. }));
    assert_eq!(deed.map(|deed| named(&deed.by)), Some(Some("Мария".into())));
    let line = stage.desk.timeline(key).and_then(|lines| lines.last()).expect("a line");
    assert_eq!(line.by.as_deref().map(named), Some(Some("Мария".into())));
}
