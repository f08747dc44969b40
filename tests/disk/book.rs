//! What a journal must hold: a model of it that knows no disk.

use std::collections::BTreeMap;

use enrollment_core::{
    enrollment::{Entry, Key},
    journal::{Batch, Deed, Kept},
};

/// Either it held, or this is what was wrong.
pub type Held<T = ()> = Result<T, String>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    pub rows: BTreeMap<Key, Kept>,
    pub lines: BTreeMap<(Key, u32), Entry>,
    pub deeds: Vec<Deed>,
}

impl Book {
    pub fn take(&mut self, batch: &Batch) {
        for (kept, entries) in &batch.kept {
            let numbered = entries.iter().map(|entry| ((kept.key, entry.seq), entry.clone()));
            self.lines.extend(numbered);
            self.rows.insert(kept.key, kept.clone());
        }
        for (key, _) in &batch.deleted {
            self.rows.remove(key);
            self.lines.retain(|(of, _), _| of != key);
        }
        self.deeds.extend_from_slice(&batch.deeds);
    }

    /// The same, with these batches on top.
    pub fn with(&self, batches: &[Batch]) -> Self {
        let mut book = self.clone();
        for batch in batches {
            book.take(batch);
        }
        book
    }

    /// The enrollments that a console shows.
    pub fn list(&self) -> Vec<&Kept> {
        self.rows.values().filter(|kept| kept.removed.is_none()).collect()
    }

    pub fn timeline(&self, key: Key) -> impl Iterator<Item = &Entry> {
        self.lines.range((key, 0)..=(key, u32::MAX)).map(|(_, entry)| entry)
    }

    /// One timeline, with these batches on top.
    pub fn timeline_with(&self, batches: &[Batch], key: Key) -> Vec<Entry> {
        let mut lines: Vec<Entry> = self.timeline(key).cloned().collect();
        for batch in batches {
            let new = batch.kept.iter().filter(|(kept, _)| kept.key == key);
            lines.extend(new.flat_map(|(_, entries)| entries.iter().cloned()));
            if batch.deleted.iter().any(|(deleted, _)| *deleted == key) {
                lines.clear();
            }
        }
        lines
    }

    /// What was found that differs from this, in few words.
    pub fn difference(&self, found: &Self) -> String {
        let (lacks, foreign) = apart(&self.rows, &found.rows);
        let (lines_lack, lines_foreign) = apart(&self.lines, &found.lines);
        let deeds = (self.deeds.len(), found.deeds.len());
        let same = if self.deeds == found.deeds { "the same" } else { "others" };
        format!(
            "of {} enrollments {lacks} missing or otherwise, {foreign} too many; of {} lines \
             {lines_lack} missing or otherwise, {lines_foreign} too many; {} deeds became {} \
             ({same})",
            self.rows.len(),
            self.lines.len(),
            deeds.0,
            deeds.1,
        )
    }
}

fn apart<K: Ord, V: PartialEq>(ours: &BTreeMap<K, V>, found: &BTreeMap<K, V>) -> (usize, usize) {
    let lacking = ours.iter().filter(|(key, value)| found.get(key) != Some(value)).count();
    (lacking, found.keys().filter(|key| !ours.contains_key(key)).count())
}

/// After how many of the batches, of those that may be last, a journal is just as it was found.
pub fn last_of(base: &Book, batches: &[Batch], least: usize, found: &Book) -> Held<usize> {
    let mut book = base.with(&batches[..least]);
    let wanted = book.difference(found);
    for last in least..=batches.len() {
        if book == *found {
            return Ok(last);
        }
        if let Some(batch) = batches.get(last) {
            book.take(batch);
        }
    }
    Err(format!(
        "{least} of {} batches were acknowledged, and what is there is none of the states since. \
         Compared with what was acknowledged: {wanted}",
        batches.len(),
    ))
}
