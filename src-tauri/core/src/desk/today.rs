//! What of the table counts in a day's numbers.

use jiff::Timestamp;

use super::{Desk, view::Key};
use crate::{
    enrollment::Entry,
    numbers::{Day, Tally},
};

/// A day as far as the desk itself can tell.
#[derive(Debug)]
pub(super) struct Today {
    /// Which of the environments it is.
    pub place: usize,
    tally: Tally,
    /// Enrollments of which the journal has lines from before the console started, with the
    /// number of the first line that stands here.
    older: Vec<(Key, u32)>,
    /// Those that stand here.
    newer: Vec<Vec<Entry>>,
    /// What was kept has not come back yet.
    is_early: bool,
}

impl Desk {
    /// The numbers of an environment's day that began at `since`. Whatever counts has moved its
    /// enrollment to another step, so those that stood still all day are passed over.
    pub(super) fn today(&self, environment: &str, since: Timestamp) -> Option<Today> {
        let place = self.place(environment)?;
        let mut today = Today {
            place,
            tally: Tally::since(since),
            older: Vec::new(),
            newer: Vec::new(),
            is_early: self.ledger.awaits,
        };
        let moved = self
            .table
            .values()
            .filter(|r| r.environment == place && r.removed.is_none() && r.since >= since);
        for record in moved {
            if let Some(before) = self.older(record.key) {
                today.older.push((record.key, before));
                today.newer.push(record.timeline.clone());
            } else {
                today.tally.add(&record.timeline);
            }
        }
        Some(today)
    }
}

impl Today {
    /// Whose older lines are to be read before it can be summed up.
    pub fn older(&self) -> &[(Key, u32)] {
        &self.older
    }

    /// Sums it up with the older lines, in the order of those that were asked for. Says whether
    /// nothing is missing.
    pub fn sum_up(mut self, older: Option<Vec<Vec<Entry>>>) -> (Day, bool) {
        let whole = !self.is_early && (older.is_some() || self.older.is_empty());
        let mut older = older.unwrap_or_default().into_iter();
        for newer in &self.newer {
            let before = older.next().unwrap_or_default();
            self.tally.add(before.iter().chain(newer));
        }
        (self.tally.sum_up(), whole)
    }
}
