//! The contract's rules, read as stories of one watch.

mod edges;

use std::time::Duration;

use super::{Clock, Next, Pace, Shift, Watch};
use crate::{
    enrollment::{Phase, TimeoutCause},
    time::Mono,
};

fn at(seconds: f64) -> Mono {
    Mono::since_start(Duration::from_secs_f64(seconds))
}

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn watch(interval: f64, cap: f64) -> Watch {
    let pace = Pace::new(interval, cap, false).expect("within the contract");
    Watch::new(Phase::PreSign, pace, at(0.0), None, at(0.0), Shift::NONE)
}

/// Polls with good answers after `answer` seconds until the watch ends; returns the sends.
fn play(watch: &mut Watch, answer: f64) -> Vec<f64> {
    let mut sends = Vec::new();
    loop {
        let due = watch.due().expect("a live watch that is not held is due");
        watch.sent(due);
        sends.push(due.since(at(0.0)).as_secs_f64());
        assert!(watch.due().is_none(), "never two requests in flight");
        if let Next::TimedOut(cause) = watch.waits(due + secs(answer)) {
            assert_eq!(cause, TimeoutCause::Cap);
            return sends;
        }
    }
}

#[test]
fn gaps_are_measured_from_send_to_send_and_a_poll_at_the_cap_is_the_last() {
    for interval in [2.0, 2.5, 3.0, 4.0, 5.0] {
        for cap in [120.0, 121.3, 124.9, 177.7, 300.0] {
            for answer in [0.0, 0.1, 0.6, 1.0, 1.5, 1.9] {
                let sends = play(&mut watch(interval, cap), answer);
                let gaps: Vec<f64> = sends.windows(2).map(|w| w[1] - w[0]).collect();
                let last = sends[sends.len() - 1];
                let told = format!("{interval} s, {cap} s, {answer} s: {gaps:?}, {last}");
                // Two seconds after a slow answer may lie beyond the cap.
                assert!((cap - 1e-6..=cap + answer + 1e-6).contains(&last), "{told}");
                assert!(answer > 0.1 || last - cap < 1e-6, "{told}");
                let within = |gap: &f64| (1.999_999..=5.000_001).contains(gap);
                assert!(gaps.iter().all(within), "{told}");
            }
        }
    }
}

#[test]
fn ticks_do_not_stretch_the_rhythm() {
    let mut watch = watch(3.0, 300.0);
    for nth in 0..20 {
        let moment = 3.0 * f64::from(nth);
        assert_eq!(watch.due(), Some(at(moment)));
        watch.sent(at(moment + 0.09));
        watch.waits(at(moment + 0.2));
    }
    watch.sent(at(60.2));
    watch.waits(at(60.3));
    assert_eq!(watch.due(), Some(at(63.2)), "beyond a tick it was late, and counts as it was sent");
}

#[test]
fn a_poll_that_left_late_keeps_the_shortest_gap_all_the_same() {
    let mut watch = watch(2.0, 300.0);
    watch.sent(at(0.1));
    watch.waits(at(0.1));
    assert_eq!(watch.due(), Some(at(2.1)));
}

#[test]
fn the_longest_interval_leaves_room_for_a_tick() {
    let pace = Pace::new(5.0, 300.0, false).expect("within the contract");
    let mut watch = Watch::new(Phase::PreSign, pace, at(0.0), None, at(0.0), Shift::NONE);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    assert_eq!(watch.due(), Some(at(4.9)));
}

#[test]
fn an_answer_that_outlasts_the_gap_counts_from_the_answer() {
    let mut watch = watch(3.0, 300.0);
    watch.sent(at(0.0));
    watch.waits(at(4.0));
    assert_eq!(watch.due(), Some(at(7.0)));
}

#[test]
fn an_answer_and_the_next_poll_are_never_closer_than_the_shortest_gap() {
    let mut watch = watch(3.0, 300.0);
    watch.sent(at(0.0));
    watch.waits(at(2.5));
    assert_eq!(watch.due(), Some(at(4.5)));
}

#[test]
fn failures_back_off_from_the_failure_and_a_good_answer_ends_that() {
    let mut watch = watch(3.0, 300.0);
    let mut now = 0.0;
    for delay in [2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
        watch.sent(at(now));
        let failed = now + 0.5;
        assert_eq!(watch.fails(at(failed), None, false), Next::Goes { retry: Some(secs(delay)) });
        now = failed + delay;
        assert_eq!(watch.due(), Some(at(now)));
    }
    watch.sent(at(now));
    watch.waits(at(now + 0.1));
    assert_eq!(watch.due(), Some(at(now + 3.0)));
    watch.sent(at(now + 3.0));
    assert_eq!(watch.fails(at(now + 3.0), None, true), Next::Goes { retry: Some(secs(2.0)) });
}

