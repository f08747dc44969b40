//! What waits to be saved.

use std::collections::BTreeMap;

use super::{Batch, Deed, Kept};
use crate::enrollment::{Entry, Key, User};

/// So many lines wait at the most. Enrollments themselves always wait: of each only the newest.
const MOST: usize = 10_000;

/// What is to be deleted of an enrollment, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Somebody asked for it: everything that is kept of this customer, in the backups as well.
    Forgotten { environment: String, user: User },
    /// It was kept for long enough. The backups follow by themselves.
    Expired,
    /// It was somebody else's. The fact stays, and the backups forget what they have of it.
    FromBackups,
    /// It is over, and its label went. The backups forget that.
    Label,
}

impl Deletion {
    /// Whether the enrollment itself goes.
    fn is_of_all(&self) -> bool {
        match self {
            Self::Forgotten { .. } | Self::Expired => true,
            Self::FromBackups | Self::Label => false,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Pending {
    pub rows: BTreeMap<Key, Kept>,
    pub entries: Vec<(Key, Entry)>,
    pub deleted: Vec<(Key, Deletion)>,
    pub deeds: Vec<Deed>,
    /// The labels of what was kept before this, and is over, go.
    pub wipes_labels: bool,
    /// The newest batch of these.
    pub upto: u64,
    /// Lines that found no room.
    pub lost: u32,
}

impl Pending {
    pub fn take(&mut self, batch: Batch) {
        self.upto = batch.number;
        for (kept, entries) in batch.kept {
            for entry in entries {
                if batch.again || self.entries.len() < MOST {
                    self.entries.push((kept.key, entry));
                } else {
                    self.lost = self.lost.saturating_add(1);
                }
            }
            self.rows.insert(kept.key, kept);
        }
        for (key, deletion) in batch.deleted {
            if deletion.is_of_all() {
                self.rows.remove(&key);
                self.entries.retain(|(of, _)| *of != key);
            }
            self.deleted.push((key, deletion));
        }
        self.deeds.extend(batch.deeds);
        if batch.wipes_labels {
            self.wipe_labels();
        }
    }

    /// Wipes the labels of what waits and is over; of what comes later nothing is said.
    fn wipe_labels(&mut self) {
        self.wipes_labels = true;
        for (key, kept) in &mut self.rows {
            if kept.is_over() {
                kept.label.clear();
                self.deleted.push((*key, Deletion::Label));
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.waiting() == 0
    }

    /// How many changes wait.
    pub fn waiting(&self) -> u32 {
        let rows_alone = self.rows.len().saturating_sub(self.entries.len());
        let deeds = self.deeds.len() + usize::from(self.wipes_labels);
        let waiting = rows_alone + self.entries.len() + self.deleted.len() + deeds;
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }

    /// Whether the files hold what is to be gone from them.
    pub fn wipes(&self) -> bool {
        self.wipes_labels || !self.deleted.is_empty()
    }

    /// Whether the backups are to forget somebody.
    pub fn forgets(&self) -> bool {
        self.wipes_labels || self.deleted.iter().any(|(_, deletion)| *deletion != Deletion::Expired)
    }

    /// Everything of it is saved.
    pub fn clear(&mut self) {
        *self = Self { upto: self.upto, lost: self.lost, ..Self::default() };
    }
}
