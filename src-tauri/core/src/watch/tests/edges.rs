//! What holds exactly at a limit.

use super::*;

/// Polls on time, answered at once, from the start to the poll at this moment.
fn polled_until(watch: &mut Watch, moment: f64) {
    loop {
        let due = watch.due().expect("due");
        watch.sent(due);
        assert_eq!(watch.waits(due), Next::Goes { retry: None });
        if due == at(moment) {
            return;
        }
    }
}

#[test]
fn where_gap_and_shortest_gap_fit_exactly_before_the_cap_both_are_used() {
    let mut watch = watch(3.0, 122.0);
    polled_until(&mut watch, 117.0);
    assert_eq!(watch.due(), Some(at(120.0)));
    assert!(!watch.is_last());
    polled_until(&mut watch, 120.0);
    assert_eq!(watch.due(), Some(at(122.0)));
    assert!(watch.is_last());
}

#[test]
fn a_rest_of_the_longest_gap_that_may_be_planned_is_not_halved() {
    let mut watch = watch(3.0, 121.7);
    polled_until(&mut watch, 117.0);
    assert_eq!(watch.due(), Some(at(121.7)));
    assert!(watch.is_last());
}

#[test]
fn polls_are_counted_each_once() {
    let mut watch = watch(3.0, 300.0);
    assert_eq!((watch.polls(), watch.cap()), (0, secs(300.0)));
    for count in 1..=3 {
        let due = watch.due().expect("due");
        watch.sent(due);
        assert_eq!(watch.polls(), count);
        assert!(!watch.is_last());
        watch.waits(due);
    }
}

#[test]
fn a_charged_pause_before_the_first_poll_starts_the_cap() {
    let mut watch = watch(3.0, 120.0);
    watch.hold(at(10.0), true);
    assert_eq!(watch.clock(), Clock::Running { deadline: at(130.0) });
    assert_eq!(watch.due(), Some(at(130.0)));
}

#[test]
fn the_network_is_forgiven_for_half_a_minute_and_no_longer() {
    for (moment, forgiven) in [(30.9, true), (31.0, false)] {
        let mut watch = watch(3.0, 120.0);
        watch.sent(at(0.0));
        watch.waits(at(0.1));
        watch.jumped(at(1.0), secs(3_600.0));
        watch.sent(at(30.5));
        let goes = matches!(watch.fails(at(moment), None, true), Next::Goes { .. });
        assert_eq!(goes, forgiven, "{moment} s");
    }
}
