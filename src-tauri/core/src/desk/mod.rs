//! The desk owns the table of enrollments: it drives the watches, spends the budgets and tells
//! its subscribers what changed.
//!
//! It is a pure turn. [`Desk::turn`] takes a moment and what has arrived, and gives back what is
//! to be done: polls to send, links to hand over, answers to commands. There is no clock, no socket
//! and no thread in it; [`driver`] is the one that has them.

mod act;
mod adding;
mod answers;
pub mod driver;
mod fetch;
mod gate;
mod handing;
mod lateness;
mod ledger;
mod looks;
mod people;
mod policy;
mod record;
mod restore;
mod schedule;
mod steps;
mod today;
mod turn;
mod verdicts;
pub mod view;
mod ways_out;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    enrollment::{Entry, Event, Miss, Operator, Pause, User},
    environment::Environment,
    journal::{Did, Health, KeepDays},
    time::{Moment, Mono},
};
use gate::{Gate, Rate, Site, Standing};
use lateness::Delays;
pub use lateness::Lateness;
use ledger::Ledger;
use record::Record;
use restore::Strangers;
pub use turn::{Arrival, Decree, Leaving, Left, Person, Reply, RequestId, Send, Ticket, Turn};
use view::{EnvironmentView, Feed, Key, PolicyView, Pulse, Row, TokenState};

/// A wall clock that runs ahead by more than this has slept or been set.
const JUMP: Duration = Duration::from_secs(10);
/// What the clocks may move apart before the rows are told anew: nobody sees less.
const DRIFT: Duration = Duration::from_secs(1);
/// For so long the removal of an enrollment can be undone.
const UNDO: Duration = Duration::from_secs(60);

/// How the console behaves where people are not beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// Somebody can enter a new token: watches wait for one, and for the network, uncharged.
    Attended,
    /// Nobody can: a refused token ends the watches, and being offline uses up their caps.
    Unattended,
}

impl Attendance {
    /// Whether a watch held by this gate goes on using up its cap.
    fn charges(self, gate: Gate) -> bool {
        self == Self::Unattended && matches!(gate, Gate::Offline { .. })
    }
}

#[derive(Debug)]
struct Request {
    key: Key,
    environment: usize,
    token: u32,
}

/// The table of enrollments and all that goes with it.
#[derive(Debug)]
pub struct Desk {
    attendance: Attendance,
    operator: Arc<Operator>,
    /// Who said last that they are here, so that another person is told from the same one.
    last_here: Option<Box<str>>,
    sites: Vec<Site>,
    table: BTreeMap<Key, Box<Record>>,
    /// Who is in the table, of which environment.
    users: HashMap<(usize, User), Key>,
    /// Until when the gateway asked to wait for users who are not in the table any more.
    waits: HashMap<(usize, User), Mono>,
    /// When somebody wants to have a look again, in order.
    looks: BTreeSet<(Timestamp, Key)>,
    requests: HashMap<RequestId, Request>,
    next_key: u64,
    next_request: u64,
    previous: Option<Moment>,
    /// When the next turn is due at the latest.
    expected: Option<Mono>,
    /// The link that is leaving: one at a time.
    leaving: Option<ways_out::Underway>,
    /// Removals that can still be undone, oldest first.
    removals: VecDeque<(Mono, Key)>,
    ledger: Ledger,
    policy: PolicyView,
    strangers: Strangers,
    rate: Rate,
    delays: Delays,
    turn: Turn,
    changes: Changes,
}

/// What subscribers have not been told yet.
#[derive(Debug, Default)]
struct Changes {
    rows: BTreeSet<Key>,
    parts: BTreeSet<Part>,
    entries: Vec<(Key, Entry)>,
}

/// What is told as a whole where something of it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Environments,
    Journal,
    Policy,
    Operator,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.parts.is_empty() && self.entries.is_empty()
    }
}

impl Desk {
    #[must_use]
    pub fn new(environments: Vec<Environment>, operator: Operator, attendance: Attendance) -> Self {
        Self {
            attendance,
            last_here: operator.name.clone(),
            operator: operator.into(),
            sites: environments.into_iter().map(Site::new).collect(),
            table: BTreeMap::new(),
            users: HashMap::new(),
            waits: HashMap::new(),
            looks: BTreeSet::new(),
            requests: HashMap::new(),
            next_key: 1,
            next_request: 1,
            previous: None,
            expected: None,
            leaving: None,
            removals: VecDeque::new(),
            ledger: Ledger::default(),
            policy: PolicyView::default(),
            strangers: Strangers::default(),
            rate: Rate::default(),
            delays: Delays::default(),
            turn: Turn::default(),
            changes: Changes::default(),
        }
    }

