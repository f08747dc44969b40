//! What was kept comes back to the table.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    Desk, Part,
    record::{Record, Step},
};
use crate::{
    enrollment::{Event, Interruption, Key, Miss, Outcome, Phase, Status},
    journal::{Kept, KeptStep, Notice},
    time::Moment,
};

/// What the gateway asked to wait for counts after a restart as well, for so long at the most.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

/// How a watch ends that was running when the console ended.
const CLOSED: Miss = Miss::Interrupted { why: Interruption::Closed };

/// What is kept of environments that are not set up here. A policy may bring one back.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    kept: BTreeMap<Key, Kept>,
    /// When the console that kept them was last known to run.
    seen: Option<Timestamp>,
}

impl Strangers {
    pub fn forget(&mut self, key: Key) {
        self.kept.remove(&key);
    }
}

impl Desk {
    /// Takes in what the journal kept. Watches that were running are *interrupted*: they go on
    /// when somebody says so. `seen` is when the console that ran them was last known to run.
    pub(super) fn restore(&mut self, kept: Vec<Kept>, seen: Option<Timestamp>, now: Moment) {
        let mut strangers: BTreeMap<String, u32> = BTreeMap::new();
        self.strangers.seen = seen;
        for kept in kept {
            self.next_key = self.next_key.max(kept.key.0.saturating_add(1));
            if let Some(site) = self.site(&kept.environment) {
                self.restore_one(kept, site, seen, now);
            } else {
                *strangers.entry(kept.environment.clone()).or_default() += 1;
                self.strangers.kept.insert(kept.key, kept);
            }
        }
        let notices = strangers.into_iter().map(|(environment, enrollments)| {
            Notice::UnknownEnvironment { environment, enrollments }
        });
        self.ledger.view.notices.extend(notices);
    }

    /// Takes in what is kept of environments that were not set up and are by now.
    pub(super) fn welcome_strangers(&mut self, now: Moment) {
        let kept = std::mem::take(&mut self.strangers.kept);
        let (known, others): (BTreeMap<_, _>, _) =
            kept.into_iter().partition(|(_, kept)| self.site(&kept.environment).is_some());
        self.strangers.kept = others;
        let mut back: BTreeSet<String> = BTreeSet::new();
        for kept in known.into_values() {
            let Some(site) = self.site(&kept.environment) else { continue };
            back.insert(kept.environment.clone());
            self.restore_one(kept, site, self.strangers.seen, now);
        }
        if back.is_empty() {
            return;
        }
        self.ledger.view.notices.retain(|notice| {
            !matches!(notice, Notice::UnknownEnvironment { environment, .. }
                if back.contains(environment))
        });
        self.changes.parts.insert(Part::Journal);
    }

    fn restore_one(&mut self, kept: Kept, site: usize, seen: Option<Timestamp>, now: Moment) {
        let key = kept.key;
        if self.table.contains_key(&key) {
            return;
        }
        let was_watched = kept.step.watched();
        let record = Record::from_kept(kept, site, now);
        let user = (site, record.user);
        let since = record.since;
        self.looks.extend(record.look.as_ref().map(|look| (look.at, key)));
        self.table.insert(key, Box::new(record));
        self.changes.rows.insert(key);
        if let Some(phase) = was_watched {
            // It ended when the console did, as far as that is known.
            let ended = Moment { wall: seen.unwrap_or(now.wall).max(since), ..now };
            if let Some(record) = self.table.get_mut(&key) {
                record.state += 1;
                record.since = ended.wall;
            }
            let result = Box::new(Outcome::Missed(CLOSED));
            self.note(key, Event::Ended { phase, result, polls: 0 }, ended);
        }
        // Added anew while the journal could not be read: the older one goes off the list.
        let listed = *self.users.entry(user).or_insert(key);
        if listed != key {
            self.users.insert(user, listed.max(key));
            self.withdraw(listed.min(key), now);
        }
    }
}

impl Desk {
    /// Takes an enrollment off the list that nobody took off.
    fn withdraw(&mut self, key: Key, now: Moment) {
        let Some(record) = self.table.get_mut(&key) else { return };
        record.removed = Some(now.mono);
        self.removals.push_back((now.mono, key));
        self.changes.rows.insert(key);
        self.ledger.row(key);
    }
}

impl Record {
    fn from_kept(kept: Kept, environment: usize, now: Moment) -> Self {
        let step = match kept.step {
            KeptStep::Expected => Step::Expected,
            KeptStep::Ready => Step::Ready(None),
            KeptStep::Signing => Step::Signing(None),
            KeptStep::Signed => Step::Signed,
            KeptStep::HandedOn => Step::HandedOn,
            KeptStep::Ended { phase, miss } => Step::Ended { phase, miss },
            KeptStep::PreSign => Step::Ended { phase: Phase::PreSign, miss: CLOSED },
            KeptStep::PostSign => Step::Ended { phase: Phase::PostSign, miss: CLOSED },
        };
        let mut record = Self::new(kept.key, kept.user, environment, now);
        record.label = kept.label;
        record.place = kept.place;
        record.step = step;
        record.state = kept.state;
        record.since = kept.since;
        if let Some(heard) = kept.heard {
            record.status = Some(Status::from_gateway(heard.status.as_deref()));
            record.message = heard.message;
        }
        record.statements = kept.statements;
        record.generations = kept.generations;
        record.confirmed = kept.confirmed;
        // A clock that was ahead when it was kept must not hold a customer for years.
        let not_before = kept.not_before.map(|at| now.mono_at(at)).unwrap_or_default();
        record.not_before = not_before.min(now.mono + LONGEST_WAIT);
        record.look = kept.look.map(Box::new);
        record.note = kept.note;
        record.seq = kept.seq;
        record
    }
}
