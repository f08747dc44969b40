//! A watch of the desk as it ships, on a clock that is moved: it says whom to ask, is told what
//! came of it, and must go on as the contract says.

use std::time::Duration;

use enrollment_core::{
    desk::{
        Arrival, Attendance, Desk, Send, Ticket,
        view::{Add, Row, StepView, TokenState},
    },
    enrollment::{
        Customer, How, Miss, Operator, Outcome, Phase, Place, Problem, Status, TimeoutCause,
        UserType,
    },
    environment::{Environment, EnvironmentKind},
    gateway::{Answer, StatusAnswer},
    signing_url::Allowlist,
    time::{Moment, Mono},
    tokens::AccessToken,
    watch::reading::{Reading, read},
};
use jiff::Timestamp;

/// What the contract says, written down a second time.
const SHORTEST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(5);
const CAP: Duration = Duration::from_secs(300);
/// How late the desk may plan: one tick.
const TICK: Duration = Duration::from_millis(100);

/// `Err` says which rule was broken.
pub type Held = Result<(), String>;

pub struct Watching {
    desk: Desk,
    now: Moment,
    wake: Option<Mono>,
    sends: Vec<(Mono, Send)>,
    row: Option<Row>,
    token: TokenState,
}

impl Watching {
    /// A watch that has just sent its first poll.
    pub fn begin(token: &str, user: u32) -> (Self, Send) {
        let environment = Environment::new(
            "Test",
            EnvironmentKind::Test,
            "https://crm.example.bg".parse().expect("a gateway"),
            Allowlist::new(vec!["sign.example.bg".parse().expect("an entry")]),
        );
        let operator = Operator::account("tester");
        let mut watching = Self {
            desk: Desk::new(vec![environment], operator, Attendance::Attended),
            now: Moment { mono: Mono::default(), wall: Timestamp::UNIX_EPOCH },
            wake: None,
            sends: Vec::new(),
            row: None,
            token: TokenState::Reading,
        };
        let token = AccessToken::from_pasted(token).expect("a token");
        let environment = "Test".to_owned();
        watching.turn([Arrival::Token { environment, token, session_only: false }]);
        let add = Add {
            environment: "Test".into(),
            id: user.to_string(),
            user_type: UserType::Individual,
            label: String::new(),
            place: Place::Desk,
            customer: Customer::IdentificationFinished,
            both_types: false,
        };
        watching.turn([Arrival::Add { ticket: Ticket(1), add, how: How::Adding }]);
        watching.pass(TICK);
        let (_, send) = watching.sends.pop().expect("a watch asks at once");
        (watching, send)
    }

    /// Tells what came of the poll, after so long, and holds the watch against the contract.
    pub fn hears(mut self, send: &Send, answer: &Answer, after: Duration) -> Held {
        let asked = self.now.mono;
        // Counted in whole milliseconds, as the wall clock is.
        let after = Duration::from_millis(after.as_millis().try_into().unwrap_or(0));
        self.pass(after);
        let told = self.now.mono;
        self.turn([Arrival::Answer { request: send.request, answer: answer.clone() }]);
        match answer {
            Answer::Status(said) => self.goes_on(said, asked, told),
            Answer::Unauthorized => self.waits_for_a_token(),
            Answer::Refused(problem) => self.has_ended(problem),
            Answer::Faulty { problem, retry_after } => {
                self.tries_again(problem, retry_after.unwrap_or_default(), told)
            }
            Answer::Silent(problem) => self.tries_again(problem, Duration::ZERO, told),
        }
    }

    /// Nothing that these gateways say is a target.
    fn goes_on(mut self, said: &StatusAnswer, sent: Mono, told: Mono) -> Held {
        let allow = Allowlist::new(Vec::new());
        let reading = read(Phase::PreSign, said, &["ERROR".to_owned()], &allow);
        held(reading == Reading::Waiting(None), || format!("read as {reading:?}"))?;
        let (at, next) = self.next_send()?;
        held(at.since(told) >= SHORTEST, || format!("asked {:?} later", at.since(told)))?;
        let latest = if told.since(sent) > LONGEST { told } else { sent };
        let gap = at.since(latest);
        held(gap <= LONGEST + TICK, || format!("asked {gap:?} later"))?;
        self.reaches_its_target(&next)
    }

