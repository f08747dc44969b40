//! Three consoles are started at once on the same folder.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{NOWHERE, Row};
use crate::{
    book::Book,
    child::IN_USE,
    claims::Claims,
    process::{Console, Start},
    template,
};

const AT_ONCE: usize = 3;
/// Whoever does not get the folder says so within this.
const LEAVING: Duration = Duration::from_secs(2);

pub fn run(row: &mut Row<'_>) -> Result<()> {
    let template = row.scratch.join("template");
    template::write(&template, 2)?;
    for round in 0..row.rounds {
        let folder = row.scratch.join(format!("journal-{round}"));
        let old = round % 2 == 1;
        if old {
            template::copy(&template, &folder)?;
        }
        once(row, &folder, if old { 2 } else { 0 })
            .with_context(|| format!("in round {}", round + 1))?;
        row.tally.rounds += 1;
    }
    Ok(())
}

fn once(row: &mut Row<'_>, folder: &Path, listed: usize) -> Result<()> {
    let start = Start { folder, gateway: NOWHERE, seed: 0, users_from: None, waits: true };
    let mut consoles = Vec::new();
    for _ in 0..AT_ONCE {
        consoles.push(Console::start(&start)?);
    }
    for console in &mut consoles {
        console.go()?;
    }
    let begun = Instant::now();
    let mut winner = None;
    let mut left = 0;
    // Whoever has the folder tells its list; whoever has not ends without one.
    for mut console in consoles {
        match console.first_word()? {
            Some(_) if winner.is_none() => winner = Some(console),
            Some(fact) => anyhow::bail!("two have the folder, and one tells {fact:?}"),
            None => {
                let status = console.wait()?;
                ensure!(status.code() == Some(IN_USE.into()), "it left with {status}");
                ensure!(begun.elapsed() < LEAVING, "leaving took {:?}", begun.elapsed());
                console.kill()?;
                left += 1;
            }
        }
    }
    ensure!(left == AT_ONCE - 1, "{left} have left");
    let mut winner = winner.context("nobody has the folder")?;
    let keys = row.list(&mut winner)?;
    ensure!(keys.len() == listed, "{} are on the list", keys.len());
    Claims::of(&winner.kill()?.facts)?;
    let (console, keys) = row.start_quietly(folder)?;
    ensure!(keys.len() == listed, "{} are on the list after it", keys.len());
    Claims::of(&console.close()?.facts)?;
    let book = Book::read(folder)?;
    ensure!(book.kept.len() == listed, "there are {} in the journal", book.kept.len());
    Ok(())
}
