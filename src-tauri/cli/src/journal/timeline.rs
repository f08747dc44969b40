//! The timelines as an export: one line an event.

use std::collections::HashMap;

use enrollment_core::{
    enrollment::{Entry, Key, User},
    journal::Kept,
};

use super::{
    cell::Cell,
    columns::{Column, column, personal},
    facts::Facts,
    ids::Ids,
};
use crate::json::time;

pub const COLUMNS: &[Column] = &[
    column("enrollment", "the number of the enrollment within this journal"),
    column("environment", "its environment"),
    column("id", "the user's id"),
    column("type", "individual or merchant"),
    column("seq", "the number of the line, from 1 for each enrollment"),
    column("time", "when it happened"),
    column("by", "the account of whoever did it, where somebody did"),
    column("name", "that person's own name, where one was given"),
    column("event", "added, stated, started, status, problem, paused, resumed, link, ..."),
    column("phase", "pre-sign or post-sign"),
    column("says", "added, stated: how far the customer is"),
    column("how", "stated: button, adding or command-line"),
    column("status", "the gateway's status, as it came"),
    column("message", "the gateway's message, as it came"),
    column("backwards", "status: whether an earlier one came back"),
    column("problem", "problem, ended: what kept an answer from being a status"),
    column("http", "the HTTP status of a problem"),
    column("trace_id", "what the gateway calls it"),
    column("detail", "the gateway's own words on it"),
    column("retry_ms", "problem: milliseconds until the next try"),
    column("host", "the host of a signing link"),
    column("generation", "link: its number"),
    column("outcome", "ended: ready-to-sign, signed, timed-out, failed, rejected, ..."),
    column("reason", "why it ended, paused, was refused or not opened, in one word"),
    column("polls", "ended: how many polls it took"),
    personal("label", "the enrollment's label"),
    personal("note", "noted: what was written down"),
];

/// Whose timeline it is.
#[derive(Debug)]
pub struct Owner {
    environment: String,
    user: User,
    label: String,
}

/// Everybody who may have a timeline.
pub fn owners(kept: Vec<Kept>) -> HashMap<Key, Owner> {
    let owners = kept.into_iter().map(|Kept { key, environment, user, label, .. }| {
        (key, Owner { environment, user, label })
    });
    owners.collect()
}

/// One line. A timeline may have outlived its enrollment in a journal that was damaged.
pub fn cells(key: Key, owner: Option<&Owner>, entry: &Entry, ids: Ids) -> Vec<Cell> {
    let facts = Facts::of_event(&entry.event);
    let id = owner.map(|owner| owner.user.id);
    let by = entry.by.as_deref();
    let mut cells = vec![
        key.0.into(),
        Cell::some(owner.map(|owner| owner.environment.as_str())),
        id.map_or(Cell::Empty, |id| ids.cell(id)),
        Cell::some(owner.map(|owner| owner.user.user_type.word())),
        entry.seq.into(),
        Cell::Text(time(entry.at)),
        Cell::some(by.map(|by| &*by.account)),
        Cell::some(by.and_then(|by| by.name.as_deref())),
        facts.event,
        facts.phase,
        facts.says,
        facts.how,
        facts.status,
        ids.in_words(id, facts.message),
        facts.backwards,
        facts.problem,
        facts.http,
        facts.trace_id,
        ids.in_words(id, facts.detail),
        facts.retry_ms,
        facts.host,
        facts.generation,
        facts.outcome,
        facts.reason,
        facts.polls,
    ];
    if ids == Ids::Plain {
        cells.push(Cell::some(owner.map(|owner| owner.label.as_str())));
        cells.push(facts.note);
    }
    cells
}
