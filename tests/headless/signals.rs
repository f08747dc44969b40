//! Stopping, and readers that go away or stand still.

use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use crate::{
    gateway::{Gateway, Reply, Script},
    program::{Running, TOKEN, Told, named, program, watch},
};

fn never_done(users: u32) -> Gateway {
    Gateway::play(|_| (1..=users).map(|id| ((id, 0), vec![Reply::processing()])).collect())
}

#[test]
fn a_signal_ends_every_watch_and_sends_nothing_more() {
    for signal in ["INT", "TERM"] {
        let gateway = never_done(3);
        let more = "--json --interval 0.1 --cap 30 1 2 3";
        let running = Running::start(watch(&gateway.base(), "pre-sign", more));
        let running = running.input(TOKEN.as_bytes());
        gateway.wait_for(9);
        running.signal(signal);
        let at = Instant::now();
        let told = Told::of(running.end().without_secrets(), "pre-sign");
        assert!(at.elapsed() < Duration::from_secs(2), "{signal}: {:?}", at.elapsed());
        assert_eq!(told.code, Some(130), "{signal}");
        for id in 1..=3 {
            assert_eq!(told.outcome((id, 0)), "cancelled", "{signal}");
        }
        let asked = gateway.log().len();
        thread::sleep(Duration::from_millis(250));
        assert_eq!(gateway.log().len(), asked, "{signal}: sent after the end");
    }
}

#[test]
fn a_signal_while_an_answer_is_out_does_not_wait_for_it() {
    let gateway = Gateway::play(|_| {
        Script::from([((1, 0), vec![Reply::signed().after(Duration::from_secs(5))])])
    });
    let running = Running::start(watch(&gateway.base(), "post-sign", "--json 1"));
    let running = running.input(TOKEN.as_bytes());
    gateway.wait_for(1);
    running.signal("INT");
    let at = Instant::now();
    let told = Told::of(running.end(), "post-sign");
    assert!(at.elapsed() < Duration::from_secs(2), "{:?}", at.elapsed());
    assert_eq!((told.code, told.outcome((1, 0))), (Some(130), "cancelled"));
}

#[test]
fn a_signal_while_the_token_is_awaited_ends_it() {
    let gateway = never_done(1);
    let running = Running::start(watch(&gateway.base(), "pre-sign", "--json 1"));
    thread::sleep(Duration::from_millis(500));
    running.signal("INT");
    let ran = running.end();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(130), ""));
    assert!(gateway.log().is_empty());
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let gateway = never_done(1);
    let more = "--json --interval 0.1 --cap 3 1";
    let mut running =
        Running::unread(watch(&gateway.base(), "pre-sign", more)).input(TOKEN.as_bytes());
    gateway.wait_for(2);
    running.close_output();
    let ran = running.end();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(130), ""));
}

#[test]
fn a_reader_that_stands_still_holds_up_neither_polls_nor_signals() {
    // Every answer is news, and together they are far more than a pipe holds.
    let answer = |nth: u32| {
        let message = format!("{nth} {}", "long ".repeat(90));
        Reply::json(&format!(
            r#"{{"videoIdentificationStatus":"PROCESSING","message":"{message}"}}"#
        ))
    };
    let gateway =
        Gateway::play(|_| (1..=5).map(|id| ((id, 0), (0..400).map(answer).collect())).collect());
    let more = "--json --interval 0.02 --cap 60 1 2 3 4 5";
    let running = Running::unread(watch(&gateway.base(), "pre-sign", more));
    let running = running.input(TOKEN.as_bytes());
    gateway.wait_for(600);
    running.signal("INT");
    let at = Instant::now();
    assert_eq!(running.end().code, Some(130));
    assert!(at.elapsed() < Duration::from_secs(4), "{:?}", at.elapsed());
}

#[test]
fn a_second_signal_does_not_wait_at_all() {
    let gateway = Gateway::play(|_| {
        let long = Reply::json(&format!(
            r#"{{"videoIdentificationStatus":"X","message":"{}"}}"#,
            "long ".repeat(90)
        ));
        (1..=200).map(|id| ((id, 0), vec![long.clone()])).collect()
    });
    let users = named((1..=200).map(|id| (id, 0)));
    let more = format!("--json --interval 1 --cap 60 {users}");
    let running = Running::unread(watch(&gateway.base(), "pre-sign", &more));
    let running = running.input(TOKEN.as_bytes());
    gateway.wait_for(200);
    running.signal("INT");
    thread::sleep(Duration::from_millis(300));
    let at = Instant::now();
    running.signal("INT");
    assert_eq!(running.end().code, Some(130));
    assert!(at.elapsed() < Duration::from_secs(1), "{:?}", at.elapsed());
}

#[test]
fn an_output_that_takes_nothing_from_the_start_is_no_panic() {
    for line in ["--help", "watch --help", "--version"] {
        let mut command = program();
        command.args(line.split(' ')).stdout(Stdio::from(full()));
        let ran = Running::unread(command).end();
        assert!(ran.code.is_some_and(|code| code != 101), "{line}: {:?}", ran.code);
    }
    let gateway = never_done(1);
    let mut command = watch(&gateway.base(), "pre-sign", "--json --interval 0.1 --cap 3 1");
    command.stdout(Stdio::from(full()));
    let ran = Running::unread(command).input(TOKEN.as_bytes()).end();
    assert_eq!(ran.code, Some(130));
    assert!(ran.stderr.starts_with("error: standard output: "), "{}", ran.stderr);
}

fn full() -> std::fs::File {
    std::fs::OpenOptions::new().write(true).open("/dev/full").expect("there is one")
}
