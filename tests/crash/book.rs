//! What is on the disk after a console has ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use enrollment_core::{
    enrollment::{Entry, Key},
    journal::{Chain, Deed, Kept, ReadError, Reader},
};
use jiff::Timestamp;

/// All that a journal holds; and what is known of how it came about.
#[derive(Debug, Default)]
pub struct Book {
    pub kept: BTreeMap<Key, Kept>,
    pub lines: BTreeMap<Key, Vec<Entry>>,
    pub deeds: Vec<Deed>,
    /// Whoever may have been forgotten, by any console until now.
    pub forgetting: BTreeSet<Key>,
    /// Those of them who were gone at some time, with the user: they never come back.
    pub gone: BTreeSet<(Key, u32)>,
    /// When the console that wrote it ended.
    pub ended: Option<Timestamp>,
}

impl Book {
    /// Reads a journal's folder, which must be whole; nothing may have been moved aside.
    pub fn read(folder: &Path) -> Result<Self> {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let known = ["backups", "lock", "journal.db", "journal.db-wal", "journal.db-shm"];
            ensure!(known.contains(&name.as_str()), "there is {name} in the folder");
        }
        Self::read_file(folder)
    }

    /// Reads a journal or a copy of one.
    pub fn read_file(path: &Path) -> Result<Self> {
        let reader = Reader::open(path)?;
        let counts = reader.check()?;
        let lost = (counts.lost_enrollments, counts.lost_lines);
        ensure!(lost == (0, 0), "it knows of {lost:?} that are lost");
        let mut book = Self::default();
        for kept in reader.enrollments()? {
            book.lines.insert(kept.key, Vec::new());
            book.kept.insert(kept.key, kept);
        }
        reader.entries(|key, entry| -> Result<(), Strange> {
            let lines = book.lines.get_mut(&key).ok_or(Strange::Orphan(key))?;
            lines.push(entry);
            Ok(())
        })?;
        let audit = reader.deeds()?;
        let chain = reader.chain()?;
        let whole = matches!(&chain, Chain::Whole { lines, .. } if *lines == audit.len() as u64);
        ensure!(whole, "the audit has {} lines and is {chain:?}", audit.len());
        for line in audit {
            book.deeds.push(line.deed.map_err(anyhow::Error::msg).context("a line of the audit")?);
        }
        book.is_sound()?;
        Ok(book)
    }

    /// A row and its lines are one: they are numbered without a hole up to where the row says.
    fn is_sound(&self) -> Result<()> {
        let mut users = BTreeSet::new();
        for (key, kept) in &self.kept {
            let lines = &self.lines[key];
            let numbered = (1..).zip(lines).all(|(number, line)| line.seq == number);
            let last = lines.last().map_or(0, |line| line.seq);
            ensure!(
                numbered && last == kept.seq,
                "{key:?} has {} lines up to {last}, and its row says {}",
                lines.len(),
                kept.seq
            );
            let once = kept.removed.is_some() || users.insert(kept.user);
            ensure!(once, "{} is on the list twice", kept.user);
        }
        Ok(())
    }

    /// The keys of the list.
    pub fn listed(&self) -> BTreeSet<Key> {
        let listed = self.kept.values().filter(|kept| kept.removed.is_none());
        listed.map(|kept| kept.key).collect()
    }
}

#[derive(Debug, thiserror::Error)]
enum Strange {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{0:?} has lines and no row")]
    Orphan(Key),
}
