//! Each scenario, told in seconds since the first poll.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::enrollment::Answer;

const BASE: &str = "http://127.0.0.1:4000";
const SIGNABLE: &str = "SIGN_SESSION_ID_SUCCESSFULLY_CREATED";

/// A world, a token for it, and the story told against them.
struct Story {
    world: World,
    token: String,
}

impl Story {
    fn at(pace: Pace) -> Self {
        let tokens = Tokens::lasting(Duration::from_secs(3_600));
        let mut world = World::new(BASE.to_owned(), pace, tokens);
        let token = world.issue_token(moment(0.0));
        Self { world, token }
    }

    fn new() -> Self {
        Self::at(Pace::Real)
    }

    fn poll(&mut self, id: u32, seconds: f64) -> Reply {
        self.ask(&id.to_string(), "0", "true", seconds)
    }

    fn ask(&mut self, id: &str, user_type: &str, flag: &str, seconds: f64) -> Reply {
        let call = Call { id, user_type, identification_completed: flag };
        self.world.poll(Some(&self.token), &call, moment(seconds))
    }

    fn answer(&mut self, id: u32, seconds: f64) -> Answer {
        let reply = self.poll(id, seconds);
        let Reply::Status(answer) = reply else { panic!("{reply:?} instead of a status") };
        answer
    }

    fn status(&mut self, id: u32, seconds: f64) -> &'static str {
        self.answer(id, seconds).status
    }

    /// The session of the link that this poll answers with.
    fn session(&mut self, id: u32, seconds: f64) -> String {
        let url = self.answer(id, seconds).url.expect("a link");
        let session = url.strip_prefix("http://127.0.0.1:4000/sign/");
        session.expect("a link to the sandbox").to_owned()
    }

    fn sign(&mut self, session: &str, seconds: f64) -> Result<(), Closed> {
        self.world.sign(session, moment(seconds))
    }

    fn http(&mut self, id: u32, seconds: f64) -> u16 {
        self.poll(id, seconds).http()
    }
}

fn moment(seconds: f64) -> Timestamp {
    Timestamp::constant(1_800_000_000, 0) + SignedDuration::from_secs_f64(seconds)
}

#[test]
fn fast_is_ready_after_four_seconds_and_confirmed_three_after_signing() {
    let mut story = Story::new();
    assert_eq!(story.status(1000, 0.0), "STARTED");
    assert_eq!(story.status(1000, 1.0), "PROCESSING");
    assert_eq!(story.status(1000, 3.9), "PROCESSING");
    let session = story.session(1000, 4.0);

    assert_eq!(story.status(1000, 30.0), SIGNABLE);
    assert_eq!(story.sign(&session, 30.0), Ok(()));
    assert_eq!(story.status(1000, 32.9), SIGNABLE);
    let signed = story.answer(1000, 33.0);
    assert_eq!((signed.status, signed.url), ("DOCUMENT_SIGN_SUCCESS", None));
}

#[test]
fn time_decides_and_not_the_number_of_polls() {
    let mut story = Story::new();
    for _ in 0..50 {
        assert_eq!(story.status(1000, 0.5), "STARTED");
    }
    assert_eq!(story.status(1000, 500.0), SIGNABLE);
}

#[test]
fn quick_takes_a_tenth() {
    let mut story = Story::at(Pace::Quick);
    assert_eq!(story.status(1000, 0.0), "STARTED");
    assert_eq!(story.status(1000, 0.39), "PROCESSING");
    let session = story.session(1000, 0.4);
    assert_ne!(story.session(1000, 6.4), session);
    assert_eq!(story.sign(&session, 7.0), Ok(()));
    assert_eq!(story.status(1000, 7.3), "DOCUMENT_SIGN_SUCCESS");
}

#[test]
fn ids_of_no_scenario_are_fast() {
    for id in [1, 999, 10_000, 2_147_483_647] {
        let mut story = Story::new();
        assert_eq!(story.status(id, 0.0), "STARTED");
        assert_eq!(story.status(id, 4.0), SIGNABLE);
    }
}

