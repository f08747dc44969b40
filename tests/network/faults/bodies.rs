//! Bodies of a 200 that are no answer, or only look unlike one.

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, http};
use crate::{
    round::{Due, Play},
    script::Step,
};

pub const FAULTS: &[Fault] = &[
    Fault::new("login-page", |stage| {
        let page = "<!DOCTYPE html><html><title>Sign in to the network</title></html>";
        let html = ["Content-Type: text/html", "Set-Cookie: session=1"];
        stage.says(http("200 OK", &html, page), because(Kind::NotJson))
    }),
    Fault::new("truncated-json", |stage| {
        let body = stage.part(GOOD.as_bytes()).to_vec();
        // Between two members' letters a cut looks the same as the end.
        stage.says(http("200 OK", &[], body), because(Kind::Truncated))
    }),
    Fault::new("length-too-long", |stage| {
        let length = GOOD.len() + stage.rng.usize(1..5_000);
        let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}");
        stage.says(bytes, because(Kind::Truncated))
    }),
    Fault::new("length-too-short", |stage| {
        let length = stage.rng.usize(0..GOOD.len());
        let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}");
        stage.says(bytes, because(Kind::Truncated))
    }),
    Fault::new("more-behind", |stage| {
        let mut bytes = http("200 OK", &[], GOOD);
        bytes.extend(http(
            "200 OK",
            &[],
            r#"{"videoIdentificationStatus":"DOCUMENT_SIGN_SUCCESS"}"#,
        ));
        stage.says(bytes, Due::Processing)
    }),
    Fault::new("huge-length", |stage| {
        let length = stage.pick(&[65_537, 100_000_000, u64::MAX - 3]);
        let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}");
        stage.says(bytes, because(Kind::Oversized))
    }),
    Fault::new("endless-body", |stage| {
        // A chunk at a time, without an end, and with a status in its beginning.
        let chunk = format!("2000\r\n{}\r\n", " ".repeat(0x2000));
        let begin = format!("HTTP/1.1 200 OK\r\n{CHUNKED}{:x}\r\n{GOOD}\r\n", GOOD.len());
        let flood = Step::Flood { bytes: chunk.into(), most: 8 * 1_024 * 1_024 };
        let steps = vec![Step::Hear, Step::Say(begin.into()), flood];
        stage.gateway(steps, because(Kind::Oversized))
    }),
    Fault::new("broken-chunks", |stage| {
        let chunks =
            stage.pick(&["ff\r\n{}", "zz\r\n{}\r\n", "-1\r\n", "2\r\n{}xx0\r\n\r\n", "2\r\n{}"]);
        stage.says(format!("HTTP/1.1 200 OK\r\n{CHUNKED}{chunks}"), because(Kind::Truncated))
    }),
    Fault::new("wrong-types", |stage| {
        let body = stage.pick(&[
            r#"{"videoIdentificationStatus":1}"#,
            r#"{"videoIdentificationStatus":["DOCUMENT_SIGN_SUCCESS"]}"#,
            r#"{"videoIdentificationStatus":"PROCESSING","message":{}}"#,
            r#"{"videoIdentificationStatus":"PROCESSING","videoIdentificationUrl":true}"#,
            r#"[null,"DOCUMENT_SIGN_SUCCESS",null]"#,
            "null",
            "3.5",
            r#""DOCUMENT_SIGN_SUCCESS""#,
        ]);
        stage.says(http("200 OK", &[], body), because(Kind::WrongType))
    }),
    Fault::new("member-twice", |stage| {
        let (one, two) = ("PROCESSING", "DOCUMENT_SIGN_SUCCESS");
        let (one, two) = if stage.rng.bool() { (one, two) } else { (two, one) };
        let body = format!(
            r#"{{"videoIdentificationStatus":"{one}","videoIdentificationStatus":"{two}"}}"#
        );
        stage.says(http("200 OK", &[], body), because(Kind::WrongType))
    }),
    Fault::new("deep-message", |stage| {
        let body = format!(r#"{{"message":{}"#, "[".repeat(stage.rng.usize(200..60_000)));
        stage.says(http("200 OK", &[], body), because(Kind::WrongType))
    }),
    Fault::new("deep-extra", |stage| {
        let depth = stage.rng.usize(200..30_000);
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let body = format!(r#"{{"x":{open}{close},{}"#, &GOOD[1..]);
        stage.says(http("200 OK", &[], body), Due::Processing)
    }),
    Fault::new("not-utf-8", |stage| {
        let mut body = br#"{"videoIdentificationStatus":"PROCES"#.to_vec();
        body.extend(stage.pick(&[&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf8\x88"]));
        body.extend(br#"SING"}"#);
        stage.says(http("200 OK", &[], body), because(Kind::NotJson))
    }),
    Fault::new("byte-order-mark", |stage| {
        let mut body = b"\xef\xbb\xbf".to_vec();
        body.extend(GOOD.as_bytes());
        stage.says(http("200 OK", &[], body), because(Kind::NotJson))
    }),
    Fault::new("other-text", |stage| {
        let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        stage.says(http("200 OK", &[], utf16), because(Kind::NotJson))
    }),
    Fault::new("packed-unasked", |stage| {
        let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        body.extend((0..stage.rng.u8(1..200)).collect::<Vec<_>>());
        let name = stage.pick(&["gzip", "br", "zstd", "deflate"]);
        let header = format!("Content-Encoding: {name}");
        stage.says(http("200 OK", &[&header], body), because(Kind::NotJson))
    }),
    Fault::new("long-words", long_words),
];

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

fn because(kind: Kind) -> Due {
    Due::Faulty(kind, 200, None)
}

/// As large as a body may be, and good.
fn long_words(stage: &mut Stage) -> Play {
    let (before, behind) = (r#"{"videoIdentificationStatus":"PROCESSING","message":""#, r#""}"#);
    let length = 64 * 1_024 - before.len() - behind.len() - stage.rng.usize(0..3);
    let body = format!("{before}{}{behind}", "x".repeat(length));
    stage.says(http("200 OK", &[], body), Due::Processing)
}