    /// The same with a journal, which is to tell what it kept. New enrollments are numbered from
    /// `first` on; what an earlier console kept has lower numbers.
    #[must_use]
    pub fn with_journal(self, first: Key, keep_days: KeepDays) -> Self {
        Self { ledger: Ledger::opening(keep_days), next_key: first.0, ..self }
    }

    /// The same where a policy has decided something.
    #[must_use]
    pub fn with_policy(self, policy: PolicyView) -> Self {
        Self { policy, ..self }
    }

    /// Takes what has arrived, lets everything happen that is due by `now`, and says what to do.
    pub fn turn(&mut self, now: Moment, arrivals: impl IntoIterator<Item = Arrival>) -> Turn {
        self.notice_jump(now);
        for arrival in arrivals {
            self.take(arrival, now);
        }
        self.forget_removed(now.mono);
        self.fetch_tokens(now);
        self.look_again(now);
        self.run_due(now);
        self.write_down(now);
        self.turn.wake = self.wake(now);
        self.expected = self.expect(now.mono);
        std::mem::take(&mut self.turn)
    }

    /// What changed since this was last asked; `None` where nothing did.
    pub fn changes(&mut self, now: Moment) -> Option<Feed> {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return None;
        }
        let (mut rows, mut removed) = (Vec::new(), Vec::new());
        for key in changes.rows {
            match self.table.get(&key).filter(|r| r.removed.is_none()) {
                Some(record) => rows.push(self.row(record, now)),
                None => removed.push(key),
            }
        }
        let has = |part| changes.parts.contains(&part);
        Some(Feed {
            seq: 0,
            rows,
            removed,
            environments: has(Part::Environments).then(|| self.environments()),
            journal: has(Part::Journal).then(|| self.ledger.view.clone()),
            policy: has(Part::Policy).then(|| self.policy.clone()),
            operator: has(Part::Operator).then(|| Arc::clone(&self.operator)),
            pulse: self.pulse(now.mono),
            entries: changes.entries,
        })
    }

    /// Everything, for a subscriber that has nothing yet.
    pub fn snapshot(&mut self, now: Moment) -> Feed {
        let listed = self.table.values().filter(|r| r.removed.is_none());
        Feed {
            seq: 0,
            rows: listed.map(|record| self.row(record, now)).collect(),
            removed: Vec::new(),
            environments: Some(self.environments()),
            journal: Some(self.ledger.view.clone()),
            policy: Some(self.policy.clone()),
            operator: Some(Arc::clone(&self.operator)),
            pulse: self.pulse(now.mono),
            entries: Vec::new(),
        }
    }

    /// What happened to one enrollment since the desk began, oldest first, at most the last
    /// thousand lines of it.
    #[must_use]
    pub fn timeline(&self, key: Key) -> Option<&[Entry]> {
        self.table.get(&key).map(|record| record.timeline.as_slice())
    }

    /// The number of the line before which the journal alone has the timeline; `None` where there
    /// are no such lines.
    #[must_use]
    pub fn older(&self, key: Key) -> Option<u32> {
        let record = self.table.get(&key)?;
        let first = record.timeline.first().map_or(record.seq.saturating_add(1), |line| line.seq);
        (first > 1).then_some(first)
    }

    /// Whether what is handed over is saved in a moment.
    #[must_use]
    pub fn saves(&self) -> bool {
        self.ledger.view.health == Health::Well
    }

    fn environments(&self) -> Vec<EnvironmentView> {
        let hidden = Standing::Withdrawn { listed: false };
        self.sites.iter().filter(|site| site.standing != hidden).map(Site::view).collect()
    }

    fn row(&self, record: &Record, now: Moment) -> Row {
        let site = &self.sites[record.environment];
        let why = site.pause().unwrap_or(Pause::NeedsToken);
        record.row(&site.environment.name, why, self.ledger.is_saved(record), now)
    }

    /// How much is being watched, and how often it is polled.
    pub fn pulse(&mut self, now: Mono) -> Pulse {
        Pulse {
            watched: self.sites.iter().map(|s| s.live).sum(),
            polls_per_second: self.rate.per_second(now),
        }
    }

    /// How late polls left since this was last asked.
    pub fn lateness(&mut self) -> Lateness {
        std::mem::take(&mut self.delays).sum_up()
    }

    fn take(&mut self, arrival: Arrival, now: Moment) {
        match arrival {
            Arrival::Add { ticket, add, how } => {
                let reply = self.add(&add, how, now);
                self.reply(ticket, reply);
            }
            Arrival::Act { ticket, key, state, action } => {
                self.act(ticket, key, state, &action, now);
            }
            Arrival::Answer { request, answer } => self.answered(request, answer, now),
            Arrival::Left { key, result } => self.left(key, result, now),
            Arrival::Person { ticket, does } => {
                let reply = self.person(&does, now);
                self.reply(ticket, reply);
            }
            Arrival::TakeIn { ticket, shift } => {
                let reply = self.take_in(&shift, now);
                self.reply(ticket, reply);
            }
            Arrival::Token { environment, token, session_only } => {
                if let Some(site) = self.site(&environment) {
                    self.audit(Did::SetToken { session_only }, Some((site, None)), now);
                    self.new_token(site, token, session_only, now);
                    self.plan_renewal(site, now);
                }
            }
            Arrival::TokenForgotten { environment } => {
                if let Some(site) = self.site(&environment) {
                    self.audit(Did::ForgotToken, Some((site, None)), now);
                    self.no_token(site, TokenState::Missing, now);
                    self.plan_renewal(site, now);
                }
            }
            Arrival::TokenRead { environment, read } => {
                self.token_read(&environment, read, now);
            }
            Arrival::FetchToken { environment } => {
                if let Some(site) = self.site(&environment) {
                    self.fetch_again(site, now);
                }
            }
            Arrival::TokenFetched { environment, result } => {
                self.fetched(environment, result, now);
            }
            Arrival::Journal(report) => self.hear_of_journal(report, now),
            Arrival::KeepDays(days) => self.keep_for(days, now),
            Arrival::Policy(decree) => self.decreed(*decree, now),
            Arrival::PolicyTrouble(trouble) => {
                self.policy.trouble = trouble;
                self.changes.parts.insert(Part::Policy);
            }
            Arrival::StopAll => {
                for key in self.live_keys(None) {
                    self.end(key, Miss::Stopped, now);
                }
            }
        }
    }

    /// The environment of this name, where it is one to work with.
    fn site(&self, name: &str) -> Option<usize> {
        let found = self.place(name)?;
        (self.sites[found].standing == Standing::Here).then_some(found)
    }

    /// The place of this name, whether or not it is one to work with.
    fn place(&self, name: &str) -> Option<usize> {
        self.sites.iter().position(|site| site.environment.name == name)
    }

    fn reply(&mut self, ticket: Ticket, reply: Reply) {
        if ticket != Ticket::NOBODY {
            self.turn.replies.push((ticket, reply));
        }
    }

    /// The enrollments under watch, of one environment or of all.
    fn live_keys(&self, site: Option<usize>) -> Vec<Key> {
        self.table
            .values()
            .filter(|r| r.watch().is_some() && site.is_none_or(|s| r.environment == s))
            .map(|r| r.key)
            .collect()
    }

    fn note(&mut self, key: Key, event: Event, now: Moment) {
        let by = Arc::clone(&self.operator);
        self.note_by(key, event, &by, now);
    }

    /// Notes what somebody did who may not sit here any more.
    fn note_by(&mut self, key: Key, event: Event, by: &Arc<Operator>, now: Moment) {
        if let Some(record) = self.table.get_mut(&key) {
            let entry = record.note(now, event, by);
            let whom = (record.environment, Some(record.user));
            self.ledger.entry(key, &entry);
            let did = Did::of(&entry.event);
            self.changes.entries.push((key, entry));
            self.changes.rows.insert(key);
            if let Some(did) = did {
                self.audit_by(did, by, Some(whom), now);
            }
        }
    }

    fn forget_removed(&mut self, now: Mono) {
        while let Some((at, key)) = self.removals.front().copied() {
            if now.since(at) < UNDO {
                return;
            }
            self.removals.pop_front();
            // Restored and removed again, it has another moment and its own place in the line.
            if self.table.get(&key).is_some_and(|r| r.removed == Some(at)) {
                self.forget(key, now);
            }
        }
    }

    fn forget(&mut self, key: Key, now: Mono) {
        self.drop_look(key);
        let Some(record) = self.table.remove(&key) else { return };
        let user = (record.environment, record.user);
        // Added anew meanwhile, it is another one's by now.
        if self.users.get(&user) == Some(&key) {
            self.users.remove(&user);
        }
        self.waits.retain(|_, until| *until > now);
        if record.not_before > now {
            self.waits.insert(user, record.not_before);
        }
    }
}

#[cfg(test)]
mod tests;
