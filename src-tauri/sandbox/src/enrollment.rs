//! One enrollment: what its script, its age and its signature make the gateway answer.

use std::time::Duration;

use jiff::Timestamp;

use crate::Pace;
use crate::call::{Fault, User};
use crate::script::{Course, LinkTo, Prelude, Refusal, Script, script_of};
use crate::sessions::Sessions;
use crate::token::{TokenId, Tokens};

/// How long an enrollment reads STARTED before it reads PROCESSING.
const STARTED_FOR: Duration = Duration::from_secs(1);
/// A link older than this is replaced by the next poll.
const LINK_FRESH_FOR: Duration = Duration::from_secs(60);

/// What the gateway answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Status(Answer),
    /// Problem details in ASP.NET's shape.
    Problem {
        http: u16,
        faults: Vec<Fault>,
    },
    /// Problem details whose every member is null.
    BlankProblem {
        http: u16,
    },
    /// The error body from before problem details.
    LegacyProblem {
        http: u16,
        code: &'static str,
        message: &'static str,
    },
    Unauthorized,
    Forbidden,
    Busy {
        /// Seconds.
        retry_after: u64,
    },
    ServerError,
}

impl Reply {
    pub fn http(&self) -> u16 {
        match self {
            Self::Status(_) => 200,
            Self::Problem { http, .. }
            | Self::BlankProblem { http }
            | Self::LegacyProblem { http, .. } => *http,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::Busy { .. } => 429,
            Self::ServerError => 500,
        }
    }
}

/// The members of a 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: &'static str,
    pub url: Option<String>,
    pub message: Option<&'static str>,
}

/// Why a signing session takes no decision (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    Unknown,
    Signed,
    Refused,
}

/// What surrounds one poll.
pub(crate) struct Scene<'a> {
    pub now: Timestamp,
    pub pace: Pace,
    pub token: TokenId,
    pub tokens: &'a mut Tokens,
    pub sessions: &'a mut Sessions,
}

#[derive(Debug)]
pub(crate) struct Enrollment {
    user: User,
    script: Script,
    first_poll: Timestamp,
    first_token: TokenId,
    /// Counted answers of the prelude that were given.
    given: u32,
    /// When the last of them was given, and before that the first poll.
    course_from: Timestamp,
    signing: Signing,
}

#[derive(Debug)]
enum Signing {
    NotYet,
    Open(Link),
    Signed { at: Timestamp, link: Link },
    Refused,
}

#[derive(Debug, Clone)]
struct Link {
    url: String,
    made: Timestamp,
}

impl Enrollment {
    /// An enrollment begins with its first poll.
    pub fn begin(user: User, token: TokenId, now: Timestamp) -> Self {
        Self {
            user,
            script: script_of(user.id),
            first_poll: now,
            first_token: token,
            given: 0,
            course_from: now,
            signing: Signing::NotYet,
        }
    }

    pub fn answer(&mut self, scene: &mut Scene<'_>) -> Reply {
        if let Some(reply) = self.prelude(scene) {
            return reply;
        }
        let age = self.course_age(scene);
        match self.script.course {
            Course::Signing { ready, confirmed, link } => {
                let ready = age >= scene.pace.of(ready);
                self.signing(scene, ready, confirmed, link)
            }
            Course::Fails { after } if age >= scene.pace.of(after) => {
                failed("Identification was not confirmed.")
            }
            Course::Fails { .. } | Course::NeverReady => self.waiting(scene),
            Course::Refused(refusal) => refused(self.user, refusal),
        }
    }

    pub fn sign(&mut self, now: Timestamp) -> Result<(), Closed> {
        let link = self.open_link()?.clone();
        self.signing = Signing::Signed { at: now, link };
        Ok(())
    }

    pub fn refuse(&mut self) -> Result<(), Closed> {
        self.open_link()?;
        self.signing = Signing::Refused;
        Ok(())
    }

    /// Whether the documents wait to be signed.
    pub fn undecided(&self) -> Result<(), Closed> {
        self.open_link().map(|_| ())
    }

    fn open_link(&self) -> Result<&Link, Closed> {
        match &self.signing {
            Signing::NotYet => Err(Closed::Unknown),
            Signing::Open(link) => Ok(link),
            Signing::Signed { .. } => Err(Closed::Signed),
            Signing::Refused => Err(Closed::Refused),
        }
    }