#[test]
fn retry_after_is_never_undercut_and_shorter_ones_do_not_hurry() {
    let mut watch = watch(3.0, 300.0);
    watch.sent(at(0.0));
    watch.fails(at(1.0), Some(secs(20.0)), false);
    assert_eq!(watch.due(), Some(at(21.0)));
    watch.hasten(at(5.0));
    assert_eq!(watch.due(), Some(at(21.0)), "not even when somebody asks for a poll now");
    watch.sent(at(21.0));
    watch.fails(at(21.0), Some(secs(1.0)), false);
    assert_eq!(watch.due(), Some(at(25.0)), "the second failure's own delay is longer");
}

#[test]
fn retry_after_beyond_the_cap_ends_the_watch_there_without_a_last_poll() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    assert_eq!(watch.fails(at(1.0), Some(secs(600.0)), false), Next::Goes { retry: None });
    assert_eq!(watch.due(), Some(at(120.0)));
    assert_eq!(watch.ends_unasked(), Some(TimeoutCause::RetryAfter));
}

#[test]
fn a_back_off_that_would_pass_the_cap_polls_at_the_cap() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    for now in [100.0, 103.0] {
        watch.fails(at(now), None, false);
        watch.sent(at(now + 1.0));
    }
    watch.fails(at(113.0), None, false);
    assert_eq!(watch.due(), Some(at(120.0)));
    watch.sent(at(120.0));
    assert_eq!(watch.fails(at(120.5), None, false), Next::TimedOut(TimeoutCause::Cap));
}

#[test]
fn an_answer_past_the_cap_ends_the_watch() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.sent(at(119.0));
    assert_eq!(watch.waits(at(125.0)), Next::TimedOut(TimeoutCause::Cap));
}

#[test]
fn a_pause_is_not_charged_and_the_time_left_stands_still() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.hold(at(1.0), false);
    assert_eq!((watch.due(), watch.clock()), (None, Clock::Stopped { left: secs(119.0) }));
    watch.resume(at(1_001.0), Shift::NONE);
    assert_eq!(watch.clock(), Clock::Running { deadline: at(1_120.0) });
    assert_eq!(watch.due(), Some(at(1_001.0)));
}

#[test]
fn an_answer_that_was_out_when_the_pause_began_still_counts() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.hold(at(0.5), false);
    assert_eq!(watch.waits(at(1.0)), Next::Goes { retry: None });
    assert_eq!(watch.due(), None);
    watch.resume(at(50.0), Shift::NONE);
    assert_eq!(watch.due(), Some(at(50.0)));
}

#[test]
fn a_charged_pause_still_polls_once_at_the_cap() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.fails(at(0.1), None, true);
    watch.hold(at(0.1), true);
    assert_eq!((watch.due(), watch.ends_unasked()), (Some(at(120.0)), None));
    watch.sent(at(120.0));
    assert_eq!(watch.fails(at(121.0), None, true), Next::TimedOut(TimeoutCause::Cap));
}

#[test]
fn after_a_sleep_past_the_cap_one_poll_decides_and_the_network_is_forgiven_at_first() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.jumped(at(1.0), secs(3_600.0));
    assert_eq!(watch.due(), Some(at(2.1)), "at once, two seconds after the last answer");
    watch.sent(at(2.1));
    assert!(matches!(watch.fails(at(3.0), None, true), Next::Goes { .. }), "the Wi-Fi is not back");
    watch.sent(at(5.0));
    assert_eq!(watch.waits(at(5.1)), Next::TimedOut(TimeoutCause::Cap));
}

#[test]
fn a_poll_that_slept_with_the_machine_decides_nothing() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.jumped(at(1.0), secs(3_600.0));
    assert_eq!(watch.waits(at(1.1)), Next::Goes { retry: None });
    assert_eq!(watch.due(), Some(at(3.1)));
    watch.sent(at(3.1));
    assert_eq!(watch.waits(at(3.2)), Next::TimedOut(TimeoutCause::Cap));
}

