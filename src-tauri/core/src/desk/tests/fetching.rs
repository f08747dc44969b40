//! The token command: when it runs, and what becomes of what it brings.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::*;
use crate::desk::{
    Person,
    view::{CommandView, PolicyView},
};

fn commanded(attendance: Attendance) -> Stage {
    let command = TokenCommand::new(&["/usr/bin/made-up".into()]).expect("a command");
    let mut stage = Stage::with(attendance, Some(command));
    stage.turn([]);
    stage
}

/// A JWT that says that it ends so many seconds after the beginning.
fn jwt(nth: u32, exp: i64) -> AccessToken {
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"exp":{exp}}}"#));
    AccessToken::from_pasted(&format!("e30.{claims}.{nth}")).expect("a token")
}

fn opaque(text: &str) -> AccessToken {
    AccessToken::from_pasted(text).expect("a token")
}

impl Stage {
    /// The run that is out ends.
    fn fetched(&mut self, result: Result<AccessToken, FetchError>) {
        assert_eq!(self.fetches, [0], "one run is out");
        self.fetches.clear();
        self.turn([Arrival::TokenFetched { environment: 0, result }]);
    }

    fn run_again(&mut self) {
        self.turn([Arrival::FetchToken { environment: "Test".into() }]);
    }

    fn command(&self) -> CommandView {
        self.desk.environments()[0].token.command.clone().expect("a command")
    }

    /// How long it takes until the next run begins, in seconds; `None` where none does in a day.
    fn until_fetch(&mut self) -> Option<u64> {
        let began = self.now.mono;
        while self.fetches.is_empty() {
            self.pass(1.0);
            if self.now.mono.since(began) > Duration::from_secs(86_400) {
                return None;
            }
        }
        Some(self.now.mono.since(began).as_secs())
    }
}

const FAILS: FetchError = FetchError::Failed { status: Some(1) };

#[test]
fn it_runs_at_the_start_and_its_token_is_kept_in_memory() {
    let mut stage = commanded(Attendance::Attended);
    assert_eq!(stage.token_state(), TokenState::Reading);
    assert!(stage.command().running);
    let key = stage.add(1, Customer::IdentificationFinished);
    assert!(stage.sent.is_empty(), "without a token nothing is sent");
    stage.fetched(Ok(opaque("first")));
    let view = &stage.desk.environments()[0].token;
    assert!(view.session_only && !stage.command().running);
    assert_eq!(stage.command().fetched, Some(stage.now.wall.as_millisecond()));
    assert_eq!(stage.sent.len(), 1, "a probe");
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn what_a_keyring_tells_counts_for_nothing_beside_it() {
    let mut stage = commanded(Attendance::Attended);
    for read in [Ok(opaque("old")), Err(TokenState::Missing)] {
        stage.turn([Arrival::TokenRead { environment: "Test".into(), read }]);
        assert_eq!(stage.token_state(), TokenState::Reading);
    }
    stage.fetched(Ok(opaque("first")));
    assert_eq!(stage.token_state(), TokenState::Unchecked);
}

#[test]
fn a_token_is_replaced_when_four_fifths_of_its_life_are_over() {
    let mut stage = commanded(Attendance::Attended);
    stage.fetched(Ok(jwt(1, 3_600)));
    assert_eq!(stage.until_fetch(), Some(2_880));
    stage.fetched(Ok(jwt(2, 2_880 + 3_600)));
    stage.sleep(3_000);
    assert_eq!(stage.until_fetch(), Some(30), "time asleep counts");
}

#[test]
fn one_that_says_nothing_of_its_end_or_only_its_past_is_not_replaced_by_the_clock() {
    for token in [opaque("opaque"), jwt(1, -5), jwt(1, 0)] {
        let mut stage = commanded(Attendance::Attended);
        stage.fetched(Ok(token));
        assert_eq!(stage.until_fetch(), None);
    }
}

#[test]
fn a_token_of_a_moment_does_not_make_it_run_all_the_time() {
    let mut stage = commanded(Attendance::Attended);
    stage.fetched(Ok(jwt(1, 2)));
    assert_eq!(stage.until_fetch(), Some(30));
}

#[test]
fn a_run_that_brought_nothing_is_tried_again_ever_later() {
    let mut stage = commanded(Attendance::Attended);
    let mut waits = Vec::new();
    for _ in 0..7 {
        stage.fetched(Err(FAILS));
        assert_eq!(stage.token_state(), TokenState::Missing);
        assert_eq!(stage.command().problem, Some(FAILS));
        waits.extend(stage.until_fetch());
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 600, 600]);
    stage.fetched(Ok(opaque("at-last")));
    assert_eq!(stage.command().problem, None);
}

#[test]
fn a_renewal_that_fails_leaves_the_token_that_is_there() {
    let mut stage = commanded(Attendance::Attended);
    stage.fetched(Ok(jwt(1, 3_600)));
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.until_fetch();
    stage.fetched(Err(FetchError::TimedOut));
    assert_eq!(stage.token_state(), TokenState::Accepted);
    assert_eq!(stage.command().problem, Some(FetchError::TimedOut));
    assert_eq!(stage.step(key), StepView::Ready);
    assert_eq!(stage.until_fetch(), Some(30));
}

/// A desk whose watch has an accepted token, and asks once more.
fn watching(attendance: Attendance) -> (Stage, Key) {
    let mut stage = commanded(attendance);
    stage.fetched(Ok(opaque("first")));
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(status("PROCESSING"));
    stage.pass(5.0);
    (stage, key)
}