    /// The answer of the prelude, while it lasts.
    fn prelude(&mut self, scene: &mut Scene<'_>) -> Option<Reply> {
        let age = elapsed(self.first_poll, scene.now);
        match self.script.prelude {
            Prelude::None => None,
            Prelude::ServerErrors { times } => {
                self.counts(times, scene.now).then_some(Reply::ServerError)
            }
            Prelude::Busy { times, retry_after } => {
                let retry_after = whole_seconds(scene.pace.of(retry_after));
                self.counts(times, scene.now).then_some(Reply::Busy { retry_after })
            }
            Prelude::Status { value, message, lasts } => {
                (age < scene.pace.of(lasts)).then_some(plain(value, Some(message)))
            }
            Prelude::TokenRevoked { after } if age < scene.pace.of(after) => {
                Some(self.waiting(scene))
            }
            Prelude::TokenRevoked { .. } => {
                // Only the first poll's token: a newer one would be revoked again by the next
                // enrollment of this scenario, and the console would never come to rest.
                let first = scene.token == self.first_token;
                first.then(|| {
                    scene.tokens.revoke(scene.token.clone());
                    Reply::Unauthorized
                })
            }
        }
    }

    /// Whether this answer is one of the first `times`.
    fn counts(&mut self, times: u32, now: Timestamp) -> bool {
        let counts = self.given < times;
        if counts {
            self.given += 1;
            self.course_from = now;
        }
        counts
    }

    fn course_age(&self, scene: &Scene<'_>) -> Duration {
        let prelude = match self.script.prelude {
            Prelude::None | Prelude::ServerErrors { .. } | Prelude::Busy { .. } => Duration::ZERO,
            Prelude::Status { lasts, .. } => lasts,
            Prelude::TokenRevoked { after } => after,
        };
        elapsed(self.course_from, scene.now).saturating_sub(scene.pace.of(prelude))
    }

    fn waiting(&self, scene: &Scene<'_>) -> Reply {
        if elapsed(self.first_poll, scene.now) < scene.pace.of(STARTED_FOR) {
            plain("STARTED", None)
        } else {
            plain("PROCESSING", Some("The identification is being checked."))
        }
    }

    fn signing(
        &mut self,
        scene: &mut Scene<'_>,
        ready: bool,
        confirmed: Duration,
        to: LinkTo,
    ) -> Reply {
        match &self.signing {
            Signing::NotYet if !ready => self.waiting(scene),
            Signing::Open(link)
                if elapsed(link.made, scene.now) < scene.pace.of(LINK_FRESH_FOR) =>
            {
                signable(link, None)
            }
            Signing::NotYet | Signing::Open(_) => {
                let link = Link { url: scene.sessions.open(self.user, to), made: scene.now };
                let reply = signable(&link, Some("A signing session was created."));
                self.signing = Signing::Open(link);
                reply
            }
            Signing::Signed { at, link } if elapsed(*at, scene.now) < scene.pace.of(confirmed) => {
                signable(link, None)
            }
            Signing::Signed { .. } => plain("DOCUMENT_SIGN_SUCCESS", Some("Documents signed.")),
            Signing::Refused => failed("The customer refused to sign."),
        }
    }
}

fn plain(status: &'static str, message: Option<&'static str>) -> Reply {
    Reply::Status(Answer { status, url: None, message })
}

fn failed(message: &'static str) -> Reply {
    plain("ERROR", Some(message))
}

fn signable(link: &Link, message: Option<&'static str>) -> Reply {
    Reply::Status(Answer {
        status: "SIGN_SESSION_ID_SUCCESSFULLY_CREATED",
        url: Some(link.url.clone()),
        message,
    })
}

fn refused(user: User, refusal: Refusal) -> Reply {
    let unknown = || vec![("Id", format!("No enrollment of user {}.", user.id))];
    match refusal {
        Refusal::BadRequest => Reply::Problem { http: 400, faults: unknown() },
        Refusal::Forbidden => Reply::Forbidden,
        // Every shape that was seen in the field, in turn: 4000, 4001, 4002, …
        Refusal::NotFound => match (user.id + 2) % 3 {
            0 => Reply::Problem { http: 404, faults: unknown() },
            1 => Reply::BlankProblem { http: 404 },
            _ => Reply::LegacyProblem {
                http: 404,
                code: "ENROLLMENT_NOT_FOUND",
                message: "There is no enrollment of this user.",
            },
        },
    }
}

/// No time has passed when the clock was set back.
fn elapsed(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or(Duration::ZERO)
}

/// Rounded up: an HTTP wait is never shorter than it should be, and never nothing.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)
}
