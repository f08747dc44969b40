//! Runs a desk: reads the clocks, sends the polls, opens the links, feeds the subscriber.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    Arrival, Attendance, Desk, Reply, RequestId, Ticket, Turn,
    view::{Action, Add, Feed, Key, Pulse, Refused, TokenState},
};
use crate::{
    enrollment::{Entry, How, Problem, ProblemKind},
    environment::Environment,
    gateway::{Answer, Client, ClientError},
    signing_url::SigningUrl,
    time::{Moment, Mono},
    tokens::AccessToken,
};

/// Changes are told at most this often; what comes closer together goes in one feed.
const COALESCE: Duration = Duration::from_millis(100);

/// How often the pulse is told where nothing else changes.
const PULSE: Duration = Duration::from_secs(1);

/// Opens links. The one way out of the console.
pub trait Browser: std::marker::Send + Sync {
    /// Opens the link in the system's browser. May block for a second or two.
    ///
    /// # Errors
    /// A code that says why not; never the launcher's own text, which holds the whole URL.
    fn open(&self, url: &SigningUrl) -> Result<(), String>;
}

/// Somebody who wants to know what changes.
pub trait Subscriber: std::marker::Send {
    /// Takes a feed; `false` where nobody is listening any more.
    fn tell(&mut self, feed: Feed) -> bool;
}

/// The way to a running desk. The desk ends when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Handle(mpsc::UnboundedSender<Message>);

enum Message {
    Add(Add, How, oneshot::Sender<Reply>),
    Act(Key, u32, Action, oneshot::Sender<Reply>),
    Subscribe(Box<dyn Subscriber>),
    Timeline(Key, oneshot::Sender<Vec<Entry>>),
    Token { environment: String, token: AccessToken, session_only: bool },
    NoToken { environment: String, state: TokenState },
    TokenRead { environment: String, read: Result<AccessToken, TokenState> },
    StopAll,
}

impl Handle {
    /// Adds an enrollment.
    ///
    /// # Errors
    /// Why it was not added; nothing has changed then.
    pub async fn add(&self, add: Add, how: How) -> Reply {
        self.ask(|reply| Message::Add(add, how, reply)).await
    }

    /// Acts on an enrollment that was shown in `state`.
    ///
    /// # Errors
    /// Why nothing was done.
    pub async fn act(&self, key: Key, state: u32, action: Action) -> Reply {
        self.ask(|reply| Message::Act(key, state, action, reply)).await
    }

    /// Replaces the subscriber. The new one gets everything first.
    pub fn subscribe(&self, subscriber: impl Subscriber + 'static) {
        self.send(Message::Subscribe(Box::new(subscriber)));
    }

    /// What happened to one enrollment, oldest first; empty where there is none.
    pub async fn timeline(&self, key: Key) -> Vec<Entry> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Timeline(key, reply));
        answer.await.unwrap_or_default()
    }

    /// Gives an environment its token.
    pub fn token(&self, environment: &str, token: AccessToken, session_only: bool) {
        self.send(Message::Token { environment: environment.to_owned(), token, session_only });
    }

    /// Says that there is no token, and why.
    pub fn no_token(&self, environment: &str, state: TokenState) {
        self.send(Message::NoToken { environment: environment.to_owned(), state });
    }

    /// Tells what the keyring gave; it counts only where no token was entered meanwhile.
    pub fn token_read(&self, environment: &str, read: Result<AccessToken, TokenState>) {
        self.send(Message::TokenRead { environment: environment.to_owned(), read });
    }

    /// Ends every live watch.
    pub fn stop_all(&self) {
        self.send(Message::StopAll);
    }

    async fn ask(&self, message: impl FnOnce(oneshot::Sender<Reply>) -> Message) -> Reply {
        let (reply, answer) = oneshot::channel();
        self.send(message(reply));
        answer.await.unwrap_or(Err(Refused::Closing))
    }

    fn send(&self, message: Message) {
        // A desk that has ended answers nobody: whoever waits is told that the console closes.
        let _ = self.0.send(message);
    }
}

