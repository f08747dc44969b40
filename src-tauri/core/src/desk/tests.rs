//! The desk's behaviour as its users see it, turn by turn, without a clock or a socket.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Arrival, Attendance, Desk, Leaving, Left, Reply, Send, Ticket, Turn,
    view::{Action, Add, Done, Feed, Key, Refused, Row, StepView, TimeLeft, TokenState, Way},
};
use crate::{
    enrollment::{
        Customer, Event, How, Miss, Operator, Outcome, Pause, Phase, Place, Problem, ProblemKind,
        Status, TimeoutCause, UserType,
    },
    environment::{Environment, EnvironmentKind},
    gateway::{Answer, StatusAnswer, UntrustedUrl},
    signing_url::Allowlist,
    time::{Moment, Mono},
    tokens::{AccessToken, FetchError, TokenCommand},
};

mod budgets;
mod corners;
mod faults;
mod fetching;
mod handing;
mod keeping;
mod life;
mod looks;
mod numbers;
mod policy;
mod shift;
mod token_states;
mod ways_out;

const URL: &str = "https://sign.example.bg/s/1";

/// A desk in front of an audience of one, and everything it was told.
struct Stage {
    desk: Desk,
    now: Moment,
    sent: Vec<Send>,
    leaving: Vec<Leaving>,
    fetches: Vec<usize>,
    replies: Vec<(Ticket, Reply)>,
    wake: Option<Mono>,
    tickets: u64,
    rows: std::collections::BTreeMap<Key, Row>,
    events: Vec<(Key, Event)>,
    last: Option<Feed>,
}

impl Stage {
    /// A desk that has a token already.
    fn new() -> Self {
        let mut stage = Self::without_token(Attendance::Attended);
        stage.token("first");
        stage
    }

    fn without_token(attendance: Attendance) -> Self {
        Self::with(attendance, None)
    }

    fn with(attendance: Attendance, token_command: Option<TokenCommand>) -> Self {
        let allow = Allowlist::new(vec!["sign.example.bg".parse().expect("an entry")]);
        let environment = Environment::new(
            "Test",
            EnvironmentKind::Test,
            "https://crm.example.bg".parse().expect("a gateway"),
            allow,
        );
        let environment = Environment { token_command, ..environment };
        Self {
            desk: Desk::new(vec![environment], Operator::account("maria"), attendance),
            now: Moment { mono: Mono::default(), wall: Timestamp::UNIX_EPOCH },
            sent: Vec::new(),
            leaving: Vec::new(),
            fetches: Vec::new(),
            replies: Vec::new(),
            wake: None,
            tickets: 0,
            rows: std::collections::BTreeMap::new(),
            events: Vec::new(),
            last: None,
        }
    }

    fn turn(&mut self, arrivals: impl IntoIterator<Item = Arrival>) {
        let Turn { sends, leaving, fetches, replies, wake, .. } =
            self.desk.turn(self.now, arrivals);
        self.sent.extend(sends);
        self.leaving.extend(leaving);
        self.fetches.extend(fetches.into_iter().map(|(site, _)| site));
        self.replies.extend(replies);
        self.wake = wake;
        if let Some(feed) = self.desk.changes(self.now) {
            self.rows.extend(feed.rows.iter().map(|row| (row.key, row.clone())));
            for key in &feed.removed {
                self.rows.remove(key);
            }
            self.events.extend(feed.entries.iter().map(|(key, e)| (*key, e.event.clone())));
            self.last = Some(feed);
        }
    }

    /// Lets both clocks run, with a turn whenever the desk asked for one.
    fn pass(&mut self, seconds: f64) {
        let end = self.now.mono + Duration::from_secs_f64(seconds);
        while let Some(wake) = self.wake.filter(|at| *at <= end) {
            self.advance(wake.since(self.now.mono));
            self.turn([]);
        }
        self.advance(end.since(self.now.mono));
        self.turn([]);
    }

