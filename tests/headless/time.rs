//! Gaps, caps, `Retry-After`, and a gateway that is away.

use std::{
    thread,
    time::{Duration, SystemTime},
};

use crate::{
    gateway::{Gateway, Reply, Request, Script, free_port},
    program::{Running, TOKEN, Told, watch, watch_json},
};

/// A program's clock and the gateway's see the same moment a little apart.
const SLACK: Duration = Duration::from_millis(15);

fn gaps(log: &[Request]) -> Vec<Duration> {
    log.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

#[test]
fn gaps_are_the_interval_from_send_to_send() {
    let interval = Duration::from_millis(400);
    let replies = vec![Reply::processing().after(Duration::from_millis(60))];
    let gateway = Gateway::play(|_| Script::from([((1, 0), replies)]));
    let told = watch_json(&gateway, "pre-sign", "--interval 0.4 --cap 3 1");
    let gaps = gaps(&gateway.log());
    assert!(gaps.len() >= 5, "{gaps:?}");
    // The last two reach the cap exactly.
    for gap in &gaps[..gaps.len() - 2] {
        assert!(*gap + SLACK >= interval, "{gaps:?}");
        assert!(*gap < interval + Duration::from_millis(250), "{gaps:?}");
    }
    assert_eq!((told.code, &told.end((1, 0))["reason"]), (Some(3), &"cap".into()));
}

#[test]
fn the_last_poll_is_at_the_cap_and_decides() {
    // What is left of the cap after the first poll is less than two gaps.
    let gateway =
        Gateway::play(|_| Script::from([((1, 0), vec![Reply::processing(), Reply::signed()])]));
    let told = watch_json(&gateway, "post-sign", "--interval 1.2 --cap 2 1");
    let last = gaps(&gateway.log())[0];
    assert!(last + SLACK >= Duration::from_secs(2), "{last:?}");
    assert!(last < Duration::from_millis(2_400), "{last:?}");
    assert_eq!(told.code, Some(0));
}

#[test]
fn an_answer_that_outlasts_the_interval_is_waited_for() {
    let wait = Duration::from_millis(350);
    let replies = vec![Reply::processing().after(wait)];
    let gateway = Gateway::play(|_| (1..=5).map(|id| ((id, 0), replies.clone())).collect());
    let told = watch_json(&gateway, "pre-sign", "--interval 0.1 --cap 2.5 1 2 3 4 5");
    assert_eq!(told.code, Some(3));
    for id in 1..=5 {
        let log = gateway.log_of((id, 0));
        assert!(log.len() >= 4, "{}", log.len());
        assert!(log.iter().all(|request| request.in_flight == 1), "two in flight for {id}");
        // It counts from the answer. The last two share what was left of the cap.
        let gaps = gaps(&log);
        for gap in &gaps[..gaps.len() - 2] {
            assert!(*gap + SLACK >= wait + Duration::from_millis(100), "{gaps:?}");
        }
    }
}

#[test]
fn retry_after_is_never_undercut() {
    let then = SystemTime::now();
    let date = httpdate::fmt_http_date(then);
    let in_three = httpdate::fmt_http_date(then + Duration::from_secs(3));
    let by_date = [format!("Date: {date}"), format!("Retry-After: {in_three}")];
    let busy = |headers: &[&str]| {
        vec![Reply::http("503 Service Unavailable", headers, ""), Reply::signed()]
    };
    let gateway = Gateway::play(|_| {
        Script::from([
            ((1, 0), busy(&["Retry-After: 3"])),
            ((2, 0), busy(&[&by_date[0], &by_date[1]])),
            ((3, 0), busy(&["Retry-After: 1"])),
            ((4, 0), busy(&["Retry-After: soon"])),
        ])
    });
    let told = watch_json(&gateway, "post-sign", "--interval 0.1 --cap 8 1 2 3 4");
    assert_eq!(told.code, Some(0));
    for (id, seconds) in [(1, 3), (2, 3), (3, 2), (4, 2)] {
        let gap = gaps(&gateway.log_of((id, 0)))[0];
        let wanted = Duration::from_secs(seconds);
        assert!(gap + SLACK >= wanted, "{id}: {gap:?}");
        assert!(gap < wanted + Duration::from_millis(600), "{id}: {gap:?}");
    }
}

#[test]
fn retry_after_beyond_the_cap_ends_it_there_unasked() {
    let gateway = Gateway::play(|_| {
        let busy = Reply::http("429 Too Many Requests", &["Retry-After: 3600"], "");
        Script::from([((1, 0), vec![busy, Reply::signed()])])
    });
    let told = watch_json(&gateway, "post-sign", "--interval 0.1 --cap 1.5 1");
    let end = told.end((1, 0));
    assert_eq!((&end["outcome"], &end["reason"]), (&"timed-out".into(), &"retry-after".into()));
    assert_eq!((told.code, gateway.log().len()), (Some(3), 1));
    assert!(told.of_event((1, 0), "problem")[0].get("retry_in").is_none());
}

#[test]
fn a_gateway_that_is_away_uses_up_the_cap() {
    let base = format!("http://127.0.0.1:{}", free_port());
    let ran =
        crate::program::run(watch(&base, "pre-sign", "--json --interval 0.1 --cap 1.5 1 2 3"));
    let told = Told::of(ran, "pre-sign");
    assert_eq!(told.code, Some(3));
    for id in 1..=3 {
        assert_eq!(told.of_event((id, 0), "problem")[0]["reason"], "connect");
        assert_eq!(told.of_event((id, 0), "paused")[0]["reason"], "offline");
        assert_eq!(told.end((id, 0))["reason"], "offline");
    }
}

#[test]
fn a_gateway_that_comes_back_is_found() {
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let more = "--json --interval 0.1 --cap 20 1 2 3";
    let running = Running::start(watch(&base, "post-sign", more)).input(TOKEN.as_bytes());
    // Long enough for every first attempt to have failed.
    thread::sleep(Duration::from_millis(1_500));
    let gateway = Gateway::play_on(port, |_| {
        (1..=3).map(|id| ((id, 0), vec![Reply::processing(), Reply::signed()])).collect()
    });
    let told = Told::of(running.end().without_secrets(), "post-sign");
    assert_eq!(told.code, Some(0), "{:?}", told.lines);
    for id in 1..=3 {
        let events: Vec<&str> =
            told.events((id, 0)).iter().filter_map(|line| line["event"].as_str()).collect();
        assert!(events.contains(&"paused") && events.contains(&"resumed"), "{events:?}");
        assert_eq!(told.outcome((id, 0)), "signed");
    }
    assert_eq!(gateway.log()[0].in_flight, 1, "one probe first");
}