/// Starts a desk on the current tokio runtime.
///
/// # Errors
/// Where the HTTP client of an environment cannot be set up.
pub fn start(
    environments: Vec<Environment>,
    operator: &str,
    attendance: Attendance,
    browser: Arc<dyn Browser>,
) -> Result<Handle, ClientError> {
    let clients = environments
        .iter()
        .map(|environment| Client::new(&environment.gateway))
        .collect::<Result<_, _>>()?;
    let bases = environments.iter().map(|e| e.gateway.clone()).collect();
    let (sender, messages) = mpsc::unbounded_channel();
    let driver = Driver {
        desk: Desk::new(environments, operator, attendance),
        start: Instant::now(),
        bases,
        clients,
        browser,
        errands: JoinSet::new(),
        polls: HashMap::new(),
        asked: HashMap::new(),
        tickets: 0,
        feed: FeedLine::default(),
    };
    tokio::spawn(driver.run(messages));
    Ok(Handle(sender))
}

/// What comes back from outside.
enum Errand {
    Answer(RequestId, Answer),
    Opened(Key, Result<(), String>),
}

struct Driver {
    desk: Desk,
    start: Instant,
    bases: Vec<crate::gateway::GatewayUrl>,
    clients: Vec<Client>,
    browser: Arc<dyn Browser>,
    errands: JoinSet<Errand>,
    polls: HashMap<RequestId, AbortHandle>,
    asked: HashMap<Ticket, oneshot::Sender<Reply>>,
    tickets: u64,
    feed: FeedLine,
}

/// The subscriber, and when it may be told next.
#[derive(Default)]
struct FeedLine {
    subscriber: Option<Box<dyn Subscriber>>,
    seq: u64,
    not_before: Option<Instant>,
    pending: bool,
    /// The pulse as it was last told. It beats until it has come to rest.
    pulse: Pulse,
}

