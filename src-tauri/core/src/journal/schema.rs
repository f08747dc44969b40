//! The tables of the journal, and how older ones become those of today.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// Marks a database as a journal of this product: "Enrl".
pub(super) const APPLICATION: i32 = 0x456e_726c;

/// Each step takes the tables from one version to the next. A step that was released is never
/// changed again.
const STEPS: [&str; 2] = [
    // What is kept of customers. `body` is JSON; `sum` is a CRC-32 over the row, since SQLite
    // itself does not notice a bit that the disk has turned.
    "CREATE TABLE meta (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        identity TEXT NOT NULL,
        -- The same as the file's user_version, which one turned bit would make a newer one.
        version INTEGER NOT NULL,
        seen INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE enrollment (
        key INTEGER PRIMARY KEY,
        finished INTEGER,
        removed INTEGER NOT NULL,
        body TEXT NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX finished ON enrollment (finished) WHERE finished IS NOT NULL;
    CREATE TABLE entry (
        enrollment INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        body TEXT NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (enrollment, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW phase AS
        SELECT began.enrollment, began.seq, began.body ->> '$.event.phase' AS phase,
            began.at AS started, ended.at AS ended, ended.body ->> '$.event.result.outcome' AS outcome
        FROM entry AS began LEFT JOIN entry AS ended
            ON ended.enrollment = began.enrollment AND ended.seq = (
                SELECT min(seq) FROM entry AS later
                WHERE later.enrollment = began.enrollment AND later.seq > began.seq
                    AND later.body ->> '$.event.event' = 'ended')
        WHERE began.body ->> '$.event.event' = 'started';",
    // What people did; and whom the backups have still to forget.
    "CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
        BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit
        BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
    CREATE TABLE forgotten (enrollment INTEGER PRIMARY KEY) STRICT;",
];

const FIRST_META: &str =
    "INSERT INTO meta VALUES (1, coalesce(?1, lower(hex(randomblob(16)))), 1, ?2)";

/// The version that this console writes.
pub(super) const VERSION: usize = STEPS.len();

pub(super) fn version(db: &Connection) -> Result<usize, Fault> {
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = usize::try_from(version)
        .map_err(|_| Fault::Damaged(format!("schema version {version}")))?;
    if version > 0 {
        let again: i64 = db.query_row("SELECT version FROM meta", [], |row| row.get(0))?;
        if usize::try_from(again) != Ok(version) {
            return Err(Fault::Damaged(format!("schema version {version} or {again}")));
        }
    }
    if version > VERSION { Err(Fault::Newer) } else { Ok(version) }
}

/// Brings the tables up to date, each step in a transaction of its own. A first journal gets an
/// identity of its own, unless it takes the place of one.
pub(super) fn migrate(db: &mut Connection, identity: Option<&str>, now: i64) -> Result<(), Fault> {
    for (step, statements) in STEPS.iter().enumerate().skip(version(db)?) {
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute_batch(statements)?;
        if step == 0 {
            change.pragma_update(None, "application_id", APPLICATION)?;
            change.execute(FIRST_META, (identity, now))?;
        }
        let version = i64::try_from(step + 1).unwrap_or(i64::MAX);
        change.execute("UPDATE meta SET version = ?1", [version])?;
        change.pragma_update(None, "user_version", version)?;
        change.commit()?;
    }
    Ok(())
}