#[test]
fn a_nap_within_the_cap_only_brings_the_next_poll_forward() {
    let mut watch = watch(5.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.jumped(at(3.0), secs(30.0));
    assert_eq!(watch.due(), Some(at(3.0)));
    assert_eq!(watch.clock(), Clock::Running { deadline: at(90.0) });
}

#[test]
fn hurrying_keeps_the_shortest_gap_and_does_not_end_the_watch_early() {
    let mut watch = watch(5.0, 120.0);
    watch.sent(at(114.0));
    watch.waits(at(114.1));
    watch.hasten(at(115.0));
    assert_eq!(watch.due(), Some(at(116.1)));
}

#[test]
fn hurrying_an_overdue_poll_does_not_send_it_to_the_end_of_the_line() {
    let mut watch = watch(3.0, 300.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.hasten(at(8.0));
    assert_eq!(watch.due(), Some(at(3.0)));
}

#[test]
fn hurrying_near_the_cap_does_not_bring_the_last_poll_forward() {
    let mut near = watch(3.0, 300.0);
    near.sent(at(0.0));
    near.waits(at(0.1));
    near.sent(at(296.5));
    near.waits(at(296.6));
    assert_eq!((near.due(), near.is_last()), (Some(at(300.0)), true));
    near.hasten(at(297.0));
    assert_eq!((near.due(), near.is_last()), (Some(at(300.0)), true), "298.6 leaves no room");
}

#[test]
fn a_slow_answer_near_the_cap_leaves_the_shortest_gap_before_the_last_poll() {
    let mut watch = watch(3.0, 300.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.sent(at(292.0));
    watch.waits(at(297.0));
    assert_eq!((watch.due(), watch.is_last()), (Some(at(300.0)), true));
}

#[test]
fn a_pause_before_the_first_poll_does_not_start_the_cap() {
    let mut watch = watch(3.0, 120.0);
    watch.hold(at(0.0), false);
    watch.resume(at(50.0), Shift::NONE);
    watch.sent(at(60.0));
    assert_eq!(watch.clock(), Clock::Running { deadline: at(180.0) });
}

#[test]
fn the_probe_of_an_unstarted_watch_uses_none_of_its_time() {
    let mut watch = watch(3.0, 120.0);
    watch.hold(at(0.0), false);
    watch.sent(at(10.0));
    watch.resume(at(11.0), Shift::NONE);
    assert_eq!(watch.clock(), Clock::Running { deadline: at(131.0) });
}

#[test]
fn a_probe_that_comes_in_place_of_the_last_poll_is_not_the_last() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.sent(at(116.0));
    watch.waits(at(116.1));
    assert!(watch.is_last());
    watch.hold(at(118.0), false);
    watch.sent(at(200.0));
    watch.resume(at(200.1), Shift::NONE);
    assert_eq!(watch.waits(at(200.1)), Next::Goes { retry: None }, "two seconds are left");
}

#[test]
fn the_last_poll_keeps_the_shortest_gap_too() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.sent(at(119.0));
    watch.waits(at(119.1));
    assert_eq!((watch.due(), watch.is_last()), (Some(at(121.1)), true));
}

#[test]
fn the_last_poll_of_a_charged_pause_keeps_the_shortest_gap_too() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.waits(at(0.1));
    watch.sent(at(119.0));
    watch.fails(at(119.5), None, true);
    watch.hold(at(119.5), true);
    assert_eq!(watch.due(), Some(at(121.5)));
}

#[test]
fn a_pause_that_outlasts_retry_after_makes_the_poll_possible_again() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.fails(at(1.0), Some(secs(600.0)), false);
    watch.hold(at(2.0), false);
    watch.resume(at(1_000.0), Shift::NONE);
    assert_eq!((watch.due(), watch.ends_unasked()), (Some(at(1_000.0)), None));
}

#[test]
fn a_watch_that_may_not_ask_within_its_whole_cap_ends_there() {
    let pace = Pace::new(3.0, 120.0, false).expect("within the contract");
    let begin = |not_before| {
        Watch::new(Phase::PreSign, pace, at(10.0), Some(at(9.0)), at(not_before), Shift::NONE)
    };
    let watch = begin(131.0);
    assert_eq!(watch.due(), Some(at(130.0)));
    assert_eq!(watch.ends_unasked(), Some(TimeoutCause::RetryAfter));
    let watch = begin(130.0);
    assert_eq!((watch.due(), watch.ends_unasked()), (Some(at(130.0)), None));
}

#[test]
fn retry_after_ends_a_watch_that_slept_past_its_cap() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.jumped(at(1.0), secs(3_600.0));
    watch.fails(at(2.0), Some(secs(60.0)), false);
    assert_eq!(watch.ends_unasked(), Some(TimeoutCause::RetryAfter));
    assert!(watch.due() <= Some(at(2.0)), "now, not in a minute");
}

#[test]
fn after_a_sleep_past_the_cap_an_old_wait_ends_nothing() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.fails(at(1.0), Some(secs(5.0)), false);
    watch.jumped(at(50.0), secs(3_600.0));
    assert_eq!((watch.due(), watch.ends_unasked()), (Some(at(6.0)), None));
}

#[test]
fn failures_that_are_forgiven_after_a_sleep_keep_their_back_off_in_a_charged_pause_too() {
    let mut watch = watch(3.0, 120.0);
    watch.sent(at(0.0));
    watch.fails(at(0.1), None, true);
    watch.hold(at(0.1), true);
    watch.jumped(at(1.0), secs(3_600.0));
    assert_eq!(watch.due(), Some(at(2.1)));
    watch.sent(at(2.1));
    watch.fails(at(2.5), None, true);
    assert_eq!(watch.due(), Some(at(6.5)));
}
