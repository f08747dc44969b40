//! A line of the timeline as one line of JSON. The keys, their order and the words are a contract.

use std::{fmt::Write as _, time::Duration};

use enrollment_core::enrollment::{
    Entry, Event, Miss, Outcome, Pause, Phase, Problem, TimeoutCause, User, is_unseen,
};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Line<'a> {
    time: String,
    user: Who,
    phase: &'static str,
    event: &'static str,
    #[serde(flatten)]
    further: Further<'a>,
}

#[derive(Debug, Serialize)]
struct Who {
    id: u32,
    #[serde(rename = "type")]
    user_type: &'static str,
}

/// What only some events carry, in the order of the contract.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
struct Further<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    polls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    /// Within a `status` event it is always there, and null where the gateway says null.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Value<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    backwards: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    http: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_in: Option<f64>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(&'a str),
    Null,
}

/// The line of an entry; `None` for those that the contract does not name. `last` is the status
/// that the gateway told last, which an end repeats.
pub fn line(user: User, phase: Phase, entry: &Entry, last: Option<&str>) -> Option<String> {
    let (event, further) = told(&entry.event, last)?;
    let line = Line {
        time: time(entry.at),
        user: Who { id: user.id.get(), user_type: user.user_type.word() },
        phase: phase.word(),
        event,
        further,
    };
    // Strings and numbers under fixed keys: nothing in it can fail.
    serde_json::to_string(&line).ok().map(|json| escaped(&json))
}

/// Whether the contract names such an event.
pub fn names(event: &Event) -> bool {
    told(event, None).is_some()
}

/// RFC 3339 in UTC, to the millisecond.
pub fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Writes out what cannot be seen, or turns the text around it. serde leaves those characters raw
/// within strings, and they stand nowhere else.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn told<'a>(event: &'a Event, last: Option<&'a str>) -> Option<(&'static str, Further<'a>)> {
    let none = Further::default();
    Some(match event {
        Event::Started { .. } => ("started", none),
        Event::Status { status, message, backwards, .. } => {
            let status = Some(status.as_deref().map_or(Value::Null, Value::Text));
            let message = message.as_deref();
            ("status", Further { status, message, backwards: *backwards, ..none })
        }
        Event::Problem { problem, retry_ms, .. } => {
            let retry_in = retry_ms.map(|ms| Duration::from_millis(ms).as_secs_f64());
            let detail = problem.detail.as_deref();
            ("problem", Further { detail, retry_in, ..of_problem(problem) })
        }
        Event::LinkRefused { rule, host } => {
            ("problem", Further { reason: Some(rule), host: host.as_deref(), ..none })
        }
        Event::Paused { why, .. } => ("paused", Further { reason: Some(pause_word(*why)), ..none }),
        Event::Resumed { .. } => ("resumed", none),
        Event::Ended { result, polls, .. } => ("ended", ended(result, *polls, last)),
        Event::Added { .. }
        | Event::Stated { .. }
        | Event::Link { .. }
        | Event::Opened { .. }
        | Event::Copied { .. }
        | Event::Shown { .. }
        | Event::NotOpened { .. }
        | Event::Checked { .. }
        | Event::LookPlanned { .. }
        | Event::Revealed
        | Event::HandedOn
        | Event::Noted { .. }
        | Event::Removed
        | Event::Restored => return None,
    })
}

fn of_problem(problem: &Problem) -> Further<'_> {
    Further {
        http: problem.http,
        trace_id: problem.trace_id.as_deref(),
        reason: Some(problem.kind.code()),
        ..Further::default()
    }
}

fn ended<'a>(result: &'a Outcome, polls: u32, last: Option<&'a str>) -> Further<'a> {
    let known = match result {
        Outcome::ReadyToSign { host } => Further { host: Some(host), ..Further::default() },
        Outcome::Missed(Miss::TimedOut { cause }) => {
            Further { reason: Some(cause_word(*cause)), ..Further::default() }
        }
        Outcome::Missed(Miss::BlockedUrl { rule, host }) => {
            Further { reason: Some(rule), host: host.as_deref(), ..Further::default() }
        }
        Outcome::Missed(Miss::Rejected { problem }) => {
            Further { detail: problem.detail.as_deref(), ..of_problem(problem) }
        }
        Outcome::Missed(Miss::Unauthorized) => Further { http: Some(401), ..Further::default() },
        Outcome::Missed(
            Miss::Failed { .. }
            | Miss::GaveUp { .. }
            | Miss::Stopped
            | Miss::WrongId
            | Miss::Interrupted { .. },
        )
        | Outcome::Signed => Further::default(),
    };
    Further {
        outcome: Some(result.word()),
        polls: Some(polls),
        status: last.map(Value::Text),
        ..known
    }
}

fn cause_word(cause: TimeoutCause) -> &'static str {
    match cause {
        TimeoutCause::Cap => "cap",
        TimeoutCause::RetryAfter => "retry-after",
        TimeoutCause::Offline => "offline",
    }
}

