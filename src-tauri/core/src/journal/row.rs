//! Rows of the tables: JSON, with a checksum that SQLite itself does not keep.

use jiff::Timestamp;
use rusqlite::{Connection, Row, Statement, params};

use super::{Kept, fault::Fault};
use crate::enrollment::{Entry, Key};

/// What [`kept`] reads, of everybody.
pub(super) const SELECT_KEPT: &str = "SELECT key, finished, removed, body, sum FROM enrollment";

/// What [`EntryRow::read`] reads, of everybody.
pub(super) const SELECT_ENTRIES: &str = "SELECT enrollment, seq, at, body, sum FROM entry";

/// One enrollment after the other, as [`SELECT_ENTRIES`] is continued.
pub(super) const IN_ORDER: &str = "ORDER BY enrollment, seq";

/// Keeps an enrollment as it stands now, with [`write_kept`].
pub(super) const KEEP: &str =
    "INSERT INTO enrollment VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO UPDATE SET
        finished = excluded.finished, removed = excluded.removed,
        body = excluded.body, sum = excluded.sum";

/// Twice the same line is one line.
pub(super) const INSERT_ENTRY: &str =
    "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

/// A line of a timeline as it stands in its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryRow {
    pub enrollment: u64,
    pub seq: u32,
    pub at: i64,
    pub body: String,
    pub sum: u32,
}

impl EntryRow {
    pub fn of(key: Key, entry: &Entry) -> Self {
        let (enrollment, seq, at) = (key.0, entry.seq, entry.at.as_millisecond());
        let body = json(entry);
        let sum = sum(&[&enrollment.to_le_bytes(), &seq.to_le_bytes(), &at.to_le_bytes()], &body);
        Self { enrollment, seq, at, body, sum }
    }

    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            enrollment: row.get(0)?,
            seq: row.get(1)?,
            at: row.get(2)?,
            body: row.get(3)?,
            sum: row.get(4)?,
        })
    }

    /// The line itself; `None` where the row is not what was written.
    pub fn entry(&self) -> Option<Entry> {
        if !self.is_whole() {
            return None;
        }
        serde_json::from_str(&self.body).ok()
    }

    pub fn is_whole(&self) -> bool {
        let numbers: [&[u8]; 3] =
            [&self.enrollment.to_le_bytes(), &self.seq.to_le_bytes(), &self.at.to_le_bytes()];
        self.sum == sum(&numbers, &self.body)
    }

    pub fn write(&self, insert: &mut Statement<'_>) -> rusqlite::Result<()> {
        insert.execute(params![self.enrollment, self.seq, self.at, self.body, self.sum])?;
        Ok(())
    }
}

/// An enrollment's row as it stands in its table.
struct KeptRow {
    key: u64,
    finished: Option<i64>,
    removed: bool,
    body: String,
    sum: u32,
}

impl KeptRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            finished: row.get(1)?,
            removed: row.get(2)?,
            body: row.get(3)?,
            sum: row.get(4)?,
        })
    }

    fn of(kept: &Kept) -> Self {
        let finished = kept.finished().map(Timestamp::as_millisecond);
        let (key, removed) = (kept.key.0, kept.removed.is_some());
        let mut row = Self { key, finished, removed, body: json(kept), sum: 0 };
        row.sum = row.right_sum();
        row
    }

    fn right_sum(&self) -> u32 {
        let finished = self.finished.unwrap_or(i64::MIN).to_le_bytes();
        sum(&[&self.key.to_le_bytes(), &finished, &[self.removed.into()]], &self.body)
    }

    fn kept(&self) -> Option<Kept> {
        serde_json::from_str(&self.body).ok().filter(|_| self.sum == self.right_sum())
    }
}

/// Reads an enrollment's row. `None` where it is not what was written, or cannot be understood.
pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Option<Kept>> {
    Ok(KeptRow::read(row)?.kept())
}

/// Every enrollment that is kept. One that is whole and cannot be understood, another console's
/// code has written: that is no damage.
pub(super) fn all_kept(db: &Connection) -> Result<Vec<Kept>, Fault> {
    whole(db, "ORDER BY key")
}

/// The same of what is finished.
pub(super) fn all_finished(db: &Connection) -> Result<Vec<Kept>, Fault> {
    whole(db, "WHERE finished IS NOT NULL")
}

fn whole(db: &Connection, which: &str) -> Result<Vec<Kept>, Fault> {
    let mut query = db.prepare(&format!("{SELECT_KEPT} {which}"))?;
    let rows = query.query_map([], KeptRow::read)?;
    rows.map(|row| {
        let row = row?;
        let strange = row.sum == row.right_sum();
        row.kept().ok_or_else(|| {
            if strange { Fault::Newer } else { Fault::Damaged("an enrollment".to_owned()) }
        })
    })
    .collect()
}

pub(super) fn write_kept(insert: &mut Statement<'_>, kept: &Kept) -> rusqlite::Result<()> {
    let KeptRow { key, finished, removed, body, sum } = KeptRow::of(kept);
    insert.execute(params![key, finished, removed, body, sum])?;
    Ok(())
}

/// Text, numbers and names are all that these hold, and those always have a form in JSON.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn sum(numbers: &[&[u8]], body: &str) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    for number in numbers {
        sum.update(number);
    }
    sum.update(body.as_bytes());
    sum.finalize()
}
