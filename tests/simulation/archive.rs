//! A journal in memory, which keeps what it is given after a while, and sometimes not for long.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use enrollment_core::{
    desk::view::Key,
    enrollment::Entry,
    journal::{Batch, Deletion, Kept},
};

use crate::dice::Dice;

#[derive(Default)]
pub struct Archive {
    pending: VecDeque<Batch>,
    pub kept: BTreeMap<Key, Kept>,
    pub lines: BTreeMap<Key, Vec<Entry>>,
    pub saved: u64,
}

impl Archive {
    pub fn takes(&mut self, batch: Batch) {
        self.pending.push_back(batch);
    }

    /// Keeps everything that waits. The newest batch that is kept.
    pub fn keeps(&mut self) -> u64 {
        while let Some(batch) = self.pending.pop_front() {
            self.saved = batch.number;
            for (kept, lines) in batch.kept {
                self.lines.entry(kept.key).or_default().extend(lines);
                self.kept.insert(kept.key, kept);
            }
            if batch.wipes_labels {
                for kept in self.kept.values_mut().filter(|kept| kept.is_over()) {
                    kept.label.clear();
                }
            }
            let gone =
                |it: &(Key, Deletion)| !matches!(it.1, Deletion::FromBackups | Deletion::Label);
            for (key, _) in batch.deleted.into_iter().filter(gone) {
                self.kept.remove(&key);
                self.lines.remove(&key);
            }
        }
        self.saved
    }
}

/// How long the next commit takes.
pub fn delay(dice: &mut Dice) -> Duration {
    match dice.weighted(&[(90, 0), (9, 1), (1, 2)]) {
        0 => dice.millis(1, 150),
        1 => dice.millis(150, 5_000),
        _ => dice.millis(5_000, 120_000),
    }
}
