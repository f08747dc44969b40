//! Connections that do not come about, break or stall.

use std::time::Duration;

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, http, play};
use crate::{
    peer::Channel,
    round::{Due, Host, Play, Travels},
    script::Step,
};

/// The client's limits: of a whole call, and of opening a connection.
const CALL: Duration = Duration::from_millis(9_900);

pub const FAULTS: &[Fault] = &[
    Fault::new("silence-after-accept", |_| Play {
        travels: Travels::Arrives,
        lasts: CALL,
        ..play(Host::Plain, Channel::Open, vec![Step::Silence], Due::Silent(Kind::Timeout))
    }),
    Fault::new("silence-after-request", |stage| {
        let steps = vec![Step::Hear, Step::Silence];
        Play { lasts: CALL, ..stage.gateway(steps, Due::Silent(Kind::Timeout)) }
    }),
    Fault::new("slow-head", |stage| {
        let bytes = format!("HTTP/1.1 200 OK\r\nX-Slow: {}", "x".repeat(2_000)).into_bytes();
        let steps = vec![Step::Hear, slowly(stage, bytes)];
        Play { lasts: CALL, ..stage.gateway(steps, Due::Silent(Kind::Timeout)) }
    }),
    Fault::new("slow-body", |stage| {
        let body = format!("{}{GOOD}", " ".repeat(2_000)).into_bytes();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let steps = vec![Step::Hear, Step::Say(head.into()), slowly(stage, body)];
        Play { lasts: CALL, ..stage.gateway(steps, Due::Faulty(Kind::Timeout, 200, None)) }
    }),
    Fault::new("stalled-body", |stage| {
        let said = begun(stage);
        let steps = vec![Step::Hear, Step::Say(said), Step::Silence];
        Play { lasts: CALL, ..stage.gateway(steps, Due::Faulty(Kind::Timeout, 200, None)) }
    }),
    Fault::new("stalled-refusal", |stage| {
        let head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 90\r\n\r\n{\"title\":\"N";
        let steps = vec![Step::Hear, Step::Say(head.to_vec()), Step::Silence];
        // The HTTP status has decided; the body would only have explained.
        Play { lasts: CALL, ..stage.gateway(steps, Due::Refused(Kind::Refused, 404)) }
    }),
    Fault::new("endless-hints", |stage| {
        let hints = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(400).into_bytes();
        let each = Duration::from_millis(stage.rng.u64(30..60));
        let steps = vec![Step::Hear, Step::Drip { bytes: hints, piece: 28, each }];
        Play { lasts: CALL, ..stage.gateway(steps, Due::Silent(Kind::Timeout)) }
    }),
    Fault::new("refused", |_| Play {
        peer: None,
        travels: Travels::Stays,
        ..play(Host::Plain, Channel::Open, Vec::new(), Due::Silent(Kind::Connect))
    }),
    Fault::new("close-after-accept", |stage| {
        let steps = vec![stage.moment()];
        at_once(steps)
    }),
    Fault::new("reset-after-accept", |stage| {
        let steps = vec![stage.moment(), Step::Reset];
        at_once(steps)
    }),
    Fault::new("close-before-head", |stage| {
        let steps = vec![Step::Hear, stage.moment()];
        stage.gateway(steps, Due::Silent(Kind::Reset))
    }),
    Fault::new("reset-before-head", |stage| {
        let steps = vec![Step::Hear, stage.moment(), Step::Reset];
        stage.gateway(steps, Due::Silent(Kind::Reset))
    }),
    Fault::new("close-in-head", |stage| in_head(stage, &[])),
    Fault::new("reset-in-head", |stage| in_head(stage, &[Step::Reset])),
    Fault::new("close-in-body", |stage| in_body(stage, &[])),
    Fault::new("reset-in-body", |stage| Play {
        // A reset may overtake the head that was said before it.
        due: Due::CutOrSilent(Kind::Truncated, 200, Kind::Reset),
        ..in_body(stage, &[Step::Reset])
    }),
];

/// Whether the request left before the connection ended is chance; it cannot have been read.
fn at_once(steps: Vec<Step>) -> Play {
    let travels = Travels::Stays;
    Play { travels, ..play(Host::Plain, Channel::Open, steps, Due::Silent(Kind::Reset)) }
}

fn slowly(stage: &mut Stage, bytes: Vec<u8>) -> Step {
    let piece = stage.rng.usize(1..4);
    Step::Drip { bytes, piece, each: Duration::from_millis(stage.rng.u64(60..400)) }
}

/// A good answer that ends somewhere in its body.
fn begun(stage: &mut Stage) -> Vec<u8> {
    let good = http("200 OK", &[], GOOD);
    let head = good.len() - GOOD.len();
    good[..head + stage.rng.usize(0..GOOD.len())].to_vec()
}

fn in_head(stage: &mut Stage, end: &[Step]) -> Play {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
    let said = stage.part(head).to_vec();
    let mut steps = vec![Step::Hear, Step::Say(said), stage.moment()];
    steps.extend_from_slice(end);
    stage.gateway(steps, Due::Silent(Kind::Reset))
}

fn in_body(stage: &mut Stage, end: &[Step]) -> Play {
    let said = begun(stage);
    let mut steps = vec![Step::Hear, Step::Say(said), stage.moment()];
    steps.extend_from_slice(end);
    stage.gateway(steps, Due::Faulty(Kind::Truncated, 200, None))
}
