//! Rows of the tables: JSON, with a checksum that SQLite itself does not keep.

use jiff::Timestamp;
use rusqlite::{Connection, Row, Statement, params};

use super::{Kept, fault::Fault};
use crate::enrollment::{Entry, Key};

/// What [`kept`] reads.
pub(super) const SELECT_KEPT: &str =
    "SELECT key, finished, removed, body, sum FROM enrollment ORDER BY key";

/// What [`EntryRow::read`] reads.
pub(super) const SELECT_ENTRIES: &str =
    "SELECT enrollment, seq, at, body, sum FROM entry ORDER BY enrollment, seq";

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

/// Reads an enrollment's row. `None` where it is not what was written.
pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Option<Kept>> {
    let key: u64 = row.get(0)?;
    let (finished, removed): (Option<i64>, bool) = (row.get(1)?, row.get(2)?);
    let (body, found): (String, u32) = (row.get(3)?, row.get(4)?);
    if found != sum(&[&key.to_le_bytes()], &body) {
        return Ok(None);
    }
    let kept: Option<Kept> = serde_json::from_str(&body).ok();
    // Both only say again what the body says, for the index.
    Ok(kept.filter(|kept| columns(kept) == (finished, removed)))
}

/// Every enrollment that is kept.
pub(super) fn all_kept(db: &Connection) -> Result<Vec<Kept>, Fault> {
    let mut query = db.prepare(SELECT_KEPT)?;
    let rows = query.query_map([], kept)?;
    rows.map(|row| row?.ok_or_else(|| Fault::Damaged("an enrollment".to_owned()))).collect()
}

fn columns(kept: &Kept) -> (Option<i64>, bool) {
    (kept.finished().map(Timestamp::as_millisecond), kept.removed.is_some())
}

pub(super) fn write_kept(insert: &mut Statement<'_>, kept: &Kept) -> rusqlite::Result<()> {
    let body = json(kept);
    let sum = sum(&[&kept.key.0.to_le_bytes()], &body);
    let (finished, removed) = columns(kept);
    insert.execute(params![kept.key.0, finished, removed, body, sum])?;
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
