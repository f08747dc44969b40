//! What people did, each line chained to the one before it by a hash.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, types::ValueRef};
use sha2::{Digest as _, Sha256};

use super::{AuditLine, Deed, Did, fault::Fault, row::json};

type Hash = [u8; 32];

/// What the first line is chained to.
const BEGINNING: Hash = [0; 32];

/// What [`AuditRow::read`] reads.
pub(super) const SELECT: &str = "SELECT seq, body, hash FROM audit";

/// A line of the audit as it stands in its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AuditRow {
    pub seq: i64,
    pub body: String,
    pub hash: Vec<u8>,
}

impl AuditRow {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            body: String::from_utf8_lossy(bytes(row.get_ref(1)?)).into_owned(),
            hash: bytes(row.get_ref(2)?).to_vec(),
        })
    }

    pub fn line(self) -> AuditLine {
        let Self { seq, body, .. } = self;
        AuditLine { seq, deed: serde_json::from_str(&body).map_err(|_| body) }
    }
}

/// A line that is damaged is read all the same, so that it can be named. Its hash tells.
fn bytes(value: ValueRef<'_>) -> &[u8] {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[],
    }
}

/// The chain as it was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Every line follows from the one before it. `head` stands for all of them: whoever notes it
    /// down can tell later whether lines were cut off at the end.
    Whole { lines: u64, head: String },
    /// The first line that does not, and why.
    Broken { line: AuditLine, why: Break },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("its number does not follow: lines are missing before it")]
    Missing,
    #[error("it was changed, or the one before it was")]
    Changed,
}

pub(super) fn append(change: &Transaction<'_>, deeds: &[Deed]) -> Result<(), Fault> {
    if deeds.is_empty() {
        return Ok(());
    }
    let newest = change
        .query_row(&format!("{SELECT} ORDER BY seq DESC LIMIT 1"), [], AuditRow::read)
        .optional()?;
    let (mut seq, mut before) = newest.map_or((0, BEGINNING.to_vec()), |row| (row.seq, row.hash));
    let mut insert = change.prepare("INSERT INTO audit VALUES (?1, ?2, ?3)")?;
    for deed in deeds {
        if is_known(change, &deed.did)? {
            continue;
        }
        seq += 1;
        let body = json(deed);
        let hash = link(&before, seq, &body);
        insert.execute((seq, body, &hash))?;
        before = hash;
    }
    Ok(())
}

/// Whether this says of the managed policy what was said of it last: every start says it anew, and
/// only what is new to the audit stands in it.
fn is_known(change: &Transaction<'_>, did: &Did) -> Result<bool, Fault> {
    const LAST: &str = "SELECT body FROM audit WHERE instr(body, '\"did\":\"changed-policy\"') > 0
        ORDER BY seq DESC LIMIT 1";
    let Did::ChangedPolicy { sha256, .. } = did else { return Ok(false) };
    let last: Option<String> = change.query_row(LAST, [], |row| row.get(0)).optional()?;
    let last = last.and_then(|body| serde_json::from_str::<Deed>(&body).ok()).map(|deed| deed.did);
    Ok(match last {
        Some(Did::ChangedPolicy { sha256: said, .. }) => said == *sha256,
        Some(_) | None => sha256.is_none(),
    })
}

/// Follows the chain from its beginning.
pub(super) fn verify(db: &Connection) -> Result<Chain, Fault> {
    let mut query = db.prepare(&format!("{SELECT} ORDER BY seq"))?;
    let (mut lines, mut before) = (0_u64, BEGINNING.to_vec());
    for row in query.query_map([], AuditRow::read)? {
        let row = row?;
        if u64::try_from(row.seq) != Ok(lines + 1) {
            return Ok(Chain::Broken { line: row.line(), why: Break::Missing });
        }
        if row.hash != link(&before, row.seq, &row.body) {
            return Ok(Chain::Broken { line: row.line(), why: Break::Changed });
        }
        (lines, before) = (lines + 1, row.hash);
    }
    Ok(Chain::Whole { lines, head: hexadecimal(&before) })
}

