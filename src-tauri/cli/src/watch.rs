//! `watch`: several users at once, until each has ended.

use std::{collections::BTreeMap, io, pin::Pin, sync::Arc, task::Poll, time::Duration};

use enrollment_core::{
    desk::{
        Attendance, Reply,
        driver::{self, Handle, Keeping, NoWayOut, Subscriber},
        view::{Add, Done, Feed, Key},
    },
    enrollment::{
        Customer, Entry, Event, How, Interruption, Miss, Operator, Outcome, Phase, Place, Says,
        User,
    },
    tokens::AccessToken,
};
use jiff::Timestamp;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use crate::{
    exit::{Exit, Stop, say},
    interrupts::Interrupts,
    output::Output,
    plan::{Plan, TokenFrom},
    tally::Tally,
    token, token_input,
    view::{View, Which},
};

/// After a signal the watches have this long to end.
const ENDING: Duration = Duration::from_secs(2);
/// A live table counts down.
const REDRAW: Duration = Duration::from_millis(500);

pub async fn run(plan: Plan) -> Result<Exit, Stop> {
    let mut interrupts = Interrupts::catch()
        .map_err(|e| Stop::new(Exit::Unable, format!("cannot catch signals: {e}")))?;
    let token = token_of(&plan, &mut interrupts).await?;
    let view = if plan.json { View::Json } else { View::for_people(Which::Events) };
    let mut run = Run::start(plan, token, interrupts, view).await?;
    run.follow().await;
    Ok(run.finish().await)
}

/// The token to begin with; none where a command brings it.
async fn token_of(plan: &Plan, interrupts: &mut Interrupts) -> Result<Option<AccessToken>, Stop> {
    let account = match &plan.token {
        TokenFrom::Stdin => return token_input::read(interrupts).await.map(Some),
        TokenFrom::Command => return Ok(None),
        TokenFrom::Keyring(account) => account,
    };
    let name = &plan.environment.name;
    let otherwise = "or write a token to standard input and add --token-stdin";
    match token::stored(account, interrupts).await {
        Ok(Some(token)) => Ok(Some(token)),
        Ok(None) => Err(Stop::new(
            Exit::NoToken,
            format!(
                "no token is kept for {name}: \
                 run `enrollment-watch token set --environment \"{name}\"`, {otherwise}"
            ),
        )),
        Err(stop) if stop.exit == Exit::NoToken => {
            Err(Stop::new(Exit::NoToken, format!("{}; {otherwise}", stop.words)))
        }
        Err(stop) => Err(stop),
    }
}

/// One run of `watch`.
struct Run {
    /// Dropped, the desk ends.
    handle: Handle,
    feeds: mpsc::UnboundedReceiver<Feed>,
    interrupts: Interrupts,
    output: Output,
    view: View,
    phase: Phase,
    users: BTreeMap<Key, Watched>,
    tally: Tally,
    stopping: Option<Instant>,
    /// Signalled twice: nothing is waited for.
    hurried: bool,
    broken: bool,
}

struct Watched {
    user: User,
    /// The status that the gateway told last.
    status: Option<String>,
    ended: bool,
}

impl Run {
    async fn start(
        plan: Plan,
        token: Option<AccessToken>,
        interrupts: Interrupts,
        view: View,
    ) -> Result<Self, Stop> {
        let name = plan.environment.name.clone();
        let handle = driver::start(
            vec![plan.environment],
            operator(),
            Attendance::Unattended,
            Arc::new(NoWayOut),
            Keeping::Nothing,
        )
        .map_err(|e| Stop::new(Exit::Unable, e.to_string()))?;
        let feeds = subscribe(&handle);
        if let Some(token) = token {
            handle.token(&name, token, true);
        }
        let users = add_all(&handle, &name, &plan.users, plan.phase).await?;
        Ok(Self {
            handle,
            feeds,
            interrupts,
            output: Output::start(),
            view,
            phase: plan.phase,
            users,
            tally: Tally::default(),
            stopping: None,
            hurried: false,
            broken: false,
        })
    }

    /// Tells what happens until every user has ended, or it is time to go.
    async fn follow(&mut self) {
        let mut redraw = tokio::time::interval(REDRAW);
        while self.users.values().any(|watched| !watched.ended) {
            let deadline = self.stopping.unwrap_or_else(Instant::now);
            tokio::select! {
                feed = self.feeds.recv() => match feed {
                    Some(feed) => self.take(feed),
                    None => return self.end_the_rest(),
                },
                () = self.interrupts.next() => {
                    if self.stopping.is_some() {
                        self.hurried = true;
                        return self.end_the_rest();
                    }
                    self.stopping = Some(Instant::now() + ENDING);
                    self.handle.stop_all();
                }
                () = sleep_until(deadline), if self.stopping.is_some() => {
                    return self.end_the_rest();
                }
                error = self.output.failure() => return self.output_broke(&error),
                _ = redraw.tick(), if self.view.is_live() => self.view.redraw(&self.output),
            }
        }
    }

    fn take(&mut self, feed: Feed) {
        for (key, entry) in feed.entries {
            self.tell(key, &entry);
        }
        self.view.take(feed.rows, &self.output);
    }

