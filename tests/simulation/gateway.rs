//! The gateway of one environment: its users' stories, its tokens, and its moods.

use std::{collections::HashMap, time::Duration};

use enrollment_core::{
    enrollment::{Problem, ProblemKind, Status, User},
    gateway::{Answer, StatusAnswer, UntrustedUrl},
    time::Mono,
    tokens::AccessToken,
};

use crate::{
    dice::Dice,
    draw::Plan,
    story::{Link, Said, Story, Told},
    tokens::{Kind, Tokens},
};

/// An answer, and what the gateway meant by it.
#[derive(Clone)]
pub struct Spoken {
    pub answer: Answer,
    pub said: Option<Said>,
}

/// A stretch of time in which the gateway fails in one way.
struct Mood {
    from: Mono,
    until: Mono,
    kind: ProblemKind,
}

pub struct Gateway {
    pub tokens: Tokens,
    stories: HashMap<User, Story>,
    moods: Vec<Mood>,
    often_faulty: u32,
    calm: Mono,
}

/// A `Retry-After` that nobody outlives.
const YEARS: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Every answer that is HTTP and says nothing of the enrollment.
const FAULTS: [ProblemKind; 7] = [
    ProblemKind::ServerError,
    ProblemKind::Busy,
    ProblemKind::UnexpectedSuccess,
    ProblemKind::NotJson,
    ProblemKind::WrongType,
    ProblemKind::Truncated,
    ProblemKind::Oversized,
];

impl Gateway {
    pub fn draw(dice: &mut Dice, plan: &Plan) -> Self {
        let length = u64::try_from(plan.calm.as_millis()).unwrap_or(u64::MAX);
        let moods = (0..dice.weighted(&[(50, 0), (35, 1), (15, 3)])).map(|_| {
            let from = Mono::default() + dice.millis(0, length);
            Mood { from, until: from + dice.millis(1_000, 180_000), kind: *dice.pick(&FAULTS) }
        });
        Self {
            moods: moods.collect(),
            tokens: Tokens::default(),
            stories: HashMap::new(),
            often_faulty: plan.often_faulty,
            calm: Mono::default() + plan.calm,
        }
    }

    /// What it answers at `now`, `elapsed` after the run began in the world outside.
    pub fn answer(
        &mut self,
        user: User,
        token: &AccessToken,
        now: Mono,
        elapsed: Duration,
        dice: &mut Dice,
    ) -> Spoken {
        let silent_body = |answer| Spoken { answer, said: None };
        match self.tokens.judge(token, now) {
            Kind::Bad => return silent_body(Answer::Unauthorized),
            Kind::WrongScope => return silent_body(refused(403)),
            Kind::Good => {}
        }
        let mood = self.moods.iter().find(|m| (m.from..m.until).contains(&now)).map(|m| m.kind);
        let own = (now < self.calm && dice.chance(self.often_faulty)).then(|| *dice.pick(&FAULTS));
        if let Some(kind) = mood.filter(|_| now < self.calm).or(own) {
            return silent_body(faulty(kind, dice));
        }
        let story = self.stories.entry(user).or_insert_with(|| Story::draw(dice, elapsed));
        match story.tell(elapsed, dice) {
            // To a probe this would say that the token is not for this, and nobody is there any more
            // to enter another one.
            Told::Http(403) if now >= self.calm => silent_body(refused(404)),
            Told::Http(http) => silent_body(refused(http)),
            Told::Said(said) => {
                let url = match &said.link {
                    Link::None => None,
                    Link::Blank => Some(" \t"),
                    Link::Good(text) => Some(text.as_str()),
                    Link::Refused(text) => Some(*text),
                };
                let answer = Answer::Status(StatusAnswer {
                    status: Status::from_gateway(said.status),
                    url: url.map(|text| UntrustedUrl::new(text.to_owned())),
                    message: dice.chance(100).then(|| "Моля, изчакайте\u{7}".to_owned()),
                });
                Spoken { answer, said: Some(said) }
            }
        }
    }
}

fn refused(http: u16) -> Answer {
    let kind = if http < 400 { ProblemKind::Redirect } else { ProblemKind::Refused };
    Answer::Refused(Problem::with_http(kind, http))
}

fn faulty(kind: ProblemKind, dice: &mut Dice) -> Answer {
    let http = match kind {
        ProblemKind::ServerError => *dice.pick(&[500, 502, 503, 504]),
        ProblemKind::Busy => *dice.pick(&[408, 429]),
        ProblemKind::UnexpectedSuccess => *dice.pick(&[201, 204, 206]),
        ProblemKind::NotJson
        | ProblemKind::WrongType
        | ProblemKind::Truncated
        | ProblemKind::Oversized
        | ProblemKind::Unauthorized
        | ProblemKind::Refused
        | ProblemKind::Redirect
        | ProblemKind::Name
        | ProblemKind::Connect
        | ProblemKind::ProxyUnreachable
        | ProblemKind::ProxyLogin
        | ProblemKind::ProxyRefused
        | ProblemKind::Tls
        | ProblemKind::CertificateUnknown
        | ProblemKind::CertificateExpired
        | ProblemKind::CertificateNotYet
        | ProblemKind::CertificateName
        | ProblemKind::CertificateRevoked
        | ProblemKind::CertificateInvalid
        | ProblemKind::Reset
        | ProblemKind::Timeout => 200,
    };
    let retry_after = dice.chance(400).then(|| match dice.below(10) {
        0 => Duration::ZERO,
        1..7 => dice.millis(500, 20_000),
        7 => dice.millis(20_000, 120_000),
        8 => dice.millis(301_000, 3_600_000),
        _ => YEARS,
    });
    Answer::Faulty { problem: Problem::with_http(kind, http), retry_after }
}
