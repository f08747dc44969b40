//! One round: a gateway with one fault, asked once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Problem, ProblemKind, Status},
    gateway::{Answer, Client},
};

use crate::{
    faults::Fault,
    papers::Papers,
    peer::{Channel, Peer},
    proxy::{Ledger, Manner},
    script::Step,
    surroundings::Place,
    watching::{Held, Watching},
};

/// The client's own limit for a call, and what a machine with other things to do adds to it.
const LIMIT: Duration = Duration::from_secs(10);
pub const SLACK: Duration = Duration::from_millis(500);

/// Where the client believes its gateway to be.
pub enum Host {
    /// `http` on this machine.
    Plain,
    /// `https` on this machine.
    Secure,
    /// `https` somewhere else: through the proxy.
    Behind(Manner),
    /// `https` at a name that nobody has.
    Nowhere,
}

/// Who may vouch for the gateway.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Ours,
    Platform,
}

/// What the token may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Travels {
    /// Reaches the gateway, in one request.
    Arrives,
    /// As that, in a form that only HTTP/2 reads.
    Packed,
    /// Reaches nobody.
    Stays,
}

/// The class of answer that is due.
pub enum Due {
    Processing,
    Unauthorized,
    Refused(ProblemKind, u16),
    Faulty(ProblemKind, u16, Option<Duration>),
    Silent(ProblemKind),
    /// Several ways to see the same thing, of which the first to happen counts.
    Either(ProblemKind, ProblemKind),
    CutOrSilent(ProblemKind, u16, ProblemKind),
}

/// What a fault sets up, and what has to come of it.
pub struct Play {
    pub host: Host,
    pub trust: Trust,
    /// `None` where nobody listens.
    pub peer: Option<(Channel, Vec<Step>)>,
    pub travels: Travels,
    pub due: Due,
    /// What the problem's detail has to be.
    pub detail: Option<String>,
    /// It takes at least so long.
    pub lasts: Duration,
}

/// What all rounds share.
pub struct Ground {
    pub papers: Papers,
    pub ledger: Ledger,
    pub place: Place,
}

/// What came of a round.
pub struct Outcome {
    pub answer: String,
    pub took: Duration,
    pub is_late: bool,
}

/// What every token begins with.
pub const TOKEN: &str = "t0ken-";

/// Plays a fault.
///
/// # Errors
/// The rule that was broken.
pub async fn play(fault: Fault, seed: u64, ground: &Arc<Ground>) -> Result<Outcome, String> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let words = |what: std::io::Error| format!("the stage: {what}");
    // Whoever is sent there finds a friendly gateway.
    let elsewhere = Peer::start(Channel::Open, crate::faults::welcome()).await.map_err(words)?;
    let play = fault.set_up(&mut rng, &ground.papers, elsewhere.port);
    let peer = match play.peer {
        Some((ref channel, ref steps)) => Peer::start(channel.clone(), steps.clone()).await,
        None => Peer::closed(),
    };
    let peer = peer.map_err(words)?;
    let token = format!("{TOKEN}{:016x}", rng.u64(..));
    let (watching, poll) = Watching::begin(&token, rng.u32(1..=2_147_483_647));
    let base = base(&play.host, peer.port).parse().map_err(|why| format!("the base: {why}"))?;
    let authorities = (play.trust == Trust::Ours).then_some(&ground.papers.authorities);
    let client = Client::new(&base, authorities).map_err(|why| format!("the client: {why}"))?;
    let begun = Instant::now();
    let answer = client.poll(poll.user, &poll.token).await;
    let took = begun.elapsed();
    let timed_out = matches!(&answer, Answer::Silent(why) if why.kind == ProblemKind::Timeout);
    if timed_out && play.lasts.is_zero() {
        // Nobody kept it waiting but this machine, with so much else going on.
        return Ok(Outcome { answer: told(&answer), took, is_late: true });
    }
    check_answer(&play, &answer)?;
    check_words(&answer, &token)?;
    if took < play.lasts {
        return Err(format!("it took {took:?}, and not {:?}", play.lasts));
    }
    check_token(&play, &token, &peer, ground)?;
    if elsewhere.connections() > 0 {
        return Err("somebody else was asked".to_owned());
    }
    watching.hears(&poll, &answer, took)?;
    Ok(Outcome { answer: told(&answer), took, is_late: took > LIMIT + SLACK })
}