    fn tries_again(mut self, problem: &Problem, retry_after: Duration, told: Mono) -> Held {
        self.shows(problem)?;
        if retry_after > CAP {
            return self.runs_out();
        }
        let wait = retry_after.max(SHORTEST);
        let (at, next) = self.next_send()?;
        let waited = at.since(told);
        // Where no other poll finds room behind it, it is the last one, at the cap.
        let left = CAP.saturating_sub(told.since(Mono::default()));
        let latest = if wait + SHORTEST > left { left.max(wait) } else { wait };
        held(waited >= wait && waited <= latest + TICK, || {
            format!("asked {waited:?} later, and not {wait:?}")
        })?;
        self.reaches_its_target(&next)
    }

    /// `Retry-After` lies beyond the deadline: no last poll.
    fn runs_out(mut self) -> Held {
        self.pass(CAP + TICK);
        held(self.sends.is_empty(), || "asked before it was time".to_owned())?;
        let cause = TimeoutCause::RetryAfter;
        self.is_at(|step| {
            matches!(step, StepView::Ended { miss: Miss::TimedOut { cause: it }, .. } if *it == cause)
        })
    }

    fn waits_for_a_token(mut self) -> Held {
        self.pass(2 * CAP);
        held(self.sends.is_empty(), || "asked with a token that was refused".to_owned())?;
        held(self.token == TokenState::Refused, || format!("the token is {:?}", self.token))?;
        self.is_at(|step| matches!(step, StepView::PreSign { .. }))
    }

    fn has_ended(mut self, problem: &Problem) -> Held {
        self.pass(2 * CAP);
        held(self.sends.is_empty(), || "asked after the end".to_owned())?;
        let end = problem.clone().made_visible();
        self.is_at(|step| {
            matches!(step, StepView::Ended { miss: Miss::Rejected { problem }, .. } if *problem == end)
        })
    }

    /// The next answer is good, and counts.
    fn reaches_its_target(mut self, next: &Send) -> Held {
        let answer = Answer::Status(StatusAnswer {
            status: Status::from_gateway(Some("DOCUMENT_SIGN_SUCCESS")),
            url: None,
            message: None,
        });
        self.turn([Arrival::Answer { request: next.request, answer }]);
        self.is_at(|step| *step == StepView::Signed)?;
        self.pass(CAP);
        held(self.sends.is_empty(), || format!("asked after {}", Outcome::Signed.word()))
    }

    fn next_send(&mut self) -> Result<(Mono, Send), String> {
        self.pass(CAP);
        if self.sends.len() == 1 {
            self.sends.pop().ok_or_else(String::new)
        } else {
            Err(format!("{} polls were sent", self.sends.len()))
        }
    }

    fn shows(&self, problem: &Problem) -> Held {
        let shown = self.row.as_ref().and_then(|row| row.problem.as_ref()).map(|it| &it.problem);
        let expected = problem.clone().made_visible();
        held(shown == Some(&expected), || format!("the row shows {shown:?}"))
    }

    fn is_at(&self, is: impl FnOnce(&StepView) -> bool) -> Held {
        let step = self.row.as_ref().map(|row| &row.step);
        held(step.is_some_and(is), || format!("the watch is at {step:?}"))
    }

    /// Lets both clocks run, with a turn whenever the desk asked for one.
    fn pass(&mut self, time: Duration) {
        let end = self.now.mono + time;
        // A poll that is out stays so.
        while let Some(wake) = self.wake.filter(|at| *at <= end && self.sends.is_empty()) {
            self.advance(wake.since(self.now.mono));
            self.turn([]);
        }
        if self.sends.is_empty() {
            self.advance(end.since(self.now.mono));
            self.turn([]);
        }
    }

    fn advance(&mut self, by: Duration) {
        self.now.mono = self.now.mono + by;
        self.now.wall += by;
    }

    fn turn(&mut self, arrivals: impl IntoIterator<Item = Arrival>) {
        let turn = self.desk.turn(self.now, arrivals);
        self.sends.extend(turn.sends.into_iter().map(|send| (self.now.mono, send)));
        self.wake = turn.wake;
        let Some(feed) = self.desk.changes(self.now) else { return };
        self.row = feed.rows.into_iter().next_back().or(self.row.take());
        if let Some(environments) = feed.environments {
            self.token = environments[0].token.state;
        }
    }
}

fn held(holds: bool, otherwise: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(format!("the watch: {}", otherwise())) }
}
