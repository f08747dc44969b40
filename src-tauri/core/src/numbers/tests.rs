use std::time::Duration;

use super::*;
use crate::{
    enrollment::{How, Problem, ProblemKind, Status, TimeoutCause},
    gateway::{Answer, StatusAnswer},
};

/// Midnight by somebody's clock.
fn midnight() -> Timestamp {
    "2026-11-26T22:00:00Z".parse().expect("a time")
}

/// A line so many seconds after midnight.
fn line(second: i64, event: Event) -> Entry {
    let at = midnight() + jiff::SignedDuration::from_secs(second);
    Entry { seq: 1, at, by: None, event }
}

fn stated(second: i64, says: Says) -> Entry {
    line(second, Event::Stated { says, how: How::Button })
}

fn ended(second: i64, phase: Phase, result: Outcome) -> Entry {
    line(second, Event::Ended { phase, result: Box::new(result), polls: 3 })
}

fn ready(second: i64) -> Entry {
    let host = "sign.example.bg".to_owned();
    ended(second, Phase::PreSign, Outcome::ReadyToSign { host })
}

fn signed(second: i64) -> Entry {
    ended(second, Phase::PostSign, Outcome::Signed)
}

fn timed_out(second: i64, phase: Phase) -> Entry {
    let miss = Miss::TimedOut { cause: TimeoutCause::Cap };
    ended(second, phase, Outcome::Missed(miss))
}

/// The day of these enrollments.
fn day(enrollments: &[&[Entry]]) -> Day {
    let mut tally = Tally::since(midnight());
    for timeline in enrollments {
        tally.add(*timeline);
    }
    tally.sum_up()
}

/// The day of enrollments that were ready after so many seconds.
fn ready_after(seconds: &[i64]) -> Day {
    let identified = || stated(0, Says::IdentificationFinished);
    let all: Vec<_> = seconds.iter().map(|second| [identified(), ready(*second)]).collect();
    day(&all.iter().map(<[Entry; 2]>::as_slice).collect::<Vec<_>>())
}

#[test]
fn a_day_on_which_nothing_happened_has_no_medians() {
    let nothing = day(&[&[stated(5, Says::IdentificationFinished)]]);
    assert_eq!((nothing.signed, nothing.hours.len()), (0, 0));
    assert_eq!((nothing.pre_sign.median_ms, nothing.post_sign.median_ms), (None, None));
    assert!(nothing.pre_sign.bars.iter().all(|bar| bar.customers == 0));
}

#[test]
fn the_median_is_the_middle_one_or_the_mean_of_the_two_in_the_middle() {
    assert_eq!(ready_after(&[7]).pre_sign.median_ms, Some(7_000));
    assert_eq!(ready_after(&[200, 10, 30]).pre_sign.median_ms, Some(30_000));
    assert_eq!(ready_after(&[200, 10, 31, 20]).pre_sign.median_ms, Some(25_500));
}

#[test]
fn each_time_stands_in_one_bar() {
    let bars = ready_after(&[1, 30, 31, 180, 601, 86_000]).pre_sign.bars;
    let bars: Vec<_> = bars.iter().map(|bar| (bar.upto_ms, bar.customers)).collect();
    let expected = [
        (Some(30_000), 2),
        (Some(60_000), 1),
        (Some(120_000), 0),
        (Some(180_000), 1),
        (Some(300_000), 0),
        (Some(600_000), 0),
        (None, 2),
    ];
    assert_eq!(bars, expected);
}

#[test]
fn what_ended_before_midnight_is_another_days_and_what_only_began_there_is_todays() {
    let yesterday = [
        stated(-120, Says::IdentificationFinished),
        ready(-60),
        stated(-50, Says::SigningFinished),
        signed(-1),
    ];
    assert_eq!(day(&[&yesterday]), day(&[]));
    let overnight = [timed_out(-90, Phase::PreSign), stated(-20, Says::SigningFinished), signed(0)];
    let day = day(&[&overnight]);
    assert_eq!((day.signed, day.hours), (1, vec![1]));
    assert_eq!((day.post_sign.median_ms, day.pre_sign.timed_out), (Some(20_000), 0));
}

#[test]
fn an_enrollment_that_was_watched_again_twice_counts_once_from_its_statement() {
    let again = [
        stated(10, Says::IdentificationFinished),
        timed_out(310, Phase::PreSign),
        timed_out(620, Phase::PreSign),
        ready(640),
        // A new link was fetched for it.
        ready(700),
        stated(800, Says::SigningFinished),
        timed_out(1_100, Phase::PostSign),
        signed(1_110),
    ];
    let day = day(&[&again]);
    assert_eq!((day.pre_sign.timed_out, day.post_sign.timed_out, day.signed), (2, 1, 1));
    assert_eq!(day.pre_sign.median_ms, Some(630_000));
    assert_eq!(day.post_sign.median_ms, Some(310_000));
}

#[test]
fn what_a_single_poll_found_out_counts_and_tells_no_time() {
    let found = [ready(10), ended(7_300, Phase::PreSign, Outcome::Signed)];
    let day = day(&[&found]);
    assert_eq!(day.hours, [0, 0, 1]);
    assert_eq!((day.pre_sign.median_ms, day.post_sign.median_ms), (None, None));
}

#[test]
fn the_day_has_no_hour_beyond_its_longest() {
    let late = [signed(90_000_000)];
    assert_eq!(day(&[&late]).hours.len(), LONGEST_DAY);
}

#[test]
fn a_clock_that_was_set_back_makes_no_time_negative() {
    let back = [stated(100, Says::IdentificationFinished), ready(40)];
    assert_eq!(day(&[&back]).pre_sign.median_ms, Some(0));
}

fn status() -> Answer {
    let status = Status::from_gateway(Some("PROCESSING"));
    Answer::Status(StatusAnswer { status, url: None, message: None })
}

#[test]
fn answers_count_by_tenths_of_a_second_and_what_brought_none_has_no_time() {
    let mut asked = Asked::since(midnight());
    for ms in [0, 40, 105, 150, 205, 990, 30_000] {
        asked.add(&status(), Duration::from_millis(ms));
    }
    let failed = Problem::with_http(ProblemKind::ServerError, 503);
    let faulty = Answer::Faulty { problem: failed, retry_after: None };
    asked.add(&faulty, Duration::from_millis(60));
    let silent = Answer::Silent(Problem::new(ProblemKind::Timeout));
    asked.add(&silent, Duration::from_secs(10));
    let answers = asked.sum_up();
    assert_eq!((answers.polls, answers.errors), (9, 2));
    let bars: Vec<_> = answers.bars.iter().map(|bar| (bar.upto_ms, bar.answers)).collect();
    let expected =
        [(100, 4), (200, 2), (300, 0), (500, 0), (1_000, 1), (2_000, 0), (5_000, 0), (10_000, 1)];
    assert_eq!(bars, expected);
    assert_eq!((answers.median_ms, answers.p95_ms), (Some(100), Some(10_000)));
}

#[test]
fn a_gateway_that_never_answered_has_no_times() {
    let mut asked = Asked::since(midnight());
    assert_eq!(asked.sum_up().median_ms, None);
    asked.add(&Answer::Silent(Problem::new(ProblemKind::Connect)), Duration::ZERO);
    let answers = asked.sum_up();
    assert_eq!((answers.polls, answers.errors, answers.p95_ms), (1, 1, None));
}