#[test]
fn a_401_has_one_run_and_a_second_one_needs_a_person() {
    let (mut stage, key) = watching(Attendance::Attended);
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.token_state(), TokenState::Refused);
    assert!(stage.until_fetch().is_some_and(|s| s <= 30));
    stage.fetched(Ok(opaque("second")));
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.token_state(), TokenState::Refused);
    assert_eq!(stage.until_fetch(), None, "the fresh one was refused as well");
    assert!(matches!(stage.step(key), StepView::PreSign { time: TimeLeft::Held { .. } }));

    stage.run_again();
    stage.fetched(Ok(opaque("third")));
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.until_fetch(), None, "and so was what a person asked for");

    stage.run_again();
    stage.run_again();
    stage.fetched(Ok(opaque("fourth")));
    stage.answer(status("PROCESSING"));
    stage.pass(5.0);
    stage.answer(Answer::Unauthorized);
    assert!(stage.until_fetch().is_some(), "an accepted token has its run again");
}

#[test]
fn a_run_after_a_401_that_brings_nothing_is_not_tried_again_by_itself() {
    let (mut stage, _) = watching(Attendance::Attended);
    stage.answer(Answer::Unauthorized);
    stage.until_fetch();
    stage.fetched(Err(FAILS));
    assert_eq!(stage.token_state(), TokenState::Refused);
    assert_eq!(stage.until_fetch(), None);
}

#[test]
fn gateways_that_take_a_token_and_refuse_it_again_do_not_make_it_run_all_the_time() {
    let (mut stage, _) = watching(Attendance::Attended);
    let mut last = stage.now.mono;
    for nth in 0..5 {
        stage.answer(Answer::Unauthorized);
        stage.until_fetch();
        let apart = stage.now.mono.since(last).as_secs();
        assert!(nth == 0 || apart >= 30, "{apart} s");
        last = stage.now.mono;
        stage.fetched(Ok(opaque(&format!("token-{nth}"))));
        stage.answer(status("PROCESSING"));
        stage.pass(5.0);
    }
}

#[test]
fn a_run_that_is_out_when_the_401_comes_is_its_run() {
    let (mut stage, _) = watching(Attendance::Attended);
    stage.run_again();
    stage.answer(Answer::Unauthorized);
    stage.fetched(Ok(opaque("second")));
    assert_eq!(stage.token_state(), TokenState::Unchecked);
    stage.pass(5.0);
    stage.answer(Answer::Unauthorized);
    assert_eq!(stage.until_fetch(), None);
}

#[test]
fn what_somebody_pasted_meanwhile_stays() {
    let mut stage = commanded(Attendance::Attended);
    stage.token("pasted");
    stage.fetched(Ok(opaque("late")));
    stage.add(1, Customer::IdentificationFinished);
    assert_eq!(stage.sent[0].token, opaque("pasted"));
}

#[test]
fn after_forgetting_it_runs_only_when_somebody_says_so() {
    let mut stage = commanded(Attendance::Attended);
    stage.fetched(Ok(jwt(1, 3_600)));
    stage.turn([Arrival::TokenForgotten { environment: "Test".into() }]);
    assert_eq!(stage.until_fetch(), None);
    stage.run_again();
    stage.fetched(Ok(opaque("second")));
    assert_eq!(stage.token_state(), TokenState::Unchecked);
}

#[test]
fn with_nobody_there_a_401_has_one_run_before_the_watches_end() {
    for (result, goes_on) in [(Ok(opaque("second")), true), (Err(FAILS), false)] {
        let (mut stage, key) = watching(Attendance::Unattended);
        stage.answer(Answer::Unauthorized);
        assert!(stage.outcomes(key).is_empty(), "the run may bring another one");
        stage.until_fetch();
        stage.fetched(result);
        if goes_on {
            stage.answer(Answer::Unauthorized);
        }
        assert_eq!(stage.outcomes(key), [Outcome::Missed(Miss::Unauthorized)]);
        stage.pass(600.0);
        assert!(stage.sent.is_empty() && stage.fetches.is_empty());
    }
}

#[test]
fn with_nobody_there_and_no_token_at_the_start_nothing_waits() {
    let mut stage = commanded(Attendance::Unattended);
    let key = stage.add(1, Customer::IdentificationFinished);
    assert!(stage.outcomes(key).is_empty());
    stage.fetched(Err(FAILS));
    assert_eq!(stage.outcomes(key), [Outcome::Missed(Miss::Unauthorized)]);
}

#[test]
fn an_environment_without_a_command_runs_none() {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.run_again();
    assert!(stage.fetches.is_empty());
    assert_eq!(stage.desk.environments()[0].token.command, None);
}

#[test]
fn after_the_end_of_a_shift_no_token_comes_back_before_the_next_person_does() {
    let mut stage = commanded(Attendance::Attended);
    let policy = PolicyView { asks_operator: true, ..PolicyView::default() };
    stage.desk = stage.desk.with_policy(policy);
    let comes = |stage: &mut Stage| {
        let does = Person::Comes { name: "Мария Петрова".into() };
        stage.turn([Arrival::Person { ticket: Ticket(7), does }]);
    };
    comes(&mut stage);
    stage.fetched(Ok(jwt(1, 3_600)));
    stage.until_fetch();
    // The shift ends while a run is out, and what it brings belongs to nobody any more.
    stage.turn([Arrival::Person { ticket: Ticket(8), does: Person::EndsShift }]);
    stage.fetched(Ok(jwt(2, 7_200)));
    assert_eq!(stage.token_state(), TokenState::Missing);
    assert_eq!(stage.until_fetch(), None);
    comes(&mut stage);
    stage.fetched(Ok(jwt(3, 90_000)));
    assert_eq!(stage.token_state(), TokenState::Unchecked);
}
