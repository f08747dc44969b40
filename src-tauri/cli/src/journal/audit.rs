//! The audit as an export: one line a deed.

use enrollment_core::journal::{AuditLine, Deed, Did};

use super::{
    cell::Cell,
    columns::{Column, column, personal},
    ids::Ids,
};
use crate::json::time;

pub const COLUMNS: &[Column] = &[
    column("seq", "the number of the line"),
    column("time", "when it was done"),
    column("by", "the account of whoever did it"),
    column("name", "that person's own name, where one was given"),
    column("did", "stated, opened, stopped, removed, exported, ...; null where unreadable"),
    column("environment", "the environment it was done in"),
    column("id", "the user's id"),
    column("type", "individual or merchant"),
    column("says", "stated: identification-finished or signing-finished"),
    column("host", "opened: the host of the signing page"),
    column("reason", "gave-up: fail-page or said-so"),
    column("session_only", "set-token: whether it is kept in memory alone"),
    column("what", "exported: timeline, enrollments or audit"),
    column("format", "exported: csv or json"),
    column("masked", "exported: whether ids were masked"),
    personal("unreadable", "the line as it stands, where it cannot be understood"),
];

pub fn cells(line: &AuditLine, ids: Ids) -> Vec<Cell> {
    match &line.deed {
        Ok(deed) => of_deed(line.seq, deed, ids),
        Err(text) => {
            let known = COLUMNS.iter().filter(|column| !column.personal).count();
            let mut cells = vec![Cell::Empty; known];
            cells[0] = line.seq.into();
            cells.extend(ids.personal(text));
            cells
        }
    }
}

fn of_deed(seq: i64, deed: &Deed, ids: Ids) -> Vec<Cell> {
    let facts = Facts::of(&deed.did);
    let mut cells = vec![
        seq.into(),
        Cell::Text(time(deed.at)),
        (&*deed.by.account).into(),
        Cell::some(deed.by.name.as_deref()),
        word(&deed.did).into(),
        Cell::some(deed.environment.as_deref()),
        deed.user.map_or(Cell::Empty, |user| ids.cell(user.id)),
        Cell::some(deed.user.map(|user| user.user_type.word())),
        facts.says,
        facts.host,
        facts.reason,
        facts.session_only,
        facts.what,
        facts.format,
        facts.masked,
    ];
    if ids == Ids::Plain {
        cells.push(Cell::Empty);
    }
    cells
}

/// What only some deeds carry.
#[derive(Default)]
struct Facts {
    says: Cell,
    host: Cell,
    reason: Cell,
    session_only: Cell,
    what: Cell,
    format: Cell,
    masked: Cell,
}

impl Facts {
    fn of(did: &Did) -> Self {
        let none = Self::default();
        match did {
            Did::SetToken { session_only } => {
                Self { session_only: Cell::Flag(*session_only), ..none }
            }
            Did::Stated { says } => Self { says: Cell::word(says), ..none },
            Did::Opened { host } | Did::Copied { host } | Did::ShownAsQr { host } => {
                Self { host: host.as_str().into(), ..none }
            }
            Did::HandedOver { enrollments } => {
                Self { what: enrollments.to_string().as_str().into(), ..none }
            }
            Did::TookIn { enrollments, from } => {
                Self { what: format!("{enrollments} from {from}").as_str().into(), ..none }
            }
            Did::TookOver { from } => Self { what: Cell::some(from.as_deref()), ..none },
            Did::GaveUp { reason } => Self { reason: Cell::word(reason), ..none },
            Did::Exported { what, format, masked } => Self {
                what: what.as_str().into(),
                format: format.as_str().into(),
                masked: Cell::Flag(*masked),
                ..none
            },
            Did::ChangedKeepDays { from, to } => {
                let days = format!("{} to {}", u16::from(*from), u16::from(*to));
                Self { what: days.as_str().into(), ..none }
            }
            Did::ChangedPolicy { file, sha256 } => {
                let said = [file.as_deref(), sha256.as_deref()];
                let said: Vec<&str> = said.into_iter().flatten().collect();
                Self { what: said.join(" ").as_str().into(), ..none }
            }
            Did::ForgotToken
            | Did::EndedShift
            | Did::Stopped
            | Did::WrongId
            | Did::HandedOn
            | Did::Revealed
            | Did::Removed
            | Did::Restored
            | Did::Forgot => none,
        }
    }
}

pub fn word(did: &Did) -> &'static str {
    match did {
        Did::SetToken { .. } => "set-token",
        Did::ForgotToken => "forgot-token",
        Did::Stated { .. } => "stated",
        Did::Opened { .. } => "opened",
        Did::Copied { .. } => "copied",
        Did::ShownAsQr { .. } => "shown-as-qr",
        Did::TookOver { .. } => "took-over",
        Did::EndedShift => "ended-shift",
        Did::HandedOver { .. } => "handed-over",
        Did::TookIn { .. } => "took-in",
        Did::Stopped => "stopped",
        Did::GaveUp { .. } => "gave-up",
        Did::WrongId => "wrong-id",
        Did::HandedOn => "handed-on",
        Did::Revealed => "revealed",
        Did::Removed => "removed",
        Did::Restored => "restored",
        Did::Forgot => "forgot",
        Did::ChangedKeepDays { .. } => "changed-keep-days",
        Did::ChangedPolicy { .. } => "changed-policy",
        Did::Exported { .. } => "exported",
    }
}
