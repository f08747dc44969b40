//! Answers: those of the gateway's page and of the field, and what can be made of them.

use enrollment_attacks::answer::Sent;
use enrollment_core::gateway::LARGEST_BODY;

use crate::{dice::Dice, mutate::mutate};

/// HTTP statuses that mean something of their own.
const HTTP: &[u16] =
    &[100, 201, 204, 206, 301, 302, 307, 400, 401, 403, 404, 408, 418, 429, 500, 503, 599, 600];

const SESSION: &str = "\"SIGN_SESSION_ID_SUCCESSFULLY_CREATED\"";
const LINK: &str = "\"https://portal.b-trust.bg/s/1?t=x\"";

const STATUSES: &[&str] = &[
    "\"PROCESSING\"",
    "\"STARTED\"",
    "\"ERROR\"",
    "\"REJECTED_BY_OPERATOR\"",
    "null",
    "17",
    "[]",
    "{}",
    "\"DOCUMENT_SIGN_SUCCESS\"",
    "\"DOCUMENT_SIGN_SUCCESS\"",
    "\"document_sign_success\"",
    "\"DOCUMENT_SIGN_SUCCESS \"",
    "\"DOCUMENT\\u005fSIGN_SUCCESS\"",
    "[\"DOCUMENT_SIGN_SUCCESS\"]",
    SESSION,
    SESSION,
    SESSION,
    "\"SIGN_SESSION_ID_SUCCESSFULLY_CREATED\\u0000\"",
    "\"\"",
];

const URLS: &[&str] = &[
    "null",
    "\"\"",
    "\" \"",
    LINK,
    LINK,
    "\"https:\\/\\/portal.b-trust.bg\\/s\"",
    "\"https://evil.com/\"",
    "\"javascript:alert(1)\"",
    "[]",
    "\"https://portal.b-trust.bg@evil.com/\"",
    "\" https://portal.b-trust.bg/\"",
    "false",
];

const MESSAGES: &[&str] = &[
    "null",
    "\"\"",
    "\"Изчакайте\"",
    "\"a\\u202eb\\n\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "{}",
    "\"x\"",
];

/// Problem details: RFC 9457, ASP.NET, all null, the older kind, and none at all.
const PROBLEMS: &[&str] = &[
    r#"{"type":"about:blank","title":"Not found","status":404,"detail":"No such user","instance":"/x"}"#,
    r#"{"errors":{"id":["not valid","too large"],"userType":["?"]},"title":"Bad","status":400,"traceId":"00-ab-cd-00"}"#,
    r#"{"type":null,"title":null,"status":null,"detail":null,"instance":null,"traceId":null}"#,
    r#"{"errorCode":17,"errorMessage":"No such user"}"#,
    r#"{"Title":"Bad","Extensions":{"traceId":"00-cd"},"extensions":{"TRACEID":"00-ef"}}"#,
    "\u{feff}{\"title\":\"Bad\"}",
    "<html><title>502</title></html>",
    "",
    "null",
    "[]",
    "\"text\"",
];

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "true",
    "-",
    "1e999",
    "0.0",
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "\\u202e",
    "\u{202e}",
    "\u{feff}",
    "\u{200b}",
    "\0",
    "\n",
    "\r",
    "\u{1b}[31m",
    "\\\"",
    "\"videoIdentificationStatus\":\"DOCUMENT_SIGN_SUCCESS\",",
    "\"videoIdentificationUrl\":null,",
    "\"message\":\"again\",",
    "\"traceId\":\"00-zz\",",
    "\"title\":",
    "\"errors\":{\"\":[\"\"]},",
    "й",
    "DOCUMENT_SIGN_SUCCESS",
    "VideoIdentificationStatus",
    "/*",
    "//",
    "NaN",
    "Infinity",
    "'",
];