impl Driver {
    async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        let mut wake = None;
        loop {
            let alarm =
                [wake.map(|at| self.instant(at)), self.feed.due()].into_iter().flatten().min();
            let mut arrivals = Vec::new();
            tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => arrivals.extend(self.receive(message)),
                    None => return,
                },
                Some(errand) = self.errands.join_next() => arrivals.extend(self.home(errand)),
                () = sleep_until(alarm.unwrap_or_else(Instant::now)), if alarm.is_some() => {}
            }
            while let Ok(message) = messages.try_recv() {
                arrivals.extend(self.receive(message));
            }
            while let Some(errand) = self.errands.try_join_next() {
                arrivals.extend(self.home(errand));
            }
            let now = self.now();
            let turn = self.desk.turn(now, arrivals);
            wake = turn.wake;
            self.carry_out(turn);
            self.tell(now);
        }
    }

    fn now(&self) -> Moment {
        Moment { mono: Mono::since_start(self.start.elapsed()), wall: Timestamp::now() }
    }

    fn instant(&self, at: Mono) -> Instant {
        self.start + at.since(Mono::default())
    }

    fn receive(&mut self, message: Message) -> Option<Arrival> {
        match message {
            Message::Add(add, how, reply) => {
                Some(Arrival::Add { ticket: self.ticket(reply), add, how })
            }
            Message::Act(key, state, action, reply) => {
                Some(Arrival::Act { ticket: self.ticket(reply), key, state, action })
            }
            Message::Token { environment, token, session_only } => {
                Some(Arrival::Token { environment, token, session_only })
            }
            Message::NoToken { environment, state } => {
                Some(Arrival::NoToken { environment, state })
            }
            Message::TokenRead { environment, read } => {
                Some(Arrival::TokenRead { environment, read })
            }
            Message::StopAll => Some(Arrival::StopAll),
            Message::Subscribe(subscriber) => {
                let now = self.now();
                // What changed until now is part of the snapshot.
                self.desk.changes(now);
                self.feed = FeedLine { subscriber: Some(subscriber), ..FeedLine::default() };
                let snapshot = self.desk.snapshot(now);
                self.feed.tell(snapshot);
                None
            }
            Message::Timeline(key, reply) => {
                let timeline = self.desk.timeline(key).unwrap_or_default().to_vec();
                let _ = reply.send(timeline);
                None
            }
        }
    }

    fn ticket(&mut self, reply: oneshot::Sender<Reply>) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.asked.insert(ticket, reply);
        ticket
    }

    fn home(&mut self, errand: Result<Errand, tokio::task::JoinError>) -> Option<Arrival> {
        match errand {
            Ok(Errand::Answer(request, answer)) => {
                self.polls.remove(&request);
                Some(Arrival::Answer { request, answer })
            }
            Ok(Errand::Opened(key, result)) => Some(Arrival::Opened { key, result }),
            // A poll that panicked brought no answer; one that was cancelled has nobody waiting.
            Err(error) => {
                let id = error.id();
                let request = self.polls.iter().find(|(_, p)| p.id() == id).map(|(r, _)| *r)?;
                self.polls.remove(&request);
                let answer = Answer::Silent(Problem::new(ProblemKind::Reset));
                Some(Arrival::Answer { request, answer })
            }
        }
    }

    fn carry_out(&mut self, turn: Turn) {
        for request in turn.cancels {
            if let Some(poll) = self.polls.remove(&request) {
                poll.abort();
            }
        }
        for site in turn.renew {
            // A machine that could set up a client before can do it again; if not, the old one
            // is still there.
            if let Ok(client) = Client::new(&self.bases[site]) {
                self.clients[site] = client;
            }
        }
        for send in turn.sends {
            let client = self.clients[send.environment].clone();
            let poll = self.errands.spawn(async move {
                Errand::Answer(send.request, client.poll(send.user, &send.token).await)
            });
            self.polls.insert(send.request, poll);
        }
        for opening in turn.openings {
            let browser = Arc::clone(&self.browser);
            let opened = tokio::task::spawn_blocking(move || browser.open(&opening.url));
            self.errands.spawn(async move {
                // An opener that panicked opened nothing that we know of.
                let result = opened.await.unwrap_or_else(|_| Err("no-browser".to_owned()));
                Errand::Opened(opening.key, result)
            });
        }
        for (ticket, reply) in turn.replies {
            if let Some(asker) = self.asked.remove(&ticket) {
                // The window may have been reloaded meanwhile.
                let _ = asker.send(reply);
            }
        }
    }

    fn tell(&mut self, now: Moment) {
        if self.feed.subscriber.is_some() && !self.feed.may_tell() {
            self.feed.pending = true;
            return;
        }
        self.feed.pending = false;
        // Without a subscriber the changes are dropped: the next one begins with everything.
        if let Some(feed) = self.desk.changes(now) {
            self.feed.tell(feed);
        } else if self.feed.beats() {
            let pulse = self.desk.pulse(now.mono);
            self.feed.tell(Feed { pulse, ..Feed::default() });
        }
    }
}

impl FeedLine {
    fn due(&self) -> Option<Instant> {
        if self.pending {
            self.not_before
        } else {
            self.not_before.filter(|_| self.pulse.polls_per_second > 0.0).map(|at| at + PULSE)
        }
    }

    fn beats(&self) -> bool {
        !self.pending && self.due().is_some_and(|at| Instant::now() >= at)
    }

    fn may_tell(&self) -> bool {
        self.not_before.is_none_or(|at| Instant::now() >= at)
    }

    fn tell(&mut self, feed: Feed) {
        let Some(subscriber) = &mut self.subscriber else { return };
        self.seq += 1;
        self.not_before = Some(Instant::now() + COALESCE);
        self.pulse = feed.pulse;
        if !subscriber.tell(Feed { seq: self.seq, ..feed }) {
            self.subscriber = None;
        }
    }
}
