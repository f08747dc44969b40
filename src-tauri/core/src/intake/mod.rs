//! A list of customers as somebody pasted or saved it, read and judged before anything starts.
//!
//! Nothing is guessed about what a line does not say: where its type or its id cannot be read, it
//! waits to be mended.

mod columns;
mod text;

use std::collections::HashMap;

use serde::Serialize;

use crate::enrollment::{LONGEST_LABEL, UserId, UserIdError, UserType, shortened, visible};
use columns::Columns;

/// More bytes than a thousand customers take.
const LARGEST: usize = 256 * 1024;
/// More lines at once are a file to be looked at first.
const MOST: usize = 1_000;
/// How much of a line is shown, in characters.
const SHOWN: usize = 120;

/// One customer of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "IntakeLine"))]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Where it stands in the list, from 1.
    pub number: u32,
    /// What stands there, its cells divided by semicolons, with whatever cannot be seen written out.
    pub text: String,
    pub verdict: Verdict,
}

/// What a line says, or why it cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "IntakeVerdict"))]
#[serde(tag = "verdict", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Verdict {
    /// `user_type` is null where the line does not say it.
    Good {
        #[cfg_attr(test, ts(type = "number"))]
        id: UserId,
        user_type: Option<UserType>,
        label: String,
    },
    BadId {
        rule: UserIdError,
    },
    /// Its type is neither of the two.
    BadType,
    LabelTooLong,
    /// The same customer stands in an earlier line.
    Twice {
        line: u32,
    },
}

/// Why a list cannot be read at all. The window translates the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum IntakeError {
    #[error("the list is empty")]
    Empty,
    #[error("the list is larger than 256 KiB")]
    TooLarge,
    #[error("the list has more than 1,000 customers")]
    TooMany,
}

/// Reads a list: one customer a line, as an id alone or in columns divided by `;`, `,` or tabs, with
/// or without a heading, in UTF-8, UTF-16 or windows-1251. Ids alone may also stand in one line.
///
/// # Errors
/// Where there is nothing in it, or too much.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, IntakeError> {
    if bytes.len() > LARGEST {
        return Err(IntakeError::TooLarge);
    }
    let text = text::decoded(bytes);
    let mut records = text::records(&text);
    let columns = Columns::of(records.first().map(|(_, cells)| cells.as_slice()));
    if columns.are_named() {
        records.remove(0);
    }
    let mut lines = Vec::new();
    let mut met = HashMap::new();
    for (number, cells) in &records {
        for cells in columns.customers(cells) {
            let verdict = judge(*number, columns.read(&cells), &mut met);
            let text = shortened(&visible(&cells.join("; ")), SHOWN);
            lines.push(Line { number: *number, text, verdict });
        }
    }
    match lines.len() {
        0 => Err(IntakeError::Empty),
        1..=MOST => Ok(lines),
        _ => Err(IntakeError::TooMany),
    }
}

/// What a line says, before it is held against the rules.
struct Said {
    id: String,
    user_type: Result<Option<UserType>, ()>,
    label: String,
}

fn judge(number: u32, said: Said, met: &mut HashMap<(UserId, Option<UserType>), u32>) -> Verdict {
    let id = match said.id.parse::<UserId>() {
        Ok(id) => id,
        Err(rule) => return Verdict::BadId { rule },
    };
    let Ok(user_type) = said.user_type else { return Verdict::BadType };
    if said.label.chars().count() > LONGEST_LABEL {
        return Verdict::LabelTooLong;
    }
    if let Some(line) = met.get(&(id, user_type)) {
        return Verdict::Twice { line: *line };
    }
    met.insert((id, user_type), number);
    Verdict::Good { id, user_type, label: said.label }
}

#[cfg(test)]
mod tests;