#[test]
fn slow_takes_its_time() {
    let mut story = Story::new();
    story.poll(2999, 0.0);
    assert_eq!(story.status(2999, 39.0), "PROCESSING");
    let session = story.session(2999, 40.0);
    assert_eq!(story.sign(&session, 50.0), Ok(()));
    assert_eq!(story.status(2999, 69.0), SIGNABLE);
    assert_eq!(story.status(2999, 70.0), "DOCUMENT_SIGN_SUCCESS");
}

#[test]
fn a_link_is_replaced_after_a_minute_and_the_older_one_still_signs() {
    let mut story = Story::new();
    story.poll(1000, 0.0);
    let first = story.session(1000, 4.0);
    assert_eq!(story.session(1000, 63.9), first);
    let second = story.session(1000, 64.0);
    assert_ne!(first, second);

    assert_eq!(story.sign(&first, 70.0), Ok(()));
    assert_eq!(story.sign(&second, 71.0), Err(Closed::Signed));
    assert_eq!(story.status(1000, 73.0), "DOCUMENT_SIGN_SUCCESS");
}

#[test]
fn a_signature_stands() {
    let mut story = Story::new();
    story.poll(1000, 0.0);
    let session = story.session(1000, 4.0);
    assert!(story.world.visit(&session).is_ok());
    assert_eq!(story.sign(&session, 5.0), Ok(()));
    assert_eq!(story.sign(&session, 6.0), Err(Closed::Signed));
    assert_eq!(story.world.refuse(&session), Err(Closed::Signed));
    assert_eq!(story.world.visit(&session), Err(Closed::Signed));
    assert_eq!(story.status(1000, 8.0), "DOCUMENT_SIGN_SUCCESS");
}

#[test]
fn refusing_to_sign_is_an_error_with_a_message() {
    let mut story = Story::new();
    story.poll(1000, 0.0);
    let session = story.session(1000, 4.0);
    assert_eq!(story.world.refuse(&session), Ok(()));
    let answer = story.answer(1000, 5.0);
    assert_eq!(answer.status, "ERROR");
    assert!(answer.message.is_some());
    assert_eq!(story.sign(&session, 6.0), Err(Closed::Refused));
}

#[test]
fn an_unknown_session_signs_nothing() {
    let mut story = Story::new();
    assert_eq!(story.world.visit("0"), Err(Closed::Unknown));
    assert_eq!(story.sign("0", 1.0), Err(Closed::Unknown));
    assert_eq!(story.world.refuse("0"), Err(Closed::Unknown));
}

#[test]
fn individual_and_merchant_of_one_id_are_two_enrollments() {
    let mut story = Story::new();
    story.poll(1000, 0.0);
    let session = story.session(1000, 4.0);
    assert_eq!(story.sign(&session, 4.0), Ok(()));
    let merchant = story.ask("1000", "1", "true", 100.0);
    assert!(matches!(merchant, Reply::Status(Answer { status: "STARTED", .. })), "{merchant:?}");
}

#[test]
fn identification_fails_after_five_seconds() {
    let mut story = Story::new();
    story.poll(3000, 0.0);
    assert_eq!(story.status(3000, 4.9), "PROCESSING");
    let answer = story.answer(3000, 5.0);
    assert_eq!((answer.status, answer.url), ("ERROR", None));
}

#[test]
fn not_found_comes_in_three_shapes() {
    let mut story = Story::new();
    assert!(matches!(story.poll(4000, 0.0), Reply::Problem { http: 404, .. }));
    assert_eq!(story.poll(4001, 0.0), Reply::BlankProblem { http: 404 });
    assert!(matches!(story.poll(4002, 0.0), Reply::LegacyProblem { http: 404, .. }));
    assert_eq!(story.http(4399, 0.0), 404);
}

#[test]
fn bad_request_and_forbidden_stay_so() {
    let mut story = Story::new();
    for seconds in [0.0, 100.0] {
        assert_eq!(story.http(4400, seconds), 400);
        assert_eq!(story.http(4699, seconds), 400);
        assert_eq!(story.poll(4700, seconds), Reply::Forbidden);
        assert_eq!(story.poll(4999, seconds), Reply::Forbidden);
    }
}

