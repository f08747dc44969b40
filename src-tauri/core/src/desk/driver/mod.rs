//! Runs a desk on a thread of its own: reads the clocks, sends the polls, lets links out, feeds
//! the subscriber.
//!
//! It works in ticks. Whatever falls due within a tick leaves together, and answers are taken at
//! the ticks too: between them the thread sleeps, whatever arrives at its sockets. A command wakes
//! it at once; where nothing is watched nothing wakes it at all.

mod engine;
mod feed;
mod polls;

use std::{
    fmt, io,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::{Notify, oneshot};

use super::{
    Attendance, Decree, Desk, Lateness, Person, Reply,
    view::{Action, Add, Feed, Key, Refused, TokenState},
};
use crate::{
    enrollment::{Entry, How, Operator},
    environment::Environment,
    gateway::{Client, ClientError},
    journal::{Journal, KeepDays, Place, Report},
    numbers::Numbers,
    shift::{Shift, ShiftRead},
    signing_url::SigningUrl,
    tokens::AccessToken,
};
use engine::{Engine, tick_of};
use polls::Polls;

/// The ways out of the console that lead through other programs. Each may block for a second or
/// two, and takes nothing but a checked link.
pub trait WaysOut: std::marker::Send + Sync {
    /// Opens the link in the system's browser.
    ///
    /// # Errors
    /// A code that says why not; never the launcher's own text, which holds the whole URL.
    fn open(&self, url: &SigningUrl) -> Result<(), String>;

    /// Puts the link into the clipboard, for a minute at the most.
    ///
    /// # Errors
    /// A code that says why not.
    fn copy(&self, url: &SigningUrl) -> Result<(), String>;
}

/// Where nothing leads out.
#[derive(Clone, Copy, Debug)]
pub struct NoWayOut;

impl WaysOut for NoWayOut {
    fn open(&self, _: &SigningUrl) -> Result<(), String> {
        Err("no-browser".to_owned())
    }

    fn copy(&self, _: &SigningUrl) -> Result<(), String> {
        Err("no-clipboard".to_owned())
    }
}

/// Somebody who wants to know what changes.
pub trait Subscriber: std::marker::Send {
    /// Takes a feed; `false` where nobody is listening any more.
    fn tell(&mut self, feed: Feed) -> bool;
}

/// The way to a running desk. The desk ends when the last clone is dropped.
#[derive(Clone)]
pub struct Handle {
    messages: Arc<mpsc::Sender<Message>>,
    /// Rung with every message: a desk that waits for a connection listens to it.
    bell: Arc<Notify>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

enum Message {
    Add(Add, How, oneshot::Sender<Reply>),
    Act(Key, u32, Action, oneshot::Sender<Reply>),
    Person(Person, oneshot::Sender<Reply>),
    Subscribe(Box<dyn Subscriber>),
    Timeline(Key, oneshot::Sender<Option<Vec<Entry>>>),
    Shift(oneshot::Sender<Result<(Shift, Vec<Key>), Refused>>),
    Judge(Box<Shift>, oneshot::Sender<ShiftRead>),
    TakeIn(Box<Shift>, oneshot::Sender<Reply>),
    Numbers {
        environment: String,
        since: Timestamp,
        reply: oneshot::Sender<Option<Numbers>>,
    },
    Lateness(oneshot::Sender<Lateness>),
    Token {
        environment: String,
        token: AccessToken,
        session_only: bool,
    },
    TokenForgotten {
        environment: String,
    },
    TokenRead {
        environment: String,
        read: Result<AccessToken, TokenState>,
    },
    FetchToken {
        environment: String,
    },
    Journal(Report),
    KeepDays(KeepDays),
    /// With a client for each of its environments.
    Policy(Box<Decree>, Vec<(String, Client)>),
    PolicyTrouble(Option<String>),
    StopAll,
    Close(mpsc::Sender<bool>),
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

    /// Does something to the console as a whole.
    ///
    /// # Errors
    /// Why nothing was done.
    pub async fn person(&self, does: Person) -> Reply {
        self.ask(|reply| Message::Person(does, reply)).await
    }

    /// Replaces the subscriber. The new one gets everything first.
    pub fn subscribe(&self, subscriber: impl Subscriber + 'static) {
        self.send(Message::Subscribe(Box::new(subscriber)));
    }

    /// What happened to one enrollment, oldest first; empty where there is none. `None` where the
    /// older part of it cannot be read now.
    pub async fn timeline(&self, key: Key) -> Option<Vec<Entry>> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Timeline(key, reply));
        answer.await.ok().flatten()
    }

    /// Whoever still needs somebody, as another desk can go on with them, and which they are here.
    ///
    /// # Errors
    /// Where nobody has said who is here, or the desk has ended.
    pub async fn shift(&self) -> Result<(Shift, Vec<Key>), Refused> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Shift(reply));
        answer.await.unwrap_or(Err(Refused::Closing))
    }

    /// Another desk's shift, with what this one makes of each enrollment; of none once it has ended.
    pub async fn judge(&self, shift: Shift) -> ShiftRead {
        let (reply, answer) = oneshot::channel();
        let unjudged = ShiftRead::of(&shift, &[]);
        self.send(Message::Judge(Box::new(shift), reply));
        answer.await.unwrap_or(unjudged)
    }

    /// Takes in what of another desk's shift is good.
    ///
    /// # Errors
    /// Why nothing was taken in.
    pub async fn take_in(&self, shift: Shift) -> Reply {
        self.ask(|reply| Message::TakeIn(Box::new(shift), reply)).await
    }

    /// An environment in numbers, of a day that began at `since` (epoch milliseconds). `None`
    /// where there is no such environment, or no such moment.
    pub async fn numbers(&self, environment: String, since: i64) -> Option<Numbers> {
        let since = Timestamp::from_millisecond(since).ok()?;
        let (reply, answer) = oneshot::channel();
        self.send(Message::Numbers { environment, since, reply });
        answer.await.ok().flatten()
    }

    /// How late polls left since this was last asked.
    pub async fn lateness(&self) -> Lateness {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Lateness(reply));
        answer.await.unwrap_or_default()
    }

    /// Gives an environment its token.
    pub fn token(&self, environment: &str, token: AccessToken, session_only: bool) {
        self.send(Message::Token { environment: environment.to_owned(), token, session_only });
    }

    /// Tells that an environment's token was forgotten.
    pub fn token_forgotten(&self, environment: &str) {
        self.send(Message::TokenForgotten { environment: environment.to_owned() });
    }

    /// Tells what the keyring gave; it counts only where no token was entered meanwhile.
    pub fn token_read(&self, environment: &str, read: Result<AccessToken, TokenState>) {
        self.send(Message::TokenRead { environment: environment.to_owned(), read });
    }

    /// Has an environment's token command run, where it has one.
    pub fn fetch_token(&self, environment: &str) {
        self.send(Message::FetchToken { environment: environment.to_owned() });
    }

    /// For how many days finished enrollments are kept.
    pub fn keep_days(&self, days: KeepDays) {
        self.send(Message::KeepDays(days));
    }

    /// Tells what the managed policy has decided.
    ///
    /// # Errors
    /// Where the HTTP client of an environment cannot be set up. Nothing changes then.
    pub fn policy(&self, decree: Decree) -> Result<(), ClientError> {
        let client = |e: &Environment| {
            Ok((e.name.clone(), Client::new(&e.gateway, e.authorities.as_ref())?))
        };
        let clients = decree.environments.iter().map(client).collect::<Result<_, ClientError>>()?;
        self.send(Message::Policy(Box::new(decree), clients));
        Ok(())
    }

    /// Tells what is wrong with a newer policy, which is not followed; `None` where nothing is any
    /// more.
    pub fn policy_trouble(&self, trouble: Option<String>) {
        self.send(Message::PolicyTrouble(trouble));
    }

    /// Ends the desk, and its journal once everything is saved. Says whether it was, within so
    /// long.
    #[must_use]
    pub fn close(&self, patience: Duration) -> bool {
        let (done, closed) = mpsc::channel();
        self.send(Message::Close(done));
        closed.recv_timeout(patience).unwrap_or(false)
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
        let _ = self.messages.send(message);
        self.bell.notify_one();
    }
}

