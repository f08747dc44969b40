//! What a run of many seeds really exercised.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};

/// Everything that a full run must have seen at least once.
pub const REQUIRED: [&str; 108] = [
    "answer: status, nothing new",
    "answer: unknown status",
    "answer: near miss of a word",
    "answer: null status",
    "answer: target with a link",
    "answer: target without a link",
    "answer: target with a blank link",
    "answer: target with a refused link",
    "answer: document signed",
    "answer: failure status",
    "answer: 3xx",
    "answer: 400",
    "answer: 401, newest token",
    "answer: 401, older token",
    "answer: 403",
    "answer: 404",
    "answer: other 4xx",
    "answer: busy (408, 429)",
    "answer: 5xx",
    "answer: other 2xx",
    "answer: truncated",
    "answer: wrong type",
    "answer: oversized",
    "answer: not JSON",
    "answer: Retry-After of 0",
    "answer: Retry-After, small",
    "answer: Retry-After beyond any cap",
    "answer: Retry-After of years",
    "answer: silence, name",
    "answer: silence, connect",
    "answer: silence, TLS",
    "answer: silence, reset",
    "answer: silence, timeout",
    "answer: outlasts the gap",
    "answer: dropped, its request was cancelled",
    "answer: overtook an earlier one",
    "poll: of a watch",
    "poll: single",
    "poll: planned",
    "poll: probe of a token",
    "poll: probe of the network",
    "poll: probe given up",
    "poll: last, at the cap",
    "gate: paused for a token",
    "gate: token refused with 403 to a probe",
    "gate: resumed by a probe",
    "gate: offline",
    "gate: offline ended",
    "gate: behind",
    "gate: budget used up",
    "clock: sleep",
    "clock: sleep beyond a cap",
    "clock: set forward",
    "clock: set backward",
    "clock: driver starved",
    "network: outage",
    "network: outage of more than 30 minutes",
    "keyring: a token",
    "keyring: missing",
    "keyring: locked",
    "keyring: busy",
    "keyring: denied",
    "keyring: none here",
    "keyring: too late, a token was entered",
    "token: good one entered",
    "token: bad one entered",
    "token: one of the wrong scope entered",
    "token: replaced while polls are out",
    "token: forgotten",
    "outcome: ready-to-sign",
    "outcome: signed",
    "outcome: signed, seen in pre-sign",
    "outcome: timed-out, cap",
    "outcome: timed-out, Retry-After",
    "outcome: timed-out, offline",
    "outcome: failed",
    "outcome: rejected",
    "outcome: blocked-url",
    "outcome: unauthorized",
    "outcome: stopped",
    "outcome: gave up",
    "outcome: wrong id",
    "outcome: interrupted",
    "outcome: superseded by a statement",
    "people: added",
    "people: added again",
    "people: stopped everything",
    "people: command for a state that has passed",
    "people: removed",
    "people: restored",
    "people: watched again",
    "people: checked now",
    "people: asked for a new link",
    "people: wrote a note",
    "people: planned another look",
    "people: had somebody forgotten",
    "people: ended a shift",
    "journal: told before it was saved",
    "journal: begun anew",
    "opening: began",
    "opening: opened",
    "opening: failed",
    "opening: of a fresh link, after a poll",
    "opening: it is never told what came of it",
    "opening: copying began",
    "opening: copied",
    "opening: drawing began",
    "opening: shown",
];

/// Counts by name.
#[derive(Clone, Default)]
pub struct Census(BTreeMap<&'static str, u64>);

impl Census {
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn merge(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }

    /// What had to be seen and was not.
    pub fn missing(&self) -> Vec<&'static str> {
        REQUIRED.into_iter().filter(|what| !self.0.contains_key(what)).collect()
    }

    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["what", "times"]);
        for (what, times) in &self.0 {
            table.add_row([(*what).to_owned(), times.to_string()]);
        }
        if let Some(column) = table.column_mut(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}
