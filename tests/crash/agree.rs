//! What is on the disk, against itself, the gateway's own log, and the audit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use enrollment_core::{
    enrollment::{Entry, Event, Miss, Outcome, User},
    journal::{Deed, Did, Kept, KeptStep},
};

use crate::{
    book::Book,
    child::ENVIRONMENT,
    oracle::{self, Oracle, Served},
};

/// The one problem whose words nobody reads.
const BUSY: u16 = 429;

/// Every row is where its own lines lead to.
pub fn with_itself(book: &Book) -> Result<()> {
    for (key, kept) in &book.kept {
        let lines = &book.lines[key];
        let torn = || format!("the lines of {key:?} do not lead to {kept:?}");
        ensure!(leads_to(lines, kept), torn());
        let last = |event: Event| lines.iter().rposition(|line| line.event == event);
        let removed = last(Event::Removed) > last(Event::Restored);
        ensure!(removed == kept.removed.is_some(), torn());
        let wiped = matches!(&kept.step, KeptStep::Ended { miss: Miss::WrongId, .. });
        let noted = lines.iter().rev().find_map(|line| {
            if let Event::Noted { note } = &line.event { Some(note.clone()) } else { None }
        });
        ensure!(wiped || noted.unwrap_or_default() == kept.note, torn());
        let heard = lines.iter().rev().find_map(|line| {
            let Event::Status { status, message, .. } = &line.event else { return None };
            Some((status.as_deref(), message.as_deref()))
        });
        let shown = kept.heard.as_ref().map(|it| (it.status.as_deref(), it.message.as_deref()));
        ensure!(wiped || heard == shown, torn());
    }
    Ok(())
}

/// Whether the step is that of the line which moved it last.
fn leads_to(lines: &[Entry], kept: &Kept) -> bool {
    for line in lines.iter().rev() {
        if let Event::Started { phase } = line.event {
            return kept.step.watched() == Some(phase);
        }
        if line.event == Event::HandedOn {
            return kept.step == KeptStep::HandedOn;
        }
        if let Event::Ended { result, phase, .. } = &line.event {
            return kept.step
                == match &**result {
                    Outcome::Signed => KeptStep::Signed,
                    Outcome::ReadyToSign { .. } => KeptStep::Ready,
                    Outcome::Missed(miss) => KeptStep::Ended { phase: *phase, miss: miss.clone() },
                };
        }
        // These move some steps and leave others as they are.
        if matches!(line.event, Event::Opened { .. } | Event::Shown { .. } | Event::Link { .. }) {
            return true;
        }
    }
    kept.step == KeptStep::Expected
}

/// Whatever the gateway is said to have said, it said to this user: once, and in this order.
pub fn with_gateway(book: &Book, oracle: &Oracle) -> Result<()> {
    for (key, kept) in &book.kept {
        let user = (kept.user.id.get(), kept.user.user_type.code());
        let served = oracle.served(user);
        let (mut last, mut busy) = (BTreeMap::new(), 0);
        for line in &book.lines[key] {
            let strange = || format!("{key:?} of {}: the gateway never led to {line:?}", kept.user);
            let Some((kind, said)) = said(&line.event) else {
                ensure!(is_due_to(&line.event, &served), strange());
                continue;
            };
            // A connection that breaks says nothing.
            let Some((http, status, message)) = said else { continue };
            if http == BUSY {
                busy += 1;
                ensure!(busy <= served.iter().filter(|it| it.http == BUSY).count(), strange());
                continue;
            }
            let (of, number) = message.and_then(oracle::number_in).with_context(strange)?;
            let answer = number.checked_sub(1).and_then(|nth| served.get(nth));
            let said = answer.is_some_and(|it| (it.http, it.status) == (http, status));
            ensure!(of == user && said, strange());
            let before = last.insert(kind, number).unwrap_or(0);
            ensure!(before < number, "after answer {before}: {}", strange());
        }
    }
    Ok(())
}

/// Which kind of line repeats an answer, and what of it: its HTTP status, its own, its message.
type Said<'a> = Option<(u16, Option<&'a str>, Option<&'a str>)>;

fn said(event: &Event) -> Option<(u8, Said<'_>)> {
    if let Event::Status { status, message, .. } = event {
        return Some((0, Some((200, status.as_deref(), message.as_deref()))));
    }
    if let Event::Checked { status, message } = event {
        return Some((1, Some((200, status.as_deref(), message.as_deref()))));
    }
    if let Event::Problem { problem, .. } = event {
        return Some((2, problem.http.map(|http| (http, None, problem.detail.as_deref()))));
    }
    None
}

/// Whether an answer that was served explains this.
fn is_due_to(event: &Event, served: &[Served]) -> bool {
    let links = || served.iter().any(|it| it.links);
    if matches!(event, Event::Link { .. }) {
        return links();
    }
    let Event::Ended { result, .. } = event else { return true };
    if let Outcome::Missed(Miss::Failed { status }) = &**result {
        return served.iter().any(|it| it.status == Some(status.as_str()));
    }
    match &**result {
        Outcome::Signed => served.iter().any(|it| it.status == Some("DOCUMENT_SIGN_SUCCESS")),
        Outcome::ReadyToSign { .. } => links(),
        Outcome::Missed(miss) => {
            !matches!(miss, Miss::Rejected { .. }) || served.iter().any(|it| it.http == 404)
        }
    }
}

/// Every deed is in the audit exactly once, with the line that tells of it.
pub fn with_audit(book: &Book) -> Result<()> {
    let mut told: BTreeMap<User, Vec<String>> = BTreeMap::new();
    for (key, kept) in &book.kept {
        for line in &book.lines[key] {
            if let (Some(did), Some(by)) = (Did::of(&line.event), &line.by) {
                let (environment, user) = (Some(ENVIRONMENT.to_owned()), Some(kept.user));
                let deed = Deed { at: line.at, by: by.clone(), did, environment, user };
                told.entry(kept.user).or_default().push(serde_json::to_string(&deed)?);
            }
        }
    }
    let here: BTreeSet<User> = book.kept.values().map(|kept| kept.user).collect();
    let mut audit: BTreeMap<User, Vec<String>> = BTreeMap::new();
    for deed in &book.deeds {
        if let Some(user) = deed.user.filter(|user| here.contains(user)) {
            audit.entry(user).or_default().push(serde_json::to_string(deed)?);
        }
    }
    for user in here {
        let (told, audit) = (told.remove(&user), audit.remove(&user));
        ensure!(told == audit, "of {user} the lines tell {told:#?}, and the audit {audit:#?}");
    }
    Ok(())
}
