//! What of the table is in the journal, and what is on its way there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Desk, record::Record, view::JournalView};
use crate::{
    enrollment::{Entry, Key, User},
    journal::{Batch, Deed, Did, Health, Report},
    time::Moment,
};

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub view: JournalView,
    /// Enrollments that changed in this turn, with what is new in their timelines.
    fresh: BTreeMap<Key, Vec<Entry>>,
    forgotten: Vec<Key>,
    deeds: Vec<Deed>,
    /// The batch that was handed over last, and the last one that is on the disk.
    last: u64,
    saved: u64,
    /// Enrollments that are shown otherwise than they are kept.
    unsaved: BTreeSet<Key>,
}

impl Ledger {
    /// A ledger that waits for its journal.
    pub fn opening() -> Self {
        let view = JournalView { health: Health::Opening, ..JournalView::default() };
        Self { view, ..Self::default() }
    }

    fn keeps(&self) -> bool {
        !matches!(self.view.health, Health::Absent | Health::Newer)
    }

    pub fn entry(&mut self, key: Key, entry: &Entry) {
        if self.keeps() {
            self.fresh.entry(key).or_default().push(entry.clone());
        }
    }

    pub fn forget(&mut self, key: Key) {
        if self.keeps() {
            self.fresh.remove(&key);
            self.unsaved.remove(&key);
            self.forgotten.push(key);
        }
    }

    pub fn is_saved(&self, record: &Record) -> bool {
        record.batch <= self.saved
    }
}

impl Desk {
    /// Whether nothing may be changed, because a newer console wrote the journal.
    pub(super) fn is_read_only(&self) -> bool {
        self.ledger.view.health == Health::Newer
    }

    /// Puts what somebody did in the audit.
    pub(super) fn audit(&mut self, did: Did, whom: Option<(usize, Option<User>)>, now: Moment) {
        if !self.ledger.keeps() {
            return;
        }
        self.ledger.deeds.push(Deed {
            at: now.wall,
            by: Arc::clone(&self.operator),
            did,
            environment: whom.map(|(site, _)| self.sites[site].environment.name.clone()),
            user: whom.and_then(|(_, user)| user),
        });
    }

    /// Everything that this turn changed, for the journal.
    pub(super) fn write_down(&mut self, now: Moment) {
        let ledger = &mut self.ledger;
        if ledger.fresh.is_empty() && ledger.forgotten.is_empty() && ledger.deeds.is_empty() {
            return;
        }
        ledger.last += 1;
        let mut batch = Batch {
            number: ledger.last,
            kept: Vec::with_capacity(ledger.fresh.len()),
            forgotten: std::mem::take(&mut ledger.forgotten),
            deeds: std::mem::take(&mut ledger.deeds),
        };
        for (key, entries) in std::mem::take(&mut ledger.fresh) {
            let Some(record) = self.table.get_mut(&key) else { continue };
            record.batch = ledger.last;
            let environment = &self.sites[record.environment].environment.name;
            batch.kept.push((record.kept(environment, now), entries));
            ledger.unsaved.insert(key);
        }
        self.turn.journal = Some(batch);
    }

    pub(super) fn hear_of_journal(&mut self, report: Report, now: Moment) {
        match report {
            Report::Restored { kept, seen } => self.restore(kept, seen, now),
            Report::Saved { upto, at } => {
                self.ledger.saved = self.ledger.saved.max(upto);
                self.ledger.view.saved = Some(at.as_millisecond());
                let Self { ledger, table, changes, .. } = self;
                let saved = ledger.saved;
                ledger.unsaved.retain(|key| {
                    let waits = table.get(key).is_some_and(|record| record.batch > saved);
                    if !waits {
                        changes.rows.insert(*key);
                    }
                    waits
                });
            }
            Report::Health(health) => {
                self.ledger.view.health = health;
            }
            Report::Waiting { waiting, lost } => {
                self.ledger.view.waiting = waiting;
                self.ledger.view.lost = lost;
            }
            Report::Notice(notice) => {
                self.ledger.view.notices.push(notice);
            }
            Report::Due(due) => self.expire(due, now),
        }
        self.changes.journal = true;
    }

    /// Deletes what was kept long enough, unless somebody went on with it meanwhile.
    fn expire(&mut self, due: Vec<(Key, jiff::Timestamp)>, now: Moment) {
        for (key, finished) in due {
            let stands = self.table.get(&key).is_none_or(|record| {
                let kept = record.kept("", now);
                kept.finished().is_some_and(|since| since <= finished)
            });
            if stands {
                self.drop_for_good(key, now);
            }
        }
    }

    /// Deletes an enrollment from the table and from the journal.
    pub(super) fn drop_for_good(&mut self, key: Key, now: Moment) {
        self.let_go(key);
        self.forget(key, now.mono);
        self.changes.rows.insert(key);
        self.ledger.forget(key);
    }
}