#[test]
fn three_server_errors_then_fast() {
    let mut story = Story::new();
    for seconds in [0.0, 2.0, 6.0] {
        assert_eq!(story.poll(5000, seconds), Reply::ServerError);
    }
    assert_eq!(story.status(5000, 9.9), "PROCESSING");
    assert_eq!(story.status(5000, 10.0), SIGNABLE);
}

#[test]
fn an_unknown_status_for_ten_seconds_then_fast() {
    let mut story = Story::new();
    assert_eq!(story.status(6000, 0.0), "AWAITING_OPERATOR_REVIEW");
    assert_eq!(story.status(6000, 9.9), "AWAITING_OPERATOR_REVIEW");
    assert_eq!(story.status(6000, 10.0), "PROCESSING");
    assert_eq!(story.status(6000, 14.0), SIGNABLE);
}

#[test]
fn never_finishes() {
    let mut story = Story::new();
    story.poll(7000, 0.0);
    assert_eq!(story.status(7000, 3_000.0), "PROCESSING");
}

#[test]
fn the_first_token_is_revoked_after_six_seconds_and_a_new_one_goes_on() {
    let mut story = Story::new();
    story.poll(8000, 0.0);
    story.poll(8001, 1.0);
    assert_eq!(story.status(8000, 5.9), "PROCESSING");
    assert_eq!(story.poll(8000, 6.0), Reply::Unauthorized);
    assert_eq!(story.http(1000, 6.0), 401, "the token, not the enrollment");

    story.token = story.world.issue_token(moment(7.0));
    assert_eq!(story.status(8000, 9.9), "PROCESSING");
    assert_eq!(story.status(8001, 9.9), "PROCESSING", "it came to rest");
    assert_eq!(story.status(8000, 10.0), SIGNABLE);
}

#[test]
fn a_strange_link_leads_to_no_session() {
    let mut story = Story::new();
    story.poll(9000, 0.0);
    let url = story.answer(9000, 4.0).url.expect("a link");
    let session = url.strip_prefix("https://sign.example.net/session/");
    let session = session.expect("a link to a stranger");
    assert_eq!(story.world.visit(session), Err(Closed::Unknown));
}

#[test]
fn busy_twice_then_fast() {
    let mut story = Story::new();
    assert_eq!(story.poll(9500, 0.0), Reply::Busy { retry_after: 4 });
    assert_eq!(story.poll(9500, 4.0), Reply::Busy { retry_after: 4 });
    assert_eq!(story.status(9500, 7.9), "PROCESSING");
    assert_eq!(story.status(9500, 8.0), SIGNABLE);
    let mut quick = Story::at(Pace::Quick);
    assert_eq!(quick.poll(9500, 0.0), Reply::Busy { retry_after: 1 });
}

#[test]
fn the_token_is_checked_before_the_parameters() {
    let mut story = Story::new();
    let good = std::mem::replace(&mut story.token, "nonsense".to_owned());
    assert_eq!(story.ask("x", "9", "no", 0.0), Reply::Unauthorized);
    story.token = good;
    assert_eq!(story.ask("x", "9", "no", 0.0).http(), 400);
}

#[test]
fn identification_that_is_not_completed_is_a_bad_request() {
    let mut story = Story::new();
    assert_eq!(story.ask("1000", "0", "false", 0.0).http(), 400);
    assert_eq!(story.ask("1000", "0", "true", 1.0).http(), 200);
}

#[test]
fn a_clock_that_is_set_back_takes_nothing_away() {
    let mut story = Story::new();
    story.poll(1000, 100.0);
    let session = story.session(1000, 104.0);
    assert_eq!(story.session(1000, 1.0), session);
}

#[test]
fn polls_that_named_a_user_are_kept_up_to_a_bound() {
    let mut story = Story::new();
    story.ask("x", "0", "true", 0.0);
    story.ask("4700", "1", "true", 1.0);
    assert_eq!(story.world.polls(), [Poll { id: 4700, user_type: 1, at: moment(1.0), http: 403 }]);
    for _ in 0..POLLS_KEPT {
        story.poll(7000, 2.0);
    }
    let polls = story.world.polls();
    assert_eq!(polls.len(), POLLS_KEPT);
    assert!(polls.iter().all(|poll| poll.id == 7000));
}