    /// The machine sleeps: only the wall clock runs.
    fn sleep(&mut self, seconds: i64) {
        self.now.wall += jiff::SignedDuration::from_secs(seconds);
        self.turn([]);
    }

    /// The machine sleeps, and both clocks run.
    fn oversleep(&mut self, seconds: f64) {
        self.advance(Duration::from_secs_f64(seconds));
        self.turn([]);
    }

    fn advance(&mut self, by: Duration) {
        self.now.mono = self.now.mono + by;
        self.now.wall += by;
    }

    fn token(&mut self, text: &str) {
        let token = AccessToken::from_pasted(text).expect("a token");
        self.turn([Arrival::Token { environment: "Test".into(), token, session_only: false }]);
    }

    fn try_add(&mut self, add: Add) -> Reply {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.turn([Arrival::Add { ticket, add, how: How::Adding }]);
        self.reply(ticket).expect("adding answers at once")
    }

    fn add(&mut self, id: u32, customer: Customer) -> Key {
        match self.try_add(new(&id.to_string(), customer)) {
            Ok(Done::Added { key, .. }) => key,
            other => panic!("not added: {other:?}"),
        }
    }

    fn act(&mut self, key: Key, action: Action) -> Option<Reply> {
        let state = self.rows.get(&key).map_or(0, |row| row.state);
        self.act_on(key, state, action)
    }

    fn act_on(&mut self, key: Key, state: u32, action: Action) -> Option<Reply> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.turn([Arrival::Act { ticket, key, state, action }]);
        self.reply(ticket)
    }

    fn reply(&mut self, ticket: Ticket) -> Option<Reply> {
        let place = self.replies.iter().position(|(t, _)| *t == ticket)?;
        Some(self.replies.remove(place).1)
    }

    fn last_reply(&mut self) -> Option<Reply> {
        let ticket = Ticket(self.tickets);
        self.reply(ticket)
    }

    /// Answers the oldest poll that is out.
    fn answer(&mut self, answer: Answer) -> Send {
        let send = self.sent.remove(0);
        self.turn([Arrival::Answer { request: send.request, answer }]);
        send
    }

    fn step(&self, key: Key) -> StepView {
        self.rows.get(&key).expect("a row").step.clone()
    }

    fn happened(&self, key: Key) -> Vec<&Event> {
        self.events.iter().filter(|(k, _)| *k == key).map(|(_, event)| event).collect()
    }

    fn outcomes(&self, key: Key) -> Vec<Outcome> {
        self.happened(key)
            .into_iter()
            .filter_map(|event| {
                if let Event::Ended { result, .. } = event {
                    Some((**result).clone())
                } else {
                    None
                }
            })
            .collect()
    }

    fn token_state(&self) -> TokenState {
        self.desk.environments()[0].token.state
    }
}

fn new(id: &str, customer: Customer) -> Add {
    Add {
        environment: "Test".into(),
        id: id.into(),
        user_type: UserType::Individual,
        label: "Иванова, М.".into(),
        place: Place::Desk,
        customer,
        both_types: false,
    }
}

fn status(text: &str) -> Answer {
    with_url(text, None)
}

fn with_url(text: &str, url: Option<&str>) -> Answer {
    Answer::Status(StatusAnswer {
        status: Status::from_gateway(Some(text)),
        url: url.map(|u| UntrustedUrl::new(u.to_owned())),
        message: None,
    })
}

fn ready() -> Answer {
    with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some(URL))
}

fn signed() -> Answer {
    status("DOCUMENT_SIGN_SUCCESS")
}

fn silent() -> Answer {
    Answer::Silent(Problem::new(ProblemKind::Connect))
}

fn refused(http: u16) -> Answer {
    Answer::Refused(Problem::with_http(ProblemKind::Refused, http))
}

fn open(generation: u32) -> Action {
    Action::HandOver { way: Way::Browser, generation, confirmed: true, here: false }
}
