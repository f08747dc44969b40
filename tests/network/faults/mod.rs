//! Everything that can be wrong between the client and its gateway, and what is due then.

mod answers;
mod bodies;
mod connections;
mod frames;
mod proxies;
mod redirects;
mod secure;

use std::{str::FromStr, sync::Arc, time::Duration};

use enrollment_core::enrollment::ProblemKind;
use fastrand::Rng;
use rustls::ServerConfig;

use crate::{
    papers::Papers,
    peer::Channel,
    round::{Due, Host, Play, Travels, Trust},
    script::Step,
    surroundings::Place,
};

/// A body of the gateway's shape that is no target.
const GOOD: &str = r#"{"videoIdentificationUrl":null,"videoIdentificationStatus":"PROCESSING","message":"Моля, изчакайте"}"#;

/// One kind of fault.
#[derive(Clone, Copy)]
pub struct Fault {
    name: &'static str,
    place: Place,
    set_up: fn(&mut Stage) -> Play,
}

impl Fault {
    const fn new(name: &'static str, set_up: fn(&mut Stage) -> Play) -> Self {
        Self { name, place: Place::Proxy, set_up }
    }

    const fn within(name: &'static str, place: Place, set_up: fn(&mut Stage) -> Play) -> Self {
        Self { name, place, set_up }
    }

    pub fn name(self) -> &'static str {
        self.name
    }

    pub fn place(self) -> Place {
        self.place
    }

    /// What the fault sets up this time.
    pub fn set_up(self, rng: &mut Rng, papers: &Papers, elsewhere: u16) -> Play {
        (self.set_up)(&mut Stage { rng, papers, elsewhere })
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || all().map(Fault::name).collect::<Vec<_>>().join(", ");
        all().find(|fault| fault.name == name).ok_or_else(|| format!("there are {}", names()))
    }
}

/// Every fault.
pub fn all() -> impl Iterator<Item = Fault> {
    let lists = [
        connections::FAULTS,
        secure::FAULTS,
        answers::FAULTS,
        redirects::FAULTS,
        bodies::FAULTS,
        frames::FAULTS,
        proxies::FAULTS,
    ];
    lists.into_iter().flatten().copied()
}

/// What a gateway does that takes whoever comes.
pub fn welcome() -> Vec<Step> {
    vec![Step::Hear, Step::Say(http("200 OK", &[], GOOD))]
}

/// Where a fault is set up. Every choice is the seed's.
pub struct Stage<'a> {
    rng: &'a mut Rng,
    papers: &'a Papers,
    /// The port of somebody who is not the gateway.
    elsewhere: u16,
}

impl Stage<'_> {
    /// A gateway that does this, on either channel.
    fn gateway(&mut self, steps: Vec<Step>, due: Due) -> Play {
        let (host, channel) = if self.rng.bool() {
            (Host::Plain, Channel::Open)
        } else {
            (Host::Secure, Channel::Tls(Arc::clone(&self.papers.good)))
        };
        play(host, channel, steps, due)
    }

    /// A gateway that hears a request and answers it with these bytes.
    fn says(&mut self, bytes: impl AsRef<[u8]>, due: Due) -> Play {
        let mut steps = vec![Step::Hear];
        steps.extend(self.pieces(bytes.as_ref()));
        self.gateway(steps, due)
    }

    /// A gateway that shows this certificate.
    fn shows(papers: &Arc<ServerConfig>, kind: ProblemKind) -> Play {
        let channel = Channel::Tls(Arc::clone(papers));
        let play = play(Host::Secure, channel, welcome(), Due::Silent(kind));
        Play { travels: Travels::Stays, ..play }
    }

    /// Bytes as they may arrive: in up to four parts, with little time between.
    fn pieces(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = vec![self.moment()];
        let mut rest = bytes;
        for _ in 0..self.rng.u8(0..3) {
            let (part, behind) = rest.split_at(self.rng.usize(0..=rest.len()));
            steps.push(Step::Say(part.to_vec()));
            steps.push(self.moment());
            rest = behind;
        }
        steps.push(Step::Say(rest.to_vec()));
        steps
    }

    fn moment(&mut self) -> Step {
        Step::Wait(Duration::from_millis(self.rng.u64(0..30)))
    }

    /// A part of it, from its beginning, that is not the whole.
    fn part<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[..self.rng.usize(0..bytes.len())]
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.rng.usize(..among.len())]
    }
}

fn play(host: Host, channel: Channel, steps: Vec<Step>, due: Due) -> Play {
    Play {
        host,
        trust: Trust::Ours,
        peer: Some((channel, steps)),
        travels: Travels::Arrives,
        due,
        detail: None,
        lasts: Duration::ZERO,
    }
}

/// An answer that says how long it is.
fn http(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    let mut bytes = format!("{head}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
