//! The labels of what is over, which go at the end of a shift.
//!
//! The backups are told by number, as they are of whoever is forgotten: what they have to forget is
//! what the journal itself has not any more.

use rusqlite::{Connection, OptionalExtension as _};

use super::{Kept, KeptStep, fault::Fault, row, store};
use crate::enrollment::{Key, Miss};

/// What a backup has to forget of an enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forget {
    All,
    Label,
}

/// Wipes the label of everything that is over, and has the backups do the same.
pub(super) fn wipe(db: &Connection) -> Result<(), Fault> {
    for mut kept in row::all_finished(db)? {
        if kept.is_over() && !kept.label.is_empty() {
            kept.label.clear();
            keep(db, &kept)?;
            store::backups_are_to_forget(db, kept.key)?;
        }
    }
    Ok(())
}

/// Wipes one label; there may be no such enrollment.
pub(super) fn wipe_one(db: &Connection, key: Key) -> Result<(), Fault> {
    match one(db, key)? {
        Some(mut kept) if !kept.label.is_empty() => {
            kept.label.clear();
            keep(db, &kept)
        }
        Some(_) | None => Ok(()),
    }
}

/// What the backups have to forget of whom they are to forget something: of what is still kept here
/// its label, unless it was somebody else's.
pub(super) fn forget(db: &Connection, key: Key) -> Result<Forget, Fault> {
    let wrong = |kept: &Kept| matches!(kept.step, KeptStep::Ended { miss: Miss::WrongId, .. });
    Ok(match one(db, key)? {
        Some(kept) if kept.label.is_empty() && !wrong(&kept) => Forget::Label,
        Some(_) | None => Forget::All,
    })
}

fn one(db: &Connection, key: Key) -> Result<Option<Kept>, Fault> {
    let one = format!("{} WHERE key = ?1", row::SELECT_KEPT);
    Ok(db.query_row(&one, [key.0], row::kept).optional()?.flatten())
}

fn keep(db: &Connection, kept: &Kept) -> Result<(), Fault> {
    Ok(row::write_kept(&mut db.prepare(row::KEEP)?, kept)?)
}
