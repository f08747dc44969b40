//! What a console claimed, against what is on the disk.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use enrollment_core::enrollment::{Entry, Event, Interruption, Key, Miss, Outcome};

use crate::{
    agree,
    book::Book,
    claims::Claims,
    facts::Told,
    oracle::Oracle,
    process::Ended,
    rounds::{Tally, copies},
};

/// Reads the journal that a console left behind, and holds it against what it told, and against
/// what was there before. What is there now.
pub fn compare(
    before: &Book,
    ended: &Ended,
    folder: &Path,
    oracle: &Oracle,
    tally: &mut Tally,
) -> Result<Book> {
    let claims = Claims::of(&ended.facts)?;
    let mut book = Book::read(folder)?;
    book.ended = Some(ended.at);
    book.forgetting = before.forgetting.union(&claims.forgetting).copied().collect();
    came_back(before, &book, &claims).context("as it came back")?;
    nothing_is_lost(before, &book)?;
    lines_are_there(&book, &claims, tally)?;
    rows_are_there(before, &book, &claims, tally)?;
    forgotten_are_gone(before, &mut book, &claims, tally)?;
    agree::with_itself(&book)?;
    agree::with_gateway(&book, oracle)?;
    agree::with_audit(&book)?;
    for copy in copies(folder, "day-")?.0 {
        Book::read_file(&copy).with_context(|| copy.display().to_string())?;
    }
    Ok(book)
}

/// The list is the one that was kept, and what was watched is interrupted.
fn came_back(before: &Book, book: &Book, claims: &Claims) -> Result<()> {
    let Some(listed) = &claims.listed else { return Ok(()) };
    let missing: Vec<_> = before.listed().difference(listed).copied().collect();
    ensure!(missing.is_empty(), "{missing:?} did not come back");
    let off = listed.iter().find(|key| before.kept.get(key).is_some_and(|it| it.removed.is_some()));
    ensure!(off.is_none(), "{off:?} was off the list, and is on it again");
    for key in before.listed() {
        let kept = &before.kept[&key];
        if kept.step.watched().is_none() {
            continue;
        }
        // Told or kept: a list that is there before anybody listens tells no lines.
        let told = claims.lines.get(&(key, kept.seq + 1));
        let told = told.map(|(_, json)| serde_json::from_str::<Entry>(json)).transpose()?;
        let kept_after = book.lines.get(&key).and_then(|lines| lines.get(kept.seq as usize));
        let Some(line) = told.as_ref().or(kept_after) else { continue };
        let closed = Outcome::Missed(Miss::Interrupted { why: Interruption::Closed });
        let interrupted = matches!(&line.event, Event::Ended { result, .. } if **result == closed);
        ensure!(interrupted, "{key:?} was watched, and then {line:?}");
        let late = before.ended.is_some_and(|ended| line.at > ended);
        ensure!(
            !late && line.at >= kept.since,
            "{key:?} was interrupted when nothing ran: {line:?}"
        );
    }
    Ok(())
}

/// Whatever was on the disk stays there as it was, unless somebody was forgotten.
fn nothing_is_lost(before: &Book, book: &Book) -> Result<()> {
    for (key, lines) in &before.lines {
        let Some(now) = book.lines.get(key) else {
            ensure!(book.forgetting.contains(key), "{key:?} is gone");
            continue;
        };
        ensure!(now.starts_with(lines), "the lines of {key:?} are not those of before");
        let (was, is) = (&before.kept[key], &book.kept[key]);
        ensure!(is.state >= was.state && is.user == was.user, "{was:?} became {is:?}");
    }
    ensure!(book.deeds.starts_with(&before.deeds), "the audit is not that of before");
    Ok(())
}

fn lines_are_there(book: &Book, claims: &Claims, tally: &mut Tally) -> Result<()> {
    for ((key, seq), (feed, json)) in &claims.lines {
        let kept = book.lines.get(key).and_then(|lines| lines.get(*seq as usize - 1));
        let saved = claims.is_saved(*key, *seq, *feed);
        match kept {
            Some(kept) => {
                let kept = serde_json::to_string(kept)?;
                ensure!(kept == *json, "{key:?} has {kept}, and told was {json}");
            }
            None if book.forgetting.contains(key) && !book.kept.contains_key(key) => {}
            None if saved => bail!("{key:?} was told to be saved, and lost is {json}"),
            None => {}
        }
        tally.lines += u64::from(saved);
    }
    Ok(())
}

fn rows_are_there(before: &Book, book: &Book, claims: &Claims, tally: &mut Tally) -> Result<()> {
    for (key, row) in &claims.rows {
        let told = &row.told;
        let Some(kept) = book.kept.get(key) else {
            ensure!(book.forgetting.contains(key), "told to be saved, and lost is {told:?}");
            continue;
        };
        tally.rows += 1;
        let seq = row.seq.or_else(|| before.kept.get(key).map(|kept| kept.seq)).unwrap_or(0);
        let shown = Told::of_kept(kept);
        ensure!(
            kept.seq >= seq && kept.state >= told.state,
            "told to be saved was {told:?} at line {seq}, and there is {shown:?}"
        );
        // That somebody confirmed the user is the one change that no line tells of.
        let newest = Told { confirmed: told.confirmed || shown.confirmed, ..told.clone() };
        ensure!(
            kept.seq > seq || shown == newest,
            "at line {seq} told to be saved was {told:?}, and there is {shown:?}"
        );
    }
    Ok(())
}

fn forgotten_are_gone(
    before: &Book,
    book: &mut Book,
    claims: &Claims,
    tally: &mut Tally,
) -> Result<()> {
    let stays = |key: &&Key| claims.is_forgotten(**key) && book.kept.contains_key(key);
    let stayed = claims.forgetting.iter().find(stays);
    ensure!(stayed.is_none(), "{stayed:?} was forgotten, and is there");
    book.gone.clone_from(&before.gone);
    for (key, kept) in &before.kept {
        if !book.kept.contains_key(key) {
            book.gone.insert((*key, kept.user.id.get()));
            tally.forgotten += 1;
        }
    }
    let back = book.kept.values().find(|kept| book.gone.contains(&(kept.key, kept.user.id.get())));
    ensure!(back.is_none(), "once forgotten, and there again is {back:?}");
    Ok(())
}
