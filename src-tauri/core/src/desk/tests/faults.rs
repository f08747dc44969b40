//! Tokens, networks and clocks that misbehave.

use super::*;
use crate::enrollment::Interruption;

#[test]
fn a_401_pauses_all_asks_once_and_resumes_all_with_the_time_they_had() {
    let mut stage = Stage::new();
    let keys: Vec<Key> =
        (1..=3).map(|id| stage.add(id, Customer::IdentificationFinished)).collect();
    for _ in &keys {
        stage.answer(status("PROCESSING"));
    }
    stage.pass(2.0);
    while stage.sent.is_empty() {
        stage.pass(0.5);
    }
    let polled = stage.sent.len();
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.token_state(), TokenState::Refused);
    for key in &keys {
        let StepView::PreSign { time } = stage.step(*key) else { panic!("not live") };
        assert!(matches!(time, TimeLeft::Held { why: Pause::NeedsToken, .. }));
    }
    stage.sent.clear();
    stage.pass(3_600.0);
    assert!(stage.sent.is_empty(), "{polled} were out; nothing more is sent");

    stage.token("second");
    assert_eq!(stage.sent.len(), 1, "one poll probes the new token");
    stage.pass(60.0);
    assert_eq!(stage.sent.len(), 1);
    stage.answer(status("PROCESSING"));
    stage.pass(1.0);
    assert_eq!(stage.sent.len(), 2, "the others go on");
    assert_eq!(stage.token_state(), TokenState::Accepted);
    let row = &stage.rows[&keys[0]];
    let StepView::PreSign { time: TimeLeft::Running { deadline, .. } } = row.step else {
        panic!("not running")
    };
    assert!(deadline - stage.now.wall.as_millisecond() > 290_000, "the hour was not charged");
}

#[test]
fn a_new_token_that_is_refused_keeps_the_pause() {
    for (answer, state) in
        [(Answer::Unauthorized, TokenState::Refused), (refused(403), TokenState::Forbidden)]
    {
        let mut stage = Stage::without_token(Attendance::Attended);
        let key = stage.add(1, Customer::IdentificationFinished);
        stage.token("first");
        stage.answer(answer);
        assert_eq!(stage.token_state(), state);
        assert!(matches!(stage.step(key), StepView::PreSign { time: TimeLeft::Held { .. } }));
        stage.pass(60.0);
        assert!(stage.sent.is_empty());
    }
}

#[test]
fn a_probe_without_a_verdict_is_tried_again_by_the_retry_rule() {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.add(1, Customer::IdentificationFinished);
    stage.add(2, Customer::IdentificationFinished);
    stage.token("first");
    let problem = Problem::with_http(ProblemKind::ServerError, 500);
    stage.answer(Answer::Faulty { problem, retry_after: None });
    assert!(stage.sent.is_empty());
    stage.pass(2.0);
    assert_eq!(stage.sent.len(), 1);
    stage.answer(refused(404));
    stage.pass(2.0);
    assert_eq!(stage.token_state(), TokenState::Accepted, "404 proves the token");
    assert_eq!(stage.sent.len(), 1, "the other one goes on");
}

#[test]
fn a_401_to_an_older_token_is_simply_polled_again() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.token("second");
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.token_state(), TokenState::Unchecked);
    stage.pass(2.0);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn other_answers_in_flight_still_count_after_a_401() {
    let mut stage = Stage::new();
    let refused = stage.add(1, Customer::IdentificationFinished);
    let lucky = stage.add(2, Customer::IdentificationFinished);
    stage.answer(Answer::Unauthorized);
    stage.answer(ready());
    assert_eq!(stage.step(lucky), StepView::Ready);
    assert!(matches!(stage.step(refused), StepView::PreSign { time: TimeLeft::Held { .. } }));
}

#[test]
fn with_nobody_there_a_401_ends_the_live_watches_and_sends_nothing_more() {
    let mut stage = Stage::without_token(Attendance::Unattended);
    stage.token("only");
    let keys: Vec<Key> =
        (1..=3).map(|id| stage.add(id, Customer::IdentificationFinished)).collect();
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.outcomes(keys[0]), [Outcome::Missed(Miss::Unauthorized)]);
    assert!(stage.outcomes(keys[1]).is_empty(), "its answer is still out");
    stage.answer(ready());
    stage.answer(status("PROCESSING"));
    assert!(matches!(stage.outcomes(keys[1])[..], [Outcome::ReadyToSign { .. }]));
    assert_eq!(stage.outcomes(keys[2]), [Outcome::Missed(Miss::Unauthorized)]);
    stage.pass(600.0);
    assert!(stage.sent.is_empty());
}

