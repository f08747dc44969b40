//! Gateways that are somewhere else: names, and proxies on the way there.

use std::{sync::Arc, time::Duration};

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, Stage, play, welcome};
use crate::{
    peer::Channel,
    proxy::Manner,
    round::{Due, Host, Play, Travels, Trust},
    surroundings::Place,
};

pub const FAULTS: &[Fault] = &[
    Fault::new("proxy-silent", |stage| Play {
        lasts: Duration::from_millis(4_900),
        ..fails(stage, Manner::Silent, Kind::Timeout)
    }),
    Fault::new("no-such-name", |stage| Play {
        peer: None,
        host: Host::Nowhere,
        ..fails(stage, Manner::Through, Kind::Name)
    }),
    Fault::new("proxy-works", |stage| Play {
        travels: Travels::Arrives,
        due: Due::Processing,
        ..fails(stage, Manner::Through, Kind::Connect)
    }),
    Fault::new("proxy-wants-a-login", |stage| fails(stage, Manner::Login, Kind::ProxyLogin)),
    Fault::new("proxy-forbids", |stage| {
        let manner = stage.pick(&[Manner::Forbidden, Manner::BadGateway]);
        fails(stage, manner, Kind::ProxyRefused)
    }),
    Fault::new("proxy-garbage", |stage| {
        let manner = stage.pick(&[Manner::Garbage, Manner::Endless]);
        fails(stage, manner, Kind::ProxyRefused)
    }),
    Fault::new("proxy-closes", |stage| fails(stage, Manner::Closes, Kind::ProxyUnreachable)),
    Fault::new("proxy-breaks", |stage| fails(stage, Manner::Breaks, Kind::Connect)),
    Fault::new("proxy-reads-along", |stage| {
        // It shows papers of its own in place of the gateway's.
        let channel = Channel::Tls(Arc::clone(&stage.papers.stranger));
        let trust = stage.pick(&[Trust::Ours, Trust::Platform]);
        let peer = Some((channel, welcome()));
        Play { trust, peer, ..fails(stage, Manner::Through, Kind::CertificateUnknown) }
    }),
    Fault::within("proxy-down", Place::Nobody, |stage| {
        fails(stage, Manner::Through, Kind::ProxyUnreachable)
    }),
    Fault::within("proxy-of-another-kind", Place::Socks, |stage| {
        fails(stage, Manner::Through, Kind::ProxyUnreachable)
    }),
];

fn fails(stage: &mut Stage, manner: Manner, kind: Kind) -> Play {
    let channel = Channel::Tls(Arc::clone(&stage.papers.good));
    let due = Due::Silent(kind);
    Play { travels: Travels::Stays, ..play(Host::Behind(manner), channel, welcome(), due) }
}
