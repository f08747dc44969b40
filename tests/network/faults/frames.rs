//! HTTP/2, frame by frame.

use std::{sync::Arc, time::Duration};

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, play};
use crate::{
    peer::Channel,
    round::{Due, Host, Play, Travels},
    script::Step,
};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH: u8 = 5;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const ACKNOWLEDGE: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200` by its place in HPACK's table, and `:status: 103` with its name from there.
const OK: &[u8] = &[0x88];
const HINTS: &[u8] = &[0x08, 3, b'1', b'0', b'3'];

pub const FAULTS: &[Fault] = &[
    Fault::new("frames-stall", |stage| {
        let lasts = Duration::from_millis(9_400);
        // The keep-alive gives the connection up about as soon as the call does.
        let due = Due::Either(Kind::Timeout, Kind::Reset);
        Play { lasts, ..speaks(stage, &[], due, Step::Silence) }
    }),
    Fault::new("goodbye", |stage| {
        // NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, ENHANCE_YOUR_CALM
        let why = stage.pick(&[0, 1, 2, 11]);
        let frames = frame(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, why]);
        breaks(stage, &frames, Due::Silent(Kind::Reset))
    }),
    Fault::new("stream-reset", |stage| {
        // INTERNAL_ERROR, REFUSED_STREAM, CANCEL, HTTP_1_1_REQUIRED
        let why = stage.pick(&[2, 7, 8, 13]);
        let frames = frame(RESET, 0, 1, &[0, 0, 0, why]);
        breaks(stage, &frames, Due::Silent(Kind::Reset))
    }),
    Fault::new("stream-reset-in-body", |stage| {
        let mut frames = frame(HEADERS, END_HEADERS, 1, OK);
        frames.extend(frame(DATA, 0, 1, stage.part(GOOD.as_bytes())));
        frames.extend(frame(RESET, 0, 1, &[0, 0, 0, 2]));
        // A body that was cut is cut, whether or not its head had been looked at before.
        breaks(stage, &frames, Due::Faulty(Kind::Truncated, 200, None))
    }),
    Fault::new("frame-out-of-place", |stage| {
        let frames = match stage.rng.u8(0..4) {
            0 => frame(DATA, 0, 0, b"x"),
            1 => frame(SETTINGS, 0, 0, &[0; 5]),
            2 => frame(PUSH, END_HEADERS, 1, &[0, 0, 0, 2, 0x82]),
            _ => frame(HEADERS, END_HEADERS, 1, &[0xff; 20]),
        };
        breaks(stage, &frames, Due::Silent(Kind::Reset))
    }),
    Fault::new("endless-head", |stage| {
        let mut frames = frame(HEADERS, 0, 1, OK);
        // A name and its value, over and over, and never the end.
        let field = [&[0, 1, b'x', 100][..], &[b'y'; 100]].concat();
        for _ in 0..1_000 {
            frames.extend(frame(CONTINUATION, 0, 1, &field.repeat(10)));
        }
        breaks(stage, &frames, Due::Silent(Kind::Reset))
    }),
    Fault::new("frames-good", |stage| {
        let mut frames = Vec::new();
        for _ in 0..stage.rng.u8(0..3) {
            frames.extend(frame(HEADERS, END_HEADERS, 1, HINTS));
        }
        frames.extend(frame(HEADERS, END_HEADERS, 1, OK));
        let (one, two) = GOOD.as_bytes().split_at(stage.rng.usize(0..GOOD.len()));
        frames.extend(frame(DATA, 0, 1, one));
        frames.extend(frame(DATA, END_STREAM, 1, two));
        breaks(stage, &frames, Due::Processing)
    }),
];

/// Says these frames, and keeps the connection a little longer.
fn breaks(stage: &mut Stage, frames: &[u8], due: Due) -> Play {
    speaks(stage, frames, due, Step::Wait(Duration::from_millis(100)))
}

fn speaks(stage: &mut Stage, frames: &[u8], due: Due, end: Step) -> Play {
    let settings = Step::Say(frame(SETTINGS, 0, 0, &[]));
    let acknowledged = Step::Say(frame(SETTINGS, ACKNOWLEDGE, 0, &[]));
    let mut steps = vec![settings, Step::HearFrames, acknowledged];
    steps.extend(stage.pieces(frames));
    steps.push(end);
    let channel = Channel::Tls(Arc::clone(&stage.papers.http2));
    Play { travels: Travels::Packed, ..play(Host::Secure, channel, steps, due) }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame");
    let mut bytes = length.to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}
