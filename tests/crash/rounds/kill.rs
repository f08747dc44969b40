//! Killed while people and the gateway are busy, again and again in one folder.

use std::{path::Path, thread::sleep, time::Duration};

use anyhow::{Context as _, Result, ensure};

use super::{Row, backed_up, copies};
use crate::{
    book::Book,
    compare::compare,
    oracle::Oracle,
    process::{Console, Start},
};

const LONGEST: u64 = 700_000;
/// In one round of so many the list is not waited for.
const HASTE: u32 = 8;
const LONGEST_HASTE: u64 = 250_000;
/// More than anybody can add in a round.
const USERS_A_ROUND: u32 = 10_000;

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let folder = row.scratch.join("journal");
    let oracle = Oracle::start(row.seed)?;
    let mut book = Book::default();
    for round in 0..row.rounds {
        let named = || format!("in round {}", round + 1);
        let seed = row.dice.u64(..);
        let gateway = oracle.address();
        let users_from = Some(1 + round * USERS_A_ROUND);
        let start = Start { folder: &folder, gateway: &gateway, seed, users_from, waits: false };
        let mut console = Console::start(&start)?;
        // The first start of all has rounds of its own.
        if round > 0 && row.dice.u32(..HASTE) == 0 {
            sleep(Duration::from_micros(row.dice.u64(..LONGEST_HASTE)));
        } else {
            row.list(&mut console).with_context(named)?;
            sleep(Duration::from_micros(row.dice.u64(..LONGEST)));
        }
        let ended = console.kill().with_context(named)?;
        book = compare(&book, &ended, &folder, &oracle, row.tally).with_context(named)?;
        row.tally.rounds += 1;
    }
    row.tally.answers += oracle.answers();
    rest(row, &folder, &book, &oracle).context("after the last round")
}

/// A console that nobody kills closes well, and its backups have forgotten whom it forgot.
fn rest(row: &mut Row<'_>, folder: &Path, book: &Book, oracle: &Oracle) -> Result<()> {
    let (console, _) = row.start_quietly(folder)?;
    backed_up(folder)?;
    let book = compare(book, &console.close()?, folder, oracle, row.tally)?;
    let (console, _) = row.start_quietly(folder)?;
    let book = compare(&book, &console.close()?, folder, oracle, row.tally)?;
    for copy in copies(folder, "day-")?.0 {
        let copy = Book::read_file(&copy)?;
        let remembers = |(key, user): &&(_, u32)| {
            copy.kept.get(key).is_some_and(|kept| kept.user.id.get() == *user)
        };
        let remembered = book.gone.iter().find(remembers);
        ensure!(remembered.is_none(), "a backup remembers {remembered:?}");
    }
    Ok(())
}