/// Whether this was the head of the chain once, or still is.
pub(super) fn holds(db: &Connection, head: &str) -> Result<bool, Fault> {
    if head == hexadecimal(&BEGINNING) {
        return Ok(true);
    }
    let head = head.to_ascii_uppercase();
    Ok(db.query_row("SELECT count(*) > 0 FROM audit WHERE hex(hash) = ?1", [head], |row| {
        row.get(0)
    })?)
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rusqlite::params;

    use super::*;
    use crate::{enrollment::Operator, journal::schema};

    fn deed(second: i64) -> Deed {
        Deed {
            at: Timestamp::from_second(1_790_000_000 + second).expect("a time"),
            by: Operator::account("maria").into(),
            did: Did::HandedOn,
            environment: Some("Test".to_owned()),
            user: None,
        }
    }

    fn add(db: &mut Connection, deeds: &[Deed]) {
        let change = db.transaction().expect("it begins");
        append(&change, deeds).expect("it is appended");
        change.commit().expect("it is kept");
    }

    /// Five lines, appended in three changes, and nothing that protects them.
    fn five() -> Connection {
        let mut db = Connection::open_in_memory().expect("it opens");
        schema::migrate(&mut db, None, 0).expect("it is made");
        add(&mut db, &[deed(1), deed(2)]);
        add(&mut db, &[]);
        add(&mut db, &[deed(3)]);
        add(&mut db, &[deed(4), deed(5)]);
        db.execute_batch("DROP TRIGGER audit_stands; DROP TRIGGER audit_stays").expect("dropped");
        db
    }

    fn broken(change: &str) -> (i64, Break) {
        let db = five();
        db.execute_batch(change).expect(change);
        match verify(&db).expect("it can be read") {
            Chain::Broken { line, why } => (line.seq, why),
            Chain::Whole { .. } => panic!("nothing was noticed of {change}"),
        }
    }

    fn whole(db: &Connection) -> (u64, String) {
        match verify(db).expect("it can be read") {
            Chain::Whole { lines, head } => (lines, head),
            Chain::Broken { line, why } => panic!("{line:?}: {why}"),
        }
    }

    #[test]
    fn each_line_follows_from_the_one_before_whatever_was_appended_at_once() {
        let mut db = Connection::open_in_memory().expect("it opens");
        schema::migrate(&mut db, None, 0).expect("it is made");
        assert_eq!(whole(&db), (0, "00".repeat(32)), "an empty chain is whole");
        let deeds: Vec<Deed> = (1..=5).map(deed).collect();
        add(&mut db, &deeds);
        assert_eq!(whole(&db), whole(&five()), "the head stands for what was done alone");
        assert_eq!(whole(&db).0, 5);
    }

    #[test]
    fn a_policy_is_told_once_and_again_only_where_another_one_held_meanwhile() {
        let policy = |sha256: Option<&str>| Deed {
            by: Operator::policy().into(),
            did: Did::ChangedPolicy {
                file: sha256.map(|_| "/etc/policy.toml".to_owned()),
                sha256: sha256.map(str::to_owned),
            },
            ..deed(9)
        };
        let mut db = Connection::open_in_memory().expect("it opens");
        schema::migrate(&mut db, None, 0).expect("it is made");
        let mut lines_after = |deeds: &[Deed]| {
            add(&mut db, deeds);
            whole(&db).0
        };
        assert_eq!(lines_after(&[policy(None)]), 0, "there never was one");
        assert_eq!(lines_after(&[policy(Some("a")), deed(1)]), 2);
        assert_eq!(lines_after(&[policy(Some("a"))]), 2, "at the next start");
        assert_eq!(lines_after(&[policy(Some("b")), policy(Some("a"))]), 4);
        assert_eq!(lines_after(&[policy(None)]), 5, "taken away");
        assert_eq!(lines_after(&[policy(None)]), 5);
    }

    #[test]
    fn the_first_line_that_does_not_follow_is_named() {
        use Break::{Changed, Missing};
        for (change, seq, why) in [
            ("UPDATE audit SET body = replace(body, 'maria', 'peter') WHERE seq = 3", 3, Changed),
            ("UPDATE audit SET body = body || ' ' WHERE seq IN (2, 4)", 2, Changed),
            ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 1", 1, Changed),
            ("UPDATE audit SET hash = substr(hash, 1, 31) WHERE seq = 5", 5, Changed),
            ("DELETE FROM audit WHERE seq = 1", 2, Missing),
            ("DELETE FROM audit WHERE seq IN (3, 4)", 5, Missing),
            (
                "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                 UPDATE audit SET seq = 3 WHERE seq = 9",
                2,
                Changed,
            ),
            (
                "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2",
                2,
                Changed,
            ),
            ("INSERT INTO audit SELECT 6, body, hash FROM audit WHERE seq = 5", 6, Changed),
            ("INSERT INTO audit SELECT 0, body, hash FROM audit WHERE seq = 1", 0, Missing),
        ] {
            assert_eq!(broken(change), (seq, why), "{change}");
        }
    }

    #[test]
    fn whoever_makes_one_hash_anew_breaks_the_line_behind_it() {
        let db = five();
        let body = json(&deed(77));
        let before: Vec<u8> = db
            .query_row("SELECT hash FROM audit WHERE seq = 2", [], |row| row.get(0))
            .expect("it is there");
        let forged = params![body, link(&before, 3, &body)];
        db.execute("UPDATE audit SET body = ?1, hash = ?2 WHERE seq = 3", forged).expect("forged");
        let chain = verify(&db).expect("it can be read");
        let line = AuditLine { seq: 4, deed: Ok(deed(4)) };
        assert_eq!(chain, Chain::Broken { line, why: Break::Changed });
    }

    #[test]
    fn a_line_that_cannot_be_understood_is_shown_as_it_stands() {
        let db = five();
        db.execute_batch("UPDATE audit SET body = 'scratched' WHERE seq = 4").expect("changed");
        let line = AuditLine { seq: 4, deed: Err("scratched".to_owned()) };
        let broken = Chain::Broken { line, why: Break::Changed };
        assert_eq!(verify(&db).expect("it can be read"), broken);
    }

    #[test]
    fn a_line_that_is_no_text_any_more_is_named_like_any_other() {
        let db = five();
        db.execute_batch("UPDATE audit SET body = CAST(x'6dff' AS TEXT) WHERE seq = 2")
            .expect("it");
        let line = AuditLine { seq: 2, deed: Err("m\u{fffd}".to_owned()) };
        let broken = Chain::Broken { line, why: Break::Changed };
        assert_eq!(verify(&db).expect("it can be read"), broken);
    }

    #[test]
    fn a_cut_at_the_end_shows_by_the_head_alone() {
        let db = five();
        let (_, head) = whole(&db);
        let five_held = |head: &str| holds(&five(), head).expect("it can be read");
        assert!(five_held(&head) && five_held(&head.to_uppercase()));
        assert!(five_held(&"00".repeat(32)), "it began empty");
        db.execute_batch("DELETE FROM audit WHERE seq > 3").expect("cut");
        let (lines, shorter) = whole(&db);
        assert_eq!(lines, 3);
        assert_ne!(shorter, head);
        assert!(!holds(&db, &head).expect("it can be read"), "the noted head is gone");
        assert!(five_held(&shorter), "a longer chain holds every head that it had");
    }
}
