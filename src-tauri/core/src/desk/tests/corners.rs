//! What only comes about when several things go wrong at once.

use super::*;

fn no_link() -> Answer {
    status("SIGN_SESSION_ID_SUCCESSFULLY_CREATED")
}

fn busy(seconds: u64) -> Answer {
    let problem = Problem::with_http(ProblemKind::Busy, 429);
    Answer::Faulty { problem, retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn a_single_poll_that_an_older_token_spoiled_is_not_asked_again_without_a_new_one() {
    let mut stage = Stage::new();
    let ready_one = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.add(2, Customer::IdentificationFinished);
    stage.answer(status("PROCESSING"));
    stage.pass(2.0);
    stage.act(ready_one, Action::NewLink);
    let pressed = Ticket(stage.tickets);
    stage.token("second");
    let old = stage.sent.remove(0);
    stage.pass(3.0);
    stage.answer(Answer::Unauthorized);
    stage.turn([Arrival::Answer { request: old.request, answer: Answer::Unauthorized }]);
    assert_eq!(stage.reply(pressed), Some(Err(Refused::NeedsToken)));
    stage.pass(60.0);
    assert!(stage.sent.is_empty());
}

#[test]
fn the_silence_of_an_older_tokens_probe_does_not_let_a_second_one_out() {
    let mut stage = Stage::without_token(Attendance::Attended);
    for id in 1..=3 {
        stage.add(id, Customer::IdentificationFinished);
    }
    stage.token("first");
    stage.token("second");
    assert_eq!(stage.sent.len(), 2, "one for each token");
    stage.answer(silent());
    stage.pass(60.0);
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn a_401_is_an_answer_and_breaks_a_row_of_silence() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    for answer in [silent(), silent(), Answer::Unauthorized] {
        stage.pass(3.0);
        stage.act(key, Action::NewLink);
        stage.answer(answer);
    }
    stage.token("second");
    stage.add(2, Customer::IdentificationFinished);
    stage.answer(silent());
    assert!(!stage.desk.environments()[0].offline, "it was silent once since the 401");
}

#[test]
fn a_sleep_does_not_shorten_the_wait_that_a_probe_was_told() {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.add(1, Customer::IdentificationFinished);
    stage.token("first");
    stage.answer(busy(60));
    stage.pass(10.0);
    stage.sleep(3_600);
    stage.pass(40.0);
    assert!(stage.sent.is_empty());
}

#[test]
fn where_no_watch_may_be_asked_any_more_nobody_waits_for_a_probe() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(busy(100_000));
    stage.turn([Arrival::TokenForgotten { environment: "Test".into() }]);
    stage.token("second");
    stage.pass(300.0);
    let timed_out = Miss::TimedOut { cause: TimeoutCause::RetryAfter };
    assert_eq!(stage.outcomes(key), [Outcome::Missed(timed_out)]);
}

#[test]
fn a_watch_that_is_not_polled_any_more_ends_in_time_though_the_budget_is_used_up() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(busy(100_000));
    stage.pass(295.0);
    for id in 2..=200 {
        stage.add(id, Customer::IdentificationFinished);
    }
    stage.pass(5.0);
    assert_eq!(stage.outcomes(key).len(), 1);
}

#[test]
fn rows_tell_their_deadlines_anew_when_somebody_sets_the_clock_back() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.pass(1.0);
    stage.sleep(-3_600);
    let StepView::PreSign { time: TimeLeft::Running { deadline, .. } } = stage.step(key) else {
        panic!("not running")
    };
    assert_eq!(deadline - stage.now.wall.as_millisecond(), 299_000);
}

#[test]
fn opening_the_link_once_more_does_not_stop_the_watch_of_the_signature() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    stage.answer(ready());
    assert_eq!(stage.act(key, open(1)), None);
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    assert!(matches!(stage.step(key), StepView::PostSign { .. }));
    stage.pass(3.0);
    stage.answer(signed());
    assert_eq!(stage.outcomes(key), [Outcome::Signed]);
}

#[test]
fn a_session_without_a_link_is_told_to_be_unsigned_too() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    for _ in 0..20 {
        stage.answer(no_link());
        stage.pass(5.0);
    }
    assert!(matches!(stage.step(key), StepView::PostSign { not_signed: true, .. }));
}

#[test]
fn removing_and_adding_again_shortens_no_wait() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(busy(60));
    stage.act(key, Action::Remove);
    stage.add(1, Customer::IdentificationFinished);
    stage.pass(59.9);
    assert!(stage.sent.is_empty());
    stage.pass(0.2);
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn an_addition_that_is_refused_leaves_the_removal_to_be_undone() {
    let mut stage = Stage::new();
    let merchant = |both_types| Add {
        user_type: UserType::Merchant,
        both_types,
        ..new("7", Customer::StillIdentifying)
    };
    stage.add(7, Customer::StillIdentifying);
    let Ok(Done::Added { key, .. }) = stage.try_add(merchant(true)) else { panic!("not added") };
    stage.act(key, Action::Remove);
    assert!(matches!(stage.try_add(merchant(false)), Err(Refused::OtherType { .. })));
    assert_eq!(stage.act_on(key, 1, Action::Restore), Some(Ok(Done::Done)));
}
