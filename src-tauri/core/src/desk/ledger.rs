//! What of the table is in the journal, and what is on its way there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Desk, Part,
    record::{LONGEST_TIMELINE, Record},
    view::JournalView,
};
use crate::{
    enrollment::{Entry, Interruption, Key, Miss, Operator, User},
    journal::{Batch, Deed, Deletion, Did, Health, KeepDays, Kept, Notice, Report},
    time::Moment,
};

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub view: JournalView,
    /// Enrollments that changed in this turn, with what is new in their timelines.
    fresh: BTreeMap<Key, Vec<Entry>>,
    deleted: Vec<(Key, Deletion)>,
    deeds: Vec<Deed>,
    /// The labels of everything that is over go.
    wipes_labels: bool,
    /// The batch that was handed over last, and the last one that is on the disk.
    last: u64,
    saved: u64,
    /// Enrollments that are shown otherwise than they are kept.
    unsaved: BTreeSet<Key>,
    /// Enrollments that left the table in this very turn, as they were.
    left: Vec<(Kept, Vec<Entry>)>,
    /// This turn hands over everything that is still in memory.
    again: bool,
    /// Lines that found no room, as the journal counts them, and those of them that were handed
    /// over again since.
    lost: u32,
    made_good: u32,
    keep_days: KeepDays,
    /// What was kept has still to come back.
    pub awaits: bool,
}

impl Ledger {
    /// A ledger that waits for its journal.
    pub fn opening(keep_days: KeepDays) -> Self {
        let view = JournalView { health: Health::Opening, ..JournalView::default() };
        Self { view, keep_days, awaits: true, ..Self::default() }
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
            if !matches!(deletion, Deletion::FromBackups | Deletion::Label) {
                self.fresh.remove(&key);
                self.unsaved.remove(&key);
            }
            self.deleted.push((key, deletion));
        }
    }

    pub fn wipe_labels(&mut self) {
        self.wipes_labels = self.keeps();
    }

    /// An enrollment leaves the table. What this turn changed of it is kept all the same.
    pub fn leaves(&mut self, kept: Kept) {
        if let Some(lines) = self.fresh.remove(&kept.key) {
            self.left.push((kept, lines));
        }
    }

    /// Notes for how many days finished enrollments are kept, and says what changed.
    fn keeps_for(&mut self, to: KeepDays) -> Option<Did> {
        let from = std::mem::replace(&mut self.keep_days, to);
        (from != to).then_some(Did::ChangedKeepDays { from, to })
    }

    fn has_nothing(&self) -> bool {
        self.fresh.is_empty()
            && self.left.is_empty()
            && self.deleted.is_empty()
            && self.deeds.is_empty()
            && !self.wipes_labels
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
        let by = Arc::clone(&self.operator);
        self.audit_by(did, &by, whom, now);
    }

    /// The same for what the managed policy did.
    pub(super) fn audit_policy(&mut self, did: Did, now: Moment) {
        self.audit_by(did, &Operator::policy().into(), None, now);
    }

    pub(super) fn audit_by(
        &mut self,
        did: Did,
        by: &Arc<Operator>,
        whom: Option<(usize, Option<User>)>,
        now: Moment,
    ) {
        if !self.ledger.keeps() {
            return;
        }
        self.ledger.deeds.push(Deed {
            at: now.wall,
            by: Arc::clone(by),
            did,
            environment: whom.map(|(site, _)| self.sites[site].environment.name.clone()),
            user: whom.and_then(|(_, user)| user),
        });
    }

    /// Everything that this turn changed, for the journal.
    pub(super) fn write_down(&mut self, now: Moment) {
        let ledger = &mut self.ledger;
        if ledger.has_nothing() {
            return;
        }
        ledger.last += 1;
        let mut batch = Batch {
            number: ledger.last,
            kept: std::mem::take(&mut ledger.left),
            deleted: std::mem::take(&mut ledger.deleted),
            deeds: std::mem::take(&mut ledger.deeds),
            wipes_labels: std::mem::take(&mut ledger.wipes_labels),
            live: self.sites.iter().any(|site| site.live > 0),
            again: std::mem::take(&mut ledger.again),
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
            Report::Restored { kept, seen } => {
                self.ledger.awaits = false;
                self.restore(kept, seen, now);
            }
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
            Report::Health(health) => self.journal_is(health, now),
            Report::Waiting { waiting, lost } => {
                self.ledger.view.waiting = waiting;
                self.ledger.lost = lost;
                self.ledger.view.lost = lost.saturating_sub(self.ledger.made_good);
            }
            Report::Notice(notice) => {
                if matches!(notice, Notice::Salvaged { .. }) {
                    // The table may hold what the damaged journal has lost.
                    self.hand_over_again();
                }
                self.ledger.view.notices.push(notice);
            }
            Report::Due(due) => self.expire(due, now),
        }
        self.changes.parts.insert(Part::Journal);
    }

    fn journal_is(&mut self, health: Health, now: Moment) {
        self.ledger.view.health = health;
        if health == Health::Newer {
            // Nothing may be changed from here on, so nothing goes on.
            for key in self.live_keys(None) {
                self.end(key, Miss::Interrupted { why: Interruption::Closed }, now);
            }
        }
        if health == Health::Well && self.ledger.view.lost > 0 {
            self.hand_over_again();
            // Of a timeline that was cut here as well, something may be gone for good.
            if self.table.values().all(|record| record.timeline.len() < LONGEST_TIMELINE) {
                self.ledger.made_good = self.ledger.lost;
                self.ledger.view.lost = 0;
            }
        }
    }

    /// Hands over all that is in memory. What the journal has already it does not take twice.
    fn hand_over_again(&mut self) {
        if !self.ledger.keeps() {
            return;
        }
        self.ledger.again = true;
        for (key, record) in &self.table {
            self.ledger.fresh.insert(*key, record.timeline.clone());
        }
    }

    /// Notes for how many days finished enrollments are kept: that deletes, so it is audited.
    pub(super) fn keep_for(&mut self, days: KeepDays, now: Moment) {
        if let Some(did) = self.ledger.keeps_for(days) {
            self.audit(did, None, now);
        }
    }

    /// The same where the managed policy decided so.
    pub(super) fn keep_as_decreed(&mut self, days: KeepDays, now: Moment) {
        if let Some(did) = self.ledger.keeps_for(days) {
            self.audit_policy(did, now);
        }
    }

    /// Deletes what was kept long enough, unless somebody went on with it meanwhile. Nothing that
    /// changed since the console began: a clock that was set since says nothing of its age.
    fn expire(&mut self, due: Vec<(Key, jiff::Timestamp)>, now: Moment) {
        for (key, finished) in due {
            let stands = self.table.get(&key).is_none_or(|record| {
                let kept = record.kept("", now);
                record.batch == 0 && kept.finished().is_some_and(|since| since <= finished)
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
        self.strangers.forget(key);
        self.changes.rows.insert(key);
        self.ledger.delete(key, deletion);
    }
}
