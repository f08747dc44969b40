//! Reads what can be read of a damaged journal, row by row.

use rusqlite::{Connection, Row, Statement, Transaction, params};

use super::{
    Kept,
    audit::{self, AuditRow},
    backups,
    fault::Fault,
    row::{self, EntryRow, SELECT_ENTRIES, SELECT_KEPT},
};

/// Whether a table could be read to its end, with nothing in it that was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Whole(bool);

/// What came of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// Every enrollment it had.
    pub all_enrollments: bool,
    /// Everything.
    pub all: bool,
}

/// Copies all that `source` has and `draft` lacks. Of two versions the one that is there stays.
pub(super) fn copy(source: &Connection, draft: &Transaction<'_>) -> Result<Read, Fault> {
    let mut keeper = Keeper::of(draft)?;
    // First of all those who must not come back from a backup.
    scan(source, "SELECT enrollment FROM forgotten", |row| keeper.forgotten(row))?;
    let mut enrollments =
        both_ways(source, SELECT_KEPT, "key", |row| keeper.enrollment(row::kept(row)))?;
    let mut entries = both_ways(source, SELECT_ENTRIES, "enrollment, seq", |row| {
        keeper.entry(EntryRow::read(row))
    })?;
    let audit = both_ways(source, audit::SELECT, "seq", |row| keeper.audit(AuditRow::read(row)))?;
    // A tree that is damaged may lack rows without any error.
    let stands = backups::check_trees(source).is_ok();
    // Between two damaged places there may be whole ones. Who is there, the other table tells.
    if !(stands && enrollments.0) {
        for key in numbers(draft, "SELECT DISTINCT enrollment FROM entry")? {
            let one = format!("{SELECT_KEPT} WHERE key = {key}");
            scan(source, &one, |row| keeper.enrollment(row::kept(row)))?;
        }
        enrollments = Whole(false);
    }
    if !(stands && entries.0) {
        for key in numbers(draft, "SELECT key FROM enrollment")? {
            let one = format!("{SELECT_ENTRIES} WHERE enrollment = {key}");
            both_ways(source, &one, "seq", |row| keeper.entry(EntryRow::read(row)))?;
        }
        entries = Whole(false);
    }
    Ok(Read {
        all_enrollments: enrollments.0,
        all: stands && enrollments.0 && entries.0 && audit.0,
    })
}

/// Fills gaps from a backup. What is only in the backup may have been deleted since, so where the
/// list itself was whole, nobody is added to it. Says whether there was a gap to fill.
pub(super) fn fill(
    backup: &Connection,
    draft: &Transaction<'_>,
    list_is_whole: bool,
) -> Result<bool, Fault> {
    let before = rows(draft)?;
    let mut keeper = Keeper::of(draft)?;
    if !list_is_whole {
        let forgotten = numbers(draft, "SELECT enrollment FROM forgotten")?;
        scan(backup, SELECT_KEPT, |row| match row::kept(row) {
            Ok(Some(kept)) if forgotten.contains(&kept.key.0) => Ok(true),
            kept => keeper.enrollment(kept),
        })?;
    }
    let known: std::collections::HashSet<u64> =
        numbers(draft, "SELECT key FROM enrollment")?.into_iter().collect();
    scan(backup, SELECT_ENTRIES, |row| match EntryRow::read(row) {
        Ok(entry) if known.contains(&entry.enrollment) => keeper.entry(Ok(entry)),
        Ok(_) => Ok(true),
        Err(error) => keeper.entry(Err(error)),
    })?;
    scan(backup, audit::SELECT, |row| keeper.audit(AuditRow::read(row)))?;
    Ok(rows(draft)? > before)
}

/// How many enrollments are known to be missing, and how many lines of those that are there.
pub(super) fn missing(draft: &Connection) -> Result<(u32, u32), Fault> {
    let enrollments = draft.query_row(
        "SELECT count(DISTINCT enrollment) FROM entry
         WHERE enrollment NOT IN (SELECT key FROM enrollment)",
        [],
        |row| row.get(0),
    )?;
    let lines: i64 = draft.query_row(
        "SELECT coalesce(sum(max(0, (body ->> '$.seq') -
            (SELECT count(*) FROM entry WHERE enrollment = key))), 0) FROM enrollment",
        [],
        |row| row.get(0),
    )?;
    Ok((enrollments, u32::try_from(lines).unwrap_or(u32::MAX)))
}

