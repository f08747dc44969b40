//! Compares what is there after damage with what was written before.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
};

use enrollment_core::{
    enrollment::Key,
    journal::{Chain, Deletion, Kept, Notice, Reader, Report},
};

use super::{Found, harm::Harm};
use crate::{
    bases::Base,
    book::{Book, Held},
    look,
    stage::Stage,
};

const PAGE: usize = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Unharmed,
    /// The end of a log looks as if it had never been written, whoever cut it.
    Shortened,
    /// Lines of the audit alone, which its chain names.
    AuditNamed,
    SalvagedWhole,
    LossesTold,
    Newer,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unharmed => "unharmed",
            Self::Shortened => "end of the log gone",
            Self::AuditNamed => "audit names it",
            Self::SalvagedWhole => "salvaged whole",
            Self::LossesTold => "losses told",
            Self::Newer => "left alone",
        })
    }
}

/// All that was ever written.
pub struct Past {
    last: Book,
    /// The states that a log may have ended with.
    states: Vec<Book>,
    versions: BTreeMap<Key, Vec<Kept>>,
    lines: Book,
    forgotten: BTreeSet<Key>,
    expired: BTreeSet<Key>,
}

impl Past {
    pub fn of(base: &Base) -> Self {
        let mut versions: BTreeMap<Key, Vec<Kept>> = BTreeMap::new();
        let mut lines = Book::default();
        let (mut forgotten, mut expired) = (BTreeSet::new(), BTreeSet::new());
        for batch in &base.batches {
            for (kept, entries) in &batch.kept {
                versions.entry(kept.key).or_default().push(kept.clone());
                lines.lines.extend(entries.iter().map(|it| ((kept.key, it.seq), it.clone())));
            }
            for (key, deletion) in &batch.deleted {
                match deletion {
                    Deletion::Forgotten { .. } => forgotten.insert(*key),
                    Deletion::Expired | Deletion::FromBackups => expired.insert(*key),
                    // The enrollment stays.
                    Deletion::Label => false,
                };
            }
        }
        let ends = base.settled..=base.batches.len();
        let states = ends.map(|last| Book::default().with(&base.batches[..last])).collect();
        Self { last: base.book(), states, versions, lines, forgotten, expired }
    }

    /// The list, and each of its timelines, hold nothing that was never handed over.
    pub fn shows_only_what_was_written(&self, stage: &mut Stage) -> Held {
        let list = stage.list().unwrap_or_default().to_vec();
        for kept in &list {
            self.was_written(kept)?;
            for line in stage.timeline(kept.key)? {
                if self.lines.lines.get(&(kept.key, line.seq)) != Some(&line) {
                    return Err(format!("shown and never written: {:?} {line:?}", kept.key));
                }
            }
        }
        Ok(())
    }

    fn was_written(&self, kept: &Kept) -> Held {
        let is_known = self.versions.get(&kept.key).is_some_and(|all| all.contains(kept));
        if is_known { Ok(()) } else { Err(format!("shown and never written: {kept:?}")) }
    }

    pub fn judge(
        &self,
        stage: &Stage,
        folder: &Path,
        book: &Book,
        found: &Found,
        harm: Harm,
    ) -> Held<Verdict> {
        book.rows.values().try_for_each(|kept| self.was_written(kept))?;
        for (at, line) in &book.lines {
            if self.lines.lines.get(at) != Some(line) {
                return Err(format!("kept and never written: {at:?} {line:?}"));
            }
        }
        let back = self.forgotten.iter().find(|key| book.rows.contains_key(key));
        if let Some(key) = back {
            return Err(format!("{key:?} was forgotten and is back"));
        }
        let names = self.audit(folder)?;
        let Some(notice) = stage.salvaged() else {
            return self.unnoticed(folder, book, harm, names);
        };
        counts_are_right(notice, book)?;
        is_aside(folder, found)?;
        let times = stage.told().filter(|it| matches!(it, Report::Notice(Notice::Salvaged { .. })));
        if times.count() > 1 {
            return Err("it was mended more than once".to_owned());
        }
        if harm == Harm::Identity && *book != self.last {
            return Err(format!("taken for a stranger's: {}", self.last.difference(book)));
        }
        Ok(if *book == self.last { Verdict::SalvagedWhole } else { Verdict::LossesTold })
    }

