//! Everything that can be wrong with an answer.

use std::time::Duration;

use crate::{
    gateway::{Gateway, Reply, Script},
    program::{Told, named, watch_json},
};

const GOOD: &str = r#"{"videoIdentificationStatus":"DOCUMENT_SIGN_SUCCESS"}"#;

/// Each with the reason that is told, and the HTTP status where there is one.
fn retryable() -> Vec<(Reply, &'static str, Option<u16>)> {
    let large = format!(
        r#"{{"message":"{}","videoIdentificationStatus":"DOCUMENT_SIGN_SUCCESS"}}"#,
        "x".repeat(70_000)
    );
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
        large.len()
    );
    let twice = r#"{"videoIdentificationStatus":"PROCESSING","videoIdentificationStatus":"DOCUMENT_SIGN_SUCCESS"}"#;
    let ok = Some(200);
    vec![
        (Reply::http("500 Internal Server Error", &[], ""), "server-error", Some(500)),
        (Reply::http("503 Service Unavailable", &[], "<html>"), "server-error", Some(503)),
        (Reply::http("599 Odd", &[], GOOD), "server-error", Some(599)),
        (Reply::http("408 Request Timeout", &[], ""), "busy", Some(408)),
        (Reply::http("429 Too Many Requests", &["Retry-After: 0"], ""), "busy", Some(429)),
        (Reply::http("202 Accepted", &[], GOOD), "unexpected-success", Some(202)),
        (Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"), "unexpected-success", Some(204)),
        (Reply::json("<html><body>DOCUMENT_SIGN_SUCCESS</body></html>"), "not-json", ok),
        (Reply::json(&format!("{GOOD}{GOOD}")), "not-json", ok),
        (Reply::json(""), "truncated", ok),
        (Reply::json(r#"{"videoIdentificationStatus":"DOCU"#), "truncated", ok),
        (
            Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{GOOD}")),
            "truncated",
            ok,
        ),
        (
            Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
            "truncated",
            ok,
        ),
        (
            Reply::json(r#"{"videoIdentificationStatus":["DOCUMENT_SIGN_SUCCESS"]}"#),
            "wrong-type",
            ok,
        ),
        (Reply::json(r#"[null,"DOCUMENT_SIGN_SUCCESS",null]"#), "wrong-type", ok),
        (Reply::json("null"), "wrong-type", ok),
        (Reply::json(twice), "wrong-type", ok),
        (Reply::json(&large), "oversized", ok),
        (Reply::raw(chunked), "oversized", ok),
        (Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"), "reset", None),
    ]
}

#[test]
fn what_says_nothing_is_asked_again_after_two_seconds() {
    let faults = retryable();
    let ids = || (1..).zip(&faults);
    let gateway = Gateway::play(|_| {
        let replies = |fault: &Reply| vec![fault.clone(), Reply::signed()];
        ids().map(|(id, (fault, ..))| ((id, 0), replies(fault))).collect()
    });
    let users = named(ids().map(|(id, _)| (id, 0)));
    let told = watch_json(&gateway, "post-sign", &format!("--interval 0.1 --cap 8 {users}"));
    for (id, (_, reason, http)) in ids() {
        let problems = told.of_event((id, 0), "problem");
        assert_eq!(problems.len(), 1, "{reason}: {:?}", told.events((id, 0)));
        assert_eq!(problems[0]["reason"], *reason, "{id}");
        assert_eq!(problems[0]["http"].as_u64(), http.map(u64::from), "{reason}");
        assert_eq!(problems[0]["retry_in"], 2.0, "{reason}");
        assert_eq!(told.outcome((id, 0)), "signed", "{reason}");
        let log = gateway.log_of((id, 0));
        assert_eq!(log.len(), 2, "{reason}");
        let gap = log[1].at - log[0].at;
        assert!(gap >= Duration::from_millis(1_990), "{reason}: {gap:?}");
        assert!(gap < Duration::from_millis(2_600), "{reason}: {gap:?}");
    }
    assert_eq!(told.code, Some(0));
}

#[test]
fn a_broken_connection_is_asked_again() {
    let gateway =
        Gateway::play(|_| Script::from([((1, 0), vec![Reply::reset(), Reply::signed()])]));
    let told = watch_json(&gateway, "post-sign", "--interval 0.1 --cap 8 1");
    assert_eq!(told.of_event((1, 0), "problem")[0]["reason"], "reset");
    assert_eq!((told.outcome((1, 0)), told.code), ("signed", Some(0)));
}

#[test]
fn refusals_and_redirects_end_it_at_once() {
    let away = ["Location: /elsewhere", "Retry-After: 1"];
    let refusals = [
        ("300 Multiple Choices", "redirect"),
        ("301 Moved Permanently", "redirect"),
        ("302 Found", "redirect"),
        ("304 Not Modified", "redirect"),
        ("307 Temporary Redirect", "redirect"),
        ("308 Permanent Redirect", "redirect"),
        ("400 Bad Request", "refused"),
        ("403 Forbidden", "refused"),
        ("404 Not Found", "refused"),
        ("405 Method Not Allowed", "refused"),
        ("410 Gone", "refused"),
        ("418 Teapot", "refused"),
        ("422 Unprocessable", "refused"),
        ("451 Unavailable", "refused"),
    ];
    let gateway = Gateway::play(|_| {
        let reply = |status| vec![Reply::http(status, &away, ""), Reply::signed()];
        (1..).zip(refusals).map(|(id, (status, _))| ((id, 0), reply(status))).collect()
    });
    let users = named((1..).zip(refusals).map(|(id, _)| (id, 0)));
    let told = watch_json(&gateway, "pre-sign", &format!("--interval 0.1 --cap 5 {users}"));
    for (id, (status, reason)) in (1..).zip(refusals) {
        let end = told.end((id, 0));
        assert_eq!((&end["outcome"], &end["polls"]), (&"rejected".into(), &1.into()), "{status}");
        assert_eq!(end["reason"], reason, "{status}");
        assert_eq!(end["http"].to_string(), status[..3], "{status}");
    }
    assert_eq!(told.code, Some(5));
    assert_eq!(gateway.log().len(), refusals.len(), "a redirect is never followed");
}

#[test]
fn every_shape_of_a_problem_is_read() {
    let asp = r#"{"errors":{"id":["The value is not valid."]},"type":"https://t","title":"One or more validation errors occurred.","status":400,"traceId":"00-abc-def-00"}"#;
    let null = r#"{"errors":null,"type":null,"title":null,"status":null,"traceId":null}"#;
    let legacy = r#"{"errorCode":"NO_USER","errorMessage":"There is no such user"}"#;
    let odd = r#"{"errors":[1],"title":{},"traceId":"00-\u202eevil\u0007"}"#;
    let problem = ["Content-Type: application/problem+json"];
    let gateway = Gateway::play(|_| {
        let reply = |body| vec![Reply::http("400 Bad Request", &problem, body)];
        let faulty = Reply::http("500 Internal Server Error", &problem, asp);
        Script::from([
            ((1, 0), reply(asp)),
            ((2, 0), reply(null)),
            ((3, 0), reply(legacy)),
            ((4, 0), reply("<html>nginx</html>")),
            ((5, 0), reply(odd)),
            ((6, 0), vec![faulty, Reply::signed()]),
        ])
    });
    let told = watch_json(&gateway, "pre-sign", "--interval 0.1 --cap 5 1 2 3 4 5 6");
    let trace = |id| told.end((id, 0))["trace_id"].as_str();
    assert_eq!((trace(1), trace(2), trace(3)), (Some("00-abc-def-00"), None, None));
    assert_eq!(trace(5), Some("00-\u{202e}evil\u{7}"), "the value is the gateway's own");
    assert_eq!(told.code, Some(5), "and 6 has signed");
    let faulty = told.of_event((6, 0), "problem");
    assert_eq!(faulty[0]["trace_id"], "00-abc-def-00");
    let detail = faulty[0]["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("id: The value is not valid."), "{detail}");
}

#[test]
fn text_from_the_gateway_stays_within_its_line() {
    let hostile =
        "a\\u202eb\\u0000\\n{\\\"event\\\":\\\"ended\\\"}\\u2028\\u007f\\ud83d\\ude00 жълт";
    let body = |status: &str| {
        format!(r#"{{"videoIdentificationStatus":"{status}","message":"{hostile}"}}"#)
    };
    let gateway = Gateway::play(|_| {
        let odd = Reply::json(&body("X\\u202eY\\r"));
        Script::from([((1, 0), vec![odd, Reply::json(&body("ERROR"))])])
    });
    let told: Told = watch_json(&gateway, "pre-sign", "--interval 0.1 --cap 5 1");
    let status = told.of_event((1, 0), "status")[0];
    assert_eq!(status["status"], "X\u{202e}Y\r");
    let message = "a\u{202e}b\0\n{\"event\":\"ended\"}\u{2028}\u{7f}😀 жълт";
    assert_eq!(status["message"], message, "what is parsed is what the gateway sent");
    assert_eq!(told.code, Some(4));
}