pub(super) fn count(draft: &Connection) -> Result<u32, Fault> {
    Ok(draft
        .query_row("SELECT count(*) FROM enrollment WHERE removed = 0", [], |row| row.get(0))?)
}

/// Reads from the beginning to the first place that cannot be read, and then from the end.
fn both_ways(
    source: &Connection,
    select: &str,
    order: &str,
    mut keep: impl FnMut(&Row<'_>) -> Result<bool, Fault>,
) -> Result<Whole, Fault> {
    let forward = scan(source, &format!("{select} ORDER BY {order}"), &mut keep)?;
    if !forward.reached_end {
        let backward = order.split(", ").map(|column| format!("{column} DESC"));
        let backward = backward.collect::<Vec<_>>().join(", ");
        scan(source, &format!("{select} ORDER BY {backward}"), &mut keep)?;
    }
    Ok(Whole(forward.reached_end && forward.all_good))
}

struct Scan {
    reached_end: bool,
    all_good: bool,
}

/// Hands each row to `keep`, which says whether it was good. Its errors are those of the draft.
fn scan(
    source: &Connection,
    select: &str,
    mut keep: impl FnMut(&Row<'_>) -> Result<bool, Fault>,
) -> Result<Scan, Fault> {
    let broken = Scan { reached_end: false, all_good: false };
    let Ok(mut query) = source.prepare(select) else { return Ok(broken) };
    let Ok(mut rows) = query.query([]) else { return Ok(broken) };
    let mut all_good = true;
    loop {
        match rows.next() {
            Ok(Some(row)) => all_good &= keep(row)?,
            Ok(None) => return Ok(Scan { reached_end: true, all_good }),
            Err(_) => return Ok(broken),
        }
    }
}

/// What takes the rows of a source into the draft, which says of each whether it was good.
struct Keeper<'draft> {
    forgotten: Statement<'draft>,
    enrollment: Statement<'draft>,
    entry: Statement<'draft>,
    audit: Statement<'draft>,
}

impl<'draft> Keeper<'draft> {
    fn of(draft: &'draft Transaction<'_>) -> Result<Self, Fault> {
        Ok(Self {
            forgotten: draft.prepare("INSERT OR IGNORE INTO forgotten VALUES (?1)")?,
            enrollment: draft.prepare(
                "INSERT INTO enrollment VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?,
            entry: draft.prepare(row::INSERT_ENTRY)?,
            audit: draft.prepare("INSERT INTO audit VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?,
        })
    }

    fn forgotten(&mut self, row: &Row<'_>) -> Result<bool, Fault> {
        let Ok(key) = row.get::<_, u64>(0) else { return Ok(false) };
        self.forgotten.execute([key])?;
        Ok(true)
    }

    fn enrollment(&mut self, kept: rusqlite::Result<Option<Kept>>) -> Result<bool, Fault> {
        let Ok(Some(kept)) = kept else { return Ok(false) };
        row::write_kept(&mut self.enrollment, &kept)?;
        Ok(true)
    }

    fn entry(&mut self, entry: rusqlite::Result<EntryRow>) -> Result<bool, Fault> {
        let Some(entry) = entry.ok().filter(EntryRow::is_whole) else { return Ok(false) };
        entry.write(&mut self.entry)?;
        Ok(true)
    }

    /// As it is, hash and all: a chain that is broken stays broken where it is.
    fn audit(&mut self, line: rusqlite::Result<AuditRow>) -> Result<bool, Fault> {
        let Ok(line) = line else { return Ok(false) };
        self.audit.execute(params![line.seq, line.body, line.hash])?;
        Ok(true)
    }
}

fn rows(draft: &Connection) -> Result<i64, Fault> {
    let all = "SELECT (SELECT count(*) FROM enrollment) + (SELECT count(*) FROM entry) +
        (SELECT count(*) FROM audit)";
    Ok(draft.query_row(all, [], |row| row.get(0))?)
}

fn numbers(draft: &Connection, select: &str) -> Result<Vec<u64>, Fault> {
    let mut query = draft.prepare(select)?;
    let numbers = query.query_map([], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}
