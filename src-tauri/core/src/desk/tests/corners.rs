//! What only comes about when several things go wrong at once.

use super::*;

fn busy(seconds: u64) -> Answer {
    let problem = Problem::with_http(ProblemKind::Busy, 429);
    Answer::Faulty { problem, retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn where_no_watch_may_be_asked_any_more_nobody_waits_for_a_probe() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(busy(100_000));
    stage.turn([Arrival::NoToken { environment: "Test".into(), state: TokenState::Missing }]);
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
