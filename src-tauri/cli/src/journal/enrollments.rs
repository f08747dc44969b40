//! The enrollments as an export: one line each, as it stands.

use enrollment_core::{
    enrollment::{Says, Statement},
    journal::{Kept, KeptStep},
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
    column("place", "desk or remote: where the customer is"),
    column("step", "expected, pre-sign, ready, signing, post-sign, signed, handed-on or ended"),
    column("since", "when that step began"),
    column("phase", "ended: the phase it ended in"),
    column("outcome", "ended: timed-out, failed, rejected, blocked-url, ..."),
    column("reason", "ended: why, in one word"),
    column("problem", "ended: what kept an answer from being a status"),
    column("http", "the HTTP status of a problem"),
    column("trace_id", "what the gateway calls it"),
    column("host", "ended: the host of a link that was refused"),
    column("status", "the gateway's last status, as it came"),
    column("message", "the gateway's last message, as it came"),
    column("identification_stated", "when it was stated that identification is finished"),
    column("identification_by", "the account of whoever stated it"),
    column("signing_stated", "when it was stated that signing is finished"),
    column("signing_by", "the account of whoever stated it"),
    column("links", "how many signing links were received"),
    column("confirmed", "whether id and type were confirmed against the CRM"),
    column("not_before", "the gateway asked to wait until then"),
    column("removed", "when it was taken off the list, where it was"),
    column("lines", "how many lines its timeline has"),
    personal("label", "its label"),
    personal("note", "what was written down for it"),
];

pub fn cells(kept: &Kept, ids: Ids) -> Vec<Cell> {
    let (step, end) = step(&kept.step);
    let heard = kept.heard.as_ref();
    let id = kept.user.id;
    let (identified, identified_by) = stated(kept, Says::IdentificationFinished);
    let (signed, signed_by) = stated(kept, Says::SigningFinished);
    let moment = |at: Option<_>| at.map_or(Cell::Empty, |at| Cell::Text(time(at)));
    let message = Cell::some(heard.and_then(|heard| heard.message.as_deref()));
    let mut cells = vec![
        kept.key.0.into(),
        kept.environment.as_str().into(),
        ids.cell(id),
        kept.user.user_type.word().into(),
        Cell::word(&kept.place),
        step.into(),
        Cell::Text(time(kept.since)),
        end.phase,
        end.outcome,
        end.reason,
        end.problem,
        end.http,
        end.trace_id,
        end.host,
        Cell::some(heard.and_then(|heard| heard.status.as_deref())),
        ids.in_words(Some(id), message),
        identified,
        identified_by,
        signed,
        signed_by,
        kept.generations.into(),
        Cell::Flag(kept.confirmed),
        moment(kept.not_before),
        moment(kept.removed),
        kept.seq.into(),
    ];
    cells.extend(ids.personal(&kept.label));
    cells.extend(ids.personal(&kept.note));
    cells
}

fn step(step: &KeptStep) -> (&'static str, Facts) {
    let facts = if let KeptStep::Ended { phase, miss } = step {
        Facts { phase: phase.word().into(), ..Facts::of_miss(miss) }
    } else {
        Facts::default()
    };
    (step.word(), facts)
}

/// When it was stated last, and by whom.
fn stated(kept: &Kept, says: Says) -> (Cell, Cell) {
    match kept.statements.iter().rev().find(|statement| statement.says == says) {
        Some(Statement { at, by, .. }) => (Cell::Text(time(*at)), (&*by.account).into()),
        None => (Cell::Empty, Cell::Empty),
    }
}
