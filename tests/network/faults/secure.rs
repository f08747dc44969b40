//! Certificates and handshakes.

use std::{sync::Arc, time::Duration};

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, http, play, welcome};
use crate::{
    papers::{BEGINS, RAN_OUT},
    peer::Channel,
    round::{Due, Host, Play, Travels, Trust},
    script::Step,
};

/// For so long a connection may take to open.
const OPENING: Duration = Duration::from_millis(4_900);

pub const FAULTS: &[Fault] = &[
    Fault::new("handshake-stalls", |stage| {
        let steps = if stage.rng.bool() { vec![Step::Silence] } else { stalls() };
        Play { lasts: OPENING, ..raw(steps, Kind::Timeout) }
    }),
    Fault::new("handshake-drips", |stage| {
        // A record that says it is long, and comes a byte at a time.
        let mut bytes = vec![0x16, 3, 3, 0x3f, 0xff];
        bytes.extend([2; 500]);
        let each = Duration::from_millis(stage.rng.u64(100..400));
        let steps = vec![Step::Listen, Step::Drip { bytes, piece: 1, each }];
        Play { lasts: OPENING, ..raw(steps, Kind::Timeout) }
    }),
    Fault::new("unknown-root", |stage| {
        // Good papers, but the machine knows nothing of their authority.
        let papers = Arc::clone(&stage.papers.good);
        Play { trust: Trust::Platform, ..Stage::shows(&papers, Kind::CertificateUnknown) }
    }),
    Fault::new("strange-root", |stage| {
        Stage::shows(&stage.papers.stranger, Kind::CertificateUnknown)
    }),
    Fault::new("self-signed", |stage| {
        Stage::shows(&stage.papers.self_signed, Kind::CertificateUnknown)
    }),
    Fault::new("forged", |stage| Stage::shows(&stage.papers.forged, Kind::CertificateInvalid)),
    Fault::new("expired", |stage| Play {
        detail: Some(format!("{:04}-{:02}-{:02}T00:00:00Z", RAN_OUT.0, RAN_OUT.1, RAN_OUT.2)),
        ..Stage::shows(&stage.papers.expired, Kind::CertificateExpired)
    }),
    Fault::new("not-yet-valid", |stage| Play {
        detail: Some(format!("{:04}-{:02}-{:02}T00:00:00Z", BEGINS.0, BEGINS.1, BEGINS.2)),
        ..Stage::shows(&stage.papers.not_yet, Kind::CertificateNotYet)
    }),
    Fault::new("wrong-purpose", |stage| {
        Stage::shows(&stage.papers.not_for_servers, Kind::CertificateInvalid)
    }),
    Fault::new("asks-for-a-certificate", |stage| {
        let papers = Arc::clone(&stage.papers.asks_for_one);
        // The refusal may be overtaken by the end of the connection.
        let due = Due::Either(Kind::Tls, Kind::Reset);
        Play { due, ..Stage::shows(&papers, Kind::Tls) }
    }),
    Fault::new("handshake-refused", |stage| {
        // handshake_failure, protocol_version, unrecognized_name, internal_error
        let why = stage.pick(&[40, 70, 112, 80]);
        raw(vec![Step::Listen, Step::Say(vec![0x15, 3, 3, 0, 2, 2, why])], Kind::Tls)
    }),
    Fault::new("old-tls", |stage| {
        // A ServerHello of TLS 1.0 or 1.1.
        let version = stage.pick(&[1, 2]);
        let mut bytes = vec![0x16, 3, version, 0, 42, 2, 0, 0, 38, 3, version];
        bytes.extend([7; 32]);
        bytes.extend([0, 0xc0, 0x13, 0]);
        raw(vec![Step::Listen, Step::Say(bytes), Step::Wait(SOON)], Kind::Tls)
    }),
    Fault::new("garbage-for-tls", |stage| {
        let mut bytes = vec![0; stage.rng.usize(5..4_000)];
        stage.rng.fill(&mut bytes);
        // No record begins so.
        bytes[0] = 0xff;
        raw(vec![Step::Listen, Step::Say(bytes), Step::Wait(SOON)], Kind::Tls)
    }),
    Fault::new("http-for-tls", |_| {
        let answer = http("400 Bad Request", &[], "Client sent an HTTP request");
        raw(vec![Step::Listen, Step::Say(answer), Step::Wait(SOON)], Kind::Tls)
    }),
    Fault::new("handshake-breaks", |stage| {
        let end = if stage.rng.bool() { Step::Reset } else { stage.moment() };
        raw(vec![Step::Listen, end], Kind::Connect)
    }),
    Fault::new("cut-without-farewell", |stage| {
        // Without a length, only the farewell tells a whole answer from one that was cut.
        let said = format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}").into_bytes();
        let channel = Channel::Tls(Arc::clone(&stage.papers.good));
        let steps = vec![Step::Hear, Step::Say(said), stage.moment(), Step::Cut];
        play(Host::Secure, channel, steps, Due::Faulty(Kind::Truncated, 200, None))
    }),
    Fault::new("other-name", |stage| Play {
        detail: Some("other.example.bg, 127.0.0.2".to_owned()),
        ..Stage::shows(&stage.papers.other_name, Kind::CertificateName)
    }),
    Fault::new("no-fault", |stage| stage.gateway(welcome(), Due::Processing)),
];

const SOON: Duration = Duration::from_millis(50);

/// Somebody at the gateway's port who does not speak TLS as he should.
fn raw(steps: Vec<Step>, kind: Kind) -> Play {
    let travels = Travels::Stays;
    Play { travels, ..play(Host::Secure, Channel::Open, steps, Due::Silent(kind)) }
}

fn stalls() -> Vec<Step> {
    vec![Step::Listen, Step::Say(vec![0x16, 3]), Step::Silence]
}
