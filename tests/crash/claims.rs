//! What a console claimed before it was killed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use enrollment_core::enrollment::Key;

use crate::facts::{Fact, Told};

#[derive(Debug, Default)]
pub struct Claims {
    /// Every new line that was told, with the feed it was told in.
    pub lines: BTreeMap<(Key, u32), (u64, String)>,
    /// The newest row of each enrollment that was told to be saved.
    pub rows: BTreeMap<Key, Row>,
    /// What was told in the feeds up to this one is saved: something newer is.
    pub certain: u64,
    /// Who was on the list as it came back.
    pub listed: Option<BTreeSet<Key>>,
    /// Whoever may be forgotten by now.
    pub forgetting: BTreeSet<Key>,
    /// Whoever is, once what the feed tells is certain.
    pub forgot: BTreeMap<Key, Option<u64>>,
}

/// A row that was told to be saved.
#[derive(Debug)]
pub struct Row {
    pub told: Told,
    /// The last line of its timeline that was told until then, where one was.
    pub seq: Option<u32>,
}

impl Claims {
    /// # Errors
    /// Where the console told something that it never should.
    pub fn of(facts: &[Fact]) -> Result<Self> {
        let mut claims = Self::default();
        let mut newest: BTreeMap<Key, (u32, u64)> = BTreeMap::new();
        for fact in facts {
            match fact {
                Fact::Line { feed, key, seq, json } => {
                    let before = newest.insert(*key, (*seq, *feed));
                    let follows = before.is_none_or(|(before, _)| before + 1 == *seq);
                    ensure!(follows, "line {seq} of {key:?} was told after {before:?}");
                    claims.passes(*feed);
                    claims.lines.insert((*key, *seq), (*feed, json.clone()));
                }
                Fact::Saved { feed, row } => {
                    claims.passes(*feed);
                    let last = newest.get(&row.key).copied();
                    // What changed last is saved, and so is all that was told before it.
                    let before = last.map_or(0, |(_, feed)| feed - 1);
                    claims.certain = claims.certain.max(before);
                    let row = Row { told: row.clone(), seq: last.map(|(seq, _)| seq) };
                    claims.rows.insert(row.told.key, row);
                }
                Fact::Journal { well, lost, notices } => {
                    ensure!(*well && *lost == 0, "the journal was not well, {lost} lines are lost");
                    ensure!(notices.is_empty(), "it told {notices:?}");
                }
                Fact::Listed { keys } => claims.listed = Some(keys.iter().copied().collect()),
                Fact::Forgetting { key } => {
                    claims.forgetting.insert(*key);
                }
                Fact::Forgot { key } => {
                    claims.forgot.insert(*key, None);
                }
                Fact::Closed { .. } => claims.certain = u64::MAX,
            }
        }
        Ok(claims)
    }

    /// The first feed after somebody was forgotten may still tell what was before.
    fn passes(&mut self, feed: u64) {
        for after in self.forgot.values_mut() {
            after.get_or_insert(feed);
        }
    }

    /// Whether a line that was told has to be on the disk.
    pub fn is_saved(&self, key: Key, seq: u32, feed: u64) -> bool {
        let row = self.rows.get(&key).and_then(|row| row.seq);
        feed <= self.certain || row.is_some_and(|saved| seq <= saved)
    }

    /// Whether nothing of it may be on the disk any more.
    pub fn is_forgotten(&self, key: Key) -> bool {
        self.forgot.get(&key).is_some_and(|after| {
            self.certain == u64::MAX || after.is_some_and(|feed| feed <= self.certain)
        })
    }
}
