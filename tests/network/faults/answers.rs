//! HTTP: what the status decides, and heads that are none.

use std::time::Duration;

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, http};
use crate::{
    round::{Due, Play},
    script::Step,
};

pub const FAULTS: &[Fault] = &[
    Fault::new("unauthorized", |stage| {
        let body = stage.pick(&["", GOOD, "<html>log in</html>"]);
        let login = ["WWW-Authenticate: Bearer"];
        stage.says(http("401 Unauthorized", &login, body), Due::Unauthorized)
    }),
    Fault::new("bad-request", |stage| refusal(stage, "400 Bad Request", 400)),
    Fault::new("forbidden", |stage| refusal(stage, "403 Forbidden", 403)),
    Fault::new("not-found", |stage| refusal(stage, "404 Not Found", 404)),
    Fault::new("deep-refusal", |stage| {
        let body = format!(r#"{{"title":{}"#, "[".repeat(20_000));
        stage.says(http("404 Not Found", &[], body), Due::Refused(Kind::Refused, 404))
    }),
    Fault::new("busy", |stage| {
        let wait = stage.pick(&[0, 1, 7, 60, 299, 301, 86_400]);
        let header = format!("Retry-After: {wait}");
        let due = Due::Faulty(Kind::Busy, 429, Some(Duration::from_secs(wait)));
        stage.says(http("429 Too Many Requests", &[&header], ""), due)
    }),
    Fault::new("server-error", |stage| {
        let body = stage.pick(&["", "<html>", GOOD]);
        let due = Due::Faulty(Kind::ServerError, 500, None);
        stage.says(http("500 Internal Server Error", &[], body), due)
    }),
    Fault::new("unavailable", |stage| {
        let wait = stage.rng.u64(0..60);
        let date = "Date: Mon, 23 Nov 2026 12:00:00 GMT";
        let until = format!("Retry-After: Mon, 23 Nov 2026 12:00:{wait:02} GMT");
        let due = Due::Faulty(Kind::ServerError, 503, Some(Duration::from_secs(wait)));
        stage.says(http("503 Service Unavailable", &[date, &until], ""), due)
    }),
    Fault::new("other-success", |stage| {
        let (status, http_status) = stage.pick(&[
            ("201 Created", 201),
            ("202 Accepted", 202),
            ("206 Partial Content", 206),
        ]);
        let due = Due::Faulty(Kind::UnexpectedSuccess, http_status, None);
        stage.says(http(status, &[], GOOD), due)
    }),
    Fault::new("no-content", |stage| {
        let due = Due::Faulty(Kind::UnexpectedSuccess, 204, None);
        stage.says("HTTP/1.1 204 No Content\r\n\r\n", due)
    }),
    Fault::new("hints-first", |stage| {
        let hints = stage.pick(&["100 Continue", "102 Processing", "103 Early Hints"]);
        let times = stage.rng.usize(1..5);
        let mut bytes = format!("HTTP/1.1 {hints}\r\nX-Hint: 1\r\n\r\n").repeat(times).into_bytes();
        bytes.extend(http("200 OK", &[], GOOD));
        stage.says(bytes, Due::Processing)
    }),
    Fault::new("http-1.0", |stage| {
        stage.says(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}"), Due::Processing)
    }),
    Fault::new("no-head", |stage| {
        let bytes = stage.pick(&[GOOD, "SSH-2.0-OpenSSH_9.9\r\n\r\n", "<html></html>\r\n\r\n"]);
        stage.says(bytes, Due::Silent(Kind::Reset))
    }),
    Fault::new("garbage-head", |stage| {
        let mut bytes = vec![0; stage.rng.usize(20..2_000)];
        stage.rng.fill(&mut bytes);
        // Bytes that could begin an answer are chance.
        bytes[0] = 0;
        stage.says(bytes, Due::Silent(Kind::Reset))
    }),
    Fault::new("broken-head", |stage| {
        let head = stage.pick(&[
            "HTTP/1.1 20x OK\r\n\r\n",
            "HTTP/1.1 99 Low\r\n\r\n",
            "HTTP/3.7 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        ]);
        stage.says(head, Due::Silent(Kind::Reset))
    }),
    Fault::new("huge-header", |stage| flood_of_headers(stage, &"x".repeat(16 * 1_024), false)),
    Fault::new("many-headers", |stage| flood_of_headers(stage, "X-Filler: 1\r\n", true)),
    Fault::new("upgrade", |stage| {
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
        stage.says(head, Due::Faulty(Kind::UnexpectedSuccess, 101, None))
    }),
];

fn refusal(stage: &mut Stage, status: &str, code: u16) -> Play {
    let (body, detail) = stage.pick(&[
        ("", None),
        ("<html>", None),
        (GOOD, None),
        (r#"{"title":"No such user","traceId":null}"#, Some("No such user")),
        (r#"{"errors":{"id":["too large"]},"title":"Bad"}"#, Some("Bad · id: too large")),
    ]);
    let after = ["Retry-After: 1"];
    let play = stage.says(http(status, &after, body), Due::Refused(Kind::Refused, code));
    Play { detail: detail.map(str::to_owned), ..play }
}

/// A head that goes on and on.
fn flood_of_headers(stage: &mut Stage, filler: &str, lines: bool) -> Play {
    let begin = if lines { "HTTP/1.1 200 OK\r\n" } else { "HTTP/1.1 200 OK\r\nX-Filler: " };
    let flood = Step::Flood { bytes: filler.as_bytes().to_vec(), most: 4 * 1_024 * 1_024 };
    let steps = vec![Step::Hear, Step::Say(begin.into()), flood];
    stage.gateway(steps, Due::Silent(Kind::Reset))
}