fn pause_word(why: Pause) -> &'static str {
    match why {
        Pause::NeedsToken => "needs-token",
        Pause::Offline => "offline",
    }
}

#[cfg(test)]
mod tests {
    use enrollment_core::enrollment::{ProblemKind, UserId, UserType};
    use serde_json::{Value as Json, json};

    use super::*;

    const PHASE: Phase = Phase::PostSign;

    fn text(event: Event) -> Option<String> {
        let user = User { id: UserId::new(1024).expect("an id"), user_type: UserType::Merchant };
        let at = "2026-11-23T12:00:00.5Z".parse().expect("a time");
        line(user, PHASE, &Entry { seq: 1, at, by: None, event }, Some("PROCESSING"))
    }

    fn value(event: Event) -> Json {
        serde_json::from_str(&text(event).expect("a line")).expect("JSON")
    }

    fn status(message: &str) -> Event {
        Event::Status { phase: PHASE, status: None, message: Some(message.into()), backwards: true }
    }

    fn ended(result: Outcome) -> Event {
        Event::Ended { phase: PHASE, result: Box::new(result), polls: 3 }
    }

    #[test]
    fn keys_stand_in_the_contracts_order() {
        assert_eq!(
            text(Event::Started { phase: PHASE }).expect("a line"),
            r#"{"time":"2026-11-23T12:00:00.500Z","user":{"id":1024,"type":"merchant"},"phase":"post-sign","event":"started"}"#
        );
        let ready = ended(Outcome::ReadyToSign { host: "a.example.bg".to_owned() });
        assert!(text(ready).expect("a line").ends_with(
            r#""event":"ended","outcome":"ready-to-sign","polls":3,"host":"a.example.bg","status":"PROCESSING"}"#
        ));
    }

    #[test]
    fn a_null_status_is_null_and_not_missing() {
        let line = value(status("wait"));
        assert_eq!(line["status"], Json::Null);
        assert!(line.as_object().is_some_and(|l| l.contains_key("status")));
        assert_eq!((&line["message"], &line["backwards"]), (&json!("wait"), &json!(true)));
    }

    #[test]
    fn no_unseen_character_stands_raw_and_none_is_lost() {
        let hostile = "a\u{202e}b\u{7f}\n\r\0\u{2028}\\\u{feff}\"\u{e0041}\u{9b}ж";
        let text = text(status(hostile)).expect("a line");
        assert!(!text.chars().any(is_unseen), "{text:?}");
        assert!(text.contains(r"\u202e") && text.contains(r"\udb40\udc41"), "{text}");
        let line: Json = serde_json::from_str(&text).expect("JSON");
        assert_eq!(line["message"], hostile);
    }

    #[test]
    fn a_problem_says_what_is_known_of_it() {
        let problem = Problem {
            detail: Some("no".to_owned()),
            trace_id: Some("00-ab".to_owned()),
            ..Problem::with_http(ProblemKind::ServerError, 503)
        };
        let line = value(Event::Problem {
            phase: PHASE,
            problem: Box::new(problem),
            retry_ms: Some(2_500),
        });
        assert_eq!(line["event"], "problem");
        assert_eq!(line["reason"], "server-error");
        assert_eq!(line["http"], 503);
        assert_eq!(line["trace_id"], "00-ab");
        assert_eq!(line["detail"], "no");
        assert_eq!(line["retry_in"], 2.5);
        let refused = Event::LinkRefused { rule: "no-entry".into(), host: None };
        assert_eq!(value(refused)["reason"], "no-entry");
    }

    #[test]
    fn an_end_says_what_is_known_of_it() {
        let problem = Problem::with_http(ProblemKind::Redirect, 302);
        for (miss, outcome, key, known) in [
            (Miss::Rejected { problem }, "rejected", "reason", json!("redirect")),
            (Miss::Failed { status: "ERROR".into() }, "failed", "status", json!("PROCESSING")),
            (
                Miss::TimedOut { cause: TimeoutCause::RetryAfter },
                "timed-out",
                "reason",
                json!("retry-after"),
            ),
            (
                Miss::BlockedUrl { rule: "port".into(), host: Some("a.bg".into()) },
                "blocked-url",
                "host",
                json!("a.bg"),
            ),
            (Miss::Unauthorized, "unauthorized", "http", json!(401)),
            (Miss::Stopped, "cancelled", "polls", json!(3)),
        ] {
            let line = value(ended(Outcome::Missed(miss)));
            assert_eq!((&line["event"], &line["outcome"]), (&json!("ended"), &json!(outcome)));
            assert_eq!(line[key], known, "{line}");
        }
    }

    #[test]
    fn what_the_contract_does_not_name_has_no_line() {
        assert_eq!(text(Event::Opened { host: "a.bg".into() }), None);
        assert_eq!(text(Event::Link { host: "a.bg".into(), generation: 1 }), None);
    }
}