const WAITS: &[&str] = &[
    "0",
    "1",
    "30",
    " 7 ",
    "99999999999999999999999",
    "18446744073709551615",
    "-3",
    "1.5",
    "1e9",
    "٣",
    "+5",
    "Mon, 23 Nov 2026 12:00:09 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Monday, 23-Nov-26 12:00:09 GMT",
    "Mon Nov 23 12:00:09 2026",
    "Mon, 31 Feb 2026 99:99:99 GMT",
    "soon",
];

pub fn draw(dice: &mut Dice) -> Sent {
    let http = match dice.below(10) {
        0..6 => 200,
        6..9 => dice.pick(HTTP),
        _ => u16::try_from(dice.within(100, 999)).unwrap_or(200),
    };
    let mut body = body(http, dice).into_bytes();
    if dice.chance(50) {
        for _ in 0..dice.within(1, 3) {
            mutate(&mut body, PIECES, dice);
        }
    }
    body.truncate(LARGEST_BODY);
    Sent { http, retry_after: header(dice), date: header(dice), body }
}

fn header(dice: &mut Dice) -> Option<String> {
    if dice.chance(60) {
        return None;
    }
    let mut text = dice.pick(WAITS).as_bytes().to_vec();
    if dice.chance(40) {
        mutate(&mut text, WAITS, dice);
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Mostly of the shape that belongs to the HTTP status.
fn body(http: u16, dice: &mut Dice) -> String {
    if dice.below(500) == 0 {
        return large(dice);
    }
    let status = if dice.chance(5) { http != 200 } else { http == 200 };
    if status { object(dice) } else { dice.pick(PROBLEMS).to_owned() }
}

/// The gateway's object: its members in any order, some missing, some twice, some of strangers.
fn object(dice: &mut Dice) -> String {
    let mut members = vec![
        member("videoIdentificationStatus", dice.pick(STATUSES)),
        member("videoIdentificationUrl", dice.pick(URLS)),
        member("message", dice.pick(MESSAGES)),
    ];
    if dice.chance(10) {
        members[0] = member("videoIdentificationStatus", SESSION);
        members[1] = member("videoIdentificationUrl", LINK);
    }
    if dice.chance(20) {
        members.swap(0, dice.below(3));
    }
    if dice.chance(10) {
        members.remove(dice.below(3));
    }
    if dice.chance(20) {
        members.push(member("new", dice.pick(STATUSES)));
    }
    if dice.chance(3) {
        members.push(member("videoIdentificationStatus", dice.pick(STATUSES)));
    }
    format!("{{{}}}", members.join(","))
}

fn member(name: &str, value: &str) -> String {
    format!("\"{name}\":{value}")
}

/// Up to the largest body that is read: deep, wide or long.
fn large(dice: &mut Dice) -> String {
    let size = dice.within(1_000, LARGEST_BODY);
    let deep = |open: &str, close: &str| {
        let count = size / (open.len() + close.len());
        open.repeat(count) + "1" + &close.repeat(count)
    };
    let value = match dice.below(8) {
        0 => deep("[", "]"),
        1 => deep("{\"a\":", "}"),
        2 => format!("[{}0]", "[],".repeat(size / 3)),
        3 => format!("\"{}\"", "й".repeat(size / 2)),
        4 => format!("\"{}\"", "\\u202e".repeat(size / 6)),
        5 => format!("{{\"id\":[{}\"\"]}}", "\"\",".repeat(size / 3)),
        6 => "9".repeat(size),
        _ => {
            let field = |n: usize| format!("\"f{n}\":[\"x\"],");
            format!("{{{}\"z\":[]}}", (0..size / 14).map(field).collect::<String>())
        }
    };
    match dice.below(6) {
        0 => value,
        1 => format!("{{\"videoIdentificationStatus\":{value}}}"),
        2 => format!("{{\"new\":{value},\"videoIdentificationStatus\":\"DOCUMENT_SIGN_SUCCESS\"}}"),
        3 => format!("{{\"message\":{value}}}"),
        4 => format!("{{\"traceId\":{value},\"title\":{value}}}"),
        _ => format!("{{\"errors\":{value},\"extensions\":{value}}}"),
    }
}