#[test]
fn with_nobody_there_a_watch_that_comes_after_the_401_ends_without_a_poll() {
    let mut stage = Stage::without_token(Attendance::Unattended);
    stage.token("only");
    stage.add(1, Customer::IdentificationFinished);
    stage.answer(Answer::Unauthorized);
    let late = stage.add(2, Customer::IdentificationFinished);
    assert_eq!(stage.outcomes(late), [Outcome::Missed(Miss::Unauthorized)]);
    stage.pass(600.0);
    assert!(stage.sent.is_empty());
}

#[test]
fn three_silent_attempts_are_offline_and_one_slow_probe_finds_the_way_back() {
    let mut stage = Stage::new();
    let keys: Vec<Key> =
        (1..=5).map(|id| stage.add(id, Customer::IdentificationFinished)).collect();
    for _ in &keys {
        stage.answer(silent());
    }
    assert!(stage.desk.environments()[0].offline);
    for wait in [5.0, 10.0, 20.0, 30.0, 30.0] {
        stage.pass(wait - 0.1);
        assert!(stage.sent.is_empty(), "no probe before {wait} s");
        stage.pass(0.1);
        assert_eq!(stage.sent.len(), 1, "one probe after {wait} s");
        stage.answer(silent());
    }
    stage.pass(30.0);
    stage.answer(status("PROCESSING"));
    assert!(!stage.desk.environments()[0].offline);
    assert_eq!(stage.sent.len(), 4, "all go on");
    let StepView::PreSign { time: TimeLeft::Running { deadline, .. } } = stage.step(keys[0]) else {
        panic!("not running")
    };
    let left = deadline - stage.now.wall.as_millisecond();
    assert!(left > 295_000, "being offline is not charged, {left} ms are left");
}

#[test]
fn half_an_hour_offline_interrupts_the_watches() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let begin = stage.now.mono;
    while stage.now.mono.since(begin) < Duration::from_secs(2_000) {
        while !stage.sent.is_empty() {
            stage.answer(silent());
        }
        stage.pass(1.0);
    }
    assert_eq!(
        stage.outcomes(key),
        [Outcome::Missed(Miss::Interrupted { why: Interruption::Offline })]
    );
    assert!(!stage.desk.environments()[0].offline, "with nothing to watch nobody knows");
}

#[test]
fn with_nobody_there_being_offline_uses_up_the_cap() {
    let mut stage = Stage::without_token(Attendance::Unattended);
    stage.token("only");
    let key = stage.add(1, Customer::IdentificationFinished);
    while stage.outcomes(key).is_empty() {
        while !stage.sent.is_empty() {
            stage.answer(silent());
        }
        stage.pass(1.0);
    }
    let timed_out = Miss::TimedOut { cause: TimeoutCause::Offline };
    assert_eq!(stage.outcomes(key), [Outcome::Missed(timed_out)]);
    let elapsed = stage.now.mono.since(Mono::default()).as_secs();
    assert!((300..=302).contains(&elapsed), "at the cap, not {elapsed} s");
}

#[test]
fn a_sleep_past_the_cap_is_charged_and_one_poll_decides() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(status("PROCESSING"));
    stage.sleep(3_600);
    stage.pass(2.0);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready, "it was ready all along");
}

#[test]
fn a_sleep_through_which_the_monotonic_clock_ran_on_is_one_too() {
    for asleep_with_a_poll_out in [false, true] {
        let mut stage = Stage::new();
        let key = stage.add(1, Customer::IdentificationFinished);
        if !asleep_with_a_poll_out {
            stage.answer(status("PROCESSING"));
        }
        stage.oversleep(3_600.0);
        stage.answer(silent());
        assert!(stage.outcomes(key).is_empty(), "the network is only just coming back");
        stage.pass(2.0);
        stage.answer(ready());
        assert_eq!(stage.step(key), StepView::Ready, "it was ready all along");
    }
}

#[test]
fn every_miss_has_its_own_outcome() {
    for (answer, outcome) in [
        (status("ERROR"), Miss::Failed { status: "ERROR".into() }),
        (refused(400), rejected(400)),
        (refused(403), rejected(403)),
        (refused(404), rejected(404)),
        (refused(418), rejected(418)),
        (refused(302), rejected(302)),
    ] {
        let mut stage = Stage::new();
        let key = stage.add(1, Customer::IdentificationFinished);
        stage.answer(answer);
        assert_eq!(stage.outcomes(key), [Outcome::Missed(outcome)]);
    }
}

fn rejected(http: u16) -> Miss {
    Miss::Rejected { problem: Problem::with_http(ProblemKind::Refused, http) }
}

