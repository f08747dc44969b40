//! The desk's thread: wait for a tick or a command, take what has arrived, do what is due.

use std::{
    collections::HashMap,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::sync::{Notify, oneshot};

use super::{Message, feed::FeedLine, polls::Polls};
use crate::{
    desk::{Arrival, Desk, Reply, Ticket, Turn, view::Feed},
    enrollment::{Entry, Key},
    environment::Environment,
    journal::Journal,
    numbers::Numbers,
    shift::ShiftRead,
    time::{Moment, Mono},
    watch::Pace,
};

pub(super) struct Engine {
    desk: Desk,
    polls: Polls,
    ticks: Ticks,
    messages: mpsc::Receiver<Message>,
    bell: Arc<Notify>,
    asked: HashMap<Ticket, oneshot::Sender<Reply>>,
    tickets: u64,
    feed: FeedLine,
    journal: Option<Journal>,
    closing: Option<mpsc::Sender<bool>>,
}

/// Every handle is gone.
struct Closed;

impl Engine {
    pub fn new(
        desk: Desk,
        polls: Polls,
        tick: Duration,
        messages: mpsc::Receiver<Message>,
        bell: Arc<Notify>,
        journal: Option<Journal>,
    ) -> Self {
        Self {
            desk,
            polls,
            ticks: Ticks::new(tick),
            messages,
            bell,
            asked: HashMap::new(),
            tickets: 0,
            feed: FeedLine::default(),
            journal,
            closing: None,
        }
    }

    pub fn run(mut self) {
        let mut wake = None;
        while let Ok(messages) = self.wait(wake) {
            wake = self.step(messages);
            if self.closing.is_some() {
                break;
            }
        }
        self.polls.end();
        match (self.journal, self.closing) {
            (Some(journal), Some(done)) => journal.close(done),
            (None, Some(done)) => drop(done.send(true)),
            (Some(_) | None, None) => {}
        }
    }

    /// Sleeps until a tick that has work, or until a command comes.
    fn wait(&self, wake: Option<Mono>) -> Result<Vec<Message>, Closed> {
        let first = match self.alarm(wake) {
            None => self.messages.recv().map(Some).map_err(|_| Closed)?,
            Some(alarm) => {
                let mut patience = alarm.saturating_duration_since(Instant::now());
                if self.polls.are_connecting() {
                    self.polls.connect(patience, &self.bell);
                    patience = Duration::ZERO;
                }
                match self.messages.recv_timeout(patience) {
                    Ok(message) => Some(message),
                    Err(mpsc::RecvTimeoutError::Timeout) => None,
                    Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Closed),
                }
            }
        };
        Ok(first.into_iter().chain(self.messages.try_iter()).collect())
    }

    /// The next tick that has work.
    fn alarm(&self, wake: Option<Mono>) -> Option<Instant> {
        let now = Instant::now();
        let wake = wake.map(|at| self.ticks.start + at.since(Mono::default()));
        let saving = self.desk.saves() && self.journal.as_ref().is_some_and(Journal::owes);
        let looking = (self.polls.are_out() || saving).then_some(now);
        [wake, self.feed.due(), looking]
            .into_iter()
            .flatten()
            .min()
            .map(|at| self.ticks.at_or_after(at, now))
    }

    fn step(&mut self, messages: Vec<Message>) -> Option<Mono> {
        self.polls.run();
        let mut arrivals: Vec<Arrival> =
            messages.into_iter().filter_map(|message| self.receive(message)).collect();
        arrivals.append(&mut self.polls.arrivals());
        arrivals.extend(self.journal.as_mut().and_then(Journal::news).map(Arrival::Journal));
        let now = self.now();
        let turn = self.desk.turn(now, arrivals);
        let wake = turn.wake;
        self.carry_out(turn);
        self.tell(now);
        wake
    }

    fn now(&self) -> Moment {
        let mono = Mono::since_start(self.ticks.start.elapsed());
        Moment { mono, wall: Timestamp::now() }
    }

    fn receive(&mut self, message: Message) -> Option<Arrival> {
        match message {
            Message::Add(add, how, reply) => {
                Some(Arrival::Add { ticket: self.ticket(reply), add, how })
            }
            Message::Act(key, state, action, reply) => {
                Some(Arrival::Act { ticket: self.ticket(reply), key, state, action })
            }
            Message::Person(does, reply) => {
                Some(Arrival::Person { ticket: self.ticket(reply), does })
            }
            Message::TakeIn(shift, reply) => {
                Some(Arrival::TakeIn { ticket: self.ticket(reply), shift })
            }
            Message::Token { environment, token, session_only } => {
                Some(Arrival::Token { environment, token, session_only })
            }
            Message::TokenForgotten { environment } => {
                Some(Arrival::TokenForgotten { environment })
            }
            Message::TokenRead { environment, read } => {
                Some(Arrival::TokenRead { environment, read })
            }
            Message::FetchToken { environment } => Some(Arrival::FetchToken { environment }),
            Message::StopAll => Some(Arrival::StopAll),
            Message::Subscribe(subscriber) => {
                let now = self.now();
                // What changed until now is part of the snapshot.
                self.desk.changes(now);
                self.feed = FeedLine::new(subscriber);
                let snapshot = self.desk.snapshot(now);
                self.feed.tell(snapshot, self.ticks.current(Instant::now()));
                None
            }
            // Whoever asked may be gone by now, which changes nothing.
            Message::Shift(reply) => {
                let _ = reply.send(self.desk.shift(self.now()));
                None
            }
            Message::Judge(shift, reply) => {
                let _ = reply.send(ShiftRead::of(&shift, &self.desk.judge(&shift)));
                None
            }
            Message::Timeline(key, reply) => {
                self.read_timeline(key, reply);
                None
            }
            Message::Numbers { environment, since, reply } => {
                self.count(&environment, since, reply);
                None
            }
            Message::Journal(report) => Some(Arrival::Journal(report)),
            Message::KeepDays(days) => {
                if let Some(journal) = &self.journal {
                    journal.set_keep_days(days);
                }
                Some(Arrival::KeepDays(days))
            }
            Message::Policy(decree, clients) => {
                if let Some(journal) = &self.journal {
                    journal.set_keep_days(decree.keep_days);
                }
                self.ticks.length = tick_of(&decree.environments);
                self.polls.offer(clients);
                Some(Arrival::Policy(decree))
            }
            Message::PolicyTrouble(trouble) => Some(Arrival::PolicyTrouble(trouble)),
            Message::Close(done) => {
                self.closing = Some(done);
                None
            }
            Message::Lateness(reply) => {
                let _ = reply.send(self.desk.lateness());
                None
            }
        }
    }

    /// What happened before the console started, only the journal has.
    fn read_timeline(&self, key: Key, reply: oneshot::Sender<Option<Vec<Entry>>>) {
        let newer = self.desk.timeline(key).unwrap_or_default().to_vec();
        match (&self.journal, self.desk.older(key)) {
            (Some(journal), Some(before)) => {
                let whole = move |older: Option<Vec<Entry>>| {
                    let _ = reply.send(older.map(|older| [older, newer].concat()));
                };
                journal.timeline(key, before, Box::new(whole));
            }
            (Some(_) | None, _) => {
                let _ = reply.send(Some(newer));
            }
        }
    }

    /// Counts what the desk knows, and what the journal alone has of the day.
    fn count(&self, environment: &str, since: Timestamp, reply: oneshot::Sender<Option<Numbers>>) {
        let today = self.desk.today(environment, since);
        let Some((today, answers)) = today.and_then(|it| {
            let answers = self.polls.answers(it.place)?;
            Some((it, answers))
        }) else {
            let _ = reply.send(None);
            return;
        };
        let asked = today.older().to_vec();
        let whole = move |older| {
            let (day, whole) = today.sum_up(older);
            let _ = reply.send(Some(Numbers { day, answers, whole }));
        };
        match &self.journal {
            Some(journal) if !asked.is_empty() => journal.timelines(asked, Box::new(whole)),
            Some(_) | None => whole(None),
        }
    }

    fn ticket(&mut self, reply: oneshot::Sender<Reply>) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.asked.insert(ticket, reply);
        ticket
    }

    fn carry_out(&mut self, turn: Turn) {
        let acts = !turn.sends.is_empty() || !turn.cancels.is_empty();
        for request in turn.cancels {
            self.polls.cancel(request);
        }
        for (place, environment) in &turn.clients {
            self.polls.adopt(*place, environment);
        }
        for environment in turn.renew {
            self.polls.renew(environment);
        }
        for leaving in turn.leaving {
            self.polls.let_out(leaving);
        }
        for (environment, command) in turn.fetches {
            self.polls.fetch(environment, command);
        }
        if acts {
            self.polls.send(turn.sends);
        }
        if let (Some(journal), Some(batch)) = (&mut self.journal, turn.journal) {
            journal.keep(batch);
        }
        for (ticket, reply) in turn.replies {
            if let Some(asker) = self.asked.remove(&ticket) {
                // The window may have been reloaded meanwhile.
                let _ = asker.send(reply);
            }
        }
    }

    fn tell(&mut self, moment: Moment) {
        let now = Instant::now();
        if !self.feed.may_tell(now) {
            return;
        }
        let tick = self.ticks.current(now);
        if let Some(feed) = self.desk.changes(moment) {
            self.feed.tell(feed, tick);
        } else if self.feed.beats(now) {
            let pulse = self.desk.pulse(moment.mono);
            self.feed.tell(Feed { pulse, ..Feed::default() }, tick);
        }
    }
}