    /// Nothing was told, so nothing may be missing.
    fn unnoticed(&self, folder: &Path, book: &Book, harm: Harm, names: bool) -> Held<Verdict> {
        look::nothing_aside(folder)?;
        if *book == self.last {
            return Ok(Verdict::Unharmed);
        }
        if (&book.rows, &book.lines) == (&self.last.rows, &self.last.lines) && names {
            return Ok(Verdict::AuditNamed);
        }
        if harm.is_of_log() && self.states.contains(book) {
            return Ok(Verdict::Shortened);
        }
        let back = self.expired.iter().filter(|key| book.rows.contains_key(key)).count();
        Err(format!("not told: {} ({back} of them expired)", self.last.difference(book)))
    }

    /// The chain names the first line that is not as it was. Says whether it names any.
    fn audit(&self, folder: &Path) -> Held<bool> {
        let reader = Reader::open(folder).map_err(|error| error.to_string())?;
        let chain = reader.chain().map_err(|error| error.to_string())?;
        let deeds = reader.deeds().map_err(|error| error.to_string())?;
        let differs = deeds.iter().zip(1_i64..).find(|(line, nth)| {
            let ours = usize::try_from(nth - 1).ok().and_then(|nth| self.last.deeds.get(nth));
            line.seq != *nth || line.deed.as_ref().ok() != ours
        });
        match (chain, differs) {
            (Chain::Whole { .. }, None) => Ok(false),
            (Chain::Whole { .. }, Some((line, _))) => {
                Err(format!("the audit was altered at {} and is said to be whole", line.seq))
            }
            // A hash may be damaged beside a line that is not.
            (Chain::Broken { line, .. }, Some((first, _))) if line.seq > first.seq => {
                Err(format!("the audit was altered at {}, and {} is named", first.seq, line.seq))
            }
            (Chain::Broken { .. }, _) => Ok(true),
        }
    }
}

/// The damaged files are there as they were found: a log may have been written back since.
fn is_aside(folder: &Path, found: &Found) -> Held {
    let Some(database) = &found.database else { return Ok(()) };
    let aside = look::set_aside(folder);
    let holds = |path: &PathBuf| {
        let now = fs::read(path.join("journal.db")).unwrap_or_default();
        same_pages(database, found.log.as_deref(), &now)
    };
    if aside.iter().any(holds) {
        return Ok(());
    }
    Err(format!("the damaged file is not in {aside:?} as it was found"))
}

/// Each page is the one that was found, or one of the log's.
fn same_pages(found: &[u8], log: Option<&[u8]>, now: &[u8]) -> bool {
    let Some(log) = log.filter(|log| !log.is_empty()) else { return found == now };
    let frames: BTreeSet<&[u8]> =
        log.get(32..).unwrap_or_default().chunks(PAGE + 24).filter_map(|it| it.get(24..)).collect();
    let pages = now.chunks(PAGE).enumerate();
    pages.into_iter().all(|(nth, page)| {
        let mut before = found.get(nth * PAGE..).unwrap_or_default().to_vec();
        // Where the file ends before what the log holds, it is filled up with zeros.
        before.resize(PAGE, 0);
        before == page || frames.contains(page)
    })
}

fn counts_are_right(notice: &Notice, book: &Book) -> Held {
    let Notice::Salvaged { here, enrollments, entries, .. } = notice else { return Ok(()) };
    let without: BTreeSet<Key> =
        book.lines.keys().map(|(key, _)| *key).filter(|key| !book.rows.contains_key(key)).collect();
    let lacking = |kept: &Kept| {
        let there = u32::try_from(book.timeline(kept.key).count()).unwrap_or(u32::MAX);
        kept.seq.saturating_sub(there)
    };
    let lines: u32 = book.rows.values().map(lacking).sum();
    let wanted = (book.list().len(), without.len(), lines);
    let told = (usize::try_from(*here), usize::try_from(*enrollments), *entries);
    if told == (Ok(wanted.0), Ok(wanted.1), wanted.2) {
        Ok(())
    } else {
        Err(format!("told is {notice:?}, and it should be {wanted:?}"))
    }
}
