//! What of the table is in the journal, and what is on its way there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Desk, record::Record, view::JournalView};
use crate::{
    enrollment::{Entry, Key, User},
    journal::{Batch, Deed, Deletion, Did, Health, Notice, Report},
    time::Moment,
};

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub view: JournalView,
    /// Enrollments that changed in this turn, with what is new in their timelines.
    fresh: BTreeMap<Key, Vec<Entry>>,
    deleted: Vec<(Key, Deletion)>,
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

    /// An enrollment changed, and no line tells of it.
    pub fn row(&mut self, key: Key) {
        if self.keeps() {
            self.fresh.entry(key).or_default();
        }
    }

    pub fn delete(&mut self, key: Key, deletion: Deletion) {
        if self.keeps() {
            self.fresh.remove(&key);
            self.unsaved.remove(&key);
            self.deleted.push((key, deletion));
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
        if ledger.fresh.is_empty() && ledger.deleted.is_empty() && ledger.deeds.is_empty() {
            return;
        }
        ledger.last += 1;
        let mut batch = Batch {
            number: ledger.last,
            kept: Vec::with_capacity(ledger.fresh.len()),
            deleted: std::mem::take(&mut ledger.deleted),
            deeds: std::mem::take(&mut ledger.deeds),
            live: self.sites.iter().any(|site| site.live > 0),
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
                if matches!(notice, Notice::Salvaged { .. }) {
                    // The table may hold what the damaged journal has lost.
                    for key in self.table.keys() {
                        self.ledger.row(*key);
                    }
                }
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
                self.delete(key, Deletion::Expired, now);
            }
        }
    }

    /// Deletes an enrollment from the table and from the journal.
    pub(super) fn delete(&mut self, key: Key, deletion: Deletion, now: Moment) {
        self.let_go(key);
        self.forget(key, now.mono);
        self.changes.rows.insert(key);
        self.ledger.delete(key, deletion);
    }
}