fn base(host: &Host, port: u16) -> String {
    match host {
        Host::Plain => format!("http://127.0.0.1:{port}/"),
        Host::Secure => format!("https://127.0.0.1:{port}/crm"),
        Host::Behind(manner) => format!("https://{}:{port}", manner.host()),
        Host::Nowhere => format!("https://gateway.nowhere.invalid:{port}"),
    }
}

fn check_answer(play: &Play, answer: &Answer) -> Held {
    let silent = |kind: ProblemKind| {
        let detail = play.detail.clone();
        Answer::Silent(Problem { detail, ..Problem::new(kind) })
    };
    let with_http = |kind, http| {
        let detail = play.detail.clone();
        Problem { detail, ..Problem::with_http(kind, http) }
    };
    let is_due = match &play.due {
        Due::Processing => {
            matches!(answer, Answer::Status(said) if said.status == Status::Processing && said.url.is_none())
        }
        Due::Unauthorized => *answer == Answer::Unauthorized,
        Due::Refused(kind, http) => *answer == Answer::Refused(with_http(*kind, *http)),
        Due::Faulty(kind, http, wait) => {
            let problem = with_http(*kind, *http);
            *answer == Answer::Faulty { problem, retry_after: *wait }
        }
        Due::Silent(kind) => *answer == silent(*kind),
        Due::Either(one, other) => *answer == silent(*one) || *answer == silent(*other),
        Due::CutOrSilent(cut, http, other) => {
            let problem = with_http(*cut, *http);
            *answer == Answer::Faulty { problem, retry_after: None } || *answer == silent(*other)
        }
    };
    if is_due { Ok(()) } else { Err(format!("the answer is {answer:?}")) }
}

/// Neither the token nor the address stands in what can be shown.
fn check_words(answer: &Answer, token: &str) -> Held {
    let shown = format!("{answer:?}");
    for secret in [token, "get-identification", "127.0.0.1"] {
        if shown.contains(secret) {
            return Err(format!("{secret} stands in the answer"));
        }
    }
    Ok(())
}

fn check_token(play: &Play, token: &str, peer: &Peer, ground: &Ground) -> Held {
    let secure = !matches!(play.host, Host::Plain);
    if secure && (peer.wire.holds(token) || peer.wire.holds("Bearer")) {
        return Err("the token went over an open wire".to_owned());
    }
    let requests = peer.plain.times("authorization: Bearer ");
    match play.travels {
        Travels::Arrives if requests == 1 && peer.plain.holds(token) => {}
        Travels::Arrives => return Err(format!("the gateway heard {requests} requests")),
        Travels::Packed if peer.connections() == 1 && !peer.plain.bytes().is_empty() => {}
        Travels::Packed => return Err(format!("{} connections", peer.connections())),
        Travels::Stays if requests == 0 && !peer.plain.holds(token) => {}
        Travels::Stays => return Err("the token reached somebody".to_owned()),
    }
    check_proxy(play, token, peer.port, ground)
}

/// The proxy hears of gateways that are somewhere else, and never a token.
fn check_proxy(play: &Play, token: &str, port: u16, ground: &Ground) -> Held {
    let heard = ground.ledger.take(port);
    let was_due = matches!(play.host, Host::Behind(_)) && ground.place == Place::Proxy;
    if heard.is_some() != was_due {
        return Err(format!("the proxy heard of the gateway: {}", heard.is_some()));
    }
    if heard.is_some_and(|it| it.holds(token) || it.holds("Bearer") || it.holds("Enrollment")) {
        return Err("the proxy heard the request".to_owned());
    }
    match ground.ledger.strange() {
        Some(_) => Err("the proxy heard something strange".to_owned()),
        None => Ok(()),
    }
}

/// The class of an answer, for the table.
fn told(answer: &Answer) -> String {
    let of = |problem: &Problem| problem.kind.code().to_owned();
    match answer {
        Answer::Status(_) => "good".to_owned(),
        Answer::Unauthorized => "unauthorized".to_owned(),
        Answer::Refused(problem) => format!("ends: {}", of(problem)),
        Answer::Faulty { problem, .. } | Answer::Silent(problem) => {
            format!("again: {}", of(problem))
        }
    }
}
