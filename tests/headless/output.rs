//! What people read.

use crate::{
    gateway::{Gateway, Reply, Script},
    program::{run, watch},
};

#[test]
fn elsewhere_than_on_a_terminal_it_is_one_line_an_event() {
    let gateway = Gateway::play(|_| {
        let hostile =
            r#"{"videoIdentificationStatus":"PROCESSING","message":"a\u001b[2J\u202eb\nc"}"#;
        Script::from([
            ((1, 0), vec![Reply::json(hostile), Reply::link("https://sign.example.bg/x")]),
            ((2, 1), vec![Reply::processing(), Reply::http("404 Not Found", &[], "")]),
            ((3, 0), vec![Reply::processing()]),
        ])
    });
    let more = "--allow sign.example.bg --interval 0.2 --cap 1 1 2:merchant 3";
    let ran = run(watch(&gateway.base(), "pre-sign", more));
    assert_eq!(ran.code, Some(8));
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains('\u{202e}'), "{}", ran.stdout);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for said in [
        "1 individual           watching pre-sign",
        "PROCESSING – a\\u{1b}[2J\\u{202e}b\\u{a}c",
        "READY TO SIGN at sign.example.bg",
        "REJECTED: the gateway refused the request (HTTP 404)",
        "TIMED OUT: not finished while it was watched",
    ] {
        assert!(lines.iter().any(|line| line.contains(said)), "{said}: {lines:#?}");
    }
    let summary = "3 users: 1 ready to sign, 1 timed out, 1 rejected (";
    assert!(lines.last().is_some_and(|last| last.starts_with(summary)), "{lines:#?}");
}

#[test]
fn what_nobody_could_reach_is_said_beforehand() {
    // Nothing answers there, and its cap is long: the note comes before the token is read.
    let mut command = watch("https://127.0.0.1:1", "pre-sign", "--interval 0.1 --cap 0.2 007");
    command.args(["--json"]);
    let ran = run(command);
    assert!(ran.stderr.contains("note: USER \"007\": read as 7"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(3));

    let ran = crate::program::Running::start(watch("https://crm.example.invalid", "pre-sign", "7"));
    let ran = ran.input(b"").end();
    assert!(ran.stderr.contains("every signing link will be refused"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(6));
}
