//! What people did, each line chained to the one before it by a hash.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};
use sha2::{Digest as _, Sha256};

use super::{Deed, fault::Fault, row::json};

type Hash = [u8; 32];

/// What the first line is chained to.
const BEGINNING: Hash = [0; 32];

/// A line of the audit as it stands in its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AuditRow {
    pub seq: i64,
    pub body: String,
    pub hash: Vec<u8>,
}

impl AuditRow {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { seq: row.get(0)?, body: row.get(1)?, hash: row.get(2)? })
    }
}

/// The chain as it was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Every line follows from the one before it. `head` stands for all of them: whoever notes it
    /// down can tell later whether lines were cut off at the end.
    Whole { lines: u64, head: String },
    /// The first line that does not, and why.
    Broken { seq: i64, why: Break },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("lines before it are missing")]
    Missing,
    #[error("it was changed, or the one before it was")]
    Changed,
}

pub(super) fn append(change: &Transaction<'_>, deeds: &[Deed]) -> Result<(), Fault> {
    if deeds.is_empty() {
        return Ok(());
    }
    let newest = change
        .query_row(
            "SELECT seq, body, hash FROM audit ORDER BY seq DESC LIMIT 1",
            [],
            AuditRow::read,
        )
        .optional()?;
    let (mut seq, mut before) = newest.map_or((0, BEGINNING.to_vec()), |row| (row.seq, row.hash));
    let mut insert = change.prepare("INSERT INTO audit VALUES (?1, ?2, ?3)")?;
    for deed in deeds {
        seq += 1;
        let body = json(deed);
        let hash = link(&before, seq, &body);
        insert.execute((seq, body, &hash))?;
        before = hash;
    }
    Ok(())
}

/// Follows the chain from its beginning.
pub(super) fn verify(db: &Connection) -> Result<Chain, Fault> {
    let mut query = db.prepare("SELECT seq, body, hash FROM audit ORDER BY seq")?;
    let (mut lines, mut before) = (0_u64, BEGINNING.to_vec());
    for row in query.query_map([], AuditRow::read)? {
        let row = row?;
        if u64::try_from(row.seq) != Ok(lines + 1) {
            return Ok(Chain::Broken { seq: row.seq, why: Break::Missing });
        }
        if row.hash != link(&before, row.seq, &row.body) {
            return Ok(Chain::Broken { seq: row.seq, why: Break::Changed });
        }
        (lines, before) = (lines + 1, row.hash);
    }
    Ok(Chain::Whole { lines, head: hexadecimal(&before) })
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn link(before: &[u8], seq: i64, body: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(before)
        .chain_update(seq.to_le_bytes())
        .chain_update(body.as_bytes())
        .finalize()
        .to_vec()
}