/// What the quickest of these environments needs.
pub(super) fn tick_of(environments: &[Environment]) -> Duration {
    let ticks = environments.iter().flat_map(|e| [e.pre_sign.tick(), e.post_sign.tick()]);
    ticks.min().unwrap_or(Pace::default().tick())
}

/// The moments at which the thread may wake by itself.
struct Ticks {
    start: Instant,
    length: Duration,
}

impl Ticks {
    fn new(length: Duration) -> Self {
        Self { start: Instant::now(), length }
    }

    /// The beginning of the tick that `now` lies in.
    fn current(&self, now: Instant) -> Instant {
        let ticks = now.saturating_duration_since(self.start).as_nanos() / self.length.as_nanos();
        self.start + self.length * u32::try_from(ticks).unwrap_or(u32::MAX)
    }

    /// The first tick that begins at `at` or later, and has not begun yet.
    fn at_or_after(&self, at: Instant, now: Instant) -> Instant {
        let begun = self.current(at.max(now));
        if begun >= at && begun > now { begun } else { begun + self.length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_never_early_and_never_over() {
        let ticks = Ticks::new(Duration::from_millis(100));
        let at = |ms: u64| ticks.start + Duration::from_millis(ms);
        for (due, now, tick) in [
            (150, 20, 200),
            (200, 20, 200),
            (201, 20, 300),
            (20, 20, 100),
            (10, 120, 200),
            (100, 100, 200),
            (0, 0, 100),
        ] {
            assert_eq!(ticks.at_or_after(at(due), at(now)), at(tick), "due at {due}, now {now}");
        }
        assert_eq!(ticks.current(at(299)), at(200));
    }
}