/// Why a desk could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the desk's thread could not be started: {0}")]
    Thread(#[from] io::Error),
}

/// Starts a desk on a thread of its own.
///
/// # Errors
/// Where the HTTP client of an environment cannot be set up, or no thread is to be had.
pub fn start(
    environments: Vec<Environment>,
    operator: Operator,
    attendance: Attendance,
    ways_out: Arc<dyn WaysOut>,
    keeping: Keeping,
) -> Result<Handle, StartError> {
    let (sender, messages) = mpsc::channel();
    let bell = Arc::new(Notify::new());
    let handle = Handle { messages: Arc::new(sender), bell: Arc::clone(&bell) };
    let tick = tick_of(&environments);
    let polls = Polls::new(&environments, ways_out)?;
    let desk = Desk::new(environments, operator, attendance);
    let (desk, journal) = match keeping {
        Keeping::Nothing => (desk, None),
        Keeping::In { place, keep_days } => {
            let journal = Journal::start(place, keep_days, way_back(&handle))?;
            (desk.with_journal(first_key(Timestamp::now()), keep_days), Some(journal))
        }
    };
    let engine = Engine::new(desk, polls, tick, messages, bell, journal);
    thread::Builder::new().name("desk".into()).spawn(move || engine.run())?;
    Ok(handle)
}

/// Where and for how long a desk keeps what happens.
#[derive(Debug)]
pub enum Keeping {
    Nothing,
    In { place: Place, keep_days: KeepDays },
}

/// The journal's way to the desk. It does not keep the desk alive.
fn way_back(handle: &Handle) -> impl Fn(Report) + std::marker::Send + 'static {
    let (messages, bell) = (Arc::downgrade(&handle.messages), Arc::clone(&handle.bell));
    move |report| {
        if let Some(messages) = messages.upgrade() {
            Handle { messages, bell: Arc::clone(&bell) }.send(Message::Journal(report));
        }
    }
}

/// Numbers new enrollments beyond those of every earlier console, also where the journal cannot be
/// read yet: by the microsecond in which this one began. Nobody adds more of them than one in each,
/// and for 285 years a number of the window holds it.
fn first_key(now: Timestamp) -> Key {
    /// 2020-01-01.
    const BEGINNING: i64 = 1_577_836_800_000_000;
    Key(u64::try_from(now.as_microsecond() - BEGINNING).unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_added_after_a_quick_restart_takes_nobody_s_number() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let Key(before) = first_key(at("2026-11-23T12:00:00.000Z"));
        let Key(after) = first_key(at("2026-11-23T12:00:00.250Z"));
        assert!(after - before >= 10_000, "as many as the list is made for fit between them");
        let Key(late) = first_key(at("2200-01-01T00:00:00Z"));
        assert!(late < 1 << 53, "JavaScript reads it as it is");
        assert_eq!(first_key(at("1999-01-01T00:00:00Z")), Key(1), "by a clock that is wrong");
    }
}