#[test]
fn a_watch_that_is_not_finished_in_time_says_only_that() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    while stage.outcomes(key).is_empty() {
        while !stage.sent.is_empty() {
            stage.answer(status("PROCESSING"));
        }
        stage.pass(0.5);
    }
    assert_eq!(stage.outcomes(key), [Outcome::Missed(Miss::TimedOut { cause: TimeoutCause::Cap })]);
    assert!(matches!(stage.step(key), StepView::Ended { phase: Phase::PreSign, .. }));
}

#[test]
fn nothing_is_polled_twice_at_once_whatever_people_press() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    for _ in 0..20 {
        stage.act(key, Action::CheckNow);
    }
    assert_eq!(stage.sent.len(), 1);
    stage.answer(status("PROCESSING"));
    stage.act(key, Action::CheckNow);
    assert!(stage.sent.is_empty());
    stage.pass(2.0);
    assert_eq!(stage.sent.len(), 1);
}

fn busy(seconds: u64) -> Answer {
    let problem = Problem::with_http(ProblemKind::Busy, 429);
    Answer::Faulty { problem, retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn silence_while_nothing_is_watched_does_not_lock_anybody_out() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    for _ in 0..4 {
        stage.pass(3.0);
        assert_eq!(stage.act(key, Action::NewLink), None, "it is asked");
        stage.answer(silent());
        assert!(matches!(stage.last_reply(), Some(Err(Refused::NoAnswer { .. }))));
    }
    assert!(!stage.desk.environments()[0].offline);
}

#[test]
fn a_token_that_was_entered_is_not_replaced_by_the_keyrings_late_answer() {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.token("entered");
    let old = AccessToken::from_pasted("old").expect("a token");
    for read in [Err(TokenState::Busy), Ok(old)] {
        stage.turn([Arrival::TokenRead { environment: "Test".into(), read }]);
        assert_eq!(stage.token_state(), TokenState::Unchecked);
    }
    stage.add(1, Customer::IdentificationFinished);
    assert_eq!(stage.sent[0].token, AccessToken::from_pasted("entered").expect("a token"));
}

#[test]
fn retry_after_holds_for_whatever_asks_next() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(busy(60));
    stage.act(key, Action::Stop);
    stage.act(key, Action::WatchAgain);
    stage.pass(59.9);
    assert!(stage.sent.is_empty(), "not for watching again");
    stage.pass(0.2);
    stage.answer(ready());
    stage.pass(3.0);
    stage.act(key, Action::NewLink);
    stage.answer(busy(60));
    stage.last_reply();
    stage.pass(3.0);
    assert!(matches!(stage.act(key, Action::NewLink), Some(Err(Refused::NotBefore { .. }))));
    stage.pass(60.0);
    assert_eq!(stage.act(key, Action::NewLink), None);
}

#[test]
fn a_wait_that_a_probe_was_told_is_its_own_and_the_next_probe_asks_another() {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.add(1, Customer::IdentificationFinished);
    stage.add(2, Customer::IdentificationFinished);
    stage.token("first");
    let first = stage.answer(busy(60)).user;
    stage.pass(2.0);
    assert_ne!(stage.answer(busy(60)).user, first);
    stage.pass(57.9);
    assert!(stage.sent.is_empty(), "both were told to wait");
    stage.pass(4.0);
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn a_redirect_or_an_odd_refusal_does_not_prove_a_new_token() {
    for http in [302, 405, 410] {
        let mut stage = Stage::without_token(Attendance::Attended);
        let odd = stage.add(1, Customer::IdentificationFinished);
        stage.add(2, Customer::IdentificationFinished);
        stage.token("first");
        stage.answer(refused(http));
        assert_eq!(stage.outcomes(odd).len(), 1, "{http} ends its own watch");
        assert_eq!(stage.token_state(), TokenState::Unchecked, "{http}");
        assert!(stage.sent.is_empty());
        stage.pass(2.0);
        stage.answer(refused(404));
        assert_eq!(stage.token_state(), TokenState::Accepted);
    }
}

#[test]
fn a_sleep_while_offline_is_followed_by_a_poll_and_not_by_the_end() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    for wait in [2.0, 4.0, 0.0] {
        stage.answer(silent());
        stage.pass(wait);
    }
    assert!(stage.desk.environments()[0].offline);
    stage.oversleep(3.0 * 3_600.0);
    assert!(stage.outcomes(key).is_empty());
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn nobody_waits_for_a_poll_that_the_gateway_put_off() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    for wait in [200, 3_000] {
        stage.answer(busy(wait));
        assert!(matches!(stage.act(key, Action::NewLink), Some(Err(Refused::NotBefore { .. }))));
        stage.act(key, Action::Stop);
        stage.pass(200.0);
        stage.act(key, Action::WatchAgain);
    }
}