    fn tell(&mut self, key: Key, entry: &Entry) {
        let Some(watched) = self.users.get_mut(&key).filter(|watched| !watched.ended) else {
            return;
        };
        match &entry.event {
            Event::Status { status, .. } => watched.status = status.as_deref().map(str::to_owned),
            Event::Ended { result, polls, .. } => {
                watched.ended = true;
                self.tally.count(result, *polls);
            }
            Event::Added { .. }
            | Event::Stated { .. }
            | Event::Started { .. }
            | Event::Problem { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Link { .. }
            | Event::LinkRefused { .. }
            | Event::Opened { .. }
            | Event::Copied { .. }
            | Event::Shown { .. }
            | Event::NotOpened { .. }
            | Event::Checked { .. }
            | Event::LookPlanned { .. }
            | Event::Revealed
            | Event::HandedOn
            | Event::Noted { .. }
            | Event::Removed
            | Event::Restored => {}
        }
        let status = watched.status.as_deref();
        self.view.tell(watched.user, self.phase, entry, status, &self.output);
    }

    /// Whoever has not ended by now will not be heard of again, and still has an end.
    fn end_the_rest(&mut self) {
        let open: Vec<Key> =
            self.users.iter().filter(|(_, w)| !w.ended).map(|(key, _)| *key).collect();
        let result = Box::new(Outcome::Missed(Miss::Interrupted { why: Interruption::Closed }));
        let event = Event::Ended { phase: self.phase, result, polls: 0 };
        for key in open {
            let entry = Entry { seq: 0, at: Timestamp::now(), by: None, event: event.clone() };
            self.tell(key, &entry);
        }
    }

    /// Nobody learns how it goes on, so it does not go on.
    fn output_broke(&mut self, error: &io::Error) {
        self.broken = true;
        // A reader that has seen enough is no fault.
        if error.kind() != io::ErrorKind::BrokenPipe {
            say(&format!("error: standard output: {error}"));
        }
    }

    async fn finish(mut self) -> Exit {
        // From here on nothing is sent, whatever becomes of the output.
        drop(self.handle);
        if self.broken {
            return Exit::Interrupted;
        }
        self.view.finish(&self.tally.summary(), &self.output);
        if self.hurried {
            return Exit::Interrupted;
        }
        let exit = if self.stopping.is_some() { Exit::Interrupted } else { self.tally.exit() };
        let deadline = self.stopping.unwrap_or_else(Instant::now);
        tokio::select! {
            written = self.output.finish() => match written {
                Ok(()) => exit,
                Err(error) => {
                    if error.kind() != io::ErrorKind::BrokenPipe {
                        say(&format!("error: standard output: {error}"));
                    }
                    Exit::Interrupted
                }
            },
            () = self.interrupts.next() => Exit::Interrupted,
            () = sleep_until(deadline), if self.stopping.is_some() => Exit::Interrupted,
        }
    }
}

/// Subscribes to a desk; the feeds wait for whoever reads them.
pub fn subscribe(handle: &Handle) -> mpsc::UnboundedReceiver<Feed> {
    struct Feeds(mpsc::UnboundedSender<Feed>);

    impl Subscriber for Feeds {
        fn tell(&mut self, feed: Feed) -> bool {
            self.0.send(feed).is_ok()
        }
    }

    let (sender, feeds) = mpsc::unbounded_channel();
    handle.subscribe(Feeds(sender));
    feeds
}

/// Adds all users at once: one that came after a refused token would wait for another token.
async fn add_all(
    handle: &Handle,
    environment: &str,
    users: &[User],
    phase: Phase,
) -> Result<BTreeMap<Key, Watched>, Stop> {
    let replies = all(users.iter().map(|user| {
        let add = Add {
            environment: environment.to_owned(),
            id: user.id.to_string(),
            user_type: user.user_type,
            label: String::new(),
            place: Place::Remote,
            customer: customer_before(phase),
            both_types: true,
        };
        handle.add(add, How::CommandLine)
    }))
    .await;
    let mut watched = BTreeMap::new();
    for (user, reply) in users.iter().zip(replies) {
        match reply {
            Ok(Done::Added { key, .. }) => {
                watched.insert(key, Watched { user: *user, status: None, ended: false });
            }
            Ok(
                Done::Done
                | Done::Opened { .. }
                | Done::Copied { .. }
                | Done::Shown { .. }
                | Done::ShiftEnded { .. }
                | Done::HandedOver { .. }
                | Done::TakenIn { .. }
                | Done::Checked,
            ) => {}
            Err(refused) => return Err(Stop::new(Exit::Unable, format!("{user}: {refused}"))),
        }
    }
    Ok(watched)
}

fn customer_before(phase: Phase) -> Customer {
    match phase.begins_on() {
        Says::IdentificationFinished => Customer::IdentificationFinished,
        Says::SigningFinished => Customer::SigningFinished,
    }
}

/// Waits for all, having begun with each before waiting for any.
async fn all<F: Future<Output = Reply>>(futures: impl Iterator<Item = F>) -> Vec<Reply> {
    let mut waiting: Vec<Pin<Box<F>>> = futures.map(Box::pin).collect();
    let mut replies: Vec<Option<Reply>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, reply) in waiting.iter_mut().zip(&mut replies) {
            if reply.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *reply = Some(ready);
            }
        }
        if replies.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    replies.into_iter().flatten().collect()
}

/// The operating system's name of whoever runs this, who states that the step before is done.
pub fn operator() -> Operator {
    Operator::account(&whoami::username().unwrap_or_else(|_| "?".to_owned()))
}
