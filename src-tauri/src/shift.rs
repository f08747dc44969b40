//! The end of a shift: the desk's part, the password store's, and the clipboard's. And what goes from
//! here to another desk, or to a spreadsheet.

use enrollment_core::{
    desk::{
        Person,
        view::{Done, Refused, ShiftEnded, TokenLeft},
    },
    shift::ShiftError,
};
use serde::Serialize;
use tauri::async_runtime;

use crate::{
    Console,
    handout::{self, HandoutProblem},
};

/// So many rows and cells a list has at the most, and so long a cell is, in bytes.
const MOST_ROWS: usize = 20_000;
const MOST_CELLS: usize = 32;
const LONGEST_CELL: usize = 4_096;

/// Why a shift was not taken in: it is none, or the desk refuses.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Untaken {
    Unread(ShiftError),
    Refused(Refused),
}

impl From<ShiftError> for Untaken {
    fn from(error: ShiftError) -> Self {
        Self::Unread(error)
    }
}

impl From<Refused> for Untaken {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl Console {
    /// Whether anything may be done, where the policy asks who is here.
    pub(crate) async fn somebody_is_here(&self) -> Result<(), Refused> {
        self.desk.person(Person::Knocks).await.map(drop)
    }

    /// Ends the shift. A token that the password store does not give up is told; everything else is
    /// done all the same.
    pub(crate) async fn end_shift(&self) -> Result<ShiftEnded, Refused> {
        let interrupted = match self.desk.person(Person::EndsShift).await? {
            Done::ShiftEnded { interrupted } => interrupted,
            Done::Added { .. }
            | Done::Done
            | Done::Opened { .. }
            | Done::Copied { .. }
            | Done::Shown { .. }
            | Done::HandedOver { .. }
            | Done::TakenIn { .. }
            | Done::Checked => 0,
        };
        let clipboard = self.clipboard.clone();
        // It may be another program's for a while.
        let cleared = async_runtime::spawn_blocking(move || clipboard.take_back());
        let mut tokens_left = Vec::new();
        for environment in self.with_tokens() {
            if let Err(why) = self.forget_token(&environment).await {
                tokens_left.push(TokenLeft { environment, why });
            }
        }
        // One that panicked cleared nothing; its thread does so in its own time.
        let _ = cleared.await;
        Ok(ShiftEnded { interrupted, tokens_left })
    }

    /// Writes the file first: what is not on the disk stays watched here.
    pub(crate) async fn hand_over_shift(&self) -> Result<String, HandoutProblem> {
        let (shift, keys) = self.desk.shift().await.map_err(refused)?;
        if keys.is_empty() {
            return Err(HandoutProblem::Nothing);
        }
        let place = written("enrollment-shift", "json", shift.to_json()).await?;
        self.desk.person(Person::HandsOver { keys }).await.map_err(refused)?;
        Ok(place)
    }

    pub(crate) async fn save_list(&self, rows: &[Vec<String>]) -> Result<String, HandoutProblem> {
        let (what, format) = ("list".to_owned(), "csv".to_owned());
        let table = table(rows).ok_or(HandoutProblem::TooLarge)?;
        self.desk.person(Person::Exports { what, format }).await.map_err(refused)?;
        written("enrollments", "csv", table).await
    }
}

fn refused(why: Refused) -> HandoutProblem {
    HandoutProblem::Refused { why }
}

async fn written(
    stem: &'static str,
    extension: &'static str,
    content: Vec<u8>,
) -> Result<String, HandoutProblem> {
    let writes = move || handout::write(stem, extension, &content);
    let path = async_runtime::spawn_blocking(writes).await;
    let path = path.map_err(|error| HandoutProblem::NotWritten { why: error.to_string() })??;
    Ok(path.display().to_string())
}

/// UTF-8 with a byte order mark, by which spreadsheets know it, and no formula in any cell. `None`
/// where it is larger than a list can be.
fn table(rows: &[Vec<String>]) -> Option<Vec<u8>> {
    if rows.len() > MOST_ROWS {
        return None;
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".into());
    for row in rows {
        if row.len() > MOST_CELLS || row.iter().any(|cell| cell.len() > LONGEST_CELL) {
            return None;
        }
        writer.write_record(row.iter().map(|cell| harmless(cell))).ok()?;
    }
    writer.into_inner().ok()
}

/// What a spreadsheet would take for a formula has an apostrophe before it.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_table_in_which_nothing_is_computed() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = [row(&["№", "Етикет"]), row(&["1024", "=1+1"]), row(&["-7", "a\"b,c"])];
        let text = String::from_utf8(table(&rows).expect("a table")).expect("text");
        assert_eq!(text, "\u{feff}№,Етикет\n1024,'=1+1\n'-7,\"a\"\"b,c\"\n");
        assert!(table(&vec![Vec::new(); MOST_ROWS + 1]).is_none());
        assert!(table(&[vec!["x".repeat(LONGEST_CELL + 1)]]).is_none());
        assert!(table(&[vec![String::new(); MOST_CELLS + 1]]).is_none());
    }
}
